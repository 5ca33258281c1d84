"""The log of what librarians decide, and the way back from each decision.

A decision keeps what undoing it needs. Any of them can be taken back, in any order, as long as no later one that
stands was made on top of it: on the same entity, except where each only states a property of its own.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kashaf.errors import CurationError
from kashaf.index.authority_file import LETTER, AuthorityFile, batches
from kashaf.index.decision_import import undo_import
from kashaf.index.resolution import placeholders

_MOST = 1 << 63  # numbers that SQLite has no room for
_STATES = ("rename", "note", "wikidata")  # verbs that write one property of one entity


@dataclass(frozen=True, slots=True)
class Decision:
    """One line of the log of what librarians decided.

    Attributes:
        number: grows with each decision.
        time: ISO 8601, UTC.
        verb: merge, split, rename, wikidata, note, reject, restore, refuse or import.
        what: the rest, in words.
        undone: it was taken back.
        entities: the ids that it is about; where one stays or comes first, that one first.
        names: the spellings that went elsewhere, by a merge one of each entity.
        value: what was stated; None where something was removed, and for other verbs.
        language: of the label that was stated.
    """

    number: int
    time: str
    verb: str
    what: str
    undone: bool
    entities: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    value: str | None = None
    language: str | None = None


class DecisionLog(AuthorityFile):
    """The authority file with the log of what was decided."""

    def decisions(self, entity_id: str | None = None) -> list[Decision]:
        """What librarians decided, the first decision first; undone ones too.

        Args:
            entity_id: only what is about this entity, or about one that is now a part of it.

        Raises:
            UnknownEntity: if there is no such entity.
        """
        found = self._log("number > ?", 0)
        if entity_id is None:
            return found
        kind, number = self._number(entity_id)
        wanted = f"{LETTER[kind]}{number}"
        now = self._now(int(each[1:]) for decision in found for each in decision.entities)
        return [
            decision
            for decision in found
            if wanted in decision.entities or number in {now[int(each[1:])] for each in decision.entities}
        ]

    def decision(self, number: int) -> Decision | None:
        """One line of the log; None when there is none of this number."""
        return next(iter(self._log("number = ?", number)), None) if 0 < number < _MOST else None

    @property
    def last_decision(self) -> int:
        """The number of the last decision, undone or not; 0 before the first."""
        return int(self.connection.execute("SELECT ifnull(max(number), 0) FROM decisions").fetchone()[0])

    def _log(self, where: str, value: int) -> list[Decision]:
        rows = self.connection.execute(
            f"SELECT number, time, verb, what, undone, before FROM decisions WHERE {where} ORDER BY number", (value,)
        )
        read = [(*row[:5], json.loads(row[5])) for row in rows]
        concerned = [_concerned(before) for *_, before in read]
        letters = self._letters(each for numbers in concerned for each in numbers)
        return [
            Decision(
                number,
                when,
                verb,
                what,
                bool(undone),
                tuple(f"{letters[each]}{each}" for each in numbers if each in letters),
                _names(before),
                before.get("new"),
                before["column"][-2:] if verb == "rename" else None,
            )
            for (number, when, verb, what, undone, before), numbers in zip(read, concerned, strict=True)
        ]

    def undo(self, number: int | None = None) -> str:
        """Take a decision back; returns what it was, in words.

        Args:
            number: of the decision; None: the last one that stands.

        Raises:
            CurationError: if there is none (left), or it was taken back already, or later decisions rest on it.
        """
        if number is not None and not 0 < number < _MOST:
            raise CurationError(f"undo {number}: there is no decision of this number", "unknown-decision")
        row = self.connection.execute(
            "SELECT number, verb, what, before, undone FROM decisions"
            f" WHERE {'NOT undone' if number is None else 'number = ?'} ORDER BY number DESC LIMIT 1",
            () if number is None else (number,),
        ).fetchone()
        if row is None and number is None:
            raise CurationError("undo: no decision is left to be undone", "nothing-left")
        if row is None:
            raise CurationError(f"undo {number}: there is no decision of this number", "unknown-decision")
        number, verb, what, text, undone = row
        if undone:
            raise CurationError(f"undo {number}: it is undone already", "undone-already")
        before = json.loads(text)
        later = self._resting_on(number, verb, before)
        if later:
            rest = ", ".join(map(str, later))
            raise CurationError(f"undo {number}: later decisions rest on it; undo {rest} first", "later-decisions")
        self.connection.execute("SAVEPOINT undoing")
        try:
            self._take_back(verb, before)
            self._check_wikidata(_concerned(before))
        except BaseException:
            self.connection.execute("ROLLBACK TO undoing")
            raise
        finally:
            self.connection.execute("RELEASE undoing")
        self.connection.execute("UPDATE decisions SET undone = 1 WHERE number = ?", (number,))
        self.changed()
        return f"{verb} {what}"

    def _take_back(self, verb: str, before: Mapping[str, Any]) -> None:
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
            for column, old in before.get("carried", {}).items():
                execute(f"UPDATE entities SET {column} = ? WHERE number = ?", (old, before["into"]))
        elif verb == "split":
            execute("UPDATE variants SET entity = ? WHERE entity = ?", (before["from"], before["to"]))
            execute("UPDATE entities SET merged_into = ? WHERE number = ?", (before["from"], before["to"]))
        elif verb in _STATES:
            execute(
                f"UPDATE entities SET {before['column']} = ? WHERE number = ?",
                (before["old"], before["number"]),
            )
        elif verb == "import":
            undo_import(self.connection, dict(before))
        elif verb in ("reject", "restore"):
            execute("UPDATE entities SET rejected = ? WHERE number = ?", (int(verb == "restore"), before["number"]))

    def _resting_on(self, number: int, verb: str, before: Mapping[str, Any]) -> list[int]:
        """The later decisions that stand and would make no sense without one, the last first."""
        mine = set(_concerned(before))
        rows = self.connection.execute(
            "SELECT number, verb, before FROM decisions WHERE number > ? AND NOT undone ORDER BY number DESC", (number,)
        )
        found = []
        for later, its_verb, text in rows:
            its = json.loads(text)
            are_states = verb in _STATES and its_verb in _STATES
            if mine.intersection(_concerned(its)) and not (are_states and before["column"] != its["column"]):
                found.append(later)
        return found

    def _check_wikidata(self, numbers: Iterable[int]) -> None:
        """Refuses that an entity comes back with a Wikidata id that another has been given meanwhile."""
        for part in batches(sorted(set(numbers))):
            row = self.connection.execute(
                "SELECT mine.wikidata, other.kind, other.number FROM entities AS mine JOIN entities AS other"
                " ON other.wikidata = mine.wikidata AND other.number <> mine.number"
                " WHERE mine.merged_into IS NULL AND NOT mine.rejected"
                f" AND other.merged_into IS NULL AND NOT other.rejected AND mine.number IN ({placeholders(part)})",
                part,
            ).fetchone()
            if row is not None:
                item, kind, number = row
                raise CurationError(f"undo: {item} is {LETTER[kind]}{number} by now", "wikidata-taken")

    def _decide(self, verb: str, what: str, before: object) -> None:
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        self.connection.execute(
            "INSERT INTO decisions (time, verb, what, before) VALUES (?, ?, ?, ?)",
            (now, verb, what, json.dumps(before)),
        )

    def is_decided(self, number: int) -> bool:
        """Whether a decision that stands has to do with an entity."""
        rows = self.connection.execute("SELECT before FROM decisions WHERE NOT undone")
        return any(number in _concerned(json.loads(before)) for (before,) in rows)

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

    def _letters(self, numbers: Iterable[int]) -> dict[int, str]:
        """The first letter of the id of each number."""
        found: dict[int, str] = {}
        for part in batches(sorted(set(numbers))):
            rows = self.connection.execute(
                f"SELECT number, kind FROM entities WHERE number IN ({placeholders(part)})", part
            )
            found.update((number, LETTER[kind]) for number, kind in rows)
        return found


def _concerned(before: Mapping[str, Any]) -> list[int]:
    """The entities that a decision has to do with, each once, the one that stays first."""
    found = [before[key] for key in ("into", "from", "to", "number") if key in before]
    found += map(int, before.get("moved", ()))
    found += [gone for gone, _ in before.get("redirected", ())]
    found += before.get("entities", ())
    found += [number for pair in before.get("apart", ()) for number in pair]
    found += map(int, before.get("rows", ()))
    found += before.get("variants", {}).values()
    return list(dict.fromkeys(found))


def _names(before: Mapping[str, Any]) -> tuple[str, ...]:
    if "moved" in before:
        return tuple(names[0] for names in before["moved"].values() if names)
    return tuple(before.get("names", ()))
