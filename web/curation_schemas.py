"""The shapes of decisions about persons and organisations, as they come in and go out."""

from __future__ import annotations

from collections.abc import Callable

from marshmallow import Schema, ValidationError, fields, validate

from kashaf.errors import CurationError
from kashaf.index.article import KINDS
from kashaf.index.curated_text import cleaned
from kashaf.index.decision_file import LANGUAGES, MOST_LABEL, MOST_NOTE, wikidata_id
from kashaf.web.answers import VariantOut
from kashaf.web.schemas import Count, Text

ENTITY_PATTERN = "^[po][1-9][0-9]{0,17}$"
PAIR_PATTERN = "^(p[1-9][0-9]{0,17}-p[1-9][0-9]{0,17}|o[1-9][0-9]{0,17}-o[1-9][0-9]{0,17})$"
MAX_TOGETHER = 50  # entities of one merge, names of one split
MAX_LISTED = 100
ENTITY_ID = {"type": "string", "pattern": ENTITY_PATTERN, "example": "p12"}
PAIR_ID = {"type": "string", "pattern": PAIR_PATTERN, "example": "p12-p48"}
VERBS = ("merge", "split", "rename", "wikidata", "note", "reject", "restore", "refuse", "import")


def _usable(most: int) -> Callable[[str], None]:
    """A validator of text that librarians write."""

    def check(text: str) -> None:
        try:
            cleaned(text, most)
        except CurationError as error:
            raise ValidationError(f"{error}.") from None

    return check


def _item(text: str) -> None:
    try:
        wikidata_id(text)
    except CurationError as error:
        raise ValidationError(f"{error}.") from None


def _size(description: str, default: int) -> Count:
    return Count(load_default=default, validate=validate.Range(1, MAX_LISTED), metadata={"description": description})


_PAGE = {"description": "Page, from 1."}
_KIND = {"description": "Only persons, or only organisations."}


class EntitiesQuery(Schema):
    """Which persons and organisations to list."""

    q = fields.String(
        load_default="",
        validate=validate.Length(max=200),
        metadata={"description": "A name in any spelling and script, its start, or an id.", "example": "segh"},
    )
    kind = fields.String(load_default=None, validate=validate.OneOf(KINDS), metadata=_KIND)
    page = Count(load_default=1, validate=validate.Range(1, 100_000), metadata=_PAGE)
    size = _size("Entities a page.", 20)


class LogQuery(Schema):
    """Which part of the log to show."""

    entity = fields.String(
        load_default=None,
        validate=validate.Regexp(ENTITY_PATTERN),
        metadata={"description": "Only decisions about this entity.", "example": "p12"},
    )
    page = Count(load_default=1, validate=validate.Range(1, 100_000), metadata=_PAGE)
    size = _size("Decisions a page.", 50)


class SuggestionsQuery(Schema):
    """Which suggestions to show."""

    kind = fields.String(load_default=None, validate=validate.OneOf(KINDS), metadata=_KIND)
    size = _size("Suggestions at most.", 20)


class MergeIn(Schema):
    """Who is the same."""

    others = fields.List(
        fields.String(validate=validate.Regexp(ENTITY_PATTERN)),
        data_key="with",
        required=True,
        validate=validate.Length(1, MAX_TOGETHER),
        metadata={"description": "Ids of entities that are this one; they then mean it too.", "uniqueItems": True},
    )


class SplitIn(Schema):
    """Which spellings are somebody else's."""

    names = fields.List(
        Text(validate=validate.Length(1, 1_000)),
        required=True,
        validate=validate.Length(1, MAX_TOGETHER),
        metadata={"description": "Spellings of this entity, exactly as it lists them; not all of them."},
    )


class LabelIn(Schema):
    """What to call an entity."""

    language = fields.String(required=True, validate=validate.OneOf(LANGUAGES))
    label = Text(
        required=True,
        allow_none=True,
        validate=[validate.Length(1, MOST_LABEL), _usable(MOST_LABEL)],
        metadata={"description": "Null: the usual spelling again."},
    )


