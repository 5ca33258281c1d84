"""A search request: everything one may ask of one search, checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from kashaf.errors import LimitError, RequestError
from kashaf.index.article import date_span

Sort = Literal["relevance", "newest", "oldest"]
Rung = Literal["exact", "stem", "names"]
WordsMode = Literal["all", "any", "auto"]
Interval = Literal["year", "month", "day"]
Collapse = Literal["copies", "stories"]

# To add a facet, add its name here and its column in kashaf.index.columns.
VALUE_FACETS = ("person", "organisation", "language", "source", "section")
FACETS = (*VALUE_FACETS, "date")

MAX_QUERY = 1_000  # characters
MAX_CLAUSES = 256
MAX_DEPTH = 20
MAX_SIZE = 100
MAX_WINDOW = 10_000  # page * size
MAX_FACET_SIZE = 1_000
MAX_FILTERS = 256  # filter values in one request


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One search.

    Attributes:
        q: what the reader typed; empty or ``*`` matches everything.
        only: facet -> values; several values of one facet are OR-ed, facets are AND-ed. For person and
            organisation a value is an entity id or any spelling of a name.
        exclude: facet -> values that no hit may have.
        date_from, date_to: ISO dates of day, month or year precision, both included.
        undated: articles without a date; with a range, these too.
        sort: by relevance, or by publication date (undated articles last, either way).
        page: from 1; page * size up to 10,000. Past that, `cursor`.
        cursor: where the page before ended; excludes `page`.
        facets: which facets to count.
        facet_size: buckets a facet at most (selected ones always stay).
        interval: of the date histogram.
        match: the widest rung of the ladder: exact words, word families, names in any spelling.
        words: must all words match, any of them, or (auto) as many as some article has.
        collapse: show of articles that are copies of each other, or that tell one story (copies too), the best hit
            alone; None shows them all.
        budget: seconds that the search may take; past them the answer is partial.
    """

    q: str = ""
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    exclude: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    date_from: str | None = None
    date_to: str | None = None
    undated: bool = False
    sort: Sort = "relevance"
    page: int = 1
    size: int = 10
    cursor: str | None = None
    facets: tuple[str, ...] = FACETS
    facet_size: int = 20
    interval: Interval = "month"
    match: Rung = "names"
    words: WordsMode = "auto"
    collapse: Collapse | None = None
    budget: float = 2.0

    def __post_init__(self) -> None:
        _limit("query characters", MAX_QUERY, len(self.q))
        _limit("size", MAX_SIZE, self.size)
        _limit("facet_size", MAX_FACET_SIZE, self.facet_size)
        for name, least, value in (("page", 1, self.page), ("size", 0, self.size), ("facet_size", 0, self.facet_size)):
            if value < least:
                raise RequestError(name, f"must be {least} or more, not {value}")
        if self.cursor is not None and self.page != 1:
            raise RequestError("page", "goes without cursor: a cursor says by itself where the page begins")
        if self.cursor is None:
            _limit("page * size", MAX_WINDOW, self.page * self.size)
        for name, allowed, given in (
            ("sort", get_args(Sort), self.sort),
            ("match", get_args(Rung), self.match),
            ("words", get_args(WordsMode), self.words),
            ("interval", get_args(Interval), self.interval),
        ):
            if given not in allowed:
                raise RequestError(name, f"must be one of {', '.join(allowed)}, not {given!r}")
        if self.collapse not in (None, *get_args(Collapse)):
            raise RequestError("collapse", f"must be one of {', '.join(get_args(Collapse))}, not {self.collapse!r}")
        for facet in self.facets:
            if facet not in FACETS:
                raise RequestError("facets", f"must be among {', '.join(FACETS)}, not {facet!r}")
        for values in (self.only, self.exclude):
            for facet in values:
                if facet not in VALUE_FACETS:
                    raise RequestError(facet, "is not a facet that can be filtered by value")
        _limit("filter values", MAX_FILTERS, sum(len(v) for f in (self.only, self.exclude) for v in f.values()))
        for name, date in (("from", self.date_from), ("to", self.date_to)):
            if date is not None:
                try:
                    date_span(date)
                except ValueError as error:
                    raise RequestError(name, f"{date!r} is not a date: write YYYY, YYYY-MM or YYYY-MM-DD") from error


def _limit(name: str, allowed: int, got: int) -> None:
    if got > allowed:
        raise LimitError(name, allowed, got)
