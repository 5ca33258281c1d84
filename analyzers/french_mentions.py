"""Persons and organisations in French text, by capitals, triggers and lists of name words.

A person is a run of capitalised words ("Amal El Fallah Seghrouchni", "Dominique de Villepin") with signs
for it: an honorific or a function before, known given and family names inside, a verb of saying after; and
against it: an article or a place preposition before, a country or a town. Organisations: see
`kashaf.analyzers.french_organisations`. A word that was left in doubt is accepted when a name found elsewhere
in the text holds it. Every step looks at a bounded number of neighbours, so time is linear.
"""

from __future__ import annotations

from kashaf.analyzers.french_clues import (
    ARTICLES,
    CAPITAL,
    COMMON,
    DE,
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
    NAME,
    NAME_HEAD,
    NOT_NAME,
    ORGANISATION,
    PARTICLE,
    PERSONAL,
    PLACE,
    QUOTES_AFTER,
    QUOTES_BEFORE,
    SPEECH,
    STOP,
    TAIL,
    THING,
    UPPER,
    Tokens,
)
from kashaf.analyzers.french_organisations import Piece, is_organisation, organisation, spelled_out
from kashaf.analyzers.spans import Span

LONGEST_RUN = 12  # tokens looked at from the first word of a name
LONGEST_NAME = 6  # words of a person's name
LEADS = HEAD | LOW_HEAD | FAMOUS | INSTITUTE  # may begin an organisation
BEGINS = CAPITAL | LOW_HEAD | FAMOUS | INSTITUTE
CONTRACTED = frozenset("du des au aux".split())
TOWARDS = frozenset("à en vers dans depuis chez près".split())
BY = frozenset("par avec selon que qu' et comme contre dont pour entre".split())
FRENCH_PARTICLES = frozenset("du de des d' y e et-".split())
ROYAL = frozenset("roi reine prince princesse duc duchesse grand-duc comte comtesse infante".split())


def find(text: str) -> list[Span]:
    """Persons and organisations of a French text, in order, not overlapping."""
    tokens = Tokens(text)
    found: list[Piece] = []
    doubtful: list[tuple[int, int]] = []
    done = 0
    for i in [i for i, bit in enumerate(tokens.bits) if bit & BEGINS]:
        if i < done:
            continue
        bit = tokens.bits[i]
        end = organisation(tokens, i) if bit & LEADS else i
        if end > i:
            found.append(("organisation", i, end))
            done = end
        elif bit & CAPITAL and not (bit & (STOP | COMMON) and not bit & GIVEN and tokens.opens(i)):
            done = _run(tokens, i)
            _cut(tokens, i, done, found, doubtful)
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
    if particle in ("le", "la", "l'"):
        return False
    if particle not in FRENCH_PARTICLES:  # van, ben, ould …
        return not after & (PLACE | HEAD) or bool(after & PERSONAL)
    if not tokens.bits[i] & GIVEN or after & (HEAD | ORGANISATION | UPPER | NOT_NAME):
        return False
    if after & PLACE:
        return tokens.clues[i - 1].low in ROYAL and j == i + 1  # le roi Albert de Belgique
    if all(bit & (GIVEN | INITIAL) for bit in tokens.bits[i:j]):
        return True  # Dominique de Villepin; but not Karim Belkacem de Rabat
    return particle == "d'" and j - i == 2 and bool(after & FAMILY)


def _cut(tokens: Tokens, start: int, end: int, found: list[Piece], doubtful: list[tuple[int, int]]) -> None:
    """Cuts a run where a word cannot belong to a name, and keeps the pieces that are names."""
    i = start
    while i < end:
        if _outside(tokens, i, start):
            i += 1
            continue
        j = i + 1
        while j < end and not _divides(tokens, j):
            j += 1
        last = j
        while last > i + 1 and tokens.bits[last - 1] & PARTICLE and not tokens.bits[last - 1] & CAPITAL:
            last -= 1
        led = tokens.led(i)
        company = is_organisation(tokens, i, last, led)
        if company:
            found.append(("organisation", i, last))
        elif company is None and _is_person(tokens, i, last, led):
            found.append(("person", i, last))
        elif not tokens.bits[i] & UPPER:
            doubtful.append((i, last))
        i = j


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


