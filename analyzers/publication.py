"""The day an article was published, as far as its own text tells it; never guessed.

Evidence, the surest first:

1. A stamp: "Publié le 2 février 2026 à 10h30", نشر في 2 فبراير 2026, or a first or last line that is
   nothing but a date.
2. A dateline: "Rabat, 2 février 2026 (MAP) –", الدوحة - 2 فبراير 2026.
3. A date that says where it stands from the day of writing: "ce dimanche 1ᵉʳ février 2026",
   "hier samedi 31 janvier 2026", اليوم الاثنين 2 فبراير 2026. Its weekday must be that of its date. "Ce"
   counts with a second sign only, see `_is_today`.
4. The same without year or without date, أمس الأحد, when the days and years that the text names leave
   one day only: a yesterday that was a Sunday within an event "من 1 إلى 4 فبراير الجاري" of a text
   that speaks of days of 2026, or whose event is called "قمة ويب 2026".
5. The month alone: "12 فبراير الجاري" with the year that the text names.

Whatever contradicts itself, such as two stamps of different days, tells nothing.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from kashaf.analyzers.calendar_words import is_month
from kashaf.analyzers.date_expressions import Expression, Parts, expressions
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
_DIGITS = re.compile(r"\d{4}")
_WORDS = re.compile(r"[^\W\d_]+")
# A future verb beside "ce dimanche" or "ce 3 mars" announces the day.
_FUTURE = re.compile(
    r"(?:\b(?!opéra|caméra|sahara|choléra|front\b)[a-zéèêîïôûç]{2,}(?:ra|ront)\b|\bprévue?s?\b|\bà partir\b"
    r"|\bjusqu|\bdès\b|\bdoit\b|\bdoivent\b|\bva\b|\bvont\b|\battendue?s?\b|\bprogrammée?s?\b)"
)
# A programme is announced before its day and told of on the next.
_BROADCAST = re.compile(
    r"\b(?:émissions?|soirées?|plateaux?|antenne|ondes|chaînes?|épisodes?|saisons?|animat(?:eur|rice)s?|concerts?"
    r"|anniversaires?|diffus\w+|télé\w*|recevai(?:t|ent)|invitée?s?)\b"
)
# Words of a report: what was said, and by whom; "rencontré ce jeudi" is the journalist's own meeting.
_REPORTED = re.compile(
    r"\b(?:annonc|déclar|indiqu|affirm|soulign|communiqué|ministre|ministère|présid|signé|inaugur|adopté|réuni"
    r"|rencontré|interrog|joint|contacté)"
)
_LEAD = 600  # characters of the text in which an article tells its news
_SHORT = 2_000  # characters of an article that tells one piece of news, rather than a story
# A text that names a day and says no year is taken to be of the year of a whole date this near, in days: dates
# before the day of writing are more often of another year's past than dates to come are of another future.
_BEFORE, _AFTER = 60, 30
# The year that ends the name of an event: "Web Summit Qatar 2026, organisé du 1er au 4 février".
_EVENT_YEAR = re.compile(r"(?P<word>[^\W\d_]+)[»”\")]?\s(?P<year>(?:19|20)\d\d)(?!\d)[^\d\n.;!?]{0,60}$")
_NO_EVENT = frozenset("en de depuis dès fin début an année l'an عام العام سنة السنة في من منذ قبل بعد خلال".split())


def publication_date(text: str, language: str | None = None) -> str | None:
    """ISO date of day or month precision, or None when the text does not tell.

    Args:
        text: the article as it came, with its first and last lines.
        language: not needed; both languages are read wherever they stand.

    >>> publication_date("Rabat, 2 février 2026 (MAP) - Le conseil s'est réuni.")
    '2026-02-02'
    """
    text = text if len(text) <= _LONGEST else text[: _LONGEST // 2] + "\n" + text[-_LONGEST // 2 :]
    if not _DIGITS.search(text):
        return None  # every rule wants a year
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
    head = _head(text)
    return {
        day - (expression.offset or 0) * _DAY
        for expression, day in _full_days(said)
        if expression.offset is not None and _is_today(text, expression, head) and not _remembered(text, expression)
    }


def _is_today(text: str, expression: Expression, head: int) -> bool:
    """Whether a whole date after "ce" is the day of writing; that after "hier" or "aujourd'hui" is.

    A dispatch calls its own day "ce dimanche"; a story of other days does so too, above all at the beginning
    of a sentence. A second sign is wanted: the lead of a short article, or words of a report.
    """
    if not _is_this(text, expression):
        return True
    if _announced(text, expression):
        return False
    leads = expression.start - head <= _LEAD and len(text) - head <= _SHORT
    sentence = text[slice(*_sentence(text, expression))].lower()
    return (leads and text[expression.start] == "c") or _REPORTED.search(sentence) is not None


def _is_this(text: str, expression: Expression) -> bool:
    return expression.offset == 0 and text[expression.start : expression.start + 2].lower() == "ce"


def _announced(text: str, expression: Expression) -> bool:
    """Whether "ce dimanche" is a day to come, or that of a broadcast; "hier" and its like need no such look."""
    if not _is_this(text, expression):
        return False
    sentence = text[slice(*_sentence(text, expression))].lower()
    return _FUTURE.search(sentence) is not None or _BROADCAST.search(sentence) is not None


def _sentence(text: str, expression: Expression) -> tuple[int, int]:
    """The sentence around an expression, as far as 300 characters on either side."""
    floor, ceiling = max(0, expression.start - 300), expression.end + 300
    begin = max(text.rfind(mark, floor, expression.start) for mark in (". ", "\n")) + 1
    ends = [end for mark in (". ", "\n") if (end := text.find(mark, expression.end, ceiling)) >= 0]
    return max(begin, floor), min(ends, default=ceiling)


def _remembered(text: str, expression: Expression) -> bool:
    """في مثل هذا اليوم: a day of another year."""
    return text[max(0, expression.start - 5) : expression.start].strip() in ("هذا", "غاية")


def _near(day: datetime.date, known: Collection[datetime.date]) -> bool:
    """Whether a whole date of the text shows that it was written around this day."""
    return any(
        -_BEFORE <= (other - day).days <= _AFTER and (day.day, day.month) != (other.day, other.month) for other in known
    )


def _constrained(text: str, said: Sequence[Expression]) -> set[datetime.date]:
    """Days of writing that agree with "hier samedi" or أمس الأحد, with an event and with a named year."""
    pointers = [e for e in said if e.offset is not None and e.weekday is not None and not e.is_full_day]
    pointers = [e for e in pointers if not _announced(text, e)]
    writing = {((e.weekday or 0) - (e.offset or 0)) % 7 for e in pointers}
    if len(writing) != 1:
        return set()
    known = {day for _, day in _full_days(said)}
    around = {day.year + step for day in known for step in (-1, 0, 1)}
    latest = _latest_year(text)
    days: set[datetime.date] = set()
    for first, last, named, offset, weekday in _frames(text, pointers, said):
        for year in (named,) if named else around:
            for day in _days_between(first, last, year):
                written = day - offset * _DAY
                # A later year shows that the dates of this one are remembered.
                if day.weekday() == weekday and latest <= written.year + 1 and (named or _near(written, known)):
                    days.add(written)
    return days


def _latest_year(text: str) -> int:
    return max(map(int, _YEAR.findall(text)), default=0)


def _frames(
    text: str, pointers: Sequence[Expression], said: Sequence[Expression]
) -> set[tuple[Parts, Parts, int | None, int, int]]:
    """Where the days that are pointed at may lie: first and last day, year, offset and weekday.

    A pointer with its own day and month says it; else it is a day of an event that is called the current one,
    or whose name gives the year in the same sentence.
    """
    events = [(event, _event_year(text, event)) for event in said if event.first != event.last]
    frames: set[tuple[Parts, Parts, int | None, int, int]] = set()
    for pointer in pointers:
        pointed = (pointer.offset or 0, pointer.weekday or 0)
        if pointer.first[1]:
            frames.add((pointer.first, pointer.last, None, *pointed))
            continue
        begin, end = _sentence(text, pointer)
        told = not _FUTURE.search(text[begin:end].lower())
        frames.update(
            (event.first, event.last, named, *pointed)
            for event, named in events
            if event.turn == "current" or (named and told and begin <= event.start < end)
        )
    return frames


def _event_year(text: str, event: Expression) -> int | None:
    """The year that ends the name of an event just before its days."""
    if event.last[0] is not None:
        return None
    found = _EVENT_YEAR.search(text, max(0, event.start - 100), event.start)
    if found is None or found["word"].lower() in _NO_EVENT or is_month(found["word"]):
        return None
    return int(found["year"])


def _days_between(first: Parts, last: Parts, year: int) -> list[datetime.date]:
    """The days of a frame in a year; none if they are not of the calendar, or more than a month."""
    if last[0] not in (None, year):
        return []
    (_, month, day), (_, last_month, last_day) = first, last
    try:
        begin = datetime.date(year - ((month or 1) > (last_month or 1)), month or 1, day or 1)
        end = datetime.date(year, last_month or 1, last_day or 1)
    except ValueError:
        return []
    return [begin + step * _DAY for step in range((end - begin).days + 1)] if (end - begin).days <= 31 else []


def _running_month(text: str, said: Sequence[Expression]) -> str | None:
    """The month that is called the current one, of the year in which a whole date of the text puts it."""
    running = [e for e in said if e.turn == "current" and e.last[1] is not None and e.last[0] is None]
    known = [day for _, day in _full_days(said)]
    months = {e.last[1] or 0 for e in running}
    if len(months) != 1 or not known:
        return None
    month = months.pop()
    latest = _latest_year(text) or known[-1].year
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
