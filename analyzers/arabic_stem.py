"""The stem class of an Arabic word: the word without clitics and light endings.

The light stemmer of Larkey, Ballesteros and Connell ("Light Stemming for Arabic Information Retrieval", 2007)
made careful in three ways, each looked at on open question sets:

- a clitic letter is taken off only where a known word remains, commoner than the whole (after Nwesri,
  Tahaghoghi and Scholer, "Stemming Arabic Conjunctions and Prepositions", 2005); an unknown word keeps its
  first letter, unless it is و;
- a plural or nisba ending is taken off only where its sister form is known too (-ون beside -ين, -ي beside -ية),
  so that عدنان, شارون and حريري stay what they are;
- ت before a pronoun is the ta marbuta that it was: حكومته belongs to حكومة.

There is no root stemmer: measured, roots join what the reader keeps apart. The counts behind "known" are a
frozen list (docs/decisions/0002-arabic-word-list.md), so that a word has one class in every document and query.
"""

import gzip
import re
from functools import cache
from importlib import resources

_SHORTEST_STEM = 3  # letters
_ARTICLE = re.compile("(?:[وف]?[بكل]?ال|[وف]?لل)")
# Most words begin or end in other letters, and are done with at once.
_CLITIC_LETTERS = frozenset("اوفبكلس")
_ENDING_LETTERS = frozenset("امنهيت")

# How much commoner than the whole word the remainder must be for a first letter to be a clitic, letter by
# letter. Chosen by looking at what each ratio takes off; between 1 and 4, ب and ل made no difference to
# retrieval.
_COMMONER = {"ب": 2, "ل": 2, "س": 2, "ف": 4, "ك": 30}
_WAW_COMMONER = 0.5
_ARTICLE_COMMONER = 0.1
_KNOWN = 5  # articles

_PRONOUNS = frozenset(["هما", "هم", "هن", "كم", "نا", "ها", "ه", "ي"])
_DUALS = ("تين", "تان")
_PLURALS = ("ون", "ين", "ان")
_ENDINGS = frozenset(["", "ه", "ها", "هم", "هما", "نا", "ي", "يه", "ا", "ين", "ان", "ون", "ات", "يا"])
_LONGEST_ENDING = max(map(len, _ENDINGS))
_HAMZAS = str.maketrans("ؤئ", "ءء")  # شؤون and شئون, أبناؤه and أبنائه

# Of two letters that are words of grammar: الان (now) is not the article and ان.
_NO_NOUNS = frozenset("ان لا ما من عن له به كل او في هو هي قد لم لن اي مع ذي".split())


def _read(name: str) -> bytes:
    return resources.files("kashaf.analyzers").joinpath("data", name).read_bytes()


def data_files() -> tuple[bytes, ...]:
    """The bytes of the word lists: what they hold decides classes, so it belongs to the fingerprint."""
    return tuple(map(_read, ("arabic_words.txt.gz", "arabic_first_letters.txt", "arabic_last_letters.txt")))


@cache
def word_counts() -> dict[str, int]:
    """In how many press articles each word form was found."""
    lines = gzip.decompress(_read("arabic_words.txt.gz")).decode().splitlines()
    pairs = (line.split(" ") for line in lines if not line.startswith("#"))
    return {word: int(count) for word, count in pairs}


@cache
def _list(name: str) -> frozenset[str]:
    lines = _read(name).decode().splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def _count(word: str) -> int:
    return word_counts().get(word, 0)


@cache
def _supports() -> dict[str, int]:
    """The counts of each word, bare and with the article, together."""
    supports = dict(word_counts())
    for word, count in word_counts().items():
        if word.startswith("ال"):
            supports[word[2:]] = supports.get(word[2:], 0) + count
    return supports


def _support(word: str) -> int:
    """How common a word is, bare or with the article."""
    return _supports().get(word, 0)


def _owns_its_first_letter(word: str) -> bool:
    """Whether the word, as it is or with an ending, is one of those that only seem to begin with a clitic."""
    if word[:2] not in _beginnings():
        return False
    whole = _list("arabic_first_letters.txt")
    for cut in range(len(word), max(0, len(word) - _LONGEST_ENDING - 1), -1):
        if word[:cut] in whole and word[cut:] in _ENDINGS:
            return True
    return False


@cache
def _beginnings() -> frozenset[str]:
    """The first two letters of the words that own their first: most words begin otherwise."""
    return frozenset(word[:2] for word in _list("arabic_first_letters.txt"))


def _owns_its_ending(word: str) -> bool:
    return word in _list("arabic_last_letters.txt")


def stem(form: str) -> str:
    """The stem class of a folded Arabic word; the form itself when nothing can be taken off.

    >>> stem("وبالحكومه"), stem("للحكومه"), stem("حكومته")
    ('حكوم', 'حكوم', 'حكوم')
    >>> stem("وزير"), stem("عدنان"), stem("السغروشني")
    ('وزير', 'عدنان', 'سغروشني')
    """
    if len(form) < _SHORTEST_STEM or "." in form:
        return form
    word = _without_ending(_without_clitics(form))
    return word.translate(_HAMZAS) if "ؤ" in word or "ئ" in word else word


def _without_clitics(word: str) -> str:
    if word[0] not in _CLITIC_LETTERS or _owns_its_first_letter(word):
        return word
    bare = _without_article(word)
    if bare != word:
        return bare
    if word[0] in "وف" and (_has_waw(word) or _has_letter(word, "ف")):
        word = word[1:]
        bare = _without_article(word)
        if bare != word or _owns_its_first_letter(word):
            return bare
    return word[1:] if word[0] in "بلسك" and _has_letter(word, word[0]) else word


