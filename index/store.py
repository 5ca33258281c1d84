"""The article store: one SQLite file that is the truth; the index is made from it.

Each article version is one row. A replaced or deleted article keeps its row, marked with the commit that
ended it, until no generation of the index can still show it.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from kashaf.errors import ArchiveDamaged, ArchiveError, ArchiveTooNew
from kashaf.index.alerts import SCHEMA as ALERTS_SCHEMA
from kashaf.index.article import Article, Ignored, Mention
from kashaf.index.authority_schema import SCHEMA as AUTHORITY_SCHEMA
from kashaf.index.reports import SCHEMA as REPORTS_SCHEMA

FORMAT = 2  # 2: mentions with functions
_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS articles (
    key INTEGER PRIMARY KEY AUTOINCREMENT,  -- one a version of an article; ascending
    id TEXT NOT NULL,
    body TEXT NOT NULL,                     -- as received
    received TEXT NOT NULL,                 -- JSON: the other fields as received
    made TEXT NOT NULL,                     -- JSON: the other fields as indexed
    digest BLOB NOT NULL,                   -- of everything received
    added INTEGER NOT NULL,                 -- the commit that brought this version
    ended INTEGER                           -- the commit that replaced or deleted it
);
CREATE UNIQUE INDEX IF NOT EXISTS articles_id ON articles (id) WHERE ended IS NULL;
CREATE INDEX IF NOT EXISTS articles_ended ON articles (ended) WHERE ended IS NOT NULL;
CREATE TABLE IF NOT EXISTS commits (
    number INTEGER PRIMARY KEY,
    time TEXT NOT NULL,
    added INTEGER NOT NULL, replaced INTEGER NOT NULL, deleted INTEGER NOT NULL
);
"""
# Whoever writes to an older archive writes as this version does: older ones must not read it any more.
_RAISE_FORMAT = """
INSERT INTO meta VALUES ('format', ?)
ON CONFLICT (name) DO UPDATE SET value = excluded.value
WHERE value NOT GLOB '*[^0-9]*' AND CAST(value AS INTEGER) < CAST(excluded.value AS INTEGER)
"""


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """One version of an article, as stored."""

    key: int
    article: Article


