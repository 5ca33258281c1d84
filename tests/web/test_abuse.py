"""Every abuse that was thought of, by number, with the tests that try it; the ones that no other file has are below.

The numbers are those of the threat list of the project: what reaches pages, feeds, exports, the JSON interface and the
server. `TRIED` is checked: a test that goes away takes its line with it.
"""

from __future__ import annotations

import gzip
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from kashaf.index.article import Article
from kashaf.search.archive import open_archive
from kashaf.web import create_app
from kashaf.web.settings import Settings, token_digest

TESTS = Path(__file__).parents[1]
TRIED = {
    "A-01 wildcards": (
        "web/test_hostile.py::test_hostile_queries",
        "web/test_abuse.py::test_a_pattern_stands_for_a_bounded_number_of_words",
    ),
    "A-02 long words and bodies": (
        "web/test_problems.py::test_too_long_an_address",
        "web/test_problems.py::test_too_large_a_body",
        "web/test_abuse.py::test_what_is_too_long_is_refused_at_once",
    ),
    "A-03 many alternatives": ("web/test_problems.py::test_a_query_of_too_many_clauses",),
    "A-04 nesting": (
        "web/test_hostile.py::test_hostile_queries",
        "search/test_syntax.py::test_depth_is_limited",
        "web/test_abuse.py::test_a_body_may_be_nested_as_it_likes",
    ),
    "A-05 numbers that are none": (
        "web/test_hostile.py::test_hostile_queries",
        "web/test_outgoing.py::test_json_has_no_nan",
        "web/test_abuse.py::test_no_number_of_a_body_is_a_server_error",
    ),
    "A-06 broken syntax": (
        "web/test_hostile.py::test_hostile_queries",
        "web/test_hostile.py::test_no_query_and_no_parameter_is_a_server_error",
    ),
    "A-07 pages and cursors": (
        "web/test_problems.py::test_a_parameter_that_cannot_be_used_is_named",
        "web/test_problems.py::test_limits_are_named_and_their_edge_is_inside",
        "web/test_problems.py::test_a_forged_cursor",
        "web/test_problems.py::test_the_cursor_of_another_query",
    ),
    "A-08 facets and filters": (
        "web/test_problems.py::test_limits_are_named_and_their_edge_is_inside",
        "web/test_problems.py::test_too_many_values_of_one_filter",
        "web/test_abuse.py::test_a_crowd_of_parameters",
    ),
    "A-09 a client that never stops": (
        "web/test_limits.py::test_too_many_requests_are_a_problem_that_says_when",
        "web/test_exports.py::test_a_few_exports_at_once_and_no_more",
        "test_server.py::test_workers_are_one_server",
    ),
    "A-10 malformed text": (
        "web/test_problems.py::test_what_is_not_utf8",
        "web/test_hostile.py::test_half_surrogates_in_an_address",
        "web/test_outgoing.py::test_any_text_can_be_written",
        "web/test_abuse.py::test_odd_letters_in_a_body",
    ),
    "A-11 directions": (
        "web/test_hostile.py::test_hostile_articles_are_inert_on_every_page",
        "web/test_exports.py::test_hostile_articles_do_not_turn_the_line",
        "test_logs.py::test_nothing_breaks_a_line",
        "index/test_reports.py::test_hostile_names_are_kept_harmless",
    ),
    "A-13 articles that are too much": ("web/test_abuse.py::test_an_article_may_be_too_much",),
    "A-14 ids": (
        "web/test_hostile.py::test_an_article_is_found_under_any_id",
        "web/test_hostile.py::test_an_id_that_would_change_on_its_way_is_refused",
        "web/test_abuse.py::test_ids_that_are_none",
    ),
    "A-15 bombs": ("web/test_abuse.py::test_nothing_that_is_sent_is_inflated",),
    "A-18 scripts": (
        "web/test_hostile.py::test_hostile_articles_are_inert_on_every_page",
        "web/test_feeds.py::test_hostile_articles_are_entries_like_others",
        "web/test_linked_data.py::test_hostile_articles_cannot_leave_the_data_block",
        "web/test_curation_pages.py::test_hostile_names_are_inert_on_every_page",
        "web/test_admin.py::test_the_page_tells_the_same_and_hostile_text_is_inert",
        "web/test_abuse.py::test_an_address_is_inert_on_the_page_that_refuses_it",
    ),
    "A-19 content security policy": (
        "web/test_browser.py::test_no_page_breaks_the_policy",
        "web/test_browser.py::test_hostile_articles_do_nothing",
    ),
    "A-20 cross-site requests": (
        "web/test_curation_pages.py::test_a_form_of_another_site_is_refused",
        "web/test_curation_pages.py::test_a_form_without_the_signature_of_the_session_is_refused",
        "web/test_cors.py::test_another_origin_may_not",
        "web/test_cors.py::test_nobody_else_may_write",
        "web/test_abuse.py::test_whatever_changes_something_asks_who_it_is",
        "web/test_abuse.py::test_a_session_of_the_pages_is_worth_nothing_to_the_interface",
    ),
    "A-21 paths": (
        "web/test_abuse.py::test_no_path_leaves_its_folder",
        "web/test_settings.py::test_files_that_are_none",
    ),
    "A-22 headers": (
        "web/test_abuse.py::test_nothing_that_is_sent_becomes_a_header",
        "web/test_hostile.py::test_request_ids_cannot_break_a_log_line",
    ),
    "A-23 redirects and hosts": (
        "web/test_hostile.py::test_redirects_and_hosts_are_not_the_callers_choice",
        "web/test_hostile.py::test_only_the_hosts_of_the_settings",
        "web/test_curation_pages.py::test_signing_in_leads_nowhere_else",
        "web/test_limits.py::test_who_the_client_is",
        "web/test_abuse.py::test_no_redirect_leads_elsewhere",
    ),
    "A-24 formulas": (
        "web/test_hostile.py::test_no_cell_is_a_formula",
        "web/test_exports.py::test_hostile_articles_run_nothing_in_a_spreadsheet",
    ),
    "A-25 references": (
        "web/test_hostile.py::test_a_record_of_ris_cannot_be_broken",
        "web/test_exports.py::test_hostile_articles_are_records_like_others",
        "web/test_exports.py::test_hostile_articles_are_cited_inertly",
    ),
    "A-26 requests of the server": ("web/test_alerts.py::test_the_servers_own_network_is_not_called",),
    "A-27 patterns": (
        "search/test_syntax.py::test_time_is_linear",
        "web/test_abuse.py::test_what_is_too_long_is_refused_at_once",
    ),
    "A-28 logs": (
        "test_logs.py::test_nothing_breaks_a_line",
        "test_logs.py::test_any_text_can_be_logged",
        "test_logs.py::test_a_value_cannot_look_like_another_field",
        "test_logs.py::test_a_megabyte_is_cut",
        "test_logs.py::test_queries_only_on_request_and_secrets_never",
        "test_server.py::test_every_line_of_the_log_is_json",
    ),
    "A-29 tokens": (
        "web/test_problems.py::test_without_a_token",
        "web/test_problems.py::test_with_the_wrong_token",
        "web/test_problems.py::test_writing_is_off_unless_configured",
        "web/test_limits.py::test_nobody_can_try_many_tokens",
        "web/test_curation_pages.py::test_a_wrong_token_is_told_and_cannot_be_guessed",
        "web/test_abuse.py::test_whatever_changes_something_asks_who_it_is",
        "web/test_settings.py::test_the_token_is_hashed_at_once_and_never_shown",
    ),
    "A-30 unknown parameters": (
        "web/test_problems.py::test_unknown_parameters_are_refused_everywhere",
        "web/test_exports.py::test_parameters_that_choose_nothing_are_refused",
        "web/test_feeds.py::test_parameters_that_choose_nothing_are_refused",
    ),
    "A-31 the protocol": ("test_server.py::test_garbage_of_the_protocol",),
    "A-33 files of others": ("web/test_settings.py::test_a_file_that_holds_something_else_is_refused",),
}


