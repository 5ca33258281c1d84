"""Dates given with an article, in the ways that publishers write them."""

from __future__ import annotations

import datetime
import email.utils
import re

from kashaf.analyzers.dates import find_dates
from kashaf.errors import ArticleError
from kashaf.index.article import date_span

_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})(?:[T ]\d.*)?)?)?", re.ASCII | re.DOTALL)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T.*|\d{6})?", re.ASCII | re.DOTALL)
_RFC = re.compile(r"(?:[A-Z][a-z]{2}, *)?\d{1,2} [A-Z][a-z]{2} \d{2,4} \d", re.ASCII)
_EPOCH = re.compile(r"\d{9,13}(?:\.\d+)?", re.ASCII)
_EPOCH_MILLISECONDS = 100_000_000_000  # as seconds this would be the year 5138
_LONGEST = 100


def given_date(value: object) -> str | None:
    """The ISO date (day, month or year precision) of a given value, None when it is empty.

    Times of day are dropped; the day is the one that was written, whatever its time zone.
    Understood: ISO 8601, 20260202, seconds since 1970, e-mail dates, day/month/year, and dates in
    French or Arabic words that name their year.

    >>> given_date("2026-02-02T23:30:00+01:00")
    '2026-02-02'

    Raises:
        ArticleError: if it is not a date.
    """
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise ArticleError(f"the date {str(value)[:40]!r} cannot be read")
    text = str(value).strip()
    if not text:
        return None
    found = _read(text) if len(text) <= _LONGEST else None
    if found is None:
        raise ArticleError(f"the date {text[:40]!r} cannot be read")
    return found


def _read(text: str) -> str | None:
    for pattern in (_ISO, _COMPACT):
        if match := pattern.fullmatch(text):
            iso = "-".join(part.zfill(2) for part in match.groups() if part)
            return _valid(iso)
    if _EPOCH.fullmatch(text):
        seconds = float(text)
        if seconds >= _EPOCH_MILLISECONDS:
            seconds /= 1000
        return datetime.datetime.fromtimestamp(seconds, datetime.UTC).date().isoformat()
    if _RFC.match(text):
        try:
            return email.utils.parsedate_to_datetime(text).date().isoformat()
        except ValueError:
            return None
    dates = [found for found in find_dates(text) if found.has_year]
    if len(dates) == 1 and dates[0].precision in ("day", "month"):
        return _valid(dates[0].iso)
    return None


def _valid(iso: str) -> str | None:
    try:
        date_span(iso)
    except ArticleError:
        return None
    return iso
