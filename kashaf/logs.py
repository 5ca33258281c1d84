"""What the server logs: one line an event, in JSON or as text, whatever stands in the event.

A line is made of what clients send, so nothing in it may end it, begin another or steer the terminal that shows
it: control characters, line and paragraph separators and characters that turn the direction of writing are escaped, and
everything is cut to a length. A request is logged when its answer has been sent, so that bytes and time are
those of the whole; what was searched for is left out unless a setting asks for it.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import lru_cache
from typing import Any

from gunicorn.glogging import Logger

from kashaf.terminal import escaped
from kashaf.web.clients import client_address
from kashaf.web.settings import Settings

LONGEST = 1_000  # characters of a path or of what was asked; an exception may be twenty times as long
# In an address nobody should send these; whoever does must not find them in the log.
_SECRET = re.compile("token|password|secret|key|authorization", re.IGNORECASE)
_encode = json.JSONEncoder(ensure_ascii=False).encode
_MEMBERS = ("request_id", "method", "path", "query", "status", "ms", "bytes", "client")

requests = logging.getLogger("kashaf.requests")


class _Lines(logging.Formatter):
    """One line an event."""

    def format(self, record: logging.LogRecord) -> str:
        event: dict[str, object] = {
            "time": f"{_second(int(record.created))}.{int(record.msecs):03}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _cut(record.getMessage()),
        }
        given = record.__dict__
        for name in _MEMBERS:
            if (value := given.get(name)) is not None:
                event[name] = _cut(value)
        event["process"] = record.process
        if record.exc_info:
            event["exception"] = _cut(self.formatException(record.exc_info), 20 * LONGEST)
        return self.written(event)

    def written(self, event: Mapping[str, object]) -> str:
        """The line of an event."""
        raise NotImplementedError


class JSONLines(_Lines):
    """An object of JSON, its letters of every script as they are."""

    def written(self, event: Mapping[str, object]) -> str:
        return escaped(_encode(event))


class TextLines(_Lines):
    """Time and level first, then whatever else there is, for people."""

    def written(self, event: Mapping[str, object]) -> str:
        first = ("time", "level", "message")
        rest = (f"{name}={_word(value)}" for name, value in event.items() if name not in (*first, "logger", "process"))
        message = json.dumps(event["message"], ensure_ascii=False)[1:-1]
        return escaped(" ".join((str(event["time"]), str(event["level"]), message, *rest)))


def _word(value: object) -> str:
    """A value that reads as one, whatever is in it."""
    text = str(value)
    return text if re.fullmatch(r'[^\s"=\\]+', text) else json.dumps(text, ensure_ascii=False)


def _cut(value: object, longest: int = LONGEST) -> object:
    return f"{value[:longest]}…" if isinstance(value, str) and len(value) > longest else value


@lru_cache(maxsize=4)
def _second(seconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))


def logger_class(settings: Callable[[], Settings]) -> type[Logger]:
    """The logger of gunicorn that writes its messages and ours in the form of the settings, on standard error.

    Args:
        settings: gives those that hold; asked again when the server is told to reload.
    """

    class Log(Logger):  # type: ignore[misc]  # gunicorn has no type hints
        def setup(self, cfg: Any) -> None:
            self.cfg = cfg
            self._settings = settings()
            handler = logging.StreamHandler(sys.stderr)
            handler.setFormatter(JSONLines() if self._settings.log_format == "json" else TextLines())
            level = self._settings.log_level.upper()
            for logger in (self.error_log, logging.getLogger("kashaf")):
                logger.handlers[:] = [handler]
                logger.setLevel(level)
                logger.propagate = False
            # What gunicorn says of its own coming and going is for those who look for a fault in it.
            self.error_log.setLevel("DEBUG" if level == "DEBUG" else max(self.error_log.level, logging.WARNING))

        def access(self, resp: Any, req: Any, environ: Mapping[str, Any], request_time: timedelta) -> None:
            if requests.isEnabledFor(logging.INFO):
                requests.info("request", extra=described(resp, environ, request_time, self._settings))

    return Log


def described(resp: Any, environ: Mapping[str, Any], taken: timedelta, settings: Settings) -> dict[str, object]:
    """What is logged of a request that has been answered.

    Args:
        resp: gunicorn's response: what was sent.
        environ: of the WSGI request.
        taken: from its first byte to the last of the answer.
    """
    query = environ.get("QUERY_STRING", "")
    return {
        "request_id": next((value for name, value in resp.headers if name == "X-Request-ID"), None),
        "method": environ.get("REQUEST_METHOD"),
        "path": environ.get("PATH_INFO", "").encode("latin-1", "replace").decode("utf-8", "replace"),
        "query": _without_secrets(query) if settings.log_queries and query else None,
        "status": getattr(resp, "status_code", None),
        "ms": round(taken.total_seconds() * 1_000, 1),
        "bytes": resp.sent,
        "client": client_address(environ, settings.proxies),
    }


def _without_secrets(query: str) -> str:
    pairs = (pair.partition("=") for pair in query.split("&"))
    return "&".join(
        f"{name}=…" if value and _SECRET.search(name) else f"{name}{mark}{value}" for name, mark, value in pairs
    )
