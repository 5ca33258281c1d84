"""The postings of a segment, read: which articles have a term, how often and where.

A term's articles take the smallest of four encodings (docs/index-format.md): bitmaps and lists of bytes as in
Chambi, Lemire, Kaser and Godin, "Better bitmap performance with Roaring bitmaps" (2016), but one encoding a
term, so that each is decoded by two or three array operations. A term of one posting takes no list at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kashaf.index.article import TEXT_FIELDS
from kashaf.index.packing import unpack, unpack_at
from kashaf.index.segment_file import Array

Numbers = npt.NDArray[np.int64]

# How the articles of a term are written: the low bits of its kind; the high bits are the width of its positions.
ONE, ABSOLUTE, GAPS1, GAPS2, BITMAP = range(5)
WIDTH_SHIFT = 3
SKIP = 255  # in GAPS1: so many articles on, and none here
HEAD = 4  # bytes before a list of GAPS1: its length
MANY = 255  # postings; terms with more, or with codes other than 0, stand in the table `many` too
SMALL = 64  # numbers; fewer are unpacked one by one


@dataclass(frozen=True, slots=True)
class Postings:
    """The articles of one term.

    Attributes:
        docs: article numbers in the segment, ascending, shape (n,), int64.
        codes: the row of the frequency table of each, shape (n,), unsigned.
    """

    docs: Numbers
    codes: Array


def ranges(starts: Array, sizes: Array) -> Numbers:
    """The numbers start, start + 1, … start + size - 1 of each pair, in a row."""
    ends = sizes.cumsum()
    numbers: Numbers = np.arange(int(ends[-1]) if len(ends) else 0)
    numbers += (starts - (ends - sizes)).repeat(sizes)
    return numbers


def ranges_within(length: int, starts: Array, sizes: Array) -> Numbers:
    """See ranges.

    Raises:
        IndexError: if they are not all below `length` or more than that together, so that damage asks for no
            more memory than there is data.
    """
    if len(starts) and (int((starts + sizes).max()) > length or int(sizes.sum()) > length):
        raise IndexError(f"there are not {int(sizes.sum())} numbers among {length}")
    return ranges(starts, sizes)


def words_of(docs: int) -> int:
    """64-bit words of a bitmap of articles."""
    return -(-docs // 64)


class PostingLists:
    """The lists of a segment's terms.

    Attributes:
        frequency_table: distinct (headline, standfirst, body) frequencies, shape (rows, 3), float32; row 0 is
            one occurrence in the body alone.
        frequency_total: sum of each row, int64.
    """

    def __init__(self, arrays: Mapping[str, Array], docs: int) -> None:
        self._arrays = arrays
        self._docs = docs
        self._words = words_of(docs)
        self._small = arrays["term.docs"]
        self._kind = arrays["term.kind"]
        self._place = arrays["term.place"]
        self._position = arrays["term.position"]
        self._many = arrays["many.term"]
        self._many_type = self._many.dtype.type
        self._many_docs = arrays["many.docs"]
        self._many_width = arrays["many.width"]
        self._many_code = arrays["many.code"]
        self._exceptions = arrays["many.exception"]
        table = arrays["frequency.table"].reshape(-1, len(TEXT_FIELDS))
        self.frequency_table: npt.NDArray[np.float32] = table.astype(np.float32)
        self.frequency_total: Numbers = table.sum(1, dtype=np.int64)
        self._code_type = np.dtype(np.uint16 if len(table) <= 1 << 16 else np.uint32)

    # One term

    def count(self, term: int) -> int:
        """Postings of a term."""
        count: int = self._small.item(term) or self._many_docs.item(self._many_row(term))
        if count > self._docs:
            raise IndexError(f"term {term} has more articles than there are")
        return count

    def _many_row(self, term: int) -> int:
        row: int = self._many.searchsorted(self._many_type(term)).item()
        return row

    def _coding(self, term: int) -> tuple[int, int, slice] | None:
        """How the codes of a term of several postings are written; None: all are 0.

        Returns:
            Their width (0: all but the exceptions are 0), where they start, and which are the exceptions.
        """
        if self._small.item(term):
            return None
        row = self._many_row(term)
        width, first, last = self._many_width.item(row), self._exceptions.item(row), self._exceptions.item(row + 1)
        if not width and first == last:
            return None
        return width, self._many_code.item(row), slice(first, last)

    def plain(self, term: int) -> bool:
        """Whether every posting of a term is one occurrence in the body alone: all its codes are 0."""
        if self._kind.item(term) & 7 == ONE:
            return bool(self._place.item(term) % len(self.frequency_total) == 0)
        return self._coding(term) is None

    def docs(self, term: int) -> Numbers:
        """The articles of a term, ascending."""
        encoding, place = self._kind.item(term) & 7, self._place.item(term)
        if encoding == ONE:
            return np.array([place // len(self.frequency_total)])
        if encoding == BITMAP:
            bits = np.unpackbits(self._bitmap(place).view(np.uint8), bitorder="little")
            return bits.view(bool).nonzero()[0]
        count = self.count(term)
        if encoding == ABSOLUTE:
            absolute: Numbers = self._arrays["docs.absolute"][place : place + count].astype(np.int64)
            return absolute
        if encoding == GAPS2:
            return self._arrays["docs.gaps2"][place : place + count].cumsum(dtype=np.int64)
        gaps = self._arrays["docs.gaps1"]
        size = int.from_bytes(gaps[place - HEAD : place].tobytes(), "little")
        gaps = gaps[place : place + size]
        docs = gaps.cumsum(dtype=np.int64)
        return docs if size == count else docs[gaps != SKIP]

    def _packed_array(self, name: str, width: int) -> Array:
        try:
            return self._arrays[f"{name}.{width}"]
        except KeyError:
            raise IndexError(f"there is no array {name}.{width}") from None

    def _bitmap(self, place: int) -> Array:
        bitmap: Array = self._arrays["docs.bitmap"][place : place + self._words]
        return bitmap

    def codes(self, term: int) -> Array:
        """The row of the frequency table of each posting of a term."""
        if self._kind.item(term) & 7 == ONE:
            return np.array([self._place.item(term) % len(self.frequency_total)], self._code_type)
        count, coding = self.count(term), self._coding(term)
        if coding is None:
            return np.zeros(count, np.uint8)
        width, start, exceptions = coding
        if not width:
            codes: Array = np.zeros(count, self._code_type)
        else:
            codes = _run(self._packed_array("code", width), width, start, count, np.uint32)
        codes[self._arrays["exception.row"][exceptions]] = self._arrays["exception.code"][exceptions]
        return codes

    def postings(self, term: int) -> Postings:
        """The articles of a term and their codes."""
        docs, codes = self.docs(term), self.codes(term)
        if len(docs) != len(codes):
            raise IndexError(f"term {term} has {len(docs)} articles and {len(codes)} codes")
        return Postings(docs, codes)

    def find(self, term: int, docs: Array) -> Numbers:
        """The row of each of `docs` (ascending) in the postings of a term; -1 where the term is not."""
        place = self._place.item(term)
        if self._kind.item(term) & 7 == BITMAP:
            bitmap = self._bitmap(place)
            word, bit = docs >> 6, (docs & 63).astype(np.uint64)
            here = bitmap[word]
            counts = np.bitwise_count(bitmap)
            before = np.cumsum(counts, dtype=np.int64)[word] - counts[word]
            rows: Numbers = before + np.bitwise_count(here & ((np.uint64(1) << bit) - np.uint64(1)))
            rows[(here >> bit & np.uint64(1)) == 0] = -1
            return rows
        known = self.docs(term)
        rows = known.searchsorted(docs)
        rows[known.take(rows, mode="clip") != docs] = -1
        return rows

    def codes_at(self, term: int, rows: Array) -> Array:
        """The codes of some rows of a term's postings."""
        if self._kind.item(term) & 7 == ONE:
            return self.codes(term)[rows]
        coding = self._coding(term)
        if coding is None:
            return np.zeros(len(rows), np.uint8)
        width, start, exceptions = coding
        codes = np.zeros(len(rows), np.int64)
        if width:
            codes = unpack_at(self._packed_array("code", width), width, rows + start)
        excepted = self._arrays["exception.row"][exceptions]
        if len(excepted):
            places = np.minimum(excepted.searchsorted(rows), len(excepted) - 1)
            here = excepted[places] == rows
            codes[here] = self._arrays["exception.code"][exceptions][places[here]]
        return codes

    def positions_of(self, term: int, rows: Array | None = None) -> tuple[Numbers, Numbers]:
        """How many places a term has in some rows of its postings (None: all), and the positions, row after row."""
        width, start = self._kind.item(term) >> WIDTH_SHIFT, self._position.item(term)
        count = self.count(term) if rows is None else len(rows)
        if not width:  # one posting, one place
            return np.ones(count, np.int64), np.full(count, start, np.int64)
        data = self._packed_array("position", width)
        if rows is None:
            sizes = self.frequency_total[self.codes(term)]
            return sizes, _run(data, width, start, int(sizes.sum()))
        coding = None if self._kind.item(term) & 7 == ONE else self._coding(term)
        if coding is not None and coding[0]:
            totals = self.frequency_total.take(self.codes(term))
            sizes = totals.take(rows)
            before = totals.cumsum().take(rows) - sizes
        elif coding is not None:  # one place a posting, but for the exceptions
            excepted = self._arrays["exception.row"][coding[2]]
            more = self.frequency_total.take(self._arrays["exception.code"][coding[2]]) - 1
            places = excepted.searchsorted(rows)
            sums = np.zeros(len(more) + 1, np.int64)
            more.cumsum(out=sums[1:])
            ahead = sums.take(places)
            before = rows + ahead
            sizes = sums.take(excepted.searchsorted(rows, "right")) - ahead
            sizes += 1
        elif self._kind.item(term) & 7 == ONE:
            sizes, before = self.frequency_total.take(self.codes_at(term, rows)), rows
        else:  # one place a posting
            return np.ones(len(rows), np.int64), unpack_at(data, width, rows + start)
        return sizes, unpack_at(data, width, ranges_within(8 * len(data) // width, before + start, sizes))

    # Many terms at once

    def counts(self, terms: Array) -> Numbers:
        """Postings of each of several terms."""
        counts = self._small[terms].astype(np.int64)
        rows, many = self._many_rows(terms, counts)
        counts[many] = self._arrays["many.docs"][rows]
        if np.any(counts > self._docs):
            raise IndexError("a term has more articles than there are")
        return counts

    def _many_rows(self, terms: Array, counts: Array) -> tuple[Numbers, Numbers]:
        """For those of the terms that are in the table `many`: their row there, and which they are."""
        many = np.flatnonzero(counts == 0)
        return np.searchsorted(self._many, terms[many].astype(self._many.dtype)), many

    def postings_of(self, terms: Sequence[int] | range | Array) -> tuple[Numbers, Postings]:
        """The postings of several terms, term after term, and how many each term has."""
        numbers = np.asarray(terms, np.int64)
        sizes = self.counts(numbers)
        starts = np.cumsum(sizes) - sizes
        docs = np.zeros(int(sizes.sum()), np.int64)
        codes = np.zeros(len(docs), self._code_type)
        kinds, begins = self._kind[numbers] & 7, self._place[numbers].astype(np.int64)

        here = np.flatnonzero(kinds == ONE)
        docs[starts[here]], codes[starts[here]] = np.divmod(begins[here], len(self.frequency_total))
        here = np.flatnonzero(kinds == ABSOLUTE)
        if len(here):
            data = self._arrays["docs.absolute"]
            absolute = data[ranges_within(len(data), begins[here], sizes[here])]
            docs[ranges(starts[here], sizes[here])] = absolute
        here = np.flatnonzero(kinds == GAPS2)
        if len(here):
            data = self._arrays["docs.gaps2"]
            gaps = data[ranges_within(len(data), begins[here], sizes[here])]
            docs[ranges(starts[here], sizes[here])] = _running(gaps, sizes[here])
        here = np.flatnonzero(kinds == GAPS1)
        if len(here):
            data = self._arrays["docs.gaps1"]
            heads = data[begins[here][:, None] + np.arange(-HEAD, 0)]
            lengths = heads.reshape(-1).view("<u4").astype(np.int64)
            gaps = data[ranges_within(len(data), begins[here], lengths)]
            docs[ranges(starts[here], sizes[here])] = _running(gaps, lengths)[gaps != SKIP]
        for number in np.flatnonzero(kinds == BITMAP).tolist():
            start = int(starts[number])
            docs[start : start + int(sizes[number])] = self.docs(int(numbers[number]))

        rows, many = self._many_rows(numbers, self._small[numbers])
        many_starts = starts[many]
        widths, code_starts = self._arrays["many.width"][rows], self._arrays["many.code"][rows].astype(np.int64)
        for width in np.unique(widths[widths > 0]).tolist():
            coded = widths == width
            sizes_here = sizes[many[coded]]
            values = _packed(self._packed_array("code", width), width, code_starts[coded], sizes_here)
            codes[ranges(many_starts[coded], sizes_here)] = values
        first, last = (self._arrays["many.exception"][rows + more].astype(np.int64) for more in (0, 1))
        excepted = ranges_within(len(self._arrays["exception.row"]), first, last - first)
        places = np.repeat(many_starts, last - first) + self._arrays["exception.row"][excepted]
        codes[places] = self._arrays["exception.code"][excepted]
        return sizes, Postings(docs, codes)

    def positions_of_terms(self, terms: Sequence[int] | range | Array, occurrences: Array) -> npt.NDArray[np.int32]:
        """The positions of several terms, term after term, each in the order of its postings; int32.

        Args:
            occurrences: how many positions each term has.
        """
        numbers = np.asarray(terms, np.int64)
        starts = np.cumsum(occurrences) - occurrences
        positions = np.empty(int(occurrences.sum()), np.int32)
        widths, places = self._kind[numbers] >> WIDTH_SHIFT, self._position[numbers].astype(np.int64)
        alone = widths == 0
        positions[starts[alone]] = places[alone]
        for width in np.unique(widths[~alone]).tolist():
            here = widths == width
            values = _packed(self._packed_array("position", width), width, places[here], occurrences[here], np.int32)
            positions[ranges(starts[here], occurrences[here])] = values
        return positions


def _running(gaps: Array, sizes: Array) -> Numbers:
    """The sums of gaps from the first of each run on."""
    sums = np.cumsum(gaps, dtype=np.int64)
    before = np.concatenate([np.zeros(1, np.int64), sums])[np.cumsum(sizes) - sizes]
    found: Numbers = sums - np.repeat(before, sizes)
    return found


def _run(data: Array, width: int, start: int, count: int, dtype: npt.DTypeLike = np.int64) -> Array:
    """A run of a packed array."""
    if count < SMALL:
        return unpack_at(data, width, np.arange(start, start + count))
    return unpack(data, width, start, count, dtype)


def _packed(data: Array, width: int, starts: Array, sizes: Array, dtype: npt.DTypeLike = np.int64) -> Array:
    """The numbers of several runs of a packed array, run after run."""
    ends = starts + sizes
    if np.array_equal(starts[1:], ends[:-1]):  # neighbours, as in a merge: one long run
        return _run(data, width, int(starts[0]), int(ends[-1] - starts[0]), dtype)
    return unpack_at(data, width, ranges_within(8 * len(data) // width, starts, sizes))
