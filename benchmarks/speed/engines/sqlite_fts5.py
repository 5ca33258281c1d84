"""SQLite FTS5: an index-only table of two columns, and relational tables for days and names.

The tokenizer `ascii` splits at blanks (all other bytes of our words are token bytes) and folds nothing that matters.
A faceted query keeps its matches in a temporary table once and counts from it.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from benchmarks.speed.answers import BUCKETS, TOP, Answer
from benchmarks.speed.corpus import Corpus
from benchmarks.speed.engines.base import InProcess, month_of
from benchmarks.speed.queries import Query

FILE = "fts5.sqlite"


class SqliteFts5:
    """See Engine."""

    name = "SQLite FTS5"

    def version(self) -> str:
        """See Engine."""
        return sqlite3.sqlite_version

    def build(self, corpus: Corpus, folder: Path) -> None:
        """See Engine."""
        base = sqlite3.connect(folder / FILE)
        base.executescript(
            """
            PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-262144;
            CREATE VIRTUAL TABLE text USING fts5(headline, body, content='', tokenize='ascii');
            CREATE TABLE article(number INTEGER PRIMARY KEY, day INTEGER, month INTEGER, source TEXT);
            CREATE TABLE name(number INTEGER PRIMARY KEY, text TEXT UNIQUE);
            CREATE TABLE person(article INTEGER, name INTEGER, PRIMARY KEY(article, name)) WITHOUT ROWID;
            CREATE TABLE organisation(article INTEGER, name INTEGER, PRIMARY KEY(article, name)) WITHOUT ROWID;
            """
        )
        numbers: dict[str, int] = {}
        base.execute("BEGIN")
        for article, headline, body in corpus.texts():
            row = article.number + 1
            base.execute("INSERT INTO text(rowid, headline, body) VALUES (?, ?, ?)", (row, headline, body))
            month = month_of(article.day)
            base.execute("INSERT INTO article VALUES (?, ?, ?, ?)", (row, article.day, month, article.source))
            for table, names in (("person", article.persons), ("organisation", article.organisations)):
                base.executemany(
                    f"INSERT INTO {table} VALUES (?, ?)", [(row, numbers.setdefault(n, len(numbers))) for n in names]
                )
        base.executemany("INSERT INTO name VALUES (?, ?)", [(number, name) for name, number in numbers.items()])
        base.execute("CREATE INDEX person_name ON person(name, article)")
        base.execute("CREATE INDEX article_day ON article(day)")
        base.execute("COMMIT")
        base.close()

    def open(self, folder: Path) -> SqliteReader:
        """See Engine."""
        return SqliteReader(folder / FILE)


class SqliteReader(InProcess):
    """See Reader."""

    def __init__(self, path: Path) -> None:
        self._base = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)
        self._base.executescript(
            """
            PRAGMA mmap_size=8589934592; PRAGMA cache_size=-262144; PRAGMA temp_store=MEMORY;
            CREATE TEMP TABLE found(article INTEGER PRIMARY KEY, score REAL);
            """
        )

    def run(self, query: Query, facets: bool) -> Answer:
        """See InProcess."""
        matching, values = _select(query)
        base = self._base
        if not facets:
            if query.kind == "all":
                best = base.execute(f"{matching} LIMIT {TOP}", values).fetchall()
                return Answer(base.execute("SELECT count(*) FROM article").fetchone()[0], _numbers(best))
            best = base.execute(
                f"SELECT *, count(*) OVER () FROM ({matching}) ORDER BY score LIMIT {TOP}", values
            ).fetchall()
            return Answer(best[0][2] if best else 0, _numbers(best))
        base.execute("DELETE FROM found")
        base.execute(f"INSERT INTO found {matching}", values)
        best = base.execute(f"SELECT article FROM found ORDER BY score LIMIT {TOP}").fetchall()
        months = base.execute(
            "SELECT month, count(*) FROM found CROSS JOIN article ON number = article GROUP BY month"
        ).fetchall()
        return Answer(
            sum(count for _, count in months), _numbers(best), self._names("person"), self._names("organisation"),
            tuple(months),
        )  # fmt: skip

    def _names(self, table: str) -> tuple[tuple[str, int], ...]:
        return tuple(
            self._base.execute(
                f"SELECT text, n FROM (SELECT t.name AS name, count(*) AS n FROM found CROSS JOIN {table} AS t"
                f" ON t.article = found.article GROUP BY t.name ORDER BY n DESC LIMIT {BUCKETS})"
                " JOIN name ON number = name ORDER BY n DESC"
            ).fetchall()
        )


def _numbers(rows: list[tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(row[0] - 1 for row in rows)


def _select(query: Query) -> tuple[str, dict[str, object]]:
    """The SELECT of the matching articles and their scores (lower is better), and its values."""
    quoted = [f'"{word}"' for word in query.words]
    match query.kind:
        case "all":
            return "SELECT number AS article, 0.0 AS score FROM article", {}
        case "and":
            asked = " AND ".join(quoted)
        case "or":
            asked = " OR ".join(quoted)
        case "phrase":
            asked = '"' + " ".join(query.words) + '"'
        case "prefix":
            asked = quoted[0] + "*"
        case _:
            asked = quoted[0]
    values: dict[str, object] = {"asked": asked}
    joins = ""
    where = "text MATCH :asked"
    if query.person is not None:
        where += (
            " AND +text.rowid IN (SELECT article FROM person"
            " WHERE name = (SELECT number FROM name WHERE text = :person))"
        )
        values["person"] = query.person
    if query.first is not None:
        joins = " CROSS JOIN article ON number = text.rowid"
        where += " AND day BETWEEN :first AND :last"
        values |= {"first": query.first, "last": query.last}
    return f"SELECT text.rowid AS article, bm25(text) AS score FROM text{joins} WHERE {where}", values