def _without_article(word: str) -> str:
    """Takes off ال and what is written together with it, as often as it is there: الالكترونية, الكترونية."""
    while (article := _ARTICLE.match(word)) and not _owns_its_first_letter(word):
        rest = word[article.end() :]
        least = max(_KNOWN, _count(word) / 2) if len(rest) == 2 else _ARTICLE_COMMONER * _count(word)
        if len(rest) < 2 or rest in _NO_NOUNS or _support(rest) < least:
            break  # والدته is not و, ال and دته
        word = rest
    return word


def _has_waw(word: str) -> bool:
    """Whether the first letter is "and". It stands before any word: a long unknown word loses it too."""
    rest = word[1:]
    if word[0] != "و" or len(rest) < _SHORTEST_STEM:
        return False
    count = _count(word)
    if count:
        return _support(rest) >= _WAW_COMMONER * count
    return len(rest) > _SHORTEST_STEM or _support(rest) > 0


def _has_letter(word: str, letter: str) -> bool:
    """Whether the first letter is this clitic: a known and commoner word must remain."""
    rest = word[1:]
    if word[0] != letter or len(rest) < _SHORTEST_STEM:
        return False
    if letter == "س" and not (rest[0] in "يتن" and len(rest) > _SHORTEST_STEM):
        return False  # the future stands before an imperfect only
    return _support(rest) >= max(_KNOWN, _COMMONER[letter] * _count(word))


def _without_ending(word: str) -> str:
    if word[-1] not in _ENDING_LETTERS:
        return word
    word = _without_pronoun(word)
    if word[-1] in "انت":
        word = _without_plural(_without_alef(_without_dual(word)))
    if word[-1] == "ه" and len(word) > _SHORTEST_STEM and not _is_root_heh(word):
        word = word[:-1]
    return word[:-1] if word[-1] == "ي" and _is_nisba(word) else word


def _is_root_heh(word: str) -> bool:
    """Whether the last letter is no ta marbuta and no pronoun: توجيه has توجيهات, and مياه has مياهه."""
    return word == "الله" or _support(word + "ات") + _support(word + "ه") >= _KNOWN


def _without_pronoun(word: str) -> str:
    """Takes off a possessive: حكومته is حكومه, عددهم is عدد; ها needs no proof, it ends no name."""
    pronoun = "هما" if word.endswith("هما") else word[-2:] if word[-2:] in _PRONOUNS else word[-1]
    if pronoun not in _PRONOUNS:
        return word
    rest = word[: len(word) - len(pronoun)]
    if len(rest) < _SHORTEST_STEM or _owns_its_ending(word):
        return word
    feminine = rest[:-1] + "ه"
    if rest.endswith("ت") and _support(feminine) >= max(_KNOWN, _count(word) / 2, _support(rest) + 1):
        return feminine
    if pronoun == "ها" or pronoun not in {"ه", "ي"} and _support(rest) >= max(_KNOWN, 2 * _count(word)):
        return rest
    return word


def _without_dual(word: str) -> str:
    """دولتين and دولتان are دوله."""
    if not word.endswith(_DUALS):
        return word
    singular = word[:-3] + "ه"
    is_dual = len(singular) > _SHORTEST_STEM and _support(singular) >= max(_KNOWN, _count(word) / 2)
    return singular if is_dual else word


def _without_alef(word: str) -> str:
    """Takes off the alef of the accusative (رئيسا), of verbs (قالوا), of countries (سوريا beside سورية)."""
    if not word.endswith("ا") or _owns_its_ending(word):
        return word
    if word.endswith("يا") and _support(word[:-1] + "ه") >= max(_KNOWN, _count(word) / 20):
        return word[:-1]
    for ending in ("وا", "ا"):
        rest = word.removesuffix(ending)
        if rest != word and len(rest) >= _SHORTEST_STEM and _support(rest) >= max(_KNOWN, 2 * _count(word)):
            return rest
    return word


def _without_plural(word: str) -> str:
    """Takes off a sound plural or a dual whose sister or singular is known."""
    ending, rest = word[-2:], word[:-2]
    if ending not in _PLURALS and ending != "ات" or len(rest) < _SHORTEST_STEM or _owns_its_ending(word):
        return word
    count = _count(word)
    if ending == "ات":
        return rest if max(_support(rest), _support(rest + "ه")) >= max(1, count / 50) else word
    if rest.endswith("ي") and ending != "ان":
        return rest if _support(rest) >= _KNOWN else word
    sisters = sum(_support(rest + other) for other in _PLURALS if other != ending)
    singular = max(_support(rest), _support(rest + "ه"), _support(rest + "ي"))
    return rest if sisters >= max(_KNOWN, count / 20) and singular >= max(_KNOWN, count / 50) else word


def _is_nisba(word: str) -> bool:
    """Whether ي makes an adjective of a known word (مغربي of مغرب), as its feminine shows."""
    if word.endswith("اي") or len(word) <= _SHORTEST_STEM or _owns_its_ending(word):
        return False
    needed = max(3, _count(word) / 50)
    if _support(word + "ه") < needed:
        return False
    return any(_support(word[:-1] + ending) >= needed for ending in ("", "ه", "ا", "يا"))
