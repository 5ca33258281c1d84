"""Name keys: what the spellings of one personal name have in common, in either script.

A name becomes *words* (particles joined to what they belong to), a word becomes *units* (consonants by
class, vowels, seats of hamza), and the consonants give a few *keys*: `Seghrouchni` and `السغروشني` are
both ``sgrcn``. Keys find names, they never decide; `kashaf.analyzers.name_similarity` compares the units.

The idea of comparing consonants by class and taking vowels as optional is that of Freeman, Condon and
Ackerman, "Cross Linguistic Name Matching in English and Arabic" (HLT-NAACL 2006); the tables are our own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, product
from typing import Literal

Script = Literal["arab", "latn", "none"]

MAX_NAME = 400  # characters of a name that are read
MAX_WORDS = 12  # words of a name that are kept
MAX_WORD = 32  # letters of a word that are read
MAX_KEYS = 48  # keys of one word

# A run of letters with its marks, tatweel, invisible controls and apostrophes; hyphens and dots divide.
# The marks are listed because they are not \w.
_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u0640\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
)
_APOSTROPHES = "'’‘ʼʻ`´ʿʾ′＇"
_TOKEN = re.compile(rf"[^\W\d_][^\W\d_{_MARKS}{_APOSTROPHES}]*(?:[{_MARKS}{_APOSTROPHES}]+[^\W\d_]*)*")
_NOT_LETTERS = re.compile(rf"[{_MARKS}{_APOSTROPHES}-]+")  # a hyphen divides the parts of a form
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff]")

# Latin letters that Unicode does not take apart, and the dotted letters of scientific romanisation.
_LATIN = {
    "œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "ı": "i", "ə": "a",
    "ḫ": "kh", "ẖ": "kh", "ṯ": "th", "ḏ": "dh", "š": "sh", "ş": "sh", "ș": "sh", "ġ": "gh", "ğ": "gh",
    "č": "ch", "ç": "s", "ž": "j", "ǧ": "j", "ñ": "ny",
    "ö": "eu", "ü": "u", "ä": "e",
}  # fmt: skip

# Letters of Arabic script that are spellings of another letter.
_ARABIC_LETTERS = str.maketrans(
    {
        "ٱ": "ا", "ٲ": "أ", "ٳ": "إ", "ک": "ك", "ڪ": "ك", "ی": "ي", "ې": "ي", "ۍ": "ي", "ے": "ي",
        "ہ": "ه", "ھ": "ه", "ۀ": "ه", "ە": "ه", "ۃ": "ة", "ڭ": "گ", "ݣ": "گ", "ڨ": "گ", "ۋ": "ڤ", "ڥ": "ڤ",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class NameWord:
    """One word of a name; words are memoised, so the same spelling gives the same object.

    Attributes:
        form: the folded spelling; a particle stands before it with a hyphen (``bn-kirane``).
        script: of its letters.
        units: numbers of `UNITS`, in order.
        keys: its keys, commonest first; () when nothing in it can be heard.
        initial: a lone letter, that stands for any word that begins like it.
    """

    form: str
    script: Script
    units: tuple[int, ...]
    keys: tuple[str, ...]
    initial: bool = False


# ---------------------------------------------------------------- units


@dataclass(frozen=True, slots=True)
class Unit:
    """What one letter or digraph stands for.

    Attributes:
        kind: ``C`` consonant, ``V`` short vowel, ``A`` ``W`` ``Y`` alef, waw, yeh and their Latin
            counterparts, ``S`` seat of hamza or ʿayn, ``F`` final ta marbuta, ``H`` an h that may be silent.
        sounds: the classes of a consonant, one letter each; the letters of a vowel.
        place: ``""``, or why it may be missing: ``article``, ``first`` (a leading l or h), ``particle``,
            ``silent`` (a final consonant), ``double`` (the same consonant just before), ``mute`` (the h of th
            and zh, the t of تش). For a vowel ``initial`` or ``final``: Arabic writes those.
    """

    kind: str
    sounds: str
    place: str = ""


PLACES = ("", "article", "first", "particle", "silent", "double", "mute")
_SOUNDS = (
    "b p t ts d dz j jg g k kg x h s z zj c ck cj f fw wf r rg l m n".split()
)  # the alternatives of a letter, the likeliest first
UNITS: tuple[Unit, ...] = (
    *(Unit("V", vowel, place) for vowel in "aeiou" for place in ("", "initial", "final")),
    *(Unit(kind, "") for kind in "AWYSFH"),
    *(Unit("C", sounds, place) for sounds in _SOUNDS for place in PLACES),
)
_NUMBER = {(unit.kind, unit.sounds, unit.place): number for number, unit in enumerate(UNITS)}


def _unit(kind: str, sounds: str = "", place: str = "") -> int:
    return _NUMBER[kind, sounds, place]


_ARABIC_UNITS = {
    "ا": "A", "ى": "A", "آ": "A", "و": "W", "ي": "Y",
    "ء": "S", "أ": "S", "إ": "S", "ؤ": "S", "ئ": "S", "ع": "S",
    "ب": "b", "پ": "p", "ت": "t", "ط": "t", "ث": "ts", "د": "d", "ض": "d", "ذ": "dz", "ظ": "dz",
    "ج": "jg", "چ": "cj", "غ": "g", "گ": "g", "ق": "kg", "ك": "kg", "خ": "x", "ح": "h", "ه": "h",
    "س": "s", "ص": "s", "ز": "z", "ژ": "j", "ش": "c", "ف": "f", "ڤ": "fw", "ر": "r",
    "ل": "l", "م": "m", "ن": "n", "ٹ": "t", "ڈ": "d", "ڑ": "r", "ں": "n",
}  # fmt: skip

# Latin graphemes, first match wins; what each is read as.
_GRAPHEMES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("tch|tsch", ("t", "c")),
    ("sch|sh", ("c",)),
    ("ch", ("ck",)),
    ("d?j+|dg(?=[ei])", ("j",)),
    ("zh", ("zj", "~h")),
    ("ghh?", ("g",)),
    ("g+u(?=[eiy])", ("g",)),
    ("g+(?=[eiy])", ("jg",)),
    ("g+", ("g",)),
    ("(?<![a-z])rh", ("rg",)),
    ("rh", ("r", "~h")),
    ("kh", ("x",)),
    ("ph|f+", ("f",)),
    ("th", ("ts", "~h")),
    ("dh", ("dz", "~h")),
    ("qu(?=[eiy])|ck|k+|q+", ("k",)),
    ("c+(?=[eiy])", ("s",)),
    ("c+", ("k",)),
    ("x", ("k", "s")),
    ("s+", ("s",)),
    ("z+", ("z",)),
    ("v+", ("fw",)),
    ("b+", ("b",)),
    ("p+", ("p",)),
    ("t+", ("t",)),
    ("d+", ("d",)),
    ("r+", ("r",)),
    ("l+", ("l",)),
    ("m+", ("m",)),
    ("n+", ("n",)),
    ("h+", ("h",)),
    (r"(?<![a-z])w", ("wf",)),
    ("w+|ou(?=[aeio])|u(?=[aio])", ("W",)),
    ("ou|oo", ("Vu",)),
    ("y+|i(?=[aou])|(?<=[ae])i", ("Y",)),
    ("aa", ("A",)),
    ("a", ("Va",)),
    ("e+", ("Ve",)),
    ("i+", ("Vi",)),
    ("o+", ("Vo",)),
    ("u+", ("Vu",)),
)
_GRAPHEME = re.compile("|".join(f"({pattern})" for pattern, _ in _GRAPHEMES))
_READ_AS = (("",), *(units for _, units in _GRAPHEMES))

_PREFIXES = {  # the units of a particle, by the form it has in `NameWord.form`
    "l": (_unit("C", "l", "article"),),
    "bn": (_unit("C", "b", "particle"), _unit("V", "e"), _unit("C", "n", "particle")),
    "bd": (_unit("V", "a"), _unit("C", "b", "particle"), _unit("C", "d", "particle"), _unit("V", "e")),
    "b": (_unit("C", "b"), _unit("V", "u")),
    "d": (_unit("C", "d", "particle"), _unit("V", "e")),
    "la": (_unit("C", "l", "particle"), _unit("V", "a")),
}

# ---------------------------------------------------------------- tokens

_KINDS: dict[str, str] = {
    spelling: kind
    for kind, spellings in {
        "article": "el al ul il آل ال",
        "assimilated": "es as ez az ed ad en an er ar et at ech esh ash ach edh adh eth ath us ud un ur",
        "ben": "ben bin ibn bni beni بن ابن إبن بني",
        "abou": "abou abu abi abo bou bu aboul abul أبو ابو أبي ابي أبا ابا بو",
        "abd": "abd abdel abdal abdul abdoul abdol abder abdes abdess عبد",
        "d": "de du des di da do del della von van der دي دو دا فون فان",
        "la": "la le les لا لو",
        "din": "din dine deen eddin eddine eddeen aldin aldine uddin addin addine الدين",
        "allah": "allah ullah ollah ellah illah llah الله",
    }.items()
    for spelling in spellings.split()
}
# Kings and popes: what is written VI is said sadis.
_ORDINALS = {
    "ii": "ثاني", "iii": "ثالث", "iv": "رابع", "v": "خامس", "vi": "سادس", "vii": "سابع", "viii": "ثامن",
    "ix": "تاسع", "x": "عاشر", "xi": "حادي", "xii": "ثاني", "xiv": "رابع", "xv": "خامس", "xvi": "سادس",
}  # fmt: skip
# Words of descent that are written in several ways, by the one that stands for them.
_DESCENT = {
    spelling: word
    for word, spellings in {"mint": "bint bent", "منت": "بنت", "ould": "wuld weld wold uld", "ait": "ayt"}.items()
    for spelling in spellings.split()
}
_PREFIX_OF = {"ben": "bn", "abou": "b", "abd": "bd", "d": "d", "la": "la"}
_SUFFIX = {"din": ("din", "دين"), "allah": ("lah", "له")}

Token = tuple[str, Script, str]  # folded form, script, kind


@lru_cache(maxsize=1 << 17)
def _token(raw: str) -> Token:
    """One run of letters, folded, and what kind of particle it is ("" a word, "initial" one letter)."""
    if not raw.isascii():
        raw = unicodedata.normalize("NFKC", raw[: 4 * MAX_WORD])
    bare = _NOT_LETTERS.sub("", raw)
    if _ARABIC.search(bare):
        form = bare.translate(_ARABIC_LETTERS)[:MAX_WORD]
        script: Script = "arab"
    else:
        lower = unicodedata.normalize("NFC", raw).lower()
        spelt = "".join(_LATIN.get(letter, letter) for letter in lower)
        form = "".join(c for c in unicodedata.normalize("NFKD", spelt).casefold() if c.isalpha())[:MAX_WORD]
        script = "latn" if form else "none"
        if raw.isupper() and form in _ORDINALS:
            return form, script, "ordinal"
    form = _DESCENT.get(form, form)
    kind = _KINDS.get(form, "")
    if not kind and len(form) == 1:
        kind = "initial"
    return form, script, kind


def name_words(name: str) -> tuple[NameWord, ...]:
    """The words of a personal name, particles joined to the words that they belong to.

    >>> [word.form for word in name_words("Mohammed Bin Ali Al Mannai")]
    ['mohammed', 'bn-ali', 'l-mannai']
    >>> [word.form for word in name_words("عبد الرحمن اليوسفي")]
    ['bd-رحمن', 'l-يوسفي']

    At most `MAX_WORDS` words of the first `MAX_NAME` characters; () for a name without letters.
    """
    tokens = [_token(raw) for raw in _TOKEN.findall(name[:MAX_NAME])]
    if not any(kind for _, _, kind in tokens):
        return tuple([_word(form, script) for form, script, _ in tokens if form][:MAX_WORDS])
    return tuple([word for word, _, _ in _joined_tokens(tokens)][:MAX_WORDS])


def spoken_words(raw_words: Sequence[str]) -> list[tuple[NameWord, int, int]]:
    """The name words of a list of words, each with the slice of the list that it comes from."""
    return _joined_tokens([_token(raw[:MAX_WORD]) for raw in raw_words])


def _joined_tokens(tokens: list[Token]) -> list[tuple[NameWord, int, int]]:
    words: list[tuple[NameWord, int, int]] = []
    place = 0
    while place < len(tokens):
        form, script, initial, after = _next_word(tokens, place)
        if form:
            words.append((_word(form, script, initial), place, after))
        place = after
    return words


def _next_word(tokens: list[Token], place: int) -> tuple[str, Script, bool, int]:
    """Form, script and initial-ness of the word that begins at a token, and where the next begins."""
    form, script, kind = tokens[place]
    after = place + 1
    prefix = ""
    while kind and after < len(tokens):  # particles want something to stand before
        if kind == "article":
            prefix = prefix or "l-"
        elif kind == "assimilated" and _assimilates(form, tokens[after][0]):
            prefix = prefix or "l-"
        elif kind in _PREFIX_OF and len(tokens[after][0]) > 1:
            prefix = ("" if prefix in ("l-", "d-", "la-") else prefix) + _PREFIX_OF[kind] + "-"
        else:
            break
        form, script, kind = tokens[after]
        after += 1
    if kind == "ordinal" and place > 0:
        form, script = _ORDINALS[form], "arab"
    elif kind in ("din", "allah") and prefix:
        form = _SUFFIX[kind][script == "arab"]
    while after < len(tokens) and kind != "initial":  # Nour · ed-Din, Nasr · Allah
        look = after
        if tokens[look][2] in ("article", "assimilated") and look + 1 < len(tokens):
            look += 1
        if tokens[look][2] not in _SUFFIX or tokens[look][1] != script:
            break
        form += _SUFFIX[tokens[look][2]][script == "arab"]
        after = look + 1
    return prefix + form, script, kind == "initial" and not prefix, after


def _assimilates(article: str, form: str) -> bool:
    """Whether a word takes this form of the article: es-Sebsi, ech-Cherif."""
    return form[:1] == article[1:2]


# ---------------------------------------------------------------- words

_FUSED_LATIN = re.compile(
    "(ab[ea]?d)[aeiouy]*(?=[^aeiouy].)(l(?=.))?(.{2,})|(b[ei]n)(.{3,})|([ae]l)(?=[^aeiouyl])(.{3,})"
)
_FUSED_ARABIC = re.compile("(عبد)(ال)?(.{2,})|(بن)(.{3,})|(ال)(.{2,})")
_FUSED = {"latn": _FUSED_LATIN, "arab": _FUSED_ARABIC}
_VOWELS = "aeiouy"
_SILENT = "stdxpz"
_SILENT_PAIRS = ("lt", "ts", "ds", "ct", "ps")


@lru_cache(maxsize=1 << 17)
def _word(form: str, script: Script, initial: bool = False) -> NameWord:
    """The word of a folded form, with its particles before it."""
    *prefixes, stem = form[: 2 * MAX_WORD].split("-")
    if not initial and script != "none":
        while (fused := _FUSED[script].fullmatch(stem)) is not None and len(prefixes) < 3:
            group = fused.lastindex or 0
            prefix = {3: "bd", 5: "bn", 7: "l"}[group]
            if prefix != "l" or not prefixes:
                prefixes.append(prefix)
            if fused[2] == "l" and fused[group][0] in _VOWELS:
                prefixes.append("l")  # Abdelatif: the l is the article's, or that of Latif, or both
            stem = fused[group]
    units = [unit for prefix in prefixes for unit in _PREFIXES[prefix]]
    units += _arabic_units(stem) if script == "arab" else _latin_units(stem)
    shown = "-".join([*prefixes, stem])
    return NameWord(shown, script, tuple(units), _keys(units), initial)


def _arabic_units(stem: str) -> list[int]:
    units: list[int] = []
    last = len(stem) - 1
    for place, letter in enumerate(stem):
        sounds = _ARABIC_UNITS.get(letter)
        if letter == "ة" or (letter == "ه" and place == last and place > 0):
            units.append(_unit("F"))
        elif sounds is None:
            continue
        elif sounds in "AWYS":
            units.append(_unit(sounds))
        elif letter == "ت" and stem[place + 1 : place + 2] == "ش":  # the ch of Chuck, the cs of Pécs
            units.append(_unit("C", sounds, "mute"))
        else:
            _append_consonant(units, sounds, "first" if letter == "ل" and place == 0 else "")
    return units


def _latin_units(stem: str) -> list[int]:
    units: list[int] = []
    last = len(stem)
    for found in _GRAPHEME.finditer(stem):
        for sounds in _READ_AS[found.lastindex or 0]:
            if len(sounds) == 2 and sounds[0] == "V":
                units.append(_unit("V", sounds[1], _vowel_place(stem, found.start(), found.end())))
            elif sounds in "AWYH":
                units.append(_unit(sounds))
            elif sounds == "~h":
                units.append(_unit("C", "h", "mute"))
            elif sounds == "h" and found.end() == last:
                units.append(_unit("H"))
            elif sounds in "lh" and found.start() == 0:
                _append_consonant(units, sounds, "first")
            elif found.end() == last and stem[-1] in _SILENT:
                _append_consonant(units, sounds, "silent")
            else:
                _append_consonant(units, sounds, "")
    if stem.endswith(_SILENT_PAIRS) and len(units) > 2:
        units[-2] = _unit("C", UNITS[units[-2]].sounds, "silent")
    return units


def _vowel_place(stem: str, start: int, end: int) -> str:
    """Where a Latin vowel stands that Arabic would write: not the e of Errachid, nor a final e."""
    if stem[end:] in ("", "h", "s"):
        return "" if stem[start] == "e" else "final"
    return "initial" if start == 0 and stem[end] != stem[end + 1 : end + 2] else ""


def _append_consonant(units: list[int], sounds: str, place: str) -> None:
    if units and not place:
        before = UNITS[units[-1]]
        if before.sounds == sounds and before.kind == "C" and before.place in ("", "double"):
            place = "double"
    units.append(_unit("C", sounds, place))


# ---------------------------------------------------------------- keys


_IN_KEY = {"w": "", "p": "b"}


def _keys(units: list[int]) -> tuple[str, ...]:
    """The consonants in order, every choice of class; what may be missing is left out too."""
    consonants = [unit for unit in (UNITS[number] for number in units) if unit.kind == "C"]
    stem = [unit for unit in consonants if unit.place not in ("article", "particle")]
    particles = "".join(unit.sounds for unit in consonants if unit.place == "particle")
    firm = len(stem)
    choices: list[tuple[str, ...]] = [(particles, "") if particles else ("",)]
    if firm < 3 and any(unit.place == "article" for unit in consonants):
        choices.append(("", "l"))
    if firm > 1 and stem[-1].sounds == "h":  # a final h is rarely heard, and the Latin one rarely written
        stem.pop()
    for unit in stem:
        sounds = tuple(_IN_KEY.get(sound, sound) for sound in unit.sounds)
        if unit.place in ("double", "mute") or (unit.place and firm > 2):
            sounds = (*sounds, "")
        choices.append(sounds)
    keys = dict.fromkeys("".join(choice) for choice in islice(product(*choices), MAX_KEYS))
    keys.pop("", None)
    if firm < 2:
        voiced = "".join(_voiced(number, number == units[-1]) for number in units)
        if voiced:
            keys["~" + voiced] = None
    return tuple(keys)


def _voiced(number: int, last: bool) -> str:
    unit = UNITS[number]
    if unit.kind == "C":
        return "" if unit.place in ("article", "silent", "double") else _IN_KEY.get(unit.sounds[0], unit.sounds[0])
    return unit.kind.lower() if unit.kind in "WY" else ""


def word_keys(form: str) -> tuple[str, ...]:
    """The keys of one name word in either script, commonest first; () when it has none.

    >>> word_keys("seghrouchni"), word_keys("السغروشني")
    (('sgrcn', 'sgrkn'), ('sgrcn',))
    """
    token, script, kind = _token(form)
    return _word(token, script, kind == "initial").keys if token else ()


_SHORT = {
    "latn": 3,
    "arab": 2,
    "none": 0,
}  # letters of a word that may be written together with its neighbour
_HYPHEN = re.compile("[-‐‑]")


def joined_words(name: str, words: tuple[NameWord, ...]) -> list[tuple[int, NameWord]]:
    """Neighbours that may also be written as one word: Aït Ahmed, Tour-Sarkissian.

    Args:
        words: of the name, as `name_words` gives them.

    Returns:
        The place of the first of the two, and the word that they make: a short word and its neighbour, or any
        two words of a name with a hyphen.
    """
    hyphened = _HYPHEN.search(name) is not None
    return [
        (place, _joined(a, b))
        for place, (a, b) in enumerate(zip(words, words[1:], strict=False))
        if (hyphened or min(len(a.form), len(b.form)) <= _SHORT[a.script])
        and not (a.initial or b.initial)
        and "-" not in b.form
    ]


@lru_cache(maxsize=1 << 16)
def _joined(a: NameWord, b: NameWord) -> NameWord:
    units = a.units + b.units
    return NameWord(f"{a.form} {b.form}", a.script, units, _keys(list(units)))


def consonants(word: NameWord) -> int:
    """How many consonants of a word are sure to be written, articles and particles left out."""
    return sum(UNITS[unit].kind == "C" and UNITS[unit].place in ("", "first", "silent") for unit in word.units)
