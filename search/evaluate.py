"""A query tree evaluated on whole arrays, node by node.

Each node gives the matching articles with their scores. Where articles are few already, what is left of a
conjunction is only looked up among them.
"""

from __future__ import annotations

from collections.abc import Sequence

from kashaf.analyzers.terms import analyze, stem_class
from kashaf.index.article import date_span, is_kind
from kashaf.search.collection import Collection
from kashaf.search.columns import Columns
from kashaf.search.expand import Expander
from kashaf.search.gather import Gatherer, Terms
from kashaf.search.matches import NONE, Docs, Mask, Matches, complement, subtract, unite
from kashaf.search.proximity import Proximity
from kashaf.search.query import (
    And,
    DateRange,
    Everything,
    Fuzzy,
    Near,
    Node,
    Not,
    Nothing,
    Or,
    Pattern,
    Phrase,
    Value,
    Word,
    Words,
)
from kashaf.search.request import Rung, WordsMode
from kashaf.search.scoring import Scorer
from kashaf.search.trace import Finder, Namer, Trace
from kashaf.search.words import Part, WordRuns, all_of

MAX_DISTANCE = 50  # words: proximity stays inside a field (their gap is larger)


class Evaluator:
    """Evaluates one tree.

    Attributes:
        trace: what was met on the way.

    Args:
        deadline: `time.monotonic` value at which evaluation stops with Late.
        namer: which entities a run of words names (the names rung); None: the rung is off.
        finder: the entities that a spelling or an id stands for (facet values).
        scored: False where scores are not asked for.
    """

    def __init__(
        self,
        scorer: Scorer,
        columns: Columns,
        *,
        match: Rung,
        words: WordsMode,
        deadline: float,
        namer: Namer | None,
        finder: Finder,
        scored: bool = True,
    ) -> None:
        self.trace = Trace()
        self._columns = columns
        self._collection = columns.collection
        self._size = columns.collection.docs
        self._match = match
        self._mode = words
        self._finder = finder
        self._gather = Gatherer(columns.collection, scorer, deadline, scored)
        self._expander = Expander(self._gather, self.trace)
        self._proximity = Proximity(self._gather)
        self._words = WordRuns(
            self._gather, self._proximity, scorer, columns, self.trace, match, namer, self._node, self._cost
        )

    def evaluate(self, node: Node, within: Docs | None = None) -> Matches:
        """The matches of a node, deleted articles left out.

        Args:
            within: articles outside of these may be left out too.
        """
        found = self._node(node, within)
        live = self._collection.live
        return found if live is None else found.only(live.take(found.docs))

    def tick(self) -> None:
        """Raises Late when the deadline has passed."""
        self._gather.tick()

    def _node(self, node: Node, within: Docs | None) -> Matches:
        self.tick()
        match node:
            case Everything():
                return Matches(self._collection.everything)
            case Nothing():
                return NONE
            case Word():
                return self._words.run((node,), "all", within)
            case Words(clauses):
                return self._words.run(clauses, self._mode, within)
            case Phrase():
                return self._phrase(node)
            case Near():
                return self._near(node)
            case Pattern() | Fuzzy():
                return self._gather.group(self._expander.terms(node), node.field)
            case Value(facet, text):
                return self._value(facet, text)
            case DateRange():
                return self._dates(node, within)
            case And(clauses):
                return self._and(clauses, within)
            case Or(clauses):
                return unite([self._node(clause, within) for clause in clauses], self._size)
            case Not(clause):
                return complement(self._aside(clause, within).docs, self._size)

    def _cost(self, node: Node) -> int:
        """The postings of a node that need not be read when it is evaluated among few articles."""
        match node:
            case Word(text):
                return self._words.cost(analyze(text))
            case Words(clauses) if self._mode == "auto":
                return 0
            case Words(clauses) | Or(clauses):
                return sum(map(self._cost, clauses))
            case And(clauses):
                return min(map(self._cost, clauses), default=0)
            case Everything() | DateRange() | Not():
                return self._size
            case _:
                return 0

    def _aside(self, node: Node, within: Docs | None) -> Matches:
        """A node whose words neither explain nor mark a hit (negated)."""
        before = self.trace.mark()
        found = self._node(node, within)
        self.trace.rewind(before)
        return found

    def _and(self, clauses: Sequence[Node], within: Docs | None) -> Matches:
        def part(clause: Node) -> Part:
            return Part(lambda: self._cost(clause), lambda among: self._node(clause, among))

        asked = [part(clause) for clause in clauses if not isinstance(clause, Not)]
        found = all_of(asked or [part(Everything())], within)
        for clause in clauses:
            if isinstance(clause, Not):
                found = subtract(found, self._aside(clause.clause, found.docs).docs)
        return found

    # Phrases and proximity

    def _phrase(self, node: Phrase) -> Matches:
        forms = tuple(token.terms[0] for token in analyze(node.text))
        if not forms:
            return NONE
        self.trace.phrases.append(forms)
        words = [self._gather.form(form) for form in forms]
        return self._proximity.phrase(words, min(node.slop, MAX_DISTANCE), node.field)

    def _near(self, node: Near) -> Matches:
        left, right = (self._side(side) for side in (node.left, node.right))
        if not left or not right:
            return NONE
        slops = [side.slop if isinstance(side, Phrase) else 0 for side in (node.left, node.right)]
        return self._proximity.near(left, slops[0], right, slops[1], min(node.distance, MAX_DISTANCE), node.field)

    def _side(self, side: Word | Phrase) -> list[Terms]:
        """The words of one side of a proximity: a single word in any form of its family, a phrase as it is."""
        forms = [token.terms[0] for token in analyze(side.text)]
        if forms:
            self.trace.phrases.append(tuple(forms))
        if isinstance(side, Word) and self._match != "exact" and len(forms) == 1:
            return [self._gather.stem(stem_class(forms[0]))]
        return [self._gather.form(form) for form in forms]

    # Columns

    def _value(self, facet: str, text: str) -> Matches:
        """The articles with a facet value."""
        if is_kind(facet):
            numbers = self._finder(facet, text)
            self.trace.asked.update((facet, number) for number in numbers)
            return Matches(self._columns.entity_docs(facet, numbers))
        everything = self._collection.everything
        return Matches(everything).only(
            self._columns.has_value(facet, self._columns.value_numbers(facet, text), everything)
        )

    def _dates(self, node: DateRange, within: Docs | None) -> Matches:
        """The articles published in a range: their whole date lies in it."""
        docs = self._collection.everything if within is None else within
        return Matches(docs).only(in_range(self._collection, node, docs))


def in_range(collection: Collection, dates: DateRange, docs: Docs) -> Mask:
    """For each of some articles, whether its whole publication date lies in a range."""
    everything = len(docs) == collection.docs
    days = collection.days if everything else collection.days.take(docs)
    inside: Mask
    if dates.undated:
        inside = days == 0
        return inside
    # Day 0 is no date: an undated article is before every first day.
    first = date_span(dates.first)[0].toordinal() if dates.first else 1
    inside = days >= first
    if dates.last:
        last_days = collection.last_days
        if last_days is not collection.days:
            days = last_days if everything else last_days.take(docs)
        inside &= days <= date_span(dates.last)[1].toordinal()
    return inside
