"""Organisations in French text: a head word with its complement, an acronym, a name after "association".

A complement goes on over small words as long as they are put together as names are: "Banque du Qatar pour le
développement", "Office public d'aménagement et de construction de la ville de Paris". A head word written
small ("ministère") needs a capital in its complement.
"""

from __future__ import annotations

import functools

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
    LOW_HEAD,
    NAME_HEAD,
    NOT_ORGANISATION,
    ORGANISATION,
    PERSONAL,
    PLACE,
    QUOTES_AFTER,
    QUOTES_BEFORE,
    STOP,
    TAIL,
    TOKEN,
    TOPIC,
    UPPER,
    Tokens,
    word_bits,
)
from kashaf.analyzers.gazetteer import known_organisations
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


@functools.cache
def well_known() -> dict[str, tuple[tuple[str, ...], ...]]:
    """First token -> the other tokens of well-known organisations, the longest first."""
    names: dict[str, list[tuple[str, ...]]] = {}
    for name in known_organisations("fr"):
        first, *rest = TOKEN.findall(name)
        names.setdefault(first, []).append(tuple(rest))
    return {first: tuple(sorted(rests, key=len, reverse=True)) for first, rests in names.items()}


def organisation(tokens: Tokens, i: int) -> int:
    """The end of the organisation that starts at token `i`, well known or led by its head word; `i`: none."""
    end = i
    for rest in well_known().get(tokens.words[i], ()):
        after = i + 1 + len(rest)
        if tuple(tokens.words[i + 1 : after]) == rest and (rest or not tokens.bit(after) & FAMILY):
            end = after
            break
    if tokens.bits[i] & (HEAD | LOW_HEAD | NAME_HEAD):
        end = max(end, _headed(tokens, i))
    return end


def _headed(tokens: Tokens, i: int) -> int:
    bit = tokens.bits[i]
    capital = bool(bit & CAPITAL)
    if not capital and _quoted_institute(tokens, i):
        return i + 4
    if not (bit & LOW_HEAD or capital and bit & HEAD) or _portfolio(tokens, i):
        return i
    end, capitals = _complement(tokens, i + 1, capital, tokens.low(i) in NAMED_AFTER)
    if _quoted_institute(tokens, end - 1):
        return i  # le Réseau national des | instituts « Jazari »
    if not capital:
        return end if capitals else i
    opens = tokens.opens(i)
    if end == i + 1:
        return end if tokens.low(i) in STANDALONE and not opens else i
    if opens and not capitals and bit & COMMON and end < i + 3:
        return i  # "Groupe national" that opens a sentence may be any group
    return end


def _quoted_institute(tokens: Tokens, i: int) -> bool:
    """instituts « Jazari »: a kind of house and its name, neither of which names it alone."""
    return (
        tokens.low(i).startswith("institut")
        and tokens.word(i + 1) in QUOTES_BEFORE
        and bool(tokens.bit(i + 2) & CAPITAL)
        and tokens.word(i + 3) in QUOTES_AFTER
    )


def _portfolio(tokens: Tokens, i: int) -> bool:
    """Whether the word at `i` is what a minister is minister of: le ministre qatari des Communications."""
    k = i - 2 if tokens.low(i - 1) in DET else i - 1
    if tokens.low(k) not in DE:
        return False
    for _ in range(3):
        k -= 1
        if not tokens.bit(k) & ADJECTIVE or tokens.bit(k) & FUNCTION:
            break
    return tokens.low(k) in MINISTER


def _complement(tokens: Tokens, j: int, capital: bool, named_after: bool) -> tuple[int, int]:
    """Where the complement that starts at `j` ends, and how many capitalised words it has."""
    first, end, capitals = j, j, 0
    limit = min(tokens.size, j + LONGEST)
    while j < limit:
        bit, low = tokens.bits[j], tokens.low(j)
        if bit & CAPITAL:
            title = bit & HONORIFIC and not bit & PERSONAL
            person = bit & GIVEN and tokens.bit(j + 1) & CAPITAL and not (capital and named_after and j == first)
            if title or person or low in ("et", "ou"):
                break
            j += 1
            capitals += 1
            end = j
        elif tokens.adjective(j) and (capital or capitals or tokens.low(j + 1) in DE):
            j += 1
            if capital or capitals:
                end = j
        else:
            k = _connected(tokens, j, capital or capitals > 0)
            if k == j:
                break
            if tokens.bit(k - 1) & CAPITAL:
                capitals += 1
            j = end = k
    return end, capitals


def _connected(tokens: Tokens, j: int, capital: bool) -> int:
    """The end of "de la Transition", "pour le développement", ", la recherche et l'innovation"; `j`: none."""
    low = tokens.low(j)
    if low in (",", "et"):
        return _listed(tokens, j, capital)
    k = j + 1
    if low in DE:
        if low == "de" and tokens.low(k) in ("la", "l'"):
            k += 1
        bit = tokens.bit(k)
        if bit & CAPITAL:
            title = bit & HONORIFIC and not bit & PERSONAL
            person = bit & GIVEN and tokens.bit(k + 1) & CAPITAL and not bit & PLACE
            return j if title or person else k + 1
        word = tokens.low(k)
        # A plural after "des" is a complement in most names: Union des associations.
        plural = low == "des" and len(word) > 4 and word[-1] in "sx"
        return k + 1 if capital and (bit & TOPIC or plural) else j
    if capital and low in ("pour", "contre", "sur", "à", "au", "aux"):
        if tokens.low(k) in DET:
            k += 1
        bit = tokens.bit(k)
        if bit & TOPIC or (low == "pour" and bit & CAPITAL and not bit & GIVEN):
            return k + 1
    return j


