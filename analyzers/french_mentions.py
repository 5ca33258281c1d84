"""Persons and organisations in French text, by capitals, triggers and lists of name words.

A person is a run of capitalised words ("Amal El Fallah Seghrouchni", "Dominique de Villepin") with signs
for it: an honorific or a function before, known given and family names inside, a verb of saying after; and
against it: an article or a place preposition before, a country or a town. Organisations: see
`kashaf.analyzers.french_organisations`. A word that was left in doubt is accepted when a name found elsewhere
in the text holds it. Every step looks at a bounded number of neighbours, so time is linear.
"""

from __future__ import annotations

from kashaf.analyzers.french_acronyms import spelled_out
from kashaf.analyzers.french_clues import (
    ARTICLES,
    CAPITAL,
    COMMON,
    DEMONYM,
    FAMILY,
    FAMOUS,
    FUNCTION,
    GIVEN,
    HEAD,
    HONORIFIC,
    INITIAL,
    INSTITUTE,
    LOW_HEAD,
    MAKER,
    NAME,
    NAME_HEAD,
    NOT_NAME,
    ORGANISATION,
    OTHER,
    PARTICLE,
    PERSONAL,
    PLACE,
    STOP,
    TAIL,
    UPPER,
    Piece,
    Tokens,
)
from kashaf.analyzers.french_known import product, unnamed
from kashaf.analyzers.french_organisations import is_organisation, organisation
from kashaf.analyzers.french_persons import CONTRACTED, ROYAL, TOWARDS, is_person
from kashaf.analyzers.spans import Span

LONGEST_RUN = 12  # tokens looked at from the first word of a name
LEADS = HEAD | LOW_HEAD | FAMOUS | INSTITUTE  # may begin an organisation
BEGINS = CAPITAL | LOW_HEAD | FAMOUS | INSTITUTE
FOREIGN_PARTICLES = frozenset("von van vom der den ter zu zur di della dello ould bin ibn bint".split())
FRENCH_PARTICLES = frozenset("du de des d' y e et-".split())
# Given names that are also a father's or a grandfather's: Ahmed Gaïd Ali Salah is one person.
FATHERS = frozenset(
    "mohamed mohammed mohammad muhammad mahmoud ahmed ahmad ali hassan hussein hussain omar abdallah abdullah ibrahim"
    " khalil youssef salah saleh saïd said khalid khaled abdel abdul".split()
)
SAINTS = frozenset("saint sainte st ste".split())


def find(text: str, tokens: Tokens | None = None) -> list[Span]:
    """Persons and organisations of a French text, in order, not overlapping.

    Args:
        tokens: of the text, where the caller has them.
    """
    tokens = tokens or Tokens(text)
    found: list[Piece] = []
    doubtful: list[tuple[int, int]] = []
    done = 0
    for i in [i for i, bit in enumerate(tokens.bits) if bit & BEGINS]:
        if i < done:
            continue
        bit = tokens.bits[i]
        if bit & OTHER and (end := unnamed(tokens, i)) > i:
            done = end
            continue
        end = organisation(tokens, i) if bit & LEADS else i
        if end > i:
            done = product(tokens, i, end)
            if done == i:
                found.append(("organisation", i, end))
                done = end
        elif bit & CAPITAL and not (bit & (STOP | COMMON) and not bit & GIVEN and tokens.opens(i)):
            done = _cut(tokens, i, _run(tokens, i), found, doubtful)
    if doubtful:
        found += _again(tokens, found, doubtful)
        found.sort(key=lambda piece: piece[1])
    return [(kind, tokens.start(i), tokens.end(j - 1)) for kind, i, j in spelled_out(tokens, found)]


def _run(tokens: Tokens, i: int) -> int:
    """The end of the run of capitalised words that starts at `i`, the particles inside it included."""
    j = i + 1
    limit = min(tokens.size, i + LONGEST_RUN)
    while j < limit:
        bit = tokens.bits[j]
        if bit & CAPITAL:
            if bit & HONORIFIC and not bit & PERSONAL:
                break
            j += 1
            continue
        k = j
        while k < min(limit, j + 3) and tokens.bits[k] & PARTICLE and not tokens.bits[k] & CAPITAL:
            k += 1
        if k == j or k >= limit or not tokens.bits[k] & CAPITAL or not _joins(tokens, i, j, k):
            break
        j = k + 1
    return j


def _joins(tokens: Tokens, i: int, j: int, k: int) -> bool:
    """Whether the particles from `j` to `k` join the words before and after into one person's name."""
    particle, after = tokens.clues[j].low, tokens.bits[k]
    if particle in ("le", "la", "l'"):  # Marine le Pen
        family = after & (FAMILY | PLACE | STOP | HONORIFIC | FUNCTION) == FAMILY
        return particle == "le" and j == i + 1 and family and bool(tokens.bits[i] & GIVEN)
    if particle not in FRENCH_PARTICLES:  # van, ben, ould …
        return not after & (PLACE | HEAD) or bool(after & PERSONAL)
    given = j
    while given > i and tokens.bits[given - 1] & (GIVEN | INITIAL):
        given -= 1
    if given < j and not tokens.bits[given - 1] & PERSONAL:
        i = given  # sur Twitter | Bill de Blasio
    if not tokens.bits[i] & GIVEN or after & (HEAD | ORGANISATION | UPPER | NOT_NAME):
        return False
    if after & PLACE:
        return tokens.clues[i - 1].low in ROYAL and j == i + 1  # le roi Albert de Belgique
    if given <= i:  # Dominique de Villepin; but not Marcel de | Leïla Haddad
        return not (after & GIVEN and tokens.bits[k + 1] & CAPITAL and not after & FAMILY)
    if j != i + 2 or after & GIVEN:  # Valéry Giscard d'Estaing; but not Karim Belkacem de Rabat
        return False
    if particle == "d'":
        return not after & (NAME_HEAD | DEMONYM | STOP | FUNCTION)
    return particle == "de" and bool(after & (FAMILY | NAME))


