"""Acronyms in French text: which are organisations, and the names that they stand for."""

from __future__ import annotations

from kashaf.analyzers.french_clues import (
    CAPITAL,
    COMMON,
    HEAD,
    NAME_HEAD,
    NOT_ORGANISATION,
    PERSONAL,
    QUOTES_BEFORE,
    STOP,
    THING,
    UPPER,
    Piece,
    Tokens,
    word_bits,
)

BEFORE_ACRONYM = frozenset(
    "la le les l' du des au aux de d' et ou que qu' par selon avec entre pour chez contre".split()
)
# What an acronym may stand for and is no organisation: syndrome de détresse respiratoire aiguë (SDRA).
NO_HEADS = frozenset(
    "syndrome zone politique allocation revenu journée loi plan impôt taxe traité accord protocole indice produit taux"
    " système contrat certificat brevet diplôme véhicule maladie virus projet quotient coefficient prestation plateau"
    " titre permis schéma test traitement contribution crédit prêt pass carte code grand projet avion train infection"
    " trouble équivalent échelle espace congé réserve aide marché".split()
)
PLAIN = str.maketrans("éèêëàâäîïôöûüç", "eeeeaaaiioouuc")


def acronym(tokens: Tokens, i: int) -> bool | None:
    """Whether the word in capitals at `i` is an organisation; None: it may be a family name."""
    word, bit = tokens.clues[i].word, tokens.bits[i]
    last, before = tokens.bits[i - 1], tokens.clues[i - 1].word
    opens = tokens.opens(i)
    if (
        bit & NOT_ORGANISATION
        or len(word) < 2
        or any(word_bits(part) & NOT_ORGANISATION for part in word.split("-") if part)
    ):
        return False
    if last & UPPER or tokens.bits[i + 1] & UPPER or bit & COMMON or len(word.replace(".", "")) > 8:
        return False  # a line of capitals, a word cried out
    if tokens.led(i) == 2 or (len(word) > 6 and bit & PERSONAL and not opens):
        return None
    if opens and before not in ("(", '"', "«"):
        return False
    if before == "(" and not any(
        tokens.bits[k] & CAPITAL and not tokens.bits[k] & STOP for k in range(max(0, i - 9), i)
    ):
        return False  # short for common words: le foncier bâti (TFB)
    if tokens.clues[i + 1].word.isdigit() or before.isdigit() or before == "#" or last & THING:
        return False  # les modèles XK 150
    if any(map(str.isdigit, word)) and before not in QUOTES_BEFORE and not last & NAME_HEAD:
        return False
    low = tokens.clues[i - 1].low
    return low in BEFORE_ACRONYM or bool(last & (NAME_HEAD | HEAD)) or not low.isalpha()


def spelled_out(tokens: Tokens, found: list[Piece]) -> list[Piece]:
    """Makes organisations as long as the acronym in brackets after them says: Avocats sans frontières (ASF)."""
    whole: list[Piece] = []
    for piece in found:
        kind, i, j = piece
        if kind == "organisation" and j == i + 1 and tokens.clues[i - 1].word == "(" and tokens.clues[j].word == ")":
            start = _initials(tokens, i)
            if start < i - 1:
                if tokens.clues[start].low in NO_HEADS:
                    continue
                while whole and whole[-1][2] > start:
                    whole.pop()
                whole.append((kind, start, i - 1))
        whole.append(piece)
    return whole


def _initials(tokens: Tokens, i: int) -> int:
    """The first word of what the acronym in brackets at `i` stands for; `i`: not found."""
    letters = tokens.clues[i].word.lower().replace(".", "")
    left = len(letters) - 1
    for k in range(i - 2, max(-1, i - 3 * len(letters) - 4), -1):
        word = tokens.clues[k].low
        if not word[0].isalpha() and word not in ",&":
            break
        small = tokens.bits[k] & STOP and len(word) < 4
        if word[0].translate(PLAIN) == letters[left] and not (small and left):
            if left == 0:
                return k if tokens.bits[k] & CAPITAL and len(letters) > 1 else i
            left -= 1
    return i
