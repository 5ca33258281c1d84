"""A search as a spreadsheet: RFC 4180 in UTF-8 with a byte order mark, no cell that could be run as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from flask_babel import lazy_gettext

from kashaf.web.export_format import Format, Record
from kashaf.web.outgoing import cell, one_line

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
    "address",
)


def record(one: Record) -> str:
    """One row: one line, whatever stands in the article."""
    values = {
        **{name: getattr(one.article, name, None) for name in COLUMNS},
        "persons": " | ".join(person.label for person in one.persons),
        "organisations": " | ".join(organisation.label for organisation in one.organisations),
        "snippet": one.snippet(),
        "address": one.address,
    }
    return _row(cell(one_line(values[name] or "")) for name in COLUMNS)


def _row(cells: Iterable[str]) -> str:
    row = io.StringIO()
    csv.writer(row).writerow(cells)
    return row.getvalue()


CSV = Format(
    name="csv",
    extension="csv",
    title="CSV",
    purpose=lazy_gettext("for a spreadsheet"),
    content_type="text/csv; charset=utf-8",
    before="\ufeff" + _row(COLUMNS),
    record=record,
)
