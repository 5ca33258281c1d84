"""`kashaf alerts`, from making an alert to a desk that is told by a running server."""

from __future__ import annotations

import http.server
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import kashaf
from kashaf.cli import main

ROOT = Path(__file__).parent.parent


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "archive"
    kashaf.open(folder, create=True).close()
    return folder


def index(folder: Path, name: str, body: str) -> None:
    path = folder.parent / f"{name}.jsonl"
    path.write_text(json.dumps({"id": name, "headline": f"Titre {name}", "body": body, "language": "fr"}) + "\n")
    assert run("index", path, "--archive", folder).exit_code == 0


def test_an_alert_from_making_to_removing(folder: Path) -> None:
    assert "No alerts" in run("alerts", "list", "--archive", folder).output
    made = run("alerts", "add", "L'eau", "eau potable", "--language", "fr", "--archive", folder)
    assert made.exit_code == 0, made.output
    name = made.output.split()[0]
    assert "L'eau | eau potable · language: fr | 0 articles found" in made.output
    index(folder, "one", "Des eaux\x1b[31m potables.")
    index(folder, "other", "Le phare.")
    shown = run("alerts", "show", name, "--archive", folder).output
    assert "Titre one  (one)" in shown and "eaux, potables" in shown and "phare" not in shown and "\x1b" not in shown
    (record,) = json.loads(run("alerts", "list", "--json", "--archive", folder).output)
    assert record["search"] == {"q": "eau potable", "only": {"language": ["fr"]}} and record["items"] == 1
    assert "secret" not in record
    items = json.loads(run("alerts", "show", name, "--json", "--archive", folder).output)["items"]
    assert [(item["article"], item["why"]["matched"]) for item in items] == [("one", "stem")]
    assert "Les eaux" in run("alerts", "change", name, "--name", "Les eaux", "--archive", folder).output
    assert run("alerts", "remove", name, "--archive", folder).output.startswith("Removed: ")
    assert "No alerts" in run("alerts", "list", "--archive", folder).output


def test_what_cannot_be_is_said(folder: Path) -> None:
    for arguments, status, said in (
        (("add", "x", "phare", "--webhook", "ftp://desk.example/"), 2, "webhook: must be an http or https address"),
        (("add", " ", "phare"), 2, "name: must not be empty"),
        (("add", "x", "p" * 1_001), 2, "query characters: 1001 is over the limit"),
        (("show", "nobody"), 2, "no alert has the id 'nobody'"),
        (("change", "nobody"), 2, "one of them must be given"),
        (("remove", "nobody"), 2, "no alert has the id 'nobody'"),
    ):
        done = run("alerts", *arguments, "--archive", folder)
        assert (done.exit_code, said in done.output) == (status, True), done.output
    assert run("alerts", "list", "--archive", folder.parent / "none").exit_code == 3


@pytest.fixture
def desk() -> Iterator[tuple[str, list[bytes], threading.Event]]:
    """A receiver on this machine: its address, what it was sent, and when it was."""
    messages: list[bytes] = []
    came = threading.Event()

    class Receiver(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            messages.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204)
            self.end_headers()
            came.set()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/hook", messages, came
    server.shutdown()
    thread.join()
    server.server_close()


def test_tell_says_what_failed(folder: Path, desk: tuple[str, list[bytes], threading.Event]) -> None:
    address, messages, _ = desk
    made = run("alerts", "add", "L'eau", "eau", "--webhook", address, "--archive", folder)
    assert "Messages are signed with whsec_" in made.output
    index(folder, "one", "L'eau.")
    refused = run("alerts", "tell", "--archive", folder)
    assert refused.exit_code == 1 and "public Internet" in refused.output and messages == []
    name = made.output.split()[0]
    assert run("alerts", "change", name, "--webhook", address, "--archive", folder).exit_code == 0  # tried at once
    told = run("alerts", "tell", "--private", "--archive", folder)
    assert (told.exit_code, told.output.strip()) == (0, "1 article told")
    assert json.loads(messages[0])["items"][0]["article"]["id"] == "one"


def test_a_running_server_tells(folder: Path, desk: tuple[str, list[bytes], threading.Event]) -> None:
    address, messages, came = desk
    assert run("alerts", "add", "L'eau", "eau", "--webhook", address, "--archive", folder).exit_code == 0
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    changes = {"PYTHONPATH": path, "KASHAF_PRIVATE_WEBHOOKS": "true"}
    serve = [sys.executable, "-P", "-m", "kashaf", "serve", "--archive", str(folder), "--port", "0", "--workers", "2"]
    with subprocess.Popen(
        serve, env={**os.environ, **changes}, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as server:
        try:
            assert server.stdout is not None and b"Serving" in server.stdout.readline()
            index(folder, "one", "L'eau.")
            assert came.wait(60)
        finally:
            server.terminate()
            server.communicate(timeout=30)
    assert [json.loads(message)["items"][0]["article"]["id"] for message in messages] == ["one"]
