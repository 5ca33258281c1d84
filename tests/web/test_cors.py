"""Pages of other origins: nobody unless the settings say so, and then to read alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kashaf.web import create_app
from kashaf.web.settings import Settings, token_digest

TOOL = "https://tool.example"
SEARCH = "/api/v1/search?q=port"
ASKS = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "if-none-match"}


def named(headers: object) -> set[str]:
    return {name for name in dict(headers) if name.startswith("Access-Control")}  # type: ignore[call-overload]


@pytest.fixture
def opened(archive_folder: Path, token: str) -> FlaskClient:
    settings = Settings(
        archive=archive_folder, origins=(TOOL, "http://localhost:3000"), token_sha256=token_digest(token)
    )
    return create_app(settings).test_client()


@pytest.mark.parametrize("origin", [TOOL, "null", "https://evil.example", "", "\x00", "*"])
def test_without_the_setting_nothing_is_said(client: FlaskClient, origin: str) -> None:
    for method in ("GET", "HEAD", "OPTIONS"):
        answer = client.open(SEARCH, method=method, headers={"Origin": origin, **ASKS})
        assert not named(answer.headers) and "Origin" not in answer.vary


def test_a_named_origin_may_read(opened: FlaskClient) -> None:
    for path in (SEARCH, SEARCH, "/api/v1/articles/nothing", "/api/v1/openapi.json"):  # the second time from memory
        for origin in (TOOL, "http://localhost:3000"):
            answer = opened.get(path, headers={"Origin": origin})
            assert answer.headers["Access-Control-Allow-Origin"] == origin
            assert "ETag" in answer.headers["Access-Control-Expose-Headers"]
            assert "Access-Control-Allow-Credentials" not in answer.headers
            assert "Origin" in answer.vary


def test_the_same_answer_unchanged(opened: FlaskClient) -> None:
    tag = opened.get(SEARCH).headers["ETag"]
    answer = opened.get(SEARCH, headers={"Origin": TOOL, "If-None-Match": tag})
    assert answer.status_code == 304 and answer.headers["Access-Control-Allow-Origin"] == TOOL


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "https://evil.example",
        "https://tool.example.evil.example",
        "https://tool.example:8443",
        "http://tool.example",
    ],
)
def test_another_origin_may_not(opened: FlaskClient, origin: str) -> None:
    for method in ("GET", "OPTIONS"):
        answer = opened.open(SEARCH, method=method, headers={"Origin": origin, **ASKS})
        assert not named(answer.headers) and "Origin" in answer.vary  # a cache must not mix the two up


def test_a_cache_keeps_the_answers_apart(opened: FlaskClient) -> None:
    assert "Origin" in opened.get(SEARCH).vary


def test_a_preflight(opened: FlaskClient) -> None:
    answer = opened.options(SEARCH, headers={"Origin": TOOL, **ASKS})
    assert (answer.status_code, answer.data) == (204, b"")
    assert answer.headers["Access-Control-Allow-Origin"] == TOOL
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD"
    assert "If-None-Match" in answer.headers["Access-Control-Allow-Headers"]
    assert answer.headers["Access-Control-Max-Age"].isdecimal()


def test_nobody_else_may_write(opened: FlaskClient, bearer: dict[str, str]) -> None:
    asks = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization, content-type"}
    answer = opened.options("/api/v1/articles", headers={"Origin": TOOL, **asks})
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD"
    assert "authorization" not in answer.headers["Access-Control-Allow-Headers"].lower()
    answer = opened.delete("/api/v1/articles/nothing", headers={"Origin": TOOL, **bearer})
    assert answer.status_code == 404 and not named(answer.headers)


def test_pages_stay_closed(opened: FlaskClient) -> None:
    for path in ("/?q=port", "/feed", "/export.csv", "/healthz", "/metrics"):
        assert not named(opened.get(path, headers={"Origin": TOOL}).headers), path


def test_any_origin(archive_folder: Path) -> None:
    client = create_app(Settings(archive=archive_folder, origins=("*",))).test_client()
    for origin in ("https://anyone.example", "null"):
        answer = client.get(SEARCH, headers={"Origin": origin})
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers
