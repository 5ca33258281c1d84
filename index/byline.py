"""Bylines in raw text: a line "Par …" or بقلم, a signature under the text, or its last words."""

from __future__ import annotations

import re

_LONGEST = 120  # characters of a line
_CLOSING = 200  # characters before the end in which the last words are looked for

_WORD = r"[A-ZÀ-Ý][\w.'’-]{0,30}"
_NAME = rf"{_WORD}(?:,?[ \t]{{1,3}}(?:(?:de|el|al|ben|bin|ould|et|avec|-)[ \t]{{1,3}}){{0,2}}{_WORD}){{1,6}}"
_ARABIC_NAME = r"[\u0621-\u064a][\u0621-\u0652\u0670 .\-–،]{3,60}"
_LINES = (
    re.compile(
        r"[^\w\n]{0,3}(?i:(?:(?:propos |entretien |reportage )?(?:recueillis?|réalisée?s?|rédigée?|écrit|traduit) )?"
        rf"(?:par|by))[ \t]{{0,3}}:?[ \t]{{1,3}}({_NAME})[^\w\n]{{0,3}}"
    ),
    re.compile(rf"[^\w\n]{{0,3}}(?:بقلم|بقلـم)[ \t]{{0,3}}[:/]?[ \t]{{0,3}}({_ARABIC_NAME})"),
)
_CLOSING_WORDS = re.compile(rf"[.!?»…][ \t]{{1,3}}(Par[ \t]{{1,3}}({_NAME}))\s*\Z")
# Nothing but two to four words with capitals, as under an opinion piece.
_SIGNATURE = re.compile(
    r"[A-ZÀ-Ý][a-zà-ÿ'’-]{1,20}(?:[ \t]{1,3}(?:el|al|ben|bin|ould)){0,2}(?:[ \t]{1,3}[A-ZÀ-Ý][\wà-ÿ'’-]{1,20}){1,3}"
)


def byline_of(line: str) -> str | None:
    """The author that a line of its own names.

    >>> byline_of("Par Samira Alami"), byline_of("Par ailleurs, le conseil")
    ('Samira Alami', None)
    """
    if len(line) > _LONGEST:
        return None
    found = next(filter(None, (pattern.fullmatch(line.strip()) for pattern in _LINES)), None)
    return " ".join(found[1].split()) if found else None


def is_signature(line: str) -> bool:
    """Whether a line may be the name of the author under a text."""
    return _SIGNATURE.fullmatch(line.strip()) is not None


def closing_byline(text: str) -> tuple[int, int] | None:
    """Where a text ends with "… Par Samira Alami" after its last sentence."""
    found = _CLOSING_WORDS.search(text, max(0, len(text) - _CLOSING))
    return found.span(1) if found else None
