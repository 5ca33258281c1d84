"""An archive from outside: writing, reading, damage and repair, paging, likeness, completion."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import kashaf
from kashaf.errors import (
    ArchiveDamaged,
    ArchiveLocked,
    ArchiveMissing,
    ArchiveTooNew,
    ArticleError,
    CursorError,
    LimitError,
    RequestError,
    UnknownArticle,
    UnknownEntity,
)
from kashaf.index.lock import WriterLock
from kashaf.index.manifest import CURRENT
from kashaf.index.projection import Projection
from kashaf.search.request import FACETS, Request

MINISTER = ["Salma Berrada Ouazzani", "سلمى برادة الوزاني"]


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[kashaf.Archive]:
    with kashaf.open(tmp_path / "archive", create=True) as opened:
        yield opened


def add(archive: kashaf.Archive, *articles: kashaf.Article) -> list[str]:
    with archive.writer() as writer:
        return [writer.add(article) for article in articles]


def article(number: int, **fields: object) -> kashaf.Article:
    given: dict[str, object] = {"id": f"a{number}", "headline": f"Titre {number}", "body": f"Le port numéro {number}."}
    return kashaf.Article(**given | fields)  # type: ignore[arg-type]


def test_an_empty_archive_answers(archive: kashaf.Archive) -> None:
    results = archive.search("port")
    assert (results.total, results.hits, results.facets["person"]) == (0, (), ())
    assert archive.verify() == [] and archive.info().articles == 0


def test_add_replace_delete(archive: kashaf.Archive) -> None:
    add(archive, article(1), article(2))
    assert archive.search("port").total == 2
    add(archive, article(1, body="Un tramway."))
    assert [h.id for h in archive.search("port").hits] == ["a2"]
    assert [h.id for h in archive.search("tramway").hits] == ["a1"]
    with archive.writer() as writer:
        assert writer.delete("a2") and not writer.delete("a9")
    assert archive.search("port").total == 0
    assert {a.id for a in archive.export()} == {"a1"}
    with pytest.raises(UnknownArticle):
        archive.article("a2")
    archive.compact()
    assert archive.search("").total == 1 and archive.verify() == []


def test_adding_the_same_again_changes_nothing(archive: kashaf.Archive) -> None:
    add(archive, article(1), article(2))
    before = archive.state
    with archive.writer() as writer:
        writer.add(article(1))
        assert (writer.unchanged, writer.added, writer.replaced) == (1, 0, 0)
    assert archive.state == before


def test_one_article_twice_in_one_commit_is_the_last(archive: kashaf.Archive) -> None:
    add(archive, article(1), article(1, body="Un tramway."))
    assert archive.search("port").total == 0 and archive.search("tramway").total == 1
    assert archive.verify() == []


def test_an_exception_undoes_the_whole_block(archive: kashaf.Archive) -> None:
    add(archive, article(1))
    with pytest.raises(RuntimeError), archive.writer() as writer:
        writer.add(article(2))
        writer.delete("a1")
        raise RuntimeError
    assert [h.id for h in archive.search("port").hits] == ["a1"] and archive.verify() == []
    add(archive, article(3))
    assert archive.search("port").total == 2


def test_a_refused_article_leaves_the_others(archive: kashaf.Archive) -> None:
    with archive.writer() as writer:
        writer.add(article(1))
        with pytest.raises(ArticleError):
            writer.add(kashaf.Article(body="  "))
        writer.add(article(2))
    assert archive.search("port").total == 2


def test_a_reader_keeps_its_generation_until_it_refreshes(archive: kashaf.Archive) -> None:
    add(archive, article(1))
    with kashaf.open(archive.folder) as reader:
        assert reader.search("port").total == 1
        add(archive, article(2), article(1, headline="Nouveau titre"))
        old = reader.search("port")
        assert [h.headline for h in old.hits] == ["Titre 1"]
        assert reader.refresh() and not reader.refresh()
        assert reader.search("port").total == 2 and reader.generation > old.generation


def test_one_writer_at_a_time(archive: kashaf.Archive) -> None:
    with archive.writer(), pytest.raises(ArchiveLocked, match="another process"):
        with archive.writer(wait=0.05):
            pass


def test_what_a_dead_writer_left_is_taken_up(archive: kashaf.Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """The store has the commit, the index does not: as after a kill between the two."""
    add(archive, article(1))
    assert archive.search("port").total == 1
    with monkeypatch.context() as patch:
        patch.setattr(Projection, "commit", lambda *given, **named: None)
        add(archive, article(2), article(1, body="Un tramway."))
    assert archive.search("tramway").total == 0
    assert archive.info().behind == 1
    with kashaf.open(archive.folder) as again:
        assert [h.id for h in again.search("tramway").hits] == ["a1"]
        assert [h.id for h in again.search("port").hits] == ["a2"]
        assert again.verify() == []


def test_missing_and_newer_archives(tmp_path: Path, archive: kashaf.Archive) -> None:
    with pytest.raises(ArchiveMissing, match="kashaf index"):
        kashaf.open(tmp_path / "nowhere")
    archive._store.connection.execute("UPDATE meta SET value = 99 WHERE name = 'format'")
    with pytest.raises(ArchiveTooNew, match="upgrade"):
        kashaf.open(archive.folder)


def test_a_store_that_is_no_store(tmp_path: Path) -> None:
    (tmp_path / "articles.sqlite").write_bytes(b"no database" * 100)
    with pytest.raises(ArchiveDamaged, match="articles.sqlite"):
        kashaf.open(tmp_path)


@pytest.mark.parametrize("damage", ["flip", "cut", "gone"])
def test_a_damaged_segment_is_found_and_rebuilt(archive: kashaf.Archive, damage: str) -> None:
    add(archive, article(1), article(2))
    [segment] = (archive.folder / "index").glob("*.seg")
    content = bytearray(segment.read_bytes())
    segment.unlink()  # the running reader keeps its own mapping
    if damage == "flip":
        content[-80] ^= 1
        content[len(content) // 2] ^= 1
    if damage != "gone":
        segment.write_bytes(content[: len(content) // 2] if damage == "cut" else content)
    assert archive.verify()
    archive.compact(rebuild_index=True)
    assert archive.verify() == [] and archive.search("port").total == 2


def test_a_damaged_manifest_falls_back_to_the_one_before(archive: kashaf.Archive) -> None:
    add(archive, article(1))
    add(archive, article(2))
    (archive.folder / "index" / CURRENT).write_text("{")
    with kashaf.open(archive.folder) as again:
        assert again.search("port").total == 2  # and opening it has caught up
        assert again.verify() == []


def test_names_find_each_other_across_scripts(archive: kashaf.Archive) -> None:
    add(
        archive,
        article(1, persons=[MINISTER[0]]),
        article(2, body="ميناء جديد", persons=[MINISTER[1]]),
        article(3, body="Mme Salma Berrada Ouazzani a parlé."),
    )
    for query in (*MINISTER, "Ouazzani", "الوزاني", "berrada ouazzani"):
        assert archive.search(query).total >= 2, query
    for address in ("Mme Salma Berrada Ouazzani", "madame Salma Berrada Ouazzani", "السيدة سلمى برادة الوزاني"):
        assert archive.search(address).total == 3, address
    assert archive.search("Mme").total == 1 and archive.search("Mme", match="exact").total == 1
    assert archive.search('"Mme Salma Berrada Ouazzani"').total == 1
    found = archive.search("Salma Berrada Ouazzani")
    assert {h.id for h in found.hits} == {"a1", "a2", "a3"}
    assert {h.id: h.matched for h in found.hits}["a2"] == "names"
    assert archive.search("Salma Berrada Ouazzani", match="stem").total < 3
    [person] = [b for b in found.facets["person"] if b.count == 3]
    assert dict(person.labels or {}).keys() == {"fr", "ar"}
    for value in (person.id, *MINISTER):
        assert archive.search(person=[value]).total == 3
    assert [b.id for b in archive.facet("person", "برادة")] == [person.id]
    assert [b.id for b in archive.facet("person", "berr")] == [person.id]


def test_curation_takes_effect_at_once(archive: kashaf.Archive) -> None:
    add(archive, article(1, persons=["Driss Ouahbi"]), article(2, persons=["D. Wahby"]))
    first, second = sorted(b.id for b in archive.search().facets["person"])
    generation = archive.generation
    with archive.curate() as authority:
        authority.merge([first, second])
    [bucket] = archive.search().facets["person"]
    assert (bucket.count, archive.generation) == (2, generation)
    with archive.curate() as authority:
        authority.reject(bucket.id)
    assert archive.search().facets["person"] == ()
    with archive.curate() as authority:
        authority.undo()
        authority.undo()
    assert len(archive.search().facets["person"]) == 2
    with pytest.raises(UnknownEntity):
        archive.entity("p999")


def test_a_label_is_found_though_no_article_has_it(archive: kashaf.Archive) -> None:
    add(archive, article(1, persons=["Driss Ouahbi"]), article(2, organisations=["FMI"]))
    [person] = archive.search().facets["person"]
    with archive.curate() as authority:
        authority.rename(person.id, "fr", "Le Caïd de Dakhla")
    assert archive.search(person=["Le Caïd de Dakhla"]).total == 1
    assert archive.search("personne:(le caid de dakhla)").total == 1
    assert [b.id for b in archive.facet("person", "le ca")] == [person.id]
    [fund] = archive.search().facets["organisation"]
    assert [b.id for b in archive.facet("organisation", "fonds mon")] == [fund.id]


def test_damage_that_shows_only_in_use_is_told(archive: kashaf.Archive) -> None:
    add(archive, *(article(n, body=f"port {n} " + "mot " * 60 + f"unique{n}") for n in range(900)))
    [segment] = (archive.folder / "index").glob("*.seg")
    content = bytearray(segment.read_bytes())
    content[1 << 16 :] = bytes(255 - byte for byte in content[1 << 16 :])
    segment.unlink()
    segment.write_bytes(content)
    with kashaf.open(archive.folder) as again:
        for query in ('"mot mot"', "unique5", "port*", "titre"):
            try:
                again.search(query)
            except ArchiveDamaged as error:
                assert "checksum" in str(error)
        assert again.verify()


def test_a_damaged_deletion_file_is_refused_rather_than_ignored(archive: kashaf.Archive) -> None:
    add(archive, *(article(n) for n in range(20)))
    with archive.writer() as writer:
        writer.delete("a3")
    [deletions] = (archive.folder / "index").glob("*.del")
    deletions.write_bytes(b"\x00" * len(deletions.read_bytes()))
    with kashaf.open(archive.folder) as again, pytest.raises(ArchiveDamaged, match="rebuild"):
        again.search("port")


def test_an_interrupted_rebuild_is_finished_by_the_next(
    archive: kashaf.Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(archive, article(1))
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):

        def stop(*given: object, **named: object) -> None:
            raise KeyboardInterrupt

        patch.setattr(Projection, "commit", stop)
        archive.compact(rebuild_index=True)
    assert archive._store.unfinished
    add(archive, article(2))
    assert not archive._store.unfinished
    assert archive.search("port").total == 2 and archive.verify() == []


def test_an_archive_that_may_only_be_read(archive: kashaf.Archive) -> None:
    add(archive, article(1))
    archive.close()
    code = (
        "import os, sys, tempfile, kashaf\n"
        # What Python loads when it is first needed may lie where only root reads.
        "with tempfile.TemporaryDirectory() as folder, kashaf.open(folder, create=True) as warm:\n"
        "    with warm.writer() as writer: writer.add(kashaf.Article(body='Le port rouvre'))\n"
        "    assert warm.search('port').total == 1 and warm.verify() == []\n"
        "os.setgid(65534); os.setuid(65534)\n"
        "archive = kashaf.open(sys.argv[1])\n"
        "assert archive.search('port').total == 1 and archive.verify() == []\n"
        "for act in (archive.writer, archive.curate, archive.alerting, archive.compact):\n"
        "    try:\n"
        "        with act(): pass\n"
        "    except kashaf.errors.ArchiveError as error: print(error)\n"
        "    else: raise SystemExit(f'{act} has written')\n"
    )
    for folder in (archive.folder, *archive.folder.parents):
        if folder.stat().st_uid == os.getuid() and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o555)
    for path in archive.folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    if os.getuid() == 0:  # only root may become somebody else
        subprocess.run([sys.executable, "-c", code, str(archive.folder)], check=True)
    else:
        archive.folder.chmod(0o555)
        with kashaf.open(archive.folder) as again:
            assert again.search("port").total == 1
        archive.folder.chmod(0o755)


def test_odd_arguments(archive: kashaf.Archive) -> None:
    with pytest.raises(ArticleError, match="list of names"):
        kashaf.Article(body="x", persons="Ali")  # type: ignore[arg-type]
    with pytest.raises(ArticleError, match="published"):
        kashaf.Article(body="x", published="٢٠٢٦-٠٢-٠١")
    with archive.writer() as writer:
        assert not writer.delete("\ud800")


def test_pages_and_cursors_go_over_everything_once(archive: kashaf.Archive) -> None:
    add(archive, *(article(n, published=f"2026-01-{n % 28 + 1:02d}" if n % 5 else None) for n in range(1, 60)))
    for sort in ("relevance", "newest", "oldest"):
        by_page = [hit.id for page in range(1, 8) for hit in archive.search("port", sort=sort, page=page, size=9).hits]
        by_cursor: list[str] = []
        cursor = None
        while True:
            results = archive.search("port", sort=sort, size=9, cursor=cursor)
            by_cursor += [hit.id for hit in results.hits]
            if (cursor := results.cursor) is None:
                break
        assert by_page == by_cursor and len(set(by_page)) == 59
    dates = [hit.published for hit in archive.search("port", sort="oldest", size=100).hits]
    assert dates[-11:] == [None] * 11 and dates[:-11] == sorted(d for d in dates if d)


@pytest.mark.parametrize("cursor", ["x", "", "AAAA", "é", "A" * 400, "////", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"])
def test_a_forged_cursor_is_refused(archive: kashaf.Archive, cursor: str) -> None:
    with pytest.raises(CursorError):
        archive.search("port", cursor=cursor)


def test_a_cursor_of_another_query_is_refused(archive: kashaf.Archive) -> None:
    add(archive, article(1), article(2))
    cursor = archive.search("port", size=1).cursor
    with pytest.raises(CursorError, match="another query"):
        archive.search("titre", size=1, cursor=cursor)


@pytest.mark.parametrize(
    "options, error",
    [
        ({"q": "x" * 1001}, LimitError),
        ({"size": 101}, LimitError),
        ({"page": 1001}, LimitError),
        ({"page": 0}, RequestError),
        ({"page": 2, "cursor": "x"}, RequestError),
        ({"sort": "best"}, RequestError),
        ({"match": "all"}, RequestError),
        ({"date_from": "hier"}, RequestError),
        ({"facets": ["colour"]}, RequestError),
        ({"person": "Ali"}, RequestError),
        ({"person": ["x"] * 257}, LimitError),
    ],
)
def test_parameters_are_checked(archive: kashaf.Archive, options: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        archive.search(**options)  # type: ignore[arg-type]


def test_words_auto_falls_back_and_says_so(archive: kashaf.Archive) -> None:
    add(archive, article(1, body="Le port de Tanger."), article(2, body="La gare de Fès."))
    both = archive.search("port gare")
    assert both.total == 2 and both.query.warnings[0].startswith("some-words: ")
    assert archive.search("port gare", words="all").total == 0
    assert archive.search("port Tanger").query.warnings == ()


def test_a_range_and_the_undated_are_either_or(archive: kashaf.Archive) -> None:
    add(archive, article(1, published="2026-01-05"), article(2), article(3, published="2025-03-01"))
    assert {h.id for h in archive.search("port", date_from="2026", undated=True).hits} == {"a1", "a2"}
    assert {h.id for h in archive.search("port", undated=True).hits} == {"a2"}


def test_a_range_that_ends_before_it_begins_says_so(archive: kashaf.Archive) -> None:
    add(archive, article(1, published="2026-01-05"))
    results = archive.search("port", date_from="2026-03", date_to="2026-01")
    assert results.total == 0 and results.query.warnings[0].startswith("empty-range: ")


def test_names_are_completed_without_their_article(archive: kashaf.Archive) -> None:
    add(archive, article(1, persons=["عبد اللطيف الزروالي"]))
    assert [b.label for b in archive.facet("person", "زر")] == ["عبد اللطيف الزروالي"]
    assert archive.suggest("زرو")[0].kind == "person"


def test_an_unknown_filter_value_finds_nothing_and_says_so(archive: kashaf.Archive) -> None:
    add(archive, article(1))
    results = archive.search(source=["Nulle part"])
    assert results.total == 0 and results.query.warnings[0].startswith("unknown-value: ")


def test_similar_articles_share_telling_words(archive: kashaf.Archive) -> None:
    add(
        archive,
        article(1, body="La station de dessalement de Dakhla entre en service."),
        article(2, body="Dakhla : la station de dessalement livre son eau."),
        article(3, body="Le festival de jazz ouvre ses portes."),
    )
    assert archive.similar("a1")[0].id == "a2"
    assert "a1" not in {hit.id for hit in archive.similar("a1")}


def test_an_article_like_no_other_has_no_similar(archive: kashaf.Archive) -> None:
    add(archive, article(1))
    assert archive.similar("a1") == ()


def test_completion_leads_with_entities(archive: kashaf.Archive) -> None:
    add(archive, article(1, headline="Berrada à Rabat", persons=[MINISTER[0]], body="berrada berradi"))
    found = archive.suggest("berr")
    assert (found[0].kind, found[0].text) == ("person", MINISTER[0])
    assert {"headline", "word"} <= {suggestion.kind for suggestion in found}
    assert archive.suggest("") == () and archive.suggest("x" * 500) == ()


def test_did_you_mean(archive: kashaf.Archive) -> None:
    add(archive, *(article(n, body="L'intelligence artificielle au port.") for n in range(8)))
    assert archive.search("inteligence").query.did_you_mean == "intelligence"
    assert archive.search("intelligence").query.did_you_mean is None
    assert archive.search("inteligence port").query.did_you_mean == "intelligence port"
    assert archive.search("zqzqzq port").query.did_you_mean is None  # nothing near: nothing is offered


def test_a_time_budget_of_nothing_gives_a_partial_answer(archive: kashaf.Archive) -> None:
    add(archive, article(1))
    results = archive.run(Request(q="port", budget=-1))
    assert results.partial and results.total == 0
    assert set(results.facets) == set(FACETS) and not results.facets["date"].buckets and not results.facets["person"]


def test_threads_share_an_archive(archive: kashaf.Archive) -> None:
    add(archive, *(article(n, persons=MINISTER) for n in range(30)))
    failures: list[object] = []

    def work() -> None:
        try:
            for _ in range(15):
                if archive.search("port Ouazzani").total != 30:
                    failures.append("total")
                archive.refresh()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for number in range(3):
        with archive.writer() as writer:
            writer.add(kashaf.Article(id=f"other{number}", headline="Autre", body="Rien."))
    for thread in threads:
        thread.join()
    assert failures == []


def test_clutter_is_never_indexed_nor_quoted(archive: kashaf.Archive) -> None:
    body = (
        "Le port de Tanger s'agrandit encore cette année.\n\nLire aussi : Zitoun visite Agadir\n\nLes travaux avancent."
    )
    add(archive, article(1, body=body))
    assert archive.search("Zitoun").total == 0
    assert "Zitoun" not in archive.search("port").hits[0].snippet
    assert "Zitoun" in archive.article("a1").body


def test_the_lock_is_free_after_its_process_dies(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    code = (
        "import os, sys; from pathlib import Path; from kashaf.index.lock import WriterLock;"
        "WriterLock(Path(sys.argv[1])).__enter__(); os._exit(1)"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], check=False)
    with WriterLock(path):
        pass
