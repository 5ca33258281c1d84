"""A search as news items for agencies and newsrooms: ninjs 3.1, IPTC's news in JSON.

Source: IPTC ninjs 3.1 and its JSON Schema (CC BY 4.0), https://www.iptc.org/std/ninjs/ninjs-schema_3.1.json.
A date without its day is no moment, so that only an article dated to the day has ``contentCreated``; a coarser
date stands in the note for editors, where people read it.
"""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext

from kashaf.index.article import Article
from kashaf.index.article_line import json_line
from kashaf.search.results import Label
from kashaf.web.export_format import Format, Record
from kashaf.web.outgoing import uri, web_address

SCHEMA = "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#"


def item(one: Record) -> dict[str, Any]:
    """One news item, what is empty left out; the body without the clutter around it."""
    article = one.article
    published = article.published or ""
    original = web_address(article.url)
    members = {
        "uri": uri(one.address),
        "standard": {"name": "ninjs", "version": "3.1", "schema": SCHEMA},
        "type": "text",
        "representationType": "full",
        "language": article.language,
        "contentCreated": f"{published}T00:00:00Z" if len(published) == 10 else "",
        "edNote": f"Published {published}" if published and len(published) < 10 else "",
        "headlines": _texts(article.headline),
        "descriptions": _texts(article.standfirst),
        "bodies": _texts(_news(article)),
        "by": article.byline,
        "infoSources": [{"name": article.source, "role": "publisher"}] if article.source else [],
        "subjects": [{"name": article.section, "rel": "section"}] if article.section else [],
        "people": _names(one.persons),
        "organisations": _names(one.organisations),
        "renditions": [{"name": "original", "href": uri(original), "contentType": "text/html"}] if original else [],
        "altIds": [{"role": "kashaf", "value": article.id}],
    }
    return {name: value for name, value in members.items() if value}


def _news(article: Article) -> str:
    bounds = [0, *(bound for span in article.ignored for bound in (span.start, span.end)), len(article.body)]
    kept = (article.body[start:end].strip() for start, end in zip(bounds[::2], bounds[1::2], strict=True))
    return "\n\n".join(filter(None, kept))


def _texts(text: str) -> list[dict[str, str]]:
    return [{"contentType": "text/plain", "value": text}] if text else []


def _names(labels: tuple[Label, ...]) -> list[dict[str, str]]:
    return [{"name": label.label, "rel": "about", "literal": label.id} for label in labels]


NINJS = Format(
    name="ninjs",
    extension="ninjs.json",
    title="ninjs",
    purpose=lazy_gettext("whole articles, for news agencies"),
    content_type="application/json",
    before="[\n",
    record=lambda one: json_line(item(one)),
    between=",\n",
    after="\n]\n",
)
