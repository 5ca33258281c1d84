"""A typed query cut into tokens: clauses, parentheses, negations and operators.

Nothing is an error here. What looks like syntax and cannot be is made words of, and a warning tells so. Every
character is looked at a fixed number of times, whatever was typed.

An operator is a token only by its looks: whether it stands where an operator can stand is for
`kashaf.search.syntax` to decide, so the token also carries the word that it is otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from kashaf.analyzers.terms import analyze_word
from kashaf.analyzers.words import APOSTROPHES, MARKS, WORD
from kashaf.index.article import TEXT_FIELDS, TextField
from kashaf.search.date_values import date_range
from kashaf.search.fields import Facet, Field, field_named, language_code
from kashaf.search.query import DateRange, Everything, Fuzzy, Node, Not, Pattern, Phrase, Value, Word

Kind = Literal["clause", "open", "close", "minus", "and", "or", "not", "near"]

# English and French operators are upper-case words; lower-case ones are text.
OPERATORS: dict[str, Kind] = {"AND": "and", "ET": "and", "OR": "or", "OU": "or", "NOT": "not", "SAUF": "not"}
# Arabic has no capitals, and these are the most common words of the language.
ARABIC_OPERATORS: dict[str, Kind] = {"و": "and", "أو": "or", "او": "or", "ليس": "not"}

_FACETS: dict[str | None, Facet] = {
    facet: facet for facet in ("person", "organisation", "source", "section", "language")
}
_TEXTS: dict[str | None, TextField] = {field: field for field in TEXT_FIELDS}

MAX_SLOP = 50  # words
MAX_NEAR = 50  # words
MAX_FUZZY = 2  # letters

# Opening quote -> what may close it. In Arabic both kinds are met the wrong way round.
_CLOSERS = {"«": "»", "»": "«", "‹": "›", "›": "‹", '"': '"', "“": '”"', "”": '“"', "„": '“”"', "‟": '”"'}
_CLOSER = {closers: re.compile(f"[{closers}]") for closers in set(_CLOSERS.values())}
_QUOTES = "".join(_CLOSERS)
_STOPS = r"،؛؟;\[\]{}"  # for a class of a regular expression
_EDGES = APOSTROPHES + ".-‐‑‒–—―…_&@·•"
_WORD_EDGES = _EDGES + ",:!?/*~^\\%#+=<>|$"

# What is not text: bidirectional controls and zero-width spaces vanish, other controls and lone surrogates
# part words, full-width forms and the Arabic star are the ASCII characters.
_CLEAN = str.maketrans(
    {
        **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
        **dict.fromkeys(map(chr, (*range(0x20), *range(0x7F, 0xA0))), " "),
        **dict.fromkeys("\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"),
        "\u066d": "*",
    }
)
_SURROGATES = re.compile("[\ud800-\udfff]")

# The brackets of inclusive writing belong to their word: député(e)s.
_INCLUSIVE = r"(?<=[^\W\d_A-Z])\((?:e|ne|le|te|se|ve|s|x|[it]?rice|euse|es|nes)\)"
_NO_STOP = rf"[^ ()\"{_QUOTES}{_STOPS}]"
_CHUNK = re.compile(rf"(?:{_NO_STOP}|{_INCLUSIVE})+")
_PIECE = re.compile(rf"(?:[^!\"#$%()+,/:;<=>\[\\\]^`{{|}}~¡¿§…–—―•٪۔×÷]|(?<=\d)[,:/](?=\d)|{_INCLUSIVE})+")
_THOUSANDS = re.compile(rf"(?![0٠۰])\d{{1,3}}(?: \d{{3}})+(?:[.,٫]\d+)?(?![,.!?…]*[^ ()\"{_QUOTES}{_STOPS},.!?…])")
_DATE_CHUNK = re.compile(rf"\[ ?[^ \]]{{1,20}} [^ \]]{{1,20}} [^ \]]{{1,20}} ?\]|(?:[<>]=? ?)?{_NO_STOP}+")
_FIELD = re.compile(rf"([^\W\d_][\w{MARKS}]{{0,19}}):")
_LEAD = re.compile(r"[\W_]*")
_URL = re.compile(r"[A-Za-z][A-Za-z+.-]*://")
_NEAR = re.compile(r"(?:NEAR|PRES|PRÈS|PRE\u0300S|قرب)/(\d+)")
_MINUS = re.compile(rf"(?<![^ (،؛؟;])-(?=[\w(\\*{_QUOTES}])")
_FUZZY = re.compile(r"~(\d*)((?:[.]\d+)?)\Z")
_SLOP = re.compile(r"~(\d*)")
_BOOST = re.compile(r"\^[\w.+-]*")
_STARS = re.compile(r"\*+(?::\*+)?")
_LONGEST_NAME = 200  # characters of a name in several words
_TELLING = 64  # characters of a word that tell whether it has any letter
_BLANK_OR_QUOTE = re.compile(rf"[ {_QUOTES}]+")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a query.

    Attributes:
        node: of a clause; of an operator, the clause that it is where it cannot be an operator.
        start, end: characters of the cleaned query that hold the words of a clause.
        distance: of ``near``, in words.
        explicit: whether this is syntax by its form, and not a bare word.
        arabic: whether this is an operator written in Arabic.
    """

    kind: Kind
    start: int
    end: int
    node: Node | None = None
    distance: int = 0
    explicit: bool = True
    arabic: bool = False


