"""A search or an entity as a feed, read by feedparser, lxml and the schema of JSON Feed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
import jsonschema
import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import etree, html

from kashaf.index.article import Article
from kashaf.search.archive import open_archive
from kashaf.web import create_app
from tests.web.news_schemas import FORMAT_CHECKER, JSON_FEED
from tests.web.records import HOSTILE

ATOM = {"a": "http://www.w3.org/2005/Atom", "os": "http://a9.com/-/spec/opensearch/1.1/"}
FEEDS = ("/feed", "/feed.json")


def test_the_newest_first(client: FlaskClient) -> None:
    response = client.get("/feed?language=fr&section=%C3%89conomie")
    assert response.content_type == "application/atom+xml; charset=utf-8"
    feed = etree.fromstring(response.data)
    published = feed.xpath("a:entry/a:published/text()", namespaces=ATOM)
    assert published[:2] == ["2026-01-15T00:00:00Z", "2026-01-01T00:00:00Z"]
    assert published == sorted(published, reverse=True)
    assert feed.findtext("os:totalResults", namespaces=ATOM) == "5"
    for entry in feed.xpath("a:entry", namespaces=ATOM):
        assert entry.findtext("a:id", namespaces=ATOM) and entry.findtext("a:title", namespaces=ATOM)


def test_an_undated_article_is_dated_by_its_arrival(client: FlaskClient) -> None:
    """Year 1 would be a lie; when the archive took it in is known."""
    for entry in feedparser.parse(client.get("/feed").data).entries:
        assert entry.updated_parsed.tm_year >= 2026
        assert ("published" in entry) == ("port-5" not in entry.link and "ar-2" not in entry.link)
    undated = [one for one in client.get("/feed.json").get_json()["items"] if "date_published" not in one]
    assert len(undated) == 2 and all("date_modified" in one for one in undated)


def test_both_forms_say_the_same(client: FlaskClient) -> None:
    for query in ("?q=port", "?q=nothingsuch", "?person=p1&language=fr", "?undated=1"):
        parsed = feedparser.parse(client.get(f"/feed{query}").data)
        assert not parsed.bozo, query
        items = client.get(f"/feed.json{query}").get_json()
        jsonschema.validate(items, JSON_FEED, format_checker=FORMAT_CHECKER)
        assert parsed.feed.title == items["title"]
        assert [entry.id for entry in parsed.entries] == [item["id"] for item in items["items"]]
        assert [entry.title for entry in parsed.entries] == [item["title"] for item in items["items"]]


@pytest.mark.parametrize(
    "query, language, title",
    [
        ("", "fr", "Tout le fonds — Kashaf"),
        ("?q=port", "fr", "port — Kashaf"),
        ("?q=port&person=p1&from=2026", "fr", "port · Karim Belhaj · 2026 – … — Kashaf"),
        ("?person=p1", "ar", "كريم بلحاج — Kashaf"),
        ("?language=ar&exclude_section=Culture", "fr", "arabe · −Culture — Kashaf"),
    ],
)
def test_the_title_says_what_is_followed(client: FlaskClient, query: str, language: str, title: str) -> None:
    address = f"/feed.json{query}{'&' if query else '?'}lang={language}"
    assert client.get(address).get_json()["title"] == title


def test_ids_last(tmp_path: Path) -> None:
    """However the server is called, and after the article was corrected."""
    with open_archive(tmp_path, create=True) as archive, archive.writer() as writer:
        writer.add(Article(id="1", headline="Le phare", body="un", source="Le Rivage"))
        writer.add(Article(id="2", headline="Le port", body="deux", source="Le Rivage"))
    client = create_app(tmp_path).test_client()
    first = client.get("/feed.json").get_json()["items"]
    with open_archive(tmp_path) as archive, archive.writer() as writer:
        writer.add(Article(id="1", headline="Le phare rouvert", body="un", source="Le Rivage"))
    again = create_app(tmp_path).test_client().get("/feed.json", base_url="https://archive.example/").get_json()
    assert {item["id"] for item in again["items"]} == {item["id"] for item in first} and len(first) == 2
    assert again["items"][0]["url"].startswith("https://archive.example/articles/")


def test_a_feed_that_has_not_changed_is_not_sent_again(client: FlaskClient) -> None:
    for path in FEEDS:
        first = client.get(f"{path}?q=quai")
        assert client.get(f"{path}?q=quai", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize("page", ["/", "/?q=port&language=fr", "/entities/p1"])
@pytest.mark.parametrize("language", ["fr", "ar"])
def test_pages_name_their_feeds(client: FlaskClient, page: str, language: str) -> None:
    head = html.fromstring(client.get(f"{page}{'&' if '?' in page else '?'}lang={language}").text).find("head")
    links = {link.get("type"): link.get("href") for link in head.cssselect('link[rel="alternate"]')}
    assert set(links) == {"application/atom+xml", "application/feed+json"}
    for media_type, address in links.items():
        response = client.get(address)
        assert response.content_type.split(";")[0] == media_type
        assert f'lang="{language}"' in response.text or f'"language": "{language}"' in response.text
    entries = feedparser.parse(client.get(links["application/atom+xml"]).data).entries
    assert entries and all(urlsplit(entry.link).path.startswith("/articles/") for entry in entries)


@pytest.mark.parametrize("path", FEEDS)
def test_parameters_that_choose_nothing_are_refused(client: FlaskClient, path: str) -> None:
    for query in ("form=2020", "page=2", "q=a&q=b"):
        assert client.get(f"{path}?{query}").status_code == 422
    assert client.get(f"{path}?q=port&sort=newest&lang=ar").status_code == 200


def test_hostile_articles_are_entries_like_others(hostile: Flask) -> None:
    data = hostile.test_client().get("/feed").data
    root = etree.fromstring(data)  # well-formed, whatever XML cannot hold
    assert len(root.findall("{*}entry")) == len(HOSTILE)
    assert not [link for link in root.iter("{*}link") if not link.get("href").startswith("http")]
    parsed = feedparser.parse(data)
    assert not parsed.bozo and len(parsed.entries) == len(HOSTILE)
    items = json.loads(hostile.test_client().get("/feed.json").data)
    jsonschema.validate(items, JSON_FEED, format_checker=FORMAT_CHECKER)
    assert len(items["items"]) == len(HOSTILE)
    for item in items["items"]:
        for value in (item["title"], item["content_text"], *item["tags"]):
            assert len(re.findall("[\u202a\u202b\u202d\u202e]", value)) == value.count("\u202c")
            assert len(re.findall("[\u2066-\u2068]", value)) == value.count("\u2069")


def test_a_hostile_query_is_only_a_title(client: FlaskClient) -> None:
    for query in ("]]>", "</title><x>", "\u202etxet", "\x00\x0b", "&amp;"):
        root = etree.fromstring(client.get("/feed", query_string={"q": query}).data)
        assert (root.findtext("{*}title") or "").endswith("— Kashaf")
