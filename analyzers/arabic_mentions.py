"""Persons and organisations in Arabic text, by a small sequence model, lists and a few rules.

Arabic has no capitals, so a name is known by its company: the title before it, the verb beside it, words that
stand elsewhere in names. `NameModel` weighs such facts; benchmarks/train_mentions.py learns the weights. Rules
add what stands between commas after a function, and words that are elsewhere in the text the end of a
person's name. The clitics glued to a name (ولمحمد) are left out of its span where a name remains without them.
"""

from __future__ import annotations

import functools
import io
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from kashaf.analyzers.arabic_clues import (
    ARABIC,
    MARKS,
    SHARES,
    TOKEN,
    Lexicon,
    core,
    fold,
    hints,
    kinds,
    readings,
)
from kashaf.analyzers.arabic_words import (
    BEGINS,
    BODIES,
    COMMA,
    COMMON,
    FUNCTION,
    NAME,
    PROPER,
    SENTENCE_ENDS,
    TITLE,
    WordTable,
    in_names,
)
from kashaf.analyzers.name_model import LABELS, REACH, NameModel, Numbers
from kashaf.analyzers.spans import Kind, Span
from kashaf.analyzers.tokens import cover

MODEL = "arabic_names.npz"
BEGUN: dict[int, Kind] = {LABELS.index("B-PER"): "person", LABELS.index("B-ORG"): "organisation"}
INSIDE = {"person": LABELS.index("I-PER"), "organisation": LABELS.index("I-ORG")}
Flags = NDArray[np.uint8]
Piece = tuple[Kind, int, int]  # kind, first word, last word + 1
COMMAS = frozenset("،,)")
STOPS = (
    COMMAS | SENTENCE_ENDS | frozenset(map(fold, "إن أن إنه إنها أنه أنها في على عن من إلى مع خلال أمس اليوم".split()))
)
FUNCTION_REACH = 16  # words between a function and the name after the comma
LONGEST_NAME = 5
AMOUNTS = frozenset(map(fold, "ألف آلاف مليون ملايين مليونا مليار مليارات تريليون مئة مائة".split()))
BATCH = 1 << 17  # characters of the texts that are read at once


def load(raw: bytes) -> WordTable:
    """A model and its lexicon, as benchmarks/train_mentions.py writes them."""
    with np.load(io.BytesIO(raw), allow_pickle=False) as arrays:
        words = bytes(arrays["words"]).decode("utf-8").split("\t")
        lexicon = Lexicon({word: n for n, word in enumerate(words)}, arrays["groups"], arrays["shares"])
        features = bytes(arrays["features"]).decode("utf-8").split("\t")
        weights = arrays["weights"].astype(np.float32) * float(arrays["scale"])
        return WordTable(NameModel(features, weights, arrays["moves"]), lexicon)


@functools.cache
def packaged() -> WordTable:
    """The model that comes with Kashaf."""
    return load((files("kashaf.analyzers") / "data" / MODEL).read_bytes())


def find(text: str, table: WordTable | None = None) -> list[Span]:
    """Persons and organisations of an Arabic text, in order, not overlapping."""
    return find_all([text], table)[0]


def find_all(texts: Sequence[str], table: WordTable | None = None) -> list[list[Span]]:
    """Persons and organisations of each text: quicker than one by one, since arrays are summed over many texts."""
    table = packaged() if table is None else table
    found: list[list[Span]] = []
    first = size = 0
    for n, text in enumerate(texts, 1):
        size += len(text)
        if size > BATCH or n == len(texts):
            found += _find_all(texts[first:n], table)
            first, size = n, 0
    return found


@dataclass(frozen=True, slots=True)
class Labelled:
    """Texts read as one, with two line feeds before each and after the last.

    Attributes:
        covers: the tokens of each text and where they end.
        firsts: the place of the first word of each text, and where one more would begin.
        words: folded.
        numbers: of the words in the table.
        labels: of the words, as an index of `LABELS`.
    """

    covers: list[tuple[list[str], list[int]]]
    firsts: list[int]
    words: list[str]
    numbers: Numbers
    labels: NDArray[np.int8]


