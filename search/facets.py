"""Exact facet counts over all matching articles.

Within a facet several values are OR-ed and its own counts ignore its own filter, so that the others stay
choosable; between facets they are AND-ed. One article may count for two persons: counts need not add up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Collection as Container
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from kashaf.index.article import Kind
from kashaf.index.segment_file import Array
from kashaf.search.columns import Columns, Mentions
from kashaf.search.matches import Docs, Mask, Matches, first_of_runs
from kashaf.search.ranking import best
from kashaf.search.request import Interval

Counts = npt.NDArray[np.int64]
# For each of some articles, whether it passes a filter.
Test = Callable[[Docs], Mask]
# Fewer values than this part of the numbers in use: sorting them beats counting into one cell a number.
_SPARSE = 8


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Matching articles with every facet filter applied, and with all but one.

    Attributes:
        hits: what the request answers.
        beside: facet -> the articles its own counts are over, where its own filter changes them.
    """

    hits: Matches
    beside: Mapping[str, Docs]


def narrow(found: Matches, only: Mapping[str, Test], excluded: Mapping[str, Test], counted: Container[str]) -> Narrowed:
    """Applies the filters: OR within a facet (its test), AND between facets.

    Args:
        counted: the facets whose `beside` is wanted.
    """
    for test in excluded.values():
        found = found.only(~test(found.docs))
    passed = {facet: test(found.docs) for facet, test in only.items()}
    if not passed:
        return Narrowed(found, {})
    beside = {}
    for facet in passed:
        if facet in counted:
            others = [mask for other, mask in passed.items() if other != facet]
            beside[facet] = found.docs[np.logical_and.reduce(others)] if others else found.docs
    return Narrowed(found.only(np.logical_and.reduce(list(passed.values()))), beside)


@dataclass(frozen=True, slots=True)
class Tally:
    """Articles by number.

    Attributes:
        numbers: ascending; None: counts[n] belongs to number n.
        counts: shape of `numbers`.
    """

    numbers: Docs | None
    counts: Counts

    def top(self, size: int) -> list[tuple[int, int]]:
        """The `size` numbers with the highest counts above 0, ties by number."""
        places = best(self.counts, size)
        counts = self.counts.take(places)
        numbers = places if self.numbers is None else self.numbers.take(places)
        return [pair for pair in zip(numbers.tolist(), counts.tolist(), strict=True) if pair[1]]

    def of(self, number: int) -> int:
        """The articles of a number."""
        if self.numbers is None:
            return int(self.counts[number]) if number < len(self.counts) else 0
        place = int(self.numbers.searchsorted(number))
        return int(self.counts[place]) if place < len(self.numbers) and self.numbers[place] == number else 0

    def among(self, wanted: Container[int]) -> Tally:
        """Only the wanted numbers."""
        numbers = np.array(sorted(wanted), np.intp)
        return Tally(numbers, np.fromiter(map(self.of, numbers.tolist()), np.int64, len(numbers)))


class Counter:
    """Counts some articles, none of them deleted: over themselves, or over the others where these are fewer."""

    def __init__(self, columns: Columns, docs: Docs) -> None:
        self._columns = columns
        self._collection = columns.collection
        self._docs = docs
        self._whole = len(docs) == self._collection.live_docs

    @cached_property
    def _others(self) -> Docs | None:
        """The articles that are not counted, where they are fewer; deleted ones are in neither."""
        if 2 * len(self._docs) <= self._collection.live_docs:
            return None
        live = self._collection.live
        absent = np.ones(self._collection.docs, bool) if live is None else live.copy()
        absent[self._docs] = False
        return absent.nonzero()[0]

    def entities(self, kind: Kind) -> Tally:
        """Articles by entity number."""
        mentions = self._columns.mentions(kind)
        if self._whole:
            return Tally(None, mentions.counts)
        if self._others is not None:
            return Tally(None, mentions.counts - np.bincount(_runs(mentions, self._others), minlength=mentions.most))
        run = _runs(mentions, self._docs)
        if len(run) * _SPARSE > mentions.most:
            return Tally(None, np.bincount(run, minlength=mentions.most))
        if not len(run):
            return Tally(run, run)
        run.sort()
        first = first_of_runs(run)
        return Tally(run.take(first), np.diff(first, append=len(run)))

    def values(self, facet: str) -> Tally:
        """Articles by value number of a single-valued facet; number 0, no value, is left out."""
        counts = self._cells(self._columns.column(facet), len(self._columns.values[facet]))
        counts[0] = 0
        return Tally(None, counts)

    def dates(self, interval: Interval) -> Counts:
        """Articles by bin of their publication date."""
        bins = self._collection.bins(interval)
        return self._cells(bins.of, len(bins))

    def _cells(self, column: Array, width: int) -> Counts:
        """Articles by what one column has for them."""
        if self._whole and self._collection.live is None:
            return np.bincount(column, minlength=width)
        return np.bincount(column.take(self._docs), minlength=width)


def _runs(mentions: Mentions, docs: Docs) -> Docs:
    """The entities of the articles, in a row."""
    first, last = mentions.starts.take(docs), mentions.starts[1:].take(docs)
    there = (last > first).nonzero()[0]
    if len(there) < len(docs):
        first, last = first.take(there), last.take(there)
    if not len(there):
        return there
    # Steps of one inside a run, from the end of a run to the start of the next one between them.
    ends = (last - first).cumsum()
    steps = np.ones(int(ends[-1]), np.intp)
    steps[0] = first[0]
    steps[ends[:-1]] = first[1:] - last[:-1] + 1
    return mentions.entities.take(steps.cumsum())
