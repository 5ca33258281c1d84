"""Where the words of a query stand in a text, and the passages that show them best.

Marks are whole words of the original text: an Arabic word with its clitics, so that its letters stay joined,
with the vowel marks and tatweel that it is written with. Passages never show what is ignored in an article.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, islice

from kashaf.index.article import Ignored
from kashaf.search.occurrences import Finder, Occurrence, Wanted
from kashaf.search.results import Mark, Passage

__all__ = ["Wanted", "headline", "marks", "snippets"]

_BLOCK = 200_000  # characters searched for passages; more only while nothing was found
_MOST_HITS = 2_000  # that compete for the passages of one text
_LONGEST_HIT = 400  # characters; a longer one is decoration (a word of tatweel), and no passage shows it
_BLANKS = re.compile(r"\s+")
_SENTENCE_END = re.compile(r"[.!?؟۔…][»”\"]?\s+|\n\s*")


def marks(text: str, wanted: Wanted, ignored: Sequence[Ignored] = ()) -> tuple[Mark, ...]:
    """The character ranges of `text` to mark: whole words, in order, merged where they touch.

    >>> marks("Le sommet de Doha", Wanted(phrases=(("sommet", "de", "doha"),)))
    ((3, 17),)
    """
    finder = Finder(text, wanted)
    return _merged([hit for start, end in _shown(len(text), ignored) for hit in finder.all(start, end)])


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
    finder = Finder(text, wanted)
    rivals: list[tuple[int, int, list[Occurrence]]] = []  # pieces of text without a passage yet, and their hits
    searched = found = 0
    for start, end in _blocks(text, _shown(len(text), ignored)):
        short = (hit for hit in finder.words(start, end) if hit.end - hit.start <= _LONGEST_HIT)
        hits = list(islice(short, _MOST_HITS))
        if len(hits) < _MOST_HITS:
            hits += [hit for hit in finder.phrases(start, end) if hit.end - hit.start <= _LONGEST_HIT]
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


def _merged(hits: Sequence[Occurrence]) -> tuple[Mark, ...]:
    found: list[Mark] = []
    for start, end, _ in sorted(hits):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return tuple(found)


_Score = tuple[int, int, int, int]


def _best(hits: Sequence[Occurrence], seen: set[str], weights: dict[str, int], length: int) -> tuple[_Score, int, int]:
    """The hits (first and last) of at most `length` characters that show most, and how much that is.

    New words count most, then words, then marks; then what comes first in the text.
    """
    keys: dict[str, int] = {}
    new = known = first = 0
    best: _Score = (0, 0, 0, 0)
    chosen = 0, 0
    for last, (_, end, key) in enumerate(hits):
        held = keys.get(key, 0)
        keys[key] = held + 1
        if not held:
            known += weights[key]
            if key not in seen:
                new += weights[key]
        while end - hits[first].start > length and first < last:
            gone = hits[first].key
            keys[gone] -= 1
            if not keys[gone]:
                known -= weights[gone]
                if gone not in seen:
                    new -= weights[gone]
            first += 1
        score = (new, known, last - first + 1, -hits[first].start)
        if score > best:
            best, chosen = score, (first, last)
    return best, *chosen


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
    line = " ".join(piece.split())
    if len(line) == len(piece):
        return Passage(line, tuple([(first - start, last - start) for first, last in marked]))
    runs = [blank.span() for blank in _BLANKS.finditer(piece)]
    ends = [run[1] for run in runs]
    removed = list(accumulate((run[1] - run[0] - 1 for run in runs), initial=0))

    def place(character: int) -> int:
        return character - start - removed[bisect_right(ends, character - start)]

    return Passage(line, tuple((place(first), place(last)) for first, last in marked))