def test_every_test_of_the_table_is_there() -> None:
    missing = []
    for tests in TRIED.values():
        for test in tests:
            file, _, name = test.partition("::")
            if f"\ndef {name}(" not in (TESTS / file).read_text(encoding="utf-8"):
                missing.append(test)
    assert missing == []


ARTICLES = "/api/v1/articles"
CONTENT = {"Content-Type": "application/json"}


@pytest.mark.timeout(60)
def test_a_pattern_stands_for_a_bounded_number_of_words(client: FlaskClient) -> None:
    begun = time.process_time()
    for query in ("*", "?" * 200, "*a*", "a*", "titre:*", "a* b* c* d*", "a*b*c*d*e*f*g*h*", "?*?*?*?*?*?*"):
        answer = client.get("/api/v1/search", query_string={"q": query})
        assert answer.status_code == 200 or answer.get_json()["limit"]
    assert time.process_time() - begun < 10


@pytest.mark.timeout(60)
def test_what_is_too_long_is_refused_at_once(writable: FlaskClient, bearer: dict[str, str]) -> None:
    begun = time.process_time()
    for query in ("x" * 40_000, "token" * 1_590, "a=" * 3_000, "%41" * 2_000):
        assert writable.get(f"/api/v1/search?q={query}").status_code in (414, 422)
        assert writable.get(f"/?{query}{'&' * 1_000}").status_code in (200, 414, 422)
    for path in ("/articles/" + "x" * 7_000, "/" + "a/" * 3_000, "/entities/" + "p" * 7_000):
        assert writable.get(path).status_code in (404, 414)
    sent = json.dumps({"headline": "x", "body": "y", "id": "z" * 70_000})
    assert writable.post(ARTICLES, data=sent, headers={**bearer, **CONTENT}).status_code == 422
    assert time.process_time() - begun < 10


