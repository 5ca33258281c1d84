"""Alerts: searches that are kept, and the articles that each has found since, as the store holds them.

An alert is asked about every article that is added after it was made, once. What it found is an item, which stays
when the article is corrected, and goes when it is deleted. Items wait for the webhook of their alert, if it has one,
until that has taken them.

The caller owns the connection and the transaction: nothing here commits.
"""

from __future__ import annotations

import base64
import json
import re
import secrets
import sqlite3
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from kashaf.errors import LimitError, RequestError, UnknownAlert

SCHEMA = """
CREATE TABLE IF NOT EXISTS alerts (
    id TEXT PRIMARY KEY,                        -- not to be guessed: who has it may read what was found
    name TEXT NOT NULL,
    search TEXT NOT NULL,                       -- JSON: what chooses articles
    webhook TEXT,                               -- the address that is told
    secret TEXT NOT NULL,                       -- signs what is sent there
    made TEXT NOT NULL,                         -- ISO 8601, UTC
    asked INTEGER NOT NULL,                     -- key of the last article that it was asked about
    failures INTEGER NOT NULL DEFAULT 0,        -- of the webhook, one after the other
    failure TEXT,                               -- why the last one
    next_try REAL NOT NULL DEFAULT 0            -- seconds since 1970
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS alert_items (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    alert TEXT NOT NULL,
    article TEXT NOT NULL,                      -- its id
    found TEXT NOT NULL,                        -- ISO 8601, UTC
    why TEXT NOT NULL,                          -- JSON: what matched
    waiting INTEGER NOT NULL,                   -- for the webhook
    UNIQUE (alert, article)
);
CREATE INDEX IF NOT EXISTS alert_items_of ON alert_items (alert, number);
CREATE INDEX IF NOT EXISTS alert_items_waiting ON alert_items (alert, number) WHERE waiting;
"""

