"""The JSON interface, /api/v1: the same hits, facets and snippets as everywhere else."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, request, url_for

from kashaf.index.article import Article
from kashaf.index.prepare import prepare
from kashaf.search.portrait import Portrait
from kashaf.search.request import VALUE_FACETS, Request
from kashaf.search.results import Results
from kashaf.web import answers, examples, freshness, schemas
from kashaf.web.addresses import Address
from kashaf.web.bulk import articles_in_lines
from kashaf.web.contract import Contract
from kashaf.web.export_formats import FORMATS
from kashaf.web.facet_search import values_found
from kashaf.web.members import buckets_members, hits_members, search_members
from kashaf.web.problems import Refused
from kashaf.web.security import require_token
from kashaf.web.serving import archive, settings, within_budget

api = Contract("api", "/api/v1", "Search, read, complete, write.")
freshness.install(api.blueprint)
_ID = {"type": "string", "minLength": 1, "maxLength": 256}


@api.route("/search", query=schemas.SearchQuery, answer=answers.SearchAnswer, example=examples.SEARCH, problems=(410,))
def search(asked: Request) -> Response:
    """Articles that answer a query, with facets."""
    results = archive().run(within_budget(asked))
    if results.partial:
        freshness.partial()
    links = search_links(results)
    response = jsonify(search_members(results, links))
    if links["next"]:
        response.headers["Link"] = f'<{links["next"]}>; rel="next"'
    return response


def search_links(results: Results) -> dict[str, Any]:
    """Addresses that go with an answer: the next page, the same search as feed and exports."""
    here = Address.of(request.args).kept()
    following = here.next_page(results.total - results.folded, results.page, results.size, results.cursor)
    choosing = here.choosing()
    return {
        "self": here.to("api.search"),
        "next": following.to("api.search") if following else None,
        "feed": choosing.to("feeds.atom"),
        "json_feed": choosing.to("feeds.json"),
        "export": {n: here.choosing("sort").to("exports.file", extension=f.extension) for n, f in FORMATS.items()},
    }


@api.route(
    "/articles/<article_alone:article_id>",
    query=schemas.NoQuery,
    answer=answers.ArticleOut,
    example=examples.ARTICLE,
    problems=(404,),
    path={"article_id": _ID},
)
def article(_: object, article_id: str) -> dict[str, object]:
    """One article, its text as kept, its mentions and who is meant by them."""
    return article_members(archive().article(article_id))


def article_members(found: Article) -> dict[str, object]:
    """An article as `ArticleOut` shows it."""
    persons, organisations = archive().entities_of(found.id)
    members: dict[str, object] = {name: getattr(found, name) for name in Article.__slots__}
    entities = {"persons": persons, "organisations": organisations}
    return {**members, "entities": entities, "copies": archive().copies(found.id)}


@api.route(
    "/articles/<article:article_id>/similar",
    query=schemas.SimilarQuery,
    answer=answers.SimilarAnswer,
    example=examples.SIMILAR,
    problems=(404,),
    path={"article_id": _ID},
)
def similar(asked: dict[str, int], article_id: str) -> Response:
    """Articles on the same subject, nearest first."""
    return jsonify({"hits": hits_members(archive().similar(article_id, size=asked["size"]))})


@api.route(
    "/facets/<facet>",
    query=schemas.FacetQuery,
    answer=answers.FacetAnswer,
    example=examples.FACET,
    problems=(404,),
    path={"facet": {"type": "string", "enum": list(VALUE_FACETS)}},
)
def facet(asked: tuple[str, Request], facet: str) -> Response:
    """Search inside a long facet, by any spelling in any script."""
    if facet not in VALUE_FACETS:
        raise Refused("not-found", f"there is no facet {facet!r}; there are {', '.join(VALUE_FACETS)}")
    prefix, among = asked
    buckets = values_found(facet, prefix, within_budget(among), among.facet_size)
    return jsonify({"facet": facet, "buckets": buckets_members(buckets)})


@api.route(
    "/entities/<entity_id>",
    query=schemas.NoQuery,
    answer=answers.EntityAnswer,
    example=examples.ENTITY,
    problems=(404,),
    path={"entity_id": _ID},
)
def entity(_: object, entity_id: str) -> Portrait:
    """A person or organisation: labels, spellings, when and with whom it is named."""
    return archive().portrait(entity_id)


@api.route("/suggest", query=schemas.SuggestQuery, answer=answers.SuggestAnswer, example=examples.SUGGEST)
def suggest(asked: dict[str, Any]) -> dict[str, object]:
    """Completions of what was typed: persons and organisations first, then headlines and words."""
    return {"suggestions": archive().suggest(asked["q"], size=asked["size"])}


@api.route(
    "/articles",
    method="POST",
    query=schemas.NoQuery,
    body=schemas.ArticleIn,
    answer=answers.ArticleKept,
    example=examples.ARTICLE_KEPT,
    status=201,
    body_example=examples.ARTICLE_IN,
    problems=(401, 403, 413, 415),
    headers={"Location": {"schema": {"type": "string"}, "description": "Address of the article."}},
    token=True,
)
def add_article(_: object, article: Article) -> tuple[dict[str, object], int, dict[str, str]]:
    """Take in one article; it is searchable once this is answered."""
    made = prepare(article, extractor=settings().extractor)
    with archive().writer() as writer:
        article_id = writer.add(article, made)
    kept = {"id": article_id, "generation": archive().generation}
    return kept, 201, {"Location": url_for("api.article", article_id=article_id)}


@api.route(
    "/articles/<article_alone:article_id>",
    method="DELETE",
    query=schemas.NoQuery,
    answer=None,
    status=204,
    problems=(401, 403, 404),
    path={"article_id": _ID},
    token=True,
)
def delete_article(_: object, article_id: str) -> None:
    """Delete one article."""
    with archive().writer() as writer:
        found = writer.delete(article_id)
    if not found:
        raise Refused("unknown-article", f"no article has the id {article_id!r}")


def only_with_token() -> None:
    """Writing is refused before the body is even read."""
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        require_token()


api.blueprint.before_request(only_with_token)
api.blueprint.before_request(articles_in_lines)
