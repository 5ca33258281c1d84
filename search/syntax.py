"""The query language: what a reader typed, as a tree. docs/query-language.md tells readers of it.

`parse` never fails on a text: what cannot be read as syntax is searched as words, and a warning tells so.
Only the limits of `kashaf.search.request` raise. Time is linear in the query.

**Binding.** Neighbouring words, phrases and groups are one run (`Words`), which binds closest; then NOT
(``-word``), AND and OR. What only narrows (facet values, dates, negations) stands outside the run: the words
of a run may be matched in part, a filter never. A run of one clause is that clause.

**Operators** are upper-case words between two clauses; elsewhere they are words. The Arabic operators
و أو ليس have no capitals and are the most common words of the language, in pasted headlines above all.
They are operators only between two clauses, and if either both of these are explicit syntax (a phrase, a
group, a field, a pattern), or the query has an operator in Latin letters. A backslash makes the next word a
word.

**Warnings** start with one of these keys and a colon: ``any-value``, ``bad-date``, ``boost``, ``clamped``,
``empty-field``, ``leading-wildcard``, ``no-words``, ``plain-value``, ``stray-operator``,
``stray-parenthesis``, ``unclosed-parenthesis``, ``unclosed-quote``, ``unknown-field``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kashaf.errors import LimitError
from kashaf.search.canonical import narrows, write
from kashaf.search.lexer import Token, clean, tokens
from kashaf.search.query import (
    And,
    Everything,
    Near,
    Node,
    Not,
    Nothing,
    Or,
    Parsed,
    Phrase,
    Word,
    Words,
)
from kashaf.search.request import MAX_CLAUSES, MAX_DEPTH


def parse(q: str) -> Parsed:
    """What was understood of a typed query.

    Nothing, blanks or ``*`` ask for every article; signs without a word (``"!"``) for none, with a warning.
    ``parse(parse(q).understood).node == parse(q).node``.

    Raises:
        LimitError: past 20 levels of groups and negations (``query depth``), or 256 words, phrases and
            values (``query clauses``).

    >>> parse('digital "Al Jazari" -sport').understood
    'digital "Al Jazari" -sport'
    >>> parse("(Rabat OU Doha) SAUF titre:sport").understood
    '(Rabat OR Doha) -headline:sport'
    """
    query = clean(q)
    if not query:
        return Parsed(Everything(), "*")
    found, warnings = tokens(query)
    parser = _Parser(found)
    node = parser.parse()
    warnings += dict.fromkeys(parser.warnings)
    if node is None:
        node = Nothing()
        warnings.append("no-words: there is no word in the query")
    return Parsed(node, write(node), tuple(warnings))


class _Parser:
    """Recursive descent; every method reads from `_at` on and gives None for what asks for nothing."""

    def __init__(self, found: Sequence[Token]) -> None:
        self.warnings: list[str] = []
        self._tokens = found
        self._at = 0
        self._clauses = 0
        # Whether a clause can start at each token; an Arabic operator may be a word. One past the end: no.
        self._starts = [False] * (len(found) + 1)
        for place in range(len(found) - 1, -1, -1):
            token = found[place]
            self._starts[place] = (
                token.kind in ("clause", "open")
                or (token.kind in ("minus", "not") and self._starts[place + 1])
                or token.arabic
            )
        self._has_latin_operator = any(
            token.kind in ("and", "or", "not", "near")
            and not token.arabic
            and self._ends_clause(place - 1)
            and self._starts[place + 1]
            for place, token in enumerate(found)
        )

    def parse(self) -> Node | None:
        return self._either(0)

    def _either(self, depth: int) -> Node | None:
        parts = [self._both(depth)]
        while self._operator() == "or":
            self._at += 1
            parts.append(self._both(depth))
        return _or([part for part in parts if part is not None])

    def _both(self, depth: int) -> Node | None:
        parts = self._run(depth)
        while self._operator() == "and":
            self._at += 1
            parts += self._run(depth)
        return _and(parts)

    def _run(self, depth: int) -> list[Node]:
        """Clauses up to the next AND, OR or closing parenthesis: their run of words, then what narrows it."""
        words: list[Node] = []
        narrowing: list[Node] = []
        while self._at < len(self._tokens) and self._tokens[self._at].kind != "close":
            if (words or narrowing) and self._operator():
                break
            clause = self._clause(depth)
            if clause is not None:
                (narrowing if narrows(clause) else words).append(clause)
        if len(words) > 1:
            words = [Words(tuple(words))]
        return words + narrowing

    def _clause(self, depth: int) -> Node | None:
        token = self._tokens[self._at]
        if token.kind == "minus" or (token.kind == "not" and self._is_operator(self._at)):
            self._at += 1
            if not self._starts[self._at]:
                return None
            return _not(self._clause(_deeper(depth)))
        if token.kind == "open":
            self._at += 1
            group = self._either(_deeper(depth))
            self._at += 1  # the lexer closes every group
            return group
        return self._words_near(depth)

    def _words_near(self, depth: int) -> Node:
        """One clause, or a chain of NEAR."""
        left = self._leaf()
        chain: list[Near] = []
        while near := self._near(left):
            chain.append(near)
            self._at += 1
            left = self._leaf()
        if len(chain) > 1:
            _deeper(depth)
        return _and(chain) or left

    def _near(self, left: Node) -> Near | None:
        """The NEAR that stands at this token between words or phrases; both are then of one field."""
        here = self._tokens[self._at : self._at + 2]
        if len(here) < 2 or here[0].kind != "near" or not isinstance(left, Word | Phrase):
            return None
        right = here[1].node
        if here[1].kind != "clause" or not isinstance(right, Word | Phrase):
            return None
        field = left.field or right.field
        if right.field not in (None, field):
            return None
        return Near(replace(left, field=field), replace(right, field=field), here[0].distance, field)

    def _leaf(self) -> Node:
        """A clause, or an operator where none can stand: a word."""
        token = self._tokens[self._at]
        self._at += 1
        self._clauses += 1
        if self._clauses > MAX_CLAUSES:
            raise LimitError("query clauses", MAX_CLAUSES, self._clauses)
        assert token.node is not None
        if token.kind != "clause" and not token.arabic:
            self.warnings.append("stray-operator: an operator with nothing to join was searched as a word")
        return token.node

    def _operator(self) -> str | None:
        """``and`` or ``or`` when this token is that operator, after a clause."""
        if self._at < len(self._tokens) and self._tokens[self._at].kind in ("and", "or"):
            return self._tokens[self._at].kind if self._is_operator(self._at) else None
        return None

    def _is_operator(self, place: int) -> bool:
        if not self._starts[place + 1]:
            return False
        if not self._tokens[place].arabic:
            return True
        if not self._ends_clause(place - 1):
            return False
        before, after = self._tokens[place - 1], self._tokens[place + 1]
        return self._has_latin_operator or (before.explicit and after.explicit)

    def _ends_clause(self, place: int) -> bool:
        return place >= 0 and self._tokens[place].kind in ("clause", "close")


def _deeper(depth: int) -> int:
    if depth >= MAX_DEPTH:
        raise LimitError("query depth", MAX_DEPTH, depth + 1)
    return depth + 1


def _and(parts: Sequence[Node]) -> Node | None:
    flat = [inner for part in parts for inner in (part.clauses if isinstance(part, And) else (part,))]
    kept = [part for part in flat if not isinstance(part, Everything)] or flat[:1]
    return And(tuple(kept)) if len(kept) > 1 else kept[0] if kept else None


def _or(parts: Sequence[Node]) -> Node | None:
    flat = [inner for part in parts for inner in (part.clauses if isinstance(part, Or) else (part,))]
    return Or(tuple(flat)) if len(flat) > 1 else flat[0] if flat else None


def _not(clause: Node | None) -> Node | None:
    match clause:
        case None:
            return None
        case Not(inner):
            return inner
        case Everything():
            return Nothing()
        case Nothing():
            return Everything()
        case _:
            return Not(clause)
