"""Labels by how their words begin: completion and search inside a facet, accents and script variants folded."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from kashaf.analyzers.terms import fold, terms
from kashaf.index.known_names import spellings

_MOST_WORDS = 8  # of what was typed


def typed_words(typed: str) -> list[str]:
    """The words of what was typed, folded, as far as they are looked at."""
    return [word for word in map(fold, typed.split()) if word][:_MOST_WORDS]


class NamePrefixes:
    """The words of labels of one kind, sorted.

    Args:
        numbers: label -> entity number.
    """

    def __init__(self, numbers: Mapping[str, int]) -> None:
        pairs = sorted(
            {(word, number) for name, number in numbers.items() for term in terms(name) for word in spellings(term)}
        )
        self._words = [word for word, _ in pairs]
        self._entities = np.fromiter((number for _, number in pairs), np.int64, len(pairs))

    def beginning(self, letters: str) -> npt.NDArray[np.int64]:
        """The entities with a label in which a word begins with these folded letters; one may come twice."""
        first = bisect_left(self._words, letters)
        return self._entities[first : bisect_left(self._words, letters + "\U0010ffff")]
