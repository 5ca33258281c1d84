"""The questions: ten classes, some seeded queries each, chosen by how many articles have their words.

Shares are of all articles, so that a class costs in proportion to the archive and compares across sizes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from benchmarks.speed.corpus import Chunk, Corpus, Numbers

Kind = Literal["term", "and", "or", "phrase", "prefix", "all"]
CLASSES = (
    "rare term",
    "common term",
    "AND of two",
    "OR of three",
    "OR of five, one very common",
    "phrase",
    "prefix",
    "person filter + term",
    "date range + term",
    "match all",
)
PREFIX_LETTERS = (4, 5)
PREFIX_FORMS = (10, 300)


@dataclass(frozen=True)
class Query:
    """One question, in no engine's words.

    Attributes:
        words: of the kind; a prefix is one of them.
        person: only articles that name this person.
        first, last: only articles of these days (proleptic Gregorian ordinals, both included).
    """

    group: str
    kind: Kind
    words: tuple[str, ...] = ()
    person: str | None = None
    first: int | None = None
    last: int | None = None

    def as_json(self) -> dict[str, Any]:
        """The fields, for the pipe to an engine."""
        return asdict(self)

    @staticmethod
    def from_json(fields: dict[str, Any]) -> Query:
        """What `as_json` gave."""
        return Query(**{**fields, "words": tuple(fields["words"])})


def choose_queries(corpus: Corpus, count: int, seed: int = 1) -> list[Query]:
    """So many queries a class (match all is one and the same), which all find something."""
    random = np.random.default_rng(seed)
    vocabulary = corpus.lines("vocabulary")
    share = corpus.frequency() / len(corpus)
    letters = np.array([len(word) for word in vocabulary])

    def between(least: float, most: float) -> Numbers:
        least = max(least, 2 / len(corpus))
        found = np.flatnonzero((share >= least) & (share <= max(most, 3 * least)) & (letters >= 2))
        return found if len(found) else np.argsort(-share, kind="stable")[:20]

    def pick(pool: Numbers, size: int = 1) -> tuple[str, ...]:
        return tuple(vocabulary[n] for n in random.choice(pool, size, replace=len(pool) < size).tolist())

    rare, common, very = between(0.0001, 0.001), between(0.1, 0.4), between(0.5, 1.0)
    middle, some = between(0.01, 0.1), between(0.005, 0.05)
    popular = _popular_persons(corpus)
    sample = _Sample(next(corpus.chunks()), random)
    pairs = sample.neighbours(between(0.005, 0.4))
    prefixes = _prefixes(vocabulary, share, random)
    persons = corpus.lines("persons")
    days = corpus.column("day")

    def both() -> Query:
        _, words = sample.article(middle, 2)
        return Query("AND of two", "and", tuple(vocabulary[n] for n in words))

    def of_person() -> Query:
        article, words = sample.article(common, 1, popular)
        held = [n for n in sample.persons[article].tolist() if n in popular]
        return Query("person filter + term", "term", (vocabulary[words[0]],), person=persons[int(random.choice(held))])

    def of_days() -> Query:
        article, words = sample.article(between(0.01, 0.2), 1)
        last = int(days.max())
        first = max(int(days.min()), min(int(sample.days[article]) - int(random.integers(366)), last - 365))
        return Query("date range + term", "term", (vocabulary[words[0]],), first=first, last=first + 365)

    makers: dict[str, Callable[[], Query]] = {
        "rare term": lambda: Query("rare term", "term", pick(rare)),
        "common term": lambda: Query("common term", "term", pick(common)),
        "AND of two": both,
        "OR of three": lambda: Query("OR of three", "or", pick(some, 3)),
        "OR of five, one very common": lambda: Query(CLASSES[4], "or", (*pick(middle, 4), *pick(very))),
        "phrase": lambda: Query("phrase", "phrase", tuple(vocabulary[n] for n in pairs[random.integers(len(pairs))])),
        "prefix": lambda: Query("prefix", "prefix", (prefixes[random.integers(len(prefixes))],)),
        "person filter + term": of_person,
        "date range + term": of_days,
        "match all": lambda: Query("match all", "all"),
    }
    return [makers[group]() for group in CLASSES for _ in range(1 if group == "match all" else count)]


class _Sample:
    """The articles near the front: words that stand together there find something."""

    def __init__(self, chunk: Chunk, random: np.random.Generator) -> None:
        body = chunk.columns["body.words"]
        ends = np.cumsum(chunk.columns["headline.words"] + body)
        self.bodies = [chunk.tokens[end - size : end] for end, size in zip(ends.tolist(), body.tolist(), strict=True)]
        self.persons = np.split(chunk.person, np.cumsum(chunk.columns["person.count"])[:-1])
        self.days = chunk.columns["day"]
        self._random = random

    def article(self, pool: Numbers, size: int, persons: frozenset[int] = frozenset()) -> tuple[int, list[int]]:
        """An article that names any of the persons, if there are any, and `size` different words of it in `pool`.

        Where no article has them, any words of one.
        """
        for number in self._random.permutation(len(self.bodies)).tolist():
            words = np.intersect1d(self.bodies[number], pool)
            if len(words) >= size and (not persons or not persons.isdisjoint(self.persons[number].tolist())):
                return number, self._random.choice(words, size, replace=False).tolist()
        number = next(n for n, held in enumerate(self.persons) if not persons or not persons.isdisjoint(held.tolist()))
        return number, np.unique(self.bodies[number])[:size].tolist()

    def neighbours(self, pool: Numbers) -> list[tuple[int, int]]:
        """Pairs of different words of `pool` that stand side by side."""
        left = np.concatenate([body[:-1] for body in self.bodies])
        right = np.concatenate([body[1:] for body in self.bodies])
        kept = np.flatnonzero(np.isin(left, pool) & np.isin(right, pool) & (left != right))
        kept = kept[self._random.permutation(len(kept))[:1_000]]
        return [(int(left[n]), int(right[n])) for n in kept.tolist()]


def _popular_persons(corpus: Corpus) -> frozenset[int]:
    """The numbers of the 200 persons that most articles name."""
    held = np.zeros(len(corpus.lines("persons")), np.int64)
    for chunk in corpus.chunks():
        held += np.bincount(chunk.person, minlength=len(held))
    return frozenset(n for n in np.argsort(-held, kind="stable")[:200].tolist() if held[n])


def _prefixes(vocabulary: list[str], share: Numbers, random: np.random.Generator) -> list[str]:
    """Beginnings that neither one word nor a thousand have."""
    used = [vocabulary[n] for n in np.flatnonzero(share > 0).tolist()]
    counts: dict[str, int] = {}
    for word in used:
        for size in PREFIX_LETTERS:
            if len(word) > size:
                counts[word[:size]] = counts.get(word[:size], 0) + 1
    good = sorted(prefix for prefix, n in counts.items() if PREFIX_FORMS[0] <= n <= PREFIX_FORMS[1])
    chosen = [vocabulary[n] for n in np.flatnonzero((share > 0.002) & (share < 0.05)).tolist()]
    known = set(good)
    telling = sorted({w[:size] for w in chosen for size in PREFIX_LETTERS} & known)
    return telling or good or [used[0][:3]]
