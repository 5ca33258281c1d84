"""Organisations in French text: a head word with its complement, an acronym, a name after "association".

A complement goes on over small words as long as they are put together as names are: "Banque du Qatar pour le
développement", "Office public d'aménagement et de construction de la ville de Paris". A head word written
small ("ministère") needs a capital in its complement.
"""

from __future__ import annotations

import functools
import operator

from kashaf.analyzers.french_clues import (
    ADJECTIVE,
    ARTICLES,
    CAPITAL,
    COMMON,
    DE,
    DET,
    FAMILY,
    FUNCTION,
    GIVEN,
    HEAD,
    HONORIFIC,
    INSTITUTE,
    LOW_HEAD,
    NAME_HEAD,
    NOT_ORGANISATION,
    ORGANISATION,
    PERSONAL,
    PLACE,
    QUALIFIES,
    QUOTES_AFTER,
    QUOTES_BEFORE,
    STOP,
    TAIL,
    TOPIC,
    UPPER,
    Tokens,
    well_known,
    word_bits,
)
from kashaf.analyzers.spans import Kind

Piece = tuple[Kind, int, int]  # kind, first token, last token + 1

LONGEST = 24  # tokens of a complement
STANDALONE = frozenset(
    "sénat parlement congrès chambre commission conseil kremlin pentagone eurogroupe bundestag knesset".split()
)
NETWORK = frozenset("sur via page pages compte comptes chaîne chaînes application".split())  # … Facebook
BEFORE_ACRONYM = frozenset(
    "la le les l' du des au aux de d' et ou que qu' par selon avec entre pour chez contre".split()
)
MINISTER = frozenset(("ministre", "ministres", "ex-ministre"))
# After these head words a person's name is the name of the organisation: Fondation Abbé Pierre.
NAMED_AFTER = frozenset(
    "fondation institut lycée collège école hôpital université groupe clinique éditions stade".split()
)
PLAIN = str.maketrans("éèêëàâäîïôöûüç", "eeeeaaaiioouuc")


def organisation(tokens: Tokens, i: int) -> int:
    """The end of the organisation that starts at token `i`, well known or led by its head word; `i`: none."""
    end = _famous(tokens, i)
    return max(end, _headed(tokens, i)) if tokens.bits[i] & (HEAD | LOW_HEAD | INSTITUTE) else end


def _famous(tokens: Tokens, i: int) -> int:
    """The end of the well-known organisation that starts at token `i`; `i`: none."""
    for rest in well_known().get(tokens.clues[i].word, ()):
        after = i + 1 + len(rest)
        same = tuple(clue.word for clue in tokens.clues[i + 1 : after]) == rest
        if same and (rest or not tokens.bits[after] & FAMILY):
            return after
    return i


def _headed(tokens: Tokens, i: int) -> int:
    bit = tokens.bits[i]
    capital = bool(bit & CAPITAL)
    if bit & INSTITUTE and not capital and _quoted_institute(tokens, i):
        return i + 4
    if not (bit & LOW_HEAD or capital and bit & HEAD) or _portfolio(tokens, i):
        return i
    end, capitals = _complement(tokens, i + 1, capital, tokens.clues[i].low in NAMED_AFTER)
    if tokens.bits[end - 1] & INSTITUTE and _quoted_institute(tokens, end - 1):
        return i  # le Réseau national des | instituts « Jazari »
    if not capital:
        return end if capitals else i
    opens = tokens.opens(i)
    if end == i + 1:
        return end if tokens.clues[i].low in STANDALONE and not opens else i
    if opens and not capitals and bit & COMMON and end < i + 3:
        return i  # "Groupe national" that opens a sentence may be any group
    return end


def _quoted_institute(tokens: Tokens, i: int) -> bool:
    """instituts « Jazari »: a kind of house and its name, neither of which names it alone."""
    return (
        tokens.clues[i + 1].word in QUOTES_BEFORE
        and bool(tokens.bits[i + 2] & CAPITAL)
        and tokens.clues[i + 3].word in QUOTES_AFTER
    )


def _portfolio(tokens: Tokens, i: int) -> bool:
    """Whether the word at `i` is what a minister is minister of: le ministre qatari des Communications."""
    k = i - 2 if tokens.clues[i - 1].low in DET else i - 1
    if tokens.clues[k].low not in DE:
        return False
    for _ in range(3):
        k -= 1
        if not tokens.bits[k] & ADJECTIVE or tokens.bits[k] & FUNCTION:
            break
    return tokens.clues[k].low in MINISTER


