"""The function that a text gives a person beside the name: "ministre déléguée chargée de …", سفير المملكة المغربية.

It stands before the name ("le président du conseil, M. Haddad", "le président américain Joe Biden", الوزيرة أمل) or,
in French, between commas after it. It begins with a word of the lists of functions and is told without its article;
a verb, the end of a sentence or another comma is its border.
"""

from __future__ import annotations

from collections.abc import Callable

from kashaf.analyzers.arabic_clues import ARABIC, fold, kinds, readings
from kashaf.analyzers.arabic_clues import TOKEN as ARABIC_TOKEN
from kashaf.analyzers.french_clues import (
    ADJECTIVE,
    CAPITAL,
    DE,
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
from kashaf.analyzers.tokens import cover

REACH = 300  # characters read on either side of a name
BORDERS = frozenset('.!?…\n;:«»"“”()[]–—؟؛')
FIRST = frozenset("premier première vice-premier".split())
NEVER = frozenset(("verb", "time"))
JOINS = frozenset(map(fold, "أن إن لأن بأن الذي التي الذين حيث حول حين كما ما".split()))
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


def function_beside(text: str, start: int, end: int) -> str | None:
    """The function of the person named by ``text[start:end]``, as it is written; None: none is told.

    Honorifics ("M.", السيد), kin and parts in an affair ("son épouse", "le suspect") are none.
    """
    before = text[max(0, start - REACH) : start]
    if ARABIC.match(text, start):
        return _arabic(before)
    return _french_before(before) or _french_after(text[end : end + REACH])


def _first(size: int, is_function: Callable[[int], bool], goes_on: Callable[[int], bool]) -> int:
    """The first token of the function that ends with token ``size - 1``, or -1."""
    found = -1
    for n in range(size - 1, max(-1, size - 1 - LONGEST), -1):
        if is_function(n):
            found = n
        if not goes_on(n):
            break
    return found


def _french_before(text: str) -> str | None:
    tokens = Tokens(text + "A")  # for the dot of "M." is told by the word after it
    size = tokens.size - 1
    while size and tokens.bits[size - 1] & HONORIFIC and not tokens.bits[size - 1] & FUNCTION:
        size -= 1
    comma = bool(size) and tokens.clues[size - 1].word == ","
    last = size - comma

    def goes_on(n: int) -> bool:
        return _is_free(tokens.clues[n]) if comma else _is_close(tokens.clues[n]) or _is_title(tokens.clues[n])

    first = _first(last, lambda n: _is_title(tokens.clues[n]), goes_on)
    while first > 0 and _precedes(tokens.clues[first - 1]):
        first -= 1
    return text[tokens.start(first) : tokens.start(last)].strip() if first >= 0 else None


def _french_after(text: str) -> str | None:
    tokens = Tokens(text)
    clues = tokens.clues
    if not tokens.size or clues[0].word != ",":
        return None
    first = 2 if clues[1].low in DET else 1
    head = first
    while _precedes(clues[head]) and not clues[head].bits & FUNCTION:
        head += 1
    if not _is_title(clues[head]):
        return None
    stop = head + 1
    while stop < min(tokens.size, head + LONGEST) and _is_free(clues[stop]):
        stop += 1
    while stop > head + 1 and clues[stop - 1].bits & (STOP | PARTICLE) and not clues[stop - 1].bits & CAPITAL:
        stop -= 1  # ministre de l'Intérieur dans …
    return text[tokens.start(first) : tokens.end(stop - 1)]


def _is_title(clue: Clue) -> bool:
    return bool(clue.bits & FUNCTION) and clue.low not in NO_FUNCTION


def _precedes(clue: Clue) -> bool:
    """Whether it stands between the article and the function: ancien ministre, Premier ministre."""
    return clue.low in FIRST or (bool(clue.bits & ADJECTIVE) and not clue.bits & CAPITAL)


def _is_free(clue: Clue) -> bool:
    """Whether a function set off by a comma may hold the word."""
    if clue.word == "," or clue.word in BORDERS:
        return False
    return not clue.bits & SPEECH or bool(clue.bits & PARTICLE) or clue.low in DET


def _is_close(clue: Clue) -> bool:
    """Whether a function may hold the word that runs into the name: président de la République Joe Biden."""
    return bool(clue.bits & (CAPITAL | QUALIFIES | TOPIC | PARTICLE)) or clue.low in DE or clue.low in DET


def _arabic(text: str) -> str | None:
    tokens, ends = cover(ARABIC_TOKEN, text)
    words = [fold(token.rstrip(" ")) or token for token in tokens]
    last = len(words)
    while last and "honorific" in kinds(words[last - 1]) and not _is_function(words[last - 1]):
        last -= 1
    comma = last > 0 and words[last - 1] == "،"
    last -= comma
    barred = NEVER if comma else NEVER | {"stop"}

    def goes_on(n: int) -> bool:
        word = words[n]
        if _is_function(word):
            return not word.startswith("و")  # another person's may stand before: الزعيم … والرئيس الأميركي
        return word not in BORDERS and word != "،" and barred.isdisjoint(kinds(word)) and word not in JOINS

    first = _first(last, lambda n: _is_function(words[n]), goes_on)
    if first < 0:
        return None
    starts = [0, *ends[:-1]]
    start = starts[first] + next(off for reading, off in readings(words[first]) if "function" in kinds(reading))
    found = text[start : ends[last - 1]].strip()
    return "ا" + found if text[start - 1 : start + 1] == "لل" else found  # للرئيس: the article's alef is not written


def _is_function(word: str) -> bool:
    read = [reading for reading, _ in readings(word)]
    return NO_FUNCTION.isdisjoint(read) and any("function" in kinds(reading) for reading in read)
