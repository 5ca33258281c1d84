"""What a curator can decide about one entity: what the form says, what it would change, how it is carried out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask_babel import LazyString, gettext, lazy_gettext, ngettext
from werkzeug.datastructures import MultiDict

from kashaf.errors import CurationError
from kashaf.index.authority import Authority
from kashaf.index.authority_file import Entity
from kashaf.index.curated_text import cleaned
from kashaf.index.decision_file import LANGUAGES, MOST_LABEL, MOST_NOTE, wikidata_id
from kashaf.search.request import Request
from kashaf.web.deciding import named
from kashaf.web.locales import readable_number
from kashaf.web.serving import archive

Form = MultiDict[str, str]
CANDIDATES = 20


@dataclass(frozen=True, slots=True)
class Act:
    """One kind of decision.

    Attributes:
        verb: in addresses.
        title: of its page and of its button.
        effect: what it would change, in sentences; CurationError when it cannot be.
        carry_out: makes it.
    """

    verb: str
    title: LazyString
    effect: Callable[[Entity, Form], list[str]]
    carry_out: Callable[[Authority, Entity, Form], None]

    def candidates(self, entity: Entity, typed: str) -> list[Entity]:
        """Who else may be this entity, by what was typed."""
        if self.verb != "merge" or not typed.strip():
            return []
        return [each for each in named(entity.kind, typed, CANDIDATES + 1) if each.id != entity.id][:CANDIDATES]


def count(entity: Entity) -> int:
    """The articles that name an entity."""
    return archive().entity_list(entity.kind).count(entity.number)


def _articles(number: int) -> str:
    return str(ngettext("%(count)s article", "%(count)s articles", number, count=readable_number(number)))


def _others(entity: Entity, form: Form) -> list[Entity]:
    others = {each.id: each for each in map(archive().entity, form.getlist("with")) if each.id != entity.id}
    if not others:
        raise CurationError("merge: nobody was chosen", "too-few")
    if any(each.kind != entity.kind for each in others.values()):
        raise CurationError("merge: a person and an organisation", "kinds-differ")
    return list(others.values())


def _effect_of_merge(entity: Entity, form: Form) -> list[str]:
    merged = (entity, *_others(entity, form))
    either = " OR ".join(f"{each.kind}:{each.id}" for each in merged)
    together = archive().run(Request(q=either, size=0, facets=())).total
    said = [gettext("They become one: %(articles)s in all.", articles=_articles(together))]
    if side_by_side := sum(map(count, merged)) - together:
        warning = ngettext(
            "In %(count)s article they are named side by side: are they really one?",
            "In %(count)s articles they are named side by side: are they really one?",
            side_by_side,
            count=readable_number(side_by_side),
        )
        said.append(warning)
    return said


def _effect_of_split(entity: Entity, form: Form) -> list[str]:
    counts = dict(entity.variants)
    apart = list(dict.fromkeys(form.getlist("name")))
    if any(name not in counts for name in apart):
        raise CurationError("split: a foreign name", "not-its-name")
    if not apart or len(apart) == len(counts):
        raise CurationError("split: all or none", "all-or-none")
    went = sum(counts[name] for name in apart)
    stay = len(counts) - len(apart)
    return [
        gettext("The spellings chosen become somebody else, in at most %(articles)s.", articles=_articles(went)),
        ngettext("%(count)s spelling stays.", "%(count)s spellings stay.", stay, count=readable_number(stay)),
    ]


def _label(form: Form) -> tuple[str, str | None]:
    language, label = form.get("language", ""), form.get("label", "")
    if language not in LANGUAGES:
        raise CurationError("label: a foreign language", "no-language")
    return language, _text(label, MOST_LABEL)


def _text(given: str, most: int) -> str | None:
    """Text as it will be kept; None for an empty box, which removes what was set."""
    if not given.strip():
        return None
    try:
        return cleaned(given, most)
    except CurationError as error:
        raise CurationError(str(error), "unusable-text") from None


def _effect_of_label(entity: Entity, form: Form) -> list[str]:
    _, label = _label(form)
    articles = _articles(count(entity))
    if label is None:
        return [gettext("The most usual spelling is the label again, in %(articles)s.", articles=articles)]
    return [gettext("It is shown under this label, in %(articles)s.", articles=articles)]


def _effect_of_rejection(entity: Entity, form: Form) -> list[str]:
    return [
        gettext("It is no longer counted or shown, in %(articles)s.", articles=_articles(count(entity))),
        gettext("Articles stay as they are; words of the name are still found in their text."),
    ]


def _item(form: Form) -> str | None:
    given = form.get("wikidata", "").strip()
    if not given:
        return None
    try:
        return wikidata_id(given.rpartition("/")[2])  # the address of its page is taken too
    except CurationError as error:
        raise CurationError(str(error), "no-wikidata-id") from None


def _effect_of_item(entity: Entity, form: Form) -> list[str]:
    item = _item(form)
    if item is None:
        return [gettext("Its page no longer leads to Wikidata.")]
    return [gettext("Its page leads to this item of Wikidata.")]


def _effect_of_note(entity: Entity, form: Form) -> list[str]:
    note = _text(form.get("note", ""), MOST_NOTE)
    return [gettext("The note is taken away.") if note is None else gettext("Its page shows this note to all readers.")]


def _merge(authority: Authority, entity: Entity, form: Form) -> None:
    authority.merge([entity.id, *(each.id for each in _others(entity, form))])


def _split(authority: Authority, entity: Entity, form: Form) -> None:
    authority.split(entity.id, form.getlist("name"))


def _rename(authority: Authority, entity: Entity, form: Form) -> None:
    authority.rename(entity.id, *_label(form))


def _set_wikidata(authority: Authority, entity: Entity, form: Form) -> None:
    authority.set_wikidata(entity.id, _item(form))


def _set_note(authority: Authority, entity: Entity, form: Form) -> None:
    authority.set_note(entity.id, _text(form.get("note", ""), MOST_NOTE))


def _reject(authority: Authority, entity: Entity, form: Form) -> None:
    authority.reject(entity.id)


ACTS: Mapping[str, Act] = {
    act.verb: act
    for act in (
        Act("merge", lazy_gettext("Merge"), _effect_of_merge, _merge),
        Act("split", lazy_gettext("Split"), _effect_of_split, _split),
        Act("label", lazy_gettext("Pin a label"), _effect_of_label, _rename),
        Act("wikidata", lazy_gettext("Wikidata"), _effect_of_item, _set_wikidata),
        Act("note", lazy_gettext("Note"), _effect_of_note, _set_note),
        Act("reject", lazy_gettext("Reject"), _effect_of_rejection, _reject),
    )
}
