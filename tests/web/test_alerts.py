"""Alerts over HTTP: the interface, the feeds, the messages to webhooks."""

from __future__ import annotations

import http.server
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import feedparser
import pytest
from flask.testing import FlaskClient
from standardwebhooks.webhooks import Webhook

from kashaf.search.archive import Archive, open_archive
from kashaf.web import webhooks
from kashaf.web.serving import archive as served

EAU = {"name": "Eau potable", "search": {"q": "eau potable", "language": ["fr"]}}


def make(client: FlaskClient, bearer: dict[str, str], **changes: object) -> Any:
    response = client.post("/api/v1/alerts", json={**EAU, **changes}, headers=bearer)
    assert response.status_code == 201, response.json
    assert client.get(response.headers["Location"], headers=bearer).json == response.json
    return response.json


def add(client: FlaskClient, bearer: dict[str, str], name: str, body: str) -> None:
    given = {"id": name, "headline": f"Titre {name}", "body": body, "language": "fr"}
    assert client.post("/api/v1/articles", json=given, headers=bearer).status_code == 201


def test_an_alert_from_making_to_removing(writable: FlaskClient, bearer: dict[str, str]) -> None:
    alert = make(writable, bearer)
    assert alert["search"] == EAU["search"] and alert["found"] == [] and alert["webhook"] is None
    add(writable, bearer, "one", "Des eaux potables.")
    here = f"/api/v1/alerts/{alert['id']}"
    (item,) = writable.get(here, headers=bearer).json["found"]  # type: ignore[index]
    assert (item["id"], item["why"]["matched"], item["why"]["words"]) == ("one", "stem", ["eaux", "potables"])
    changed = writable.patch(here, json={"name": "L'eau"}, headers=bearer)
    assert changed.json is not None and changed.json["name"] == "L'eau" and changed.json["items"] == 1
    assert [a["name"] for a in writable.get("/api/v1/alerts", headers=bearer).json["alerts"]] == ["L'eau"]  # type: ignore[index]
    assert writable.get(alert["page"]).status_code == 200
    assert writable.delete(here, headers=bearer).status_code == 204
    gone = writable.get(here, headers=bearer)
    assert (gone.status_code, gone.json["type"]) == (404, "/problems/unknown-alert")  # type: ignore[index]


@pytest.mark.parametrize(
    ("method", "path"),
    [("get", ""), ("post", ""), ("get", "/x"), ("patch", "/x"), ("delete", "/x")],
)
def test_the_token_is_needed(client: FlaskClient, writable: FlaskClient, method: str, path: str) -> None:
    address = f"/api/v1/alerts{path}"
    assert getattr(writable, method)(address, json=EAU).status_code == 401
    assert getattr(writable, method)(address, json=EAU, headers={"Authorization": "Bearer no"}).status_code == 401
    assert getattr(client, method)(address, json=EAU).status_code == 403