def test_a_body_may_be_nested_as_it_likes(writable: FlaskClient, bearer: dict[str, str]) -> None:
    for body in ("[" * 100_000, '{"a":' * 50_000, '{"persons": ' + "[" * 5_000 + "]" * 5_000 + "}"):
        answer = writable.post(ARTICLES, data=body, headers={**bearer, **CONTENT})
        assert answer.status_code in (400, 422) and answer.content_type == "application/problem+json"
        lines = {"Content-Type": "application/x-ndjson"}
        [told] = writable.post(ARTICLES, data=body, headers={**bearer, **lines}).text.splitlines()
        assert json.loads(told)["status"] in (400, 422)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 5_000, "-0", "true", "{}", "[[]]"])
def test_no_number_of_a_body_is_a_server_error(writable: FlaskClient, bearer: dict[str, str], number: str) -> None:
    for member in ("headline", "published", "persons", "id", "language"):
        sent = f'{{"headline": "a", "body": "b", "{member}": {number}}}'
        answer = writable.post(ARTICLES, data=sent, headers={**bearer, **CONTENT})
        assert answer.status_code in (400, 422), (member, answer.text)


def test_a_crowd_of_parameters(client: FlaskClient) -> None:
    for query in ("&".join(f"p{n}=1" for n in range(700)), "facets=" + ",".join(["colour"] * 500), "person=a&" * 500):
        answer = client.get(f"/api/v1/search?{query}")
        assert answer.status_code == 422 and len(answer.text) < 100_000
    once = client.get("/api/v1/search?facets=person").get_json()["facets"]
    many = client.get("/api/v1/search?facets=" + ",".join(["person"] * 500)).get_json()["facets"]
    assert many == once


