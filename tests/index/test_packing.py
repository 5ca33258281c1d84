"""Packed numbers come back, in runs and alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kashaf.index.packing import SPARE, WIDEST, bits_for, pack, unpack, unpack_at
from kashaf.index.segment_file import Array


def stored(values: list[int], width: int) -> Array:
    return np.concatenate([pack(np.array(values, np.int64), width), np.zeros(SPARE, np.uint8)])


@settings(deadline=None, max_examples=150)
@given(data=st.data(), width=st.integers(1, WIDEST))
def test_round_trip(data: st.DataObject, width: int) -> None:
    values = data.draw(st.lists(st.integers(0, (1 << width) - 1), max_size=60))
    packed = stored(values, width)
    bits = [value >> bit & 1 for value in values for bit in range(width)]
    assert packed[:-SPARE].tolist() == np.packbits(np.array(bits, np.uint8), bitorder="little").tolist()
    start = data.draw(st.integers(0, len(values)))
    count = data.draw(st.integers(0, len(values) - start))
    assert unpack(packed, width, start, count).tolist() == values[start : start + count]
    places = data.draw(st.lists(st.integers(0, len(values) - 1), max_size=9)) if values else []
    assert unpack_at(packed, width, np.array(places, np.int64)).tolist() == [values[place] for place in places]


def test_long_runs() -> None:
    for width in (1, 7, 10, 25, 26, 31):
        values = np.random.default_rng(width).integers(0, 1 << width, 10_001)
        packed = stored(values.tolist(), width)
        assert np.array_equal(unpack(packed, width, 0, 10_001), values)
        assert np.array_equal(unpack(packed, width, 4_999, 5_000), values[4_999:9_999])


def test_what_lies_beyond_the_end_is_an_error() -> None:
    packed = stored([1, 2, 3], 9)
    with pytest.raises(IndexError):
        unpack(packed, 9, 1, 3)
    with pytest.raises(IndexError):
        unpack(packed, 9, -1, 2)
    with pytest.raises(IndexError):
        unpack_at(packed, 9, np.array([40]))


def test_bits() -> None:
    assert bits_for(np.array([0, 1, 2, 255, 256, (1 << 31) - 1])).tolist() == [1, 1, 2, 8, 9, 31]
