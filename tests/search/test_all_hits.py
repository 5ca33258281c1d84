"""Every hit of a request, as the pages of a search give them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from kashaf.index.article import Article
from kashaf.search.all_hits import BATCH
from kashaf.search.archive import Archive, open_archive
from kashaf.search.request import Request

COUNT = 2 * BATCH + 30


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    folder = tmp_path_factory.mktemp("all-hits")
    with open_archive(folder, create=True) as archive:
        for start in range(0, COUNT, 90):  # several segments
            with archive.writer() as writer:
                for number in range(start, min(start + 90, COUNT)):
                    writer.add(
                        Article(
                            id=f"a{number}",
                            headline=f"Le phare {number}",
                            body="Le gardien du phare. " + "Un phare encore. " * (number % 7) + "\n\nFin du récit.",
                            language="fr",
                            source=("Le Rivage", "La Rade")[number % 2],
                            published=f"2026-01-{1 + number % 28:02}" if number % 5 else None,
                            persons=("Karim Belhaj",),  # type: ignore[arg-type]  # names are taken too
                        )
                    )
        yield archive


def paged(archive: Archive, request: Request) -> list[tuple[str, str, tuple[str, ...]]]:
    found = []
    page = replace(request, size=30, facets=())
    while True:
        results = archive.run(page)
        found += [(hit.id, hit.snippet, tuple(label.id for label in hit.persons)) for hit in results.hits]
        if results.cursor is None:
            return found
        page = replace(page, cursor=results.cursor)


@pytest.mark.parametrize(
    "request_",
    [
        Request(),
        Request(q="phare"),
        Request(q="phare", sort="oldest"),
        Request(q="gardien encore", words="any", only={"source": ("La Rade",)}),
        Request(date_from="2026-01-10", undated=True, sort="newest"),
        Request(q="belhaj"),
        Request(q="nothingsuch"),
    ],
    ids=str,
)
def test_all_hits_are_those_of_the_pages(archive: Archive, request_: Request) -> None:
    hits = archive.all_hits(request_)
    found = [(hit.article.id, hit.snippet, tuple(label.id for label in hit.persons)) for hit in hits]
    assert found == paged(archive, request_)
    assert hits.total == len(hits) == len(found)
    assert [hit.article.id for hit in hits] == [one[0] for one in found]  # they can be gone through again


def test_at_most_so_many(archive: Archive) -> None:
    hits = archive.all_hits(Request(q="phare"), most=7)
    assert (hits.total, len(hits), len(list(hits))) == (COUNT, 7, 7)
    assert list(archive.all_hits(Request(q="phare"), most=0)) == []


def test_a_search_that_is_not_done_says_so(archive: Archive) -> None:
    assert archive.all_hits(Request(q="phare", budget=-1.0)).partial
    assert not archive.all_hits(Request(q="phare")).partial