ODD = (
    "\x00",
    "\ufffe",
    "\ufdd0",
    "\U0010ffff",
    "é" + "\u0301" * 10_000,
    "\u200d\u200c" * 500,
    "\u0640" * 500,
    "ﷺ" * 100,
)


@pytest.mark.parametrize("text", [*ODD, "\u202e\u2066", "\ud800", "\udfff\ud800", "\x1b[31m", "\u2028"])
def test_odd_letters_in_a_body(writable: FlaskClient, bearer: dict[str, str], text: str) -> None:
    for member in ("headline", "body", "source", "section", "byline", "persons", "id"):
        sent: dict[str, object] = {"headline": "Le phare", "body": "Il rouvre.", "id": "odd"}
        sent[member] = [f"Ali {text} Ziani"] if member == "persons" else f"a{text}b"
        answer = writable.post(ARTICLES, data=json.dumps(sent), headers={**bearer, **CONTENT})
        assert answer.status_code in (201, 422), (member, answer.text)
        if answer.status_code == 201:
            found = answer.get_json()["id"]
            paths = (f"{ARTICLES}/{found}", f"/articles/{found}", "/?q=phare", "/feed?q=phare", "/feed.json?q=phare")
            for path in (*paths, "/export.csv?q=phare", "/export.bib?q=phare", "/export.ninjs.json?q=phare"):
                assert writable.get(path).status_code == 200, (member, path)


def test_an_article_may_be_too_much(writable: FlaskClient, bearer: dict[str, str]) -> None:
    for more, told in (
        ({"body": "a" * 2_000_001}, "over 2 MB of text"),
        ({"persons": [f"Ali Ziani {n}" for n in range(257)]}, "256"),
        ({"organisations": ["Port"] * 10_000}, "256"),
    ):
        sent = {"headline": "Le phare", "body": "Il rouvre.", **more}
        answer = writable.post(ARTICLES, json=sent, headers=bearer)
        assert answer.status_code == 422 and told in answer.text
    long = {"headline": "Le phare", "body": "x" * 200_000}  # one word
    assert writable.post(ARTICLES, json=long, headers=bearer).status_code == 201


@pytest.mark.parametrize("article_id", ["x" * 70_000, "a\r\nSet-Cookie: b=c", "%2f", "\U0001f600", "a%00b", "."])
def test_ids_that_are_none(writable: FlaskClient, bearer: dict[str, str], article_id: str) -> None:
    sent = {"id": article_id, "headline": "Le phare", "body": "Il rouvre."}
    answer = writable.post(ARTICLES, json=sent, headers=bearer)
    assert answer.status_code in (201, 422)
    if answer.status_code == 201:
        assert writable.get(answer.headers["Location"]).get_json()["id"] == article_id


def test_nothing_that_is_sent_is_inflated(writable: FlaskClient, bearer: dict[str, str]) -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    begun = time.process_time()
    for kind in ("application/json", "application/x-ndjson"):
        sent = {**bearer, "Content-Type": kind, "Content-Encoding": "gzip"}
        answer = writable.post(ARTICLES, data=bomb, headers=sent)
        assert answer.status_code in (200, 400, 413, 415), answer.text
        assert answer.status_code != 200 or all(json.loads(line)["status"] == 400 for line in answer.text.splitlines())
    assert time.process_time() - begun < 5


PAYLOADS = (
    "<script>window.pwned=1</script>",
    "'\"><img src=x onerror=window.pwned=1>",
    "{{7*7}}",
    "javascript:window.pwned=1",
    "</title><svg/onload=window.pwned=1>",
)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_an_address_is_inert_on_the_page_that_refuses_it(client: FlaskClient, payload: str) -> None:
    for path in (f"/{payload}", f"/problems/{payload}", f"/facet/{payload}", f"/entities/{payload}", f"/{payload}/"):
        answer = client.get(path, headers={"Accept": "text/html"})
        assert answer.status_code in (404, 308), path
        check_inert(answer.text, payload)
    for name in ("q", "person", "sort", "page", "from", "lang", "cursor", "interval", "more", payload):
        for page in ("/", "/compare", "/facet/person", "/export.csv", "/feed", "/api/docs", "/help"):
            answer = client.get(page, query_string={name: payload}, headers={"Accept": "text/html"})
            assert answer.status_code < 500, (page, name)
            if answer.mimetype == "text/html":
                check_inert(answer.text, payload)


