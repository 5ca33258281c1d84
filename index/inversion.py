"""From articles to the arrays of a segment.

While articles are added, analysis leaves one number a word (words are analysed once, then looked up); token_stream
inverts them. docs/index-format.md names the arrays.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from kashaf.index.article import KINDS, Article, date_span
from kashaf.index.clutter import blank_ignored
from kashaf.index.segment_file import Array, narrow, string_arrays
from kashaf.index.token_stream import text_arrays
from kashaf.index.word_table import WordTable

VALUE_COLUMNS = ("language", "source", "section")
# Measured: what a full word table takes with the articles that wait, and each of their words while it is inverted.
_TABLE_BYTES = 300 << 20
_WORD_BYTES = 44
_AT_ONCE = 60_000  # characters that are cut into words at once: arrays of them stay in the processor's cache
PRECISIONS = {4: 1, 7: 2, 10: 3}  # length of the ISO date -> date.precision


@dataclass
class _Mentions:
    """The names of one kind, numbered, and which article holds which."""

    numbers: dict[str, int] = field(default_factory=dict)
    names: Any = field(default_factory=lambda: array("i"))
    ends: Any = field(default_factory=lambda: array("q"))

    def add(self, names: Iterable[str]) -> None:
        for name in dict.fromkeys(names):
            self.names.append(self.numbers.setdefault(name, len(self.numbers)))
        self.ends.append(len(self.names))


def words_within(memory: int) -> int:
    """How many words may be collected for one segment within so many megabytes."""
    return max(100_000, ((memory << 20) - _TABLE_BYTES) // _WORD_BYTES)


class SegmentBuilder:
    """Collects prepared articles and gives the arrays of their segment.

    Attributes:
        words: collected so far: what the memory of a flush grows with (see words_within).

    Args:
        words: of an earlier segment, for builders that follow each other; nothing else may use it meanwhile.
    """

    def __init__(self, words: WordTable | None = None) -> None:
        self._words = WordTable() if words is None else words
        self._start()

    def _start(self) -> None:
        if self._words.full:
            self._words.forget()
        # The fields of articles that are not cut into words yet, and of ready terms how many each has.
        self._texts: list[str] = []
        self._ready: list[int] = []
        self._waiting = 0  # characters
        # For each field of each article: how many words it has, and their entries (int32).
        self._counts: list[Array] = []
        self._entries: list[Array] = []
        self.words = 0
        self._keys = array("q")
        self._ids: list[bytes] = []
        self._days = array("i")
        self._precisions = array("B")
        self._values: dict[str, dict[str, int]] = {column: {"": 0} for column in VALUE_COLUMNS}
        self._value_numbers = {column: array("i") for column in VALUE_COLUMNS}
        self._mentions = {kind: _Mentions() for kind in KINDS}

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, key: int, article: Article) -> None:
        """Takes a prepared article; keys must ascend."""
        if self._ready:
            self._cut()
        self._wait(article.headline, article.standfirst, blank_ignored(article))
        self._add_columns(
            key, article.id, article.published, article.source, article.section, article.language,
            (m.name for m in article.persons), (m.name for m in article.organisations),
        )  # fmt: skip

    def add_terms(
        self, key: int, id: str, fields: Sequence[Sequence[str]], published: str | None = None,
        source: str | None = None, section: str | None = None, language: str | None = None,
        persons: Iterable[str] = (), organisations: Iterable[str] = (),
    ) -> None:  # fmt: skip
        """Takes an article that is analysed already; keys must ascend.

        Args:
            fields: the terms of headline, standfirst and body, each at the position after the one before.
            published: ISO day, month or year.
            persons, organisations: names.

        Raises:
            ValueError: if a term holds a line feed.
        """
        headline, standfirst, body = map("\n".join, fields)
        sizes = list(map(len, fields))
        if sum(text.count("\n") for text in (headline, standfirst, body)) != sum(max(size - 1, 0) for size in sizes):
            raise ValueError(f"a term of article {id} holds a line feed")
        if len(self._texts) > len(self._ready):
            self._cut()
        self._ready += sizes
        self._wait(headline, standfirst, body)
        self._add_columns(key, id, published, source, section, language, persons, organisations)

    def _wait(self, *texts: str) -> None:
        """Keeps the fields of an article until there are enough to be cut into words."""
        self._texts += texts
        self._waiting += sum(map(len, texts))
        if self._waiting >= _AT_ONCE:
            self._cut()

    def _cut(self) -> None:
        """Cuts the texts that are waiting into words."""
        if self._texts:
            if self._ready:
                entries, counts = self._words.ready_entries(self._texts, self._ready), np.array(self._ready)
            else:
                entries, counts = self._words.entries(self._texts)
            self._entries.append(entries)
            self._counts.append(counts)
            self.words += len(entries)
            self._texts.clear()
            self._ready.clear()
            self._waiting = 0

    def _add_columns(
        self, key: int, id: str, published: str | None, source: str | None, section: str | None, language: str | None,
        persons: Iterable[str], organisations: Iterable[str],
    ) -> None:  # fmt: skip
        self._keys.append(key)
        self._ids.append(_encode(id))
        self._days.append(_day(published) if published else 0)
        self._precisions.append(PRECISIONS[len(published)] if published else 0)
        for column, value in (("language", language), ("source", source), ("section", section)):
            table = self._values[column]
            self._value_numbers[column].append(table.setdefault(value or "", len(table)))
        self._mentions["person"].add(persons)
        self._mentions["organisation"].add(organisations)

    def arrays(self) -> tuple[int, dict[str, Array]]:
        """Number of articles and the arrays of their segment; the builder is empty afterwards."""
        docs = len(self._keys)
        arrays: dict[str, Array] = {
            "key": np.array(self._keys, "<i8"),
            **string_arrays("id", self._ids),
            "date.day": np.array(self._days, "<i4"),
            "date.precision": np.array(self._precisions, "u1"),
        }
        for column in VALUE_COLUMNS:
            arrays[f"{column}.value"] = narrow(np.array(self._value_numbers[column], np.int64))
            arrays |= string_arrays(column, [_encode(value) for value in self._values[column]])
        for kind in KINDS:
            mentions = self._mentions[kind]
            arrays |= mention_arrays(
                kind,
                np.array(mentions.ends, np.int64),
                np.array(mentions.names, np.int64),
                [_encode(name) for name in mentions.numbers],
            )
        self._cut()
        counts = np.concatenate([np.zeros(0, np.int64), *self._counts])
        entries = np.concatenate([np.zeros(0, np.int32), *self._entries])
        self._entries.clear()
        arrays |= text_arrays(self._words, entries, counts)
        self._start()
        return docs, arrays


@lru_cache(maxsize=1 << 15)
def _day(published: str) -> int:
    return date_span(published)[0].toordinal()


def mention_arrays(kind: str, ends: Array, names: Array, strings: list[bytes]) -> dict[str, Array]:
    """Both directions between the articles and the names of one kind.

    Args:
        ends: for each article, where its run in `names` ends.
        names: name numbers, article after article.
        strings: the names.
    """
    starts = np.concatenate([[0], ends])
    doc = np.repeat(np.arange(len(ends)), np.diff(starts))
    order = np.argsort(names, kind="stable")
    name_starts = np.zeros(len(strings) + 1, np.int64)
    name_starts[1:] = np.cumsum(np.bincount(names, minlength=len(strings)))
    return {
        f"{kind}.start": narrow(starts),
        f"{kind}.name": narrow(names),
        f"{kind}.doc.start": narrow(name_starts),
        f"{kind}.doc": narrow(doc[order]),
        **string_arrays(kind, strings),
    }


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
