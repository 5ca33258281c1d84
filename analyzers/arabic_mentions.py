"""Persons and organisations in Arabic text, by a small sequence model, lists and a few rules.

Arabic has no capitals, so a name is known by its company: the title before it, the verb beside it, words that
stand elsewhere in names. `NameModel` weighs such facts; benchmarks/train_mentions.py learns the weights. Rules
add what stands between commas after a function, and words that are elsewhere in the text the end of a
person's name. The clitics glued to a name (ولمحمد) are left out of its span where a name remains without them.
"""

from __future__ import annotations

import functools
import io
import re
from collections.abc import Sequence
from importlib.resources import files

import numpy as np

from kashaf.analyzers.arabic_clues import (
    MARKS,
    SHARES,
    STEPS,
    TOKEN,
    Lexicon,
    core,
    facts,
    fold,
    hints,
    lists,
    readings,
)
from kashaf.analyzers.name_model import LABELS, NameModel
from kashaf.analyzers.spans import Kind, Span

ARABIC = re.compile("[\u0620-\u06ff\u0750-\u077f]")
MODEL = "arabic_names.npz"
KINDS: dict[str, Kind] = {"PER": "person", "ORG": "organisation"}
Piece = tuple[Kind, int, int]  # kind, first word, last word + 1
# Words of these lists are no part of a name that no one vouches for.
COMMON = frozenset(("function", "honorific", "nisba", "verb", "time", "stop", "orghead", "place"))
SENTENCE_ENDS = frozenset(".\n؟!")
COMMAS = frozenset("،,)")
STOPS = (
    COMMAS | SENTENCE_ENDS | frozenset(map(fold, "إن أن إنه إنها أنه أنها في على عن من إلى مع خلال أمس اليوم".split()))
)
FUNCTION_REACH = 16  # words between a function and the name after the comma
LONGEST_NAME = 5
# A body of a body is one name: برنامج الأمم المتحدة الإنمائي.
BODIES = frozenset(map(fold, "برنامج صندوق مفوضية بعثة منظمة وكالة هيئة لجنة مكتب".split()))
AMOUNTS = frozenset(map(fold, "ألف آلاف مليون ملايين مليونا مليار مليارات تريليون مئة مائة".split()))


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
    pieces = [_trimmed(words, piece) for piece in _pieces(labels)]
    pieces = [_whole(words, piece) for piece in pieces if piece[1] < piece[2] and not _no_name(words, piece)]
    pieces = _again(words, _announced(words, pieces, lexicon), lexicon)
    found: list[Span] = []
    for kind, i, j in pieces:
        start = matches[i].start() + _glued(words[i], matches[i].group(), kind, lexicon)
        found.append((kind, start, matches[j - 1].end()))
    return found


def _pieces(labels: Sequence[int]) -> list[Piece]:
    """The stretches of labels that are persons or organisations."""
    pieces: list[Piece] = []
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


def _kinds(word: str) -> tuple[str, ...]:
    return lists().get(word, ())


@functools.lru_cache(1 << 16)
def _is_function(word: str) -> bool:
    return any("function" in _kinds(reading) for reading, _ in readings(word))


def _no_name(words: Sequence[str], piece: Piece) -> bool:
    """An amount of money, or a country that acts ("قالت إيران"): no organisation."""
    kind, i, j = piece
    if kind == "person":
        return False
    amount = i > 0 and (words[i - 1].isdigit() or words[i - 1] in AMOUNTS)
    return amount or (j == i + 1 and any("place" in _kinds(reading) for reading, _ in readings(words[i])))


def _whole(words: Sequence[str], piece: Piece) -> Piece:
    """The piece with the head word that governs it."""
    kind, i, j = piece
    if kind == "organisation" and i and words[i].startswith("ال"):
        if any(reading in BODIES for reading, _ in readings(words[i - 1])):
            return kind, i - 1, j
    return piece


