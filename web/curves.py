"""Several searches over time in one picture: curves that are told apart by dashes and points, not by colour alone.

Each year, month or day is a link that opens it. Points are lines of no length: their round or square ends keep
their shape however the picture is stretched, so no size has to be known here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kashaf.search.request import Interval
from kashaf.search.results import DateHistogram
from kashaf.web.addresses import Address
from kashaf.web.comparison import Comparison
from kashaf.web.timeline import HEIGHT, WIDTH, dates, slots, steps


@dataclass(frozen=True, slots=True)
class Found:
    """What one search found.

    Attributes:
        name: in the words of the reader.
        over_time: those with a date.
        of: all articles that they are a share of.
    """

    name: str
    over_time: DateHistogram
    of: DateHistogram


@dataclass(frozen=True, slots=True)
class Point:
    """One search in one year, month or day, and the address of these articles."""

    count: int
    of: int
    address: Address

    @property
    def share(self) -> float:
        """Of all articles; 0 where there are none."""
        return self.count / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True)
class Curve:
    """One search: its points, and the same as the path of a line and the path of its points."""

    name: str
    points: tuple[Point, ...]
    line: str
    dots: str


@dataclass(frozen=True, slots=True)
class Slot:
    """One year, month or day: its place in the picture and where it leads."""

    key: str
    x: float
    width: float
    address: Comparison


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture.

    Attributes:
        highest: what the top edge stands for: articles, or a share of them.
        steps: lead from all dates down to what is shown.
    """

    interval: Interval
    slots: tuple[Slot, ...]
    curves: tuple[Curve, ...]
    highest: float
    by_share: bool
    steps: tuple[tuple[str | None, Comparison], ...]
    undated: Comparison


def picture(
    found: Sequence[Found], state: Comparison, date_from: str | None, date_to: str | None, *, mirrored: bool
) -> Picture | None:
    """The picture of what several searches found; None when nothing in it is dated.

    Args:
        date_from, date_to: the dates asked for, checked.
        mirrored: time runs from right to left, as the reader reads.
    """
    counts = [_counts(one.over_time) for one in found]
    everything = [_counts(one.of) for one in found]
    keys = slots(set().union(*counts), found[0].over_time.interval, date_from, date_to) if found else ()
    if not keys:
        return None
    undated = state.changed(dates(None))
    places = [len(keys) - 1 - place if mirrored else place for place in range(len(keys))]
    step = WIDTH / len(keys)
    rows = [
        tuple(Point(count.get(key, 0), of.get(key, 0), undated.search(place).turned(dates(key))) for key in keys)
        for place, (count, of) in enumerate(zip(counts, everything, strict=True))
    ]
    heights = [[point.share if state.by_share else point.count for point in row] for row in rows]
    highest = max(max(row) for row in heights) or 1
    middles = [round((place + 0.5) * step, 2) for place in places]
    return Picture(
        interval=found[0].over_time.interval,
        slots=tuple(
            Slot(key, round(place * step, 2), round(step, 2), undated.changed(dates(key)))
            for key, place in zip(keys, places, strict=True)
        ),
        curves=tuple(
            Curve(one.name, row, *_paths(middles, [round(HEIGHT * (1 - value / highest), 2) for value in values]))
            for one, row, values in zip(found, rows, heights, strict=True)
        ),
        highest=highest,
        by_share=state.by_share,
        steps=tuple((key, state.changed(dates(key))) for key in steps(date_from, date_to)),
        undated=undated,
    )


def _counts(histogram: DateHistogram) -> dict[str, int]:
    return {bucket.key: bucket.count for bucket in histogram.buckets if bucket.count}


def _paths(xs: Sequence[float], ys: Sequence[float]) -> tuple[str, str]:
    """A line through all points; and the points above the ground alone."""
    line = " ".join(f"{x} {y}" for x, y in zip(xs, ys, strict=True))
    return f"M{line}", "".join(f"M{x} {y}h0" for x, y in zip(xs, ys, strict=True) if y < HEIGHT)
