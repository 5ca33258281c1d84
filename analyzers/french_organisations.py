"""Organisations in French text: a head word with its complement, an acronym, a name after "association".

A complement goes on over small words as long as they are put together as names are: "Banque du Qatar pour le
développement", "Office public d'aménagement et de construction de la ville de Paris". A head word written
small ("ministère") needs a capital in its complement.
"""

from __future__ import annotations

import functools
import operator
import re

from kashaf.analyzers.french_acronyms import acronym
from kashaf.analyzers.french_clues import (
    ADJECTIVE,
    ADJECTIVE_ENDING,
    ARTICLES,
    CAPITAL,
    COMMON,
    DE,
    DEMONYM,
    DET,
    FAMOUS,
    FUNCTION,
    GIVEN,
    HEAD,
    HONORIFIC,
    INSTITUTE,
    LOW_HEAD,
    MAKER,
    NAME_HEAD,
    NOT_NAME,
    ORGANISATION,
    PARTICLE,
    PERSONAL,
    PLACE,
    QUALIFIES,
    QUOTES_AFTER,
    QUOTES_BEFORE,
    SPEECH,
    STOP,
    TAIL,
    TOPIC,
    UPPER,
    Tokens,
)
from kashaf.analyzers.french_known import famous

LONGEST = 24  # tokens of a complement
STANDALONE = frozenset(
    "assemblée sénat parlement congrès chambre commission conseil kremlin pentagone eurogroupe bundestag".split()
)
SOCIAL = frozenset("facebook twitter instagram youtube tiktok whatsapp snapchat telegram linkedin messenger".split())
COMPANY = frozenset("par chez selon contre que avec".split())  # … Facebook, the company
MINISTER = frozenset(("ministre", "ministres", "ex-ministre"))
# After these head words a person's name is the name of the organisation: Fondation Abbé Pierre.
NAMED_AFTER = frozenset(
    "fondation institut lycée collège école hôpital université groupe clinique éditions stade".split()
)
BASES = frozenset(("france", "europe", "afrique", "maroc", "algérie", "tunisie"))  # WWF France
ORDERING = re.compile("(?:petit|haut|ancien|grand|jeune|bon|autre|nouveau|nouvel|vieil|belle|libre)(?:ne|le)?e?[sx]?")
COURTS = frozenset("cour tribunal préfecture".split())
OF_PLACE = frozenset("tribunal cour mairie ambassade consulat école police gendarmerie".split())
# After these a person's name is an organisation's: la fondation Sophie Durand, le groupe islamiste Abou Tulmiez.
NAMESAKES = frozenset(
    "fondation institut association collectif société cabinet agence compagnie marque label islamiste jihadiste"
    " djihadiste terroriste rebelle".split()
)
OF_JUSTICE = frozenset("appel assises cassation justice sûreté".split())


def organisation(tokens: Tokens, i: int) -> int:
    """The end of the organisation that starts at token `i`, well known or led by its head word; `i`: none."""
    end = famous(tokens, i)
    if not tokens.bits[i] & (HEAD | LOW_HEAD | INSTITUTE):
        return end
    longer = _headed(tokens, i)
    if end == i or longer <= end:
        return max(end, longer)
    # Conseil de sécurité de l'ONU; but not: l'Assemblée nationale sur la gestion …
    before = tokens.clues[end].low
    of = before in DE and longer < end + 4 and (tokens.bits[longer - 1] | tokens.bits[end + 1]) & (CAPITAL | FAMOUS)
    pour = before == "pour" and tokens.clues[end + 1].low in DET
    return longer if of or pour or longer == end + 1 and tokens.bits[end] & DEMONYM else end


def _headed(tokens: Tokens, i: int) -> int:
    bit = tokens.bits[i]
    capital = bool(bit & CAPITAL)
    if bit & INSTITUTE and not capital and _quoted_institute(tokens, i):
        return i + 4
    if not (bit & LOW_HEAD or capital and bit & HEAD) or _portfolio(tokens, i):
        return i
    low = tokens.clues[i].low
    court = low in COURTS
    if not capital and low in OF_PLACE and (tokens.bits[i + 1] & CAPITAL or tokens.clues[i - 1].low == "de"):
        return i  # le syndicat de police Alliance, le préfet de police de Paris
    if not capital and low == "cour" and tokens.clues[i + 2].low not in OF_JUSTICE:
        return i
    end, capitals = _complement(tokens, i + 1, capital, tokens.clues[i].low in NAMED_AFTER, court)
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


