"""Alerts over the JSON interface: making, reading, changing and removing them, with the token of the server."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, url_for
from marshmallow import RAISE, Schema, fields, post_load, validate

from kashaf.errors import UnknownArticle
from kashaf.index.alerts import MAX_NAME, Alert, AlertItem
from kashaf.search.request import Request
from kashaf.search.saved_search import restored, saved
from kashaf.web import freshness
from kashaf.web.addresses import CHOOSING
from kashaf.web.alert_words import address_of
from kashaf.web.api import api
from kashaf.web.schemas import NoQuery, SearchQuery, Text
from kashaf.web.security import require_token
from kashaf.web.serving import archive

FOUND = 100  # articles of an alert in one answer
_ID = {"alert_id": {"type": "string", "pattern": "^[0-9a-f]{24}$"}}
_CHOOSING = [
    name for name, field in SearchQuery().fields.items() if (field.data_key or name) in CHOOSING and name != "collapse"
]
_WEBHOOK = {"description": "Address that is sent what is found, signed after Standard Webhooks.", "format": "uri"}


class AlertIn(Schema):
    """An alert to make."""

    name = Text(required=True, validate=validate.Length(min=1, max=MAX_NAME))
    search = fields.Nested(
        lambda: SearchQuery(only=_CHOOSING, unknown=RAISE),
        required=True,
        metadata={"description": "What chooses articles, as the parameters of a search."},
    )
    webhook = Text(load_default=None, allow_none=True, metadata=_WEBHOOK)


class AlertChange(Schema):
    """What is to be changed of an alert."""

    name = Text(validate=validate.Length(min=1, max=MAX_NAME))
    webhook = Text(
        allow_none=True,
        validate=validate.Length(min=1),
        metadata={**_WEBHOOK, "description": "Another address; null takes it away."},
    )

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """The arguments of `Alerts.change`, for which an empty webhook is none."""
        if "webhook" in data:
            data["webhook"] = data["webhook"] or ""
        return data


class AlertOut(Schema):
    """An alert."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    search = fields.Dict(required=True, metadata={"description": "What chooses articles."})
    page = fields.String(required=True, metadata={"description": "The same search, for people."})
    feed = fields.String(required=True, metadata={"description": "What was found, as Atom; needs no token."})
    json_feed = fields.String(required=True)
    webhook = fields.String(required=True, allow_none=True)
    secret = fields.String(required=True, metadata={"description": "Key of the signatures of messages."})
    made = fields.String(required=True, metadata={"example": "2026-02-02T08:00:00Z"})
    items = fields.Integer(required=True, metadata={"description": "Articles found."})
    waiting = fields.Integer(required=True, metadata={"description": "Those that the webhook has not taken yet."})
    failures = fields.Integer(required=True, metadata={"description": "Tries of the webhook that failed since."})
    failure = fields.String(required=True, allow_none=True, metadata={"description": "Why the last one did."})


class AlertsAnswer(Schema):
    """All alerts, by name."""

    alerts = fields.List(fields.Nested(AlertOut), required=True)


class FoundLabel(Schema):
    """A person or organisation that was asked for."""

    id = fields.String(required=True)
    label = fields.String(required=True)


class WhyOut(Schema):
    """Why an article was found."""

    matched = fields.String(required=True, metadata={"description": "The widest rung that was needed."})
    words = fields.List(fields.String(), required=True, metadata={"description": "As they stand in the text."})
    entities = fields.List(fields.Nested(FoundLabel), required=True)
    snippet = fields.String(required=True)


class FoundOut(Schema):
    """An article that an alert has found."""

    id = fields.String(required=True)
    headline = fields.String(required=True)
    published = fields.String(required=True, allow_none=True)
    found = fields.String(required=True)
    why = fields.Nested(WhyOut, required=True)


class AlertAnswer(AlertOut):
    """An alert, and what it has found last."""

    found = fields.List(fields.Nested(FoundOut), required=True)


_ALERT = {
    "id": "5d1c0a7be1f94c2a9b0e17c4",
    "name": "Eau potable",
    "search": {"q": '"eau potable"', "language": ["fr"]},
    "page": "/?q=%22eau+potable%22&language=fr",
    "feed": "/alerts/5d1c0a7be1f94c2a9b0e17c4/feed",
    "json_feed": "/alerts/5d1c0a7be1f94c2a9b0e17c4/feed.json",
    "webhook": "https://desk.example/hook",
    "secret": "whsec_c2VjcmV0IG9mIHRoaXMgYWxlcnQ=",
    "made": "2026-02-02T08:00:00Z",
    "items": 1,
    "waiting": 0,
    "failures": 0,
    "failure": None,
}
_FOUND = {
    "id": "5d1c0a7be1f94c2a9b0e",
    "headline": "L'eau potable revient",
    "published": "2026-02-03",
    "found": "2026-02-03T09:12:44Z",
    "why": {"matched": "exact", "words": ["eau potable"], "entities": [], "snippet": "L'eau potable est revenue."},
}
_IN = {"name": "Eau potable", "search": {"q": '"eau potable"', "language": ["fr"]}}


