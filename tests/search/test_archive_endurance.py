"""What an archive does when its files come and go: many commits, a full disk, lost segments, readers beside writers."""

from __future__ import annotations

import gc
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import kashaf
from kashaf.errors import ArchiveError
from kashaf.index import merger
from kashaf.index.lock import WriterLock
from kashaf.index.manifest import read_manifest
from kashaf.index.merge import merge_segments
from kashaf.index.merger import Merger, merge_due
from kashaf.index.projection import Projection
from kashaf.search.request import Request

BODY = "Le ministère a rouvert le port ; les pêcheurs reprennent la mer demain."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "archive"


@pytest.fixture
def archive(folder: Path) -> Iterator[kashaf.Archive]:
    with kashaf.open(folder, create=True) as archive:
        yield archive


def add(archive: kashaf.Archive, *ids: str, body: str = BODY, persons: Any = ()) -> None:
    with archive.writer() as writer:
        for article_id in ids:
            writer.add(kashaf.Article(id=article_id, headline="Port", body=body, persons=persons))


def test_an_archive_without_names_answers_what_asks_for_names(archive: kashaf.Archive) -> None:
    add(archive, "a")
    assert archive.search("person:pain").total == 0
    assert archive.search("port", person=["pain"]).total == 0
    assert archive.facet("person", "pain") == ()
    assert [s for s in archive.suggest("pain") if s.kind in ("person", "organisation")] == []


def test_a_reader_that_follows_many_commits_holds_few_files(archive: kashaf.Archive, folder: Path) -> None:
    counts = []
    with kashaf.open(folder) as reader:
        for commit in range(45):
            names = tuple(f"Karim {chr(65 + n % 26)}enali{chr(97 + commit % 26)}" for n in range(256))
            add(archive, f"{commit}", persons=names)
            archive.finish_merges()
            reader.refresh()
            assert reader.search("port").total == commit + 1
            gc.collect()
            counts.append(len(os.listdir("/proc/self/fd")))
    assert max(counts[25:]) <= max(counts[10:25]) + 4, counts


def test_a_closed_archive_lets_go_of_its_files(archive: kashaf.Archive, folder: Path) -> None:
    add(archive, "a")
    reader = kashaf.open(folder)
    assert reader.search("port").total == 1
    reader.close()
    gc.collect()
    mapped = [line for line in Path("/proc/self/maps").read_text().splitlines() if str(folder) in line]
    archive.close()
    gc.collect()
    left = [line for line in Path("/proc/self/maps").read_text().splitlines() if str(folder) in line]
    assert left == [], mapped


def test_a_lost_segment_ends_a_merge(archive: kashaf.Archive, folder: Path) -> None:
    for number in range(8):
        add(archive, str(number))
    archive.finish_merges()
    for number in range(8, 15):
        add(archive, str(number))
    lost = read_manifest(folder / "index").segments[-1].file.name
    (folder / "index" / lost).unlink()
    add(archive, "15")
    archive.finish_merges()  # and does not go on for ever
    assert any(lost in problem for problem in archive.verify())


def test_a_merge_survives_deletions_beside_it(
    archive: kashaf.Archive, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        add(archive, str(number), f"{number}b", f"{number}c")
        archive.finish_merges()  # three segments are left, and the next one makes a merge due
    with archive.writer() as writer:
        writer.delete("0c")
    merge = merge_segments
    deleted = iter(["1b", "2b", "0b"])

    def beside(*args: object) -> int:
        made = merge(*args)  # type: ignore[arg-type]
        for article_id in deleted:  # each sweeps the file of deletions before it
            with archive.writer() as writer:
                assert writer.delete(article_id)
        return made

    monkeypatch.setattr(merger, "merge_segments", beside)
    add(archive, "6")
    archive.finish_merges()
    assert len(read_manifest(folder / "index").segments) == 1
    archive.refresh()
    found = {hit.id for hit in archive.search("port", size=100).hits}
    assert found == {f"{n}{x}" for n in range(6) for x in ("", "b", "c")} - {"0b", "0c", "1b", "2b"} | {"6"}
    assert archive.verify() == []


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_merge_that_ended_badly_is_not_the_last(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []

    def fails(folder: Path) -> None:
        asked.append(folder)
        raise SystemExit  # a thread ends with it without a word

    monkeypatch.setattr(merger, "merge_due", fails)
    mine = Merger(folder)
    for _ in range(2):
        mine.start()
        mine.wait()
    assert len(asked) == 2


def test_a_full_disk_leaves_the_generation_that_answers(
    archive: kashaf.Archive, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(archive, "a")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Projection, "publish", full)
        with pytest.raises(ArchiveError, match="safe"):
            add(archive, "b")
        files = sorted(path.name for path in (folder / "index").iterdir())
        for _ in range(3):
            with kashaf.open(folder) as reader:
                assert reader.search("port").total == 1
        assert sorted(path.name for path in (folder / "index").iterdir()) == files
    with kashaf.open(folder) as reader:
        assert reader.search("port").total == 2


def test_verify_beside_a_writer_does_not_take_its_commit_for_damage(
    archive: kashaf.Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(archive, "a")
    problems = kashaf.Archive._problems
    calls: list[int] = []

    def first_wrong(self: kashaf.Archive, manifest: object) -> list[str]:
        calls.append(1)
        return ["the index is 1 commits behind"] if len(calls) == 1 else problems(self, manifest)  # type: ignore[arg-type]

    monkeypatch.setattr(kashaf.Archive, "_problems", first_wrong)
    assert archive.verify() == [] and len(calls) == 2


def test_verify_sees_a_changed_text(archive: kashaf.Archive, folder: Path) -> None:
    add(archive, "a", "b")
    with sqlite3.connect(folder / "articles.sqlite") as connection:
        connection.execute("UPDATE articles SET body = replace(body, 'demain', 'jamais') WHERE id = 'b'")
    connection.close()
    assert [problem for problem in archive.verify() if "'b'" in problem]


def test_what_is_read_beside_a_compaction_is_whole_or_broken_off(archive: kashaf.Archive, folder: Path) -> None:
    add(archive, *(str(n) for n in range(150)))
    with kashaf.open(folder) as reader:
        hits = reader.all_hits(Request(q="port"))
        assert len(hits) == 150
        with archive.writer() as writer:
            for number in range(0, 150, 2):
                writer.delete(str(number))
        archive.compact()
        with pytest.raises(ArchiveError, match="compacted"):
            list(hits)


def test_two_archives_are_never_in_the_same_state(archive: kashaf.Archive, tmp_path: Path) -> None:
    with kashaf.open(tmp_path / "other", create=True) as other:
        add(archive, "a")
        add(other, "b")
        assert archive.generation == other.generation
        assert archive.state != other.state


def test_a_lock_is_free_though_a_forked_process_has_its_handle(tmp_path: Path) -> None:
    with WriterLock(tmp_path / "lock") as lock:
        assert lock._handle is not None
        inherited = os.dup(lock._handle)
    with WriterLock(tmp_path / "lock"):
        pass
    os.close(inherited)


def test_nothing_is_merged_in_a_folder_without_an_index(folder: Path) -> None:
    (folder / "index").mkdir(parents=True)
    merge_due(folder)
    assert not list((folder / "index").glob("*.seg"))
