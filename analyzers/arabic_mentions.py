"""Persons and organisations in Arabic text, by a small sequence model and lists.

Arabic has no capitals, so a name is known by its company: the title before it, the verb beside it, words that
stand elsewhere in names. `NameModel` weighs such facts; benchmarks/train_mentions.py learns the weights. Lists
of well-known organisations and of head words, and what the rest of the text says of a word, complete it. The
clitics glued to a name (ولمحمد) are left out of its span where a name remains without them.
"""

from __future__ import annotations

import functools
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from kashaf.analyzers.gazetteer import known_organisations, territories, word_classes
from kashaf.analyzers.name_model import LABELS, NameModel
from kashaf.analyzers.spans import Kind, Span

MODEL = "arabic_names.npz"
KINDS: dict[str, Kind] = {"PER": "person", "ORG": "organisation"}
TOKEN = re.compile(r"[^\W\d_]+(?:[\u064b-\u0652\u0670\u0640]+[^\W\d_]*)*|\d+|[^\w\s]|\n")
_MARKS = re.compile("[\u0640\u064b-\u0652\u0670]")
_SEATS = str.maketrans("أإآٱىةیکگڭڤپ", "اااايهيكككفب")
SHARES = ("bp", "ip", "bo", "io", "bl", "il", "per", "org", "loc")  # how often a word of the archive is what
STEPS = (0.02, 0.08, 0.25, 0.5, 0.8)


@functools.lru_cache(1 << 16)
def fold(word: str) -> str:
    """The spelling under which a word is looked up: no marks, one alef, one yeh, final heh for teh marbuta."""
    return _MARKS.sub("", word).translate(_SEATS)


@functools.cache
def lists() -> Mapping[str, tuple[str, ...]]:
    """Folded word -> the classes it is in."""
    classes: dict[str, set[str]] = {}

    def add(word: str, kind: str) -> None:
        classes.setdefault(fold(word), set()).add(kind)

    for kind, words in word_classes("arabic_mention_words.txt").items():
        for word in words:
            add(word, kind)
    for word in word_classes("name_tokens.txt.gz")["arabic"]:
        add(word, "name")
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


@functools.cache
def _phrases() -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """First word -> well-known organisations of several words, the longest first."""
    phrases: dict[str, list[tuple[str, ...]]] = {}
    for name in known_organisations("ar"):
        words = tuple(fold(name).split())
        if len(words) > 1:
            phrases.setdefault(words[0], []).append(words)
    return {first: tuple(sorted(names, key=len, reverse=True)) for first, names in phrases.items()}


@functools.lru_cache(1 << 16)
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


def _readings(word: str) -> list[tuple[str, int]]:
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
    return readings


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


def facts(word: str, lexicon: Lexicon) -> list[str]:
    """What is known of a folded word, as names of features."""
    first = word[0]
    if not first.isalpha():
        return ["#" if first.isdigit() else word]
    if not "\u0621" <= first <= "\u06ff":
        return ["latin", "LATIN" if word.isupper() else "Latin" if first.isupper() else "low"]
    base = core(word)
    table = lists()
    found = ["w" + word, "s" + word[-2:], "S" + word[-3:], "p" + first, "P" + word[:2], "Q" + word[:3]]
    found.append(f"n{min(len(word), 9)}")
    found += ["l" + kind for kind in table.get(word, ("none",))]
    found += lexicon.facts(word, "")
    if base != word:
        cut = word[: len(word) - len(base)]
        found += ["b" + base, "c" + cut]
        found += ["L" + kind for kind in table.get(base, ("none",))]
        found += ["C" + cut + kind for kind in table.get(base, ())]
        found += lexicon.facts(base, "+")
    return found


@functools.lru_cache(1 << 16)
def _begun(word: str) -> tuple[tuple[str, ...], ...]:
    """The well-known organisations that a word, its clitics taken off, begins."""
    if not word[0].isalpha():
        return ()
    return tuple(phrase for reading, _ in _readings(word) for phrase in _phrases().get(reading, ()))


def hints(words: Sequence[str]) -> dict[int, str]:
    """The words that are part of a well-known organisation of several words, as facts of that place."""
    found: dict[int, str] = {}
    for i, word in enumerate(words):
        for phrase in _begun(word):
            end = i + len(phrase)
            if i not in found and tuple(words[i + 1 : end]) == phrase[1:]:
                found[i] = "begins"
                found.update(dict.fromkeys(range(i + 1, end), "inside"))
                break
    return found


