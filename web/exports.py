"""A search taken elsewhere: followed as an Atom feed, opened in a spreadsheet (CSV), cited (RIS).

Rows are streamed, so an export needs no more memory than one page of hits. Sources: RFC 4287 (Atom),
RFC 4180 (CSV), the RIS format of Research Information Systems.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from flask import Blueprint, Response, render_template, request, stream_with_context, url_for

from kashaf.index.article import date_span
from kashaf.search.archive import Archive
from kashaf.search.request import MAX_SIZE, Request
from kashaf.search.results import Hit
from kashaf.web import freshness
from kashaf.web.addresses import Address
from kashaf.web.asking import strictly
from kashaf.web.outgoing import cell, one_line, web_address, writable, xml_text
from kashaf.web.serving import archive, settings

exports = Blueprint("exports", __name__)
freshness.install(exports)

FEED_SIZE = 50
COLUMNS = (
    "id",
    "headline",
    "source",
    "section",
    "byline",
    "published",
    "published_from",
    "language",
    "url",
    "persons",
    "organisations",
    "snippet",
)


@exports.get("/feed")
def feed() -> Response:
    """The newest articles of a search, as an Atom feed."""
    newest = replace(strictly(request.args), sort="newest", size=FEED_SIZE, facets=())
    results = archive().run(newest)
    text = render_template(
        "feed.xml",
        results=results,
        title=newest.q,
        here=request.url_root.rstrip("/") + Address.of(request.args).choosing().to("exports.feed"),
        page=request.url_root.rstrip("/") + str(Address.of(request.args).choosing()),
    )
    return Response(xml_text(text), content_type="application/atom+xml; charset=utf-8")


@exports.get("/export.csv")
def csv_file() -> Response:
    """A search as a spreadsheet: UTF-8 with byte order mark, no cell that could be run as a formula."""
    return _download(_csv_rows(_hits()), "text/csv; charset=utf-8", "kashaf.csv")


@exports.get("/export.ris")
def ris_file() -> Response:
    """A search as RIS records, for Zotero and other reference managers."""
    root = request.url_root.rstrip("/")
    records = (_ris(hit, root + url_for("pages.article", article_id=hit.id)) for hit in _hits())
    return _download(records, "application/x-research-info-systems; charset=utf-8", "kashaf.ris")


@exports.app_template_filter("moment")
def moment(published: str | None) -> str:
    """A date as Atom wants it; the articles that have none sort as the oldest of all."""
    return f"{date_span(published)[0] if published else date.min}T00:00:00Z"


def _hits() -> Iterator[Hit]:
    asked = strictly(request.args)
    return every_hit(archive(), asked, settings().max_export)


def every_hit(source: Archive, asked: Request, most: int) -> Iterator[Hit]:
    """The hits of a search, page after page, `most` at most."""
    page = replace(asked, page=1, size=MAX_SIZE, cursor=None, facets=())
    while most > 0:
        results = source.run(page)
        yield from results.hits[:most]
        most -= len(results.hits)
        if results.cursor is None:
            return
        page = replace(page, cursor=results.cursor)


def _download(rows: Iterator[str], content_type: str, name: str) -> Response:
    response = Response(stream_with_context(writable(row).encode() for row in rows), content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _csv_rows(hits: Iterator[Hit]) -> Iterator[str]:
    yield "\ufeff" + _csv_row(COLUMNS)
    for hit in hits:
        values = {
            **{name: getattr(hit, name, None) for name in COLUMNS},
            "persons": " | ".join(person.label for person in hit.persons),
            "organisations": " | ".join(organisation.label for organisation in hit.organisations),
        }
        yield _csv_row(cell(values[name] or "") for name in COLUMNS)


def _csv_row(cells: Iterator[str] | tuple[str, ...]) -> str:
    row = io.StringIO()
    csv.writer(row).writerow(cells)
    return row.getvalue()


def _ris(hit: Hit, address: str) -> str:
    lines = [
        ("TY", "NEWS"),
        ("ID", hit.id),
        ("TI", hit.headline),
        ("T2", hit.source),
        ("AU", hit.byline),
        ("SE", hit.section),
        ("PY", hit.published and hit.published[:4]),
        ("DA", hit.published and "/".join((hit.published.split("-") + ["", ""])[:3]) + "/"),
        ("LA", hit.language),
        *(("KW", name.label) for name in (*hit.persons, *hit.organisations)),
        ("UR", web_address(hit.url) or address),
    ]
    written = [f"{tag}  - {one_line(value)}" for tag, value in lines if value]
    return "\r\n".join([*written, "ER  - ", "", ""])
