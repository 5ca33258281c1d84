"""The persons and organisations of an archive and their names, as the store holds them.

The caller owns the connection and the transaction: nothing here commits.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kashaf.errors import UnknownEntity
from kashaf.index import organisation_names
from kashaf.index.article import Kind
from kashaf.index.preferred_label import is_arabic, preferred
from kashaf.index.resolution import placeholders

LETTER: dict[Kind, str] = {"person": "p", "organisation": "o"}
_KIND: dict[str, Kind] = {letter: kind for kind, letter in LETTER.items()}
_BATCH = 500  # values of one SQL statement


@dataclass(frozen=True, slots=True)
class Entity:
    """A person or an organisation.

    Attributes:
        id: ``p12`` or ``o7``; stable.
        number: the integer behind the id.
        labels: the preferred label in ``fr`` (Latin script) and ``ar``, as far as there is one.
        label: the one to show when only one is shown.
        variants: its names with the articles that have each, most frequent first.
        pinned: those of the labels that a librarian has set.
    """

    id: str
    number: int
    kind: Kind
    labels: Mapping[str, str]
    label: str
    variants: tuple[tuple[str, int], ...]
    wikidata: str | None = None
    note: str | None = None
    pinned: Mapping[str, str] = field(default_factory=dict)


def kind_and_number(entity_id: str) -> tuple[Kind, int]:
    """What an id says of its entity.

    >>> kind_and_number("p12")
    ('person', 12)

    Raises:
        UnknownEntity: for what is no id.
    """
    kind = _KIND.get(entity_id[:1])
    if kind is None or not entity_id[1:].isascii() or not entity_id[1:].isdigit() or len(entity_id) > 19:
        raise UnknownEntity(entity_id)
    return kind, int(entity_id[1:])


class AuthorityFile:
    """The tables of the authority file behind a connection to an archive's store."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    @property
    def version(self) -> int:
        """Grows with every change of entities, names or labels."""
        return int(self.connection.execute("SELECT version FROM authority_version").fetchone()[0])

    def changed(self) -> None:
        """Called after the last change: moves are noted as of the version to come."""
        self.connection.execute("UPDATE authority_version SET version = version + 1")

    def numbers(self, kind: Kind) -> dict[str, int]:
        """Name -> number of the entity that it means; names of rejected entities are left out."""
        return dict(
            self.connection.execute(
                "SELECT name, entity FROM variants JOIN entities ON number = entity"
                " WHERE variants.kind = ? AND NOT rejected ORDER BY id",
                (kind,),
            )
        )

    def labels(self, kind: Kind) -> dict[str, int]:
        """Labels that need not stand in any article, set by a librarian or listed, with the number of their entity."""
        rows: set[tuple[int, str | None, str | None, str | None]] = set()
        for said in ("bundled NOTNULL", "(label_fr NOTNULL OR label_ar NOTNULL)"):  # there is an index for each
            rows.update(
                self.connection.execute(
                    "SELECT number, bundled, label_fr, label_ar FROM entities"
                    f" WHERE {said} AND kind = ? AND NOT rejected AND merged_into IS NULL",
                    (kind,),
                )
            )
        found: dict[str, int] = {}
        for number, key, *pinned in sorted(rows, key=lambda row: row[0]):
            listed = organisation_names.by_key().get(key) if key else None
            for label in (*pinned, *(listed.labels.values() if listed else ())):
                if label:
                    found.setdefault(label, number)
        return found

    def entity(self, entity_id: str) -> Entity:
        """The entity of an id; an id that was merged away gives the entity that it now means.

        Raises:
            UnknownEntity: if there is none.
        """
        kind, number = self._number(entity_id)
        found = self.entities(numbers=[number])
        if not found or found[0].kind != kind:
            raise UnknownEntity(entity_id)
        return found[0]

    def _number(self, entity_id: str) -> tuple[Kind, int]:
        kind, number = kind_and_number(entity_id)
        row = self.connection.execute(
            "SELECT number, merged_into FROM entities WHERE number = ? AND kind = ?", (number, kind)
        ).fetchone()
        if row is None:
            raise UnknownEntity(entity_id)
        return kind, int(row[0] if row[1] is None else row[1])

    def entities(self, kind: Kind | None = None, numbers: Iterable[int] | None = None) -> list[Entity]:
        """Entities in order of number, of a kind or with these numbers; rejected and merged ones left out."""
        where, values = "NOT rejected AND merged_into IS NULL", []
        if kind is not None:
            where, values = where + " AND entities.kind = ?", [kind]
        if numbers is None:
            return list(self._read(where, values))
        found: list[Entity] = []
        for part in batches(sorted(set(numbers))):
            found += self._read(f"{where} AND number IN ({placeholders(part)})", [*values, *part])
        return found

    def _read(self, where: str, values: Sequence[object]) -> Iterator[Entity]:
        rows = self.connection.execute(
            "SELECT number, entities.kind, bundled, wikidata, note, label_fr, label_ar, name, count"
            " FROM entities JOIN variants ON entity = number"
            f" WHERE {where} ORDER BY number, count DESC, name",
            values,
        )
        head: tuple[Any, ...] = ()
        variants: list[tuple[str, int]] = []
        for *now, name, count in rows:
            if head and now[0] != head[0]:
                yield _entity(head, variants)
                variants = []
            head = tuple(now)
            variants.append((name, count))
        if head:
            yield _entity(head, variants)

    def known(self, kind: Kind, names: Iterable[str]) -> dict[str, int]:
        known: dict[str, int] = {}
        for part in batches(list(names)):
            known.update(
                self.connection.execute(
                    f"SELECT name, id FROM variants WHERE kind = ? AND name IN ({placeholders(part)})",
                    [kind, *part],
                ).fetchall()
            )
        return known


def _entity(head: tuple[Any, ...], variants: list[tuple[str, int]]) -> Entity:
    number, kind, bundled, wikidata, note, label_fr, label_ar = head
    labels: dict[str, str] = {}
    pinned = {language: label for language, label in (("fr", label_fr), ("ar", label_ar)) if label}
    listed = organisation_names.by_key().get(bundled) if bundled else None
    for language, arabic in (("fr", False), ("ar", True)):
        written = [variant for variant in variants if is_arabic(variant[0]) is arabic]
        if language in pinned:
            labels[language] = pinned[language]
        elif listed and language in listed.labels:
            labels[language] = listed.labels[language]
        elif written:
            labels[language] = preferred(written)
    if listed and wikidata is None:
        wikidata = listed.wikidata
    label = labels.get("fr") or labels.get("ar") or variants[0][0]
    return Entity(f"{LETTER[kind]}{number}", number, kind, labels, label, tuple(variants), wikidata, note, pinned)


def batches(values: Sequence[Any]) -> Iterator[list[Any]]:
    """Values in portions that fit one SQL statement."""
    for start in range(0, len(values), _BATCH):
        yield list(values[start : start + _BATCH])
