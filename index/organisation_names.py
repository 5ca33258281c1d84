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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import product

from kashaf.analyzers.arabic import fold as fold_arabic
from kashaf.analyzers.name_key import NameWord, consonants, name_words
from kashaf.analyzers.name_similarity import word_similarity

_WORD = re.compile(r"[^\W_]+(?:[\u064b-\u065f\u0670\u0640\u200c-\u200f\u0300-\u036f]+[^\W_]*)*")
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}[^\W\d_]?\b\.?")
_MARKS = re.compile("[\u064b-\u065f\u0670\u0640\u200c-\u200f\u0300-\u036f]+")
_SHORT = 3  # letters of a word without its article
_SILENT = frozenset("le la les l un une de du des d au aux a et en the of and for to in on pour sur و في من ل".split())
_TRANSCRIBED = 0.92  # how alike the transcribed parts have to be
_TELLING = 3  # consonants of a transcribed part


@lru_cache(maxsize=1 << 16)
def folded(name: str) -> tuple[str, ...]:
    """The words of an organisation's name without case, accents, articles, apostrophes and quotes.

    >>> folded("L’Organisation des Nations unies") == folded("organisation des nations-unies")
    True
    """
    raw_words = _raw_words(name)
    if len(raw_words) == 1 and len(_fold(raw_words[0])) <= _SHORT:
        return (_short(raw_words[0]),)
    return folded_words([_fold(raw) for raw in raw_words])


def folded_part(part: str) -> tuple[str, ...]:
    """The words of a part of a name, as they are within the name."""
    return folded_words([_fold(raw) for raw in _raw_words(part)])


def _raw_words(name: str) -> list[str]:
    name = unicodedata.normalize("NFKC", name[:400])
    return _WORD.findall(_DOTTED.sub(lambda dotted: dotted[0].replace(".", ""), name))


def folded_words(words: Sequence[str]) -> tuple[str, ...]:
    """The words of a name whose words are already folded one by one."""
    words = [_bare(word) for word in words if word]
    return tuple(word for word in words if word not in _SILENT) or tuple(words)


def is_silent(word: str) -> bool:
    """Whether a folded word does not count in a name: articles, prepositions."""
    return word in _SILENT


def _bare(word: str) -> str:
    """A folded word without its article."""
    return word[2:] if word.startswith("ال") and len(word) > 4 else word


def _short(raw: str) -> str:
    """A name of one short word: its article and its hamza tell it from another (أبل, الإبل)."""
    bare = _MARKS.sub("", raw)
    return bare if "\u0600" <= bare[:1] <= "\u06ff" else _fold(raw)


def _fold(raw: str) -> str:
    if "\u0600" <= raw[0] <= "\u06ff":
        return _bare(fold_arabic(raw))
    plain = unicodedata.normalize("NFKD", raw.casefold().replace("œ", "oe").replace("æ", "ae"))
    return "".join(letter for letter in plain if letter.isalnum())


# ---------------------------------------------------------------- head words


@cache
def head_words() -> dict[str, str]:
    """Folded head word -> the concept that it names."""
    heads: dict[str, str] = {}
    for concept, words in packaged_rows("kashaf.analyzers", "organisation_heads.tsv"):
        for word in words:
            if word:
                heads[_fold(word)] = concept
    return heads


def packaged_rows(package: str, name: str) -> Iterator[tuple[str, list[str]]]:
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
    if any(raw.startswith("ال") and _fold(raw) in heads for raw in _WORD.findall(name[:400])):
        return None  # a head word with an article is followed by an adjective, and that is translated
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


@cache
def _acronyms() -> frozenset[tuple[str, ...]]:
    """The folded names of the bundled list that are only known in capitals."""
    names = [name for known in by_key().values() for name in known.names]
    others = {folded(name) for name in names if not name.isupper()}
    return frozenset(folded(name) for name in names if name.isupper()) - others


def known_organisation(name: str) -> Known | None:
    """The organisation of the bundled list that this name means, alone or after a head word: "منظمة اليونسكو"."""
    fold = folded(name)
    if fold in _acronyms() and not (name.isupper() or name[:1] + name[1:].lower() == name):
        return None  # AfD is not AFD, but Otan is OTAN
    if (known := _by_name().get(fold)) is not None:
        return known
    concept = head_words().get(fold[0]) if len(fold) > 1 else None
    rest = _by_name().get(fold[1:]) if concept is not None and len(fold) == 2 else None
    return rest if rest is not None and concept in _concepts(rest) else None


def _concepts(known: Known) -> set[str | None]:
    """What an organisation is, by the head words that its names begin with."""
    return {head_words().get(words[0]) for words in map(folded, known.names) if len(words) > 1}


# ---------------------------------------------------------------- short forms

_ACRONYM = re.compile(r"[^\W\d_]{2,10}")


def is_acronym_of(short: str, name: str) -> bool:
    """Whether a short form in capitals can stand for a name: its letters are letters of the name, in order.

    >>> is_acronym_of("BNRM", "Bibliothèque nationale du Royaume du Maroc")
    True
    """
    letters = short.replace(".", "")
    if not letters.isupper() or _ACRONYM.fullmatch(letters) is None or len(name.split()) < 2:
        return False
    if not name[:1].isalpha() or ("\u0600" <= name[0] <= "\u06ff"):
        return name[:1].isalpha()
    rest = iter(_fold(name.replace(" ", "").replace("-", "")))
    return all(letter in rest for letter in _fold(letters))