def _listed(tokens: Tokens, j: int, capital: bool) -> int:
    """The end of one more item: "et de la Réforme", ", le développement", "et environnemental"; `j`: none."""
    last = tokens.low(j) == "et"
    k = j + 1
    if tokens.low(k) in DE:
        end = _connected(tokens, k, capital)
        if end == k:
            return j
    elif tokens.low(k) in DET and capital and tokens.bit(k + 1) & TOPIC:
        end = k + 2
    elif last and capital and (tokens.bit(k) & TOPIC or tokens.adjective(k)):
        end = k + 1
    else:
        return j
    # A comma goes on only in an enumeration that comes to its "et" within a few words.
    return end if last or any(tokens.low(n) == "et" for n in range(end, end + 6)) else j


def is_organisation(tokens: Tokens, i: int, j: int) -> bool | None:
    """Whether the capitalised words from `i` to `j` are an organisation; None: they may be a person."""
    bits = tokens.bits[i:j]
    size = j - i
    before, led = tokens.low(i - 1), tokens.led(i)
    given = bits[0] & GIVEN
    if any(bit & ORGANISATION for bit in bits) and (size == 1 and led < 2 or not given):
        return before not in NETWORK
    if size > 1 and not given and any(bit & (HEAD | TAIL) for bit in bits):
        return True
    if bits[0] & UPPER:
        if size == 1:
            return _acronym(tokens, i)
        personal = GIVEN if before in ARTICLES else PERSONAL
        if not bits[0] & PERSONAL and not bits[1] & (UPPER | personal):
            return _acronym(tokens, i)
    return True if led < 2 and _announced(tokens, i, j) else None


def _announced(tokens: Tokens, i: int, j: int) -> bool:
    """Whether "association", "ONG", "société" announces the name from `i` to `j`."""
    k = i - 1
    if tokens.word(k) in QUOTES_BEFORE and tokens.word(j) in QUOTES_AFTER:
        k -= 1
        if tokens.low(k) in DET or not tokens.bit(k) & NAME_HEAD:
            k -= 1  # l'association bénévole « … »
    elif tokens.word(k) == "," and tokens.word(j) in (".", ",", "\n"):
        k -= 1  # sa société, Voling.
    for _ in range(2):
        if tokens.bit(k) & NAME_HEAD or not tokens.adjective(k):
            break
        k -= 1
    return bool(tokens.bit(k) & NAME_HEAD) and (not tokens.bit(k) & CAPITAL or tokens.low(k) == "ong")


def _acronym(tokens: Tokens, i: int) -> bool | None:
    """Whether the word in capitals at `i` is an organisation; None: it may be a family name."""
    word, bit = tokens.words[i], tokens.bits[i]
    last, before = tokens.bit(i - 1), tokens.word(i - 1)
    opens = tokens.opens(i)
    if (
        bit & NOT_ORGANISATION
        or len(word) < 2
        or any(word_bits(part) & NOT_ORGANISATION for part in word.split("-") if part)
    ):
        return False
    if last & UPPER or tokens.bit(i + 1) & UPPER or bit & COMMON or len(word.replace(".", "")) > 8:
        return False  # a line of capitals, a word cried out
    if tokens.led(i) == 2 or (len(word) > 6 and bit & PERSONAL and not opens):
        return None
    if opens and before not in ("(", '"', "«"):
        return False
    if before == "(" and not any(tokens.bit(k) & CAPITAL and not tokens.bit(k) & STOP for k in range(max(0, i - 9), i)):
        return False  # short for common words: le foncier bâti (TFB)
    if any(map(str.isdigit, word)) and before not in QUOTES_BEFORE and not last & NAME_HEAD:
        return False
    low = tokens.low(i - 1)
    return low in BEFORE_ACRONYM or bool(last & (NAME_HEAD | HEAD)) or not low.isalpha()


def spelled_out(tokens: Tokens, found: list[Piece]) -> list[Piece]:
    """Makes organisations as long as the acronym in brackets after them says: Avocats sans frontières (ASF)."""
    whole: list[Piece] = []
    for piece in found:
        kind, i, j = piece
        if kind == "organisation" and j == i + 1 and tokens.word(i - 1) == "(" and tokens.word(j) == ")":
            start = _initials(tokens, i)
            if start < i - 1:
                while whole and whole[-1][2] > start:
                    whole.pop()
                whole.append((kind, start, i - 1))
        whole.append(piece)
    return whole


def _initials(tokens: Tokens, i: int) -> int:
    """The first word of what the acronym in brackets at `i` stands for; `i`: not found."""
    letters = tokens.words[i].lower().replace(".", "")
    left = len(letters) - 1
    for k in range(i - 2, max(-1, i - 3 * len(letters) - 4), -1):
        word = tokens.low(k)
        if not word[0].isalpha() and word not in ",&":
            break
        small = tokens.bit(k) & STOP and len(word) < 4
        if word[0].translate(PLAIN) == letters[left] and not (small and left):
            if left == 0:
                return k if tokens.bit(k) & CAPITAL and len(letters) > 1 else i
            left -= 1
    return i
