"""The shapes of what goes out; the OpenAPI document is made of them."""

from __future__ import annotations

from typing import get_args

from marshmallow import Schema, fields, validate

from kashaf.index.article import KINDS, TEXT_FIELDS, Provenance
from kashaf.search.request import VALUE_FACETS, Interval, Rung
from kashaf.web.export_formats import FORMATS


class ArticleKept(Schema):
    """What became of an article that was sent."""

    id = fields.String(required=True)
    generation = fields.Integer(required=True, metadata={"description": "State of the archive that holds it."})


_MARKS = {
    "description": "Character ranges of `text` that matched: whole words, in order, not overlapping.",
    "items": {"type": "array", "items": {"type": "integer", "minimum": 0}, "minItems": 2, "maxItems": 2},
    "example": [[0, 12]],
}


class PassageOut(Schema):
    """A piece of the original text and the matches in it; never HTML."""

    text = fields.String(required=True)
    marks = fields.List(fields.List(fields.Integer()), required=True, metadata=_MARKS)


class HighlightOut(Schema):
    """Where a hit matched."""

    headline = fields.Nested(PassageOut)
    standfirst = fields.Nested(PassageOut)
    body = fields.List(fields.Nested(PassageOut))


class LabelOut(Schema):
    """A person or organisation as shown on a hit."""

    id = fields.String(required=True)
    label = fields.String(required=True)


_PROVENANCE = validate.OneOf([*get_args(Provenance), None])
_PUBLISHED = {"description": "ISO date; its length is its precision.", "example": "2026-02-02"}


class HitOut(Schema):
    """One article of an answer."""

    id = fields.String(required=True)
    headline = fields.String(required=True)
    language = fields.String(required=True)
    source = fields.String(required=True, allow_none=True)
    section = fields.String(required=True, allow_none=True)
    byline = fields.String(required=True, allow_none=True)
    published = fields.String(required=True, allow_none=True, metadata=_PUBLISHED)
    published_from = fields.String(
        required=True, allow_none=True, validate=_PROVENANCE, metadata={"description": "How the date was found."}
    )
    url = fields.String(required=True, allow_none=True)
    score = fields.Float(required=True)
    matched = fields.String(
        required=True,
        validate=validate.OneOf(get_args(Rung)),
        metadata={"description": "The widest rung that this hit needed."},
    )
    highlight = fields.Nested(HighlightOut, required=True)
    persons = fields.List(fields.Nested(LabelOut), required=True)
    organisations = fields.List(fields.Nested(LabelOut), required=True)
    copies = fields.Integer(
        required=True, metadata={"description": "Other articles of the archive that are copies of it."}
    )
    folded = fields.Integer(
        required=True, metadata={"description": "Hits of this search that `collapse` has folded under it."}
    )


class BucketOut(Schema):
    """One value of a facet; `id` is what a filter takes."""

    id = fields.String(required=True)
    label = fields.String(required=True)
    labels = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        allow_none=True,
        metadata={"description": "Preferred labels by language, for persons and organisations."},
    )
    count = fields.Integer(required=True)
    selected = fields.Boolean(required=True)
    excluded = fields.Boolean(required=True)


class DateBucketOut(Schema):
    """Articles of one year, month or day."""

    key = fields.String(required=True, metadata={"example": "2026-02"})
    count = fields.Integer(required=True)
    selected = fields.Boolean(required=True)


class DatesOut(Schema):
    """Matching articles by publication date; empty intervals are left out."""

    interval = fields.String(required=True, validate=validate.OneOf(get_args(Interval)))
    buckets = fields.List(fields.Nested(DateBucketOut), required=True)
    undated = fields.Integer(required=True, metadata={"description": "Matching articles without a date."})
    imprecise = fields.Integer(
        required=True, metadata={"description": "Matching articles whose date is coarser than the interval."}
    )


class FacetsOut(Schema):
    """Exact counts over all matches, for each facet that was asked for."""

    person = fields.List(fields.Nested(BucketOut))
    organisation = fields.List(fields.Nested(BucketOut))
    language = fields.List(fields.Nested(BucketOut))
    source = fields.List(fields.Nested(BucketOut))
    section = fields.List(fields.Nested(BucketOut))
    date = fields.Nested(DatesOut)


