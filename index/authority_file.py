"""The persons and organisations of an archive and their names, as the store holds them: tables and reading.

The caller owns the connection and the transaction: nothing here commits.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kashaf.errors import UnknownEntity
from kashaf.index import organisation_names
from kashaf.index.article import Kind
from kashaf.index.preferred_label import is_arabic, preferred
from kashaf.index.resolution import placeholders

SCHEMA = """
CREATE TABLE IF NOT EXISTS entities (
    number INTEGER PRIMARY KEY AUTOINCREMENT,   -- never given twice
    kind TEXT NOT NULL,
    bundled TEXT,                               -- its key in the list of well-known organisations
    wikidata TEXT,
    note TEXT,
    label_fr TEXT, label_ar TEXT,               -- set by a librarian
    rejected INTEGER NOT NULL DEFAULT 0,        -- not a person, not an organisation
    merged_into INTEGER                         -- the entity that an older id now means
);
CREATE UNIQUE INDEX IF NOT EXISTS entities_bundled ON entities (bundled) WHERE bundled IS NOT NULL;
CREATE INDEX IF NOT EXISTS entities_merged ON entities (merged_into) WHERE merged_into NOTNULL;
CREATE INDEX IF NOT EXISTS entities_labelled ON entities (number) WHERE label_fr NOTNULL OR label_ar NOTNULL;
CREATE TABLE IF NOT EXISTS variants (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    entity INTEGER NOT NULL,
    count INTEGER NOT NULL,                     -- articles
    UNIQUE (kind, name)
);
CREATE INDEX IF NOT EXISTS variants_entity ON variants (entity);
CREATE INDEX IF NOT EXISTS variants_any_case ON variants (kind, name COLLATE NOCASE);
CREATE TABLE IF NOT EXISTS name_marks (
    mark INTEGER NOT NULL,                      -- what names that may be the same share
    variant INTEGER NOT NULL,
    PRIMARY KEY (mark, variant)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS moves (
    version INTEGER NOT NULL,                   -- of the authority file from which on
    variant INTEGER NOT NULL,                   -- a name means another entity, or nobody, or somebody again
    PRIMARY KEY (version, variant)
) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS variants_moved AFTER UPDATE OF entity ON variants WHEN old.entity IS NOT new.entity
BEGIN
    INSERT OR IGNORE INTO moves SELECT version + 1, new.id FROM authority_version;
END;
CREATE TRIGGER IF NOT EXISTS entities_rejected AFTER UPDATE OF rejected ON entities
WHEN old.rejected IS NOT new.rejected
BEGIN
    INSERT OR IGNORE INTO moves SELECT version + 1, id FROM variants, authority_version WHERE entity = new.number;
END;
CREATE TABLE IF NOT EXISTS decisions (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    time TEXT NOT NULL,
    verb TEXT NOT NULL,
    what TEXT NOT NULL,                         -- in words
    before TEXT NOT NULL,                       -- JSON: what undoing it needs
    undone INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS authority_version (
    only INTEGER PRIMARY KEY CHECK (only = 0),
    version INTEGER NOT NULL
);
INSERT OR IGNORE INTO authority_version VALUES (0, 0);
"""

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
    """

    id: str
    number: int
    kind: Kind
    labels: Mapping[str, str]
    label: str
    variants: tuple[tuple[str, int], ...]
    wikidata: str | None = None
    note: str | None = None


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
        kind = _KIND.get(entity_id[:1])
        if kind is None or not entity_id[1:].isascii() or not entity_id[1:].isdigit() or len(entity_id) > 19:
            raise UnknownEntity(entity_id)
        row = self.connection.execute(
            "SELECT number, merged_into FROM entities WHERE number = ? AND kind = ?",
            (int(entity_id[1:]), kind),
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
    listed = organisation_names.by_key().get(bundled) if bundled else None
    for language, pinned, arabic in (("fr", label_fr, False), ("ar", label_ar, True)):
        written = [variant for variant in variants if is_arabic(variant[0]) is arabic]
        if pinned:
            labels[language] = pinned
        elif listed and language in listed.labels:
            labels[language] = listed.labels[language]
        elif written:
            labels[language] = preferred(written)
    if listed and wikidata is None:
        wikidata = listed.wikidata
    label = labels.get("fr") or labels.get("ar") or variants[0][0]
    return Entity(f"{LETTER[kind]}{number}", number, kind, labels, label, tuple(variants), wikidata, note)


def batches(values: Sequence[Any]) -> Iterator[list[Any]]:
    """Values in portions that fit one SQL statement."""
    for start in range(0, len(values), _BATCH):
        yield list(values[start : start + _BATCH])
