"""Which neighbouring segments are merged next, so that their number grows with the logarithm of the articles."""

from __future__ import annotations

from collections.abc import Sequence

from kashaf.index.manifest import SegmentEntry

# As many neighbours of one size class are merged, and smaller ones among them; a class holds segments up to so many
# times the one below.
MERGE_FACTOR = 4
SMALLEST_CLASS = 1_000  # articles
# A segment with more than this part deleted is rewritten alone.
MOST_DELETED = 0.3


def due(segments: Sequence[SegmentEntry]) -> tuple[int, int] | None:
    """The first and the one behind the last of the segments to be merged next; None when all is well."""
    for number, entry in enumerate(segments):
        if entry.deleted > MOST_DELETED * entry.docs:
            return number, number + 1
    classes = [_size_class(entry) for entry in segments]
    for number in range(1, len(classes)):
        if classes[number] > classes[number - 1]:  # small ones before a larger one would stay: they join it
            first = number - 1
            while first and classes[first - 1] < classes[number]:
                first -= 1
            return first, number + 1
    for level in range(max(classes, default=0) + 1):
        first = len(classes)
        while first and classes[first - 1] <= level:
            first -= 1
        if classes[first:].count(level) >= MERGE_FACTOR:
            return first, len(classes)
    return None


def _size_class(entry: SegmentEntry) -> int:
    size, number = entry.docs - entry.deleted, 0
    while size > SMALLEST_CLASS:
        size //= MERGE_FACTOR
        number += 1
    return number
