"""A small archive, one half French and one half Arabic, with hostile articles among them; invented throughout."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.remote.webdriver import WebDriver
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from kashaf.index.article import Article, Ignored, Mention
from kashaf.search.archive import open_archive
from kashaf.web import create_app
from kashaf.web.settings import Settings, token_digest
from tests.web.browsing import complaints
from tests.web.records import HOSTILE, everywhere

TOKEN = "a token for tests"

# What must never run, in every field of an article.
PAYLOADS = (
    "<script>window.pwned=1</script>",
    '"><img src=x onerror="window.pwned=1">',
    "'><svg/onload=window.pwned=1>",
    "</title></textarea></script><script>window.pwned=1</script>",
    "{{ 7*7 }}{% raw %}${7*7}#{7*7}",
    "\u202e\u2066 txet desrever \u2069\u202c",
)


def persons(*names: str) -> tuple[Mention, ...]:
    return tuple(Mention("person", name, name) for name in names)


def organisations(*names: str) -> tuple[Mention, ...]:
    return tuple(Mention("organisation", name, name) for name in names)


CAPTAINS = ("Omar Ziani", "Hélène Castel", "Rachid Sefrioui", "Jeanne Morvan", "Fouad Lamrani", "Louis Arnaud")


def french(number: int, published: str | None, **more: object) -> Article:
    """One of the plain French articles: all of them speak of the port, each of its own quay."""
    values: dict[str, object] = {
        "id": f"port-{number}",
        "headline": f"Le port de Tamara agrandit le quai {number}",
        "body": f"Les travaux du quai {number} avancent, dit le directeur du port.\n\n"
        "L'administration attend des navires.",
        "language": "fr",
        "source": "La Dépêche du Rivage",
        "section": "Économie",
        "published": published,
        "persons": persons("Karim Belhaj", CAPTAINS[number - 1]),
        "organisations": organisations("Office des ports"),
    }
    return Article(**{**values, **more})  # type: ignore[arg-type]  # values of Article's own fields


CLUTTER = "Menu Accueil Sport Culture"
LONG_BODY = (
    f"{CLUTTER}\n\nLa ministre Salma Idrissi a ouvert lundi la bibliothèque numérique de Tamara. "
    "Les lecteurs y trouveront des journaux anciens.\n\nKarim Belhaj a salué l'ouverture. "
    "La bibliothèque reçoit aussi les écoles.\n\nLire aussi : le port"
)


def in_body(name: str) -> Mention:
    """A name where it stands in `LONG_BODY`."""
    start = LONG_BODY.index(name)
    return Mention("person", name, name, "body", start, start + len(name))


def articles() -> list[Article]:
    """The archive of the tests."""
    library = Article(
        id="bibliotheque",
        headline="La bibliothèque numérique ouvre ses portes",
        standfirst="Un fonds de journaux pour tous.",
        body=LONG_BODY,
        language="fr",
        source="Le Courrier de Tamara",
        section="Culture",
        byline="Nadia Roussel",
        url="https://courrier.example/bibliotheque?a=1&b=2",
        published="2026-02-02",
        published_from="text",
        persons=tuple(in_body(name) for name in ("Salma Idrissi", "Karim Belhaj")),
        organisations=organisations("Bibliothèque de Tamara"),
        ignored=(
            Ignored(0, len(CLUTTER), "menu"),
            Ignored(LONG_BODY.index("Lire aussi"), len(LONG_BODY), "related-link"),
        ),
    )
    arabic = [
        Article(
            id=f"ar-{number}",
            headline=headline,
            body=body,
            language="ar",
            source="صدى الساحل",
            section="ثقافة",
            published=published,
            persons=persons("سلمى الإدريسي", "كريم بلحاج"),
            organisations=organisations("مكتبة تمارة"),
        )
        for number, (headline, body, published) in enumerate(
            (
                (
                    "المكتبة الرقمية تفتح أبوابها",
                    "افتتحت سلمى الإدريسي المكتبة الرقمية.\n\nوحضر كريم بلحاج.",
                    "2026-02-03",
                ),
                ("قراء المكتبة الرقمية يتزايدون", "تستقبل المكتبة المدارس كل أسبوع.", "2026-03"),
                ("الصحف القديمة في متناول الجميع", "جُمعت الصحف القديمة في المكتبة الرقمية.", None),
            )
        )
    ]
    hostile = [
        Article(
            id=f"hostile-{number}",
            headline=f"hostile {payload}",
            standfirst=f"hostile {payload}",
            body=f"hostile {payload}\n\nencore {payload}",
            language="fr",
            source=f"source {payload}",
            section=f"section {payload}",
            byline=f"byline {payload}",
            url=("javascript:window.pwned=1", "data:text/html,<script>window.pwned=1</script>")[number % 2],
            published="2024-05-01",
            persons=persons(f"personne {payload}"),
            organisations=organisations(f"organisation {payload}"),
        )
        for number, payload in enumerate(PAYLOADS)
    ]
    plain = [
        french(1, "2025-11-04"),
        french(2, "2025-12-24", source="Le Courrier de Tamara"),
        french(3, "2026-01"),
        french(4, "2026-01-15"),
        french(5, None, section=None),
        french(6, "2025", source=None),
    ]
    return [library, *arabic, *plain, *hostile]


@pytest.fixture(scope="session")
def archive_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive that no test writes to."""
    folder = tmp_path_factory.mktemp("archive")
    with open_archive(folder, create=True) as archive, archive.writer() as writer:
        for article in articles():
            writer.add(article)
    return folder


