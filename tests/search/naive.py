"""A slow, plain reference: a list of articles, matched, scored and counted one by one.

It shares with the engine only the analysis of words; everything else is written from the definitions.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kashaf.analyzers.terms import analyze, fold, is_stopword, stem_class
from kashaf.index.article import Article, date_span
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
from kashaf.search.scoring import FIELD_B, FIELD_WEIGHTS, K1
from kashaf.search.sentences import is_sentence
from kashaf.search.words import EXACT_WEIGHT, LEAST_SHARE

FIELDS = ("headline", "standfirst", "body")
Scores = dict[int, float]
Part = list[tuple[str, ...]]  # a field: the forms at each position


@dataclass
class Naive:
    """Articles, and what each field of each holds: one list of forms a position."""

    articles: Sequence[Article]

    def __post_init__(self) -> None:
        self.fields = [[[t.terms for t in analyze(a.text(f))] for f in FIELDS] for a in self.articles]  # type: ignore[arg-type]
        count = max(len(self.articles), 1)
        self.average = [max(sum(len(doc[f]) for doc in self.fields) / count, 1.0) for f in range(3)]

    def search(self, node: Node, match: str = "stem", words: str = "auto") -> Scores:
        """Matching articles, by number, with their scores."""
        match node:
            case Everything():
                return {d: 0.0 for d in range(len(self.articles))}
            case Nothing():
                return {}
            case Word(text, field):
                return self.word(text, field, match)
            case Words(clauses):
                return self.words(clauses, match, words)
            case Phrase(text, field, slop):
                forms = [t.terms[0] for t in analyze(text)]
                return self.score(self.tally(lambda p: self.phrase(p, forms, slop), field)) if forms else {}
            case Near(left, right, distance, field):
                sides = [[t.terms[0] for t in analyze(side.text)] for side in (left, right)]
                return self.score(self.tally(lambda p: self.near(p, left, right, sides, distance, match), field))
            case Pattern(text, field):
                shaped = {f for doc in self.fields for part in doc for p in part for f in p if like(f, text)}
                return self.group(shaped, field)
            case Fuzzy(text, distance, field):
                wanted = fold(text)
                every = {f for doc in self.fields for part in doc for p in part for f in p}
                return self.group({f for f in every if edits(f, wanted) <= distance}, field)
            case Value(facet, text):
                return {d: 0.0 for d, a in enumerate(self.articles) if plain(getattr(a, facet) or "") == plain(text)}
            case DateRange(first, last, undated):
                return {d: 0.0 for d, a in enumerate(self.articles) if dated(a, first, last, undated)}
            case And(clauses):
                parts = [self.search(c, match, words) for c in clauses]
                docs = set.intersection(*(set(p) for p in parts))
                return {d: sum(p[d] for p in parts) for d in docs}
            case Or(clauses):
                parts = [self.search(c, match, words) for c in clauses]
                return {d: sum(p.get(d, 0.0) for p in parts) for d in set().union(*parts)}
            case Not(clause):
                inside = self.search(clause, match, words)
                return {d: 0.0 for d in range(len(self.articles)) if d not in inside}

    def words(self, clauses: Sequence[Node], match: str, words: str) -> Scores:
        clauses = [c for c in clauses if not isinstance(c, Word) or analyze(c.text)]
        if not clauses:
            return {}
        telling = [
            c for c in clauses if not isinstance(c, Word) or not all(is_stopword(t.terms[0]) for t in analyze(c.text))
        ]
        parts = [self.search(c, match, words) for c in telling or clauses]
        every = {d: sum(p.get(d, 0.0) for p in parts) for d in set().union(*parts)}
        if words == "any" or len(parts) == 1:
            return every
        docs = set.intersection(*(set(p) for p in parts))
        asking = is_sentence([t.terms[0] for c in clauses if isinstance(c, Word) for t in analyze(c.text)])
        if words == "all" or (docs and not asking):
            return {d: every[d] for d in docs}
        shares = {d: sum(self.rarity(len(p)) for p in parts if d in p) for d in every}
        most = max(shares.values(), default=0.0)
        return {d: every[d] for d, share in shares.items() if share >= LEAST_SHARE * most}

    def word(self, text: str, field: str | None, match: str) -> Scores:
        tokens = analyze(text)
        if not tokens:
            return {}
        if len(tokens) > 1:
            raise ValueError("the reference takes words of one part")
        form = tokens[0].terms[0]
        if match == "exact":
            return self.group({form}, field)
        stem = stem_class(form)
        family = {f for doc in self.fields for part in doc for p in part for f in p if stem_class(f) == stem}
        exact, wide = self.group({form}, field), self.group(family, field)
        return {d: wide[d] + EXACT_WEIGHT * exact.get(d, 0.0) for d in wide}

    def group(self, forms: set[str], field: str | None) -> Scores:
        tally: dict[int, list[int]] = {}
        for d, doc in enumerate(self.fields):
            counts = [
                sum(Counter(f for p in part for f in p)[form] for form in forms) if field in (None, FIELDS[n]) else 0
                for n, part in enumerate(doc)
            ]
            if any(counts):
                tally[d] = counts
        return self.score(tally)

    def tally(self, find: Callable[[Part], int], field: str | None) -> dict[int, list[int]]:
        found = {}
        for d, doc in enumerate(self.fields):
            counts = [find(part) if field in (None, FIELDS[n]) else 0 for n, part in enumerate(doc)]
            if any(counts):
                found[d] = counts
        return found

    def phrase(self, part: Part, forms: Sequence[str], slop: int) -> int:
        count = 0
        for start in range(len(part)):
            if forms[0] not in part[start]:
                continue
            end = start
            for form in forms[1:]:
                end = next((p for p in range(end + 1, len(part)) if form in part[p]), -1)
                if end < 0:
                    break
            if end >= 0 and end - start <= len(forms) - 1 + slop:
                if slop or end - start == len(forms) - 1:
                    count += 1
        return count

    def near(
        self, part: Part, left: Node, right: Node, sides: Sequence[Sequence[str]], distance: int, match: str
    ) -> int:
        spans = []
        for side, forms in zip((left, right), sides, strict=True):
            if isinstance(side, Word) and match != "exact" and len(forms) == 1:
                stem = stem_class(forms[0])
                spans.append([(p, p) for p in range(len(part)) if any(stem_class(f) == stem for f in part[p])])
            else:
                size = len(forms)
                starts = [
                    p for p in range(len(part) - size + 1) if all(form in part[p + n] for n, form in enumerate(forms))
                ]
                spans.append([(p, p + size - 1) for p in starts])
        return sum(
            any(0 < b - end <= distance or 0 < start - e <= distance for b, e in spans[1]) for start, end in spans[0]
        )

    def rarity(self, holders: int) -> float:
        return math.log(1 + (len(self.articles) - holders + 0.5) / (holders + 0.5))

    def score(self, tally: dict[int, list[int]]) -> Scores:
        rarity = self.rarity(len(tally))
        scores = {}
        for d, counts in tally.items():
            weight = sum(
                float(FIELD_WEIGHTS[f]) * counts[f]
                / (1 - float(FIELD_B[f]) + float(FIELD_B[f]) * len(self.fields[d][f]) / self.average[f])
                for f in range(3)
            )  # fmt: skip
            scores[d] = rarity * weight * (K1 + 1) / (weight + K1)
        return scores


def dated(article: Article, first: str | None, last: str | None, undated: bool) -> bool:
    if undated or article.published is None:
        return undated and article.published is None
    start, end = date_span(article.published)
    return (first is None or start >= date_span(first)[0]) and (last is None or end <= date_span(last)[1])


def plain(text: str) -> str:
    return " ".join(fold(word) for word in text.split())


def like(form: str, pattern: str) -> bool:
    """Whether a form has the shape of a pattern, by plain recursion."""
    if not pattern:
        return not form
    if pattern[0] == "*":
        return like(form, pattern[1:]) or (bool(form) and like(form[1:], pattern))
    return bool(form) and pattern[0] in ("?", form[0]) and like(form[1:], pattern[1:])


def edits(a: str, b: str) -> int:
    """Levenshtein distance, by the textbook recurrence."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row, before = [i], row
        for j, y in enumerate(b, 1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (x != y)))
    return row[-1]
