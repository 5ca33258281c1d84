"""The articles of all segments side by side: one number an article, whatever segment it is in.

An article's number is its place in its segment plus the articles of the segments before. Segments stand in the
order of their articles' keys, so that numbers ascend with keys. What is evaluated per segment ends where its
postings are read: everything above works on one set of arrays.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from kashaf.index.segment import Segment
from kashaf.index.segment_file import Array
from kashaf.index.snapshot import Snapshot
from kashaf.search.grown import grown, joined
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

    def __init__(self, segments: Sequence[Segment], interval: Interval) -> None:
        self.interval = interval
        self._keys: dict[int, str] = {}
        ends = [_ends(segment, interval) for segment in segments]
        low = min((low for low, high in ends if low <= high), default=0)
        high = max((high for low, high in ends if low <= high), default=0)
        dense = high - low < _WIDEST
        if dense:
            self.values = np.arange(low, high + 1)
        else:
            self.values = np.unique(np.concatenate([_exact(segment, interval) for segment in segments]))

        def fill(number: int, cells: Array) -> None:
            segment = segments[number]
            values = _values(segment, interval)
            cells[:] = values - (low - FIRST_BIN) if dense else self.values.searchsorted(values) + FIRST_BIN
            cells[segment.precisions < _LEAST_PRECISION[interval]] = IMPRECISE
            cells[segment.precisions == 0] = UNDATED

        # Those that are numbered by rank are numbered anew each time.
        origin = low if dense else object()
        dtype = np.uint16 if len(self) <= 1 << 16 else np.uint32
        sizes = [segment.docs for segment in segments]
        self.of: Array = grown(segments, f"bins.{interval}", dtype, segments, sizes, fill, origin)

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

    def docs_of(self, keys: npt.NDArray[np.int64]) -> tuple[Docs, npt.NDArray[np.intp]]:
        """The articles of some keys, ascending, and the place of each one's key; those that are gone are left out."""
        docs, places = [np.zeros(0, np.intp)], [np.zeros(0, np.intp)]
        for segment, base in zip(self.segments, self.bases, strict=True):
            if not segment.docs:
                continue
            start, end = keys.searchsorted(segment.keys[0]), keys.searchsorted(segment.keys[-1], "right")
            here = np.searchsorted(segment.keys, keys[start:end])
            same = (segment.keys[here] == keys[start:end]).nonzero()[0]
            docs.append(here[same] + base)
            places.append(same + start)
        return np.concatenate(docs), np.concatenate(places)

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
        return np.concatenate([np.ones(s.docs, bool) if s.live is None else s.live for s in self.segments])

    @cached_property
    def everything(self) -> Docs:
        """All articles that are not deleted, ascending."""
        return np.arange(self.docs) if self.live is None else self.live.nonzero()[0]

    @cached_property
    def days(self) -> npt.NDArray[np.int32]:
        """Publication day as a proleptic Gregorian ordinal, first day of a month or year; 0: undated."""
        return joined(self.segments, "days", np.int32, [s.days for s in self.segments])

    @cached_property
    def last_days(self) -> npt.NDArray[np.int32]:
        """The last day of each article's publication date; the end of time when undated: it lies in no range."""
        last = [_last_days(segment) for segment in self.segments]
        if all(here is segment.days for here, segment in zip(last, self.segments, strict=True)):
            return self.days
        return joined(self.segments, "last days", np.int32, last)

    def bins(self, interval: Interval) -> Bins:
        """The publication dates cut into intervals."""
        bins = self._bins.get(interval)
        if bins is None:
            bins = self._bins[interval] = Bins(self.segments, interval)
        return bins


def _values(segment: Segment, interval: Interval) -> npt.NDArray[np.int32]:
    """The interval of each article's publication day; meaningless where its date is coarser."""
    if interval == "day":
        return segment.days.astype(np.int32)
    values = months_of(segment.days)
    return values // np.int32(12) if interval == "year" else values


def _exact(segment: Segment, interval: Interval) -> npt.NDArray[np.int32]:
    """Those of them that are meant."""
    return _values(segment, interval)[segment.precisions >= _LEAST_PRECISION[interval]]


def _ends(segment: Segment, interval: Interval) -> tuple[int, int]:
    """The first and the last interval that has articles; the first is the higher one where none has."""
    known: tuple[int, int] | None = segment.rows.get(("ends", interval))
    if known is None:
        exact = _exact(segment, interval)
        known = (int(exact.min()), int(exact.max())) if len(exact) else (1, 0)
        segment.rows["ends", interval] = known
    return known


def _last_days(segment: Segment) -> npt.NDArray[np.int32]:
    """The last day of each article's publication date: the very days of the segment where they are all exact."""
    known: npt.NDArray[np.int32] | None = segment.rows.get("last days of it")
    if known is None:
        known = segment.rows["last days of it"] = _to_last(segment.days, segment.precisions)
    return known


def _to_last(days: Array, precisions: Array) -> Array:
    if bool((precisions == 3).all()):
        return days
    last = days.astype(np.int32)
    for precision, months in ((2, 1), (1, 12)):
        coarse = precisions == precision
        after = (months_of(days[coarse]) - 1970 * 12 + months).astype("datetime64[M]").astype("datetime64[D]")
        last[coarse] = after.astype(np.int64) + DAY_ZERO - 1
    last[precisions == 0] = _NEVER
    return last


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
