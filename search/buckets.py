"""From the engine's counts to what a reader sees: buckets with labels, and the date histogram."""

from __future__ import annotations

from kashaf.index.article import Kind, date_span, is_kind
from kashaf.search.columns import Columns
from kashaf.search.engine import Answer, DateCounts
from kashaf.search.known_entities import KnownEntities
from kashaf.search.request import Request
from kashaf.search.resolve import Selected
from kashaf.search.results import Bucket, DateBucket, DateHistogram, Facets

Counted = list[tuple[int, int]]


class Labeller:
    """Labels the numbers that the engine counts, with one version of the authority file."""

    def __init__(self, entities: KnownEntities, columns: Columns) -> None:
        self._known = entities
        self._columns = columns

    def facets(self, request: Request, answer: Answer, selected: Selected) -> Facets:
        """The facets that were asked for; empty where the time budget ended before they were counted."""
        labelled: Facets = {}
        for facet in request.facets:
            if facet == "date":
                labelled["date"] = _histogram(request, answer.dates or DateCounts((), (), 0, 0))
                continue
            buckets = self.buckets(facet, answer.facets.get(facet, []), selected)
            if facet == "person":
                labelled["person"] = buckets
            elif facet == "organisation":
                labelled["organisation"] = buckets
            elif facet == "language":
                labelled["language"] = buckets
            elif facet == "source":
                labelled["source"] = buckets
            elif facet == "section":
                labelled["section"] = buckets
        return labelled

    def buckets(self, facet: str, counted: Counted, selected: Selected) -> tuple[Bucket, ...]:
        """The buckets of one facet."""
        chosen = selected.only.get(facet, frozenset())
        excluded = selected.excluded.get(facet, frozenset())
        if is_kind(facet):
            return self._entities(facet, counted, chosen, excluded)
        values = self._columns.values[facet]
        return tuple(
            Bucket(values[n], values[n], count, selected=n in chosen, excluded=n in excluded) for n, count in counted
        )

    def _entities(
        self, kind: Kind, counted: Counted, chosen: frozenset[int], excluded: frozenset[int]
    ) -> tuple[Bucket, ...]:
        entities = {e.number: e for e in self._known.entities(kind, [number for number, _ in counted])}
        return tuple(
            Bucket(
                id=entities[number].id,
                label=entities[number].label,
                count=count,
                selected=number in chosen,
                excluded=number in excluded,
                labels=entities[number].labels,
            )
            for number, count in counted
            if number in entities
        )


def _histogram(request: Request, dates: DateCounts) -> DateHistogram:
    first = date_span(request.date_from)[0] if request.date_from else None
    last = date_span(request.date_to)[1] if request.date_to else None
    ranged = first is not None or last is not None

    def chosen(key: str) -> bool:
        start, end = date_span(key)
        return ranged and (first is None or start >= first) and (last is None or end <= last)

    buckets = tuple(DateBucket(key, n, chosen(key)) for key, n in zip(dates.keys, dates.counts, strict=True))
    return DateHistogram(request.interval, buckets, dates.undated, dates.imprecise)
