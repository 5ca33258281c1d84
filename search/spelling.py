"""Did you mean: a query that the archive can answer, near the one that was typed.

A word that no article has is replaced by the likeliest one near it: frequent, and few letters away, where the
slips that people make cost less (after Kernighan, Church and Gale, "A Spelling Correction Program Based on a
Noisy Channel Model", COLING 1990). Words run together or torn apart, a keyboard left in the other script and
Arabizi are put right as well, only where the result is in the archive. Everything else stays as typed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kashaf.analyzers.terms import WORD, analyze_word, is_stopword, stem_class
from kashaf.search.arabizi import read_arabizi
from kashaf.search.keyboards import retyped
from kashaf.search.lexer import clean, tokens
from kashaf.search.lexicon import Lexicon
from kashaf.search.query import Phrase, Word

_LETTERS = re.compile(r"[^\W\d_]+(?: [^\W\d_]+)*")
_SHORTEST = 3  # letters of a word worth a suggestion
_NEIGHBOURS = 100  # forms looked at for each word
_LETTER_COST = 2.0  # a letter wrong weighs as much as a hundred times fewer articles
_SPLIT_COST = 1.0  # letters that a missing blank counts for
_MOST_DOUBTFUL = 8  # words; so many are no slips, and each takes time
_RARE = 2  # articles; a word in more is taken to be meant
_MUCH_MORE = 200  # times more frequent than a rare word

_DOUBLED = 0.5  # a letter doubled, or once instead of twice
_EXCHANGED = 0.6  # two neighbours exchanged
_SIMILAR = 0.5  # letters taken for one another
_FIRST = 0.5  # more for a first letter: people seldom miss it

# Letters taken for one another by ear or by shape, in folded spelling.
_CONFUSED = {
    frozenset(pair)
    for pair in (
        "ضظ ضد ظذ ذد ذز ظز سص تط ثت ثس قك هح حخ جح غق غع ءئ ءؤ ئي ؤو اي اه "
        "sc sz ck kq cq iy gj ea ei ao ou mn td bp vf bv ue"
    ).split()
}


class _Typed(NamedTuple):
    """A word of a query: its characters, and its form."""

    start: int
    end: int
    form: str


def did_you_mean(q: str, lexicon: Lexicon) -> str | None:
    """A query near this one whose words are in the archive; None when there is nothing better.

    New words are in folded spelling, as the index has them; everything else is as typed, blanks and invisible
    characters apart.
    """
    query = clean(q)
    words = list(_words(query))
    if not words:
        return None
    unknown = [word for word in words if not lexicon.frequency(word.form)]
    if len(unknown) == len(words):
        for reading in retyped(query):
            forms = [word.form for word in _words(clean(reading))]
            long_enough = max(map(len, forms), default=0) > _SHORTEST
            if long_enough and _LETTERS.fullmatch(reading) and all(map(lexicon.frequency, forms)):
                return reading
    if sum(lexicon.frequency(word.form) <= _RARE for word in words) > _MOST_DOUBTFUL:
        return None
    better: list[tuple[_Typed, str]] = []
    place = 0
    while place < len(words):
        word = words[place]
        if joined := _joined(query, words[place : place + 2], lexicon):
            better.append(joined)
            place += 1
        elif replacement := _better(word.form, lexicon):
            better.append((word, replacement))
        place += 1
    if not better:
        return None
    for word, replacement in reversed(better):
        query = query[: word.start] + replacement + query[word.end :]
    return query


def _words(query: str) -> Iterator[_Typed]:
    """The words that a query looks for: not facet values, nor what it excludes."""
    before = None
    for token in tokens(query)[0]:
        node = token.node
        if token.kind == "clause" and before not in ("minus", "not") and isinstance(node, Word | Phrase):
            # A phrase with other quotes in it, or a number with blanks, is not written as it stands.
            if query[token.start : token.end] == node.text and "://" not in node.text:
                for raw in WORD.finditer(node.text):
                    origin = token.start + raw.start()
                    for term in analyze_word(raw[0]):
                        if term.step:
                            yield _Typed(origin + term.start, origin + term.end, term.text)
        before = token.kind


def _joined(query: str, pair: Sequence[_Typed], lexicon: Lexicon) -> tuple[_Typed, str] | None:
    """Two neighbours that are one word of the archive, when one of them is none."""
    if len(pair) < 2 or query[pair[0].end : pair[1].start] != " ":
        return None
    if all(lexicon.frequency(word.form) for word in pair):
        return None
    form = pair[0].form + pair[1].form
    return (_Typed(pair[0].start, pair[1].end, form), form) if lexicon.frequency(form) else None


def _better(form: str, lexicon: Lexicon) -> str | None:
    """The likeliest word or two for a form that the archive does not have, or hardly."""
    own = lexicon.frequency(form)
    if own > _RARE or len(form) < _SHORTEST or is_stopword(form) or form.isdecimal():
        return None
    if not own and (read := read_arabizi(form, lexicon)):
        return read
    near = dict(lexicon.near(form, 1, _NEIGHBOURS))
    if len(form) > 4 and not own:
        near |= dict(lexicon.near(form, 2, _NEIGHBOURS))
    near.pop(form, None)
    if own:
        near = {other: frequency for other, frequency in near.items() if frequency >= own * _MUCH_MORE}
    elif any(stem_class(other) == stem_class(form) for other in near):
        return None  # the search finds its word family
    scores = {
        other: math.log10(frequency) - _LETTER_COST * _cost(form, other)
        for other, frequency in near.items()
        if frequency
    }
    if not own:
        scores |= _split(form, lexicon)
    return max(scores, key=lambda other: (scores[other], other), default=None)


def _split(form: str, lexicon: Lexicon) -> dict[str, float]:
    """The pairs of words of the archive that `form` may be, and how likely each is."""
    scores = {}
    for place in range(_SHORTEST, len(form) - _SHORTEST + 1):
        frequency = min(lexicon.frequency(form[:place]), lexicon.frequency(form[place:]))
        if frequency:
            scores[f"{form[:place]} {form[place:]}"] = math.log10(frequency) - _LETTER_COST * _SPLIT_COST
    return scores


def _cost(typed: str, meant: str) -> float:
    """How far apart two forms are: 1 a letter, less for usual slips (optimal string alignment)."""
    before: list[float] = []
    last = [0.0]
    for letter, previous in zip(meant, " " + meant, strict=False):
        last.append(last[-1] + (_DOUBLED if letter == previous else 1.0))
    for row, letter in enumerate(typed, 1):
        extra = _DOUBLED if typed[row - 2 : row - 1] == letter else 1.0
        here = [last[0] + extra]
        for column, other in enumerate(meant, 1):
            missing = _DOUBLED if meant[column - 2 : column - 1] == other else 1.0
            if letter == other:
                replaced = 0.0
            else:
                replaced = _SIMILAR if frozenset((letter, other)) in _CONFUSED else 1.0
            best = min(last[column] + extra, here[-1] + missing, last[column - 1] + replaced)
            if row > 1 and column > 1 and typed[row - 2] == other and letter == meant[column - 2] != other:
                best = min(best, before[column - 2] + _EXCHANGED)
            here.append(best)
        before, last = last, here
    return last[-1] + (_FIRST if typed[:1] != meant[:1] else 0.0)
