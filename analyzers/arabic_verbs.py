"""Arabic words that are forms of a verb, told by their sister forms in the press.

A word is the imperfect of a verb (يعترف) when the same stem stands with the prefixes of both genders and also in
the plural of verbs, in the future or in the perfect; the perfect feminine and plural (اعترفت, اعترفوا) prove each
other. The perfect masculine (كتب, حكم) looks like a noun too often to be told so: the list of verbs names some.
"""

from __future__ import annotations

import functools

from kashaf.analyzers.arabic_clues import kinds
from kashaf.analyzers.arabic_stem import word_counts

_SHORTEST_STEM = 2  # letters of an imperfect without its prefix; a perfect has one more
_PLURALS = ("ون", "وا")


@functools.cache
def derived_verbs() -> frozenset[str]:
    """Folded forms of verbs; no word that is known in names of persons, so يزيد and يعيش are not told apart."""
    words = word_counts()
    found: set[str] = set()
    for word in words:
        stem = word[:-2]
        if word.endswith("وا") and len(stem) > _SHORTEST_STEM and stem + "ت" in words:
            found.update((word, stem + "ت"))
        if word[0] == "ي" and len(word) > _SHORTEST_STEM + 1 and (rest := word[1:]) and "ت" + rest in words:
            plurals = {
                base + plural for base in (word, word[:-1]) for plural in _PLURALS if base == word or rest[-1] == "ي"
            }
            perfects = {form + "ت" for form in (rest, "ا" + rest) if len(form) > _SHORTEST_STEM}
            if "س" + word in words or not words.keys().isdisjoint(plurals | perfects):
                found.update((word, "ت" + rest, "ن" + rest, "س" + word, "ست" + rest))
    return frozenset(word for word in found if "name" not in kinds(word))


@functools.lru_cache(1 << 15)
def is_verb(word: str) -> bool:
    """Whether a folded word, with or without the conjunction before it, is a verb and no word of names."""
    bare = word[1:] if word[0] in "وف" and len(word) > 4 else word
    return "name" not in kinds(word) and any("verb" in kinds(form) or form in derived_verbs() for form in (word, bare))
