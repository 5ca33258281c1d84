"""The authority file: the persons and organisations that are meant by the names found in articles.

Each name (a *variant*) means one *entity*. New names are resolved to an entity that is surely the same,
else to one of their own. What a librarian decides (`merge`, `split`, `rename`, `reject`) always wins: names
keep their entity when articles are indexed again, and every decision can be undone.

The caller owns the connection and the transaction: nothing here commits.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kashaf.errors import CurationError, UnknownEntity
from kashaf.index import organisation_names
from kashaf.index.article import Article, Kind
from kashaf.index.authority_table import AuthorityTable, Expansion
from kashaf.index.entity_columns import EntityColumn
from kashaf.index.entity_files import EntityColumns, is_storable, meant
from kashaf.index.preferred_label import is_arabic, preferred
from kashaf.index.resolution import OrganisationResolver, PersonResolver, placeholders, side_by_side
from kashaf.index.segment import Segment

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

_LETTER: dict[Kind, str] = {"person": "p", "organisation": "o"}
_KIND: dict[str, Kind] = {"p": "person", "o": "organisation"}
_MAX_LABEL = 200  # characters
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


@dataclass(frozen=True, slots=True)
class Decision:
    """One line of the log of what librarians decided."""

    number: int
    time: str
    verb: str
    what: str
    undone: bool


class Authority:
    """The authority file behind a connection to an archive's store.

    Args:
        before: what read the same file until now; what it has in memory is used again.
        folder: the index folder, where what is made from the file may be kept; None where there is none.
    """

    def __init__(
        self, connection: sqlite3.Connection, before: Authority | None = None, folder: Path | None = None
    ) -> None:
        self.connection = connection
        self._folder = folder
        self._table: AuthorityTable | None = before._table if before is not None else None
        self._columns: EntityColumns | None = None
        self._columns_before: EntityColumns | None = None
        if before is not None:
            self._columns_before = before._columns or before._columns_before

    # ------------------------------------------------------------ reading

    @property
    def version(self) -> int:
        """Grows with every change of entities, names or labels."""
        return int(self.connection.execute("SELECT version FROM authority_version").fetchone()[0])

    def _changed(self) -> None:
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

    def meant(self, kind: Kind, names: Sequence[str]) -> list[int | None]:
        """For each name the number of the entity that it means; None for nobody, and for a name that is not known."""
        _, entities = meant(self.connection, kind, names)
        return [entity if entity >= 0 else None for entity in entities.tolist()]

    def column(self, segment: Segment, kind: Kind) -> EntityColumn:
        """The entities of the articles of a segment, as they were when this was first asked."""
        if self._columns is None:
            self._columns = EntityColumns(self.connection, self._columns_before)
            self._columns_before = None
        return self._columns.column(segment, kind)

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
        for part in _batches(sorted(set(numbers))):
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

    # ------------------------------------------------------------ resolving

    def resolve(
        self, mentions: Iterable[tuple[Kind, Sequence[str]]], aliases: Iterable[tuple[Kind, str, str]] = ()
    ) -> None:
        """Give every name an entity, and count the articles that have it.

        Args:
            mentions: for each article and kind, the distinct names of that kind in it. Names that stand side
                by side are not taken for spellings of one another, unless one is a part of the other.
            aliases: full names with a short form that an article says to be the same, "full name (ACRONYM)",
                as `aliases_of` gives them. A short form that is said of several names means none of them.

        A name that no file can hold (with half a surrogate pair) is left out.
        """
        batch = [(kind, tuple(filter(is_storable, dict.fromkeys(names)))) for kind, names in mentions]
        counts: dict[Kind, Counter[str]] = {"person": Counter(), "organisation": Counter()}
        for kind, names in batch:
            counts[kind].update(names)
        said: dict[str, set[str]] = defaultdict(set)
        for kind, full, short in aliases:
            if kind == "organisation" and is_storable(full) and is_storable(short):
                said[short].add(full)
        for kind, counted in counts.items():
            known = self._known(kind, counted)
            self.connection.executemany(
                "UPDATE variants SET count = count + ? WHERE id = ?",
                [(counted[name], known[name]) for name in known],
            )
            fresh = {name: counted[name] for name in counted if name not in known}
            if kind == "person" and fresh:
                beside = side_by_side(batch, fresh)
                PersonResolver(self.connection, beside).resolve(fresh)
            elif kind == "organisation" and (fresh or said):
                OrganisationResolver(self.connection, said).resolve(fresh)
        if batch:
            self._changed()

    def forget(self, mentions: Iterable[tuple[Kind, Sequence[str]]]) -> None:
        """Take articles that were replaced or deleted off the counts. Names keep their entity."""
        for kind, names in mentions:
            self.connection.executemany(
                "UPDATE variants SET count = max(0, count - 1) WHERE kind = ? AND name = ?",
                [(kind, name) for name in filter(is_storable, dict.fromkeys(names))],
            )

    def forget_all(self) -> None:
        """Set every count to zero, before all articles are resolved afresh."""
        self.connection.execute("UPDATE variants SET count = 0")

    def _known(self, kind: Kind, names: Iterable[str]) -> dict[str, int]:
        known: dict[str, int] = {}
        for part in _batches(list(names)):
            known.update(
                self.connection.execute(
                    f"SELECT name, id FROM variants WHERE kind = ? AND name IN ({placeholders(part)})",
                    [kind, *part],
                ).fetchall()
            )
        return known

    # ------------------------------------------------------------ finding

    @property
    def table(self) -> AuthorityTable:
        """The names in memory, as they are now; kept until the version changes."""
        table = self._table
        if table is None or table.version != self.version:
            table = self._table = AuthorityTable(self.connection, table, self._folder)
        return table

    def find(self, kind: Kind, text: str, size: int = 10) -> list[tuple[Entity, float]]:
        """Entities by id, name or any spelling near to one; best first, with their similarity (0.0 … 1.0)."""
        try:
            entity = self.entity(text)
            if entity.kind == kind:
                return [(entity, 1.0)]
        except UnknownEntity:
            pass
        found = self.table.find(kind, text, size)
        entities = {entity.number: entity for entity in self.entities(kind, [number for number, _ in found])}
        return [(entities[number], score) for number, score in found]

    def expand(self, words: Sequence[str]) -> list[Expansion]:
        """The entities that the folded words of a query name; see `AuthorityTable.expand`."""
        return self.table.expand(words)

    # ------------------------------------------------------------ deciding

    def merge(self, ids: Sequence[str]) -> str:
        """Make several entities one: the first, whose id is returned; the other ids then mean it too.

        Raises:
            CurationError: for fewer than two entities, or a person and an organisation.
            UnknownEntity: if an id is unknown.
        """
        entities = [self.entity(entity_id) for entity_id in ids]
        if len({entity.number for entity in entities}) < max(2, len(entities)):
            raise CurationError(f"merge {', '.join(ids)}: give two or more different entities")
        if len({entity.kind for entity in entities}) > 1:
            raise CurationError(f"merge {', '.join(ids)}: a person and an organisation cannot be one")
        first, *others = entities
        gone = [other.number for other in others]
        moved = {other.number: [name for name, _ in other.variants] for other in others}
        redirected = self.connection.execute(
            f"SELECT number, merged_into FROM entities WHERE merged_into IN ({placeholders(gone)})", gone
        ).fetchall()
        self._decide(
            "merge",
            f"{_all(others)} into {first.id} {first.label}",
            {"moved": moved, "redirected": redirected},
        )
        for number in gone:
            self.connection.execute("UPDATE variants SET entity = ? WHERE entity = ?", (first.number, number))
            self.connection.execute(
                "UPDATE entities SET merged_into = ? WHERE number = ? OR merged_into = ?",
                (first.number, number, number),
            )
        self._changed()
        return first.id

    def split(self, entity_id: str, names: Iterable[str]) -> str:
        """Give some names of an entity to a new one, whose id is returned.

        Raises:
            CurationError: if a name is not one of the entity's, or none would be left on either side.
        """
        entity = self.entity(entity_id)
        apart, own = list(dict.fromkeys(names)), {name for name, _ in entity.variants}
        foreign = [name for name in apart if name not in own]
        if foreign:
            raise CurationError(f"split {entity_id}: {foreign[0]!r} is not one of its names")
        if not apart or len(apart) == len(own):
            raise CurationError(f"split {entity_id}: give some of its names, not {'all' if apart else 'none'}")
        cursor = self.connection.execute("INSERT INTO entities (kind) VALUES (?)", (entity.kind,))
        number = int(cursor.lastrowid or 0)
        self._decide("split", f"{', '.join(apart)} from {entity.id}", {"from": entity.number, "to": number})
        self.connection.executemany(
            "UPDATE variants SET entity = ? WHERE kind = ? AND name = ?",
            [(number, entity.kind, name) for name in apart],
        )
        self._changed()
        return f"{_LETTER[entity.kind]}{number}"

    def rename(self, entity_id: str, language: str, label: str) -> None:
        """Set the preferred label in ``fr`` or ``ar``.

        Raises:
            CurationError: for another language, or a label that is empty or too long.
        """
        entity = self.entity(entity_id)
        label = " ".join(label.split())
        if language not in ("fr", "ar"):
            raise CurationError(f"rename {entity_id}: {language!r} is not fr or ar")
        if not 0 < len(label) <= _MAX_LABEL:
            raise CurationError(f"rename {entity_id}: a label has 1 to {_MAX_LABEL} characters, this one {len(label)}")
        column = f"label_{language}"
        old = self.connection.execute(f"SELECT {column} FROM entities WHERE number = ?", (entity.number,)).fetchone()[0]
        self._decide(
            "rename",
            f"{entity.id} {language}: {label}",
            {"number": entity.number, "column": column, "old": old},
        )
        self.connection.execute(f"UPDATE entities SET {column} = ? WHERE number = ?", (label, entity.number))
        self._changed()

    def reject(self, entity_id: str) -> None:
        """Say that an entity is none: its names are no longer counted or shown."""
        entity = self.entity(entity_id)
        self._decide("reject", f"{entity.id} {entity.label}", {"number": entity.number})
        self.connection.execute("UPDATE entities SET rejected = 1 WHERE number = ?", (entity.number,))
        self._changed()

    def undo(self) -> str:
        """Take the last decision back; returns what it was, in words.

        Raises:
            CurationError: if there is none left.
        """
        row = self.connection.execute(
            "SELECT number, verb, what, before FROM decisions WHERE NOT undone ORDER BY number DESC LIMIT 1"
        ).fetchone()
        if row is None:
            raise CurationError("undo: no decision is left to be undone")
        number, verb, what, text = row
        before = json.loads(text)
        execute, many = self.connection.execute, self.connection.executemany
        if verb == "merge":
            for entity, names in before["moved"].items():
                kind = execute("SELECT kind FROM entities WHERE number = ?", (int(entity),)).fetchone()[0]
                execute("UPDATE entities SET merged_into = NULL WHERE number = ?", (int(entity),))
                many(
                    "UPDATE variants SET entity = ? WHERE kind = ? AND name = ?",
                    [(int(entity), kind, name) for name in names],
                )
            many(
                "UPDATE entities SET merged_into = ? WHERE number = ?",
                [(into, gone) for gone, into in before["redirected"]],
            )
        elif verb == "split":
            execute("UPDATE variants SET entity = ? WHERE entity = ?", (before["from"], before["to"]))
            execute("UPDATE entities SET merged_into = ? WHERE number = ?", (before["from"], before["to"]))
        elif verb == "rename":
            execute(
                f"UPDATE entities SET {before['column']} = ? WHERE number = ?",
                (before["old"], before["number"]),
            )
        else:
            execute("UPDATE entities SET rejected = 0 WHERE number = ?", (before["number"],))
        execute("UPDATE decisions SET undone = 1 WHERE number = ?", (number,))
        self._changed()
        return f"{verb} {what}"

    def decisions(self) -> list[Decision]:
        """What librarians decided, the first decision first; undone ones too."""
        rows = self.connection.execute("SELECT number, time, verb, what, undone FROM decisions ORDER BY number")
        return [Decision(number, time, verb, what, bool(undone)) for number, time, verb, what, undone in rows]

    def _decide(self, verb: str, what: str, before: object) -> None:
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        self.connection.execute(
            "INSERT INTO decisions (time, verb, what, before) VALUES (?, ?, ?, ?)",
            (now, verb, what, json.dumps(before)),
        )


def aliases_of(article: Article) -> list[tuple[Kind, str, str]]:
    """What an article says to be the same, for `Authority.resolve`: full names and the acronyms that stand for them."""
    found = {
        (mention.name, mention.text): None
        for mention in article.organisations
        if mention.text != mention.name and organisation_names.is_acronym_of(mention.text, mention.name)
    }
    return [("organisation", name, short) for name, short in found]


def _all(entities: Sequence[Entity]) -> str:
    return ", ".join(f"{entity.id} {entity.label}" for entity in entities)


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
    return Entity(f"{_LETTER[kind]}{number}", number, kind, labels, label, tuple(variants), wikidata, note)


def _batches(values: Sequence[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(values), _BATCH):
        yield list(values[start : start + _BATCH])
