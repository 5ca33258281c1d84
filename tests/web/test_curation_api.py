"""Deciding about persons and organisations over the JSON interface."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from kashaf.index.article import Article
from kashaf.search.archive import open_archive
from kashaf.web import create_app
from kashaf.web.settings import Settings, token_digest
from tests.web.conftest import TOKEN, organisations, persons

Json = dict[str, Any]
WRITES = [
    ("POST", "/entities/p1/merge"),
    ("POST", "/entities/p1/split"),
    ("POST", "/entities/p1/label"),
    ("POST", "/entities/p1/wikidata"),
    ("POST", "/entities/p1/note"),
    ("POST", "/entities/p1/reject"),
    ("POST", "/entities/p1/restore"),
    ("GET", "/curation/log"),
    ("POST", "/curation/log/1/undo"),
    ("GET", "/curation/suggestions"),
    ("POST", "/curation/suggestions/p1-p2/accept"),
    ("POST", "/curation/suggestions/p1-p2/refuse"),
    ("GET", "/curation/decisions"),
    ("POST", "/curation/decisions"),
]


class Desk:
    """The interface as somebody with the token uses it."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.headers = {"Authorization": f"Bearer {TOKEN}"}

    def get(self, path: str) -> Json:
        answer = self.client.get(f"/api/v1{path}", headers=self.headers)
        assert answer.status_code == 200, answer.text
        found: Json = answer.get_json()
        return found

    def post(self, path: str, body: object = None, status: int = 200) -> Json:
        answer = self.client.post(f"/api/v1{path}", json=body, headers=self.headers)
        assert answer.status_code == status, answer.text
        found: Json = answer.get_json()
        return found

    def id(self, name: str, kind: str = "person") -> str:
        """Who has a name."""
        found: str = self.get(f"/entities?q={name}&kind={kind}")["entities"][0]["id"]
        return found

    def facet(self) -> dict[str, int]:
        """The persons of the archive and their articles."""
        found = self.client.get("/api/v1/search?facets=person&facet_size=100").get_json()["facets"]["person"]
        return {bucket["label"]: bucket["count"] for bucket in found}


@pytest.fixture
def desk(tmp_path: Any) -> Desk:
    with open_archive(tmp_path / "desk", create=True) as archive, archive.writer() as writer:
        for number, (person, organisation) in enumerate(
            (
                ("Mohamed Setri", "Office des ports"),
                ("Mohamed Setri", "Office des ports"),
                ("Samir Nouri", "Office des ports"),
                ("Nadia Roussel", "Banque du Rivage"),
            )
        ):
            writer.add(
                Article(
                    id=f"a{number}",
                    headline=f"Nouvelle {number}",
                    body=f"Un texte {number}.",
                    language="fr",
                    published=f"2026-02-0{number + 1}",
                    persons=persons(person),
                    organisations=organisations(organisation),
                )
            )
    return Desk(create_app(Settings(archive=tmp_path / "desk", token_sha256=token_digest(TOKEN))).test_client())


def test_a_merge_is_seen_at_once_and_undone(desk: Desk) -> None:
    one, other = desk.id("Mohamed Setri"), desk.id("Samir Nouri")
    assert desk.facet() == {"Mohamed Setri": 2, "Samir Nouri": 1, "Nadia Roussel": 1}
    decided = desk.post(f"/entities/{one}/merge", {"with": [other]})
    assert decided["decision"]["verb"] == "merge" and decided["decision"]["entities"] == [one, other]
    assert [entity["articles"] for entity in decided["entities"]] == [3]
    assert desk.facet() == {"Mohamed Setri": 3, "Nadia Roussel": 1}
    assert desk.get(f"/entities/{other}")["id"] == one
    undone = desk.post(f"/curation/log/{decided['decision']['number']}/undo")
    assert undone["decision"]["undone"] and [entity["id"] for entity in undone["entities"]] == [one, other]
    assert desk.facet() == {"Mohamed Setri": 2, "Samir Nouri": 1, "Nadia Roussel": 1}


