"""The word list of clutter (data/clutter.tsv), made ready for quick comparison."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files
from itertools import product
from typing import Literal

Reach = Literal["whole", "line", "section", "sentence", "link", "phrase"]

_ALEF = re.compile("[أإآٱ]")
_TANWIN = "ً"
_MARKS = re.compile("[\u0640\u064b-\u0652\u0670\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufe0f\ufeff]")
_SPECIAL = re.compile(f"{_ALEF.pattern}|{_MARKS.pattern}")
_LETTERS = re.compile(r"[^\W\d_]+")
_BEFORE_WORDS = re.compile(r"[^\w©(\[]*")


@dataclass(frozen=True, slots=True)
class Words:
    """A row of the list, as it is looked for inside running text."""

    text: str
    reach: Reach
    reason: str


def lower(text: str) -> str:
    """Lower case with plain apostrophes and blanks, character for character."""
    low = text.lower()
    if len(low) != len(text):  # İ becomes two characters
        low = "".join(c if len(c.lower()) != 1 else c.lower() for c in text)
    return low.replace("’", "'").replace("\xa0", " ").replace("\u202f", " ")


def key(line: str) -> str:
    """The letters of a lower-case line, under which a whole line is looked up.

    >>> key("— 3 commentaires :")
    'commentaires'
    """
    return " ".join(_LETTERS.findall(_ALEF.sub("ا", _MARKS.sub("", line))))


def whole_line(line: str) -> tuple[str, bool] | None:
    """Reason, and whether the lines after it belong to it, of a lower-case line that is one of the list."""
    if len(line) > _LONGEST_WHOLE:
        return None
    plain = key(line) if _SPECIAL.search(line) else " ".join(_LETTERS.findall(line))
    if found := _WHOLE.get(plain):
        return found
    # A bar of sharing buttons: "Partager Tweeter WhatsApp".
    words = plain.split()
    return ("social", False) if words and all(_WHOLE.get(w) == ("social", False) for w in words) else None


def line_start(line: str) -> str | None:
    """The reason of a lower-case line that begins with words of the list."""
    plain = line[:_LONGEST_START]
    if _SPECIAL.search(plain):
        plain = _ALEF.sub("ا", _MARKS.sub("", plain))
    plain = plain.replace(" :", ":")
    begin = _BEFORE_WORDS.match(plain)
    plain = plain[begin.end() if begin else 0 :]
    for words, reason in _LINE_FROM.get(plain[:1], ()):
        if plain.startswith(words) and not (words[-1].isalpha() and plain[len(words) : len(words) + 1].isalpha()):
            return reason
    return None


def _rows() -> list[Words]:
    lines = files("kashaf.index").joinpath("data/clutter.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")][1:]
    return [Words(text, reach, reason) for reach, reason, text in rows]  # type: ignore[arg-type]  # checked by a test


def _spellings(words: str) -> set[str]:
    """The ways to write Arabic words in running text: alef at their beginning, tanwin at their end."""
    choices: list[list[str]] = []
    for word in words.split(" "):
        forms = {word}
        for begin in ("ا", "وا"):
            # The alef of the article has no hamza.
            if _ALEF.sub("ا", word).startswith(begin) and not word.startswith(begin + "ل"):
                forms |= {begin[:-1] + alef + word[len(begin) :] for alef in "اأإ"}
        if _ALEF.sub("ا", word) == "ايضا":
            forms |= {form[:-1] + _TANWIN + "ا" for form in forms} | {form + _TANWIN for form in forms}
        choices.append(sorted(forms))
    spelt = {" ".join(form) for form in product(*choices)}
    return spelt | {form.replace(" :", ":") for form in spelt}


_ALL = _rows()
_WHOLE = {key(row.text): (row.reason, row.reach == "section") for row in _ALL if row.reach in ("whole", "section")}
_LINE = {_ALEF.sub("ا", row.text).replace(" :", ":"): row.reason for row in _ALL if row.reach == "line"}
# The same by their first character.
_LINE_FROM = {
    first: [row for row in _LINE.items() if row[0].startswith(first)] for first in {text[0] for text in _LINE}
}
_LONGEST_WHOLE = max(map(len, _WHOLE)) + 20  # with figures and marks around it
_LONGEST_START = max(map(len, _LINE)) + 20

_INLINE = [
    Words(text, row.reach, row.reason)
    for row in _ALL
    if row.reach in ("sentence", "link", "phrase")
    for text in sorted(_spellings(row.text), key=len, reverse=True)
]
# Pieces that may stand anywhere in running text.
PHRASES = tuple(words for words in _INLINE if words.reach == "phrase")
# Related links that a mark such as a colon shows even where no sentence ends before them.
LINKS = tuple(words.text.rstrip(" :>") for words in _INLINE if words.reach == "link")
# Links and appeals that begin a sentence, under their first word, the longest first.
OPENINGS: dict[str, list[Words]] = {}
for _words in sorted(_INLINE, key=lambda words: -len(words.text)):
    if _words.reach != "phrase":
        OPENINGS.setdefault(_LETTERS.findall(_words.text)[0], []).append(_words)
