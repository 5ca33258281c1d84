"""Copies of one dispatch on the pages: under one hit, each for itself, and beside the article."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from selenium.webdriver.remote.webdriver import WebDriver

from kashaf.index.article import Article
from kashaf.search.archive import open_archive
from kashaf.web import create_app
from tests.web.browsing import broken_rules, every, one, until

SENTENCES = [
    f"Le navire {name} a quitté le port de Tamara avec {count} tonnes de sardines pour le marché de Safi."
    for count, name in enumerate(("Étoile", "Espérance", "Mouette", "Sirène", "Albatros", "Goéland", "Aurore"), 310)
]
SOURCES = ("Agence du Rivage", "Le Courrier de Tamara", "La Dépêche du Rivage")


@pytest.fixture(scope="module")
def dispatches(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An archive of one dispatch in three newspapers, and eleven articles of their own."""
    folder = tmp_path_factory.mktemp("copies")
    with open_archive(folder, create=True) as archive, archive.writer() as writer:
        for day, source in enumerate(SOURCES, 1):
            writer.add(
                Article(
                    id=f"copy-{day}",
                    headline="Les sardines quittent Tamara",
                    body=" ".join(SENTENCES),
                    language="fr",
                    source=source,
                    published=f"2026-02-0{day}",
                )
            )
        for number in range(11):
            body = f"Le marché aux sardines numéro {number} ouvre. " + "".join(
                chr(97 + (number * 7 + n * n) % 26) + (" " if n % 5 == 4 else "") for n in range(200)
            )
            writer.add(Article(id=f"own-{number}", headline=f"Marché {number}", body=body, language="fr"))
    return create_app(folder)


@pytest.fixture
def client(dispatches: Flask) -> FlaskClient:
    return dispatches.test_client()


def page(client: FlaskClient, address: str) -> html.HtmlElement:
    response = client.get(address)
    assert response.status_code == 200, response.text[:300]
    return html.fromstring(response.text)


def text(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_copies_are_folded_under_one_hit(client: FlaskClient) -> None:
    found = page(client, "/?q=sardines&size=100")
    assert len(found.cssselect(".hit")) == 12
    assert text(found.cssselect(".summary strong")[0]) == "14 articles"  # what matches, folded or not
    folded = found.cssselect(".copies-folded")[0]
    assert text(folded).startswith("2 articles sont des copies")
    shown, events = folded.cssselect("a")
    assert len(page(client, events.get("href")).cssselect(".hit")) == 12  # no event is told twice
    unfolded = page(client, shown.get("href"))
    assert len(unfolded.cssselect(".hit")) == 14
    [again] = unfolded.cssselect(".copies-folded a")
    assert len(page(client, again.get("href")).cssselect(".hit")) == 12


def test_the_pages_are_those_of_what_is_shown(client: FlaskClient) -> None:
    first = page(client, "/?q=sardines&size=6&sort=newest")
    assert text(first.cssselect(".paging span")[0]) == "Page 1 sur 2"
    second = page(client, first.cssselect("a[rel=next]")[0].get("href"))
    assert len(second.cssselect(".hit")) == 6 and not second.cssselect("a[rel=next]")
    assert "copies=all" in page(client, "/?q=sardines&size=6&copies=all").cssselect("a[rel=next]")[0].get("href")


def test_a_hit_leads_to_its_copies(client: FlaskClient) -> None:
    [copies] = page(client, "/?q=sardines&size=100").cssselect(".hit a.copies")
    assert text(copies) == "2 copies"
    address, _, place = copies.get("href").partition("#")
    assert place == "copies"
    article = page(client, address)
    beside = article.cssselect("#copies li")
    assert len(beside) == 2
    own = re.search(r"copy-\d", article.cssselect(".beside code")[0].text_content())
    assert own is not None
    others = {a.get("href") for a in article.cssselect("#copies a")}
    assert others == {f"/articles/copy-{n}" for n in (1, 2, 3)} - {f"/articles/{own.group()}"}
    assert "la plus ancienne" in text(page(client, "/articles/copy-3").cssselect("#copies li")[0])
    assert not {a.get("href") for a in article.cssselect(".elsewhere a")} & others  # like it, but not the same
    assert not page(client, "/articles/own-1").cssselect("#copies")


def test_many_copies_do_not_fill_the_page(tmp_path: Path) -> None:
    with open_archive(tmp_path, create=True) as archive, archive.writer() as writer:
        for number in range(12):
            writer.add(Article(id=f"copy-{number}", headline="Les sardines", body=" ".join(SENTENCES), language="fr"))
    article = page(create_app(tmp_path).test_client(), "/articles/copy-0")
    assert len(article.cssselect("#copies li")) == 11
    assert len(article.cssselect("#copies details li")) == 3
    assert not article.cssselect(".elsewhere")


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_copies_in_a_browser(
    browser: WebDriver, dispatches: Flask, live: Callable[[Flask], str], language: str
) -> None:
    browser.get(f"{live(dispatches)}/?q=sardines&size=100&lang={language}")
    assert (len(every(browser, ".hit")), broken_rules(browser)) == (12, [])
    one(browser, ".copies-folded a").click()
    until(browser, lambda d: len(every(d, ".hit")) == 14)
    browser.back()
    until(browser, lambda d: len(every(d, ".hit")) == 12)
    one(browser, ".hit a.copies").click()
    until(browser, lambda d: every(d, "#copies"))
    assert (len(every(browser, "#copies li")), broken_rules(browser)) == (2, [])
    one(browser, ".back a").click()
    until(browser, lambda d: len(every(d, ".hit")) == 12)


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
def test_one_hit_an_event_when_asked_for(tmp_path: Path, language: str) -> None:
    with open_archive(tmp_path, create=True) as archive, archive.writer() as writer:
        told = ("Le bateau gît au large.", "Un pêcheur a vu la coque se briser.", "La mer était forte cette nuit.")
        for source, body in zip(SOURCES, told, strict=True):
            writer.add(
                Article(
                    id=source,
                    headline="Naufrage",
                    body=body,
                    source=source,
                    published="2026-02-01",
                    persons=("Nadia Benchekroun", "Omar Ziani"),  # type: ignore[arg-type]  # names are taken too
                )
            )
    client = create_app(tmp_path).test_client()
    apart = page(client, f"/?q=naufrage&lang={language}")
    assert len(apart.cssselect(".hit")) == 3
    (link,) = apart.cssselect(".copies-folded a")
    folded = page(client, f"{link.get('href')}&lang={language}")
    assert len(folded.cssselect(".hit")) == 1
    assert text(folded.cssselect(".summary strong")[0]).split()[0] == "3"
    (back,) = folded.cssselect(".copies-folded a")
    assert len(page(client, back.get("href")).cssselect(".hit")) == 3