def test_every_kind_of_decision(desk: Desk) -> None:
    one, other = desk.id("Mohamed Setri"), desk.id("Samir Nouri")
    desk.post(f"/entities/{one}/merge", {"with": [other]})
    apart = desk.post(f"/entities/{one}/split", {"names": ["Samir Nouri"]})
    assert [entity["label"] for entity in apart["entities"]] == ["Mohamed Setri", "Samir Nouri"]
    labelled = desk.post(f"/entities/{one}/label", {"language": "ar", "label": "محمد ستري"})["entities"][0]
    assert labelled["labels"]["ar"] == labelled["pinned"]["ar"] == "محمد ستري"
    assert desk.post(f"/entities/{one}/label", {"language": "ar", "label": None})["entities"][0]["pinned"] == {}
    assert desk.post(f"/entities/{one}/wikidata", {"wikidata": "Q42"})["entities"][0]["wikidata"] == "Q42"
    assert desk.post(f"/entities/{one}/note", {"note": "ambassadeur"})["entities"][0]["note"] == "ambassadeur"
    again = desk.post(f"/entities/{one}/note", {"note": "ambassadeur"})
    assert again == {"decision": None, "entities": []}
    assert desk.post(f"/entities/{one}/reject")["entities"] == []
    assert "Mohamed Setri" not in desk.facet()
    assert desk.client.get(f"/api/v1/entities/{one}").status_code == 404
    assert desk.post(f"/entities/{one}/restore")["entities"][0]["note"] == "ambassadeur"
    assert desk.facet()["Mohamed Setri"] == 2
    log = desk.get(f"/curation/log?entity={one}")
    assert [each["verb"] for each in log["decisions"]] == [
        "restore",
        "reject",
        "note",
        "wikidata",
        "rename",
        "rename",
        "split",
        "merge",
    ]
    assert desk.get("/curation/log?size=2&page=2")["decisions"] == log["decisions"][2:4]


def test_any_decision_is_undone_as_long_as_none_rests_on_it(desk: Desk) -> None:
    one, other, third = desk.id("Mohamed Setri"), desk.id("Samir Nouri"), desk.id("Nadia Roussel")
    note = desk.post(f"/entities/{third}/note", {"note": "journaliste"})["decision"]["number"]
    merge = desk.post(f"/entities/{one}/merge", {"with": [other]})["decision"]["number"]
    again = desk.post(f"/entities/{one}/merge", {"with": [third]})["decision"]["number"]
    problem = desk.post(f"/curation/log/{merge}/undo", status=409)
    assert problem["type"] == "/problems/cannot-undo" and problem["reason"] == "later-decisions"
    assert desk.post(f"/curation/log/{note}/undo", status=409)["reason"] == "later-decisions"
    for number in (again, note, merge):
        desk.post(f"/curation/log/{number}/undo")
    assert desk.post(f"/curation/log/{merge}/undo", status=409)["reason"] == "undone-already"
    assert desk.post("/curation/log/99/undo", status=404)["type"] == "/problems/unknown-decision"
    assert desk.post(f"/curation/log/{1 << 70}/undo", status=404)["type"] == "/problems/unknown-decision"