def check_inert(text: str, payload: str) -> None:
    page = html.fromstring(text or "<p></p>")
    assert all(script.get("src", "").startswith("/static/") for script in page.iter("script"))
    assert not list(page.iter("img", "iframe", "object", "style", "base"))
    for element in page.iter():
        assert not [name for name in element.attrib if name.startswith("on")]
        for name in ("href", "src", "action"):
            assert not element.get(name, "").lstrip().lower().startswith(("javascript:", "data:"))
    assert payload != "{{7*7}}" or "49" not in (page.findtext(".//h1") or "")


def changing(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Method, path and route of everything that may change something."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}):
            yield method, re.sub("<[^>]+>", "p1", re.sub("<int:[^>]+>", "1", rule.rule)), rule.endpoint


@pytest.fixture
def guarded(tmp_path: Path, token: str) -> Flask:
    """An application that may be written to; whatever a test could do to it shows in `state`."""
    with open_archive(tmp_path, create=True) as archive, archive.writer() as writer:
        writer.add(Article(id="p1", headline="Le phare", body="Il rouvre, dit Salma Idrissi.", language="fr"))
    return create_app(Settings(archive=tmp_path, token_sha256=token_digest(token), wrong_tokens_per_minute=0))


def state(app: Flask) -> tuple[object, ...]:
    found = app.test_client().get("/api/v1/search?facets=person,organisation").get_json()
    return found["total"], found["generation"], json.dumps(found["facets"])


@pytest.mark.parametrize("header", [None, "Bearer wrong", "Bearer", "Basic eDp5", "Bearer \u00e9", "bearer  "])
def test_whatever_changes_something_asks_who_it_is(guarded: Flask, header: str | None) -> None:
    before = state(guarded)
    routes = list(changing(guarded))
    assert len(routes) > 10 and {"DELETE", "POST"} <= {method for method, _, _ in routes}
    for method, path, endpoint in routes:
        headers = {} if header is None else {"Authorization": header}
        answer = guarded.test_client().open(path, method=method, headers=headers)
        if path.startswith("/api/"):
            assert answer.status_code == 401, (method, path)
            assert answer.headers["WWW-Authenticate"].startswith("Bearer ")
        else:  # the pages ask for a session, whatever the header says; without one everything leads to the door
            to = answer.headers.get("Location", "")
            is_door = answer.status_code == 303 and to.startswith("/curate/sign-in") or 'name="token"' in answer.text
            assert is_door or answer.status_code == 403, (method, path, endpoint)
        assert "Set-Cookie" not in answer.headers
    assert state(guarded) == before


def test_a_session_of_the_pages_is_worth_nothing_to_the_interface(guarded: Flask, token: str) -> None:
    """A browser sends cookies of itself, also for a form of another site: the interface wants the token."""
    client = guarded.test_client()
    assert client.post("/curate/sign-in", data={"token": token}).status_code == 303
    before = state(guarded)
    for method, path, endpoint in changing(guarded):
        answer = client.open(path, method=method, headers={"Origin": "https://evil.example"})
        if path.startswith("/api/"):
            assert answer.status_code == 401, (method, path)
        else:  # no signature of the session in the form, and a foreign origin
            assert answer.status_code == 403, (method, path, endpoint)
    assert client.get("/api/v1/admin").status_code == 401
    assert state(guarded) == before


CLIMBS: tuple[str, ...] = (
    "../app.py",
    "..%2fapp.py",
    "%2e%2e/app.py",
    "....//app.py",
    "..\\app.py",
    "..%5capp.py",
    "/etc/passwd",
)
CLIMBS += ("%2fetc%2fpasswd", "fonts/../../app.py", "app.css%00.txt", "file:///etc/passwd", "con", "app.css::$DATA")


@pytest.mark.parametrize("climb", CLIMBS)
def test_no_path_leaves_its_folder(client: FlaskClient, climb: str) -> None:
    for start in ("/static/", "/export.", "/cite.", "/problems/", "/articles/", "/entities/", "/facet/", "/"):
        answer = client.get(start + climb)
        assert answer.status_code in (400, 404, 308), start + climb
        assert "import" not in answer.text and "root:" not in answer.text
    for name in ("archive", "file", "config", "format", "article"):
        answer = client.get("/cite.ris", query_string={name: climb})
        assert answer.status_code in (404, 422)


BREAKS = (
    "\r\nX-Injected: 1",
    "\nX-Injected: 1",
    "\r\n\r\n<script>",
    "\u560a\u560dX-Injected: 1",
    "\x00",
    '";X-Injected=1',
)


@pytest.mark.parametrize("text", BREAKS)
def test_nothing_that_is_sent_becomes_a_header(writable: FlaskClient, bearer: dict[str, str], text: str) -> None:
    for path in (
        "/",
        "/api/v1/search",
        "/feed",
        "/feed.json",
        "/export.csv",
        "/opensearch.xml",
        "/suggestions",
        "/api/",
    ):
        for name in ("q", "lang", "source", "page", "cursor", "person", "article", "next"):
            value = f"fr{text}"
            answer = writable.get(path, query_string={name: value, "size": "1"} if "search" in path else {name: value})
            assert answer.status_code < 500, (path, name)
            check_headers(answer.headers)
    for path in (f"/export.csv{text}", f"/articles/{text}", f"/curate/{text}", f"/api/{text}"):
        check_headers(writable.get(path).headers)
    sent = {"id": f"a{text}", "headline": "Le phare", "body": "Il rouvre."}
    check_headers(writable.post(ARTICLES, json=sent, headers=bearer).headers)
    check_headers(writable.post("/curate/sign-in", data={"token": text, "entity": text}).headers)
    check_headers(
        writable.get("/", headers={"Cookie": f'kashaf_lang={text.encode().hex()}; kashaf_curator="{"x" * 99}'}).headers
    )


def check_headers(headers: object) -> None:
    pairs = list(headers.items())  # type: ignore[attr-defined]  # of werkzeug
    assert "X-Injected" not in {name for name, _ in pairs}
    for name, value in pairs:
        assert not re.search("[\x00-\x08\x0a-\x1f\x7f]", value), (name, value)
        assert name in ("Link", "Content-Disposition", "Location") or "X-Injected" not in value, (name, value)


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", "/\\evil.example", "http:evil.example"])
def test_no_redirect_leads_elsewhere(writable: FlaskClient, target: str, token: str) -> None:
    paths = (f"/{target}", f"//{target}/%2e%2e", f"/api/{target}", f"/curate//{target}", f"{target}/help//")
    for path in paths:
        for headers in ({}, {"X-Forwarded-Host": "evil.example", "X-Forwarded-Prefix": target}):
            check_location(writable.get("/", headers=headers, environ_overrides={"PATH_INFO": path}).headers)
    for name in ("next", "url", "entity", "return", "lang", "q"):
        check_location(writable.get("/api/", query_string={name: target}).headers)
        check_location(writable.get("/curate/", query_string={name: target}).headers)
        check_location(writable.post(f"/curate/sign-in?{name}={target}", data={"token": token, name: target}).headers)


def check_location(headers: object) -> None:
    location = headers.get("Location", "")  # type: ignore[attr-defined]  # of werkzeug
    assert urlsplit(location).netloc in ("", "localhost") and not location.startswith(("//", "/\\")), location
