"""The archive as a search engine of the browser."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from lxml import etree, html

OS = {"os": "http://a9.com/-/spec/opensearch/1.1/"}


@pytest.mark.parametrize("language, name", [("fr", "Archives Kashaf"), ("ar", "أرشيف كشّاف"), ("en", "Kashaf archive")])
@pytest.mark.parametrize(
    "page", ["/", "/?q=port", "/articles/port-1", "/entities/p1", "/help", "/api/docs", "/nothing"]
)
def test_every_page_leads_to_it(client: FlaskClient, page: str, language: str, name: str) -> None:
    head = html.fromstring(client.get(f"{page}{'&' if '?' in page else '?'}lang={language}").text).find("head")
    [link] = head.cssselect('link[rel="search"]')
    assert link.get("type") == "application/opensearchdescription+xml" and link.get("title") == name
    response = client.get(link.get("href"))
    assert response.content_type.startswith("application/opensearchdescription+xml")
    description = etree.fromstring(response.data)
    assert description.findtext("os:ShortName", namespaces=OS) == name and len(name) <= 16
    assert len(description.findtext("os:Description", namespaces=OS) or "") <= 1024
    assert description.findtext("os:Language", namespaces=OS) == language


def test_its_addresses_work(client: FlaskClient) -> None:
    description = etree.fromstring(client.get("/opensearch.xml").data)
    urls = {url.get("type"): url.get("template") for url in description.iterfind("os:Url", OS)}
    for media_type in ("text/html", "application/atom+xml", "application/x-suggestions+json"):
        assert urls[media_type].startswith("http://localhost/")
        response = client.get(urls[media_type].replace("{searchTerms}", "port%20%D8%A7"))
        assert response.status_code == 200 and response.content_type.split(";")[0] == media_type
    assert client.get(description.findtext("os:Image", namespaces=OS), buffered=True).status_code == 200


def test_completions(client: FlaskClient) -> None:
    typed, texts, kinds, addresses = client.get("/suggestions?q=salma&lang=fr").get_json()
    assert typed == "salma" and texts[0] == "Salma Idrissi" and kinds[0] == "personne"
    assert len(texts) == len(kinds) == len(addresses)
    for address in addresses:
        assert client.get(address).status_code == 200
    headline = client.get("/suggestions?q=agrandit").get_json()
    assert any(address.startswith("http://localhost/articles/") for address in headline[3])


@pytest.mark.parametrize("typed", ["", " ", "x" * 5000, "\x00", '"', "<b>", "\u202e", "%", "المك"])
def test_nothing_typed_is_an_error(client: FlaskClient, typed: str) -> None:
    response = client.get("/suggestions", query_string={"q": typed})
    assert response.status_code == 200 and response.get_json()[0] == typed
    assert client.get("/suggestions").get_json() == ["", [], [], []]


def test_the_description_is_not_sent_again(client: FlaskClient) -> None:
    first = client.get("/opensearch.xml?lang=ar")
    again = client.get("/opensearch.xml?lang=ar", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
