"""A gunicorn worker of threads that does not wait for ever for what a client has begun to send.

A thread that reads a request is nobody else's meanwhile, so a few clients that send a byte now and then could keep all
threads of all workers (the "slowloris" attack). Here a request has some seconds to arrive, counted from its first
byte; then the reading side of its connection is closed, which ends the wait as if the client had gone. Answers
take as long as they need.
"""

from __future__ import annotations

import socket
import time
from contextlib import suppress
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

HEAD_SECONDS = 5.0  # for the line and the headers of a request
BODY_SECONDS = 60.0  # for what follows them


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no type hints
    """The worker of threads, with an end to its patience."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._patience: dict[Any, float] = {}  # by connection: until when it is read from

    def handle(self, conn: Any) -> Any:
        """Reads a request and answers it, in a thread."""
        self._patience[conn] = time.monotonic() + HEAD_SECONDS
        try:
            return super().handle(conn)
        finally:
            self._patience.pop(conn, None)

    def handle_request(self, req: Any, conn: Any) -> Any:
        """Answers a request whose headers have come."""
        self._patience[conn] = time.monotonic() + BODY_SECONDS
        return super().handle_request(req, conn)

    def notify(self) -> None:
        """Shows that the worker lives, once a second or more often, and hurries whoever is late."""
        super().notify()
        now = time.monotonic()
        for conn, until in list(self._patience.items()):
            if until < now:
                with suppress(OSError):
                    conn.sock.shutdown(socket.SHUT_RD)