@pytest.fixture(scope="session")
def app(archive_folder: Path) -> Flask:
    return create_app(Settings(archive=archive_folder))


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application of an archive of nothing but articles that break files."""
    folder = tmp_path_factory.mktemp("hostile")
    with open_archive(folder, create=True) as archive, archive.writer() as writer:
        for number, text in enumerate(HOSTILE):
            writer.add(everywhere(number, text))
    return create_app(folder)


@pytest.fixture(scope="session")
def payloads() -> tuple[str, ...]:
    return PAYLOADS


@pytest.fixture
def token() -> str:
    return TOKEN


@pytest.fixture
def bearer() -> dict[str, str]:
    """The header that lets a request write to the archive of `writable`."""
    return {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def writable(tmp_path: Path) -> FlaskClient:
    """A client of an archive that holds one article and may be written to with `TOKEN`."""
    with open_archive(tmp_path / "own", create=True) as archive, archive.writer() as writer:
        writer.add(french(1, "2025-11-04"))
    app = create_app(Settings(archive=tmp_path / "own", token_sha256=token_digest(TOKEN)))
    return app.test_client()


class Quiet(WSGIRequestHandler):
    """Logs no request: a failing test would print thousands."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


@pytest.fixture(scope="session")
def live() -> Iterator[Callable[[Flask], str]]:
    """Serves an application on a port of this machine until the tests end; gives its address."""
    servers: list[BaseWSGIServer] = []

    def serve(app: Flask) -> str:
        server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


CHROMIUM, DRIVER = "/usr/bin/chromium", "/usr/bin/chromedriver"  # where Debian puts them
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
)
Open = Callable[..., WebDriver]


@pytest.fixture(scope="session")
def open_browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    """Starts headless Chromium: its window's width and height, its language, and whether scripts run."""
    for program in (CHROMIUM, DRIVER):
        if not Path(program).exists():
            reason = f"{program} is missing: apt-get install chromium chromium-driver"
            if os.environ.get("KASHAF_BROWSER") == "require":
                pytest.fail(reason)
            pytest.skip(reason)
    started: list[WebDriver] = []

    def start(width: int = 1280, height: int = 900, language: str = "fr", scripts: bool = True) -> WebDriver:
        options = webdriver.ChromeOptions()
        options.binary_location = CHROMIUM
        for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('browser')}"):
            options.add_argument(flag)
        preferences: dict[str, object] = {"intl.accept_languages": language}
        if not scripts:
            preferences["profile.managed_default_content_settings.javascript"] = 2
        options.add_experimental_option("prefs", preferences)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        driver = webdriver.Chrome(options=options, service=Service(DRIVER))
        started.append(driver)
        # The window of headless Chromium is never narrower than 500 pixels; the page in it may be.
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        return driver

    yield start
    for driver in started:
        driver.quit()


@pytest.fixture(scope="session")
def site(app: Flask, live: Callable[[Flask], str]) -> str:
    """The address of a server of `articles`."""
    return live(app)


@pytest.fixture(scope="session")
def wide(open_browser: Open) -> WebDriver:
    return open_browser(1280, 900)


@pytest.fixture(scope="session")
def narrow(open_browser: Open) -> WebDriver:
    return open_browser(360, 740)


@pytest.fixture(scope="session")
def unscripted(open_browser: Open) -> WebDriver:
    """A wide window in which no script runs."""
    return open_browser(scripts=False)


@pytest.fixture
def browser(wide: WebDriver) -> Iterator[WebDriver]:
    """A wide window; whatever the page complains of (policy violations, script errors) fails the test."""
    wide.delete_all_cookies()
    complaints(wide)
    yield wide
    assert complaints(wide) == []
