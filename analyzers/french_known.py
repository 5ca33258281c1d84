"""Names known beforehand in French text: well-known organisations, names of neither kind, makers and their products.

The names are those of known_organisations.txt and other_names.txt of the ``data`` folder, the makers those of
french_mention_words.txt.
"""

from __future__ import annotations

from kashaf.analyzers.french_clues import (
    ADJECTIVE,
    CAPITAL,
    FAMILY,
    GIVEN,
    HEAD,
    HONORIFIC,
    MAKER,
    ORGANISATION,
    PLACE,
    STOP,
    TAIL,
    Tokens,
    neither,
    well_known,
)

LONGEST = 24  # tokens of a product's name
ONE = frozenset("une la cette sa ma ta notre votre leur deux trois quatre ses les des ces".split())


def famous(tokens: Tokens, i: int) -> int:
    """The end of the well-known organisation that starts at token `i`; `i`: none."""
    second = tokens.clues[i + 1].word
    for rest in well_known().get(tokens.clues[i].word, ()):
        if not rest:
            return i + 1 if _whole(tokens, i) else i
        after = i + 1 + len(rest)
        if rest[0] == second and tuple(clue.word for clue in tokens.clues[i + 1 : after]) == rest:
            return after
    return i


def _whole(tokens: Tokens, i: int) -> bool:
    """Whether the word at `i` is no given name of a longer name (Marianne), nor a word that only opens a sentence."""
    bit, after = tokens.bits[i], tokens.bits[i + 1]
    return not after & (CAPITAL if bit & GIVEN else FAMILY) and not (bit & STOP and tokens.opens(i))


def unnamed(tokens: Tokens, i: int) -> int:
    """The end of a name of several words from `i` that is neither a person nor an organisation; `i`: none."""
    for rest in neither().get(tokens.clues[i].low, ()):
        after = i + 1 + len(rest)
        if tuple(clue.low for clue in tokens.clues[i + 1 : after]) == rest:
            longer = tokens.bits[after] & CAPITAL and tokens.bits[after] & (TAIL | HEAD | ORGANISATION)
            return i if longer or famous(tokens, i) > after else after  # New York Times
    return i


def product(tokens: Tokens, i: int, end: int) -> int:
    """The end of the product that the maker from `i` to `end` made: Porsche 911, une Ferrari; `i`: it is the maker."""
    if not (tokens.bits[i] | tokens.bits[end - 1]) & MAKER:
        return i
    j = end
    while j < i + LONGEST:
        bit = tokens.bits[j]
        person = bit & GIVEN and tokens.bits[j + 1] & CAPITAL
        if bit & TAIL:
            return i  # BMW M GmbH
        if bit & (PLACE | STOP | HONORIFIC | HEAD) or person:
            break
        if not bit & CAPITAL and not tokens.clues[j].word[0].isdigit():
            break
        j += 1
    if j > end:
        return j
    k = i - 1
    if tokens.bits[k] & ADJECTIVE and not tokens.bits[k] & CAPITAL:  # sa nouvelle Ferrari
        k -= 1
    return end if tokens.clues[k].low in ONE else i
