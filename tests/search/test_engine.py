"""Whole plans against the plain reference: totals, order, pages, facets, histograms, over an archive's life."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kashaf.index.article import KINDS, Article, Mention
from kashaf.index.merge import merge_segments
from kashaf.index.segment import Segment
from kashaf.index.snapshot import Snapshot
from kashaf.search import facets, gather, matches, positions, proximity, ranking, scoring
from kashaf.search.columns import Columns
from kashaf.search.engine import Answer, DateCounts, Engine, Plan
from kashaf.search.query import Everything, Fuzzy, Near, Node, Or, Pattern, Phrase, Word
from tests.search.naive_answer import NaiveAnswer, kinds_of
from tests.search.test_evaluate import CASES, DATES, SOURCES, snapshot_of, texts, trees, write

NAMES = ["Amal", "Ammal", "Brahim", "Chadia", "Driss", "Personne"]
# Two spellings of one, and one who is nobody.
NUMBERS = kinds_of({"Amal": 0, "Ammal": 0, "Brahim": 2, "Chadia": 5, "Driss": 3})

names = st.lists(st.sampled_from(NAMES), max_size=3, unique=True).map(tuple)
articles = st.builds(
    Article,
    headline=texts,
    standfirst=st.just(""),
    body=texts,
    source=st.sampled_from(SOURCES),
    language=st.sampled_from(["fr", "ar"]),
    published=st.sampled_from(DATES),
    persons=names,
    organisations=names,
)
entities = st.frozensets(st.sampled_from([0, 2, 3, 5, 7]), min_size=1, max_size=2)
values = st.frozensets(st.integers(1, 3), min_size=1, max_size=2)
dates = st.sampled_from([None, None, "2026", "2026-01", "2026-01-20"])
chosen = st.fixed_dictionaries({}, optional={"person": entities, "organisation": entities, "source": values})
plans = st.builds(
    Plan,
    node=trees | st.just(Everything()),
    match=st.sampled_from(["exact", "stem"]),
    words=st.sampled_from(["all", "any", "auto"]),
    only=chosen,
    excluded=st.just({}) | chosen,
    date_from=dates,
    date_to=dates,
    undated=st.booleans(),
    sort=st.sampled_from(["relevance", "relevance", "newest", "oldest"]),
    size=st.integers(0, 5),
    skip=st.integers(0, 3),
    facets=st.just(("person", "organisation", "source", "language", "date")),
    facet_size=st.integers(0, 3),
    listed=chosen,
    among=st.just({}) | chosen,
    interval=st.sampled_from(["year", "month", "day"]),
)
# Small archives would take but one way through the engine: where it chooses by size, each choice is forced.
WAYS: list[Mapping[tuple[Any, str], int]] = [
    {},
    {
        (matches, "_DENSE"): 0,
        (matches, "_LOOK_UP"): 1,
        (gather, "_LOOK_UP"): 0,
        (gather, "_CHUNK"): 1,
        (gather, "_FEW"): 0,
        (proximity, "_CHUNK"): 1,
        (positions, "_SEARCHED"): 0,
        (ranking, "_GROUP"): 1,
        (facets, "_SPARSE"): 0,
        (scoring, "_ASKED"): 0,
    },
    {
        (matches, "_LOOK_UP"): 1 << 20,
        (gather, "_CHUNK"): 3,
        (ranking, "_GROUP"): 2,
        (facets, "_SPARSE"): 1 << 20,
        (scoring, "_ASKED"): 1 << 20,
    },
]


@contextmanager
def forced(way: Mapping[tuple[Any, str], int]) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for (module, name), value in way.items():
            patch.setattr(module, name, value)
        yield


def engine(segments: Sequence[Segment], folder: Path) -> Engine:
    snapshot: Snapshot = snapshot_of(segments, folder)
    return Engine(snapshot, Columns(snapshot, NUMBERS))


def check(answer: Answer, expected: NaiveAnswer) -> None:
    plan = expected.plan
    assert not answer.partial
    assert answer.total == len(expected.hits)
    last = plan.skip + plan.size
    assert len(answer.places) == len(expected.hits[plan.skip : last])
    assert answer.more == (plan.size > 0 and len(expected.hits) > last)
    if plan.sort == "relevance" and not isinstance(plan.node, Everything):
        scores = sorted((expected.scores[d] for d in expected.hits), reverse=True)
        assert [p.value for p in answer.places] == pytest.approx(scores[plan.skip : last], rel=1e-4, abs=1e-6)
        own = {expected.keys[d]: expected.scores[d] for d in expected.hits}
        assert [p.value for p in answer.places] == pytest.approx(
            [own[p.key] for p in answer.places], rel=1e-4, abs=1e-6
        )
    else:
        assert [p.key for p in answer.places] == expected.order()[plan.skip : last]
    for facet in ("person", "organisation", "source", "language"):
        assert answer.facets[facet] == expected.facet(facet), facet
    assert answer.dates is not None
    counted = dict(zip(answer.dates.keys, answer.dates.counts, strict=True))
    assert (counted, answer.dates.undated, answer.dates.imprecise) == expected.dates()


def walk(engine: Engine, plan: Plan) -> list[int]:
    """The keys of all hits, a page at a time."""
    keys: list[int] = []
    after = None
    while True:
        answer = engine.run(replace(plan, skip=0, size=2, after=after, facets=()))
        keys += [place.key for place in answer.places]
        if not answer.more:
            return keys
        after = answer.places[-1].value, answer.places[-1].key


@settings(deadline=None, max_examples=CASES or 120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    first=st.lists(articles, min_size=1, max_size=12),
    replaced=st.lists(st.tuples(st.integers(0, 11), articles), max_size=3),
    deleted=st.sets(st.integers(1, 15), max_size=4),
    cuts=st.lists(st.integers(0, 14), max_size=2),
    plan=plans,
    way=st.sampled_from(WAYS),
)
def test_answers_are_those_of_the_reference(
    tmp_path: Path,
    first: list[Article],
    replaced: list[tuple[int, Article]],
    deleted: set[int],
    cuts: list[int],
    plan: Plan,
    way: Mapping[tuple[Any, str], int],
) -> None:
    """Articles come in several commits, are replaced and deleted, and are at last merged into one segment."""
    versions = [*first, *(article for number, article in replaced if number < len(first))]
    keyed = list(enumerate(versions, 1))
    dead = {number + 1 for number, _ in replaced if number < len(first)} | deleted
    edges = sorted({0, len(first), len(keyed), *(cut for cut in cuts if cut < len(keyed))})
    segments = [
        write(tmp_path, str(number), keyed[a:b], [k for k in dead if a < k <= b])
        for number, (a, b) in enumerate(zip(edges, edges[1:], strict=False))
    ]
    alive = [(key, article) for key, article in keyed if key not in dead]
    merge_segments(segments, tmp_path / "merged.seg")
    for archive in (segments, [Segment(tmp_path / "merged.seg")]):
        with forced(way):
            tried = engine(archive, tmp_path)
            sources = tried._columns.values  # numbers of values depend on which segment has them first
            here = replace(plan, only=known(plan.only, sources), excluded=known(plan.excluded, sources))
            expected = NaiveAnswer([a for _, a in alive], [k for k, _ in alive], NUMBERS, sources, here)
            check(tried.run(here), expected)
            pages = walk(tried, here)
            assert sorted(pages) == [expected.keys[d] for d in expected.hits]
            if here.sort != "relevance" or isinstance(here.node, Everything):
                assert pages == expected.order()


def known(filters: Mapping[str, frozenset[int]], values: Mapping[str, Sequence[str]]) -> dict[str, frozenset[int]]:
    """The filters with the value numbers that exist; a resolver gives no others."""
    return {
        facet: numbers if facet in KINDS else frozenset(n for n in numbers if n < len(values[facet]))
        for facet, numbers in filters.items()
    }


def test_a_late_engine_says_so(tmp_path: Path) -> None:
    tried = engine([write(tmp_path, "a", [(1, Article(body="port"))])], tmp_path)
    answer = tried.run(Plan(node=Everything(), facets=("person", "date"), deadline=time.monotonic() - 1))
    assert answer.partial and answer.total == 0 and not answer.places
    assert answer.facets == {"person": []} and answer.dates == DateCounts((), (), 0, 0)


@pytest.mark.parametrize(
    "node",
    [
        Phrase("port rabat"),
        Phrase("port rabat", slop=3),
        Near(Word("port"), Word("rabat"), 5),
        Pattern("p*"),
        Pattern("p?r*t*"),
        Fuzzy("prt"),
        Word("port"),
        Or((Word("port"),) * 20),
    ],
)
def test_long_work_looks_at_the_clock(tmp_path: Path, node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between segments and between pieces of a segment, so that an evaluation stops soon after its deadline."""
    body = "port rabat ports porte portes parti"
    segments = [write(tmp_path, str(n), [(20 * n + k, Article(body=body)) for k in range(1, 21)]) for n in range(5)]
    tried = engine(segments, tmp_path)
    looks = 0

    def look() -> float:
        nonlocal looks
        looks += 1
        return float(looks)

    monkeypatch.setattr(gather, "_CHUNK", 1)
    monkeypatch.setattr(proximity, "_CHUNK", 1)
    monkeypatch.setattr("kashaf.search.gather.time.monotonic", look)
    answer = tried.run(Plan(node=node, match="stem", deadline=math.inf))
    assert answer.total == 100 and not answer.partial
    enough = {Phrase: 100, Near: 100, Pattern: 20, Fuzzy: 5, Word: 5, Or: 20}[type(node)]
    assert looks >= enough
    for stop in range(1, looks, 7):
        looks = 0
        assert tried.run(Plan(node=node, match="stem", deadline=stop)).partial
        assert looks == stop + 1


def test_generations_that_share_segments_answer_as_if_opened_afresh(tmp_path: Path) -> None:
    def named(number: int) -> Mention:
        return Mention("person", NAMES[number % 6], NAMES[number % 6])

    days = ["2026-01-20", "2026-01", "", "2025", "1999-12-31", "2026-03-01"]
    parts = [
        write(tmp_path, f"{name}", [
            (10 * number + k, Article(headline="port", body="port " * k, published=days[(number + k) % 6] or None,
                                      source=SOURCES[(number + k) % len(SOURCES)], persons=(named(number + k),)))
            for k in range(1, 8)
        ])
        for number, name in enumerate("abcd")
    ]  # fmt: skip
    plan = Plan(node=Word("port"), match="stem", facets=("person", "source", "date"), date_from="1990", interval="day")
    for shared in (parts[:1], parts[:3], parts, [*parts[:2], parts[3]], parts[1:], parts[:2]):
        fresh = [Segment(segment.file.path) for segment in shared]
        mine, wanted = (engine(segments, tmp_path).run(plan) for segments in (shared, fresh))
        assert (mine.total, mine.places, mine.facets, mine.dates) == (
            wanted.total, wanted.places, wanted.facets, wanted.dates,
        )  # fmt: skip
        assert mine.total
