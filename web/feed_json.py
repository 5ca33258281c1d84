"""A feed as JSON Feed 1.1 (jsonfeed.org)."""

from __future__ import annotations

from typing import Any

from kashaf.index.article_line import json_line
from kashaf.web.feed import Entry, Feed
from kashaf.web.outgoing import directed

CONTENT_TYPE = "application/feed+json; charset=utf-8"


def json_feed(feed: Feed) -> bytes:
    """The feed as a document in UTF-8."""
    members = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": directed(feed.title),
        "language": feed.language,
        "home_page_url": feed.page,
        "feed_url": feed.address,
        "items": [_item(entry) for entry in feed.entries],
    }
    return json_line(members).encode()


def _item(entry: Entry) -> dict[str, Any]:
    members = {
        "id": entry.id,
        "url": entry.address,
        "external_url": entry.original,
        "title": directed(entry.title),
        "date_published": entry.published,
        "date_modified": entry.updated,
        "authors": [{"name": directed(entry.author)}] if entry.author else [],
        "tags": [directed(tag) for tag in entry.tags],
        "language": entry.language,
    }
    # An item must have a text, be it empty.
    return {**{name: value for name, value in members.items() if value}, "content_text": directed(entry.summary)}
