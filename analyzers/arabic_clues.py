"""What is known of each word of an Arabic text, as facts for `kashaf.analyzers.name_model`.

A fact is a name such as ``lfunction`` (the word is in the list of functions) or ``k1.37`` (an archive uses it like
the words of group 37). Facts of the word without its clitics begin with ``b``, ``L``, ``C`` or ``+``.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kashaf.analyzers.gazetteer import known_organisations, territories, word_classes
from kashaf.analyzers.tokens import BLANKS

VOWELS = "\u064b-\u0652\u0670\u0640"
TOKEN = re.compile(
    rf"(?:[\u0621-\u064a]++(?![{VOWELS}]|[^\W\d_])"  # the plain words, which are most
    rf"|[^\W\d_]++(?:[{VOWELS}]+[^\W\d_]*+)*+|\d++|[^\w\s]|\n){BLANKS}"
)
ARABIC = re.compile("[\u0620-\u06ff\u0750-\u077f]")
MARKS = re.compile("[\u0640\u064b-\u0652\u0670]")
_SEATS = str.maketrans("أإآٱىةیکگڭڤپ", "اااايهيكككفب")
SHARES = ("bp", "ip", "bo", "io", "bl", "il", "per", "org", "loc")  # how often a word of the archive is what
NONE = ("none",)
STEPS = (0.02, 0.08, 0.25, 0.5, 0.8)


def fold(word: str) -> str:
    """The spelling under which a word is looked up: no marks, one alef, one yeh, final heh for teh marbuta."""
    # Keeping على apart from the name علي was measured: it loses, since much of the press writes both alike.
    return MARKS.sub("", word).translate(_SEATS)


@functools.cache
def lists() -> Mapping[str, tuple[str, ...]]:
    """Folded word -> the classes it is in."""
    classes: dict[str, set[str]] = {}

    def add(word: str, kind: str) -> None:
        classes.setdefault(fold(word), set()).add(kind)

    for kind, words in word_classes("arabic_mention_words.txt").items():
        for word in words:
            add(word, kind)
    for kind, name in (("arabic", "name"), ("arabic-rare", "rarename")):
        for word in word_classes("name_tokens.txt.gz")[kind]:
            add(word, name)
    for place in territories("ar"):
        parts = place.split()
        for word in parts:
            if len(parts) == 1 or len(word) > 4:
                add(word, "place" if len(parts) == 1 else "placepart")
    for name in known_organisations("ar"):
        first, *rest = name.split()
        add(first, "orgfirst" if rest else "org")
        for word in rest:
            add(word, "orgpart")
    return {word: tuple(sorted(kinds)) for word, kinds in classes.items()}


def kinds(word: str) -> tuple[str, ...]:
    """The classes that a folded word is in."""
    return lists().get(word, ())


@functools.cache
def phrases() -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """First word -> well-known organisations of several words, the longest first."""
    phrases: dict[str, list[tuple[str, ...]]] = {}
    for name in known_organisations("ar"):
        words = tuple(fold(name).split())
        if len(words) > 1:
            phrases.setdefault(words[0], []).append(words)
    return {first: tuple(sorted(names, key=len, reverse=True)) for first, names in phrases.items()}


def core(word: str) -> str:
    """A folded word without conjunction, preposition and article; itself when too little is left."""
    rest = word
    if rest[0] in "وف" and len(rest) > 3:
        rest = rest[1:]
    if rest.startswith("لل") and len(rest) > 4:
        return rest[2:]
    if rest[0] in "بلك" and len(rest) > 4:
        rest = rest[1:]
    if rest.startswith("ال") and len(rest) > 4:
        rest = rest[2:]
    return rest


@functools.lru_cache(1 << 15)
def readings(word: str) -> tuple[tuple[str, int], ...]:
    """The word, and the word without glued conjunction and preposition, with the letters taken off."""
    readings = [(word, 0)]
    rest, cut = word, 0
    if len(rest) > 3 and rest[0] in "وف":
        rest, cut = rest[1:], 1
        readings.append((rest, cut))
    if rest.startswith("لل") and len(rest) > 4:
        readings.append(("ال" + rest[2:], cut + 1))  # the article's alef is not written after ل
    elif len(rest) > 3 and rest[0] in "بلك":
        readings.append((rest[1:], cut + 1))
    return tuple(readings)


@dataclass(frozen=True)
class Lexicon:
    """What an archive taught about its words.

    Attributes:
        rows: word -> row of the arrays.
        groups: clusters of words that stand between the same neighbours; -1: none. int16 [words, levels].
        shares: steps of `STEPS` reached by the share of each of `SHARES`; 255: too rare. uint8 [words, shares].
    """

    rows: Mapping[str, int]
    groups: NDArray[np.int16]
    shares: NDArray[np.uint8]

    def facts(self, word: str, sign: str) -> list[str]:
        row = self.rows.get(word)
        if row is None:
            return [sign + "rare"]
        found = [f"{sign}k{n}.{group}" for n, group in enumerate(self.groups[row].tolist()) if group >= 0]
        shares = self.shares[row].tolist()
        if shares[0] != 255:
            reached = [f"{sign}q{name}{step}" for name, step in zip(SHARES, shares, strict=True) if step]
            found += reached or [sign + "q0"]
        return found or [sign + "rare"]


def is_arabic(word: str) -> bool:
    """Whether it is a word in Arabic letters."""
    return word[0].isalpha() and ARABIC.match(word) is not None


def letters(word: str, base: str) -> list[str]:
    """What the letters of a folded word and the lists say, as names of features.

    Args:
        base: the `core` of the word.
    """
    first = word[0]
    if not first.isalpha():
        return ["#" if first.isdigit() else word]
    if not ARABIC.match(first):
        return ["latin", "LATIN" if word.isupper() else "Latin" if first.isupper() else "low"]
    found = ["w" + word, "s" + word[-2:], "S" + word[-3:], "p" + first, "P" + word[:2], "Q" + word[:3]]
    found.append(f"n{min(len(word), 9)}")
    table = lists()
    found += ["l" + kind for kind in table.get(word, NONE)]
    if base != word:
        cut = word[: len(word) - len(base)]
        found += ["b" + base, "c" + cut]
        own = table.get(base)
        if own is None:
            found.append("Lnone")
        else:
            found += ["L" + kind for kind in own]
            found += ["C" + cut + kind for kind in own]
    return found


def facts(word: str, lexicon: Lexicon) -> list[str]:
    """What is known of a folded word, as names of features."""
    base = core(word)
    found = letters(word, base)
    if is_arabic(word):
        found += lexicon.facts(word, "")
        if base != word:
            found += lexicon.facts(base, "+")
    return found


@functools.lru_cache(1 << 15)
def begun(word: str) -> tuple[tuple[str, ...], ...]:
    """The well-known organisations that a word, its clitics taken off, begins."""
    if not word[0].isalpha():
        return ()
    return tuple(phrase for reading, _ in readings(word) for phrase in phrases().get(reading, ()))


def hints(words: Sequence[str], places: Iterable[int]) -> dict[int, str]:
    """The words that are part of a well-known organisation of several words, as facts of that place.

    Args:
        places: where such an organisation may begin, ascending.
    """
    found: dict[int, str] = {}
    for i in places:
        for phrase in begun(words[i]):
            end = i + len(phrase)
            if i not in found and tuple(words[i + 1 : end]) == phrase[1:]:
                found[i] = "begins"
                found.update(dict.fromkeys(range(i + 1, end), "inside"))
                break
    return found
