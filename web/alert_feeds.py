"""What an alert has found, as a feed that says of each article why it is in it.

Whoever has the id of an alert may read it: readers of feeds send no token. So ids cannot be guessed, and answers are
kept by nobody on the way.
"""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for

from kashaf.errors import UnknownArticle
from kashaf.index.alerts import AlertItem
from kashaf.index.article import date_span
from kashaf.search.saved_search import restored
from kashaf.web import feed_atom, feed_json
from kashaf.web.addresses import in_full
from kashaf.web.alert_words import address_of, reason
from kashaf.web.feed import Entry, Feed, lasting_id
from kashaf.web.locales import current_language
from kashaf.web.naming import name_of
from kashaf.web.outgoing import one_line, web_address
from kashaf.web.serving import archive

alert_feeds = Blueprint("alert_feeds", __name__)
SIZE = 50  # articles


@alert_feeds.get("/alerts/<alert_id>/feed")
def atom(alert_id: str) -> Response:
    """What an alert has found last, as an Atom feed."""
    feed = _feed(alert_id, "alert_feeds.atom")
    return _stamped(Response(feed_atom.atom(feed), content_type=feed_atom.CONTENT_TYPE))


@alert_feeds.get("/alerts/<alert_id>/feed.json")
def json(alert_id: str) -> Response:
    """What an alert has found last, as a JSON feed."""
    feed = _feed(alert_id, "alert_feeds.json")
    return _stamped(Response(feed_json.json_feed(feed), content_type=feed_json.CONTENT_TYPE))


def _stamped(response: Response) -> Response:
    """An unchanged feed is a 304; the state of the archive would not tell, for an alert may have another name."""
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag(weak=True)
    response.make_conditional(request)
    return response


def _feed(alert_id: str, endpoint: str) -> Feed:
    alert = archive().alerts.get(alert_id)
    asked = restored(alert.search)
    entries = [entry for item in archive().alerts.items(alert.id, SIZE) if (entry := _entry(item)) is not None]
    return Feed(
        title=f"{one_line(alert.name)} ({name_of(asked)}) — Kashaf",
        language=current_language(),
        address=in_full(url_for(endpoint, alert_id=alert.id)),
        page=in_full(str(address_of(asked))),
        total=alert.items,
        entries=tuple(entries),
    )


def _entry(item: AlertItem) -> Entry | None:
    try:
        article = archive().article(item.article)
        persons, organisations = archive().entities_of(item.article)
    except UnknownArticle:  # deleted just now
        return None
    return Entry(
        id=lasting_id(article),
        address=in_full(url_for("pages.article", article_id=article.id)),
        original=web_address(article.url),
        title=one_line(article.headline) or article.id,
        summary=" ".join(filter(None, (reason(item.why), str(item.why.get("snippet", ""))))),
        language=article.language or "und",
        author=article.byline or article.source,
        published=f"{date_span(article.published)[0]}T00:00:00Z" if article.published else None,
        updated=item.found,
        tags=tuple(label.label for label in (*persons, *organisations)),
    )
