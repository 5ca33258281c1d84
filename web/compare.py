"""The page of comparisons: up to four searches over the same time, as a picture, a table and a file."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict

from kashaf.search.request import Request
from kashaf.search.results import Results
from kashaf.web import drawing, freshness, rendering, words
from kashaf.web.asking import Asked, indulgently
from kashaf.web.comparison import MOST, Comparison, compared
from kashaf.web.curves import Found, Picture, picture
from kashaf.web.facet_view import buckets_of
from kashaf.web.locales import is_mirrored, language_name
from kashaf.web.naming import name_of
from kashaf.web.outgoing import cell, one_line, writable
from kashaf.web.problems import Refused
from kashaf.web.serving import archive, settings
from kashaf.web.timeline import chosen_interval, is_too_long

compare = Blueprint("compare", __name__)
freshness.install(compare)
compare.add_app_template_global(drawing.columns, "compared_columns")
compare.add_app_template_global(drawing.value, "compared_value")
compare.add_app_template_global(compared, "compared")

SOURCES = 50  # newspapers to choose from
FILE = "kashaf-compare.csv"
_SAMPLE = 3  # values that a comparison is suggested of
_SUGGESTED = ("source", "language")


@dataclass(frozen=True, slots=True)
class Row:
    """One search in the form.

    Attributes:
        source: the newspaper chosen for it, if it is one.
        hidden: what the form does not show, as parameters.
        filters: the same in the words of the reader.
    """

    number: int
    q: str
    source: str | None
    hidden: tuple[tuple[str, str], ...]
    filters: str
    bare: Comparison
    without: Comparison


@dataclass(frozen=True, slots=True)
class Compared:
    """What a comparison asked for and what was found."""

    asked: tuple[Asked, ...]
    results: tuple[Results, ...]
    picture: Picture | None


class Searches:
    """The searches of one answer: together they have the time that one search has."""

    def __init__(self) -> None:
        self._until = time.monotonic() + settings().budget
        self.is_partial = False

    def run(self, asked: Request) -> Results:
        """One of them, in the time that is left."""
        results = archive().run(replace(asked, budget=max(0.0, self._until - time.monotonic())))
        self.is_partial |= results.partial
        return results


@compare.get("/compare")
def page() -> str:
    """The page; every state of it is an address."""
    state = Comparison.of(request.args)
    searches = Searches()
    done = _compared(state, searches)
    sources = searches.run(Request(size=0, facets=("source",), facet_size=SOURCES)).facets["source"]
    rows = [_row(state, place, asked.request) for place, asked in enumerate(done.asked)]
    suggested = _suggested(state, done.asked[0].request, searches) if len(rows) == 1 else []
    if searches.is_partial:
        freshness.partial()
    set_aside = dict.fromkeys((*state.unknown, *(pair for asked in done.asked for pair in asked.set_aside)))
    return rendering.page(
        "compare.html",
        q="",
        state=state,
        rows=rows,
        spare=range(len(rows) + 1, min(MOST, max(2, len(rows) + 1)) + 1),
        sources=[bucket.id for bucket in sources],
        results=done.results,
        picture=done.picture,
        dates=next(((a.request.date_from, a.request.date_to) for a in done.asked), (None, None)),
        suggested=suggested,
        is_partial=searches.is_partial,
        warnings=[[words.said(warning) for warning in results.query.warnings] for results in done.results],
        set_aside=set_aside,
    )


@compare.get("/compare.csv")
def file() -> Response:
    """The same as a table for a spreadsheet: a row for each year, month or day."""
    searches = Searches()
    done = _compared(Comparison.of(request.args), searches)
    if searches.is_partial:
        raise Refused("too-slow", "the searches were not done in time")
    response = Response("\ufeff" + writable("".join(_lines(done.picture))), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{FILE}"'
    return response


def _compared(state: Comparison, searches: Searches) -> Compared:
    asked = tuple(indulgently(MultiDict(state.search(place).pairs), {}) for place in range(len(state.searches)))
    requests = [_over_time(one.request) for one in asked]
    results = [searches.run(one) for one in requests]
    dates = (requests[0].date_from, requests[0].date_to) if requests else (None, None)
    if is_too_long([found.facets["date"] for found in results], *dates):
        requests = [replace(one, interval="year") for one in requests]
        results = [searches.run(one) for one in requests]
    names = [name_of(replace(one, date_from=None, date_to=None)) for one in requests]
    found = [
        Found(name, result.facets["date"], of.facets["date"])
        for name, result, of in zip(names, results, _all_articles(requests, searches), strict=True)
    ]
    return Compared(asked, tuple(results), picture(found, state, *dates, mirrored=is_mirrored()))


def _over_time(asked: Request) -> Request:
    """A search of which nothing but its articles over time is wanted."""
    interval = chosen_interval(asked.date_from, asked.date_to)
    return replace(asked, size=0, page=1, cursor=None, facets=("date",), interval=interval)


def _all_articles(requests: Sequence[Request], searches: Searches) -> list[Results]:
    """For each search, all the articles of the same newspapers, sections and languages, over time."""
    kept: list[tuple[Request, Results]] = []
    for asked in requests:
        everything = replace(asked, q="", only=_whose(asked.only), exclude=_whose(asked.exclude))
        results = next((known for key, known in kept if key == everything), None) or searches.run(everything)
        kept.append((everything, results))
    return [results for _, results in kept]


def _whose(filters: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The filters that say whose articles these are, not what they are about."""
    return {facet: values for facet, values in filters.items() if facet in ("source", "section", "language")}


def _row(state: Comparison, place: int, asked: Request) -> Row:
    search = state.searches[place]
    sources = search.values("source")
    shown = ("q", "source") if len(sources) < 2 else ("q",)
    hidden = search.without(*shown)
    only = asked.only if "source" not in shown else {f: v for f, v in asked.only.items() if f != "source"}
    others = replace(asked, q="", only=only, date_from=None, date_to=None)
    return Row(
        number=place + 1,
        q=asked.q,
        source=sources[0] if len(sources) == 1 else None,
        hidden=hidden.pairs,
        filters=name_of(others) if hidden.pairs else "",
        bare=state.exchanged(place, (search.kept(shown),)),
        without=state.without(place),
    )


def _suggested(state: Comparison, asked: Request, searches: Searches) -> list[tuple[str, Comparison]]:
    """A single search against itself: in one newspaper and the next, in one language and the other."""
    results = searches.run(replace(asked, size=0, page=1, cursor=None, facets=_SUGGESTED, facet_size=_SAMPLE))
    found = []
    for facet in _SUGGESTED:
        values = [bucket.id for bucket in buckets_of(results, facet)]
        if len(values) > 1 and facet not in asked.only:
            search = state.searches[0]
            label = " – ".join(language_name(value) if facet == "language" else value for value in values)
            found.append((label, state.exchanged(0, (search.adding(facet, value) for value in values))))
    return found


def _lines(drawn: Picture | None) -> Iterator[str]:
    curves = drawn.curves if drawn else ()
    names = [one_line(curve.name) for curve in curves]
    yield _line(["date", *(f"{name}{part}" for name in names for part in ("", " (of)", " (share)"))])
    for place, slot in enumerate(drawn.slots if drawn else ()):
        points = [curve.points[place] for curve in curves]
        yield _line([slot.key, *(str(v) for point in points for v in (point.count, point.of, round(point.share, 6)))])


def _line(cells: Iterable[str]) -> str:
    row = io.StringIO()
    csv.writer(row).writerow([cell(text) for text in cells])
    return row.getvalue()
