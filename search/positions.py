"""Phrases and proximity, on sorted places.

A place is one 64-bit number, article << 32 | position; places of a term are sorted, so that "the next word
stands right behind" is one search in a sorted array for all articles at once.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from kashaf.index.article import TEXT_FIELDS, TextField
from kashaf.index.segment import Segment
from kashaf.index.segment_file import Array
from kashaf.search.matches import contains

Places = npt.NDArray[np.int64]
NO_PLACES: Places = np.zeros(0, np.int64)


def places(segment: Segment, terms: Sequence[int] | Array, within: Array | None = None) -> Places:
    """Where any of the terms stands, ascending.

    Args:
        within: only in these articles (ascending).
    """
    parts = []
    for term in terms:
        docs, positions = segment.positions(int(term))
        if within is not None:
            kept = contains(within, docs)
            docs, positions = docs[kept], positions[kept]
        parts.append(docs << 32 | positions)
    if len(parts) == 1:
        only: Places = parts[0]
        return only
    return np.unique(np.concatenate(parts)) if parts else NO_PLACES


def phrase(words: Sequence[Places], slop: int = 0) -> Places:
    """The places of the first word where the others follow in order, with at most `slop` others between."""
    if slop == 0:
        rarest = min(range(len(words)), key=lambda number: len(words[number]))
        starts = words[rarest] - rarest
        for number, word in enumerate(words):
            if number != rarest and len(starts):
                starts = starts[contains(word, starts + number)]
        return starts
    starts = ends = words[0]
    for word in words[1:]:
        following = np.searchsorted(word, ends, side="right")
        there = following < len(word)
        starts, ends = starts[there], word[following[there]]
        near = ends - starts <= len(words) - 1 + slop  # also drops pairs of two articles: their places are far apart
        starts, ends = starts[near], ends[near]
    return np.unique(starts)


def near(left: Places, left_size: int, right: Places, right_size: int, distance: int) -> Places:
    """The places on the left that have one on the right at most `distance` words away, before or behind.

    Args:
        left_size, right_size: words of each side (phrases have several).
    """
    if not len(left) or not len(right):
        return NO_PLACES
    found = np.zeros(len(left), bool)
    behind = np.searchsorted(right, left + left_size)  # first on the right that starts behind the left
    there = behind < len(right)
    found[there] = right[behind[there]] - (left[there] + left_size - 1) <= distance
    before = np.searchsorted(right, left - right_size, side="right") - 1  # last that ends before it
    there = before >= 0
    found[there] |= left[there] - (right[before[there]] + right_size - 1) <= distance
    return left[found]


def in_field(segment: Segment, found: Places, field: TextField | None) -> Places:
    """Those of the places that lie in a field; all when it is None."""
    if field is None or not len(found):
        return found
    inside: Places = found[_field_of(segment, found) == TEXT_FIELDS.index(field)]
    return inside


def count(segment: Segment, found: Places) -> tuple[npt.NDArray[np.int64], Array]:
    """The articles of the places, ascending, and how many lie in each field, shape (n, 3)."""
    if not len(found):
        return NO_PLACES, np.zeros((0, len(TEXT_FIELDS)), np.int64)
    docs = found >> 32
    first = np.flatnonzero(np.concatenate([[True], docs[1:] != docs[:-1]]))
    part = _field_of(segment, found)
    counts = np.stack([np.add.reduceat((part == f).astype(np.int64), first) for f in range(len(TEXT_FIELDS))], 1)
    return docs[first], counts


def _field_of(segment: Segment, found: Places) -> Array:
    starts = segment.field_starts[found >> 32]
    position = found & 0xFFFFFFFF
    part: Array = (position >= starts[:, 1]).astype(np.int64) + (position >= starts[:, 2])
    return part
