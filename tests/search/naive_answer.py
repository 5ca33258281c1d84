"""What the engine answers to a plan, by going through a list of articles: totals, order, facets, histogram."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kashaf.index.article import KINDS, Article, Kind, date_span, is_kind
from kashaf.search.engine import Plan
from kashaf.search.query import Everything
from tests.search.naive import Naive, dated

Numbers = Mapping[Kind, Mapping[str, int]]
LENGTHS = {"year": 4, "month": 7, "day": 10}


@dataclass
class NaiveAnswer:
    """The answer to a plan over living articles.

    Attributes:
        keys: of the articles, ascending.
        numbers: kind -> name -> entity; several names may stand for one, some for nobody.
        values: facet -> the values by number, 0 is none.
    """

    articles: Sequence[Article]
    keys: Sequence[int]
    numbers: Numbers
    values: Mapping[str, Sequence[str]]
    plan: Plan

    def __post_init__(self) -> None:
        plan = self.plan
        self.scores = Naive(self.articles).search(plan.node, plan.match, plan.words)
        excluded = {d for d in self.scores if any(self.numbers_of(f, d) & v for f, v in plan.excluded.items())}
        self.found = sorted(set(self.scores) - excluded)
        filters = [*plan.only, *(["date"] if plan.date_from or plan.date_to or plan.undated else [])]
        self.failing = {d: {f for f in filters if not self.passes(f, d)} for d in self.found}
        self.hits = self.beside("")

    def numbers_of(self, facet: str, doc: int) -> set[int]:
        article = self.articles[doc]
        if is_kind(facet):
            mentions = article.persons if facet == "person" else article.organisations
            return {self.numbers[facet][m.name] for m in mentions if m.name in self.numbers[facet]}
        value = getattr(article, facet)
        return {list(self.values[facet]).index(value)} if value else set()

    def passes(self, facet: str, doc: int) -> bool:
        plan, article = self.plan, self.articles[doc]
        if facet != "date":
            return bool(self.numbers_of(facet, doc) & plan.only[facet])
        ranged = plan.date_from or plan.date_to
        return bool(ranged and dated(article, plan.date_from, plan.date_to, False)) or (
            plan.undated and article.published is None
        )

    def beside(self, facet: str) -> list[int]:
        """The articles that pass every filter but the facet's own."""
        return [d for d in self.found if not self.failing[d] - {facet}]

    def order(self) -> list[int]:
        """Keys of the hits in order, where the order does not depend on how scores are rounded."""
        sort = self.plan.sort
        if sort == "relevance" and not isinstance(self.plan.node, Everything):
            return [self.keys[d] for d in sorted(self.hits, key=lambda d: (-round(self.scores[d], 4), d))]

        def place(doc: int) -> tuple[bool, int, int]:
            published = self.articles[doc].published
            day = date_span(published)[0].toordinal() if published else 0
            return not day, day if sort == "oldest" else -day, doc

        return [self.keys[d] for d in sorted(self.hits, key=place)]

    def facet(self, facet: str) -> list[tuple[int, int]]:
        plan = self.plan
        counts = Counter(n for d in self.beside(facet) for n in self.numbers_of(facet, d))
        wanted = plan.among.get(facet)
        kept = [(n, c) for n, c in counts.items() if wanted is None or n in wanted]
        best = sorted(kept, key=lambda pair: (-pair[1], pair[0]))[: plan.facet_size]
        others = plan.listed.get(facet, frozenset()) - {n for n, _ in best}
        return best + [(n, counts[n] if wanted is None or n in wanted else 0) for n in sorted(others)]

    def dates(self) -> tuple[dict[str, int], int, int]:
        """Articles by ISO key; undated ones; ones whose date is too coarse."""
        length = LENGTHS[self.plan.interval]
        published = [self.articles[d].published for d in self.beside("date")]
        keys = Counter(p[:length] for p in published if p and len(p) >= length)
        return (
            dict(sorted(keys.items())),
            published.count(None),
            sum(p is not None and len(p) < length for p in published),
        )


def kinds_of(names: Mapping[str, int]) -> Numbers:
    """The same names for persons and organisations."""
    return {kind: names for kind in KINDS}
