"""What an evaluation met on its way: the words, and what each found, to explain and to mark hits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from kashaf.index.article import Kind
from kashaf.search.matches import NONE, Matches, contains
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

    def rung(self, doc: int) -> Rung | None:
        """The narrowest rung on which the word matches an article."""
        wanted = np.array([doc])
        for rung, found in zip(RUNGS, (self.exact, self.stem, self.names), strict=True):
            if contains(found.docs, wanted)[0]:
                return rung
        return None


@dataclass
class Trace:
    """What one evaluation met.

    Attributes:
        leaves: the words, for highlighting and for the rung of each hit.
        phrases: the exact phrases, as forms.
        patterns: the forms that patterns and fuzzy words stand for.
        warnings: what the reader should know, each with a stable key and a colon.
    """

    leaves: list[Leaf] = field(default_factory=list)
    phrases: list[tuple[str, ...]] = field(default_factory=list)
    patterns: set[str] = field(default_factory=set)
    warnings: list[str] = field(default_factory=list)

    def warn(self, warning: str) -> None:
        """Says something once."""
        if warning not in self.warnings:
            self.warnings.append(warning)

    def mark(self) -> tuple[int, int, frozenset[str]]:
        """Where the trace stands now."""
        return len(self.leaves), len(self.phrases), frozenset(self.patterns)

    def rewind(self, mark: tuple[int, int, frozenset[str]]) -> None:
        """Forgets the words met since; warnings stay."""
        leaves, phrases, patterns = mark
        del self.leaves[leaves:], self.phrases[phrases:]
        self.patterns = set(patterns)

    def rung(self, doc: int) -> Rung:
        """The widest rung that an article needed: what to tell the reader of a hit."""
        rungs = [rung for leaf in self.leaves if (rung := leaf.rung(doc)) is not None]
        return max(rungs, key=RUNGS.index, default="exact")
