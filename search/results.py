"""What a search answers: the same values for the Python API, the JSON API, the command line and the pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict

from kashaf.index.article import Provenance
from kashaf.search.request import Interval, Rung

Mark = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of original text with the matches in it.

    Attributes:
        text: the original characters, clutter left out; never HTML.
        marks: character ranges of `text`, whole words, in order, not overlapping.
    """

    text: str
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Label:
    """A person or organisation as shown on a hit: the entity's id and a label."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Hit:
    """One article of a result page."""

    id: str
    headline: str
    language: str
    source: str | None
    section: str | None
    byline: str | None
    published: str | None
    published_from: Provenance | None
    url: str | None
    score: float
    matched: Rung
    highlight: Mapping[str, Passage | tuple[Passage, ...]]  # "headline": one, "body": up to three
    persons: tuple[Label, ...]
    organisations: tuple[Label, ...]
    copies: int = 0  # other articles of the archive that are copies of it
    folded: int = 0  # hits of this search that are folded under it

    @property
    def snippet(self) -> str:
        """The passages of the body as one line of plain text."""
        body = self.highlight.get("body", ())
        passages = (body,) if isinstance(body, Passage) else body
        return " … ".join(passage.text for passage in passages)


@dataclass(frozen=True, slots=True)
class Bucket:
    """One value of a facet.

    Attributes:
        id: what a filter takes: the entity id, or the value itself.
        label: what to show.
        labels: preferred labels by language (``fr``, ``ar``), for persons and organisations.
        count: matching articles that have the value (its own facet's filter set aside).
    """

    id: str
    label: str
    count: int
    selected: bool = False
    excluded: bool = False
    labels: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class DateBucket:
    """Articles published within one year, month or day (`key` is its ISO form)."""

    key: str
    count: int
    selected: bool = False


@dataclass(frozen=True, slots=True)
class DateHistogram:
    """Matching articles by publication date; empty intervals are left out.

    Attributes:
        undated: matching articles without a date.
        imprecise: matching articles whose date is coarser than the interval (a year, for months).
    """

    interval: Interval
    buckets: tuple[DateBucket, ...]
    undated: int
    imprecise: int = 0


class Facets(TypedDict, total=False):
    """Counts by facet, each facet that was asked for; empty where the time budget ended first."""

    person: tuple[Bucket, ...]
    organisation: tuple[Bucket, ...]
    language: tuple[Bucket, ...]
    source: tuple[Bucket, ...]
    section: tuple[Bucket, ...]
    date: DateHistogram


@dataclass(frozen=True, slots=True)
class Understood:
    """How the query was read.

    Attributes:
        q: as typed.
        understood: in canonical syntax, as searched.
        warnings: sentences that start with a stable key and a colon.
        did_you_mean: a query that finds more, or None.
    """

    q: str
    understood: str
    warnings: tuple[str, ...] = ()
    did_you_mean: str | None = None


@dataclass(frozen=True, slots=True)
class Results:
    """The answer to one `Request`.

    Attributes:
        total: articles that match, exactly.
        folded: how many of them are on no page, because they are folded under another.
        cursor: pass it on for the next page; None when this is the last.
        partial: the time budget ended first: what is here is right, but not all.
        generation: of the index that answered.
    """

    query: Understood
    total: int
    page: int
    size: int
    cursor: str | None
    took_ms: float
    partial: bool
    generation: int
    hits: tuple[Hit, ...]
    facets: Facets
    folded: int = 0


@dataclass(frozen=True, slots=True)
class Copy:
    """An article that is a copy of another.

    Attributes:
        original: whether it is the earliest of them: by publication date, else by when the archive got it.
    """

    id: str
    headline: str
    source: str | None
    published: str | None
    url: str | None
    original: bool


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A completion of what was typed.

    Attributes:
        kind: ``person``, ``organisation``, ``headline`` or ``word``.
        text: what to show and put in the box.
        id: the entity id or article id; None for words.
        count: articles behind it.
    """

    kind: str
    text: str
    id: str | None
    count: int
