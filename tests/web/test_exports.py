"""Feeds and exports: the articles of a search, in forms that other programs read."""

from __future__ import annotations

import csv
import io

import pytest
from flask.testing import FlaskClient
from lxml import etree

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def test_the_feed_lists_the_newest_first(client: FlaskClient) -> None:
    response = client.get("/feed?language=fr&section=%C3%89conomie")
    assert response.content_type == "application/atom+xml; charset=utf-8"
    feed = etree.fromstring(response.data)
    updated = feed.xpath("a:entry/a:updated/text()", namespaces=ATOM)
    assert updated[:2] == ["2026-01-15T00:00:00Z", "2026-01-01T00:00:00Z"]
    assert updated == sorted(updated, reverse=True)
    for entry in feed.xpath("a:entry", namespaces=ATOM):
        assert entry.findtext("a:id", namespaces=ATOM) and entry.findtext("a:title", namespaces=ATOM)


def test_csv_opens_in_a_spreadsheet(client: FlaskClient) -> None:
    response = client.get("/export.csv?q=biblioth%C3%A8que")
    assert response.data.startswith(b"\xef\xbb\xbf")
    assert 'filename="kashaf.csv"' in response.headers["Content-Disposition"]
    [row] = csv.DictReader(io.StringIO(response.data.decode("utf-8-sig")))
    assert row["id"] == "bibliotheque" and row["persons"] == "Salma Idrissi | Karim Belhaj"


def test_an_export_holds_every_hit(client: FlaskClient) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/export.csv").data.decode("utf-8-sig"))))
    assert len({row["id"] for row in rows}) == len(rows) == 16
    assert client.get("/export.ris").text.count("TY  - NEWS\r\n") == 16


def test_ris_holds_what_a_citation_needs(client: FlaskClient) -> None:
    lines = client.get("/export.ris?q=biblioth%C3%A8que").text.split("\r\n")
    assert {
        "TI  - La bibliothèque numérique ouvre ses portes",
        "T2  - Le Courrier de Tamara",
        "AU  - Nadia Roussel",
        "DA  - 2026/02/02/",
        "UR  - https://courrier.example/bibliotheque?a=1&b=2",
    } <= set(lines)
    assert lines[-3] == "ER  - "


@pytest.mark.parametrize("path", ["/feed", "/export.csv", "/export.ris"])
def test_parameters_that_choose_nothing_are_refused(client: FlaskClient, path: str) -> None:
    for query in ("form=2020", "page=2", "q=a&q=b"):
        assert client.get(f"{path}?{query}").status_code == 422
    assert client.get(f"{path}?q=port&sort=newest&lang=ar").status_code == 200
