"""Merges that a librarian may want to make: pairs that are too doubtful to be made without, the strongest first.

They are looked for when they are asked for, and cost nothing while articles come in. A second sign counts: persons and
organisations that are named beside both, on the same day above all, and a function that articles give both. Entities
that stand in one article together, and those that a librarian has split or refused, are never proposed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

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
_EXACT = 3  # precision of a publication day


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
    found.sort(key=lambda each: (-each.strength, each.one, each.other))
    strongest = found[:size]
    numbers = {number for each in strongest for number in (each.one, each.other, *each.signs.beside)}
    entities = {entity.number: entity for entity in authority.entities(numbers=numbers)}
    made: list[SuggestedMerge] = []
    for each in strongest:
        one, other = sorted(
            (entities[each.one], entities[each.other]), key=lambda entity: (-_mentions(entity), entity.number)
        )
        speaks = (each.doubt.speaks, *_said(each.signs, entities))
        pair, doubt = f"{one.id}-{other.id}", each.doubt
        made.append(SuggestedMerge(pair, one.kind, one, other, doubt.likeness, each.strength, speaks, doubt.missing))
    return made


def _said(signs: _Signs, entities: Mapping[int, Entity]) -> Iterable[str]:
    """Second signs in words."""
    if signs.function:
        yield f"articles call both {signs.function}"
    beside = [entities[number].label for number in signs.beside if number in entities]
    if beside:
        yield f"both are named with {', '.join(beside[:_SIGNS])}"
    if signs.day and (company := entities.get(signs.day[1])) is not None:
        yield f"articles of {date.fromordinal(signs.day[0])} name both with {company.label}"


@dataclass(frozen=True, slots=True)
class _Signs:
    """What else speaks for it.

    Attributes:
        beside: who is named beside both, the rarest first.
        day: a day on which both were named, though not in one article, and beside whom; None for none.
        function: that articles give both; None for none.
    """

    beside: list[int]
    day: tuple[int, int] | None
    function: str | None = None

    @property
    def strength(self) -> float:
        return _SIGN * (min(_SIGNS, len(self.beside)) + (self.day is not None) + 2 * (self.function is not None))


@dataclass(frozen=True, slots=True)
class _Found:
    """Two entities, by their numbers, the names they were found by, and the signs."""

    strength: float
    one: int
    other: int
    doubt: Doubt
    signs: _Signs


def _mentions(entity: Entity) -> int:
    return sum(count for _, count in entity.variants)


def _of_kind(authority: Authority, kind: Kind, articles: _Articles) -> Iterable[_Found]:
    """All that may be one, of one kind."""
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
    offices = authority.offices() if kind == "person" else {}
    for (one, other), doubt in sorted(best.items(), key=lambda item: (-item[1].likeness, item[0]))[:_LOOKED_AT]:
        if (signs := articles.signs(one, other)) is not None:
            held = offices.get(one, {})
            function = next((held[office] for office in sorted(held.keys() & offices.get(other, {}).keys())), None)
            signs = replace(signs, function=function)
            yield _Found(doubt.likeness + signs.strength, one, other, doubt, signs)


def _marks(connection: sqlite3.Connection) -> Array:
    """All marks with the names that have them, in order of marks."""
    rows = connection.execute("SELECT mark, variant FROM name_marks ORDER BY mark, variant").fetchall()
    return np.array(rows, np.int64).reshape(-1, 2)


class _Articles:
    """Which entities stand in which articles that are not deleted."""

    def __init__(self, authority: Authority, segments: Sequence[Segment]) -> None:
        days: list[Array] = [np.zeros(0, np.int64)]
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
            days.append(np.where(segment.precisions == _EXACT, segment.days, 0).astype(np.int64))
            before += segment.docs
        self._days = np.concatenate(days)
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

    def signs(self, one: int, other: int) -> _Signs | None:
        """Who stands beside both, and when; None when the two stand in one article."""
        first, second = self._of(one), self._of(other)
        if len(np.intersect1d(first, second)):
            return None
        shared = np.intersect1d(self._beside(first), self._beside(second), assume_unique=True)
        sizes = self._starts[shared + 1] - self._starts[shared]
        telling = sizes <= max(5, self._count * _COMMON)
        shared, sizes = shared[telling], sizes[telling]
        found: list[int] = shared[np.argsort(sizes, kind="stable")].tolist()
        for number in found[:_SIGNS]:
            beside = self._of(number)
            here, there = (np.intersect1d(documents, beside) for documents in (first, second))
            days = np.intersect1d(self._days[here], self._days[there])
            if len(days) and days[-1]:
                return _Signs(found, (int(days[-1]), number))
        return _Signs(found, None)


def _starts(numbers: Array) -> Array:
    """Where the run of each number starts once they are in order."""
    return np.concatenate([[0], np.cumsum(np.bincount(numbers))]).astype(np.int64)
