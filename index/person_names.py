"""When two names are surely one person's, without a librarian.

Each name leaves *marks*: numbers that it shares with every spelling it might be merged with. Names that share
a mark are compared; only strong matches count.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import islice, product

from kashaf.analyzers.gazetteer import word_classes
from kashaf.analyzers.name_key import UNITS, NameWord, consonants, name_words
from kashaf.analyzers.name_similarity import word_similarity, words_similarity

Words = Sequence[NameWord]

_MARKS = 32  # marks of one name
_STRONG = 0.95  # as alike as this, and a family name that tells: one person
_ALIKE = 0.90  # as alike as this, and every key shared: one person
_HOLDS = 0.80  # how alike a name has to be to every other form of the person
_HOLDS_WORD = 0.87  # and, within one script, every part: Hassan and Hussein are both حسن from afar
_WORD = 0.90  # every part has to be as alike as this
_ONE_SCRIPT = 0.97  # within one script, where another letter is mostly another name
_ONE_SCRIPT_WORD = 0.95
_ONE_OF_THREE = 0.90  # the same for one part, when two others are spelled alike
_SPELLED = 0.98
_CONFIRMED = 0.88  # as alike as this, where a second sign confirms it
_CONFIRMED_WORD = 0.80
_CONFIRMED_ONE_SCRIPT = 0.90
_CONFIRMED_ONE_SCRIPT_WORD = 0.87
_FOREIGN = 4  # consonants of a word in Arabic script whose alefs are written or not
_SURNAME = 0.95  # for a family name alone
_TELLING = 3  # consonants of a family name that tells
_VOWELS = frozenset("aeiouأآ")
_MAYBE_VOWELS = frozenset("اإعويwy")  # seats and half vowels; Brahim is إبراهيم
_AYN_OR_VOWEL = frozenset("aeiouyhعأآاإءؤئىي")
_PARTICLES = ("l-", "bn-", "b-")  # that many family names and few given names begin with
# "Son of", "daughter of", "people of": they stand before a family name and tell nothing.
_DESCENT = frozenset("ould mint ait ولد منت آيت أيت ايت".split())


def marks(words: Words) -> set[int]:
    """The marks of a name of two words or more: all its words by key, in any order."""
    choices = [word.keys for word in words if word.keys and not word.initial]
    if len(choices) < 2:
        return set()
    return {_number(" ".join(sorted(keys))) for keys in islice(product(*choices), _MARKS)}


def surname_marks(words: Words) -> set[int]:
    """The marks of the last word, that a lone family name is looked up by."""
    return {_number("~" + key) for key in words[-1].keys} if words and not words[-1].initial else set()


def given_marks(words: Words) -> set[int]:
    """The marks of the first word of a full name, by which words that are given names are told."""
    return {_number("^" + key) for key in words[0].keys} if len(words) > 1 and not words[0].initial else set()


def _number(text: str) -> int:
    return zlib.crc32(text.encode())


# ---------------------------------------------------------------- words


@cache
def _given() -> tuple[frozenset[str], dict[str, list[NameWord]]]:
    """Given names in Latin script, as forms and by key."""
    names = word_classes("name_tokens.txt.gz")["given"]
    words = [words[0] for words in map(name_words, sorted(names)) if len(words) == 1]
    by_key: dict[str, list[NameWord]] = defaultdict(list)
    for word in words:
        for key in word.keys:
            by_key[key].append(word)
    return frozenset(word.form for word in words), dict(by_key)


@lru_cache(maxsize=1 << 14)
def is_given(word: NameWord) -> bool:
    """Whether a word is a common given name, in either script.

    >>> is_given(name_words("محمد")[0]), is_given(name_words("Seghrouchni")[0])
    (True, False)
    """
    forms, by_key = _given()
    if word.script == "latn":
        return word.form in forms
    alike = {other for key in word.keys for other in by_key.get(key, ())}
    return not word.form.startswith("l-") and any(word_similarity(word, other) >= _SURNAME for other in alike)


def is_telling(word: NameWord) -> bool:
    """Whether a word has enough consonants to be told by its sound."""
    return consonants(word) >= _TELLING


def family_part(words: Words) -> Words:
    """The words without those of descent: Sidaty of "Ould Sidaty".

    >>> [word.form for word in family_part(name_words("Ould Sidaty"))]
    ['sidaty']
    """
    return tuple(word for word in words if word.form not in _DESCENT) or tuple(words)


def _open(word: NameWord) -> str:
    """The vowel that a word ends with; "" after a consonant, "-" for an ending that may be either."""
    last = UNITS[word.units[-1]]
    if last.kind == "C":
        return ""
    return {"V": last.sounds, "A": "a", "F": "a"}.get(last.kind, "-")


def _other_gender(a: NameWord, b: NameWord) -> bool:
    """Whether one word has the ending of a woman's name and the other has none: Samir and سميرة."""
    if not a.units or not b.units:
        return False
    ending, other = sorted((_open(a), _open(b)))
    return not ending and (other == "a" or (a.script == b.script and other in ("a", "e")))