MAX_ALERTS = 1_000
MAX_NAME = 200  # characters
MAX_ITEMS = 1_000  # kept of one alert, the newest
LONGEST_PAUSE = 6 * 3600.0  # seconds between two tries of a webhook that fails
_FIRST_PAUSE = 10.0
_MAX_ADDRESS = 2_000
_CONTROL = re.compile("[\x00-\x20\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_ID = re.compile("[0-9a-f]{24}")
_NOT_IN_NAME = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class Alert:
    """A search that is kept.

    Attributes:
        id: not to be guessed: who has it may read what was found.
        search: the members of what chooses articles (`kashaf.search.saved_search`).
        webhook: the address that is told what was found; None: nobody is.
        secret: signs what is sent there.
        made: ISO 8601, UTC.
        items: articles found, at most MAX_ITEMS.
        waiting: those that the webhook has not taken yet.
        failures: tries of the webhook that failed since the last that did not.
        failure: why the last one did.
    """

    id: str
    name: str
    search: Mapping[str, Any]
    webhook: str | None
    secret: str
    made: str
    items: int
    waiting: int
    failures: int
    failure: str | None


@dataclass(frozen=True, slots=True)
class AlertItem:
    """An article that an alert has found.

    Attributes:
        number: ascending in the order of finding.
        article: its id.
        found: when, ISO 8601, UTC.
        why: what matched.
    """

    number: int
    article: str
    found: str
    why: Mapping[str, Any]


class Alerts:
    """The alerts behind a connection to an archive's store."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @cached_property
    def _is_there(self) -> bool:
        """Whether the store has the tables: one that was last written by an older version has not."""
        row = self._connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alert_items'").fetchone()
        return row is not None

    # Reading

    def all(self) -> list[Alert]:
        """Every alert, by name."""
        return self._read("ORDER BY name, id", ()) if self._is_there else []

    def get(self, alert_id: str) -> Alert:
        """An alert by its id.

        Raises:
            UnknownAlert: if there is none.
        """
        found = self._read("WHERE id = ?", (alert_id,)) if self._is_there and _ID.fullmatch(alert_id) else []
        if not found:
            raise UnknownAlert(alert_id)
        return found[0]

    def _read(self, which: str, values: Sequence[object]) -> list[Alert]:
        rows = self._connection.execute(
            "SELECT id, name, search, webhook, secret, made,"
            " (SELECT count(*) FROM alert_items WHERE alert = alerts.id),"
            " (SELECT count(*) FROM alert_items WHERE alert = alerts.id AND waiting), failures, failure"
            f" FROM alerts {which}",
            values,
        )
        return [Alert(id, name, json.loads(search), *rest) for id, name, search, *rest in rows]

    def items(self, alert_id: str, size: int = 50) -> list[AlertItem]:
        """What an alert has found last, newest first; deleted articles are not among it."""
        rows = self._connection.execute(
            "SELECT number, article, found, why FROM alert_items WHERE alert = ? AND EXISTS"
            " (SELECT 1 FROM articles WHERE id = article AND ended IS NULL) ORDER BY number DESC LIMIT ?",
            (alert_id, size),
        )
        return [AlertItem(number, article, found, json.loads(why)) for number, article, found, why in rows]

    def articles(self, alert_id: str) -> set[str]:
        """The ids of all articles that an alert has found."""
        rows = self._connection.execute("SELECT article FROM alert_items WHERE alert = ?", (alert_id,))
        return {row[0] for row in rows}

    # Making

    def add(self, name: str, search: Mapping[str, Any], webhook: str | None = None) -> str:
        """A new alert on what is added from now on; returns its id.

        Raises:
            RequestError: if the name is empty, or the webhook is no address that can be told anything.
            LimitError: if there are as many alerts as there may be, or the name is too long.
        """
        count = int(self._connection.execute("SELECT count(*) FROM alerts").fetchone()[0])
        if count >= MAX_ALERTS:
            raise LimitError("alerts", MAX_ALERTS, count + 1)
        alert_id = secrets.token_hex(12)
        self._connection.execute(
            "INSERT INTO alerts (id, name, search, webhook, secret, made, asked)"
            " SELECT ?, ?, ?, ?, ?, ?, coalesce(max(key), 0) FROM articles",
            (alert_id, _name(name), json.dumps(search), _webhook(webhook), _secret(), _now()),
        )
        return alert_id

    def change(self, alert_id: str, *, name: str | None = None, webhook: str | None = None) -> None:
        """Another name, or another webhook; an empty one takes it away, and what waits for it waits no more.

        Raises:
            UnknownAlert, RequestError, LimitError: as `get` and `add`.
        """
        self.get(alert_id)
        if name is not None:
            self._connection.execute("UPDATE alerts SET name = ? WHERE id = ?", (_name(name), alert_id))
        if webhook is not None:
            address = _webhook(webhook or None)
            self._connection.execute(
                "UPDATE alerts SET webhook = ?, failures = 0, failure = NULL, next_try = 0 WHERE id = ?",
                (address, alert_id),
            )
            if address is None:
                self._connection.execute("UPDATE alert_items SET waiting = 0 WHERE alert = ?", (alert_id,))

    def remove(self, alert_id: str) -> None:
        """Removes an alert and what it has found.

        Raises:
            UnknownAlert: if there is none.
        """
        self.get(alert_id)
        self._connection.execute("DELETE FROM alerts WHERE id = ?", (alert_id,))
        self._connection.execute("DELETE FROM alert_items WHERE alert = ?", (alert_id,))

    # Finding

    def due(self, key: int) -> list[tuple[Alert, int]]:
        """The alerts that were not asked about all articles up to `key`, and the last key each was asked about."""
        if not self._is_there:
            return []
        asked = dict(self._connection.execute("SELECT id, asked FROM alerts WHERE asked < ?", (key,)).fetchall())
        return [(alert, asked[alert.id]) for alert in self.all() if alert.id in asked]

    def found(self, alert: Alert, key: int, items: Iterable[tuple[str, Mapping[str, Any]]]) -> int:
        """Keeps what an alert found among the articles up to `key`, oldest first; returns how many are new to it.

        Args:
            items: id of each article, and what matched.
        """
        now = _now()
        before = self._connection.total_changes
        self._connection.executemany(
            "INSERT OR IGNORE INTO alert_items (alert, article, found, why, waiting) VALUES (?, ?, ?, ?, ?)",
            [(alert.id, article, now, json.dumps(why), int(alert.webhook is not None)) for article, why in items],
        )
        new = self._connection.total_changes - before
        self._connection.execute("UPDATE alerts SET asked = max(asked, ?) WHERE id = ?", (key, alert.id))
        if new:
            self._connection.execute(
                "DELETE FROM alert_items WHERE alert = ?1 AND number <= (SELECT number FROM alert_items"
                " WHERE alert = ?1 ORDER BY number DESC LIMIT 1 OFFSET ?2)",
                (alert.id, MAX_ITEMS),
            )
        return new

    # Telling

    def to_tell(self, now: float, size: int) -> list[tuple[Alert, list[AlertItem]]]:
        """The alerts whose webhook may be tried now, each with the oldest items that wait for it, at most `size`."""
        if not self._is_there:
            return []
        waiting = []
        for alert in self._read("WHERE webhook IS NOT NULL AND next_try <= ?", (now,)):
            rows = self._connection.execute(
                "SELECT number, article, found, why FROM alert_items WHERE alert = ? AND waiting"
                " ORDER BY number LIMIT ?",
                (alert.id, size),
            ).fetchall()
            if rows:
                waiting.append((alert, [AlertItem(n, article, at, json.loads(why)) for n, article, at, why in rows]))
        return waiting

    def told(self, alert: Alert, items: Iterable[AlertItem]) -> None:
        """Notes that a webhook has taken these items."""
        self._connection.executemany(
            "UPDATE alert_items SET waiting = 0 WHERE number = ?", [(item.number,) for item in items]
        )
        self._connection.execute(
            "UPDATE alerts SET failures = 0, failure = NULL, next_try = 0 WHERE id = ?", (alert.id,)
        )

    def not_told(self, alert: Alert, reason: str, now: float) -> None:
        """Notes that a webhook has failed: it is tried again later, each time twice as late."""
        pause = min(_FIRST_PAUSE * 2.0 ** min(alert.failures, 20), LONGEST_PAUSE)
        self._connection.execute(
            "UPDATE alerts SET failures = failures + 1, failure = ?, next_try = ? WHERE id = ?",
            (reason, now + pause, alert.id),
        )


def _name(given: str) -> str:
    name = " ".join(_NOT_IN_NAME.sub(" ", given).split())
    if not name:
        raise RequestError("name", "must not be empty")
    if len(name) > MAX_NAME:
        raise LimitError("name characters", MAX_NAME, len(name))
    return name


def _webhook(given: str | None) -> str | None:
    if given is None:
        return None
    try:
        parts = urlsplit(given)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        (parts.hostname or "").encode("idna")  # ValueError: DNS has no labels that are empty or longer than 63 bytes
    except ValueError:
        sound = False
    if not sound or _CONTROL.search(given) or not given.isascii() or len(given) > _MAX_ADDRESS:
        raise RequestError("webhook", "must be an http or https address in plain characters")
    if parts.username is not None or parts.password is not None:
        raise RequestError("webhook", "must not hold a user name or password")
    return given


def _secret() -> str:
    """A key as Standard Webhooks writes it."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(24)).decode()}"


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
