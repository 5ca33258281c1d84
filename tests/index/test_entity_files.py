"""Columns of entities on disk: used where they are whole, brought up to date, never needed."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

import kashaf
from kashaf.index import entity_files
from kashaf.index.derived import read_derived
from kashaf.index.entity_files import EntityColumns


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(entity_files, "FEW_NAMES", 1)
    with kashaf.open(tmp_path / "archive", create=True) as archive:
        add(archive, range(12))
        add(archive, range(12, 20))
    return tmp_path / "archive"


@pytest.fixture
def archive(folder: Path) -> Iterator[kashaf.Archive]:
    with kashaf.open(folder) as opened:
        yield opened


def add(archive: kashaf.Archive, numbers: range) -> None:
    families = ["Benkirane", "Ouarzazi", "Lachgar", "Setri", "Mannai"]
    with archive.writer() as writer:
        for number in numbers:
            names = [f"Zineb {families[number % 5]}", f"Driss {families[number % 3]}"]
            mentions = tuple(kashaf.Mention("person", name, name) for name in names)
            writer.add(kashaf.Article(id=str(number), headline="Le port", body="Tanger", persons=mentions))


def files(folder: Path) -> set[str]:
    return {path.name for path in (folder / "index").iterdir() if path.suffix == ".entities"}


def counts(archive: kashaf.Archive) -> dict[str, int]:
    return {bucket.id: bucket.count for bucket in archive.search(facet_size=50).facets["person"]}


def in_memory(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """The same counts by a reader that finds no file."""
    with monkeypatch.context() as patched:
        patched.setattr(EntityColumns, "_read", lambda *_: None)
        with kashaf.open(folder) as archive:
            return counts(archive)


def no_columns_made(monkeypatch: pytest.MonkeyPatch) -> None:
    def made(*_: object) -> None:
        raise AssertionError("a column was made though its file is there")

    monkeypatch.setattr(EntityColumns, "_made", made)


def test_a_reader_maps_the_files(archive: kashaf.Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(files(archive.folder)) == 2
    expected = in_memory(archive.folder, monkeypatch)
    no_columns_made(monkeypatch)
    assert counts(archive) == expected


def test_decisions_are_seen_through_old_files(archive: kashaf.Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    before = files(archive.folder)
    first, second, third, fourth, *_ = counts(archive)
    no_columns_made(monkeypatch)
    with archive.curate() as authority:
        authority.merge([first, second])
    merged = counts(archive)
    assert second not in merged and merged[first] > 0
    with archive.curate() as authority:
        authority.reject(third)
        authority.split(first, [authority.entity(first).variants[0][0]])
    assert third not in counts(archive)
    monkeypatch.undo()
    assert counts(archive) == in_memory(archive.folder, monkeypatch)
    with archive.curate() as authority:
        for _ in range(3):
            authority.undo()
    assert set(counts(archive)) >= {first, second, third, fourth}
    assert counts(archive) == in_memory(archive.folder, monkeypatch)
    assert files(archive.folder) == before, "nothing was written again"
    with kashaf.open(archive.folder) as another:
        assert counts(another) == counts(archive)


def test_many_moves_are_folded_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entity_files, "FEW_NAMES", 1)
    monkeypatch.setattr(entity_files, "MANY_MOVES", 0)
    before = files(folder)
    with kashaf.open(folder) as archive:
        first, second, *_ = counts(archive)
        with archive.curate() as authority:
            authority.merge([first, second])
        assert files(folder).isdisjoint(before) and len(files(folder)) == 2
        assert counts(archive) == in_memory(folder, monkeypatch)
        with archive.curate() as authority:
            authority.rename(first, "fr", "Zineb la Première")
        written = files(folder)
        with archive.curate() as authority:
            authority.rename(first, "fr", "Zineb")
        assert files(folder) == written, "a label moves no name"


@pytest.mark.parametrize("damage", ["gone", "cut", "flipped", "empty"])
def test_a_damaged_file_is_not_needed(folder: Path, monkeypatch: pytest.MonkeyPatch, damage: str) -> None:
    expected = in_memory(folder, monkeypatch)
    for name in files(folder):
        path = folder / "index" / name
        content = bytearray(path.read_bytes())
        path.unlink()
        content[100] ^= 4
        if damage != "gone":
            path.write_bytes({"cut": bytes(content[:200]), "flipped": bytes(content), "empty": b""}[damage])
    with kashaf.open(folder) as archive:
        assert counts(archive) == expected


def test_an_older_store_meets_no_file_of_another_history(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A backup of the store alone is put back, and other decisions are taken than before."""
    monkeypatch.setattr(entity_files, "MANY_MOVES", 0)
    monkeypatch.setattr(entity_files, "FEW_NAMES", 1)
    with closing(sqlite3.connect(folder / "articles.sqlite")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(folder / "articles.sqlite", tmp_path / "backup.sqlite")
    with kashaf.open(folder) as archive:
        first, second, third, *_ = counts(archive)
        with archive.curate() as authority:
            authority.merge([first, second])
    for path in folder.glob("articles.sqlite*"):
        path.unlink()
    shutil.copy(tmp_path / "backup.sqlite", folder / "articles.sqlite")
    with kashaf.open(folder) as archive:
        assert {first, second, third} <= set(counts(archive))
        with archive.curate() as authority:
            authority.merge([second, third])
        assert {first, second} <= set(counts(archive)) and third not in counts(archive)
        assert counts(archive) == in_memory(folder, monkeypatch)


def test_files_go_with_their_segments(folder: Path) -> None:
    with kashaf.open(folder) as archive:
        archive.compact()
        with closing(sqlite3.connect(folder / "articles.sqlite")) as connection:
            assert read_derived(connection).files() == files(folder)
        assert len(files(folder)) == 1
