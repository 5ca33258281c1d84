"""Shingles: runs of five words, by which copies of one text are told in whatever paper they stand.

The share of shingles that two texts have in common is Broder's resemblance, and the share of the shorter one's
shingles that the longer one holds is his containment ("On the resemblance and containment of documents",
SEQUENCES 1997). A sample of the shingles, those whose number is under a limit, finds the texts worth comparing;
as two texts sample by the same rule, what they share is sampled in both.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.uint32]

WIDTH = 5  # words
# A text keeps about one shingle in so many that this number is left, and one in `_RAREST` at least.
_SAMPLE = 12
_RAREST = 64
# Odd 64-bit multipliers (the digits of pi): one for each place in a shingle, one to mix.
_PLACES = np.array(
    [0x243F6A8885A308D3, 0x13198A2E03707345, 0xA4093822299F31D1, 0x082EFA98EC4E6C89, 0x452821E638D01377], np.uint64
)
_MIX = np.uint64(0xBE5466CF34E90C6D)


def word_numbers(forms: Iterable[str]) -> Numbers:
    """A number for each folded form, the same in every archive: its CRC-32."""
    return np.array([zlib.crc32(form.encode("utf-8", "surrogatepass")) for form in forms], np.uint32)


def shingles(numbers: Numbers | npt.NDArray[np.uint64]) -> Numbers:
    """The shingle that begins at each word.

    Args:
        numbers: the words of one text or several in a row, as `word_numbers` or wider, shape (n,).

    Returns:
        Shape (n - 4,), or (0,) when there are fewer than five words; evenly spread over 32 bits.
    """
    count = max(len(numbers) - WIDTH + 1, 0)
    wide = numbers.astype(np.uint64, copy=False)
    total = np.zeros(count, np.uint64)
    for place, multiplier in enumerate(_PLACES):
        total += wide[place : place + count] * multiplier
    total ^= total >> np.uint64(29)
    total *= _MIX
    return (total >> np.uint64(32)).astype(np.uint32)


def limits(words: npt.NDArray[Any]) -> Numbers:
    """Up to which number a text of so many words samples its shingles, shape as `words`."""
    part = np.maximum(np.asarray(words, np.int64) // _SAMPLE, 1)
    # Powers of two, so that what a text samples is sampled by every shorter one that has it.
    part = np.minimum(1 << (np.frexp(part.astype(np.float64))[1] - 1), _RAREST)
    most: Numbers = (np.int64(1 << 32) // part - 1).astype(np.uint32)
    return most


@dataclass(frozen=True, slots=True)
class Overlap:
    """What two texts share.

    Attributes:
        resemblance: shared shingles by all that either has, 0 to 1.
        containment: shared shingles by those of the text that has fewer, 0 to 1.
    """

    resemblance: float
    containment: float


def overlap(first: Numbers, second: Numbers) -> Overlap:
    """What two texts share, from their distinct shingles (sorted, as `numpy.unique` gives them)."""
    if not len(first) or not len(second):
        return Overlap(0.0, 0.0)
    few, many = sorted((first, second), key=len)
    place = np.searchsorted(many, few)
    place[place == len(many)] = 0
    shared = int(np.count_nonzero(many[place] == few))
    return Overlap(shared / (len(few) + len(many) - shared), shared / len(few))
