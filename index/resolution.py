"""Which entity a new name means: the automatic part of the authority file.

A name joins an entity only when that is sure; in doubt it gets one of its own, and a librarian may merge the two.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from kashaf.analyzers.name_key import NameWord, name_words
from kashaf.index import ministries, organisation_names, person_names
from kashaf.index.article import Kind
from kashaf.index.entity_functions import add_functions, functions_of_entity
from kashaf.index.offices import offices

_USUAL = 50  # a form with a smaller part of the mentions of the commonest one is a slip of the pen
_EXPLAINED = 5  # times the mentions of a full name: as often an acronym of it may stand alone
_ACRONYM = 3  # letters: two are the initials of too many
_ALONE = 2  # times the mentions of a person: as often a family name alone may stand for one
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


def add_name(connection: sqlite3.Connection, kind: Kind, name: str, entity: int, count: int = 0) -> int:
    """Writes a name that is not known yet, with what the names to come are compared by; returns its row."""
    if kind == "person":
        spoken = name_words(name)
        marks = person_names.marks(spoken)
        if len(person_names.family_part(spoken)) > 1:
            marks |= person_names.surname_marks(spoken) | person_names.given_marks(spoken)
    else:
        marks = organisation_names.marks(name) | ministries.marks(name)
    cursor = connection.execute(
        "INSERT INTO variants (kind, name, entity, count) VALUES (?, ?, ?, ?)", (kind, name, entity, count)
    )
    row = int(cursor.lastrowid or 0)
    connection.executemany("INSERT OR IGNORE INTO name_marks VALUES (?, ?)", [(mark, row) for mark in marks])
    return row


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

    def _write(self, name: str, count: int, entity: int) -> int:
        return add_name(self.connection, self.kind, name, entity, count)


class PersonResolver(_Resolver):
    """Gives person names their entities.

    Args:
        beside: for each new name, the names that some article has beside it.
        functions: for some of the new names what articles say that they are, and how many do.
    """

    kind: Kind = "person"

    def __init__(
        self,
        connection: sqlite3.Connection,
        beside: Mapping[str, set[str]],
        functions: Mapping[str, Mapping[str, int]],
    ) -> None:
        super().__init__(connection)
        self.beside = beside
        self.functions = functions

    def resolve(self, fresh: Mapping[str, int]) -> None:
        """Full names first, the most frequent before the others; then family names."""
        words = {name: name_words(name) for name in fresh}
        last = {key for spoken in words.values() if len(spoken) > 2 for key in spoken[-1].keys}

        def rank(name: str) -> tuple[int, int, str]:
            spoken = person_names.family_part(words[name])
            compound = (
                len(spoken) == 2 and not last.isdisjoint(spoken[-1].keys) and not person_names.is_given(spoken[0])
            )
            return (2 if len(spoken) < 2 else int(compound)), -fresh[name], name

        for name in sorted(fresh, key=rank):
            spoken = words[name]
            family = person_names.family_part(spoken)
            marks = person_names.marks(spoken)
            if len(family) > 1:
                entity = self._same(name, spoken, marks) or self._compound(family)
            else:
                entity = self._namesake(name, family, fresh[name])
            row = self._write(name, fresh[name], entity or self._new_entity())
            add_functions(self.connection, row, self.functions.get(name, {}))

    def _same(self, name: str, words: Sequence[NameWord], marks: Iterable[int]) -> int | None:
        """The entity that a full name surely belongs to."""
        held = offices(self.functions.get(name, ()))
        found: list[tuple[float, int, int]] = []
        for entity, shared in self._candidates(marks).items():
            spoken = [name_words(other) for other, _ in shared]
            score = max(person_names.same_person(words, other) for other in spoken)
            if not score and held:
                score = max(person_names.same_person(words, other, confirmed=True) for other in spoken)
                score = 0.0 if held.isdisjoint(self._offices(entity)) else score
            if score:
                names = self._names(entity)
                if self._fits(name, words, names):
                    found.append((score, sum(count for _, count in names), -entity))
        return -max(found)[2] if found else None

    def _offices(self, entity: int) -> set[str]:
        """The offices of an entity, as articles say so far."""
        return offices(function for function, _ in functions_of_entity(self.connection, entity))

    def _fits(self, name: str, words: Sequence[NameWord], others: Sequence[tuple[str, int]]) -> bool:
        """Whether a name may join some others, given with their counts: likeness is not handed along a chain."""
        least = max(count for _, count in others) / _USUAL
        if not person_names.holds(words, [name_words(other) for other, count in others if count >= least]):
            return False
        beside = self.beside.get(name, set())
        return all(
            person_names.is_part(words, name_words(other)) for other, _ in others if other in beside and other != name
        )

    def _compound(self, family: Sequence[NameWord]) -> int | None:
        """The one entity whose full name ends with a compound family name."""
        if person_names.is_given(family[0]):
            return None
        entities = [
            entity
            for entity, shared in self._candidates(person_names.surname_marks(family)).items()
            if any(person_names.is_compound_family(family, name_words(other)) for other, _ in shared)
        ]
        return entities[0] if len(entities) == 1 else None

    def _namesake(self, name: str, words: Sequence[NameWord], count: int) -> int | None:
        """The one entity that a lone family name can mean; nobody who is named far less often than it."""
        if not words or words[0].initial:
            return None
        alone = self.connection.execute(
            "SELECT entity FROM variants WHERE kind = ? AND name = ? COLLATE NOCASE ORDER BY +name", (self.kind, name)
        ).fetchone()
        if alone is not None:
            return int(alone[0])
        surname, given = person_names.surname_marks(words), person_names.given_marks((*words, *words))
        if person_names.is_given(words[0]) or self._holders(given) > self._holders(surname):
            return None
        weights: Counter[int] = Counter()
        for entity, shared in self._candidates(surname).items():
            if any(person_names.same_surname(words[0], name_words(other)) for other, _ in shared):
                weights[entity] = sum(count for _, count in self._names(entity))
        ranked = weights.most_common(2)
        if not ranked or ranked[0][1] * _ALONE < count:
            return None
        if len(ranked) > 1 and ranked[0][1] < _DOMINATES * ranked[1][1]:
            return None
        return ranked[0][0]

    def _holders(self, marks: Iterable[int]) -> int:
        """How many names share a mark."""
        wanted = list(marks)
        found = self.connection.execute(
            f"SELECT count(DISTINCT variant) FROM name_marks WHERE mark IN ({placeholders(wanted)})", wanted
        ).fetchone()
        return int(found[0])


class OrganisationResolver(_Resolver):
    """Gives names of organisations their entities.

    Args:
        said: for a short form, the full names that articles say it stands for.
        is_decided: whether a librarian has decided anything of an entity.
    """

    kind: Kind = "organisation"

    def __init__(
        self, connection: sqlite3.Connection, said: Mapping[str, set[str]], is_decided: Callable[[int], bool]
    ) -> None:
        super().__init__(connection)
        self.said = said
        self.is_decided = is_decided

    def resolve(self, fresh: Mapping[str, int]) -> None:
        """The most frequent names first; longer ones before their acronyms, also those to come."""
        for name in sorted(fresh, key=lambda name: (name.isupper(), -fresh[name], name)):
            marks = organisation_names.marks(name) | ministries.marks(name)
            self._write(name, fresh[name], self._same(name, marks))
        for short in sorted(self.said.keys() - fresh.keys()):
            if (entity := self._meant(short)) is not None:
                own = self._entity_of(short)
                if own is None:
                    self._write(short, 0, entity)
                elif own != entity and len(short) >= _ACRONYM and self._is_alone(short, own, entity):
                    self._join(own, entity)

    def _is_alone(self, short: str, own: int, meant: int) -> bool:
        """Whether a short form has an entity of its own that is nothing else, and librarians have left both alone.

        What is named far more often than the full name is mostly another that needs no explanation.
        """
        (listed,) = self.connection.execute("SELECT bundled FROM entities WHERE number = ?", (own,)).fetchone()
        names, fold = self._names(own), organisation_names.folded(short)
        same = all(name.isupper() and organisation_names.folded(name) == fold for name, _ in names)
        most = _EXPLAINED * sum(count for _, count in self._names(meant))
        return (
            listed is None
            and same
            and sum(count for _, count in names) <= most
            and not self.is_decided(own)
            and not self.is_decided(meant)
        )

    def _join(self, entity: int, other: int) -> None:
        """Makes one entity mean another, with its names."""
        self.connection.execute("UPDATE variants SET entity = ? WHERE entity = ?", (other, entity))
        self.connection.execute(
            "UPDATE entities SET merged_into = ? WHERE number = ? OR merged_into = ?", (other, entity, entity)
        )

    def _same(self, name: str, marks: Iterable[int]) -> int:
        known = organisation_names.known_organisation(name)
        meant = self._meant(name)
        if meant is not None:  # what the articles at hand say goes before what is well known
            return meant
        if known is not None:
            row = self.connection.execute(
                "SELECT number, merged_into FROM entities WHERE bundled = ?", (known.key,)
            ).fetchone()
            if row is not None:
                return int(row[0] if row[1] is None else row[1])
        found = [
            (max(count for _, count in shared), -entity)
            for entity, shared in self._candidates(marks).items()
            if any(_same_organisation(name, other) for other, _ in shared)
        ]
        return -max(found)[1] if found else self._new_entity(known.key if known else None)

    def _meant(self, short: str) -> int | None:
        """The one entity that articles say a short form stands for."""
        entities = {self._entity_of(full) for full in self.said.get(short, ())}
        return entities.pop() if len(entities) == 1 else None

    def _entity_of(self, name: str) -> int | None:
        row = self.connection.execute(
            "SELECT entity FROM variants WHERE kind = ? AND name = ?", (self.kind, name)
        ).fetchone()
        return None if row is None else int(row[0])


def _same_organisation(a: str, b: str) -> bool:
    return organisation_names.same_organisation(a, b) or ministries.same_ministry(a, b)
