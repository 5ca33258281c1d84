"""The words met while articles are indexed, and the numbers of their terms: each is analysed and stemmed once.

A text is cut at blanks, and each piece is looked up whole, its punctuation on it; only a piece that was not met
before is cut into raw words and analysed. Few pieces are new, so that the looking up is what costs: it is done for
many texts at once, by arrays. A piece has a hash of 64 bits, a sum of random numbers of its characters times
powers of a random number (Karp and Rabin, "Efficient Randomized Pattern-Matching Algorithms", 1987), so that running
sums give the hash of every piece in a few passes. Two of a million pieces have the same hash once in thirty million
tables; the random numbers are others in each process, so that nobody can look for such a pair. Terms that are
analysed already are looked up the same way, among themselves.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Sequence
from functools import cache
from itertools import islice

import numpy as np
import numpy.typing as npt

from kashaf.analyzers.shingles import word_numbers
from kashaf.analyzers.terms import piece_terms, pieces, stem_of
from kashaf.analyzers.words import SPACES_IN_NUMBERS

Hashes = npt.NDArray[np.uint64]
Entries = npt.NDArray[np.int32]
Counts = npt.NDArray[np.int64]

_PLACES = 21  # bits: places for pieces that are remembered, 12 bytes each
_LONGEST = 64  # code units of a piece that this sum is good for: longer ones can be made to have equal sums
_FORMS = 1 << 19  # forms and …
_ENTRIES = 1 << 22  # … entries kept from one segment to the next
_POWERS = 1 << 17  # kept; of longer texts they are made when they are needed

_LINE_FEED = 10
_LINE = "\n".encode("utf-16-le")
_BLANK, _DIGIT, _SPACE_IN_NUMBER = 1, 2, 4
# Digits of two code units: a text that has them is cut by the slower rule.
_RARE_DIGIT = re.compile(r"(?=[^\u0000-\uffff])\d")
_random = np.random.default_rng()
_VALUES: Hashes = _random.integers(0, 1 << 64, 1 << 16, np.uint64)
_BASE = int(_random.integers(0, 1 << 60)) * 8 + 3
_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # the golden ratio: Knuth's multiplicative hashing


def _powers(base: int, count: int) -> Hashes:
    powers = np.ones(count, np.uint64)
    known = 1
    while known < count:
        more = min(known, count - known)
        np.multiply(powers[:more], np.uint64(pow(base, known, 1 << 64)), out=powers[known : known + more])
        known += more
    return powers


_UP, _DOWN = _powers(_BASE, _POWERS), _powers(pow(_BASE, -1, 1 << 64), _POWERS)


class WordTable:
    """Gives the words of texts as entries: numbers of runs of (term, step) pairs.

    A table can serve one segment after another, never two at once; then a word is analysed once in many segments.
    It takes 150 MB or so when it is full.

    Attributes:
        vocabulary: form -> term number, in the order of the numbers.
        entry_ends: where the run of each entry ends in the two arrays below.
        entry_terms, entry_steps: term numbers, and 1 at a new position or 0 at that of the term before.
    """

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Starts afresh; entries and term numbers given before mean nothing from then on."""
        self.vocabulary: dict[str, int] = {}
        self.entry_ends = array("q")
        self.entry_terms = array("i")
        self.entry_steps = array("b")
        self._sort_keys: list[bytes] = []
        self._numbers = array("I")
        self._pieces = _Remembered()
        self._ready = _Remembered()

    @property
    def full(self) -> bool:
        """Whether it should forget as soon as no segment needs its numbers."""
        return len(self.vocabulary) > _FORMS or len(self.entry_ends) > _ENTRIES

    def entries(self, texts: Sequence[str]) -> tuple[Entries, Counts]:
        """The entries of the pieces (`kashaf.analyzers.terms.pieces`) of texts.

        Returns:
            All entries in a row, and how many each text has.
        """
        encoded = [text.encode("utf-16-le", "surrogatepass") for text in texts]
        for number, text in enumerate(texts):
            if 2 * len(text) != len(encoded[number]) and _RARE_DIGIT.search(text):
                return self._one_by_one(texts)
        buffer = _LINE + _LINE.join(encoded) + 6 * _LINE
        data = np.frombuffer(buffer, "<u2")
        starts, ends = _cut(data)
        entries = self._pieces.entries(buffer, data, starts, ends, self._entry)
        sizes = np.fromiter(map(len, encoded), np.int64, len(encoded)) // 2
        begins = 1 + np.cumsum(sizes + 1) - (sizes + 1)
        return entries, np.diff(np.searchsorted(starts, begins), append=len(starts))

    def ready_entries(self, texts: Sequence[str], counts: Sequence[int]) -> Entries:
        """The entries of terms that are analysed already, all in a row.

        Args:
            texts: terms, each parted from the next by a line feed.
            counts: how many terms each text has.
        """
        filled = [text for text, count in zip(texts, counts, strict=True) if count]
        buffer = "\n".join(["", *filled, ""]).encode("utf-16-le", "surrogatepass")
        data = np.frombuffer(buffer, "<u2")
        feeds = np.flatnonzero(data == _LINE_FEED)
        return self._ready.entries(buffer, data, feeds[:-1] + 1, feeds[1:], self._ready_entry)

    def _one_by_one(self, texts: Sequence[str]) -> tuple[Entries, Counts]:
        entries = [[self._entry(piece) for piece in pieces(text)] for text in texts]
        counts = np.array([len(those) for those in entries], np.int64)
        return np.array([entry for those in entries for entry in those], np.int32), counts

    def _entry(self, piece: str) -> int:
        vocabulary = self.vocabulary
        for form, step in piece_terms(piece):
            self.entry_terms.append(vocabulary.setdefault(form, len(vocabulary)))
            self.entry_steps.append(step)
        self.entry_ends.append(len(self.entry_terms))
        return len(self.entry_ends) - 1

    def _ready_entry(self, term: str) -> int:
        self.entry_terms.append(self.vocabulary.setdefault(term, len(self.vocabulary)))
        self.entry_steps.append(1)
        self.entry_ends.append(len(self.entry_terms))
        return len(self.entry_ends) - 1

    def numbers(self) -> npt.NDArray[np.uint32]:
        """The number of each form (`kashaf.analyzers.shingles.word_numbers`), by term."""
        if len(self._numbers) < len(self.vocabulary):
            self._numbers.frombytes(word_numbers(islice(self.vocabulary, len(self._numbers), None)).tobytes())
        return np.array(self._numbers, np.uint32)

    def lexicon(self, terms: list[int]) -> tuple[list[int], list[bytes], list[bytes]]:
        """Term numbers sorted by stem class, then form, and the stem class and the form of each."""
        keys = self._sort_keys
        # No form holds a NUL: keys compare like pairs, and faster.
        keys += [_encode(f"{stem_of(form)}\0{form}") for form in islice(self.vocabulary, len(keys), None)]
        order = sorted(terms, key=keys.__getitem__)
        both = b"\0".join(map(keys.__getitem__, order)).split(b"\0") if order else []
        return order, both[::2], both[1::2]


