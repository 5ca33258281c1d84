"""Where the words of a query stand in a text, and the passages that show them best.

Marks are whole words of the original text: an Arabic word with its clitics, so that its letters stay joined,
with the vowel marks and tatweel that it is written with. Passages never show what is ignored in an article.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from kashaf.analyzers.terms import WORD, Term, analyze_word, is_stopword, stem_class
from kashaf.index.article import Ignored
from kashaf.search.results import Mark, Passage

_BLOCK = 200_000  # characters searched for passages; more only while nothing was found
_MOST_HITS = 2_000  # that compete for the passages of one text
_LONGEST_HIT = 400  # characters; a longer one is decoration (a word of tatweel), and no passage shows it
_STOPWORD_WEIGHT = 0.1
_BLANKS = re.compile(r"\s+")
_SENTENCE_END = re.compile(r"[.!?؟۔…][»”\"]?\s+|\n\s*")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to mark.

    Attributes:
        forms: normalised forms, marked wherever they stand.
        stems: stem classes; any word of them is marked.
        phrases: sequences of normalised forms, marked as a whole where they follow one another.
    """

    forms: frozenset[str] = frozenset()
    stems: frozenset[str] = frozenset()
    phrases: tuple[tuple[str, ...], ...] = ()


class _Hit(NamedTuple):
    """A place to mark, and what of the query it answers: a stem class or a phrase."""

    start: int
    end: int
    key: str


def marks(text: str, wanted: Wanted, ignored: Sequence[Ignored] = ()) -> tuple[Mark, ...]:
    """The character ranges of `text` to mark: whole words, in order, merged where they touch.

    >>> marks("Le sommet de Doha", Wanted(phrases=(("sommet", "de", "doha"),)))
    ((3, 17),)
    """
    finder = _Finder(wanted)
    return _merged([hit for start, end in _shown(len(text), ignored) for hit in finder.hits(text, start, end)])


def headline(text: str, wanted: Wanted) -> Passage:
    """A whole headline, on one line, with its marks."""
    return _passage(text, 0, len(text), marks(text, wanted))


def snippets(
    text: str, wanted: Wanted, ignored: Sequence[Ignored] = (), fragments: int = 3, length: int = 180
) -> tuple[Passage, ...]:
    """The passages that show most of the query, in the order of the text; its beginning when nothing matches.

    A passage that shows other words of the query goes before one that repeats them. Each lies between two
    ignored pieces and starts with a sentence where it can.

    Args:
        fragments: passages at most.
        length: characters of a passage at most, unless one marked phrase is longer.

    Returns:
        One passage at least, unless there is no text.
    """
    finder = _Finder(wanted)
    rivals: list[tuple[int, int, list[_Hit]]] = []  # pieces of text without a passage yet, and their hits
    searched = found = 0
    for start, end in _blocks(text, _shown(len(text), ignored)):
        hits = [hit for hit in finder.hits(text, start, end) if hit.end - hit.start <= _LONGEST_HIT]
        if hits:
            rivals.append((start, end, sorted(hits[:_MOST_HITS])))
        searched += end - start
        found += len(hits)
        if found and (searched >= _BLOCK or found >= _MOST_HITS):
            break
    shown: list[tuple[int, int, tuple[Mark, ...]]] = []
    seen: set[str] = set()
    while rivals and len(shown) < fragments:
        (_, first, last), best = max(
            (_best(hits, seen, finder.weights, length), place) for place, (_, _, hits) in enumerate(rivals)
        )
        low, high, hits = rivals.pop(best)
        start, end = _window(text, hits[first].start, max(hit.end for hit in hits[first : last + 1]), low, high, length)
        inside = [hit for hit in hits if start <= hit.start and hit.end <= end]
        seen.update(hit.key for hit in inside)
        shown.append((start, end, _merged(inside)))
        before = [hit for hit in hits if hit.end <= start]
        after = [hit for hit in hits if hit.start >= end]
        rivals += [rival for rival in ((low, start, before), (end, high, after)) if rival[2]]
    if not shown:
        return _beginning(text, ignored, length)
    return tuple(_passage(text, *passage) for passage in sorted(shown))


