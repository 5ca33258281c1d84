"""Real articles as a corpus: analysed once by Kashaf, one term a word, so that all engines see the same tokens.

The names of an article are drawn as for generated ones: finding them in the text is not what is measured here.
"""

from __future__ import annotations

import datetime
import gzip
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.speed.corpus import CHUNK, LANGUAGES, Chunk, write_corpus
from benchmarks.speed.generate import MOST_NAMES, NAMES_AT_100_000, SEED, draw_names, names_of
from kashaf.analyzers.terms import WORD, analyze_word
from kashaf.errors import ArticleError
from kashaf.index.article import date_span

UNDATED = datetime.date(2018, 1, 1)


class _Numbers(dict[str, int]):
    """Raw word -> number of its first term; -1 for none."""

    def __init__(self) -> None:
        self.vocabulary: dict[str, int] = {}

    def __missing__(self, raw: str) -> int:
        terms = analyze_word(raw)
        # A term with signs in it would be parted again by other engines' tokenizers.
        plain = bool(terms) and terms[0].text.isalpha()
        self[raw] = self.vocabulary.setdefault(terms[0].text, len(self.vocabulary)) if plain else -1
        return self[raw]


def news_corpus(folder: Path, news: Path, articles: int) -> None:
    """Writes the first `articles` of a JSONL file (.gz) as a corpus; fewer when it has fewer."""
    numbers = _Numbers()
    sources: dict[str, int] = {}
    random = np.random.default_rng(SEED)
    running = {
        kind: np.cumsum(1 / np.arange(1, max(100, int(n * (articles / 100_000) ** 0.5)) + 1))
        for kind, n in NAMES_AT_100_000.items()
    }

    def chunk_of(rows: list[dict[str, Any]]) -> Chunk:
        tokens: list[int] = []
        sizes: list[list[int]] = []
        for row in rows:
            fields = [[n for w in WORD.findall(row[key] or "") if (n := numbers[w]) >= 0] for key in ("title", "text")]
            sizes.append([len(field) for field in fields])
            tokens += fields[0] + fields[1]
        held = {kind: draw_names(random, len(rows), most, running[kind]) for kind, most in MOST_NAMES.items()}
        words = np.array(sizes)
        columns = {
            "headline.words": words[:, 0],
            "body.words": words[:, 1],
            "day": np.array([_day(row["date"]) for row in rows]),
            "source": np.array([sources.setdefault(row["source"] or "", len(sources)) for row in rows]),
            "language": np.array([LANGUAGES.index(row["lang"]) for row in rows]),
            **{f"{kind}.count": counts for kind, (_, counts) in held.items()},
        }
        return Chunk(np.array(tokens, np.int64), held["person"][0], held["organisation"][0], columns)

    def chunks() -> Iterator[Chunk]:
        opened = gzip.open(news, "rt", encoding="utf-8") if news.suffix == ".gz" else open(news, encoding="utf-8")
        with opened as lines:
            rows = map(json.loads, islice(lines, articles))
            while taken := list(islice(rows, CHUNK)):
                yield chunk_of(taken)

    # The names need the vocabulary, which is known when every article was read.
    waiting = list(chunks())
    vocabulary = list(numbers.vocabulary)
    names = {
        "persons": names_of(vocabulary, len(running["person"]), 1_000),
        "organisations": names_of(vocabulary, len(running["organisation"]), 2_000),
        "sources": list(sources),
    }
    write_corpus(folder, waiting, vocabulary, names, f"{news.name}, names drawn")


def _day(text: str | None) -> int:
    try:
        return date_span(text)[0].toordinal() if text else UNDATED.toordinal()
    except ArticleError:
        return UNDATED.toordinal()
