"""Every error of the interface is problem details, its kind has a page, and it says what to do."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kashaf.web.problem_kinds import PROBLEMS

SEARCH = "/api/v1/search"
ARTICLES = "/api/v1/articles"
FILTERS = ["source", "section", "language", "exclude_source", "exclude_section", "exclude_language"]


def problem(response: Any, status: int, name: str) -> dict[str, Any]:
    assert (response.status_code, response.content_type) == (status, "application/problem+json"), response.text
    body: dict[str, Any] = response.get_json()
    assert body["type"] == f"/problems/{name}"
    assert body["status"] == status
    assert body["title"] and body["detail"] and body["request_id"] == response.headers["X-Request-ID"]
    return body


@pytest.mark.parametrize(
    "query, named, told",
    [
        ("form=2020", "form", "Did you mean from?"),
        ("Q=port", "Q", ""),
        ("q=a&q=b", "q", "several times"),
        ("page=1&page=2", "page", "several times"),
        ("size=0&page=0", "page", "1 or more"),
        ("page=-1", "page", "plain digits"),
        ("page=1e3", "page", "plain digits"),
        ("page=NaN", "page", "plain digits"),
        ("page=%20" + "1", "page", "plain digits"),
        ("page=1_0", "page", "plain digits"),
        ("page=", "page", "plain digits"),
        ("page=١", "page", "plain digits"),
        ("from=2026-13", "from", "is not a date"),
        ("from=zzzz", "from", "is not a date"),
        ("to=2026-02-30", "to", "is not a date"),
        ("from=", "from", "is not a date"),
        ("sort=best", "sort", "Must be one of"),
        ("match=all", "match", "Must be one of"),
        ("facets=person,colour", "facets", "Must be one of"),
        ("undated=perhaps", "undated", "boolean"),
        ("undated=TRUE", "undated", "boolean"),
    ],
)
def test_a_parameter_that_cannot_be_used_is_named(client: FlaskClient, query: str, named: str, told: str) -> None:
    body = problem(client.get(f"{SEARCH}?{query}"), 422, "invalid-parameter")
    [error] = body["errors"]
    assert error["parameter"] == named
    assert told in error["reason"]
    assert named in body["detail"]


@pytest.mark.parametrize(
    "path", [f"{ARTICLES}/port-1", "/api/v1/suggest?q=a", "/api/v1/facets/person", f"{ARTICLES}/port-1/similar"]
)
def test_unknown_parameters_are_refused_everywhere(client: FlaskClient, path: str) -> None:
    mark = "&" if "?" in path else "?"
    assert problem(client.get(f"{path}{mark}colour=1"), 422, "invalid-parameter")["errors"][0]["parameter"] == "colour"


@pytest.mark.parametrize(
    "query, limit, allowed, got",
    [
        ({"q": "é" * 1001}, "query characters", 1000, 1001),
        ({"size": 101}, "size", 100, 101),
        ({"page": 101, "size": 100}, "page * size", 10_000, 10_100),
        ({"page": 10**12}, "page * size", 10_000, 10**13),
        ({"facet_size": 1001}, "facet_size", 1000, 1001),
        (
            {**{name: ["a"] * 43 for name in FILTERS[:5]}, FILTERS[5]: ["a"] * 42},
            "filter values",
            256,
            257,
        ),
    ],
)
def test_limits_are_named_and_their_edge_is_inside(
    client: FlaskClient, query: dict[str, Any], limit: str, allowed: int, got: int
) -> None:
    body = problem(client.get(SEARCH, query_string=query), 422, "over-limit")
    assert (body["limit"], body["allowed"], body["got"]) == (limit, allowed, got)


@pytest.mark.parametrize("query", [{"q": "é" * 1000}, {"size": 100, "page": 100}, {"facet_size": 1000}])
def test_the_limit_itself_is_allowed(client: FlaskClient, query: dict[str, Any]) -> None:
    assert client.get(SEARCH, query_string=query).status_code == 200


def test_a_query_of_too_many_clauses(client: FlaskClient) -> None:
    body = problem(client.get(SEARCH, query_string={"q": "a " * 400}), 422, "over-limit")
    assert body["allowed"] == 256


@pytest.mark.parametrize("raw", ["q=%ff", "q=caf%E9", "q=%ed%a0%80", "%c0%af=1", "q=%f4%90%80%80"])
def test_what_is_not_utf8(client: FlaskClient, raw: str) -> None:
    problem(client.get(f"{SEARCH}?{raw}"), 400, "malformed")


def test_unknown_things(client: FlaskClient) -> None:
    problem(client.get(f"{ARTICLES}/nothing"), 404, "unknown-article")
    problem(client.get(f"{ARTICLES}/nothing/similar"), 404, "unknown-article")
    problem(client.get("/api/v1/entities/p999999"), 404, "unknown-entity")
    problem(client.get("/api/v1/entities/%C3%A9"), 404, "unknown-entity")
    problem(client.get("/api/v1/facets/colour"), 404, "not-found")
    problem(client.get("/api/v1/nothing"), 404, "not-found")
    problem(client.get("/api/v2/search"), 404, "not-found")


def test_methods(client: FlaskClient) -> None:
    response = client.put(SEARCH)
    problem(response, 405, "method-not-allowed")
    assert "GET" in response.headers["Allow"]


@pytest.mark.parametrize("cursor", ["x", "AAAA", "é", "e30=", "\x00"])
def test_a_forged_cursor(client: FlaskClient, cursor: str) -> None:
    problem(client.get(SEARCH, query_string={"cursor": cursor}), 410, "cursor-gone")


def test_the_cursor_of_another_query(client: FlaskClient) -> None:
    cursor = client.get(f"{SEARCH}?q=port&size=2").get_json()["cursor"]
    problem(client.get(SEARCH, query_string={"q": "quai", "size": 2, "cursor": cursor}), 410, "cursor-gone")


def test_too_long_an_address(client: FlaskClient) -> None:
    problem(client.get(f"{SEARCH}?source={'x' * 9000}"), 414, "address-too-long")


def test_writing_is_off_unless_configured(client: FlaskClient, bearer: dict[str, str]) -> None:
    for token in ({}, bearer):
        problem(client.post(ARTICLES, json={"headline": "a"}, headers=token), 403, "writes-off")
        problem(client.delete(f"{ARTICLES}/port-1", headers=token), 403, "writes-off")


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic {}", "{}"])
def test_without_a_token(writable: FlaskClient, token: str, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header.format(token)}
    response = writable.delete(f"{ARTICLES}/port-1", headers=headers)
    problem(response, 401, "token-needed")
    assert response.headers["WWW-Authenticate"].startswith("Bearer ")


@pytest.mark.parametrize("wrong", ["{}x", "x{}", "é{}", "0" * 64, "x" * 5000])
def test_with_the_wrong_token(writable: FlaskClient, token: str, wrong: str) -> None:
    sent = f"Bearer {wrong.format(token)}".encode().decode("latin-1")
    response = writable.delete(f"{ARTICLES}/port-1", headers={"Authorization": sent})
    problem(response, 401, "token-wrong")
    assert 'error="invalid_token"' in response.headers["WWW-Authenticate"]
    assert token not in response.text
    assert writable.get(f"{ARTICLES}/port-1").status_code == 200


def test_bodies(writable: FlaskClient, bearer: dict[str, str]) -> None:
    plain = writable.post(ARTICLES, data='{"headline": "a"}', headers=bearer, content_type="text/plain")
    problem(plain, 415, "unsupported-media-type")
    for broken in ('{"headline": ', "", '{"headline": "\xff"}'.encode("latin-1"), b"\x80"):
        problem(writable.post(ARTICLES, data=broken, headers=bearer, content_type="application/json"), 400, "malformed")


def test_too_large_a_body(writable: FlaskClient, bearer: dict[str, str]) -> None:
    writable.application.config["MAX_CONTENT_LENGTH"] = 1000
    sent = {"headline": "x" * 2000}
    problem(writable.post(ARTICLES, json=sent, headers=bearer), 413, "body-too-large")


def test_an_unforeseen_error_tells_nothing_of_the_server(archive_folder: Any) -> None:
    from kashaf.web import create_app

    app = create_app(archive_folder)

    @app.get("/api/v1/broken")
    def broken() -> str:
        raise RuntimeError("a secret of the server")

    body = problem(app.test_client().get("/api/v1/broken"), 500, "internal-error")
    assert "secret" not in str(body) and "Traceback" not in str(body)


@pytest.mark.parametrize("name", PROBLEMS)
@pytest.mark.parametrize("language", ["fr", "ar", "en"])
def test_every_kind_has_a_page(client: FlaskClient, name: str, language: str) -> None:
    response = client.get(f"/problems/{name}?lang={language}")
    assert response.status_code == 200 and name in response.text


def test_readers_get_a_page(client: FlaskClient) -> None:
    for path in ("/nothing", "/articles/nothing", "/entities/p999999", "/problems/nothing", "/facet/colour"):
        response = client.get(path)
        assert (response.status_code, response.mimetype) == (404, "text/html"), path
    long = client.get("/", query_string={"q": "a" * 1001})
    assert (long.status_code, long.mimetype) == (422, "text/html")
    assert "1\u202f001" in long.text


def test_every_route_of_the_interface_answers_problems(app: Flask) -> None:
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/v1"):
            path = re.sub("<[^>]+>", "x", rule.rule)
            assert client.patch(path).content_type == "application/problem+json", rule


REASONS = [
    ("/?q=" + "a" * 1001, 422, "1 001 caractères", "محارف الاستعلام 1,001", "1,001 characters"),
    ("/?q=" + "a+" * 400, 422, "trop de parties", "أجزاء الاستعلام", "too many parts"),
    ("/?size=101", 422, "100 articles", "المقالات في الصفحة 100", "at most 100 articles"),
    ("/?page=1001", 422, "numéro de page", "برقم الصفحة", "by page number"),
    ("/?" + "source=a&" * 51, 422, "51 valeurs", "القيم في العنوان 51", "51 values"),
    ("/?cursor=zzz", 410, "première page", "الصفحة الأولى", "first page"),
    ("/export.csv?colour=1", 422, "« colour »", "«colour»", "“colour”"),
]


@pytest.mark.parametrize("path, status, french, arabic, english", REASONS)
def test_readers_are_told_the_reason_in_their_language(
    client: FlaskClient, path: str, status: int, french: str, arabic: str, english: str
) -> None:
    for language, told in (("fr", french), ("ar", arabic), ("en", english)):
        response = client.get(path, headers={"Accept": "text/html", "Accept-Language": language})
        assert (response.status_code, response.mimetype) == (status, "text/html")
        [reason] = re.findall("<p data-reason>(.*?)</p>", response.text, re.DOTALL)
        assert told in re.sub("[\u00a0\u202f]", " ", reason), reason


def test_too_many_values_of_one_filter(client: FlaskClient) -> None:
    body = problem(client.get(SEARCH, query_string={"person": ["a"] * 51}), 422, "over-limit")
    assert (body["limit"], body["allowed"], body["got"]) == ("values of person", 50, 51)
    assert client.get(SEARCH, query_string={"person": ["a"] * 50}).status_code == 200


@pytest.mark.parametrize(
    "member, value",
    [
        ("language", "français moderne"),
        ("language", ""),
        ("language", "fr_FR"),
        ("url", "javascript:alert(1)"),
        ("url", "courrier.example/a"),
        ("url", "https://"),
        ("url", "https://a b"),
        ("persons", ["Salma Idrissi", " "]),
        ("organisations", [""]),
    ],
)
def test_articles_with_odd_values_are_refused(
    writable: FlaskClient, bearer: dict[str, str], member: str, value: object
) -> None:
    article = {"headline": "Le phare", "body": "Il rouvre.", member: value}
    body = problem(writable.post(ARTICLES, json=article, headers=bearer), 422, "invalid-parameter")
    assert [error["parameter"] for error in body["errors"]] == [member]


def test_articles_with_sound_values_are_taken(writable: FlaskClient, bearer: dict[str, str]) -> None:
    for number, (language, url) in enumerate((("zh-Hant-TW", "HTTPS://a.example/é?b=1#c"), ("ary", "http://[::1]/"))):
        article = {"headline": f"Le phare {number}", "body": "Il rouvre.", "language": language, "url": url}
        assert writable.post(ARTICLES, json=article, headers=bearer).status_code == 201
