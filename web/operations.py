"""What the person who runs the server watches: is it alive, can it answer, how busy is it, what was slow."""

from __future__ import annotations

import time

from flask import Flask, Response, current_app, g, request

from kashaf.errors import ArchiveError
from kashaf.web.metrics import MEDIA_TYPE, Metrics
from kashaf.web.serving import archive
from kashaf.web.settings import Settings
from kashaf.web.shared import Shared
from kashaf.web.slow import SlowRequests

_SEARCHES = ("pages.search", "api.search")
_EXTENSION = "kashaf.operations"


class Watch:
    """Looks at every answer of an application."""

    def __init__(self, app: Flask, settings: Settings, shared: Shared) -> None:
        endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
        self.metrics = Metrics(shared, endpoints, _SEARCHES)
        self.slow = SlowRequests(shared)
        self._bound = settings.slow

    def end(self, response: Response) -> Response:
        """Counts the answer to the current request."""
        seconds = time.perf_counter() - g.started
        status = response.status_code
        metrics = self.metrics
        metrics.count(request.endpoint or "none", status, seconds)
        if status == 429:
            metrics.count_limited(g.get("limited", "exports"))
        elif "is_kept" in g:
            metrics.count_remembered()
        if "is_partial" in g:
            metrics.count_partial()
        if seconds > self._bound:
            metrics.count_slow()
            self.slow.keep(seconds, status)
        return response


def watch() -> Watch:
    """The watch of the current application."""
    found = current_app.extensions[_EXTENSION]
    assert isinstance(found, Watch)
    return found


def begin(app: Flask) -> None:
    """The first thing of every request: its time begins, before anything can refuse it."""

    @app.before_request
    def start() -> None:
        g.started = time.perf_counter()


def install(app: Flask, settings: Settings, shared: Shared) -> None:
    """Publishes what is watched; after every other route, because each has its counters."""

    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        """This process answers."""
        return {"status": "ok"}

    @app.get("/readyz")
    def readyz() -> tuple[dict[str, object], int]:
        """The archive answers too."""
        try:
            return {"status": "ok", "generation": archive().generation}, 200
        except ArchiveError:
            return {"status": "unavailable"}, 503

    @app.get("/metrics")
    def metrics() -> Response:
        """Counters of all worker processes."""
        text = watch().metrics.text(archive().generation, archive().info().articles)
        return Response(text, content_type=MEDIA_TYPE)

    made = app.extensions[_EXTENSION] = Watch(app, settings, shared)
    app.after_request(made.end)
