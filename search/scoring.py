"""BM25F: how well an article answers a word, over headline, standfirst and body at once.

Robertson, Zaragoza and Taylor, "Simple BM25 Extension to Multiple Weighted Fields" (CIKM 2004): frequencies
are weighted and length-normalised by field, summed, and saturated once. The rarity is Lucene's, never below 0
(Kamphuis et al., "Which BM25 Do You Mean?", ECIR 2020).
"""

from __future__ import annotations

import math
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from kashaf.index.article import TEXT_FIELDS
from kashaf.index.segment_file import Array
from kashaf.search.collection import Collection
from kashaf.search.grown import joined
from kashaf.search.matches import Docs

Weights = npt.NDArray[np.float32]

K1 = 0.9
# By field: headline, standfirst, body.
FIELD_WEIGHTS = np.array([3.0, 1.5, 1.0], np.float32)
FIELD_B = np.array([0.3, 0.3, 0.4], np.float32)
BODY = TEXT_FIELDS.index("body")
# Reckoning the norms of all articles costs as much as those of one part in so many at random places.
_ASKED = 4


class Scorer:
    """Scores terms on one collection.

    Args:
        average_lengths: mean positions of each field over the live articles, shape (3,), float32.
    """

    def __init__(self, collection: Collection, average_lengths: Array) -> None:
        self._collection = collection
        self._slopes = FIELD_B / average_lengths
        self._norms: dict[int, Weights] = {}  # of all articles, by field
        self._asked = [0] * len(TEXT_FIELDS)

    def rarity(self, holders: int) -> float:
        """How telling a term is that `holders` articles have: near 0 when all have it; no unit."""
        docs = self._collection.live_docs
        return math.log1p((docs - holders + 0.5) / (holders + 0.5)) if holders <= docs else 0.0

    # The frequency tables of all segments stand in a row, like their articles.

    @cached_property
    def code_bases(self) -> list[int]:
        """Row of each segment's first frequency code in `frequencies`."""
        sizes = [len(segment.frequency_table) for segment in self._collection.segments]
        return [sum(sizes[:number]) for number in range(len(sizes))]

    @cached_property
    def frequencies(self) -> Weights:
        """Frequencies by field of each code, shape (codes, 3), float32, a column in a row."""
        tables = [segment.frequency_table for segment in self._collection.segments]
        empty = np.zeros((0, len(TEXT_FIELDS)), np.float32)
        return np.asfortranarray(np.concatenate([empty, *tables], dtype=np.float32))

    @cached_property
    def _outside_body(self) -> npt.NDArray[np.bool_]:
        """Whether a code counts occurrences outside of the body, shape (codes,)."""
        outside: npt.NDArray[np.bool_] = np.logical_or.reduce(self.frequencies[:, :BODY] > 0, axis=1)
        return outside

    def weights(self, docs: Docs, codes: npt.NDArray[np.intp]) -> Weights:
        """The summed, weighted frequency of each posting, shape (n,), float32.

        Args:
            codes: rows of `frequencies`.
        """
        weights: Weights = self.frequencies[:, BODY].take(codes)
        weights *= self.norms(docs, BODY)
        # Most postings stand in the body alone; the few others get what the other fields add.
        others = self._outside_body.take(codes).nonzero()[0]
        if len(others):
            other_docs, other_codes = docs.take(others), codes.take(others)
            for field in range(BODY):
                frequencies = self.frequencies[:, field].take(other_codes)
                there = frequencies.nonzero()[0]
                if len(there):
                    weights[others.take(there)] += frequencies.take(there) * self.norms(other_docs.take(there), field)
        return weights

    def norms(self, docs: Docs, field: int) -> Weights:
        """What one occurrence in a field of some articles weighs, shape (n,), float32."""
        norms = self._norms.get(field)
        if norms is None:
            segments = self._collection.segments
            lengths = joined(segments, f"lengths {field}", np.float32, [s.field_lengths[field] for s in segments])
            # Those of all articles are reckoned once as many were asked for.
            self._asked[field] += len(docs)
            if self._asked[field] * _ASKED < len(lengths):
                return self._norms_of(lengths.take(docs), field)
            norms = self._norms[field] = self._norms_of(lengths, field)
        return norms.take(docs)

    def _norms_of(self, lengths: Weights, field: int) -> Weights:
        norms: Weights = FIELD_WEIGHTS[field] / (lengths * self._slopes[field] + (1 - FIELD_B[field]))
        return norms

    def weigh(self, docs: Docs, frequencies: npt.NDArray[Any]) -> Weights:
        """The summed, weighted frequency of each article, shape (n,), float32.

        Args:
            frequencies: by field, shape (n, 3).
        """
        weights: Weights = frequencies[:, BODY] * self.norms(docs, BODY)
        for field in range(BODY):
            there = frequencies[:, field].nonzero()[0]
            if len(there):
                weights[there] += frequencies[there, field] * self.norms(docs.take(there), field)
        return weights

    @staticmethod
    def saturate(weights: Weights, rarity: float) -> Weights:
        """Scores from weighted frequencies, shape (n,), float32."""
        scores = weights / (weights + np.float32(K1))
        scores *= np.float32(rarity * (K1 + 1))
        return scores
