"""What librarians decide about persons and organisations: each decision is in the log and can be undone."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from kashaf.errors import CurationError
from kashaf.index.authority_file import LETTER, AuthorityFile, Entity
from kashaf.index.curated_text import cleaned, is_plain_name
from kashaf.index.decision_file import (
    LANGUAGES,
    MOST_LABEL,
    MOST_NOTE,
    ApartLine,
    DecisionFile,
    EntityLine,
    wikidata_id,
)
from kashaf.index.decision_import import Import, stated, undo_import
from kashaf.index.resolution import placeholders


@dataclass(frozen=True, slots=True)
class Decision:
    """One line of the log of what librarians decided."""

    number: int
    time: str
    verb: str
    what: str
    undone: bool


class Curation(AuthorityFile):
    """The authority file as librarians change it."""

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
        self.changed()
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
        self.changed()
        return f"{LETTER[entity.kind]}{number}"

    def rename(self, entity_id: str, language: str, label: str | None) -> None:
        """Pin the preferred label in ``fr`` or ``ar``; with None the most usual spelling is the label again.

        Raises:
            CurationError: for another language, or a label that is empty or too long.
        """
        if language not in LANGUAGES:
            raise CurationError(f"rename {entity_id}: {language!r} is not fr or ar")
        self._state("rename", entity_id, f"label_{language}", label, MOST_LABEL)

    def set_note(self, entity_id: str, note: str | None) -> None:
        """Keep a note with an entity, or remove it (None).

        Raises:
            CurationError: for a note that is empty or too long.
        """
        self._state("note", entity_id, "note", note, MOST_NOTE)

    def set_wikidata(self, entity_id: str, wikidata: str | None) -> None:
        """Say which item of Wikidata an entity is, or take that back (None).

        Raises:
            CurationError: for what is no Wikidata id (Q and digits), or is another entity's.
        """
        entity = self.entity(entity_id)
        if wikidata is not None:
            try:
                wikidata = wikidata_id(wikidata)
            except CurationError as error:
                raise CurationError(f"wikidata {entity_id}: {error}") from None
            other = self.connection.execute(
                "SELECT kind, number FROM entities"
                " WHERE wikidata = ? AND number <> ? AND merged_into IS NULL AND NOT rejected",
                (wikidata, entity.number),
            ).fetchone()
            if other is not None:
                raise CurationError(
                    f"wikidata {entity_id}: {wikidata} is {LETTER[other[0]]}{other[1]} already; merge the two"
                )
        self._state("wikidata", entity_id, "wikidata", wikidata, MOST_LABEL)

    def _state(self, verb: str, entity_id: str, column: str, value: str | None, most: int) -> None:
        """Writes what a librarian says of an entity; nothing when it says so already."""
        entity = self.entity(entity_id)
        if value is not None:
            try:
                value = cleaned(value, most)
            except CurationError as error:
                raise CurationError(f"{verb} {entity_id}: the {column.replace('_', ' ')} {error}") from None
        old = self.connection.execute(f"SELECT {column} FROM entities WHERE number = ?", (entity.number,)).fetchone()[0]
        if old == value:
            return
        about = f" {column[-2:]}" if verb == "rename" else ""
        said = f"{entity.id}{about}: {'removed' if value is None else value}"
        self._decide(verb, said, {"number": entity.number, "column": column, "old": old})
        self.connection.execute(f"UPDATE entities SET {column} = ? WHERE number = ?", (value, entity.number))
        self.changed()

    def refuse(self, one: str, other: str) -> None:
        """Say that two entities are two: they are never suggested as one again. `merge` may still say otherwise.

        Raises:
            CurationError: for one entity, or a person and an organisation.
            UnknownEntity: if an id is unknown.
        """
        a, b = self.entity(one), self.entity(other)
        if a.number == b.number:
            raise CurationError(f"refuse {one}, {other}: both are {a.id}; split it")
        if a.kind != b.kind:
            raise CurationError(f"refuse {one}, {other}: a person and an organisation are never one")
        if a.number not in self.apart().get(b.number, ()):
            self._decide("refuse", f"{a.id} {a.label} is not {b.id} {b.label}", {"apart": [[a.number, b.number]]})
            self.changed()

    def reject(self, entity_id: str) -> None:
        """Say that an entity is none: its names are no longer counted or shown."""
        entity = self.entity(entity_id)
        self._decide("reject", f"{entity.id} {entity.label}", {"number": entity.number})
        self.connection.execute("UPDATE entities SET rejected = 1 WHERE number = ?", (entity.number,))
        self.changed()

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
        elif verb in ("rename", "note", "wikidata"):
            execute(
                f"UPDATE entities SET {before['column']} = ? WHERE number = ?",
                (before["old"], before["number"]),
            )
        elif verb == "import":
            undo_import(self.connection, before)
        elif verb == "reject":
            execute("UPDATE entities SET rejected = 0 WHERE number = ?", (before["number"],))
        execute("UPDATE decisions SET undone = 1 WHERE number = ?", (number,))
        self.changed()
        return f"{verb} {what}"

    def decisions(self) -> list[Decision]:
        """What librarians decided, the first decision first; undone ones too."""
        rows = self.connection.execute("SELECT number, time, verb, what, undone FROM decisions ORDER BY number")
        return [Decision(number, time, verb, what, bool(undone)) for number, time, verb, what, undone in rows]

    def apart(self) -> dict[int, set[int]]:
        """Entity number -> those that a librarian has said are others, by splitting or refusing."""
        found: defaultdict[int, set[int]] = defaultdict(set)
        for before in self._standing("split", "refuse", "import"):
            pairs = before.get("apart", [])
            if "from" in before:  # what was apart from the whole is apart from both parts
                pairs = [[before["to"], other] for other in (before["from"], *found[before["from"]])]
            for a, b in pairs:
                found[a].add(b)
                found[b].add(a)
        now = self._now(found)
        gathered: defaultdict[int, set[int]] = defaultdict(set)
        for a, others in found.items():
            gathered[now[a]].update(now[b] for b in others if now[b] != now[a])
        return {number: others for number, others in gathered.items() if others}

    def _standing(self, *verbs: str) -> list[dict[str, Any]]:
        """What is kept with the decisions of some kinds that stand, in their order."""
        rows = self.connection.execute(
            f"SELECT before FROM decisions WHERE NOT undone AND verb IN ({placeholders(verbs)}) ORDER BY number", verbs
        )
        return [json.loads(before) for (before,) in rows]

    def _now(self, numbers: Iterable[int]) -> dict[int, int]:
        """The entities that numbers mean after merges."""
        merged = dict(self.connection.execute("SELECT number, merged_into FROM entities WHERE merged_into NOTNULL"))
        return {number: merged.get(number, number) for number in numbers}

    # ------------------------------------------------------------ decisions as a file

    def export_decisions(self) -> DecisionFile:
        """Every entity that a decision which stands is about, as it is now, and what is known to be apart.

        Names that cannot be told by their letters (invisible characters, hundreds of letters) are left out.
        """
        concerned: set[int] = set()
        for before in self._standing("merge", "split", "rename", "note", "wikidata", "reject", "refuse", "import"):
            concerned.update(map(int, before.get("moved", ())))
            concerned.update(before[key] for key in ("from", "to", "number") if key in before)
            concerned.update(number for pair in before.get("apart", ()) for number in pair)
            concerned.update(before.get("entities", ()))
        first: dict[int, tuple[EntityLine, str]] = {}
        for number in sorted(set(self._now(concerned).values())):
            said = stated(self.connection, number)
            rows = self.connection.execute("SELECT name FROM variants WHERE entity = ? ORDER BY name", (number,))
            names = tuple(name for (name,) in rows if is_plain_name(name))
            if said is not None and names:
                labels = {language: label for language in LANGUAGES if (label := said[f"label_{language}"])}
                rejected = bool(said["rejected"])
                line = EntityLine(said["kind"], names, labels, said["wikidata"], said["note"], rejected)
                first[number] = line, min(names)
        pairs = [
            ApartLine(first[a][0].kind, (first[a][1], first[b][1]))
            for a, others in self.apart().items()
            for b in others
            if a < b and a in first and b in first
        ]
        return DecisionFile(tuple(line for line, _ in first.values()), tuple(pairs))

    def import_decisions(self, content: DecisionFile, name: str) -> bool:
        """Bring in what `kashaf.index.decision_file.parsed` has read: one decision, which `undo` takes back whole.

        Args:
            name: of the file, for the log.

        Returns:
            Whether anything was new.

        Raises:
            CurationError: if it contradicts what is in the archive; nothing is changed then.
        """
        apart = self.apart()
        self.connection.execute("SAVEPOINT import")
        try:
            coming = Import(self.connection, content)
            coming.run()
        except BaseException:
            self.connection.execute("ROLLBACK TO import")
            raise
        finally:
            self.connection.execute("RELEASE import")
        pairs = [pair for pair in coming.apart() if pair[1] not in apart.get(pair[0], ())]
        if not coming.changed and not pairs:
            return False
        what = f"{name}: {len(content.entities)} entities, {len(content.apart)} pairs that are apart"
        self._decide("import", what, {**coming.before, "apart": pairs, "entities": coming.targets})
        self.changed()
        return True

    def _decide(self, verb: str, what: str, before: object) -> None:
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        self.connection.execute(
            "INSERT INTO decisions (time, verb, what, before) VALUES (?, ?, ?, ?)",
            (now, verb, what, json.dumps(before)),
        )


def _all(entities: Sequence[Entity]) -> str:
    return ", ".join(f"{entity.id} {entity.label}" for entity in entities)
