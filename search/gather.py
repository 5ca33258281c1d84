"""Terms and places of the segments, gathered and scored: what the leaves of a query tree stand on."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from kashaf.index.article import TEXT_FIELDS, TextField
from kashaf.index.segment import Segment
from kashaf.search import positions
from kashaf.search.matches import NONE, Docs, Matches, intersect, sum_by_doc
from kashaf.search.positions import Places
from kashaf.search.scoring import Scorer

Found = list[Matches]  # one a segment


class Late(Exception):
    """The time budget has ended; what was found until then stands."""


class Gatherer:
    """Gathers the articles of terms and places over the segments of one snapshot.

    Args:
        deadline: `time.monotonic` value at which it stops with Late.
    """

    def __init__(self, segments: Sequence[Segment], scorer: Scorer, deadline: float) -> None:
        self.segments = segments
        self._scorer = scorer
        self._deadline = deadline

    def tick(self) -> None:
        """Raises Late when the deadline has passed."""
        if time.monotonic() > self._deadline:
            raise Late

    def group(self, terms: Sequence[Sequence[int] | range], only: TextField | None, weight: float = 1.0) -> Found:
        """The articles with any of the terms of each segment, scored as if they were one term."""
        self.tick()
        weighed = [
            self._weigh(segment, here, only) for segment, here in zip(self.segments, terms, strict=True)
        ]  # fmt: skip
        rarity = weight * self._scorer.rarity(self.holders([m.docs for m in weighed]))
        return [
            m if m.scores is None else Matches(m.docs, self._scorer.saturate(m.scores, rarity)) for m in weighed
        ]  # fmt: skip

    def holders(self, found: Sequence[Docs]) -> int:
        """Live articles among those found, over all segments."""
        return sum(
            len(docs) if segment.live is None else int(np.count_nonzero(segment.live[docs]))
            for segment, docs in zip(self.segments, found, strict=True)
        )

    def _weigh(self, segment: Segment, terms: Sequence[int] | range, only: TextField | None) -> Matches:
        """Articles and weighted frequencies of the terms of one segment."""
        docs, weights = [], []
        for term in terms:
            postings = segment.postings(term)
            frequencies = segment.frequency_table[postings.codes]
            here = postings.docs
            if only is not None:
                column = TEXT_FIELDS.index(only)
                kept = frequencies[:, column] > 0
                here, alone = here[kept], np.zeros((int(kept.sum()), len(TEXT_FIELDS)), np.float32)
                alone[:, column] = frequencies[kept, column]
                frequencies = alone
            docs.append(here)
            weights.append(self._scorer.weigh(segment, here, frequencies))
        if not docs:
            return NONE
        if len(docs) == 1:
            return Matches(docs[0], weights[0])
        together, values = np.concatenate(docs), np.concatenate(weights)
        if len(together) * 8 > segment.docs:
            dense = np.bincount(together, weights=values, minlength=segment.docs)
            present = np.flatnonzero(dense)
            return Matches(present, dense[present].astype(np.float32))
        return Matches(*sum_by_doc(together, values)) if len(together) else NONE

    def phrase(self, segment: Segment, forms: Sequence[str], slop: int = 0) -> Places:
        """Where the forms stand one after the other, with at most `slop` other words between them in all."""
        self.tick()
        terms = [segment.term(form) for form in forms]
        if any(term is None for term in terms):
            return positions.NO_PLACES
        known = [term for term in terms if term is not None]
        shared = intersect([Matches(segment.postings(term).docs) for term in known]).docs
        if not len(shared):
            return positions.NO_PLACES
        within = shared if len(known) > 1 else None
        return positions.phrase([positions.places(segment, [term], within) for term in known], slop)

    def at_places(self, found: Sequence[Places], only: TextField | None) -> Found:
        """The articles of places, scored like a term that occurs there."""
        counted = [
            positions.count(segment, positions.in_field(segment, here, only))
            for segment, here in zip(self.segments, found, strict=True)
        ]
        rarity = self._scorer.rarity(self.holders([docs for docs, _ in counted]))
        return [
            Matches(docs, self._scorer.saturate(self._scorer.weigh(segment, docs, counts.astype(np.float32)), rarity))
            for segment, (docs, counts) in zip(self.segments, counted, strict=True)
        ]
