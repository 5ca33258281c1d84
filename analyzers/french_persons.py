"""Whether capitalised words of a French text are a person's name: signs for and against it, weighed."""

from __future__ import annotations

from kashaf.analyzers.french_clues import (
    ARTICLES,
    CAPITAL,
    COMMON,
    DE,
    DEMONYM,
    FAMILY,
    FUNCTION,
    GIVEN,
    HOUSE,
    INITIAL,
    NAME,
    NOT_PERSON,
    PARTICLE,
    PERSONAL,
    PLACE,
    QUALIFIES,
    QUOTES_AFTER,
    QUOTES_BEFORE,
    SPEECH,
    THING,
    UPPER,
    Tokens,
)

LONGEST_NAME = 6  # words of a person's name
TOWARDS = frozenset("à en vers dans depuis chez près".split())
CONTRACTED = frozenset("du des au aux".split())
BY = frozenset("par avec selon que qu' et comme contre dont pour entre".split())
AUXILIARY = frozenset("a avait aurait ont est était serait sera fut va doit veut peut fait s' n' ne l' se y".split())
KIN = frozenset(
    "père mère fils fille frère sœur soeur épouse époux femme mari veuve veuf compagne compagnon fiancé fiancée oncle"
    " tante neveu nièce cousin cousine beau-frère beau-père gendre grand-père grand-mère parents famille obsèques mort"
    " décès assassinat meurtre entourage proche proches procès arrestation nomination élection démission".split()
)
ROYAL = frozenset("roi reine prince princesse duc duchesse grand-duc comte comtesse infante".split())


def is_person(tokens: Tokens, i: int, j: int, led: int) -> bool:
    """Weighs the signs for and against a person. The weights were set by hand on articles read by eye."""
    bits = tokens.bits[i:j]
    first, size = bits[0], j - i
    if (
        size > LONGEST_NAME
        or (size == 1 and first & PARTICLE)
        or (not led and _house(tokens, i))
        or (size == 1 and first & PLACE and not first & GIVEN and led < 2)
        or (not first & GIVEN and led < 2 and any(bit & NOT_PERSON for bit in bits))
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
    elif size == 1 and first & PLACE:
        score -= 1.5  # Aude, a county
    if first & COMMON:
        score -= 1.5
    if size > 1:
        score += 0.7 if personal else -0.3
    score += _around(tokens, i, j, led)
    return score >= (1.5 if size == 1 else 1.7)


def _house(tokens: Tokens, i: int) -> bool:
    """Whether a street, a school or the like is named by what begins at `i`: le lycée professionnel | Victor Hugo."""
    k = i - 1
    if tokens.bits[k] & QUALIFIES and not tokens.bits[k] & HOUSE:
        k -= 1
    if not tokens.bits[k] & HOUSE:
        return False
    k -= 2 if tokens.clues[k - 1].low in ("la", "l'") else 1
    return not (tokens.clues[k].low in DE and tokens.bits[k - 1] & FUNCTION)  # le directeur du parc Karim Belkacem


def _around(tokens: Tokens, i: int, j: int, led: int) -> float:
    """What the words before and after say for and against a person."""
    score = 0.0
    size, first = j - i, tokens.bits[i]
    before, after = tokens.clues[i - 1].low, tokens.bits[j]
    if before in ARTICLES and not led or before == "the":
        score -= 4
    elif before in CONTRACTED:
        score -= 3.5
    elif before in TOWARDS:
        score -= 3 if size == 1 else 1.5 if first & (GIVEN | INITIAL) else 2.5
    elif before in BY:
        score += 0.5
    if after & SPEECH:
        score += 1 if size != 2 or tokens.clues[j].low in AUXILIARY else 2
    elif tokens.clues[j].word == "," and tokens.bits[j + 1] & (FUNCTION | DEMONYM) or tokens.clues[j + 2].low == "ans":
        score += 2 if size == 2 else 1.5
    elif size == 2 and before in DE and tokens.clues[i - 2].low in KIN:
        score += 2
    elif size == 1 and not led and tokens.opens(i):
        score -= 1
    if not led and (tokens.bits[i - 1] & THING or (size == 1 and before in DE and tokens.bits[i - 2] & THING)):
        score -= 3 if size == 1 else 1.5  # rue de Valois, le modèle Chiron
    if before in DE and tokens.clues[i - 2].low in ROYAL:
        score -= 3  # la duchesse de Cambridge
    if tokens.clues[i - 1].word in QUOTES_BEFORE and tokens.clues[j].word in QUOTES_AFTER:
        score -= 2 if size == 1 else 3  # the title of a work
    if size == 1 and before in ("sur", "via", "page", "compte"):
        score -= 2
    if size == 1 and not led and tokens.bits[i - 1] & CAPITAL:
        score -= 1.5  # what is left of a longer name
    return score
