"""What readers see: the search page, the article, the person or organisation, the help."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from flask import Blueprint, request

from kashaf.index.article import Kind, Mention
from kashaf.search.highlight import marks
from kashaf.search.request import FACETS, VALUE_FACETS, Request
from kashaf.search.results import Label, Results
from kashaf.web import drawing, freshness, words
from kashaf.web.addresses import Address
from kashaf.web.asking import Asked, indulgently
from kashaf.web.entities import portrait
from kashaf.web.facet_search import values_found
from kashaf.web.facet_view import BUCKETS, BUCKETS_MORE, FacetView, buckets_of, chips, facet_view, shown_label
from kashaf.web.linked_data import news_article
from kashaf.web.locales import current_language, direction
from kashaf.web.outgoing import web_address
from kashaf.web.problems import Refused
from kashaf.web.reading import lay_out, line, marked
from kashaf.web.rendering import page
from kashaf.web.serving import archive, within_budget
from kashaf.web.timeline import Timeline, chosen_interval, is_too_long, timeline

pages = Blueprint("pages", __name__)
freshness.install(pages)
pages.add_app_template_filter(marked, "marked")
pages.add_app_template_filter(web_address, "web_address")
pages.add_app_template_global(shown_label, "shown_label")
pages.add_app_template_global(drawing.bars, "timeline_bars")
pages.add_app_template_global(drawing.rows, "timeline_rows")

HITS = 10
SIMILAR = 5
NEWEST = 8  # articles on the page of an entity


@pages.get("/")
def search() -> str:
    """The search page; every state of it is an address."""
    address = Address.of(request.args)
    asked = _asked(address)
    results = archive().run(asked.request)
    if results.partial:
        freshness.passing()
    if "interval" not in request.args and is_too_long(results.facets["date"]):
        by_year = replace(asked.request, facets=("date",), size=0, page=1, cursor=None, interval="year")
        results.facets["date"] = archive().run(by_year).facets["date"]
    return page(
        "search.html",
        address=address,
        asked=asked,
        q=asked.request.q,
        results=results,
        facets=[_facet(name, results, asked.request, address) for name in VALUE_FACETS],
        chips=chips(address, results),
        timeline=_timeline(results, asked.request, address),
        following=address.next_page(results.total, results.page, results.size, results.cursor),
        previous=address.turned({"page": results.page - 1}) if results.page > 1 else None,
        names=_names(label for hit in results.hits for label in (*hit.persons, *hit.organisations)),
        warnings=[words.said(warning) for warning in results.query.warnings],
    )


@pages.get("/facet/<name>")
def facet(name: str) -> str:
    """One facet of the search page alone: what the script fetches while a reader types into its box."""
    if name not in VALUE_FACETS:
        raise Refused("not-found", name)
    address = Address.of(request.args)
    asked = _asked(address).request
    results = archive().run(replace(asked, size=0, page=1, cursor=None, facets=(name,)))
    if results.partial:
        freshness.passing()
    return page("facet.html", facet=_facet(name, results, asked, address))


@pages.get("/articles/<article:article_id>")
def article(article_id: str) -> str:
    """One article to read, the matches of ``?q=`` marked, its clutter folded away."""
    found = archive().article(article_id)
    asked = indulgently(request.args, {}).request
    persons, organisations = archive().entities_of(found.id)
    wanted = archive().wanted(asked, found)
    mentions = (*found.persons, *found.organisations)
    ids = _ids(mentions)
    in_standfirst, in_body = ([m for m in mentions if m.field == field] for field in ("standfirst", "body"))
    return page(
        "article.html",
        article=found,
        q=asked.q,
        headline=line(found.headline, marks(found.headline, wanted)),
        standfirst=lay_out(found.standfirst, marks(found.standfirst, wanted), in_standfirst, ids),
        body=lay_out(found.body, marks(found.body, wanted), in_body, ids, found.ignored),
        persons=persons,
        organisations=organisations,
        names=_names((*persons, *organisations)),
        similar=archive().similar(found.id, size=SIMILAR),
        back=Address.of(request.args),
        linked=news_article(found, persons, organisations),
    )


@pages.get("/entities/<entity_id>")
def entity(entity_id: str) -> str:
    """One person or organisation."""
    known = portrait(archive(), entity_id)
    newest = Request(q=f"{known.kind}:{known.id}", sort="newest", size=NEWEST, facets=())
    here = Address(((known.kind, known.id),))
    return page(
        "entity.html",
        entity=known,
        q="",
        address=here,
        results=archive().run(newest),
        timeline=timeline(known.timeline, here, None, None, mirrored=_is_mirrored()),
    )


@pages.get("/help")
def help() -> str:
    """How to write a query, and what the marks of the page mean."""
    return page("help.html", q="")


def _asked(address: Address) -> Asked:
    asked = indulgently(request.args, {"size": HITS})
    given = within_budget(asked.request)
    at_length = any(address.values("more"))
    shown = replace(
        given,
        size=given.size or HITS,
        facets=FACETS,
        facet_size=1 + (BUCKETS_MORE if at_length else BUCKETS),
    )
    if "interval" not in request.args:
        shown = replace(shown, interval=chosen_interval(shown.date_from, shown.date_to))
    return replace(asked, request=shown)


def _facet(name: str, results: Results, asked: Request, address: Address) -> FacetView:
    buckets = buckets_of(results, name)
    if wanted := "".join(address.values(f"find_{name}")):
        buckets = values_found(name, wanted, asked, BUCKETS_MORE)
    return facet_view(name, buckets, address)


def _timeline(results: Results, asked: Request, address: Address) -> Timeline | None:
    if asked.undated:
        return None
    return timeline(results.facets["date"], address, asked.date_from, asked.date_to, mirrored=_is_mirrored())


def _is_mirrored() -> bool:
    return direction(current_language()) == "rtl"


def _names(labels: Iterable[Label]) -> dict[str, str]:
    """Persons and organisations by their labels in the reader's language."""
    shown = {label.id: label.label for label in labels}
    for entity in archive().entities(int(entity_id[1:]) for entity_id in shown):
        shown[entity.id] = entity.labels.get(current_language()) or entity.label
    return shown


def _ids(mentions: Iterable[Mention]) -> dict[tuple[Kind, str], str]:
    """The entity that each name of an article means."""
    firsts = {(mention.kind, mention.name): mention for mention in mentions}
    found = {name: archive().entity_of(mention) for name, mention in firsts.items()}
    return {name: entity_id for name, entity_id in found.items() if entity_id is not None}
