"""The query tree: what a question asks, in words that no engine owns.

`kashaf.search.syntax` builds it from what a reader typed; `kashaf.search.evaluate` turns its words into
terms of the index. Nodes are plain values: two equal trees are the same question.
"""

from __future__ import annotations

from dataclasses import dataclass

from kashaf.index.article import TextField


@dataclass(frozen=True, slots=True)
class Everything:
    """Every article."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """No article."""


@dataclass(frozen=True, slots=True)
class Word:
    """One typed chunk without blanks, matched by the rungs that the request allows.

    Attributes:
        text: as typed; analysis may make several terms of it (``vice-président``).
        field: the only text field to look in; None: all of them.
    """

    text: str
    field: TextField | None = None


@dataclass(frozen=True, slots=True)
class Phrase:
    """Exact words (folded, never stemmed) one after the other.

    Attributes:
        text: the words, as typed between the quotes.
        slop: how many other words may stand between them in all.
    """

    text: str
    field: TextField | None = None
    slop: int = 0


@dataclass(frozen=True, slots=True)
class Near:
    """Two words or phrases within `distance` words of each other, in any order."""

    left: Word | Phrase
    right: Word | Phrase
    distance: int
    field: TextField | None = None


@dataclass(frozen=True, slots=True)
class Pattern:
    """Words of a shape: ``prefix*`` and ``wi?dcard``; ``*`` is any letters, ``?`` is one."""

    text: str
    field: TextField | None = None


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Words at most `distance` letters away (1 or 2)."""

    text: str
    distance: int = 1
    field: TextField | None = None


@dataclass(frozen=True, slots=True)
class Value:
    """A facet value: ``person:`` and ``organisation:`` by id or any spelling, ``source:``, ``section:``
    and ``language:`` as they stand in the archive, letter case and accents apart."""

    facet: str
    text: str


@dataclass(frozen=True, slots=True)
class DateRange:
    """Articles whose publication date lies from `first` to `last`, both included.

    Attributes:
        first, last: ISO dates of day, month or year precision; None is open.
        undated: True asks for the articles without a date instead.
    """

    first: str | None = None
    last: str | None = None
    undated: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """A run of clauses without operators; the request's ``words`` says how many must match."""

    clauses: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class And:
    """All of the clauses."""

    clauses: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """One of the clauses at least."""

    clauses: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Every article but those of the clause."""

    clause: Node


Node = Everything | Nothing | Word | Phrase | Near | Pattern | Fuzzy | Value | DateRange | Words | And | Or | Not


@dataclass(frozen=True, slots=True)
class Parsed:
    """What was understood of a typed query.

    Attributes:
        node: the tree.
        understood: the query written back in canonical syntax.
        warnings: what could not be read as syntax and was searched as words, in English sentences that
            start with a stable key and a colon (``unclosed-quote: …``).
    """

    node: Node
    understood: str
    warnings: tuple[str, ...] = ()
