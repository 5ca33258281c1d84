"""The operator's page and its JSON: what they tell, and to whom."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver

from kashaf.index.refusals import Refusal
from kashaf.index.reports import Run
from kashaf.ingest import ingest
from kashaf.search.archive import open_archive
from kashaf.web import create_app
from kashaf.web.admin_api import members
from kashaf.web.settings import SETTINGS, Settings, token_digest
from tests.web.browsing import complaints
from tests.web.conftest import PAYLOADS, TOKEN

AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text(encoding="utf-8")
REPORT = "/api/v1/admin"


@pytest.fixture(scope="module")
def operated(archive_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application of an archive that has been through something."""
    folder = tmp_path_factory.mktemp("operated") / "archive"
    shutil.copytree(archive_folder, folder)
    news = folder.parent / "news.jsonl"
    news.write_text('{"id": "x", "headline": "Le phare", "body": "Il rouvre."}\nnothing\n', encoding="utf-8")
    with open_archive(folder) as archive:
        ingest(archive, [news])
        refusals = tuple(Refusal(f"file {payload}", f"reason {payload}") for payload in PAYLOADS)
        moment = "2026-02-03T04:05:06Z"
        run = Run(moment, moment, "http", 1, 2, 3, len(refusals), False, refusals)
        archive.report(lambda reports: reports.keep_run(run))
        archive.report(lambda reports: reports.keep_check([f"damaged {payload}" for payload in PAYLOADS]))
    return create_app(Settings(archive=folder, token_sha256=token_digest(TOKEN), slow=0.0, hosts=()))


@pytest.fixture
def operator(operated: Flask) -> FlaskClient:
    """A browser of somebody who has signed in."""
    client = operated.test_client()
    assert client.post("/curate/sign-in", data={"token": TOKEN}).status_code == 303
    return client


def test_the_report(operated: Flask, bearer: dict[str, str]) -> None:
    client = operated.test_client()
    client.get("/api/v1/search?q=المكتبة")
    report = client.get(REPORT, headers=bearer).get_json()
    figures = report["archive"]
    assert (figures["articles"], figures["undated"], figures["behind"], figures["outdated"]) == (17, 3, 0, False)
    assert figures["languages"] == {"fr": 14, "ar": 3} and figures["sources"]["صدى الساحل"] == 3
    assert figures["segments"] >= 1 and figures["store_bytes"] > 0 and figures["generation"] >= 2
    last, first = report["runs"]
    assert (last["way"], last["finished"], last["refused"], len(last["refusals"])) == ("http", False, 6, 6)
    assert (first["way"], first["added"], first["refused"]) == ("files", 1, 1)
    assert first["refusals"][0]["where"].endswith("news.jsonl:2")
    assert [(c["added"], c["replaced"], c["deleted"]) for c in report["commits"]] == [(1, 0, 0), (16, 0, 0)]
    assert len(report["check"]["problems"]) == 6
    asked = [one for one in report["slow"] if one["path"] == "/api/v1/search"]
    assert asked and asked[0]["query"] == "q=المكتبة" and asked[0]["status"] == 200
    assert {"kashaf", "python", "flask", "whoosh"} <= set(report["versions"])
    held = {one["name"]: one for one in report["settings"]}
    assert list(held) == list(SETTINGS)
    assert held["token_sha256"] == {"name": "token_sha256", "value": None, "is_default": False}
    assert held["slow"] == {"name": "slow", "value": "0.0", "is_default": False}
    assert held["budget"]["is_default"] is True
    assert token_digest(TOKEN) not in json.dumps(report)


def test_an_archive_without_a_past(archive_folder: Path, bearer: dict[str, str]) -> None:
    client = create_app(Settings(archive=archive_folder, token_sha256=token_digest(TOKEN))).test_client()
    report = client.get(REPORT, headers=bearer).get_json()
    assert (report["runs"], report["check"], report["slow"]) == ([], None, [])


def test_the_contract_has_the_report(operated: Flask) -> None:
    with operated.test_request_context():
        found = members()
    document = operated.test_client().get("/api/v1/openapi.json").get_json()
    operation = document["paths"]["/api/v1/admin"]["get"]
    assert operation["security"] == [{"token": []}]
    assert set(document["components"]["schemas"]["AdminAnswer"]["properties"]) == set(found)
    example = operation["responses"]["200"]["content"]["application/json"]["example"]
    assert set(example) == set(found) and set(example["archive"]) == set(found["archive"])


@pytest.mark.parametrize("header", [None, "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN[:-1]}"])
def test_nobody_else_is_told(operated: Flask, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    answer = operated.test_client().get(REPORT, headers=headers)
    assert answer.status_code == 401 and set(answer.get_json()) & {"archive", "settings"} == set()
    page = operated.test_client().get("/admin", headers=headers)
    assert (page.status_code, page.headers["Location"]) == (303, "/curate/sign-in")


def test_nobody_is_told_from_memory(operated: Flask, bearer: dict[str, str]) -> None:
    client = operated.test_client()
    told = client.get(REPORT, headers=bearer)
    assert "ETag" not in told.headers and told.headers["Cache-Control"] == "no-store"
    assert client.get(REPORT).status_code == 401


def test_without_a_token_there_is_no_page(client: FlaskClient, bearer: dict[str, str]) -> None:
    assert client.get("/admin").status_code == 403
    assert client.get(REPORT, headers=bearer).get_json()["type"] == "/problems/writes-off"


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
def test_the_page_tells_the_same_and_hostile_text_is_inert(operator: FlaskClient, language: str) -> None:
    answer = operator.get(f"/admin?lang={language}")
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    page = html.fromstring(answer.text)
    assert page.get("dir") == ("rtl" if language == "ar" else "ltr")
    assert not list(page.iter("img", "iframe", "object", "style"))
    assert all(script.get("src", "").startswith("/static/") for script in page.iter("script"))
    text = page.text_content()
    shown = ["<script>window.pwned=1</script>", "{{ 7*7 }}", "news.jsonl:2", "صدى الساحل", "wrong_tokens_per_minute"]
    for told in shown:
        assert told in text, told
    assert "49" not in [cell.text_content().strip() for cell in page.cssselect("td")]
    assert page.cssselect("[data-check=wrong]") and token_digest(TOKEN) not in answer.text
    headings = [element.get("id") for element in page.cssselect("h2")]
    assert headings == ["archive", "runs", "slow", "settings", "versions"]


@pytest.mark.parametrize("language", ["fr", "ar"])
@pytest.mark.parametrize("width", [1280, 360])
def test_the_page_is_accessible_and_fits(
    operated: Flask, live: Callable[[Flask], str], open_browser: Callable[..., WebDriver], language: str, width: int
) -> None:
    driver = open_browser(width, 800, language=language)
    address = live(operated)
    driver.get(f"{address}/curate/sign-in?lang={language}")
    driver.find_element(By.NAME, "token").send_keys(TOKEN)
    driver.find_element(By.CSS_SELECTOR, "main form button").click()
    complaints(driver)
    driver.get(f"{address}/admin")
    assert driver.find_element(By.TAG_NAME, "h1").text
    assert driver.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")
    driver.execute_script(AXE)
    broken = driver.execute_async_script(
        "const done = arguments[0]; axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']})"
        ".then((found) => done(found.violations.map((rule) => rule.id + rule.nodes.map((node) => node.html).join())))"
    )
    assert broken == [] and complaints(driver) == []
