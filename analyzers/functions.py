"""The function that a text gives a person beside the name: "ministre déléguée chargée de …", سفير المملكة المغربية.

It stands before the name ("le président du conseil, M. Haddad", "le président américain Joe Biden", الوزيرة أمل) or,
in French, between commas after it. It begins with a word of the lists of functions and is told without its article;
a verb, the end of a sentence or another comma is its border. Where the name is part of what the function is about
("l'avocat de Leïla Haddad"), none is told.
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from kashaf.analyzers.arabic_clues import ARABIC, fold, kinds, readings
from kashaf.analyzers.french_clues import (
    ADJECTIVE,
    CAPITAL,
    DE,
    DEMONYM,
    DET,
    FUNCTION,
    HONORIFIC,
    PARTICLE,
    QUALIFIES,
    SPEECH,
    STOP,
    TOPIC,
    Clue,
    Tokens,
)

REACH = 200  # characters read before an Arabic name
BORDERS = frozenset('.!?…\n;:«»"“”()[]–—؟؛')
FIRST = frozenset("premier première vice-premier".split())
BARRED = frozenset(("verb", "time"))
JOINS = frozenset(map(fold, "لأن بأن بعدما بغياب بحضور بمساعدة بمشاركة برفقة".split()))
WITHIN = frozenset(
    map(fold, "في من إلى على عن بين غير جميع كل دون لدى".split())
)  # words of grammar that a function holds
NOT_BARE = frozenset(("stop", "honorific", "particle", "name"))
LONGEST = 24  # tokens of a function
# Words of the lists that announce a person and are no function: kin, parts in an affair, prepositions.
NO_FUNCTION = frozenset(
    "homme femme épouse époux mari fils fille père mère frère soeur sœur neveu nièce oncle tante cousin cousine"
    " beau-frère belle-sœur ami amie compagnon compagne veuve veuf ex-compagne ex-compagnon jeune suspect suspecte"
    " victime accusé accusée témoin terroriste jihadiste djihadiste assaillant tueur meurtrier nommé nommée surnommé"
    " surnommée prénommé prénommée appelé appelée baptisé dénommé homologue collègue prédécesseur prédécesseure"
    " successeur successeure rival rivale adversaire numéro milieu principal bras héros héroïne personnage compatriote"
    " coéquipier présidents ministres députés maires militants délégués".split()
) | frozenset(
    map(
        fold,
        "باسم الراحل الراحلة الشهيد المرحوم المتهم المدعو يدعى تدعى اسمه اسمها زوجة زوجته زوجها نجل ابنة ابنته شقيق"
        " شقيقه شقيقة والده والدته الطفل الطفلة الشاب الشابة المواطن المواطنة الدولي العالم خليفته نظيره النظير بقيادة"
        " برئاسة بمشاركة بحضور الناشطين المعارض".split(),
    )
)
_INSIDE = re.compile(r"\w(?:.*\w)?", re.DOTALL)
_BY_WHICH = re.compile("[وف]?ب.{2,}(?:ه|ها|هم)")  # بطرده: "by his sending off …"
_HIDDEN = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def function_beside(
    text: str, start: int, end: int, tokens: Tokens | None = None, other: tuple[int, int] = (0, 0)
) -> str | None:
    """The function of the person named by ``text[start:end]``, as it is written but for its blanks; None: none is told.

    Honorifics ("M.", السيد), kin and parts in an affair ("son épouse", "le suspect") are none.

    Args:
        tokens: of the text in Latin script, where the caller has them.
        other: where the person named before starts and ends, whose own function stands there.
    """
    if ARABIC.match(text, start):
        found = _arabic(text[max(other[1], start - REACH) : start], other[1] < start - REACH)
    else:
        tokens = tokens or Tokens(text)
        i, j = tokens.at(start), tokens.at(end - 1) + 1
        first, last = _before(tokens, i, j, other) or _after(tokens, j) or (0, 0)
        found = text[tokens.start(first) : tokens.end(last - 1)] if last else None
    return " ".join(_HIDDEN.sub("", found).split()) or None if found else None


def _before(tokens: Tokens, i: int, j: int, other: tuple[int, int]) -> tuple[int, int] | None:
    """The tokens of the function before the name from token `i` to `j`."""
    bits, clues = tokens.bits, tokens.clues
    while i and bits[i - 1] & HONORIFIC and not bits[i - 1] & FUNCTION:
        if not bits[i - 1] & CAPITAL and _is_title(clues[i - 2]):
            break  # le procureur général
        i -= 1
    comma = i > 0 and clues[i - 1].word == ","
    i -= comma
    if not comma and i and bits[i - 1] & (STOP | PARTICLE) and not bits[i - 1] & (CAPITAL | FUNCTION):
        return None  # l'avocat de Leïla Haddad
    goes_on = _is_free if comma else _is_close
    first = -1
    for n in range(i - 1, max(-1, i - 1 - LONGEST), -1):
        if tokens.start(n) < other[1] and not _is_governed(tokens, other[0]):
            break
        if _is_title(clues[n]):
            first = n
        if not goes_on(clues[n]):
            break
    if first < 0:
        return None
    while first > 0 and _precedes(clues[first - 1]):
        first -= 1
    if comma and clues[first - 1].low in DET and not _ends(clues[j]):
        return None  # Pour le ministre, Leïla Haddad a tort
    return first, i


def _after(tokens: Tokens, i: int) -> tuple[int, int] | None:
    """The tokens of the function between commas after a name that ends before token `i`."""
    clues = tokens.clues
    if clues[i].word != ",":
        return None
    article = clues[i + 1].low in DET
    first = head = i + 1 + article
    while _precedes(clues[head]) and not clues[head].bits & FUNCTION:
        head += 1
    if not _is_title(clues[head]):
        return None
    stop = head + 1
    while stop < min(tokens.size, head + LONGEST) and _is_free(clues[stop]):
        stop += 1
    if article and not _ends(clues[stop]):
        return None  # Face à Macron, le ministre déclare
    while stop > head + 1 and clues[stop - 1].bits & (STOP | PARTICLE) and not clues[stop - 1].bits & CAPITAL:
        stop -= 1  # ministre de l'Intérieur dans …
    return first, stop


def _is_governed(tokens: Tokens, start: int) -> bool:
    """Whether a name is part of what stands before: directeur de campagne de M. Haddad."""
    i = tokens.at(start) - 1
    while i > 0 and tokens.bits[i] & HONORIFIC:
        i -= 1
    return tokens.clues[i].low in DE


def _is_title(clue: Clue) -> bool:
    return bool(clue.bits & FUNCTION) and clue.low not in NO_FUNCTION


def _precedes(clue: Clue) -> bool:
    """Whether it stands between the article and the function: ancien ministre, Premier ministre."""
    return clue.low in FIRST or bool(clue.bits & ADJECTIVE and not (clue.bits & CAPITAL and clue.bits & DEMONYM))


def _ends(clue: Clue) -> bool:
    """Whether it stands behind what is set between commas."""
    return clue.word == "," or clue.word in BORDERS or clue.low in ("et", "ou")


def _is_free(clue: Clue) -> bool:
    """Whether a function set off by a comma may hold the word."""
    if clue.word == "," or clue.word in BORDERS:
        return False
    return not clue.bits & SPEECH or bool(clue.bits & PARTICLE) or clue.low in DET


def _is_close(clue: Clue) -> bool:
    """Whether a function may hold the word that runs into the name: président de la République Joe Biden."""
    close = clue.bits & (CAPITAL | QUALIFIES | TOPIC | PARTICLE) or clue.low in DE or clue.low in DET
    return bool(close) or _is_title(clue)


class _Role(NamedTuple):
    """What a word before an Arabic name can be, with the punctuation that is written to it.

    Attributes:
        word: without the punctuation.
        function: the word without clitics, where it is a function.
        close, free: whether a function that runs into the name, or that a comma sets off, may begin before the word.
        closed: whether a border stands behind it.
        comma: whether a comma stands behind it.
        governs: whether the name that follows belongs to it: محامي عائلة محمد.
        personal: whether it is rather the first word of the name.
        definite: whether it has an article.
        bare: whether it is a noun without article or preposition, which does not go on after one with an article.
    """

    word: str
    function: str | None
    close: bool
    free: bool
    closed: bool
    comma: bool
    honorific: bool
    governs: bool
    personal: bool
    definite: bool
    bare: bool


@functools.lru_cache(1 << 14)
def _role(token: str) -> _Role:
    found = _INSIDE.search(token)
    begin, end = found.span() if found else (0, 0)
    raw = token[begin:end]
    word = fold(raw) or raw
    read = readings(word) if word else []
    classes = {kind for reading, _ in read for kind in kinds(reading)}
    own = frozenset(kinds(word))
    function: str | None = None
    if "function" in classes and NO_FUNCTION.isdisjoint(reading for reading, _ in read):
        function, cut = next((reading, off) for reading, off in read if "function" in kinds(reading))
        # As it is written, but for للرئيس: the alef of the article is not.
        function = raw[cut:] if len(function) + cut == len(word) else "ا" + raw[cut:]
    definite = any(reading.startswith("ال") for reading, _ in read)
    plain = function is None and not definite and classes.isdisjoint(("place", "nisba"))
    behind = token[end:]
    closed = not raw or not BORDERS.isdisjoint(behind)
    free = closed is False and BORDERS.isdisjoint(token[:begin])
    if function is not None:  # another person's may stand before: الزعيم … والرئيس الأميركي
        free = close = free and not (raw != function and word[0] == "و")
    else:
        free = free and BARRED.isdisjoint(own) and word not in JOINS and ("stop" not in own or word in WITHIN)
        free = free and not _BY_WHICH.fullmatch(raw)
        close = free and "stop" not in own
    bare = function is not None and not definite and not raw.endswith(("ه", "ها", "هم"))  # مستشار ترامب
    towards = len(read) > 1 and "name" not in classes  # a preposition is glued to it
    return _Role(
        raw,
        function,
        close,
        free,
        closed,
        "،" in behind or token == "،",
        function is None and "honorific" in own,
        bare or (plain and ("orghead" in classes or towards)) or "honorific" in classes - own,
        plain and "name" in classes,
        definite,
        plain and len(read) == 1 and word.isalpha() and classes.isdisjoint(NOT_BARE) and word not in WITHIN,
    )


def _arabic(before: str, cut: bool) -> str | None:
    """The function at the end of the text before an Arabic name.

    Args:
        cut: whether more text stands before, so that the first word may not be whole.
    """
    if before[-1:].isalpha():
        return None  # الرئيس ومحمد: "and" stands between
    line = before.rfind("\n") + 1
    words = before[line:].split()
    least = max(int(cut and not line), len(words) - LONGEST)
    last = len(words)
    while last > least and (role := _role(words[last - 1])).honorific and not role.comma:
        last -= 1
    if last <= least or ((role := _role(words[last - 1])).closed and role.word):
        return None
    comma = role.comma
    if comma and not role.word:
        last -= 1
    elif not comma and role.personal and last - 1 > least and _role(words[last - 2]).definite:
        last -= 1  # البطل العالمي وليد [كتيلة]
    if not comma and _role(words[last - 1]).governs:
        return None
    first, found = -1, ""
    for n in range(last - 1, least - 1, -1):
        role = _role(words[n])
        if n + 1 < last and (role.closed or role.comma):
            break
        if role.function is not None:
            if role.definite and n + 1 < last and _role(words[n + 1]).bare:
                return None  # أصدر القاضي حكمه
            first, found = n, role.function
        if not (role.free if comma else role.close):
            break
    return " ".join([found, *(_role(word).word for word in words[first + 1 : last])]) if found else None
