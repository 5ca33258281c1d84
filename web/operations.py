"""What the person who runs the server watches: is it alive, can it answer, how busy is it.

The counters are those of one worker process: a scraper that meets another worker each time sees another
worker's counters. Run one worker, or scrape each, where that matters.
"""

from __future__ import annotations

import threading
import time
from collections import Counter

from flask import Flask, Response, g, request

from kashaf.errors import ArchiveError
from kashaf.web.serving import archive

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)  # seconds
_SEARCHES = ("pages.search", "api.search")


class Metrics:
    """Counters of this process, in the text format of Prometheus (version 0.0.4)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: Counter[tuple[str, int]] = Counter()
        self._within: Counter[float] = Counter()
        self._searches = 0
        self._seconds = 0.0

    def count(self, endpoint: str, status: int, seconds: float) -> None:
        """Counts one answer."""
        with self._lock:
            self._requests[endpoint, status] += 1
            if endpoint in _SEARCHES:
                self._searches += 1
                self._seconds += seconds
                self._within.update(bound for bound in BOUNDS if seconds <= bound)

    def text(self, generation: int, articles: int) -> str:
        """Everything counted so far."""
        with self._lock:
            lines = [
                "# TYPE kashaf_requests_total counter",
                *(
                    f'kashaf_requests_total{{endpoint="{endpoint}",status="{status}"}} {count}'
                    for (endpoint, status), count in sorted(self._requests.items())
                ),
                "# TYPE kashaf_errors_total counter",
                f"kashaf_errors_total {sum(n for (_, status), n in self._requests.items() if status >= 500)}",
                "# TYPE kashaf_search_seconds histogram",
                *(f'kashaf_search_seconds_bucket{{le="{bound}"}} {self._within[bound]}' for bound in BOUNDS),
                f'kashaf_search_seconds_bucket{{le="+Inf"}} {self._searches}',
                f"kashaf_search_seconds_sum {self._seconds:.6f}",
                f"kashaf_search_seconds_count {self._searches}",
                "# TYPE kashaf_generation gauge",
                f"kashaf_generation {generation}",
                "# TYPE kashaf_articles gauge",
                f"kashaf_articles {articles}",
            ]
        return "\n".join(lines) + "\n"


def install(app: Flask) -> None:
    """Counts every answer of the application, and tells."""
    metrics = Metrics()

    @app.before_request
    def start() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def count(response: Response) -> Response:
        metrics.count(request.endpoint or "none", response.status_code, time.perf_counter() - g.started)
        return response

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
    def tell() -> Response:
        """Counters of this worker process."""
        text = metrics.text(archive().generation, archive().info().articles)
        return Response(text, content_type="text/plain; version=0.0.4")
