"""Alerts on the pages, for whoever has signed in: making, reading, changing and removing them.

The address of the list takes the parameters of a search: what it then offers is an alert on that search, so that the
search page needs no form of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, make_response, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from kashaf.errors import LimitError, RequestError, UnknownArticle
from kashaf.index.alerts import MAX_NAME, Alert, AlertItem
from kashaf.index.article import Article
from kashaf.search.request import Request
from kashaf.search.saved_search import restored, saved
from kashaf.web import security
from kashaf.web.addresses import Address, in_full
from kashaf.web.alert_words import address_of, reason
from kashaf.web.asking import indulgently
from kashaf.web.curators import check_form, check_origin, curator, is_on, sign_in
from kashaf.web.naming import name_of
from kashaf.web.problems import Refused
from kashaf.web.rendering import page
from kashaf.web.serving import archive

alert_pages = Blueprint("alert_pages", __name__, url_prefix="/alerts")
SHOWN = 50  # articles of an alert


@dataclass(frozen=True, slots=True)
class Kept:
    """An alert as a page shows it: its search in words, and as an address."""

    alert: Alert
    search: str
    address: Address
    feed: str


@dataclass(frozen=True, slots=True)
class Finding:
    """An article that an alert has found, and why."""

    item: AlertItem
    article: Article
    reason: str


@alert_pages.before_request
def only_curators() -> Response | str | None:
    """Asks who has not signed in for the token; takes forms of this site and of this session alone."""
    if request.method == "POST":
        if not is_on():
            raise Refused("writes-off", "this server was started without a token, so nobody may make alerts")
        check_origin()
        if request.endpoint == "alert_pages.entered":
            return None
    session = curator()
    if session is None:
        return make_response(_sign_in(), 403 if request.method == "POST" else 200)
    if request.method == "POST":
        check_form(session)
    return None


@alert_pages.after_request
def kept_by_nobody(response: Response) -> Response:
    """What somebody watches is nobody else's business."""
    response.headers["Cache-Control"] = "no-store"
    return response


def _sign_in(is_wrong: bool = False) -> str:
    """The form that takes the token; the search that was to become an alert stays in the address."""
    action = Address.of(request.args).choosing().to("alert_pages.entered")
    return page("sign_in.html", q="", is_on=is_on(), is_wrong=is_wrong, action=action)


@alert_pages.post("/sign-in")
def entered() -> AnyResponse:
    """A session for whoever has the token."""
    if not security.is_token(request.form.get("token", "").strip()):
        return make_response(_sign_in(is_wrong=True), 403)
    return sign_in(make_response(redirect(Address.of(request.args).choosing().to("alert_pages.listed"), 303)))


@alert_pages.get("/")
def listed() -> str:
    """All alerts, and the form for one more."""
    return _list(Address.of(request.args).choosing())


@alert_pages.post("/")
def made() -> AnyResponse | str:
    """A new alert on the search of the address."""
    wanted = Address.of(request.args).choosing()
    if typed := request.form.get("q", "").strip():
        wanted = wanted.changed({"q": typed})
    try:
        asked = _asked(wanted)
        name = request.form.get("name", "").strip() or name_of(asked)[:MAX_NAME]
        with archive().alerting() as changed:
            alert_id = changed.add(name, saved(asked), request.form.get("webhook", "").strip() or None)
    except (RequestError, LimitError) as error:
        return make_response(_list(wanted, wrong=_parameter(error)), 422)
    return redirect(url_for("alert_pages.shown", alert_id=alert_id, done="made"), 303)


@alert_pages.get("/<alert_id>")
def shown(alert_id: str) -> str:
    """What an alert has found, and why."""
    return _one(alert_id)


@alert_pages.post("/<alert_id>")
def changed(alert_id: str) -> AnyResponse | str:
    """Another name, another webhook."""
    try:
        with archive().alerting() as alerts:
            alerts.change(alert_id, name=request.form.get("name", ""), webhook=request.form.get("webhook", "").strip())
    except (RequestError, LimitError) as error:
        return make_response(_one(alert_id, wrong=_parameter(error)), 422)
    return redirect(url_for("alert_pages.shown", alert_id=alert_id, done="changed"), 303)


@alert_pages.post("/<alert_id>/remove")
def removed(alert_id: str) -> AnyResponse | str:
    """Removes an alert, once that was confirmed."""
    alert = archive().alerts.get(alert_id)
    if "sure" not in request.form:
        return page("alert_remove.html", q="", session=curator(), kept=_kept(alert))
    with archive().alerting() as alerts:
        alerts.remove(alert_id)
    return redirect(url_for("alert_pages.listed", done="removed"), 303)


def _asked(wanted: Address) -> Request:
    """The search of an address, what cannot be used of it left out."""
    return indulgently(MultiDict(wanted.pairs), {}).request


def _parameter(error: RequestError | LimitError) -> str:
    """Which of the boxes is at fault."""
    return error.parameter if isinstance(error, RequestError) else error.limit.split()[0]


def _list(wanted: Address, wrong: str | None = None) -> str:
    return page(
        "alerts.html",
        q="",
        session=curator(),
        wanted=wanted,
        search=name_of(_asked(wanted)) if wanted.pairs else None,
        alerts=[_kept(alert) for alert in archive().alerts.all()],
        form=request.form,
        wrong=wrong,
        done=request.args.get("done"),
    )


def _one(alert_id: str, wrong: str | None = None) -> str:
    alert = archive().alerts.get(alert_id)
    return page(
        "alert.html",
        q="",
        session=curator(),
        kept=_kept(alert),
        findings=list(filter(None, map(_finding, archive().alerts.items(alert.id, SHOWN)))),
        form=request.form,
        wrong=wrong,
        done=request.args.get("done"),
    )


def _kept(alert: Alert) -> Kept:
    asked = restored(alert.search)
    feed = in_full(url_for("alert_feeds.atom", alert_id=alert.id))
    return Kept(alert, name_of(asked), address_of(asked), feed)


def _finding(item: AlertItem) -> Finding | None:
    try:
        return Finding(item, archive().article(item.article), reason(item.why))
    except UnknownArticle:  # deleted just now
        return None
