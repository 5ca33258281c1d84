"""What each word of a French text can be, as clues for finding names: one bit a clue.

The lists are french_mention_words.txt, name_tokens.txt.gz, territories.tsv, known_organisations.txt and other_names.txt
of the ``data`` folder; the rest is told by the letters: capitals, an initial, hyphens, Roman numerals.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from typing import NamedTuple

from kashaf.analyzers.gazetteer import known_organisations, other_names, territories, word_classes
from kashaf.analyzers.spans import Kind
from kashaf.analyzers.tokens import BLANKS, cover

Piece = tuple[Kind, int, int]  # kind, first token, last token + 1

LETTER = r"[^\W_]"
# The first branches take plain words, which need no other look: no apostrophe, hyphen or dot follows.
TOKEN = re.compile(
    rf"[0-9a-zß-ÿ]{LETTER}*+{BLANKS}(?![¬\xad'’‐‑·-])|[^\w\s]{BLANKS}|{LETTER}{{3,}}+{BLANKS}(?![¬\xad'’‐‑·.-])|\n{BLANKS}|(?:"
    r"[NMO]['’][^\W\d_a-zß-ÿ]\w+"  # N'Golo, M'Hamed, O'Connor
    r"|[^\W\d_a-zß-ÿ]\.-[^\W\d_a-zß-ÿ]\."  # J.-P.
    r"|(?:[ldjmtsncLDJMTSNC]|[Qq]u|[Jj]usqu|[Ll]orsqu|[Pp]uisqu|[Qq]uoiqu) ?['’](?= ?\w)"
    r"|(?:[^\W\d_a-zß-ÿ]\.){2,}(?!\w)"  # O.N.U., J.K.
    r"|(?:MM?|Mme|Mmes|Mlle|Me|Mgr|Dr|Pr|St|Ste) ?\.(?=\s?\w)"
    r"|[^\W\d_a-zß-ÿ]\.(?=[ -]?[^\W\d_a-zß-ÿ])"  # an initial
    rf"|{LETTER}+(?:(?:[-‐‑·]|[¬\xad] ?){LETTER}+)*"
    rf"){BLANKS}"
)
OPENERS = frozenset('.!?…\n«»"“”:-–—•*([|')
QUOTES_BEFORE, QUOTES_AFTER = frozenset('«"“'), frozenset('»"”')

(CAPITAL, UPPER, INITIAL, GIVEN, FAMILY, NAME, PLACE, COMMON, HONORIFIC, FUNCTION, ADJECTIVE, SPEECH) = (
    1 << n for n in range(12)
)
(HEAD, LOW_HEAD, NAME_HEAD, ORGANISATION, NOT_ORGANISATION, NOT_NAME, PARTICLE, TOPIC, DEMONYM, STOP, THING, TAIL) = (
    1 << n for n in range(12, 24)
)
QUALIFIES = 1 << 24  # looks like an adjective that qualifies the word before it
FAMOUS = 1 << 25  # begins the name of a well-known organisation
INSTITUTE = 1 << 26
OTHER = 1 << 27  # begins a name of several words that is neither a person nor an organisation: New York
MAKER = 1 << 28  # makes cars or the like: what follows the name is a product
NOT_PERSON = 1 << 29  # alone no person, and its company none: Speed
HOUSE = 1 << 30  # may be named after a person: rue, lycée
PERSONAL = GIVEN | FAMILY | NAME

LISTS = {
    "honorific": HONORIFIC,
    "function": FUNCTION,
    "adjective": ADJECTIVE,
    "demonym": DEMONYM | ADJECTIVE,
    "speech": SPEECH,
    "verb": SPEECH,
    "orghead": HEAD,
    "lowhead": LOW_HEAD,
    "namehead": NAME_HEAD,
    "orgonly": ORGANISATION,
    "notorg": NOT_ORGANISATION,
    "notname": NOT_NAME,
    "place": PLACE,
    "particle": PARTICLE,
    "topic": TOPIC,
    "stop": STOP,
    "thing": THING,
    "orgtail": TAIL,
    "given": GIVEN,
    "maker": MAKER,
    "notperson": NOT_PERSON,
    "house": HOUSE,
    "mononym": FAMILY,
}
NAME_LISTS = {"given": GIVEN, "family": FAMILY, "name": NAME, "place": PLACE, "common": COMMON}
# Endings of adjectives that qualify a head word: "Fonds monétaire international".
ADJECTIVE_ENDING = re.compile(
    r".{2,}(?:ale?s?|aux|ien(?:ne)?s?|aires?|[it]ifs?|[it]ives?|ois(?:es?)?|ais(?:es?)?|ains?|[aiué]ines?|istes?|elles?|els?"
    r"|unie?s?|ieure?s?|iques?|arabes?|estre)"
)
NOT_ADJECTIVE = frozenset(
    "indique explique implique complique applique revendique communique critique pratique fabrique trafique clique"
    " pique auquel duquel lequel desquels auxquels persiste insiste résiste assiste existe consiste subsiste réunie"
    " réunies spécialiste spécialistes journaliste artiste chargé chargée sortant sortante actuel actuelle actuels"
    " actuelles nouveau nouvelle jeune vieux feu défunt premier première second seconde dernier dernière célèbre grand"
    " grande fameux principal principale exceptionnel exceptionnelle annuel annuelle local locale officiel officielle"
    " délégué déléguée final finale mais jamais désormais palais relais fais vais sais"
    " ainsi avais étais aurais serais moins parfois trois fois mois appelle rappelle révèle telle quelle elle elles"
    " celle celles laquelle train bain main gain demain bien rien combien soutien tient vient ancien contraire"
    " journal signal animal cheval travail égal total mal bal semaine semaines dizaine centaine".split()
)
ALSO_NAMES = frozenset("sultan prince duc roi sidi moulay lalla père abbé dame lady lord cardinal baron".split())
ROMAN = re.compile(r"[IVXLCDM]+(?:er|e|ème|ᵉ)?")
SMALL_PART = re.compile("-(?:sur|les?|la|en|sous|lès|aux?|de|des|du|et)(?=-)")  # Boulogne-sur-Mer
SIZE = 1 << 17  # tokens remembered


class Clue(NamedTuple):
    """A token: what it can be, its letters, and these in small letters with a straight apostrophe."""

    bits: int
    word: str
    low: str


BEYOND = (Clue(0, "\n", "\n"),) * 32


@functools.cache
def _table() -> dict[str, int]:
    table: dict[str, int] = {}
    for name, classes in (("french_mention_words.txt", LISTS), ("name_tokens.txt.gz", NAME_LISTS)):
        for kind, members in word_classes(name).items():
            for word in members if kind in classes else ():
                table[word] = table.get(word, 0) | classes[kind]
    written = word_classes("french_mention_words.txt")
    for place in territories("fr") | territories("en"):
        parts = place.replace("’", "' ").split()
        for word in parts:
            if word[0].isupper() and not (len(parts) > 1 and word.lower() in written["given"]):  # Caroline du Nord
                table[word.lower()] = table.get(word.lower(), 0) | PLACE
    for maker in written["maker"]:
        table[maker] &= ~GIVEN  # Mercedes
    for place in {name.lower() for name in other_names("place") if len(words(name)) == 1} | written["place"]:
        table[place] = table.get(place, 0) & ~PERSONAL | PLACE | (GIVEN if place in written["given"] else 0)
    return table


class _Clues(dict[str, Clue]):
    """Token with the blanks after it -> its clues, its word, and the word in small letters."""

    def __missing__(self, token: str) -> Clue:
        if len(self) >= SIZE:
            self.clear()
        if token[-1] == " ":
            clue = self[token] = self[token.rstrip(" ")]
            return clue
        low = _low(token)
        low = token if low == token else low  # one string to keep
        clue = self[token] = Clue(_bits(token, low), token, low)
        return clue


_clues = _Clues()


def _low(token: str) -> str:
    return token.lower().replace("’", "'").replace(" ", "")


def words(text: str) -> list[str]:
    """The tokens of a text."""
    return [token.rstrip(" ") for token in TOKEN.findall(text)]


def word_bits(word: str) -> int:
    """What `word` can be, from its letters and the lists."""
    return _clues[word].bits


@functools.cache
def well_known() -> dict[str, tuple[tuple[str, ...], ...]]:
    """First token -> the other tokens of well-known organisations, the longest first."""
    names: dict[str, list[tuple[str, ...]]] = {}
    for name in known_organisations("fr"):
        first, *rest = words(name)
        names.setdefault(first, []).append(tuple(rest))
    return {first: tuple(sorted(rests, key=len, reverse=True)) for first, rests in names.items()}


@functools.cache
def neither() -> dict[str, tuple[tuple[str, ...], ...]]:
    """First word -> the other words of names of neither kind, in small letters, the longest first."""
    names: dict[str, list[tuple[str, ...]]] = {}
    for name in other_names("place") | other_names("other"):
        first, *rest = map(_low, words(name))
        if rest:
            names.setdefault(first, []).append(tuple(rest))
    return {first: tuple(sorted(rests, key=len, reverse=True)) for first, rests in names.items()}


def _bits(word: str, low: str) -> int:
    bits = _table().get(low, 0)
    if bits & (NOT_NAME | NOT_PERSON | STOP) or (bits & HONORIFIC and low not in ALSO_NAMES):
        bits &= ~PERSONAL
    if word in well_known():
        bits |= FAMOUS
    if low.startswith("institut"):
        bits |= INSTITUTE
    first = word[0]
    if first.isupper() and low[-1] != "'":
        letters = word.replace(".", "").replace("-", "")
        if ROMAN.fullmatch(word):
            bits |= NOT_ORGANISATION
        if bits & HONORIFIC and low[-1] == ".":
            pass
        elif word.endswith(".") and len(word) in (2, 5):
            bits |= CAPITAL | INITIAL
        elif len(word) == 1:
            bits |= INITIAL | CAPITAL
        else:
            bits |= CAPITAL
            if low in neither():
                bits |= OTHER
            if letters.isupper() or sum(map(str.isupper, letters)) > len(letters) / 2:
                bits |= UPPER
            if len(word) > 3 and word[1] in "'’":
                bits |= NAME
            if "-" in word:
                bits = _hyphenated(low, bits)
    elif "-" in low and low.split("-")[0] in ("al", "el", "es", "as", "ad", "ar", "at", "an", "ed", "ech"):
        if word.split("-", 1)[1][:1].isupper():
            bits |= CAPITAL | NAME
    elif first.isdigit():
        return bits & FAMOUS
    if not bits & (CAPITAL | SPEECH | PARTICLE) and low not in NOT_ADJECTIVE:
        if bits & ADJECTIVE or ADJECTIVE_ENDING.fullmatch(low):
            bits |= QUALIFIES
    return bits


def _hyphenated(low: str, bits: int) -> int:
    """Jean-Rose, Dupont-Aignan: as its parts; Boulogne-sur-Mer, Saint-Denis: a place."""
    parts = [_table().get(part, 0) for part in low.split("-") if part]
    if SMALL_PART.search(low) or low.split("-")[0] in ("saint", "sainte", "st", "ste"):
        return bits & ~PERSONAL | PLACE
    if bits & UPPER and parts and parts[0] & ORGANISATION:
        return bits & ~PERSONAL | ORGANISATION
    if bits & (PERSONAL | PLACE | ORGANISATION | NOT_NAME):
        return bits
    if parts and all(part & (PERSONAL | PARTICLE) for part in parts):
        bits |= GIVEN if parts[0] & GIVEN and parts[-1] & GIVEN else FAMILY
    elif parts and parts[0] & GIVEN:
        bits |= GIVEN
    if parts and parts[0] & (NOT_NAME | ORGANISATION):
        bits |= parts[0] & (NOT_NAME | ORGANISATION)
    return bits


DE = frozenset(("de", "du", "des", "d'"))
DET = frozenset(("la", "le", "les", "l'"))
ARTICLES = frozenset("la le les l' un une cette cet ces chaque quelques certains plusieurs deux trois".split())


class Tokens:
    """The tokens of one text, with their bits.

    Attributes:
        size: how many they are.
        clues, bits: what is known of each, and its bits again. After the last come as many line feeds as a finder
            looks away from a word, so that a place before the first or after the last can be read.
    """

    def __init__(self, text: str) -> None:
        tokens, self._ends = cover(TOKEN, text)
        self.size = len(tokens)
        self.clues = [*map(_clues.__getitem__, tokens), *BEYOND]
        self.bits = [clue[0] for clue in self.clues]

    def start(self, i: int) -> int:
        """Where token `i` starts in the text."""
        return self._ends[i - 1] if i else 0

    def end(self, i: int) -> int:
        """Where token `i` ends in the text."""
        return self.start(i) + len(self.clues[i].word)

    def at(self, place: int) -> int:
        """The token that holds the character at `place`, or the blank after it."""
        return bisect_right(self._ends, place)

    def opens(self, i: int) -> bool:
        """Whether token `i` begins a sentence, a line, a quotation."""
        before = self.clues[i - 1].word
        return before in OPENERS or (before[-1] in "'’" and before[0].isupper())  # L'Espagne

    def led(self, i: int) -> int:
        """2 after an honorific, 1 after a function ("le ministre qatari …"), 0 otherwise."""
        k = i - 1
        bit = self.bits[k]
        if bit & HONORIFIC and not (bit & PARTICLE):
            return 2
        steps = 0
        while steps < 3 and k >= 0 and self.bits[k] & ADJECTIVE and not self.bits[k] & FUNCTION:
            k -= 1
            steps += 1
        if self.bits[k] & UPPER and self.bits[k] & ORGANISATION:
            k -= 1  # le député LR …
        if self.bits[k] & FUNCTION:
            return 2 if steps == 0 and k == i - 1 and not self.bits[i] & (HEAD | ORGANISATION) else 1
        return 0
