"""The entities of the articles of one segment, as facets count and filters find them.

A segment numbers the names in its articles and never changes; which entity each name means is for the authority
file to say, and may change at any time. A column is the one seen through the other. When a few names change
their entity, only the articles that have them are looked at again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from kashaf.index.article import Kind
from kashaf.index.posting_lists import ranges
from kashaf.index.segment import Segment
from kashaf.index.segment_file import Array

NOBODY = -1  # the entity of a name that a librarian has rejected, or that no file can hold


@dataclass(frozen=True)
class EntityColumn:
    """The entities of one kind in one segment.

    Attributes:
        starts: where each article's run begins in `entities`, shape (docs + 1,), integers.
        entities: entity numbers, each once an article, ascending in it, integers.
        of_name: the entity of each name of the segment, `NOBODY` where the name is nobody, integers.
        live: False for deleted articles, shape (docs,); None when none is deleted.
        whole: articles of each entity number, deleted ones included, where that is known already.
    """

    starts: Array
    entities: Array
    of_name: Array
    live: Array | None = None
    whole: Array | None = None

    @cached_property
    def _by_entity(self) -> tuple[Array, Array]:
        """Name numbers in order of their entities, and those entities."""
        order = np.argsort(self.of_name, kind="stable")
        return order, self.of_name[order]

    def names(self, entities: Sequence[int]) -> list[int]:
        """The names of the segment that stand for any of the entities."""
        order, sorted_entities = self._by_entity
        first = np.searchsorted(sorted_entities, entities)
        last = np.searchsorted(sorted_entities, entities, side="right")
        return [n for a, b in zip(first.tolist(), last.tolist(), strict=True) for n in order[a:b].tolist()]

    @cached_property
    def counts_with_deleted(self) -> Array:
        """Articles of each entity number over the whole segment, deleted ones included, int64."""
        return np.bincount(self.entities) if self.whole is None else self.whole.astype(np.int64)

    @cached_property
    def counts(self) -> Array:
        """Live articles of each entity number over the whole segment, int64."""
        counts = self.counts_with_deleted
        if self.live is None:
            return counts
        gone, _ = _runs(self.starts, self.entities, np.flatnonzero(~self.live))
        return counts - np.bincount(gone, minlength=len(counts))

    def with_live(self, live: Array | None) -> EntityColumn:
        """The same with other deletions."""
        return self if live is self.live else replace(self, live=live, whole=self.counts_with_deleted)


def entity_column(segment: Segment, kind: Kind, of_name: Array) -> EntityColumn:
    """The column of a segment whose names mean these entities."""
    starts = segment.arrays[f"{kind}.start"]
    names = segment.arrays[f"{kind}.name"]
    sizes, entities = _distinct(np.diff(starts.astype(np.int64)), of_name[names] if len(names) else of_name[:0])
    return EntityColumn(np.concatenate([[0], np.cumsum(sizes)]), entities, of_name, segment.live)


def with_moved(column: EntityColumn, segment: Segment, kind: Kind, names: Array, entities: Array) -> EntityColumn:
    """The column after some names of the segment have changed their entity.

    Args:
        names: their numbers in the segment, distinct.
        entities: what each of them means now.
    """
    changed = column.of_name[names] != entities
    names, entities = names[changed], entities[changed]
    if not len(names):
        return column
    of_name = column.of_name.copy()
    of_name[names] = entities
    holders, _ = _runs(segment.arrays[f"{kind}.doc.start"], segment.arrays[f"{kind}.doc"], names)
    docs = np.unique(holders).astype(np.int64)
    if 2 * len(docs) > segment.docs:
        return entity_column(segment, kind, of_name)

    mentioned, sizes = _runs(segment.arrays[f"{kind}.start"], segment.arrays[f"{kind}.name"], docs)
    before, old_sizes = _runs(column.starts, column.entities, docs)
    new_sizes, after = _distinct(sizes, of_name[mentioned])
    starts = column.starts.astype(np.int64)
    old_places = ranges(starts[docs], old_sizes)
    if (new_sizes == old_sizes).all():
        merged = column.entities.copy()
        merged[old_places] = after
    else:
        all_sizes = np.diff(starts)
        all_sizes[docs] = new_sizes
        starts = np.concatenate([[0], np.cumsum(all_sizes)])
        stays = np.ones(len(column.entities), bool)
        stays[old_places] = False
        fresh = np.zeros(int(starts[-1]), bool)
        fresh[ranges(starts[docs], new_sizes)] = True
        merged = np.empty(len(fresh), column.entities.dtype)
        merged[~fresh] = column.entities[stays]
        merged[fresh] = after
    counts = column.counts_with_deleted
    width = max(len(counts), int(entities.max()) + 1)
    whole = np.bincount(after, minlength=width) - np.bincount(before, minlength=width)
    whole[: len(counts)] += counts
    return EntityColumn(starts, merged, of_name, segment.live, whole)


def _runs(starts: Array, values: Array, rows: Array) -> tuple[Array, Array]:
    """The runs of some rows, one after the other, and how long each is."""
    first = starts[rows].astype(np.int64)
    sizes = starts[rows + 1].astype(np.int64) - first
    return values[ranges(first, sizes)], sizes


def _distinct(sizes: Array, entities: Array) -> tuple[Array, Array]:
    """Runs of entities with each entity once, ascending, and nobody left out: their sizes and the runs."""
    docs = np.repeat(np.arange(len(sizes)), sizes)
    known = entities >= 0
    width = int(entities.max(initial=0)) + 1
    pairs = np.unique(docs[known] * width + entities[known])
    return np.bincount(pairs // width, minlength=len(sizes)), pairs % width