class _Finder:
    """The hits of one query, each raw word looked at once.

    Attributes:
        weights: how much each key of a hit found so far tells.
    """

    def __init__(self, wanted: Wanted) -> None:
        self.weights: dict[str, float] = {}
        self._forms = wanted.forms | {phrase[0] for phrase in wanted.phrases if len(phrase) == 1}
        self._stems = wanted.stems
        self._sequences = {phrase for phrase in wanted.phrases if len(phrase) > 1}
        self._remembered: dict[str, tuple[tuple[Term, ...], list[_Hit]]] = {}  # by raw word
        self._met: set[str] = set()  # forms

    def hits(self, text: str, start: int, end: int) -> list[_Hit]:
        """The hits between two places of a text, words first, then phrases."""
        found: list[_Hit] = []
        stream: list[tuple[int, tuple[Term, ...]]] = []
        for word in WORD.finditer(text, start, end):
            known = self._remembered.get(word[0]) or self._remember(word[0])
            origin = word.start()
            stream.append((origin, known[0]))
            for first, last, key in known[1]:
                found.append(_Hit(origin + first, origin + last, key))
        phrases = [phrase for phrase in self._sequences if self._met.issuperset(phrase)]
        return found + self._in_stream(phrases, stream) if phrases else found

    def _remember(self, raw: str) -> tuple[tuple[Term, ...], list[_Hit]]:
        terms = analyze_word(raw)
        found = []
        for term in terms:
            key = stem_class(term.text)
            if term.text in self._forms or key in self._stems:
                self.weights[key] = _STOPWORD_WEIGHT if is_stopword(term.text) else 1.0
                found.append(_Hit(term.start, term.end, key))
        self._met.update(term.text for term in terms)
        self._remembered[raw] = terms, found
        return terms, found

    def _in_stream(
        self, phrases: Sequence[tuple[str, ...]], stream: Sequence[tuple[int, tuple[Term, ...]]]
    ) -> list[_Hit]:
        """The phrases among the words of a text."""
        terms = [(origin, term) for origin, terms in stream for term in terms]
        parts = [(origin, term) for origin, term in terms if term.step]
        found = self._in_terms(phrases, parts)
        # A compound may be met by its parts or, between them, by its joined form too.
        return found if len(parts) == len(terms) else found + self._in_terms(phrases, terms)

    def _in_terms(self, phrases: Sequence[tuple[str, ...]], terms: Sequence[tuple[int, Term]]) -> list[_Hit]:
        """Phrases are looked for in the forms of a text, written one a line; overlapping ones count once."""
        found = []
        written = "\n".join(("", *(term.text for _, term in terms), ""))
        lines = list(accumulate((len(term.text) + 1 for _, term in terms), initial=0))
        for phrase in phrases:
            needle = "\n".join(("", *phrase, ""))
            key = " ".join(phrase)
            self.weights[key] = float(len(phrase))
            at = written.find(needle)
            while at >= 0:
                place = bisect_left(lines, at)
                (origin, term), (last_origin, last) = terms[place], terms[place + len(phrase) - 1]
                found.append(_Hit(origin + term.start, last_origin + last.end, key))
                at = written.find(needle, at + len(needle) - 1)
        return found


def _shown(length: int, ignored: Sequence[Ignored]) -> Iterator[tuple[int, int]]:
    """The stretches of a text between its ignored pieces."""
    at = 0
    for piece in sorted(ignored, key=lambda piece: piece.start):
        if at < piece.start:
            yield at, min(piece.start, length)
        at = max(at, piece.end)
    if at < length:
        yield at, length


