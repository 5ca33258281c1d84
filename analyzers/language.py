"""Which language a text is in: told by its letters, and in Latin letters by the words of grammar.

The script decides between Arabic and French, and letters of their own tell Persian, Urdu, Kurdish and
Pashto from Arabic. A text that mixes scripts is in the language of the script that has most letters.
"""

import re
from collections import Counter
from functools import cache
from importlib import resources

UNDETERMINED = "und"  # BCP 47

_READ = 20_000  # characters; more would not change the answer

# Runs of letters: to add them up is quicker than to count letters one by one.
_ARABIC = re.compile("[\u0620-\u064a\u066e-\u06d3\u06d5\u0750-\u077f\u08a0-\u08c9\ufb50-\ufdfb\ufe70-\ufefc]+")
_LATIN = re.compile("[A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff]+")
# Scripts that stand for one language each in the press; Cyrillic does not.
_OTHERS = {
    "el": re.compile("[\u0370-\u03ff]+"),
    "he": re.compile("[\u05d0-\u05ea]+"),
    "ja": re.compile("[\u3041-\u30ff]+"),
    "ko": re.compile("[\uac00-\ud7a3]+"),
    "th": re.compile("[\u0e01-\u0e30]+"),
    "zgh": re.compile("[\u2d30-\u2d67]+"),
    "zh": re.compile("[\u4e00-\u9fff]+"),
    UNDETERMINED: re.compile("[\u0400-\u04ff]+"),
}

# Letters that neither Arabic nor Persian has, and how many of a hundred are enough.
_TELLING = (("ckb", "ێۆڕڵە", 2.0), ("ps", "ښځډړټږڅ", 1.0), ("ur", "ٹڈڑںےہھ", 2.0))
_ARTICLE = re.compile(r"\b[وفبك]?ال\w")
_PERSIAN_WORDS = ("از", "که", "این", "است", "را", "های", "می", "برای", "شد", "با")
_PERSIAN_WORD = re.compile(rf"\b(?:{'|'.join(_PERSIAN_WORDS)})\b")

_LATIN_WORD = re.compile(r"[^\W\d_]+")
# Kaf and yeh as Persian keyboards write them; of the others, پ, چ and گ are written in the Maghreb too.
_PERSIAN_KEYS = re.compile("[کی]")
_ARABIC_KEYS = re.compile("[كيى]")
_FRENCH_LETTERS = re.compile("[éèêàùçœîôû]", re.IGNORECASE)


def detect(text: str) -> str:
    """The language of a text as a BCP 47 code; "und" when nothing tells.

    Only the beginning of a long text is read.

    >>> detect("La ministre était à Rabat."), detect("الوزيرة في الرباط"), detect("2026")
    ('fr', 'ar', 'und')
    """
    sample = text[:_READ]
    arabic, latin = _letters(_ARABIC, sample), _letters(_LATIN, sample)
    if arabic + latin < len(sample) / 2:  # spaces, figures and marks, or another script
        others = {language: _letters(run, sample) for language, run in _OTHERS.items()}
        language = max(others, key=lambda name: others[name])
        if others[language] > max(arabic, latin):
            return "ja" if language == "zh" and others["ja"] else language
    if arabic > latin:
        return _in_arabic_letters(sample, arabic)
    return _in_latin_letters(sample) if latin else UNDETERMINED


def _letters(run: re.Pattern[str], text: str) -> int:
    return sum(map(len, run.findall(text)))


def _in_arabic_letters(text: str, letters: int) -> str:
    for language, telling, percent in _TELLING:
        if sum(map(text.count, telling)) * 100 >= percent * letters:
            return language
    # A Persian name does not make an Arabic text Persian: Arabic has its article and its ta marbuta.
    native = len(_ARTICLE.findall(text)) + text.count("ة")
    # To count their letters inside other words too is quicker, and most often enough.
    if sum(map(text.count, _PERSIAN_WORDS)) > native and len(_PERSIAN_WORD.findall(text)) > native:
        return "fa"
    return "fa" if not native and _PERSIAN_KEYS.search(text) and not _ARABIC_KEYS.search(text) else "ar"


@cache
def _function_words() -> dict[str, dict[str, float]]:
    """Word, then language, then weight: words of fewer languages weigh more."""
    lines = resources.files("kashaf.analyzers").joinpath("data/function_words.tsv").read_text("utf-8").splitlines()
    lists = {line.split("\t")[0]: set(line.split("\t")[1].split()) for line in lines if not line.startswith("#")}
    shared = Counter(word for words in lists.values() for word in words)
    weights: dict[str, dict[str, float]] = {}
    for language, words in lists.items():
        for word in words:
            weights.setdefault(word, {})[language] = 1 / shared[word]
    return weights


def _in_latin_letters(text: str) -> str:
    scores: dict[str, float] = {}
    for word, times in Counter(_LATIN_WORD.findall(text.lower())).items():
        for language, weight in _function_words().get(word, {}).items():
            scores[language] = scores.get(language, 0) + weight * times
    if scores:
        # Words such as "de" and "la" are not French only, but French is what a near tie means here.
        scores["fr"] = scores.get("fr", 0) * 1.5
        return max(scores, key=lambda language: scores[language])
    return "fr" if _FRENCH_LETTERS.search(text) else UNDETERMINED
