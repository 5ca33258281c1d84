"""The pages: every state is an address, in three languages, without JavaScript."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import html

from kashaf.search.request import VALUE_FACETS
from kashaf.web import create_app
from kashaf.web.security import CONTENT_SECURITY_POLICY
from kashaf.web.settings import Settings

STATES = (
    "/",
    "/?q=port",
    "/?q=port&sort=newest&match=exact&page=2&size=2",
    "/?q=%D8%A7%D9%84%D9%85%D9%83%D8%AA%D8%A8%D8%A9",
    "/?language=fr&exclude_section=Culture",
    "/?from=2026&to=2026",
    "/?from=2026-02&to=2026-02",
    "/?from=2026-02-02&to=2026-02-02",
    "/?undated=1",
    "/?size=0",
    "/?more=person",
    "/?find_person=salma",
    "/?q=introuvable",
    "/?q=%22&person=nobody&form=1&page=x&from=2026-99",
    "/compare",
    "/compare?q=port&q=%22&section3=Culture&from=2025&to=2026&form=1",
    "/compare?q=quai&show=share",
    "/articles/bibliotheque?q=biblioth%C3%A8que",
    "/articles/ar-0",
    "/help",
    "/api/docs",
    "/problems/not-found",
)


def page(client: FlaskClient, address: str, **headers: str) -> html.HtmlElement:
    response = client.get(address, headers=headers)
    assert response.status_code == 200, (address, response.text[:500])
    return html.fromstring(response.text)


def text(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def total(document: html.HtmlElement) -> int:
    """The number of articles that a search page says it found."""
    found = re.match(r"\d+", text(document.cssselect(".summary strong")[0]))
    return int(found.group()) if found else 0


def link(document: html.HtmlElement, selector: str, label: str) -> str:
    [href] = [a.get("href") for a in document.cssselect(selector) if label in text(a)]
    return str(href)


class Checker(HTMLParser):
    """Well-formedness that browsers forgive and readers of the source do not."""

    void = {"meta", "link", "input", "img", "br", "hr", "rect"}

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), (tag, names)
        assert not [n for n in names if n.startswith("on")] and "style" not in names, (tag, names)
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in self.void:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.void:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1] == tag, (tag, self.open[-4:], self.getpos())
        self.open.pop()


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
@pytest.mark.parametrize("state", STATES)
def test_every_state_is_a_sound_page(client: FlaskClient, state: str, language: str) -> None:
    response = client.get(f"{state}{'&' if '?' in state else '?'}lang={language}")
    assert response.status_code == 200
    checker = Checker()
    checker.feed(response.text)
    assert checker.open == []
    assert len(checker.ids) == len(set(checker.ids)), checker.ids
    root = html.fromstring(response.text)
    assert (root.get("lang"), root.get("dir")) == (language, "rtl" if language == "ar" else "ltr")
    assert len(root.cssselect("h1")) == 1
    for field in root.cssselect("input:not([type=hidden]), select"):
        assert (
            field.get("id") is None
            or root.cssselect(f'label[for="{field.get("id")}"]')
            or field.getparent().tag == "label"
        )
    assert response.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY


@pytest.mark.parametrize("state", STATES)
def test_every_link_of_a_state_works(client: FlaskClient, state: str) -> None:
    seen = set()
    for anchor in page(client, state).cssselect("a[href]"):
        href = anchor.get("href")
        if href.startswith("/") and href not in seen:
            seen.add(href)
            assert client.get(href).status_code == 200, href
    assert len(seen) >= 5


@pytest.mark.parametrize(
    "address, header, cookie, language",
    [
        ("/", None, None, "fr"),
        ("/", "ar-MA,ar;q=0.9,fr;q=0.5", None, "ar"),
        ("/", "de,en;q=0.5", None, "en"),
        ("/", "zh", None, "fr"),
        ("/", "ar", "en", "en"),
        ("/?lang=fr", "ar", "en", "fr"),
        ("/?lang=xx", "ar", None, "ar"),
        ("/", None, "xx", "fr"),
    ],
)
def test_the_language(client: FlaskClient, address: str, header: str | None, cookie: str | None, language: str) -> None:
    if cookie:
        client.set_cookie("kashaf_lang", cookie)
    headers = {"Accept-Language": header} if header else {}
    assert html.fromstring(client.get(address, headers=headers).text).get("lang") == language


def test_the_language_is_remembered(client: FlaskClient) -> None:
    page(client, "/?lang=ar")
    assert page(client, "/").get("dir") == "rtl"


@pytest.mark.parametrize("facet", ["person", "organisation", "language", "source", "section"])
def test_clicking_a_value_returns_what_it_counted(client: FlaskClient, facet: str) -> None:
    choices = page(client, "/?q=*").cssselect(f"#facet-{facet}-section .choose")
    assert choices
    for choice in choices:
        count = int(text(choice.cssselect(".count")[0]))
        chosen = page(client, choice.get("href"))
        assert total(chosen) == count
        [chip] = chosen.cssselect(".chip")
        assert total(page(client, chip.cssselect(".chip-remove")[0].get("href"))) == 16


def test_several_values_then_clear_all(client: FlaskClient) -> None:
    one = page(client, link(page(client, "/"), "#facet-language-section .choose", "arabe"))
    both = page(client, link(one, "#facet-language-section .choose", "français"))
    assert (total(one), total(both)) == (3, 16)
    assert len(both.cssselect("#facet-language-section .choose[aria-current]")) == 2
    assert total(page(client, link(both, ".clear", "Tout effacer"))) == 16


def test_excluding_and_letting_in_again(client: FlaskClient) -> None:
    start = page(client, "/")
    [exclude] = [a for a in start.cssselect("#facet-section-section .exclude") if "Culture" in a.get("title")]
    without = page(client, exclude.get("href"))
    assert total(without) == 15
    assert "hors de la rubrique" in text(without.cssselect(".chip-without")[0])
    again = page(client, without.cssselect("#facet-section-section .excluded .choose")[0].get("href"))
    assert total(again) == 16


def test_filters_stay_when_the_words_change(client: FlaskClient) -> None:
    form = page(client, "/?q=port&section=Culture&page=1").cssselect("form.box")[0]
    assert dict(form.form_values()) == {"q": "port", "section": "Culture"}


def test_the_histogram_zooms_from_year_to_day(client: FlaskClient) -> None:
    months = page(client, "/?from=2026&to=2026")
    february = [bar for bar in months.cssselect("svg a") if "février" in bar.get("aria-label")]
    assert [bar.get("href") for bar in february] == ["/?from=2026-02&to=2026-02"]
    days = page(client, february[0].get("href"))
    assert [bar.get("aria-label") for bar in days.cssselect("svg a")] == [
        "2 février 2026: 1 article",
        "3 février 2026: 1 article",
    ]
    day = page(client, days.cssselect("svg a")[0].get("href"))
    assert total(day) == 1
    assert [text(step) for step in day.cssselect(".steps li")] == [
        "Toutes les dates",
        "2026",
        "février 2026",
        "2 février 2026",
    ]
    assert [[text(cell) for cell in row] for row in days.cssselect(".timeline tbody tr")] == [
        ["2 février 2026", "1"],
        ["3 février 2026", "1"],
    ]


def test_no_histogram_when_nothing_is_dated(client: FlaskClient) -> None:
    undated = page(client, link(page(client, "/"), "a", "Sans date"))
    assert total(undated) == 2
    assert not undated.cssselect(".timeline")


def test_a_facet_is_searched_without_javascript(client: FlaskClient) -> None:
    found = page(client, "/?find_person=%D8%B3%D9%84%D9%85%D9%89")
    names = [text(bdi) for bdi in found.cssselect("#facet-person-section .choose bdi")]
    assert names and all("Salma" in name or "سلمى" in name for name in names)
    assert total(found) == 16  # the list of articles is not touched


def test_the_fragment_of_a_facet_is_the_same_as_on_the_page(client: FlaskClient) -> None:
    whole = page(client, "/?find_person=salma&language=ar").cssselect("#facet-person-section .choices")[0]
    part = html.fromstring(client.get("/facet/person?find_person=salma&language=ar").text).cssselect(".choices")[0]
    assert [a.get("href") for a in whole.cssselect("a")] == [a.get("href") for a in part.cssselect("a")]


def test_showing_more_of_a_facet(client: FlaskClient) -> None:
    start = page(client, "/")
    assert len(start.cssselect("#facet-source-section .choose")) == 8
    more = page(client, link(start, "#facet-source-section .more a", "Afficher plus"))
    assert len(more.cssselect("#facet-source-section .choose")) == 9
    fewer = page(client, link(more, "#facet-source-section .more a", "Afficher moins"))
    assert len(fewer.cssselect("#facet-source-section .choose")) == 8


def test_hits_say_how_they_matched_and_how_they_are_dated(client: FlaskClient) -> None:
    found = page(client, "/?q=Idrissi")
    rungs = {text(hit.cssselect("h2")[0]): text(hit.cssselect(".rung")[0]) for hit in found.cssselect(".hit")}
    assert rungs["La bibliothèque numérique ouvre ses portes"] == "mot exact"
    assert rungs["المكتبة الرقمية تفتح أبوابها"] == "nom, autre graphie"
    assert "(d’après le texte)" in text(found)
    exact = page(client, link(found, ".choice a", "mots exacts"))
    assert total(exact) == 1 < total(found)


def test_the_matches_are_marked(client: FlaskClient) -> None:
    marks = page(client, "/?q=biblioth%C3%A8que").cssselect(".hit mark")
    assert {text(mark).lower() for mark in marks} == {"bibliothèque"}


def test_paging(client: FlaskClient) -> None:
    first = page(client, "/?size=6&sort=newest")
    second = page(client, first.cssselect("a[rel=next]")[0].get("href"))
    third = page(client, second.cssselect("a[rel=next]")[0].get("href"))
    assert not third.cssselect("a[rel=next]")
    headlines = [text(h) for p in (first, second, third) for h in p.cssselect(".hit h2")]
    assert len(headlines) == 16
    back = page(client, third.cssselect("a[rel=prev]")[0].get("href"))
    assert [text(h) for h in back.cssselect(".hit h2")] == headlines[6:12]


def test_nothing_typed_is_an_error(client: FlaskClient) -> None:
    for typed in ('"', "(((", "AND", "a:b:c", "date:[zzzz TO 99999]", "*", "?" * 200, "NOT OR x", "\x00", "😀"):
        assert client.get("/", query_string={"q": typed}).status_code == 200, typed
    assert "guillemet" in text(page(client, "/?q=%22port").cssselect(".notice")[0])


def test_what_cannot_be_used_is_set_aside_and_said(client: FlaskClient) -> None:
    notices = [text(notice) for notice in page(client, "/?form=2020&page=x&from=2026-99").cssselect(".notice")]
    assert len(notices) == 3
    assert any("« form »" in notice and "2020" in notice for notice in notices)


def test_the_empty_state_helps(client: FlaskClient) -> None:
    empty = page(client, "/?q=introuvable&language=ar&match=exact").cssselect(".empty")[0]
    assert [a.get("href") for a in empty.cssselect("a")][:2] == [
        "/?q=introuvable&match=exact",
        "/?q=introuvable&language=ar",
    ]


def test_reading_an_article(client: FlaskClient) -> None:
    article = page(client, "/articles/bibliotheque?q=biblioth%C3%A8que")
    assert text(article.cssselect("h1")[0]) == "La bibliothèque numérique ouvre ses portes"
    assert {text(mark).lower() for mark in article.cssselect("article mark")} == {"bibliothèque"}
    folded = article.cssselect("details.clutter")
    assert [text(part.cssselect("p")[0]) for part in folded] == ["Menu Accueil Sport Culture", "Lire aussi : le port"]
    assert [text(part.cssselect("summary")[0]) for part in folded] == [
        "texte écarté · menu",
        "texte écarté · articles liés",
    ]
    names = {text(a): a.get("href") for a in article.cssselect(".body a.name")}
    assert set(names) == {"Salma Idrissi", "Karim Belhaj"}
    assert all(re.fullmatch(r"/entities/p\d+", href) for href in names.values())
    [original] = [a for a in article.cssselect("aside a") if a.get("rel")]
    assert original.get("href") == "https://courrier.example/bibliotheque?a=1&b=2"
    assert "noopener" in original.get("rel")
    assert text(article.cssselect(".citation")[0]) == (
        "Nadia Roussel, « La bibliothèque numérique ouvre ses portes », Le Courrier de Tamara, 2 février 2026."
    )


def test_the_page_of_a_person(client: FlaskClient) -> None:
    href = page(client, "/articles/bibliotheque").cssselect(".body a.name")[0].get("href")
    person = page(client, href)
    assert text(person.cssselect("h1")[0]) == "Salma Idrissi"
    assert "سلمى الإدريسي" in text(person)
    assert total(page(client, person.cssselect("a.button")[0].get("href"))) == 4
    assert text(page(client, href + "?lang=ar").cssselect("h1")[0]) == "سلمى الإدريسي"


def test_a_copy_that_still_holds_is_not_sent_again(client: FlaskClient) -> None:
    etag = client.get("/?q=port").headers["ETag"]
    assert client.get("/?q=port", headers={"If-None-Match": etag}).status_code == 304
    assert client.get("/?q=port", headers={"If-None-Match": etag, "Accept-Language": "ar"}).status_code == 200
    assert "Accept-Language" in client.get("/?q=port").headers["Vary"]


def test_a_search_that_runs_out_of_time_is_still_a_page(archive_folder: Path) -> None:
    hurried = create_app(Settings(archive=archive_folder, budget=0.0)).test_client()
    entity = hurried.get("/api/v1/suggest?q=Salma").get_json()["suggestions"]
    for state in (
        "",
        "q=port",
        "q=port&source=Le+Courrier+de+Tamara&exclude_person=nobody",
        "undated=1",
        "more=person",
    ):
        page = hurried.get(f"/?{state}", headers={"Accept-Language": "en"})
        assert page.status_code == 200, state
        assert "The search took too long" in page.text
        answer = hurried.get(f"/api/v1/search?{state.replace('more=person', '')}").get_json()
        assert answer["partial"] and set(answer["facets"]) == {*VALUE_FACETS, "date"}
    assert hurried.get("/facet/person?q=port").status_code == 200
    for one in entity:
        assert hurried.get(f"/entities/{one['id']}").status_code == 200
    assert hurried.get("/articles/port-1?q=port").status_code == 200


def test_citations_have_the_comma_of_the_language(client: FlaskClient) -> None:
    for language, comma in (("ar", "، "), ("fr", ", ")):
        [cited] = page(client, "/articles/ar-0", Accept_Language=language).cssselect(".citation")
        assert cited.text_content().count(comma) == 2, cited.text_content()


@pytest.mark.parametrize(
    "typed, found",
    [
        ("fran", {"fr"}),
        ("FRANÇ", {"fr"}),
        ("fren", {"fr"}),
        ("الفرن", {"fr"}),
        ("fr", {"fr"}),
        ("arab", {"ar"}),
        ("عرب", {"ar"}),
        ("klingon", set()),
    ],
)
def test_languages_are_found_by_name(client: FlaskClient, typed: str, found: set[str]) -> None:
    buckets = client.get("/api/v1/facets/language", query_string={"prefix": typed}).get_json()["buckets"]
    assert {bucket["id"] for bucket in buckets} == found
    section = client.get("/", query_string={"find_language": typed}).text.partition('id="facet-language"')[2]
    shown = re.findall(r"[?&;]language=(\w+)", section.partition("</section>")[0])
    assert set(shown) == found
