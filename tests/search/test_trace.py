"""On which rung each hit matched."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kashaf.search.matches import Matches
from kashaf.search.trace import RUNGS, Leaf, Trace

DOCS = st.sets(st.integers(0, 30))
LEAVES = st.lists(st.tuples(DOCS, DOCS, DOCS), max_size=3)


def _matches(docs: set[int]) -> Matches:
    return Matches(np.array(sorted(docs), np.intp))


@settings(max_examples=50)
@given(LEAVES, st.lists(st.integers(0, 40), unique=True))
def test_a_hit_is_on_the_widest_rung_that_one_of_its_words_needed(
    found: list[tuple[set[int], set[int], set[int]]], hits: list[int]
) -> None:
    trace = Trace(leaves=[Leaf(exact=_matches(e), stem=_matches(s), names=_matches(n)) for e, s, n in found])
    expected = []
    for doc in hits:
        narrowest = [next((place for place, docs in enumerate(leaf) if doc in docs), 0) for leaf in found]
        expected.append(RUNGS[max(narrowest, default=0)])
    assert trace.rungs(hits) == expected
