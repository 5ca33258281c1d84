"""The pictures of docs/images, made from the sample articles: ``pytest tests/web/screenshots.py``."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from selenium.webdriver.remote.webdriver import WebDriver

from kashaf.index.readers import read
from kashaf.index.refusals import Refusal
from kashaf.search.archive import open_archive
from kashaf.web import create_app
from kashaf.web.settings import Settings
from tests.web.browsing import one, prefer

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "kashaf" / "samples"
WIDE, NARROW = (1280, 800), (360, 740)
QUERY = {"fr": "manuscrits", "ar": "المخطوطات"}
COMPARED = {"fr": ("bibliothèque", "port", "ministère"), "ar": ("المكتبة", "الميناء", "وزارة")}


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory, live: Callable[[Flask], str]) -> str:
    """The address of a server of the sample articles."""
    folder = tmp_path_factory.mktemp("samples")
    with open_archive(folder, create=True) as archive, archive.writer() as writer:
        for article in read([SAMPLES]):
            if not isinstance(article, Refusal):
                writer.add(article)
    return live(create_app(Settings(archive=folder)))


def take(driver: WebDriver, name: str, *, whole: bool = False) -> None:
    """Keeps what the window shows, or the whole page."""
    driver.execute_async_script("document.fonts.ready.then(arguments[0])")
    picture = driver.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": whole})
    path = ROOT / "docs" / "images" / f"{name}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(base64.b64decode(picture["data"]))


def through(driver: WebDriver, site: str, language: str, shape: str) -> None:
    """A search, its first article, the first person of that, a comparison."""
    for _ in range(2):  # the fonts of a first visit may come too late for it
        driver.get(f"{site}/?q={quote(QUERY[language])}&lang={language}")
        driver.execute_async_script("document.fonts.ready.then(() => setTimeout(arguments[0], 1000))")
    take(driver, f"search-{language}-{shape}")
    one(driver, ".hit h2 a").click()
    take(driver, f"article-{language}-{shape}")
    one(driver, ".beside .names a").click()
    take(driver, f"person-{language}-{shape}")
    driver.get(f"{site}/compare?{'&'.join(f'q={quote(words)}' for words in COMPARED[language])}")
    take(driver, f"compare-{language}-{shape}")


@pytest.mark.parametrize("language", ["fr", "ar"])
@pytest.mark.parametrize("shape, size", [("wide", WIDE), ("narrow", NARROW)])
def test_pictures(
    samples: str, open_browser: Callable[..., WebDriver], language: str, shape: str, size: tuple[int, int]
) -> None:
    driver = open_browser(*size, language=language)
    through(driver, samples, language, shape)


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_dark(samples: str, open_browser: Callable[..., WebDriver], language: str) -> None:
    driver = open_browser(*WIDE, language=language)
    prefer(driver, prefers_color_scheme="dark")
    through(driver, samples, language, "dark")
