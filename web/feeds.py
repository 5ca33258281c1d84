"""A search, or whatever names a person or organisation, followed as a feed: Atom and JSON Feed."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, request, url_for
from flask_babel import LazyString, lazy_gettext

from kashaf.index.article import date_span
from kashaf.search.results import Hit
from kashaf.web import feed_atom, feed_json, freshness
from kashaf.web.addresses import Address, in_full
from kashaf.web.asking import strictly
from kashaf.web.feed import Entry, Feed, lasting_id
from kashaf.web.locales import current_language
from kashaf.web.naming import name_of
from kashaf.web.outgoing import one_line, web_address
from kashaf.web.problems import Refused
from kashaf.web.serving import archive

feeds = Blueprint("feeds", __name__)
freshness.install(feeds)

SIZE = 50  # articles
TITLES: dict[str, tuple[str, LazyString]] = {  # endpoint -> media type, title of the link to it
    "feeds.atom": ("application/atom+xml", lazy_gettext("These articles as an Atom feed")),
    "feeds.json": ("application/feed+json", lazy_gettext("These articles as a JSON feed")),
}


@feeds.app_context_processor
def offered() -> dict[str, object]:
    """The feeds, for every template."""
    return {"feed_forms": TITLES}


@feeds.get("/feed")
def atom() -> Response:
    """The newest articles of a search, as an Atom feed."""
    return Response(feed_atom.atom(_feed("feeds.atom")), content_type=feed_atom.CONTENT_TYPE)


@feeds.get("/feed.json")
def json() -> Response:
    """The newest articles of a search, as a JSON feed."""
    return Response(feed_json.json_feed(_feed("feeds.json")), content_type=feed_json.CONTENT_TYPE)


def _feed(endpoint: str) -> Feed:
    asked = strictly(request.args)
    results = archive().run(replace(asked, sort="newest", size=SIZE, facets=()))
    if results.partial:
        raise Refused("too-slow", "the search was not done in time")
    choosing = Address.of(request.args).choosing().turned({"lang": current_language()})
    arrivals = archive().arrivals([hit.id for hit in results.hits])
    return Feed(
        title=f"{name_of(asked)} — Kashaf",
        language=current_language(),
        address=in_full(choosing.to(endpoint)),
        page=in_full(str(choosing)),
        total=results.total,
        # One that has just been deleted has no arrival any more.
        entries=tuple(_entry(hit, arrivals[hit.id]) for hit in results.hits if hit.id in arrivals),
    )


def _entry(hit: Hit, arrival: str) -> Entry:
    return Entry(
        id=lasting_id(hit),
        address=in_full(url_for("pages.article", article_id=hit.id)),
        original=web_address(hit.url),
        title=one_line(hit.headline) or one_line(hit.snippet[:80]) or hit.id,
        summary=hit.snippet,
        language=hit.language,
        author=hit.byline or hit.source,
        published=f"{date_span(hit.published)[0]}T00:00:00Z" if hit.published else None,
        updated=arrival,
        tags=tuple(label.label for label in (*hit.persons, *hit.organisations)),
    )