def test_what_cannot_be_decided(desk: Desk) -> None:
    one, office = desk.id("Mohamed Setri"), desk.id("Office", "organisation")
    other = desk.id("Samir Nouri")
    before = desk.get("/curation/log")
    cases: list[tuple[str, object, int, str]] = [
        (f"/entities/{one}/merge", {"with": [office]}, 409, "kinds-differ"),
        (f"/entities/{one}/merge", {"with": [one]}, 409, "too-few"),
        (f"/entities/{one}/merge", {"with": ["p999"]}, 404, "unknown-entity"),
        (f"/entities/{one}/merge", {"with": ["nobody"]}, 422, "invalid-parameter"),
        (f"/entities/{one}/merge", {"with": []}, 422, "invalid-parameter"),
        (f"/entities/{one}/merge", {"whit": [other]}, 422, "invalid-parameter"),
        (f"/entities/{one}/split", {"names": ["Mohamed Setri"]}, 409, "all-or-none"),
        (f"/entities/{one}/split", {"names": ["Autre"]}, 409, "not-its-name"),
        (f"/entities/{one}/label", {"language": "en", "label": "X"}, 422, "invalid-parameter"),
        (f"/entities/{one}/label", {"language": "fr", "label": "\u202e"}, 422, "invalid-parameter"),
        (f"/entities/{one}/label", {"language": "fr", "label": "x" * 201}, 422, "invalid-parameter"),
        (f"/entities/{one}/wikidata", {"wikidata": "42"}, 422, "invalid-parameter"),
        (f"/entities/{one}/note", {"note": "..."}, 422, "invalid-parameter"),
        (f"/entities/{one}/note", {}, 422, "invalid-parameter"),
        (f"/entities/{one}/restore", None, 409, "not-rejected"),
        ("/entities/p999/reject", None, 404, "unknown-entity"),
        ("/entities/%2e%2e/reject", None, 404, "unknown-entity"),
        (f"/curation/suggestions/{one}-{office}/refuse", None, 409, "kinds-differ"),
        (f"/curation/suggestions/{one}-{one}/refuse", None, 409, "same-entity"),
        ("/curation/suggestions/p1/accept", None, 404, "unknown-entity"),
    ]
    for path, body, status, what in cases:
        problem = desk.post(path, body, status)
        assert what in (problem["type"].rpartition("/")[2], problem.get("reason")), (path, problem)
    assert desk.get("/curation/log") == before
    desk.post(f"/entities/{one}/wikidata", {"wikidata": "Q42"})
    assert desk.post(f"/entities/{other}/wikidata", {"wikidata": "Q42"}, 409)["reason"] == "wikidata-taken"


def test_undo_never_gives_one_wikidata_id_to_two(desk: Desk) -> None:
    one, other = desk.id("Mohamed Setri"), desk.id("Samir Nouri")
    first = desk.post(f"/entities/{one}/wikidata", {"wikidata": "Q42"})["decision"]["number"]
    gone = desk.post(f"/entities/{one}/wikidata", {"wikidata": None})["decision"]["number"]
    desk.post(f"/entities/{other}/wikidata", {"wikidata": "Q42"})
    assert desk.post(f"/curation/log/{gone}/undo", status=409)["reason"] == "wikidata-taken"
    assert desk.get(f"/entities/{one}")["wikidata"] is None
    assert desk.post(f"/curation/log/{first}/undo", status=409)["reason"] == "later-decisions"


def test_suggestions_are_accepted_and_refused(desk: Desk) -> None:
    with open_archive(desk.client.application.extensions["kashaf"].settings.archive) as archive:
        with archive.writer() as writer:
            for number, name in enumerate(("Karim Belhaj Amrani", "Karim Belhadj")):
                writer.add(
                    Article(
                        id=f"b{number}",
                        headline=f"Karim {number}",
                        body="x",
                        language="fr",
                        persons=persons(name),
                        organisations=organisations("Port de Tamara"),
                    )
                )
    found = desk.get("/curation/suggestions?kind=person")["suggestions"]
    pair = next(each for each in found if "Belh" in each["entities"][0]["label"])
    assert pair["for"] and pair["missing"] and 0 < pair["likeness"] <= 1
    decided = desk.post(f"/curation/suggestions/{pair['id']}/refuse")["decision"]
    left = [each["id"] for each in desk.get("/curation/suggestions")["suggestions"]]
    assert pair["id"] not in left
    desk.post(f"/curation/log/{decided['number']}/undo")
    assert pair["id"] in [each["id"] for each in desk.get("/curation/suggestions")["suggestions"]]
    merged = desk.post(f"/curation/suggestions/{pair['id']}/accept")
    assert merged["entities"][0]["articles"] == 2
    assert pair["id"] not in [each["id"] for each in desk.get("/curation/suggestions")["suggestions"]]


