"""Merges that a librarian may want to make: pairs that are too doubtful to be made without, the strongest first.

They are looked for when they are asked for, and cost nothing while articles come in. A second sign counts: persons and
organisations that are named beside both. Entities that stand in one article together, and those that a librarian
has split or refused, are never proposed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from kashaf.index.article import KINDS, Kind
from kashaf.index.authority import Authority
from kashaf.index.authority_file import Entity
from kashaf.index.doubtful_names import Doubt, doubtful_organisations, doubtful_persons
from kashaf.index.segment import Segment
from kashaf.index.segment_file import Array

_LOOKED_AT = 5_000  # pairs of each kind, the most alike first
_ARTICLES = 1_000  # of one entity, where its neighbours are looked for
_COMMON = 0.02  # who stands in a larger share of all articles is no sign
_SIGN = 0.04  # what a neighbour in common adds
_SIGNS = 5  # and how many add something


@dataclass(frozen=True, slots=True)
class SuggestedMerge:
    """Two entities that may be one.

    Attributes:
        id: ``p12-p48``; the same as long as both are entities.
        one, other: the entities, the one with more mentions first.
        likeness: of the two names that are the most alike, 0.0 … 1.0.
        strength: likeness and second signs together; suggestions are in its order.
        speaks: what speaks for it.
        missing: why it was not done without asking.
    """

    id: str
    kind: Kind
    one: Entity
    other: Entity
    likeness: float
    strength: float
    speaks: tuple[str, ...]
    missing: str


def suggested_merges(
    authority: Authority, segments: Sequence[Segment], kinds: Iterable[Kind] = KINDS, size: int = 20
) -> list[SuggestedMerge]:
    """The strongest suggestions of some kinds, `size` at most."""
    articles = _Articles(authority, segments)
    found = [each for kind in kinds for each in _of_kind(authority, kind, articles)]
    found.sort(key=lambda each: (-each[0], each[1], each[2]))
    strongest = found[:size]
    numbers = {number for _, one, other, _, shared in strongest for number in (one, other, *shared)}
    entities = {entity.number: entity for entity in authority.entities(numbers=numbers)}
    made: list[SuggestedMerge] = []
    for strength, a, b, doubt, shared in strongest:
        one, other = sorted((entities[a], entities[b]), key=lambda entity: (-_mentions(entity), entity.number))
        beside = [entities[number].label for number in shared if number in entities]
        speaks = (doubt.speaks, *([f"both are named with {', '.join(beside[:_SIGNS])}"] if beside else ()))
        pair = f"{one.id}-{other.id}"
        made.append(SuggestedMerge(pair, one.kind, one, other, doubt.likeness, strength, speaks, doubt.missing))
    return made


def _mentions(entity: Entity) -> int:
    return sum(count for _, count in entity.variants)


def _of_kind(
    authority: Authority, kind: Kind, articles: _Articles
) -> Iterable[tuple[float, int, int, Doubt, list[int]]]:
    """Strength, the two entities, the names it was found by, and who is named beside both."""
    rows = authority.connection.execute(
        "SELECT id, name, entity FROM variants JOIN entities ON number = entity"
        " WHERE variants.kind = ? AND count > 0 AND NOT rejected ORDER BY id",
        (kind,),
    ).fetchall()
    names = {row: name for row, name, _ in rows}
    entity_of = {row: entity for row, _, entity in rows}
    apart = authority.apart()
    best: dict[tuple[int, int], Doubt] = {}
    doubts = (
        doubtful_persons(names, _marks(authority.connection)) if kind == "person" else doubtful_organisations(names)
    )
    for doubt in doubts:
        one, other = sorted((entity_of[doubt.one], entity_of[doubt.other]))
        if one != other and other not in apart.get(one, ()):
            known = best.get((one, other))
            if known is None or doubt.likeness > known.likeness:
                best[one, other] = doubt
    for (one, other), doubt in sorted(best.items(), key=lambda item: (-item[1].likeness, item[0]))[:_LOOKED_AT]:
        if (shared := articles.beside_both(one, other)) is not None:
            yield doubt.likeness + _SIGN * min(_SIGNS, len(shared)), one, other, doubt, shared


def _marks(connection: sqlite3.Connection) -> Array:
    """All marks with the names that have them, in order of marks."""
    rows = connection.execute("SELECT mark, variant FROM name_marks ORDER BY mark, variant").fetchall()
    return np.array(rows, np.int64).reshape(-1, 2)


class _Articles:
    """Which entities stand in which articles that are not deleted."""

    def __init__(self, authority: Authority, segments: Sequence[Segment]) -> None:
        documents: list[Array] = [np.zeros(0, np.int64)]
        entities: list[Array] = [np.zeros(0, np.int64)]
        before = 0
        for segment in segments:
            for kind in KINDS:
                column = authority.column(segment, kind)
                sizes = column.starts[1:] - column.starts[:-1]
                places = np.repeat(np.arange(segment.docs), sizes)
                live = np.ones(len(places), np.bool_) if segment.live is None else segment.live[places]
                documents.append(places[live] + before)
                entities.append(column.entities[live].astype(np.int64))
            before += segment.docs
        self._count = max(1, before)
        document, entity = np.concatenate(documents), np.concatenate(entities)
        by_entity, by_document = np.argsort(entity, kind="stable"), np.argsort(document, kind="stable")
        self._documents, self._starts = document[by_entity], _starts(entity)
        self._entities, self._document_starts = entity[by_document], _starts(document)

    def _of(self, entity: int) -> Array:
        """The articles of an entity."""
        if entity + 1 >= len(self._starts):
            return self._documents[:0]
        return self._documents[self._starts[entity] : self._starts[entity + 1]]

    def _beside(self, documents: Array) -> Array:
        """The entities in some articles."""
        starts = self._document_starts
        runs = [self._entities[starts[each] : starts[each + 1]] for each in documents[:_ARTICLES].tolist()]
        return np.unique(np.concatenate(runs)) if runs else self._entities[:0]

    def beside_both(self, one: int, other: int) -> list[int] | None:
        """Who stands beside both, the rarest first; None when the two stand in one article."""
        first, second = self._of(one), self._of(other)
        if len(np.intersect1d(first, second)):
            return None
        shared = np.intersect1d(self._beside(first), self._beside(second), assume_unique=True)
        sizes = self._starts[shared + 1] - self._starts[shared]
        telling = sizes <= max(5, self._count * _COMMON)
        shared, sizes = shared[telling], sizes[telling]
        found: list[int] = shared[np.argsort(sizes, kind="stable")].tolist()
        return found


def _starts(numbers: Array) -> Array:
    """Where the run of each number starts once they are in order."""
    return np.concatenate([[0], np.cumsum(np.bincount(numbers))]).astype(np.int64)
