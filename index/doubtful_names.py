"""Pairs of names that may be one entity's where that is not sure: what speaks for it, and what is missing.

Persons: names that share a rare mark of `kashaf.index.person_names` are aligned, and family names alone are held
against those of the other script. Organisations: an acronym and a name of these initials, names that differ in the
letters of one word, ministries of one portfolio whose country is not said, and translated head words before parts that
sound alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np

from kashaf.analyzers.name_key import NameWord, name_words
from kashaf.analyzers.name_similarity import word_similarity, words_similarity
from kashaf.index import person_names
from kashaf.index.ministries import ministry
from kashaf.index.organisation_names import folded, is_silent, same_organisation, transcribed
from kashaf.index.preferred_label import is_arabic
from kashaf.index.segment_file import Array

_RARE = 40  # names that share a mark; what more share tells nothing
_ALONE = 12  # and when it is all that two names share
_ALIKE = 0.80  # names less alike are two
_INITIAL = 0.75  # and with an initial
_WORD = 0.87  # and within one script, words
_LETTERS = 0.90  # how alike the one word is in which two organisations differ
_SPELT = 0.95  # parts of persons' names less alike are spelt otherwise
_LONE = 0.88  # what a family name alone is worth against whole names
_NAMESAKES = 4  # names that end with a family name; of more, it says none
_ACRONYM = range(3, 9)  # letters
_GROUP = 60  # names; larger groups are of words that tell nothing


class Doubt(NamedTuple):
    """Two names, by their rows, that may be one entity's."""

    one: int
    other: int
    likeness: float
    speaks: str
    missing: str


def doubtful_persons(names: Mapping[int, str], marks: Array) -> Iterator[Doubt]:
    """Pairs of names of persons.

    Args:
        names: row -> name.
        marks: marks and the rows of the names that have them, shape (n, 2), in order of marks.
    """
    words = {row: spoken for row, name in names.items() if len(spoken := name_words(name)) > 1}
    for one, other in _sharing(marks):
        if one in words and other in words:
            doubt = _doubt(words[one], words[other])
            if doubt is not None:
                likeness, missing = doubt
                yield Doubt(one, other, likeness, f"the names are {likeness:.0%} alike", missing)
    yield from _lone_family_names(names, words)


def _lone_family_names(names: Mapping[int, str], full: Mapping[int, Sequence[NameWord]]) -> Iterator[Doubt]:
    """Family names alone, and those that end names in the other script."""
    lone: dict[int, NameWord] = {}
    by_key: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row, name in names.items():
        spoken = person_names.family_part(full.get(row) or name_words(name))
        if not spoken or spoken[-1].initial or not person_names.is_telling(spoken[-1]):
            continue
        if len(spoken) == 1 and not person_names.is_given(spoken[0]):
            lone[row] = spoken[0]
        for key in spoken[-1].keys:
            by_key[spoken[-1].script, key].append(row)
    for row, word in lone.items():
        script = "arab" if word.script == "latn" else "latn"
        others = {other for key in word.keys for other in by_key.get((script, key), ())}
        if len(others) > _NAMESAKES:
            continue
        for other in sorted(others):
            last = person_names.family_part(full[other])[-1] if other in full else lone.get(other)
            likeness = word_similarity(word, last) if last is not None else 0.0
            if likeness >= _SPELT:
                speaks = f"the family names sound {likeness:.0%} alike"
                yield Doubt(row, other, _LONE * likeness, speaks, "a family name alone may be another's")


def _sharing(marks: Array) -> list[tuple[int, int]]:
    """Rows of names that share several marks, or one that few names have."""
    _, starts, sizes = np.unique(marks[:, 0], return_index=True, return_counts=True)
    rows = marks[:, 1]
    found: list[Array] = []
    for size in range(2, _RARE + 1):
        first = starts[sizes == size]
        if len(first):
            table = rows[first[:, None] + np.arange(size)]
            a, b = np.triu_indices(size, 1)
            pairs = np.stack([table[:, a].ravel(), table[:, b].ravel()], 1)
            pairs.sort(axis=1)
            found.append(np.concatenate([pairs] * (2 if size <= _ALONE else 1)))
    if not found:
        return []
    pairs, counts = np.unique(np.concatenate(found), axis=0, return_counts=True)
    kept: list[list[int]] = pairs[counts > 1].tolist()
    return [(one, other) for one, other in kept]


