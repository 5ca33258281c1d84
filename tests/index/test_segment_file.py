"""A segment file gives back what was written, or says that it is damaged."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kashaf.errors import ArchiveDamaged, ArchiveTooNew
from kashaf.index.segment_file import SegmentFile, StringColumn, narrow, string_arrays, write_segment

QUICK = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@QUICK
@given(values=st.lists(st.integers(0, 2**40), max_size=50), texts=st.lists(st.text(), max_size=20))
def test_round_trip(tmp_path: Path, values: list[int], texts: list[str]) -> None:
    strings = [text.encode("utf-8", "surrogatepass") for text in texts]
    arrays = {"numbers": narrow(np.array(values, np.int64)), **string_arrays("texts", strings)}
    write_segment(tmp_path / "a.seg", 7, arrays)
    file = SegmentFile(tmp_path / "a.seg")
    file.verify()
    assert file.docs == 7
    assert file.arrays["numbers"].tolist() == values
    column = StringColumn(file.arrays["texts.bytes"], file.arrays["texts.ends"])
    assert column.all() == [column[n] for n in range(len(column))] == texts


@pytest.mark.parametrize(
    "most, dtype", [(0, "u1"), (255, "u1"), (256, "u2"), (65_535, "u2"), (65_536, "u4"), (2**32, "u8")]
)
def test_the_smallest_type_is_chosen(most: int, dtype: str) -> None:
    assert narrow(np.array([0, most])).dtype == np.dtype(dtype)


@QUICK
@given(place=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_a_flipped_bit_is_found(tmp_path: Path, place: int, bit: int) -> None:
    """Except in the padding between arrays, which nothing reads."""
    path = tmp_path / "b.seg"
    write_segment(path, 3, {"a": np.arange(500, dtype="<u2"), "b": np.arange(16, dtype="<i8")})
    content = bytearray(path.read_bytes())
    padding = len(content) - 128 - (1000 + 24)
    place %= len(content)
    content[place] ^= 1 << bit
    path.write_bytes(content)
    try:
        file = SegmentFile(path)
        file.verify()
    except (ArchiveDamaged, ArchiveTooNew):
        return
    assert padding and file.arrays["a"].tolist() == list(range(500)) and file.arrays["b"].tolist() == list(range(16))


@pytest.mark.parametrize("size", [0, 5, 23, 24, 100, 300])
def test_a_cut_file_is_refused(tmp_path: Path, size: int) -> None:
    path = tmp_path / "c.seg"
    write_segment(path, 3, {"a": np.arange(500, dtype="<u2")})
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(ArchiveDamaged, match="c.seg.*compact --rebuild"):
        SegmentFile(path)


def test_a_newer_format_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "d.seg"
    write_segment(path, 3, {"a": np.arange(5, dtype="<u2")})
    content = bytearray(path.read_bytes())
    content[8] = 99
    path.write_bytes(content)
    with pytest.raises(ArchiveTooNew, match="upgrade"):
        SegmentFile(path)
