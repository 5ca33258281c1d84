"""The array engine against the plain reference, on random archives and queries."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kashaf.index.article import Article
from kashaf.index.inversion import SegmentBuilder
from kashaf.index.merge import merge_segments
from kashaf.index.segment import Segment
from kashaf.index.segment_file import write_segment
from kashaf.index.snapshot import Snapshot
from kashaf.search.columns import Columns
from kashaf.search.evaluate import Evaluator
from kashaf.search.gather import Late
from kashaf.search.patterns import shape_of
from kashaf.search.query import (
    And,
    DateRange,
    Everything,
    Fuzzy,
    Near,
    Node,
    Not,
    Nothing,
    Or,
    Pattern,
    Phrase,
    Value,
    Word,
    Words,
)
from kashaf.search.scoring import Scorer
from tests.search.naive import Naive, like

# Few words, so that they meet; families of forms, both scripts, function words.
WORDS = [
    "ministre", "ministres", "national", "nationale", "nationaux", "de", "la", "port", "ports", "rabat",
    "الحكومة", "حكومة", "والحكومة", "المغرب", "مغربية", "في", "5g", "tanger", "port",
]  # fmt: skip
SOURCES = [None, "Le Matin", "Hespress", "LE MATIN"]
DATES = [None, "2026", "2026-01", "2026-02", "2026-01-15", "2026-02-02", "2025-12-31"]

texts = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)
articles = st.builds(
    Article,
    headline=st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join),
    standfirst=st.just("") | texts,
    body=texts,
    source=st.sampled_from(SOURCES),
    published=st.sampled_from(DATES),
)
fields = st.sampled_from([None, None, None, "headline", "standfirst", "body"])
words = st.builds(Word, st.sampled_from(WORDS), fields)
plain_words = st.builds(Word, st.sampled_from(WORDS))
phrases = st.builds(
    Phrase, st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join), fields, st.integers(0, 3)
)
plain_phrases = st.builds(Phrase, st.lists(st.sampled_from(WORDS), min_size=1, max_size=2).map(" ".join))
leaves: st.SearchStrategy[Node] = st.one_of(
    words,
    phrases,
    st.builds(Near, plain_words, plain_words | plain_phrases, st.integers(1, 4), fields),
    st.builds(Pattern, st.sampled_from(["min*", "na?ional*", "ال*", "p*s", "port", "zz*"]), fields),
    st.builds(Fuzzy, st.sampled_from(["ministr", "prt", "حكومه", "rabbat"]), st.integers(1, 2), fields),
    st.builds(Value, st.just("source"), st.sampled_from(["le matin", "Hespress", "absent"])),
    st.builds(DateRange, st.sampled_from([None, "2026", "2026-01-10"]), st.sampled_from([None, "2026-02", "2026"])),
    st.just(DateRange(undated=True)),
    st.just(Everything()),
    st.just(Nothing()),
)


def combined(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    some = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return st.one_of(st.builds(And, some), st.builds(Or, some), st.builds(Words, some), st.builds(Not, inner))


trees = st.recursive(leaves, combined, max_leaves=6)


# Set it for a long run; the count of cases of each random test against a reference.
CASES = int(os.environ.get("KASHAF_ORACLE", "0"))


def write(folder: Path, name: str, given_articles: Sequence[tuple[int, Article]], dead: Sequence[int] = ()) -> Segment:
    builder = SegmentBuilder()
    for key, article in given_articles:
        builder.add(key, article)
    docs, arrays = builder.arrays()
    write_segment(folder / f"{name}.seg", docs, arrays)
    if not dead:
        return Segment(folder / f"{name}.seg")
    gone = np.array([key in dead for key, _ in given_articles])
    (folder / f"{name}.del").write_bytes(np.packbits(gone).tobytes())
    return Segment(folder / f"{name}.seg", folder / f"{name}.del")


def snapshot_of(segments: Sequence[Segment], folder: Path) -> Snapshot:
    snapshot = Snapshot(folder, None)
    snapshot.segments = tuple(segments)
    snapshot.live_docs = sum(s.live_docs for s in segments)
    return snapshot


def run(snapshot: Snapshot, node: Node, **given_options: Any) -> dict[int, float]:
    """Key -> score of every match."""
    options: dict[str, Any] = {"match": "stem", "words": "auto", "deadline": time.monotonic() + 60} | given_options
    matches = evaluator_of(snapshot, **options).evaluate(node)
    assert (np.diff(matches.docs) > 0).all()
    scores = matches.scores if matches.scores is not None else np.zeros(len(matches))
    keys = np.concatenate([segment.keys for segment in snapshot.segments])
    return dict(zip(keys[matches.docs].tolist(), scores.tolist(), strict=True))


def evaluator_of(snapshot: Snapshot, **options: Any) -> Evaluator:
    columns = Columns(snapshot, {"person": {}, "organisation": {}})
    scorer = Scorer(columns.collection, snapshot.average_lengths)
    return Evaluator(scorer, columns, namer=None, finder=lambda kind, text: (), **options)


@settings(deadline=None, max_examples=CASES or 150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    archive=st.lists(st.tuples(articles, st.booleans()), min_size=1, max_size=14),
    cuts=st.lists(st.integers(0, 14), max_size=2),
    tree=trees,
    match=st.sampled_from(["exact", "stem"]),
    mode=st.sampled_from(["all", "any", "auto"]),
)
def test_matches_and_scores_are_those_of_the_reference(
    tmp_path: Path, archive: list[tuple[Article, bool]], cuts: list[int], tree: Node, match: str, mode: str
) -> None:
    """Over several segments with deletions, and again after merging them."""
    keyed = [(number + 1, article) for number, (article, _) in enumerate(archive)]
    dead = [number + 1 for number, (_, deleted) in enumerate(archive) if deleted]
    edges = sorted({0, len(keyed), *(cut for cut in cuts if cut < len(keyed))})
    segments = [
        write(tmp_path, str(number), keyed[a:b], [k for k in dead if a < k <= b])
        for number, (a, b) in enumerate(zip(edges, edges[1:], strict=False))
    ]
    alive = [(key, article) for key, article in keyed if key not in dead]
    expected = Naive([article for _, article in alive]).search(tree, match, mode)
    wanted = {alive[number][0]: score for number, score in expected.items()}

    assert run(snapshot_of(segments, tmp_path), tree, match=match, words=mode) == pytest.approx(
        wanted, rel=1e-4, abs=1e-6
    )

    merge_segments(segments, tmp_path / "merged.seg")
    merged = Segment(tmp_path / "merged.seg")
    merged.verify()
    assert run(snapshot_of([merged], tmp_path), tree, match=match, words=mode) == pytest.approx(
        wanted, rel=1e-4, abs=1e-6
    )


def test_a_late_search_stops(tmp_path: Path) -> None:
    snapshot = snapshot_of([write(tmp_path, "a", [(1, Article(body="port"))])], tmp_path)
    with pytest.raises(Late):
        run(snapshot, Word("port"), deadline=time.monotonic() - 1)


def test_a_compound_is_found_by_its_parts_and_joined(tmp_path: Path) -> None:
    given_articles = [
        (1, Article(body="le vice-président du conseil")),
        (2, Article(body="les vice présidents")),
        (3, Article(body="le vicepresident")),
        (4, Article(body="président du vice")),
    ]
    snapshot = snapshot_of([write(tmp_path, "a", given_articles)], tmp_path)
    assert set(run(snapshot, Word("vice-président"))) == {1, 2, 3}
    assert set(run(snapshot, Word("vice-président"), match="exact")) == {1, 3}
    assert set(run(snapshot, Word("vicepresident"), match="exact")) == {1, 3}


def test_function_words_ask_for_nothing_beside_others(tmp_path: Path) -> None:
    given_articles = [(1, Article(body="port de Tanger")), (2, Article(body="port Tanger")), (3, Article(body="de la"))]
    snapshot = snapshot_of([write(tmp_path, "a", given_articles)], tmp_path)
    assert set(run(snapshot, Words((Word("port"), Word("de"), Word("tanger"))))) == {1, 2}
    assert set(run(snapshot, Words((Word("de"), Word("la"))))) == {3}


def test_a_phrase_stays_in_its_field(tmp_path: Path) -> None:
    given_articles = [(1, Article(headline="le port", body="Tanger s'ouvre")), (2, Article(body="le port Tanger"))]
    snapshot = snapshot_of([write(tmp_path, "a", given_articles)], tmp_path)
    assert set(run(snapshot, Phrase("port Tanger"))) == {2}
    assert set(run(snapshot, Near(Word("port"), Word("Tanger"), 50))) == {2}


def test_a_pattern_is_bounded_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kashaf.search.expand.MAX_EXPANSION", 2)
    body = "aa ab ab ac ac ac"
    snapshot = snapshot_of(
        [write(tmp_path, "a", [(1, Article(body=body)), (2, Article(body="ac ab")), (3, Article(body="aa"))])], tmp_path
    )
    evaluator = evaluator_of(snapshot, match="stem", words="auto", deadline=time.monotonic() + 9)
    evaluator.evaluate(Pattern("a*"))
    assert len(evaluator.trace.patterns) == 2
    assert evaluator.trace.warnings and evaluator.trace.warnings[0].startswith("too-many-forms: ")


@pytest.mark.parametrize("shape", ["a*b", "a*b*", "a?c", "a*b?*c", "a**b", "ab", "a*bc*bc", "a?*"])
@given(form=st.text("abc", max_size=8))
def test_a_shape_is_matched_like_the_plain_recursion(shape: str, form: str) -> None:
    assert bool(shape_of(shape).fullmatch(form)) == like(form, shape)


def test_a_pattern_of_many_stars_is_linear() -> None:
    started = time.process_time()
    assert not shape_of("a*" * 60 + "b").fullmatch("a" * 5_000)
    assert time.process_time() - started < 1
