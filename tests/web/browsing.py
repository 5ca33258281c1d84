"""What the browser tests say of a page: what stands on it, what it waits for, what it complains of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

_AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text(encoding="utf-8")
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_RUN = """
const [options, done] = arguments;
axe.run(document, options).then(
  (found) => done(found.violations.map((rule) => {
    const where = rule.nodes.slice(0, 3).map((node) => `${node.html.slice(0, 300)} ${node.failureSummary}`);
    return `${rule.id}: ${where.join(" | ")}`;
  })),
  (error) => done([String(error)])
);
"""


def complaints(driver: WebDriver) -> list[str]:
    """Policy violations and script errors since this was last asked."""
    return [entry["message"] for entry in driver.get_log("browser")]  # type: ignore[attr-defined]  # Chrome has it


def one(driver: WebDriver, selector: str) -> WebElement:
    return driver.find_element(By.CSS_SELECTOR, selector)


def every(driver: WebDriver, selector: str) -> list[WebElement]:
    return driver.find_elements(By.CSS_SELECTOR, selector)


def total(driver: WebDriver) -> str:
    """The number of articles that a search page says it found."""
    return one(driver, ".summary strong").text


def until(driver: WebDriver, holds: Callable[[WebDriver], Any]) -> Any:
    return WebDriverWait(driver, 10).until(holds)


def box_of(driver: WebDriver, selector: str) -> dict[str, float]:
    found: dict[str, float] = one(driver, selector).rect
    return found


def prefer(driver: WebDriver, **features: str) -> None:
    """What the reader's system prefers, such as ``prefers_color_scheme="dark"``; nothing given: as it was."""
    values = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": values})


def broken_rules(driver: WebDriver) -> list[str]:
    """The rules of accessibility that the page in the window breaks, with where."""
    driver.execute_script(_AXE)
    asked = {"runOnly": {"type": "tag", "values": _TAGS}, "resultTypes": ["violations"]}
    found: list[str] = driver.execute_async_script(_RUN, asked)
    return found
