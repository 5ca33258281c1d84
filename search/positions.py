"""Phrases and proximity, on sorted places.

A place is one 64-bit number, article << 32 | position; places of a term are sorted, so that "the next word
stands right behind" is one search in a sorted array for all articles at once.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from kashaf.index.segment import Segment
from kashaf.search.matches import Docs, contains, first_of_runs

Places = npt.NDArray[np.int64]
NO_PLACES: Places = np.zeros(0, np.int64)
# Searching one place costs as much as sorting so many together.
_SEARCHED = 4


class TermPlaces:
    """Reads where a term of a segment stands, in the articles that it shares with other words.

    Attributes:
        size: postings.
    """

    def __init__(self, segment: Segment, term: int) -> None:
        self._segment = segment
        self._term = term
        self._rows = NO_PLACES  # of the shared articles in the postings
        self.size = segment.term_docs(term)

    def begin(self) -> Docs:
        """The articles that have it, ascending."""
        docs = self._segment.lists.docs(self._term)
        self._rows = np.arange(len(docs))
        return docs

    def meet(self, docs: Docs) -> Docs:
        """Which of the articles have it, as places in `docs`."""
        rows = self._segment.find(self._term, docs)
        there = (rows >= 0).nonzero()[0]
        self._rows = rows.take(there)
        return there

    def keep(self, there: Docs) -> None:
        """Leaves those of the shared articles that another word has too."""
        self._rows = self._rows.take(there)

    def places(self, docs: Docs, part: slice) -> Places:
        """Where it stands in a part of the shared articles `docs`."""
        sizes, positions = self._segment.positions_of(self._term, self._rows[part])
        return np.repeat(docs[part] << 32, sizes) | positions


class ClassPlaces:
    """The same for several terms of a segment as one word."""

    def __init__(self, segment: Segment, terms: Sequence[int]) -> None:
        self._segment = segment
        self._terms = terms
        self.size = int(segment.doc_counts(np.asarray(terms, np.intp)).sum())

    def begin(self) -> Docs:
        """See TermPlaces."""
        seen = np.zeros(self._segment.docs, bool)
        seen[self._segment.postings_of(self._terms)[1].docs] = True
        return seen.nonzero()[0]

    def meet(self, docs: Docs) -> Docs:
        """See TermPlaces."""
        return contains(self.begin(), docs).nonzero()[0]

    def keep(self, there: Docs) -> None:
        """See TermPlaces."""

    def places(self, docs: Docs, part: slice) -> Places:
        """See TermPlaces."""
        here = docs[part]
        parts = [NO_PLACES]
        for term in self._terms:
            one = TermPlaces(self._segment, int(term))
            there = one.meet(here)
            if len(there):
                parts.append(one.places(here.take(there), slice(None)))
        places = np.concatenate(parts)
        places.sort()
        return places.take(first_of_runs(places)) if len(places) else places


def reader(segment: Segment, terms: Sequence[int]) -> TermPlaces | ClassPlaces:
    """What reads the places of a word; `terms` is not empty."""
    return TermPlaces(segment, terms[0]) if len(terms) == 1 else ClassPlaces(segment, terms)


def shared_docs(words: Sequence[TermPlaces | ClassPlaces]) -> Docs:
    """The articles that have all of the words, which are ready to be read there afterwards."""
    by_size = sorted(words, key=lambda word: word.size)
    docs = by_size[0].begin()
    for done, word in enumerate(by_size[1:], 1):
        there = word.meet(docs)
        if len(there) < len(docs):
            docs = docs.take(there)
            for other in by_size[:done]:
                other.keep(there)
    return docs


def phrase(words: Sequence[Places], slop: int = 0) -> Places:
    """The places of the first word where the others follow in order, with at most `slop` others between."""
    if slop == 0:
        by_size = sorted(range(len(words)), key=lambda number: len(words[number]))
        starts = words[by_size[0]] - by_size[0]
        for number in by_size[1:]:
            starts = _shared(starts + number, words[number]) - number
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


def _shared(left: Places, right: Places) -> Places:
    """The places in both; all ascending, distinct."""
    few, many = (left, right) if len(left) < len(right) else (right, left)
    if not len(few):
        return few
    if len(few) * _SEARCHED < len(many):
        found = many.searchsorted(few)
        found[found == len(many)] = 0
        same: Docs = (many.take(found) == few).nonzero()[0]
        return few.take(same)
    together = np.concatenate([few, many])
    together.sort()
    twice: Docs = (together[1:] == together[:-1]).nonzero()[0]
    return together.take(twice)
