"""Family names that stand alone for a person whom the text names in full: "répond à Macron", وأعلن غني.

Without a title or a verb beside it a lone word is no sign of a person; that the same text has it as the end of a
full name is one. It is taken where no other reading is near: not where it is a common word or a place, part of a
longer name, or the family name of two persons of the text.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from itertools import islice

from kashaf.analyzers.arabic_clues import ARABIC, SHARES, STEPS, fold, kinds, readings
from kashaf.analyzers.arabic_labels import packaged
from kashaf.analyzers.arabic_words import COMMON, UNTOLD
from kashaf.analyzers.french_clues import (
    ARTICLES,
    CAPITAL,
    DE,
    GIVEN,
    HEAD,
    NOT_NAME,
    ORGANISATION,
    PARTICLE,
    PLACE,
    STOP,
    TAIL,
    THING,
    UPPER,
    Tokens,
)
from kashaf.analyzers.french_clues import COMMON as COMMON_WORD
from kashaf.analyzers.spans import Span

SHORTEST = 3  # letters of a family name
AMBIGUOUS = PLACE | HEAD | ORGANISATION | NOT_NAME | STOP | TAIL | THING | GIVEN
# Words that a family name of two words begins with: أبو الغيط. That after عبد is no name of its own.
JOINED = frozenset(map(fold, "أبو ابو أبي آل بن ابن بنت ولد".split()))
SERVANT = fold("عبد")
GOD = frozenset(("الله", "لله"))
# Set phrases that look like a name with a preposition: لصالح, "in favour of".
PHRASES = frozenset(map(fold, "لصالح بفضل لفضل بحسن لحسن بكمال لكمال بجمال لجمال بشرف بنصر بسعيد".split()))
IN = fold("في")
JOINS = ("و", "ف")
HYPHENS = frozenset("-‐‑–")
CLITICS = re.compile("[وف]?[بلك]?")
OFTEN, SOMETIMES = STEPS.index(0.25) + 1, STEPS.index(0.08) + 1  # how often an archive has a word in persons' names
LAST_WORD = re.compile(r"[^\W\d_]+\Z")
WORD_AFTER = re.compile(r" +([^\W\d_]+)")
MOST = 256  # family names of one text: to look for all would take time in the square of its length
REACH = 24  # characters in which the word beside a name is looked for


def lone_names(text: str, spans: Iterable[Span], tokens: Tokens | None) -> list[Span]:
    """The family names that stand alone in `text` and are in none of the names found.

    Args:
        spans: the names found.
        tokens: of the text in Latin script; None when it has none.
    """
    spans = list(spans)
    families = _families(text, spans)
    if not families:
        return []
    taken = bytearray(len(text))
    for _, start, end in spans:
        taken[start:end] = b"x" * (end - start)
    found: list[Span] = []
    for family, parts in islice(families.items(), MOST):
        for start, end in _occurrences(text, family, taken):
            if _arabic(text, start, end, parts) if ARABIC.match(family) else _french(tokens, start, family):
                found.append(("person", start, end))
    return found


def _families(text: str, spans: Iterable[Span]) -> dict[str, set[str]]:
    """The family names of the persons with a full name, those of several persons left out, and the words of it."""
    persons: dict[str, set[tuple[str, ...]]] = {}
    for kind, start, end in spans:
        words = text[start:end].split()
        if kind == "person" and len(words) > 1:
            folded = [fold(word).lower() for word in words]
            if folded[-2] == SERVANT or "orghead" in kinds(folded[0]):
                continue
            family = " ".join(words[-2:]) if folded[-2] in JOINED and len(words) > 2 else words[-1]
            if len(family) >= SHORTEST and family not in GOD and folded[-1] not in JOINED:
                persons.setdefault(family, set()).add(tuple(folded))
    longest = {family: max(names, key=lambda name: len(name)) for family, names in persons.items()}
    return {
        family: set(longest[family])
        for family, names in persons.items()
        if all(set(longest[family]).issuperset(name) for name in names)  # one person's
    }


def _occurrences(text: str, family: str, taken: bytearray) -> Iterator[tuple[int, int]]:
    """Where the family name stands outside of what is taken, and is not the first part of a longer word."""
    place = text.find(family)
    while place >= 0:
        end = place + len(family)
        if not any(taken[place:end]) and not text[end : end + 1].isalpha() and text[place - 1 : place] not in HYPHENS:
            yield place, end
        place = text.find(family, end)


def _french(tokens: Tokens | None, start: int, family: str) -> bool:
    """Whether the family name at `start` is a person alone."""
    if tokens is None:
        return False
    i = tokens.at(start)
    clue, bits = tokens.clues[i], tokens.bits
    if clue.word != family or clue.bits & AMBIGUOUS or not clue.bits & CAPITAL or clue.bits & UPPER:
        return False
    if clue.bits & COMMON_WORD and tokens.opens(i):
        return False  # Petit rat de l'Opéra
    before = tokens.clues[i - 1].low
    k = i - 2 if before in DE else i - 1
    if (bits[k] | bits[i + 1]) & CAPITAL or bits[k] & THING or before in ARTICLES:
        return False  # Jonathann Daval, la Trump Tower, rue de Valois, les Balkany
    return (before in DE or not bits[i - 1] & PARTICLE) and not tokens.clues[i + 1].word[0].isdigit()


def _arabic(text: str, start: int, end: int, parts: set[str]) -> bool:
    """Whether the family name from `start` to `end` is a person alone, who has these words in the full name."""
    family = text[start:end]
    trust = OFTEN if " " in family else _trust(family)
    if trust < SOMETIMES:
        return False
    word, place = _word_before(text, start)
    clitics = ""
    if place == start and word:  # no blank between
        clitics = word
        if not CLITICS.fullmatch(clitics) or clitics[-1] + fold(family) in PHRASES:
            return False
        word, _ = _word_before(text, start - len(clitics))
    after = WORD_AFTER.match(text, end, end + REACH)
    if word == IN or word in parts or (after is not None and _in_names(fold(after[1]))):
        return False  # في حسن, أديب حسن
    if clitics[:1] in JOINS or not word:
        return trust >= OFTEN
    if "verb" in _classes(word):
        return True
    return trust >= OFTEN and not _in_names(word) and not (word.startswith("ال") and family.startswith("ال"))


def _word_before(text: str, place: int) -> tuple[str, int]:
    """The word before `place` on its line, folded, with nothing but blanks between, and where it ends; or ""."""
    near = text[max(0, place - REACH) : place]
    bare = near.rstrip(" ")
    word = LAST_WORD.search(bare)
    return (fold(word[0]) if word else ""), place - len(near) + len(bare)


@functools.lru_cache(1 << 14)
def _trust(word: str) -> int:
    """How often an archive has the word in names of persons, as a step of `STEPS`; 0 for words that mean something."""
    word = fold(word)
    if not word:
        return 0
    classes = {kind for reading, _ in readings(word) for kind in kinds(reading)}
    if classes & COMMON:
        return 0
    lexicon = packaged().lexicon
    row = lexicon.rows.get(word)
    if row is None or lexicon.shares[row, 0] == UNTOLD:
        return OFTEN
    return int(lexicon.shares[row, SHARES.index("per")])


@functools.lru_cache(1 << 14)
def _classes(word: str) -> frozenset[str]:
    return frozenset(kind for reading, _ in readings(word) for kind in kinds(reading))


@functools.lru_cache(1 << 14)
def _in_names(word: str) -> bool:
    """Whether a word beside a family name is rather another part of a name."""
    return _classes(word).isdisjoint(("verb", "stop", "time")) and _trust(word) >= SOMETIMES
