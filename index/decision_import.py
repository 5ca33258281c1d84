"""Bringing a file of decisions into an authority file, and taking it out again, as one step.

Each line takes the entity here that has most of its names, or a new one; its other names move there. What an
entity here has besides goes along when all its names of the file go to one place, and stays otherwise.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from typing import Any

from kashaf.errors import CurationError
from kashaf.index.article import Kind
from kashaf.index.decision_file import DecisionFile, EntityLine
from kashaf.index.resolution import add_name

_STATED = ("label_fr", "label_ar", "wikidata", "note", "rejected")
_ROW = (*_STATED, "merged_into")
_READ_ROW = f"SELECT {', '.join(_ROW)} FROM entities WHERE number = ?"
_WRITE_ROW = f"UPDATE entities SET {', '.join(f'{column} = ?' for column in _ROW)} WHERE number = ?"

Before = dict[str, Any]  # what undoing needs


class Import:
    """One file on its way into the tables.

    Attributes:
        before: what has been changed: `rows` and `variants` as they were, names `added`.
        targets: the entity of each line of the file.
    """

    def __init__(self, connection: sqlite3.Connection, content: DecisionFile) -> None:
        self.connection = connection
        self.content = content
        self.before: Before = {"rows": {}, "variants": {}, "added": []}
        self._known = {
            (line.kind, name): found
            for line in content.entities
            for name in line.names
            if (found := self._variant(line.kind, name)) is not None
        }
        self.targets = self._claimed()

    def run(self) -> None:
        """Changes what has to be changed; nothing when all is as the file says."""
        for line, target in zip(self.content.entities, self.targets, strict=True):
            self._gather(line, target)
        for line, target in zip(self.content.entities, self.targets, strict=True):
            self._state(line, target)
        for line, target in zip(self.content.entities, self.targets, strict=True):
            self._check(line, target)

    @property
    def changed(self) -> bool:
        """Whether anything was."""
        return any(self.before.values())

    def apart(self) -> list[tuple[int, int]]:
        """The entities that the file says are two."""
        of_name = {
            (line.kind, name): target
            for line, target in zip(self.content.entities, self.targets, strict=True)
            for name in line.names
        }
        return [(of_name[pair.kind, pair.names[0]], of_name[pair.kind, pair.names[1]]) for pair in self.content.apart]

    def _variant(self, kind: Kind, name: str) -> tuple[int, int] | None:
        """The row and the entity of a name."""
        found: tuple[int, int] | None = self.connection.execute(
            "SELECT id, entity FROM variants WHERE kind = ? AND name = ?", (kind, name)
        ).fetchone()
        return found

    def _claimed(self) -> list[int]:
        """The entity of each line: that with most of its names, and each of one line alone; else a new one."""
        shares: Counter[tuple[int, int]] = Counter()
        for place, line in enumerate(self.content.entities):
            for name in line.names:
                if (found := self._known.get((line.kind, name))) is not None:
                    shares[place, found[1]] += 1
        self._lines_of: dict[int, set[int]] = defaultdict(set)
        for place, entity in shares:
            self._lines_of[entity].add(place)
        targets: dict[int, int] = {}
        self._taken: set[int] = set()
        for place, entity in sorted(shares, key=lambda share: (-shares[share], share)):
            if place not in targets and entity not in self._taken:
                targets[place] = entity
                self._taken.add(entity)
        return [
            targets[place] if place in targets else self._new_entity(line.kind)
            for place, line in enumerate(self.content.entities)
        ]

    def _new_entity(self, kind: Kind) -> int:
        return int(self.connection.execute("INSERT INTO entities (kind) VALUES (?)", (kind,)).lastrowid or 0)

    def _gather(self, line: EntityLine, target: int) -> None:
        """Puts the names of a line into its entity."""
        for name in line.names:
            known = self._variant(line.kind, name)
            if known is None:
                self.before["added"].append(add_name(self.connection, line.kind, name, target))
                continue
            row, entity = known
            if entity == target:
                continue
            whole = entity not in self._taken and len(self._lines_of[entity]) == 1
            self._move([row] if not whole else self._rows_of(entity), entity, target)
            if not self._rows_of(entity):
                redirected = self.connection.execute("SELECT number FROM entities WHERE merged_into = ?", (entity,))
                for number in [entity, *(number for (number,) in redirected.fetchall())]:
                    self._set(number, merged_into=target)

    def _rows_of(self, entity: int) -> list[int]:
        return [row for (row,) in self.connection.execute("SELECT id FROM variants WHERE entity = ?", (entity,))]

    def _move(self, rows: list[int], old: int, new: int) -> None:
        for row in rows:
            self.before["variants"].setdefault(str(row), old)
        self.connection.executemany("UPDATE variants SET entity = ? WHERE id = ?", [(new, row) for row in rows])

    def _state(self, line: EntityLine, target: int) -> None:
        """Writes what a line says of its entity."""
        said: dict[str, object] = {f"label_{language}": label for language, label in line.labels.items()}
        said |= {"wikidata": line.wikidata} if line.wikidata else {}
        said |= {"note": line.note} if line.note else {}
        said |= {"rejected": 1} if line.rejected else {}
        self._set(target, **said)

    def _check(self, line: EntityLine, target: int) -> None:
        """Refuses a Wikidata id that another entity has."""
        other = self.connection.execute(
            "SELECT kind, number FROM entities"
            " WHERE wikidata = ? AND number <> ? AND merged_into IS NULL AND NOT rejected",
            (line.wikidata, target),
        ).fetchone()
        if other is not None:
            owner = f"{other[0]} {other[1]} of this archive"
            raise CurationError(
                f"line {line.line}: {line.wikidata} is the Wikidata id of {owner} already; nothing was changed"
            )

    def _set(self, number: int, **values: object) -> None:
        old = self.connection.execute(_READ_ROW, (number,)).fetchone()
        now = dict(zip(_ROW, old, strict=True))
        if now | values != now:
            self.before["rows"].setdefault(str(number), list(old))
            self.connection.execute(_WRITE_ROW, [*(now | values).values(), number])


def undo_import(connection: sqlite3.Connection, before: Before) -> None:
    """Puts back what an import changed. Names that came with it stay, each an entity of its own."""
    for number, row in before["rows"].items():
        connection.execute(_WRITE_ROW, [*row, int(number)])
    connection.executemany(
        "UPDATE variants SET entity = ? WHERE id = ?", [(old, int(row)) for row, old in before["variants"].items()]
    )
    for row in before["added"]:
        cursor = connection.execute("INSERT INTO entities (kind) SELECT kind FROM variants WHERE id = ?", (row,))
        connection.execute("UPDATE variants SET entity = ? WHERE id = ?", (cursor.lastrowid, row))


def stated(connection: sqlite3.Connection, number: int) -> dict[str, Any] | None:
    """What librarians have stated of an entity; None for one that was merged away."""
    row = connection.execute(
        f"SELECT kind, merged_into, {', '.join(_STATED)} FROM entities WHERE number = ?", (number,)
    )
    kind, merged_into, *values = row.fetchone()
    return None if merged_into is not None else {"kind": kind, **dict(zip(_STATED, values, strict=True))}
