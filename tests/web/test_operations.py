"""What the operator asks of a server: settings, health, counters, a newer generation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from kashaf.errors import ArchiveMissing
from kashaf.index.article import Article
from kashaf.search.archive import open_archive
from kashaf.serve import serve
from kashaf.server import Server, warm
from kashaf.web import create_app, serving
from kashaf.web.settings import Settings


def test_the_archive_of_the_environment_is_served(archive_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KASHAF_ARCHIVE", str(archive_folder))
    assert create_app().test_client().get("/readyz").status_code == 200


def test_a_missing_archive_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(ArchiveMissing):
        create_app(tmp_path / "nowhere")


def test_health(client: FlaskClient) -> None:
    assert client.get("/healthz").get_json() == {"status": "ok"}
    ready = client.get("/readyz").get_json()
    assert ready["status"] == "ok" and ready["generation"] >= 1


def test_what_another_process_writes_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "REFRESH_SECONDS", 0.0)
    with open_archive(tmp_path, create=True) as archive:
        client = create_app(tmp_path).test_client()
        assert client.get("/api/v1/search").get_json()["total"] == 0
        with archive.writer() as writer:
            writer.add(Article(headline="Le phare rouvre", body="Le gardien est revenu."))
        assert client.get("/api/v1/search").get_json()["total"] == 1


def test_every_answer_is_guarded(client: FlaskClient) -> None:
    for path in ("/", "/api/v1/search", "/nothing", "/healthz", "/static/app.css", "/feed", "/export.csv"):
        with client.get(path) as response:
            assert "default-src 'none'" in response.headers["Content-Security-Policy"], path
            assert response.headers["X-Content-Type-Options"] == "nosniff" and response.headers["X-Request-ID"]


def test_the_first_load_is_light(client: FlaskClient) -> None:
    """Under 150 kB even uncompressed, fonts apart; the script under 10 kB."""
    weights = {}
    for path in ("/", "/static/app.css", "/static/app.js"):
        with client.get(path) as response:
            weights[path] = len(response.data)
    assert weights["/static/app.js"] < 10_000
    assert sum(weights.values()) < 150_000


def test_the_example_of_a_proxy_keeps_the_counters_inside() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "operating.md").read_text("utf-8")
    [example] = re.findall(r"^```nginx\n(.*?)^```", guide, re.MULTILINE | re.DOTALL)
    assert re.search(r"location = /metrics \{ deny all; \}", example)


def test_serving_the_public_without_host_names_is_warned_of(
    archive_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Server] = []
    monkeypatch.setattr(Server, "run", lambda server: started.append(server))
    for host, hosts, is_warned in (("0.0.0.0", "", True), ("0.0.0.0", "a.org", False), ("127.0.0.1", "", False)):
        options = ["--archive", str(archive_folder), "--host", host, "--port", "0", "--workers", "1"]
        done = CliRunner().invoke(serve, options, env={"KASHAF_HOSTS": hosts})
        assert done.exit_code == 0, done.output
        assert ("set KASHAF_HOSTS" in done.stderr) is is_warned
    assert len(started) == 3


def test_the_contract_page_tells_defaults_that_are_false(client: FlaskClient) -> None:
    row = client.get("/api/docs").text.partition("<code>undated</code>")[2].partition("</tr>")[0]
    assert "Default: <code>false</code>." in row


def test_a_worker_warms_itself_without_being_counted(archive_folder: Path) -> None:
    for hosts in ((), (".archive.example",)):
        app = create_app(Settings(archive=archive_folder, hosts=hosts))
        warm(app)
        host = "www.archive.example" if hosts else "localhost"
        counters = app.test_client().get("/metrics", base_url=f"http://{host}").text
        assert "kashaf_search_seconds_count 0" in counters
        assert len(app.extensions["kashaf.templates"]._environments) == 3  # every language had its page made
