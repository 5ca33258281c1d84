"""When two names are surely one organisation's.

Organisations are translated, not transcribed: names are compared as they are folded; by the bundled list of
well-known bodies in French, Arabic and English; and, for a head word that is translated before a part that
is transcribed ("instituts « Jazari »", "معاهد الجزري"), by the concept of the head word and the keys of the
part.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import product

from kashaf.analyzers.arabic import fold as fold_arabic
from kashaf.analyzers.name_key import NameWord, consonants, name_words
from kashaf.analyzers.name_similarity import word_similarity

_WORD = re.compile(r"[^\W_]+(?:[\u064b-\u065f\u0670\u0640\u200c-\u200f\u0300-\u036f]+[^\W_]*)*")
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}[^\W\d_]?\b\.?")
_SILENT = frozenset("le la les l un une de du des d au aux a et en the of and for to in on pour sur و في من ل".split())
_TRANSCRIBED = 0.92  # how alike the transcribed parts have to be
_TELLING = 3  # consonants of a transcribed part


@lru_cache(maxsize=1 << 16)
def folded(name: str) -> tuple[str, ...]:
    """The words of an organisation's name without case, accents, articles, apostrophes and quotes.

    >>> folded("L’Organisation des Nations unies") == folded("organisation des nations-unies")
    True
    """
    name = unicodedata.normalize("NFKC", name[:400])
    name = _DOTTED.sub(lambda dotted: dotted[0].replace(".", ""), name)
    words = []
    for raw in _WORD.findall(name):
        word = _fold(raw)
        if word and word not in _SILENT:
            words.append(word)
    return tuple(words) or tuple(_fold(raw) for raw in _WORD.findall(name))


def is_silent(word: str) -> bool:
    """Whether a folded word does not count in a name: articles, prepositions."""
    return word in _SILENT


def _fold(raw: str) -> str:
    if "\u0600" <= raw[0] <= "\u06ff":
        word = fold_arabic(raw)
        return word[2:] if word.startswith("ال") and len(word) > 4 else word
    plain = unicodedata.normalize("NFKD", raw.casefold().replace("œ", "oe").replace("æ", "ae"))
    return "".join(letter for letter in plain if letter.isalnum())


# ---------------------------------------------------------------- head words


@cache
def head_words() -> dict[str, str]:
    """Folded head word -> the concept that it names."""
    heads: dict[str, str] = {}
    for concept, words in _rows("kashaf.analyzers", "organisation_heads.tsv"):
        for word in words:
            if word:
                heads[_fold(word)] = concept
    return heads


def _rows(package: str, name: str) -> Iterator[tuple[str, list[str]]]:
    """First column, and the values of the others (divided by ``|``), of a packaged table."""
    text = (files(package) / "data" / name).read_text("utf-8")
    for line in text.split("\n"):
        if line and not line.startswith("#"):
            first, *rest = line.split("\t")
            yield first, [value.strip() for column in rest for value in column.split("|")]


@dataclass(frozen=True, slots=True)
class Transcribed:
    """An organisation whose name is a translated head word and a transcribed part."""

    concept: str
    part: tuple[NameWord, ...]


@lru_cache(maxsize=1 << 16)
def transcribed(name: str) -> Transcribed | None:
    """Head word and transcribed part of a name of two or three words; None when it has no such form."""
    words = folded(name)
    if not 2 <= len(words) <= 3:
        return None
    heads = head_words()
    concepts = [heads[word] for word in words if word in heads]
    part = [word for word in words if word not in heads]
    if len(concepts) != 1 or not part:
        return None
    spoken = name_words(" ".join(part))
    if not spoken or not all(word.keys for word in spoken) or sum(map(consonants, spoken)) < _TELLING:
        return None
    return Transcribed(concepts[0], spoken)


def marks(name: str) -> set[int]:
    """Numbers that a name shares with every other name that may be the same organisation's."""
    found = {_number("o " + " ".join(folded(name)))}
    if (spoken := transcribed(name)) is not None:
        for keys in product(*(word.keys[:4] for word in spoken.part)):
            found.add(_number(f"h {spoken.concept} {' '.join(keys)}"))
    return found


def _number(text: str) -> int:
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


def same_organisation(a: str, b: str) -> bool:
    """Whether two names are surely one organisation's."""
    if folded(a) == folded(b):
        return True
    first, second = transcribed(a), transcribed(b)
    if first is None or second is None or first.concept != second.concept or len(first.part) != len(second.part):
        return False
    # Within one script a transcribed part is a proper name spelt one way: only an article may differ.
    least = _TRANSCRIBED if first.part[0].script != second.part[0].script else 0.97
    return all(word_similarity(x, y) >= least for x, y in zip(first.part, second.part, strict=True))


# ---------------------------------------------------------------- well-known organisations


@dataclass(frozen=True, slots=True)
class Known:
    """An organisation of the bundled list.

    Attributes:
        key: its stable name in the list.
        labels: French and Arabic label.
        names: all its names.
        wikidata: its Wikidata id, if the list has one.
    """

    key: str
    labels: dict[str, str]
    names: tuple[str, ...]
    wikidata: str | None


@cache
def by_key() -> dict[str, Known]:
    """Key -> organisation of the bundled list."""
    found: dict[str, Known] = {}
    text = (files("kashaf.index") / "data" / "organisations.tsv").read_text("utf-8")
    for line in text.split("\n"):
        if not line or line.startswith("#"):
            continue
        key, *cells, wikidata = line.split("\t")
        columns = [[name.strip() for name in cell.split("|") if name.strip()] for cell in cells]
        labels = {language: names[0] for language, names in zip(("fr", "ar"), columns, strict=False) if names}
        found[key] = Known(key, labels, tuple(name for names in columns for name in names), wikidata or None)
    return found


@cache
def _by_name() -> dict[tuple[str, ...], Known]:
    """Folded name -> organisation of the bundled list; a name that two of them have is left out."""
    found: dict[tuple[str, ...], Known] = {}
    doubtful: set[tuple[str, ...]] = set()
    for known in by_key().values():
        for name in known.names:
            if found.setdefault(folded(name), known) is not known:
                doubtful.add(folded(name))
    return {fold: known for fold, known in found.items() if fold not in doubtful}


def known_organisation(name: str) -> Known | None:
    """The organisation of the bundled list that this name means."""
    return _by_name().get(folded(name))
