"""Sets of articles, with scores, as sorted arrays; and the Boolean algebra on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Docs = npt.NDArray[np.intp]  # native index type: anything else would be copied at every gather
Scores = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

# Where a union holds more than this part of all articles, adding into one dense array beats sorting.
_DENSE = 32
# Looking up one article in a sorted array costs as much as marking and testing this many.
_LOOK_UP = 16


@dataclass(frozen=True, slots=True)
class Matches:
    """Articles.

    Attributes:
        docs: article numbers, ascending, distinct, shape (n,).
        scores: shape (n,), float32; None when all are 0.
    """

    docs: Docs
    scores: Scores | None = None

    def __len__(self) -> int:
        return len(self.docs)

    def only(self, kept: Mask) -> Matches:
        """The articles where `kept`, shape (n,), is True."""
        places = kept.nonzero()[0]
        if len(places) == len(self.docs):
            return self
        return Matches(self.docs.take(places), None if self.scores is None else self.scores.take(places))


NO_DOCS: Docs = np.zeros(0, np.intp)
NONE = Matches(NO_DOCS)


def contains(docs: Docs, wanted: Docs) -> Mask:
    """For each of `wanted`, whether it is among `docs`; both ascending, distinct."""
    few, many = (docs, wanted) if len(docs) < len(wanted) else (wanted, docs)
    if not len(few):
        return np.zeros(len(wanted), bool)
    top = max(int(many[-1]), int(few[-1])) + 1
    if len(few) * _LOOK_UP > len(many) + top // _LOOK_UP:
        marked = np.zeros(top, bool)
        marked[docs] = True
        return marked.take(wanted)
    places = many.searchsorted(few)
    if places[-1] == len(many):
        places[places == len(many)] = 0
    same: Mask = many.take(places) == few
    if few is wanted:
        return same
    found = np.zeros(len(wanted), bool)
    found[places[same]] = True
    return found


def intersect(left: Matches, right: Matches) -> Matches:
    """The articles in both; scores add up."""
    if len(left) > len(right):
        left, right = right, left
    shared = left.only(contains(right.docs, left.docs))
    if right.scores is None or not len(shared):
        return shared
    scores = right.scores
    if len(right) != len(shared):
        scores = scores.take(right.docs.searchsorted(shared.docs))
    return Matches(shared.docs, scores if shared.scores is None else shared.scores + scores)


def unite(parts: Sequence[Matches], size: int) -> Matches:
    """The articles in any of the parts; scores add up.

    Args:
        size: all articles, in the parts or not.
    """
    parts = [p for p in parts if len(p)]
    if len(parts) <= 1:
        return parts[0] if parts else NONE
    scored = any(p.scores is not None for p in parts)
    if sum(map(len, parts)) * _DENSE > size:
        seen = np.zeros(size, bool)
        for part in parts:
            seen[part.docs] = True
        docs = seen.nonzero()[0]
        if not scored:
            return Matches(docs)
        dense = np.zeros(size, np.float32)
        for part in parts:
            if part.scores is not None:
                dense[part.docs] += part.scores
        return Matches(docs, dense.take(docs))
    together = np.concatenate([p.docs for p in parts])
    if not scored:
        together.sort()
        return Matches(together[first_of_runs(together)])
    scores = np.concatenate([np.zeros(len(p), np.float32) if p.scores is None else p.scores for p in parts])
    return Matches(*sum_by_doc(together, scores))


def first_of_runs(values: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """Where each run of equal values begins; `values` is not empty."""
    new = np.ones(len(values), bool)
    np.not_equal(values[1:], values[:-1], out=new[1:])
    return new.nonzero()[0]


def sum_by_doc(docs: Docs, values: npt.NDArray[np.float32]) -> tuple[Docs, Scores]:
    """Distinct articles, ascending, and the sum of the values of each; `docs` is not empty."""
    order = docs.argsort(kind="stable")
    docs = docs.take(order)
    first = first_of_runs(docs)
    return docs.take(first), np.add.reduceat(values.take(order), first)


def raised(matches: Matches, some: Matches) -> Matches:
    """The articles with the scores of `some` of them added to their own."""
    if matches.scores is None or some.scores is None or not len(some):
        return matches
    if len(some) * _LOOK_UP < int(matches.docs[-1]):
        scores = matches.scores.copy()
        scores[matches.docs.searchsorted(some.docs)] += some.scores
        return Matches(matches.docs, scores)
    dense = np.zeros(int(matches.docs[-1]) + 1, np.float32)
    dense[some.docs] = some.scores
    return Matches(matches.docs, matches.scores + dense.take(matches.docs))


def subtract(matches: Matches, removed: Docs) -> Matches:
    """The articles that are not in `removed`."""
    return matches.only(~contains(removed, matches.docs)) if len(removed) else matches


def complement(docs: Docs, size: int) -> Matches:
    """The other articles."""
    absent = np.ones(size, bool)
    absent[docs] = False
    return Matches(absent.nonzero()[0])