def labelled(texts: Sequence[str], table: WordTable) -> Labelled:
    """What the model makes of the words of texts."""
    table.make_room()
    covers, parts, gap = [], [], np.zeros(REACH, np.int64)
    for text in texts:
        covers.append(cover(TOKEN, text))
        parts += [gap, table.numbers(covers[-1][0])]
    table.settle()
    numbers = np.concatenate([*parts, gap])
    firsts = np.cumsum([REACH, *(len(tokens) + REACH for tokens, _ in covers)])
    words = [table.words[number] for number in numbers.tolist()]
    marks = hints(words, np.flatnonzero(table.flags[numbers] & BEGINS).tolist())
    breaks = (firsts[:, None] - np.arange(1, REACH + 1)).ravel()
    labels = table.model.labels(table.scores[numbers], list(marks.items()), breaks)
    return Labelled(covers, firsts.tolist(), words, numbers, labels)


def _find_all(texts: Sequence[str], table: WordTable) -> list[list[Span]]:
    read = labelled(texts, table)
    words, firsts, flags = read.words, read.firsts, table.flags[read.numbers]
    places = np.flatnonzero(read.labels)
    pieces = [_trimmed(words, piece) for piece in _pieces(places.tolist(), read.labels[places].tolist())]
    pieces = [part for piece in pieces for part in _divided(words, piece)]
    pieces = [_whole(words, piece) for piece in pieces if piece[1] < piece[2] and not _no_name(words, piece)]
    pieces = _announced(words, flags, pieces, table.lexicon)
    pieces = _again(words, table.cores[read.numbers], flags, pieces, firsts)
    found: list[list[Span]] = [[] for _ in texts]
    for kind, i, j in pieces:
        n = bisect_right(firsts, i) - 1
        tokens, ends = read.covers[n]
        first, last = tokens[i - firsts[n]], j - 1 - firsts[n]
        start = ends[i - firsts[n]] - len(first) + _glued(words[i], first, kind, table.lexicon)
        found[n].append((kind, start, ends[last] - len(tokens[last]) + len(tokens[last].rstrip(" "))))
    return found


def _pieces(places: Iterable[int], labels: Iterable[int]) -> list[Piece]:
    """The stretches of labels that are persons or organisations, from the places whose label is not O."""
    pieces: list[Piece] = []
    for n, label in zip(places, labels, strict=True):
        kind = BEGUN.get(label)
        if kind is not None:
            pieces.append((kind, n, n + 1))
        elif pieces and (label, n) == (INSIDE[pieces[-1][0]], pieces[-1][2]):
            pieces[-1] = pieces[-1][0], pieces[-1][1], n + 1
    return pieces


def _no_name(words: Sequence[str], piece: Piece) -> bool:
    """An amount of money, or a country that acts ("قالت إيران"): no organisation."""
    kind, i, j = piece
    if kind == "person":
        return False
    amount = i > 0 and (words[i - 1].isdigit() or words[i - 1] in AMOUNTS)
    return amount or (j == i + 1 and any("place" in kinds(reading) for reading, _ in readings(words[i])))


def _whole(words: Sequence[str], piece: Piece) -> Piece:
    """The piece with the head word that governs it."""
    kind, i, j = piece
    if kind == "organisation" and i and words[i].startswith("ال"):
        if any(reading in BODIES for reading, _ in readings(words[i - 1])):
            return kind, i - 1, j
    return piece


def _divided(words: Sequence[str], piece: Piece) -> Iterator[Piece]:
    """The organisations of a piece that joins two: البنك الدولي وصندوق النقد الدولي."""
    kind, i, j = piece
    if kind == "organisation":
        for k in range(i + 1, j):
            word = words[k]
            if word.startswith("و") and not word.startswith("وال") and "orghead" in kinds(word[1:]):
                yield kind, i, k
                i = k
    yield kind, i, j


def _trimmed(words: Sequence[str], piece: Piece) -> Piece:
    """The first part of a piece that is in Arabic letters, on one line, without punctuation at its ends or a verb.

    Words in Latin letters are for the finder of that script.
    """
    kind, i, j = piece
    while i < j and not ARABIC.match(words[i]):
        i += 1
    end = i
    while end < j and words[end] != "\n" and (ARABIC.match(words[end]) or not words[end].isalpha()):
        end += 1
    while end > i and not words[end - 1].isalnum():
        end -= 1
    while kind == "organisation" and end > i and "verb" in kinds(words[end - 1]):
        end -= 1  # البنك الأفريقي للتنمية اشترط
    if kind == "person" and words[end : end + 1] and len(words[end]) == 1 and words[end + 1 : end + 2] == ["."]:
        end += words[end].isalpha() and words[end] != "و"  # محمد ب.
    return kind, i, end


