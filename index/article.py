"""The article record: what is received, what is stored, what is shown."""

from __future__ import annotations

import calendar
import datetime
import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from kashaf.errors import ArticleError

if TYPE_CHECKING:
    from typing_extensions import TypeIs

Kind = Literal["person", "organisation"]
Precision = Literal["day", "month", "year"]
Provenance = Literal["metadata", "text", "file"]
TextField = Literal["headline", "standfirst", "body"]

KINDS: tuple[Kind, ...] = ("person", "organisation")
TEXT_FIELDS: tuple[TextField, ...] = ("headline", "standfirst", "body")

MAX_TEXT = 2_000_000  # characters of headline, standfirst and body together
MAX_VALUES = 256  # persons, organisations of one article
MAX_ID = 256
MAX_VALUE = 1_000  # characters of a name, a function, a source, a section …

_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)


def is_kind(name: str) -> TypeIs[Kind]:
    """Whether a facet is one of entities."""
    return name in KINDS


@dataclass(frozen=True, slots=True)
class Mention:
    """A name as it stands in one article.

    Attributes:
        kind: person or organisation.
        text: the words as they stand in the text, or as given with the article.
        name: the fullest form of the same name in the same article ("Mme Seghrouchni" has the name
            "Amal El Fallah Seghrouchni" after the full name was given); what facets count.
        field: the text field that holds the mention; None for one given with the article.
        start, end: characters of that field; 0, 0 for one given with the article.
        function: what the text says that the person is, beside the name, as it is written ("ministre de
            l'Intérieur"); None when it says nothing there.
    """

    kind: Kind
    text: str
    name: str
    field: TextField | None = None
    start: int = 0
    end: int = 0
    function: str | None = None

    def __reduce__(self) -> tuple[type[Mention], tuple[object, ...]]:
        """Pickled as a call of its class: several times quicker than what data classes do."""
        return Mention, (self.kind, self.text, self.name, self.field, self.start, self.end, self.function)


@dataclass(frozen=True, slots=True)
class Ignored:
    """A piece of the body that is not the article: kept for reading, never indexed, counted or quoted.

    Attributes:
        start, end: characters of the body.
        reason: a short English key, for instance ``menu``, ``repeated-headline``, ``related-link``,
            ``social``, ``newsletter``, ``widget``, ``comment-form``, ``byline``.
    """

    start: int
    end: int
    reason: str

    def __reduce__(self) -> tuple[type[Ignored], tuple[object, ...]]:
        return Ignored, (self.start, self.end, self.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One press article.

    Attributes:
        id: stable identity; when empty, `identified` derives it from the url, else from
            source, headline and body.
        language: BCP 47 (``ar``, ``fr``, others kept as found); None: to be detected.
        published: ISO 8601 date, ``2026-02-02``, ``2026-02`` or ``2026``: its length is its precision.
        published_from: how the date was found; None when there is no date.
        persons, organisations: mentions, given or extracted.
        ignored: pieces of the body that are clutter, in order, not overlapping.
    """

    id: str = ""
    headline: str = ""
    standfirst: str = ""
    body: str = ""
    language: str | None = None
    source: str | None = None
    section: str | None = None
    url: str | None = None
    byline: str | None = None
    published: str | None = None
    published_from: Provenance | None = None
    persons: tuple[Mention, ...] = ()
    organisations: tuple[Mention, ...] = ()
    ignored: tuple[Ignored, ...] = ()

    def __post_init__(self) -> None:
        published: object = self.published  # a date is accepted too, and written as text
        if isinstance(published, datetime.datetime):
            published = published.date()
        if isinstance(published, datetime.date):
            object.__setattr__(self, "published", published.isoformat())
        for name, given in (("persons", self.persons), ("organisations", self.organisations)):
            if given != ():
                object.__setattr__(self, name, _mentions("person" if name == "persons" else "organisation", given))
        if type(self.ignored) is not tuple:
            object.__setattr__(self, "ignored", tuple(self.ignored))
        if self.published is not None:
            date_span(self.published)  # raises ArticleError
            if self.published_from is None:
                object.__setattr__(self, "published_from", "metadata")

    def __reduce__(self) -> tuple[Callable[..., Article], tuple[object, ...]]:
        return _article, tuple(getattr(self, name) for name in _FIELDS)

    @property
    def precision(self) -> Precision | None:
        """How exact the publication date is; None when undated."""
        if self.published is None:
            return None
        return {4: "year", 7: "month", 10: "day"}[len(self.published)]  # type: ignore[return-value]

    def text(self, field: TextField) -> str:
        """The text of one field."""
        return str(getattr(self, field))


_FIELDS = tuple(Article.__dataclass_fields__)


def _article(*values: Any) -> Article:
    return Article(**dict(zip(_FIELDS, values, strict=True)))


def _mentions(kind: Kind, given: Iterable[Mention | str]) -> tuple[Mention, ...]:
    """Mentions from what callers give: names as plain text are accepted."""
    if isinstance(given, str):
        raise ArticleError(f"{kind}s: takes a list of names, not the text {given!r}")
    return tuple(m if isinstance(m, Mention) else Mention(kind, m, m) for m in given)


@lru_cache(maxsize=4096)
def date_span(published: str) -> tuple[datetime.date, datetime.date]:
    """First and last day of an ISO date of day, month or year precision.

    >>> date_span("2026-02")
    (datetime.date(2026, 2, 1), datetime.date(2026, 2, 28))

    Raises:
        ArticleError: if it is not such a date.
    """
    found = _DATE.fullmatch(published)
    if found is None:
        raise ArticleError(f"published: {published!r} is not YYYY, YYYY-MM or YYYY-MM-DD")
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        first = datetime.date(year or 0, month or 1, day or 1)
        if day:
            return first, first
        month = month or 12
        return first, datetime.date(first.year, month, calendar.monthrange(first.year, month)[1])
    except ValueError as error:
        raise ArticleError(f"published: {published!r} is not a day of the calendar") from error


def derived_id(article: Article) -> str:
    """The identity of an article that was given none: from its url, else from its words."""
    if article.url:
        basis = f"url\x00{article.url}"
    else:
        basis = f"text\x00{article.source or ''}\x00{article.headline}\x00{article.body}"
    return hashlib.blake2b(basis.encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()
