"""What the person who runs the server is shown: the archive in figures, what came in and what was refused, what was
slow, which versions and settings are at work. For whoever has the token, as a page and as JSON."""

from __future__ import annotations

import os
import platform
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from babel.dates import format_datetime
from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from kashaf.index.reports import Check, Commit, Run
from kashaf.search.info import Info
from kashaf.search.request import Request
from kashaf.search.results import Bucket
from kashaf.web.curators import curator, is_on
from kashaf.web.freshness import PROGRAM
from kashaf.web.locales import current_language
from kashaf.web.operations import watch
from kashaf.web.rendering import page
from kashaf.web.serving import archive, settings
from kashaf.web.settings import SETTINGS
from kashaf.web.slow import SlowRequest

SOURCES, RUNS, REFUSALS, COMMITS, SLOW = 50, 10, 20, 10, 20  # lines of each kind on the page and in the answer
_LIBRARIES = ("flask", "gunicorn", "numpy", "Whoosh")

admin = Blueprint("admin", __name__)


@dataclass(frozen=True, slots=True)
class Held:
    """A setting as it holds.

    Attributes:
        name: of the setting.
        value: as text; None for a secret.
        is_default: whether nobody chose it.
    """

    name: str
    value: str | None
    is_default: bool


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that the operator is shown.

    Attributes:
        archive: in figures.
        sources: articles by newspaper, the largest first.
        runs: the last runs of indexing with their first refusals, newest first.
        commits: the last commits, newest first.
        check: the last time that all files were checked; None: never.
        slow: requests that took long, the slowest first.
        versions: of the program and of what it stands on.
        settings: that hold.
        worker: the process that answers.
    """

    archive: Info
    sources: tuple[Bucket, ...]
    runs: tuple[Run, ...]
    commits: tuple[Commit, ...]
    check: Check | None
    slow: tuple[SlowRequest, ...]
    versions: dict[str, str]
    settings: tuple[Held, ...]
    worker: int


def report() -> Report:
    """What there is to be told now."""
    found = archive()
    by_source = found.run(Request(size=0, facets=("source",), facet_size=SOURCES)).facets["source"]
    return Report(
        archive=found.info(),
        sources=tuple(by_source),
        runs=tuple(found.reports.runs(RUNS)),
        commits=tuple(found.reports.commits(COMMITS)),
        check=found.reports.check(),
        slow=tuple(watch().slow.slowest()[:SLOW]),
        versions=versions(),
        settings=tuple(held()),
        worker=os.getpid(),
    )


def versions() -> dict[str, str]:
    """Versions by name."""
    return {
        "kashaf": PROGRAM,
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        **{name.lower(): version(name) for name in _LIBRARIES},
    }


def held() -> list[Held]:
    """The settings that hold."""
    found = []
    for name, setting in SETTINGS.items():
        value = getattr(settings(), name)
        is_default = value == setting.default
        found.append(Held(name, None if setting.is_secret and value is not None else _written(value), is_default))
    return found


def _written(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, Path):
        return str(value.absolute())
    return "none" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


@admin.get("/admin")
def overview() -> AnyResponse | str | tuple[str, int]:
    """The page; who has not signed in is sent to do so."""
    if not is_on():
        return page("sign_in.html", q="", is_on=False), 403
    if curator() is None:
        return redirect(url_for("curation.enter"), 303)
    return page("admin.html", q="", report=report(), refusals=REFUSALS)


@admin.after_request
def kept_by_nobody(response: AnyResponse) -> AnyResponse:
    """What the operator sees stays with him."""
    response.headers["Cache-Control"] = "no-store"
    return response


@lru_cache(maxsize=1_024)
def _moment_in(language: str, moment: str) -> str:
    return format_datetime(datetime.fromisoformat(moment), "medium", locale=language)


def readable_moment(moment: str) -> str:
    """A moment of ISO 8601 in UTC as the reader writes moments."""
    return _moment_in(current_language(), moment)


admin.add_app_template_filter(readable_moment, "readable_moment")
