"""Rows of arrays that grow with the archive, against plain joining."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kashaf.index.segment import Segment
from kashaf.search.grown import grown, joined


@dataclass
class Held:
    """What a row asks of a segment: a place to be kept."""

    part: np.ndarray[Any, np.dtype[np.int32]]
    rows: dict[Any, Any] = field(default_factory=dict)


@given(st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=6), min_size=1, max_size=30))
def test_generations_of_any_segments(generations: list[list[int]]) -> None:
    """Segments are added, left out and replaced in any order; every reader keeps seeing its own."""
    held = [Held(np.arange(number, dtype=np.int32) + 100 * number) for number in range(10)]
    seen = []
    for numbers in generations:
        segments = [held[number] for number in numbers]
        parts = [segment.part for segment in segments]
        row = joined(cast("list[Segment]", segments), "parts", np.int32, parts)
        seen.append((row, np.concatenate(parts)))
    for row, wanted in seen:
        assert row.tolist() == wanted.tolist()


def test_what_is_added_alone_is_copied() -> None:
    held = [Held(np.full(50, number, np.int32)) for number in range(3)]
    segments = cast("list[Segment]", held)
    filled: list[int] = []

    def fill(number: int, cells: np.ndarray[Any, Any]) -> None:
        filled.append(number)
        cells[:] = held[number].part[: len(cells)]

    first = grown(segments[:2], "x", np.int32, held[:2], [50, 50], fill)
    second = grown(segments, "x", np.int32, held, [50, 50, 5], fill)
    assert filled == [0, 1, 2] and np.shares_memory(first, second)
    assert grown(segments[:2], "x", np.int32, held[:2], [50, 50], fill).tolist() == first.tolist()
    assert filled == [0, 1, 2]
    grown(segments, "x", np.int32, held, [50, 50, 5], fill, origin="another")
    assert filled == [0, 1, 2, 0, 1, 2]
    assert first.tolist() == [0] * 50 + [1] * 50


def test_no_segments() -> None:
    assert joined([], "x", np.int32, []).tolist() == []
