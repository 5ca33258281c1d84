"""The shapes of what comes in; the OpenAPI document is made of them."""

from __future__ import annotations

import re
from typing import Any, get_args

from marshmallow import Schema, ValidationError, fields, post_load, validate
from webargs.fields import DelimitedList

from kashaf.errors import LimitError
from kashaf.index.article import KINDS, MAX_ID, MAX_TEXT, MAX_VALUES, Article, Mention
from kashaf.search.request import (
    FACETS,
    MAX_FACET_SIZE,
    MAX_QUERY,
    MAX_SIZE,
    MAX_WINDOW,
    VALUE_FACETS,
    Collapse,
    Interval,
    Request,
    Rung,
    Sort,
    WordsMode,
)

DATE_PATTERN = r"^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"
# What stands in an address as it is and is kept as it is: no slash, nothing invisible, no dot or blank at the ends.
_HIDDEN = "\\x00-\\x1f\\x7f-\\x9f\\u061c\\u200b-\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ufeff"
ID_PATTERN = rf"^[^\s/.{_HIDDEN}]([^/{_HIDDEN}]*[^\s/.{_HIDDEN}])?$"
# RFC 5646 as far as it can be said shortly: subtags of up to eight letters and digits, the first of letters.
LANGUAGE_PATTERN = r"^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8}){0,8}$"
URL_PATTERN = rf"^[Hh][Tt][Tt][Pp][Ss]?://[^\s/?#{_HIDDEN}][^\s{_HIDDEN}]*$"
MAX_VALUES_HERE = 50  # of one parameter; more would make the address too long
_DIGITS = re.compile(r"[0-9]{1,15}")


class Count(fields.Integer):
    """A whole number in plain digits: no sign, blank, exponent or digits of other scripts."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if isinstance(value, str) and not _DIGITS.fullmatch(value):
            raise ValidationError(f"must be a whole number in plain digits, not {value[:40]!r}.")
        number: int = super()._deserialize(value, attr, data, **kwargs)
        return number


class YesOrNo(fields.Boolean):
    """True or false, in an address or in JSON, where 0 and 1 are numbers."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if isinstance(value, int | float) and not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return bool(super()._deserialize(value, attr, data, **kwargs))


class Text(fields.String):
    """Text that can be written in UTF-8."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        if any("\ud800" <= letter <= "\udfff" for letter in text):
            raise ValidationError("holds half of a surrogate pair, which is not a character.")
        return text


def _count(description: str, default: int, least: int, most: int) -> Count:
    """A bounded number whose bounds `Request` checks, so that every face says the same; here they are documented."""
    bounds = {"minimum": least, "maximum": most, "default": default}
    return Count(load_default=default, metadata={"description": description, **bounds})


def _size(description: str, default: int, most: int) -> Count:
    """A bounded number that is checked here."""
    return Count(load_default=default, validate=validate.Range(1, most), metadata={"description": description})


def _choice(description: str, choices: Any, default: str) -> fields.String:
    allowed = get_args(choices)
    return fields.String(
        load_default=default,
        validate=validate.OneOf(allowed),
        metadata={"description": description, "default": default},
    )


class Values(fields.List[Any]):
    """Values of a filter: too many are beyond a limit, like too many of all filters together."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if isinstance(value, list) and len(value) > MAX_VALUES_HERE:
            raise LimitError(f"values of {attr}", MAX_VALUES_HERE, len(value))
        found: list[Any] = super()._deserialize(value, attr, data, **kwargs)
        return found


def _values(description: str, example: str) -> Values:
    shape = {"explode": True, "style": "form", "maxItems": MAX_VALUES_HERE}
    return Values(
        fields.String(), load_default=list, metadata={"description": description, "example": [example], **shape}
    )


_EXAMPLES = {
    "person": "Amal Seghrouchni",
    "organisation": "UNESCO",
    "language": "ar",
    "source": "Le Matin",
    "section": "Économie",
}


