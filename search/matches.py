"""Sets of articles of one segment, with scores, as sorted arrays; and the Boolean algebra on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Docs = npt.NDArray[np.integer[Any]]
Scores = npt.NDArray[np.float32]

# Where a union holds more than this part of a segment's articles, adding into one dense array beats sorting.
_DENSE = 32


@dataclass(frozen=True, slots=True)
class Matches:
    """Articles of one segment.

    Attributes:
        docs: article numbers, ascending, distinct, shape (n,).
        scores: shape (n,), float32; None when all are 0.
    """

    docs: Docs
    scores: Scores | None = None

    def __len__(self) -> int:
        return len(self.docs)

    def only(self, kept: npt.NDArray[np.bool_]) -> Matches:
        """The articles where `kept`, shape (n,), is True."""
        return Matches(self.docs[kept], None if self.scores is None else self.scores[kept])

    def has(self, docs: Docs) -> npt.NDArray[np.bool_]:
        """For each of `docs`, whether it is here."""
        return contains(self.docs, docs)


NONE = Matches(np.zeros(0, np.int64))


def contains(docs: Docs, wanted: Docs) -> npt.NDArray[np.bool_]:
    """For each of `wanted`, whether it is among `docs`; both ascending."""
    if not len(docs):
        return np.zeros(len(wanted), bool)
    place = np.searchsorted(docs, wanted)
    place[place == len(docs)] = 0
    return np.asarray(docs[place] == wanted)


def everything(size: int) -> Matches:
    """All articles of a segment."""
    return Matches(np.arange(size))


def intersect(parts: Sequence[Matches]) -> Matches:
    """The articles in all of the parts; scores add up. `parts` is not empty."""
    smallest = min(parts, key=len)
    docs = smallest.docs
    for part in sorted(parts, key=len):
        if part is not smallest and len(docs):
            docs = docs[contains(part.docs, docs)]
    scored = [p for p in parts if p.scores is not None]
    if not scored or not len(docs):
        return Matches(docs)
    total = np.zeros(len(docs), np.float32)
    for part in scored:
        assert part.scores is not None
        total += part.scores if len(part) == len(docs) else part.scores[np.searchsorted(part.docs, docs)]
    return Matches(docs, total)


def unite(parts: Sequence[Matches], size: int) -> Matches:
    """The articles in any of the parts; scores add up.

    Args:
        size: articles of the segment.
    """
    parts = [p for p in parts if len(p)]
    if not parts:
        return NONE
    if len(parts) == 1:
        return parts[0]
    scored = any(p.scores is not None for p in parts)
    if sum(map(len, parts)) * _DENSE > size:
        seen = np.zeros(size, bool)
        for part in parts:
            seen[part.docs] = True
        docs: Docs = np.flatnonzero(seen)
        if not scored:
            return Matches(docs)
        dense = np.zeros(size, np.float32)
        for part in parts:
            if part.scores is not None:
                dense[part.docs] += part.scores
        return Matches(docs, dense[docs])
    together = np.concatenate([p.docs for p in parts])
    if not scored:
        return Matches(np.unique(together))
    scores = np.concatenate([np.zeros(len(p), np.float32) if p.scores is None else p.scores for p in parts])
    return Matches(*sum_by_doc(together, scores))


def sum_by_doc(docs: Docs, values: npt.NDArray[np.float32]) -> tuple[Docs, Scores]:
    """Distinct articles, ascending, and the sum of the values of each."""
    order = np.argsort(docs, kind="stable")
    docs, values = docs[order], values[order]
    first = np.flatnonzero(np.concatenate([[True], docs[1:] != docs[:-1]]))
    return docs[first], np.add.reduceat(values, first).astype(np.float32)


def subtract(matches: Matches, removed: Matches) -> Matches:
    """The articles that are not in `removed`."""
    return matches.only(~removed.has(matches.docs))


def complement(matches: Matches, size: int) -> Matches:
    """The other articles of the segment."""
    absent = np.ones(size, bool)
    absent[matches.docs] = False
    return Matches(np.flatnonzero(absent))
