"""A first visit is light: page, style sheet and scripts, compressed, fonts apart (``-s`` shows how light)."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from flask import Flask
from lxml import html

from kashaf.index.article import Article
from kashaf.search.archive import open_archive
from kashaf.web import create_app
from tests.web.conftest import organisations, persons

MOST = 150_000  # bytes
MANY = 150


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An archive in which every list of a page is as long as it gets: hits, facets, years, names, paragraphs."""
    folder = tmp_path_factory.mktemp("full")
    text = " ".join(f"Le navire {n} entre dans le port de Tamara avec {n} passagers à son bord." for n in range(200))
    with open_archive(folder, create=True) as archive, archive.writer() as writer:
        for number in range(MANY):
            writer.add(
                Article(
                    id=f"a{number}",
                    headline=f"Le port accueille le navire {number}",
                    body="\n\n".join(text[at : at + 600] for at in range(0, len(text), 600)),
                    language="fr",
                    source=f"Journal {number}",
                    section=f"Rubrique {number}",
                    published=f"{2020 + number % 6}-{1 + number % 12:02}-{1 + number % 28:02}",
                    persons=persons(*(f"Capitaine{number + n} Marin{number + n}" for n in range(10))),
                    organisations=organisations(*(f"Compagnie {number + n}" for n in range(10))),
                )
            )
    return create_app(folder)


@pytest.mark.parametrize(
    "path",
    [
        "/?q=port&size=100&more=person&more=organisation&more=source&more=section&lang=ar",
        "/articles/a7?q=port",
        "/entities/p1",
        "/compare?q=port&q=navire&q=passagers&q=tamara&from=2020&to=2025",
    ],
)
def test_a_first_visit_is_light(full: Flask, path: str) -> None:
    client = full.test_client()
    response = client.get(path)
    assert response.status_code == 200
    page = html.fromstring(response.text)
    parts = [*page.xpath("//script/@src"), *page.xpath("//link[@rel='stylesheet' or @rel='icon']/@href")]
    sizes = {}
    for part in set(parts):
        with client.get(part) as file:
            sizes[Path(part.partition("?")[0]).name] = len(gzip.compress(file.data))
    assert {"app.css", "app.js", "icon.svg"} <= set(sizes)
    sizes["page"] = len(gzip.compress(response.data))
    print(f"{sum(sizes.values())} bytes compressed: {path} {sizes}")  # seen with -s
    assert sum(sizes.values()) < MOST
