"""Persons and organisations as lines of text for a terminal, and as records for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from kashaf.index.authority import Entity
from kashaf.index.suggested_merges import SuggestedMerge
from kashaf.progress import number
from kashaf.search.portrait import Portrait
from kashaf.search.results import Bucket
from kashaf.terminal import one_line

_FUNCTIONS = 10  # shown
_TIES = 10


def mentions(entity: Entity) -> int:
    """Mentions by article of all spellings; an article with two spellings counts for both."""
    return sum(count for _, count in entity.variants)


def record(entity: Entity) -> dict[str, object]:
    """An entity as JSON shows it."""
    variants = [{"name": name, "count": count} for name, count in entity.variants]
    return {
        "id": entity.id,
        "kind": entity.kind,
        "label": entity.label,
        "labels": dict(entity.labels),
        "variants": variants,
        "wikidata": entity.wikidata,
        "note": entity.note,
    }


def portrait_record(portrait: Portrait) -> dict[str, object]:
    """All that is known of an entity as JSON shows it."""
    return asdict(portrait) | {
        "with_persons": [_bucket_record(each) for each in portrait.with_persons],
        "with_organisations": [_bucket_record(each) for each in portrait.with_organisations],
        "timeline": {
            "interval": portrait.timeline.interval,
            "buckets": [{"key": each.key, "count": each.count} for each in portrait.timeline.buckets],
            "undated": portrait.timeline.undated,
            "imprecise": portrait.timeline.imprecise,
        },
    }


def _bucket_record(bucket: Bucket) -> dict[str, object]:
    return {"id": bucket.id, "label": bucket.label, "labels": bucket.labels, "count": bucket.count}


def suggestion_record(each: SuggestedMerge) -> dict[str, object]:
    """A suggestion as JSON shows it."""
    return {
        "id": each.id,
        "kind": each.kind,
        "likeness": round(each.likeness, 3),
        "strength": round(each.strength, 3),
        "for": list(each.speaks),
        "missing": each.missing,
        "entities": [record(each.one), record(each.other)],
    }


def line(entity: Entity) -> str:
    """An entity on one line."""
    labels = " · ".join(map(one_line, dict.fromkeys([entity.label, *entity.labels.values()])))
    return f"{entity.id}  {labels}  ({number(len(entity.variants), 'spelling')}, {number(mentions(entity), 'mention')})"


def suggestion_lines(each: SuggestedMerge) -> Iterator[str]:
    """A suggestion with its two entities, what speaks for it and what is missing."""
    yield f"{each.id}  {one_line(each.one.label)} = {one_line(each.other.label)} ?"
    for entity in (each.one, each.other):
        yield f"    {line(entity)}"
    for reason in each.speaks:
        yield f"    for: {one_line(reason)}"
    yield f"    but: {one_line(each.missing)}"


def lines(entity: Entity | Portrait) -> Iterator[str]:
    """What an entity is called, and what librarians keep with it."""
    yield f"{entity.id}  {entity.kind}  {one_line(entity.label)}"
    for language, label in entity.labels.items():
        yield f"label {language}: {one_line(label)}{'  (pinned)' if language in entity.pinned else ''}"
    if entity.wikidata:
        yield f"wikidata: {one_line(entity.wikidata)}"
    if entity.note:
        yield f"note: {one_line(entity.note)}"


def portrait_lines(portrait: Portrait) -> Iterator[str]:
    """All that is known of an entity."""
    yield from lines(portrait)
    yield from _counted("Spellings", [(each.name, each.count) for each in portrait.variants])
    yield from _counted("Functions", [(each.text, each.count) for each in portrait.functions[:_FUNCTIONS]])
    yield f"Articles: {portrait.articles:,}"
    for when, article in (("first", portrait.first), ("last", portrait.last)):
        if article is not None:
            yield f"{when}: {article.published}  {one_line(article.headline)}  {one_line(article.id)}"
    years = Counter[str]()
    for each in portrait.timeline.buckets:
        years[each.key[:4]] += each.count
    yield from _counted("By year", list(years.items()))
    for name, buckets in (("Persons", portrait.with_persons), ("Organisations", portrait.with_organisations)):
        yield from _counted(f"{name} beside", [(f"{one_line(b.label)}  {b.id}", b.count) for b in buckets])
    label = {bucket.id: bucket.label for bucket in (*portrait.with_persons, *portrait.with_organisations)}
    ties = [(f"{label[tie.one]} with {label[tie.other]}", tie.count) for tie in portrait.ties[:_TIES]]
    yield from _counted("Both beside", ties)


def _counted(title: str, values: Sequence[tuple[str, int]]) -> Iterator[str]:
    if values:
        yield f"{title}:"
    for text, count in values:
        yield f"{count:8,}  {one_line(text)}"
