"""The file of names: used where it is whole, brought up to date in memory, written again in time, never needed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest

import kashaf
from kashaf.index import authority_table, names_file
from kashaf.index.authority_table import AuthorityTable
from kashaf.index.known_names import KnownNames, Row, known_names
from kashaf.index.segment_file import Array

FAMILIES = [
    "Benkirane",
    "Ouarzazi",
    "Lachgar",
    "Setri",
    "Mannai",
    "Seghrouchni",
    "Idrissi",
    "Tazi",
    "Berrada",
    "Filali",
]
GIVEN = ["Zineb", "Driss", "Amal", "Salma", "Karim", "Nadia", "Hassan"]
QUERIES = ["lachgar", "لشكر", "zineb setri", "benkirane", "tazi", "institut tazi", "agence du nord", "xyz", "ouarz"]


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names_file, "FEW_NAMES", 4)
    monkeypatch.setattr(names_file, "_SHARE", 4)
    monkeypatch.setattr(authority_table, "FEW_NAMES", 4)


def add(archive: kashaf.Archive, start: int, count: int) -> None:
    chance = random.Random(start)
    with archive.writer() as writer:
        for number in range(start, start + count):
            names = [f"{chance.choice(GIVEN)} {chance.choice(FAMILIES)}" for _ in range(2)]
            bodies = [f"{chance.choice(['Institut', 'Agence du Nord'])} {chance.choice(FAMILIES)}"]
            writer.add(
                kashaf.Article(
                    id=str(number),
                    headline="Le port",
                    body="Tanger",
                    persons=tuple(kashaf.Mention("person", name, name) for name in dict.fromkeys(names)),
                    organisations=tuple(kashaf.Mention("organisation", name, name) for name in bodies),
                )
            )


def written(folder: Path) -> set[str]:
    return {path.name for path in (folder / "index").iterdir() if path.suffix == ".names"}


def answers(table: AuthorityTable) -> list[object]:
    """What a table says, the similarities to two places: rare words weigh a little more or less before a file is
    written again."""
    found: list[object] = [table.expand(query.split()) for query in QUERIES]
    for query in QUERIES:
        found += [sorted((n, round(s, 1)) for n, s in table.find("person", query, 99) if s > 0.9)]
        found += [table.find("organisation", query, 99)]
        found += [table.beginning(kind, query[:3]).tolist() for kind in ("person", "organisation")]
    return found


def afresh(archive: kashaf.Archive) -> AuthorityTable:
    return AuthorityTable(archive.authority.connection)


def test_most_names_come_from_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with kashaf.open(tmp_path, create=True) as archive:
        add(archive, 0, 20)
        (name,) = written(tmp_path)
        add(archive, 100, 1)
        assert written(tmp_path) == {name}, "a few more names do not make another"
        assert answers(archive.authority.table) == answers(afresh(archive))
        expected = answers(archive.authority.table)
    made: list[int] = []

    def counted(rows: Sequence[Row], rarity: KnownNames | None = None) -> dict[str, Array]:
        made.append(len(rows))
        return known_names(rows, rarity)

    monkeypatch.setattr(authority_table, "known_names", counted)
    with kashaf.open(tmp_path) as archive:
        assert answers(archive.authority.table) == expected
        assert sum(made) <= 3, "the names of the last article alone"


def test_the_file_follows(tmp_path: Path) -> None:
    """Commit after commit, decision after decision: always what a table made afresh says."""
    with kashaf.open(tmp_path, create=True) as archive:
        reader = kashaf.open(tmp_path)
        files: set[str] = set()
        for step in range(12):
            add(archive, 10 * step, 1 + step % 4)
            if step % 3 == 1:
                numbers = sorted(archive.authority.numbers("person").values())
                with archive.curate() as authority:
                    authority.merge([f"p{numbers[0]}", f"p{numbers[-1]}"])
                    authority.reject(f"p{sorted(set(numbers))[1]}")
            files |= written(tmp_path)
            reader.refresh()
            assert answers(reader.authority.table) == answers(afresh(archive)), step
            with kashaf.open(tmp_path) as another:
                assert answers(another.authority.table) == answers(afresh(archive)), step
        reader.close()
        assert 1 < len(files) < 12 and len(written(tmp_path)) == 1


@pytest.mark.parametrize("damage", ["gone", "cut", "flipped", "empty", "other rules"])
def test_a_damaged_file_is_not_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str) -> None:
    with kashaf.open(tmp_path, create=True) as archive:
        add(archive, 0, 20)
        expected = answers(archive.authority.table)
    (name,) = written(tmp_path)
    path = tmp_path / "index" / name
    content = bytearray(path.read_bytes())
    content[100] ^= 4
    if damage == "other rules":
        monkeypatch.setattr(names_file, "_rules", lambda: 1)
    else:
        path.unlink()
        if damage != "gone":
            path.write_bytes({"cut": bytes(content[:200]), "flipped": bytes(content), "empty": b""}[damage])
    with kashaf.open(tmp_path) as archive:
        assert answers(archive.authority.table) == expected
        add(archive, 500, 5)
        assert answers(archive.authority.table) == answers(afresh(archive))
    assert len(written(tmp_path)) == 1 and written(tmp_path) != {name}


def test_one_table_serves_the_next(tmp_path: Path) -> None:
    """A reader that goes on from the table before maps nothing again."""
    with kashaf.open(tmp_path, create=True) as archive:
        add(archive, 0, 20)
        before = archive.authority.table
        add(archive, 100, 1)
        table = archive.authority.table
        assert table is not before and table._parts[0] is before._parts[0]
        assert isinstance(table._parts[0], KnownNames) and len(table._parts) == 2
