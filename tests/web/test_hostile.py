"""Hostile text in articles, hostile queries, hostile parameters: shown inert, answered in JSON, never a 5xx."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from lxml import etree, html

from kashaf.index.article import Article
from kashaf.search.archive import open_archive
from kashaf.web import create_app
from kashaf.web.settings import Settings

EXAMPLES = int(os.environ.get("KASHAF_FUZZ", "300"))  # 20000 before a release

SCRIPTS = {f"/static/{name}.js" for name in ("app", "export", "timeline")}


def addresses(client: FlaskClient) -> list[str]:
    """Pages that show every field of the hostile articles."""
    hits = client.get("/api/v1/search?q=hostile&size=100").get_json()["hits"]
    assert len(hits) == 6
    found = ["/?q=hostile", "/?q=hostile&more=person&more=source&more=section&more=organisation"]
    for hit in hits:
        found.append(f"/articles/{hit['id']}?q=hostile")
        found += [f"/entities/{one['id']}" for one in (*hit["persons"], *hit["organisations"])]
        found += [f"/?source={quote(hit['source'])}&exclude_section={quote(hit['section'])}"]
        found += [f"/compare?q1=*&source1={quote(hit['source'])}&q2={quote(hit['headline'])}&section2=x"]
    return found


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_hostile_articles_are_inert_on_every_page(client: FlaskClient, language: str) -> None:
    for address in addresses(client):
        response = client.get(f"{address}{'&' if '?' in address else '?'}lang={language}")
        assert response.status_code == 200, address
        page = html.fromstring(response.text)
        for script in page.iter("script"):
            if script.get("type") == "application/ld+json":  # data, which no browser runs
                assert json.loads(script.text)["@type"] == "NewsArticle", address
            else:
                assert script.get("src", "").split("?")[0] in SCRIPTS, address
        assert not list(page.iter("img", "iframe", "object", "style", "base")), address
        for element in page.iter(etree.Element):
            assert not [name for name in element.attrib if name.startswith("on")], (address, element.attrib)
            for name in ("href", "src", "action"):
                assert not element.get(name, "").lstrip().lower().startswith(("javascript:", "data:", "vbscript:")), (
                    address
                )
        assert "49" not in page.findtext(".//title")  # a template in an article is not run
        assert "{{ 7*7 }}" in response.text or "7*7" not in response.text


def test_the_text_is_still_there_to_read(client: FlaskClient, payloads: tuple[str, ...]) -> None:
    for number, payload in enumerate(payloads):
        page = html.fromstring(client.get(f"/articles/hostile-{number}").text)
        assert payload in page.cssselect("h1")[0].text_content()


QUERIES = (
    "*", "**", "?" * 200, "*a*", "a*", "titre:*", "x" * 1000, "a OR " * 200, "(" * 500, '"' * 999, "NOT " * 200,
    "a~999999999", "a^1e999", "a^nan", "NEAR/999999 a", "a NEAR/-1 b", "date:[zzzz TO 99999]", "date:2026-13",
    "NOT OR x", ":", "a:b:c", "date:0000..9999", "date:>9999", "personne:", "person:p999999999999999999999",
    "\x00", "\ufffe", "é\u0301" * 300, "\u0640" * 900, "\u200d\u200c" * 400, "ﷺ" * 500, "\U0001f600" * 500,
    "\u202e" * 100, "<script>", "%", "%s%n", "\\", "'; DROP TABLE articles; --", "../../etc/passwd",
    "\r\nSet-Cookie: a=b",
)  # fmt: skip


@pytest.mark.timeout(120)
def test_hostile_queries(client: FlaskClient) -> None:
    for query in QUERIES:
        for path in ("/", "/api/v1/search", "/api/v1/suggest", "/feed", "/feed.json", "/suggestions", "/facet/person"):
            response = client.get(path, query_string={"q": query})
            assert response.status_code in (200, 422), (query, path, response.status_code)
            assert "\n" not in str(response.headers.get("Link", ""))


def test_half_surrogates_in_an_address(client: FlaskClient) -> None:
    for path in ("/?q=%ed%a0%80", "/api/v1/search?q=%ed%a0%80"):
        assert client.get(path).status_code == 400, path
    for raw in (b"/articles/\xed\xa0\x80", b"/api/v1/articles/\xff"):  # as a WSGI server hands them on
        assert client.get("/", environ_overrides={"PATH_INFO": raw.decode("latin-1")}).status_code == 400, path


@pytest.mark.parametrize(
    "article_id",
    [
        "a/b",
        "a//b",
        "/a",
        "../x",
        "https://x.example//a?b=c#d",
        "a b",
        "%",
        "%2F",
        "?",
        "#",
        "é",
        "مقال",
        "a\\b",
        "<b>",
        "'",
        "&lang=ar",
        "+",
    ],
)
def test_an_article_is_found_under_any_id(tmp_path: Path, article_id: str) -> None:
    with open_archive(tmp_path, create=True) as archive, archive.writer() as writer:
        assert writer.add(Article(id=article_id, headline="Un titre", body="du texte")) == article_id
    client = create_app(tmp_path).test_client()
    [link] = html.fromstring(client.get("/?q=titre").text).cssselect(".hit h2 a")
    page = html.fromstring(client.get(link.get("href")).text)
    assert page.cssselect("h1")[0].text_content() == "Un titre"
    [original] = [a.get("href") for a in page.cssselect("aside a") if a.text == "JSON"]
    assert client.get(original).get_json()["id"] == article_id
    assert client.get(f"{original}/similar").get_json() == {"hits": []}


@pytest.mark.parametrize("article_id", ["a/b", "..", ".", " a", "a\u200b", "", "a\nb"])
def test_an_id_that_would_change_on_its_way_is_refused(
    writable: FlaskClient, bearer: dict[str, str], article_id: str
) -> None:
    sent = {"id": article_id, "headline": "Un titre"}
    assert writable.post("/api/v1/articles", json=sent, headers=bearer).status_code == 422


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", '"=1', " =1", "\r\n=1", "\x00=1"])
def test_no_cell_is_a_formula(writable: FlaskClient, bearer: dict[str, str], start: str) -> None:
    sent = {
        "id": "formule",
        "headline": f"{start} formule",
        "body": "texte",
        "source": start,
        "persons": [f"{start} Ali Ziani"],
    }
    assert writable.post("/api/v1/articles", json=sent, headers=bearer).status_code == 201
    [row] = csv.DictReader(io.StringIO(writable.get("/export.csv?q=formule").data.decode("utf-8-sig")))
    for name, value in row.items():
        assert value.lstrip(" \"'\r\n\t\x00")[:1] not in tuple("=+-@＝＋－＠") or value.startswith("'"), (name, value)


def test_a_record_of_ris_cannot_be_broken(writable: FlaskClient, bearer: dict[str, str]) -> None:
    sent = {"headline": "titre\nER  - \r\nTY  - BOOK", "byline": "x\u2028ER  - ", "body": "texte"}
    writable.post("/api/v1/articles", json=sent, headers=bearer)
    text = writable.get("/export.ris?q=titre").text
    assert len([line for line in text.splitlines() if line.startswith(("ER  -", "TY  -"))]) == 2


def test_redirects_and_hosts_are_not_the_callers_choice(client: FlaskClient) -> None:
    page = client.get("/?q=port", headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"}).text
    assert "evil.example" not in page


def test_only_the_hosts_of_the_settings(archive_folder: Path) -> None:
    client = create_app(Settings(archive=archive_folder, hosts=("archive.example",))).test_client()
    assert client.get("/", headers={"Host": "archive.example"}).status_code == 200
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400


def test_request_ids_cannot_break_a_log_line(client: FlaskClient) -> None:
    given = client.get("/healthz", headers={"X-Request-ID": "abc-123"}).headers["X-Request-ID"]
    assert given == "abc-123"
    for bad in ("a b", "x" * 65, "<b>", ""):
        assert client.get("/healthz", headers={"X-Request-ID": bad}).headers["X-Request-ID"] != bad


WORDS = st.sampled_from(
    [
        "port",
        "المكتبة",
        "Idrissi",
        "OU",
        "ET",
        "SAUF",
        "NEAR/3",
        '"',
        "(",
        ")",
        "-",
        "*",
        "?",
        "~1",
        ":",
        "titre:",
        "date:",
        "..",
        "2026-02",
        ">",
        "«",
        "’",
        "و",
    ]
)
TEXT = st.one_of(
    st.text(max_size=80), st.lists(WORDS, max_size=30).map(" ".join), st.lists(WORDS, max_size=30).map("".join)
)
PARAMETERS = st.dictionaries(
    st.one_of(
        st.sampled_from(
            [
                "q",
                "person",
                "source",
                "from",
                "to",
                "sort",
                "page",
                "size",
                "cursor",
                "facets",
                "match",
                "words",
                "interval",
                "undated",
                "facet_size",
                "exclude_person",
                "find_person",
                "more",
                "lang",
            ]
        ),
        st.text(max_size=8),
    ),
    st.one_of(TEXT, st.integers().map(str), st.sampled_from(["2026", "2026-02", "newest", "exact", "any", "1", "0"])),
    max_size=4,
)


@pytest.mark.timeout(1800)
@hypothesis_settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=TEXT, others=PARAMETERS)
def test_no_query_and_no_parameter_is_a_server_error(app: Flask, query: str, others: dict[str, str]) -> None:
    client = app.test_client()
    asked = {name: value.encode("utf-8", "replace") for name, value in {**others, "q": query}.items()}
    asked = {name.encode("utf-8", "replace").decode(): value for name, value in asked.items()}
    page = client.get("/", query_string=asked)
    assert page.status_code in (200, 410, 422), asked
    answer = client.get("/api/v1/search", query_string=asked)
    assert answer.status_code in (200, 410, 422), asked
    assert "NaN" not in answer.text or "NaN" in query + str(others)
    if answer.status_code == 200:
        assert answer.get_json()["total"] >= len(answer.get_json()["hits"])


@pytest.mark.parametrize("tag", ["xx", "i-klingon", "tzm-Tfng", "fr-XX"])
def test_a_language_that_nobody_knows_is_shown_as_it_is_written(
    writable: FlaskClient, bearer: dict[str, str], tag: str
) -> None:
    sent = {"id": "odd", "headline": "Le phare", "body": "Le gardien est revenu.", "language": tag}
    assert writable.post("/api/v1/articles", json=sent, headers=bearer).status_code == 201
    for path in (
        "/?q=phare",
        "/articles/odd",
        f"/?language={tag}",
        "/?language=share",
        f"/compare?q=phare&language={tag}",
    ):
        answer = writable.get(path)
        assert answer.status_code == 200, path
    assert tag in writable.get(f"/?language={tag}").text
