"""What became of an archive lately, as its store keeps it: runs of indexing with what they refused, the last check.

Only the last runs are kept, and of each the first refusals: whoever runs the archive looks there for what went
wrong, and the rest was said while it happened.

The caller owns the connection and the transaction: nothing here commits.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kashaf.index.refusals import Refusal, showable

SCHEMA = """
CREATE TABLE IF NOT EXISTS runs (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    began TEXT NOT NULL, ended TEXT NOT NULL,   -- ISO 8601, UTC
    way TEXT NOT NULL,                          -- 'files' or 'http'
    added INTEGER NOT NULL, replaced INTEGER NOT NULL, unchanged INTEGER NOT NULL, refused INTEGER NOT NULL,
    finished INTEGER NOT NULL                   -- 0 when it was stopped or failed
);
CREATE TABLE IF NOT EXISTS refusals (run INTEGER NOT NULL, place TEXT NOT NULL, reason TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS refusals_of ON refusals (run);
"""
MAX_RUNS = 50
MAX_REFUSALS = 200  # of one run
_LONGEST = 500  # characters of a place or a reason


@dataclass(frozen=True, slots=True)
class Run:
    """One run of indexing.

    Attributes:
        began, ended: ISO 8601, UTC.
        way: ``files`` or ``http``.
        added, replaced, unchanged: articles that are safe.
        refused: inputs that were not taken.
        finished: False when it was stopped or failed.
        refusals: the first of them.
    """

    began: str
    ended: str
    way: str
    added: int
    replaced: int
    unchanged: int
    refused: int
    finished: bool
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """The last time that every file was read against its checksums.

    Attributes:
        time: when it ended: ISO 8601, UTC.
        problems: what was wrong, one sentence each.
    """

    time: str
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit of articles.

    Attributes:
        time: ISO 8601, UTC.
        added, replaced, deleted: articles.
    """

    time: str
    added: int
    replaced: int
    deleted: int


class Reports:
    """The reports of an archive; of one that an older version made, and nobody has written to since, there are none."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def keep_run(self, run: Run) -> None:
        """Keeps a run, and forgets those before the last `MAX_RUNS`."""
        values = (run.began, run.ended, run.way, run.added, run.replaced, run.unchanged, run.refused, run.finished)
        sql = "INSERT INTO runs (began, ended, way, added, replaced, unchanged, refused, finished)"
        number = self._connection.execute(f"{sql} VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values).lastrowid
        rows = [(number, _kept(one.where), _kept(one.reason)) for one in run.refusals[:MAX_REFUSALS]]
        self._connection.executemany("INSERT INTO refusals VALUES (?, ?, ?)", rows)
        self._connection.execute("DELETE FROM runs WHERE number <= ?", (int(number or 0) - MAX_RUNS,))
        self._connection.execute("DELETE FROM refusals WHERE run NOT IN (SELECT number FROM runs)")

    def runs(self, size: int = MAX_RUNS) -> list[Run]:
        """The last runs, newest first."""
        return [
            Run(began, ended, way, added, replaced, unchanged, refused, bool(finished), self._refusals(number))
            for number, began, ended, way, added, replaced, unchanged, refused, finished in self._rows(
                "SELECT * FROM runs ORDER BY number DESC LIMIT ?", size
            )
        ]

    def _refusals(self, run: int) -> tuple[Refusal, ...]:
        rows = self._rows("SELECT place, reason FROM refusals WHERE run = ? ORDER BY rowid", run)
        return tuple(Refusal(*row) for row in rows)

    def commits(self, size: int = MAX_RUNS) -> list[Commit]:
        """The last commits, newest first."""
        sql = "SELECT time, added, replaced, deleted FROM commits ORDER BY number DESC LIMIT ?"
        return [Commit(*row) for row in self._rows(sql, size)]

    def keep_check(self, problems: Sequence[str]) -> None:
        """Keeps what a check of all files has found."""
        found = json.dumps({"time": now(), "problems": [_kept(one) for one in problems[:MAX_REFUSALS]]})
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES ('check', ?)", (found,))

    def check(self) -> Check | None:
        """The last check; None when there was none."""
        rows = self._rows("SELECT value FROM meta WHERE name = ?", "check")
        if not rows:
            return None
        found = json.loads(rows[0][0])
        return Check(found["time"], tuple(found["problems"]))

    def _rows(self, sql: str, value: object) -> list[Any]:
        try:
            return self._connection.execute(sql, (value,)).fetchall()
        except sqlite3.OperationalError as error:
            if "no such table" in str(error):
                return []
            raise


def now() -> str:
    """This second."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def _kept(text: str) -> str:
    return showable(text)[:_LONGEST]
