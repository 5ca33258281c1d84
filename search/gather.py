"""The articles of terms, gathered from the segments and scored: what the leaves of a query tree stand on."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from kashaf.index.article import TEXT_FIELDS, TextField
from kashaf.index.posting_lists import Postings
from kashaf.index.segment import Segment
from kashaf.search.collection import Collection
from kashaf.search.matches import NO_DOCS, Docs, Matches, first_of_runs, sum_by_doc
from kashaf.search.scoring import Scorer, Weights

Numbers = Sequence[int]
NO_WEIGHTS: Weights = np.zeros(0, np.float32)
_NO_CODES = np.zeros(0, np.uint8)  # where only articles are asked for
# Looking up one article in the postings of a term costs as much as reading this many postings.
_LOOK_UP = 3
# So many terms are read faster one by one than together.
_FEW = 40
# Postings of a word of many terms that are held in memory at a time.
_CHUNK = 1 << 20


class Terms:
    """The terms that stand for one word.

    Attributes:
        by_segment: their numbers in each segment.
        single: whether no segment has several.
    """

    def __init__(self, segments: Sequence[Segment], by_segment: Sequence[Numbers]) -> None:
        self.by_segment = by_segment
        self.single = max(map(len, by_segment), default=0) <= 1
        self._segments = segments

    @cached_property
    def sizes(self) -> list[Docs]:
        """The postings of each term, one array a segment."""
        return [
            s.doc_counts(np.asarray(here, np.intp)) for s, here in zip(self._segments, self.by_segment, strict=True)
        ]

    @cached_property
    def postings(self) -> int:
        """How many postings they have together."""
        if self.single:
            pairs = zip(self._segments, self.by_segment, strict=True)
            return sum(segment.term_docs(here[0]) for segment, here in pairs if len(here))
        return sum(int(sizes.sum()) for sizes in self.sizes)


class Late(Exception):
    """The time budget has ended; what was found until then stands."""


class Gatherer:
    """Gathers the articles of terms over one collection, for one evaluation.

    Args:
        deadline: `time.monotonic` value at which it stops with Late.
        scored: False where the order of hits does not depend on scores.
    """

    def __init__(self, collection: Collection, scorer: Scorer, deadline: float, scored: bool = True) -> None:
        self.collection = collection
        self.segments = collection.segments
        self._scorer = scorer
        self._deadline = deadline
        self._scored = scored
        self._forms: dict[str, Terms] = {}
        self._stems: dict[str, Terms] = {}
        # Those of the last word read: its family, which is read next, has them too.
        self._recent: dict[tuple[int, int], Postings] = {}

    def tick(self) -> None:
        """Raises Late when the deadline has passed."""
        if time.monotonic() > self._deadline:
            raise Late

    def terms(self, by_segment: Sequence[Numbers]) -> Terms:
        """Some terms of each segment as one word."""
        return Terms(self.segments, by_segment)

    def form(self, form: str) -> Terms:
        """The term of a form in each segment, where it has one."""
        terms = self._forms.get(form)
        if terms is None:
            found = [segment.term(form) for segment in self.segments]
            terms = self._forms[form] = self.terms([() if term is None else (term,) for term in found])
        return terms

    def stem(self, stem: str) -> Terms:
        """The terms of a stem class in each segment."""
        terms = self._stems.get(stem)
        if terms is None:
            terms = self._stems[stem] = self.terms([segment.stem_terms(stem) for segment in self.segments])
        return terms

    def holders(self, docs: Docs) -> int:
        """Live articles among `docs`."""
        live = self.collection.live
        return len(docs) if live is None else int(np.count_nonzero(live.take(docs)))

    # Terms

    def group(
        self, terms: Terms, only: TextField | None = None, weight: float = 1.0, within: Docs | None = None
    ) -> Matches:
        """The articles with any of the terms, scored as if they were one term.

        Args:
            only: the only text field to look in.
            weight: what the scores are multiplied by.
            within: articles outside of these may be left out.
        """
        self.tick()
        if not terms.single:
            docs, weights = self._sum(terms, only)
            holders = self.holders(docs)
        elif within is not None and only is None and len(within) * _LOOK_UP < terms.postings:
            docs, weights = self._look_up(terms, within)
            holders = self._count(terms)
        else:
            docs, weights = self._read(terms, only)
            holders = self.holders(docs)
        return self.scored(docs, weights, weight * self._scorer.rarity(holders))

    def scored(self, docs: Docs, weights: Weights | None, rarity: float) -> Matches:
        """Articles with the scores that their weighted frequencies make; None: scores are not asked for."""
        return Matches(docs, None if weights is None else self._scorer.saturate(weights, rarity))

    def weigh(self, docs: Docs, frequencies: npt.NDArray[np.float32]) -> Weights | None:
        """The weighted frequencies of articles, from those by field, shape (n, 3); None: not asked for."""
        return self._scorer.weigh(docs, frequencies) if self._scored else None

    def rarity(self, docs: Docs) -> float:
        """How telling it is to be one of `docs`."""
        return self._scorer.rarity(self.holders(docs))

    def _read(self, terms: Terms, only: TextField | None) -> tuple[Docs, Weights | None]:
        """The articles of the one term of each segment, and what it weighs there."""
        docs: list[Docs] = []
        codes: list[Docs] = []
        coded = self._scored or only is not None
        self._recent = {}
        for number, here in enumerate(terms.by_segment):
            if len(here):
                found = self._recent[number, here[0]] = self._postings(number, here[0], coded)
                self._collect(number, found, only, docs, codes)
        return self._weighed(_joined(docs), codes, only)

    def _postings(self, number: int, term: int, coded: bool) -> Postings:
        """The postings of a term of a segment, without their codes where only articles are asked for."""
        known = self._recent.get((number, term))
        if known is None:
            lists = self.segments[number].lists
            known = Postings(lists.docs(term), lists.codes(term) if coded else _NO_CODES)
        return known

    def _several(self, number: int, terms: Numbers, coded: bool) -> Postings:
        """The postings of several terms of a segment, term after term."""
        if len(terms) > _FEW:
            return self.segments[number].postings_of(terms)[1]
        found = [self._postings(number, int(term), coded) for term in terms]
        return Postings(_joined([part.docs for part in found]), np.concatenate([part.codes for part in found]))

    def _collect(
        self, number: int, postings: Postings, only: TextField | None, docs: list[Docs], codes: list[Docs]
    ) -> None:
        """Adds some postings of a segment, numbered over all segments."""
        base = self.collection.bases[number]
        docs.append(postings.docs + base if base else postings.docs)
        if self._scored or only is not None:
            codes.append(np.add(postings.codes, self._scorer.code_bases[number], dtype=np.intp))

    def _weighed(self, docs: Docs, codes: list[Docs], only: TextField | None) -> tuple[Docs, Weights | None]:
        """The articles that have a posting in the field asked for, and what it weighs."""
        if only is None:
            return docs, self._scorer.weights(docs, _joined(codes)) if self._scored else None
        field = TEXT_FIELDS.index(only)
        frequencies = self._scorer.frequencies[:, field].take(_joined(codes))
        there = frequencies.nonzero()[0]
        docs = docs.take(there)
        return docs, frequencies.take(there) * self._scorer.norms(docs, field) if self._scored else None

    def _sum(self, terms: Terms, only: TextField | None) -> tuple[Docs, Weights | None]:
        """The articles of several terms a segment, each once, and what all of them weigh there together."""
        size = self.collection.docs
        dense = None if terms.postings * 8 < size else np.zeros(size, np.float64 if self._scored else bool)
        all_docs: list[Docs] = []
        all_weights: list[Weights] = []
        for number, here in enumerate(terms.by_segment):
            for part in _chunks(here, terms.sizes[number]):
                self.tick()
                one_docs: list[Docs] = []
                codes: list[Docs] = []
                self._collect(
                    number, self._several(number, part, self._scored or only is not None), only, one_docs, codes
                )
                docs, weights = self._weighed(one_docs[0], codes, only)
                if dense is None:
                    all_docs.append(docs)
                    if weights is not None:
                        all_weights.append(weights)
                elif weights is None:
                    dense[docs] = True
                else:
                    base, count = self.collection.bases[number], self.segments[number].docs
                    dense[base : base + count] += np.bincount(docs - base if base else docs, weights, count)
        if dense is not None:
            present = (dense > 0).nonzero()[0]
            return present, dense.take(present).astype(np.float32) if self._scored else None
        docs = _joined(all_docs)
        if not self._scored:
            docs.sort()
            return (docs.take(first_of_runs(docs)) if len(docs) else docs), None
        return sum_by_doc(docs, np.concatenate(all_weights)) if len(docs) else (docs, NO_WEIGHTS)

    def _look_up(self, terms: Terms, within: Docs) -> tuple[Docs, Weights | None]:
        """Those of the articles that have the term of their segment, and what it weighs there."""
        docs: list[Docs] = []
        codes: list[Docs] = []
        for number, local in self.collection.split(within):
            here = terms.by_segment[number]
            if len(here):
                segment = self.segments[number]
                rows = segment.find(here[0], local)
                there = (rows >= 0).nonzero()[0]
                found = segment.codes_at(here[0], rows.take(there)) if self._scored else _NO_CODES
                self._collect(number, Postings(local.take(there), found), None, docs, codes)
        return self._weighed(_joined(docs), codes, None)

    def _count(self, terms: Terms) -> int:
        """Live articles that have the term of their segment."""
        if self.collection.live is None:
            return terms.postings
        total = 0
        for segment, here in zip(self.segments, terms.by_segment, strict=True):
            if not len(here):
                continue
            if segment.live is None:
                total += segment.term_docs(here[0])
            else:
                total += int(np.count_nonzero(segment.live.take(segment.lists.docs(here[0]))))
        return total


def _chunks(terms: Numbers, sizes: Docs) -> list[Numbers]:
    """The terms of a segment cut where their postings get too many."""
    if not len(terms):
        return []
    ends = sizes.cumsum()
    if int(ends[-1]) <= _CHUNK:
        return [terms]
    cuts = sorted({0, *ends.searchsorted(np.arange(_CHUNK, int(ends[-1]), _CHUNK)).tolist(), len(terms)})
    return [terms[first:last] for first, last in zip(cuts, cuts[1:], strict=False)]


def _joined(parts: Sequence[Docs]) -> Docs:
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts) if parts else NO_DOCS
