"""Dates as they are typed after ``date:``, read as a range of publication dates."""

from __future__ import annotations

import datetime
import re

from kashaf.analyzers.terms import fold
from kashaf.index.article import date_span
from kashaf.search.query import DateRange

_UNDATED = {fold(word) for word in ("none", "undated", "aucune", "sans", "بدون")}
_YEAR_FIRST = re.compile(r"(\d{4})(?:[-/](\d{1,2}))?(?:[-/](\d{1,2}))?")
_DAY_FIRST = re.compile(r"(?:(\d{1,2})[-/])?(\d{1,2})[-/](\d{4})")  # as written in French and in Arabic
_BRACKETS = re.compile(r"\[ ?(\S+) (?:TO|À|A|إلى) (\S+?) ?\]")
_LONGEST = 64  # characters


def date_range(text: str) -> DateRange | None:
    """The range that `text` means; None when it is not a date. A range typed backwards is turned round.

    >>> date_range("2026-2..3/2026")
    DateRange(first='2026-02', last='2026-03', undated=False)
    >>> date_range("بدون")
    DateRange(first=None, last=None, undated=True)
    """
    text = text.strip()
    if len(text) > _LONGEST:
        return None
    if fold(text) in _UNDATED:
        return DateRange(undated=True)
    if bracketed := _BRACKETS.fullmatch(text):
        ends = ["" if end == "*" else end for end in bracketed.groups()]
    elif text.startswith(("<", ">")):
        return _compared(text)
    else:
        left, dots, right = text.replace("…", "..").replace("...", "..").partition("..")
        ends = [left, right if dots else left]
    dates = [_date(end) for end in ends]
    if not any(ends) or any(end and date is None for end, date in zip(ends, dates, strict=True)):
        return None
    first, last = dates
    if first and last and date_span(first)[0] > date_span(last)[1]:
        first, last = last, first
    return DateRange(first, last)


def _compared(text: str) -> DateRange | None:
    """The open range of ``>2025``, ``>=2025-02``, ``<2026`` or ``<=2026-02-03``."""
    date = _date(text.lstrip("<>=").strip())
    if date is None:
        return None
    first, last = date_span(date)
    day = datetime.timedelta(days=1)
    try:
        match text.rstrip()[: 2 if text[1:2] == "=" else 1]:
            case ">=":
                return DateRange(first=date)
            case "<=":
                return DateRange(last=date)
            case ">":  # the next date of the same precision
                return DateRange(first=(last + day).isoformat()[: len(date)])
            case _:
                return DateRange(last=(first - day).isoformat()[: len(date)])
    except OverflowError:  # after the year 9999, before the year 1
        return None


def _date(text: str) -> str | None:
    """A date in ISO form, of the precision it was typed with; None when it is not a day of the calendar."""
    if found := _YEAR_FIRST.fullmatch(text):
        year, month, day = found.groups()
    elif found := _DAY_FIRST.fullmatch(text):
        day, month, year = found.groups()
    else:
        return None
    parts = [f"{int(year):04}", *(f"{int(part):02}" for part in (month, day) if part)]
    try:
        date_span("-".join(parts))
    except ValueError:
        return None
    return "-".join(parts)
