"""A search as data for citation processors (pandoc, citeproc, Zotero): CSL-JSON.

Source: the schema csl-data.json of Citation Style Language 1.0.2; the type is ``article-newspaper``.
"""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext

from kashaf.index.article_line import json_line
from kashaf.web.export_format import Format, Record
from kashaf.web.outgoing import one_line, web_address


def item(one: Record) -> dict[str, Any]:
    """One item, what is empty left out."""
    article = one.article
    parts = [int(part) for part in article.published.split("-")] if article.published else []
    byline = one_line(article.byline or "")
    members = {
        "id": article.id,
        "type": "article-newspaper",
        "title": one_line(article.headline),
        "container-title": one_line(article.source or ""),
        "section": one_line(article.section or ""),
        "author": [{"literal": byline}] if byline else [],
        "issued": {"date-parts": [parts]} if parts else {},
        "language": article.language,
        "abstract": one_line(article.standfirst),
        "keyword": ", ".join(one_line(name).replace(",", " ") for name in one.names),
        "URL": web_address(article.url) or one.address,
    }
    return {name: value for name, value in members.items() if value}


CSL = Format(
    name="csl",
    extension="csl.json",
    title="CSL-JSON",
    purpose=lazy_gettext("for citation processors such as pandoc"),
    content_type="application/vnd.citationstyles.csl+json",
    before="[\n",
    record=lambda one: json_line(item(one)),
    between=",\n",
    after="\n]\n",
    cites=True,
)
