"""Several processes make the archive that one makes, and leave nothing behind however they end."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import kashaf
from kashaf.crew import Done, Work, done, portions
from kashaf.index.readers import Reading, Refusal, Unread
from kashaf.ingest import Counts, Listener, ingest
from kashaf.serve import sample_files

ROOT = Path(__file__).parent.parent
WAIT = 120.0  # seconds; a busy machine starts processes slowly


def mixed_inputs(folder: Path) -> list[Path]:
    """Articles in several formats and languages, some of them refused, some with a date that cannot be read."""
    (folder / "in").mkdir()
    with open(folder / "in" / "a.jsonl", "w", encoding="utf-8") as file:
        for number in range(150):
            text = "Le ministre M. Ahmed Alami est à Rabat." if number % 2 else "قال السيد أحمد العلمي في الرباط."
            record = {"id": f"n{number % 140}", "headline": f"Titre {number}", "text": f"{text} {number}\nFin."}
            file.write(json.dumps(record) + "\n")
            if number % 50 == 7:
                file.write('{"headline": \n{"title": "Un", "date": "jamais"}\n{"title": "Deux", "text": "\\u0000"}\n')
    (folder / "in" / "b.csv").write_text("titre;texte\n" + "Un titre;Un texte.\n" * 3 + "trop;de;valeurs\n", "utf-8")
    (folder / "in" / "c.txt").write_text("Un texte de Rabat, le 3 mars 2026, assez long.\nEt sa suite.", "utf-8")
    (folder / "in" / "d.txt").write_bytes(b"")
    (folder / "in" / "e.html").write_text("<html><body><h1>Titre</h1><p>" + "Un mot. " * 60 + "</p></body></html>")
    return [folder / "in", *sample_files(), folder / "absent"]


def indexed(folder: Path, inputs: list[Path], jobs: int, entities: bool = True) -> tuple[object, ...]:
    """Everything that indexing leaves and says."""
    said: list[tuple[str, ...]] = []
    read: list[int] = []
    counts = Counts()
    listener = Listener(
        read.append,
        lambda refusal: said.append(("refused", refusal.where, refusal.reason)),
        lambda where, reason: said.append(("noticed", where, reason)),
        lambda now: said.append(("committed", str(now))),
    )
    with kashaf.open(folder, create=True) as archive:
        ingest(archive, inputs, listener, counts, batch=60, jobs=jobs, entities=entities)
    files = {path.name: path.read_bytes() for path in (folder / "index").iterdir()}
    with sqlite3.connect(folder / "articles.sqlite") as store:
        rows = store.execute("SELECT key, id, body, received, made, digest, added, ended FROM articles").fetchall()
    store.close()
    return files, rows, said, sum(read), counts


def test_the_archive_is_the_same_whatever_the_number_of_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kashaf.ingest.SECONDS", 1e9)  # no commit because the machine is slow
    inputs = mixed_inputs(tmp_path)
    alone = indexed(tmp_path / "one", inputs, 1)
    together = indexed(tmp_path / "two", inputs, 2)

    for one, other in zip(alone, together, strict=True):
        assert one == other
    assert isinstance(alone[4], Counts)
    assert (alone[4].refused, alone[4].noticed, alone[4].replaced) == (6, 3, 10)


def test_without_entities_given_names_alone_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    found = {"id": "a", "title": "Rabat", "text": "Selon M. Ahmed Alami, rien."}
    given = {"id": "b", "title": "Rabat", "text": "Selon M. Ahmed Alami, rien.", "persons": ["Nadia Benchekroun"]}
    path.write_text(json.dumps(found) + "\n" + json.dumps(given), "utf-8")
    for jobs in (1, 2):
        indexed(tmp_path / f"a{jobs}", [path], jobs, entities=False)
        with kashaf.open(tmp_path / f"a{jobs}") as archive:
            assert archive.article("a").persons == ()
            assert [mention.name for mention in archive.article("b").persons] == ["Nadia Benchekroun"]
            archive.compact(rebuild_index=True)
            assert [mention.name for mention in archive.article("a").persons] == ["Ahmed Alami"]


def test_no_more_is_read_than_is_soon_needed() -> None:
    read = 0

    def pieces() -> Iterator[list[Unread]]:
        nonlocal read
        for _ in range(1_000):
            read += 1
            yield []

    finished = done(Work(Reading()), pieces(), jobs=2)
    assert next(finished) == Done([], [], 0)
    assert read <= 16
    finished.close()


def test_portions_are_small() -> None:
    paths: list[Unread] = [Path(str(number)) for number in range(150)]
    assert [len(portion) for portion in portions(paths)] == [64, 64, 22]


def test_a_fault_of_ours_in_another_process_is_no_lost_worker(tmp_path: Path) -> None:
    with pytest.raises(AttributeError):
        list(done(Work(Reading()), [[None]], jobs=2))  # type: ignore[list-item]


# From outside: a run that is stopped


@contextmanager
def long_run(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """`kashaf index --jobs 2` in a process group of its own, after its first commit."""
    inputs = tmp_path / "n.jsonl"
    with open(inputs, "w", encoding="utf-8") as file:
        for number in range(30_000):
            body = " ".join(f"mot{number}x{word}" for word in range(40))
            file.write(json.dumps({"id": f"n{number}", "headline": f"Article {number}", "body": body}) + "\n")
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    arguments = ["index", inputs, "--archive", tmp_path / "a", "--batch", "200", "--verbose", "--jobs", "2"]
    running = subprocess.Popen(
        [sys.executable, "-P", "-m", "kashaf", *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert running.stderr is not None
        assert running.stderr.readline() == "committed 200\n"
        yield running
    finally:
        for process in of_group(running.pid):
            os.kill(process, signal.SIGKILL)
        running.wait()
        for stream in (running.stdout, running.stderr):
            assert stream is not None
            stream.close()


def of_group(group: int) -> list[int]:
    """The processes of a group that have not ended, the youngest last."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, fields = path.read_text().rpartition(")")
        except OSError:  # it has just ended
            continue
        state, _, its_group = fields.split()[:3]
        if int(its_group) == group and state != "Z":
            found.append(int(name.split()[0]))
    return sorted(found)


