"""Counters: valid for Prometheus, of all worker processes, never going back."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from kashaf.web import create_app
from kashaf.web.metrics import Metrics
from kashaf.web.settings import Settings
from kashaf.web.shared import COUNTERS, NOTE_BYTES, NOTES, Shared
from kashaf.web.slow import SlowRequests

Key = tuple[str, frozenset[tuple[str, str]]]


def counters(client: FlaskClient) -> dict[Key, float]:
    """Every sample, as Prometheus' own parser reads it; each family is told once, with its help and type."""
    answer = client.get("/metrics")
    assert answer.content_type == "text/plain; version=0.0.4; charset=utf-8"
    families = list(text_string_to_metric_families(answer.text))
    assert len({family.name for family in families}) == len(families)
    assert all(family.documentation and family.type in ("counter", "gauge", "histogram") for family in families)
    samples = [sample for family in families for sample in family.samples]
    found = {(sample.name, frozenset(sample.labels.items())): sample.value for sample in samples}
    assert len(found) == len(samples)
    return found


def key(name: str, **labels: str) -> Key:
    return name, frozenset(labels.items())


@pytest.fixture
def fresh(archive_folder: Path) -> Flask:
    return create_app(Settings(archive=archive_folder, slow=0.0))


def test_answers_are_counted_by_route_and_status(fresh: Flask) -> None:
    client = fresh.test_client()
    assert key("kashaf_requests_total", endpoint="api.search", status="200") not in counters(client)
    client.get("/api/v1/search?q=port")
    client.get("/api/v1/search?q=port")  # from memory
    client.get("/api/v1/search?page=x")
    client.get("/nothing")
    found = counters(client)
    for endpoint, status, number in (("api.search", "200", 2), ("api.search", "422", 1), ("none", "404", 1)):
        assert found[key("kashaf_requests_total", endpoint=endpoint, status=status)] == number
    assert found[key("kashaf_articles")] == 16 and found[key("kashaf_generation")] >= 1
    assert found[key("kashaf_remembered_total")] == 1
    assert found[key("kashaf_errors_total")] == 0
    assert found[key("kashaf_slow_total")] == 5  # everything is slow here, the first look at the counters too


def test_the_histogram_is_one(fresh: Flask) -> None:
    client = fresh.test_client()
    for _ in range(3):
        client.get("/?q=quai")
    found = counters(client)
    buckets = [(dict(labels)["le"], n) for (name, labels), n in found.items() if name == "kashaf_search_seconds_bucket"]
    numbers = [n for _, n in sorted(buckets, key=lambda one: float(one[0]))]
    assert numbers == sorted(numbers) and numbers[-1] == found[key("kashaf_search_seconds_count")] == 3
    assert found[key("kashaf_search_seconds_sum")] > 0


def test_partial_answers_are_counted(archive_folder: Path) -> None:
    client = create_app(Settings(archive=archive_folder, budget=0.0)).test_client()
    assert client.get("/api/v1/search?q=port").get_json()["partial"]
    assert client.get("/?q=port").status_code == 200
    assert counters(client)[key("kashaf_partial_total")] == 2


def test_errors_are_counted(archive_folder: Path) -> None:
    app = create_app(archive_folder)

    def broken() -> str:
        raise RuntimeError

    app.view_functions["pages.help"] = broken
    client = app.test_client()
    assert client.get("/help").status_code == 500
    found = counters(client)
    assert found[key("kashaf_errors_total")] == 1
    assert found[key("kashaf_requests_total", endpoint="pages.help", status="500")] == 1


def test_the_counters_of_all_processes_are_added_up() -> None:
    shared = Shared(4)
    metrics = Metrics(shared, ["a"], ["a"])
    metrics.count("a", 200, 0.01)
    for _ in range(2):  # two workers, then a third in the place of the first
        place = shared.take()
        child = os.fork()
        if not child:
            shared.settle(place)
            metrics.count("a", 200, 0.01)
            metrics.count("elsewhere", 999, 9.0)
            os._exit(0)
        os.waitpid(child, 0)
    shared.give_back(1)
    assert shared.take() == 3 and shared.take() == 1
    assert shared.take() == 3  # when there are more processes than places, some share the last
    shared.settle(1)
    metrics.count("a", 200, 0.01)
    text = metrics.text(1, 2)
    assert 'kashaf_requests_total{endpoint="a",status="200"} 4' in text
    assert 'kashaf_requests_total{endpoint="none",status="other"} 2' in text


def test_there_is_room_for_every_route(app: Flask) -> None:
    routes = {rule.endpoint for rule in app.url_map.iter_rules()}
    Metrics(Shared(), [*routes, *(f"later-{n}" for n in range(30))], [])
    with pytest.raises(ValueError, match=f"more than {COUNTERS} counters"):
        Metrics(Shared(), map(str, range(1_000)), [])


def test_slow_requests_are_kept_slowest_first(fresh: Flask) -> None:
    client = fresh.test_client()
    shared = Shared(2)
    slow = SlowRequests(shared)
    with fresh.test_request_context("/api/v1/search", query_string={"q": "المكتبة " * 100, "person": "\u202eé\n"}):
        slow.keep(1.5, 200)
        shared.settle(1)
        slow.keep(3.25, 200)
    with fresh.test_request_context("/", query_string={"q": "\U0001f600" * 900}):
        slow.keep(2.0, 200)
    first, second, third = slow.slowest()
    assert (first.seconds, second.seconds, third.seconds) == (3.25, 2.0, 1.5)
    assert first.path == "/api/v1/search" and first.query.startswith("q=المكتبة ") and len(first.query) == 300
    assert second.query.startswith("q=\U0001f600")
    assert client.get("/metrics").status_code == 200


def test_the_oldest_notes_go() -> None:
    shared = Shared(2)
    for number in range(NOTES + 5):
        shared.note(f"note {number}".encode())
    shared.settle(1)
    shared.note(b"of another")
    shared.note(b"x" * NOTE_BYTES)  # too long: not kept
    assert {*shared.notes()} == {*(f"note {n}".encode() for n in range(5, NOTES + 5)), b"of another"}