class SearchQuery(Schema):
    """The parameters of a search, for the interface, the pages, feeds and exports alike."""

    q = fields.String(
        load_default="",
        metadata={
            "description": "The query, in the query language; empty matches everything.",
            "maxLength": MAX_QUERY,
            "example": "intelligence artificielle",
        },
    )
    person = _values(
        "Only articles that name one of these persons: an id, or any spelling in any script.", _EXAMPLES["person"]
    )
    organisation = _values("Only articles that name one of these organisations.", _EXAMPLES["organisation"])
    language = _values("Only articles in one of these languages (BCP 47).", _EXAMPLES["language"])
    source = _values("Only articles of one of these newspapers.", _EXAMPLES["source"])
    section = _values("Only articles of one of these sections.", _EXAMPLES["section"])
    exclude_person = _values("No article that names one of these persons.", _EXAMPLES["person"])
    exclude_organisation = _values("No article that names one of these organisations.", _EXAMPLES["organisation"])
    exclude_language = _values("No article in one of these languages.", _EXAMPLES["language"])
    exclude_source = _values("No article of one of these newspapers.", _EXAMPLES["source"])
    exclude_section = _values("No article of one of these sections.", _EXAMPLES["section"])
    date_from = fields.String(
        data_key="from",
        load_default=None,
        metadata={"description": "First year, month or day, included.", "pattern": DATE_PATTERN, "example": "2026-01"},
    )
    date_to = fields.String(
        data_key="to",
        load_default=None,
        metadata={
            "description": "Last year, month or day, included.",
            "pattern": DATE_PATTERN,
            "example": "2026-02-15",
        },
    )
    undated = YesOrNo(
        load_default=False,
        truthy={"true", "1", True},
        falsy={"false", "0", False},
        metadata={"description": "Only articles whose publication date is not known.", "default": False},
    )
    sort = _choice("Order of the hits; undated articles come last by date.", Sort, "relevance")
    page = _count(f"Page of hits, from 1; page × size up to {MAX_WINDOW}, then use `cursor`.", 1, 1, MAX_WINDOW)
    size = _count("Hits a page.", 10, 0, MAX_SIZE)
    cursor = fields.String(
        load_default=None, metadata={"description": "`cursor` of the answer before; takes the place of `page`."}
    )
    facets = DelimitedList(
        fields.String(validate=validate.OneOf(FACETS)),
        load_default=lambda: list(FACETS),
        metadata={
            "description": "Facets to count, separated by commas; all when left out.",
            "example": ["person", "date"],
        },
    )
    facet_size = _count("Buckets a facet; selected ones always stay.", 20, 0, MAX_FACET_SIZE)
    interval = _choice("Interval of the date facet.", Interval, "month")
    match = _choice(
        "The widest way in which a word may match: as written, by word family, by any spelling of a name.",
        Rung,
        "names",
    )
    collapse = fields.String(
        load_default=None,
        validate=validate.OneOf(get_args(Collapse)),
        metadata={
            "description": "Of articles that are copies of each other, or that tell one event, show the best alone."
        },
    )
    words = _choice("How many words must match: all, any, or (auto) as many as some article has.", WordsMode, "auto")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Request:
        """The request that every face of Kashaf understands."""
        only = {facet: tuple(data.pop(facet)) for facet in VALUE_FACETS}
        exclude = {facet: tuple(data.pop(f"exclude_{facet}")) for facet in VALUE_FACETS}
        return Request(
            only={facet: values for facet, values in only.items() if values},
            exclude={facet: values for facet, values in exclude.items() if values},
            facets=tuple(dict.fromkeys(data.pop("facets", FACETS))),
            **data,
        )


class FacetQuery(SearchQuery):
    """A search inside one facet, among the articles of a search."""

    class Meta:
        """What orders or pages articles means nothing here, and is refused like any unknown name."""

        exclude = ("page", "size", "cursor", "sort", "facets", "interval", "collapse")

    prefix = fields.String(
        load_default="",
        validate=validate.Length(max=200),
        metadata={"description": "Start of a name or value, in any spelling and script.", "example": "segh"},
    )

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> tuple[str, Request]:
        """The prefix, and the request that chooses the articles."""
        prefix: str = data.pop("prefix")
        return prefix, super().make(data)


class SuggestQuery(Schema):
    """What was typed so far."""

    q = fields.String(
        required=True,
        validate=validate.Length(max=MAX_QUERY),
        metadata={"description": "What was typed so far.", "example": "segh"},
    )
    size = _size("Completions at most.", 8, 50)


class SimilarQuery(Schema):
    """How many similar articles are wanted."""

    size = _size("Articles at most.", 10, MAX_SIZE)


class NoQuery(Schema):
    """No parameter at all."""


_NOT_EMPTY = validate.Regexp(r"^\s*\S", error="must not be empty.")


class ArticleIn(Schema):
    """An article to take in. What is left out is found in the text: language, date, persons, organisations."""

    id = Text(
        load_default=lambda: "",
        validate=[
            validate.Length(max=MAX_ID),
            validate.Regexp(
                ID_PATTERN, error="must have no slash, nothing invisible, and no dot or blank at its ends."
            ),
        ],
        metadata={
            "description": "Identity; the article that has it is replaced. "
            "Derived from the url, else from the text, when left out."
        },
    )
    headline = Text(load_default="", metadata={"maxLength": MAX_TEXT})
    standfirst = Text(load_default="", metadata={"maxLength": MAX_TEXT})
    body = Text(load_default="", metadata={"maxLength": MAX_TEXT})
    language = Text(
        load_default=None,
        allow_none=True,
        validate=validate.Regexp(LANGUAGE_PATTERN, error="must be a language tag (BCP 47), such as fr or ar."),
        metadata={"description": "BCP 47 tag."},
    )
    source = Text(load_default=None, allow_none=True)
    section = Text(load_default=None, allow_none=True)
    url = Text(
        load_default=None,
        allow_none=True,
        validate=validate.Regexp(URL_PATTERN, error="must begin with http:// or https:// and have no blank."),
    )
    byline = Text(load_default=None, allow_none=True)
    published = Text(
        load_default=None,
        allow_none=True,
        metadata={"description": "Date of day, month or year precision.", "pattern": DATE_PATTERN},
    )
    persons = fields.List(
        Text(validate=_NOT_EMPTY),
        load_default=list,
        validate=validate.Length(max=MAX_VALUES),
        metadata={"description": "Names of persons."},
    )
    organisations = fields.List(
        Text(validate=_NOT_EMPTY),
        load_default=list,
        validate=validate.Length(max=MAX_VALUES),
        metadata={"description": "Names of organisations."},
    )

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Article:
        """The article; `ArticleError` when the values contradict the record."""
        for kind, plural in zip(KINDS, ("persons", "organisations"), strict=True):
            data[plural] = tuple(Mention(kind, name, name) for name in data[plural])
        return Article(**data)
