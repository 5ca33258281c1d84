"""Filters in a browser, one after the other and back again; what helps when nothing is found; what is under way."""

from __future__ import annotations

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver

from tests.web.browsing import every, one, total, until

FRENCH, ARABIC = {"fr": "français", "ar": "الفرنسية"}, {"fr": "arabe", "ar": "العربية"}


def click(driver: WebDriver, selector: str, label: str) -> None:
    """Follows the one link of this label, and waits for another state of the page."""
    before = driver.current_url
    [link] = [a for a in every(driver, selector) if label in (a.get_attribute("aria-label") or "") + a.text]
    link.click()
    leave(driver, before)


def leave(driver: WebDriver, address: str) -> None:
    until(driver, lambda d: d.current_url != address)


def arrive(driver: WebDriver, expected: tuple[list[str], str]) -> None:
    until(driver, lambda d: state(d) == expected)


def state(driver: WebDriver) -> tuple[list[str], str]:
    """The chips and the number of articles."""
    return [bdi.text for bdi in every(driver, ".chip bdi")], total(driver)


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_filters_one_after_the_other_and_back(browser: WebDriver, site: str, language: str) -> None:
    browser.get(f"{site}/?lang={language}")
    states = [state(browser)]
    for selector, label in (
        ("#facet-language-section .choose", FRENCH[language]),
        ("#facet-language-section .choose", ARABIC[language]),  # either of the two
        ("#facet-section-section .exclude", "Culture"),
        ("#facet-section-section .choose", "Économie"),
        (".timeline svg a", "2026"),
    ):
        if selector.startswith(".timeline"):
            before = browser.current_url
            every(browser, selector)[-1].find_element(By.CSS_SELECTOR, ".reach").click()
            leave(browser, before)
        else:
            click(browser, selector, label)
        states.append(state(browser))
    assert [len(chips) for chips, _ in states] == [0, 1, 2, 3, 4, 5]
    assert states[3][0] == [FRENCH[language], ARABIC[language], "Culture"]
    assert "chip-without" in (every(browser, ".chip")[3].get_attribute("class") or "")
    address = browser.current_url
    for expected in reversed(states[:-1]):
        browser.back()
        arrive(browser, expected)
    browser.get(address)  # sent to somebody else
    assert state(browser) == states[-1]
    one(browser, ".clear").click()
    until(browser, lambda d: not every(d, ".chip"))
    assert state(browser) == states[0]


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_more_of_a_facet_and_fewer(browser: WebDriver, site: str, language: str) -> None:
    browser.get(f"{site}/?lang={language}")
    few = len(every(browser, "#facet-person-section .choose"))
    one(browser, "#facet-person-section .more a").click()
    until(browser, lambda d: "more=person" in d.current_url)
    assert len(every(browser, "#facet-person-section .choose")) > few
    one(browser, "#facet-person-section .more a").click()
    until(browser, lambda d: "more=person" not in d.current_url)
    assert len(every(browser, "#facet-person-section .choose")) == few


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_nothing_found_leads_on(browser: WebDriver, site: str, language: str) -> None:
    browser.get(f"{site}/?lang={language}&q=biblioteque&match=exact&source=La+D%C3%A9p%C3%AAche+du+Rivage")
    assert one(browser, ".empty h2").text
    ways = [a.get_dom_attribute("href") or "" for a in every(browser, ".empty a")]
    assert any("source=" not in way and "q=biblioteque" in way for way in ways)
    one(browser, ".notice a").click()  # the word that was meant
    until(browser, lambda d: "biblioteque" not in d.current_url)
    assert "q=bibliotheque" in browser.current_url


@pytest.mark.parametrize("language, widest", [("fr", "noms, toutes graphies"), ("ar", "الأسماء بكل رسم")])
def test_a_search_is_tightened_and_widened(browser: WebDriver, site: str, language: str, widest: str) -> None:
    browser.get(f"{site}/?lang={language}&q=Idrissi")
    assert {"rung rung-exact", "rung rung-names"} <= {r.get_attribute("class") for r in every(browser, ".rung")}
    wide = len(every(browser, ".hit"))
    every(browser, 'a[href*="match=exact"]')[0].click()
    until(browser, lambda d: "match=exact" in d.current_url)
    assert len(every(browser, ".hit")) == 1 < wide
    click(browser, ".choice a", widest)
    assert len(every(browser, ".hit")) == wide


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_an_article_leads_back_to_its_list(browser: WebDriver, site: str, language: str) -> None:
    browser.get(f"{site}/?lang={language}&q=quai&sort=oldest&size=2&page=2")
    headlines = [h.text for h in every(browser, ".hit h2")]
    one(browser, ".hit h2 a").click()
    one(browser, ".back a").click()
    until(browser, lambda d: every(d, ".hit"))
    assert [h.text for h in every(browser, ".hit h2")] == headlines
    assert "sort=oldest" in browser.current_url and "page=2" in browser.current_url


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_matches_are_stepped_through(browser: WebDriver, site: str, language: str) -> None:
    browser.get(f"{site}/articles/bibliotheque?q=biblioth%C3%A8que&lang={language}")
    marks = every(browser, ".article mark")
    bar = one(browser, ".steps-of-matches")
    status = bar.find_element(By.CSS_SELECTOR, "[role=status]")
    assert len(marks) == 3 and status.text in ("3 occurrences", "3 مواضع")
    assert [key.text for key in bar.find_elements(By.CSS_SELECTOR, "kbd")] == ["p", "n"]  # the help that is seen
    for key, at in (("n", 0), ("n", 1), ("n", 2), ("n", 0), ("p", 2)):
        one(browser, "body").send_keys(key)
        assert [mark.get_attribute("class") == "current" for mark in marks].index(True) == at
        assert status.text == f"{at + 1} / 3"
    bar.find_element(By.CSS_SELECTOR, "[data-step='1']").click()
    assert status.text == "1 / 3"
    browser.get(f"{site}/articles/bibliotheque?lang={language}")
    assert not every(browser, ".steps-of-matches")


def test_what_is_under_way_is_seen(browser: WebDriver, site: str) -> None:
    browser.get(f"{site}/?lang=fr&q=port")
    # The page is kept where it is, to be looked at.
    browser.execute_script("addEventListener('click', (event) => event.preventDefault())")
    one(browser, "#facet-section-section .choose").click()
    assert one(browser, "body").get_attribute("aria-busy") == "true"
    assert float(one(browser, ".results").value_of_css_property("opacity")) < 1


@pytest.mark.parametrize("language", ["fr", "ar"])
@pytest.mark.parametrize(
    "path", ["/?q=port", "/articles/bibliotheque?q=portes", "/compare?q=port&q=quai", "/entities/p1", "/help?"]
)
def test_nothing_moves_while_a_page_loads(browser: WebDriver, site: str, path: str, language: str) -> None:
    browser.execute_cdp_cmd("Network.setCacheDisabled", {"cacheDisabled": True})
    browser.get(f"{site}{path}{'&' if '?' in path else '?'}lang={language}")
    browser.execute_async_script("document.fonts.ready.then(() => setTimeout(arguments[0], 200))")
    shift = browser.execute_async_script(
        "let sum = 0; new PerformanceObserver(l => l.getEntries().forEach(e => sum += e.value))"
        ".observe({type: 'layout-shift', buffered: true}); setTimeout(() => arguments[0](sum), 100)"
    )
    browser.execute_cdp_cmd("Network.setCacheDisabled", {"cacheDisabled": False})
    assert shift < 0.02
