"""What an article is, said to search engines and other programs: schema.org ``NewsArticle`` as JSON-LD.

The page holds it as a data block, which no browser runs; ``tojson`` writes ``<``, ``>`` and ``&`` as escapes of
JSON, so that nothing in an article can end the block or begin a comment.
"""

from __future__ import annotations

from typing import Any

from flask import url_for

from kashaf.index.article import Article
from kashaf.search.results import Label
from kashaf.web.addresses import in_full
from kashaf.web.outgoing import uri, web_address


def news_article(article: Article, persons: tuple[Label, ...], organisations: tuple[Label, ...]) -> dict[str, Any]:
    """The article as JSON-LD, what is not known left out."""
    address = in_full(url_for("pages.article", article_id=article.id))
    original = web_address(article.url)
    members = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": uri(address),
        "url": uri(address),
        "headline": article.headline,
        "description": article.standfirst,
        "datePublished": article.published,
        "inLanguage": article.language,
        "articleSection": article.section,
        "author": {"@type": "Person", "name": article.byline} if article.byline else None,
        "publisher": {"@type": "NewsMediaOrganization", "name": article.source} if article.source else None,
        "isBasedOn": uri(original) if original else None,
        "mentions": [*_named("Person", persons), *_named("Organization", organisations)],
    }
    return {name: value for name, value in members.items() if value}


def _named(kind: str, labels: tuple[Label, ...]) -> list[dict[str, str]]:
    return [
        {"@type": kind, "@id": in_full(url_for("people.entity", entity_id=label.id)), "name": label.label}
        for label in labels
    ]
