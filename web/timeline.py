"""Articles over time as bars that are links: a year opens into months, a month into days.

The geometry is computed here and drawn by the template as SVG, so the picture works without
JavaScript, prints, and needs no style attribute (the security policy allows none).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from kashaf.index.article import date_span
from kashaf.search.request import Interval
from kashaf.search.results import DateHistogram
from kashaf.web.addresses import Address

WIDTH = 1000.0
HEIGHT = 100.0
LEAST = 3.0  # height of a bar that counts anything: one article must be seen
MAX_BARS = 400
LEAST_BARS = 12  # drawn where no dates were asked for, so that one month is not a wall
LONGEST_BY_DAY = 92  # days
LONGEST_BY_MONTH = 72  # months
_LENGTHS: dict[Interval, int] = {"year": 4, "month": 7, "day": 10}  # of a key


@dataclass(frozen=True, slots=True)
class Bar:
    """One year, month or day: its place in the picture and where it leads."""

    key: str
    count: int
    x: float
    width: float
    height: float
    address: Address
    selected: bool

    @property
    def y(self) -> float:
        """Top of the bar, from the top of the picture."""
        return HEIGHT - self.height


@dataclass(frozen=True, slots=True)
class Timeline:
    """The picture: `steps` lead from all dates down to those `chosen`; `undated` is the same list without dates."""

    interval: Interval
    bars: tuple[Bar, ...]
    first: str
    last: str
    chosen: tuple[str | None, str | None]
    steps: tuple[tuple[str | None, Address], ...]
    undated: Address


def chosen_interval(date_from: str | None, date_to: str | None) -> Interval:
    """The interval that suits a range of dates; months when it is open."""
    if date_from is None or date_to is None:
        return "month"
    days = (date_span(date_to)[1] - date_span(date_from)[0]).days + 1
    if days <= LONGEST_BY_DAY:
        return "day"
    return "month" if days <= LONGEST_BY_MONTH * 31 else "year"


def is_too_long(histograms: Iterable[DateHistogram], date_from: str | None, date_to: str | None) -> bool:
    """Whether months, between the dates asked for, would be too thin to be hit: years are counted instead."""
    keys = [bucket.key for histogram in histograms if histogram.interval == "month" for bucket in histogram.buckets]
    return len(slots(keys, "month", date_from, date_to)) > LONGEST_BY_MONTH


def slots(keys: Iterable[str], interval: Interval, date_from: str | None, date_to: str | None) -> tuple[str, ...]:
    """The years, months or days to draw, in order; none when no article is of the dates asked for.

    Args:
        keys: of the years, months or days that have articles.
        date_from, date_to: the dates asked for; where they are open, what is drawn ends with the articles. A single
            day is shown among the days of its month.
    """
    first, last = _window(date_from, date_to)
    inside = {key for key in keys if first <= date_span(key)[1] and date_span(key)[0] <= last}
    if not inside:
        return ()
    length = _LENGTHS[interval]
    start = _number(first.isoformat()[:length] if first > datetime.date.min else min(inside))
    end = _number(last.isoformat()[:length] if last < datetime.date.max else max(inside))
    if first == datetime.date.min:
        start = min(start, max(end - LEAST_BARS + 1, 1))
    if end - start >= MAX_BARS:
        return tuple(sorted(inside))
    return tuple(_key(number, interval) for number in range(start, end + 1))


def timeline(
    histogram: DateHistogram, address: Address, date_from: str | None, date_to: str | None, *, mirrored: bool
) -> Timeline | None:
    """The picture of a histogram; None when nothing in it is dated.

    Args:
        date_from, date_to: the dates asked for; a single day is shown among the days of its month.
        mirrored: time runs from right to left, as the reader reads.
    """
    counts = {bucket.key: bucket.count for bucket in histogram.buckets if bucket.count}
    drawn = slots(counts, histogram.interval, date_from, date_to)
    if not drawn:
        return None
    slot = WIDTH / len(drawn)
    highest = max(counts.get(key, 0) for key in drawn)
    undated = address.changed(dates(None))
    bars = []
    for place, key in enumerate(drawn):
        if key in counts:
            at = len(drawn) - 1 - place if mirrored else place
            selected = date_from == key == date_to
            bars.append(
                Bar(
                    key,
                    counts[key],
                    round(at * slot + slot * 0.08, 2),
                    round(slot * 0.84, 2),
                    round(max(LEAST, HEIGHT * counts[key] / highest), 2),
                    undated.turned(dates(key[:-3] or None if selected else key)),
                    selected,
                )
            )
    ways = tuple((key, address.changed(dates(key))) for key in steps(date_from, date_to))
    return Timeline(histogram.interval, tuple(bars), drawn[0], drawn[-1], (date_from, date_to), ways, undated)


def dates(key: str | None) -> dict[str, object]:
    """The parameters that choose one year, month or day; None chooses all."""
    return {"from": key, "to": key, "undated": None}


def _window(date_from: str | None, date_to: str | None) -> tuple[datetime.date, datetime.date]:
    """First and last day to show."""
    if date_from is not None and date_from == date_to:
        return date_span(date_from[:7])
    first = date_span(date_from)[0] if date_from else datetime.date.min
    return first, date_span(date_to)[1] if date_to else datetime.date.max


def _number(key: str) -> int:
    """Years, months or days since the year 0 (of days: since the first of the year 1)."""
    if len(key) == 4:
        return int(key)
    if len(key) == 7:
        return int(key[:4]) * 12 + int(key[5:]) - 1
    return datetime.date.fromisoformat(key).toordinal()


def _key(number: int, interval: Interval) -> str:
    """The inverse of `_number`."""
    if interval == "year":
        return f"{number:04}"
    if interval == "month":
        return f"{number // 12:04}-{number % 12 + 1:02}"
    return datetime.date.fromordinal(number).isoformat()


def steps(date_from: str | None, date_to: str | None) -> tuple[str | None, ...]:
    """All dates, then the year, the month and the day that hold a range; None stands for all dates."""
    if not date_from or not date_to:
        return ()
    return (None, *(date_from[:n] for n in (4, 7, 10) if len(date_from) >= n and date_from[:n] == date_to[:n]))
