"""Counters of all worker processes, in the text format of Prometheus (version 0.0.4).

A counter is a number at a fixed place of the common memory (`kashaf.web.shared`): counting is one addition, telling
adds up the places of all workers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count

from kashaf.web.shared import COUNTERS, Shared

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)  # seconds
STATUSES = (
    *(200, 201, 204, 206, 301, 302, 303, 304, 307, 308),
    *(400, 401, 403, 404, 405, 409, 410, 412, 413, 414, 415, 422, 429, 431),
    *(500, 501, 503),
)
OTHER = 0  # any other status
LIMITED = ("requests", "writes", "wrong-tokens", "exports")


class Metrics:
    """The counters of one server.

    Args:
        endpoints: names of the routes.
        searches: those whose time is measured.
    """

    def __init__(self, shared: Shared, endpoints: Iterable[str], searches: Iterable[str]) -> None:
        self._shared = shared
        at = count()
        self._endpoints = {name: {s: next(at) for s in (*STATUSES, OTHER)} for name in sorted({*endpoints, "none"})}
        self._searches = frozenset(searches)
        self._within = {bound: next(at) for bound in (*BOUNDS, float("inf"))}
        self._seconds = next(at)
        self._limited = {name: next(at) for name in LIMITED}
        self._partial, self._slow, self._remembered = next(at), next(at), next(at)
        if next(at) > COUNTERS:
            raise ValueError(f"{len(self._endpoints)} routes need more than {COUNTERS} counters")

    def count(self, endpoint: str, status: int, seconds: float) -> None:
        """Counts one answer."""
        counters = self._shared.counters
        by_status = self._endpoints.get(endpoint) or self._endpoints["none"]
        counters[by_status.get(status, by_status[OTHER])] += 1
        if endpoint in self._searches:
            counters[self._seconds] += seconds
            counters[next(at for bound, at in self._within.items() if seconds <= bound)] += 1

    def count_limited(self, limit: str) -> None:
        """Counts a request that was refused because its client, or everybody, asked too much."""
        self._shared.counters[self._limited[limit]] += 1

    def count_partial(self) -> None:
        """Counts a search whose time ended before it was done."""
        self._shared.counters[self._partial] += 1

    def count_slow(self) -> None:
        """Counts a request that took longer than the settings call fast."""
        self._shared.counters[self._slow] += 1

    def count_remembered(self) -> None:
        """Counts an answer that was given again from memory."""
        self._shared.counters[self._remembered] += 1

    def text(self, generation: int, articles: int) -> str:
        """Everything counted so far."""
        return "\n".join(self._lines(generation, articles)) + "\n"

    def _lines(self, generation: int, articles: int) -> Iterator[str]:
        totals = self._shared.totals()
        errors = 0
        yield from _head("kashaf_requests_total", "counter", "Answers by route and status.")
        for endpoint, by_status in self._endpoints.items():
            for status, at in by_status.items():
                if number := int(totals[at]):
                    yield f'kashaf_requests_total{{endpoint="{endpoint}",status="{status or "other"}"}} {number}'
                    errors += number if status >= 500 else 0
        yield from _one("kashaf_errors_total", "counter", "Answers with a status of 500 or more.", errors)
        yield from _head("kashaf_search_seconds", "histogram", "Time of searches, those from memory included.")
        within = 0
        for bound, at in self._within.items():
            within += int(totals[at])
            name = "+Inf" if bound == float("inf") else str(bound)
            yield f'kashaf_search_seconds_bucket{{le="{name}"}} {within}'
        yield f"kashaf_search_seconds_sum {totals[self._seconds]:.6f}"
        yield f"kashaf_search_seconds_count {within}"
        yield from _head("kashaf_limited_total", "counter", "Requests refused with 429, by limit.")
        for limit, at in self._limited.items():
            yield f'kashaf_limited_total{{limit="{limit}"}} {int(totals[at])}'
        for name, help_text, at in (
            ("kashaf_partial_total", "Searches whose time ended before they were done.", self._partial),
            ("kashaf_slow_total", "Requests slower than the setting slow.", self._slow),
            ("kashaf_remembered_total", "Answers given again from memory.", self._remembered),
        ):
            yield from _one(name, "counter", help_text, int(totals[at]))
        yield from _one("kashaf_generation", "gauge", "Generation of the index that answers.", generation)
        yield from _one("kashaf_articles", "gauge", "Articles of the archive.", articles)


def _head(name: str, kind: str, help_text: str) -> Iterator[str]:
    yield f"# HELP {name} {help_text}"
    yield f"# TYPE {name} {kind}"


def _one(name: str, kind: str, help_text: str, number: int) -> Iterator[str]:
    yield from _head(name, kind, help_text)
    yield f"{name} {number}"
