"""Telling webhooks what alerts have found: signed messages, sent until they are taken.

A message is signed after Standard Webhooks 1.0 (standardwebhooks.com): HMAC-SHA256 over its id, its moment and its
body. Addresses are given by whoever holds the token of the server; so that a stolen one opens no door into the
network behind it, the addresses of that network are not called unless the operator allows it, and the check is made
on the very address that is connected to. Redirects are not followed, and what is answered is not read.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import ipaddress
import json
import logging
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from kashaf.errors import ArchiveLocked, UnknownArticle
from kashaf.index.alerts import Alert, AlertItem
from kashaf.index.lock import WriterLock
from kashaf.search.archive import Archive, open_archive
from kashaf.web.settings import Settings

ITEMS = 50  # of one message
TIMEOUT = 10.0  # seconds for a receiver to take a message, all of it
PAUSE = 5.0  # seconds between two looks
LOCK_FILE = "webhooks.lock"
_SHOWN = ("id", "headline", "language", "source", "published", "url")  # of an article
_LOG = logging.getLogger("kashaf")


@dataclass
class Told:
    """What became of messages: items that were taken, and alerts whose webhook failed."""

    items: int = 0
    failed: int = 0


class NotTaken(Exception):
    """A webhook did not take a message; says why."""


def tell(archive: Archive, *, private: bool = False, now: Callable[[], float] = time.time) -> Told:
    """Sends every message that waits and whose time has come.

    Args:
        private: whether addresses that are not of the public Internet may be called.
    """
    told = Told()
    for alert, items in archive.alerts.to_tell(now(), ITEMS):
        try:
            message = _message(archive, alert, items)
            if message["items"]:  # all of them may have been deleted meanwhile
                _send(alert, items, message, int(now()), private)
        except NotTaken as error:
            _LOG.warning("the webhook of alert %s failed: %s", alert.id, error)
            told.failed += 1
            with archive.alerting() as alerts:
                alerts.not_told(alert, str(error), now())
        else:
            told.items += len(items)
            with archive.alerting() as alerts:
                alerts.told(alert, items)
    return told


def _message(archive: Archive, alert: Alert, items: Sequence[AlertItem]) -> dict[str, Any]:
    found = []
    for item in items:
        with suppress(UnknownArticle):  # deleted meanwhile
            article = archive.article(item.article)
            shown = {name: getattr(article, name) for name in _SHOWN}
            found.append({"article": shown, "found": item.found, "why": item.why})
    return {"type": "alert.found", "alert": {"id": alert.id, "name": alert.name}, "items": found}


def _send(alert: Alert, items: Sequence[AlertItem], message: dict[str, Any], moment: int, private: bool) -> None:
    body = json.dumps(message, ensure_ascii=False).encode("utf-8", "replace")
    name = f"{alert.id}.{items[0].number}.{items[-1].number}"
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Kashaf",
        "webhook-id": name,
        "webhook-timestamp": str(moment),
        "webhook-signature": f"v1,{signature(alert.secret, name, moment, body)}",
    }
    assert alert.webhook is not None
    address = urlsplit(alert.webhook)
    make = _SecureConnection if address.scheme == "https" else _Connection
    # Without a port, the end of an address of IPv6 would be taken for one.
    connection = make(address.hostname or "", address.port or make.default_port, timeout=TIMEOUT)
    connection.private = private
    path = (address.path or "/") + (f"?{address.query}" if address.query else "")
    late = threading.Timer(TIMEOUT, connection.cut)
    late.start()
    try:
        connection.request("POST", path, body, headers)
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException, UnicodeError) as error:  # a name may be none that DNS can hold
        reason = f"{type(error).__name__}: {error}"
        raise NotTaken(f"not done in {TIMEOUT:g} s" if connection.is_late else reason) from error
    finally:
        late.cancel()
        connection.close()
    if not 200 <= status < 300:
        known = {each.value: each.phrase for each in HTTPStatus}
        raise NotTaken(f"answered {status} {known.get(status, '')}".strip())


def signature(secret: str, name: str, moment: int, body: bytes) -> str:
    """The signature of a message: Base64 of HMAC-SHA256 over id, seconds since 1970 and body.

    Args:
        secret: ``whsec_`` and the key in Base64.
    """
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = hmac.new(key, f"{name}.{moment}.".encode() + body, hashlib.sha256).digest()
    return base64.b64encode(signed).decode()


class _Connection(http.client.HTTPConnection):
    """Connects to an address that it has looked at, not to a name that may mean another one the next moment."""

    private = False
    is_late = False

    def connect(self) -> None:
        self.sock = self._open()
        if self.is_late:
            self.cut()

    def cut(self) -> None:
        """Ends every wait: a receiver that sends a byte now and then would keep all others waiting."""
        self.is_late = True
        if self.sock is not None:
            with suppress(OSError):
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)  # of the connection under TLS

    def _open(self) -> socket.socket:
        refused: OSError | None = None
        for _, _, _, _, place in socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM):
            host = str(place[0])
            if self.is_late:
                break
            if self.private or ipaddress.ip_address(host.partition("%")[0]).is_global:
                try:
                    return socket.create_connection((host, self.port), self.timeout)
                except OSError as error:
                    refused = error
            else:
                refused = refused or OSError("the address is not of the public Internet")
        raise refused or OSError("the name has no address")


class _SecureConnection(http.client.HTTPSConnection, _Connection):
    """The same over TLS, with the certificate of the name."""

    def connect(self) -> None:
        _Connection.connect(self)
        self.sock = ssl.create_default_context().wrap_socket(
            self.sock, server_hostname=self.host, do_handshake_on_connect=False
        )
        self.sock.do_handshake()


class Teller(threading.Thread):
    """Tells webhooks while a server runs; of several processes that would, one does at a time."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(name="webhooks", daemon=True)
        self._settings = settings

    def run(self) -> None:
        """Looks every few seconds, until the process ends."""
        with open_archive(self._settings.archive) as archive:
            while True:
                time.sleep(PAUSE)
                try:
                    if archive.alerts.to_tell(time.time(), 1):
                        with WriterLock(archive.folder / LOCK_FILE):
                            tell(archive, private=self._settings.private_webhooks)
                except ArchiveLocked:
                    pass  # another process is at it
                except Exception as error:  # whatever it was: the other messages must not wait for another start
                    _LOG.warning("webhooks could not be told: %s: %s", type(error).__name__, error)
