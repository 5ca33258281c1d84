"""Merging behind the writers: what is committed is found before, writers do not wait, nothing is lost or left."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import kashaf
from kashaf.index import merger, tiers
from kashaf.index.generation import current_manifest
from kashaf.index.lock import WriterLock
from kashaf.index.merge import merge_segments


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[kashaf.Archive]:
    monkeypatch.setattr(tiers, "MERGE_FACTOR", 3)
    with kashaf.open(tmp_path / "archive", create=True) as opened:
        yield opened


def add(archive: kashaf.Archive, *numbers: int) -> None:
    with archive.writer() as writer:
        for number in numbers:
            writer.add(kashaf.Article(id=f"a{number}", headline="Le port", body=f"Le port numéro {number} de Tanger."))


def ids(archive: kashaf.Archive) -> set[str]:
    return {hit.id for hit in archive.search("port", size=100).hits}


def segments(archive: kashaf.Archive) -> int:
    manifest = current_manifest(archive.folder / "index")
    assert manifest is not None
    return len(manifest.segments)


class Held:
    """Merges that begin, and end when they are let go."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun, self.free = threading.Event(), threading.Event()

        def held(*arguments: object) -> int:
            docs = merge_segments(*arguments)  # type: ignore[arg-type]
            self.begun.set()
            assert self.free.wait(30)
            return docs

        monkeypatch.setattr(merger, "merge_segments", held)


def test_articles_are_found_before_their_segments_are_merged(
    archive: kashaf.Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Held(monkeypatch)
    for number in range(3):
        add(archive, number)
    assert held.begun.wait(30)
    assert ids(archive) == {"a0", "a1", "a2"} and segments(archive) == 3
    add(archive, 3)  # a writer does not wait for the merge
    with archive.writer() as writer:  # nor does the merge bring back what goes meanwhile
        writer.delete("a1")
        writer.add(kashaf.Article(id="a2", headline="Une gare", body="Une gare nouvelle à Tanger."))
    assert ids(archive) == {"a0", "a3"}
    held.free.set()
    archive.finish_merges()
    assert archive.refresh()
    assert ids(archive) == {"a0", "a3"} and archive.search("gare", size=0).total == 1
    assert segments(archive) <= 3 and archive.verify() == []


def test_a_reader_is_not_disturbed(archive: kashaf.Archive) -> None:
    for number in range(2):
        add(archive, number)
    with kashaf.open(archive.folder) as reader:
        assert ids(reader) == {"a0", "a1"}
        for number in range(2, 12):
            add(archive, number)
        archive.finish_merges()
        assert ids(reader) == {"a0", "a1"}
        reader.refresh()
        assert len(ids(reader)) == 12


def test_a_compaction_meanwhile_goes_first(archive: kashaf.Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    held = Held(monkeypatch)
    for number in range(3):
        add(archive, number)
    assert held.begun.wait(30)
    archive.compact()
    held.free.set()
    archive.finish_merges()
    archive.refresh()
    assert segments(archive) == 1 and len(ids(archive)) == 3 and archive.verify() == []
    assert not list((archive.folder / "index").glob("*.merging"))


def test_a_merge_waits_for_a_writer(archive: kashaf.Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    held = Held(monkeypatch)
    for number in range(3):
        add(archive, number)
    assert held.begun.wait(30)
    with WriterLock(archive.folder / "writer.lock", wait=10):
        held.free.set()
        time.sleep(0.2)
        assert segments(archive) == 3
    archive.finish_merges()
    assert segments(archive) == 1 and archive.verify() == []


def test_a_failed_merge_is_told_and_tried_again(
    archive: kashaf.Archive, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with monkeypatch.context() as patched, caplog.at_level(logging.WARNING, "kashaf"):

        def full(*_: object) -> int:
            raise OSError(28, "No space left on device")

        patched.setattr(merger, "merge_segments", full)
        for number in range(4):
            add(archive, number)
            archive.finish_merges()
    assert "No space left" in caplog.text and segments(archive) == 4 and len(ids(archive)) == 4
    add(archive, 4)
    archive.finish_merges()
    assert segments(archive) < 4 and len(ids(archive)) == 5


def test_what_a_killed_merge_left_is_removed(archive: kashaf.Archive) -> None:
    left = archive.folder / "index" / "00000001.seg.merging"
    left.parent.mkdir(exist_ok=True)
    left.write_bytes(b"half a segment")
    add(archive, 1)
    assert not left.exists()


def test_the_file_of_a_living_merge_is_kept(archive: kashaf.Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    held = Held(monkeypatch)
    for number in range(3):
        add(archive, number)
    assert held.begun.wait(30)
    assert list((archive.folder / "index").glob("*.merging"))
    add(archive, 3)
    assert list((archive.folder / "index").glob("*.merging"))
    held.free.set()


def test_a_process_may_end_in_the_middle_of_a_merge(tmp_path: Path) -> None:
    """Without closing: it ends at once, and the next one finds everything."""
    script = """
import sys, time, kashaf
from kashaf.index import merger
real = merger.merge_segments
merger.merge_segments = lambda *a: (real(*a), time.sleep(60))[0]
archive = kashaf.open(sys.argv[1], create=True)
for n in range(9):
    with archive.writer() as writer:
        writer.add(kashaf.Article(id=f"a{n}", headline="Le port", body=f"Le port {n}"))
"""
    started = time.monotonic()
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=True, timeout=50)
    assert time.monotonic() - started < 50
    with kashaf.open(tmp_path) as archive:
        assert len(ids(archive)) == 9 and archive.verify() == []
        add(archive, 10)
        archive.finish_merges()
        assert segments(archive) < 9 and not list((tmp_path / "index").glob("*.merging"))
