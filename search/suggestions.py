"""Suggested merges, looked for once for each generation of the index and kept beside it for every process.

To compare all names with all others takes seconds in a large archive, and one decision hardly changes what is found.
So what was found is kept, and each time it is asked for it is held against the authority file as it is then: pairs that
were merged, rejected, refused or split meanwhile are left out.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from kashaf.errors import UnknownEntity
from kashaf.index.article import KINDS, Kind
from kashaf.index.authority import Authority
from kashaf.index.authority_file import kind_and_number
from kashaf.index.durable import replace_file
from kashaf.index.suggested_merges import SuggestedMerge
from kashaf.search.archive import Archive

FILE = "suggestions.json"
LOOKED_FOR = 500  # of each kind: more than anybody decides about between two additions of articles
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class _Pair:
    """A suggestion as it is kept: ids for entities."""

    kind: Kind
    one: str
    other: str
    likeness: float
    strength: float
    speaks: tuple[str, ...]
    missing: str


class Suggestions:
    """The suggested merges of an archive; safe to share between threads."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._file = archive.folder / FILE
        self._state = ""
        self._pairs: list[_Pair] = []
        self._lock = threading.Lock()
        self._search: threading.Thread | None = None
        self._failure: Exception | None = None

    def current(
        self, kinds: Iterable[Kind] = KINDS, size: int = 20, wait: float | None = None
    ) -> list[SuggestedMerge] | None:
        """The strongest suggestions of some kinds.

        Args:
            wait: seconds to wait while they are looked for; None: as long as it takes.

        Returns:
            None when they are still being looked for.
        """
        state = f"{self._archive.state.split('.')[0]}.{self._archive.generation}"
        with self._lock:
            if self._state != state and (kept := _read(self._file, state)) is not None:
                self._state, self._pairs = state, kept
            if self._state == state:
                return self._holding(set(kinds), size)
            if self._search is None or not self._search.is_alive():
                self._search = threading.Thread(target=self._look, args=(state,), daemon=True)
                self._search.start()
            search = self._search
        search.join(wait)
        with self._lock:
            if (failure := self._failure) is not None:
                self._failure = None  # whoever asks next has it looked for again
                raise failure
            return self._holding(set(kinds), size) if self._state else None

    def _look(self, state: str) -> None:
        try:
            pairs = self._found(state)
        except Exception as error:  # told to whoever waits, in whose name it was looked for
            with self._lock:
                self._failure = error
            return
        with self._lock:
            self._state, self._pairs = state, pairs

    def _found(self, state: str) -> list[_Pair]:
        found = [each for kind in KINDS for each in self._archive.suggested_merges((kind,), LOOKED_FOR)]
        found.sort(key=lambda each: -each.strength)
        pairs = [
            _Pair(each.kind, each.one.id, each.other.id, each.likeness, each.strength, each.speaks, each.missing)
            for each in found
        ]
        with suppress(OSError):  # an archive that may only be read: every process looks for itself
            replace_file(self._file, _written(pairs, state))
        return pairs

    def _holding(self, kinds: set[Kind], size: int) -> list[SuggestedMerge]:
        """Those that a librarian has not answered yet."""
        authority = self._archive.authority
        apart = authority.apart()
        found: list[SuggestedMerge] = []
        for start in range(0, len(self._pairs), 2 * size):
            found += _as_they_are(
                authority, apart, [p for p in self._pairs[start : start + 2 * size] if p.kind in kinds]
            )
            if len(found) >= size:
                break
        return found[:size]


def _as_they_are(authority: Authority, apart: dict[int, set[int]], pairs: Sequence[_Pair]) -> Iterable[SuggestedMerge]:
    numbers = {kind_and_number(entity_id)[1] for pair in pairs for entity_id in (pair.one, pair.other)}
    entities = {entity.id: entity for entity in authority.entities(numbers=numbers)}
    for pair in pairs:
        one, other = entities.get(pair.one), entities.get(pair.other)
        if one is not None and other is not None and other.number not in apart.get(one.number, ()):
            yield SuggestedMerge(
                f"{one.id}-{other.id}", pair.kind, one, other, pair.likeness, pair.strength, pair.speaks, pair.missing
            )


def _written(pairs: Sequence[_Pair], state: str) -> bytes:
    kept = {"kashaf": "suggestions", "format": _FORMAT, "state": state, "pairs": [asdict(pair) for pair in pairs]}
    return json.dumps(kept, ensure_ascii=False).encode("utf-8", "replace")


def _read(file: Path, state: str) -> list[_Pair] | None:
    """What was kept for a state of the archive; None when nothing was, or it cannot be read."""
    try:
        kept = json.loads(file.read_bytes())
        if kept["format"] != _FORMAT or kept["state"] != state:
            return None
        pairs = [_Pair(**{**pair, "speaks": tuple(pair["speaks"])}) for pair in kept["pairs"]]
        for pair in pairs:
            kind_and_number(pair.one)
            kind_and_number(pair.other)
    except (OSError, ValueError, KeyError, TypeError, UnknownEntity):
        return None
    return pairs
