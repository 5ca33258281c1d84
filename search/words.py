"""Words of a query, rung by rung: the form as typed, its word family, and whoever it names in any spelling."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from kashaf.analyzers.terms import Token, analyze, is_stopword, stem_class
from kashaf.index.article import TextField
from kashaf.search.columns import Columns
from kashaf.search.gather import Gatherer, Terms
from kashaf.search.matches import NONE, Docs, Matches, intersect, raised, unite
from kashaf.search.proximity import Proximity
from kashaf.search.query import Node, Word
from kashaf.search.request import Rung, WordsMode
from kashaf.search.scoring import Scorer
from kashaf.search.sentences import is_sentence
from kashaf.search.trace import Leaf, Namer, Naming, Trace

# The form as typed scores on top of its word family (analysis.md §1.3: exact + stem beats stem alone).
EXACT_WEIGHT = 0.5
# An article that only names the person another way stands behind one that has the word itself.
NAMES_WEIGHT = 0.5
# Of the largest share of a query's words (by rarity) that an article has, what the others need to follow it.
LEAST_SHARE = 0.15
# Forms of address, folded.
_ADDRESSES = frozenset(
    "m mm mr mrs ms mme mmes mlle mlles monsieur messieurs madame mesdames mademoiselle me maitre dr docteur pr".split()
    + "السيد السيده الساده الانسه الاستاذ الاستاذه الدكتور الدكتوره د".split()
)

Evaluate = Callable[[Node, Docs | None], Matches]
Cost = Callable[[Node], int]


@dataclass(frozen=True, slots=True)
class Part:
    """One clause of a run, not evaluated yet.

    Attributes:
        cost: gives the postings that need not be read when the articles are few already.
        among: its matches; given articles, others may be left out.
    """

    cost: Callable[[], int]
    among: Callable[[Docs | None], Matches]


def all_of(parts: Sequence[Part], within: Docs | None) -> Matches:
    """The articles that have all of the parts, the cheapest part first."""
    if len(parts) > 1:
        parts = sorted(parts, key=lambda part: part.cost())
    found = parts[0].among(within)
    for part in parts[1:]:
        found = intersect(found, part.among(found.docs))
    return found


class WordRuns:
    """Evaluates runs of words for one evaluation.

    Args:
        evaluate, cost: for the clauses that are not words.
        namer: which entities a run of words names; None: the names rung is off.
    """

    def __init__(
        self, gather: Gatherer, proximity: Proximity, scorer: Scorer, columns: Columns, trace: Trace,
        match: Rung, namer: Namer | None, evaluate: Evaluate, cost: Cost,
    ) -> None:  # fmt: skip
        self._gather = gather
        self._proximity = proximity
        self._scorer = scorer
        self._columns = columns
        self._size = columns.collection.docs
        self._trace = trace
        self._match = match
        self._namer = namer if match == "names" else None
        self._evaluate = evaluate
        self._cost = cost
        self._named_before: dict[Naming, Matches] = {}

    def run(self, clauses: Sequence[Node], mode: WordsMode, within: Docs | None) -> Matches:
        """A run of clauses without operators: all of them, any, or as many as some article has."""
        run: list[tuple[Node, list[Token]]] = []
        for clause in clauses:
            tokens = analyze(clause.text) if isinstance(clause, Word) else []
            if tokens or not isinstance(clause, Word):
                run.append((clause, tokens))
        namings = self._namings(run)
        named = {number for naming in namings for number in range(naming.start, naming.end)}
        # Function words ask for nothing by themselves, unless there is nothing else or they are part of a name.
        silent = {number for number, (_, tokens) in enumerate(run) if number not in named and _is_silent(tokens)}
        # Nor does "Mme" before a name: whoever writes the name in full leaves it out.
        silent |= {
            g.start - 1 for g in namings if g.kind == "person" and g.start > 0 and _is_address(run[g.start - 1][1])
        }
        parts: list[Part] = [
            self._part(clause, tokens, [g for g in namings if g.start <= number < g.end])
            for number, (clause, tokens) in enumerate(run)
            if number not in silent or len(silent) == len(run)
        ]
        if not parts:
            return NONE
        if len(parts) == 1:
            return parts[0].among(within)
        if mode == "any":
            return unite([part.among(within) for part in parts], self._size)
        if mode == "all":
            return all_of(parts, within)
        # Requiring all words of a question loses 2 to 5 points of success@10 (benchmarks/retrieval.py).
        if is_sentence([token.terms[0] for _, tokens in run for token in tokens]):
            return self._most([part.among(None) for part in parts])
        before = self._trace.mark()
        found = all_of(parts, None)  # whether an article has them all is asked of the whole archive
        if self._gather.holders(found.docs):
            return found
        self._trace.rewind(before)
        return self._most([part.among(None) for part in parts])

    def _part(self, clause: Node, tokens: Sequence[Token], namings: Sequence[Naming]) -> Part:
        if isinstance(clause, Word):
            return Part(lambda: self.cost(tokens), lambda within: self._word(tokens, clause.field, namings, within))
        return Part(lambda: self._cost(clause), lambda within: self._evaluate(clause, within))

    def _most(self, parts: Sequence[Matches]) -> Matches:
        """The articles with the most telling share of the words; says so where none has all of them."""
        united = unite(parts, self._size)
        telling = [self._scorer.rarity(self._gather.holders(part.docs)) for part in parts]
        covered = unite(
            [
                Matches(part.docs, np.full(len(part), weight, np.float32))
                for part, weight in zip(parts, telling, strict=True)
            ],
            self._size,
        )
        shares = np.zeros(len(covered), np.float32) if covered.scores is None else covered.scores
        live = self._columns.collection.live
        alive = shares if live is None else shares[live.take(covered.docs)]
        most = float(alive.max(initial=0.0))
        if most and most < 0.999 * sum(telling):
            self._trace.warn("some-words: no article has all the words; these have most of them")
        return united.only(shares >= LEAST_SHARE * most)

    def _namings(self, run: Sequence[tuple[Node, list[Token]]]) -> list[Naming]:
        """Which neighbouring plain words name someone; start and end count the clauses of the run."""
        namer = self._namer
        if namer is None:
            return []
        namings: list[Naming] = []
        words: list[str] = []
        owners: list[int] = []

        def close() -> None:
            if words:
                namings.extend(Naming(owners[g.start], owners[g.end - 1] + 1, g.kind, g.numbers) for g in namer(words))
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

    # One word

    def cost(self, tokens: Sequence[Token]) -> int:
        """The postings of a word that are not read when it is looked up among few articles."""
        if len(tokens) != 1:
            return 0
        form = tokens[0].terms[0]
        terms = self._gather.form(form) if self._match == "exact" else self._gather.stem(stem_class(form))
        return terms.postings

    def _word(
        self, tokens: Sequence[Token], only: TextField | None, namings: Sequence[Naming], within: Docs | None
    ) -> Matches:
        leaf = Leaf(namings=namings)
        self._trace.leaves.append(leaf)
        if len(tokens) == 1:
            found = self._single(leaf, tokens[0].terms[0], only, within)
        else:
            found = self._compound(leaf, tokens, only)
        if namings:
            leaf.names = unite([self._named(naming) for naming in namings], self._size)
            found = unite([found, leaf.names], self._size)
        return found

    def _single(self, leaf: Leaf, form: str, only: TextField | None, within: Docs | None) -> Matches:
        leaf.forms.add(form)
        exact = self._gather.form(form)
        if self._match == "exact":
            leaf.exact = self._gather.group(exact, only, within=within)
            return leaf.exact
        stem = stem_class(form)
        leaf.stems.add(stem)
        family = self._gather.stem(stem)
        if all(len(wide) == len(narrow) for wide, narrow in zip(family.by_segment, exact.by_segment, strict=True)):
            # The form is its whole family.
            leaf.exact = leaf.stem = self._gather.group(exact, only, 1 + EXACT_WEIGHT, within)
            return leaf.exact
        leaf.exact = self._gather.group(exact, only, EXACT_WEIGHT, within)
        leaf.stem = self._gather.group(family, only, within=within)
        return raised(leaf.stem, leaf.exact)

    def _compound(self, leaf: Leaf, tokens: Sequence[Token], only: TextField | None) -> Matches:
        """A typed word of several parts (vice-président): its parts side by side, or the joined form."""
        joined = tokens[0].terms[1:]
        leaf.forms.update(joined)
        self._trace.phrases.append(tuple(token.terms[0] for token in tokens))
        gather = self._gather
        leaf.exact = unite(
            [
                gather.group(self._together([gather.form(form) for form in joined]), only),
                self._proximity.phrase([gather.form(token.terms[0]) for token in tokens], 0, only),
            ],
            self._size,
        )
        if self._match == "exact":
            return leaf.exact
        stems = list(dict.fromkeys(map(stem_class, joined)))
        leaf.stems.update(stems)
        leaf.stem = unite(
            [
                self._proximity.phrase([gather.stem(token.stem) for token in tokens], 0, only),
                gather.group(self._together([gather.stem(stem) for stem in stems]), only),
            ],
            self._size,
        )
        return unite([leaf.exact, leaf.stem], self._size)

    def _together(self, words: Sequence[Terms]) -> Terms:
        """The terms of several words as if they were one word."""
        segments = range(len(self._gather.segments))
        return self._gather.terms([[term for word in words for term in word.by_segment[s]] for s in segments])

    def _named(self, naming: Naming) -> Matches:
        """The articles that name the entities; a name of several words asks once a word."""
        known = self._named_before.get(naming)
        if known is None:
            docs = self._columns.entity_docs(naming.kind, naming.numbers)
            score = NAMES_WEIGHT * self._scorer.rarity(self._gather.holders(docs))
            known = self._named_before[naming] = Matches(docs, np.full(len(docs), score, np.float32))
        return known


def _is_address(tokens: Sequence[Token]) -> bool:
    """Whether a clause is a form of address."""
    return len(tokens) == 1 and tokens[0].terms[0] in _ADDRESSES


def _is_silent(tokens: Sequence[Token]) -> bool:
    """Whether a clause is function words only; a clause that is not a word has no tokens and is none."""
    return bool(tokens) and all(is_stopword(token.terms[0]) for token in tokens)
