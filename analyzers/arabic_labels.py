"""What the model of names makes of the words of Arabic texts: labels, and the stretches of them that are names.

benchmarks/train_mentions.py learns the model, a `NameModel` with the `Lexicon` of an archive.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from kashaf.analyzers.arabic_clues import TOKEN, Lexicon, hints
from kashaf.analyzers.arabic_words import BEGINS, WordTable
from kashaf.analyzers.name_model import LABELS, REACH, NameModel, Numbers
from kashaf.analyzers.spans import Kind
from kashaf.analyzers.tokens import cover

MODEL = "arabic_names.npz"
Piece = tuple[Kind, int, int]  # kind, first word, last word + 1
BEGUN: dict[int, Kind] = {LABELS.index("B-PER"): "person", LABELS.index("B-ORG"): "organisation"}
INSIDE = {"person": LABELS.index("I-PER"), "organisation": LABELS.index("I-ORG")}


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


@dataclass(frozen=True, slots=True)
class Labelled:
    """Texts read as one, with two line feeds before each and after the last.

    Attributes:
        covers: the tokens of each text and where they end.
        firsts: the place of the first word of each text, and where one more would begin.
        words: folded.
        numbers: of the words in the table.
        labels: of the words, as an index of `LABELS`.
        known: where well-known organisations of several words begin.
    """

    covers: list[tuple[list[str], list[int]]]
    firsts: list[int]
    words: list[str]
    numbers: Numbers
    labels: NDArray[np.int8]
    known: list[int]


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
    known = [place for place, mark in marks.items() if mark == "begins"]
    return Labelled(covers, firsts.tolist(), words, numbers, labels, known)


def stretches(labels: NDArray[np.int8]) -> list[Piece]:
    """The stretches of labels that are persons or organisations."""
    places = np.flatnonzero(labels)
    pieces: list[Piece] = []
    for n, label in zip(places.tolist(), labels[places].tolist(), strict=True):
        kind = BEGUN.get(label)
        if kind is not None:
            pieces.append((kind, n, n + 1))
        elif pieces and (label, n) == (INSIDE[pieces[-1][0]], pieces[-1][2]):
            pieces[-1] = pieces[-1][0], pieces[-1][1], n + 1
    return pieces
