"""Curating in the browser: signing in, forms that nobody else can send, decisions and the way back."""

from __future__ import annotations

import hashlib
import hmac
import io
import re
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import html
from werkzeug.test import TestResponse

from kashaf.search.archive import open_archive
from kashaf.web import create_app
from kashaf.web.curators import COOKIE, SECONDS
from kashaf.web.serving import archive as served
from kashaf.web.settings import Settings, token_digest
from kashaf.web.shared import Shared
from tests.web.conftest import PAYLOADS, TOKEN
from tests.web.desk_articles import PERSONS, article

ACTS = ("merge", "split", "label", "wikidata", "note", "reject")
SHARED = Shared()  # of a server whose secret the tests know


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with open_archive(tmp_path / "desk", create=True) as archive, archive.writer() as writer:
        for number, name in enumerate(PERSONS):
            writer.add(article(number, name))
    return tmp_path / "desk"


class Curator:
    """Somebody at a browser: fills in the forms that the pages show."""

    def __init__(self, folder: Path, token: str = TOKEN, shared: Shared | None = None) -> None:
        settings = Settings(archive=folder, token_sha256=token_digest(token), wrong_tokens_per_minute=5)
        self.client: FlaskClient = create_app(settings, shared).test_client()

    def sign_in(self, token: str = TOKEN, **more: str) -> TestResponse:
        return self.client.post("/curate/sign-in", data={"token": token, **more})

    @property
    def cookie(self) -> str | None:
        found = self.client.get_cookie(COOKIE)
        return found.value if found else None

    def page(self, path: str) -> html.HtmlElement:
        answer = self.client.get(path, follow_redirects=True)
        assert answer.status_code == 200, answer.text
        return html.fromstring(answer.text)

    def csrf(self) -> str:
        found: str = self.page("/curate/").cssselect("input[name=form]")[0].get("value")
        return found

    def send(self, path: str, data: Mapping[str, object], status: int = 303) -> TestResponse:
        answer = self.client.post(path, data={"form": self.csrf(), **data})
        assert answer.status_code == status, answer.text
        return answer

    def id(self, name: str) -> str:
        found: str = self.client.get(f"/api/v1/entities?q={name}&kind=person").get_json()["entities"][0]["id"]
        return found

    def facet(self) -> dict[str, int]:
        page = html.fromstring(self.client.get("/?lang=fr").text)
        choices = page.cssselect("#facet-person-section .choose")
        return {
            one.cssselect("bdi")[0].text_content(): int(one.cssselect(".count")[0].text_content()) for one in choices
        }

    def decisions(self) -> int:
        return len(self.page("/curate/log").cssselect(".log > li"))


@pytest.fixture
def curator(folder: Path) -> Iterator[Curator]:
    found = Curator(folder)
    assert found.sign_in().status_code == 303
    yield found


# ---------------------------------------------------------------- signing in


def test_the_cookie_of_a_session_is_out_of_reach(folder: Path) -> None:
    guest = Curator(folder)
    answer = guest.sign_in()
    assert answer.status_code == 303 and answer.location == "/curate/"
    [said] = answer.headers.getlist("Set-Cookie")
    assert "HttpOnly" in said and "SameSite=Strict" in said and f"Max-Age={SECONDS}" in said
    assert "Secure" not in said and TOKEN not in said and token_digest(TOKEN) not in said
    safe = guest.client.post("/curate/sign-in", data={"token": TOKEN}, base_url="https://localhost")
    assert "Secure" in safe.headers["Set-Cookie"]
    guest.client.post("/curate/sign-out", data={"form": guest.csrf()})
    assert guest.cookie is None
    assert guest.client.get("/curate/").location == "/curate/sign-in"


def test_a_wrong_token_is_told_and_cannot_be_guessed(folder: Path) -> None:
    guest = Curator(folder)
    for _ in range(20):
        answer = guest.sign_in("wrong")
        assert guest.cookie is None
        if answer.status_code == 429:
            break
        assert answer.status_code == 403
        assert html.fromstring(answer.text).cssselect("[role=alert]")
    assert answer.status_code == 429 and int(answer.headers["Retry-After"]) > 0
    assert guest.sign_in().status_code == 429  # the right one has to wait too, or it could be guessed


def forged(expires: int, nonce: str, digest: str, secret: bytes = SHARED.secret) -> str:
    said = f"{expires}.{nonce}"
    key = secret + bytes.fromhex(digest)
    return f"{said}.{hmac.new(key, f'kashaf session {said}'.encode(), hashlib.sha256).hexdigest()}"


