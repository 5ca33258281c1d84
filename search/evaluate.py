"""A query tree evaluated on whole arrays, node by node, over all segments of a snapshot.

Each node gives the matching articles of every segment with their scores. A word gives them rung by rung:
the form as typed, its word family (stem class), and the articles that name the same person or organisation
in any spelling.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from kashaf.analyzers.terms import Token, analyze, fold, is_stopword, stem_class
from kashaf.index.article import Kind, TextField, date_span, is_kind
from kashaf.index.segment import Segment
from kashaf.index.segment_file import Array
from kashaf.index.snapshot import Snapshot
from kashaf.search import positions
from kashaf.search.columns import Columns
from kashaf.search.gather import Found, Gatherer
from kashaf.search.matches import NONE, Matches, complement, everything, intersect, subtract, unite
from kashaf.search.patterns import folded_pattern, shape_of
from kashaf.search.positions import Places
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
from kashaf.search.sentences import is_sentence

# The form as typed scores on top of its word family (analysis.md §1.3: exact + stem beats stem alone).
EXACT_WEIGHT = 0.5
# An article that only names the person another way stands behind one that has the word itself.
NAMES_WEIGHT = 0.5
MAX_EXPANSION = 1_000  # forms of one pattern
MAX_EXPANSIONS = 4_000  # forms of all patterns of one query
MAX_DISTANCE = 50  # words: proximity stays inside a field (their gap is larger)
# Of the largest share of a query's words (by rarity) that an article has, what the others need to follow it.
LEAST_SHARE = 0.15
RUNGS: tuple[Rung, ...] = ("exact", "stem", "names")


@dataclass(frozen=True, slots=True)
class Naming:
    """A run of query words that names entities.

    Attributes:
        start, end: words of the run, as numbers in the list given to the namer.
        kind: person or organisation.
        numbers: the entities.
    """

    start: int
    end: int
    kind: Kind
    numbers: tuple[int, ...]


Namer = Callable[[Sequence[str]], Sequence[Naming]]
Finder = Callable[[Kind, str], Sequence[int]]


@dataclass
class Leaf:
    """One word of the query and what each rung found, by segment: kept to say why a hit matched."""

    forms: set[str] = field(default_factory=set)
    stems: set[str] = field(default_factory=set)
    exact: Found = field(default_factory=list)
    stem: Found = field(default_factory=list)
    names: Found = field(default_factory=list)
    namings: list[Naming] = field(default_factory=list)

    def rung(self, segment: int, doc: int) -> Rung | None:
        """The narrowest rung on which the word matches an article."""
        wanted = np.array([doc])
        for rung, found in zip(RUNGS, (self.exact, self.stem, self.names), strict=True):
            if found and found[segment].has(wanted)[0]:
                return rung
        return None


class Evaluator:
    """Evaluates the nodes of one request on one snapshot.

    Attributes:
        leaves: the words met, for highlighting and for the rung of each hit.
        phrases: the exact phrases met, as forms.
        patterns: the forms that patterns and fuzzy words stand for.
        warnings: what the reader should know, each with a stable key and a colon.

    Args:
        deadline: `time.monotonic` value at which evaluation stops with Late.
        namer: which entities a run of words names (the names rung); None: the rung is off.
        finder: the entities that a spelling or an id stands for (facet values).
    """

    def __init__(
        self,
        snapshot: Snapshot,
        scorer: Scorer,
        columns: Columns,
        *,
        match: Rung,
        words: WordsMode,
        deadline: float,
        namer: Namer | None,
        finder: Finder,
    ) -> None:
        self.segments = snapshot.segments
        self.leaves: list[Leaf] = []
        self.phrases: list[tuple[str, ...]] = []
        self.patterns: set[str] = set()
        self.warnings: list[str] = []
        self._scorer = scorer
        self._columns = columns
        self._match = match
        self._words = words
        self._gather = Gatherer(snapshot.segments, scorer, deadline)
        self._namer = namer if match == "names" else None
        self._finder = finder
        self._expansions = 0
        self._named_before: dict[Naming, Found] = {}

    def evaluate(self, node: Node) -> Found:
        """The matches of a node, one a segment, deleted articles left out."""
        found = self._node(node)
        return [m if s.live is None else m.only(s.live[m.docs]) for s, m in zip(self.segments, found, strict=True)]

    def _node(self, node: Node) -> Found:
        self._gather.tick()
        match node:
            case Everything():
                return self._all
            case Nothing():
                return self._none
            case Word():
                return self._word_run((node,), "all")
            case Words(clauses):
                return self._word_run(clauses, self._words)
            case Phrase():
                return self._phrase(node)
            case Near():
                return self._near(node)
            case Pattern():
                return self._pattern(node)
            case Fuzzy():
                return self._fuzzy(node)
            case Value(facet, text):
                return self.value(facet, text)
            case DateRange():
                return self.dates(node)
            case And(clauses):
                return self._and(clauses)
            case Or(clauses):
                return self._or([self._node(clause) for clause in clauses])
            case Not(clause):
                found = self._aside(clause)
                return [complement(m, s.docs) for s, m in zip(self.segments, found, strict=True)]

    @cached_property
    def _all(self) -> Found:
        return [everything(segment.docs) for segment in self.segments]

    @property
    def _none(self) -> Found:
        return [NONE] * len(self.segments)

    def _aside(self, node: Node) -> Found:
        """A node whose words neither explain nor mark a hit (negated)."""
        leaves, phrases, patterns = len(self.leaves), len(self.phrases), set(self.patterns)
        found = self._node(node)
        del self.leaves[leaves:], self.phrases[phrases:]
        self.patterns = patterns
        return found

    def _and(self, clauses: Sequence[Node]) -> Found:
        asked = [self._node(c) for c in clauses if not isinstance(c, Not)] or [self._all]
        found = [intersect(parts) for parts in zip(*asked, strict=True)]
        for clause in clauses:
            if isinstance(clause, Not):
                removed = self._aside(clause.clause)
                found = [subtract(m, r) for m, r in zip(found, removed, strict=True)]
        return found

    def _or(self, parts: Sequence[Found]) -> Found:
        if not parts:
            return self._none
        return [
            unite(list(here), segment.docs)
            for segment, here in zip(self.segments, zip(*parts, strict=True), strict=True)
        ]

    # Words

    def _word_run(self, clauses: Sequence[Node], mode: WordsMode) -> Found:
        """A run of clauses without operators: all of them, any, or as many as some article has."""
        run: list[tuple[Node, list[Token]]] = []
        for clause in clauses:
            tokens = analyze(clause.text) if isinstance(clause, Word) else []
            if tokens or not isinstance(clause, Word):
                run.append((clause, tokens))
        if not run:
            return self._none
        namings = self._namings(run)
        named = {number for naming in namings for number in range(naming.start, naming.end)}
        # Function words ask for nothing by themselves, unless there is nothing else or they are part of a name.
        silent = {number for number, (_, tokens) in enumerate(run) if number not in named and _is_silent(tokens)}
        parts: list[Found] = []
        for number, (clause, tokens) in enumerate(run):
            if number in silent and len(silent) < len(run):
                continue
            if isinstance(clause, Word):
                parts.append(self._word(tokens, clause.field, [g for g in namings if g.start <= number < g.end]))
            else:
                parts.append(self._node(clause))
        if len(parts) == 1:
            return parts[0]
        if mode == "any":
            return self._or(parts)
        # Requiring all words of a question loses 2 to 5 points of success@10 (benchmarks/retrieval.py).
        if mode == "auto" and is_sentence([token.terms[0] for _, tokens in run for token in tokens]):
            return self._most(parts)
        found = [intersect(here) for here in zip(*parts, strict=True)]
        if mode == "auto" and not self._gather.holders([m.docs for m in found]):
            return self._most(parts)
        return found

    def _most(self, parts: Sequence[Found]) -> Found:
        """The articles with the most telling share of the words; says so where none has all of them."""
        united = self._or(parts)
        telling = [self._scorer.rarity(self._gather.holders([m.docs for m in part])) for part in parts]
        covered = self._or(
            [
                [Matches(m.docs, np.full(len(m), weight, np.float32)) for m in part]
                for part, weight in zip(parts, telling, strict=True)
            ]
        )
        shares = [np.zeros(len(m), np.float32) if m.scores is None else m.scores for m in covered]
        live = [
            s if g.live is None else s[g.live[m.docs]] for s, g, m in zip(shares, self.segments, covered, strict=True)
        ]
        most = max((float(share.max()) for share in live if len(share)), default=0.0)
        if most and most < 0.999 * sum(telling):
            self.warnings.append("some-words: no article has all the words; these have most of them")
        return [m.only(share >= LEAST_SHARE * most) for m, share in zip(united, shares, strict=True)]

    def _namings(self, run: Sequence[tuple[Node, list[Token]]]) -> list[Naming]:
        """Which neighbouring plain words name someone; start and end count the clauses of the run."""
        if self._namer is None:
            return []
        namings: list[Naming] = []
        words: list[str] = []
        owners: list[int] = []

        def close() -> None:
            assert self._namer is not None
            if words:
                namings.extend(
                    Naming(owners[g.start], owners[g.end - 1] + 1, g.kind, g.numbers) for g in self._namer(words)
                )
            words.clear()
            owners.clear()

        for number, (clause, tokens) in enumerate(run):
            if isinstance(clause, Word) and clause.field is None:
                words.extend(token.terms[0] for token in tokens)
                owners.extend([number] * len(tokens))
            else:
                close()
        close()
        return namings

    def _word(self, tokens: Sequence[Token], only: TextField | None, namings: list[Naming]) -> Found:
        leaf = Leaf(namings=namings)
        self.leaves.append(leaf)
        if len(tokens) == 1:
            self._single(leaf, tokens[0].terms[0], only)
        else:
            self._compound(leaf, tokens, only)
        parts = [leaf.exact] + ([leaf.stem] if leaf.stem else [])
        if namings:
            leaf.names = self._or([self._named(naming) for naming in namings])
            parts.append(leaf.names)
        return self._or(parts) if len(parts) > 1 else parts[0]

    def _single(self, leaf: Leaf, form: str, only: TextField | None) -> None:
        leaf.forms.add(form)
        terms = [segment.term(form) for segment in self.segments]
        exact = [[] if term is None else [term] for term in terms]
        if self._match == "exact":
            leaf.exact = self._gather.group(exact, only)
            return
        stem = stem_class(form)
        leaf.stems.add(stem)
        leaf.exact = self._gather.group(exact, only, EXACT_WEIGHT)
        leaf.stem = self._gather.group([segment.stem_terms(stem) for segment in self.segments], only)

    def _compound(self, leaf: Leaf, tokens: Sequence[Token], only: TextField | None) -> None:
        """A typed word of several parts (vice-président): its parts side by side, or the joined form."""
        joined = [form for form in tokens[0].terms[1:]]
        leaf.forms.update(joined)
        self.phrases.append(tuple(token.terms[0] for token in tokens))
        by_joined = self._gather.group(
            [[t for form in joined if (t := segment.term(form)) is not None] for segment in self.segments], only
        )
        by_parts = self._gather.at_places(
            [
                positions.phrase([positions.places(s, _known(s.term(token.terms[0]))) for token in tokens])
                for s in self.segments
            ],
            only,
        )
        leaf.exact = self._or([by_joined, by_parts])
        if self._match != "exact":
            leaf.stems.update(stem_class(form) for form in joined)
            by_class = self._gather.at_places(
                [
                    positions.phrase([positions.places(s, s.stem_terms(token.stem)) for token in tokens])
                    for s in self.segments
                ],
                only,
            )
            by_joined_class = self._gather.group(
                [[t for form in joined for t in s.stem_terms(stem_class(form))] for s in self.segments], only
            )
            leaf.stem = self._or([by_class, by_joined_class])

    def _named(self, naming: Naming) -> Found:
        """The articles that name the entities; a name of several words asks once a word."""
        known = self._named_before.get(naming)
        if known is None:
            known = self._named_before[naming] = self._find_named(naming)
        return known

    def _find_named(self, naming: Naming) -> Found:
        found = [self._columns.entity_docs(s, naming.kind, naming.numbers) for s in range(len(self.segments))]
        rarity = self._scorer.rarity(self._gather.holders(found))
        score = np.float32(NAMES_WEIGHT * rarity)
        return [Matches(docs, np.full(len(docs), score)) for docs in found]

    # Phrases and proximity

    def _phrase(self, node: Phrase) -> Found:
        forms = tuple(token.terms[0] for token in analyze(node.text))
        if not forms:
            return self._none
        self.phrases.append(forms)
        slop = min(node.slop, MAX_DISTANCE)
        return self._gather.at_places([self._gather.phrase(s, forms, slop) for s in self.segments], node.field)

    def _near(self, node: Near) -> Found:
        sides = [[token.terms[0] for token in analyze(side.text)] for side in (node.left, node.right)]
        if not all(sides):
            return self._none
        left, right = sides
        self.phrases += [tuple(left), tuple(right)]
        distance = min(node.distance, MAX_DISTANCE)
        found = [
            positions.near(
                self._side(s, node.left, left), len(left), self._side(s, node.right, right), len(right), distance
            )
            for s in self.segments
        ]
        return self._gather.at_places(found, node.field)

    def _side(self, segment: Segment, side: Word | Phrase, forms: Sequence[str]) -> Places:
        if isinstance(side, Word) and self._match != "exact" and len(forms) == 1:
            return positions.places(segment, segment.stem_terms(stem_class(forms[0])))
        return self._gather.phrase(segment, forms, side.slop if isinstance(side, Phrase) else 0)

    # Words of a shape

    def _pattern(self, node: Pattern) -> Found:
        shape = folded_pattern(node.text)
        literal = re.split(r"[*?]", shape, maxsplit=1)[0]
        if not literal:
            self.warnings.append(f"leading-wildcard: {node.text} must start with a letter")
            return self._none
        if shape == literal + "*":
            terms = [segment.prefix_terms(literal) for segment in self.segments]
        else:
            pattern = shape_of(shape)
            terms = [
                np.array([t for t in s.prefix_terms(literal).tolist() if pattern.fullmatch(s.forms[t])], np.int64)
                for s in self.segments
            ]
        return self._expanded(node.text, terms, node.field)

    def _fuzzy(self, node: Fuzzy) -> Found:
        form = fold(node.text)
        terms = [np.array(s.near_terms(form, node.distance), np.int64) for s in self.segments]
        return self._expanded(f"{node.text}~{node.distance}", terms, node.field)

    def _expanded(self, text: str, terms: Sequence[Array], only: TextField | None) -> Found:
        """The forms that a shape stands for, the most frequent ones where they are too many."""
        self._gather.tick()
        most = max(0, min(MAX_EXPANSION, MAX_EXPANSIONS - self._expansions))
        kept: list[list[int]] = []
        for segment, here in zip(self.segments, terms, strict=True):
            here = here.astype(np.int64)
            if len(here) > most:
                starts = segment.arrays["posting.start"].astype(np.int64)
                here = here[np.argsort(starts[here] - starts[here + 1], kind="stable")[:most]]
                warning = f"too-many-forms: {text} stands for too many words; the {most} most frequent were searched"
                if warning not in self.warnings:
                    self.warnings.append(warning)
            kept.append(here.tolist())
            self.patterns.update(segment.forms[t] for t in kept[-1])
        self._expansions += max(map(len, kept), default=0)
        return self._gather.group(kept, only)

    # Columns

    def value(self, facet: str, text: str) -> Found:
        """The articles with a facet value."""
        if is_kind(facet):
            numbers = tuple(self._finder(facet, text))
            return [Matches(self._columns.entity_docs(s, facet, numbers)) for s in range(len(self.segments))]
        return [Matches(docs) for docs in self._columns.value_docs(facet, text)]

    def dates(self, node: DateRange) -> Found:
        """The articles published in a range: their whole date lies in it."""
        if node.undated:
            return [Matches(np.flatnonzero(segment.precisions == 0)) for segment in self.segments]
        first = date_span(node.first)[0].toordinal() if node.first else 1
        last = date_span(node.last)[1].toordinal() if node.last else np.iinfo(np.int32).max
        return [
            Matches(np.flatnonzero((segment.days >= first) & (ends <= last)))
            for segment, ends in zip(self.segments, self._columns.last_days, strict=True)
        ]


def _is_silent(tokens: Sequence[Token]) -> bool:
    """Whether a clause is function words only; a clause that is not a word has no tokens and is none."""
    return bool(tokens) and all(is_stopword(token.terms[0]) for token in tokens)


def _known(term: int | None) -> list[int]:
    return [] if term is None else [term]


def rung_of(leaves: Iterable[Leaf], segment: int, doc: int) -> Rung:
    """The widest rung that an article needed: what to tell the reader of a hit."""
    rungs = [rung for leaf in leaves if (rung := leaf.rung(segment, doc)) is not None]
    return max(rungs, key=RUNGS.index, default="exact")