def _complement(tokens: Tokens, j: int, capital: bool, named_after: bool, court: bool) -> tuple[int, int]:
    """Where the complement that starts at `j` ends, and how many capitalised words it has.

    Args:
        capital: the head word has a capital.
        named_after: a person's name may follow at once.
        court: the head word is a court's, and small words follow it: cour d'appel de Rabat.
    """
    first, end, capitals = j, j, 0
    limit = min(tokens.size, j + LONGEST)
    while j < limit:
        bit, low = tokens.bits[j], tokens.clues[j].low
        if bit & CAPITAL:
            title = bit & HONORIFIC and not bit & PERSONAL
            person = _someone(tokens, j) and not (capital and named_after and j == first)
            # Parti socialiste | Karim Belkacem; but: Agence régionale de santé Occitanie
            beside = j > first and not tokens.bits[j - 1] & (CAPITAL | PARTICLE) and tokens.clues[j - 1].low[-1] != "'"
            goes_on = bit & (PLACE | UPPER | ORGANISATION) or bit & ADJECTIVE or ADJECTIVE_ENDING.fullmatch(low)
            if title or person or low in ("et", "ou") or bit & STOP and bit & UPPER or beside and not goes_on:
                break
            j += 1
            capitals += 1
            end = j
        elif tokens.bits[j] & QUALIFIES and (capital or capitals or court or tokens.clues[j + 1].low in DE):
            j += 1
            if capital or capitals:
                end = j
        else:
            k = _connected(tokens, j, capital or capitals > 0 or court)
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
            person = _someone(tokens, k) and not bit & PLACE
            return j if title or person else max(k + 1, famous(tokens, k))
        word = tokens.clues[k].low
        if low == "des" and capital and ORDERING.fullmatch(word):
            k += 1  # Association des petites villes
            word = tokens.clues[k].low
        # A plural after "des" is a complement in most names: Union des associations.
        plural = low == "des" and len(word) > 4 and word[-1] in "sx"
        if word == "assurance" and capital and tokens.bits[k + 1] & TOPIC:
            return k + 2  # d'assurance maladie
        return k + 1 if capital and (bit & TOPIC or plural) else j
    if capital and low in ("pour", "contre", "sur", "à", "au", "aux"):
        if tokens.clues[k].low in DET:
            k += 1
        bit = tokens.bits[k]
        if low == "contre" and tokens.clues[j - 1].low == "lutte" and tokens.clues[k].word.isalpha():
            return k + 1
        if bit & TOPIC or (low == "pour" and bit & CAPITAL and not bit & GIVEN):
            return k + 1
    return j


def _someone(tokens: Tokens, j: int) -> bool:
    """Whether a given name and another part of a name begin at `j`."""
    return bool(tokens.bits[j] & GIVEN and tokens.bits[j + 1] & (CAPITAL | PARTICLE))


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
    elif capital and tokens.bits[k] & tokens.bits[k + 2] & QUALIFIES and tokens.clues[k + 1].low == "et":
        return k + 3  # , social et environnemental
    else:
        return j
    # A comma goes on only in an enumeration that comes to its "et" within a few words.
    return end if last or any(tokens.clues[n].low == "et" for n in range(end, end + 6)) else j


def is_organisation(tokens: Tokens, i: int, j: int, led: int) -> bool | None:
    """Whether the capitalised words from `i` to `j`, `led` so, are an organisation; None: they may be a person."""
    first, size = tokens.bits[i], j - i
    bits = functools.reduce(operator.or_, tokens.bits[i:j])
    before = tokens.clues[i - 1].low
    if size == 1 and tokens.clues[i].low in SOCIAL:
        led_by = tokens.bits[i - 2] if before in DE else tokens.bits[i - 1]
        return bool(tokens.bits[j] & SPEECH or led_by & (FUNCTION | NAME_HEAD)) or before in COMPANY
    founder = size == 2 and first & PERSONAL and not first & UPPER and tokens.bits[j - 1] & MAKER  # Ferdinand Porsche
    if bits & ORGANISATION and not founder and (size == 1 and led < 2 or not first & GIVEN):
        return True
    based = tokens.clues[j - 1].low in BASES and not first & (STOP | PLACE | PARTICLE | NOT_NAME)
    if size > 1 and not first & GIVEN and (bits & (HEAD | TAIL) or based):
        return True
    if first & UPPER:
        if size == 1:
            return acronym(tokens, i)
        personal = GIVEN if before in ARTICLES else PERSONAL
        if not first & PERSONAL and not tokens.bits[i + 1] & (UPPER | personal):
            return acronym(tokens, i)
    if led == 2 or first & GIVEN and size > 1 and _apposed(tokens, i):
        return None
    return True if _announced(tokens, i, j) else None


def _apposed(tokens: Tokens, i: int) -> bool:
    """Whether the name from `i` is a person's of an organisation: le président du parti, Karim Belkacem."""
    k = i - 1
    if tokens.clues[k].low not in NAMESAKES:
        return True
    if tokens.clues[k - 1].low in ("la", "l'"):
        k -= 1
    return tokens.clues[k - 1].low in DE and bool(tokens.bits[k - 2] & (FUNCTION | ADJECTIVE))


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