class WikidataIn(Schema):
    """Which item of Wikidata an entity is."""

    wikidata = Text(
        required=True,
        allow_none=True,
        validate=[validate.Regexp("^Q[1-9][0-9]{0,14}$"), _item],
        metadata={"description": "Null: none.", "example": "Q1065"},
    )


class NoteIn(Schema):
    """What to remember of an entity."""

    note = Text(
        required=True,
        allow_none=True,
        validate=[validate.Length(1, MOST_NOTE), _usable(MOST_NOTE)],
        metadata={"description": "Null: none."},
    )


class EntityOut(Schema):
    """One person or organisation, without its articles."""

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
    wikidata = fields.String(required=True, allow_none=True)
    note = fields.String(required=True, allow_none=True)
    variants = fields.List(fields.Nested(VariantOut), required=True)
    articles = fields.Integer(required=True, metadata={"description": "Articles that name the entity."})


class EntitiesAnswer(Schema):
    """Persons and organisations: most named first, or nearest to what was asked for."""

    total = fields.Integer(required=True, metadata={"description": "Of all pages; with `q` those of this answer."})
    page = fields.Integer(required=True)
    size = fields.Integer(required=True)
    next = fields.String(required=True, allow_none=True, metadata={"description": "Address of the next page."})
    entities = fields.List(fields.Nested(EntityOut), required=True)


class DecisionOut(Schema):
    """One line of the log."""

    number = fields.Integer(required=True)
    time = fields.String(required=True, metadata={"description": "ISO 8601, UTC.", "example": "2026-02-02T09:30:00Z"})
    verb = fields.String(required=True, validate=validate.OneOf(VERBS))
    what = fields.String(required=True, metadata={"description": "The rest, in words."})
    undone = fields.Boolean(required=True)
    entities = fields.List(fields.String(), required=True, metadata={"description": "Ids, the one that stays first."})
    names = fields.List(fields.String(), required=True, metadata={"description": "Spellings that went elsewhere."})
    value = fields.String(required=True, allow_none=True, metadata={"description": "What was stated."})
    language = fields.String(required=True, allow_none=True, metadata={"description": "Of a label."})


class LogAnswer(Schema):
    """Decisions, the last one first."""

    total = fields.Integer(required=True)
    page = fields.Integer(required=True)
    size = fields.Integer(required=True)
    decisions = fields.List(fields.Nested(DecisionOut), required=True)


class DecidedAnswer(Schema):
    """What became of a decision."""

    decision = fields.Nested(
        DecisionOut, required=True, allow_none=True, metadata={"description": "Null when all was so already."}
    )
    entities = fields.List(
        fields.Nested(EntityOut),
        required=True,
        metadata={"description": "The entities that it is about, as they are now, the one that stays first."},
    )


class SuggestedMergeOut(Schema):
    """Two entities that may be one."""

    id = fields.String(required=True, metadata={"description": "Accept or refuse it by this.", "example": "p12-p48"})
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    likeness = fields.Float(required=True, metadata={"description": "Of the names, from 0 to 1."})
    strength = fields.Float(required=True, metadata={"description": "Likeness and second signs together."})
    speaks = fields.List(
        fields.String(), required=True, data_key="for", metadata={"description": "What speaks for it."}
    )
    missing = fields.String(required=True, metadata={"description": "Why it was not done without asking."})
    entities = fields.List(fields.Nested(EntityOut), required=True)


class SuggestionsAnswer(Schema):
    """Suggestions, the strongest first."""

    suggestions = fields.List(fields.Nested(SuggestedMergeOut), required=True)


class ImportedAnswer(DecidedAnswer):
    """What became of a file of decisions."""

    lines = fields.Integer(required=True, metadata={"description": "Entities that the file decides about."})
    apart = fields.Integer(required=True, metadata={"description": "Pairs that it says are two."})