def test_decisions_go_out_as_a_file_and_come_back(desk: Desk) -> None:
    one, other = desk.id("Mohamed Setri"), desk.id("Samir Nouri")
    desk.post(f"/entities/{one}/merge", {"with": [other]})
    exported = desk.client.get("/api/v1/curation/decisions", headers=desk.headers)
    assert exported.mimetype == "application/x-ndjson"
    assert exported.headers["Content-Disposition"] == 'attachment; filename="decisions.jsonl"'
    desk.post("/curation/log/1/undo")

    def bring(content: bytes, status: int) -> Json:
        headers = {**desk.headers, "Content-Type": "application/x-ndjson"}
        answer = desk.client.post("/api/v1/curation/decisions", data=content, headers=headers)
        assert answer.status_code == status, answer.text
        found: Json = answer.get_json()
        return found

    brought = bring(exported.data, 200)
    assert brought["lines"] == 1 and brought["decision"]["verb"] == "import"
    assert desk.facet() == {"Mohamed Setri": 3, "Nadia Roussel": 1}
    assert bring(exported.data, 200)["decision"] is None
    desk.post(f"/curation/log/{brought['decision']['number']}/undo")
    assert desk.facet()["Mohamed Setri"] == 2
    bad = exported.data + b'{"kind": "person", "names": ["Samir Nouri"]}\n'
    problem = bring(bad, 422)
    assert problem["type"] == "/problems/unreadable-decisions" and "line 3" in problem["detail"]
    assert bring(b"", 422) and bring(b"\xff", 422) and bring(b'{"kashaf": "decisions", "version": 9}', 422)
    answer = desk.client.post("/api/v1/curation/decisions", data=b"{}", headers=desk.headers)
    assert answer.status_code == 415


@pytest.mark.parametrize("method, path", WRITES)
def test_nobody_decides_without_the_token(desk: Desk, method: str, path: str) -> None:
    before = desk.facet()
    for headers, status in (
        ({}, 401),
        ({"Authorization": "Bearer wrong"}, 401),
        ({"Authorization": f"Basic {TOKEN}"}, 401),
        ({"Cookie": f"kashaf_curator={TOKEN}"}, 401),
    ):
        answer = desk.client.open(
            f"/api/v1{path}", method=method, headers=headers, json={} if method == "POST" else None
        )
        assert answer.status_code == status and "WWW-Authenticate" in answer.headers
    assert desk.facet() == before
    # An answer to one who has the token is kept for nobody else.
    if method == "GET":
        kept = desk.client.get(f"/api/v1{path}", headers=desk.headers)
        assert kept.status_code == 200 and "ETag" not in kept.headers and kept.headers["Cache-Control"] == "no-store"
        assert desk.client.get(f"/api/v1{path}").status_code == 401


def test_where_writing_is_off_nothing_is_decided(client: FlaskClient) -> None:
    for method, path in WRITES:
        assert client.open(f"/api/v1{path}", method=method).status_code == 403


def test_entities_are_listed_and_found(desk: Desk) -> None:
    listed = desk.get("/entities?kind=person&size=2")
    assert listed["total"] == 3 and [each["label"] for each in listed["entities"]][0] == "Mohamed Setri"
    following = desk.client.get(listed["next"]).get_json()
    assert len(following["entities"]) == 1 and following["next"] is None
    assert {each["kind"] for each in desk.get("/entities?size=100")["entities"]} == {"person", "organisation"}
    assert [each["label"] for each in desk.get("/entities?q=ستري")["entities"]] == ["Mohamed Setri"]
    assert desk.get("/entities?q=nobody-at-all")["total"] == 0
    assert desk.client.get("/api/v1/entities?kind=place").status_code == 422
    assert desk.client.get("/api/v1/entities?page=0").status_code == 422
