"""Phrases and words near each other: the articles where words stand as asked.

Only the articles that have all of the words are looked at, and only their places are read, some million words of
articles at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from kashaf.index.article import TEXT_FIELDS, TextField
from kashaf.index.token_stream import FIELD_GAP
from kashaf.search import positions
from kashaf.search.gather import Gatherer, Terms
from kashaf.search.matches import NONE, Docs, Matches, first_of_runs
from kashaf.search.positions import Places

# Words of the articles whose places are held in memory at a time.
_CHUNK = 1 << 21
# From the places of each word, those where all stand as asked.
Join = Callable[[Sequence[Places]], Places]


class Proximity:
    """Finds words by their places, for one evaluation."""

    def __init__(self, gather: Gatherer) -> None:
        self._gather = gather
        self._segments = gather.segments
        self._collection = gather.collection

    def phrase(self, words: Sequence[Terms], slop: int, only: TextField | None) -> Matches:
        """The articles where the words stand one after the other, with at most `slop` others between in all."""
        if len(words) == 1:
            return self._gather.group(words[0], only)
        return self._where(words, lambda places: positions.phrase(places, slop), only)

    def near(
        self, left: Sequence[Terms], left_slop: int, right: Sequence[Terms], right_slop: int,
        distance: int, only: TextField | None,
    ) -> Matches:  # fmt: skip
        """The articles where a phrase (of one word or more) stands within `distance` words of another."""
        size = len(left)

        def join(places: Sequence[Places]) -> Places:
            before = positions.phrase(places[:size], left_slop)
            behind = positions.phrase(places[size:], right_slop)
            return positions.near(before, size, behind, len(right), distance)

        return self._where([*left, *right], join, only)

    def _where(self, words: Sequence[Terms], join: Join, only: TextField | None) -> Matches:
        """The articles of the places that are left when those of the words are joined, scored like a term there."""
        parts = []
        for number, base in enumerate(self._collection.bases):
            self._gather.tick()
            here = [word.by_segment[number] for word in words]
            parts += [found + (base << 32) for found in self._joined(number, here, join) if len(found)]
        if not parts:
            return NONE
        places = np.concatenate(parts) if len(parts) > 1 else parts[0]
        docs: Docs = places >> 32
        first = first_of_runs(docs)
        docs, frequencies = docs.take(first), self._frequencies(places & 0xFFFFFFFF, docs.take(first), first)
        if only is not None:
            field = TEXT_FIELDS.index(only)
            there = frequencies[:, field].nonzero()[0]
            docs, alone = docs.take(there), np.zeros((len(there), len(TEXT_FIELDS)), np.float32)
            alone[:, field] = frequencies[there, field]
            frequencies = alone
        return self._gather.scored(docs, self._gather.weigh(docs, frequencies), self._gather.rarity(docs))

    def _joined(self, number: int, words: Sequence[Sequence[int]], join: Join) -> list[Places]:
        """The joined places of one segment, by its own article numbers."""
        if not all(map(len, words)):
            return []
        segment = self._segments[number]
        readers = [positions.reader(segment, terms) for terms in words]
        docs = positions.shared_docs(readers)
        found = []
        for part in _chunks(segment.lengths[docs].sum(1, dtype=np.int64)):
            self._gather.tick()
            found.append(join([reader.places(docs, part) for reader in readers]))
        return found

    def _frequencies(self, position: Places, docs: Docs, first: Docs) -> npt.NDArray[np.float32]:
        """How many places each article has in each field, shape (n, 3).

        Args:
            position: in the article, of each place.
            first: where each article's places begin.
        """
        split = self._collection.split(docs)
        lengths = np.concatenate([self._segments[number].lengths[local] for number, local in split]).astype(np.int64)
        run = np.zeros(len(position), np.intp)
        run[first[1:]] = 1
        run = run.cumsum()
        standfirst = lengths[:, 0] + FIELD_GAP
        body = standfirst + lengths[:, 1] + FIELD_GAP
        field = (position >= standfirst.take(run)).astype(np.intp) + (position >= body.take(run))
        counts = np.bincount(run * len(TEXT_FIELDS) + field, minlength=len(docs) * len(TEXT_FIELDS))
        return counts.reshape(-1, len(TEXT_FIELDS)).astype(np.float32)


def _chunks(lengths: Docs) -> list[slice]:
    """Runs of articles of these lengths that have about `_CHUNK` words together; one article at least."""
    if not len(lengths):
        return []
    ends = lengths.cumsum()
    cuts = ends.searchsorted(np.arange(_CHUNK, int(ends[-1]), _CHUNK)).tolist()
    edges = sorted({0, *cuts, len(lengths)})
    return [slice(first, last) for first, last in zip(edges, edges[1:], strict=False)]
