"""Where a text may hold some words, found without reading it word by word.

An outline is a text as one byte a character, its plain letters and digits folded one by one as the analysers
fold them. A word can only stand where the outline has the first letters of its form or of its class, with
nothing between them but what vanishes inside words: marks, hyphens, apostrophes, dots. Characters whose folding
is more than that of one letter (ligatures, letters of other scripts, composing hamzas) are always a place
to look at, so that no word is missed; what is found there still has to be read.

The table is made by asking the analysers themselves, so that it follows their rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt

from kashaf.analyzers.terms import WORD, fold
from kashaf.analyzers.words import APOSTROPHES, ARABIC_LETTER, HYPHENS, MIDDLE_DOTS

_SPACE, _VANISHING, _RARE, _OTHER = 1, 2, 3, 4
_FIRST_DIGIT = 16
_LETTERS = "abcdefghijklmnopqrstuvwxyzابتثجحخدذرزسشصضطظعغفقكلمنهويءؤئ"
_HAMZAS = "ؤئء"  # one letter in a stem class
_CODES = {
    **{digit: _FIRST_DIGIT + int(digit) for digit in "0123456789"},
    **{letter: _FIRST_DIGIT + 10 + place for place, letter in enumerate(_LETTERS)},
}
_CODES.update(dict.fromkeys(_HAMZAS, _CODES["ء"]))
_BETWEEN_PARTS = re.compile(f"[{APOSTROPHES}{HYPHENS}{MIDDLE_DOTS}.]")
# Latin and Arabic letters, combining marks, general punctuation; whatever lies elsewhere is rare.
_PLAIN = (range(0x250), range(0x300, 0x370), range(0x600, 0x653), range(0x656, 0x671), range(0x2000, 0x2070))

_LETTERS_ENOUGH = 5  # of the beginning of a word: few others have them
MANY = 64  # beginnings; with more of them, nearly every word would be a place to look at


@cache
def _table() -> npt.NDArray[np.uint8]:
    """The code of every character below U+2071; the last one is that of all others."""
    table = np.full(0x2071, _RARE, np.uint8)
    for block in _PLAIN:
        for character in block:
            table[character] = _code(chr(character))
    return table


def _code(character: str) -> int:
    if character.isspace():
        return _SPACE
    if _BETWEEN_PARTS.match(character):
        return _VANISHING
    if ARABIC_LETTER.match(character):
        around = ["بب"]
    elif character.isalnum():
        around = ["ab"]
    else:
        around = ["ab", "بب"]
    words = [f"{pair[0]}{character}{pair[1]}" for pair in around]
    if not any(WORD.fullmatch(word) for word in words):
        return _OTHER
    folded = [fold(word) for word in words]
    if folded == around:
        return _VANISHING
    if len(folded) == 1 and len(folded[0]) == 3:
        return _CODES.get(folded[0][1], _RARE)
    return _RARE


@lru_cache(maxsize=1 << 12)
def beginning(form: str, letters: int = _LETTERS_ENOUGH) -> bytes:
    """The first letters of a form as an outline has them; b"" when its words are rare in any outline.

    Of a number only its first digit, for its groups may stand apart.
    """
    if form[:1].isdecimal():
        return bytes([_CODES[form[0]]]) if form[0] in _CODES else b""
    codes = []
    for letter in form[: 2 * letters]:
        code = int(_table()[min(ord(letter), 0x2070)])
        if code >= _FIRST_DIGIT:
            codes.append(code)
        elif code != _VANISHING:
            break
    return bytes(codes[:letters])


def beginnings(forms: Iterable[str], stems: Iterable[str]) -> frozenset[bytes]:
    """The beginnings of forms and stem classes: where none of them stands, none of their words does.

    A stem class and the words in it (clitics off) have their first letters in common. In Arabic all of them, but
    for a last ta marbuta, which is written ت before a pronoun (سنته is of the class سنه); in French all but the
    last three, and never fewer than three.
    """
    found = {beginning(form) for form in forms}
    for stem in stems:
        if not ARABIC_LETTER.match(stem):
            found.add(beginning(stem, max(3, min(_LETTERS_ENOUGH, len(stem) - 3))))
        elif not stem.endswith("ه"):
            found.add(beginning(stem))
        else:
            found |= {beginning(stem), beginning(stem[:-1] + "ت")}
    found.discard(b"")
    if len(found) > MANY:
        return frozenset(found)
    return frozenset(one for one in found if not any(one != other and one.startswith(other) for other in found))


class Outline:
    """The outline of one text."""

    def __init__(self, text: str) -> None:
        points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.int32)
        self._codes = _table().take(points, mode="clip")
        self._whole = self._codes.tobytes()  # one byte a character
        self._spelt = self._whole.translate(None, bytes([_VANISHING]))

    def has(self, word: str) -> bool:
        """Whether a form can stand anywhere in the text."""
        return beginning(word) in self._spelt or _RARE in self._spelt

    def places(self, wanted: Iterable[bytes], most: int) -> list[int] | None:
        """The characters at which a word with one of the beginnings may stand, ascending.

        Returns:
            None when there are more than `most` of them.
        """
        spelt = self._spelt
        found: list[int] = []
        for letters in (*wanted, bytes([_RARE])):
            at = spelt.find(letters)
            while at >= 0:
                found.append(at)
                if len(found) > most:
                    return None
                at = spelt.find(letters, at + 1)
        if not found:
            return found
        vanished = np.flatnonzero(self._codes == _VANISHING)
        found.sort()
        before = np.searchsorted(vanished - np.arange(len(vanished)), found, side="right")
        return [at + more for at, more in zip(found, before.tolist(), strict=True)]

    def begins(self, place: int, low: int) -> int:
        """Where what is read together with the character at `place` begins, `low` at least.

        White space parts words, except between the groups of a number.
        """
        whole = self._whole
        start = whole.rfind(_SPACE, low, place) + 1
        while start > low + 1 and _is_digit(whole[start]) and _is_digit(whole[start - 2]):
            start = whole.rfind(_SPACE, low, start - 1) + 1
        return max(start, low)

    def ends(self, place: int, high: int) -> int:
        """Where what is read together with the character at `place` ends, `high` at most."""
        whole = self._whole
        end = whole.find(_SPACE, place, high)
        while 0 < end < high - 1 and _is_digit(whole[end - 1]) and _is_digit(whole[end + 1]):
            end = whole.find(_SPACE, end + 1, high)
        return end if end >= 0 else high


def _is_digit(code: int) -> bool:
    """Whether a character is a digit, or may be one of another script."""
    return _FIRST_DIGIT <= code < _FIRST_DIGIT + 10 or code == _RARE
