"""One immutable segment, read: its lexicon, postings, positions and columns as arrays."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from kashaf.analyzers.fuzzy import FormMatrix
from kashaf.index.article import TEXT_FIELDS, Kind
from kashaf.index.inversion import field_offsets
from kashaf.index.segment_file import Array, SegmentFile, StringColumn

Docs = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Postings:
    """The articles of one term.

    Attributes:
        docs: article numbers in the segment, ascending, shape (n,).
        codes: the row of the frequency table of each, shape (n,).
    """

    docs: Array
    codes: Array


class Segment:
    """A segment and the articles that are deleted from it.

    Attributes:
        docs: articles, deleted ones included.
        keys: key of each article in the store, ascending, int64, shape (docs,).
        ids: id of each article.
        live: False for deleted articles, shape (docs,); None when none is deleted.
    """

    def __init__(self, path: Path, deletions: Path | None = None) -> None:
        self.file = SegmentFile(path)
        self.arrays = self.file.arrays
        self.docs = self.file.docs
        self.keys = self.arrays["key"]
        self.live: npt.NDArray[np.bool_] | None = None
        if deletions is not None:
            self.live = ~np.unpackbits(np.fromfile(deletions, np.uint8), count=self.docs).view(bool)
        self.forms = StringColumn(self.arrays["form.bytes"], self.arrays["form.ends"])
        self.stems = StringColumn(self.arrays["stem.bytes"], self.arrays["stem.ends"])
        self.ids = StringColumn(self.arrays["id.bytes"], self.arrays["id.ends"])
        self._posting_start = self.arrays["posting.start"]
        self._position_start = self.arrays["position.start"]

    @cached_property
    def live_docs(self) -> int:
        """Articles that are not deleted."""
        return self.docs if self.live is None else int(np.count_nonzero(self.live))

    # The lexicon

    def term(self, form: str) -> int | None:
        """The number of a form; None when no article has it."""
        wanted = form.encode("utf-8", "surrogatepass")
        order = self.arrays["form.sorted"]
        place = self._first_form(wanted)
        if place < len(order) and self.forms.raw(int(order[place])) == wanted:
            return int(order[place])
        return None

    def stem_terms(self, stem: str) -> range:
        """The terms of a stem class: one run of numbers, empty when no article has any."""
        wanted = stem.encode("utf-8", "surrogatepass")
        number = bisect_left(range(len(self.stems)), wanted, key=self.stems.raw)
        if number < len(self.stems) and self.stems.raw(number) == wanted:
            first = self.arrays["stem.first"]
            return range(int(first[number]), int(first[number + 1]))
        return range(0)

    def prefix_terms(self, prefix: str) -> Array:
        """The terms whose form starts with `prefix`, in byte order of their forms."""
        wanted = prefix.encode("utf-8", "surrogatepass")
        # No UTF-8 text (nor a passed surrogate) has the byte FF: it sorts after every continuation.
        first = self._first_form(wanted)
        return self.arrays["form.sorted"][first : self._first_form(wanted + b"\xff")]

    def near_terms(self, form: str, distance: int) -> list[int]:
        """The terms whose form is at most `distance` letters from `form`."""
        return self._form_matrix.within(form, distance)

    @cached_property
    def _form_matrix(self) -> FormMatrix:
        return FormMatrix(self.forms.all())

    def _first_form(self, wanted: bytes) -> int:
        order = self.arrays["form.sorted"]
        return bisect_left(range(len(order)), wanted, key=lambda place: self.forms.raw(int(order[place])))

    def term_docs(self, term: int) -> int:
        """Postings of a term, deleted articles included."""
        return int(self._posting_start[term + 1]) - int(self._posting_start[term])

    # Postings and positions

    def postings(self, term: int) -> Postings:
        """The articles of a term, deleted ones included."""
        part = slice(int(self._posting_start[term]), int(self._posting_start[term + 1]))
        return Postings(self.arrays["posting.doc"][part], self.arrays["posting.frequency"][part])

    def positions(self, term: int) -> tuple[Array, Array]:
        """Every place of a term: article and position, both int64, sorted by article, then position."""
        postings = self.postings(term)
        part = slice(int(self._position_start[term]), int(self._position_start[term + 1]))
        docs = np.repeat(postings.docs.astype(np.int64), self.frequency_total[postings.codes])
        return docs, self.arrays["position"][part].astype(np.int64)

    @cached_property
    def frequency_table(self) -> Array:
        """Distinct (headline, standfirst, body) frequencies, shape (rows, 3), float32."""
        return self.arrays["frequency.table"].reshape(-1, len(TEXT_FIELDS)).astype(np.float32)

    @cached_property
    def frequency_total(self) -> Array:
        """Sum of each row of the frequency table, int64."""
        total: Array = self.arrays["frequency.table"].reshape(-1, len(TEXT_FIELDS)).sum(1, dtype=np.int64)
        return total

    @cached_property
    def lengths(self) -> Array:
        """Positions of each field of each article, shape (docs, 3), int64."""
        return self.arrays["length"].reshape(self.docs, len(TEXT_FIELDS)).astype(np.int64)

    @cached_property
    def length_sums(self) -> Array:
        """Positions of each field over the live articles, shape (3,), int64."""
        lengths = self.lengths if self.live is None else self.lengths[self.live]
        total: Array = lengths.sum(0)
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
