"""Curating in a real browser, in French and Arabic: by mouse, by keyboard alone, without scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from kashaf.search.archive import open_archive
from kashaf.web import create_app
from kashaf.web.settings import Settings, token_digest
from tests.web.conftest import TOKEN
from tests.web.desk_articles import PERSONS, article

Open = Callable[..., WebDriver]


@pytest.fixture
def site(tmp_path: Path, live: Callable[[Flask], str]) -> str:
    with open_archive(tmp_path / "desk", create=True) as archive, archive.writer() as writer:
        for number, name in enumerate(PERSONS):
            writer.add(article(number, name))
    return live(create_app(Settings(archive=tmp_path / "desk", token_sha256=token_digest(TOKEN))))


@pytest.fixture(scope="module")
def window(open_browser: Open) -> WebDriver:
    return open_browser(1280, 900)


@pytest.fixture
def browser(window: WebDriver, site: str) -> Iterator[WebDriver]:
    """A wide window; whatever the page complains of (policy violations, script errors) fails the test."""
    window.get(f"{site}/help")
    window.delete_all_cookies()
    window.get_log("browser")  # type: ignore[attr-defined]  # Chrome has it, the common class does not
    yield window
    complaints = [entry["message"] for entry in window.get_log("browser")]  # type: ignore[attr-defined]  # as above
    assert complaints == []


def one(driver: WebDriver, selector: str) -> WebElement:
    return driver.find_element(By.CSS_SELECTOR, selector)


def every(driver: WebDriver, selector: str) -> list[WebElement]:
    return driver.find_elements(By.CSS_SELECTOR, selector)


def until(driver: WebDriver, holds: Callable[[WebDriver], object]) -> None:
    WebDriverWait(driver, 10).until(holds)


def sign_in(driver: WebDriver, site: str, language: str) -> None:
    driver.get(f"{site}/curate/?lang={language}")
    one(driver, "#token").send_keys(TOKEN, Keys.ENTER)
    until(driver, lambda d: every(d, ".desk"))


def facet(driver: WebDriver, site: str) -> list[str]:
    """The persons of the search page with their counts, as a reader sees them."""
    driver.get(f"{site}/")
    choices = every(driver, "#facet-person-section .choose")
    return [" ".join((choice.get_attribute("textContent") or "").split()) for choice in choices]


@pytest.mark.parametrize("language, done, undone", [("fr", "Fait", "Annulé"), ("ar", "تم", "تم التراجع")])
def test_a_merge_makes_one_bucket_and_undo_two(
    browser: WebDriver, site: str, language: str, done: str, undone: str
) -> None:
    sign_in(browser, site, language)
    assert facet(browser, site)[0] == "Mohamed Setri 2" and len(every(browser, "#facet-person-section li")) == 4
    browser.get(f"{site}/persons")
    one(browser, ".everybody a").click()
    assert one(browser, "h1").text == "Mohamed Setri"
    one(browser, ".acts summary").click()
    one(browser, "#find-other").send_keys("سمير نوري", Keys.ENTER)
    until(browser, lambda d: every(d, "input[name=with]"))
    one(browser, "fieldset + p button").click()
    until(browser, lambda d: every(d, ".sure"))
    assert "Samir Nouri" in one(browser, ".effect").text and "3" in one(browser, ".effect").text
    one(browser, "button[name=sure]").click()
    until(browser, lambda d: every(d, ".done"))
    assert one(browser, ".done").text.startswith(done)
    page = browser.current_url
    assert facet(browser, site)[0] == "Mohamed Setri 3" and len(every(browser, "#facet-person-section li")) == 3
    browser.get(page)
    one(browser, ".done button").click()
    until(browser, lambda d: every(d, ".done") and not every(d, ".done button"))
    assert one(browser, ".done").text.startswith(undone)
    found = facet(browser, site)
    assert found[0] == "Mohamed Setri 2" and "Samir Nouri 1" in found


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_a_suggestion_is_accepted_with_one_key(browser: WebDriver, site: str, language: str) -> None:
    sign_in(browser, site, language)
    [pair] = every(browser, ".pair")
    assert one(browser, ".keys").is_displayed()
    one(browser, "body").send_keys("j")
    assert browser.switch_to.active_element == pair
    pair.send_keys("a")
    until(browser, lambda d: every(d, ".done"))
    assert not every(browser, ".pair")
    assert "Karim" in one(browser, ".done").text
    one(browser, ".done button").click()
    until(browser, lambda d: every(d, ".pair"))
    one(browser, ".pair button[value=refuse]").click()
    until(browser, lambda d: every(d, ".done button"))
    assert not every(browser, ".pair") and len(facet(browser, site)) == 4


def test_names_are_completed_while_they_are_typed(browser: WebDriver, site: str) -> None:
    sign_in(browser, site, "fr")
    browser.get(f"{site}/persons")
    one(browser, ".everybody a").click()
    one(browser, ".acts summary").click()
    one(browser, "#find-other").send_keys("sam")
    until(browser, lambda d: every(d, "#found-others option"))
    [option] = every(browser, "#found-others option")
    assert option.get_attribute("label") == "Samir Nouri (1)"
    # What the browser fills in is an id, which finds as a name does.
    one(browser, "#find-other").clear()
    one(browser, "#find-other").send_keys(option.get_attribute("value") or "", Keys.ENTER)
    until(browser, lambda d: every(d, "input[name=with]"))
    assert len(every(browser, "input[name=with]")) == 1


def tab_to(driver: WebDriver, selector: str) -> WebElement:
    """Moves the focus on until it is on what a selector means."""
    for _ in range(120):
        here = driver.switch_to.active_element
        if here in every(driver, selector):
            return here
        here.send_keys(Keys.TAB)
    raise AssertionError(f"the keyboard does not reach {selector}")


def test_all_by_keyboard(browser: WebDriver, site: str) -> None:
    browser.get(f"{site}/curate/sign-in?lang=fr")
    browser.switch_to.active_element.send_keys(TOKEN, Keys.ENTER)  # the focus is in the box already
    until(browser, lambda d: every(d, ".desk"))
    browser.get(f"{site}/persons")
    tab_to(browser, ".everybody a").send_keys(Keys.ENTER)
    until(browser, lambda d: every(d, ".portrait"))
    tab_to(browser, ".acts details:nth-of-type(2) summary").send_keys(Keys.ENTER)  # one spelling: a label is next
    tab_to(browser, "#label-language").send_keys("arabe")
    tab_to(browser, "#label-text").send_keys("محمد ستري", Keys.ENTER)
    until(browser, lambda d: every(d, ".sure"))
    tab_to(browser, "button[name=sure]").send_keys(Keys.ENTER)
    until(browser, lambda d: every(d, ".done"))
    assert one(browser, ".other-label").text == "محمد ستري"
    tab_to(browser, ".done button").send_keys(Keys.ENTER)
    until(browser, lambda d: every(d, ".done") and not every(d, ".done button"))
    assert not every(browser, ".other-label")


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_the_network_is_walked_by_keyboard(
    browser: WebDriver, app: Flask, live: Callable[[Flask], str], language: str
) -> None:
    site = live(app)
    browser.get(f"{site}/persons?lang={language}")
    one(browser, ".everybody a").click()
    node = tab_to(browser, ".network a")
    name = node.find_element(By.CSS_SELECTOR, "text").text.strip("\u2068\u2069")
    box = node.find_element(By.CSS_SELECTOR, ".reach").rect
    assert box["height"] >= 24 and box["width"] >= 24
    node.send_keys(Keys.ENTER)
    until(browser, lambda d: one(d, "h1").text == name)


def test_without_scripts(open_browser: Open, site: str) -> None:
    driver = open_browser(scripts=False)
    sign_in(driver, site, "fr")
    one(driver, ".pair button[value=accept]").click()
    until(driver, lambda d: every(d, ".done"))
    assert not every(driver, ".pair") and not one(driver, ".keys").is_displayed()
    driver.get(f"{site}/persons")
    next(link for link in every(driver, ".everybody a") if link.text == "Samir Nouri").click()
    one(driver, ".acts details:last-of-type summary").click()
    one(driver, ".acts details:last-of-type button").click()
    until(driver, lambda d: every(d, ".sure"))
    one(driver, "button[name=sure]").click()
    until(driver, lambda d: every(d, ".done"))
    assert [choice.split()[0] for choice in facet(driver, site)] == ["Mohamed", "Karim"]


PATHS = ("/persons", "/persons?order=name&script=ar", "/organisations", "/curate/", "/curate/log", "/curate/rejected")


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_a_phone_never_scrolls_sideways(open_browser: Open, site: str, language: str) -> None:
    narrow = open_browser(360, 740)
    sign_in(narrow, site, language)
    narrow.get(f"{site}/persons")
    one(narrow, ".everybody a").click()
    here = narrow.current_url.removeprefix(site)
    for path in (*PATHS, here, f"/curate{here}/merge?find=karim", f"/curate{here}/split", f"/curate{here}/note"):
        narrow.get(site + path)
        assert narrow.execute_script("return document.documentElement.scrollWidth") <= 360, path