class Store:
    """The SQLite file of an archive, through one connection.

    Raises:
        ArchiveDamaged: if the file is not a Kashaf archive or does not hold together.
        ArchiveTooNew: if a newer version wrote it.
    """

    def __init__(self, path: Path, write: bool = False) -> None:
        self.path = path
        try:
            self.connection = _connect(path, "mode=rwc" if write else "mode=rw")
            if write:
                self.connection.execute("PRAGMA journal_mode=WAL")
                self.connection.execute("PRAGMA synchronous=FULL")
                self.connection.executescript(_SCHEMA + AUTHORITY_SCHEMA + ALERTS_SCHEMA + REPORTS_SCHEMA)
                self.connection.execute(_RAISE_FORMAT, (str(FORMAT),))
                self.connection.execute("INSERT OR IGNORE INTO meta VALUES ('identity', lower(hex(randomblob(8))))")
            row = self._format()
        except sqlite3.OperationalError as error:
            if write or not _is_resting(path):
                raise ArchiveError(
                    f"{path} cannot be used now: {error}; see that it may be written and read"
                ) from error
            # A folder that may only be read: without the files of a running writer nothing can change meanwhile.
            self.connection = _connect(path, "mode=ro&immutable=1")
            row = self._format()
        except sqlite3.DatabaseError as error:
            message = f"{path} cannot be read as a Kashaf archive ({error}); restore it from a backup"
            raise ArchiveDamaged(message) from error
        if row is None:
            raise ArchiveDamaged(f"{path} is an SQLite file, but not a Kashaf archive")
        if not str(row[0]).isdecimal():
            raise ArchiveDamaged(f"{path} has the unknown format {row[0]!r}; restore it from a backup")
        if int(row[0]) > FORMAT:
            raise ArchiveTooNew(f"{path} has format {row[0]}; this Kashaf reads up to {FORMAT}: upgrade Kashaf")

    def _format(self) -> tuple[str] | None:
        row: tuple[str] | None = self.connection.execute("SELECT value FROM meta WHERE name = 'format'").fetchone()
        return row

    def close(self) -> None:
        self.connection.close()

    @cached_property
    def identity(self) -> str:
        """Tells this archive from every other one; "" when nobody has written to it since it was given one."""
        row = self.connection.execute("SELECT value FROM meta WHERE name = 'identity'").fetchone()
        return str(row[0]) if row else ""

    # Reading

    def by_id(self, article_id: str) -> StoredArticle | None:
        """The current version of an article."""
        row = self.connection.execute(
            "SELECT key, id, body, made FROM articles WHERE id = ? AND ended IS NULL", (article_id,)
        ).fetchone()
        return _stored(row) if row else None

    def by_keys(self, keys: Sequence[int]) -> dict[int, Article]:
        """The versions of these keys."""
        found: dict[int, Article] = {}
        for start in range(0, len(keys), 500):
            part = list(keys[start : start + 500])
            marks = ",".join("?" * len(part))
            for row in self.connection.execute(
                f"SELECT key, id, body, made FROM articles WHERE key IN ({marks})", part
            ):
                found[row[0]] = _stored(row).article
        return found

    def arrivals(self, ids: Sequence[str]) -> dict[str, str]:
        """When the current version of each of some articles (up to 500) came in: ISO 8601, UTC."""
        marks = ",".join("?" * len(ids))
        rows = self.connection.execute(
            "SELECT articles.id, commits.time FROM articles JOIN commits ON commits.number = articles.added"
            f" WHERE articles.id IN ({marks}) AND articles.ended IS NULL",
            list(ids),
        )
        return dict(rows.fetchall())

    def current(self) -> Iterator[StoredArticle]:
        """Every current article, by key."""
        for row in self.connection.execute("SELECT key, id, body, made FROM articles WHERE ended IS NULL ORDER BY key"):
            yield _stored(row)

    def received(self, key: int) -> Article:
        """An article as it was received."""
        row = self.connection.execute("SELECT key, id, body, received FROM articles WHERE key = ?", (key,)).fetchone()
        return _stored(row).article

    def count(self) -> int:
        """Current articles."""
        return int(self.connection.execute("SELECT count(*) FROM articles WHERE ended IS NULL").fetchone()[0])

    def keys(self) -> list[int]:
        """The keys of the current articles, ascending."""
        return [row[0] for row in self.connection.execute("SELECT key FROM articles WHERE ended IS NULL ORDER BY key")]

    def last_commit(self) -> int:
        """The number of the last commit; 0 before the first."""
        return int(self.connection.execute("SELECT coalesce(max(number), 0) FROM commits").fetchone()[0])

    def since(self, commit: int) -> tuple[list[int], list[int]]:
        """Keys that a later commit added and that are still current, and older keys that one ended."""
        added = "SELECT key FROM articles WHERE added > ? AND ended IS NULL ORDER BY key"
        ended = "SELECT key FROM articles WHERE added <= ? AND ended > ? ORDER BY key"
        return (
            [row[0] for row in self.connection.execute(added, (commit,))],
            [row[0] for row in self.connection.execute(ended, (commit, commit))],
        )

    @property
    def unfinished(self) -> bool:
        """Whether articles were remade and the index that shows it is not yet there."""
        return self.connection.execute("SELECT 1 FROM meta WHERE name = 'unfinished'").fetchone() is not None

    def set_unfinished(self, unfinished: bool) -> None:
        """Notes that the whole index has to be made afresh, or that it has been."""
        if unfinished:
            self.connection.execute("INSERT OR REPLACE INTO meta VALUES ('unfinished', '1')")
        else:
            self.connection.execute("DELETE FROM meta WHERE name = 'unfinished'")

    # Writing: inside a transaction of the caller

    def begin(self) -> None:
        self.connection.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        self.connection.execute("COMMIT")

    def rollback(self) -> None:
        if self.connection.in_transaction:
            self.connection.execute("ROLLBACK")

    def altered(self) -> Iterator[str]:
        """The ids of the current articles whose text is not what was received."""
        for article_id, body, fields, known in self.connection.execute(
            "SELECT id, body, received, digest FROM articles WHERE ended IS NULL"
        ):
            if _digest(fields, body) != known:
                yield article_id

    def digest_of(self, article_id: str) -> tuple[int, bytes] | None:
        """Key and digest of the current version."""
        row = self.connection.execute(
            "SELECT key, digest FROM articles WHERE id = ? AND ended IS NULL", (article_id,)
        ).fetchone()
        return (int(row[0]), bytes(row[1])) if row else None

    def add(self, received: Article, made: Article, commit: int) -> int:
        """Writes a new version; returns its key."""
        fields = _json(received)
        cursor = self.connection.execute(
            "INSERT INTO articles (id, body, received, made, digest, added) VALUES (?, ?, ?, ?, ?, ?)",
            (made.id, made.body, fields, _json(made), _digest(fields, received.body), commit),
        )
        return int(cursor.lastrowid or 0)

    def remake(self, key: int, made: Article) -> None:
        """Stores what newer rules made of an article."""
        self.connection.execute("UPDATE articles SET made = ? WHERE key = ?", (_json(made), key))

    def end(self, key: int, commit: int) -> None:
        """Marks a version as replaced or deleted."""
        self.connection.execute("UPDATE articles SET ended = ? WHERE key = ?", (commit, key))

    def log(self, commit: int, added: int, replaced: int, deleted: int) -> None:
        """Writes the commit's line in the operations log."""
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        self.connection.execute("INSERT INTO commits VALUES (?, ?, ?, ?, ?)", (commit, now, added, replaced, deleted))

    def purge(self, commit: int) -> None:
        """Drops the versions that ended at or before `commit`: no generation can show them any more."""
        self.connection.execute("DELETE FROM articles WHERE ended <= ?", (commit,))


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Failures of the SQLite file at `path` inside the block, as Kashaf's own.

    Raises:
        ArchiveDamaged: if it does not hold what was written.
        ArchiveError: if it cannot be used now: locked too long, a full disk.
    """
    try:
        yield
    except sqlite3.OperationalError as error:
        raise ArchiveError(f"{path} cannot be used now: {error}; see that it may be written and read") from error
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.ProgrammingError | sqlite3.InterfaceError):  # a fault of ours
            raise
        raise ArchiveDamaged(f"{path} is damaged ({error}); restore it from a backup") from error


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    address = f"{path.absolute().as_uri()}?{mode}"
    return sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False, timeout=30)


def _is_resting(path: Path) -> bool:
    """Whether the file is there and no writer has left anything beside it."""
    log = path.with_name(path.name + "-wal")
    return path.is_file() and not os.access(path.parent, os.W_OK) and (not log.exists() or not log.stat().st_size)


def digest(article: Article) -> bytes:
    """What tells one received article from another; equal for an article that is received again unchanged."""
    return _digest(_json(article), article.body)


def _digest(fields: str, body: str) -> bytes:
    return hashlib.blake2b(f"{fields}\x00{body}".encode("utf-8", "surrogatepass"), digest_size=16).digest()


# Single values, and the runs of records with the fields of each.
_VALUES = (
    "id",
    "headline",
    "standfirst",
    "language",
    "source",
    "section",
    "url",
    "byline",
    "published",
    "published_from",
)
_MENTION = ("kind", "text", "name", "field", "start", "end")  # and the function, where there is one
_IGNORED = ("start", "end", "reason")


def _json(article: Article) -> str:
    """Every field but the body, the empty ones left out."""
    fields: dict[str, Any] = {name: value for name in _VALUES if (value := getattr(article, name))}
    for name, mentions in (("persons", article.persons), ("organisations", article.organisations)):
        if mentions:
            fields[name] = [_mention(mention) for mention in mentions]
    if article.ignored:
        fields["ignored"] = [[getattr(piece, part) for part in _IGNORED] for piece in article.ignored]
    return json.dumps(fields)


def _mention(mention: Mention) -> list[str | int | None]:
    values = [getattr(mention, part) for part in _MENTION]
    return values if mention.function is None else [*values, mention.function]


def _stored(row: tuple[int, str, str, str]) -> StoredArticle:
    key, article_id, body, text = row
    fields: dict[str, Any] = json.loads(text)
    for name in ("persons", "organisations"):
        fields[name] = tuple(Mention(*mention) for mention in fields.get(name, ()))
    fields["ignored"] = tuple(Ignored(*piece) for piece in fields.get("ignored", ()))
    fields["id"] = article_id
    return StoredArticle(key, Article(**fields, body=body))
