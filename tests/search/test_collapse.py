"""Copies folded under the best of them: what the same search without it says, gone through by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kashaf
from kashaf.errors import CursorError, RequestError
from kashaf.index.article import Article
from kashaf.index.inversion import SegmentBuilder
from kashaf.index.merge import merge_segments
from kashaf.index.segment import Segment
from kashaf.index.segment_file import write_segment
from kashaf.search.engine import Engine, Plan
from kashaf.search.query import Everything, Or, Word
from kashaf.search.ranking import Place
from kashaf.search.request import Request
from tests.search.test_engine import articles, engine, known, plans
from tests.search.test_evaluate import CASES, WORDS

# Plans that many of the articles answer, so that there is something to fold.
broad = st.builds(
    Plan,
    node=st.sampled_from([Everything(), Or(tuple(map(Word, WORDS)))]),
    only=st.sampled_from([{}, {"source": frozenset({1, 2})}]),
    sort=st.sampled_from(["relevance", "newest", "oldest"]),
    size=st.integers(0, 5),
    skip=st.integers(0, 3),
    facets=st.just(("person", "source", "date")),
)


def write(folder: Path, name: str, keyed: list[tuple[int, Article]], firsts: dict[int, int], dead: set[int]) -> Segment:
    """A segment whose articles are in the groups that are given."""
    builder = SegmentBuilder()
    for key, article in keyed:
        builder.add(key, article)
    docs, arrays = builder.arrays()
    joined = [place for place, (key, _) in enumerate(keyed) if key in firsts]
    if joined:
        arrays["copy.doc"] = np.array(joined, np.uint8)
        arrays["copy.first"] = np.array([firsts[keyed[place][0]] for place in joined], "<i8")
    write_segment(folder / f"{name}.seg", docs, arrays)
    gone = np.array([key in dead for key, _ in keyed])
    (folder / f"{name}.del").write_bytes(np.packbits(gone).tobytes())
    return Segment(folder / f"{name}.seg", folder / f"{name}.del")


def folded(places: tuple[Place, ...], groups: dict[int, int]) -> list[tuple[int, int]]:
    """The key of the first place of each group, and how many of the group come behind it."""
    found: dict[int, list[int]] = {}
    for place in places:
        found.setdefault(groups.get(place.key, place.key), []).append(place.key)
    return [(keys[0], len(keys) - 1) for keys in found.values()]


def paged(tried: Engine, plan: Plan) -> Iterator[Place]:
    after = None
    while True:
        answer = tried.run(replace(plan, skip=0, size=2, after=after, facets=()))
        yield from answer.places
        if not answer.more:
            return
        after = answer.places[-1].value, answer.places[-1].key


@settings(deadline=None, max_examples=CASES or 60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    given_articles=st.lists(articles, min_size=4, max_size=14),
    joins=st.lists(st.integers(0, 5), min_size=14, max_size=14),
    dead=st.sets(st.integers(1, 14), max_size=4),
    cut=st.integers(1, 14),
    plan=broad | plans,
)
def test_of_each_group_the_best_hit_is_shown(
    tmp_path: Path, given_articles: list[Article], joins: list[int], dead: set[int], cut: int, plan: Plan
) -> None:
    keyed = list(enumerate(given_articles, 1))
    firsts: dict[int, int] = {}
    for key, other in zip(range(1, len(keyed) + 1), joins, strict=False):
        if 0 < other < key:
            firsts[key] = firsts.get(other, other)
    segments = [
        write(tmp_path, name, part, firsts, dead) for name, part in (("a", keyed[:cut]), ("b", keyed[cut:])) if part
    ]
    merge_segments(segments, tmp_path / "merged.seg")
    for archive in (segments, [Segment(tmp_path / "merged.seg")]):
        tried = engine(archive, tmp_path)
        sources = tried._columns.values
        plan = replace(plan, only=known(plan.only, sources), excluded=known(plan.excluded, sources))
        every = replace(plan, skip=0, size=100)
        flat = tried.run(every)
        expected = folded(flat.places, firsts)

        answer = tried.run(replace(every, collapse="copies"))
        assert [(place.key, place.folded) for place in answer.places] == expected
        assert (answer.total, answer.folded) == (flat.total, flat.total - len(expected))
        assert (answer.facets, answer.dates) == (flat.facets, flat.dates)
        one = tried.run(replace(plan, collapse="copies"))
        assert [(p.key, p.folded) for p in one.places] == expected[plan.skip : plan.skip + plan.size]
        assert (one.total, one.folded) == (answer.total, answer.folded)
        walked = list(paged(tried, replace(plan, collapse="copies")))
        assert [(place.key, place.folded) for place in walked] == expected

        alive = [key for key, _ in keyed if key not in dead]
        groups = [firsts.get(key, key) for key in alive]
        docs, places = tried._columns.collection.docs_of(np.array([key for key, _ in keyed]))
        of = dict(zip((places + 1).tolist(), docs.tolist(), strict=True))
        others = tried._columns.copies.others([of[key] for key in alive])
        assert others == [groups.count(group) - 1 for group in groups]


BODY = "Le navire est entré au port de Tanger mardi matin avec deux cents tonnes de blé à son bord, dit le capitaine."


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[kashaf.Archive]:
    with kashaf.open(tmp_path / "archive", create=True) as opened:
        with opened.writer() as writer:
            for number in range(6):
                writer.add(
                    kashaf.Article(
                        id=f"n{number}", headline="Le port " * (number + 1), body=BODY, source=f"Journal {number % 2}"
                    )
                )
            writer.add(
                kashaf.Article(id="other", headline="Le port", body="Un autre port, en une phrase de huit mots.")
            )
        yield opened


def test_a_search_that_folds_says_so(archive: kashaf.Archive) -> None:
    results = archive.search("port", collapse="copies")
    assert (results.total, results.folded, len(results.hits)) == (7, 5, 2)
    assert {(hit.copies, hit.folded) for hit in results.hits} == {(5, 5), (0, 0)}
    assert results.cursor is None
    plain = archive.search("port")
    assert (plain.total, plain.folded, len(plain.hits)) == (7, 0, 7)
    assert plain.facets == results.facets
    some = archive.search("port", collapse="copies", source=["Journal 1"])
    assert [(hit.copies, hit.folded) for hit in some.hits] == [(5, 2)]


def test_similar_articles_are_other_texts(archive: kashaf.Archive) -> None:
    assert [hit.id for hit in archive.similar("n1")] == ["other"]
    [hit] = archive.similar("other")
    assert (hit.copies, hit.folded) == (5, 5)


def test_what_is_folded_is_in_no_export(archive: kashaf.Archive) -> None:
    hits = archive.all_hits(Request(q="port", collapse="copies"))
    assert (hits.total, len(hits), len(list(hits))) == (2, 2, 2)
    assert archive.all_hits(Request(q="port")).total == 7


def test_a_cursor_belongs_to_the_way_of_folding(archive: kashaf.Archive) -> None:
    cursor = archive.search("port", collapse="copies", size=1).cursor
    assert cursor is not None
    assert len(archive.search("port", collapse="copies", size=1, cursor=cursor).hits) == 1
    with pytest.raises(CursorError):
        archive.search("port", size=1, cursor=cursor)


def test_another_way_of_folding_is_refused(archive: kashaf.Archive) -> None:
    with pytest.raises(RequestError, match="collapse"):
        archive.search("port", collapse="everything")  # type: ignore[arg-type]