def _announced(words: Sequence[str], flags: Flags, pieces: list[Piece], lexicon: Lexicon) -> list[Piece]:
    """Adds names after a function: "وزيرة الانتقال الرقمي، أمل الفلاح السغروشني، أمس", "الوزيرة أمل الفلاح إن"."""
    spots = np.flatnonzero((flags[:-1] & (TITLE | COMMA) != 0) & (flags[1:] & NAME != 0)).tolist()
    taken = {n for _, i, j in pieces for n in range(i, j)} if spots else set()
    more: list[Piece] = []
    for n in spots:
        if n in taken:
            continue
        if flags[n] & TITLE:
            end = _name_end(words, n + 1, STOPS, lexicon)
        elif any(flags[k] & FUNCTION and k not in taken for k in _sentence_before(words, n)):
            end = _name_end(words, n + 1, COMMAS, lexicon)
        else:
            end = 0
        if end and not taken.intersection(range(n + 1, end)):
            more.append(("person", n + 1, end))
            taken.update(range(n + 1, end))
    return sorted([*pieces, *more], key=lambda piece: piece[1]) if more else pieces


def _sentence_before(words: Sequence[str], n: int) -> Iterator[int]:
    """The places before `n` in its sentence, as far as a function is looked for."""
    for k in range(n - 1, max(0, n - FUNCTION_REACH) - 1, -1):
        if words[k] in SENTENCE_ENDS:
            return
        yield k


def _name_end(words: Sequence[str], i: int, ends: frozenset[str], lexicon: Lexicon) -> int:
    """The end of two to five words that may be a name and are followed by one of `ends`; 0: none.

    The first must be a word of names, and another one too, or rare, or one that an archive has in names.
    """
    second = False
    for j in range(i, min(len(words), i + LONGEST_NAME + 1)):
        word = words[j]
        if word in ends:
            return j if second else 0
        read = {kind for reading, _ in readings(word) for kind in kinds(reading)}
        if not word[0].isalpha() or read & COMMON or core(word) in BODIES:
            return 0
        if j > i:
            second = second or word not in lexicon.rows or in_names(word, lexicon)
        elif "name" not in kinds(word):
            return 0
    return 0


def _again(
    words: Sequence[str], cores: NDArray[np.int32], flags: Flags, pieces: list[Piece], firsts: list[int]
) -> list[Piece]:
    """Adds words left alone that are elsewhere in their text the last word of a person's name."""
    last: set[tuple[int, int]] = set()  # text, core
    taken: set[int] = set()
    for kind, i, j in pieces:
        taken.update(range(i, j))
        word = core(words[j - 1])
        if kind == "person" and len(word) > 2 and not COMMON.intersection(kinds(word)):
            last.add((bisect_right(firsts, i), int(cores[j - 1])))
    spots = np.flatnonzero(flags & PROPER)
    spots = spots[np.isin(cores[spots], [number for _, number in last])]
    more: list[Piece] = [
        ("person", n, n + 1)
        for n, number in zip(spots.tolist(), cores[spots].tolist(), strict=True)
        if n not in taken and (bisect_right(firsts, n), number) in last
    ]
    return sorted([*pieces, *more], key=lambda piece: piece[1]) if more else pieces


def _glued(word: str, raw: str, kind: Kind, lexicon: Lexicon) -> int:
    """How many characters of clitics stand before the name in its first word."""
    read = readings(word)
    if len(read) == 1:
        return 0
    share = SHARES.index("per" if kind == "person" else "org")
    wanted = {"name"} if kind == "person" else {"orghead", "org", "orgfirst"}
    best, letters = -1.0, 0
    for reading, off in read:
        row = lexicon.rows.get(reading)
        value = 3.0 if wanted.intersection(kinds(reading)) else 0.0
        if row is not None:
            value += 0.5
            if lexicon.shares[row, 0] != 255:
                value += float(lexicon.shares[row, share])
        if value > best:
            best, letters = value, off
    cut = 0
    while letters or (cut and MARKS.match(raw[cut])):  # vowel marks go with their letter
        letters -= not MARKS.match(raw[cut])
        cut += 1
    return cut
