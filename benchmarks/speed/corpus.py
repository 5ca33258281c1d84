"""The articles of one benchmark on disk: token numbers and columns, written once and read by every engine.

Everything is raw little-endian numbers beside lists of words, so that a Java program reads it as easily:
`tokens` (int32: headline, then body, article after article), one number an article in `headline.words`,
`body.words`, `day` (proleptic Gregorian ordinal), `source`, `language`, and for persons and organisations the
numbers of all articles in a row (`person`) with how many each has (`person.count`). `frequency` holds the
articles of each word. Nothing here needs the whole corpus in memory.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

CHUNK = 2_000  # articles
LANGUAGES = ("fr", "ar")
COLUMNS = {
    "headline.words": "<i4",
    "body.words": "<i4",
    "day": "<i4",
    "source": "<i4",
    "language": "<i4",
    "person.count": "<i4",
    "organisation.count": "<i4",
}

Numbers = npt.NDArray[Any]


@dataclass(frozen=True)
class Chunk:
    """Some articles in a row, as arrays; the names are those of the files."""

    tokens: Numbers
    person: Numbers
    organisation: Numbers
    columns: dict[str, Numbers]

    def __len__(self) -> int:
        return len(self.columns["day"])


@dataclass(frozen=True, slots=True)
class CorpusArticle:
    """One article as engines take it.

    Attributes:
        number: from 0, in order.
        headline, body: its words.
        day: proleptic Gregorian ordinal of the publication date.
    """

    number: int
    headline: list[str]
    body: list[str]
    day: int
    source: str
    language: str
    persons: list[str]
    organisations: list[str]


def write_corpus(
    folder: Path,
    chunks: Iterable[Chunk],
    vocabulary: Sequence[str],
    names: Mapping[str, Sequence[str]],
    description: str,
) -> None:
    """Writes a corpus; `names` are the lists of persons, organisations and sources."""
    folder.mkdir(parents=True, exist_ok=True)
    frequency = np.zeros(len(vocabulary), np.int64)
    articles = tokens = 0
    with ExitStack() as opened:
        named = ("tokens", "person", "organisation", *COLUMNS)
        files = {name: opened.enter_context(open(folder / name, "wb")) for name in named}
        for chunk in chunks:
            for name in ("tokens", "person", "organisation"):
                files[name].write(getattr(chunk, name).astype("<i4").tobytes())
            for name, dtype in COLUMNS.items():
                files[name].write(chunk.columns[name].astype(dtype).tobytes())
            words = chunk.columns["headline.words"] + chunk.columns["body.words"]
            pairs = np.repeat(np.arange(len(chunk), dtype=np.int64), words) * len(vocabulary) + chunk.tokens
            frequency += np.bincount(np.unique(pairs) % len(vocabulary), minlength=len(vocabulary))
            articles += len(chunk)
            tokens += len(chunk.tokens)
    frequency.astype("<i8").tofile(folder / "frequency")
    for name, values in (("vocabulary", vocabulary), *names.items()):
        (folder / f"{name}.txt").write_text("".join(f"{value}\n" for value in values), "utf-8")
    # Written last: a corpus with it is whole.
    meta = {"articles": articles, "tokens": tokens, "words": len(vocabulary), "description": description}
    (folder / "corpus.json").write_text(json.dumps(meta, ensure_ascii=False) + "\n", "utf-8")


class Corpus:
    """A corpus, read in pieces.

    Attributes:
        feeding: nanoseconds of CPU that making articles for an engine took so far: the engine's own cost is
            what remains.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.meta: dict[str, Any] = json.loads((folder / "corpus.json").read_text("utf-8"))
        self.feeding = 0

    def __len__(self) -> int:
        return int(self.meta["articles"])

    def lines(self, name: str) -> list[str]:
        """One of the lists: vocabulary, persons, organisations or sources."""
        return (self.folder / f"{name}.txt").read_text("utf-8").splitlines()

    def column(self, name: str) -> Numbers:
        """A column of all articles."""
        return np.fromfile(self.folder / name, COLUMNS[name])

    def frequency(self) -> Numbers:
        """Articles that have each word, int64."""
        return np.fromfile(self.folder / "frequency", "<i8")

    def chunks(self) -> Iterator[Chunk]:
        """The articles, some thousand at a time."""
        columns = {name: self.column(name) for name in COLUMNS}
        words = columns["headline.words"] + columns["body.words"]
        with ExitStack() as opened:
            runs = ("tokens", "person", "organisation")
            files = {name: opened.enter_context(open(self.folder / name, "rb")) for name in runs}
            for start in range(0, len(self), CHUNK):
                part = slice(start, start + CHUNK)
                here = {name: column[part] for name, column in columns.items()}
                yield Chunk(
                    np.fromfile(files["tokens"], "<i4", int(words[part].sum())),
                    np.fromfile(files["person"], "<i4", int(here["person.count"].sum())),
                    np.fromfile(files["organisation"], "<i4", int(here["organisation.count"].sum())),
                    here,
                )

    def articles(self) -> Iterator[CorpusArticle]:
        """The articles one by one, as lists of words."""
        started = time.thread_time_ns()
        vocabulary, sources = self.lines("vocabulary"), self.lines("sources")
        names = {"person": self.lines("persons"), "organisation": self.lines("organisations")}
        number = 0
        for chunk in self.chunks():
            words = [vocabulary[token] for token in chunk.tokens.tolist()]
            held = {kind: [table[n] for n in getattr(chunk, kind).tolist()] for kind, table in names.items()}
            place = {"words": 0, "person": 0, "organisation": 0}

            def take(values: list[str], kind: str, size: int, place: dict[str, int] = place) -> list[str]:
                place[kind] += size
                return values[place[kind] - size : place[kind]]

            columns = {name: column.tolist() for name, column in chunk.columns.items()}
            for row in range(len(chunk)):
                article = CorpusArticle(
                    number,
                    take(words, "words", columns["headline.words"][row]),
                    take(words, "words", columns["body.words"][row]),
                    columns["day"][row],
                    sources[columns["source"][row]],
                    LANGUAGES[columns["language"][row]],
                    take(held["person"], "person", columns["person.count"][row]),
                    take(held["organisation"], "organisation", columns["organisation.count"][row]),
                )
                number += 1
                self.feeding += time.thread_time_ns() - started
                yield article
                started = time.thread_time_ns()

    def texts(self) -> Iterator[tuple[CorpusArticle, str, str]]:
        """The articles with headline and body as text, words parted by blanks: for engines that take no words."""
        for article in self.articles():
            started = time.thread_time_ns()
            headline, body = " ".join(article.headline), " ".join(article.body)
            self.feeding += time.thread_time_ns() - started
            yield article, headline, body
