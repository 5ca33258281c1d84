"""Every hit of a request, for whoever takes the whole answer away: an export, a program that reads it all.

The request is evaluated once, so that all hits are of one generation and in one order. Of each only its place
in the index is held; articles are read from the store a hundred at a time, as they are taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kashaf.index.article import Article
from kashaf.search.engine import Answer
from kashaf.search.highlight import snippets
from kashaf.search.hits import HitMaker
from kashaf.search.results import Label

BATCH = 100  # articles in memory


@dataclass(frozen=True, slots=True)
class FullHit:
    """One hit with the whole article."""

    article: Article
    persons: tuple[Label, ...]
    organisations: tuple[Label, ...]
    _answer: Answer
    _maker: HitMaker

    @property
    def snippet(self) -> str:
        """The passages of the body that match, as one line of plain text; made when asked for."""
        wanted = self._maker.wanted(self._answer.trace, self.article)
        return " … ".join(p.text for p in snippets(self.article.body, wanted, self.article.ignored))


class AllHits:
    """The hits of one request, to be gone through as often as wished.

    Attributes:
        total: articles that match, exactly; those that are folded under another do not count.
        partial: the time budget ended first: what is here is right, but not all.
    """

    def __init__(self, answer: Answer, maker: HitMaker) -> None:
        self.total = answer.total - answer.folded
        self.partial = answer.partial
        self._answer = answer
        self._maker = maker

    def __len__(self) -> int:
        """Hits that can be taken: `total`, or as many as were asked for."""
        return len(self._answer.places)

    def __iter__(self) -> Iterator[FullHit]:
        places = self._answer.places
        for start in range(0, len(places), BATCH):
            for article, persons, organisations in self._maker.labelled(places[start : start + BATCH]):
                yield FullHit(article, persons, organisations, self._answer, self._maker)
