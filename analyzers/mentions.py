"""Persons and organisations named in a text, in French, in Arabic, or in both.

Each script has its own finder; what they find is put in order here, and every mention is given the fullest
form of its name in the same text: "Mme Seghrouchni" after "Amal El Fallah Seghrouchni", "l'OIT" after
"l'Organisation internationale du travail (OIT)".
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from kashaf.analyzers import arabic_mentions, french_mentions
from kashaf.analyzers.french_clues import Tokens
from kashaf.analyzers.functions import function_beside
from kashaf.analyzers.lone_names import lone_names
from kashaf.analyzers.spans import Given, Kind, Span

_ARABIC = re.compile("[\u0621-\u064a]{2}")
_LATIN = re.compile("[A-ZÀ-ÖØ-Þ\u0100-\u024f]")
_JOINERS = "\u200c\u200d"  # part of the spelling of words in Arabic script
_JOINTS = re.compile("[_#]+")
_WORD = re.compile(r"[^\W_]+")
_MARKS = re.compile("[\u0640\u064b-\u065f\u0670\u200c-\u200f\u202a-\u202e\u2066-\u2069]")
_SEATS = str.maketrans("أإآىةؤئ", "ااايهوي")


@dataclass(frozen=True, slots=True)
class Found:
    """A name found in a text.

    Attributes:
        kind: ``person`` or ``organisation``.
        text: the characters of the name, honorifics, functions and Arabic clitics left out.
        start, end: where they stand: ``text == source[start:end]``.
        name: the fullest form of the same name in the same text; `text` itself when there is no fuller one.
        function: what the text says that the person is, beside the name; see `kashaf.analyzers.functions`.
    """

    kind: Kind
    text: str
    start: int
    end: int
    name: str
    function: str | None = None


def extract(text: str, language: str | None = None, given: Given | None = None) -> list[Found]:
    """The persons and organisations that `text` names, in order, not overlapping.

    Args:
        text: any text; each word is read by the rules of its script.
        language: BCP 47; accepted for callers that know it. The script decides: in Latin script the French
            rules serve for other languages too.
        given: what another finder found in it.
    """
    return extract_all([text], None if given is None else [given])[0]


def extract_all(texts: Sequence[str], given: Sequence[Given] | None = None) -> list[list[Found]]:
    """What `extract` gives for each text, in half the time when there are many."""
    latin = [Tokens(text) if _LATIN.search(text) else None for text in texts]
    spans = [french_mentions.find(*one) if one[1] else [] for one in zip(texts, latin, strict=True)]
    arabic = [n for n, text in enumerate(texts) if _ARABIC.search(text)]
    for n, found in zip(arabic, arabic_mentions.find_all([texts[n] for n in arabic]), strict=True):
        spans[n] = _without_overlap(found + spans[n]) if spans[n] else found
    if given is not None:
        spans = [_without_overlap(sure + own + unsure) for (sure, unsure), own in zip(given, spans, strict=True)]
    return [_ordered(*one) for one in zip(texts, spans, latin, strict=True)]


def _ordered(text: str, spans: list[Span], tokens: Tokens | None) -> list[Found]:
    spans += lone_names(text, spans, tokens)
    spans.sort(key=lambda span: span[1])
    return _resolved(text, spans, tokens)


def _without_overlap(spans: list[Span]) -> list[Span]:
    """The spans that share no character with one before them in the list."""
    taken: set[int] = set()
    kept: list[Span] = []
    for kind, start, end in spans:
        if not taken.intersection(range(start, end)):
            taken.update(range(start, end))
            kept.append((kind, start, end))
    return kept


@functools.lru_cache(1 << 16)
def _fold(word: str) -> str:
    return _MARKS.sub("", word).translate(_SEATS).lower()


def _key(name: str) -> list[str]:
    return [folded for word in _WORD.findall(name) if (folded := _fold(word))]


def _resolved(text: str, spans: list[Span], tokens: Tokens | None) -> list[Found]:
    """Gives each mention the fullest name of the same person or organisation in the text."""
    names = [_name(text, start, end) for _, start, end in spans]
    full = _Fullest(list(zip((kind for kind, _, _ in spans), names, strict=True)), text, spans)
    found: list[Found] = []
    other = (0, 0)
    for (kind, start, end), name in zip(spans, names, strict=True):
        function = None
        if kind == "person":
            function = function_beside(text, start, end, tokens, other)
            other = start, end
        found.append(Found(kind, text[start:end], start, end, full.name(kind, name), function))
    return found


def _name(text: str, start: int, end: int) -> str:
    """A mention as a name: blanks and hashtags evened out, the article's alef written."""
    name = text[start:end]
    if "_" in name or "#" in name:
        name = _JOINTS.sub(" ", name)
    if not name.isprintable():  # a line feed, or what turns text round
        name = "".join(letter for letter in name if letter.isprintable() or letter.isspace() or letter in _JOINERS)
    name = " ".join(name.split())
    if name.startswith("ل") and text[start - 1 : start] == "ل":  # للأمم المتحدة: the mention is "لأمم المتحدة"
        return "ا" + name
    return name or text[start:end]


class _Fullest:
    """The fullest form of each name of one text."""

    def __init__(self, named: list[tuple[Kind, str]], text: str, spans: list[Span]) -> None:
        self._forms: dict[tuple[Kind, str], str] = {}
        counts = Counter(named)
        # A part of a name stands for the only full name that holds it: last word first, any word otherwise.
        self._by_last: dict[str, set[str]] = {}
        self._by_word: dict[str, set[str]] = {}
        for kind, name in counts:
            words = _key(name)
            if kind == "person" and len(words) > 1:
                self._by_last.setdefault(_article_off(words[-1]), set()).add(name)
                for word in words:
                    self._by_word.setdefault(_article_off(word), set()).add(name)
        self._acronyms: dict[str, str] = {}
        for (_, _, end), (kind, start, stop), (before, long) in zip(spans, spans[1:], named, strict=False):
            if kind == before == "organisation" and text[end:start].strip() in ("(", "(l'", "(l’", "، (", ", ("):
                short = text[start:stop]
                if text[stop : stop + 1] == ")" and len(long) > len(short):
                    self._acronyms[short] = long

    def name(self, kind: Kind, name: str) -> str:
        """The fullest form of `name` in the text."""
        key = (kind, name)
        if key not in self._forms:
            self._forms[key] = self._person(name) if kind == "person" else self._acronyms.get(name, name)
        return self._forms[key]

    def _person(self, name: str) -> str:
        words = [_article_off(word) for word in _key(name)]
        if not words:
            return name
        candidates = self._by_last.get(words[-1], set()) if len(words) == 1 else set()
        if not candidates:
            holders = sorted((self._by_word.get(word, set()) for word in words), key=len)
            candidates = holders[0].intersection(*holders[1:])
        longer = [other for other in candidates if other != name and len(_key(other)) > len(words)]
        if len(longer) > 1:  # one name inside the other: the same person
            longest = max(sorted(longer), key=len)  # sorted: of two as long, always the same
            if all(set(_key(other)) <= set(_key(longest)) for other in longer):
                longer = [longest]
        return longer[0] if len(longer) == 1 else name


def _article_off(word: str) -> str:
    return word[2:] if word.startswith("ال") and len(word) > 4 else word