def _blocks(text: str, shown: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The same stretches, none much longer than `_BLOCK`, cut at blanks."""
    for start, end in shown:
        while end - start > _BLOCK:
            blank = _BLANKS.search(text, start + _BLOCK, min(end, start + 2 * _BLOCK))
            cut = blank.end() if blank else start + _BLOCK
            yield start, cut
            start = cut
        yield start, end


def _merged(hits: Sequence[_Hit]) -> tuple[Mark, ...]:
    found: list[Mark] = []
    for start, end, _ in sorted(hits):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return tuple(found)


_Score = tuple[float, float, int, int]


def _best(hits: Sequence[_Hit], seen: set[str], weights: dict[str, float], length: int) -> tuple[_Score, int, int]:
    """The hits (first and last) of at most `length` characters that show most, and how much that is.

    New words count most, then words, then marks; then what comes first in the text.
    """
    keys: Counter[str] = Counter()
    new = known = 0.0
    best: tuple[_Score, int, int] | None = None
    first = 0
    for last, hit in enumerate(hits):
        keys[hit.key] += 1
        if keys[hit.key] == 1:
            known += weights[hit.key]
            new += 0.0 if hit.key in seen else weights[hit.key]
        while hit.end - hits[first].start > length and first < last:
            gone = hits[first].key
            keys[gone] -= 1
            if keys[gone] == 0:
                known -= weights[gone]
                new -= 0.0 if gone in seen else weights[gone]
            first += 1
        score = (round(new, 3), round(known, 3), last - first + 1, -hits[first].start)
        if best is None or score > best[0]:
            best = score, first, last
    assert best is not None
    return best


def _window(text: str, first: int, last: int, low: int, high: int, length: int) -> tuple[int, int]:
    """A passage from `low` to `high` at most around the characters from `first` to `last`."""
    room = max(0, length - (last - first))
    reach = max(low, first - room)
    sentences = [found.end() for found in _SENTENCE_END.finditer(text, reach, first) if found.end() <= first]
    if sentences:
        start = sentences[-1]
    elif reach == low:
        start = low
    else:
        blanks = [blank.end() for blank in _BLANKS.finditer(text, first - room // 3, first)]
        start = blanks[0] if blanks else first
    return start, _end(text, start, last, high, length)


def _end(text: str, start: int, last: int, high: int, length: int) -> int:
    """Where a passage that shows all up to `last` ends: with a sentence, else with a word, else full."""
    if high - start <= length:
        return high
    end = max(last, start + length)
    sentences = [found.end() for found in _SENTENCE_END.finditer(text, last, end)]
    if sentences and sentences[-1] - start >= 0.6 * length:
        return sentences[-1]
    blanks = [blank.start() for blank in _BLANKS.finditer(text, last, min(end + 1, high))]
    return blanks[-1] if blanks else end


def _beginning(text: str, ignored: Sequence[Ignored], length: int) -> tuple[Passage, ...]:
    """The first words of a text, what is ignored left out."""
    begun = ""
    for start, end in _shown(len(text), ignored):
        begun = " ".join((begun + " " + text[start : min(end, start + 10 * length)]).split())
        if len(begun) > length:
            break
    begun = begun[: _end(begun, 0, 0, len(begun), length)].rstrip()
    return (Passage(begun),) if begun else ()


def _passage(text: str, start: int, end: int, marked: Sequence[Mark]) -> Passage:
    """A piece of a text on one line, every run of blanks one space, with its marks."""
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    piece = piece.strip()
    runs = [blank.span() for blank in _BLANKS.finditer(piece)]
    ends = [run[1] for run in runs]
    removed = list(accumulate((run[1] - run[0] - 1 for run in runs), initial=0))

    def place(character: int) -> int:
        return character - start - removed[bisect_right(ends, character - start)]

    return Passage(_BLANKS.sub(" ", piece), tuple((place(first), place(last)) for first, last in marked))