def _cut(tokens: Tokens, start: int, end: int, found: list[Piece], doubtful: list[tuple[int, int]]) -> int:
    """Cuts a run where a word cannot belong to a name, and keeps the pieces that are names; returns where it ends."""
    i = start
    while i < end:
        if _outside(tokens, i, start):
            i += 1
            continue
        j = organisation(tokens, i) if i > start and tokens.bits[i] & LEADS else i
        made = product(tokens, i, max(j, i + 1))
        if made > i and not tokens.led(i):
            i = made
            continue
        if j > i:
            found.append(("organisation", i, j))
            i = j
            continue
        j = i + 1
        while j < end and not _divides(tokens, i, j):
            j += 1
        last = j
        while last > i + 1 and tokens.bits[last - 1] & PARTICLE and not tokens.bits[last - 1] & CAPITAL:
            last -= 1
        begin = _with_particles(tokens, i)
        led = tokens.led(begin)
        company = is_organisation(tokens, i, last, led)
        if company:
            found.append(("organisation", i, last))
        elif company is None and not _adjoins(tokens, found, i, last) and is_person(tokens, i, last, led):
            found.append(("person", begin, last))
        elif not tokens.bits[i] & UPPER:
            doubtful.append((i, last))
        i = j
    return i


def _with_particles(tokens: Tokens, i: int) -> int:
    """Where the name that has its first capital at `i` begins: Mme | von der Leyen."""
    begin = i
    while i - begin < 2 and tokens.bits[begin - 1] & PARTICLE and tokens.clues[begin - 1].low in FOREIGN_PARTICLES:
        begin -= 1
    return begin


def _adjoins(tokens: Tokens, found: list[Piece], i: int, j: int) -> bool:
    """Whether the word from `i` to `j` goes on with the organisation before it: France Bleu | Berry."""
    if j > i + 1 or not found or found[-1][2] != i:
        return False
    return found[-1][0] == "organisation" and (not tokens.bits[i] & GIVEN or bool(tokens.bits[i] & PLACE))


def _outside(tokens: Tokens, i: int, start: int) -> bool:
    """Whether the word at `i` cannot begin a name: a title, a function, a nationality, a month …"""
    bit = tokens.bits[i]
    if bit & STOP:  # "Le" may begin a family name within a sentence: Le Pen
        opens = i == start and tokens.opens(i)
        return not bit & PARTICLE or opens or not tokens.bits[i + 1] & FAMILY
    if bit & PARTICLE and not bit & CAPITAL or bit & NAME_HEAD and bit & UPPER:
        return True
    if bit & HONORIFIC and not bit & (GIVEN | INITIAL) or bit & DEMONYM and not bit & PERSONAL:
        return True
    return bool(bit & (NOT_NAME | FUNCTION)) and not bit & (GIVEN | ORGANISATION)


def _divides(tokens: Tokens, i: int, j: int) -> bool:
    """Whether the name that begins at `i` ends before the word at `j` of its run."""
    last, this = tokens.bits[j - 1], tokens.bits[j]
    if this & (NOT_NAME | DEMONYM | HONORIFIC | STOP) and not this & (PERSONAL | ORGANISATION | PARTICLE):
        return True
    if this & PLACE and not this & PERSONAL and last & FAMILY and not last & GIVEN and j > i + 1:
        return True
    if this & GIVEN and last & (UPPER | ORGANISATION | PLACE | HEAD) and not last & PERSONAL:
        return tokens.clues[j - 1].low not in SAINTS  # l'AFP | Caroline Martin
    if this & GIVEN and tokens.bits[j + 1] & CAPITAL and _another(tokens, i, j):
        return True
    if this & MAKER and (j > i + 1 or not last & PERSONAL):
        return True
    if last & PERSONAL and not last & UPPER and this & UPPER and this & ORGANISATION:
        return True  # Karim Belkacem | LR
    return bool(last & UPPER and last & ORGANISATION) and not this & (UPPER | HEAD | TAIL | PLACE | ORGANISATION)


def _another(tokens: Tokens, i: int, j: int) -> bool:
    """Whether another person's name begins with the given name at `j`."""
    first, last = tokens.bits[i], tokens.bits[j - 1]
    if last & PARTICLE:
        return False
    if not first & GIVEN:  # la ministre des Armées | Leïla Haddad
        before = tokens.clues[i - 1].low
        return before in CONTRACTED or before in ("la", "le", "les", "l'")
    return j > i + 1 and bool(last & FAMILY) and not last & GIVEN and tokens.clues[j].low not in FATHERS


def _again(tokens: Tokens, found: list[Piece], doubtful: list[tuple[int, int]]) -> list[Piece]:
    """Doubtful words that are part of a person's name found elsewhere in the text."""
    parts = {
        clue.word
        for kind, i, j in found
        if kind == "person"
        for clue in tokens.clues[i:j]
        if clue.bits & CAPITAL and len(clue.word) > 2 and not clue.bits & (PLACE | STOP)
    }
    return [
        ("person", i, j)
        for i, j in doubtful
        if all(clue.word in parts for clue in tokens.clues[i:j]) and tokens.clues[i - 1].low not in ARTICLES | TOWARDS
    ]
