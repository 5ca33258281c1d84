"""Requests that took long, kept for the operator: the last few of each worker process."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass

from flask import g, request

from kashaf.web.shared import NOTE_BYTES, Shared

_LONGEST = 300  # characters of an address that are kept; of Arabic each takes at most six bytes in JSON


@dataclass(frozen=True, slots=True)
class SlowRequest:
    """One of them.

    Attributes:
        time: when it was answered, ISO 8601, UTC.
        seconds: that it took.
        path: the address without what was asked.
        query: what was asked, decoded, shortened.
        status: of the answer.
        request_id: as in the log.
    """

    time: str
    seconds: float
    path: str
    query: str
    status: int
    request_id: str


class SlowRequests:
    """The slow requests of all processes of one server."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared

    def keep(self, seconds: float, status: int) -> None:
        """Keeps the current request."""
        asked = "&".join(f"{name}={value}" for name, value in request.args.items(multi=True))
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        path, query = (text[:_LONGEST] for text in (request.path, asked))
        kept = SlowRequest(now, round(seconds, 3), path, query, status, g.get("request_id", ""))
        written = json.dumps(asdict(kept)).encode("ascii")
        if len(written) > NOTE_BYTES - 4:  # letters beyond the first plane take twelve bytes
            written = json.dumps(
                {**asdict(kept), "query": query[: _LONGEST // 4], "path": path[: _LONGEST // 4]}
            ).encode()
        self._shared.note(written)

    def slowest(self) -> list[SlowRequest]:
        """What is kept, the slowest first."""
        found = []
        for note in self._shared.notes():
            try:
                found.append(SlowRequest(**json.loads(note)))
            except ValueError:  # a process was writing it
                continue
        return sorted(found, key=lambda one: -one.seconds)
