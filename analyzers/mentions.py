"""Persons and organisations named in a text, in French, in Arabic, or in both.

Each script has its own finder; what they find is put in order here, and every mention is given the fullest
form of its name in the same text: "Mme Seghrouchni" after "Amal El Fallah Seghrouchni", "l'OIT" after
"l'Organisation internationale du travail (OIT)".
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from kashaf.analyzers import arabic_mentions, french_mentions
from kashaf.analyzers.spans import Kind, Span

_ARABIC = re.compile("[\u0621-\u064a]{2}")
_LATIN = re.compile("[A-ZÀ-ÖØ-Þ\u0100-\u024f]")
_JOINTS = re.compile("[_#]+")
_WORD = re.compile(r"[^\W_]+")
_MARKS = re.compile("[\u0640\u064b-\u065f\u0670\u200c-\u200f\u202a-\u202e\u2066-\u2069]")
CLITICS = "وفبلك"
_SEATS = str.maketrans("أإآىةؤئ", "ااايهوي")


@dataclass(frozen=True, slots=True)
class Found:
    """A name found in a text.

    Attributes:
        kind: ``person`` or ``organisation``.
        text: the characters of the name, honorifics, functions and Arabic clitics left out.
        start, end: where they stand: ``text == source[start:end]``.
        name: the fullest form of the same name in the same text; `text` itself when there is no fuller one.
    """

    kind: Kind
    text: str
    start: int
    end: int
    name: str


class KnownNames:
    """Names that are trusted wherever they stand, without a title or a verb beside them.

    Args:
        persons, organisations: names of two words or more, in any script, for instance those that many
            articles of an archive name, or Arabic spellings of names known in French.
    """

    def __init__(self, persons: Collection[str] = (), organisations: Collection[str] = ()) -> None:
        self._names: dict[tuple[str, ...], Kind] = {}
        # First word, with and without a clitic -> letters of the clitic, and most words of a name that begins so.
        self._starts: dict[str, list[tuple[int, int]]] = {}
        longest: dict[str, int] = {}
        kinds: tuple[tuple[Kind, Collection[str]], ...] = (("person", persons), ("organisation", organisations))
        for kind, names in kinds:
            for name in names:
                words = tuple(_key(name))
                if len(words) > 1:
                    self._names[words] = kind
                    longest[words[0]] = max(len(words), longest.get(words[0], 0))
        for first, size in longest.items():
            self._starts.setdefault(first, []).insert(0, (0, size))
            for clitic in CLITICS if _ARABIC.match(first) else ():
                self._starts.setdefault(clitic + first, []).append((1, size))

    def __len__(self) -> int:
        return len(self._names)

    def find(self, text: str) -> list[Span]:
        """Where the names stand in `text`, the longest first at each place: kind, start, end."""
        words = _WORD.findall(text)
        # In Latin script a name starts with a capital.
        spots = [i for i, word in enumerate(words) if not word[0].islower() and _fold(word) in self._starts]
        hits = [(i, *hit) for i in spots if (hit := self._longest(words, i))]
        if not hits:
            return []
        matches = list(_WORD.finditer(text))
        found: list[Span] = []
        done = 0
        for i, kind, size, cut in hits:
            if i >= done:
                found.append((kind, matches[i].start() + cut, matches[i + size - 1].end()))
                done = i + size
        return found

    def _longest(self, words: list[str], i: int) -> tuple[Kind, int, int] | None:
        """The kind and the number of words of the known name at `i`, and how many letters of clitics precede it."""
        for cut, longest in self._starts[_fold(words[i])]:
            folded = list(map(_fold, words[i : i + longest]))
            folded[0] = folded[0][cut:]
            for size in range(len(folded), 1, -1):
                kind = self._names.get(tuple(folded[:size]))
                if kind is not None:
                    return kind, size, cut
        return None


def extract(text: str, language: str | None = None, known: KnownNames | None = None) -> list[Found]:
    """The persons and organisations that `text` names, in order, not overlapping.

    Args:
        text: any text; each word is read by the rules of its script.
        language: BCP 47; accepted for callers that know it. The script decides: in Latin script the French
            rules serve for other languages too.
        known: names to accept wherever they stand.
    """
    return extract_all([text], known)[0]


def extract_all(texts: Sequence[str], known: KnownNames | None = None) -> list[list[Found]]:
    """What `extract` gives for each text, in half the time when there are many."""
    spans = [french_mentions.find(text) if _LATIN.search(text) else [] for text in texts]
    arabic = [n for n, text in enumerate(texts) if _ARABIC.search(text)]
    for n, found in zip(arabic, arabic_mentions.find_all([texts[n] for n in arabic]), strict=True):
        spans[n] = _without_overlap(found + spans[n]) if spans[n] else found
    return [_ordered(text, found, known) for text, found in zip(texts, spans, strict=True)]


def _ordered(text: str, spans: list[Span], known: KnownNames | None) -> list[Found]:
    if known is not None:
        spans = _without_overlap(known.find(text) + spans)
    spans.sort(key=lambda span: span[1])
    return _resolved(text, spans)


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


def _resolved(text: str, spans: list[Span]) -> list[Found]:
    """Gives each mention the fullest name of the same person or organisation in the text."""
    names = [_name(text, start, end) for _, start, end in spans]
    full = _Fullest(list(zip((kind for kind, _, _ in spans), names, strict=True)), text, spans)
    return [
        Found(kind, text[start:end], start, end, full.name(kind, name))
        for (kind, start, end), name in zip(spans, names, strict=True)
    ]


def _name(text: str, start: int, end: int) -> str:
    """A mention as a name: blanks and hashtags evened out, the article's alef written."""
    name = text[start:end]
    if "_" in name or "#" in name:
        name = _JOINTS.sub(" ", name)
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
