"""A column that follows moved names is the column made afresh, and its counts are the articles' own."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kashaf.index.article import Article, Mention
from kashaf.index.entity_columns import NOBODY, EntityColumn, entity_column, with_moved
from kashaf.index.inversion import SegmentBuilder
from kashaf.index.segment import Segment
from kashaf.index.segment_file import write_segment

NAMES = [f"Nom {letter}" for letter in "abcdefgh"]


def segment_of(folder: Path, articles: list[list[int]]) -> Segment:
    builder = SegmentBuilder()
    for number, names in enumerate(articles):
        mentions = tuple(Mention("person", NAMES[n], NAMES[n]) for n in names)
        builder.add(number + 1, Article(id=str(number), body="x", persons=mentions))
    path = folder / "00000001.seg"
    path.unlink(missing_ok=True)
    write_segment(path, *builder.arrays())
    return Segment(path)


def rows(column: EntityColumn) -> list[list[int]]:
    starts = column.starts.tolist()
    return [column.entities[a:b].tolist() for a, b in zip(starts, starts[1:], strict=False)]


articles = st.lists(st.lists(st.integers(0, len(NAMES) - 1), max_size=5), min_size=1, max_size=30)
entities = st.lists(st.integers(NOBODY, 6).filter(bool), min_size=len(NAMES), max_size=len(NAMES))


@settings(max_examples=60, deadline=None)
@given(articles, st.lists(entities, min_size=2, max_size=4), st.sets(st.integers(0, 29)), st.booleans())
def test_moved_is_made_afresh(
    tmp_path_factory: pytest.TempPathFactory,
    articles: list[list[int]],
    states: list[list[int]],
    gone: set[int],
    counted: bool,
) -> None:
    """Whatever names move, one state after the other, with articles deleted meanwhile."""
    segment = segment_of(tmp_path_factory.mktemp("s"), articles)
    here = [NAMES.index(name) for name in segment.mention_names("person")]
    every = np.arange(len(here))
    live = np.array([n not in gone for n in range(len(articles))])
    column = entity_column(segment, "person", np.array(states[0], np.int64)[here])
    for state in states[1:]:
        meant = np.array(state, np.int64)[here]
        column = with_moved(column, segment, "person", every, meant).with_live(live)
        if counted:
            assert column.counts.min(initial=0) == 0
        afresh = entity_column(segment, "person", meant)
        assert rows(column) == rows(afresh)
        assert column.of_name.tolist() == meant.tolist()
        wanted = [sorted({state[n] for n in names} - {NOBODY}) for names in articles]
        assert rows(column) == wanted
        counts = Counter(e for names, stays in zip(wanted, live.tolist(), strict=True) if stays for e in names)
        assert {n: c for n, c in enumerate(column.counts.tolist()) if c} == counts
        for entity in range(7):
            assert sorted(column.names([entity])) == np.flatnonzero(meant == entity).tolist()