@pytest.mark.parametrize(
    "why, cookie",
    [
        ("empty", ""),
        ("the token itself", TOKEN),
        ("not signed", f"{int(time.time()) + 999}.{'0' * 32}.{'0' * 64}"),
        ("of who knows the hash alone", forged(int(time.time()) + 999, "0" * 32, token_digest(TOKEN), b"")),
        ("another token's", forged(int(time.time()) + 999, "0" * 32, token_digest("another"))),
        ("expired", forged(int(time.time()) - 1, "0" * 32, token_digest(TOKEN))),
        ("longer than it was", forged(int(time.time()) + 999, "0" * 32, token_digest(TOKEN)) + "0"),
        ("of other digits", forged(int(time.time()) + 999, "0" * 32, token_digest(TOKEN)).replace("0", "٠")),
    ],
)
def test_a_forged_cookie_opens_nothing(folder: Path, why: str, cookie: str) -> None:
    guest = Curator(folder, shared=SHARED)
    guest.client.set_cookie(COOKIE, cookie)
    assert guest.client.get("/curate/").status_code == 303, why
    one = guest.id("Samir Nouri")
    answer = guest.client.post(f"/curate/entities/{one}/reject", data={"sure": "1"})
    assert answer.location == f"/curate/sign-in?entity={one}"
    assert "Samir Nouri" in guest.facet()


def test_a_right_cookie_holds_until_it_expires_or_the_token_changes(folder: Path) -> None:
    guest = Curator(folder, shared=SHARED)
    guest.client.set_cookie(COOKIE, forged(int(time.time()) + 60, "0" * 32, token_digest(TOKEN)))
    assert guest.client.get("/curate/").status_code == 200
    other = Curator(folder, "another token", SHARED)
    other.client.set_cookie(COOKIE, forged(int(time.time()) + 60, "0" * 32, token_digest(TOKEN)))
    assert other.client.get("/curate/").status_code == 303


def test_every_process_of_a_server_knows_a_session_and_the_next_server_none(folder: Path) -> None:
    curator = Curator(folder, shared=SHARED)
    curator.sign_in()
    for shared, status in ((SHARED, 200), (Shared(), 303)):
        other = Curator(folder, shared=shared)
        other.client.set_cookie(COOKIE, curator.cookie or "")
        assert other.client.get("/curate/").status_code == status


def test_signing_in_leads_nowhere_else(folder: Path) -> None:
    guest = Curator(folder)
    one = guest.id("Samir Nouri")
    assert guest.sign_in(entity=one).location == f"/entities/{one}"
    for bad in ("https://evil.example", "//evil.example", "/\\evil.example", "p999", "javascript:alert(1)", "\r\nX: y"):
        assert guest.sign_in(entity=bad, next=bad).location == "/curate/"
        answer = guest.client.get("/curate/sign-in", query_string={"entity": bad, "next": bad})
        assert answer.location == "/curate/"


def test_where_no_token_is_set_the_pages_say_so(folder: Path) -> None:
    client = create_app(Settings(archive=folder), SHARED).test_client()
    for path in ("/curate/", "/curate/sign-in", "/curate/log", "/curate/entities/p1/merge"):
        assert "KASHAF_TOKEN" in client.get(f"{path}?lang=fr").text
    for path in ("/curate/sign-in", "/curate/undo", "/curate/entities/p1/reject"):
        assert client.post(path, data={"token": "", "sure": "1"}).status_code == 403
    client.set_cookie(COOKIE, forged(int(time.time()) + 60, "0" * 32, ""))
    assert "KASHAF_TOKEN" in client.get("/curate/").text


# ---------------------------------------------------------------- forms of other sites

FORMS = [
    "/curate/entities/{one}/reject",
    "/curate/entities/{one}/label",
    "/curate/undo",
    "/curate/restore",
    "/curate/suggestions/{one}-{other}",
    "/curate/import",
    "/curate/sign-out",
]


