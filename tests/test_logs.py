"""What the server logs: one line an event, whatever clients send."""

from __future__ import annotations

import io
import json
import logging
import re
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kashaf.logs import LONGEST, JSONLines, TextLines, described
from kashaf.search.archive import open_archive
from kashaf.web import create_app
from kashaf.web.settings import Settings

# What could end a line, begin another, or steer the terminal that shows it.
UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
HOSTILE = (
    "a\r\nforged",
    "\x1b[2J\x1b[31m",
    "\u202egnp.exe",
    "\u2028\x85",
    "%s %n {0}",
    '"}, {"level": "error',
    "\ud800",
)


def record(message: str, **extra: object) -> logging.LogRecord:
    made = logging.LogRecord("kashaf.requests", logging.INFO, "", 0, message, (), None)
    made.__dict__.update(extra)
    return made


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_breaks_a_line(text: str) -> None:
    for form in (JSONLines(), TextLines()):
        line = form.format(record(text, path=text, query=text, client=text, request_id=text, method=text))
        assert not UNSAFE.search(line)
    found = json.loads(JSONLines().format(record(text, path=text)))
    assert (found["message"], found["path"]) == (text, text)


@given(st.text(st.characters()), st.text(st.characters()))
def test_any_text_can_be_logged(message: str, path: str) -> None:
    line = JSONLines().format(record(message, path=path))
    assert not UNSAFE.search(line) and json.loads(line)["path"] == path
    line = TextLines().format(record(message, path=path))
    assert not UNSAFE.search(line) and line.encode()


def test_a_value_cannot_look_like_another_field() -> None:
    line = TextLines().format(record("request", path="/ status=200 client=127.0.0.1", status=404))
    assert 'path="/ status=200 client=127.0.0.1" status=404' in line
    assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z info request ", line)


def test_a_megabyte_is_cut() -> None:
    found = json.loads(JSONLines().format(record("x" * 1_000_000, path="/" + "y" * 1_000_000)))
    assert len(found["message"]) == len(found["path"]) == LONGEST + 1


def test_an_error_is_one_line_with_its_traceback() -> None:
    try:
        raise RuntimeError("first line\nsecond line")
    except RuntimeError as error:
        made = record("unforeseen error", request_id="abc")
        made.exc_info = (type(error), error, error.__traceback__)
    found = json.loads(JSONLines().format(made))
    assert found["exception"].startswith("Traceback") and "first line\nsecond line" in found["exception"]
    text = TextLines().format(made)
    assert "\n" not in text and r"\nRuntimeError: first line\nsecond line" in text and "request_id=abc" in text


def answered(path: str, query: str, **settings: object) -> dict[str, object]:
    """What is logged of a request."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path.encode().decode("latin-1"),
        "QUERY_STRING": query,
        "REMOTE_ADDR": "10.0.0.1",
        "HTTP_X_FORWARDED_FOR": "198.51.100.1, 203.0.113.9",
        "HTTP_AUTHORIZATION": "Bearer opensesame",
        "HTTP_COOKIE": "kashaf_curator=opensesame",
    }
    response = SimpleNamespace(status_code=200, sent=1234, headers=[("X-Request-ID", "abc"), ("Location", "/x")])
    chosen = Settings(**settings)  # type: ignore[arg-type]  # values of its own fields
    return described(response, environ, timedelta(milliseconds=12.34), chosen)


def test_what_is_logged_of_a_request() -> None:
    assert answered("/entités", "q=secret") == {
        "request_id": "abc",
        "method": "GET",
        "path": "/entités",
        "query": None,
        "status": 200,
        "ms": 12.3,
        "bytes": 1234,
        "client": "10.0.0.1",
    }
    assert answered("/", "", proxies=("10.0.0.0/8",))["client"] == "203.0.113.9"


@pytest.mark.parametrize(
    "query, logged",
    [
        ("q=port&from=2026", "q=port&from=2026"),
        ("token=opensesame&q=a", "token=…&q=a"),
        ("q=a&access_token=opensesame", "q=a&access_token=…"),
        ("API_KEY=opensesame", "API_KEY=…"),
        ("password=opensesame;x", "password=…"),
        ("q=tokens", "q=tokens"),
    ],
)
def test_queries_only_on_request_and_secrets_never(query: str, logged: str) -> None:
    assert answered("/", query, log_queries=True)["query"] == logged
    assert answered("/", query)["query"] is None
    assert "opensesame" not in json.dumps(answered("/", query, log_queries=True))


def test_an_unforeseen_error_is_logged_under_its_request(tmp_path: Path) -> None:
    open_archive(tmp_path, create=True).close()
    app = create_app(tmp_path)

    @app.get("/api/v1/broken")
    def broken() -> str:
        raise RuntimeError("a fault\nof ours")

    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JSONLines())
    logger = logging.getLogger("kashaf")
    logger.addHandler(handler)
    try:
        answer = app.test_client().get("/api/v1/broken", headers={"X-Request-ID": "from-proxy.1"})
    finally:
        logger.removeHandler(handler)
    assert answer.status_code == 500
    [line] = written.getvalue().splitlines()
    found = json.loads(line)
    assert (found["level"], found["request_id"]) == ("error", "from-proxy.1")
    assert "RuntimeError: a fault\nof ours" in found["exception"]
