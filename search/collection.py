"""The articles of all segments side by side: one number an article, whatever segment it is in.

An article's number is its place in its segment plus the articles of the segments before. Segments stand in the
order of their articles' keys, so that numbers ascend with keys. What is evaluated per segment ends where its
postings are read: everything above works on one set of arrays.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from kashaf.index.segment import Segment
from kashaf.index.segment_file import Array
from kashaf.index.snapshot import Snapshot
from kashaf.search.matches import Docs
from kashaf.search.request import Interval

DAY_ZERO = 719_163  # 1970-01-01 as a proleptic Gregorian ordinal
UNDATED, IMPRECISE, FIRST_BIN = 0, 1, 2
_LEAST_PRECISION: dict[Interval, int] = {"year": 1, "month": 2, "day": 3}
# Wider spans than this many intervals are numbered by rank.
_WIDEST = 60_000
_NEVER = np.iinfo(np.int32).max


class Bins:
    """The publication dates of all articles, cut into intervals.

    Attributes:
        of: the bin of each article, shape (docs,): UNDATED, IMPRECISE (coarser than the interval), or
            FIRST_BIN + its interval.
        values: for each interval, ascending: its day ordinal, 12 * year + month - 1, or year.
        interval: year, month or day.
    """

    def __init__(self, days: Array, precisions: Array, interval: Interval) -> None:
        self.interval = interval
        exact = precisions >= _LEAST_PRECISION[interval]
        values = days.astype(np.int32) if interval == "day" else months_of(days)
        if interval == "year":
            values //= 12
        kept = values[exact]
        low, high = (int(kept.min()), int(kept.max())) if len(kept) else (0, 0)
        if high - low < _WIDEST:
            self.values = np.arange(low, high + 1)
            numbers = values - (low - FIRST_BIN)
        else:
            self.values, inverse = np.unique(kept, return_inverse=True)
            numbers = np.zeros(len(values), np.int32)
            numbers[exact] = inverse + FIRST_BIN
        numbers[~exact] = IMPRECISE
        numbers[precisions == 0] = UNDATED
        self._keys: dict[int, str] = {}
        self.of: Array = numbers.astype(np.uint16 if len(self) <= 1 << 16 else np.uint32)

    def __len__(self) -> int:
        return FIRST_BIN + len(self.values)

    def key(self, number: int) -> str:
        """The ISO date of an interval, by its bin."""
        known = self._keys.get(number)
        if known is None:
            known = self._keys[number] = self._iso(int(self.values[number - FIRST_BIN]))
        return known

    def _iso(self, value: int) -> str:
        if self.interval == "day":
            return str(np.datetime64(value - DAY_ZERO, "D"))
        if self.interval == "month":
            return f"{value // 12:04d}-{value % 12 + 1:02d}"
        return f"{value:04d}"


class Collection:
    """What is true of each article, over all segments.

    Attributes:
        segments: in order of their articles' keys.
        bases: number of the first article of each segment.
        docs: articles, deleted ones included.
        live_docs: those that are not deleted.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self.segments = snapshot.segments
        self.live_docs = snapshot.live_docs
        self.bases: list[int] = []
        self.docs = 0
        for segment in self.segments:
            self.bases.append(self.docs)
            self.docs += segment.docs
        self._bins: dict[Interval, Bins] = {}

    def joined(self, parts: Iterable[Array], dtype: npt.DTypeLike) -> npt.NDArray[Any]:
        """The arrays of all segments in a row; a single one is not copied."""
        arrays = list(parts)
        return arrays[0] if len(arrays) == 1 else np.concatenate([np.zeros(0, dtype), *arrays], dtype=dtype)

    def locate(self, doc: int) -> tuple[Segment, int]:
        """The segment of an article, and its number there."""
        segment = bisect_right(self.bases, doc) - 1
        return self.segments[segment], doc - self.bases[segment]

    def key(self, doc: int) -> int:
        """The key of an article in the store."""
        segment, local = self.locate(doc)
        key: int = segment.keys.item(local)
        return key

    def first_behind(self, key: int) -> int:
        """The number of the first article whose key is above `key`."""
        for segment, base in zip(self.segments, self.bases, strict=True):
            if segment.docs and int(segment.keys[-1]) > key:
                return base + int(np.searchsorted(segment.keys, key, "right"))
        return self.docs

    def split(self, docs: Docs) -> list[tuple[int, Docs]]:
        """The articles (ascending) segment by segment: the segment's place, and their numbers there."""
        if len(self.bases) == 1:
            return [(0, docs)]
        edges = [*docs.searchsorted(self.bases).tolist(), len(docs)]
        return [
            (number, docs[edges[number] : edges[number + 1]] - base)
            for number, base in enumerate(self.bases)
            if edges[number] < edges[number + 1]
        ]

    @cached_property
    def live(self) -> npt.NDArray[np.bool_] | None:
        """False for deleted articles, shape (docs,); None when none is deleted."""
        if self.live_docs == self.docs:
            return None
        return self.joined((np.ones(s.docs, bool) if s.live is None else s.live for s in self.segments), bool)

    @cached_property
    def everything(self) -> Docs:
        """All articles that are not deleted, ascending."""
        return np.arange(self.docs) if self.live is None else self.live.nonzero()[0]

    @cached_property
    def days(self) -> npt.NDArray[np.int32]:
        """Publication day as a proleptic Gregorian ordinal, first day of a month or year; 0: undated."""
        return self.joined((s.days for s in self.segments), np.int32)

    @cached_property
    def precisions(self) -> npt.NDArray[np.uint8]:
        """0: undated, 1: year, 2: month, 3: day."""
        return self.joined((s.precisions for s in self.segments), np.uint8)

    @cached_property
    def last_days(self) -> npt.NDArray[np.int32]:
        """The last day of each article's publication date; the end of time when undated: it lies in no range."""
        days, precisions = self.days, self.precisions
        if bool((precisions == 3).all()):
            return days
        last = days.astype(np.int32)
        for precision, months in ((2, 1), (1, 12)):
            coarse = precisions == precision
            after = (months_of(days[coarse]) - 1970 * 12 + months).astype("datetime64[M]").astype("datetime64[D]")
            last[coarse] = after.astype(np.int64) + DAY_ZERO - 1
        last[precisions == 0] = _NEVER
        return last

    def bins(self, interval: Interval) -> Bins:
        """The publication dates cut into intervals."""
        bins = self._bins.get(interval)
        if bins is None:
            bins = self._bins[interval] = Bins(self.days, self.precisions, interval)
        return bins


def months_of(days: Array) -> npt.NDArray[np.int32]:
    """The month of each day as 12 * year + month - 1; meaningless when undated."""
    dated = days[days > 0]
    low, high = (int(dated.min()), int(dated.max())) if len(dated) else (0, 0)
    if high - low >= len(days):
        return _months(days)
    return _months(np.arange(low, high + 1)).take(days - low, mode="clip")  # fewer days than articles


def _months(days: Array) -> npt.NDArray[np.int32]:
    since_1970 = (days.astype(np.int64) - DAY_ZERO).astype("datetime64[D]").astype("datetime64[M]")
    return (since_1970.astype(np.int64) + 1970 * 12).astype(np.int32)
