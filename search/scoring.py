"""BM25F: how well an article answers a word, over headline, standfirst and body at once.

Robertson, Zaragoza and Taylor, "Simple BM25 Extension to Multiple Weighted Fields" (CIKM 2004): frequencies
are weighted and length-normalised by field, summed, and saturated once. The rarity is Lucene's, never below 0
(Kamphuis et al., "Which BM25 Do You Mean?", ECIR 2020).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from kashaf.index.segment import Segment
from kashaf.index.segment_file import Array
from kashaf.index.snapshot import Snapshot
from kashaf.search.matches import Docs

Weights = npt.NDArray[np.float32]

K1 = 0.9
# By field: headline, standfirst, body.
FIELD_WEIGHTS = np.array([3.0, 1.5, 1.0], np.float32)
FIELD_B = np.array([0.3, 0.3, 0.4], np.float32)


class Scorer:
    """Scores terms on one snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._docs = snapshot.live_docs
        self._average = snapshot.average_lengths
        self._norms: dict[int, Array] = {}

    def rarity(self, holders: int) -> float:
        """How telling a term is that `holders` articles have: near 0 when all have it; no unit."""
        return math.log(1 + (self._docs - holders + 0.5) / (holders + 0.5)) if holders <= self._docs else 0.0

    def norms(self, segment: Segment) -> Array:
        """What one occurrence in each field of each article weighs, shape (docs, 3), float32."""
        norms = self._norms.get(id(segment))
        if norms is None:
            relative = segment.lengths.astype(np.float32) / self._average
            norms = self._norms[id(segment)] = FIELD_WEIGHTS / (1 - FIELD_B + FIELD_B * relative)
        return norms

    def weigh(self, segment: Segment, docs: Docs, frequencies: npt.NDArray[Any]) -> Weights:
        """The summed, weighted frequency of each article.

        Args:
            frequencies: by field, shape (n, 3).

        Returns:
            Shape (n,), float32.
        """
        weights: Weights = np.einsum("ij,ij->i", frequencies, self.norms(segment)[docs]).astype(np.float32, copy=False)
        return weights

    @staticmethod
    def saturate(weights: Weights, rarity: float) -> Weights:
        """Scores from weighted frequencies, shape (n,), float32."""
        scores: Weights = (weights * np.float32(rarity * (K1 + 1))) / (weights + np.float32(K1))
        return scores