def load(raw: bytes) -> tuple[NameModel, Lexicon]:
    """A model and its lexicon, as benchmarks/train_mentions.py writes them."""
    with np.load(io.BytesIO(raw), allow_pickle=False) as arrays:
        words = bytes(arrays["words"]).decode("utf-8").split("\t")
        lexicon = Lexicon({word: n for n, word in enumerate(words)}, arrays["groups"], arrays["shares"])
        features = bytes(arrays["features"]).decode("utf-8").split("\t")
        weights = arrays["weights"].astype(np.float32) * float(arrays["scale"])
        model = NameModel(features, weights, arrays["moves"], lambda word: facts(word, lexicon))
    return model, lexicon


@functools.cache
def packaged() -> tuple[NameModel, Lexicon]:
    """The model that comes with Kashaf."""
    return load((files("kashaf.analyzers") / "data" / MODEL).read_bytes())


def find(text: str, model: tuple[NameModel, Lexicon] | None = None) -> list[Span]:
    """Persons and organisations of an Arabic text, in order, not overlapping."""
    weigher, lexicon = model or packaged()
    matches = list(TOKEN.finditer(text))
    words = [fold(match.group()) or match.group() for match in matches]
    labels = weigher.label(words, hints(words))
    pieces = _pieces(labels)
    pieces = _again(words, labels, pieces, lexicon)
    found: list[Span] = []
    for kind, i, j in pieces:
        start = matches[i].start() + _glued(words[i], matches[i].group(), kind, j - i == 1, lexicon)
        found.append((kind, start, matches[j - 1].end()))
    return found


def _pieces(labels: Sequence[int]) -> list[Span]:
    """Labelled words as pieces: kind, first word, last word + 1."""
    pieces: list[Span] = []
    kind, first = "", 0
    for n, number in enumerate([*labels, 0]):
        label = LABELS[number]
        if kind and label != f"I-{kind}":
            if kind in KINDS:
                pieces.append((KINDS[kind], first, n))
            kind = ""
        if label[0] == "B":
            kind, first = label[2:], n
    return pieces


def _again(words: Sequence[str], labels: Sequence[int], pieces: list[Span], lexicon: Lexicon) -> list[Span]:
    """Adds words left alone that are elsewhere in the text the last word of a person's name."""
    last: set[str] = set()
    for kind, i, j in pieces:
        if kind == "person":
            name = words[j - 1]
            last.add(core(name) if j - i > 1 or name[:2] == "ال" else name)
    last = {word for word in last if len(word) > 2 and not set(lists().get(word, ())) & COMMON}
    if not last:
        return pieces
    more: list[Span] = []
    for n, (word, label) in enumerate(zip(words, labels, strict=True)):
        if not label and len(word) > 3 and core(word) in last and not _ordinary(word, lexicon):
            more.append(("person", n, n + 1))
    return sorted([*pieces, *more], key=lambda piece: piece[1]) if more else pieces


COMMON = frozenset(("function", "honorific", "nisba", "verb", "time", "stop", "orghead", "place"))


def _ordinary(word: str, lexicon: Lexicon) -> bool:
    """Whether the archive uses the word, and seldom in names."""
    if set(lists().get(word, ())) & COMMON:
        return True
    row = lexicon.rows.get(word)
    return row is not None and lexicon.shares[row, 0] != 255 and lexicon.shares[row, SHARES.index("per")] < 3


def _glued(word: str, raw: str, kind: str, alone: bool, lexicon: Lexicon) -> int:
    """How many characters of clitics come before the name in its first word."""
    table = lists()
    if len(raw) != len(word):
        return 0  # vowel marks: the letters cannot be counted off
    share = SHARES.index("per" if kind == "person" else "org")
    best, cut = -1.0, 0
    for reading, off in _readings(word):
        kinds = table.get(reading, ())
        row = lexicon.rows.get(reading)
        value = 0.5 if row is not None else 0.0
        if row is not None and lexicon.shares[row, 0] != 255:
            value += float(lexicon.shares[row, share])
        if kind == "person" and "name" in kinds:
            value += 3
        if kind == "organisation" and {"orghead", "org", "orgfirst"} & set(kinds):
            value += 3
        if value > best:
            best, cut = value, off
    return cut
