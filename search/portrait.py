"""A person or organisation as the archive knows it: names, functions, when it was named, and with whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from kashaf.index.article import Kind
from kashaf.index.authority_file import Entity, kind_and_number
from kashaf.search.columns import Columns
from kashaf.search.matches import Mask, contains
from kashaf.search.request import Request
from kashaf.search.results import Bucket, DateHistogram
from kashaf.search.searcher import Searcher

NEIGHBOURS = 20  # of each kind
TIED = 12  # of each kind: as many as a drawing can hold
_BUDGET = 10.0  # seconds


@dataclass(frozen=True, slots=True)
class Variant:
    """One spelling, and the articles that have it."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Function:
    """A function or title as it stands beside the names, and the articles that have it."""

    text: str
    count: int


@dataclass(frozen=True, slots=True)
class Dated:
    """One article, as a line that leads to it."""

    id: str
    headline: str
    published: str


@dataclass(frozen=True, slots=True)
class Tie:
    """Two neighbours of an entity, by id, and the articles that name both of them and the entity."""

    one: str
    other: str
    count: int


@dataclass(frozen=True, slots=True)
class Portrait:
    """What is known of one entity.

    Attributes:
        id: the entity's own, also where it was asked for by one that was merged into it.
        labels: preferred label in ``fr`` (Latin script) and ``ar``, as far as there is one.
        label: the one to show when only one is shown.
        pinned: those of the labels that a librarian has set.
        variants: its names, most frequent first.
        functions: what articles say beside its names, in their own language, most frequent first.
        articles: those that name it.
        first, last: the earliest and the latest dated article; None when none is dated.
        timeline: articles by month.
        with_persons, with_organisations: who is named in the same articles, most often first.
        ties: between the first `TIED` of both lists, strongest first; pairs that no article has are left out.
    """

    id: str
    kind: Kind
    label: str
    labels: Mapping[str, str]
    pinned: Mapping[str, str]
    wikidata: str | None
    note: str | None
    variants: tuple[Variant, ...]
    functions: tuple[Function, ...]
    articles: int
    first: Dated | None
    last: Dated | None
    timeline: DateHistogram
    with_persons: tuple[Bucket, ...]
    with_organisations: tuple[Bucket, ...]
    ties: tuple[Tie, ...]


def portrait(searcher: Searcher, entity_id: str) -> Portrait:
    """The portrait of an entity, by id.

    Raises:
        UnknownEntity: if nobody has this id.
    """
    entity = searcher.authority.entity(entity_id)
    # The id stands in the query, not in a filter: the counts of a filter's own facet would set it aside.
    named = f"{entity.kind}:{entity.id}"
    facets = ("person", "organisation", "date")
    oldest = searcher.search(
        Request(q=named, sort="oldest", size=1, facets=facets, facet_size=NEIGHBOURS + 1, budget=_BUDGET)
    )
    newest = searcher.search(Request(q=named, sort="newest", size=1, facets=(), budget=_BUDGET))
    first, last = (
        next((Dated(hit.id, hit.headline, hit.published) for hit in found.hits if hit.published), None)
        for found in (oldest, newest)
    )

    def others(buckets: Sequence[Bucket]) -> tuple[Bucket, ...]:
        return tuple(bucket for bucket in buckets if bucket.id != entity.id)[:NEIGHBOURS]

    persons, organisations = others(oldest.facets["person"]), others(oldest.facets["organisation"])
    return Portrait(
        id=entity.id,
        kind=entity.kind,
        label=entity.label,
        labels=entity.labels,
        pinned=entity.pinned,
        wikidata=entity.wikidata,
        note=entity.note,
        variants=tuple(Variant(name, count) for name, count in entity.variants),
        functions=tuple(Function(text, count) for text, count in searcher.authority.functions(entity)),
        articles=oldest.total,
        first=first,
        last=last,
        timeline=oldest.facets["date"],
        with_persons=persons,
        with_organisations=organisations,
        ties=_ties(searcher.columns, entity, [*persons[:TIED], *organisations[:TIED]]),
    )


def _ties(columns: Columns, entity: Entity, neighbours: Sequence[Bucket]) -> tuple[Tie, ...]:
    """How often each two neighbours stand in one article with the entity."""
    docs = columns.entity_docs(entity.kind, [entity.number])
    if (live := columns.collection.live) is not None:
        docs = docs[live[docs]]
    there: list[tuple[str, Mask]] = []
    for each in neighbours:
        kind, number = kind_and_number(each.id)
        there.append((each.id, contains(columns.entity_docs(kind, [number]), docs)))
    found = [Tie(a, b, int(np.count_nonzero(in_a & in_b))) for (a, in_a), (b, in_b) in combinations(there, 2)]
    return tuple(sorted((tie for tie in found if tie.count), key=lambda tie: -tie.count))
