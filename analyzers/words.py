"""Raw words: the stretches of a text that are analysed without looking at their neighbours.

A raw word is more than a run of letters. It holds whatever must be read together to be understood: the elided
article of *l’Élysée*, the parts of *vice-président*, the groups of *350 000*, the dots of *O.N.U.* and the
inclusive ending of *candidat·e·s*. So a raw word can be analysed once and remembered, wherever it stands.

Python's ``\\w`` alone will not do: it leaves out the vowel marks (alone, it would cut مُحَمَّد into five
pieces), the invisible controls and the soft hyphen, and it takes in the underscore of hashtags. The
classes follow the Unicode general categories; every pattern uses possessive or disjoint repetitions, so
that time is linear in the text.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """One index term of a raw word.

    Attributes:
        text: the normalised form, unstemmed; at most `LONGEST_TERM` characters.
        start: first character, counted from the start of the raw word.
        end: the character after the last one; the whole of a truncated term.
        step: 1 at a new position; 0 at the position of the term before (the joined form of a compound).
    """

    text: str
    start: int
    end: int
    step: int


# Longer words are data or damage (a URL, a run of one letter); they are found by their beginning.
LONGEST_TERM = 128


def _ranges(characters: Iterable[int]) -> str:
    """The inside of a regular-expression class that holds `characters` (in ascending order)."""
    spans: list[list[int]] = []
    for character in characters:
        if spans and spans[-1][1] == character - 1:
            spans[-1][1] = character
        else:
            spans.append([character, character])
    return "".join(f"\\u{first:04x}-\\u{last:04x}" for first, last in spans)


# Marks written on letters, and the format characters that sit unseen inside words: soft hyphen, zero-width
# joiners and spaces, bidirectional controls, byte order mark, variation selectors. The blocks searched
# hold the marks of every living script; notation beyond the Basic Plane is no part of words.
_MARKED_BLOCKS = (range(0xAD, 0xAE), range(0x300, 0x3100), range(0xA66F, 0xAC00), range(0xFB1E, 0xFF00))
MARKS = _ranges(
    character
    for block in _MARKED_BLOCKS
    for character in block
    # U+0600–0605, U+06DD and U+08E2 (Arabic signs that hold a number) are format characters too, but visible.
    if unicodedata.category(chr(character)) in {"Mn", "Mc", "Me", "Cf"}
    and chr(character) not in "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u08e2"
)

# The unseen ones that may trail a word; a highlight need not cover them.
INVISIBLE = "".join(
    chr(character) for block in _MARKED_BLOCKS for character in block if unicodedata.category(chr(character)) == "Cf"
)

# Letters of the Arabic script, presentation forms and tatweel included; digits are not.
ARABIC = (
    "\u0620-\u064a\u066e\u066f\u0671-\u06d3\u06d5\u06e5\u06e6\u06ee\u06ef\u06fa-\u06fc\u06ff"
    "\u0750-\u077f\u0870-\u0887\u0889-\u088e\u08a0-\u08c9"
    "\ufb50-\ufbb1\ufbd3-\ufd3d\ufd50-\ufd8f\ufd92-\ufdc7\ufdf0-\ufdfb\ufe70-\ufe74\ufe76-\ufefc"
    "\U0001ee00-\U0001eebb"  # of mathematics; folded to the plain letters
)

APOSTROPHES = "'\u2019\u2018\u02bc`\u00b4\uff07"
HYPHENS = "\\-\u2010\u2011"  # U+00AD, the soft hyphen, is no hyphen: it vanishes
MIDDLE_DOTS = "\u00b7\u2022\u2027\u2219\u22c5"
SPACES_IN_NUMBERS = " \u00a0\u2009\u202f"
DECIMAL_MARKS = ".,\u066b"
NUMBER_MARKS = DECIMAL_MARKS + "\u066c"

# A fraction such as ½ counts as alphanumeric, but spells no word; nor does a letter apostrophe.
_NO_LETTER = "_\u00bc-\u00be\u2150-\u215f\u2189\u02b9-\u02bf\u02c6-\u02df"
_LETTER_OR_DIGIT = rf"[^\W{_NO_LETTER}]"
_LETTER = rf"[^\W\d{_NO_LETTER}]"
_AFTER_LETTER = rf"(?<={_LETTER}|[{MARKS}])"
# Romanised Arabic writes ʿayn and hamza with modifier letters and half rings: Qurʾān is one word.
_RUN = rf"{_LETTER_OR_DIGIT}(?:[^\W{_NO_LETTER}]++|[{MARKS}\u02b9-\u02bb\u02bd-\u02bf]++)*+"

# Endings of inclusive writing. The first need no plural; the others are words too (dit-le) and need one.
_FEMININE = (
    r"(?:e|ne|enne|t?rice|drice|ice|euse|i?[eè]\u0300?re|ve|esse|sse|es|nes|ennes|t?rices|drices|ices|euses"
    r"|i?[eè]\u0300?res|ves|esses|sses)"
)
_FEMININE_OR_PRONOUN = r"(?:les?|lles?|tes?|ttes?|ses?)"
_INCLUSIVE = (
    rf"(?i:[.](?:{_FEMININE}(?:[.]s)?|{_FEMININE_OR_PRONOUN}[.]s)"
    rf"|[{HYPHENS}](?:{_FEMININE}(?:[{HYPHENS}]s)?|{_FEMININE_OR_PRONOUN}[{HYPHENS}]s)"
    rf"|[{MIDDLE_DOTS}](?:{_FEMININE}|{_FEMININE_OR_PRONOUN}|s)(?:[{MIDDLE_DOTS}](?:s|x|{_FEMININE}))?"
    rf"|\((?:{_FEMININE}|{_FEMININE_OR_PRONOUN}|s|x)\)(?:\(s\)|s)?)(?![\w{MARKS}]|[{HYPHENS}]\w)"
)
INCLUSIVE_ENDING = re.compile(rf"{_AFTER_LETTER}{_INCLUSIVE}\Z")

_ACRONYM = rf"{_LETTER}[{MARKS}]*+(?:[.]{_LETTER}[{MARKS}]*+)+(?![\w{MARKS}])[.]?"
ACRONYM = re.compile(rf"{_ACRONYM}\Z")

# 350 000, then 1,3 and 6.500.000; a group of thousands never starts with nought.
_NUMBER = (
    rf"(?![0\u0660\u06f0])\d{{1,3}}(?:[{SPACES_IN_NUMBERS}]\d{{3}})+(?!\d)(?:[{DECIMAL_MARKS}]\d++)?"
    rf"|\d++(?:[{NUMBER_MARKS}]\d++)++"
)
NUMBER = re.compile(rf"(?:{_NUMBER})\Z")

# An apostrophe binds two words, but not a word and a number (d’1,3 milliard) or an acronym (l’O.N.U.).
_JOINT = (
    rf"[{APOSTROPHES}][{MARKS}]*+(?={_LETTER})(?!{_LETTER}[{MARKS}]*+[.]{_LETTER})"
    rf"|[{HYPHENS}][{MARKS}]*+(?={_LETTER})|{_AFTER_LETTER}[{HYPHENS}](?=\d)"
    rf"|{_AFTER_LETTER}[{MIDDLE_DOTS}](?={_LETTER})"
)

WORD = re.compile(
    rf"{_NUMBER}|{_ACRONYM}|{_RUN}(?:(?!{_INCLUSIVE})(?:{_JOINT}){_RUN})*+(?:{_INCLUSIVE})?[{APOSTROPHES}]?"
)
"""One raw word. It has no groups, so that ``WORD.findall(text)`` gives the raw words themselves."""

ARABIC_LETTER = re.compile(f"[{ARABIC}]")
SCRIPT_RUN = re.compile(rf"[{ARABIC}](?:[{ARABIC}]++|[^\w]++)*+|[^\W{ARABIC}](?:[^{ARABIC}]++)*+")
"""A stretch of a raw word in one script: Arabic letters, or anything else. The rules differ."""


def ascii_digits(text: str) -> str:
    """`text` with the decimal digits of every script (١٢, ۴۵, १२) as 0 to 9."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in text)
