"""Words near a word: every form of a lexicon within a few letters of another, on whole arrays.

The distance is the restricted Damerau-Levenshtein distance (optimal string alignment): letters put in, left
out, replaced, or two neighbours exchanged. The forms of each length are a matrix of letters. A signature of
64 bits a form, one bit for each class of letters, leaves out nearly all of them; the table of Wagner and
Fischer, "The String-to-String Correction Problem" (1974), is then filled for the rest at once, near its
diagonal only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

LONGEST = 64  # letters; longer forms are data or damage, and nobody mistypes them
BLOCK = 1 << 17  # forms made ready between two looks at the clock
_FAR = 100  # more than any distance asked for


@dataclass(frozen=True, slots=True)
class _Group:
    """The forms of one length.

    Attributes:
        numbers: where each stands in the lexicon, shape (forms,).
        letters: code points, shape (forms, length).
        signatures: shape (forms,).
    """

    numbers: npt.NDArray[np.int32]
    letters: npt.NDArray[np.uint16 | np.uint32]
    signatures: npt.NDArray[np.uint64]


class FormMatrix:
    """The forms of a lexicon, ready to be compared with a word.

    Takes about ten bytes a form and two a letter; 300,000 forms are compared in a few milliseconds. They are
    made ready, many at a time, when a word first needs them, so that a search can look at the clock between.

    Args:
        data: the UTF-8 bytes of all forms, one after the other.
        ends: where each ends in `data`, shape (forms,).
    """

    def __init__(self, data: npt.NDArray[np.uint8], ends: npt.NDArray[Any]) -> None:
        self._data = data
        self._ends = ends
        self._blocks: dict[int, _Block] = {}

    @classmethod
    def of(cls, forms: Iterable[str]) -> FormMatrix:
        """The forms of a list."""
        raw = [form.encode("utf-8", "surrogatepass") for form in forms]
        ends = np.cumsum(np.fromiter(map(len, raw), np.int64, len(raw)))
        return cls(np.frombuffer(b"".join(raw), np.uint8), ends)

    def _block(self, first: int) -> _Block:
        """The forms from `first` on, up to the next block."""
        found = self._blocks.get(first)
        if found is None:
            start = int(self._ends[first - 1]) if first else 0
            ends = self._ends[first : first + BLOCK].astype(np.int64) - start
            found = self._blocks[first] = _Block(first, self._data[start : start + int(ends[-1])], ends)
        return found

    def within(
        self, form: str, distance: int, limit: int | None = None, tick: Callable[[], None] = lambda: None
    ) -> list[int]:
        """The places in the lexicon of the forms at most `distance` from `form`, nearest first.

        Args:
            distance: 0 to 3 letters.
            limit: how many at most; None is all of them.
            tick: called every few milliseconds; what it raises ends the search.
        """
        if len(form) > LONGEST + distance:
            return []
        found: list[tuple[int, int]] = []
        wanted = _points(form)
        for first in range(0, len(self._ends), BLOCK):
            tick()
            found += self._block(first).within(wanted, distance)
        found.sort()
        return [number for _, number in found[:limit]]


class _Block:
    """Neighbours of a lexicon; those of one length are made ready when a word first needs them."""

    def __init__(self, first: int, data: npt.NDArray[np.uint8], ends: npt.NDArray[np.int64]) -> None:
        letters = np.concatenate([[0], np.cumsum((data & 0xC0) != 0x80)])[ends]  # up to the end of each form
        points = _points(data.tobytes().decode("utf-8", "surrogatepass"))
        lengths = np.diff(letters, prepend=0)
        self._first = first
        self._points = points.astype(np.uint16) if points.max(initial=0) < 1 << 16 else points
        self._starts = letters - lengths
        self._lengths = np.minimum(lengths, LONGEST + 1).astype(np.uint8)
        self._groups: dict[int, _Group] = {}

    def _group(self, length: int) -> _Group:
        found = self._groups.get(length)
        if found is None:
            numbers = np.flatnonzero(self._lengths == length)
            letters = self._points[self._starts[numbers][:, None] + np.arange(length)]
            places = (numbers + self._first).astype(np.int32)
            found = self._groups[length] = _Group(places, letters, _signatures(letters))
        return found

    def within(self, wanted: npt.NDArray[np.uint32], distance: int) -> Iterator[tuple[int, int]]:
        """The distance and place of each form at most `distance` from `wanted`."""
        signature = _signatures(wanted[None, :])[0]
        for length in range(max(0, len(wanted) - distance), min(len(wanted) + distance, LONGEST) + 1):
            group = self._group(length)
            # An exchange changes no bit, a letter more or less one, a replacement two.
            bits = 2 * distance - abs(len(wanted) - length)
            near = np.flatnonzero(np.bitwise_count(group.signatures ^ signature) <= bits)
            if not len(near):
                continue
            distances = _distances(wanted, np.ascontiguousarray(group.letters[near].T), distance)
            kept = np.flatnonzero(distances <= distance)
            yield from zip(distances[kept].tolist(), group.numbers[near[kept]].tolist(), strict=True)


def _points(text: str) -> npt.NDArray[np.uint32]:
    """The code points of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _signatures(letters: npt.NDArray[np.uint16 | np.uint32]) -> npt.NDArray[np.uint64]:
    bits: npt.NDArray[np.uint64] = np.zeros(len(letters), np.uint64)
    for column in letters.T:
        bits |= np.uint64(1) << (column & 63).astype(np.uint64)
    return bits


def _distances(
    wanted: npt.NDArray[np.uint16 | np.uint32], letters: npt.NDArray[np.uint16 | np.uint32], most: int
) -> npt.NDArray[np.int8]:
    """The distance of `wanted`, shape (m,), to each form, a column of `letters`, shape (n, forms).

    A distance over `most` may come out higher than it is.
    """
    length, forms = letters.shape
    far = np.full(forms, _FAR, np.int8)
    before_last: list[npt.NDArray[np.int8]] = []
    last = [np.full(forms, min(column, _FAR), np.int8) for column in range(length + 1)]
    for row in range(1, len(wanted) + 1):
        here = [far] * (length + 1)
        if row <= most:
            here[0] = np.full(forms, row, np.int8)
        same = letters == wanted[row - 1]
        for column in range(max(1, row - most), min(length, row + most) + 1):
            best = np.minimum(last[column], here[column - 1]) + np.int8(1)
            np.minimum(best, last[column - 1] + ~same[column - 1], out=best)
            if row > 1 and column > 1:
                exchanged = same[column - 2] & (letters[column - 1] == wanted[row - 2])
                np.minimum(best, np.where(exchanged, before_last[column - 2] + np.int8(1), far), out=best)
            here[column] = best
        before_last, last = last, here
    return last[length]