def test_an_answer_with_the_token_is_kept_for_nobody(writable: FlaskClient, bearer: dict[str, str]) -> None:
    answer = writable.get("/api/v1/alerts", headers=bearer)
    assert answer.status_code == 200 and "ETag" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    assert writable.get("/api/v1/alerts").status_code == 401


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"name": ""}, "name"),
        ({"name": None}, "name"),
        ({"webhook": "ftp://desk.example/"}, "webhook"),
        ({"webhook": "http://desk..example/"}, "webhook"),
        ({"webhook": f"http://{'a' * 64}.example/"}, "webhook"),
        ({"search": {"form": "2026"}}, "search"),
        ({"search": {"page": 2}}, "search"),
        ({"search": {"undated": 0}}, "undated"),
        ({"search": {"collapse": "copies"}}, "collapse"),
        ({"search": "eau"}, "search"),
        ({"search": {"from": "yesterday"}}, "from"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_cannot_be_is_named(
    writable: FlaskClient, bearer: dict[str, str], changes: dict[str, object], named: str
) -> None:
    answer = writable.post("/api/v1/alerts", json={**EAU, **changes}, headers=bearer)
    assert answer.status_code == 422 and named in answer.json["detail"]  # type: ignore[index]
    assert writable.get("/api/v1/alerts", headers=bearer).json == {"alerts": []}


@pytest.mark.parametrize("changes", [{"webhook": ""}, {"name": ""}, {"name": None}, {"search": {}}, {"webhook": "x"}])
def test_changes_that_cannot_be(writable: FlaskClient, bearer: dict[str, str], changes: dict[str, object]) -> None:
    alert = make(writable, bearer)
    answer = writable.patch(f"/api/v1/alerts/{alert['id']}", json=changes, headers=bearer)
    assert answer.status_code == 422 and next(iter(changes)) in answer.json["detail"]  # type: ignore[index]
    assert writable.get(f"/api/v1/alerts/{alert['id']}", headers=bearer).json == alert


def test_the_feed_says_why(writable: FlaskClient, bearer: dict[str, str]) -> None:
    alert = make(writable, bearer, search={"q": "eau potable"}, name="Eau <b>&")
    add(writable, bearer, "one", "Des eaux potables pour <script>tous</script>.")
    answer = writable.get(f"{alert['feed']}?lang=en")
    feed = feedparser.parse(answer.data)
    assert not feed.bozo and feed.feed.title.startswith("Eau <b>& (eau potable)")
    (entry,) = feed.entries
    assert entry.title == "Titre one" and entry.link.endswith("/articles/one")
    assert entry.summary.startswith("Matched by word family: eaux, potables.")
    again = writable.get(f"{alert['feed']}?lang=en", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    (item,) = writable.get(f"{alert['json_feed']}?lang=ar").get_json(force=True)["items"]
    assert item["id"] == entry.id and "eaux" in item["content_text"]
    add(writable, bearer, "two", "L'eau potable.")
    fresh = writable.get(f"{alert['feed']}?lang=en", headers={"If-None-Match": answer.headers["ETag"]})
    assert [e.title for e in feedparser.parse(fresh.data).entries] == ["Titre two", "Titre one"]


def test_there_is_no_feed_to_be_guessed(writable: FlaskClient, bearer: dict[str, str]) -> None:
    alert = make(writable, bearer)
    assert len(alert["id"]) == 24
    for name in ("1", "nobody", alert["id"][:-1]):
        answer = writable.get(f"/alerts/{name}/feed")
        assert (answer.status_code, answer.json["type"]) == (404, "/problems/unknown-alert")  # type: ignore[index]


class Desk(http.server.HTTPServer):
    """A receiver of messages: keeps them, and answers as told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Desk)
        self.status = 204
        self.messages: list[tuple[dict[str, str], bytes]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook?desk=1"


class _Desk(http.server.BaseHTTPRequestHandler):
    server: Desk

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.messages.append((dict(self.headers), body))
        self.send_response(self.server.status)
        if 300 <= self.server.status < 400:
            self.send_header("Location", self.server.address)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def desk() -> Iterator[Desk]:
    server = Desk()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def archive(writable: FlaskClient) -> Iterator[Archive]:
    """The archive of `writable`, as another process has it open."""
    with writable.application.app_context():
        folder: Path = served().folder
    with open_archive(folder) as opened:
        yield opened


def test_a_webhook_is_told_once_and_can_check_it(
    writable: FlaskClient, bearer: dict[str, str], desk: Desk, archive: Archive
) -> None:
    alert = make(writable, bearer, webhook=desk.address)
    add(writable, bearer, "one", "L'eau potable.")
    add(writable, bearer, "two", "Des eaux potables.")
    assert webhooks.tell(archive, private=True).items == 2
    assert webhooks.tell(archive, private=True).items == 0
    ((headers, body),) = desk.messages
    message = Webhook(alert["secret"]).verify(body, headers)
    assert message["alert"] == {"id": alert["id"], "name": "Eau potable"}
    assert [item["article"]["id"] for item in message["items"]] == ["one", "two"]
    assert message["items"][1]["why"]["words"] == ["eaux", "potables"]
    with pytest.raises(Exception, match="signature"):
        Webhook(alert["secret"]).verify(body.replace(b"one", b"two"), headers)


@pytest.mark.parametrize("status", [500, 410, 302, 200])
def test_what_is_not_taken_waits(
    writable: FlaskClient, bearer: dict[str, str], desk: Desk, archive: Archive, status: int
) -> None:
    alert = make(writable, bearer, webhook=desk.address)
    add(writable, bearer, "one", "L'eau potable.")
    desk.status = status
    now = [1_000.0]
    told = webhooks.tell(archive, private=True, now=lambda: now[0])
    taken = status == 200
    assert (told.items, told.failed, len(desk.messages)) == ((1, 0, 1) if taken else (0, 1, 1))
    kept = writable.get(f"/api/v1/alerts/{alert['id']}", headers=bearer).json
    assert kept is not None and kept["waiting"] == (0 if taken else 1)
    if not taken:
        assert str(status) in kept["failure"]
        assert webhooks.tell(archive, private=True, now=lambda: now[0]) == webhooks.Told()  # not at once
        desk.status, now[0] = 204, 1_100.0
        assert webhooks.tell(archive, private=True, now=lambda: now[0]).items == 1
        assert json.loads(desk.messages[1][1]) == json.loads(desk.messages[0][1])


def test_the_servers_own_network_is_not_called(
    writable: FlaskClient, bearer: dict[str, str], desk: Desk, archive: Archive
) -> None:
    for address in (desk.address, desk.address.replace("127.0.0.1", "localhost"), "http://[::1]/"):
        make(writable, bearer, webhook=address)
    add(writable, bearer, "one", "L'eau potable.")
    assert webhooks.tell(archive).failed == 3
    assert desk.messages == []
    assert all("public Internet" in (alert.failure or "") for alert in archive.alerts.all())


def test_a_webhook_that_nobody_answers_fails(
    writable: FlaskClient, bearer: dict[str, str], archive: Archive, desk: Desk
) -> None:
    make(writable, bearer, webhook="http://127.0.0.1:1/")
    make(writable, bearer, webhook=desk.address)
    add(writable, bearer, "one", "L'eau potable.")
    told = webhooks.tell(archive, private=True)
    assert (told.items, told.failed) == (1, 1)  # one that fails holds no other up


def test_a_name_that_dns_cannot_hold_holds_no_other_up(
    writable: FlaskClient, bearer: dict[str, str], archive: Archive, desk: Desk
) -> None:
    odd = make(writable, bearer, webhook="http://127.0.0.1:1/", name="A")["id"]
    make(writable, bearer, webhook=desk.address, name="B")
    with archive.alerting() as alerts:  # as an older version would have taken it
        alerts._connection.execute("UPDATE alerts SET webhook = 'http://desk..example/' WHERE id = ?", (odd,))
    add(writable, bearer, "one", "L'eau potable.")
    assert webhooks.tell(archive, private=True) == webhooks.Told(1, 1)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_receiver_that_drips_is_left(
    writable: FlaskClient, bearer: dict[str, str], archive: Archive, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    """Each byte comes in time, the answer never does."""
    monkeypatch.setattr(webhooks, "TIMEOUT", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            connection, _ = listening.accept()
            with connection, suppress(OSError):
                connection.recv(1)
                if scheme == "https":
                    connection.sendall(b"\x16\x03\x03\x40\x00")  # a record of 16 KB of a handshake
                while True:
                    connection.sendall(b"\x02" if scheme == "https" else b"H")
                    time.sleep(0.02)

        dripping = threading.Thread(target=drip)
        dripping.start()
        make(writable, bearer, webhook=f"{scheme}://127.0.0.1:{listening.getsockname()[1]}/")
        add(writable, bearer, "one", "L'eau potable.")
        began = time.monotonic()
        assert webhooks.tell(archive, private=True) == webhooks.Told(0, 1)
        assert time.monotonic() - began < 30
        dripping.join()
    assert [alert.failure for alert in archive.alerts.all()] == ["not done in 0.5 s"]


def test_what_was_deleted_is_not_told(
    writable: FlaskClient, bearer: dict[str, str], desk: Desk, archive: Archive
) -> None:
    make(writable, bearer, webhook=desk.address)
    add(writable, bearer, "one", "L'eau potable.")
    assert writable.delete("/api/v1/articles/one", headers=bearer).status_code == 204
    assert webhooks.tell(archive, private=True).failed == 0
    assert desk.messages == [] and webhooks.tell(archive, private=True).items == 0
