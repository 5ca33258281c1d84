"""The index folder over many commits: few segments, no stray file, a rebuild that changes no answer."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

import kashaf
from kashaf.index import projection, tiers
from kashaf.index.generation import current_manifest
from kashaf.index.manifest import PREVIOUS, read_manifest


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[kashaf.Archive]:
    with kashaf.open(tmp_path / "archive", create=True) as opened:
        yield opened


def add(archive: kashaf.Archive, *numbers: int) -> None:
    with archive.writer() as writer:
        for number in numbers:
            writer.add(kashaf.Article(id=f"a{number}", headline="Le port", body=f"Le port numéro {number} de Tanger."))


def named(archive: kashaf.Archive) -> set[str]:
    folder = archive.folder / "index"
    manifests = [current_manifest(folder), read_manifest(folder, PREVIOUS)]
    return {f.name for manifest in manifests if manifest for f in manifest.files()}


def test_small_segments_are_merged_as_they_come(archive: kashaf.Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiers, "MERGE_FACTOR", 3)
    monkeypatch.setattr(tiers, "SMALLEST_CLASS", 2)
    most = 0
    for number in range(40):
        add(archive, number)
        archive.finish_merges()
        archive.refresh()
        most = max(most, archive.info().segments)
    assert archive.search("port", size=0).total == 40
    assert most <= 3 * 4  # three a class, and a class for each power of three
    assert archive.verify() == []


def test_nothing_stays_that_no_manifest_names(archive: kashaf.Archive) -> None:
    for number in range(5):
        add(archive, number, number + 100)
        with archive.writer() as writer:
            writer.delete(f"a{number}")
    (archive.folder / "index" / "00099999.seg").write_bytes(b"left by a killed writer")
    (archive.folder / "index" / "MANIFEST.json.new").write_bytes(b"{")
    add(archive, 999)
    add(archive, 1000)
    archive.finish_merges()
    files = {path.name for path in (archive.folder / "index").iterdir() if path.suffix not in (".toc", ".lock")}
    assert files == named(archive) | {"MANIFEST.json", "MANIFEST.previous.json"}


def test_a_segment_with_many_deletions_is_rewritten(archive: kashaf.Archive) -> None:
    add(archive, *range(10))
    with archive.writer() as writer:
        for number in range(6):
            writer.delete(f"a{number}")
    archive.finish_merges()
    manifest = current_manifest(archive.folder / "index")
    assert manifest is not None
    assert [(s.docs, s.deleted) for s in manifest.segments] == [(4, 0)]
    with archive.writer() as writer:
        writer.delete("a9")
    manifest = current_manifest(archive.folder / "index")
    assert manifest is not None
    assert [(s.docs, s.deleted) for s in manifest.segments] == [(4, 1)]


def test_a_flush_in_the_middle_of_a_commit(archive: kashaf.Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projection, "FLUSH_WORDS", 10)
    with archive.writer() as writer:
        for number in range(2_100):  # the writer hands articles on in blocks
            writer.add(kashaf.Article(id=str(number), headline="Le port", body=f"Texte {number}"))
        writer.add(kashaf.Article(id="5", headline="Une gare", body="Texte"))
    assert archive.search("port", size=0).total == 2_099
    assert archive.verify() == []


@pytest.mark.parametrize("rebuild", [False, True])
def test_compacting_changes_no_answer(archive: kashaf.Archive, rebuild: bool) -> None:
    for number in range(6):
        add(archive, number, number + 10)
    with archive.writer() as writer:
        writer.delete("a3")
    before = archive.search("port tanger", size=50)
    archive.compact(rebuild_index=rebuild)
    after = archive.search("port tanger", size=50)
    assert archive.info().segments == 1
    assert [(h.id, h.score) for h in after.hits] == [(h.id, h.score) for h in before.hits]
    assert after.facets == before.facets


def test_a_changed_analyser_is_noticed(archive: kashaf.Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    add(archive, 1)
    generation = archive.generation
    monkeypatch.setattr(projection, "FINGERPRINT", "another")
    add(archive, 2)  # the next writer rebuilds first
    assert archive.generation >= generation + 2
    assert archive.search("port", size=0).total == 2


def test_everything_is_on_disk_before_the_manifest_names_it(
    archive: kashaf.Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order of fsync and rename calls during one commit."""
    calls: list[str] = []
    sync, replace = os.fsync, os.replace

    def fsync(handle: int) -> None:
        calls.append(f"fsync {Path(os.readlink(f'/proc/self/fd/{handle}')).name}")
        sync(handle)

    def rename(source: Path, target: Path) -> None:
        calls.append(f"rename {Path(target).name}")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "replace", rename)
    add(archive, 1)
    segment = next(n for n, call in enumerate(calls) if call.startswith("fsync") and call.endswith(".seg"))
    manifest = calls.index("rename MANIFEST.json")
    folder = [n for n, call in enumerate(calls) if call == "fsync index"]
    assert segment < min(folder) < calls.index("fsync MANIFEST.json.new") < manifest < max(folder)
