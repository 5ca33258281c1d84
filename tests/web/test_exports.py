"""A search as a file: every hit of it, whatever stands in the articles, within limits that are said."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
from pathlib import Path

import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from kashaf.index.article import Article
from kashaf.search.archive import open_archive
from kashaf.search.request import Request
from kashaf.web import create_app
from kashaf.web.export_formats import FORMATS
from kashaf.web.settings import Settings
from tests.web.records import HOSTILE

ROOT = Path(__file__).parents[2]
ADDRESSES = [f"/export.{form.extension}" for form in FORMATS.values()]
AT_ONCE = 2  # exports of one worker
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


def rows(response_data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(response_data.decode("utf-8-sig"), newline=""), strict=True))


def count(name: str, text: str) -> int:
    """The records of a file, as a program that is not ours reads it."""
    if name == "csv":
        return len(rows(text.encode()))
    if name == "jsonl":
        return len([json.loads(line) for line in text.splitlines()])
    if name == "ris":
        return len(rispy.loads(text))
    if name == "bibtex":
        return len(parse_string(text).entries)
    return len(json.loads(text))


@pytest.mark.parametrize("name", FORMATS)
def test_an_export_holds_every_hit(client: FlaskClient, name: str) -> None:
    form = FORMATS[name]
    response = client.get(f"/export.{form.extension}")
    assert count(name, response.text) == 16
    assert response.headers["X-Total-Count"] == "16"
    assert response.content_type == form.content_type
    assert response.headers["Content-Disposition"] == f'attachment; filename="kashaf.{form.extension}"'
    assert count(name, client.get(f"/export.{form.extension}?q=nothingsuch").text) == 0


def test_csv_opens_in_a_spreadsheet(client: FlaskClient) -> None:
    response = client.get("/export.csv?q=biblioth%C3%A8que")
    assert response.data.startswith(b"\xef\xbb\xbf")
    [row] = rows(response.data)
    assert row["id"] == "bibliotheque" and row["persons"] == "Salma Idrissi | Karim Belhaj"
    assert row["snippet"].startswith("La ministre Salma Idrissi a ouvert")
    assert row["address"] == "http://localhost/articles/bibliotheque"


def test_the_order_is_the_one_asked_for(client: FlaskClient) -> None:
    newest = [row["published"] for row in rows(client.get("/export.csv?q=quai&sort=newest").data)]
    assert newest == ["2026-01-15", "2026-01", "2025-12-24", "2025-11-04", "2025", ""]
    oldest = [row["published"] for row in rows(client.get("/export.csv?q=quai&sort=oldest").data)]
    assert oldest == ["2025", "2025-11-04", "2025-12-24", "2026-01", "2026-01-15", ""]


def test_json_lines_are_what_the_command_line_exports(client: FlaskClient, archive_folder: Path) -> None:
    from kashaf.index.article_line import article_line

    with open_archive(archive_folder) as archive:
        lines = {article_line(article) for article in archive.export()}
    assert set(client.get("/export.jsonl").text.splitlines()) == lines


@pytest.mark.parametrize("path", ADDRESSES)
def test_parameters_that_choose_nothing_are_refused(client: FlaskClient, path: str) -> None:
    for query in ("form=2020", "page=2", "size=10", "q=a&q=b", "sort=best", f"q={'x' * 1001}"):
        assert client.get(f"{path}?{query}").status_code == 422, query
    assert client.get(f"{path}?q=port&sort=newest&lang=ar", buffered=True).status_code == 200


@pytest.mark.parametrize("path", [*ADDRESSES, "/feed", "/feed.json"])
def test_errors_are_json_for_programs_and_a_page_for_readers(client: FlaskClient, path: str) -> None:
    for accept in ({}, {"Accept": "*/*"}, {"Accept": "application/json"}):
        answer = client.get(f"{path}?from=yesterday", headers={**accept, "Accept-Language": "ar"})
        assert answer.status_code == 422 and answer.content_type == "application/problem+json"
        assert answer.get_json()["errors"][0]["parameter"] == "from"
        assert answer.get_json()["title"] == "A parameter cannot be used"
    page = client.get(f"{path}?from=yesterday", headers={**BROWSER, "Accept-Language": "ar"})
    assert page.status_code == 422 and page.content_type.startswith("text/html")
    assert html.fromstring(page.text).get("dir") == "rtl"


def test_an_unknown_format_is_named_and_the_known_ones_told(client: FlaskClient) -> None:
    problem = client.get("/export.xlsx").get_json()
    assert problem["status"] == 404 and "csv, jsonl, ris, bib, csl.json, ninjs.json" in problem["detail"]


def test_an_export_beyond_the_limit_is_refused_not_cut(archive_folder: Path) -> None:
    client = create_app(Settings(archive=archive_folder, max_export=15)).test_client()
    problem = client.get("/export.csv").get_json()
    assert problem["type"] == "/problems/over-limit"
    assert (problem["limit"], problem["allowed"], problem["got"]) == ("articles of an export", 15, 16)
    assert client.head("/export.csv").status_code == 422
    page = html.fromstring(client.get("/").text)
    assert not page.cssselect(".out [data-export]") and "15" in page.cssselect(".out .note")[0].text_content()
    assert len(rows(client.get("/export.csv?q=quai").data)) == 6


def test_a_copy_that_still_holds_is_not_sent_again(client: FlaskClient) -> None:
    first = client.get("/export.ris?q=quai", buffered=True)
    again = client.get("/export.ris?q=quai", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and not again.data


def test_head_tells_the_total_without_the_articles(client: FlaskClient) -> None:
    response = client.head("/export.jsonl?q=quai")
    assert response.status_code == 200 and response.headers["X-Total-Count"] == "6" and not response.data


@pytest.fixture
def lighthouses(tmp_path: Path) -> Path:
    """An archive of more articles than are read at once."""
    with open_archive(tmp_path, create=True) as archive, archive.writer() as writer:
        for number in range(250):
            writer.add(Article(id=f"a{number}", headline=f"Le phare {number}", body="du phare"))
    return tmp_path


def test_a_few_exports_at_once_and_no_more(lighthouses: Path) -> None:
    client = create_app(lighthouses).test_client()
    running = [client.get("/export.csv") for _ in range(AT_ONCE)]  # begun, not read
    refused = client.get("/export.csv")
    assert refused.status_code == 429 and refused.headers["Retry-After"].isdecimal()
    assert client.get("/api/v1/search").status_code == 200  # everything else goes on
    running.pop().close()
    assert client.get("/export.csv", buffered=True).status_code == 200
    for response in running:
        assert len(rows(response.data)) == 250  # what was running runs to its end
    for _ in range(2 * AT_ONCE):
        assert client.get("/export.csv", buffered=True).status_code == 200


def test_a_search_that_is_not_done_in_time_is_no_file(archive_folder: Path) -> None:
    client = create_app(Settings(archive=archive_folder, export_budget=0.0)).test_client()
    for path in ADDRESSES:
        answer = client.get(f"{path}?q=port")
        assert answer.status_code == 503 and answer.get_json()["type"] == "/problems/too-slow"
        assert answer.get_json()["limit"] == "seconds of an export's search"


def test_an_export_is_of_one_generation(lighthouses: Path) -> None:
    """What is written meanwhile neither appears in it nor disturbs it."""
    with open_archive(lighthouses) as archive:
        hits = iter(archive.all_hits(Request(q="phare")))
        seen = [next(hits).article.id for _ in range(120)]
        with archive.writer() as writer:
            for number in range(250, 300):
                writer.add(Article(id=f"a{number}", headline="Le phare", body="phare phare phare"))
        seen += [hit.article.id for hit in hits]
        assert sorted(seen) == sorted(f"a{number}" for number in range(250))


def test_an_answer_that_cannot_go_on_breaks_off(lighthouses: Path) -> None:
    """A part of a file is never sent as if it were the whole."""
    client = create_app(lighthouses).test_client()
    response = client.get("/export.jsonl")
    with sqlite3.connect(lighthouses / "articles.sqlite") as connection:
        connection.execute("UPDATE articles SET made = 'damaged'")
    with pytest.raises(ValueError):
        response.get_data()
    for _ in range(AT_ONCE + 1):  # and its place is free again
        assert client.head("/export.jsonl").status_code == 200
        assert client.get("/export.jsonl?q=nothingsuch", buffered=True).status_code == 200


# Hostile articles


@pytest.mark.parametrize("name", FORMATS)
def test_hostile_articles_are_records_like_others(hostile: Flask, name: str) -> None:
    form = FORMATS[name]
    response = hostile.test_client().get(f"/export.{form.extension}")
    assert count(name, response.text) == len(HOSTILE)


def test_hostile_articles_run_nothing_in_a_spreadsheet(hostile: Flask) -> None:
    for row in rows(hostile.test_client().get("/export.csv").data):
        for value in row.values():
            assert not value.lstrip(' "\t\r\n\x00').startswith(tuple("=+-@＝＋－＠")), row


def test_hostile_articles_do_not_turn_the_line(hostile: Flask) -> None:
    """A direction that a field sets ends with the field."""
    for name in ("csv", "ris", "bibtex"):
        text = hostile.test_client().get(f"/export.{FORMATS[name].extension}").text
        for line in text.splitlines():
            assert len(re.findall("[\u202a\u202b\u202d\u202e]", line)) == line.count("\u202c"), (name, line)
            assert len(re.findall("[\u2066-\u2068]", line)) == line.count("\u2069"), (name, line)


def test_hostile_articles_are_cited_inertly(hostile: Flask) -> None:
    client = hostile.test_client()
    for number in range(len(HOSTILE)):
        for name in ("ris", "bibtex", "csl"):
            response = client.get(f"/cite.{FORMATS[name].extension}?article=hostile-{number}")
            assert count(name, response.text) == 1, (number, name)


# One article


def test_one_article_is_cited(client: FlaskClient) -> None:
    page = html.fromstring(client.get("/articles/bibliotheque").text)
    links = {link.text: link.get("href") for link in page.cssselect("aside a") if link.get("download")}
    assert list(links) == ["RIS", "BibTeX", "CSL-JSON"]
    [reference] = rispy.loads(client.get(links["RIS"]).text)
    assert reference["title"] == "La bibliothèque numérique ouvre ses portes"
    assert client.get("/cite.bib?article=none").get_json()["type"] == "/problems/unknown-article"
    assert client.get("/cite.bib").status_code == 404
    assert client.get("/cite.csv?article=bibliotheque").status_code == 404


# What is said of it elsewhere


def test_every_format_is_linked_and_documented(client: FlaskClient) -> None:
    linked = client.get("/api/v1/search?q=quai&sort=oldest").get_json()["links"]["export"]
    assert linked == {n: f"/export.{f.extension}?q=quai&sort=oldest" for n, f in FORMATS.items()}
    page = html.fromstring(client.get("/?q=quai&sort=oldest").text)
    assert [a.get("href") for a in page.cssselect(".out a[download]")] == list(linked.values())
    for link in linked.values():
        assert client.get(link, buffered=True).status_code == 200
    documents = [(ROOT / "docs" / name).read_text("utf-8") for name in ("api.md", "guide.md")]
    for form in FORMATS.values():
        assert all(form.title in text for text in documents), form.title
        assert f"/export.{form.extension}" in documents[0]
