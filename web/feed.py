"""The newest articles of a search, ready to be written as a feed of one form or another."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from kashaf.index.article import Article
from kashaf.search.results import Hit


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One article of a feed.

    Attributes:
        id: the same in every feed, however the server is called.
        address: of its page, in full.
        original: address of the article at its newspaper.
        published: its date as a moment (RFC 3339), the first of those that it may mean; None when undated.
        updated: when the archive took it in as it is now.
        tags: persons and organisations.
    """

    id: str
    address: str
    original: str | None
    title: str
    summary: str
    language: str
    author: str | None
    published: str | None
    updated: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A search as a feed.

    Attributes:
        address, page: of the feed itself, and of the same search for people; in full.
        total: articles of the search.
    """

    title: str
    language: str
    address: str
    page: str
    total: int
    entries: tuple[Entry, ...]

    @property
    def updated(self) -> str:
        """When something last came in; without articles, the beginning of time as computers count it."""
        return max((entry.updated for entry in self.entries), default="1970-01-01T00:00:00Z")


def lasting_id(article: Hit | Article) -> str:
    """An id for an article that no other article of any archive is likely to have, and that never changes."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"kashaf:{article.source or ''}\x00{article.id}").urn
