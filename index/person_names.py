"""When two names are surely one person's, without a librarian.

Each name leaves *marks*: numbers that it shares with every spelling it might be merged with. Names that share
a mark are compared; only strong matches count.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from itertools import islice, product

from kashaf.analyzers.name_key import NameWord, consonants
from kashaf.analyzers.name_similarity import word_similarity, words_similarity

Words = Sequence[NameWord]

_MARKS = 32  # marks of one name
_STRONG = 0.95  # as alike as this, and a family name that tells: one person
_ALIKE = 0.90  # as alike as this, and every key shared: one person
_HOLDS = 0.80  # how alike a name has to be to every other form of the person
_WORD = 0.90  # every part has to be as alike as this
_ONE_SCRIPT = 0.97  # within one script, where another letter is mostly another name
_ONE_SCRIPT_WORD = 0.95
_SURNAME = 0.95  # for a family name alone
_TELLING = 3  # consonants of a family name that tells


def marks(words: Words) -> set[int]:
    """The marks of a name of two words or more: all its words by key, in any order."""
    choices = [word.keys for word in words if word.keys and not word.initial]
    if len(choices) < 2:
        return set()
    return {_number(" ".join(sorted(keys))) for keys in islice(product(*choices), _MARKS)}


def surname_marks(words: Words) -> set[int]:
    """The marks of the last word, that a lone family name is looked up by."""
    return {_number("~" + key) for key in words[-1].keys} if words and not words[-1].initial else set()


def _number(text: str) -> int:
    return zlib.crc32(text.encode())


def same_person(a: Words, b: Words) -> float:
    """How surely two names are one person's: their similarity, or 0.0 when it takes a librarian to say.

    Names of one word are never sure.
    """
    if min(len(a), len(b)) < 2 or any(word.initial for word in (*a, *b)):
        return 0.0
    score = words_similarity(a, b)
    short, long = sorted((a, b), key=len)
    partners = [max(long, key=lambda other: word_similarity(word, other)) for word in short]
    order = [long.index(partner) for partner in partners]
    within = a[0].script == b[0].script
    if score < (_ONE_SCRIPT if within else _ALIKE) - 1e-6:
        return 0.0
    if not within and order != sorted(order):  # another order as well as another script is too much to be sure
        return 0.0
    least = _ONE_SCRIPT_WORD if within else _WORD
    if any(word_similarity(word, other) < least for word, other in zip(short, partners, strict=True)):
        return 0.0
    if score >= _STRONG and any(consonants(word) >= _TELLING for word in (short[0], short[-1])):
        return score
    same_keys = all(set(word.keys) & set(other.keys) for word, other in zip(short, partners, strict=True))
    return score if same_keys and len(a) == len(b) else 0.0


def holds(name: Words, others: Sequence[Words]) -> bool:
    """Whether a name is near enough to every full form of a person: likeness is not handed along a chain."""
    return all(words_similarity(name, other) >= _HOLDS for other in others if len(other) > 1)


def is_part(a: Words, b: Words) -> bool:
    """Whether one name is simply a part of the other, or the same in other letters."""
    short, long = sorted((a, b), key=len)
    held = all(any(word_similarity(word, other) >= _SURNAME for other in long) for word in short)
    return a[0].script != b[0].script or (held and (len(short) < len(long) or words_similarity(a, b) > 0.999))


def same_surname(lone: NameWord, name: Words) -> bool:
    """Whether a name ends with this family name."""
    return (
        len(name) > 1
        and consonants(lone) >= _TELLING
        and not lone.form.startswith("bd-")
        and word_similarity(lone, name[-1]) >= _SURNAME
    )
