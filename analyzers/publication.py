"""The day an article was published, as far as its own text tells it; never guessed.

Evidence, the surest first:

1. A stamp: "Publié le 2 février 2026 à 10h30", نشر في 2 فبراير 2026, or a first or last line that is
   nothing but a date.
2. A dateline: "Rabat, 2 février 2026 (MAP) –", الدوحة - 2 فبراير 2026.
3. A date that says where it stands from the day of writing: "ce dimanche 1ᵉʳ février 2026",
   "hier samedi 31 janvier 2026", اليوم الاثنين 2 فبراير 2026. Its weekday must be that of its date.
4. The same without year or without date, أمس الأحد, when the days and years that the text names leave
   one day only: a yesterday that was a Sunday within an event "من 1 إلى 4 فبراير الجاري" of a text
   that speaks of 2026.
5. The month alone: "12 فبراير الجاري" with the year that the text names.

Whatever contradicts itself, such as two stamps of different days, tells nothing.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from kashaf.analyzers.date_expressions import Expression, expressions
from kashaf.analyzers.dates import resolve

_DAY = datetime.timedelta(days=1)
_LONGEST = 40_000  # characters that are read; what dates an article stands near its beginning or its end
_SHORT_LINE = 120  # characters

# What stands between the beginning of its line and the date of a stamp.
_STAMP = re.compile(
    r"(?:[^\n.!?]{0,60}[,|•·—–(-]\s*)?(?:publiée?|mise? en ligne|postée?|date de publication|"
    r"(?:تم )?(?:ال)?نُ?شر|تاريخ النشر|حرر)(?: par [^\n\d]{1,40}?)?"
    r"(?: le| au| في| بتاريخ| يوم)?\s*(?P<colon>:?)\s*(?:le |في |يوم )?",
    re.IGNORECASE,
)
_HOUR = re.compile(r"\W*(?:à|a|at|على الساعة|الساعة)?\s*\d{1,2}\s?(?:h|:)\s?\d{0,2}", re.IGNORECASE)
_PLACE = re.compile(r"[^\w\n]{0,3}(?:[^\W\d_a-zà-ÿ][\w’'.-]*[ ،,/–—-]{1,3}){1,4}(?:le |في |يوم )?")
_NO_PLACE = frozenset(
    "le la les du au ce depuis après avant jusqu’au jusqu'au dès entre في من يوم منذ حتى بعد قبل إلى".split()
)
_AFTER_DATELINE = re.compile(
    r"\s*(?:[(/:–—]|-\s|-?\s*$|\.\s*[-–—]|,?\s*(?:map|aps|afp|tap|و\s?م\s?ع|و\.م\.ع))", re.IGNORECASE
)
_YEAR = re.compile(r"(?<![\d.,/-])(?:19|20)\d\d(?![\d-]|[.,]\d)")
_WORDS = re.compile(r"[^\W\d_]+")
# A future verb beside "ce dimanche" or "ce 3 mars" announces the day.
_FUTURE = re.compile(
    r"(?:\b(?!opéra|caméra|sahara|choléra|front\b)[a-zéèêîïôûç]{2,}(?:ra|ront)\b|\bprévue?s?\b|\bà partir\b"
    r"|\bjusqu|\bdès\b|\bdoit\b|\bdoivent\b|\bva\b|\bvont\b|\battendue?s?\b|\bprogrammée?s?\b)"
)
# A text that names a day and says no year is taken to be of the year of a whole date this near, in days.
_AROUND = 60


def publication_date(text: str, language: str | None = None) -> str | None:
    """ISO date of day or month precision, or None when the text does not tell.

    Args:
        text: the article as it came, with its first and last lines.
        language: not needed; both languages are read wherever they stand.

    >>> publication_date("Rabat, 2 février 2026 (MAP) - Le conseil s'est réuni.")
    '2026-02-02'
    """
    text = text if len(text) <= _LONGEST else text[: _LONGEST // 2] + "\n" + text[-_LONGEST // 2 :]
    said = expressions(text)
    if not said:
        return None
    for days in (
        _stamped(text, said),
        _datelined(text, said),
        _pointed(text, said),
        _constrained(text, said),
    ):
        if days:
            return next(iter(days)).isoformat() if len(days) == 1 else None
    return _running_month(text, said)


def _full_days(said: Iterable[Expression]) -> list[tuple[Expression, datetime.date]]:
    """Dates that name their day, month and year, and whose weekday, if named, is right."""
    days = []
    for expression in said:
        if expression.is_full_day and (found := resolve(expression, None)) is not None:
            if expression.weekday is None or found.first.weekday() == expression.weekday:
                days.append((expression, found.first))
    return days


def _line(text: str, expression: Expression) -> tuple[int, int]:
    start = text.rfind("\n", 0, expression.start) + 1
    end = text.find("\n", expression.end)
    return start, len(text) if end < 0 else end


def _head(text: str) -> int:
    """Where the first line begins that is text rather than a headline or what stands around one."""
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        line = text[start:end].strip()
        if len(line) > _SHORT_LINE or line.endswith("."):
            return start
        start = end + 1
    return 0  # short lines only: a list, verse, hard-wrapped text


def _stamped(text: str, said: Sequence[Expression]) -> set[datetime.date]:
    head, end_of_text = _head(text), len(text.rstrip())
    days: set[datetime.date] = set()
    for expression, day in _full_days(said):
        start, end = _line(text, expression)
        before, after = text[start : expression.start], text[expression.end : end]
        if stamp := _STAMP.fullmatch(before) if len(before) <= _SHORT_LINE else None:
            whole = len(before) + len(after) <= _SHORT_LINE and not after.rstrip().endswith(".")
            if whole or (stamp["colon"] or _HOUR.match(after)):
                days.add(day)
        elif (end <= head or end >= end_of_text) and len(before) + len(after) <= 40:
            if len("".join(_WORDS.findall(before + after))) <= 4:
                days.add(day)
    return days


def _datelined(text: str, said: Sequence[Expression]) -> set[datetime.date]:
    head = _head(text)
    for expression, day in _full_days(said):
        start, end = _line(text, expression)
        place = text[start : expression.start]
        if start <= head and len(place) <= 40 and _PLACE.fullmatch(place):
            if place.split()[0].lower() not in _NO_PLACE and _AFTER_DATELINE.match(text[expression.end : end]):
                return {day}
    return set()


def _pointed(text: str, said: Sequence[Expression]) -> set[datetime.date]:
    """Days of writing told by "ce", "hier", أمس … with a whole date."""
    return {
        day - (expression.offset or 0) * _DAY
        for expression, day in _full_days(said)
        if expression.offset is not None and not _announced(text, expression) and not _remembered(text, expression)
    }


def _announced(text: str, expression: Expression) -> bool:
    """Whether "ce dimanche" is a day to come; "aujourd'hui", "hier" and their like need no such look."""
    if expression.offset != 0 or not text[expression.start : expression.end].lower().startswith("ce"):
        return False
    begin = max(text.rfind(mark, max(0, expression.start - 300), expression.start) for mark in (". ", "\n")) + 1
    begin = max(begin, expression.start - 300)
    ends = [end for mark in (". ", "\n") if (end := text.find(mark, expression.end, expression.end + 300)) >= 0]
    sentence = text[begin : min(ends, default=expression.end + 300)].lower()
    return _FUTURE.search(sentence) is not None


def _remembered(text: str, expression: Expression) -> bool:
    """في مثل هذا اليوم: a day of another year."""
    return text[max(0, expression.start - 5) : expression.start].strip() in ("هذا", "غاية")


def _near(day: datetime.date, known: Sequence[datetime.date]) -> bool:
    """Whether a whole date of the text shows that it was written around this day."""
    return any(
        abs((day - other).days) <= _AROUND and (day.day, day.month) != (other.day, other.month) for other in known
    )


def _constrained(text: str, said: Sequence[Expression]) -> set[datetime.date]:
    """Days of writing that agree with "hier samedi" or أمس الأحد, with an event and with a named year."""
    pointers = [e for e in said if e.offset is not None and e.weekday is not None and not e.is_full_day]
    pointers = [e for e in pointers if not _announced(text, e)]
    writing = {((e.weekday or 0) - (e.offset or 0)) % 7 for e in pointers}
    if len(writing) != 1:
        return set()
    known = [day for _, day in _full_days(said)]
    days: set[datetime.date] = set()
    for year in {day.year + step for day in known for step in (-1, 0, 1)}:
        for pointer in pointers:
            for first, last in _placed(pointer, said, year):
                day = first
                while day <= last:
                    written = day - (pointer.offset or 0) * _DAY
                    if day.weekday() == pointer.weekday and _near(written, known):
                        days.add(written)
                    day += _DAY
    return days


def _placed(
    pointer: Expression, said: Sequence[Expression], year: int
) -> Iterable[tuple[datetime.date, datetime.date]]:
    """Where the day that is pointed at may lie in a year: its own day and month, else a running event."""
    candidates = [pointer] if pointer.first[1] else [e for e in said if e.first != e.last and e.turn == "current"]
    for expression in candidates:
        if expression.last[0] not in (None, year):
            continue
        (_, month, day), (_, last_month, last_day) = expression.first, expression.last
        try:
            first = datetime.date(year - ((month or 1) > (last_month or 1)), month or 1, day or 1)
            last = datetime.date(year, last_month or 1, last_day or 1)
        except ValueError:
            continue
        if (last - first).days <= 31:
            yield first, last


def _running_month(text: str, said: Sequence[Expression]) -> str | None:
    """The month that is called the current one, of the year in which a whole date of the text puts it."""
    running = [e for e in said if e.turn == "current" and e.last[1] is not None and e.last[0] is None]
    known = [day for _, day in _full_days(said)]
    months = {e.last[1] or 0 for e in running}
    if len(months) != 1 or not known:
        return None
    month = months.pop()
    latest = max((int(year) for year in _YEAR.findall(text)), default=known[-1].year)
    # Nobody gives the year of a day of the current month: a whole date in that month is one of another year.
    if any(day.month == month for day in known) or not _near(datetime.date(latest, month, 15), known):
        return None
    for expression in running:
        _, _, number = expression.last
        if expression.weekday is not None and number is not None:
            dated = replace(expression, first=(latest, month, number), last=(latest, month, number))
            if (found := resolve(dated, None)) is None or found.first.weekday() != expression.weekday:
                return None
    return f"{latest}-{month:02d}"
