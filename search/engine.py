"""From a query tree and resolved filters to numbers: total, best articles, facet counts, histogram.

No texts, labels, parsing or highlights: those are the searcher's. So the engine can be measured, and checked
against a plain reference, by itself.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from kashaf.index.article import is_kind
from kashaf.index.snapshot import Snapshot
from kashaf.search.article_groups import fold
from kashaf.search.collection import FIRST_BIN, IMPRECISE, UNDATED
from kashaf.search.columns import Columns
from kashaf.search.evaluate import Evaluator, in_range
from kashaf.search.facets import Counter, Narrowed, Test, narrow
from kashaf.search.gather import Late
from kashaf.search.matches import NONE, Docs, Mask, Matches, contains
from kashaf.search.query import DateRange, Everything, Node
from kashaf.search.ranking import Place, page, sort_values
from kashaf.search.request import Collapse, Interval, Rung, Sort, WordsMode
from kashaf.search.scoring import Scorer
from kashaf.search.stories import stories
from kashaf.search.trace import Finder, Namer, Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A request as the engine takes it: a tree, and everything else as numbers.

    Attributes:
        node: what is asked.
        match: the widest rung of the ladder.
        words: how many of a run of words must match.
        only: facet -> numbers (entities, or values of the columns); OR within a facet, AND between facets.
        excluded: facet -> numbers that no hit may have.
        date_from, date_to: ISO dates, both included; None is open.
        undated: the articles without a date (too, beside a range).
        above: only articles whose key in the store is above this one: those that came later.
        sort: relevance means newest first where everything is asked for.
        collapse: of copies of each other, or of articles of one story, only the first in the order is given.
        skip, size: which of the ordered hits to give.
        after: only hits behind this sort value and key (a cursor's place).
        facets: those to count.
        facet_size: values a facet at most.
        listed: facet -> numbers to count too when they are not among the first.
        among: facet -> the only numbers to count (search inside a facet).
        interval: of the date histogram.
        deadline: `time.monotonic` value at which the engine answers what it has.
    """

    node: Node
    match: Rung = "names"
    words: WordsMode = "auto"
    only: Mapping[str, frozenset[int]] = field(default_factory=dict)
    excluded: Mapping[str, frozenset[int]] = field(default_factory=dict)
    date_from: str | None = None
    date_to: str | None = None
    undated: bool = False
    above: int = 0
    sort: Sort = "relevance"
    collapse: Collapse | None = None
    skip: int = 0
    size: int = 10
    after: tuple[float, int] | None = None
    facets: tuple[str, ...] = ()
    facet_size: int = 20
    listed: Mapping[str, frozenset[int]] = field(default_factory=dict)
    among: Mapping[str, frozenset[int]] = field(default_factory=dict)
    interval: Interval = "month"
    deadline: float = math.inf


