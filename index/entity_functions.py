"""The functions that articles give to the names of the authority file: "ministre de l'Intérieur", سفير المغرب.

They are kept as they are written, for each name with the articles that have them. The caller owns the connection
and the transaction.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from kashaf.analyzers.terms import fold
from kashaf.index.article import Article
from kashaf.index.offices import office

Given = tuple[str, str]  # to the name of a person, a function


def functions_of(article: Article) -> list[Given]:
    """The functions that an article gives to persons, each once for each name."""
    return sorted({(m.name, " ".join(m.function.split())) for m in article.persons if m.function})


def add_functions(connection: sqlite3.Connection, variant: int, counts: Mapping[str, int]) -> None:
    """Counts the functions of a name, by its row, in some articles more."""
    connection.executemany(
        "INSERT INTO functions VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count",
        [(variant, function, count) for function, count in counts.items()],
    )


def take_back(connection: sqlite3.Connection, given: Iterable[Given]) -> None:
    """Takes what articles that are replaced or deleted had given off the counts."""
    where = "variant = (SELECT id FROM variants WHERE kind = 'person' AND name = ?) AND function = ?"
    for each in given:
        connection.execute(f"UPDATE functions SET count = count - 1 WHERE {where}", each)
        connection.execute(f"DELETE FROM functions WHERE {where} AND count <= 0", each)


def offices_by_entity(connection: sqlite3.Connection) -> dict[int, dict[str, str]]:
    """Entity -> the offices that its functions are, each with one of them as it is written."""
    found: defaultdict[int, dict[str, str]] = defaultdict(dict)
    if _has_functions(connection):
        rows = connection.execute(
            "SELECT entity, function FROM functions CROSS JOIN variants ON id = variant ORDER BY functions.count DESC"
        )
        for entity, function in rows:
            if (held := office(function)) is not None:
                found[entity].setdefault(held, function)
    return found


def _has_functions(connection: sqlite3.Connection) -> bool:
    """Whether there is a table of them: what no writer has opened since they are kept has none."""
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'functions'").fetchone() is not None


def functions_of_entity(connection: sqlite3.Connection, number: int) -> list[tuple[str, int]]:
    """The functions of an entity with the articles of each, most frequent first.

    Those that differ in letter case, accents, marks and seats of hamza alone are one, as it is most often written.
    """
    if not _has_functions(connection):
        return []
    counts: Counter[str] = Counter()
    shown: dict[str, str] = {}
    for function, count in connection.execute(
        "SELECT function, sum(functions.count) AS articles FROM variants CROSS JOIN functions ON variant = id"
        " WHERE entity = ? GROUP BY function ORDER BY articles DESC, function",
        (number,),
    ):
        folded = " ".join(map(fold, function.split()))
        counts[folded] += count
        shown.setdefault(folded, function)
    return [(shown[folded], count) for folded, count in counts.most_common()]