def _doubt(a: Sequence[NameWord], b: Sequence[NameWord]) -> tuple[float, str] | None:
    """Likeness and what is missing, of two names that may be one person's."""
    score = words_similarity(a, b)
    initials = any(word.initial for word in (*a, *b))
    if score < (_INITIAL if initials else _ALIKE) or person_names.surely_others(a, b):
        return None
    short, long = sorted((a, b), key=len)
    if initials:
        family = person_names.is_telling(a[-1]) and word_similarity(a[-1], b[-1]) >= _SPELT
        return (score, "one has an initial alone") if family else None
    partners = [max(range(len(long)), key=lambda place: word_similarity(word, long[place])) for word in short]
    likeness = [word_similarity(word, long[place]) for word, place in zip(short, partners, strict=True)]
    if a[0].script == b[0].script and min(likeness) < _WORD:
        return None
    if len(a) != len(b):
        return score, "one has a part more"
    if partners != sorted(partners):
        return score, "their parts stand in another order"
    if min(likeness) < _SPELT:
        return score, "a part is not spelt quite alike"
    if person_names.same_person(a, b):
        return score, "another spelling of one of the two is too far from it"
    return score, "names of these sounds are too common to be sure"


def doubtful_organisations(names: Mapping[int, str]) -> Iterator[Doubt]:
    """Pairs of names of organisations, by their rows."""
    yield from _acronyms(names)
    yield from _misspelt(names)
    yield from _ministries(names)
    yield from _transcribed(names)


def _acronyms(names: Mapping[int, str]) -> Iterator[Doubt]:
    full: dict[str, list[int]] = defaultdict(list)
    for row, name in names.items():
        words = [word for word in folded(name) if not is_silent(word)]
        if len(words) in _ACRONYM and not is_arabic(name):
            full["".join(word[0] for word in words)].append(row)
    for row, name in names.items():
        letters = name.replace(".", "")
        if len(letters) in _ACRONYM and letters.isalpha() and letters.isupper():
            meant = full.get("".join(folded(letters)), [])[:_GROUP]
            missing = "no article says so" + (f", and {len(meant)} names have them" if len(meant) > 1 else "")
            for other in meant:
                if other != row:
                    likeness = 0.9 if len(meant) == 1 else 0.8
                    yield Doubt(row, other, likeness, f"{name} are the initials of the other", missing)


def _misspelt(names: Mapping[int, str]) -> Iterator[Doubt]:
    """Names of as many words that differ in some letters of one."""
    groups: dict[tuple[str, ...], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for row, name in names.items():
        words = folded(name)
        if 2 <= len(words) <= 12:
            for place, word in enumerate(words):
                if len(word) > 3 and word.isalpha():
                    groups[(*words[:place], "", *words[place + 1 :])][word].append(row)
    for by_word in groups.values():
        if 1 < len(by_word) <= _GROUP:
            for word, other in combinations(by_word, 2):
                if (likeness := _letters_alike(word, other)) >= _LETTERS:
                    speaks = f"all words but {word} and {other} are the same, and these are {likeness:.0%} alike"
                    for row in by_word[word][:3]:
                        for with_other in by_word[other][:3]:
                            yield Doubt(row, with_other, likeness, speaks, "within one script, other letters may tell")


def _letters_alike(a: str, b: str) -> float:
    short, long = sorted((a, b), key=len)
    if len(short) > 4 and long[:-1] == short:
        return _SPELT  # singular and plural, masculine and feminine
    first, second = name_words(a), name_words(b)
    return word_similarity(first[0], second[0]) if len(first) == len(second) == 1 else 0.0


def _ministries(names: Mapping[int, str]) -> Iterator[Doubt]:
    alike: dict[frozenset[str], dict[str | None, list[int]]] = defaultdict(lambda: defaultdict(list))
    for row, name in names.items():
        if (found := ministry(name)) is not None:
            alike[found.portfolios][found.country].append(row)
    for countries in alike.values():
        if len(countries) > 2 or None not in countries:  # of two countries it would be a guess
            continue
        rows = [row for each in countries.values() for row in each]
        for one, other in combinations(rows[:_GROUP], 2):
            yield Doubt(one, other, 0.85, "ministries of the same portfolio", "a name does not say its country")


def _transcribed(names: Mapping[int, str]) -> Iterator[Doubt]:
    alike: dict[tuple[str, int, str], list[int]] = defaultdict(list)
    for row, name in names.items():
        if (found := transcribed(name)) is not None:
            for key in found.part[0].keys[:4]:
                alike[found.concept, len(found.part), key].append(row)
    for rows in alike.values():
        for one, other in combinations(rows[:_GROUP], 2):
            first, second = transcribed(names[one]), transcribed(names[other])
            if first is None or second is None or same_organisation(names[one], names[other]):
                continue
            if first.part[0].script == second.part[0].script:
                continue  # within one script it is a proper name spelt one way, or a word like "national"
            likeness = min(word_similarity(x, y) for x, y in zip(first.part, second.part, strict=True))
            if likeness >= _ALIKE:
                speaks = f"the same kind of body, and its name sounds {likeness:.0%} alike"
                yield Doubt(one, other, likeness, speaks, "the letters are not near enough to be sure")
