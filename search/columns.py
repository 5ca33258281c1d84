"""The columns of a snapshot as facets see them: entities, single values and dates of each article.

Names are mapped to entities when the snapshot is opened with an authority file, so that merging two
spellings takes effect at once and nothing is indexed again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from kashaf.analyzers.terms import fold
from kashaf.index.article import KINDS, Kind
from kashaf.index.inversion import VALUE_COLUMNS
from kashaf.index.segment import Segment
from kashaf.index.segment_file import Array
from kashaf.index.snapshot import Snapshot
from kashaf.search.matches import Docs

DAY_ZERO = 719_163  # 1970-01-01 as a proleptic Gregorian ordinal


@dataclass(frozen=True)
class EntityColumn:
    """The entities of one kind in one segment.

    Attributes:
        starts: where each article's run begins in `entities`, shape (docs + 1,), int64.
        entities: entity numbers, each once an article.
        of_name: the entity of each name of the segment, -1 where the name is nobody.
    """

    starts: Array
    entities: Array
    of_name: Array

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


class Columns:
    """What facets and filters read.

    Args:
        numbers: for each kind, name -> entity number.
    """

    def __init__(self, snapshot: Snapshot, numbers: Mapping[Kind, Mapping[str, int]]) -> None:
        self.segments = snapshot.segments
        self.numbers = numbers

    @cached_property
    def _entities(self) -> dict[Kind, list[EntityColumn]]:
        return {kind: [_entity_column(s, kind, self.numbers[kind]) for s in self.segments] for kind in KINDS}

    def number(self, kind: Kind, name: str) -> int | None:
        """The entity that a name of an article stands for; None for nobody (a rejected name)."""
        return self.numbers[kind].get(name)

    def entities(self, kind: Kind) -> list[EntityColumn]:
        """The entities of one kind, one column a segment."""
        return self._entities[kind]

    def most(self, kind: Kind) -> int:
        """One more than the highest entity number of a kind."""
        return 1 + max((int(c.of_name.max()) for c in self.entities(kind) if len(c.of_name)), default=-1)

    def entity_docs(self, segment: int, kind: Kind, numbers: Sequence[int]) -> Docs:
        """The articles of one segment that mention any of the entities, ascending."""
        column = self.entities(kind)[segment]
        arrays = self.segments[segment].arrays
        starts, docs = arrays[f"{kind}.doc.start"], arrays[f"{kind}.doc"]
        runs = [docs[int(starts[name]) : int(starts[name + 1])] for name in column.names(numbers)]
        if len(runs) == 1:
            return runs[0].astype(np.int64)
        return np.unique(np.concatenate(runs)).astype(np.int64) if runs else np.zeros(0, np.int64)

    @cached_property
    def values(self) -> dict[str, list[str]]:
        """The values of each single-valued facet over all segments, by number; number 0 is none."""
        tables: dict[str, list[str]] = {}
        for facet in VALUE_COLUMNS:
            numbers = {"": 0}
            for segment in self.segments:
                for value in segment.value_names(facet):
                    numbers.setdefault(value, len(numbers))
            tables[facet] = list(numbers)
        return tables

    @cached_property
    def value_maps(self) -> dict[str, list[Array]]:
        """For each facet and segment: the segment's value number -> the number in `values`."""
        maps: dict[str, list[Array]] = {}
        for facet, table in self.values.items():
            numbers = {value: number for number, value in enumerate(table)}
            maps[facet] = [np.array([numbers[v] for v in s.value_names(facet)], np.int64) for s in self.segments]
        return maps

    def value_numbers(self, facet: str, text: str) -> list[int]:
        """The values that a filter means: exactly this one, else those that are equal letter case and accents apart."""
        table = self.values[facet]
        if text in table[1:]:
            return [table.index(text)]
        wanted = _plain(text)
        return [number for number, value in enumerate(table) if number and _plain(value) == wanted]

    def value_docs(self, facet: str, text: str) -> list[Docs]:
        """The articles with a value, one array a segment."""
        numbers = self.value_numbers(facet, text)
        return [
            np.flatnonzero(np.isin(mapping, numbers)[segment.arrays[f"{facet}.value"]])
            for segment, mapping in zip(self.segments, self.value_maps[facet], strict=True)
        ]

    @cached_property
    def last_days(self) -> list[Array]:
        """The last day of each article's publication date, 0 when undated, one array a segment."""
        return [_last_days(segment) for segment in self.segments]

    @cached_property
    def months(self) -> list[Array]:
        """The month of each article as 12 * year + month - 1; meaningless when undated."""
        return [_months(segment.days) for segment in self.segments]


def _plain(text: str) -> str:
    return " ".join(fold(word) for word in text.split())


def _entity_column(segment: Segment, kind: Kind, numbers: Mapping[str, int]) -> EntityColumn:
    names = segment.mention_names(kind)
    of_name = np.fromiter((numbers.get(name, -1) for name in names), np.int64, len(names))
    starts = segment.arrays[f"{kind}.start"].astype(np.int64)
    entities = of_name[segment.arrays[f"{kind}.name"]] if len(names) else np.zeros(0, np.int64)
    known = entities[entities >= 0]
    single = len(np.unique(of_name[of_name >= 0])) == int((of_name >= 0).sum())
    if single and len(known) == len(entities):
        return EntityColumn(starts, entities, of_name)  # every name its own entity: nothing to fold
    docs = np.repeat(np.arange(segment.docs), np.diff(starts))[entities >= 0]
    width = int(of_name.max(initial=0)) + 1
    pairs = np.unique(docs * width + known)
    ends = np.cumsum(np.bincount(pairs // width, minlength=segment.docs))
    return EntityColumn(np.concatenate([[0], ends]), pairs % width, of_name)


def _months(days: Array) -> npt.NDArray[np.int64]:
    since_1970 = (days.astype(np.int64) - DAY_ZERO).astype("datetime64[D]").astype("datetime64[M]")
    return since_1970.astype(np.int64) + 1970 * 12


def _last_days(segment: Segment) -> Array:
    days, precisions = segment.days.astype(np.int64), segment.precisions
    last = days.copy()
    for precision, months in ((2, 1), (1, 12)):
        coarse = precisions == precision
        if coarse.any():
            after = (_months(days[coarse]) - 1970 * 12 + months).astype("datetime64[M]").astype("datetime64[D]")
            last[coarse] = after.astype(np.int64) + DAY_ZERO - 1
    last[precisions == 0] = np.iinfo(np.int64).max  # an undated article lies in no range
    return last
