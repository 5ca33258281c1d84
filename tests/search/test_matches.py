"""The algebra of article sets and the choice of the best, against Python's sets and sorting."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kashaf.search import matches, positions
from kashaf.search.matches import Matches, complement, contains, intersect, raised, subtract, unite
from kashaf.search.ranking import best

SIZE = 4_000
# Few and many articles: each way of doing it is taken.
docs = st.one_of(
    st.sets(st.integers(0, SIZE - 1), max_size=12),
    st.integers(1, 9).map(lambda step: set(range(0, SIZE, step))),
    st.tuples(st.integers(0, SIZE), st.integers(0, SIZE)).map(lambda pair: set(range(min(pair), max(pair)))),
)


def made(articles: set[int], score: float | None) -> Matches:
    numbers = np.array(sorted(articles), np.intp)
    return Matches(numbers, None if score is None else np.full(len(numbers), score, np.float32))


def scores(found: Matches) -> dict[int, float]:
    values = [0.0] * len(found) if found.scores is None else found.scores.tolist()
    return dict(zip(found.docs.tolist(), values, strict=True))


@given(left=docs, right=docs)
def test_sets(left: set[int], right: set[int]) -> None:
    one, other = made(left, None), made(right, None)
    assert contains(one.docs, other.docs).tolist() == [d in left for d in sorted(right)]
    assert intersect(one, other).docs.tolist() == sorted(left & right)
    assert subtract(one, other.docs).docs.tolist() == sorted(left - right)
    assert complement(one.docs, SIZE).docs.tolist() == sorted(set(range(SIZE)) - left)
    assert unite([one, other], SIZE).docs.tolist() == sorted(left | right)


@given(parts=st.lists(st.tuples(docs, st.sampled_from([None, 0.5, 2.0])), min_size=1, max_size=4))
def test_scores_add_up(parts: list[tuple[set[int], float | None]]) -> None:
    every = set().union(*(articles for articles, _ in parts))
    total = {d: sum(score or 0.0 for articles, score in parts if d in articles) for d in every}
    found = [made(articles, score) for articles, score in parts]
    assert scores(unite(found, SIZE)) == total
    shared = found[0]
    for part in found[1:]:
        shared = intersect(shared, part)
    common = set.intersection(*(articles for articles, _ in parts))
    assert scores(shared) == {d: total[d] for d in common}


@given(wide=docs, chosen=docs)
def test_some_are_raised(wide: set[int], chosen: set[int]) -> None:
    some = wide & chosen
    found = raised(made(wide, 1.0), made(some, 0.5))
    assert scores(found) == {d: 1.5 if d in some else 1.0 for d in wide}


@given(
    count=st.sampled_from([0, 1, 7, 64, 65, 200, 1_300, 2_000]),
    kinds=st.sampled_from([1, 2, 6, 1_000]),
    seed=st.integers(0, 1 << 30),
    size=st.integers(0, 25),
    dtype=st.sampled_from([np.float32, np.int32, np.int64]),
)
def test_the_best_are_those_of_a_stable_sort(count: int, kinds: int, seed: int, size: int, dtype: type) -> None:
    values = np.random.default_rng(seed).integers(-kinds, kinds, count).tolist()
    expected = sorted(range(len(values)), key=lambda place: -values[place])[:size]
    assert best(np.array(values, dtype), size).tolist() == expected


places = st.sets(st.integers(0, 60), max_size=20).map(sorted)


@pytest.mark.parametrize("searched", [0, 4, 1_000])
@given(words=st.lists(places, min_size=1, max_size=3))
def test_a_phrase_is_words_side_by_side(searched: int, words: list[Sequence[int]]) -> None:
    expected = [start for start in words[0] if all(start + n in word for n, word in enumerate(words))]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(positions, "_SEARCHED", searched)
        assert positions.phrase([np.array(word, np.int64) for word in words]).tolist() == expected


def test_nothing_is_like_nothing() -> None:
    assert len(unite([], SIZE)) == len(intersect(matches.NONE, made({1}, 1.0))) == len(best(np.zeros(0), 3)) == 0