@dataclass(frozen=True, slots=True)
class DateCounts:
    """Articles by publication date.

    Attributes:
        keys: ISO keys of the interval, ascending, those with articles only.
        counts: articles of each.
        undated: articles without a date.
        imprecise: articles whose date is coarser than the interval.
    """

    keys: tuple[str, ...]
    counts: tuple[int, ...]
    undated: int
    imprecise: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a plan gives.

    Attributes:
        total: articles that match, exactly.
        folded: how many of them are not given, in any page, because they are folded under another.
        places: the best of them, in order.
        more: whether there are others behind the last.
        facets: each facet asked for -> (number, articles) pairs, most first, ties by number; then the numbers of
            `Plan.listed` that are not among the first. Empty where the deadline came before it was counted.
        dates: the histogram, when it was asked for.
        trace: the words met and what each found, to explain and mark hits.
        partial: the deadline came first: what is here is right, but not all.
    """

    total: int
    folded: int
    places: tuple[Place, ...]
    more: bool
    facets: Mapping[str, list[tuple[int, int]]]
    dates: DateCounts | None
    trace: Trace
    partial: bool


class Engine:
    """Runs plans on one snapshot; immutable, safe to share between threads.

    Args:
        namer: which entities a run of words names (the names rung); None: the rung is off.
        finder: the entities that a spelling or an id stands for (facet values inside a tree).
    """

    def __init__(
        self,
        snapshot: Snapshot,
        columns: Columns,
        namer: Namer | None = None,
        finder: Finder = lambda kind, text: (),
    ) -> None:
        self._snapshot = snapshot
        self._columns = columns
        self._collection = columns.collection
        self._namer = namer
        self._finder = finder

    @cached_property
    def scorer(self) -> Scorer:
        """What scores the terms."""
        return Scorer(self._collection, self._snapshot.average_lengths)

    def run(self, plan: Plan) -> Answer:
        """The answer to a plan; partial when its deadline comes first."""
        sort = plan.sort
        if sort == "relevance" and isinstance(plan.node, Everything):
            sort = "newest"  # nothing was asked for that could be more or less relevant
        evaluator = Evaluator(
            self.scorer,
            self._columns,
            match=plan.match,
            words=plan.words,
            deadline=plan.deadline,
            namer=self._namer,
            finder=self._finder,
            scored=sort == "relevance" and plan.size > 0,
        )
        # An answer has every facet that was asked for, however early the deadline comes.
        counted: dict[str, list[tuple[int, int]]] = {facet: [] for facet in plan.facets if facet != "date"}
        dates = DateCounts((), (), 0, 0) if "date" in plan.facets else None
        partial = False
        narrowed = Narrowed(NONE, {})
        places: list[Place] = []
        folded: dict[int, int] = {}
        try:
            narrowed = self._narrowed(plan, evaluator)
            shown = narrowed.hits
            if plan.collapse is not None:
                shown, folded = self._folded(plan.collapse, shown, sort)
            if plan.size:  # one more than the page tells whether there is a next one
                places = page(self._collection, shown, sort, plan.skip, plan.size + 1, plan.after)
            counter = Counter(self._columns, narrowed.hits.docs)
            for facet in plan.facets:
                evaluator.tick()
                beside = narrowed.beside.get(facet)
                here = counter if beside is None else Counter(self._columns, beside)
                if facet == "date":
                    dates = self._dates(plan, here)
                else:
                    counted[facet] = self._counted(plan, facet, here)
        except Late:
            partial = True
        return Answer(
            total=len(narrowed.hits),
            folded=sum(folded.values()),
            places=tuple(replace(place, folded=folded.get(place.doc, 0)) for place in places[: plan.size])
            if folded
            else tuple(places[: plan.size]),
            more=len(places) > plan.size,
            facets=counted,
            dates=dates,
            trace=evaluator.trace,
            partial=partial,
        )

    def _folded(self, collapse: Collapse, hits: Matches, sort: Sort) -> tuple[Matches, dict[int, int]]:
        """The hits without copies, or without others of their story too, and how many are folded under each."""
        values = sort_values(self._collection, hits, sort)
        if collapse == "copies":
            return self._columns.copies.fold(hits, values)
        return fold(hits, values, np.arange(len(hits)), stories(hits.docs, self._columns))

    # Filters

    def _narrowed(self, plan: Plan, evaluator: Evaluator) -> Narrowed:
        only = {facet: self._test(facet, numbers) for facet, numbers in plan.only.items()}
        for facet, numbers in plan.only.items():
            if is_kind(facet):
                evaluator.trace.asked.update((facet, number) for number in numbers)
        excluded = {facet: self._test(facet, numbers) for facet, numbers in plan.excluded.items()}
        if plan.date_from or plan.date_to or plan.undated:
            only["date"] = self._in_range(plan)
        if plan.above:
            first = self._collection.first_behind(plan.above)
            only["arrival"] = lambda docs: docs >= first
        return narrow(evaluator.evaluate(plan.node), only, excluded, plan.facets)

    def _test(self, facet: str, numbers: frozenset[int]) -> Test:
        """Whether articles have one of the values of a facet."""
        if is_kind(facet):
            having = self._columns.entity_docs(facet, sorted(numbers))
            return lambda docs: contains(having, docs)
        return lambda docs: self._columns.has_value(facet, numbers, docs)

    def _in_range(self, plan: Plan) -> Test:
        """Whether articles are of the plan's dates: a range and the undated are two values, either will do."""
        wanted = [DateRange(plan.date_from, plan.date_to)] if plan.date_from or plan.date_to else []
        wanted += [DateRange(undated=True)] if plan.undated else []

        def test(docs: Docs) -> Mask:
            passed = in_range(self._collection, wanted[0], docs)
            for other in wanted[1:]:
                passed |= in_range(self._collection, other, docs)
            return passed

        return test

    # Facets

    def _counted(self, plan: Plan, facet: str, counter: Counter) -> list[tuple[int, int]]:
        tally = counter.entities(facet) if is_kind(facet) else counter.values(facet)
        if facet in plan.among:
            tally = tally.among(plan.among[facet])
        best = tally.top(plan.facet_size)
        others = plan.listed.get(facet, frozenset()) - {number for number, _ in best}
        return best + [(number, tally.of(number)) for number in sorted(others)]

    def _dates(self, plan: Plan, counter: Counter) -> DateCounts:
        counts = counter.dates(plan.interval)
        bins = self._collection.bins(plan.interval)
        undated, imprecise = int(counts[UNDATED]), int(counts[IMPRECISE])
        present = (counts[FIRST_BIN:] > 0).nonzero()[0] + FIRST_BIN
        keys = tuple(map(bins.key, present.tolist()))
        return DateCounts(keys, tuple(counts.take(present).tolist()), undated, imprecise)
