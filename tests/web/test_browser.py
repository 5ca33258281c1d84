"""The pages in a real browser, in French and Arabic: by mouse, by keyboard, on a phone, without scripts.

``KASHAF_BROWSER=require`` makes a missing Chromium a failure instead of a reason to skip.
"""

from __future__ import annotations

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver

from tests.web.browsing import box_of, complaints, every, one, total, until


@pytest.mark.parametrize(
    "language, query, articles, chosen",
    [("fr", "bibliothèque", "1 article", "Karim Belhaj"), ("ar", "المكتبة", "3 مقالات", "كريم بلحاج")],
)
def test_search_choose_let_go(
    browser: WebDriver, site: str, language: str, query: str, articles: str, chosen: str
) -> None:
    browser.get(f"{site}/?lang={language}")
    one(browser, "#q").send_keys(query, Keys.ENTER)
    until(browser, lambda d: "q=" in d.current_url)
    assert total(browser) == articles
    assert {mark.text.lower() for mark in every(browser, ".hit mark")} == {query}
    one(browser, "#facet-person-section .choose").click()
    assert one(browser, ".chip bdi").text == chosen
    one(browser, ".chip-remove").click()
    assert total(browser) == articles and not every(browser, ".chip")
    browser.back()
    assert one(browser, ".chip bdi").text == chosen  # the back button goes one step back


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_the_histogram_is_clicked(browser: WebDriver, site: str, language: str) -> None:
    browser.get(f"{site}/?lang={language}&from=2026&to=2026")
    bars = every(browser, ".timeline svg a")
    xs = [bar.find_element(By.CSS_SELECTOR, ".bar").rect["x"] for bar in bars]
    assert xs == sorted(xs, reverse=language == "ar")  # time runs as the reader reads
    february = next(bar for bar in bars if "2026-02" in (bar.get_dom_attribute("href") or ""))
    february.find_element(By.CSS_SELECTOR, ".reach").click()
    until(browser, lambda d: "from=2026-02" in d.current_url)
    assert total(browser) in ("2 articles", "مقالان")


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_an_article_is_read(browser: WebDriver, site: str, language: str) -> None:
    browser.get(f"{site}/?q=biblioth%C3%A8que&lang={language}")
    one(browser, ".hit h2 a").click()
    assert one(browser, "h1").text == "La bibliothèque numérique ouvre ses portes"
    folded = one(browser, "details.clutter")
    assert not folded.find_element(By.CSS_SELECTOR, "p").is_displayed()
    folded.find_element(By.CSS_SELECTOR, "summary").click()
    assert folded.find_element(By.CSS_SELECTOR, "p").is_displayed()
    one(browser, "body").send_keys("n")
    assert one(browser, "mark.current").text.lower() == "bibliothèque"
    one(browser, ".body a.name").click()
    assert one(browser, "h1").text in ("Salma Idrissi", "سلمى الإدريسي")


def test_the_language_is_switched_and_the_page_mirrored(browser: WebDriver, site: str) -> None:
    browser.get(f"{site}/?q=port&lang=fr")
    left = box_of(browser, "#filters")["x"]
    one(browser, ".languages a[lang=ar]").click()
    assert one(browser, "html").get_attribute("dir") == "rtl"
    assert "q=port" in browser.current_url
    assert box_of(browser, "#filters")["x"] > left + 500
    browser.get(f"{site}/")
    assert one(browser, "html").get_attribute("dir") == "rtl"


def test_completion_by_keyboard(browser: WebDriver, site: str) -> None:
    browser.get(f"{site}/?lang=fr")
    one(browser, "body").send_keys("/")
    box = browser.switch_to.active_element
    assert box.get_attribute("id") == "q" and box.get_attribute("role") == "combobox"
    box.send_keys("idris")
    until(browser, lambda d: box.get_attribute("aria-expanded") == "true")
    box.send_keys(Keys.ARROW_DOWN)
    option = one(browser, "#" + (box.get_attribute("aria-activedescendant") or ""))
    assert "Salma Idrissi" in option.text and "personne" in option.text
    box.send_keys(Keys.ENTER)
    until(browser, lambda d: "person=" in d.current_url)
    assert total(browser) == "4 articles"


def test_escape_closes_the_completion(browser: WebDriver, site: str) -> None:
    browser.get(f"{site}/?lang=fr")
    box = one(browser, "#q")
    box.send_keys("port")
    until(browser, lambda d: box.get_attribute("aria-expanded") == "true")
    box.send_keys(Keys.ESCAPE)
    assert box.get_attribute("aria-expanded") == "false"
    assert box.get_attribute("value") == "port"


def test_everything_is_reached_by_keyboard(browser: WebDriver, site: str) -> None:
    browser.get(f"{site}/?q=port&lang=fr")
    seen = []
    for _ in range(60):
        browser.switch_to.active_element.send_keys(Keys.TAB)
        here = browser.switch_to.active_element
        outline = here.value_of_css_property("outline-style")
        seen.append((here.get_attribute("class") or here.tag_name, outline))
    names = [name for name, _ in seen]
    assert names[0] == "skip"
    assert {"choose", "exclude", "wordmark"} <= set(names)
    assert "auto" not in {outline for _, outline in seen}
    for selector in (".choose", ".skip", ".exclude"):
        browser.execute_script("arguments[0].focus()", one(browser, selector))
    browser.get(f"{site}/?q=port&lang=fr")
    one(browser, "body").send_keys(Keys.TAB)
    browser.switch_to.active_element.send_keys(Keys.ENTER)
    assert browser.switch_to.active_element.get_attribute("id") == "main"


