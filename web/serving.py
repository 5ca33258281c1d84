"""The archive that this process serves: one reader, never older than a second."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Mapping
from dataclasses import replace

from flask import Flask, current_app

from kashaf.errors import ExtractorError, SettingError
from kashaf.index import extractors
from kashaf.search.archive import Archive, open_archive
from kashaf.search.request import Request
from kashaf.web.remembered import Answers
from kashaf.web.settings import Settings

REFRESH_SECONDS = 1.0
_EXTENSION = "kashaf"


class Serving:
    """Opens the archive once a process and looks for a newer generation at most once a second.

    gunicorn may fork after the application was made (``--preload``); a connection to SQLite must not
    cross a fork, so a child opens its own and leaves its parent's alone.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.answers = Answers(settings.remembered)
        self._lock = threading.Lock()
        self._archives: dict[int, Archive] = {}  # by process id
        self._checked = 0.0
        self.archive()  # an archive that cannot be used is said at once, not at the first request

    def archive(self) -> Archive:
        """The archive, at its newest generation or one that was newest a second ago."""
        with self._lock:
            archive = self._archives.get(os.getpid())
            now = time.monotonic()
            if archive is None:
                archive = self._archives[os.getpid()] = open_archive(self.settings.archive)
                self._checked = now
            elif now - self._checked >= REFRESH_SECONDS:
                self._checked = now
                archive.refresh()
        return archive


def serving_of(extensions: Mapping[str, object]) -> Serving:
    """What serves the application with these extensions."""
    found = extensions[_EXTENSION]
    assert isinstance(found, Serving)
    return found


def serving() -> Serving:
    """What serves the current request."""
    return serving_of(current_app.extensions)


def archive() -> Archive:
    """The archive of the current request."""
    return serving().archive()


def settings() -> Settings:
    """The settings of the current application."""
    return serving().settings


def within_budget(asked: Request) -> Request:
    """A search with the time that this server gives it."""
    return replace(asked, budget=settings().budget)


def install(app: Flask, chosen: Settings) -> None:
    """Makes `archive` answer in this application.

    Raises:
        ArchiveError: if the archive cannot be used.
        SettingError: if the extractor cannot be used.
    """
    try:
        extractors.chosen(chosen.extractor)
    except ExtractorError as error:
        raise SettingError("extractor", "extractor", str(error)) from error
    app.extensions[_EXTENSION] = Serving(chosen)
