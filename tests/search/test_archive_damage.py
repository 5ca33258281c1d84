"""What goes wrong with the files of an archive is told as Kashaf's own errors, and says what to do."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

import pytest

import kashaf
from kashaf.errors import ArchiveDamaged, ArchiveError, ArchiveTooNew
from kashaf.index import entity_files, manifest, names_file


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[kashaf.Archive]:
    with kashaf.open(tmp_path / "archive", create=True) as opened:
        yield opened


def add(archive: kashaf.Archive, *numbers: int) -> None:
    with archive.writer() as writer:
        for number in numbers:
            names = (f"Zineb Ouarzazi {chr(97 + number % 26)}", f"Driss Lachgar {chr(97 + number % 26)}")
            mentions = tuple(kashaf.Mention("person", name, name) for name in names)
            body = f"Le port numéro {number} de Tanger. " + "mot " * 200
            published = f"2026-02-{number % 28 + 1:02d}"
            writer.add(
                kashaf.Article(id=f"a{number}", headline="Le port", body=body, persons=mentions, published=published)
            )


def damaged_store(folder: Path) -> None:
    """Overwrites every page but the first few."""
    with closing(sqlite3.connect(folder / "articles.sqlite")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    path = folder / "articles.sqlite"
    content = bytearray(path.read_bytes())
    content[4096 * 3 :] = b"\xa5" * (len(content) - 4096 * 3)
    path.write_bytes(content)


def test_a_damaged_store_is_told_everywhere(archive: kashaf.Archive) -> None:
    add(archive, *range(40))
    archive.close()
    damaged_store(archive.folder)
    told = "articles.sqlite .*restore it from a backup"

    def write() -> None:
        with kashaf.open(archive.folder) as broken, broken.writer() as writer:
            writer.add(kashaf.Article(id="new", headline="Le port", body="Texte"))

    def verify() -> None:
        with kashaf.open(archive.folder) as broken:
            (problem, *_) = broken.verify()
            raise ArchiveDamaged(problem)

    def search() -> None:
        with kashaf.open(archive.folder) as broken:
            broken.search("port")

    def article() -> None:
        with kashaf.open(archive.folder) as broken:
            broken.article("a1")

    for act in (write, verify, search, article):
        with pytest.raises(ArchiveDamaged, match=told):
            act()


def test_a_store_that_is_locked_too_long(archive: kashaf.Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    add(archive, 1)
    real = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *a, **named: real(*a, **{**named, "timeout": 0.05}))
    with closing(real(archive.folder / "articles.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ArchiveError, match="cannot be used now: database is locked"):
            add(archive, 2)
    add(archive, 2)
    assert archive.search("port", size=0).total == 2


def test_articles_are_safe_when_the_index_cannot_be_written(
    archive: kashaf.Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full when the manifest is written."""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("kashaf.index.projection.write_manifest", full)
        with pytest.raises(ArchiveError, match="the articles are safe in .*No space left.* opened again"):
            add(archive, 1, 2)
    with kashaf.open(archive.folder) as another:
        assert another.search("port", size=0).total == 2
    with monkeypatch.context() as patched:
        patched.setattr("kashaf.index.projection.write_manifest", full)
        with pytest.raises(ArchiveError):
            add(archive, 3)
    add(archive, 4)
    assert archive.search("port", size=0).total == 4 and archive.verify() == []


def test_derived_files_are_only_a_help(
    archive: kashaf.Archive, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """That they cannot be written stops no commit."""
    monkeypatch.setattr(entity_files, "FEW_NAMES", 1)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(entity_files, "write_segment", full)
        add(archive, *range(8))
    assert "could not be brought up to date" in caplog.text
    assert archive.search("port").facets["person"]
    add(archive, 9)
    assert list((archive.folder / "index").glob("*.entities"))


@pytest.mark.parametrize("suffix", [".entities", ".names"])
def test_verify_reads_what_is_derived(archive: kashaf.Archive, monkeypatch: pytest.MonkeyPatch, suffix: str) -> None:
    monkeypatch.setattr(entity_files, "FEW_NAMES", 1)
    monkeypatch.setattr(names_file, "FEW_NAMES", 1)
    add(archive, *range(30))
    assert archive.verify() == []
    (path,) = (archive.folder / "index").glob(f"*{suffix}")
    content = bytearray(path.read_bytes())
    content[-70] ^= 1
    path.unlink()
    path.write_bytes(content)
    (problem,) = archive.verify()
    assert path.name in problem and problem.endswith("run: kashaf compact")
    archive.compact()
    assert archive.verify() == []


def test_an_older_index_is_made_again_by_the_next_writer(archive: kashaf.Archive) -> None:
    add(archive, 1, 2)
    archive.close()
    for name in (manifest.CURRENT, manifest.PREVIOUS):
        path = archive.folder / "index" / name
        if path.exists():
            path.write_text(path.read_text().replace('"format": 2', '"format": 1'))
    with kashaf.open(archive.folder) as older:
        with pytest.raises(ArchiveDamaged, match="an older version wrote it.*run: kashaf compact --rebuild"):
            older.search("port")
        add(older, 3)
        assert older.search("port", size=0).total == 3 and older.verify() == []


def test_a_newer_index_is_refused(archive: kashaf.Archive) -> None:
    add(archive, 1)
    path = archive.folder / "index" / manifest.CURRENT
    path.write_text(path.read_text().replace('"format": 2', '"format": 9'))
    with kashaf.open(archive.folder) as newer, pytest.raises(ArchiveTooNew, match="upgrade Kashaf"):
        newer.search("port")


@pytest.mark.parametrize(
    "first, last",
    [("2026-02-03", "2026-02-05"), (date(2026, 2, 3), date(2026, 2, 5)), (datetime(2026, 2, 3, 12), "2026-02-05")],
)
def test_dates_are_given_as_text_or_dates(archive: kashaf.Archive, first: str | date, last: str | date) -> None:
    add(archive, *range(10))
    assert archive.search("port", date_from=first, date_to=last, size=0).total == 3