@api.route(
    "/alerts",
    query=NoQuery,
    answer=AlertsAnswer,
    example={"alerts": [_ALERT]},
    problems=(401, 403),
    token=True,
)
def alerts(_: object) -> Response:
    """The searches that are asked about every new article."""
    require_token()
    freshness.passing()
    return jsonify({"alerts": [_members(alert) for alert in archive().alerts.all()]})


@api.route(
    "/alerts",
    method="POST",
    query=NoQuery,
    body=AlertIn,
    answer=AlertAnswer,
    example={**_ALERT, "items": 0, "found": []},
    status=201,
    body_example=_IN,
    problems=(401, 403, 413, 415),
    headers={"Location": {"schema": {"type": "string"}, "description": "Address of the alert."}},
    token=True,
)
def add_alert(_: object, given: dict[str, Any]) -> tuple[dict[str, object], int, dict[str, str]]:
    """Ask a search about every article that comes in from now on; all of its words must match."""
    search: Request = given["search"]
    with archive().alerting() as changed:
        alert_id = changed.add(given["name"], saved(search), given["webhook"])
    return _answer(alert_id), 201, {"Location": url_for("api.alert", alert_id=alert_id)}


@api.route(
    "/alerts/<alert_id>",
    query=NoQuery,
    answer=AlertAnswer,
    example={**_ALERT, "found": [_FOUND]},
    problems=(401, 403, 404),
    path=_ID,
    token=True,
)
def alert(_: object, alert_id: str) -> Response:
    """One alert, and what it has found last."""
    require_token()
    freshness.passing()
    return jsonify(_answer(alert_id))


@api.route(
    "/alerts/<alert_id>",
    method="PATCH",
    query=NoQuery,
    body=AlertChange,
    answer=AlertAnswer,
    example={**_ALERT, "found": [_FOUND]},
    body_example={"name": "L'eau à Fès", "webhook": None},
    problems=(401, 403, 404, 413, 415),
    path=_ID,
    token=True,
)
def change_alert(_: object, given: dict[str, Any], alert_id: str) -> dict[str, object]:
    """Give an alert another name or webhook."""
    with archive().alerting() as changed:
        changed.change(alert_id, **given)
    return _answer(alert_id)


@api.route(
    "/alerts/<alert_id>",
    method="DELETE",
    query=NoQuery,
    answer=None,
    status=204,
    problems=(401, 403, 404),
    path=_ID,
    token=True,
)
def remove_alert(_: object, alert_id: str) -> None:
    """Remove an alert and the list of what it has found."""
    with archive().alerting() as changed:
        changed.remove(alert_id)


def _answer(alert_id: str) -> dict[str, object]:
    known = archive().alerts
    alert = known.get(alert_id)
    found = [members for item in known.items(alert_id, FOUND) if (members := _found(item)) is not None]
    return {**_members(alert), "found": found}


def _members(alert: Alert) -> dict[str, object]:
    return {
        **{name: getattr(alert, name) for name in Alert.__slots__ if name != "search"},
        "search": _parameters(restored(alert.search)),
        "page": str(address_of(restored(alert.search))),
        "feed": url_for("alert_feeds.atom", alert_id=alert.id),
        "json_feed": url_for("alert_feeds.json", alert_id=alert.id),
    }


def _parameters(asked: Request) -> dict[str, object]:
    """A search as it was sent: the parameters of its address."""
    several = {*asked.only, *(f"exclude_{facet}" for facet in asked.exclude)}
    address = address_of(asked)
    names = dict.fromkeys(name for name, _ in address.pairs)
    return {name: list(address.values(name)) if name in several else address.values(name)[0] for name in names}


def _found(item: AlertItem) -> dict[str, object] | None:
    try:
        article = archive().article(item.article)
    except UnknownArticle:  # deleted just now
        return None
    return {
        "id": article.id,
        "headline": article.headline,
        "published": article.published,
        "found": item.found,
        "why": item.why,
    }
