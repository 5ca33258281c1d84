"""Arabic typed in Latin letters, with digits for the letters that Latin has not (7abib, ma3rib).

Every reading that the lexicon has is tried: a letter of Arabizi may be several Arabic ones, and vowels may be
written or not. Readings grow letter by letter, and those that no form of the lexicon starts with are dropped.
"""

from __future__ import annotations

import math
import re

from kashaf.search.lexicon import Lexicon

_ARABIZI = re.compile(r"(?=.*[a-z])(?=.*[2356789])[a-z2356789]{3,24}")
_BEAM = 48  # readings kept at a time
_UNUSUAL = 0.3  # what each less usual letter weighs, against half the power of ten of the articles

# What each sign may stand for, the usual letter first, in folded spelling; "" is a vowel that is not written.
_TABLE = """
2 ا ء ئ ؤ|3 ع|3' غ|5 خ|6 ط|7 ح|7' خ|8 ق غ|9 ق ص|9' ض|a - ا ي|aa ا|e - ا ي|ee ي|i ي - ا|o و -|oo و|ou و|u و -
y ي|w و|al ال|el ال|l ل ال|b ب|p ب|t ت ط|th ث ته|j ج|dj ج|g ك ق ج غ|h ه ح|kh خ|d د ض|dh ذ ض ظ|r ر|z ز ظ ذ
s س ص|sh ش|ch ش|gh غ|f ف|v ف|q ق|c ك س|k ك ق|m م|n ن|x كس
"""
_SIGNS = {
    sign: tuple(letters.replace("-", "") for letters in choices)
    for sign, *choices in (row.split() for row in _TABLE.strip().replace("\n", "|").split("|"))
}
_AT_END = {"a": ("ه", "ا", "ي", "")}
_AT_START = {"al", "el"}


def read_arabizi(word: str, lexicon: Lexicon) -> str | None:
    """The likeliest Arabic form of an Arabizi word with a digit; None when the lexicon has none."""
    if not _ARABIZI.fullmatch(word):
        return None
    # For every number of signs read: what is written by then, and how unusual the choices were.
    beams: list[dict[str, float]] = [{"": 0.0}, *({} for _ in word)]
    for place in range(len(word)):
        for written, cost in sorted(beams[place].items(), key=lambda reading: reading[1])[:_BEAM]:
            if written and not lexicon.starting_with(written, 1):
                continue
            for size in (1, 2)[: len(word) - place]:
                sign = word[place : place + size]
                choices = _SIGNS.get(sign, ())
                if place + size == len(word):
                    choices = _AT_END.get(sign, choices)
                if place and (sign in _AT_START or sign == "l"):
                    choices = choices[:1] if sign == "l" else ()
                for rank, letters in enumerate(choices):
                    doubled = place and word[place - 1] == sign and written.endswith(letters)
                    longer = written if doubled else written + letters
                    after = beams[place + size]
                    after[longer] = min(after.get(longer, math.inf), cost + _UNUSUAL * rank)
    found = [
        (cost - math.log10(frequency) / 2, written)
        for written, cost in beams[-1].items()
        if len(written) > 2 and (frequency := lexicon.frequency(written))
    ]
    return min(found)[1] if found else None
