"""French words, and any other word that is not in Arabic letters: elision, folding, compounds.

The letters are folded after the Unicode Standard (NFKD, default case folding, marks off), so that words
typed without accents are found. The rules of elision, of ordinals and of inclusive spelling are those of
French typography. English and other languages in Latin letters pass through the same rules, in documents
and in queries alike.
"""

import re
import unicodedata

from kashaf.analyzers.words import (
    APOSTROPHES,
    HYPHENS,
    INCLUSIVE_ENDING,
    INVISIBLE,
    LONGEST_TERM,
    MIDDLE_DOTS,
    Term,
    ascii_digits,
)

# Letters that NFKD leaves whole.
_LETTERS = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "þ": "th", "ə": "e"}
)
# Whatever does not spell: punctuation, Latin, Greek, Cyrillic and Hebrew marks, modifier letters that
# romanise ʿayn. Vowel signs of Indian and other scripts stay; they are letters in all but name.
_NOT_SPELT = re.compile(
    "[^\\w\u0900-\u1aaf\u1b00-\u1dbf\u302a-\u309a\ua66f-\uabff]|[_\u02b9-\u02df\u0300-\u036f\u0483-\u0489\u0591-\u05c7]"
)
_STRAY_MARKS = re.compile(r"\A\W+")

ELIDED = frozenset("l d j m t s n c qu jusqu lorsqu puisqu quoiqu".split())
_VOWELS = frozenset("aeiouyh")

# dit-il, a-t-elle, celui-ci: what follows the hyphen is no part of a compound.
_ENCLITICS = frozenset("je tu il elle on nous vous ils elles ce moi toi lui leur eux y en le la les ci".split())

_APOSTROPHE = re.compile(f"[{APOSTROPHES}]")
_HYPHEN_OR_DOT = re.compile(f"[{HYPHENS}{MIDDLE_DOTS}]")
_SUPERSCRIPT_DIGITS = "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"

_FIRST = re.compile(r"1(?:es?|i?emes?|ers?|eres?|res?)\Z")
_ORDINAL = re.compile(r"(\d+)(?:es?|i?emes?)\Z|([ivx]+)emes?\Z")
_LONGEST_COMPOUND = 5  # parts


def fold(word: str) -> str:
    """The spelling under which a word in Latin (or Greek, Cyrillic …) letters is indexed and looked up.

    >>> fold("Œuvre"), fold("ÉTÉ"), fold("Łódź"), fold("ﬁnance")
    ('oeuvre', 'ete', 'lodz', 'finance')
    """
    if word.isascii() and word.isalnum():
        return word.lower()
    opened = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", word).casefold())
    spelt = _STRAY_MARKS.sub("", _NOT_SPELT.sub("", opened).translate(_LETTERS))
    return ascii_digits(unicodedata.normalize("NFC", spelt))


def _spell(part: str) -> str:
    """The term of a word without apostrophes or hyphens: folded, ordinals in one form, note marks off."""
    form = fold(part.rstrip(_SUPERSCRIPT_DIGITS))
    if part[-1:] in _SUPERSCRIPT_DIGITS and 1 <= len(form) <= 3 and form.isalpha():
        form = fold(part)  # m², km³; after a longer word or a number it is the number of a note
    form = form[:LONGEST_TERM]
    if form[:1].isdecimal() and _FIRST.match(form):
        return "1er"
    if ordinal := _ORDINAL.match(form):
        return (ordinal[1] or ordinal[2]) + "e"
    return form


def _may_follow(elided: str, rest: str) -> bool:
    """Whether `rest` can stand after an elided word: not in N'Soumer, M'hamed or N'Aït, which are names."""
    rest = unicodedata.normalize("NFC", rest.lstrip(INVISIBLE)[:3])
    first = fold(rest)[:1]
    if rest and first not in _VOWELS:
        return False
    name = rest[:1].isupper() and rest[1:2].islower() or first == "h"
    return not (elided in {"M", "N"} and name)


def _unelided(part: str) -> tuple[str, int, int]:
    """`part` without apostrophes and without what is elided, and the characters of `part` that remain.

    >>> _unelided("jusqu’au"), _unelided("M'hamed"), _unelided("Morocco's")
    (('au', 6, 8), ('Mhamed', 0, 7), ('Morocco', 0, 7))
    """
    end = len(part.rstrip(INVISIBLE + APOSTROPHES))
    pieces = _APOSTROPHE.split(part[:end])
    if end < len(part):
        pieces.append("")  # l’« Express » : nothing follows, so far as one word tells
    start = 0
    if len(pieces) > 1 and fold(pieces[0]) in ELIDED and _may_follow(pieces[0], pieces[1]):
        start = len(pieces[0]) + 1
        del pieces[0]
    if len(pieces) > 1 and pieces[-1] in {"s", "S"} and len(fold(pieces[-2])) > 1:
        del pieces[-1]  # the English possessive
        end -= 2
    return "".join(pieces), min(start, end), end


def terms(raw: str, offset: int = 0) -> list[Term]:
    """The terms of a raw word, or of the part of it that is not in Arabic letters.

    Args:
        raw: what `kashaf.analyzers.words.WORD` found, of one script.
        offset: where `raw` starts; added to every position.

    >>> [term.text for term in terms("vice-président")], [term.text for term in terms("candidat·e·s")]
    (['vice', 'vicepresident', 'president'], ['candidat'])
    """
    inclusive = INCLUSIVE_ENDING.search(raw)
    parts: list[Term] = []
    spelt: list[str] = []
    place = 0
    for part in _HYPHEN_OR_DOT.split(raw[: inclusive.start()] if inclusive else raw):
        text, start, end = _unelided(part)
        if form := _spell(text):
            spelt.append(fold(part) if parts else form)
            parts.append(Term(form, offset + place + start, offset + place + end, 1))
        place += len(part) + 1
    if inclusive and parts:
        last = parts[-1]
        # tou·te·s is the one whose stem without ending is not its masculine.
        form = "tous" if last.text == "tou" else last.text
        parts[-1] = Term(form, last.start, offset + len(raw.rstrip(INVISIBLE + APOSTROPHES)), 1)
    if len(parts) > 1:
        if parts[-1].text in _ENCLITICS:
            parts = [part for part in parts if part.text != "t"]  # a-t-elle
        elif _is_compound(spelt):
            parts.insert(1, Term(_spell("".join(spelt)), parts[0].start, parts[-1].end, 0))
    return parts


def _is_compound(parts: list[str]) -> bool:
    """Whether the parts are also written as one word: e-gouvernement, Val-d'Oise, F-16, but not COVID-19."""
    if len(parts) == 2 and len(parts[0]) == 1 and parts[1].isdecimal():
        return True
    return len(parts) <= _LONGEST_COMPOUND and all(part.isalpha() for part in parts)
