"""No page breaks a rule of WCAG 2.2 AA that a machine can check, in both directions, light and dark.

The rules are those of axe-core (tests/web/axe), run in the browser on the page as readers get it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver

from kashaf.search.archive import open_archive
from kashaf.web import create_app
from kashaf.web.curation_acts import ACTS
from kashaf.web.settings import Settings, token_digest
from tests.web.browsing import broken_rules, every, one, prefer, until
from tests.web.conftest import TOKEN, articles

PAGES = (
    "/",
    "/?q=biblioth%C3%A8que&section=Culture&exclude_person=nobody&sort=newest&match=stem",
    "/?q=%D8%A7%D9%84%D9%85%D9%83%D8%AA%D8%A8%D8%A9&from=2026&to=2026&more=person",
    "/?from=2026-02-02&to=2026-02-02",
    "/?undated=1&find_person=salma",
    "/?q=introuvable&language=ar",
    "/?q=%22&form=1&size=2&page=2",
    "/?q=hostile",
    "/compare",
    "/compare?q=quai&q=port&language2=fr&source3=Le+Courrier+de+Tamara&q=hostile&from=2025&to=2026",
    "/compare?q=quai&show=share",
    "/articles/bibliotheque?q=biblioth%C3%A8que",
    "/articles/ar-0?q=%D8%A7%D9%84%D9%85%D9%83%D8%AA%D8%A8%D8%A9",
    "/articles/hostile-1",
    "/persons",
    "/organisations",
    "/entities/p1",
    "/entities/o1",
    "/help",
    "/api/docs",
    "/problems/not-found",
    "/nothing-here",
)


@pytest.fixture
def eyes(wide: WebDriver) -> Iterator[WebDriver]:
    """A wide window in which nothing fades from one colour to another while it is looked at."""
    prefer(wide, prefers_reduced_motion="reduce")
    yield wide
    prefer(wide)
    wide.delete_all_cookies()


@pytest.mark.parametrize("language, scheme", [("fr", "light"), ("ar", "dark")])
@pytest.mark.parametrize("path", PAGES)
def test_no_rule_is_broken(eyes: WebDriver, site: str, path: str, language: str, scheme: str) -> None:
    # Directions and colours have nothing to do with each other: two visits see both of each.
    prefer(eyes, prefers_reduced_motion="reduce", prefers_color_scheme=scheme)
    eyes.get(f"{site}{path}{'&' if '?' in path else '?'}lang={language}")
    assert broken_rules(eyes) == []


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_no_rule_is_broken_by_what_opens(narrow: WebDriver, site: str, language: str) -> None:
    narrow.get(f"{site}/?lang={language}")
    one(narrow, "#filters > summary").click()
    box = one(narrow, "#q")
    box.send_keys("idris")
    until(narrow, lambda _: box.get_attribute("aria-expanded") == "true")
    box.send_keys(Keys.ARROW_DOWN)
    assert broken_rules(narrow) == []
    narrow.get(f"{site}/articles/bibliotheque?q=biblioth%C3%A8que&lang={language}")
    for folded in every(narrow, "details:not([open]) > summary"):
        folded.click()
    assert broken_rules(narrow) == []


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, live: Callable[[Flask], str]) -> str:
    """The address of a server on which a curator may sign in."""
    folder = tmp_path_factory.mktemp("desk")
    with open_archive(folder, create=True) as archive, archive.writer() as writer:
        for article in articles():
            writer.add(article)
    return live(create_app(Settings(archive=folder, token_sha256=token_digest(TOKEN))))


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_no_rule_is_broken_where_curators_work(eyes: WebDriver, desk: str, language: str) -> None:
    eyes.get(f"{desk}/curate/sign-in?lang={language}")
    assert broken_rules(eyes) == []
    one(eyes, "#token").send_keys(TOKEN, Keys.ENTER)
    until(eyes, lambda d: d.current_url.endswith("/curate/"))
    for path in (
        "/curate/",
        "/entities/p1",
        *(f"/curate/entities/p1/{verb}" for verb in ACTS),
        "/curate/log",
        "/curate/rejected",
        "/admin",
        "/alerts/",
    ):
        eyes.get(desk + path)
        assert not every(eyes, "#token"), path  # still signed in
        assert broken_rules(eyes) == [], path


def test_the_rules_are_at_work(eyes: WebDriver, site: str) -> None:
    eyes.get(f"{site}/help")
    eyes.execute_script(
        "document.querySelector('html').removeAttribute('lang'); document.querySelector('label').remove()"
    )
    assert {rule.partition(":")[0] for rule in broken_rules(eyes)} >= {"html-has-lang"}
