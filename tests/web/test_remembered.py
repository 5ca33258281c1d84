"""Answers are given again while they hold, and not a moment longer."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from kashaf.index.article import Article, Mention
from kashaf.search.archive import Archive, open_archive
from kashaf.web import create_app, serving
from kashaf.web.remembered import SHARE, Answers, Kept
from kashaf.web.settings import Settings

SALMA = Mention("person", "Salma Idrissi", "Salma Idrissi")
PATHS = ("/?q=phare", "/api/v1/search?q=phare", "/api/v1/suggest?q=pha", "/feed?q=phare", "/api/v1/facets/language")


def told(client: FlaskClient, path: str, **headers: str) -> tuple[str, object]:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200
    own = {name: value for name, value in answer.headers.items() if name not in ("X-Request-ID", "Date")}
    return answer.text, own


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Archive:
    """An archive of one article, which this process and a server have open."""
    monkeypatch.setattr(serving, "REFRESH_SECONDS", 0.0)
    opened = open_archive(tmp_path / "a", create=True)
    with opened.writer() as writer:
        writer.add(Article(id="un", headline="Le phare", body="Il rouvre.", language="fr", persons=(SALMA,)))
    return opened


@pytest.mark.parametrize("path", PATHS)
def test_the_same_answer_is_given_again(archive: Archive, path: str) -> None:
    client = create_app(Settings(archive=archive.folder)).test_client()
    assert told(client, path) == told(client, path)  # the time it took included


def test_each_language_and_each_address_has_its_own(archive: Archive) -> None:
    client = create_app(Settings(archive=archive.folder)).test_client()
    french, arabic = (told(client, "/?q=phare", Accept_Language=language)[0] for language in ("fr", "ar"))
    assert 'lang="fr"' in french and '<html lang="ar"' in arabic
    assert told(client, "/?q=phare", Accept_Language="fr")[0] == french
    assert "https://localhost/" in client.get("/feed?q=phare", base_url="https://localhost").text
    assert "https://localhost/" not in client.get("/feed?q=phare").text


def test_the_language_asked_for_is_remembered_by_the_browser_each_time(archive: Archive) -> None:
    for _ in range(2):
        client = create_app(Settings(archive=archive.folder)).test_client()
        for _ in range(2):
            assert "kashaf_lang=ar" in client.get("/?q=phare&lang=ar").headers["Set-Cookie"]


def test_a_commit_is_seen_at_once(archive: Archive) -> None:
    client = create_app(Settings(archive=archive.folder)).test_client()
    before = [told(client, path)[0] for path in PATHS]
    with archive.writer() as writer:
        writer.add(Article(id="deux", headline="Le phare encore", body="Il brille.", language="fr"))
    assert client.get("/api/v1/search?q=phare").get_json()["total"] == 2
    for path in ("/?q=phare", "/feed?q=phare"):
        assert "/articles/deux" in told(client, path)[0]
    with archive.writer() as writer:
        writer.delete("deux")
    assert [told(client, path)[0] for path in PATHS[3:]] == before[3:]
    assert client.get("/api/v1/search?q=phare").get_json()["total"] == 1


def test_a_decision_about_a_name_is_seen_at_once(archive: Archive) -> None:
    client = create_app(Settings(archive=archive.folder)).test_client()
    [person] = client.get("/api/v1/search").get_json()["facets"]["person"]
    assert "Salma Idrissi" in told(client, "/")[0]
    with archive.curate() as authority:
        authority.rename(person["id"], "fr", "Salma Alaoui")
    assert "Salma Alaoui" in told(client, "/")[0]
    assert client.get("/api/v1/search").get_json()["facets"]["person"][0]["labels"]["fr"] == "Salma Alaoui"


def test_partial_answers_and_refusals_are_not_kept(archive: Archive) -> None:
    app = create_app(Settings(archive=archive.folder, budget=0.0))
    client = app.test_client()
    for path in ("/?q=phare", "/api/v1/search?q=phare"):
        response = client.get(path)
        assert response.headers["Cache-Control"] == "no-store" and "ETag" not in response.headers
    assert client.get("/api/v1/search?colour=1").status_code == 422
    assert len(app.extensions["kashaf"].answers) == 0


def test_nothing_is_kept_without_room(archive: Archive) -> None:
    app = create_app(Settings(archive=archive.folder, remembered=0))
    for path in PATHS:
        told(app.test_client(), path)
    assert len(app.extensions["kashaf"].answers) == 0


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 12)), max_size=60))
def test_room_is_never_passed(asked: list[tuple[str, int]]) -> None:
    room = 8 * SHARE
    answers = Answers(room)
    last: list[tuple[str, int]] = []  # as it should be, the latest last
    for key, size in asked:
        found = answers.find(key)
        known = dict(last)
        assert (None if found is None else len(found.body)) == known.get(key)
        if found is not None:
            last.remove((key, known[key]))
            last.append((key, known[key]))
        elif size * SHARE <= room:
            answers.keep(key, Kept(b"x" * size, ()))
            last.append((key, size))
            while sum(n for _, n in last) > room:
                last.pop(0)
    assert len(answers) == len(last)