def _other_beginning(a: NameWord, b: NameWord) -> bool:
    """Whether one word surely begins with a vowel and the other surely does not: Hamad and أحمد."""
    if "bd-" in a.form or "bd-" in b.form:  # the l of Abdellatif may be the article's
        return "bn-" in a.form + b.form and ("bd-" in a.form) is not ("bd-" in b.form)  # Abdeslam, بن سلام
    first, second = (word.form.rpartition("-")[2] for word in (a, b))
    for vowel, other in ((first, second), (second, first)):
        if vowel[:1] in _VOWELS and other[:1] not in _VOWELS and other[:1] not in _MAYBE_VOWELS:
            # The h of Hollande is not heard, that of Hamad is.
            if other[:1] != "h" or vowel[1:2] in ("ح", "ه", "h"):
                return True
        # After a first ʿayn comes a vowel, that Latin script writes: علي is not Léa, عمرو is not مروة.
        if vowel[:1] == "ع" and other[:1] not in _AYN_OR_VOWEL:
            return True
    return False


@lru_cache(maxsize=1 << 14)
def _without_alefs(word: NameWord) -> tuple[int, ...]:
    """The units of a foreign word in Arabic script but the alefs inside it, which are written or not: ترامب, ترمب.

    () for any other word. Those of Arabic names are told by their alefs (سالم, سلام): they have three consonants, or
    an article, or a servant's "Abd".
    """
    if word.script != "arab" or "-" in word.form or consonants(word) < _FOREIGN:
        return ()
    first, *inner, last = word.units
    return (first, *(unit for unit in inner if UNITS[unit].kind != "A"), last)


def _alefs_tell(a: NameWord, b: NameWord) -> bool:
    """Whether two words of Arabic names differ in their alefs alone: حسن, حسان; عمر, عامر."""
    if a.script != "arab" or a.units == b.units or _without_alefs(a):
        return False
    bare, other = (tuple(unit for unit in word.units[:-1] if UNITS[unit].kind != "A") for word in (a, b))
    return bare == other and a.units[-1] == b.units[-1] and "-" not in a.form + b.form


def _evened(a: Words, b: Words) -> Words:
    """A name with its foreign words spelled as in another that has them with other alefs."""
    spelled = {units: word for word in b if (units := _without_alefs(word))}
    return [spelled.get(_without_alefs(word), word) for word in a] if spelled else a


# ---------------------------------------------------------------- names


