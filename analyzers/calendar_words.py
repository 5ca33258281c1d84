"""Names of months and weekdays in French and Arabic, as patterns for lower-case text.

Arabic names are matched whatever the seat of their alef and their final ta marbuta or alef maqsura.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

FRENCH_WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
ARABIC_WEEKDAYS = ("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد")

_SAME = str.maketrans("أإآٱىة", "ااااي" + "ه")
_ALTERNATIVES = {"ا": "[اأإآٱ]", "ي": "[يى]", "ه": "[هة]", " ": r"\s{1,3}"}
# French names are also written without their accents.
_PLAIN_FRENCH = str.maketrans("éûâ‘’", "eua''", "\u0301\u0302")


@cache
def months(calendar: str) -> dict[str, int]:
    """Folded name (see `folded`) -> month number, for "gregorian" or "hijri"."""
    lines = files("kashaf.analyzers").joinpath("data/months.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")][1:]
    return {folded(name): int(number) for number, kind, _, name, _ in rows if kind == calendar}


def folded(name: str) -> str:
    """The key of a name as it stands in a text: case, accents, alef seats and blanks apart."""
    return " ".join(name.lower().translate(_SAME).translate(_PLAIN_FRENCH).split())


def month_number(calendar: str, name: str) -> int:
    """The month that a matched name means; an abbreviation may have lost its full stop."""
    table = months(calendar)
    key = folded(name)
    return table[key] if key in table else table[f"{key}."]


def is_month(word: str) -> bool:
    """Whether a word is the name of a month, or the last word of one (كانون الثاني)."""
    key = folded(word)
    return any(key in name.split() for name in months("gregorian"))


def weekday_number(name: str) -> int:
    """0 for Monday to 6 for Sunday, of a matched weekday name."""
    return _WEEKDAYS[folded(name)]


_WEEKDAYS = {folded(name): number for names in (FRENCH_WEEKDAYS, ARABIC_WEEKDAYS) for number, name in enumerate(names)}


def pattern(names: Iterable[str]) -> str:
    """A group that matches any of the names in lower-case text, longest first."""
    return "(?:" + "|".join(_spelling(name) for name in sorted(set(names), key=len, reverse=True)) + ")"


def _spelling(name: str) -> str:
    key = folded(name)
    if key.isascii():
        letters = re.escape(key).replace(r"\ ", r"\s{1,3}").replace("e", "[eé]\u0301?").replace("u", "[uû]\u0302?")
        letters = letters.replace("a", "[aâ]").replace("'", "['’‘]")
        # An abbreviation without its full stop is a month only before a year: "sept" is also seven.
        return letters + r"|" + letters.removesuffix(r"\.") + r"(?=\s{1,3}\d{4})" if key.endswith(".") else letters
    return "".join(_ALTERNATIVES.get(letter, letter) for letter in key)


FRENCH_MONTH = pattern(name for name in months("gregorian") if name.isascii())
ARABIC_MONTH = pattern(name for name in months("gregorian") if not name.isascii())
FRENCH_HIJRI = pattern(name for name in months("hijri") if name.isascii())
ARABIC_HIJRI = pattern(name for name in months("hijri") if not name.isascii())
FRENCH_WEEKDAY = pattern(FRENCH_WEEKDAYS)
ARABIC_WEEKDAY = pattern(ARABIC_WEEKDAYS)
