"""Which entity a new name means: the automatic part of the authority file.

A name joins an entity only when that is sure; in doubt it gets one of its own, and a librarian may merge the two.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from kashaf.analyzers.name_key import NameWord, name_words
from kashaf.index import organisation_names, person_names
from kashaf.index.article import Kind

_DOMINATES = 5  # so many times the mentions of its next namesake, for a lone family name


def placeholders(values: Sequence[object]) -> str:
    """What stands for values in an SQL statement."""
    return ",".join("?" * len(values))


def side_by_side(batch: Sequence[tuple[Kind, tuple[str, ...]]], fresh: Mapping[str, int]) -> dict[str, set[str]]:
    """New person name -> the names that some article has beside it."""
    beside: dict[str, set[str]] = defaultdict(set)
    for kind, names in batch:
        if kind == "person" and len(names) > 1:
            for name in names:
                if name in fresh:
                    beside[name].update(names)
    return beside


class _Resolver:
    """Gives new names of one kind their entities, one after the other."""

    kind: Kind

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def _candidates(self, marks: Iterable[int]) -> dict[int, list[tuple[str, int]]]:
        """Entity -> its names, with their counts, that share a mark."""
        wanted = list(marks)
        found: dict[int, list[tuple[str, int]]] = {}
        if wanted:  # CROSS JOIN: SQLite looks the marks up first
            for entity, name, count in self.connection.execute(
                "SELECT DISTINCT entity, name, count FROM name_marks CROSS JOIN variants ON id = variant"
                f" WHERE mark IN ({placeholders(wanted)}) AND +kind = ?",
                [*wanted, self.kind],
            ):
                found.setdefault(entity, []).append((name, count))
        return found

    def _names(self, entity: int) -> list[tuple[str, int]]:
        return self.connection.execute("SELECT name, count FROM variants WHERE entity = ?", (entity,)).fetchall()

    def _new_entity(self, bundled: str | None = None) -> int:
        cursor = self.connection.execute("INSERT INTO entities (kind, bundled) VALUES (?, ?)", (self.kind, bundled))
        return int(cursor.lastrowid or 0)

    def _write(self, name: str, count: int, entity: int, marks: Iterable[int]) -> None:
        cursor = self.connection.execute(
            "INSERT INTO variants (kind, name, entity, count) VALUES (?, ?, ?, ?)",
            (self.kind, name, entity, count),
        )
        self.connection.executemany(
            "INSERT OR IGNORE INTO name_marks VALUES (?, ?)", [(mark, cursor.lastrowid) for mark in marks]
        )


class PersonResolver(_Resolver):
    """Gives person names their entities.

    Args:
        beside: for each new name, the names that some article has beside it.
    """

    kind: Kind = "person"

    def __init__(self, connection: sqlite3.Connection, beside: Mapping[str, set[str]]) -> None:
        super().__init__(connection)
        self.beside = beside

    def resolve(self, fresh: Mapping[str, int]) -> None:
        """Full names first, the most frequent before the others; then lone family names."""
        words = {name: name_words(name) for name in fresh}
        for name in sorted(fresh, key=lambda name: (len(words[name]) < 2, -fresh[name], name)):
            spoken = words[name]
            marks = person_names.marks(spoken)
            entity = self._same(name, spoken, marks) if len(spoken) > 1 else self._namesake(name, spoken)
            lookup = marks | person_names.surname_marks(spoken) if len(spoken) > 1 else marks
            self._write(name, fresh[name], entity or self._new_entity(), lookup)

    def _same(self, name: str, words: Sequence[NameWord], marks: Iterable[int]) -> int | None:
        """The entity that a full name surely belongs to."""
        found: list[tuple[float, int, int]] = []
        for entity, shared in self._candidates(marks).items():
            score = max(person_names.same_person(words, name_words(other)) for other, _ in shared)
            if score:
                names = self._names(entity)
                if self._fits(name, words, [other for other, _ in names]):
                    found.append((score, sum(count for _, count in names), -entity))
        return -max(found)[2] if found else None

    def _fits(self, name: str, words: Sequence[NameWord], others: Sequence[str]) -> bool:
        spoken = {other: name_words(other) for other in others}
        if not person_names.holds(words, list(spoken.values())):
            return False
        beside = self.beside.get(name, set())
        return all(person_names.is_part(words, spoken[other]) for other in others if other in beside and other != name)

    def _namesake(self, name: str, words: Sequence[NameWord]) -> int | None:
        """The one entity that a lone family name can mean."""
        if not words or words[0].initial:
            return None
        alone = self.connection.execute(
            "SELECT entity FROM variants WHERE kind = ? AND name = ? COLLATE NOCASE", (self.kind, name)
        ).fetchone()
        if alone is not None:
            return int(alone[0])
        weights: Counter[int] = Counter()
        for entity, shared in self._candidates(person_names.surname_marks(words)).items():
            if any(person_names.same_surname(words[0], name_words(other)) for other, _ in shared):
                weights[entity] = sum(count for _, count in self._names(entity))
        ranked = weights.most_common(2)
        if not ranked or (len(ranked) > 1 and ranked[0][1] < _DOMINATES * ranked[1][1]):
            return None
        return ranked[0][0]


class OrganisationResolver(_Resolver):
    """Gives names of organisations their entities.

    Args:
        said: for a name, the one that an article says to be the same.
    """

    kind: Kind = "organisation"

    def __init__(self, connection: sqlite3.Connection, said: Mapping[tuple[Kind, str], str]) -> None:
        super().__init__(connection)
        self.said = said

    def resolve(self, fresh: Mapping[str, int]) -> None:
        """The most frequent names first; longer ones before their acronyms."""
        for name in sorted(fresh, key=lambda name: (name.isupper(), -fresh[name], name)):
            marks = organisation_names.marks(name)
            self._write(name, fresh[name], self._same(name, marks), marks)

    def _same(self, name: str, marks: Iterable[int]) -> int:
        known = organisation_names.known_organisation(name)
        if known is not None:
            row = self.connection.execute(
                "SELECT number, merged_into FROM entities WHERE bundled = ?", (known.key,)
            ).fetchone()
            if row is not None:
                return int(row[0] if row[1] is None else row[1])
        found = [
            (max(count for _, count in shared), -entity)
            for entity, shared in self._candidates(marks).items()
            if any(organisation_names.same_organisation(name, other) for other, _ in shared)
        ]
        if found:
            return -max(found)[1]
        other = self.said.get((self.kind, name))
        if other is not None and known is None:
            row = self.connection.execute(
                "SELECT entity FROM variants WHERE kind = ? AND name = ?", (self.kind, other)
            ).fetchone()
            if row is not None:
                return int(row[0])
        return self._new_entity(known.key if known else None)
