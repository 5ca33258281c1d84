"""How often one client may ask: a bucket of tokens for each, kept for all worker processes together.

A bucket holds `burst` requests and fills at `per_minute`. All that has to be known of it is one moment: when it will be
full again (the generic cell rate algorithm, ITU-T I.371). So a client takes two numbers of common memory, who it is and
that moment, in one of four places that its address chooses; a newcomer takes the place of who has been quiet longest,
whose bucket is then full anyway. Two processes that count the same client in the same microsecond may
count one request for two; nobody waits for that.

The answer tells what is left in ``RateLimit`` and ``RateLimit-Policy`` (draft-ietf-httpapi-ratelimit-headers).
"""

from __future__ import annotations

import hashlib
import ipaddress
import math
import secrets
import threading
import time
from dataclasses import dataclass
from functools import lru_cache

from flask import Flask, Response, current_app, g, request

from kashaf.web.clients import current_client
from kashaf.web.problems import Refused
from kashaf.web.settings import Settings
from kashaf.web.shared import CLIENTS, Shared

UNLIMITED = ("static", "healthz", "readyz", "metrics")  # parts of pages, and what the operator's own programs ask
_EXTENSION = "kashaf.limits"

_WAYS = 4
_SETS = CLIENTS // _WAYS
_SECRET = secrets.token_bytes(16)  # nobody can choose an address that shares a place with another


@dataclass(frozen=True, slots=True)
class Standing:
    """How a client stands after a request.

    Attributes:
        is_allowed: whether the request may go on.
        left: further requests that it may make at once.
        wait: seconds until the next one is allowed, 0 when it is now.
        full: seconds until its bucket is full.
    """

    is_allowed: bool
    left: int
    wait: float
    full: float


class Limit:
    """One limit of the requests of a client.

    Args:
        name: of the limit, as the headers and the metrics name it.
        per_minute: requests in the long run; 0: no limit.
        burst: requests at once.
    """

    def __init__(self, name: str, per_minute: int, burst: int, shared: Shared) -> None:
        self.name = name
        self.per_minute = per_minute
        self.burst = burst
        self._every = 60.0 / per_minute if per_minute else 0.0
        self._clients = shared.clients
        self._lock = threading.Lock()

    @property
    def policy(self) -> str:
        """The value of the header ``RateLimit-Policy``."""
        return f'"{self.name}";q={self.burst};w={math.ceil(self.burst * self._every)}'

    def state(self, standing: Standing) -> str:
        """The value of the header ``RateLimit``."""
        return f'"{self.name}";r={standing.left};t={math.ceil(standing.full)}'

    def ask(self, client: str, count: int = 1) -> Standing:
        """Counts a request; with a `count` of 0 only tells how the client stands."""
        if not self.per_minute:
            return Standing(True, self.burst, 0.0, 0.0)
        who, start = _place(self.name, client)
        now = time.monotonic()
        room = self.burst * self._every
        clients = self._clients
        with self._lock:
            quietest = start
            for at in range(start, start + 2 * _WAYS, 2):
                if clients[at] == who:
                    quietest = at
                    break
                if clients[at + 1] < clients[quietest + 1]:
                    quietest = at
            is_known = clients[quietest] == who
            full_at = max(clients[quietest + 1], now) if is_known else now
            wait = full_at + self._every - room - now
            if wait > 1e-9:
                return Standing(False, 0, wait, full_at - now)
            if count:
                full_at += self._every * count
                clients[quietest] = who
                clients[quietest + 1] = full_at
        return Standing(True, int((room - (full_at - now)) / self._every + 1e-9), 0.0, full_at - now)


@lru_cache(maxsize=8_192)
def _place(limit: str, client: str) -> tuple[float, int]:
    """A number for a client under a limit, and the first of its places."""
    digest = hashlib.blake2b(f"{limit} {_network(client)}".encode(), key=_SECRET, digest_size=16).digest()
    who = float(
        int.from_bytes(digest[:6], "little") + 1
    )  # 48 bits: exact in a float, and never the 0 of an empty place
    return who, int.from_bytes(digest[8:], "little") % _SETS * _WAYS * 2


def _network(client: str) -> str:
    """What one client has to itself: an address of IPv4, a network of 64 bits of IPv6."""
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return client
    return client if address.version == 4 else str(ipaddress.ip_network(f"{client}/64", strict=False))


class Limits:
    """The limits of one server, and their part in every request.

    Attributes:
        reads, writes: requests.
        tokens: wrong tokens.
    """

    def __init__(self, settings: Settings, shared: Shared) -> None:
        self.reads = Limit("requests", settings.requests_per_minute, settings.request_burst, shared)
        self.writes = Limit("writes", settings.writes_per_minute, settings.write_burst, shared)
        per_minute = settings.wrong_tokens_per_minute
        self.tokens = Limit("wrong-tokens", per_minute, max(per_minute, 1), shared)

    def count(self) -> None:
        """Counts the current request; `Refused` (429) when it is one too many."""
        if request.endpoint in UNLIMITED:
            return
        limit = self.reads if request.method in ("GET", "HEAD", "OPTIONS") else self.writes
        if limit.per_minute:
            g.limit, g.standing = limit, limit.ask(current_client())
            if not g.standing.is_allowed:
                raise refusal(limit, g.standing)

    def tell(self, response: Response) -> Response:
        """Says on the answer how the client stands."""
        if "standing" in g:
            response.headers["RateLimit-Policy"] = g.limit.policy
            response.headers["RateLimit"] = g.limit.state(g.standing)
        return response


def refusal(limit: Limit, standing: Standing) -> Refused:
    """The answer to a client that must wait."""
    g.limited = limit.name
    return Refused(
        "too-many-requests",
        f"{limit.name} of one client: {limit.burst} at once and {limit.per_minute} a minute are allowed",
        headers={"Retry-After": str(max(1, math.ceil(standing.wait)))},
        members={"limit": f"{limit.name} of one client", "allowed": limit.per_minute},
    )


def limits() -> Limits:
    """The limits of the current application."""
    found = current_app.extensions[_EXTENSION]
    assert isinstance(found, Limits)
    return found


def install(app: Flask, settings: Settings, shared: Shared) -> None:
    """Limits the requests of each client, where the settings do."""
    made = app.extensions[_EXTENSION] = Limits(settings, shared)
    if made.reads.per_minute or made.writes.per_minute:
        app.before_request(made.count)
        app.after_request(made.tell)
