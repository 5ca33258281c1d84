"""How text becomes terms: one analyser for every language, its rules chosen word by word by script.

Arabic and French never see each other's words, so that neither a document nor a query needs a language to be
analysed, and "AI Made in Morocco" inside an Arabic article is found like any other words.

A text is cut into raw words by `WORD`; each raw word is analysed on its own by `analyze_word`, which
remembers. Terms are normalised and unstemmed; `stem_class` gives the class of a term, from the term
alone.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from kashaf.analyzers import arabic, arabic_stem, french, french_stem, numerals
from kashaf.analyzers.name_key import word_keys
from kashaf.analyzers.stopwords import STOPWORDS
from kashaf.analyzers.words import (
    ACRONYM,
    ARABIC_LETTER,
    LONGEST_TERM,
    NUMBER,
    SCRIPT_RUN,
    SPACES_IN_NUMBERS,
    WORD,
    Term,
)

__all__ = [
    "FINGERPRINT",
    "STEM_FINGERPRINT",
    "WORD",
    "Term",
    "Token",
    "analyze",
    "analyze_word",
    "fold",
    "is_stopword",
    "piece_terms",
    "pieces",
    "stem_class",
    "stem_of",
    "terms",
]

_BETWEEN_DOTS = re.compile("[^.]+")

# A blank inside a number stands before a group of three digits (`words.WORD`).
_GROUPED = re.compile(rf"\d[{SPACES_IN_NUMBERS}]\d\d\d(?!\d)")
_PIECE = re.compile(rf"(?:\S*\d[{SPACES_IN_NUMBERS}](?=\d\d\d(?!\d)))*+\S+")

_REMEMBERED = 1 << 17  # raw words, and forms
_LONGEST_REMEMBERED = 64  # characters; longer words are rare, and many of them would be a lot of memory


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text and what it is indexed under.

    Attributes:
        text: the word as it stands in the text.
        start: its first character in the text.
        end: the character after its last; ``text == source[start:end]``.
        terms: the exact terms at this position, the word's own first.
        stem: the stem class of ``terms[0]``.
        name_key: the first name key of ``terms[0]``, "" when it has none.
    """

    text: str
    start: int
    end: int
    terms: tuple[str, ...]
    stem: str
    name_key: str


def analyze_word(raw: str) -> tuple[Term, ...]:
    """The terms of one raw word, a match of `WORD`; () when nothing of it is indexed."""
    return _remembered(raw) if len(raw) <= _LONGEST_REMEMBERED else _analyze_word(raw)


def _analyze_word(raw: str) -> tuple[Term, ...]:
    if NUMBER.match(raw):
        return numerals.terms(raw)
    if ACRONYM.match(raw):
        return _acronym(raw)
    found: list[Term] = []
    for run in SCRIPT_RUN.finditer(raw):
        found += (arabic if ARABIC_LETTER.match(run[0]) else french).terms(run[0], run.start())
    return tuple(found)


def _acronym(raw: str) -> tuple[Term, ...]:
    """O.N.U. is ONU; و.م.ع keeps its dots, apart from the word ومع; and M.Setri or a.B are no acronyms."""
    scripts = [arabic if ARABIC_LETTER.match(letter[0]) else french for letter in _BETWEEN_DOTS.finditer(raw)]
    forms = [
        term
        for script, letter in zip(scripts, _BETWEEN_DOTS.finditer(raw), strict=True)
        for term in script.terms(letter[0], letter.start())
    ]
    if len(forms) > 1:
        texts = [form.text for form in forms]
        if french not in scripts and all(len(text) == 1 for text in texts):
            return (Term(".".join(texts)[:LONGEST_TERM].rstrip("."), 0, len(raw), 1),)
        if arabic not in scripts and (raw.isupper() or raw.islower()):
            return (Term("".join(texts)[:LONGEST_TERM], 0, len(raw), 1),)
    return tuple(forms)


_remembered = lru_cache(maxsize=_REMEMBERED)(_analyze_word)


def analyze(text: str) -> list[Token]:
    """The words of a text with their places, terms, stem classes and name keys; what spells nothing is left out."""
    tokens: list[Token] = []
    for word in WORD.finditer(text):
        origin = word.start()
        for start, end, forms, stem, key in _prototypes(word[0]):
            tokens.append(Token(text[origin + start : origin + end], origin + start, origin + end, forms, stem, key))
    return tokens


