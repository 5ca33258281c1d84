"""Dates chosen on the pictures over time: by pointer, by keyboard, in both directions; and comparisons."""

from __future__ import annotations

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver

from tests.web.browsing import every, one, total, until

MONTHS = {"fr": "décembre 2025 – février 2026", "ar": "ديسمبر 2025 – فبراير 2026"}
FORTH = {"fr": Keys.ARROW_RIGHT, "ar": Keys.ARROW_LEFT}


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_a_range_is_dragged(browser: WebDriver, site: str, language: str) -> None:
    browser.get(f"{site}/?lang={language}&q=port&from=2025-06&to=2026-03")
    first, last = (one(browser, f'a[data-key="{key}"] .reach') for key in ("2025-12", "2026-01"))
    ActionChains(browser).move_to_element(first).click_and_hold().move_to_element(last).perform()
    assert one(browser, "[data-range-said]").text == MONTHS[language].replace("février", "janvier").replace(
        "فبراير", "يناير"
    )
    assert every(browser, "svg .range")
    ActionChains(browser).release().perform()
    until(browser, lambda d: "from=2025-12&to=2026-01" in d.current_url and every(d, ".chip"))
    assert total(browser).split()[0] == "3"
    assert "q=port" in browser.current_url
    browser.back()
    until(browser, lambda d: "from=2025-06" in d.current_url)
    assert one(browser, "[data-range-said]").text == ""


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_a_range_is_chosen_by_keyboard(browser: WebDriver, site: str, language: str) -> None:
    browser.get(f"{site}/?lang={language}&from=2025-06&to=2026-03")
    bars = every(browser, "svg[data-range] a")
    assert [link.get_attribute("tabindex") for link in bars].count("0") == 1  # one stop, whatever the length
    browser.execute_script("arguments[0].focus()", bars[0])
    keys = [link.get_dom_attribute("data-key") for link in bars]
    here = keys.index("2025-12")
    ActionChains(browser).send_keys(*[FORTH[language]] * here).perform()
    assert browser.switch_to.active_element.get_dom_attribute("data-key") == "2025-12"
    shifted = ActionChains(browser).key_down(Keys.SHIFT)
    shifted.send_keys(*[FORTH[language]] * (keys.index("2026-02") - here)).key_up(Keys.SHIFT).perform()
    assert one(browser, "[data-range-said]").text == MONTHS[language]
    ActionChains(browser).send_keys(Keys.ESCAPE).perform()
    assert one(browser, "[data-range-said]").text == ""
    back = Keys.ARROW_LEFT if language == "fr" else Keys.ARROW_RIGHT
    ActionChains(browser).key_down(Keys.SHIFT).send_keys(back, back).key_up(Keys.SHIFT).send_keys(Keys.ENTER).perform()
    until(browser, lambda d: "from=2025-12&to=2026-02" in d.current_url)


def test_enter_on_one_bar_opens_it(browser: WebDriver, site: str) -> None:
    browser.get(f"{site}/?lang=fr&from=2026&to=2026")
    browser.execute_script("arguments[0].focus()", one(browser, 'a[data-key="2026-02"]'))
    ActionChains(browser).send_keys(Keys.ENTER).perform()
    until(browser, lambda d: "from=2026-02&to=2026-02" in d.current_url)
    assert [step.text for step in every(browser, ".steps li")] == ["Toutes les dates", "2026", "février 2026"]


@pytest.mark.parametrize("language, word", [("fr", "bibliothèque"), ("ar", "المكتبة")])
def test_a_comparison(browser: WebDriver, site: str, language: str, word: str) -> None:
    browser.get(f"{site}/?q=port&lang={language}")
    next(a for a in every(browser, ".summary a") if "/compare" in (a.get_attribute("href") or "")).click()
    until(browser, lambda d: "/compare" in d.current_url)
    one(browser, "#q2").send_keys(word, Keys.ENTER)
    until(browser, lambda d: "q2=" in d.current_url)
    assert [bdi.text for bdi in every(browser, ".legend bdi")] == ["port", word]
    xs = [reach.rect["x"] for reach in every(browser, "svg[data-range] .reach")]
    assert xs == sorted(xs, reverse=language == "ar")
    # Without colour: every curve has a pattern of its own, and points of its own.
    drawn = [
        tuple(
            one(browser, f"svg[data-range] .curve-{number} {part}").value_of_css_property(name)
            for part, name in ((".line", "stroke-dasharray"), (".dots", "stroke-linecap"))
        )
        for number in (1, 2)
    ]
    assert drawn[0] != drawn[1]
    one(browser, ".figures summary").click()
    count = one(browser, ".figures td a")
    number = count.text
    count.click()
    until(browser, lambda d: "/compare" not in d.current_url)
    assert total(browser).split()[0] in (number, "مقال", "مقالان")
    browser.back()
    one(browser, 'figcaption a[href*="show=share"]').click()
    until(browser, lambda d: "show=share" in d.current_url)
    assert "%" in one(browser, ".highest").text
    last = every(browser, "svg[data-range] a .reach")[-1]
    before = every(browser, "svg[data-range] a .reach")[-3]
    ActionChains(browser).click_and_hold(before).move_to_element(last).release().perform()
    until(browser, lambda d: "from=" in d.current_url and "show=share" in d.current_url)
    assert [bdi.text for bdi in every(browser, ".legend bdi")] == ["port", word]


def test_comparisons_without_scripts(unscripted: WebDriver, site: str) -> None:
    unscripted.get(f"{site}/compare?lang=fr")
    one(unscripted, "#q1").send_keys("quai")
    one(unscripted, "#q2").send_keys("port", Keys.ENTER)
    until(unscripted, lambda d: "q2=port" in d.current_url)
    assert len(every(unscripted, ".legend li")) == 2
    assert not one(unscripted, ".range-help").is_displayed()
    reach = every(unscripted, "svg[data-range] a")[-1].find_element(By.CSS_SELECTOR, ".reach")
    ActionChains(unscripted).move_to_element(reach).click().perform()
    until(unscripted, lambda d: "from=" in d.current_url)
    assert every(unscripted, ".legend li")
