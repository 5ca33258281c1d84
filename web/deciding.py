"""Carrying out one decision about persons and organisations, for the pages and for the JSON interface."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from kashaf.errors import UnknownEntity
from kashaf.index.article import Kind
from kashaf.index.authority import Authority
from kashaf.index.authority_file import Entity
from kashaf.index.decision_log import Decision
from kashaf.search.archive import Archive
from kashaf.search.request import Request
from kashaf.search.suggestions import Suggestions
from kashaf.web.serving import archive

_SUGGESTIONS: WeakKeyDictionary[Archive, Suggestions] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of a decision.

    Attributes:
        decision: its line of the log; None when all was so already.
        entities: those it is about, as they are now; rejected ones are left out.
    """

    decision: Decision | None
    entities: tuple[Entity, ...]


def decide(act: Callable[[Authority], object]) -> Decided:
    """Makes a decision; when this returns it is safe, and every worker answers by it.

    Args:
        act: calls one method of the authority file that decides.

    Raises:
        CurationError: if it contradicts what is in the archive; nothing is changed then.
        UnknownEntity: if an id is unknown.
        ArchiveLocked: if another process writes and does not finish in time.
    """
    with archive().curate() as authority:
        before = authority.last_decision
        act(authority)
        number = authority.last_decision
        decision = authority.decision(number) if number > before else None
    return Decided(decision, known(decision.entities if decision else ()))


def undo(number: int) -> Decided:
    """Takes a decision back; raises as `decide`."""
    with archive().curate() as authority:
        authority.undo(number)
        decision = authority.decision(number)
    return Decided(decision, known(decision.entities if decision else ()))


def known(ids: Iterable[str]) -> tuple[Entity, ...]:
    """The entities that ids mean now, each once; rejected ones are left out."""
    found: dict[str, Entity] = {}
    for entity_id in ids:
        try:
            entity = archive().entity(entity_id)
        except UnknownEntity:
            continue
        found.setdefault(entity.id, entity)
    return tuple(found.values())


def suggestions() -> Suggestions:
    """The suggested merges of the archive of this process."""
    return _SUGGESTIONS.setdefault(archive(), Suggestions(archive()))


def listed(kinds: Sequence[Kind], typed: str, start: int, size: int) -> tuple[int, list[Entity]]:
    """How many persons and organisations there are in all, and some of them.

    Args:
        typed: a name in any spelling, its start, or an id; those that match best come first. With "" everybody whom
            articles name, the most named first.
    """
    if typed.strip():
        found = [entity for kind in kinds for entity in named(kind, typed, start + size)]
        found.sort(key=lambda entity: -archive().entity_list(entity.kind).count(entity.number))
        return len(found), found[start : start + size]
    lists = [archive().entity_list(kind) for kind in kinds]
    # The most named of several kinds together are among the most named of each.
    ahead = [(-each.count(int(number)), int(number)) for each in lists for number in each.most_named[: start + size]]
    numbers = [number for _, number in sorted(ahead)[start : start + size]]
    entities = {entity.number: entity for entity in archive().entities(numbers)}
    return sum(map(len, lists)), [entities[number] for number in numbers if number in entities]


def named(kind: Kind, typed: str, size: int) -> list[Entity]:
    """Who may be meant by what was typed: names that begin so, then names that are like it."""
    buckets = archive().facet(kind, typed, Request(), size)
    ids = [bucket.id for bucket in buckets]
    ids += [entity.id for entity, _ in archive().authority.find(kind, typed, size)]
    return list(known(dict.fromkeys(ids)))[:size]