def same_person(a: Words, b: Words, confirmed: bool = False) -> float:
    """How surely two names are one person's: their similarity, or 0.0 when it takes a librarian to say.

    Names of one word are never sure.

    Args:
        confirmed: something else says that they are one: articles give both the same function.
    """
    if min(len(a), len(b)) < 2 or any(word.initial for word in (*a, *b)):
        return 0.0
    within = a[0].script == b[0].script
    a = _evened(a, b)
    score = words_similarity(a, b)
    short, long = sorted((a, b), key=len)
    partners = [max(long, key=lambda other: word_similarity(word, other)) for word in short]
    order = [long.index(partner) for partner in partners]
    least, least_word = (_ONE_SCRIPT, _ONE_SCRIPT_WORD) if within else (_ALIKE, _WORD)
    if confirmed and len(a) == len(b):
        least, least_word = (
            (_CONFIRMED_ONE_SCRIPT, _CONFIRMED_ONE_SCRIPT_WORD) if within else (_CONFIRMED, _CONFIRMED_WORD)
        )
    if score < least - 1e-6:
        return 0.0
    # Only lists in Latin script put the family name first; there, two given names may be two persons' either way.
    if order != sorted(order) and (not within or a[0].script == "arab" or all(map(is_given, short))):
        return 0.0
    # One word more before the others is a son or a daughter: Oudaï Saddam Hussein.
    if len(a) != len(b) and order[0] > 0:
        return 0.0
    pairs = list(zip(short, partners, strict=True))
    if any(_other_gender(word, other) or _other_beginning(word, other) for word, other in pairs):
        return 0.0
    similarities = sorted(word_similarity(word, other) for word, other in pairs)
    if within and len(short) > 2 and similarities[1] >= _SPELLED and len(a) == len(b):
        least_word = min(least_word, _ONE_OF_THREE)
    if similarities[0] < least_word - 1e-6:
        return 0.0
    if (confirmed or score >= _STRONG) and any(map(is_telling, (short[0], short[-1]))):
        return score
    same_keys = all(set(word.keys) & set(other.keys) for word, other in pairs)
    return score if same_keys and len(a) == len(b) else 0.0


def surely_others(a: Words, b: Words) -> bool:
    """Whether two names that sound alike are a man's and a woman's, or begin with other sounds."""
    short, long = sorted((a, b), key=len)
    pairs = [(word, max(long, key=lambda other: word_similarity(word, other))) for word in short]
    return any(_other_gender(word, other) or _other_beginning(word, other) for word, other in pairs)


def holds(name: Words, others: Sequence[Words]) -> bool:
    """Whether a name is near enough to every full form of a person: likeness is not handed along a chain."""
    return all(_near(name, other) for other in others if len(other) > 1)


def _near(a: Words, b: Words) -> bool:
    a = _evened(a, b)
    if words_similarity(a, b) < _HOLDS:
        return False
    if a[0].script != b[0].script:
        return True
    short, long = sorted((a, b), key=len)
    for word in short:
        partner = max(long, key=lambda other: word_similarity(word, other))
        if word_similarity(word, partner) < _HOLDS_WORD or _alefs_tell(word, partner):
            return False
    return True


def is_part(a: Words, b: Words) -> bool:
    """Whether one name is simply a part of the other, or the same in other letters."""
    short, long = sorted((a, b), key=len)
    held = all(any(word_similarity(word, other) >= _SURNAME for other in long) for word in short)
    return a[0].script != b[0].script or (held and (len(short) < len(long) or words_similarity(a, b) > 0.999))


def is_compound_family(part: Words, name: Words) -> bool:
    """Whether two words or more are a compound family name that a longer name ends with: "Benchekroun El Idrissi"."""
    end = name[len(name) - len(part) :]
    return (
        1 < len(part) < len(name)
        and not any(word.initial for word in part)
        and part[0].form.startswith(_PARTICLES)
        and all(map(is_telling, part))
        and not any(map(is_given, part))
        and all(word_similarity(word, other) >= _SURNAME for word, other in zip(part, end, strict=True))
    )


def same_surname(lone: NameWord, name: Words) -> bool:
    """Whether a name ends with this family name, in the same script and letters."""
    last = name[-1]
    return (
        len(name) > 1
        and lone.script == last.script
        and is_telling(lone)
        and not lone.form.startswith("bd-")
        and (
            lone.form == last.form
            or (lone.script == "arab" and lone.form.startswith("l-") == last.form.startswith("l-"))
        )
        and word_similarity(lone, last) >= _SPELLED
    )
