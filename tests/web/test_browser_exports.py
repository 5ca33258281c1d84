"""Exports in a real browser: with the progress shown, stopped, broken off, and without scripts."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.ui import WebDriverWait

from kashaf.index.article import Article
from kashaf.search.archive import open_archive
from kashaf.web import create_app, exports
from kashaf.web.export_formats import FORMATS

Open = Callable[..., WebDriver]
COUNT = 2_000
AT_ONCE = 2  # exports of one worker


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application of an archive that takes a moment to send."""
    folder = tmp_path_factory.mktemp("many")
    with open_archive(folder, create=True) as archive, archive.writer() as writer:
        for number in range(COUNT):
            headline = f'Le phare {number}, dit "l\'ancien"\nde la côte'
            writer.add(Article(id=f"a{number}", headline=headline, body=f"Le phare {number}.", language="fr"))
    return create_app(folder)


@pytest.fixture(scope="module")
def site(served: Flask, live: Callable[[Flask], str]) -> str:
    """The address of a server of it."""
    return live(served)


@pytest.fixture
def downloads(tmp_path: Path) -> Path:
    return tmp_path


def receiving(driver: WebDriver, folder: Path, bytes_a_second: int = -1) -> WebDriver:
    """The browser, its downloads kept in a folder, its network slowed down."""
    driver.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder)})
    conditions = {"offline": False, "latency": 0, "uploadThroughput": -1, "downloadThroughput": bytes_a_second}
    driver.execute_cdp_cmd("Network.enable", {})
    driver.execute_cdp_cmd("Network.emulateNetworkConditions", conditions)
    return driver


@pytest.fixture(scope="module")
def window(open_browser: Open) -> WebDriver:
    return open_browser()


@pytest.fixture
def browser(window: WebDriver, downloads: Path) -> Iterator[WebDriver]:
    window.get_log("browser")  # type: ignore[attr-defined]  # Chrome has it, the common class does not
    yield receiving(window, downloads)
    receiving(window, downloads)
    messages = [entry["message"] for entry in window.get_log("browser")]  # type: ignore[attr-defined]  # as above
    assert not [message for message in messages if "ERR_" not in message]  # but for what a test itself broke off


def click(driver: WebDriver, title: str) -> None:
    next(a for a in driver.find_elements(By.CSS_SELECTOR, ".out a[download]") if a.text == title).click()


def said(driver: WebDriver) -> str:
    return driver.find_element(By.CSS_SELECTOR, "[data-outcome]").text


def until(driver: WebDriver, holds: Callable[[WebDriver], object]) -> None:
    WebDriverWait(driver, 20, 0.05).until(lambda d: bool(holds(d)))


def kept(folder: Path, name: str) -> bytes:
    """A download that is done."""
    deadline = time.monotonic() + 20
    while not (folder / name).exists() or list(folder.glob("*.crdownload")):
        assert time.monotonic() < deadline, sorted(path.name for path in folder.iterdir())
        time.sleep(0.05)
    return (folder / name).read_bytes()


@pytest.mark.parametrize("language, received", [("fr", "Reçu :"), ("ar", "تم استلام:")])
def test_every_format_is_received(browser: WebDriver, site: str, downloads: Path, language: str, received: str) -> None:
    browser.get(f"{site}/?q=phare&lang={language}")
    for form in FORMATS.values():
        click(browser, form.title)
        until(browser, lambda d, name=form.file_name: said(d) == f"{received} {name}")  # type: ignore[misc]  # bound now
        assert kept(downloads, form.file_name)
        assert not browser.find_element(By.CSS_SELECTOR, "[data-progress]").is_displayed()
        assert browser.find_element(By.CSS_SELECTOR, "progress").get_dom_attribute("max") == str(COUNT)
        assert browser.execute_script("return document.querySelector('progress').value") == COUNT, form.name
    rows = list(csv.DictReader(io.StringIO(kept(downloads, "kashaf.csv").decode("utf-8-sig"), newline="")))
    assert len(rows) == COUNT and rows[0]["headline"].startswith("Le phare")


@pytest.mark.parametrize("language, stopped", [("fr", "Arrêté ; rien n’a été gardé."), ("ar", "توقف؛ لم يُحفظ شيء.")])
def test_progress_is_shown_and_stopped(
    browser: WebDriver, site: str, downloads: Path, language: str, stopped: str
) -> None:
    browser.get(f"{site}/?q=phare&lang={language}")
    receiving(browser, downloads, 40_000)
    click(browser, "BibTeX")
    bar = browser.find_element(By.CSS_SELECTOR, "progress")
    until(browser, lambda d: 0 < d.execute_script("return arguments[0].value", bar) < COUNT)
    assert "/" in browser.find_element(By.CSS_SELECTOR, "[data-count]").text
    browser.find_element(By.CSS_SELECTOR, "[data-stop]").click()
    until(browser, lambda d: said(d) == stopped)
    assert not list(downloads.iterdir()) and not bar.is_displayed()


def test_what_does_not_come_is_not_kept(browser: WebDriver, site: str, downloads: Path) -> None:
    browser.get(f"{site}/?q=phare&lang=fr")
    browser.execute_cdp_cmd("Network.setBlockedURLs", {"urls": ["*/export.ris*"]})
    try:
        click(browser, "RIS")
        until(browser, lambda d: said(d).startswith("L’export s’est interrompu"))
    finally:
        browser.execute_cdp_cmd("Network.setBlockedURLs", {"urls": []})
    assert not list(downloads.iterdir())
    click(browser, "RIS")  # and again
    until(browser, lambda d: said(d) == "Reçu : kashaf.ris")


@pytest.mark.parametrize(
    "language, busy, unknown",
    [
        ("fr", "Trop de requêtes — Réessayez dans 5 s.", "« colour » dans l’adresse ne peut pas servir."),
        ("ar", "أعد المحاولة بعد 5 ث.", "لا يمكن استعمال «colour» الوارد في العنوان."),
    ],
)
def test_the_reason_of_a_refusal_is_shown(
    browser: WebDriver, served: Flask, site: str, downloads: Path, language: str, busy: str, unknown: str
) -> None:
    browser.get(f"{site}/?q=phare&sort=oldest&lang={language}")  # what no test before it has in its cache
    places = exports.places_of(served)
    for _ in range(AT_ONCE):
        assert places.acquire(timeout=20)  # others are receiving all that is sent at once
    try:
        click(browser, "RIS")
        until(browser, lambda d: said(d).replace("\u00a0", " ").replace("\u202f", " ").endswith(busy))
    finally:
        for _ in range(AT_ONCE):
            places.release()
    browser.execute_script("for (const a of document.querySelectorAll('.out a[download]')) a.href += '&colour=1'")
    click(browser, "RIS")
    until(browser, lambda d: said(d).replace("\u00a0", " ").replace("\u202f", " ").endswith(unknown))
    assert not list(downloads.iterdir())
    messages = [entry["message"] for entry in browser.get_log("browser")]  # type: ignore[attr-defined]  # as above
    assert len(messages) == 2 and all("responded with a status of 42" in message for message in messages)


def test_without_scripts_the_links_download(open_browser: Open, site: str, downloads: Path) -> None:
    driver = receiving(open_browser(scripts=False), downloads)
    driver.get(f"{site}/?q=phare&lang=fr")
    click(driver, "JSON Lines")
    assert len(kept(downloads, "kashaf.jsonl").splitlines()) == COUNT
    assert not driver.find_element(By.CSS_SELECTOR, "[data-progress]").is_displayed()