def _complement(tokens: Tokens, j: int, capital: bool, named_after: bool) -> tuple[int, int]:
    """Where the complement that starts at `j` ends, and how many capitalised words it has."""
    first, end, capitals = j, j, 0
    limit = min(tokens.size, j + LONGEST)
    while j < limit:
        bit, low = tokens.bits[j], tokens.clues[j].low
        if bit & CAPITAL:
            title = bit & HONORIFIC and not bit & PERSONAL
            person = bit & GIVEN and tokens.bits[j + 1] & CAPITAL and not (capital and named_after and j == first)
            if title or person or low in ("et", "ou"):
                break
            j += 1
            capitals += 1
            end = j
        elif tokens.bits[j] & QUALIFIES and (capital or capitals or tokens.clues[j + 1].low in DE):
            j += 1
            if capital or capitals:
                end = j
        else:
            k = _connected(tokens, j, capital or capitals > 0)
            if k == j:
                break
            capitals += any(bit & CAPITAL for bit in tokens.bits[j:k])
            j = end = k
    return end, capitals


def _connected(tokens: Tokens, j: int, capital: bool) -> int:
    """The end of "de la Transition", "pour le développement", ", la recherche et l'innovation"; `j`: none."""
    low = tokens.clues[j].low
    if low in (",", "et"):
        return _listed(tokens, j, capital)
    k = j + 1
    if low in DE:
        if low == "de" and tokens.clues[k].low in ("la", "l'"):
            k += 1
        bit = tokens.bits[k]
        if bit & CAPITAL:
            title = bit & HONORIFIC and not bit & PERSONAL
            person = bit & GIVEN and tokens.bits[k + 1] & CAPITAL and not bit & PLACE
            return j if title or person else max(k + 1, _famous(tokens, k))
        word = tokens.clues[k].low
        # A plural after "des" is a complement in most names: Union des associations.
        plural = low == "des" and len(word) > 4 and word[-1] in "sx"
        return k + 1 if capital and (bit & TOPIC or plural) else j
    if capital and low in ("pour", "contre", "sur", "à", "au", "aux"):
        if tokens.clues[k].low in DET:
            k += 1
        bit = tokens.bits[k]
        if bit & TOPIC or (low == "pour" and bit & CAPITAL and not bit & GIVEN):
            return k + 1
    return j


def _listed(tokens: Tokens, j: int, capital: bool) -> int:
    """The end of one more item: "et de la Réforme", ", le développement", "et environnemental"; `j`: none."""
    last = tokens.clues[j].low == "et"
    k = j + 1
    if tokens.clues[k].low in DE:
        end = _connected(tokens, k, capital)
        if end == k:
            return j
    elif tokens.clues[k].low in DET and capital and tokens.bits[k + 1] & TOPIC:
        end = k + 2
    elif last and capital and (tokens.bits[k] & TOPIC or tokens.bits[k] & QUALIFIES):
        end = k + 1
    else:
        return j
    # A comma goes on only in an enumeration that comes to its "et" within a few words.
    return end if last or any(tokens.clues[n].low == "et" for n in range(end, end + 6)) else j


def is_organisation(tokens: Tokens, i: int, j: int, led: int) -> bool | None:
    """Whether the capitalised words from `i` to `j`, `led` so, are an organisation; None: they may be a person."""
    first, size = tokens.bits[i], j - i
    bits = functools.reduce(operator.or_, tokens.bits[i:j])
    before = tokens.clues[i - 1].low
    if bits & ORGANISATION and (size == 1 and led < 2 or not first & GIVEN):
        return before not in NETWORK
    if size > 1 and bits & (HEAD | TAIL) and not first & GIVEN:
        return True
    if first & UPPER:
        if size == 1:
            return _acronym(tokens, i)
        personal = GIVEN if before in ARTICLES else PERSONAL
        if not first & PERSONAL and not tokens.bits[i + 1] & (UPPER | personal):
            return _acronym(tokens, i)
    return True if led < 2 and _announced(tokens, i, j) else None


def _announced(tokens: Tokens, i: int, j: int) -> bool:
    """Whether "association", "ONG", "société" announces the name from `i` to `j`."""
    k = i - 1
    if tokens.clues[k].word in QUOTES_BEFORE and tokens.clues[j].word in QUOTES_AFTER:
        k -= 1
        if tokens.clues[k].low in DET or not tokens.bits[k] & NAME_HEAD:
            k -= 1  # l'association bénévole « … »
    elif tokens.clues[k].word == "," and tokens.clues[j].word in (".", ",", "\n"):
        k -= 1  # sa société, Voling.
    for _ in range(2):
        if tokens.bits[k] & NAME_HEAD or not tokens.bits[k] & QUALIFIES:
            break
        k -= 1
    return bool(tokens.bits[k] & NAME_HEAD) and (not tokens.bits[k] & CAPITAL or tokens.clues[k].low == "ong")


def _acronym(tokens: Tokens, i: int) -> bool | None:
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
