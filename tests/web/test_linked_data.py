"""What the page of an article says to programs: JSON-LD, and the names that Zotero reads."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from tests.web.records import HOSTILE


def page_of(client: FlaskClient, article_id: str, language: str = "fr") -> Any:
    return html.fromstring(client.get(f"/articles/{article_id}?lang={language}").text)


def linked(page: Any) -> dict[str, Any]:
    [block] = page.cssselect('script[type="application/ld+json"]')
    found: dict[str, Any] = json.loads(block.text)
    return found


def metadata(page: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for meta in page.cssselect("head meta[name]"):
        found.setdefault(meta.get("name"), []).append(meta.get("content"))
    return found


def test_an_article_is_a_news_article(client: FlaskClient) -> None:
    data = linked(page_of(client, "bibliotheque"))
    assert data["@context"] == "https://schema.org" and data["@type"] == "NewsArticle"
    assert data["headline"] == "La bibliothèque numérique ouvre ses portes"
    assert data["datePublished"] == "2026-02-02" and data["inLanguage"] == "fr"
    assert data["publisher"]["name"] == "Le Courrier de Tamara" and data["author"]["name"] == "Nadia Roussel"
    assert data["isBasedOn"] == "https://courrier.example/bibliotheque?a=1&b=2"
    assert [one["name"] for one in data["mentions"]][:2] == ["Salma Idrissi", "Karim Belhaj"]
    for one in data["mentions"]:
        assert client.get(one["@id"]).status_code == 200
    assert client.get(data["@id"]).status_code == 200


def test_what_is_not_known_is_left_out(client: FlaskClient) -> None:
    data = linked(page_of(client, "port-5"))
    assert not {"datePublished", "author", "isBasedOn", "articleSection"} & set(data)
    assert "citation_publication_date" not in metadata(page_of(client, "port-5"))


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
def test_zotero_finds_a_newspaper_article(client: FlaskClient, language: str) -> None:
    """The names that Zotero's translator for embedded metadata reads, whatever the language of the page."""
    found = metadata(page_of(client, "bibliotheque", language))
    assert found["z:itemType"] == ["newspaperArticle"]
    assert found["citation_title"] == ["La bibliothèque numérique ouvre ses portes"]
    assert found["citation_journal_title"] == ["Le Courrier de Tamara"]
    assert found["citation_author"] == ["Nadia Roussel"]
    assert found["citation_publication_date"] == ["2026/02/02"]
    assert found["citation_language"] == ["fr"]
    assert found["citation_keywords"] == ["Salma Idrissi", "Karim Belhaj", "Bibliothèque de Tamara"]
    assert found["citation_public_url"] == ["https://courrier.example/bibliotheque?a=1&b=2"]


@pytest.mark.parametrize(
    "language, citation",
    [
        ("fr", "Nadia Roussel, « La bibliothèque numérique ouvre ses portes », Le Courrier de Tamara, 2 février 2026."),
        ("ar", "Nadia Roussel، «La bibliothèque numérique ouvre ses portes»، Le Courrier de Tamara، 2 فبراير 2026."),
        (
            "en",
            "Nadia Roussel, “La bibliothèque numérique ouvre ses portes”, Le Courrier de Tamara, February 2, 2026.",
        ),
    ],
)
def test_the_citation_is_in_the_language_of_the_page(client: FlaskClient, language: str, citation: str) -> None:
    [shown] = page_of(client, "bibliotheque", language).cssselect(".citation")
    assert " ".join(shown.text_content().split()) == citation


def test_hostile_articles_cannot_leave_the_data_block(hostile: Flask) -> None:
    client = hostile.test_client()
    for number in range(len(HOSTILE)):
        text = client.get(f"/articles/hostile-{number}").text
        page = html.fromstring(text)
        assert linked(page)["headline"].startswith("piège")
        start = text.index('<script type="application/ld+json">') + len('<script type="application/ld+json">')
        block = text[start : text.index("</script>", start)]
        assert not set(block) & set("<>&"), number
        assert len(page.cssselect("script")) == 2, number
