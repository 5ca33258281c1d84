"""Dates as they stand in French and Arabic text, before anything unsaid is filled in.

Every date has a number or one of a few words ("hier", المقبل, "ce" …), which are quick to find; the rest
is read from there, forwards (months, years, ends of ranges) and backwards (weekday, "hier", أمس). A bare
year, a bare month and a bare weekday are no dates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from kashaf.analyzers.calendar_words import (
    ARABIC_HIJRI,
    ARABIC_MONTH,
    ARABIC_WEEKDAY,
    FRENCH_HIJRI,
    FRENCH_MONTH,
    FRENCH_WEEKDAY,
    month_number,
    weekday_number,
)

Turn = Literal["last", "current", "next"]
Parts = tuple[int | None, int | None, int | None]  # year, month, day; None where it is not said


@dataclass(frozen=True, slots=True)
class Expression:
    """A date as it stands in the text.

    Attributes:
        start, end: characters of the text.
        first, last: what is said of its first and last day; the same but for a range.
        hijri: whether the parts are of the Hijri calendar.
        weekday: 0 (Monday) to 6, when one is named.
        offset: days from the day of writing: -1 for "hier", 0 for "ce dimanche"; None when not said.
        turn: "dernier" is last, الجاري current, المقبل next; None when not said.
    """

    start: int
    end: int
    first: Parts = (None, None, None)
    last: Parts = (None, None, None)
    hijri: bool = False
    weekday: int | None = None
    offset: int | None = None
    turn: Turn | None = None

    @property
    def is_full_day(self) -> bool:
        """Whether it is one day with its year, month and number."""
        return self.first == self.last and None not in self.first


_HARD = re.compile("[\u0660-\u0669\u06f0-\u06f9\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_SOFT = {
    **{zero + digit: str(digit) for zero in (0x660, 0x6F0) for digit in range(10)},
    **dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF], " "),
}

_NUMBER = re.compile(r"\d+", re.ASCII)
_NUMBER_WORDS = ("premier ", "فاتح ")

# Pieces of patterns; "@" stands for the name of their group.
_Y = r"(?P<@>(?:1[89]|2[01])\d\d)(?!\d|[.,]\d)"
_FR_DAY = r"(?P<@>\d{1,2}|premier)(?:\s?(?:er|ᵉʳ)(?!\w))?"
_FR_MONTH = rf"(?P<@>{FRENCH_MONTH})(?!\w)"
_FR_TURN = r"(?:(?P<last>derni[eè]re?|pass[eé]e?|[eé]coul[eé]e?)|(?P<current>courant)|(?P<next>prochaine?))(?!\w)"
_FR_WEEKDAY = rf"(?P<weekday>{FRENCH_WEEKDAY})(?!\w)"
_AR_DAY = r"(?P<@>\d{1,2}|فاتح)"
_AR_MONTH = rf"(?:من\s)?(?:شهر\s)?(?P<@>{ARABIC_MONTH})(?!\w)(?:\s?[/(–-]\s?{ARABIC_MONTH}(?!\w)\)?)?"
_AR_YEAR = rf"(?:(?:من\s|ل)?(?:ال)?(?:عام|سن[ةه])\s)?{_Y}(?:م(?!\w))?"
_AR_TURN = (
    r"(?:(?P<last>(?:الماضي|المنصرم|الفائت|الفارط|المنقضي)[ةه]?)|(?P<current>(?:الجاري|الحالي)[ةه]?)"
    r"|(?P<next>(?:المقبل|القادم)[ةه]?))(?!\w)"
)
_AR_WEEKDAY = rf"(?P<weekday>{ARABIC_WEEKDAY})(?!\w)"
_G = r"\s{1,3}"  # blanks between words; bounded, so that no pattern reads far for nothing


def _as(pattern: str, group: str) -> str:
    return pattern.replace("@", group)


# "2 février", "1er au 4 février", "28 février 2026 au 3 mars", "3 et 4 mars": the first month, its year
# and the first day are only there in a range. "et" after a month begins another date.
_FRENCH = re.compile(
    rf"{_as(_FR_DAY, 'day1')}"
    rf"(?:(?:{_G}{_as(_FR_MONTH, 'month1')}(?:{_G}{_as(_Y, 'year1')})?{_G}(?:au|jusqu['’]au|[-–])"
    rf"|{_G}(?:au|et|et le|jusqu['’]au|à)|\s?[-–])\s{{0,3}}(?:{FRENCH_WEEKDAY}{_G})?{_as(_FR_DAY, 'day2')})?"
    rf"{_G}{_as(_FR_MONTH, 'month2')}(?:{_G}{_as(_Y, 'year2')})?(?:{_G}{_FR_TURN})?"
)
_ARABIC = re.compile(
    rf"{_as(_AR_DAY, 'day1')}"
    rf"(?:(?:{_G}{_as(_AR_MONTH, 'month1')}(?:{_G}{_as(_AR_YEAR, 'year1')})?{_G}و?(?:إلى|الى|حتى|[-–])"
    rf"|{_G}(?:و?(?:إلى|الى|حتى)|(?:و\s?\d{{1,2}}{_G}){{0,5}}و)|\s?[-–])\s{{0,3}}(?:{ARABIC_WEEKDAY}{_G})?"
    rf"{_as(_AR_DAY, 'day2')})?"
    rf"{_G}{_as(_AR_MONTH, 'month2')}(?:{_G}{_as(_AR_YEAR, 'year2')})?(?:{_G}{_AR_TURN})?"
)
_HIJRI = re.compile(
    rf"(?P<day2>\d{{1,2}}|premier|فاتح)(?:\s?(?:er|ᵉʳ)(?!\w))?{_G}"
    rf"(?:من\s)?(?:شهر\s)?(?P<month2>{ARABIC_HIJRI}|{FRENCH_HIJRI})(?!\w){_G}(?P<year2>1[345]\d\d)(?!\d)(?:\s?ه(?:ـ)?(?!\w))?"
)
_DAY_FIRST = re.compile(r"(?P<day>\d{1,2})(?P<mark>[/.-])(?P<month>\d{1,2})(?P=mark)(?P<year>\d{4})(?![\d/-]|[.,]\d)")
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})(?P<mark>[/.-])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})(?![\d/]|[.,]\d)")

# A month just before a year: read backwards from the year, in a piece of text that ends there.
_MONTH_BEFORE = re.compile(
    rf"(?<!\w)(?:{_as(_FR_MONTH, 'fr')}"
    rf"|[وفبل]?(?P<ar>{ARABIC_MONTH})(?!\w)(?:\s?[/(–-]\s?{ARABIC_MONTH}(?!\w)\)?)?"
    rf"{_G}(?:(?:من\s|ل)?(?:ال)?(?:عام|سن[ةه]))?)\s{{0,3}}$"
)
_LONGEST_MONTH = 48  # characters of the longest double month name with the words around it

_FR_WHEN = (
    r"(?:(?P<m2>avant[-\u2011 ]hier)|(?P<m1>hier)|(?P<p2>apr[eè]s[-\u2011 ]demain)|(?P<p1>demain)"
    r"|(?P<p0>aujourd['’]hui))(?!\w)"
)
_AR_WHEN = (
    r"و?(?:(?P<m2>[أا]ول\s(?:من\s)?[أا]مس|[أا]مس\sال[أا]ول)|(?P<m1>(?:ال)?[أا]مس|البارح[ةه])"
    r"|(?P<p2>بعد\sغد)|(?P<p1>غدا(?:ً)?|غدًا)|(?P<p0>اليوم))(?!\w)"
)
_DISTANCE = {"m2": -2, "m1": -1, "p0": 0, "p1": 1, "p2": 2}
_COMMA = r"[\s,،(]{1,3}"
_LEADS = tuple(  # what may stand before a date, read backwards from it: "hier, samedi", "ce", يوم
    re.compile(rf"(?<!\w)(?:{when}{_COMMA})?(?:(?P<this>{this})\s)?(?:يوم\s)?{weekday}{_COMMA}(?:le\s|يوم\s)?$")
    # يوم الأحد is any Sunday; Moroccan papers write يومه الأحد for the day of writing.
    for when, this, weekday in (
        (_FR_WHEN, "ce", _FR_WEEKDAY),
        (_AR_WHEN, "يومه|هذا(?:\\sاليوم)?", _AR_WEEKDAY),
    )
)
_WHEN_LEADS = tuple(re.compile(rf"(?<!\w){when}{_COMMA}(?:le\s)?$") for when in (_FR_WHEN, _AR_WHEN))
_LONGEST_LEAD = 40

# Words that a plain search finds quickly; the patterns are tried only where one of them stands.
_WHEN_TRIGGERS = (("hier", "demain", "aujourd"), ("أمس", "امس", "البارح", "غد", "اليوم"))
_WHENS = tuple(
    re.compile(rf"{when}(?:{_COMMA}(?:يوم\s)?{weekday})?")
    for when, weekday in ((_FR_WHEN, _FR_WEEKDAY), (_AR_WHEN, _AR_WEEKDAY))
)
_THIS = (
    ("ce ", re.compile(rf"ce\s{_FR_WEEKDAY}")),
    ("هذا ", re.compile(rf"هذا\s(?:اليوم\s)?{_AR_WEEKDAY}")),
    ("يومه ", re.compile(rf"يومه\s{_AR_WEEKDAY}")),
)
_TURN_TRIGGERS = (
    ("derni", "prochain", "passé", "courant"),
    ("الماضي", "المنصرم", "الفائت", "الفارط", "المنقضي", "المقبل", "القادم", "الجاري", "الحالي"),
)
_TURNS = tuple(
    re.compile(rf"(?<!\w)(?:{weekday}|{before}(?P<month>{month})(?!\w)){_G}{turn}")
    for weekday, before, month, turn in (
        (_FR_WEEKDAY, "", FRENCH_MONTH, _FR_TURN),
        (_AR_WEEKDAY, "[وفبل]?", ARABIC_MONTH, _AR_TURN),
    )
)


def expressions(text: str) -> list[Expression]:
    """The dates of a text as they stand in it, in order, not overlapping.

    >>> [(e.first, e.offset) for e in expressions("hier samedi 31 janvier 2026, أمس الأحد")]
    [((2026, 1, 31), -1), ((None, None, None), -1)]
    """
    low = _working_copy(text)
    found: list[Expression] = []
    end = 0
    for start, stop in _numbers(low):
        if start >= end and (date := _at_number(low, start, stop, end)):
            found.append(date)
            end = date.end
    # Dates with a number come first; the others fill the places between them.
    kept: list[Expression] = []
    for date in sorted([*_relative(low), *_turning(low), *found], key=lambda date: (date.start, -date.end)):
        numbered = date.first[2] is not None or date.first[0] is not None
        if not kept or date.start >= kept[-1].end:
            kept.append(date)
        elif numbered and kept[-1].first[2] is None:
            kept[-1] = date
    return kept


def _working_copy(text: str) -> str:
    """The text in lower case with plain digits, character for character."""
    low = text.lower()
    if len(low) != len(text):  # İ becomes two characters
        low = "".join(c if len(c.lower()) != 1 else c.lower() for c in text)
    return low.translate(_SOFT) if _HARD.search(low) else low


def _at_number(low: str, start: int, stop: int, floor: int) -> Expression | None:
    if start and (low[start - 1] in ".,/:" and low[start - 2 : start - 1].isdigit()):
        return None  # the tail of a number, an hour or a fraction
    size = stop - start if low[start].isdigit() else 0
    if size == 4:
        return _year_first(low, start) or _month_year(low, start, stop, floor)
    if size > 2:
        return None
    if match := _DAY_FIRST.match(low, start):
        return _with_lead(low, _numeric(match), floor)
    for pattern in (_FRENCH, _ARABIC):
        if match := pattern.match(low, start):
            return _with_lead(low, _in_words(match), floor)
    if match := _HIJRI.match(low, start):
        parts = (int(match["year2"]), month_number("hijri", match["month2"]), _day(match["day2"]))
        return _with_lead(low, Expression(match.start(), match.end(), parts, parts, hijri=True), floor)
    return None


def _day(digits: str | None) -> int | None:
    if digits is None:
        return None
    return int(digits) if digits.isdigit() else 1


def _in_words(match: re.Match[str]) -> Expression | None:
    day, first_day = _day(match["day2"]), _day(match["day1"])
    month = month_number("gregorian", match["month2"])
    year = int(match["year2"]) if match["year2"] else None
    last: Parts = (year, month, day if day is not None else first_day)
    first = last
    if day is not None:
        first_month = month_number("gregorian", match["month1"]) if match["month1"] else month
        first_year = int(match["year1"]) if match["year1"] else None
        if first_year is None and year is not None:
            first_year = year - (first_month > month)
        first = (first_year, first_month, first_day)
    if not all(1 <= (parts[2] or 0) <= 31 for parts in (first, last)):
        return None
    return Expression(match.start(), match.end(), first, last, turn=_turn(match))


def _turn(match: re.Match[str]) -> Turn | None:
    turns: tuple[Turn, ...] = ("last", "current", "next")
    return next((turn for turn in turns if match[turn]), None)


def _numeric(match: re.Match[str]) -> Expression | None:
    year, month, day = int(match["year"]), int(match["month"]), int(match["day"])
    if month > 12 and day <= 12:
        month, day = day, month  # only the American order makes a date of it
    if not (1800 <= year <= 2199 and 1 <= month <= 12 and 1 <= day <= 31):
        return None
    return Expression(match.start(), match.end(), (year, month, day), (year, month, day))


def _year_first(low: str, start: int) -> Expression | None:
    match = _YEAR_FIRST.match(low, start)
    return _numeric(match) if match else None


def _month_year(low: str, start: int, stop: int, floor: int) -> Expression | None:
    if not low[start:stop].isdigit() or low[start - 1 : start].strip() or not 1800 <= int(low[start:stop]) <= 2199:
        return None
    begin = max(floor, start - _LONGEST_MONTH)
    before = _MONTH_BEFORE.search(low[begin:start])
    if before is None or low[max(0, begin + before.start() - 4) : begin + before.start()] in ("mme ", " m. "):
        return None
    parts = (int(low[start:stop]), month_number("gregorian", before["fr"] or before["ar"]), None)
    return Expression(begin + before.start(), stop, parts, parts)


def _with_lead(low: str, date: Expression | None, floor: int) -> Expression | None:
    """The date with a weekday, "ce" or "hier" that stands just before it."""
    if date is None or date.first != date.last:
        return date
    begin = max(floor, date.start - _LONGEST_LEAD)
    before = low[begin : date.start]
    for lead in (*_LEADS, *_WHEN_LEADS):
        if match := lead.search(before):
            groups = match.groupdict()
            offset = _offset(match)
            if offset is None and groups.get("this"):
                offset = 0
            weekday = weekday_number(groups["weekday"]) if groups.get("weekday") else None
            return Expression(
                begin + match.start(), date.end, date.first, date.last, date.hijri, weekday, offset, date.turn
            )
    return date


def _offset(match: re.Match[str]) -> int | None:
    return next((days for name, days in _DISTANCE.items() if match[name]), None)


def _numbers(low: str) -> list[tuple[int, int]]:
    """Where numbers stand that a date may begin with."""
    spans = [match.span() for match in _NUMBER.finditer(low)]
    words = [(at, at + len(word) - 1) for word in _NUMBER_WORDS for at in _places(low, word)]
    return sorted(spans + words) if words else spans


def _in_script(low: str, triggers: tuple[tuple[str, ...], tuple[str, ...]]) -> tuple[str, ...]:
    """The French and Arabic triggers, without those of a script that the text has not."""
    return (triggers[0] if "e" in low else ()) + (triggers[1] if "ا" in low else ())


def _places(low: str, words: str) -> Iterator[int]:
    at = low.find(words)
    while at >= 0:
        yield at
        at = low.find(words, at + 1)


def _relative(low: str) -> Iterator[Expression]:
    """ "hier", "hier samedi", أمس الأحد, "ce dimanche". Today alone often means nowadays, اليوم the day."""
    end = 0
    for at in sorted(at for trigger in _in_script(low, _WHEN_TRIGGERS) for at in _places(low, trigger)):
        if at < end:
            continue
        # The word may begin before: avant-hier, وأمس, أول أمس.
        for begin in _word_starts(low, at):
            match = next(filter(None, (pattern.match(low, begin) for pattern in _WHENS)), None)
            if match is not None and match.end() > at:
                weekday = weekday_number(match["weekday"]) if match["weekday"] else None
                if weekday is not None or _offset(match) != 0:
                    yield Expression(begin, match.end(), weekday=weekday, offset=_offset(match))
                    end = match.end()
                break
    for trigger, pattern in _THIS:
        for at in _places(low, trigger):
            if (match := pattern.match(low, at)) and not low[at - 1 : at].isalnum():
                yield Expression(at, match.end(), weekday=weekday_number(match["weekday"]), offset=0)


def _word_starts(low: str, at: int) -> list[int]:
    """Beginnings of the word that `at` is in, and of up to two words before it, the farthest first."""
    starts: list[int] = []
    begin = at
    for _ in range(3):
        floor = max(0, begin - 12)
        while begin > floor and not low[begin - 1].isspace() and low[begin - 1] not in '(«"،,.:;':
            begin -= 1
        starts.append(begin)
        if begin == 0 or low[begin - 1] != " ":
            break
        begin -= 1
    return starts[::-1]


def _turning(low: str) -> Iterator[Expression]:
    """ "lundi dernier", "septembre dernier", الجمعة المقبل, شتنبر الماضي."""
    for trigger in _in_script(low, _TURN_TRIGGERS):
        for at in _places(low, trigger):
            begin = max(0, at - _LONGEST_MONTH)
            for pattern in _TURNS:
                # The match must reach the trigger; earlier ones of the same stretch were seen before.
                for match in pattern.finditer(low, begin, at + len(trigger) + 3):
                    if match.end() <= at:
                        continue
                    if match["weekday"]:
                        weekday = weekday_number(match["weekday"])
                        yield Expression(match.start(), match.end(), weekday=weekday, turn=_turn(match))
                    else:
                        parts = (None, month_number("gregorian", match["month"]), None)
                        yield Expression(match.start(), match.end(), parts, parts, turn=_turn(match))