class UnderstoodOut(Schema):
    """How the query was read."""

    q = fields.String(required=True)
    understood = fields.String(required=True)
    warnings = fields.List(
        fields.String(), required=True, metadata={"description": "Sentences that start with a stable key and a colon."}
    )
    did_you_mean = fields.String(required=True, allow_none=True)


ExportsOut = Schema.from_dict(
    {
        name: fields.String(required=True, metadata={"description": f"{form.title}, {form.content_type}"})
        for name, form in FORMATS.items()
    },
    name="ExportsOut",
)


class LinksOut(Schema):
    """Addresses on this server that go with an answer."""

    self = fields.String(required=True)
    next = fields.String(required=True, allow_none=True)
    feed = fields.String(required=True, metadata={"description": "Atom."})
    json_feed = fields.String(required=True, metadata={"description": "JSON Feed 1.1."})
    export = fields.Nested(ExportsOut, required=True)


class SearchAnswer(Schema):
    """The answer to a search."""

    query = fields.Nested(UnderstoodOut, required=True)
    total = fields.Integer(required=True, metadata={"description": "Articles that match, exactly."})
    folded = fields.Integer(
        required=True, metadata={"description": "How many of them are on no page: `collapse` has folded them."}
    )
    page = fields.Integer(required=True)
    size = fields.Integer(required=True)
    cursor = fields.String(
        required=True, allow_none=True, metadata={"description": "Gives the next page; null on the last."}
    )
    took_ms = fields.Float(required=True)
    is_partial = fields.Boolean(
        attribute="partial",
        data_key="partial",
        required=True,
        metadata={"description": "The time budget ended first: right, but not all."},
    )
    generation = fields.Integer(required=True, metadata={"description": "State of the archive that answered."})
    hits = fields.List(fields.Nested(HitOut), required=True)
    facets = fields.Nested(FacetsOut, required=True)
    links = fields.Nested(LinksOut, required=True)


class MentionOut(Schema):
    """A name as it stands in the article."""

    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    text = fields.String(required=True)
    name = fields.String(required=True, metadata={"description": "The fullest form in the same article."})
    field = fields.String(required=True, allow_none=True, validate=validate.OneOf([*TEXT_FIELDS, None]))
    start = fields.Integer(required=True)
    end = fields.Integer(required=True)
    function = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "What the text says that the person is, beside the name."},
    )


class IgnoredOut(Schema):
    """A piece of the body that is not the article: never indexed, counted or quoted."""

    start = fields.Integer(required=True)
    end = fields.Integer(required=True)
    reason = fields.String(required=True)


class EntitiesOut(Schema):
    """Who is meant by the mentions of an article."""

    persons = fields.List(fields.Nested(LabelOut), required=True)
    organisations = fields.List(fields.Nested(LabelOut), required=True)


class CopyOut(Schema):
    """An article that is a copy of the one asked for."""

    id = fields.String(required=True)
    headline = fields.String(required=True)
    source = fields.String(required=True, allow_none=True)
    published = fields.String(required=True, allow_none=True, metadata=_PUBLISHED)
    url = fields.String(required=True, allow_none=True)
    is_original = fields.Boolean(
        attribute="original",
        data_key="original",
        required=True,
        metadata={"description": "The earliest published of them all, else the first that the archive got."},
    )


class ArticleOut(Schema):
    """One article, as kept."""

    id = fields.String(required=True)
    headline = fields.String(required=True)
    standfirst = fields.String(required=True)
    body = fields.String(required=True)
    language = fields.String(required=True, allow_none=True)
    source = fields.String(required=True, allow_none=True)
    section = fields.String(required=True, allow_none=True)
    url = fields.String(required=True, allow_none=True)
    byline = fields.String(required=True, allow_none=True)
    published = fields.String(required=True, allow_none=True, metadata=_PUBLISHED)
    published_from = fields.String(required=True, allow_none=True, validate=_PROVENANCE)
    persons = fields.List(fields.Nested(MentionOut), required=True)
    organisations = fields.List(fields.Nested(MentionOut), required=True)
    ignored = fields.List(fields.Nested(IgnoredOut), required=True)
    entities = fields.Nested(EntitiesOut, required=True)
    copies = fields.List(
        fields.Nested(CopyOut),
        required=True,
        metadata={"description": "Articles with the same text or nearly so, by date; a hundred at most."},
    )