def _describe(raw: str) -> tuple[tuple[int, int, tuple[str, ...], str, str], ...]:
    """What the tokens of a raw word share wherever it stands."""
    positions: list[list[Term]] = []
    for term in analyze_word(raw):
        if term.step:
            positions.append([term])
        else:
            positions[-1].append(term)
    return tuple(
        (
            first.start,
            first.end,
            (first.text, *(other.text for other in others)),
            stem_class(first.text),
            next(iter(word_keys(first.text)), ""),
        )
        for first, *others in positions
    )


_remembered_description = lru_cache(maxsize=_REMEMBERED)(_describe)


def _prototypes(raw: str) -> tuple[tuple[int, int, tuple[str, ...], str, str], ...]:
    return _remembered_description(raw) if len(raw) <= _LONGEST_REMEMBERED else _describe(raw)


# Words of plain letters alone, as most are: one term, its letters folded one by one.
_PLAIN_LETTERS = (
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒàâäçéèêëîïôöùûüÿœ",
    "".join(map(chr, (*range(0x621, 0x63B), *range(0x641, 0x64B)))),
)
_PLAIN_WORD = re.compile(f"[{_PLAIN_LETTERS[0]}]+|[{_PLAIN_LETTERS[1]}]+")
_PLAIN_FOLDED = str.maketrans(
    {
        letter: script.fold(letter)
        for script, row in zip((french, arabic), _PLAIN_LETTERS, strict=True)
        for letter in row
    }
)
_AROUND = '.,;:!?…()[]«»“”"،؛؟*–—'  # marks that bind nothing where a piece begins or ends
_ORDINAL_ENDINGS = ("eme", "emes")  # xxème has a form of its own


def piece_terms(piece: str) -> list[tuple[str, int]]:
    """Text and step of the terms of a piece (`pieces`): as `analyze_word` gives them, but not remembered."""
    word = piece.strip(_AROUND)
    if _PLAIN_WORD.fullmatch(word) and len(word) <= LONGEST_TERM:
        form = word.translate(_PLAIN_FOLDED)
        if not form.endswith(_ORDINAL_ENDINGS) and len(form) <= LONGEST_TERM:
            return [(form, 1)]
    return [(term.text, term.step) for raw in WORD.findall(piece) for term in analyze_word(raw)]


def pieces(text: str) -> list[str]:
    """The text cut at blanks, but for those inside numbers: no raw word reaches over the end of a piece.

    The raw words of the pieces are those of the text. To cut at blanks is much quicker than to find words, so
    that whoever remembers pieces need not look for words in them again.

    >>> pieces("Le fonds, 350 000 dirhams")
    ['Le', 'fonds,', '350 000', 'dirhams']
    """
    return _PIECE.findall(text) if _GROUPED.search(text) else text.split()


def terms(text: str) -> list[str]:
    """The terms of a text in order, those of one position one after the other."""
    return [term.text for raw in WORD.findall(text) for term in analyze_word(raw)]


def fold(word: str) -> str:
    """The normalised form of a single word in any script, without splitting it.

    >>> fold("Vice-Président"), fold("l’Élysée"), fold("O.N.U."), fold("الإدارة")
    ('vicepresident', 'elysee', 'onu', 'الاداره')
    """
    folded = _run_together(word)
    # Joining may make a word that has a rule of its own: xx-ème, then xxe. It gets shorter, so this ends.
    while (again := _run_together(folded)) != folded:
        folded = again
    return folded


def _run_together(word: str) -> str:
    return "".join(term.text for raw in WORD.findall(word) for term in analyze_word(raw) if term.step)


def stem_of(form: str) -> str:
    """As `stem_class`, without its memory: for callers that ask for each form once."""
    if ARABIC_LETTER.match(form):
        return arabic_stem.stem(form)
    return french_stem.stem(form)


@lru_cache(maxsize=_REMEMBERED)
def stem_class(form: str) -> str:
    """The class of a normalised form: words of one class differ by clitics and light endings. Never ""."""
    return stem_of(form)


def is_stopword(form: str) -> bool:
    """Whether a normalised form is a French or Arabic word of grammar."""
    return form in STOPWORDS


def _fingerprint(*parts: bytes) -> str:
    """A short digest of what decides the results, the Unicode tables of this Python among it."""
    digest = hashlib.sha256()
    for part in (*parts, unicodedata.unidata_version.encode()):
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()[:16]


# Raise a number whenever the rules give another result for any text.
_TERM_RULES = b"terms 1"
_STEM_RULES = b"stems 1"
FINGERPRINT = _fingerprint(_TERM_RULES)
STEM_FINGERPRINT = _fingerprint(_STEM_RULES, *arabic_stem.data_files())
