"""The members of an answer, as `kashaf.web.answers` describes them for the contract.

Answers that programs ask for by the hundred a second are put together here by hand: dumping them through the
schemas takes longer than the search does. The tests hold the two equal.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kashaf.search.results import Bucket, DateHistogram, Facets, Hit, Label, Passage, Results

Members = dict[str, Any]


def search_members(results: Results, links: Members) -> Members:
    """`SearchAnswer`: what a search found, and the addresses that go with it."""
    query = results.query
    return {
        "query": {
            "q": query.q,
            "understood": query.understood,
            "warnings": query.warnings,
            "did_you_mean": query.did_you_mean,
        },
        "total": results.total,
        "folded": results.folded,
        "page": results.page,
        "size": results.size,
        "cursor": results.cursor,
        "took_ms": results.took_ms,
        "partial": results.partial,
        "generation": results.generation,
        "hits": hits_members(results.hits),
        "facets": _facets(results.facets),
        "links": links,
    }


def hits_members(hits: Iterable[Hit]) -> list[Members]:
    """`HitOut`, one a hit."""
    return [
        {
            "id": hit.id,
            "headline": hit.headline,
            "language": hit.language,
            "source": hit.source,
            "section": hit.section,
            "byline": hit.byline,
            "published": hit.published,
            "published_from": hit.published_from,
            "url": hit.url,
            "score": hit.score,
            "matched": hit.matched,
            "highlight": {field: _passages(found) for field, found in hit.highlight.items()},
            "persons": _labels(hit.persons),
            "organisations": _labels(hit.organisations),
            "copies": hit.copies,
            "folded": hit.folded,
        }
        for hit in hits
    ]


def buckets_members(buckets: Iterable[Bucket]) -> list[Members]:
    """`BucketOut`, one a bucket."""
    return [
        {
            "id": bucket.id,
            "label": bucket.label,
            "labels": None if bucket.labels is None else dict(bucket.labels),
            "count": bucket.count,
            "selected": bucket.selected,
            "excluded": bucket.excluded,
        }
        for bucket in buckets
    ]


def _passages(found: Passage | tuple[Passage, ...]) -> Members | list[Members]:
    if isinstance(found, Passage):
        return {"text": found.text, "marks": found.marks}
    return [{"text": passage.text, "marks": passage.marks} for passage in found]


def _labels(labels: Iterable[Label]) -> list[Members]:
    return [{"id": label.id, "label": label.label} for label in labels]


def _facets(facets: Facets) -> Members:
    members: Members = {}
    for name in ("person", "organisation", "language", "source", "section"):
        if name in facets:
            members[name] = buckets_members(facets[name])
    if "date" in facets:
        members["date"] = dates_members(facets["date"])
    return members


def dates_members(histogram: DateHistogram) -> Members:
    """`DatesOut`: articles by date."""
    return {
        "interval": histogram.interval,
        "buckets": [
            {"key": bucket.key, "count": bucket.count, "selected": bucket.selected} for bucket in histogram.buckets
        ],
        "undated": histogram.undated,
        "imprecise": histogram.imprecise,
    }
