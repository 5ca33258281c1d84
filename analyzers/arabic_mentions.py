"""Persons and organisations in Arabic text, by a small sequence model, lists and a few rules.

Arabic has no capitals, so a name is known by its company: the title before it, the verb beside it, words that
stand elsewhere in names. A model weighs such facts (`kashaf.analyzers.arabic_labels`). Rules leave out and mend
what only looks like a name (`kashaf.analyzers.arabic_no_names`), and add what stands between commas after a
function, and words that are elsewhere in the text the end of a person's name. The clitics glued to a name
(ولمحمد) are left out of its span where a name remains without them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from kashaf.analyzers.arabic_clues import (
    ARABIC,
    MARKS,
    SHARES,
    Lexicon,
    core,
    fold,
    is_arabic,
    kinds,
    readings,
)
from kashaf.analyzers.arabic_labels import Piece, labelled, packaged, stretches
from kashaf.analyzers.arabic_no_names import classes_of, completed, divided, judged, known_end, without_lone
from kashaf.analyzers.arabic_stem import word_counts
from kashaf.analyzers.arabic_verbs import is_verb
from kashaf.analyzers.arabic_words import (
    BODIES,
    COMMA,
    COMMON,
    FUNCTION,
    MINISTRY,
    NAME,
    PROPER,
    SENTENCE_ENDS,
    TITLE,
    UNTOLD,
    WordTable,
    in_names,
)
from kashaf.analyzers.spans import Kind, Span

Flags = NDArray[np.uint8]
COMMAS = frozenset("،,)")
STOPS = (
    COMMAS | SENTENCE_ENDS | frozenset(map(fold, "إن أن إنه إنها أنه أنها في على عن من إلى مع خلال أمس اليوم".split()))
)
FUNCTION_REACH = 16  # words between a function and the name after the comma
LONGEST_NAME = 5
LONGEST_MINISTRY = 9
AMOUNTS = frozenset(map(fold, "ألف آلاف مليون ملايين مليونا مليار مليارات تريليون مئة مائة".split()))
MUCH_COMMONER = 4  # times that a name must be in more articles alone than with a clitic
BATCH = 1 << 17  # characters of the texts that are read at once


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


def _find_all(texts: Sequence[str], table: WordTable) -> list[list[Span]]:
    read = labelled(texts, table)
    words, firsts, flags = read.words, read.firsts, table.flags[read.numbers]
    pieces = [_trimmed(words, piece) for piece in stretches(read.labels)]
    pieces = [part for piece in pieces for part in divided(words, piece)]
    pieces = [part for piece in pieces for part in _divided(words, piece)]
    pieces = [_whole(words, piece) for piece in pieces if not _no_name(words, piece)]
    pieces = _proper(words, pieces)
    pieces = _with_sure(words, flags, pieces, read.known)
    pieces = _announced(words, flags, pieces, table.lexicon)
    pieces = completed(words, pieces, _texts(pieces, firsts))
    pieces = _again(words, table.cores[read.numbers], flags, pieces, firsts)
    pieces = without_lone(words, pieces, _texts(pieces, firsts), lambda word: _may_be_family(word, table.lexicon))
    found: list[list[Span]] = [[] for _ in texts]
    for kind, i, j in pieces:
        n = bisect_right(firsts, i) - 1
        tokens, ends = read.covers[n]
        first, last = tokens[i - firsts[n]], j - 1 - firsts[n]
        start = ends[i - firsts[n]] - len(first) + _glued(words[i], first, kind, table)
        found[n].append((kind, start, ends[last] - len(tokens[last]) + len(tokens[last].rstrip(" "))))
    return found


def _no_name(words: Sequence[str], piece: Piece) -> bool:
    """An amount of money, or a country that acts ("قالت إيران"): no organisation."""
    kind, i, j = piece
    if kind == "person":
        return False
    amount = i > 0 and (words[i - 1].isdigit() or words[i - 1] in AMOUNTS)
    return amount or (j == i + 1 and any("place" in kinds(reading) for reading, _ in readings(words[i])))


def _texts(pieces: Sequence[Piece], firsts: Sequence[int]) -> list[int]:
    """The number of the text of each piece."""
    texts: list[int] = np.searchsorted(firsts, [i for _, i, _ in pieces], side="right").tolist()
    return texts


def _proper(words: Sequence[str], pieces: Iterable[Piece]) -> list[Piece]:
    """The pieces that are names, one after the other."""
    kept: list[Piece] = []
    for piece in pieces:
        name = judged(words, piece)
        if name is not None and (not kept or kept[-1][2] <= name[1]):
            kept.append(name)
    return kept


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
    if kind == "person" and words[end : end + 1] and len(words[end]) == 1 and words[end + 1 : end + 2] == ["."]:
        end += words[end].isalpha() and words[end] != "و"  # محمد ب.
    return kind, i, end


def _with_sure(words: Sequence[str], flags: Flags, pieces: list[Piece], known: Sequence[int]) -> list[Piece]:
    """Adds well-known organisations, and ministries, which some of the training text does not call organisations.

    Args:
        known: where well-known organisations begin.
    """
    ministries = {n: _ministry_end(words, n) for n in np.flatnonzero(flags & MINISTRY).tolist()}
    ends = {n: known_end(words, n) for n in known} | ministries
    if not ends:
        return pieces
    taken = {n for _, i, j in pieces for n in range(i, j)}
    more: list[Piece] = []
    inside: set[int] = set()
    for n, end in sorted(ends.items()):
        free = inside.isdisjoint(range(n, end)) and taken.isdisjoint((n,) if n in ministries else range(n, end))
        if free and n < end and "unsure" not in classes_of(*words[n:end]):
            more.append(("organisation", n, end))
            inside.update(range(n, end))
    return sorted([*(piece for piece in pieces if piece[1] not in inside), *more], key=lambda piece: piece[1])


def _ministry_end(words: Sequence[str], n: int) -> int:
    """The end of the ministry that begins at `n`, وزارة التعليم العالي التونسية; `n` when it has no name."""
    end = n + 1
    while end < len(words) and end - n < LONGEST_MINISTRY and _is_of_ministry(words[end], end == n + 1):
        end += 1
    return end if end > n + 1 else n


def _is_of_ministry(word: str, first: bool) -> bool:
    """Whether a word behind "ministry" goes on with its name: what it looks after, or an adjective."""
    joined = word.startswith("وال")
    if not (joined or word.startswith("ال")) or is_verb(word):
        return False
    read = {kind for reading, _ in readings(word) for kind in kinds(reading)}
    if read & {"function", "honorific", "time", "orghead", "stop"}:
        return False
    return first or joined or "nisba" in read or word.endswith(("يه", "ي"))


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


def _may_be_family(word: str, lexicon: Lexicon) -> bool:
    """Whether a word behind a given name is in names, or too rare to be much else."""
    if "name" in kinds(word):
        return COMMON.isdisjoint(kinds(word))
    if len(word) < 4 or not is_arabic(word) or is_verb(word) or word[0] in "وفلك" or word.startswith("بال"):
        return False
    read = {kind for reading, _ in readings(word) for kind in kinds(reading)}
    if read & COMMON:
        return False
    return in_names(word, lexicon) if word in lexicon.rows else word not in word_counts()


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


def _glued(word: str, raw: str, kind: Kind, table: WordTable) -> int:
    """How many characters of clitics stand before the name in its first word."""
    letters = table.clitics.get((word, kind))
    if letters is None:
        letters = table.clitics[word, kind] = _clitics(word, kind, table.lexicon)
    cut = 0
    while letters or (cut and MARKS.match(raw[cut])):  # vowel marks go with their letter
        letters -= not MARKS.match(raw[cut])
        cut += 1
    return cut


def _clitics(word: str, kind: Kind, lexicon: Lexicon) -> int:
    """How many letters of clitics stand before the name in a folded word."""
    share = SHARES.index("per" if kind == "person" else "org")
    wanted = {"name"} if kind == "person" else {"orghead", "org", "orgfirst"}
    counts, is_name = word_counts(), "name" in kinds(word)
    best, letters = -1.0, 0
    for reading, off in readings(word):
        row = lexicon.rows.get(reading)
        value = 3.0 if wanted.intersection(kinds(reading)) else 0.0
        if row is not None:
            value += 0.5
            if lexicon.shares[row, 0] != UNTOLD:
                value += float(lexicon.shares[row, share])
        if off and word[0] in "ول" and counts.get(reading, 0) > MUCH_COMMONER * counts.get(word, 1) and not is_name:
            value += 1.0  # لرونالدو
        if value > best:
            best, letters = value, off
    return letters
