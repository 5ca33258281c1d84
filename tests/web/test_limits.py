"""How often one client may ask: what the limits allow, what they say, who counts as one client."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from kashaf.web import create_app
from kashaf.web.clients import client_address
from kashaf.web.limits import Limit
from kashaf.web.settings import Settings, token_digest
from kashaf.web.shared import CLIENTS, Shared

Make = Callable[..., FlaskClient]


@dataclass
class Clock:
    """A clock that goes when it is told to."""

    now: float = 1_000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr("kashaf.web.limits.time", made)
    return made


@pytest.fixture
def limited(archive_folder: Path, token: str) -> Make:
    """Makes a client of a server with limits."""

    def make(**limits: object) -> FlaskClient:
        return create_app(Settings(archive=archive_folder, token_sha256=token_digest(token), **limits)).test_client()  # type: ignore[arg-type]  # values of its own fields

    return make


@hypothesis_settings(max_examples=60, deadline=None)
@given(
    burst=st.integers(1, 8),
    per_minute=st.sampled_from([1, 7, 60, 600]),
    steps=st.lists(st.tuples(st.floats(0, 30), st.integers(1, 4)), max_size=30),
)
def test_a_limit_is_a_bucket_of_tokens(burst: int, per_minute: int, steps: list[tuple[float, int]]) -> None:
    clock = Clock()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kashaf.web.limits.time", clock)
        limit = Limit("x", per_minute, burst, Shared())
        tokens, last = float(burst), clock.now
        for pause, requests in steps:
            clock.now += pause
            for _ in range(requests):
                tokens = min(burst, tokens + (clock.now - last) * per_minute / 60)
                last = clock.now
                if abs(tokens - round(tokens)) < 1e-6:  # which side of a whole token is a matter of rounding
                    tokens = float(round(tokens))
                standing = limit.ask("192.0.2.1")
                assert standing.is_allowed is (tokens >= 1)
                tokens -= standing.is_allowed
                assert standing.left == int(tokens + 1e-6) or not standing.is_allowed
                if not standing.is_allowed:
                    assert standing.wait == pytest.approx((1 - tokens) * 60 / per_minute, abs=1e-5)
                assert standing.full == pytest.approx((burst - tokens) * 60 / per_minute, abs=1e-5)


def test_clients_do_not_share_a_bucket(clock: Clock) -> None:
    limit = Limit("x", 60, 1, Shared())
    clients = [f"192.0.{a}.{b}" for a in range(2) for b in range(250)]
    assert all(limit.ask(one).is_allowed for one in clients)
    assert not any(limit.ask(one).is_allowed for one in clients)
    clock.now += 1.0
    assert all(limit.ask(one).is_allowed for one in clients)


def test_a_network_of_version_6_is_one_client(clock: Clock) -> None:
    limit = Limit("x", 60, 1, Shared())
    assert limit.ask("2001:db8::1").is_allowed
    assert not limit.ask("2001:db8::ffff:1").is_allowed
    assert limit.ask("2001:db8:0:1::1").is_allowed


def test_more_clients_than_places_are_still_answered(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kashaf.web.limits._SETS", 2)  # eight places
    limit = Limit("x", 60, 5, Shared())
    assert all(limit.ask(f"198.51.100.{n}").is_allowed for n in range(200))
    assert CLIENTS == 1 << 16


def test_processes_share_what_they_count() -> None:
    shared = Shared(3)
    limit = Limit("x", 1, 3, shared)
    assert limit.ask("192.0.2.1").left == 2
    child = os.fork()
    if not child:
        os._exit(limit.ask("192.0.2.1").left)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1
    assert limit.ask("192.0.2.1").left == 0


def test_too_many_requests_are_a_problem_that_says_when(limited: Make) -> None:
    client = limited(requests_per_minute=60, request_burst=3)
    for left in (2, 1, 0):
        answer = client.get("/api/v1/search?q=port")
        assert answer.status_code == 200
        assert answer.headers["RateLimit-Policy"] == '"requests";q=3;w=3'
        name, found, full = answer.headers["RateLimit"].split(";")
        assert (name, found) == ('"requests"', f"r={left}") and full in ("t=1", "t=2", "t=3")
    refused = client.get("/api/v1/search?q=port")
    assert (refused.status_code, refused.content_type) == (429, "application/problem+json")
    assert refused.headers["Retry-After"] == "1" and '"requests";r=0;t=' in refused.headers["RateLimit"]
    body = refused.get_json()
    assert body["type"] == "/problems/too-many-requests"
    assert (body["limit"], body["allowed"]) == ("requests of one client", 60)
    page = client.get("/", headers={"Accept-Language": "fr"})
    assert (page.status_code, page.mimetype) == (429, "text/html") and "1 s" in page.text.replace("\u00a0", " ")
    for path in ("/healthz", "/readyz", "/metrics", "/static/app.css"):
        with client.get(path) as free:
            assert free.status_code == 200, path
    counters = client.get("/metrics").text
    assert 'kashaf_limited_total{limit="requests"} 2' in counters
    assert client.get("/", environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 200  # somebody else


def test_a_client_that_waits_may_ask_again(limited: Make, clock: Clock) -> None:
    client = limited(requests_per_minute=30, request_burst=1)
    assert client.get("/help").status_code == 200
    refused = client.get("/help")
    assert refused.status_code == 429
    clock.now += float(refused.headers["Retry-After"])
    assert client.get("/help").status_code == 200


def test_writes_have_a_limit_of_their_own(limited: Make, bearer: dict[str, str]) -> None:
    client = limited(writes_per_minute=60, write_burst=2)
    for status in (404, 404, 429):
        answer = client.delete("/api/v1/articles/nothing", headers=bearer)
        assert answer.status_code == status and answer.headers["RateLimit-Policy"] == '"writes";q=2;w=2'
    assert client.get("/api/v1/search").status_code == 200
    assert "RateLimit" not in client.get("/api/v1/search").headers


def test_there_is_no_limit_unless_one_is_set(limited: Make) -> None:
    client = limited()
    for _ in range(80):
        assert "RateLimit" not in client.get("/healthz").headers
    assert client.get("/api/v1/search").status_code == 200


def test_nobody_can_try_many_tokens(limited: Make, bearer: dict[str, str], clock: Clock) -> None:
    client = limited(wrong_tokens_per_minute=3)
    for status in (401, 401, 401, 429, 429):
        answer = client.delete("/api/v1/articles/nothing", headers={"Authorization": "Bearer wrong"})
        assert answer.status_code == status
    assert answer.get_json()["limit"] == "wrong-tokens of one client" and int(answer.headers["Retry-After"]) <= 20
    # The right one is not even looked at: who tries must not learn that it was right.
    assert client.delete("/api/v1/articles/nothing", headers=bearer).status_code == 429
    assert (
        client.delete("/api/v1/articles/nothing", headers=bearer, environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code
        == 404
    )
    clock.now += 20
    assert client.delete("/api/v1/articles/nothing", headers=bearer).status_code == 404


PROXIES = ("10.0.0.0/8", "::1")


@pytest.mark.parametrize(
    "peer, forwarded, client",
    [
        ("192.0.2.1", None, "192.0.2.1"),
        ("192.0.2.1", "203.0.113.9", "192.0.2.1"),  # not a proxy of ours: whatever it says is its own
        ("10.0.0.1", None, "10.0.0.1"),
        ("10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"),  # the first was written by the client
        ("10.0.0.1", "203.0.113.9, 10.1.1.1", "203.0.113.9"),  # two proxies of ours
        ("10.0.0.1", "10.1.1.1", "10.1.1.1"),
        ("10.0.0.1", "203.0.113.9:4711", "203.0.113.9"),
        ("::1", "[2001:db8::7]:443", "2001:db8::7"),
        ("::1", "2001:DB8::7", "2001:db8::7"),
        ("::ffff:10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "nobody", "10.0.0.1"),
        ("10.0.0.1", "203.0.113.9, unknown", "10.0.0.1"),
        ("10.0.0.1", "\r\nX: y", "10.0.0.1"),
        ("10.0.0.1", "203.0.113.9, " + "10.0.0.2, " * 50 + "10.0.0.3", "10.0.0.2"),
        ("", "203.0.113.9", ""),
    ],
)
def test_who_the_client_is(peer: str, forwarded: str | None, client: str) -> None:
    environ = {"REMOTE_ADDR": peer, **({} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded})}
    assert client_address(environ, PROXIES) == client
    assert client_address(environ, ()) == peer


@given(st.text(max_size=200), st.text(max_size=40))
def test_no_header_is_an_error(forwarded: str, peer: str) -> None:
    client_address({"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": forwarded}, PROXIES)


def test_limits_follow_the_client_behind_the_proxy(limited: Make) -> None:
    client = limited(requests_per_minute=1, request_burst=1, proxies=("127.0.0.1",))
    for address, status in (("192.0.2.1", 200), ("192.0.2.2", 200), ("192.0.2.1", 429)):
        assert client.get("/help", headers={"X-Forwarded-For": address}).status_code == status
    # A client cannot give itself a new address.
    forged = {"X-Forwarded-For": "198.51.100.9, 192.0.2.1"}
    assert client.get("/help", headers=forged).status_code == 429


def test_counting_is_quick() -> None:
    limit = Limit("x", 1_000_000, 1_000_000, Shared())
    begun = time.process_time()
    for _ in range(10_000):
        limit.ask("192.0.2.1")
    assert time.process_time() - begun < 1.0