class SimilarAnswer(Schema):
    """Articles on the same subject, nearest first."""

    hits = fields.List(fields.Nested(HitOut), required=True)


class FacetAnswer(Schema):
    """Buckets of one facet."""

    facet = fields.String(required=True, validate=validate.OneOf(VALUE_FACETS))
    buckets = fields.List(fields.Nested(BucketOut), required=True)


class SuggestionOut(Schema):
    """A completion; `id` is that of the entity or article, null for words."""

    kind = fields.String(required=True, validate=validate.OneOf(["person", "organisation", "headline", "word"]))
    text = fields.String(required=True)
    id = fields.String(required=True, allow_none=True)
    count = fields.Integer(required=True)


class SuggestAnswer(Schema):
    """Completions, entities first."""

    suggestions = fields.List(fields.Nested(SuggestionOut), required=True)


class VariantOut(Schema):
    """One spelling of a name."""

    name = fields.String(required=True)
    count = fields.Integer(required=True, metadata={"description": "Articles that have this spelling."})


class FunctionOut(Schema):
    """A function or title as articles give it."""

    text = fields.String(required=True)
    count = fields.Integer(required=True, metadata={"description": "Articles that have it beside the name."})


class DatedOut(Schema):
    """One dated article."""

    id = fields.String(required=True)
    headline = fields.String(required=True)
    published = fields.String(required=True, metadata=_PUBLISHED)


class TieOut(Schema):
    """Two neighbours of an entity that are named together beside it."""

    one = fields.String(required=True, metadata={"description": "Id of one of `with_persons`, `with_organisations`."})
    other = fields.String(required=True)
    count = fields.Integer(required=True, metadata={"description": "Articles that name both and the entity."})


class EntityAnswer(Schema):
    """One person or organisation."""

    id = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    label = fields.String(required=True)
    labels = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    pinned = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "Those of the labels that a librarian has set."},
    )
    variants = fields.List(fields.Nested(VariantOut), required=True)
    functions = fields.List(fields.Nested(FunctionOut), required=True)
    wikidata = fields.String(required=True, allow_none=True)
    note = fields.String(required=True, allow_none=True)
    articles = fields.Integer(required=True, metadata={"description": "Articles that name the entity."})
    first = fields.Nested(
        DatedOut, required=True, allow_none=True, metadata={"description": "The earliest dated article."}
    )
    last = fields.Nested(
        DatedOut, required=True, allow_none=True, metadata={"description": "The latest dated article."}
    )
    timeline = fields.Nested(DatesOut, required=True)
    with_persons = fields.List(
        fields.Nested(BucketOut), required=True, metadata={"description": "Persons named in the same articles."}
    )
    with_organisations = fields.List(
        fields.Nested(BucketOut), required=True, metadata={"description": "Organisations named in the same articles."}
    )
    ties = fields.List(
        fields.Nested(TieOut),
        required=True,
        metadata={"description": "Between the first twelve of each of the two lists, strongest first."},
    )


class ProblemError(Schema):
    """One parameter that cannot be used."""

    parameter = fields.String(required=True)
    reason = fields.String(required=True)


class ProblemOut(Schema):
    """Problem details (RFC 9457)."""

    type = fields.String(
        required=True,
        metadata={"description": "Stable address that explains the kind.", "example": "/problems/invalid-parameter"},
    )
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    request_id = fields.String(required=True)
    errors = fields.List(fields.Nested(ProblemError))
    limit = fields.String(metadata={"description": "Name of the limit that was passed."})
    reason = fields.String(metadata={"description": "In what way a decision contradicts the archive."})
    allowed = fields.Integer()
    got = fields.Integer()
