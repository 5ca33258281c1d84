"""Where the words and phrases of a query stand in a text.

Only the stretches of the text where one of them can stand are read, word by word, as they were when the text
was indexed; `kashaf.search.outline` tells which.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from kashaf.analyzers.terms import WORD, Term, analyze_word, is_stopword, stem_class
from kashaf.search.outline import MANY, Outline, beginnings

# How much a word tells; a phrase, as much as so many words.
_WEIGHT = 10
_STOPWORD_WEIGHT = 1
# Where more stretches than one in so many characters must be read, all is read at once.
_CHARACTERS_A_PLACE = 25
_CHARACTERS_A_WORD = 8
_WORDS_REMEMBERED = 1 << 12  # of one query


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


_NOTHING = Wanted()


class Occurrence(NamedTuple):
    """A place to mark, and what of the query it answers: a stem class or a phrase."""

    start: int
    end: int
    key: str


class _Found(NamedTuple):
    """An occurrence in a raw word, counted from its start, and how much it tells."""

    start: int
    end: int
    key: str
    weight: int


class _Reader:
    """Raw words read for one query; what is wanted in each is remembered from text to text."""

    def __init__(self, forms: frozenset[str], stems: frozenset[str]) -> None:
        self._forms = forms
        self._stems = stems
        self.beginnings = beginnings(forms, stems)
        self._known: dict[str, list[_Found]] = {}

    def read(self, raw: str) -> list[_Found]:
        """What is wanted in a raw word."""
        found = self._known.get(raw)
        if found is None:
            if len(self._known) >= _WORDS_REMEMBERED:
                self._known.clear()
            found = self._known[raw] = list(self._read(raw))
        return found

    def _read(self, raw: str) -> Iterator[_Found]:
        for term in analyze_word(raw):
            key = stem_class(term.text)
            if term.text in self._forms or key in self._stems:
                yield _Found(term.start, term.end, key, _STOPWORD_WEIGHT if is_stopword(term.text) else _WEIGHT)


_reader = lru_cache(maxsize=16)(_Reader)  # the hits of a page, and those of its neighbours in time


class Finder:
    """The occurrences of one query in one text.

    Attributes:
        weights: how much each key of an occurrence found so far tells: a class, as much as its most telling word.
    """

    def __init__(self, text: str, wanted: Wanted) -> None:
        self._text = text
        single = frozenset(phrase[0] for phrase in wanted.phrases if len(phrase) == 1)
        self._reader = _reader(wanted.forms | single, wanted.stems)
        self._phrases = [phrase for phrase in set(wanted.phrases) if len(phrase) > 1]
        self.weights = {" ".join(phrase): _WEIGHT * len(phrase) for phrase in self._phrases}
        # Where to look; None: everywhere.
        self._words: list[int] | None = None
        self._anchors: list[int] | None = None
        if wanted == _NOTHING:
            self._words = []
        else:
            self._outline = Outline(text)
            self._words = self._places(self._reader.beginnings, 1)
            self._phrases = [phrase for phrase in self._phrases if all(map(self._outline.has, phrase))]
            if self._phrases:
                self._reach = max(map(len, self._phrases)) - 1
                longest = (max(phrase, key=len) for phrase in self._phrases)
                self._anchors = self._places(beginnings(longest, ()), self._reach)

    def _places(self, wanted: frozenset[bytes], words: int) -> list[int] | None:
        """Where words may stand; None: anywhere."""
        if len(wanted) > MANY:
            return None
        return self._outline.places(wanted, 8 + len(self._text) // (_CHARACTERS_A_PLACE * words))

    def all(self, start: int, end: int) -> list[Occurrence]:
        """The occurrences between two places of the text; words in order, then phrases."""
        return [*self.words(start, end), *self.phrases(start, end)]

    def words(self, start: int, end: int) -> Iterator[Occurrence]:
        """The single words between two places of the text."""
        read = self._reader.read
        for first, last in self._stretches(start, end):
            for word in WORD.finditer(self._text, first, last):
                for begin, stop, key, weight in read(word[0]):
                    self.weights[key] = max(weight, self.weights.get(key, 0))
                    origin = word.start()
                    yield Occurrence(origin + begin, origin + stop, key)

    def _stretches(self, low: int, high: int) -> Iterator[tuple[int, int]]:
        """What must be read of text[low:high] to find single words."""
        if self._words is None:
            yield low, high
            return
        at = low
        for place in self._words[bisect_left(self._words, low) :]:
            if place >= high:
                return
            if place >= at:
                first, at = self._outline.begins(place, at), self._outline.ends(place, high)
                yield first, at

    def phrases(self, start: int, end: int) -> set[Occurrence]:
        """The phrases of several words between two places of the text."""
        found: set[Occurrence] = set()
        if not self._phrases:
            return found
        for first, last in self._contexts(start, end):
            words = [(word.start(), analyze_word(word[0])) for word in WORD.finditer(self._text, first, last)]
            terms = [(origin, term) for origin, terms in words for term in terms]
            parts = [(origin, term) for origin, term in terms if term.step]
            found.update(self._in_terms(parts))
            if len(parts) < len(terms):
                # A compound may be met by its parts or, between them, by its joined form too.
                found.update(self._in_terms(terms))
        return found

    def _contexts(self, low: int, high: int) -> Iterator[tuple[int, int]]:
        """What must be read of text[low:high] to find phrases: as many words as they have, on both sides."""
        if self._anchors is None:
            yield low, high
            return
        first = last = low
        for place in self._anchors[bisect_left(self._anchors, low) :]:
            if place >= high:
                break
            begin, end = self._before(place, low), self._after(place, high)
            if begin > last:
                if first < last:
                    yield first, last
                first = begin
            last = end
        if first < last:
            yield first, last

    def _before(self, place: int, low: int) -> int:
        start = self._outline.begins(place, low)
        step = _CHARACTERS_A_WORD * self._reach
        while True:
            begin = self._outline.begins(max(start - step, low), low)
            if begin == low or self._parts(begin, start) >= self._reach:
                return begin
            step *= 2

    def _after(self, place: int, high: int) -> int:
        end = self._outline.ends(place, high)
        step = _CHARACTERS_A_WORD * self._reach
        while True:
            stop = self._outline.ends(min(end + step, high), high)
            if stop == high or self._parts(end, stop) >= self._reach:
                return stop
            step *= 2

    def _parts(self, start: int, end: int) -> int:
        """Positions between two places of the text."""
        return sum(term.step for raw in WORD.findall(self._text, start, end) for term in analyze_word(raw))

    def _in_terms(self, terms: Sequence[tuple[int, Term]]) -> Iterator[Occurrence]:
        """Phrases are looked for in the forms of a text, written one a line; overlapping ones count once."""
        written = "\n".join(("", *(term.text for _, term in terms), ""))
        lines = list(accumulate((len(term.text) + 1 for _, term in terms), initial=0))
        for phrase in self._phrases:
            needle = "\n".join(("", *phrase, ""))
            key = " ".join(phrase)
            at = written.find(needle)
            while at >= 0:
                place = bisect_left(lines, at)
                (origin, term), (last_origin, last) = terms[place], terms[place + len(phrase) - 1]
                yield Occurrence(origin + term.start, last_origin + last.end, key)
                at = written.find(needle, at + len(needle) - 1)
