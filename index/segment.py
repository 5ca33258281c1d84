"""One immutable segment, read: its lexicon, postings, positions and columns as arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from kashaf.analyzers.fuzzy import FormMatrix
from kashaf.index.article import TEXT_FIELDS, Kind
from kashaf.index.posting_lists import PostingLists, Postings
from kashaf.index.segment_file import Array, SegmentFile, StringColumn
from kashaf.index.sorted_strings import SortedStrings
from kashaf.index.token_stream import field_offsets

Docs = npt.NDArray[np.int64]


class Segment:
    """A segment and the articles that are deleted from it.

    Attributes:
        docs: articles, deleted ones included.
        keys: key of each article in the store, ascending, int64, shape (docs,).
        ids: id of each article.
        live: False for deleted articles, shape (docs,); None when none is deleted.
        rows: what readers keep of it and the segments behind it, as long as it does not change.
    """

    def __init__(self, path: Path, deletions: Path | None = None) -> None:
        self.file = SegmentFile(path)
        self.arrays = self.file.arrays
        self.docs = self.file.docs
        self.keys = self.arrays["key"]
        self.rows: dict[Any, Any] = {}
        self.live: npt.NDArray[np.bool_] | None = None
        if deletions is not None:
            self.live = ~np.unpackbits(np.fromfile(deletions, np.uint8), count=self.docs).view(bool)
        self.forms = StringColumn(self.arrays["form.bytes"], self.arrays["form.ends"])
        self.stems = StringColumn(self.arrays["stem.bytes"], self.arrays["stem.ends"])
        self.ids = StringColumn(self.arrays["id.bytes"], self.arrays["id.ends"])
        self._by_form = SortedStrings(self.forms, self.arrays["form.sorted"])
        self._by_stem = SortedStrings(self.stems)
        self.lists = PostingLists(self.arrays, self.docs)
        self.frequency_table = self.lists.frequency_table
        self.frequency_total = self.lists.frequency_total

    @cached_property
    def live_docs(self) -> int:
        """Articles that are not deleted."""
        return self.docs if self.live is None else int(np.count_nonzero(self.live))

    # The lexicon

    def term(self, form: str) -> int | None:
        """The number of a form; None when no article has it."""
        return self._by_form.find(form.encode("utf-8", "surrogatepass"))

    def stem_terms(self, stem: str) -> range:
        """The terms of a stem class: one run of numbers, empty when no article has any."""
        number = self._by_stem.find(stem.encode("utf-8", "surrogatepass"))
        if number is None:
            return range(0)
        first = self.arrays["stem.first"]
        return range(first.item(number), first.item(number + 1))

    def first_stem(self, wanted: bytes) -> int:
        """The number of the first stem class that is `wanted` or comes after it."""
        return self._by_stem.first(wanted)

    def prefix_terms(self, prefix: str) -> Array:
        """The terms whose form starts with `prefix`, in byte order of their forms."""
        wanted = prefix.encode("utf-8", "surrogatepass")
        # No UTF-8 text (nor a passed surrogate) has the byte FF: it sorts after every continuation.
        return self.arrays["form.sorted"][self._by_form.first(wanted) : self._by_form.first(wanted + b"\xff")]

    def near_terms(self, form: str, distance: int, tick: Callable[[], None] = lambda: None) -> list[int]:
        """The terms whose form is at most `distance` letters from `form`, nearest first.

        Args:
            tick: called every few milliseconds; what it raises ends the search.
        """
        return self._form_matrix.within(form, distance, tick=tick)

    @cached_property
    def _form_matrix(self) -> FormMatrix:
        return FormMatrix(self.arrays["form.bytes"], self.arrays["form.ends"])

    # Postings and positions

    def term_docs(self, term: int) -> int:
        """Postings of a term, deleted articles included."""
        return self.lists.count(term)

    def doc_counts(self, terms: Array) -> npt.NDArray[np.int64]:
        """Postings of each of several terms, deleted articles included."""
        return self.lists.counts(terms)

    def postings(self, term: int) -> Postings:
        """The articles of a term, deleted ones included."""
        return self.lists.postings(term)

    def plain(self, term: int) -> bool:
        """Whether every posting of a term is one occurrence in the body alone: all its codes are 0."""
        return self.lists.plain(term)

    def postings_of(self, terms: Sequence[int] | range | Array) -> tuple[npt.NDArray[np.int64], Postings]:
        """The articles of several terms, term after term, and how many each term has."""
        return self.lists.postings_of(terms)

    def find(self, term: int, docs: Array) -> npt.NDArray[np.int64]:
        """The row of each of `docs` (ascending) in the postings of a term; -1 where the term is not."""
        return self.lists.find(term, docs)

    def codes_at(self, term: int, rows: Array) -> Array:
        """Rows of the frequency table for some rows of a term's postings."""
        return self.lists.codes_at(term, rows)

    def positions_of(self, term: int, rows: Array) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """How many places a term has in some rows of its postings, and the positions, row after row; int64."""
        return self.lists.positions_of(term, rows)

    def positions(self, term: int) -> tuple[Array, Array]:
        """Every place of a term: article and position, both int64, sorted by article, then position."""
        sizes, positions = self.lists.positions_of(term)
        return np.repeat(self.lists.docs(term), sizes), positions

    @cached_property
    def lengths(self) -> Array:
        """Positions of each field of each article, shape (docs, 3), unsigned, as stored."""
        return self.arrays["length"].reshape(self.docs, len(TEXT_FIELDS))

    @cached_property
    def field_lengths(self) -> list[npt.NDArray[np.float32]]:
        """Positions of each article, by field, each shape (docs,), float32."""
        return [np.ascontiguousarray(field, np.float32) for field in self.lengths.T]

    @cached_property
    def length_sums(self) -> Array:
        """Positions of each field over the live articles, shape (3,), int64."""
        lengths = self.lengths if self.live is None else self.lengths[self.live]
        total: Array = lengths.sum(0, dtype=np.int64)
        return total

    @cached_property
    def field_starts(self) -> Array:
        """First position of each field of each article, shape (docs, 3), int64."""
        return field_offsets(self.lengths)

    # Columns

    @cached_property
    def days(self) -> Array:
        """Publication day as a proleptic Gregorian ordinal, first day of a month or year; 0: undated."""
        return self.arrays["date.day"]

    @cached_property
    def precisions(self) -> Array:
        """0: undated, 1: year, 2: month, 3: day."""
        return self.arrays["date.precision"]

    def value_column(self, column: str) -> tuple[Array, list[str]]:
        """A single-valued column: the value number of each article, and the values ("" is none)."""
        return self.arrays[f"{column}.value"], self.value_names(column)

    def value_names(self, column: str) -> list[str]:
        """The values of a single-valued column, by number."""
        return StringColumn(self.arrays[f"{column}.bytes"], self.arrays[f"{column}.ends"]).all()

    def mention_names(self, kind: Kind) -> list[str]:
        """The names of persons or organisations, by number."""
        return StringColumn(self.arrays[f"{kind}.bytes"], self.arrays[f"{kind}.ends"]).all()

    def verify(self) -> None:
        """Reads every array against its checksum; raises ArchiveDamaged."""
        self.file.verify()