def _trimmed(words: Sequence[str], piece: Piece) -> Piece:
    """The first part of a piece that is in Arabic letters, on one line, without punctuation at its ends.

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
    if kind == "person" and words[end : end + 1] and len(words[end]) == 1 and words[end + 1 : end + 2] == ["."]:
        end += words[end].isalpha() and words[end] != "و"  # محمد ب.
    return kind, i, end


def _announced(words: Sequence[str], pieces: list[Piece], lexicon: Lexicon) -> list[Piece]:
    """Adds names after a function: "وزيرة الانتقال الرقمي، أمل الفلاح السغروشني، أمس", "الوزيرة أمل الفلاح إن"."""
    taken = {n for _, i, j in pieces for n in range(i, j)}
    more: list[Piece] = []
    function = -FUNCTION_REACH
    for n, word in enumerate(words):
        end = 0
        if word in SENTENCE_ENDS:
            function = -FUNCTION_REACH
        elif n in taken:
            continue
        elif _is_function(word):
            function = n
            end = _name_end(words, n + 1, STOPS, lexicon) if core(word) != word else 0
        elif word == "،" and n - function <= FUNCTION_REACH:
            end = _name_end(words, n + 1, COMMAS, lexicon)
        if end and not taken.intersection(range(n + 1, end)):
            more.append(("person", n + 1, end))
            taken.update(range(n + 1, end))
    return sorted([*pieces, *more], key=lambda piece: piece[1]) if more else pieces


def _name_end(words: Sequence[str], i: int, ends: frozenset[str], lexicon: Lexicon) -> int:
    """The end of two to five words that may be a name and are followed by one of `ends`; 0: none.

    The first must be a word of names, and another one too, or rare, or one that an archive has in names.
    """
    second = False
    for j in range(i, min(len(words), i + LONGEST_NAME + 1)):
        word = words[j]
        if word in ends:
            return j if second else 0
        kinds = {kind for reading, _ in readings(word) for kind in _kinds(reading)}
        if not word[0].isalpha() or kinds & COMMON or core(word) in BODIES:
            return 0
        if j > i:
            second = second or word not in lexicon.rows or _in_names(word, lexicon)
        elif "name" not in _kinds(word):
            return 0
    return 0


def _again(words: Sequence[str], pieces: list[Piece], lexicon: Lexicon) -> list[Piece]:
    """Adds words left alone that are elsewhere in the text the last word of a person's name."""
    last = {core(words[j - 1]) for kind, i, j in pieces if kind == "person"}
    last = {word for word in last if len(word) > 2 and not COMMON.intersection(_kinds(word))}
    if not last:
        return pieces
    taken = {n for _, i, j in pieces for n in range(i, j)}
    more: list[Piece] = [
        ("person", n, n + 1)
        for n, word in enumerate(words)
        if len(word) > 3 and core(word) in last and n not in taken and not _ordinary(word, lexicon)
    ]
    return sorted([*pieces, *more], key=lambda piece: piece[1]) if more else pieces


def _ordinary(word: str, lexicon: Lexicon) -> bool:
    """Whether the word is a common one: by the lists, or because an archive uses it, and seldom in names."""
    return bool(COMMON.intersection(_kinds(word))) or (word in lexicon.rows and not _in_names(word, lexicon))


def _in_names(word: str, lexicon: Lexicon) -> bool:
    """Whether an archive has the word in names of persons a quarter of the time; True when it is too rare to tell."""
    shares = lexicon.shares[lexicon.rows[word]]
    return bool(shares[0] == 255 or shares[SHARES.index("per")] >= STEPS.index(0.25) + 1)


def _glued(word: str, raw: str, kind: Kind, lexicon: Lexicon) -> int:
    """How many characters of clitics stand before the name in its first word."""
    share = SHARES.index("per" if kind == "person" else "org")
    wanted = {"name"} if kind == "person" else {"orghead", "org", "orgfirst"}
    best, letters = -1.0, 0
    for reading, off in readings(word):
        row = lexicon.rows.get(reading)
        value = 3.0 if wanted.intersection(_kinds(reading)) else 0.0
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
