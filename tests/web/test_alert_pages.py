"""Alerts on the pages: signing in on the way, making one of a search, reading, changing, removing."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from lxml import html

from tests.web.conftest import PAYLOADS, TOKEN


def signature(page: str) -> str:
    found = re.search('name="form" value="([0-9a-f]{64})"', page)
    assert found is not None
    return found[1]


@pytest.fixture
def curator(writable: FlaskClient) -> FlaskClient:
    """A client that has signed in."""
    assert writable.post("/alerts/sign-in", data={"token": TOKEN}).status_code == 303
    return writable


def send(client: FlaskClient, address: str, where: str = "/alerts/", **fields: str) -> str:
    """Sends a form as the page `where` would; the text of the page that follows."""
    form = {"form": signature(client.get(where).get_data(as_text=True)), **fields}
    return client.post(address, data=form, follow_redirects=True).get_data(as_text=True)


def test_a_search_becomes_an_alert_with_signing_in_on_the_way(writable: FlaskClient) -> None:
    results = html.fromstring(writable.get("/?q=port&language=fr&sort=newest&lang=en").get_data(as_text=True))
    (link,) = (a.get("href") for a in results.iter("a") if a.text == "alert")
    assert link == "/alerts/?q=port&language=fr"
    (form,) = html.fromstring(writable.get(link).get_data(as_text=True)).xpath("//form[.//input[@name='token']]")
    wrong = writable.post(form.get("action"), data={"token": "no"})
    assert wrong.status_code == 403 and "q=port" in wrong.get_data(as_text=True)
    right = writable.post(form.get("action"), data={"token": TOKEN})
    assert (right.status_code, right.headers["Location"]) == (303, link)
    assert "Le quai" in send(writable, link, link, name="Le quai")
    kept = writable.get("/api/v1/alerts", headers={"Authorization": f"Bearer {TOKEN}"}).json
    assert kept is not None
    assert [(a["name"], a["search"]) for a in kept["alerts"]] == [("Le quai", {"q": "port", "language": ["fr"]})]


def made(client: FlaskClient, **fields: str) -> str:
    """The address of a new alert."""
    send(client, "/alerts/", q="eau potable", **fields)
    (alert,) = client.get("/api/v1/alerts", headers={"Authorization": f"Bearer {TOKEN}"}).json["alerts"]  # type: ignore[index]
    return f"/alerts/{alert['id']}"


def test_reading_changing_removing(curator: FlaskClient) -> None:
    here = made(curator)
    assert "Nothing yet." in curator.get(f"{here}?lang=en").get_data(as_text=True)
    article = {"id": "one", "headline": "Fès <b>", "body": "Des eaux potables <i>.", "language": "fr"}
    curator.post("/api/v1/articles", json=article, headers={"Authorization": f"Bearer {TOKEN}"})
    found = curator.get(f"{here}?lang=en").get_data(as_text=True)
    assert "Fès &lt;b&gt;" in found and "Matched by word family: eaux, potables." in found
    assert "eaux potables &lt;i&gt;." in found
    assert "Les eaux" in send(curator, here, here, name="Les eaux", webhook="")
    asked = send(curator, f"{here}/remove", here)
    assert "Les eaux" in asked and curator.get(here).status_code == 200
    send(curator, f"{here}/remove", here, sure="1")
    assert curator.get(here).status_code == 404


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
@pytest.mark.parametrize(("fields", "box"), [({"webhook": "ftp://x/"}, "alert-webhook"), ({"name": ""}, "alert-name")])
def test_a_wrong_box_is_marked(curator: FlaskClient, language: str, fields: dict[str, str], box: str) -> None:
    here = made(curator)
    curator.get(f"/?lang={language}")
    page = html.fromstring(send(curator, here, here, **{"name": "x", "webhook": "", **fields}))
    (marked,) = page.xpath("//*[@aria-invalid]")
    (said,) = page.xpath("//*[@role='alert']")
    assert marked.get("id") == box and marked.get("aria-describedby") == said.get("id") and said.text_content().strip()


def test_only_curators(writable: FlaskClient, client: FlaskClient) -> None:
    for address in ("/alerts/", "/alerts/abc"):
        assert 'name="token"' in writable.get(address).get_data(as_text=True)
        refused = writable.post(address, data={"q": "eau"})
        assert refused.status_code == 403 and 'name="token"' in refused.get_data(as_text=True)
        assert 'name="token"' not in client.get(address).get_data(as_text=True)  # there is none to give
        assert client.post(address, data={"q": "eau"}).status_code == 403
    assert writable.get("/api/v1/alerts", headers={"Authorization": f"Bearer {TOKEN}"}).json == {"alerts": []}


def test_forms_of_others_are_refused(curator: FlaskClient) -> None:
    good = signature(curator.get("/alerts/").get_data(as_text=True))
    for form, headers in (
        ({}, {}),
        ({"form": "0" * 64}, {}),
        ({"form": good}, {"Origin": "https://evil.example"}),
        ({"form": good}, {"Sec-Fetch-Site": "cross-site"}),
    ):
        assert curator.post("/alerts/", data={"q": "eau", **form}, headers=headers).status_code == 403
    assert curator.get("/api/v1/alerts", headers={"Authorization": f"Bearer {TOKEN}"}).json == {"alerts": []}


def test_signing_in_leads_nowhere_else(writable: FlaskClient) -> None:
    answer = writable.post(
        "/alerts/sign-in?q=eau&next=//evil.example&then=https://evil.example/", data={"token": TOKEN}
    )
    assert answer.headers["Location"] == "/alerts/?q=eau"
    assert urlsplit(answer.headers["Location"]).netloc == ""


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_words_are_inert(curator: FlaskClient, payload: str) -> None:
    send(curator, "/alerts/", q=payload, name=f"n {payload}")
    (alert,) = curator.get("/api/v1/alerts", headers={"Authorization": f"Bearer {TOKEN}"}).json["alerts"]  # type: ignore[index]
    for address in ("/alerts/", f"/alerts/{alert['id']}", f"/alerts/?q={payload}"):
        page = html.fromstring(curator.get(address).get_data(as_text=True))
        assert not page.xpath("//script[not(@src)] | //img | //*[@onerror] | //*[@onload]")


def test_nothing_is_kept_on_the_way(curator: FlaskClient) -> None:
    assert curator.get("/alerts/").headers["Cache-Control"] == "no-store"
