"""The pages of persons and organisations: each one's portrait, and the lists of all of them to browse."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from kashaf.index.article import Kind
from kashaf.index.authority_file import Entity
from kashaf.search.entity_list import OTHER, Filed, Script
from kashaf.search.portrait import Portrait
from kashaf.search.request import Request
from kashaf.search.results import Bucket, DateHistogram, Label
from kashaf.web import freshness, network_drawing
from kashaf.web.addresses import Address, whole
from kashaf.web.curators import curator
from kashaf.web.deciding import named
from kashaf.web.decision_lines import Line, line_of, lines
from kashaf.web.locales import current_language, is_mirrored
from kashaf.web.network import network
from kashaf.web.problems import Refused
from kashaf.web.rendering import page
from kashaf.web.serving import archive, within_budget
from kashaf.web.timeline import is_too_long, timeline

people = Blueprint("people", __name__)
people.add_app_template_global(network_drawing.edges, "network_edges")
people.add_app_template_global(network_drawing.nodes, "network_nodes")

NEWEST = 8  # articles on the page of an entity
LISTED = 60  # a page of a list
FOUND = 40
_PAGES = 2_000  # of a list
_MINUTE = 60.0  # seconds
_FILED: dict[tuple[Path, Kind, Script], tuple[float, str, Filed]] = {}
_SCRIPTS: tuple[Script, ...] = ("fr", "ar")
_LISTS: dict[str, Kind] = {"persons": "person", "organisations": "organisation"}


@people.before_request
def known() -> Response | None:
    """Readers get what they have already; who curates gets a page of his own."""
    return None if curator() else freshness.known()


people.after_request(freshness.stamp)


@people.app_template_global()
def shown_name(entity: Entity | Portrait | Bucket) -> str:
    """What an entity is called in the reader's language."""
    return (entity.labels or {}).get(current_language()) or entity.label


@people.get("/entities/<entity_id>")
def entity(entity_id: str) -> str | AnyResponse:
    """One person or organisation."""
    found = archive().portrait(entity_id)
    if found.id != entity_id:  # merged into another; it may be undone, so nobody may remember this
        freshness.passing()
        kept = {"lang": request.args.get("lang"), "done": request.args.get("done")}
        return redirect(url_for("people.entity", entity_id=found.id, **kept))  # type: ignore[arg-type]  # plain values
    session = curator()
    here = Address(((found.kind, found.id),))
    newest = archive().run(Request(q=f"{found.kind}:{found.id}", sort="newest", size=NEWEST, facets=()))
    neighbours = (*found.with_persons, *found.with_organisations)
    return page(
        "entity.html",
        entity=found,
        q="",
        address=here,
        results=newest,
        names=_names(label for hit in newest.hits for label in (*hit.persons, *hit.organisations)),
        timeline=timeline(_by_suitable_interval(found), here, None, None, mirrored=is_mirrored()),
        network=network(found, {bucket.id: shown_name(bucket) for bucket in neighbours}, mirrored=is_mirrored()),
        spellings=[(variant.name, variant.count) for variant in found.variants],
        session=session,
        done=just_done() if session else None,
        history=lines(archive().authority.decisions(found.id)[::-1]) if session else (),
    )


def just_done() -> Line | None:
    """The decision that has just been made or undone, by its number in the address."""
    number = whole(request.args.get("done", ""))
    decision = archive().authority.decision(number) if number is not None else None
    return line_of(decision) if decision else None


def _by_suitable_interval(found: Portrait) -> DateHistogram:
    """The articles by month, or by year when these are too many months."""
    if not is_too_long([found.timeline], None, None):
        return found.timeline
    by_year = Request(q=f"{found.kind}:{found.id}", size=0, facets=("date",), interval="year")
    return archive().run(within_budget(by_year)).facets["date"]


def _names(labels: Iterable[Label]) -> dict[str, str]:
    """Persons and organisations by their labels in the reader's language."""
    shown = {label.id: label.label for label in labels}
    for each in archive().entities(int(entity_id[1:]) for entity_id in shown):
        shown[each.id] = shown_name(each)
    return shown


@dataclass(frozen=True, slots=True)
class ListState:
    """What of a list is shown, as its address says.

    Attributes:
        by_name: in alphabetical order, of one script; else the most named first.
        letter: the first letter of those that are shown; "" for all.
    """

    which: str
    q: str = ""
    by_name: bool = False
    script: Script = "fr"
    letter: str = ""
    page: int = 1

    @classmethod
    def asked(cls, which: str) -> ListState:
        """The state that the address of the request gives; what cannot be is left out."""
        given = request.args
        script = given.get("script", "ar" if current_language() == "ar" else "fr")
        return cls(
            which,
            " ".join(given.get("q", "").split())[:200],
            given.get("order") == "name",
            "ar" if script == "ar" else "fr",
            given.get("letter", "")[:1],
            min(whole(given.get("page", "")) or 1, _PAGES),
        )

    def to(self, **changes: object) -> str:
        """The address of this list in another state."""
        state = replace(self, **{"page": 1, **changes})  # type: ignore[arg-type]  # its own fields
        values: dict[str, object] = {}
        if state.q:
            values["q"] = state.q
        if state.by_name:
            values |= {"order": "name", "script": state.script}
            values |= {"letter": state.letter} if state.letter else {}
        if state.page > 1:
            values["page"] = state.page
        return url_for(f"people.{state.which}", **values)  # type: ignore[arg-type]  # of any type


@people.get("/persons")
def persons() -> str:
    """All persons that articles name."""
    return _list("persons")


@people.get("/organisations")
def organisations() -> str:
    """All organisations that articles name."""
    return _list("organisations")


def _list(which: str) -> str:
    kind, state = _LISTS[which], ListState.asked(which)
    everybody = archive().entity_list(kind)
    filed = _filed(kind, state.script) if state.by_name and not state.q else None
    letters = filed.initials if filed else ()
    if state.q:
        shown = everybody.buckets([each.number for each in named(kind, state.q, FOUND)])
        total = len(shown)
    else:
        numbers = filed.numbers if filed else everybody.most_named
        if state.letter:
            chosen = next((each for each in letters if each.letter == state.letter), None)
            if chosen is None:
                raise Refused("not-found", f"no name begins with {state.letter!r}")
            numbers = numbers[chosen.start : chosen.start + chosen.count]
        total = len(numbers)
        start = (state.page - 1) * LISTED
        shown = everybody.buckets(numbers[start : start + LISTED])
    return page(
        "entity_list.html",
        kind=kind,
        state=state,
        total=total,
        shown=shown,
        letters=letters,
        other=OTHER,
        pages=1 if state.q else max(1, -(-total // LISTED)),
        scripts=_SCRIPTS,
        counterpart=next(other for other in _LISTS if other != which),
        q="",
    )


def _filed(kind: Kind, script: Script) -> Filed:
    """The alphabetical list. Readers may get one that is a minute old: in a large archive it takes seconds to make."""
    key, state = (archive().folder, kind, script), archive().state
    kept = _FILED.get(key)
    if kept is None or curator() or time.monotonic() - kept[0] > _MINUTE:
        kept = _FILED[key] = time.monotonic(), state, archive().entity_list(kind).filed(script)
    if kept[1] != state:
        freshness.passing()
    return kept[2]
