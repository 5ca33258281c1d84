"""The entities that answers show, read once for each version of the authority file.

A page of hits with its facets names a hundred persons and organisations, mostly the same ones from answer to answer.
"""

from __future__ import annotations

from collections.abc import Iterable

from kashaf.index.article import Kind
from kashaf.index.authority import Authority, Entity

_MOST = 1 << 13  # about a kilobyte each


class KnownEntities:
    """Entities of one version of the authority file; safe to share between threads."""

    def __init__(self, authority: Authority) -> None:
        self._authority = authority
        self._known: dict[int, Entity | None] = {}

    def entities(self, kind: Kind | None = None, numbers: Iterable[int] = ()) -> list[Entity]:
        """The entities with these numbers, in order of number; rejected and merged ones left out."""
        wanted = sorted(set(numbers))
        known = self._known
        missing = [number for number in wanted if number not in known]
        if missing:
            if len(known) + len(missing) > _MOST:
                known = self._known = {}  # others may still be reading the old one
                missing = wanted
            read = {entity.number: entity for entity in self._authority.entities(numbers=missing)}
            known.update((number, read.get(number)) for number in missing)
        found = (known[number] for number in wanted)
        return [entity for entity in found if entity is not None and kind in (None, entity.kind)]
