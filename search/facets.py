"""Exact facet counts over all matching articles.

Within a facet several values are OR-ed and its own counts ignore its own filter, so that the others stay
choosable; between facets they are AND-ed. One article may count for two persons: counts need not add up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from kashaf.index.article import Kind
from kashaf.search.columns import DAY_ZERO, Columns, EntityColumn
from kashaf.search.matches import Docs, Matches
from kashaf.search.request import Interval

Mask = npt.NDArray[np.bool_]
# Fewer values than this part of the numbers in use: sorting them beats counting into one cell a number.
_SPARSE = 8


@dataclass
class Filters:
    """The facet filters of a request, resolved.

    Attributes:
        only: facet -> one mask a segment over its articles (True: has a selected value).
        excluded: one mask a segment (True: has an excluded value); None when nothing is excluded.
    """

    only: dict[str, list[Mask]] = field(default_factory=dict)
    excluded: list[Mask] | None = None


@dataclass(frozen=True)
class Narrowed:
    """Matching articles with every facet filter applied, and with all but one.

    Attributes:
        hits: what the request answers, one a segment.
        beside: facet -> the articles its own counts are over, where its own filter changes them.
    """

    hits: list[Matches]
    beside: Mapping[str, list[Docs]]

    def counted(self, facet: str) -> list[Docs]:
        """The articles over which a facet counts, one array a segment."""
        return self.beside.get(facet) or [m.docs for m in self.hits]


def narrow_by(found: Sequence[Matches], filters: Filters) -> Narrowed:
    """Applies the filters: OR within a facet (its mask), AND between facets."""
    if filters.excluded is not None:
        found = [m.only(~mask[m.docs]) for m, mask in zip(found, filters.excluded, strict=True)]
    if not filters.only:
        return Narrowed(list(found), {})
    hits: list[Matches] = []
    beside: dict[str, list[Docs]] = {facet: [] for facet in filters.only}
    for number, matches in enumerate(found):
        passed = {facet: masks[number][matches.docs] for facet, masks in filters.only.items()}
        failures = np.zeros(len(matches), np.int8)
        for mine in passed.values():
            failures += ~mine
        hits.append(matches.only(failures == 0))
        for facet, mine in passed.items():
            beside[facet].append(matches.docs[(failures == 0) | ((failures == 1) & ~mine)])
    return Narrowed(hits, beside)


def entity_counts(columns: Columns, kind: Kind, docs: Sequence[Docs]) -> tuple[Docs, Docs]:
    """Entities that the articles mention and how many articles each has: two arrays of equal shape."""
    runs = [_entities_of(c, d) for c, d in zip(columns.entities(kind), docs, strict=True) if len(d)]
    if not runs:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    together = runs[0] if len(runs) == 1 else np.concatenate(runs)
    if len(together) * _SPARSE < columns.most(kind):
        return np.unique(together, return_counts=True)
    counts = np.bincount(together)
    numbers = np.flatnonzero(counts)
    return numbers, counts[numbers]


def _entities_of(column: EntityColumn, docs: Docs) -> Docs:
    """The entities of the articles, in a row."""
    if len(docs) == len(column.starts) - 1:
        return column.entities
    first = column.starts[docs]
    sizes = column.starts[docs + 1] - first
    ends = np.cumsum(sizes)
    entities: Docs = column.entities[np.arange(int(ends[-1])) + np.repeat(first - (ends - sizes), sizes)]
    return entities


def value_counts(columns: Columns, facet: str, docs: Sequence[Docs]) -> Docs:
    """Articles by value of a single-valued facet, shape (values,); number 0 counts those without."""
    size = len(columns.values[facet])
    total = np.zeros(size, np.int64)
    for segment, mapping, here in zip(columns.segments, columns.value_maps[facet], docs, strict=True):
        if len(here):
            local = np.bincount(segment.arrays[f"{facet}.value"][here], minlength=len(mapping))
            np.add.at(total, mapping, local)
    return total


def top(numbers: Docs, counts: Docs, size: int) -> list[tuple[int, int]]:
    """The `size` numbers with the highest counts, ties by number."""
    if len(numbers) > size > 0:
        least = np.partition(counts, len(counts) - size)[len(counts) - size]
        kept = counts >= least
        numbers, counts = numbers[kept], counts[kept]
    order = np.lexsort((numbers, -counts))[:size]
    return list(zip(numbers[order].tolist(), counts[order].tolist(), strict=True))


def date_counts(columns: Columns, docs: Sequence[Docs], interval: Interval) -> tuple[dict[str, int], int, int]:
    """Articles by publication date.

    Returns:
        ISO key -> articles, keys ascending; articles without a date; articles whose date is coarser than
        the interval.
    """
    least = {"year": 1, "month": 2, "day": 3}[interval]
    undated = imprecise = 0
    parts: list[npt.NDArray[np.int64]] = []
    for segment, months, here in zip(columns.segments, columns.months, docs, strict=True):
        precision = segment.precisions[here]
        undated += int(np.count_nonzero(precision == 0))
        exact = precision >= least
        imprecise += int(np.count_nonzero((precision > 0) & ~exact))
        here = here[exact]
        if interval == "day":
            parts.append(segment.days[here].astype(np.int64))
        else:
            parts.append(months[here] // 12 if interval == "year" else months[here])
    together = np.concatenate(parts) if parts else np.zeros(0, np.int64)
    if not len(together):
        return {}, undated, imprecise
    low = int(together.min())
    span = int(together.max()) - low + 1
    if span <= 100_000:
        counts = np.bincount(together - low, minlength=span)
        present = np.flatnonzero(counts)
        pairs = zip((present + low).tolist(), counts[present].tolist(), strict=True)
    else:
        values, totals = np.unique(together, return_counts=True)
        pairs = zip(values.tolist(), totals.tolist(), strict=True)
    return {_date_key(value, interval): count for value, count in pairs}, undated, imprecise


def _date_key(value: int, interval: Interval) -> str:
    if interval == "day":
        return str(np.datetime64(value - DAY_ZERO, "D"))
    if interval == "month":
        return f"{value // 12:04d}-{value % 12 + 1:02d}"
    return f"{value:04d}"


def masks_of(parts: Sequence[Sequence[Matches]], sizes: Sequence[int]) -> list[Mask]:
    """One mask a segment of the articles in any of the parts."""
    masks = [np.zeros(size, bool) for size in sizes]
    for found in parts:
        for mask, matches in zip(masks, found, strict=True):
            mask[matches.docs] = True
    return masks
