"""What librarians decide about persons and organisations: each decision is in the log and can be undone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from kashaf.errors import CurationError
from kashaf.index.article import Kind
from kashaf.index.authority_file import LETTER, Entity
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
from kashaf.index.decision_import import Import, stated
from kashaf.index.decision_log import DecisionLog
from kashaf.index.resolution import placeholders


class Curation(DecisionLog):
    """The authority file as librarians change it."""

    def merge(self, ids: Sequence[str], force: bool = False) -> str:
        """Make several entities one: the first, whose id is returned; the other ids then mean it too.

        The pinned labels and the Wikidata id that it has none of come from the others; notes are joined.

        Args:
            force: also when they have different Wikidata ids; the first one stays.

        Raises:
            CurationError: for fewer than two entities, a person and an organisation, or different Wikidata ids.
            UnknownEntity: if an id is unknown.
        """
        entities = [self.entity(entity_id) for entity_id in ids]
        if len({entity.number for entity in entities}) < max(2, len(entities)):
            raise CurationError(f"merge {', '.join(ids)}: give two or more different entities", "too-few")
        if len({entity.kind for entity in entities}) > 1:
            raise CurationError(f"merge {', '.join(ids)}: a person and an organisation cannot be one", "kinds-differ")
        items = {entity.wikidata: entity.id for entity in reversed(entities) if entity.wikidata}
        if len(items) > 1 and not force:
            each = " and ".join(f"{entity_id} is {item}" for item, entity_id in reversed(items.items()))
            raise CurationError(
                f"merge {', '.join(ids)}: {each} on Wikidata; correct one first, or force the merge", "wikidata-differ"
            )
        first, *others = entities
        carried = _carried(first, others)
        gone = [other.number for other in others]
        moved = {other.number: [name for name, _ in other.variants] for other in others}
        redirected = self.connection.execute(
            f"SELECT number, merged_into FROM entities WHERE merged_into IN ({placeholders(gone)})", gone
        ).fetchall()
        old = {column: self._stated(first.number, column) for column in carried}
        self._decide(
            "merge",
            f"{_all(others)} into {first.id} {first.label}",
            {"into": first.number, "moved": moved, "redirected": redirected, "carried": old},
        )
        for number in gone:
            self.connection.execute("UPDATE variants SET entity = ? WHERE entity = ?", (first.number, number))
            self.connection.execute(
                "UPDATE entities SET merged_into = ? WHERE number = ? OR merged_into = ?",
                (first.number, number, number),
            )
        for column, value in carried.items():
            self.connection.execute(f"UPDATE entities SET {column} = ? WHERE number = ?", (value, first.number))
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
            raise CurationError(f"split {entity_id}: {foreign[0]!r} is not one of its names", "not-its-name")
        if not apart or len(apart) == len(own):
            raise CurationError(
                f"split {entity_id}: give some of its names, not {'all' if apart else 'none'}", "all-or-none"
            )
        cursor = self.connection.execute("INSERT INTO entities (kind) VALUES (?)", (entity.kind,))
        number = int(cursor.lastrowid or 0)
        before = {"from": entity.number, "to": number, "names": apart}
        self._decide("split", f"{', '.join(apart)} from {entity.id}", before)
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
            raise CurationError(f"rename {entity_id}: {language!r} is not fr or ar", "no-language")
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
                raise CurationError(f"wikidata {entity_id}: {error}", "no-wikidata-id") from None
            other = self.connection.execute(
                "SELECT kind, number FROM entities"
                " WHERE wikidata = ? AND number <> ? AND merged_into IS NULL AND NOT rejected",
                (wikidata, entity.number),
            ).fetchone()
            if other is not None:
                raise CurationError(
                    f"wikidata {entity_id}: {wikidata} is {LETTER[other[0]]}{other[1]} already; merge the two",
                    "wikidata-taken",
                )
        self._state("wikidata", entity_id, "wikidata", wikidata, MOST_LABEL)

    def _state(self, verb: str, entity_id: str, column: str, value: str | None, most: int) -> None:
        """Writes what a librarian says of an entity; nothing when it says so already."""
        entity = self.entity(entity_id)
        if value is not None:
            try:
                value = cleaned(value, most)
            except CurationError as error:
                reason = f"{verb} {entity_id}: the {column.replace('_', ' ')} {error}"
                raise CurationError(reason, "unusable-text") from None
        old = self._stated(entity.number, column)
        if old == value:
            return
        about = f" {column[-2:]}" if verb == "rename" else ""
        said = f"{entity.id}{about}: {'removed' if value is None else value}"
        self._decide(verb, said, {"number": entity.number, "column": column, "old": old, "new": value})
        self.connection.execute(f"UPDATE entities SET {column} = ? WHERE number = ?", (value, entity.number))
        self.changed()

    def _stated(self, number: int, column: str) -> str | None:
        """What librarians have said of an entity in one column."""
        row: tuple[str | None] = self.connection.execute(
            f"SELECT {column} FROM entities WHERE number = ?", (number,)
        ).fetchone()
        return row[0]

    def refuse(self, one: str, other: str) -> None:
        """Say that two entities are two: they are never suggested as one again. `merge` may still say otherwise.

        Raises:
            CurationError: for one entity, or a person and an organisation.
            UnknownEntity: if an id is unknown.
        """
        a, b = self.entity(one), self.entity(other)
        if a.number == b.number:
            raise CurationError(f"refuse {one}, {other}: both are {a.id}; split it", "same-entity")
        if a.kind != b.kind:
            raise CurationError(f"refuse {one}, {other}: a person and an organisation are never one", "kinds-differ")
        if a.number not in self.apart().get(b.number, ()):
            self._decide("refuse", f"{a.id} {a.label} is not {b.id} {b.label}", {"apart": [[a.number, b.number]]})
            self.changed()

    def reject(self, entity_id: str) -> None:
        """Say that an entity is none: its names are no longer counted or shown."""
        entity = self.entity(entity_id)
        self._decide("reject", f"{entity.id} {entity.label}", {"number": entity.number})
        self.connection.execute("UPDATE entities SET rejected = 1 WHERE number = ?", (entity.number,))
        self.changed()

    def restore(self, entity_id: str) -> None:
        """Say that what was rejected is an entity after all, whoever rejected it, an import too.

        Raises:
            CurationError: if it is not rejected, or has a Wikidata id that another has been given meanwhile.
            UnknownEntity: if the id is unknown.
        """
        _, number = self._number(entity_id)
        found = next(self._read("number = ? AND rejected AND merged_into IS NULL", [number]), None)
        if found is None:
            raise CurationError(f"restore {entity_id}: it is not rejected", "not-rejected")
        self.connection.execute("UPDATE entities SET rejected = 0 WHERE number = ?", (number,))
        try:
            self._check_wikidata([number])
        except CurationError:
            self.connection.execute("UPDATE entities SET rejected = 1 WHERE number = ?", (number,))
            raise
        self._decide("restore", f"{found.id} {found.label}", {"number": number})
        self.changed()

    def rejected(self, kind: Kind | None = None) -> list[Entity]:
        """What was rejected, in order of number."""
        where, values = "rejected AND merged_into IS NULL", []
        if kind is not None:
            where, values = where + " AND entities.kind = ?", [kind]
        return list(self._read(where, values))

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


def _carried(first: Entity, others: Sequence[Entity]) -> dict[str, str]:
    """What an entity gets from others that are merged into it, by column."""
    found: dict[str, str] = {}
    if first.wikidata is None and (items := [other.wikidata for other in others if other.wikidata]):
        found["wikidata"] = items[0]
    for language in LANGUAGES:
        pinned = [other.pinned[language] for other in others if language in other.pinned]
        if pinned and language not in first.pinned:
            found[f"label_{language}"] = pinned[0]
    notes = list(dict.fromkeys(entity.note for entity in (first, *others) if entity.note))
    joined = " · ".join(notes)
    if notes and notes != [first.note] and (first.note is None or len(joined) <= MOST_NOTE):
        found["note"] = joined if len(joined) <= MOST_NOTE else notes[0]
    return found


def _all(entities: Sequence[Entity]) -> str:
    return ", ".join(f"{entity.id} {entity.label}" for entity in entities)
