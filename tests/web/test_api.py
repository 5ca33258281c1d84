"""The JSON interface: one answer shape, exact counts, strict parameters, writes behind a token."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from kashaf.search.request import VALUE_FACETS


def ask(client: FlaskClient, path: str = "/api/v1/search", **query: Any) -> dict[str, Any]:
    response = client.get(path, query_string={name.rstrip("_"): value for name, value in query.items()})
    assert response.status_code == 200, response.text
    assert response.content_type == "application/json"
    body: dict[str, Any] = response.get_json()
    return body


def ids(answer: dict[str, Any]) -> set[str]:
    return {hit["id"] for hit in answer["hits"]}


def test_the_members_of_an_answer(client: FlaskClient) -> None:
    answer = ask(client, q="bibliothèque")
    beside = {"query", "total", "folded", "page", "size", "cursor", "took_ms", "partial", "generation"}
    assert set(answer) == {*beside, "hits", "facets", "links"}
    assert answer["query"] == {"q": "bibliothèque", "understood": "bibliothèque", "warnings": [], "did_you_mean": None}
    [hit] = answer["hits"]
    assert hit["id"] == "bibliotheque"
    assert hit["published"], hit["published_from"] == ("2026-02-02", "text")
    assert {person["label"] for person in hit["persons"]} == {"Salma Idrissi", "Karim Belhaj"}
    assert set(answer["facets"]) == {*VALUE_FACETS, "date"}
    assert answer["facets"]["date"]["buckets"] == [{"key": "2026-02", "count": 1, "selected": False}]


def test_marks_are_ranges_of_the_original_text(client: FlaskClient) -> None:
    [hit] = ask(client, q="bibliothèque")["hits"]
    for passage in (hit["highlight"]["headline"], *hit["highlight"]["body"]):
        marked = [passage["text"][start:end].lower() for start, end in passage["marks"]]
        assert set(marked) <= {"bibliothèque"}
    assert hit["highlight"]["headline"]["marks"] == [[3, 15]]


@pytest.mark.parametrize("name", ["Idrissi", "الإدريسي", "سلمى الإدريسي"])
def test_a_name_is_found_in_both_scripts(client: FlaskClient, name: str) -> None:
    assert {"bibliotheque", "ar-0"} <= ids(ask(client, q=name))


@pytest.mark.parametrize("facet", VALUE_FACETS)
def test_a_bucket_returns_what_it_counted(client: FlaskClient, facet: str) -> None:
    for bucket in ask(client, size=0)["facets"][facet]:
        assert ask(client, **{facet: bucket["id"]})["total"] == bucket["count"], bucket


def test_dates_and_undated_add_up(client: FlaskClient) -> None:
    dates = ask(client, size=0, interval="year")["facets"]["date"]
    assert ask(client, undated="true")["total"] == dates["undated"] == 2
    assert sum(bucket["count"] for bucket in dates["buckets"]) + dates["undated"] == ask(client)["total"]
    for bucket in dates["buckets"]:
        assert ask(client, from_=bucket["key"], to=bucket["key"])["total"] == bucket["count"]


def test_values_widen_a_facet_and_facets_narrow(client: FlaskClient) -> None:
    french = ask(client, language="fr")["total"]
    both = ask(client, language=["fr", "ar"])["total"]
    assert both == french + ask(client, language="ar")["total"]
    assert ask(client, language=["fr", "ar"], section="Culture")["total"] == 1


def test_exclusion(client: FlaskClient) -> None:
    everything = ask(client)["total"]
    assert ask(client, exclude_language="ar")["total"] == everything - ask(client, language="ar")["total"]


def test_pages_and_cursors_list_the_same_articles(client: FlaskClient) -> None:
    whole = [hit["id"] for hit in ask(client, size=100)["hits"]]
    by_page = [hit["id"] for page in (1, 2, 3, 4) for hit in ask(client, size=5, page=page)["hits"]]
    by_cursor, cursor = [], None
    while True:
        answer = ask(client, size=5, **({"cursor": cursor} if cursor else {}))
        by_cursor += [hit["id"] for hit in answer["hits"]]
        if (cursor := answer["cursor"]) is None:
            break
    assert whole == by_page == by_cursor
    assert len(set(whole)) == len(whole) == 16


def test_links_lead_on(client: FlaskClient) -> None:
    response = client.get("/api/v1/search?q=port&size=2")
    links = response.get_json()["links"]
    assert links["next"] == "/api/v1/search?q=port&size=2&page=2"
    assert response.headers["Link"] == f'<{links["next"]}>; rel="next"'
    for link in (links["self"], links["next"], links["feed"], *links["export"].values()):
        assert client.get(link).status_code == 200
    assert ask(client, q="bibliothèque")["links"]["next"] is None


def test_facets_can_be_chosen(client: FlaskClient) -> None:
    assert set(ask(client, facets="person,date")["facets"]) == {"person", "date"}


def test_an_article(client: FlaskClient) -> None:
    article = ask(client, "/api/v1/articles/bibliotheque")
    assert article["body"].startswith("Menu Accueil")
    assert article["ignored"][0] == {"start": 0, "end": 26, "reason": "menu"}
    assert {one["label"] for one in article["entities"]["persons"]} == {"Salma Idrissi", "Karim Belhaj"}
    for mention in article["persons"]:
        assert article[mention["field"]][mention["start"] : mention["end"]] == mention["text"]


def test_similar_articles(client: FlaskClient) -> None:
    hits = ask(client, "/api/v1/articles/port-1/similar", size=3)["hits"]
    assert len(hits) == 3 and all(hit["id"].startswith("port-") for hit in hits)


def test_search_inside_a_facet_by_any_spelling(client: FlaskClient) -> None:
    for prefix in ("salma", "Idrissi", "الإدريسي"):
        buckets = ask(client, "/api/v1/facets/person", prefix=prefix)["buckets"]
        assert "Salma Idrissi" in {label for bucket in buckets for label in bucket["labels"].values()}, prefix
    [bucket] = ask(client, "/api/v1/facets/source", prefix="courrier")["buckets"]
    assert bucket["label"] == "Le Courrier de Tamara"


def test_an_entity(client: FlaskClient) -> None:
    entity_id = ask(client, "/api/v1/facets/person", prefix="Salma Idrissi")["buckets"][0]["id"]
    entity = ask(client, f"/api/v1/entities/{entity_id}")
    assert entity["kind"] == "person" and entity["articles"] == 4
    assert {variant["name"] for variant in entity["variants"]} >= {"Salma Idrissi", "سلمى الإدريسي"}
    assert entity_id not in {other["id"] for other in entity["with_persons"]}
    assert entity["with_persons"][0]["count"] == 4  # Karim Belhaj, in all four


def test_suggestions(client: FlaskClient) -> None:
    suggestions = ask(client, "/api/v1/suggest", q="salma")["suggestions"]
    assert suggestions[0]["kind"] == "person" and suggestions[0]["id"]


def test_not_modified_until_something_is_written(writable: FlaskClient, bearer: dict[str, str]) -> None:
    first = writable.get("/api/v1/search?q=port")
    again = {"If-None-Match": first.headers["ETag"]}
    assert writable.get("/api/v1/search?q=port", headers=again).status_code == 304
    assert writable.get("/api/v1/search?q=quai", headers=again).status_code == 200
    writable.post("/api/v1/articles", json={"headline": "Un autre port"}, headers=bearer)
    changed = writable.get("/api/v1/search?q=port", headers=again)
    assert changed.status_code == 200 and changed.get_json()["total"] == 2


def test_writing(writable: FlaskClient, bearer: dict[str, str]) -> None:
    sent = {"id": "neuf", "headline": "Le phare rouvre", "body": "Le gardien est revenu.", "persons": ["Ali Ziani"]}
    created = writable.post("/api/v1/articles", json=sent, headers=bearer)
    assert (created.status_code, created.get_json()["id"]) == (201, "neuf")
    assert writable.get(created.headers["Location"]).get_json()["headline"] == "Le phare rouvre"
    assert ids(ask(writable, q="phare")) == {"neuf"}
    assert (
        writable.post("/api/v1/articles", json={**sent, "headline": "Le phare ferme"}, headers=bearer).status_code
        == 201
    )
    assert ask(writable, q="phare")["total"] == 1
    assert writable.delete("/api/v1/articles/neuf", headers=bearer).status_code == 204
    assert writable.get("/api/v1/articles/neuf").status_code == 404
    assert writable.delete("/api/v1/articles/neuf", headers=bearer).status_code == 404


@pytest.mark.parametrize(
    "rule, sent",
    [
        ("nothing to read", {"body": "  "}),
        ("unknown member", {"headline": "a", "heading": "b"}),
        ("half a surrogate pair", {"headline": "a \ud800"}),
        ("not a date", {"headline": "a", "published": "2026-02-31"}),
        ("not text", {"headline": 5}),
        ("not an object", ["a"]),
        ("too many names", {"headline": "a", "persons": ["x"] * 257}),
        ("too long an id", {"headline": "a", "id": "x" * 257}),
    ],
)
def test_articles_that_cannot_be_taken_in(
    writable: FlaskClient, bearer: dict[str, str], rule: str, sent: object
) -> None:
    response = writable.post("/api/v1/articles", json=sent, headers=bearer)
    assert response.status_code == 422, (rule, response.text)
    assert response.get_json()["type"] in ("/problems/invalid-parameter", "/problems/invalid-article")


def test_no_other_origin_is_let_in(client: FlaskClient) -> None:
    response = client.get("/api/v1/search", headers={"Origin": "https://elsewhere.example"})
    assert not [name for name in response.headers.keys() if name.startswith("Access-Control")]
