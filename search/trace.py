"""What an evaluation met on its way: the words, and what each found, to explain and to mark hits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from kashaf.index.article import Kind
from kashaf.search.matches import NONE, Docs, Matches, contains
from kashaf.search.request import Rung

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
    """One word of the query and what each rung found: kept to say why a hit matched."""

    forms: set[str] = field(default_factory=set)
    stems: set[str] = field(default_factory=set)
    exact: Matches = NONE
    stem: Matches = NONE
    names: Matches = NONE
    namings: Sequence[Naming] = ()

    def rungs(self, docs: Docs) -> npt.NDArray[np.intp]:
        """For each of some articles, the place in `RUNGS` of the narrowest rung on which the word matches it; -1: none.

        Args:
            docs: ascending, distinct.
        """
        found = np.full(len(docs), -1, np.intp)
        for place, matches in reversed(list(enumerate((self.exact, self.stem, self.names)))):
            found[contains(matches.docs, docs)] = place
        return found


@dataclass
class Trace:
    """What one evaluation met.

    Attributes:
        leaves: the words, for highlighting and for the rung of each hit.
        phrases: the exact phrases, as forms.
        patterns: the forms that patterns and fuzzy words stand for.
        asked: the persons and organisations that facet values and filters stand for, by kind and number.
        warnings: what the reader should know, each with a stable key and a colon.
    """

    leaves: list[Leaf] = field(default_factory=list)
    phrases: list[tuple[str, ...]] = field(default_factory=list)
    patterns: set[str] = field(default_factory=set)
    asked: set[tuple[Kind, int]] = field(default_factory=set)
    warnings: list[str] = field(default_factory=list)

    def warn(self, warning: str) -> None:
        """Says something once."""
        if warning not in self.warnings:
            self.warnings.append(warning)

    @property
    def named(self) -> frozenset[tuple[Kind, int]]:
        """The persons and organisations that the query names in any way, by kind and number."""
        in_words = {(g.kind, number) for leaf in self.leaves for g in leaf.namings for number in g.numbers}
        return frozenset(in_words | self.asked)

    def mark(self) -> tuple[int, int, frozenset[str]]:
        """Where the trace stands now."""
        return len(self.leaves), len(self.phrases), frozenset(self.patterns)

    def rewind(self, mark: tuple[int, int, frozenset[str]]) -> None:
        """Forgets the words met since; warnings stay."""
        leaves, phrases, patterns = mark
        del self.leaves[leaves:], self.phrases[phrases:]
        self.patterns = set(patterns)

    def rungs(self, docs: Sequence[int]) -> list[Rung]:
        """For each of some articles the widest rung that it needed: what to tell the reader of a hit."""
        ordered = sorted(set(docs))
        widest = np.zeros(len(ordered), np.intp)
        for leaf in self.leaves:
            np.maximum(widest, leaf.rungs(np.array(ordered, np.intp)), out=widest)
        rungs = {doc: RUNGS[place] for doc, place in zip(ordered, widest.tolist(), strict=True)}
        return [rungs[doc] for doc in docs]
