"""The columns of a snapshot as facets see them: entities and single values of each article.

Names are mapped to entities when the snapshot is opened with an authority file, so that merging two
spellings takes effect at once and nothing is indexed again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import numpy.typing as npt

from kashaf.analyzers.terms import fold
from kashaf.index.article import KINDS, Kind
from kashaf.index.entity_columns import NOBODY, EntityColumn, entity_column
from kashaf.index.inversion import VALUE_COLUMNS
from kashaf.index.segment import Segment
from kashaf.index.segment_file import Array, unsigned_for
from kashaf.index.snapshot import Snapshot
from kashaf.search.article_groups import ArticleGroups
from kashaf.search.collection import Collection
from kashaf.search.grown import grown
from kashaf.search.matches import NO_DOCS, Docs, Mask

_REMEMBERED = 100_000  # names whose entity is remembered


class Entities(Protocol):
    """What says which entity a name means: the authority file."""

    def meant(self, kind: Kind, names: Sequence[str]) -> Sequence[int | None]:
        """For each name the number of its entity; None for nobody."""

    def column(self, segment: Segment, kind: Kind) -> EntityColumn:
        """The entities of the articles of a segment."""


@dataclass(frozen=True)
class ListedEntities:
    """Names that are listed with their entities, by kind."""

    numbers: Mapping[Kind, Mapping[str, int]]

    def meant(self, kind: Kind, names: Sequence[str]) -> list[int | None]:
        """For each name the number of its entity; None for one that is not listed."""
        return [self.numbers[kind].get(name) for name in names]

    def column(self, segment: Segment, kind: Kind) -> EntityColumn:
        """The entities of the articles of a segment."""
        names = segment.mention_names(kind)
        of_name = np.fromiter((self.numbers[kind].get(name, NOBODY) for name in names), np.int64, len(names))
        return entity_column(segment, kind, of_name)


@dataclass(frozen=True)
class Mentions:
    """The entities of one kind, article after article, over all segments.

    Attributes:
        starts: where each article's run begins in `entities`, shape (docs + 1,), signed.
        entities: entity numbers, each once an article.
        counts: live articles of each entity number.
    """

    starts: Array
    entities: Array
    counts: npt.NDArray[np.int64]

    @property
    def most(self) -> int:
        """One more than the highest entity number."""
        return len(self.counts)


class Columns:
    """What facets and filters read.

    Attributes:
        collection: the articles, and their dates.

    Args:
        entities: the authority file, or for each kind: name -> entity number.
    """

    def __init__(self, snapshot: Snapshot, entities: Entities | Mapping[Kind, Mapping[str, int]]) -> None:
        self.segments = snapshot.segments
        self.collection = Collection(snapshot)
        self._value_columns: dict[str, Array] = {}
        self._source = ListedEntities(entities) if isinstance(entities, Mapping) else entities
        self._numbers: dict[tuple[Kind, str], int | None] = {}

    @cached_property
    def _entities(self) -> dict[Kind, list[EntityColumn]]:
        return {kind: [self._source.column(segment, kind) for segment in self.segments] for kind in KINDS}

    def meant(self, kind: Kind, names: Iterable[str]) -> dict[str, int | None]:
        """The entities that names of articles stand for; None for nobody (a rejected name)."""
        wanted = list(dict.fromkeys(names))
        known = self._numbers
        if missing := [name for name in wanted if (kind, name) not in known]:
            if len(known) > _REMEMBERED:
                known = self._numbers = {}
                missing = wanted
            known.update(zip([(kind, name) for name in missing], self._source.meant(kind, missing), strict=True))
        return {name: known[kind, name] for name in wanted}

    def number(self, kind: Kind, name: str) -> int | None:
        """The entity that a name of an article stands for; None for nobody (a rejected name)."""
        known = self._numbers.get((kind, name), NOBODY)
        return self.meant(kind, (name,))[name] if known == NOBODY else known

    def entities(self, kind: Kind) -> list[EntityColumn]:
        """The entities of one kind, one column a segment."""
        return self._entities[kind]

    @cached_property
    def _mentions(self) -> dict[Kind, Mentions]:
        return {kind: _mentions(self.segments, kind, self.entities(kind)) for kind in KINDS}

    def mentions(self, kind: Kind) -> Mentions:
        """The entities of one kind over all segments."""
        return self._mentions[kind]

    def entity_docs(self, kind: Kind, numbers: Sequence[int]) -> Docs:
        """The articles that mention any of the entities, ascending."""
        runs = []
        for segment, column, base in zip(self.segments, self.entities(kind), self.collection.bases, strict=True):
            starts, docs = segment.arrays[f"{kind}.doc.start"], segment.arrays[f"{kind}.doc"]
            here = [docs[int(starts[name]) : int(starts[name + 1])] for name in column.names(numbers)]
            if len(here) == 1:
                runs.append(np.add(here[0], base, dtype=np.intp))
            elif here:
                runs.append(np.unique(np.concatenate(here)).astype(np.intp) + base)
        return np.concatenate(runs) if len(runs) > 1 else runs[0] if runs else NO_DOCS

    @cached_property
    def copies(self) -> ArticleGroups:
        """Which articles are copies of each other."""
        return ArticleGroups(self.collection)

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

    def column(self, facet: str) -> Array:
        """The value number of each article, shape (docs,)."""
        column = self._value_columns.get(facet)
        if column is None:
            numbers = {value: number for number, value in enumerate(self.values[facet])}
            dtype = unsigned_for(len(numbers))

            def fill(place: int, cells: Array) -> None:
                segment = self.segments[place]
                of_value = np.array([numbers[value] for value in segment.value_names(facet)], dtype)
                cells[:] = of_value[segment.arrays[f"{facet}.value"]]

            # Values are numbered as segments have them: those that are added change no number.
            sizes = [segment.docs for segment in self.segments]
            column = grown(self.segments, f"{facet} values", dtype, self.segments, sizes, fill)
            self._value_columns[facet] = column
        return column

    def value_numbers(self, facet: str, text: str) -> list[int]:
        """The values that a filter means: exactly this one, else those that are equal letter case and accents apart."""
        table = self.values[facet]
        if text in table[1:]:
            return [table.index(text)]
        wanted = _plain(text)
        return [number for number, value in enumerate(table) if number and _plain(value) == wanted]

    def has_value(self, facet: str, numbers: Iterable[int], docs: Docs) -> Mask:
        """For each of some articles, whether it has one of the values."""
        wanted = np.zeros(len(self.values[facet]), bool)
        wanted[list(numbers)] = True
        return wanted.take(self.column(facet).take(docs))


def _plain(text: str) -> str:
    return " ".join(fold(word) for word in text.split())


def _mentions(segments: Sequence[Segment], kind: Kind, columns: Sequence[EntityColumn]) -> Mentions:
    """The columns of all segments in a row, in small numbers: they are read at random places."""
    counts = np.zeros(max((len(column.counts) for column in columns), default=0), np.int64)
    for column in columns:
        counts[: len(column.counts)] += column.counts
    entities = [column.entities for column in columns]
    bases = np.cumsum([0, *map(len, entities)]).tolist()

    def fill_starts(number: int, cells: Array) -> None:
        # The first segment's first start is that of all; the others' is where the one before them ends.
        cells[:] = columns[number].starts[1 if number else 0 :] + bases[number]

    def fill_entities(number: int, cells: Array) -> None:
        cells[:] = entities[number]

    sizes = [len(column.starts) - (1 if number else 0) for number, column in enumerate(columns)]
    dtype = unsigned_for(len(counts))
    kind_of_start = np.int32 if bases[-1] < 1 << 31 else np.int64
    starts = grown(segments, f"{kind} starts", kind_of_start, [column.starts for column in columns], sizes, fill_starts)
    return Mentions(
        starts if columns else np.zeros(1, np.int32),
        grown(segments, f"{kind} entities", dtype, entities, list(map(len, entities)), fill_entities),
        counts,
    )
