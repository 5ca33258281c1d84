"""The server itself, with gunicorn and all: its logs, its common memory, its reload under load."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from kashaf.index.article import Article
from kashaf.search.archive import open_archive
from tests.running import Running

TOKEN = "a token for tests"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An archive of a few articles, with settings of its own."""
    folder = tmp_path / "archive"
    with open_archive(folder, create=True) as archive, archive.writer() as writer:
        for number in range(30):
            writer.add(Article(id=f"a{number}", headline=f"Le phare {number}", body="Le gardien est revenu."))
    return folder


@pytest.fixture
def started() -> Iterator[list[Running]]:
    """Servers to be ended with the test."""
    servers: list[Running] = []
    yield servers
    for server in servers:
        if server.process.poll() is None:
            server.stop()


def serving(started: list[Running], folder: Path, *options: str, workers: int = 2, **changes: str) -> Running:
    running = Running("serve", "--archive", folder, "--port", "0", "--workers", str(workers), *options, **changes)
    started.append(running)
    return running


def ask(port: int, path: str, method: str = "GET", **headers: str) -> tuple[int, http.client.HTTPMessage, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def until(holds: object, seconds: float = 60.0) -> None:
    assert callable(holds)
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_reload_loses_no_request_and_takes_new_settings(folder: Path, started: list[Running]) -> None:
    server = serving(started, folder)
    answers: Counter[int] = Counter()
    failures: list[str] = []
    ended = threading.Event()

    def load(keeps: bool) -> None:
        connection: http.client.HTTPConnection | None = None
        while not ended.is_set():
            try:
                if connection is None:
                    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
                connection.request("GET", "/api/v1/search?q=phare&size=1")
                answer = connection.getresponse()
                json.loads(answer.read())
                answers[answer.status] += 1
                if not keeps or answer.will_close:
                    connection.close()
                    connection = None
            except (OSError, http.client.HTTPException, ValueError) as error:
                failures.append(repr(error))
                connection = None
        if connection is not None:
            connection.close()

    threads = [threading.Thread(target=load, args=(keeps,)) for keeps in (True, False, True, False)]
    for thread in threads:
        thread.start()
    try:
        until(lambda: answers[200] > 20)
        workers = {line["process"] for line in server.logged() if line["message"] == "request"}
        (folder / "kashaf.toml").write_text("max_export = 7\n", encoding="utf-8")
        server.process.send_signal(signal.SIGHUP)
        until(lambda: any("read again" in line["message"] for line in server.logged()))

        def all_are_new() -> bool:
            last = server.logged()[-30:]
            return len(last) == 30 and not workers & {line["process"] for line in last if "path" in line}

        until(all_are_new)
        (folder / "kashaf.toml").write_text("max_exprt = 9\n", encoding="utf-8")
        server.process.send_signal(signal.SIGHUP)  # a mistake: the settings stay, and so does the server
        until(lambda: any("did you mean max_export" in line["message"] for line in server.logged()))
        count = answers[200]
        until(lambda: answers[200] > count + 50)
    finally:
        ended.set()
        for thread in threads:
            thread.join()
    assert failures == [] and set(answers) == {200}
    status, _, body = ask(server.port, "/export.csv?q=phare")
    assert status == 422 and json.loads(body)["allowed"] == 7
    counted = ask(server.port, "/metrics")[2].decode()
    assert f'kashaf_requests_total{{endpoint="api.search",status="200"}} {answers[200]}\n' in counted
    assert server.stop() == 0


def test_every_line_of_the_log_is_json(folder: Path, started: list[Running]) -> None:
    server = serving(started, folder, workers=1, KASHAF_TOKEN=TOKEN)
    status, headers, body = ask(server.port, "/api/v1/search?q=phare", X_Request_ID="from-proxy.1")
    ask(server.port, "/nothing%0d%0a%1b%5b31m%e2%80%ae?token=opensesame", Authorization=f"Bearer {TOKEN}")
    ask(server.port, "/api/v1/articles/x", "DELETE", Authorization="Bearer opensesame")
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as raw:
        raw.sendall(b"GARBAGE \x1b[31m\r\n\r\n")
        raw.recv(1000)
    until(lambda: len([line for line in server.logged() if line["message"] == "request"]) >= 3)
    server.stop()
    lines = [json.loads(line) for line in server.errors.splitlines()]
    requests = (line for line in lines if line["message"] == "request")
    third, first, second = sorted(requests, key=lambda line: line["path"])  # threads may write in another order
    assert {name: first[name] for name in ("request_id", "method", "path", "status", "bytes", "client", "level")} == {
        "request_id": "from-proxy.1",
        "method": "GET",
        "path": "/api/v1/search",
        "status": 200,
        "bytes": len(body),
        "client": "127.0.0.1",
        "level": "info",
    }
    assert first["ms"] > 0 and "query" not in first and first["time"].endswith("Z")
    assert (second["path"], second["status"]) == ("/nothing\r\n\x1b[31m\u202e", 404)
    assert third["status"] == 401
    assert "opensesame" not in server.errors and TOKEN not in server.errors and "\x1b" not in server.errors
    assert (status, headers["X-Request-ID"]) == (200, "from-proxy.1")


GARBAGE = {
    "no method": b"\x16\x03\x01\x02\x00\x01\r\n\r\n",
    "no protocol": b"GET /healthz\r\n\r\n",
    "an odd protocol": b"GET /healthz HTTP/9.9\r\nHost: a\r\n\r\n",
    "a header without a colon": b"GET /healthz HTTP/1.1\r\nHost a\r\n\r\n",
    "a blank before the colon": b"GET /healthz HTTP/1.1\r\nHost : a\r\n\r\n",
    "a header that is folded": b"GET /healthz HTTP/1.1\r\nHost: a\r\n b\r\n\r\n",
    "too many headers": b"GET /healthz HTTP/1.1\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(10_000)) + b"\r\n",
    "a header too long": b"GET /healthz HTTP/1.1\r\nX: " + b"y" * 100_000 + b"\r\n\r\n",
    "an address too long": b"GET /" + b"y" * 100_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    "two lengths": b"POST /help HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    "a length that is none": b"POST /help HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    "a length and chunks": b"POST /help HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"0\r\n\r\nGET /admin HTTP/1.1\r\nHost: a\r\n\r\n",
    "chunks that are none": b"POST /help HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
}


def answer_to(port: int, sent: bytes) -> bytes:
    """All that the server says to bytes of any kind."""
    said = b""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as raw:
        try:
            raw.sendall(sent)
            raw.shutdown(socket.SHUT_WR)
            while part := raw.recv(65_536):
                said += part
        except ConnectionError:  # it did not want to hear the end
            pass
    return said


def test_garbage_of_the_protocol(folder: Path, started: list[Running]) -> None:
    """Refused, or answered once; never a second answer to what was smuggled in, and others are served on."""
    server = serving(started, folder, workers=1)
    for what, sent in GARBAGE.items():
        said = answer_to(server.port, sent)
        statuses = [int(line.split()[1]) for line in said.split(b"\r\n") if line.startswith(b"HTTP/1.")]
        assert len(statuses) <= 1 and all(400 <= status < 500 for status in statuses), (what, said[:300])
        assert b"Traceback" not in said and b"site-packages" not in said, what
    slow = [socket.create_connection(("127.0.0.1", server.port), timeout=60) for _ in range(4)]
    try:
        for one in slow:
            one.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\nX-Slow: ")  # one a thread, and then nothing
        assert ask(server.port, "/healthz")[0] == 200
        assert [one.recv(100) for one in slow] == [b""] * 4  # nobody waits for them for ever
    finally:
        for one in slow:
            one.close()
    server.stop()
    for line in server.errors.splitlines():
        json.loads(line)


def test_a_log_for_people(folder: Path, started: list[Running]) -> None:
    server = serving(started, folder, "--log-format", "text", "--log-queries", "true", workers=1)
    ask(server.port, "/api/v1/search?q=phare&token=x")
    until(lambda: "path=/api/v1/search" in server.log())
    assert " info request " in server.log() and 'query="q=phare&token=…"' in server.log()


def test_workers_are_one_server(folder: Path, started: list[Running]) -> None:
    """They share limits and counters, see a new generation within a second, and the counters outlive them."""
    server = serving(started, folder, "--requests-per-minute", "1", "--request-burst", "60", workers=2)

    def totals() -> set[int]:
        return {json.loads(ask(server.port, "/api/v1/search?size=0")[2])["total"] for _ in range(12)}

    assert totals() == {30}
    with open_archive(folder) as archive, archive.writer() as writer:
        writer.add(Article(id="new", headline="Le phare rouvre", body="Lundi."))
    time.sleep(1.1)
    assert totals() == {31}

    statuses = [ask(server.port, "/help")[0] for _ in range(40)]
    assert statuses == [200] * 36 + [429] * 4
    for worker in {line["process"] for line in server.logged() if "path" in line}:
        os.kill(worker, signal.SIGKILL)

    def told() -> str:
        try:
            return ask(server.port, "/metrics")[2].decode()
        except OSError:
            return ""

    until(told)
    for line in (
        'kashaf_requests_total{endpoint="pages.help",status="200"} 36',
        'kashaf_requests_total{endpoint="api.search",status="200"} 24',
        'kashaf_limited_total{limit="requests"} 4',
    ):
        assert f"{line}\n" in told()
    assert ask(server.port, "/help")[0] == 429  # and so do the limits
    assert any(line["level"] == "error" and "SIGKILL" in line["message"] for line in server.logged())


def test_a_mistake_in_the_settings_is_said_before_anything_starts(folder: Path) -> None:
    (folder / "kashaf.toml").write_text("workers = 'two'\n", encoding="utf-8")
    server = Running("serve", "--archive", folder, "--port", "0")
    assert server.process.wait(60) == 2
    server.stop()
    assert server.errors == f"Error: {folder}/kashaf.toml: workers: must be a whole number from 0 to 64, not 'two'\n"
