"""Groups of articles over all segments: copies of one text.

Of each article that joined a group its segment says which article was the group's first (`kashaf.index.copies`). Few
articles are in any group: only those are looked at here, by array.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from kashaf.index.copies import joined
from kashaf.search.collection import Collection
from kashaf.search.matches import Docs, Matches, first_of_runs


class ArticleGroups:
    """The articles that are in groups."""

    def __init__(self, collection: Collection) -> None:
        rows = [joined(segment) for segment in collection.segments]
        bases = zip(collection.bases, rows, strict=True)
        docs = np.concatenate([np.zeros(0, np.intp), *(base + docs.astype(np.intp) for base, (docs, _) in bases)])
        firsts, groups = np.unique(
            np.concatenate([np.zeros(0, np.int64), *(first for _, first in rows)]), return_inverse=True
        )
        first_docs, found = collection.docs_of(firsts)
        docs = np.concatenate([docs, first_docs])
        groups = np.concatenate([groups, found])
        if collection.live is not None:
            kept = collection.live[docs]
            docs, groups = docs[kept], groups[kept]
        order = docs.argsort()
        self._docs: Docs = docs[order]
        self._groups: npt.NDArray[np.intp] = groups[order]
        self._sizes = np.bincount(groups, minlength=len(firsts))
        self._inside = np.zeros(collection.docs, bool)
        self._inside[docs] = True

    def others(self, docs: Sequence[int]) -> list[int]:
        """How many other articles are in the group of each of some articles."""
        rows = self._docs.searchsorted(docs)
        return [
            int(self._sizes[self._groups[row]]) - 1 if self._inside[doc] else 0
            for doc, row in zip(docs, rows.tolist(), strict=True)
        ]

    def with_them(self, doc: int) -> list[int]:
        """The articles of the group of an article, itself among them, ascending; itself alone when it is in none."""
        if not self._inside[doc]:
            return [doc]
        group = self._groups[self._docs.searchsorted(doc)]
        found: list[int] = self._docs[self._groups == group].tolist()
        return found

    def firsts(self, docs: Docs) -> npt.NDArray[np.intp]:
        """For each of some articles (ascending) the place of the first of its group among them, shape of `docs`."""
        found = np.arange(len(docs))
        places = self._inside.take(docs).nonzero()[0]
        _, first, group = np.unique(
            self._groups.take(self._docs.searchsorted(docs.take(places))), return_index=True, return_inverse=True
        )
        found[places] = places.take(first).take(group)
        return found

    def fold(self, hits: Matches, values: npt.NDArray[Any]) -> tuple[Matches, dict[int, int]]:
        """Of each group the best hit alone; see `fold`."""
        places = self._inside.take(hits.docs).nonzero()[0]
        return fold(hits, values, places, self._groups.take(self._docs.searchsorted(hits.docs.take(places))))


def fold(
    hits: Matches, values: npt.NDArray[Any], places: npt.NDArray[np.intp], groups: npt.NDArray[np.intp]
) -> tuple[Matches, dict[int, int]]:
    """Of each group of hits the best alone.

    Args:
        values: by which the hits are ranked, highest first, then by their numbers.
        places: the hits that are in groups, ascending.
        groups: the group of each of them.

    Returns:
        The hits that are left, and how many others are folded under those that have any.
    """
    order = np.lexsort((places, -values.take(places), groups))
    if not len(order):
        return hits, {}
    best = first_of_runs(groups.take(order))
    under = np.diff(best, append=len(order)) - 1
    kept = np.ones(len(hits), bool)
    kept[places] = False
    shown = places.take(order.take(best))
    kept[shown] = True
    several = under > 0
    docs = hits.docs.take(shown[several])
    return hits.only(kept), dict(zip(docs.tolist(), under[several].tolist(), strict=True))