class _Remembered:
    """The entries of pieces, found by hash."""

    def __init__(self) -> None:
        # Every hash has two places, and stays in one of them until another one takes it; 0 is an empty place.
        self._hashes: Hashes = np.zeros(1 << _PLACES, np.uint64)
        self._entry_at: Entries = np.zeros(1 << _PLACES, np.int32)

    def entries(
        self, buffer: bytes, data: npt.NDArray[np.uint16], starts: Counts, ends: Counts, make: Callable[[str], int]
    ) -> Entries:
        """The entry of each piece.

        Args:
            buffer: the texts in UTF-16.
            data: the same as code units.
            starts, ends: of the pieces.
            make: gives the entry of a piece that is not remembered.
        """
        hashes = _hashes(data, starts, ends)
        for long in np.flatnonzero(ends - starts > _LONGEST).tolist():
            hashes[long] = hash(buffer[2 * starts[long] : 2 * ends[long]]) & 0xFFFF_FFFF_FFFF_FFFF | 1
        spread = hashes * _SPREAD
        places = (spread >> np.uint64(64 - _PLACES)).astype(np.int64)
        entries = self._entry_at[places]
        others = np.flatnonzero(self._hashes[places] != hashes)
        if len(others):
            hashes, starts_of, ends_of = hashes[others], starts[others], ends[others]
            seconds = (spread[others] & np.uint64((1 << _PLACES) - 1)).astype(np.int64)
            entries[others] = self._entry_at[seconds]
            new = np.flatnonzero(self._hashes[seconds] != hashes)
            free = np.where(self._hashes[places[others]] == 0, places[others], seconds)
            if len(new):
                entries[others[new]] = self._made(buffer, starts_of[new], ends_of[new], hashes[new], free[new], make)
        return entries

    def _made(
        self, buffer: bytes, starts: Counts, ends: Counts, hashes: Hashes, places: Counts, make: Callable[[str], int]
    ) -> Entries:
        """The entries of pieces that are not remembered; from now on they are."""
        _, first, which = np.unique(hashes, return_index=True, return_inverse=True)
        cuts = zip((2 * starts[first]).tolist(), (2 * ends[first]).tolist(), strict=True)
        # Decoded together, for that is what costs; no piece holds a line feed.
        met = _LINE.join([buffer[start:end] for start, end in cuts]).decode("utf-16-le", "surrogatepass")
        made = np.fromiter(map(make, met.split("\n")), np.int32, len(first))
        self._hashes[places[first]] = hashes[first]
        self._entry_at[places[first]] = made
        entries: Entries = made[which]
        return entries


@cache
def _classes() -> npt.NDArray[np.uint8]:
    """What each code unit is to the cutting of texts."""
    classes = np.zeros(1 << 16, np.uint8)
    for code in range(1 << 16):
        letter = chr(code)
        classes[code] = _BLANK * letter.isspace() | _DIGIT * letter.isdecimal()
    classes[list(map(ord, SPACES_IN_NUMBERS))] |= _SPACE_IN_NUMBER
    return classes


def _cut(data: npt.NDArray[np.uint16]) -> tuple[Counts, Counts]:
    """Where the pieces start and end; the data begin with one blank and end with six."""
    classes = _classes()[data]
    blank = (classes & _BLANK).view(bool)
    digit = (classes & _DIGIT).astype(bool)
    inside = (classes[1:-4] & _SPACE_IN_NUMBER).astype(bool)  # blanks between a digit and three others
    inside &= digit[:-5] & digit[2:-3] & digit[3:-2] & digit[4:-1] & ~digit[5:]
    blank[1:-4] &= ~inside
    edges = np.flatnonzero(blank[1:] != blank[:-1]) + 1
    return edges[0::2], edges[1::2]


def _hashes(data: npt.NDArray[np.uint16], starts: Counts, ends: Counts) -> Hashes:
    size = len(data)
    up, down = (
        (_UP[:size], _DOWN) if size <= _POWERS else (_powers(_BASE, size), _powers(pow(_BASE, -1, 1 << 64), size))
    )
    sums = np.zeros(size + 1, np.uint64)
    np.cumsum(_VALUES[data] * up, out=sums[1:])
    hashes: Hashes = (sums[ends] - sums[starts]) * down[starts]
    hashes |= np.uint64(1)  # never 0
    return hashes


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