def test_typing_into_a_facet(browser: WebDriver, site: str) -> None:
    browser.get(f"{site}/?lang=fr")
    one(browser, "#find-person").send_keys("الإدريسي")
    until(browser, lambda d: len(every(d, "#facet-person-section .choose")) == 1)
    assert "Salma Idrissi" in one(browser, "#facet-person-section .choose").text
    one(browser, "#facet-person-section .choose").click()
    assert total(browser) == "4 articles"


@pytest.mark.parametrize("language", ["fr", "ar"])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/?q=biblioth%C3%A8que&section=Culture",
        "/articles/bibliotheque?q=portes",
        "/compare?q=port&q=quai&q=hostile&section4=Culture&show=share",
        "/entities/p1",
        "/persons",
        "/help",
        "/?q=hostile",
        "/api/docs",
    ],
)
def test_a_phone_never_scrolls_sideways(narrow: WebDriver, site: str, path: str, language: str) -> None:
    narrow.get(f"{site}{path}{'&' if '?' in path else '?'}lang={language}")
    assert narrow.execute_script("return document.documentElement.scrollWidth") <= 360
    assert narrow.execute_script("return innerWidth") == 360


def test_filters_on_a_phone_are_folded(narrow: WebDriver, site: str) -> None:
    narrow.get(f"{site}/?lang=fr")
    assert not one(narrow, ".choose").is_displayed()
    one(narrow, "#filters > summary").click()
    assert one(narrow, ".choose").is_displayed()
    one(narrow, ".choose").click()
    assert one(narrow, ".chip").is_displayed()


def test_filters_in_a_wide_window_are_simply_there(browser: WebDriver, site: str) -> None:
    browser.get(f"{site}/?lang=fr")
    assert one(browser, ".choose").is_displayed()
    assert not one(browser, "#filters > summary").is_displayed()


def test_without_scripts(unscripted: WebDriver, site: str) -> None:
    driver = unscripted

    def click(selector: str, *typed: str) -> None:
        # The style sheet shows the folded filters; the driver's own notion of "displayed" does not know that.
        ActionChains(driver).move_to_element(one(driver, selector)).click().send_keys(*typed).perform()

    driver.get(f"{site}/?lang=fr")
    one(driver, "#q").send_keys("quai", Keys.ENTER)
    until(driver, lambda d: "q=quai" in d.current_url)
    assert total(driver) == "6 articles"
    click("#facet-source-section .choose")
    until(driver, lambda d: every(d, ".chip"))
    driver.get(f"{site}/?lang=fr")
    click("#find-person", "salma", Keys.ENTER)
    until(driver, lambda d: "find_person=salma" in d.current_url)
    assert "Salma Idrissi" in (one(driver, "#facet-person-section .choose").get_attribute("textContent") or "")
    click(".timeline svg a .reach")
    until(driver, lambda d: every(d, ".chip"))


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_hostile_articles_do_nothing(browser: WebDriver, site: str, language: str) -> None:
    for path in ["/?q=hostile&more=person&more=source", *(f"/articles/hostile-{n}?q=hostile" for n in range(6))]:
        browser.get(f"{site}{path}{'&' if '?' in path else '?'}lang={language}")
        assert browser.execute_script("return window.pwned") is None, path
    assert every(browser, ".names a")
    one(browser, ".names a").click()
    assert browser.execute_script("return window.pwned") is None


def test_no_page_breaks_the_policy(browser: WebDriver, site: str) -> None:
    def violations() -> list[str]:
        return [message for message in complaints(browser) if "Content Security Policy" in message]

    for path in (
        "/",
        "/?q=port",
        "/articles/ar-0?q=المكتبة",
        "/entities/o1",
        "/organisations",
        "/compare?q=port&q=المكتبة",
        "/help",
        "/api/docs",
        "/nothing-here",
        "/problems/not-found",
    ):
        browser.get(site + path)
        assert violations() == [], path
    inline = "const s = document.createElement('script'); s.textContent = 'window.pwned = 1'; document.body.append(s)"
    browser.execute_script(inline)
    assert violations() and browser.execute_script("return window.pwned") is None  # the policy is at work


def test_the_interface_is_tried_on_its_page(browser: WebDriver, site: str) -> None:
    browser.get(f"{site}/api/docs")
    form = one(browser, 'form[data-path="/api/v1/search"]')
    form.find_element(By.NAME, "q").send_keys("quai")
    form.find_element(By.CSS_SELECTOR, "button").click()
    answer = form.find_element(By.CSS_SELECTOR, "pre")
    until(browser, lambda d: answer.is_displayed())
    assert "GET /api/v1/search?q=quai" in answer.text and '"total": 6' in answer.text
