"""Articles like a given one: those that share its most telling words and its people."""

from __future__ import annotations

from collections import Counter

from kashaf.analyzers.terms import is_stopword, terms
from kashaf.index.article import Article
from kashaf.index.clutter import blank_ignored
from kashaf.index.snapshot import Snapshot
from kashaf.search.query import Node, Or, Word
from kashaf.search.scoring import Scorer

TELLING_WORDS = 25
_LOOKED_AT = 20_000  # characters of the body
_HEADLINE_WEIGHT = 3


def likeness(article: Article, snapshot: Snapshot, scorer: Scorer) -> Node:
    """The query that the most telling words of an article make (frequency times rarity)."""
    counts = Counter(terms(blank_ignored(article)[:_LOOKED_AT]))
    for form in terms(article.headline):
        counts[form] += _HEADLINE_WEIGHT
    weights = {}
    for form, count in counts.most_common(10 * TELLING_WORDS):
        holders = snapshot.frequency(form)
        # A word that only this article has cannot lead to another.
        if len(form) > 2 and holders > 1 and not is_stopword(form):
            weights[form] = count / (count + 1) * scorer.rarity(holders)
    best = sorted(weights, key=lambda form: (-weights[form], form))[:TELLING_WORDS]
    return Or(tuple(Word(form) for form in best))
