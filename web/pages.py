"""What readers see: the search page, the article, the help."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from flask import Blueprint, request

from kashaf.index.article import Kind, Mention
from kashaf.search.highlight import marks
from kashaf.search.request import FACETS, VALUE_FACETS, Collapse, Request
from kashaf.search.results import Hit, Label, Results
from kashaf.web import drawing, freshness, words
from kashaf.web.addresses import COPIES, Address
from kashaf.web.asking import Asked, indulgently
from kashaf.web.facet_search import values_found
from kashaf.web.facet_view import BUCKETS, BUCKETS_MORE, FacetView, buckets_of, chips, facet_view, shown_label
from kashaf.web.linked_data import news_article
from kashaf.web.locales import current_language, is_mirrored
from kashaf.web.outgoing import web_address
from kashaf.web.problems import Refused
from kashaf.web.reading import lay_out, line, marked, matches
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
_FOLDED: dict[str, Collapse | None] = {"all": None, "stories": "stories"}  # by what the address says; else copies


@pages.get("/")
def search() -> str:
    """The search page; every state of it is an address."""
    address = Address.of(request.args)
    asked = _asked(address)
    results = archive().run(asked.request)
    if results.partial:
        freshness.partial()
    if "interval" not in request.args and is_too_long(
        [results.facets["date"]], asked.request.date_from, asked.request.date_to
    ):
        by_year = replace(_counts_of(asked.request, "date"), interval="year")
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
        following=address.next_page(results.total - results.folded, results.page, results.size, results.cursor),
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
    results = archive().run(_counts_of(asked, name))
    if results.partial:
        freshness.partial()
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
    copies = archive().copies(found.id)
    in_standfirst, in_body = ([m for m in mentions if m.field == field] for field in ("standfirst", "body"))
    headline = line(found.headline, marks(found.headline, wanted))
    standfirst = lay_out(found.standfirst, marks(found.standfirst, wanted), in_standfirst, ids)
    body = lay_out(found.body, marks(found.body, wanted), in_body, ids, found.ignored)
    return page(
        "article.html",
        article=found,
        q=asked.q,
        headline=headline,
        standfirst=standfirst,
        body=body,
        matches=matches((headline, *(paragraph for block in (*standfirst, *body) for paragraph in block.paragraphs))),
        persons=persons,
        organisations=organisations,
        names=_names((*persons, *organisations)),
        functions=_functions(mentions, ids),
        copies=copies,
        similar=_others_like(found.id, {copy.id for copy in copies}),
        back=Address.of(request.args),
        linked=news_article(found, persons, organisations),
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
        collapse=_FOLDED.get("".join(address.values(COPIES)), "copies"),
    )
    if "interval" not in request.args:
        shown = replace(shown, interval=chosen_interval(shown.date_from, shown.date_to))
    return replace(asked, request=shown)


def _counts_of(asked: Request, facet: str) -> Request:
    """The same search, for the counts of one facet alone."""
    return replace(asked, size=0, page=1, cursor=None, collapse=None, facets=(facet,))


def _facet(name: str, results: Results, asked: Request, address: Address) -> FacetView:
    buckets = buckets_of(results, name)
    if wanted := "".join(address.values(f"find_{name}")):
        buckets = values_found(name, wanted, asked, BUCKETS_MORE)
    return facet_view(name, buckets, address)


def _timeline(results: Results, asked: Request, address: Address) -> Timeline | None:
    if asked.undated:
        return None
    return timeline(results.facets["date"], address, asked.date_from, asked.date_to, mirrored=is_mirrored())


def _names(labels: Iterable[Label]) -> dict[str, str]:
    """Persons and organisations by their labels in the reader's language."""
    shown = {label.id: label.label for label in labels}
    for entity in archive().entities(int(entity_id[1:]) for entity_id in shown):
        shown[entity.id] = entity.labels.get(current_language()) or entity.label
    return shown


def _others_like(article_id: str, copies: Collection[str]) -> list[Hit]:
    """The articles most like one that are not copies of it."""
    found = archive().similar(article_id, size=SIMILAR + len(copies))
    return [hit for hit in found if hit.id not in copies][:SIMILAR]


def _functions(mentions: Iterable[Mention], ids: Mapping[tuple[Kind, str], str]) -> dict[str, tuple[str, ...]]:
    """What an article says that its persons are, by entity, each function once."""
    found: dict[str, dict[str, None]] = {}
    for mention in mentions:
        if mention.function and (mention.kind, mention.name) in ids:
            found.setdefault(ids[mention.kind, mention.name], {})[mention.function] = None
    return {entity: tuple(functions) for entity, functions in found.items()}


def _ids(mentions: Iterable[Mention]) -> dict[tuple[Kind, str], str]:
    """The entity that each name of an article means."""
    firsts = {(mention.kind, mention.name): mention for mention in mentions}
    found = {name: archive().entity_of(mention) for name, mention in firsts.items()}
    return {name: entity_id for name, entity_id in found.items() if entity_id is not None}
