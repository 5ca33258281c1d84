"""Made-up articles whose words are as frequent as real ones, the same for the same seed on every machine.

Words are drawn one by one by the frequencies of wordfreq (Speer, "rspeer/wordfreq", 3.1: lists "large" of French
and Arabic), each brought to the form that Kashaf indexes, so that every engine sees the same tokens. The names of
an article are drawn by Zipf's law. Nothing joins neighbouring words: phrases of frequent words are as frequent
as chance makes them.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from benchmarks.speed.corpus import CHUNK, LANGUAGES, Chunk, Numbers, write_corpus
from kashaf.analyzers.terms import analyze_word

SEED = 2026
FRENCH = 0.6
BODY_WORDS = (150, 600)
HEADLINE_WORDS = (6, 12)
MOST_NAMES = {"person": 6, "organisation": 4}
FIRST_DAY = datetime.date(2011, 1, 1)
LAST_DAY = datetime.date(2025, 12, 31)
SOURCES = tuple(f"Journal {number + 1}" for number in range(20))
# Names in use in an archive of 100,000 articles; their number grows with the square root of the articles.
NAMES_AT_100_000 = {"person": 50_000, "organisation": 20_000}
WordLists = Mapping[str, Mapping[str, float]]  # language -> word -> frequency
# Plain words of one script: what every tokenizer leaves in one piece.
_PLAIN = re.compile("[a-z]+|[\u0621-\u063a\u0641-\u064a]+")


def wordfreq_lists() -> WordLists:
    """The lists of wordfreq."""
    from wordfreq import get_frequency_dict

    return {language: get_frequency_dict(language, "large") for language in LANGUAGES}


def drawable(lists: WordLists) -> tuple[list[str], list[tuple[Numbers, Numbers]]]:
    """The vocabulary, and for each language the numbers of its words with their running probabilities."""
    numbers: dict[str, int] = {}
    languages = []
    for language in LANGUAGES:
        weights: dict[int, float] = {}
        for word, frequency in lists[language].items():
            terms = analyze_word(word)
            if len(terms) == 1 and _PLAIN.fullmatch(terms[0].text):
                number = numbers.setdefault(terms[0].text, len(numbers))
                weights[number] = weights.get(number, 0.0) + frequency
        running = np.cumsum(np.fromiter(weights.values(), float))
        languages.append((np.fromiter(weights, np.int64), running / running[-1]))
    return list(numbers), languages


def names_of(vocabulary: list[str], size: int, offset: int) -> list[str]:
    """So many different names of two words."""
    first = vocabulary[offset : offset + 400] or vocabulary
    last = vocabulary[offset + 400 :] or vocabulary
    return [f"{first[n % len(first)]} {last[n // len(first) % len(last)]}".title() for n in range(size)]


def generate(folder: Path, articles: int, seed: int = SEED, lists: WordLists | None = None) -> None:
    """Writes a corpus of so many articles, with the words of `lists` (those of wordfreq when None)."""
    vocabulary, languages = drawable(lists or wordfreq_lists())
    sizes = {kind: max(100, int(n * (articles / 100_000) ** 0.5)) for kind, n in NAMES_AT_100_000.items()}
    popularity = {kind: np.cumsum(1 / np.arange(1, size + 1)) for kind, size in sizes.items()}

    def chunks() -> Iterator[Chunk]:
        for start in range(0, articles, CHUNK):
            # Each chunk has a generator of its own, so that it depends on nothing before it.
            yield _chunk(np.random.default_rng([seed, start]), min(CHUNK, articles - start), languages, popularity)

    names = {
        "persons": names_of(vocabulary, sizes["person"], 1_000),
        "organisations": names_of(vocabulary, sizes["organisation"], 100_000),
        "sources": SOURCES,
    }
    write_corpus(folder, chunks(), vocabulary, names, f"generated, seed {seed}")


def _chunk(
    random: np.random.Generator, size: int, languages: list[tuple[Numbers, Numbers]], popularity: dict[str, Numbers]
) -> Chunk:
    language = (random.random(size) >= FRENCH).astype(np.int64)
    columns = {
        "headline.words": random.integers(HEADLINE_WORDS[0], HEADLINE_WORDS[1] + 1, size),
        "body.words": random.integers(BODY_WORDS[0], BODY_WORDS[1] + 1, size),
        "day": random.integers(FIRST_DAY.toordinal(), LAST_DAY.toordinal() + 1, size),
        "source": random.integers(0, len(SOURCES), size),
        "language": language,
    }
    token_language = np.repeat(language, columns["headline.words"] + columns["body.words"])
    drawn = random.random(len(token_language))
    tokens = np.zeros(len(token_language), np.int64)
    for number, (words, running) in enumerate(languages):
        mine = token_language == number
        tokens[mine] = words[np.searchsorted(running, drawn[mine], side="right").clip(max=len(words) - 1)]
    held = {}
    for kind, most in MOST_NAMES.items():
        held[kind], columns[f"{kind}.count"] = draw_names(random, size, most, popularity[kind])
    return Chunk(tokens, held["person"], held["organisation"], columns)


def draw_names(random: np.random.Generator, size: int, most: int, running: Numbers) -> tuple[Numbers, Numbers]:
    """Up to `most` different names for each of `size` articles: their numbers in a row, and how many each has."""
    article = np.repeat(np.arange(size), random.integers(0, most + 1, size))
    name = np.searchsorted(running, random.random(len(article)) * running[-1], side="right").clip(max=len(running) - 1)
    pairs = np.unique(article * len(running) + name)
    return pairs % len(running), np.bincount(pairs // len(running), minlength=size)
