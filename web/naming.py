"""A search in the words of the reader: what a feed is called in a list of feeds, a curve in its legend."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext

from kashaf.errors import UnknownEntity
from kashaf.index.article import KINDS
from kashaf.search.request import Request
from kashaf.web.locales import current_language, language_name, readable_date
from kashaf.web.outgoing import one_line
from kashaf.web.serving import archive


def name_of(asked: Request) -> str:
    """The words of a search and its filters, on one line."""
    words = "" if asked.q == "*" else asked.q
    return " · ".join(filter(None, map(one_line, (words, *_filters(asked))))) or gettext("The whole archive")


def _filters(asked: Request) -> Iterator[str]:
    for facet, values in asked.only.items():
        for value in values:
            if facet in KINDS:
                yield _label(value)
            else:
                yield language_name(value) if facet == "language" else value
    for values in asked.exclude.values():
        yield from (f"−{_label(value)}" for value in values)
    if asked.date_from or asked.date_to:
        yield " – ".join(readable_date(date) if date else "…" for date in (asked.date_from, asked.date_to))
    if asked.undated:
        yield gettext("undated")


def _label(value: str) -> str:
    """The label of an entity that a filter gives by id; anything else as it was given."""
    try:
        entity = archive().entity(value)
    except UnknownEntity:
        return value
    return entity.labels.get(current_language()) or entity.label
