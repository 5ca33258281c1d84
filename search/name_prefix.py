"""Names by how their words begin: completion and search inside a facet, accents and script variants folded."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from kashaf.analyzers.terms import fold, terms

_MOST_WORDS = 8  # of what was typed


def _spellings(word: str) -> tuple[str, ...]:
    """A word of a name as it may be typed: an Arabic one also without its article."""
    return (word, word[2:]) if word.startswith("ال") and len(word) > 4 else (word,)


class NamePrefixes:
    """The words of the names of one kind, sorted.

    Args:
        numbers: name -> entity number.
    """

    def __init__(self, numbers: Mapping[str, int]) -> None:
        pairs = sorted(
            {(word, number) for name, number in numbers.items() for term in terms(name) for word in _spellings(term)}
        )
        self._words = [word for word, _ in pairs]
        self._entities = np.fromiter((number for _, number in pairs), np.int64, len(pairs))

    def matching(self, typed: str) -> npt.NDArray[np.int64]:
        """The entities with a name whose words begin with what was typed, word by word, in any order.

        Returns:
            Entity numbers, ascending, distinct.
        """
        found: npt.NDArray[np.int64] | None = None
        for word in [w for w in map(fold, typed.split()) if w][:_MOST_WORDS]:
            first = bisect_left(self._words, word)
            last = bisect_left(self._words, word + "\U0010ffff")
            here = np.unique(self._entities[first:last])
            found = here if found is None else np.intersect1d(found, here)
        return np.zeros(0, np.int64) if found is None else found
