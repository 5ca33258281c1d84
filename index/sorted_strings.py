"""Places in a long sorted list of strings: a small sample in memory, and a few strings of the file."""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property

import numpy as np

from kashaf.index.segment_file import Array, StringColumn

_STEP = 64  # strings from one of the sample to the next


class SortedStrings:
    """The strings of a column in byte order.

    Args:
        order: their numbers in that order; None where the column itself is sorted.
    """

    def __init__(self, strings: StringColumn, order: Array | None = None) -> None:
        self._strings = strings
        self._order = order

    @cached_property
    def _sample(self) -> list[bytes]:
        places = np.arange(0, len(self._strings), _STEP)
        return self._strings.some_raw(places if self._order is None else self._order[places].astype(np.int64))

    def number(self, place: int) -> int:
        """The string at a place of the order."""
        return place if self._order is None else int(self._order.item(place))

    def first(self, wanted: bytes) -> int:
        """The place of the first string that is `wanted` or comes after it."""
        block = bisect_left(self._sample, wanted)
        # It is behind the last string of the sample that comes before it, and not behind the next.
        low, high = max(0, (block - 1) * _STEP), min(block * _STEP, len(self._strings))
        return self._strings.first(wanted, low, high, self._order)

    def find(self, wanted: bytes) -> int | None:
        """The number of a string; None when it is not there."""
        place = self.first(wanted)
        if place < len(self._strings) and self._strings.raw(found := self.number(place)) == wanted:
            return found
        return None
