"""A query tree written back as a query: one spelling for every tree, which reads as the same tree again."""

from __future__ import annotations

import re

from kashaf.search.lexer import ARABIC_OPERATORS, clean, tokens
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

_THOUSANDS = re.compile(r"\d{3}(?:[.,٫]\d+)?(?![^ ])")


def write(node: Node) -> str:
    """The query, with English operators and field names.

    A word that would read as syntax gets a backslash before it.

    >>> write(Or((Words((Word("a"), Phrase("b c"))), Not(Word("d", "headline")))))
    'a "b c" OR -headline:d'
    """
    # Among words alone, و and أو are never operators.
    clauses = node.clauses if isinstance(node, Words) else (node,)
    only_words = all(isinstance(clause, Word) and clause.field is None for clause in clauses)
    return _Writer(only_words).write(node)


class _Writer:
    def __init__(self, only_words: bool) -> None:
        self._only_words = only_words

    def write(self, node: Node) -> str:
        match node:
            case Everything():
                return "*"
            case Nothing():
                return "-*"
            case Word():
                return self._word(node)
            case Phrase(text, field, slop):
                return _in(field, f'"{text}"') + (f"~{slop}" if slop else "")
            case Pattern(text, field):
                return _in(field, text)
            case Fuzzy(text, distance, field):
                return _in(field, f"{text}~{distance}")
            case Near(left, right, distance):
                return f"{self.write(left)} NEAR/{distance} {self.write(right)}"
            case Value(facet, text):
                bare = f"{facet}:{text}"
                return bare if _reads_as(bare, node) else f'{facet}:"{text}"'
            case DateRange():
                return _dates(node)
            case Words(clauses):
                return self._run(clauses)
            case And(clauses):
                return self._both(clauses)
            case Or(clauses):
                return " OR ".join(map(self.write, clauses))
            case Not(clause):
                return f"-{self._grouped(clause, Words, And, Or)}"

    def _grouped(self, node: Node, *kinds: type) -> str:
        written = self.write(node)
        return f"({written})" if isinstance(node, kinds) else written

    def _run(self, clauses: tuple[Node, ...]) -> str:
        parts: list[str] = []
        for clause in clauses:
            part = self._grouped(clause, Words, And, Or)
            if parts and parts[-1][-1].isdigit() and _THOUSANDS.match(part):
                part = f"\\{part}"  # 10 000 would be one number
            parts.append(part)
        return " ".join(parts)

    def _both(self, clauses: tuple[Node, ...]) -> str:
        written = self._grouped(clauses[0], Or)
        for clause in clauses[1:]:
            joint = " " if narrows(clause) else " AND "
            written += joint + self._grouped(clause, Or)
        return written

    def _word(self, node: Word) -> str:
        bare = _in(node.field, node.text)
        if node.text in ARABIC_OPERATORS:
            return bare if self._only_words else _in(node.field, f"\\{node.text}")
        return bare if _reads_as(bare, node) else _in(node.field, f"\\{node.text}")


def _in(field: str | None, text: str) -> str:
    return f"{field}:{text}" if field else text


def _reads_as(written: str, node: Node) -> bool:
    """Whether a query of this text alone is this one clause."""
    return [(token.kind, token.node) for token in tokens(clean(written))[0]] == [("clause", node)]


def narrows(node: Node) -> bool:
    """Whether a clause only narrows what the words find: it has no words of its own, or excludes them."""
    match node:
        case Value() | DateRange() | Not() | Everything() | Nothing():
            return True
        case And(clauses) | Or(clauses):
            return all(map(narrows, clauses))
        case _:
            return False


def _dates(dates: DateRange) -> str:
    if dates.undated:
        return "date:none"
    if dates.first == dates.last:
        return f"date:{dates.first}"
    return f"date:{dates.first or ''}..{dates.last or ''}"