def clean(q: str) -> str:
    """A query with its blanks made single spaces, and without what nobody sees."""
    return " ".join(_SURROGATES.sub(" ", q.translate(_CLEAN)).split())


def tokens(query: str) -> tuple[list[Token], list[str]]:
    """The tokens of a cleaned query, parentheses balanced, and the warnings."""
    lexer = _Lexer(query)
    lexer.run()
    return lexer.tokens, list(dict.fromkeys(lexer.warnings))


class _Lexer:
    def __init__(self, query: str) -> None:
        self.tokens: list[Token] = []
        self.warnings: list[str] = []
        self._text = query
        self._at = 0
        self._scopes: list[Field | None] = [None]  # the field of each open group
        self._pending: Field | None = None  # the field whose value comes next
        self._last = {closers: max(map(query.rfind, closers)) for closers in _CLOSER}

    def run(self) -> None:
        text = self._text
        while self._at < len(text):
            character = text[self._at]
            if character in _CLOSERS:
                self._quoted(_CLOSERS[character])
            elif character == "(":
                self._open()
            elif character == ")":
                self._close()
            elif _MINUS.match(text, self._at):
                self.tokens.append(Token("minus", self._at, self._at + 1))
                self._at += 1
            elif self._field_due() == "date" and (found := _DATE_CHUNK.match(text, self._at)):
                self._at = found.end()
                self._date_chunk(found[0], found.start())
            elif found := _CHUNK.match(text, self._at):
                self._at = found.end()
                self._chunk(found[0], found.start())
            else:
                self._at += 1  # a blank or a mark between words
        if len(self._scopes) > 1:
            self.warnings.append("unclosed-parenthesis: an opened parenthesis was closed at the end")
            while len(self._scopes) > 1:
                self._close()

    def _field_due(self) -> Field | None:
        """The field of what comes next."""
        return self._pending or self._scopes[-1]

    # Groups

    def _open(self) -> None:
        self.tokens.append(Token("open", self._at, self._at + 1))
        self._scopes.append(self._field_due())
        self._pending = None
        self._at += 1

    def _close(self) -> None:
        self._pending = None
        if len(self._scopes) == 1:
            self.warnings.append("stray-parenthesis: a closing parenthesis that nothing opened was left out")
        else:
            self._scopes.pop()
            if self.tokens[-1].kind == "open":
                del self.tokens[-1]  # an empty group asks for nothing
                self._drop_minus()
            else:
                self.tokens.append(Token("close", self._at, self._at + 1))
        self._at += 1
        self._skip_boost()

    # Phrases

    def _quoted(self, closers: str) -> None:
        start = self._at + 1
        self._at = start
        # The last closing mark is known, so that many openings do not each search the whole rest.
        if self._last[closers] < start or not (closing := _CLOSER[closers].search(self._text, start)):
            self.warnings.append("unclosed-quote: a quotation mark without its pair was left out")
            return
        end, self._at = closing.span()
        slop = 0
        if found := _SLOP.match(self._text, self._at):
            self._at = found.end()
            slop = self._clamped(found[1] or "0", 0, MAX_SLOP)
        self._skip_boost()
        field, self._pending = self._field_due(), None
        words = " ".join(_BLANK_OR_QUOTE.sub(" ", self._text[start:end]).split())
        if not _has_words(words):
            self._drop_minus()
            return
        if field == "date":
            self._date(words, start, end, named=False)
        elif facet := _FACETS.get(field):
            self._clause(_value(facet, words), start, end)
        else:
            self._clause(Phrase(words, _TEXTS.get(field), slop), start, end)

    def _negated(self) -> bool:
        """Whether the next clause is a negated one."""
        return bool(self.tokens) and self.tokens[-1].kind in ("minus", "not")

    def _drop_minus(self) -> None:
        """Forgets a minus sign whose clause came to nothing, lest it excludes the next one."""
        if self.tokens and self.tokens[-1].kind == "minus":
            del self.tokens[-1]

    def _skip_boost(self) -> None:
        if found := _BOOST.match(self._text, self._at):
            self._at = found.end()
            self._warn_boost()

    def _warn_boost(self) -> None:
        self.warnings.append("boost: weights (^) are not supported and were left out")

    def _clamped(self, digits: str, least: int, most: int) -> int:
        """A number as typed, brought within limits."""
        number = int(digits) if len(digits) < 9 else most + 1
        if least <= number <= most:
            return number
        self.warnings.append(f"clamped: a distance must be from {least} to {most}")
        return min(max(number, least), most)

    # Words, operators and fields

    def _chunk(self, chunk: str, start: int) -> None:
        if self._pending is None:
            if self._operator(chunk, start):
                return
            if named := _FIELD.match(chunk):
                if field := field_named(named[1]):
                    self._field(field, named[1], start)
                    return
                self._warn_unknown(named[1], chunk[named.end() :])
                if named.end() == len(chunk) and self._opens_here() and self._negated():
                    return  # -foo:"bar" excludes bar
        field, explicit = self._field_due(), self._pending is not None
        self._pending = None
        if _STARS.fullmatch(chunk.strip(_EDGES)):
            self._star(field, start)
        elif facet := _FACETS.get(field):
            self._facet_value(chunk, start, facet, explicit)
        elif thousands := _THOUSANDS.match(self._text, start):
            self._at = thousands.end()
            self._clause(Word(thousands[0].replace(" ", ""), _TEXTS.get(field)), start, self._at, explicit)
        else:
            self._words(chunk, start, _TEXTS.get(field), explicit)

    def _warn_unknown(self, name: str, rest: str) -> None:
        if not rest.startswith("//") and (_has_words(rest) or (not rest and self._opens_here())):
            self.warnings.append(f"unknown-field: {name} is not a field; it was searched as a word")

    def _opens_here(self) -> bool:
        """Whether a phrase or a group comes next."""
        return self._text[self._at : self._at + 1] in ("(", *_CLOSERS)

    def _operator(self, chunk: str, start: int) -> bool:
        scope = self._scopes[-1]
        kind = OPERATORS.get(chunk) or ARABIC_OPERATORS.get(chunk)
        near = _NEAR.fullmatch(chunk)
        if kind is None and near is None:
            return False
        arabic = chunk in ARABIC_OPERATORS
        facet = _FACETS.get(scope)
        if facet and arabic and not self.tokens[-1].explicit:
            return False  # a word of a name: منظمة:(الأمم و الشعوب)
        otherwise = Value(facet, chunk) if facet else _word(chunk, _TEXTS.get(scope))
        distance = self._clamped(near[1], 1, MAX_NEAR) if near else 0
        self.tokens.append(Token(kind or "near", start, start + len(chunk), otherwise, distance, arabic=arabic))
        return True

    def _field(self, field: Field, name: str, start: int) -> None:
        """``name:`` was read at `start`; its value is a word, phrase or group, after one blank at most."""
        text, at = self._text, start + len(name) + 1
        blank = text[at : at + 1] == " "
        at += blank
        value = _CHUNK.match(text, at)
        if value and blank:
            named = _FIELD.match(value[0])
            syntax = value[0] in OPERATORS or value[0].startswith("-") or (named and field_named(named[1]))
            value = None if syntax else value
        self._at = at
        if value or self._opens_here() or (field == "date" and text[at : at + 1] == "["):
            self._pending = field
            return
        self.warnings.append(f"empty-field: nothing follows {name}: and it was searched as a word")
        self._at = start + len(name) + 1
        self._words(name, start, _TEXTS.get(self._scopes[-1]), explicit=False)

    def _star(self, field: Field | None, start: int) -> None:
        if field == "date":
            self._clause(Not(DateRange(undated=True)), start, self._at)
            return
        if field is not None:
            self.warnings.append(f"any-value: {field}:* is not supported and matches everything")
        self._clause(Everything(), start, self._at)

    def _date_chunk(self, chunk: str, start: int) -> None:
        named, self._pending = self._pending is not None, None
        if not named and self._operator(chunk, start):
            return
        if _STARS.fullmatch(chunk):
            self._star("date", start)
        else:
            self._date(chunk, start, self._at, named)

    def _date(self, text: str, start: int, end: int, named: bool) -> None:
        if dates := date_range(_BOOST.split(text, maxsplit=1)[0]):
            self._clause(dates, start, end)
        else:
            self.warnings.append(
                f"bad-date: {text[:40]} is not a date (YYYY, YYYY-MM, YYYY-MM-DD) and was searched as words"
            )
            negated = self._negated()
            if negated:
                self.tokens.append(Token("open", start, start))
            for word in _CHUNK.finditer(f"date {text}" if named else text):
                self._words(word[0], start, None, explicit=False)
            if negated:
                self.tokens.append(Token("close", end, end))

    def _facet_value(self, chunk: str, start: int, facet: Facet, explicit: bool) -> None:
        text = chunk
        if "^" in text:
            text = text.partition("^")[0]
            self._warn_boost()
        plain = _FUZZY.sub("", text).replace("*", "")
        if plain != text:
            self.warnings.append(f"plain-value: {facet}: takes a name as it is, without * or ~")
        text = plain.strip(_WORD_EDGES)
        if not _has_words(text):
            self._drop_minus()
            return
        last = self.tokens[-1] if self.tokens else None
        begun = last.node if last and not last.explicit and not explicit else None
        if last and isinstance(begun, Value) and len(begun.text) < _LONGEST_NAME:
            self.tokens.pop()  # the words of one name, in a group
            self._clause(Value(facet, f"{begun.text} {text}"), last.start, self._at, explicit=False)
        else:
            self._clause(_value(facet, text), start, self._at, explicit)

    def _words(self, chunk: str, start: int, field: TextField | None, explicit: bool) -> None:
        """The words, patterns and approximate words of a chunk without blanks."""
        if chunk.startswith("\\") or _URL.match(chunk):
            text = _LEAD.sub("", chunk, count=1).rstrip(_WORD_EDGES)
            literal: list[tuple[Node, int, int]] = [(_word(text, field), start, self._at)]
            leaves = literal if _has_words(text) else []
        else:
            leaves = list(self._leaves(chunk, start, field))
        if not leaves:
            self._drop_minus()
        grouped = len(leaves) > 1 and (explicit or self._negated())
        if grouped:
            self.tokens.append(Token("open", start, start))
        for node, first, last in leaves:
            self._clause(node, first, last, explicit or not isinstance(node, Word))
        if grouped:
            self.tokens.append(Token("close", self._at, self._at))

    def _leaves(self, chunk: str, start: int, field: TextField | None) -> Iterator[tuple[Node, int, int]]:
        if "^" in chunk:
            chunk = chunk.partition("^")[0]
            self._warn_boost()
        fuzzy = _FUZZY.search(chunk)
        words = chunk[: fuzzy.start()] if fuzzy else chunk
        for piece in _PIECE.finditer(words):
            lead = _LEAD.match(piece[0])
            assert lead is not None
            text = piece[0][lead.end() :].rstrip(_EDGES + "?")  # a question mark at the end is one
            if not _has_words(text):
                continue
            if lead[0].endswith(("*", "?")):
                self.warnings.append(f"leading-wildcard: {lead[0]}{text[:40]} must start with a letter")
            node: Node = _word(text, field)
            if "*" in text or "?" in text:
                node = Pattern(re.sub(r"\*+", "*", text), field)
            elif fuzzy and piece.end() == len(words):
                fraction = fuzzy[2] and fuzzy[1] in ("", "0")  # of another query language: word~0.8
                node = Fuzzy(text, self._clamped("0" if fraction else fuzzy[1] or "1", 1, MAX_FUZZY), field)
            first = start + piece.start() + lead.end()
            yield node, first, first + len(text)

    def _clause(self, node: Node, start: int, end: int, explicit: bool = True) -> None:
        self.tokens.append(Token("clause", start, end, node, explicit=explicit))


def _has_words(text: str) -> bool:
    return any(analyze_word(raw[0][:_TELLING]) for raw in WORD.finditer(text))


def _word(text: str, field: TextField | None) -> Word:
    """A plain word; one that looks like an operator is written small, so that it reads as a word."""
    return Word(text.lower() if text in OPERATORS or _NEAR.fullmatch(text) else text, field)


def _value(facet: Facet, text: str) -> Value:
    return Value(facet, language_code(text) if facet == "language" else text)
