"""Decisions as the pages tell them in the reader's language: a verb, whom it is about, and what was said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext

from kashaf.errors import UnknownEntity
from kashaf.index.authority_file import Entity
from kashaf.index.decision_log import Decision
from kashaf.web.curation_words import VERBS
from kashaf.web.locales import readable_date
from kashaf.web.serving import archive


@dataclass(frozen=True, slots=True)
class About:
    """An entity that a decision is about: who it is now, None for nobody."""

    id: str
    entity: Entity | None


@dataclass(frozen=True, slots=True)
class Line:
    """One decision.

    Attributes:
        day: as the reader writes days; `clock` is the time of that day, in UTC.
        about: at most three entities, the one that stays first.
        said: spellings that went elsewhere, or what was stated.
        words: the log's own words, where there is nothing else to tell.
    """

    number: int
    verb: str
    title: str
    undone: bool
    time: str
    day: str
    clock: str
    about: tuple[About, ...]
    more: int
    said: tuple[str, ...]
    words: str


_SHOWN = 3


def lines(decisions: Iterable[Decision]) -> tuple[Line, ...]:
    """Decisions, in the order given."""
    return tuple(map(line_of, decisions))


def line_of(decision: Decision) -> Line:
    """One decision."""
    # What was merged away is shown as what it is now, once.
    now = {about.entity.id if about.entity else about.id: about for about in map(_about, decision.entities)}
    about = tuple(now.values())
    said = decision.names
    if decision.value is not None:
        said = (decision.value,)
    elif decision.verb in ("rename", "note", "wikidata"):
        said = (gettext("removed"),)
    title = str(VERBS.get(decision.verb, decision.verb))
    if decision.language:
        title = gettext("label in French") if decision.language == "fr" else gettext("label in Arabic")
    return Line(
        decision.number,
        decision.verb,
        title,
        decision.undone,
        decision.time,
        readable_date(decision.time[:10]),
        decision.time[11:16],
        about[:_SHOWN],
        max(0, len(about) - _SHOWN),
        said,
        decision.what if decision.verb == "import" else "",
    )


def _about(entity_id: str) -> About:
    try:
        return About(entity_id, archive().entity(entity_id))
    except UnknownEntity:
        return About(entity_id, None)