def nothing_left(group: int) -> bool:
    deadline = time.monotonic() + WAIT
    while of_group(group) and time.monotonic() < deadline:
        time.sleep(0.05)
    return of_group(group) == []


def sound_articles(folder: Path) -> int:
    with kashaf.open(folder) as archive:
        assert archive.verify() == []
        return archive.info().articles


def test_ctrl_c_stops_all_of_them(tmp_path: Path) -> None:
    with long_run(tmp_path) as running:
        os.killpg(running.pid, signal.SIGINT)
        _, said = running.communicate(timeout=WAIT)
        assert running.returncode == 130
        assert "Traceback" not in said and "stopped: " in said
        assert nothing_left(running.pid)
    assert 200 <= sound_articles(tmp_path / "a") < 30_000


def test_a_killed_worker_is_said_and_nothing_committed_is_lost(tmp_path: Path) -> None:
    with long_run(tmp_path) as running:
        os.kill(of_group(running.pid)[-1], signal.SIGKILL)
        _, said = running.communicate(timeout=WAIT)
        assert running.returncode == 3
        assert "Traceback" not in said and "one of 2 worker processes ended unforeseen" in said
        assert nothing_left(running.pid)
    assert 200 <= sound_articles(tmp_path / "a") < 30_000


def test_workers_do_not_outlive_the_run(tmp_path: Path) -> None:
    with long_run(tmp_path) as running:
        os.kill(running.pid, signal.SIGKILL)
        running.wait(timeout=WAIT)
        assert nothing_left(running.pid)
    assert 200 <= sound_articles(tmp_path / "a") < 30_000


def test_a_refusal_says_where_it_stood(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"title": "Un"}\n' + json.dumps({"title": "Deux", "id": "x" * 300}), "utf-8")
    pieces = Reading().pieces([tmp_path / "a.jsonl"], None, lambda where, reason: None)
    (finished,) = done(Work(Reading()), portions(pieces))
    refusal = finished.outcomes[1].received
    assert isinstance(refusal, Refusal) and refusal.where.endswith("a.jsonl:2") and refusal.reason.startswith("id: 300")
