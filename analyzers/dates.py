"""Dates in French and Arabic text, with the days that they mean.

What a date leaves unsaid comes from a reference date, the publication. Of a date without a year the
nearest one to the reference is meant, unless a word such as "dernier" or المقبل says otherwise. Hijri
dates follow the Umm al-Qura calendar (hijridate); where months begin at the sighting of the moon, as in
Morocco, they may be a day off.
"""

from __future__ import annotations

import calendar
import datetime
from dataclasses import dataclass
from typing import Literal

import hijridate

from kashaf.analyzers.date_expressions import Expression, Parts, Turn, expressions

DatePrecision = Literal["day", "month", "range"]

_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date of a text and the days it means.

    Attributes:
        start, end: characters of the text.
        first, last: its first and last day; the same for a date of day precision.
        precision: day, month, or range (several days).
        has_year: whether the text names the year; else it was taken from the reference.
    """

    start: int
    end: int
    first: datetime.date
    last: datetime.date
    precision: DatePrecision
    has_year: bool

    @property
    def iso(self) -> str:
        """`2026-02-02`, `2026-02`, or first and last day of a range, `2026-02-01/2026-02-04`."""
        if self.precision == "range":
            return f"{self.first.isoformat()}/{self.last.isoformat()}"
        return self.first.isoformat()[: 10 if self.precision == "day" else 7]


def find_dates(text: str, reference: datetime.date | None = None) -> list[FoundDate]:
    """The dates of a text in order, not overlapping.

    Args:
        text: French, Arabic or both.
        reference: the day the text was published. Without it, only dates that name their year are given.

    >>> [found.iso for found in find_dates("du 28 février au 3 mars 2026, puis le 20 يوليوز 2025")]
    ['2026-02-28/2026-03-03', '2025-07-20']
    """
    found = (resolve(expression, reference) for expression in expressions(text))
    return [date for date in found if date is not None]


def resolve(said: Expression, reference: datetime.date | None) -> FoundDate | None:
    """The days that an expression means; None if they cannot be told or are not of the calendar."""
    try:
        days = _days(said, reference)
    except (ValueError, OverflowError):  # 30 February, a Hijri year out of the table, the year 10000
        return None
    if days is None or days[0] > days[1]:
        return None
    precision: DatePrecision = "range"
    if days[0] == days[1]:
        precision = "day"
    elif said.first == said.last and said.first[2] is None:
        precision = "month"
    return FoundDate(said.start, said.end, *days, precision, said.first[0] is not None and said.last[0] is not None)


def _days(said: Expression, reference: datetime.date | None) -> tuple[datetime.date, datetime.date] | None:
    if said.first[1] is None:  # no month: a day told from the reference
        if reference is None:
            return None
        day = _relative_day(said, reference)
        return day, day
    if said.hijri:
        day = hijridate.Hijri(*_known(said.last)).to_gregorian()
        day = datetime.date(day.year, day.month, day.day)
        return day, day
    last = _placed(said.last, said.turn, reference)
    if last is None:
        return None
    if said.first == said.last:
        return last
    year, month, day_number = said.first
    if year is None:
        year = last[1].year - ((month or 0) > last[1].month)
    return datetime.date(year, month or 1, day_number or 1), last[1]


def _known(parts: Parts) -> tuple[int, int, int]:
    return parts[0] or 0, parts[1] or 0, parts[2] or 0


def _relative_day(said: Expression, reference: datetime.date) -> datetime.date:
    if said.offset is not None:
        day = reference + said.offset * _DAY
        if said.weekday is None or day.weekday() == said.weekday:
            return day
        if said.offset == 0:  # "ce dimanche": the nearest one
            ahead = (said.weekday - reference.weekday()) % 7
            return reference + (ahead if ahead <= 3 else ahead - 7) * _DAY
    weekday = said.weekday if said.weekday is not None else reference.weekday()
    if (said.offset or 0) > 0 or said.turn == "next":
        return reference + ((weekday - reference.weekday() - 1) % 7 + 1) * _DAY
    return reference - ((reference.weekday() - weekday - 1) % 7 + 1) * _DAY


def _placed(
    parts: Parts, turn: Turn | None, reference: datetime.date | None
) -> tuple[datetime.date, datetime.date] | None:
    """First and last day of a day or month, its year chosen when it is not said."""
    year, month, day = parts
    if year is not None:
        return _span(year, month or 1, day)
    if reference is None:
        return None
    spans = []
    for candidate in (reference.year - 1, reference.year, reference.year + 1):
        try:
            spans.append(_span(candidate, month or 1, day))
        except ValueError:  # 29 February
            continue
    if turn == "last":
        spans = [span for span in spans if span[1] < reference][-1:]
    elif turn == "next":
        spans = [span for span in spans if span[0] > reference][:1]
    return min(spans, key=lambda span: abs(span[0] - reference), default=None)


def _span(year: int, month: int, day: int | None) -> tuple[datetime.date, datetime.date]:
    first = datetime.date(year, month, day or 1)
    return first, first if day else first.replace(day=calendar.monthrange(year, month)[1])