def _divides(tokens: Tokens, j: int) -> bool:
    """Whether a name ends before the word at `j` of a run."""
    last, this = tokens.bits[j - 1], tokens.bits[j]
    if this & (NOT_NAME | DEMONYM | HONORIFIC | STOP) and not this & (PERSONAL | ORGANISATION | PARTICLE):
        return True
    if this & PLACE and not this & PERSONAL and last & FAMILY and not last & GIVEN:
        return True
    if this & GIVEN and last & (UPPER | ORGANISATION | PLACE) and not last & PERSONAL:
        return True  # l'AFP | Caroline Martin
    return bool(last & UPPER and last & ORGANISATION) and not this & (UPPER | HEAD | TAIL | PLACE | ORGANISATION)


def _is_person(tokens: Tokens, i: int, j: int, led: int) -> bool:
    """Weighs the signs for and against a person. The weights were set by hand on articles read by eye."""
    bits = tokens.bits[i:j]
    first, size = bits[0], j - i
    if (
        size > LONGEST_NAME
        or (size == 1 and first & PARTICLE and not first & GIVEN)
        or all(len(clue.word) == 1 for clue in tokens.clues[i:j])
    ):
        return False
    score = (0.0, 2.5, 6.0)[led]
    if first & GIVEN:
        score += 3
    elif first & INITIAL:
        score += 1
    elif first & FAMILY:
        score += 2 if size == 1 else 1.5
    elif first & NAME:
        score += 1.5 if size == 1 else 1
    personal = first & PERSONAL
    for bit in bits[1:]:
        personal |= bit & PERSONAL
        if bit & PERSONAL:
            score += 2 if bit & FAMILY else 1.5
        elif bit & UPPER and not first & GIVEN:
            score -= 1.5
    if not first & GIVEN:
        score -= 3 if first & PLACE else 0
        score -= 2 if bits[-1] & PLACE and not bits[-1] & PERSONAL else 0
    if first & COMMON:
        score -= 1.5
    if size > 1:
        score += 0.7 if personal else -0.3
    score += _around(tokens, i, j, led)
    return score >= (1.5 if size == 1 else 1.7)


def _around(tokens: Tokens, i: int, j: int, led: int) -> float:
    """What the words before and after say for and against a person."""
    score = 0.0
    size, first = j - i, tokens.bits[i]
    before, after = tokens.clues[i - 1].low, tokens.bits[j]
    if before in ARTICLES and not led:
        score -= 4
    elif before in CONTRACTED:
        score -= 3.5
    elif before in TOWARDS:
        score -= 3 if size == 1 else 1.5 if first & (GIVEN | INITIAL) else 2.5
    elif before in BY:
        score += 0.5
    if after & SPEECH:
        score += 1
    elif tokens.clues[j].word == "," and tokens.bits[j + 1] & (FUNCTION | DEMONYM) or tokens.clues[j + 2].low == "ans":
        score += 1.5
    elif size == 1 and not led and tokens.opens(i):
        score -= 1
    if not led and (tokens.bits[i - 1] & THING or (size == 1 and before in DE and tokens.bits[i - 2] & THING)):
        score -= 3 if size == 1 else 1.5  # rue de Valois, le modèle Chiron
    if before in DE and tokens.clues[i - 2].low in ROYAL:
        score -= 3  # la duchesse de Cambridge
    if tokens.clues[i - 1].word in QUOTES_BEFORE and tokens.clues[j].word in QUOTES_AFTER:
        score -= 2  # the title of a work
    if size == 1 and before in ("sur", "via", "page", "compte"):
        score -= 2
    return score


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
