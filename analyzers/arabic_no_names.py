"""What the model of names takes for a name and is none: mended, or left out.

A country, a city or a people is no organisation; nor is a kind of body without a name (الهيئة, المنتخب), though it
may stand for one named before. A given name that half the country bears is nobody, unless the text has a fuller one.
A name neither begins nor ends with a verb, and does not go over a conjunction. The lists are in
data/arabic_no_names.txt.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence

from kashaf.analyzers.arabic_clues import begun, fold, kinds, readings
from kashaf.analyzers.arabic_labels import Piece
from kashaf.analyzers.arabic_verbs import is_verb
from kashaf.analyzers.gazetteer import known_organisations, territories, word_classes
from kashaf.analyzers.spans import Kind

LIST = "arabic_no_names.txt"
QUOTES = frozenset("\"«“'‘")
# Before the name of a club, a paper, a firm: what follows is its name, whatever the word means elsewhere.
NAMERS = frozenset(map(fold, "نادي النادي فريق صحيفة جريدة مجلة قناة إذاعة محطة شركة بنك مصرف منتخب حزب موقع".split()))
TITLES = frozenset(("function", "honorific"))
NOBODY = frozenset(("stop", "time", "verb", "orghead"))
# No name goes over these words.
BREAKS = frozenset(
    map(fold, "أن إن أنه أنها إنه إنها التي الذي الذين اللذين قد كان كانت حيث عندما بعد منذ بينما".split())
)
LONGEST = 8  # words of a name that is completed or known, letters of an acronym
LONGEST_PLACE = 4
BODIES = frozenset(("people", "generic"))
NO_BODY = frozenset(("people", "letter"))
GOD = frozenset(("الله", "لله"))
JOINTS = frozenset(map(fold, "آل بن ابن بنت أبو عبد ولد".split()))  # a name does not end with these
ENDS = GOD | {"الدين"}  # of given names of two words
_WORDS_TOO = frozenset(("في", "ان", "اي"))  # letters of acronyms that are common words as well


@functools.cache
def _classes() -> Mapping[str, frozenset[str]]:
    """Folded word or phrase -> its classes; ``begins`` is of the first word of a place of several."""
    lists = {kind: {fold(name.replace("_", " ")) for name in names} for kind, names in word_classes(LIST).items()}
    lists["place"] |= {fold(place) for place in territories("ar")}
    lists["begins"] = {place.split()[0] for place in lists["place"] if " " in place}
    adjectives = {word for word in lists["people"] if word.endswith("ي")}
    adjectives |= {word + ending for word in adjectives for ending in ("ه", "ين", "ون", "ات")}
    lists["people"] |= adjectives | {"ال" + word for word in adjectives}
    lists["generic"] |= {"ال" + word for word in lists["generic"]}
    lists["known"] = {fold(name) for name in known_organisations("ar")}
    classes: dict[str, set[str]] = {}
    for kind, names in lists.items():
        for name in names:
            classes.setdefault(name, set()).add(kind)
    return {name: frozenset(kinds) for name, kinds in classes.items()}


@functools.lru_cache(1 << 15)
def classes_of(*words: str) -> frozenset[str]:
    """The classes of a phrase, with or without the clitics of its first word."""
    found = [_classes().get(" ".join((reading, *words[1:]))) for reading, _ in readings(words[0])]
    return frozenset().union(*filter(None, found))


def divided(words: Sequence[str], piece: Piece) -> Iterator[Piece]:
    """The parts of a piece without verbs at their ends, and cut where a clause begins."""
    kind, i, j = piece
    if 0 < j - i <= LONGEST and _is_whole(*words[i:j]):
        yield piece
        return
    first = i
    for k in range(i, j + 1):
        if k == j or _breaks(words, i, k):
            last = k
            while first < last and is_verb(words[first]):
                first += 1
            while first < last and is_verb(words[last - 1]):
                last -= 1
            if first < last:
                yield kind, first, last
            first = k + 1


@functools.lru_cache(1 << 15)
def _is_whole(*words: str) -> bool:
    """Whether nothing is cut off these words: most often so."""
    return not (is_verb(words[0]) or is_verb(words[-1]) or any(_breaks(words, 0, k) for k in range(len(words))))


def _breaks(words: Sequence[str], i: int, k: int) -> bool:
    """Whether a clause begins at `k` in the piece that begins at `i`."""
    return words[k] in BREAKS and not (k > i and _is_letter(words[k - 1]))


def judged(words: Sequence[str], piece: Piece) -> Piece | None:
    """The piece, grown or of another kind where that is what it is; None: no name."""
    kind, i, j = piece
    return piece if j - i <= LONGEST and _is_settled(kind, *words[i:j]) else _judged(words, piece)


@functools.lru_cache(1 << 15)
def _is_settled(kind: Kind, *words: str) -> bool:
    """Whether a piece of these words stays what it is, whatever stands around it: most do."""
    first = words[0]
    if _is_letter(first) or first in ENDS or begun(first) or "begins" in classes_of(first) or words[-1] in JOINTS:
        return False
    piece = (kind, 0, len(words))
    return _judged(words, piece) == piece


def _judged(words: Sequence[str], piece: Piece) -> Piece | None:
    kind, i, j = piece
    if _is_letter(words[i]) and all(map(_is_letter, words[i:j])):
        i, j = _letters(words, i, j)
    if kind == "person" and j == i + 1 and words[i] in ENDS and _may_be_given(words, i - 1):
        i -= 1  # شرف [الدين]
    j = max(j, known_end(words, i))
    classes = classes_of(*words[i : min(j, i + LONGEST)])
    if "known" in classes and (j > i + 1 or ("place" not in classes and _may_be_body(kind, words[i]))):
        return "organisation", i, j
    if "place" in classes or ("begins" in classes_of(words[i]) and _is_of_place(words, i, j)):
        return (kind, i, j) if kind == "organisation" and _named(words, i) else None
    if kind == "person":
        if words[j - 1] in JOINTS and words[j : j + 1] and words[j].isalpha():
            j += 1  # إيمان عبدالله آل [علي]
        return _person(words, i, _without_place(words, i, j))
    if j == i + 1 and (NO_BODY & classes or (_is_common(words[i]) and not _named(words, i))):
        return None
    return kind, i, j


def _may_be_body(kind: Kind, word: str) -> bool:
    return kind == "organisation" or "name" not in kinds(word)


def known_end(words: Sequence[str], i: int) -> int:
    """The end of the longest well-known organisation that begins at `i`; `i` itself when none does."""
    sizes = (len(phrase) for phrase in begun(words[i]) if tuple(words[i + 1 : i + len(phrase)]) == phrase[1:])
    return i + max(sizes, default=0)


@functools.lru_cache(1 << 15)
def _is_common(word: str) -> bool:
    """Whether a word is a kind of body or a title."""
    titles = [kind for reading, _ in readings(word) for kind in kinds(reading) if kind in TITLES]
    return bool(titles) or "generic" in classes_of(word)


def _is_letter(word: str) -> bool:
    return "letter" in _classes().get(word, ())


def _letters(words: Sequence[str], i: int, j: int) -> tuple[int, int]:
    """The acronym that the letters from `i` to `j` are part of: [بي] بي سي, لبي [بي سي]."""
    first, last = max(0, j - LONGEST), min(i + LONGEST, len(words))  # no acronym is longer
    while i > first and _is_letter(words[i - 1]) and (words[i - 1] not in _WORDS_TOO or _is_letter(words[i - 2])):
        i -= 1
    if i > first and not _is_letter(words[i - 1]) and "letter" in classes_of(words[i - 1]):
        i -= 1  # لبي [بي سي]
    while j < last and _is_letter(words[j]):
        after = words[j + 1] if j + 1 < len(words) else ""
        if words[j] in _WORDS_TOO and words[j - 1] != words[j] and after.isalpha() and not _is_letter(after):
            break
        j += 1
    return i, j


def _may_be_given(words: Sequence[str], i: int) -> bool:
    return (
        i >= 0
        and words[i].isalpha()
        and not NOBODY.union(TITLES).intersection(kinds(words[i]))
        and not is_verb(words[i])
    )


def _named(words: Sequence[str], i: int) -> bool:
    """Whether what stands before says that a name begins."""
    return i > 0 and (words[i - 1] in QUOTES or any(reading in NAMERS for reading, _ in readings(words[i - 1])))


def _is_of_place(words: Sequence[str], i: int, j: int) -> bool:
    """Whether the piece begins the name of a place, [الولايات] المتحدة."""
    return any("place" in classes_of(*words[i:end]) for end in range(j + 1, min(i + LONGEST_PLACE, len(words)) + 1))


def _person(words: Sequence[str], i: int, j: int) -> Piece | None:
    first = classes_of(words[i])
    if words[j - 1] in GOD and (j == i + 1 or words[j - 1] != "الله" or "pious" in first):
        return None
    if "locality" in first or all(map(_is_letter, words[i:j])):
        return None
    if j == i + 1 and (not BODIES.isdisjoint(first) or _is_plain(words[i])):
        return None
    return "person", i, j


@functools.lru_cache(1 << 15)
def _is_plain(word: str) -> bool:
    """Whether a word, or what is behind its clitics, is a plain word of the lists and nothing of a name."""
    read = {kind for reading, _ in readings(word) for kind in kinds(reading)}
    return "name" not in read and not NOBODY.isdisjoint(read)


def _without_place(words: Sequence[str], i: int, j: int) -> int:
    """The end of a name without the place or purpose behind it: لاغارد [بوينس إيريس], ميركل [بسوتشي]."""
    for k in range(i + 1, j):
        if words[k].startswith("لل"):
            return k  # جائزة زايد [للكتاب]
    for k in range(max(i + 1, j - 3), j):
        if "place" in classes_of(*words[k:j]) and (k < j - 1 or "place" not in _classes().get(words[k], ())):
            return k
    return j


def completed(words: Sequence[str], pieces: list[Piece], texts: Sequence[int]) -> list[Piece]:
    """Persons whose fuller name, found elsewhere in the text, stands there in full: كيم جونغ [أون].

    Args:
        texts: the number of the text of each piece.
    """
    fullest: dict[tuple[int, str], tuple[int, int]] = {}  # text, word -> the longest name that holds it
    for (kind, i, j), text in zip(pieces, texts, strict=True):
        if kind == "person" and 1 < j - i <= LONGEST:
            for word in words[i:j]:
                start, end = fullest.get((text, word), (0, 0))
                if end - start < j - i:
                    fullest[text, word] = i, j
    grown: list[Piece] = []
    for n, (kind, i, j) in enumerate(pieces):
        if kind == "person" and (full := fullest.get((texts[n], words[j - 1]))) and full[1] - full[0] > j - i:
            name = words[full[0] : full[1]]
            first = j - 1 - name.index(words[j - 1])
            last = first + len(name)
            free = first >= (grown[-1][2] if grown else 0) and (n + 1 == len(pieces) or last <= pieces[n + 1][1])
            # The first word may have another clitic here.
            if free and first <= i and words[first + 1 : last] == name[1:] and (first == i or words[first] == name[0]):
                i, j = first, last
        grown.append((kind, i, j))
    return grown


def _is_servant(words: Sequence[str], i: int, j: int) -> bool:
    """Whether the words are one given name of two: عبد الله."""
    return j == i + 2 and words[i].endswith("عبد")


def without_lone(
    words: Sequence[str], pieces: list[Piece], texts: Sequence[int], may_be_family: Callable[[str], bool]
) -> list[Piece]:
    """The pieces, where no common given name is left alone in a text that has no fuller one.

    It takes the family name behind it (نعمان [بلعياشي]), or stays for the title before it, or goes.

    Args:
        texts: the number of the text of each piece.
        may_be_family: whether a word behind a given name may be a family name.
    """
    short = [
        n for n, (kind, i, j) in enumerate(pieces) if kind == "person" and (j == i + 1 or _is_servant(words, i, j))
    ]
    lone = {n for n in short if "given" in classes_of(*words[pieces[n][1] : pieces[n][2]])}
    if not lone:
        return pieces
    concerned = {texts[n] for n in lone}
    held = {
        (text, reading)
        for (kind, i, j), text in zip(pieces, texts, strict=True)
        if kind == "person" and j > i + 1 and text in concerned
        for word in words[i:j]
        for reading, _ in readings(word)
    }
    kept: list[Piece] = []
    for n, (kind, i, j) in enumerate(pieces):
        if n in lone and (j > i + 1 or not any((texts[n], reading) in held for reading, _ in readings(words[i]))):
            end = pieces[n + 1][1] if n + 1 < len(pieces) else len(words)
            if j < end and may_be_family(words[j]):
                j += 1
            elif not (i and any(not TITLES.isdisjoint(kinds(reading)) for reading, _ in readings(words[i - 1]))):
                continue
        kept.append((kind, i, j))
    return kept
