"""Deciding about persons and organisations over the JSON interface: what the command line and the pages do too.

Everything but the list of entities needs the token. A decision is safe, and every worker answers by it, once it is
answered; each is one line of the log and can be taken back by its number.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, request

from kashaf.errors import CurationError, UnknownEntity
from kashaf.index.article import KINDS, Kind
from kashaf.index.authority import Authority
from kashaf.index.authority_file import Entity
from kashaf.index.decision_file import parsed, written
from kashaf.index.decision_log import Decision
from kashaf.index.suggested_merges import SuggestedMerge
from kashaf.web import curation_examples as examples
from kashaf.web import curation_schemas as schemas
from kashaf.web import freshness
from kashaf.web.addresses import path_of
from kashaf.web.api import api
from kashaf.web.deciding import Decided, decide, listed, suggestions, undo
from kashaf.web.problems import Refused
from kashaf.web.schemas import NoQuery
from kashaf.web.security import require_token
from kashaf.web.serving import archive

FILE_TYPE = "application/x-ndjson"
_FILE_TYPES = (FILE_TYPE, "application/octet-stream")
FILE_NAME = "decisions.jsonl"
_ID = {"entity_id": schemas.ENTITY_ID}
_PAIR = {"pair": schemas.PAIR_ID}
_CURATION = "/api/v1/curation/"
Members = dict[str, Any]
Act = Callable[[Authority, str, Members], object]


@api.route("/entities", query=schemas.EntitiesQuery, answer=schemas.EntitiesAnswer, example=examples.ENTITIES)
def entities(asked: Members) -> Members:
    """Persons and organisations: most named first, or nearest to a name in any spelling."""
    kinds: tuple[Kind, ...] = (asked["kind"],) if asked["kind"] else KINDS
    page, size = asked["page"], asked["size"]
    total, found = listed(kinds, asked["q"], (page - 1) * size, size)
    following = {**request.args.to_dict(), "page": page + 1} if page * size < total else None
    return {
        "total": total,
        "page": page,
        "size": size,
        "next": path_of("api.entities", **following) if following else None,
        "entities": [_entity(entity) for entity in found],
    }


def _deciding(verb: str, summary: str, body: Any = None, body_example: object = None) -> Callable[[Act], Act]:
    """Publishes one kind of decision about an entity."""

    def publish(act: Act) -> Act:
        def view(*given: Any, entity_id: str) -> Members:
            values = given[-1] if body is not None else {}
            return _decided(decide(lambda authority: act(authority, entity_id, values)))

        view.__name__ = f"{verb}_entity"
        view.__doc__ = summary
        api.route(
            f"/entities/<entity_id>/{verb}",
            method="POST",
            query=NoQuery,
            body=body,
            body_example=body_example,
            answer=schemas.DecidedAnswer,
            example=examples.DECIDED,
            problems=(401, 403, 404, 409, *((413, 415) if body is not None else ())),
            path=_ID,
            token=True,
        )(view)
        return act

    return publish


@_deciding("merge", "Make other entities one with this one.", schemas.MergeIn, {"with": ["p48", "p103"]})
def _merge(authority: Authority, entity_id: str, values: Members) -> object:
    return authority.merge([entity_id, *values["others"]])


@_deciding("split", "Give some spellings to a new entity.", schemas.SplitIn, {"names": ["M. Setri", "ستري"]})
def _split(authority: Authority, entity_id: str, values: Members) -> object:
    return authority.split(entity_id, values["names"])


@_deciding("label", "Pin a label, or let it go.", schemas.LabelIn, {"language": "ar", "label": "محمد ستري"})
def _label(authority: Authority, entity_id: str, values: Members) -> None:
    authority.rename(entity_id, values["language"], values["label"])


@_deciding("wikidata", "Say which item of Wikidata it is.", schemas.WikidataIn, {"wikidata": "Q1065"})
def _wikidata(authority: Authority, entity_id: str, values: Members) -> None:
    authority.set_wikidata(entity_id, values["wikidata"])


@_deciding("note", "Keep a note.", schemas.NoteIn, {"note": "Ambassador in Doha, not the painter"})
def _note(authority: Authority, entity_id: str, values: Members) -> None:
    authority.set_note(entity_id, values["note"])


@_deciding("reject", "Say that it is no person, no organisation.")
def _reject(authority: Authority, entity_id: str, values: Members) -> None:
    authority.reject(entity_id)


@_deciding("restore", "Say that what was rejected is one after all.")
def _restore(authority: Authority, entity_id: str, values: Members) -> None:
    authority.restore(entity_id)


@api.route(
    "/curation/log",
    query=schemas.LogQuery,
    answer=schemas.LogAnswer,
    example=examples.LOG,
    problems=(401, 403, 404),
    token=True,
)
def log(asked: Members) -> Members:
    """Decisions, the last one first; those that were taken back are marked."""
    found = archive().authority.decisions(asked["entity"])[::-1]
    start = (asked["page"] - 1) * asked["size"]
    shown = [_decision(decision) for decision in found[start : start + asked["size"]]]
    return {"total": len(found), "page": asked["page"], "size": asked["size"], "decisions": shown}


@api.route(
    "/curation/log/<int:number>/undo",
    method="POST",
    query=NoQuery,
    answer=schemas.DecidedAnswer,
    example=examples.UNDONE,
    problems=(401, 403, 404, 409),
    path={"number": {"type": "integer", "minimum": 1, "maximum": 1_000_000_000}},
    token=True,
)
def undo_decision(_: object, number: int) -> Members:
    """Take a decision back, as long as no later one rests on it."""
    return _decided(undo(number))


@api.route(
    "/curation/suggestions",
    query=schemas.SuggestionsQuery,
    answer=schemas.SuggestionsAnswer,
    example=examples.SUGGESTIONS,
    problems=(401, 403),
    token=True,
)
def suggested(asked: Members) -> Members:
    """Entities that may be one, the likeliest first; the first call after articles came in takes seconds."""
    kinds: tuple[Kind, ...] = (asked["kind"],) if asked["kind"] else KINDS
    found = suggestions().current(kinds, asked["size"]) or []
    return {"suggestions": [_suggestion(each) for each in found]}


@api.route(
    "/curation/suggestions/<pair>/accept",
    method="POST",
    query=NoQuery,
    answer=schemas.DecidedAnswer,
    example=examples.DECIDED,
    problems=(401, 403, 404, 409),
    path=_PAIR,
    token=True,
)
def accept_suggestion(_: object, pair: str) -> Members:
    """Merge a pair; the first id stays."""
    return _decided(decide(lambda authority: authority.merge(two_ids(pair))))


@api.route(
    "/curation/suggestions/<pair>/refuse",
    method="POST",
    query=NoQuery,
    answer=schemas.DecidedAnswer,
    example=examples.REFUSED,
    problems=(401, 403, 404, 409),
    path=_PAIR,
    token=True,
)
def refuse_suggestion(_: object, pair: str) -> Members:
    """Say of a pair that it is two, suggested or not."""
    return _decided(decide(lambda authority: authority.refuse(*two_ids(pair))))


@api.route("/curation/decisions", query=NoQuery, answer=None, problems=(401, 403), token=True)
def export_decisions(_: object) -> Response:
    """All decisions that stand, as a file that any archive can import."""
    return decisions_file()


@api.route(
    "/curation/decisions",
    method="POST",
    query=NoQuery,
    answer=schemas.ImportedAnswer,
    example=examples.IMPORTED,
    problems=(401, 403, 409, 413, 415),
    token=True,
)
def import_decisions(_: object) -> Members:
    """Bring in a file of decisions: one decision, refused whole where it contradicts itself or the archive."""
    if request.mimetype not in _FILE_TYPES:
        raise Refused("unsupported-media-type", f"send the file with the header Content-Type: {FILE_TYPE}")
    decided, lines, apart = bring_in(request.get_data(), FILE_NAME)
    return {**_decided(decided), "lines": lines, "apart": apart}


def decisions_file() -> Response:
    """The file of decisions, to be kept."""
    text = written(archive().authority.export_decisions())
    headers = {"Content-Disposition": f'attachment; filename="{FILE_NAME}"'}
    return Response(text.encode(), content_type=FILE_TYPE, headers=headers)


def bring_in(content: bytes, name: str) -> tuple[Decided, int, int]:
    """Imports a file; what was decided, the entities and the pairs apart that it has.

    Raises:
        CurationError: as `kashaf.index.decision_file.parsed` and `Authority.import_decisions`.
    """
    try:
        file = parsed(content, name)
    except CurationError as error:
        raise CurationError(str(error), "unreadable-file") from None
    decided = decide(lambda authority: authority.import_decisions(file, name))
    return decided, len(file.entities), len(file.apart)


def two_ids(pair: str) -> tuple[str, str]:
    """The ids of a pair like ``p12-p48``."""
    one, dash, other = pair.partition("-")
    if not dash:
        raise UnknownEntity(pair)
    return one, other


def _entity(entity: Entity) -> Members:
    count = archive().entity_list(entity.kind).count(entity.number)
    variants = [{"name": name, "count": count} for name, count in entity.variants]
    names = ("id", "kind", "label", "labels", "pinned", "wikidata", "note")
    return {**{name: getattr(entity, name) for name in names}, "variants": variants, "articles": count}


def _decision(decision: Decision) -> Members:
    return {name: getattr(decision, name) for name in Decision.__slots__}


def _decided(decided: Decided) -> Members:
    decision = _decision(decided.decision) if decided.decision else None
    return {"decision": decision, "entities": [_entity(entity) for entity in decided.entities]}


def _suggestion(each: SuggestedMerge) -> Members:
    members = {name: getattr(each, name) for name in ("id", "kind", "speaks", "missing")}
    figures = {"likeness": round(each.likeness, 3), "strength": round(each.strength, 3)}
    return {**members, **figures, "entities": [_entity(each.one), _entity(each.other)]}


def only_curators() -> None:
    """Nothing of the curation is shown or done without the token."""
    if request.path.startswith(_CURATION):
        require_token()
        freshness.passing()  # nobody keeps the answer to one who has the token


def describe(document: Members) -> None:
    """Adds the file of decisions to the contract: it is lines of JSON, which schemas of JSON cannot say."""
    item = document["paths"]["/api/v1/curation/decisions"]
    lines = {"schema": {"type": "string"}}
    shown = {**lines, "example": examples.FILE}
    item["get"]["responses"]["200"]["content"] = {FILE_TYPE: shown}
    item["post"]["requestBody"] = {"required": True, "content": {FILE_TYPE: lines, _FILE_TYPES[1]: shown}}


api.blueprint.before_request(only_curators)
