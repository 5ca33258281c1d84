"""Few segments, and nothing merged that the tiers do not ask for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kashaf.index.manifest import FileEntry, SegmentEntry
from kashaf.index.tiers import MERGE_FACTOR, due


def entry(docs: int, deleted: int = 0) -> SegmentEntry:
    return SegmentEntry(FileEntry("x.seg", 1, 1), docs, (0, 0, docs), deleted)


@pytest.mark.parametrize(
    "rule, sizes, expected",
    [
        ("nothing", [], None),
        ("three small ones are left", [10] * 3, None),
        ("four are not", [10] * 4, (0, 4)),
        ("a large one stays out of it", [1_000_000, *[1] * 3], None),
        ("and still", [1_000_000, *[1] * 4], (1, 5)),
        ("those of a class, with the smaller ones behind them", [*[5_000] * 4, 10], (0, 5)),
        ("small ones join a larger one behind them", [50_000, 10, 10, 5_000], (1, 4)),
        ("each class by itself", [*[5_000] * 3, *[10] * 3], None),
    ],
)
def test_due(rule: str, sizes: list[int], expected: tuple[int, int] | None) -> None:
    assert due([entry(size) for size in sizes]) == expected


def test_many_deletions() -> None:
    assert due([entry(10), entry(10, 4), entry(10, 3)]) == (1, 2)


@given(st.lists(st.sampled_from([1, 1, 1, 500, 5_000, 5_000, 20_000]), max_size=200))
def test_merging_is_bounded(commits: list[int]) -> None:
    """Whatever comes: at most three segments a class, and no article is merged more often than there are classes."""
    sizes: list[int] = []
    written = 0
    for docs in commits:
        sizes.append(docs)
        while (run := due([entry(size) for size in sizes])) is not None:
            merged = sum(sizes[run[0] : run[1]])
            written += merged
            sizes[run[0] : run[1]] = [merged]
    assert sum(sizes) == sum(commits)
    total = max(sum(commits), 1)
    classes = 1
    while total > 1_000:
        total //= MERGE_FACTOR
        classes += 1
    assert len(sizes) < MERGE_FACTOR * classes
    # Below 1,000 articles a class is never left behind: small commits are merged again there.
    small = sum(docs for docs in commits if docs < 1_000)
    assert written <= 2 * classes * sum(commits) + small * 1_000


def test_a_bulk_load_of_sixteen_batches() -> None:
    """Four merges of four, and one of what they made."""
    sizes: list[int] = []
    written = 0
    for _ in range(16):
        sizes.append(5_000)
        while (run := due([entry(size) for size in sizes])) is not None:
            written += sum(sizes[run[0] : run[1]])
            sizes[run[0] : run[1]] = [sum(sizes[run[0] : run[1]])]
    assert sizes == [80_000] and written == 160_000
