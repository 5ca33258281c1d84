"""Answers that are put together by hand, against the schemas of the contract."""

from __future__ import annotations

import pytest
from flask import Flask

from kashaf.search.request import Request
from kashaf.web import answers
from kashaf.web.members import buckets_members, hits_members, search_members
from kashaf.web.serving import archive

LINKS: dict[str, object] = {"self": "/a", "next": None, "feed": "/f", "json_feed": "/j", "export": {}}


def plain(value: object) -> object:
    """The same with lists for tuples, as JSON has them."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list | tuple) else value


@pytest.mark.parametrize(
    "request_",
    [Request(q="quai"), Request(q="Karim Belhaj", facets=("person",)), Request(size=0), Request(q='"aucun mot" x')],
)
def test_the_members_are_those_of_the_schemas(app: Flask, request_: Request) -> None:
    with app.app_context():
        results = archive().run(request_)
    whole = {name: getattr(results, name) for name in type(results).__slots__}
    expected = answers.SearchAnswer(exclude=("links.export",)).dump({**whole, "links": LINKS})
    members = search_members(results, {name: link for name, link in LINKS.items() if name != "export"})
    assert plain(members) == plain(expected)
    assert list(members) == list(expected)
    assert plain(hits_members(results.hits)) == answers.HitOut(many=True).dump(results.hits)
    people = results.facets.get("person", ())
    assert buckets_members(people) == answers.BucketOut(many=True).dump(people)
