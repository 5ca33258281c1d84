"""Reports: what became of the last runs and checks, bounded, and in the way of nobody."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from kashaf.errors import ArchiveLocked
from kashaf.index import reports as reports_module
from kashaf.index.article import Article
from kashaf.index.refusals import Refusal
from kashaf.index.reports import MAX_REFUSALS, MAX_RUNS, Run, now
from kashaf.ingest import Counts, ingest
from kashaf.search.archive import open_archive


def run(number: int, refusals: tuple[Refusal, ...] = ()) -> Run:
    return Run(now(), now(), "files", number, 0, 0, len(refusals), True, refusals)


def test_the_last_runs_are_kept_newest_first(tmp_path: Path) -> None:
    many = tuple(Refusal(f"f:{n}", "why") for n in range(MAX_REFUSALS + 5))
    with open_archive(tmp_path, create=True) as archive:
        assert archive.reports.runs() == [] and archive.reports.check() is None
        for number in range(MAX_RUNS + 3):
            archive.report(lambda reports, n=number: reports.keep_run(run(n, many if n % 2 else ())))  # type: ignore[misc]  # mypy cannot tell the type of n
        runs = archive.reports.runs()
        assert [one.added for one in runs] == list(range(MAX_RUNS + 2, 2, -1))
        assert [len(one.refusals) for one in runs[:3]] == [0, MAX_REFUSALS, 0]
        assert runs[1].refusals == many[:MAX_REFUSALS] and runs[1].refused == len(many)
        assert archive.reports.runs(1) == runs[:1]
    with sqlite3.connect(tmp_path / "articles.sqlite") as connection:
        [(left,)] = connection.execute("SELECT count(DISTINCT run) FROM refusals")
        assert left == MAX_RUNS // 2


def test_hostile_names_are_kept_harmless(tmp_path: Path) -> None:
    with open_archive(tmp_path, create=True) as archive:
        refusal = Refusal("\u202egpj.exe\r\nforged: line\ud800", "x" * 2_000 + "\x1b[31m")
        archive.report(lambda reports: reports.keep_run(run(0, (refusal,))))
        archive.report(lambda reports: reports.keep_check(["\x00 \u2066 damaged"]))
        [kept] = archive.reports.runs()[0].refusals
        assert kept.where == "?gpj.exe??forged: line?" and len(kept.reason) == 500
        check = archive.reports.check()
        assert check is not None and check.problems == ("? ? damaged",) and check.time <= now()


def test_a_run_of_indexing_reports_itself(tmp_path: Path) -> None:
    files = tmp_path / "n.jsonl"
    files.write_text(
        '{"id": "a", "headline": "Le phare", "body": "Il rouvre."}\n{"body": \nnothing\n', encoding="utf-8"
    )
    counts = Counts(added=7)
    with open_archive(tmp_path / "a", create=True) as archive:
        ingest(archive, [files], counts=counts)
        [kept] = archive.reports.runs()
        assert (kept.way, kept.added, kept.refused, kept.finished) == ("files", 1, 2, True)
        assert [one.where.rpartition(":")[2] for one in kept.refusals] == ["2", "3"]
        assert kept.began <= kept.ended <= now()
        [commit] = archive.reports.commits()
        assert (commit.added, commit.replaced, commit.deleted) == (1, 0, 0)


def test_a_run_that_is_stopped_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = tmp_path / "n.jsonl"
    files.write_text('{"id": "a", "headline": "Le phare", "body": "Il rouvre."}\n', encoding="utf-8")
    with open_archive(tmp_path / "a", create=True) as archive:

        def stop(**_: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(archive, "writer", stop)
        with pytest.raises(KeyboardInterrupt):
            ingest(archive, [files])
        [kept] = archive.reports.runs()
        assert (kept.added, kept.finished) == (0, False)


def test_an_archive_of_an_older_version_has_no_reports(tmp_path: Path) -> None:
    open_archive(tmp_path, create=True).close()
    with sqlite3.connect(tmp_path / "articles.sqlite") as connection:
        connection.execute("DROP TABLE runs")
        connection.execute("DROP TABLE refusals")
    connection.close()
    with open_archive(tmp_path) as archive:
        assert archive.reports.runs() == [] and archive.reports.commits() == []
        archive.report(lambda reports: reports.keep_run(run(1)))
        assert len(archive.reports.runs()) == 1


def test_what_cannot_be_kept_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_archive(tmp_path, create=True) as archive:

        def refuse(*_: object) -> None:
            raise ArchiveLocked("another process is writing")

        monkeypatch.setattr(reports_module.Reports, "keep_run", refuse)
        archive.report(lambda reports: reports.keep_run(run(1)))
        assert archive.reports.runs() == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_only_be_read(tmp_path: Path) -> None:
    with open_archive(tmp_path, create=True) as archive, archive.writer() as writer:
        writer.add(Article(headline="Le phare", body="Il rouvre."))
    tmp_path.chmod(0o500)
    try:
        with open_archive(tmp_path) as archive:
            archive.report(lambda reports: reports.keep_run(run(1)))
            assert archive.reports.runs() == []
    finally:
        tmp_path.chmod(0o700)