@pytest.mark.parametrize("form", FORMS)
def test_a_form_without_the_signature_of_the_session_is_refused(folder: Path, curator: Curator, form: str) -> None:
    other = Curator(folder)
    other.sign_in()
    path = form.format(one=curator.id("Samir Nouri"), other=curator.id("Mohamed Setri"))
    everything = {"sure": "1", "language": "fr", "label": "X", "number": "1", "answer": "accept"}
    for signature in ({}, {"form": ""}, {"form": "0" * 64}, {"form": other.csrf()}, {"form": "é\ud800"[:1]}):
        answer = curator.client.post(path, data={**everything, **signature})
        assert answer.status_code == 403, signature
    assert curator.decisions() == 0 and curator.cookie


@pytest.mark.parametrize(
    "headers, status",
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost.evil.example"}, 403),
        ({"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "http://localhost"}, 200),
        ({}, 200),
    ],
)
def test_a_form_of_another_site_is_refused(curator: Curator, headers: dict[str, str], status: int) -> None:
    one = curator.id("Samir Nouri")
    data = {"form": curator.csrf()}
    answer = curator.client.post(f"/curate/entities/{one}/reject", data=data, headers=headers)
    assert answer.status_code == status
    if status == 403:
        assert curator.client.post("/curate/sign-in", data={"token": TOKEN}, headers=headers).status_code == 403


def test_nothing_of_a_curator_is_kept(curator: Curator, folder: Path) -> None:
    one = curator.id("Samir Nouri")
    for path in (f"/entities/{one}", "/curate/", "/curate/log", f"/curate/entities/{one}/note"):
        answer = curator.client.get(path)
        assert answer.headers["Cache-Control"] == "no-store" and "ETag" not in answer.headers
    guest = curator.client.application.test_client()
    page = guest.get(f"/entities/{one}")
    assert not html.fromstring(page.text).cssselect("form[method=post]") and page.headers["ETag"]
    # Who has the page as a reader does not get "not modified" as a curator.
    answer = curator.client.get(f"/entities/{one}", headers={"If-None-Match": page.headers["ETag"]})
    assert answer.status_code == 200 and html.fromstring(answer.text).cssselect("form[method=post]")


# ---------------------------------------------------------------- deciding


def test_merge_by_any_spelling_then_undo(curator: Curator) -> None:
    one = curator.id("Mohamed Setri")
    found = curator.page(f"/curate/entities/{one}/merge?find=نوري")
    [box] = found.cssselect("input[name=with]")
    sure = html.fromstring(curator.send(f"/curate/entities/{one}/merge", {"with": box.get("value")}, 200).text)
    assert "3 articles" in sure.cssselect(".effect")[0].text_content()
    assert curator.facet()["Mohamed Setri"] == 2  # nothing is done yet
    answer = curator.send(f"/curate/entities/{one}/merge", {"with": box.get("value"), "sure": "1"})
    assert answer.location == f"/entities/{one}?done=1"
    assert curator.facet()["Mohamed Setri"] == 3 and "Samir Nouri" not in curator.facet()
    done = curator.page(answer.location)
    assert "Samir Nouri" in done.cssselect(".done")[0].text_content()
    # The old address leads to the one that stays, and the history is there.
    moved = curator.client.get(f"/entities/{box.get('value')}?_scheme=x&_external=1&lang=ar")
    assert moved.location == f"/entities/{one}?lang=ar"
    assert len(done.cssselect(".curation .log > li")) == 1
    [form] = done.cssselect(".done form")
    answer = curator.client.post(form.get("action"), data=dict(form.form_values()))
    assert curator.facet() == {"Mohamed Setri": 2, "Samir Nouri": 1, "Karim Belhadj": 1, "Karim Belhaj Amrani": 1}
    assert "Karim" not in curator.page(answer.location).cssselect(".done")[0].text_content()
    again = curator.client.post(form.get("action"), data=dict(form.form_values()))
    assert again.status_code == 409


def test_names_that_stand_side_by_side_are_a_warning(folder: Path, curator: Curator) -> None:
    with open_archive(folder) as archive, archive.writer() as writer:
        writer.add(article(9, "Mohamed Setri", "Samir Nouri"))
    one, other = curator.id("Mohamed Setri"), curator.id("Samir Nouri")
    sure = html.fromstring(curator.send(f"/curate/entities/{one}/merge", {"with": other}, 200).text)
    said = [each.text_content() for each in sure.cssselect(".effect li")]
    assert len(said) == 3 and "4 articles" in said[1]


def test_every_kind_of_decision_by_form(curator: Curator) -> None:
    one, other = curator.id("Mohamed Setri"), curator.id("Samir Nouri")
    steps: list[tuple[str, dict[str, object]]] = [
        ("merge", {"with": other}),
        ("split", {"name": "Samir Nouri"}),
        ("label", {"language": "ar", "label": "محمد ستري"}),
        ("wikidata", {"wikidata": "https://www.wikidata.org/wiki/Q42"}),
        ("note", {"note": "ambassadeur <b>"}),
    ]
    for number, (verb, data) in enumerate(steps, 1):
        asked = curator.client.get(f"/curate/entities/{one}/{verb}")
        assert asked.status_code == 200
        curator.send(f"/curate/entities/{one}/{verb}", data, 200)
        answer = curator.send(f"/curate/entities/{one}/{verb}", {**data, "sure": "1"})
        assert answer.location == f"/entities/{one}?done={number}", verb
    page = curator.page(f"/entities/{one}?lang=ar")
    assert page.cssselect("h1")[0].text_content() == "محمد ستري"
    assert page.cssselect(".kept-note")[0].text_content() == "ambassadeur <b>"
    assert page.cssselect('a[href="https://www.wikidata.org/wiki/Q42"]')
    answer = curator.send(f"/curate/entities/{one}/reject", {"sure": "1"})
    assert answer.location == "/curate/?done=6"
    assert curator.client.get(f"/entities/{one}").status_code == 404
    [form] = curator.page("/curate/rejected").cssselect(".log form")
    answer = curator.client.post(form.get("action"), data=dict(form.form_values()))
    assert answer.location == f"/entities/{one}?done=7"
    for verb, box in (("label", "label"), ("wikidata", "wikidata"), ("note", "note")):
        curator.send(f"/curate/entities/{one}/{verb}", {"language": "ar", box: "", "sure": "1"})
    page = curator.page(f"/entities/{one}?lang=ar")
    assert page.cssselect("h1")[0].text_content() == "Mohamed Setri" and not page.cssselect(".kept-note")


def test_what_cannot_be_decided_is_told_in_the_readers_language(curator: Curator) -> None:
    one, office = curator.id("Mohamed Setri"), "o1"
    office = curator.client.get("/api/v1/entities?kind=organisation").get_json()["entities"][0]["id"]
    cases: list[tuple[str, dict[str, object]]] = [
        ("merge", {}),
        ("merge", {"with": office}),
        ("merge", {"with": one}),
        ("split", {}),
        ("split", {"name": "Mohamed Setri"}),
        ("split", {"name": "Autre"}),
        ("label", {"language": "en", "label": "X"}),
        ("label", {"language": "fr", "label": "x" * 201}),
        ("label", {"language": "fr", "label": "\u202e…"}),
        ("wikidata", {"wikidata": "Q0"}),
        ("note", {"note": "…" * 3}),
    ]
    said = set()
    for verb, data in cases:
        for sure in ({}, {"sure": "1"}):
            answer = curator.send(f"/curate/entities/{one}/{verb}?lang=ar", {**data, **sure}, 409)
            told = html.fromstring(answer.text).cssselect("[role=alert]")[0].text_content()
            assert re.search("[\u0621-\u064a]", told) and not re.search("[a-z]{3}", told), told
            said.add(told)
    assert len(said) == 7 and curator.decisions() == 0
    assert curator.send("/curate/entities/p999/note", {"note": "x"}, 404)
    assert curator.send(f"/curate/entities/{one}/marry", {}, 404)
    assert curator.send("/curate/undo", {"number": "99"}, 404)
    assert curator.send("/curate/undo", {"number": "x"}, 404)
    assert curator.send("/curate/undo", {"number": "9" * 5_000}, 404)
    for path in ("/curate/", "/curate/log", f"/entities/{curator.id('Samir Nouri')}"):
        for number in ("0", "x", "9" * 19, "9" * 5_000):
            for name in ("done", "page"):
                assert curator.client.get(f"{path}?{name}={number}").status_code == 200, path


def test_the_desk_accepts_refuses_and_takes_back(curator: Curator) -> None:
    desk = curator.page("/curate/?lang=fr&kind=person")
    [pair] = desk.cssselect(".pair")
    assert "%" in pair.cssselect(".for")[0].text_content() and pair.cssselect(".against")
    [form] = pair.cssselect("form")
    data = dict(form.form_values())
    answer = curator.client.post(form.get("action"), data={**data, "answer": "accept"})
    assert answer.location == "/curate/?done=1&kind=person"
    assert len(curator.facet()) == 3
    desk = curator.page(answer.location)
    assert not desk.cssselect(".pair")
    [undo] = desk.cssselect(".done form")
    curator.client.post(undo.get("action"), data=dict(undo.form_values()))
    assert len(curator.facet()) == 4 and curator.page("/curate/").cssselect(".pair")
    curator.client.post(form.get("action"), data={**data, "answer": "refuse"})
    assert not curator.page("/curate/?kind=person").cssselect(".pair") and len(curator.facet()) == 4
    assert curator.client.post(form.get("action"), data=data).status_code == 400


def test_decisions_go_out_and_come_in_as_a_file(curator: Curator) -> None:
    one, other = curator.id("Mohamed Setri"), curator.id("Samir Nouri")
    curator.send(f"/curate/entities/{one}/merge", {"with": other, "sure": "1"})
    exported = curator.client.get("/curate/decisions.jsonl").data
    curator.send("/curate/undo", {"number": "1"})
    answer = curator.send("/curate/import", {"file": (io.BytesIO(exported), "x.jsonl")})
    assert curator.facet()["Mohamed Setri"] == 3
    assert curator.page(answer.location).cssselect(".done form")
    answer = curator.send("/curate/import", {"file": (io.BytesIO(exported), "x.jsonl")})
    assert answer.location == "/curate/?done=0&brought=1"
    curator.send("/curate/undo", {"number": "2"})
    assert curator.facet()["Mohamed Setri"] == 2
    for bad in (b"", b"{}", exported + exported):
        curator.send("/curate/import", {"file": (io.BytesIO(bad), "x.jsonl")}, 422)
    assert curator.send("/curate/import", {}, 422)


# ---------------------------------------------------------------- pages for readers


def test_the_portrait_of_an_entity(curator: Curator) -> None:
    page = curator.page(f"/entities/{curator.id('Mohamed Setri')}?lang=fr")
    assert [one.text_content() for one in page.cssselect(".span dd a")] == ["Nouvelle 0", "Nouvelle 1"]
    assert page.cssselect(".together table a")[0].text_content() == "Office des ports"
    assert not page.cssselect(".network")  # with one neighbour there is nothing to see


def test_the_network_is_a_picture_of_the_tables(client: FlaskClient) -> None:
    one = client.get("/api/v1/entities?q=Karim Belhaj&kind=person").get_json()["entities"][0]["id"]
    pages = {
        language: html.fromstring(client.get(f"/entities/{one}?lang={language}").text) for language in ("fr", "ar")
    }
    found = {}
    for language, page in pages.items():
        [svg] = page.cssselect(".network svg")
        assert svg.find("title").text and svg.find("desc").text
        links = {link.get("href"): link for link in svg.cssselect("a")}
        table = {link.get("href") for link in page.cssselect(".together tbody tr td:first-child a")}
        assert links and set(links) <= table
        assert all(link.get("aria-label") and link.find("title").text for link in links.values())
        found[language] = {href: float(link.find("text").get("x")) for href, link in links.items()}
    again = html.fromstring(client.get(f"/entities/{one}?lang=fr").text)
    assert {a.get("href"): float(a.find("text").get("x")) for a in again.cssselect(".network a")} == found["fr"]
    # Mirrored for readers from right to left: what was on the left is on the right.
    places = [
        [circle.get(axis) for circle in pages[which].cssselect(".network circle")]
        for which, axis in (("fr", "cx"), ("ar", "cx"))
    ]
    assert [round(640 - float(x), 1) for x in places[0]] == [float(x) for x in places[1]]


def test_lists_of_persons_and_organisations(client: FlaskClient) -> None:
    page = html.fromstring(client.get("/persons?lang=fr").text)
    names = [one.text_content() for one in page.cssselect(".everybody a")]
    counts = [int(re.sub(r"\D", "", one.text_content())) for one in page.cssselect(".everybody .count")]
    assert names[0] == "Karim Belhaj" and counts == sorted(counts, reverse=True) and counts[0] == 10
    page = html.fromstring(client.get("/persons?lang=fr&order=name").text)
    letters = [one.text_content() for one in page.cssselect(".letters a")]
    assert letters == sorted(letters, key=lambda letter: (letter == "#", letter))
    page = html.fromstring(client.get("/persons?lang=fr&order=name&letter=k").text)
    assert [one.text_content() for one in page.cssselect(".everybody a")] == ["Karim Belhaj"]
    page = html.fromstring(client.get("/persons?lang=fr&order=name&script=ar").text)
    assert [one.text_content() for one in page.cssselect(".everybody a")] == ["سلمى الإدريسي", "كريم بلحاج"]
    page = html.fromstring(client.get("/persons?q=الإدريسي&lang=fr").text)
    assert [one.text_content() for one in page.cssselect(".everybody a")] == ["Salma Idrissi"]
    page = html.fromstring(client.get("/organisations?lang=ar").text)
    assert "مكتبة تمارة" in [one.text_content() for one in page.cssselect(".everybody a")]
    assert not html.fromstring(client.get("/persons?q=zzz&lang=fr").text).cssselect(".everybody a")
    assert client.get("/persons?order=name&letter=ж").status_code == 404
    for odd in ("page=0", "page=-1", "page=9999999", "page=x", "page=٣", "script=xx", "order=xx", "letter=", "q=%00"):
        assert client.get(f"/persons?{odd}&lang=fr").status_code == 200, odd


def test_a_list_of_yesterday_is_not_kept_as_that_of_today(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Readers get a list that is up to a minute old, and after that minute the new one, at the same address."""
    path = "/persons?order=name&lang=fr"
    client, at = Curator(folder).client, [time.monotonic()]
    monkeypatch.setattr("kashaf.web.people.time.monotonic", lambda: at[0])

    def names() -> set[str]:
        answer = client.get(path)
        return {one.text_content() for one in html.fromstring(answer.text).cssselect(".everybody a")}

    before = names()
    with open_archive(folder) as archive, archive.writer() as writer:
        writer.add(article(20, "Zineb Ziani"))
    with client.application.app_context():
        served().refresh()
    assert names() == before and client.get(path).headers["Cache-Control"] == "no-store"
    at[0] += 61
    assert names() == {*before, "Zineb Ziani"}
    assert "ETag" in client.get(path).headers


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
def test_hostile_names_are_inert_on_every_page(tmp_path: Path, language: str) -> None:
    with open_archive(tmp_path / "desk", create=True) as archive, archive.writer() as writer:
        for number, payload in enumerate(PAYLOADS):
            writer.add(article(number, f"Ali {payload}", f"Omar {payload}", "Zaki Nouri", headline=payload))
    curator = Curator(tmp_path / "desk")
    curator.sign_in()
    everybody = curator.client.get("/api/v1/entities?size=100").get_json()["entities"]
    assert len(everybody) > 2 * len(PAYLOADS)
    paths = [
        "/persons",
        "/persons?order=name",
        f"/persons?q={PAYLOADS[0]}",
        "/organisations",
        "/curate/",
        "/curate/log",
    ]
    for one in everybody:
        label, note = {"language": "fr", "label": f"x {PAYLOADS[1]}"}, {"note": f"x {PAYLOADS[2]}"}
        curator.send(f"/curate/entities/{one['id']}/label", {**label, "sure": "1"})
        curator.send(f"/curate/entities/{one['id']}/note", {**note, "sure": "1"})
        paths += [f"/entities/{one['id']}?done=1", f"/curate/entities/{one['id']}/merge?find=Ali"]
        paths += [f"/curate/entities/{one['id']}/split", f"/curate/entities/{one['id']}/note"]
    curator.send(f"/curate/entities/{everybody[0]['id']}/reject", {"sure": "1"})
    answers = [(path, curator.client.get(f"{path}{'&' if '?' in path else '?'}lang={language}")) for path in paths]
    answers.append(("/curate/rejected", curator.client.get(f"/curate/rejected?lang={language}")))
    for verb, data in (("label", {"language": "ar", "label": PAYLOADS[0]}), ("note", {"note": PAYLOADS[1]})):
        answers.append((verb, curator.send(f"/curate/entities/{everybody[1]['id']}/{verb}", data, 200)))
    for path, answer in answers:
        assert answer.status_code in (200, 404), path
        page = html.fromstring(answer.text)
        assert {one.get("src", "").split("?")[0].rpartition("/")[0] for one in page.iter("script")} == {"/static"}, path
        assert not list(page.iter("img", "iframe", "object", "style", "base")), path
        assert len(list(page.iter("title"))) == 1 + len(page.cssselect("svg title")), path
        for element in page.iter():
            assert not [name for name in element.attrib if name.startswith("on")], path
            for name in ("href", "src", "action"):
                assert not element.get(name, "").strip().lower().startswith(("javascript:", "data:")), path
