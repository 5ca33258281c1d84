"""A person or organisation as the archive knows it: spellings, when named, with whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kashaf.index.article import Kind
from kashaf.search.archive import Archive
from kashaf.search.request import Request
from kashaf.search.results import Bucket, DateHistogram

NEIGHBOURS = 20


@dataclass(frozen=True, slots=True)
class Variant:
    """One spelling, and the articles that have it."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Portrait:
    """What `EntityAnswer` and the page of an entity show."""

    id: str
    kind: Kind
    label: str
    labels: Mapping[str, str]
    variants: tuple[Variant, ...]
    wikidata: str | None
    articles: int
    timeline: DateHistogram
    with_persons: tuple[Bucket, ...]
    with_organisations: tuple[Bucket, ...]


def portrait(archive: Archive, entity_id: str) -> Portrait:
    """A person or organisation, by id.

    Raises:
        UnknownEntity: if nobody has this id.
    """
    entity = archive.entity(entity_id)
    # The id stands in the query, not in a filter: the counts of a filter's own facet would set it aside.
    about = Request(
        q=f"{entity.kind}:{entity.id}",
        size=0,
        facets=("person", "organisation", "date"),
        facet_size=NEIGHBOURS + 1,
    )
    results = archive.run(about)

    def others(buckets: tuple[Bucket, ...]) -> tuple[Bucket, ...]:
        return tuple(bucket for bucket in buckets if bucket.id != entity.id)[:NEIGHBOURS]

    return Portrait(
        id=entity.id,
        kind=entity.kind,
        label=entity.label,
        labels=entity.labels,
        variants=tuple(Variant(name, count) for name, count in entity.variants),
        wikidata=entity.wikidata,
        articles=results.total,
        timeline=results.facets["date"],
        with_persons=others(results.facets["person"]),
        with_organisations=others(results.facets["organisation"]),
    )
