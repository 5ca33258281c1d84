"""Words near a word: every form of a lexicon within a few letters of another, on whole arrays.

The distance is the restricted Damerau-Levenshtein distance (optimal string alignment): letters put in, left
out, replaced, or two neighbours exchanged. The forms of each length are a matrix of letters. A signature of
64 bits a form, one bit for each class of letters, leaves out nearly all of them; the table of Wagner and
Fischer, "The String-to-String Correction Problem" (1974), is then filled for the rest at once, near its
diagonal only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

LONGEST = 64  # letters; longer forms are data or damage, and nobody mistypes them
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

    Takes about ten bytes a form and two a letter; 300,000 forms are compared in a few milliseconds.
    """

    def __init__(self, forms: Iterable[str]) -> None:
        lengths: defaultdict[int, tuple[list[int], list[str]]] = defaultdict(lambda: ([], []))
        for number, form in enumerate(forms):
            if len(form) <= LONGEST:
                numbers, members = lengths[len(form)]
                numbers.append(number)
                members.append(form)
        self._groups = {length: _group(length, *members) for length, members in lengths.items()}

    def within(self, form: str, distance: int, limit: int | None = None) -> list[int]:
        """The places in the lexicon of the forms at most `distance` from `form`, nearest first.

        Args:
            distance: 0 to 3 letters.
            limit: how many at most; None is all of them.
        """
        if len(form) > LONGEST + distance:
            return []
        found: list[tuple[int, int]] = []
        wanted = _codes([form], len(form))[0]
        signature = _signatures(wanted[None, :])[0]
        for length in range(max(0, len(form) - distance), len(form) + distance + 1):
            group = self._groups.get(length)
            if group is None:
                continue
            # An exchange changes no bit, a letter more or less one, a replacement two.
            bits = 2 * distance - abs(len(form) - length)
            near = np.flatnonzero(np.bitwise_count(group.signatures ^ signature) <= bits)
            distances = _distances(wanted, np.ascontiguousarray(group.letters[near].T), distance)
            kept = np.flatnonzero(distances <= distance)
            found += zip(distances[kept].tolist(), group.numbers[near[kept]].tolist(), strict=True)
        found.sort()
        return [number for _, number in found[:limit]]


def _group(length: int, numbers: list[int], members: list[str]) -> _Group:
    letters = _codes(members, length)
    return _Group(np.array(numbers, np.int32), letters, _signatures(letters))


def _codes(forms: list[str], length: int) -> npt.NDArray[np.uint16 | np.uint32]:
    """Code points of forms of one length, in two bytes where they fit."""
    codes = np.array([*map(ord, "".join(forms))], np.uint32).reshape(len(forms), length)
    return codes.astype(np.uint16) if codes.max(initial=0) < 1 << 16 else codes


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
