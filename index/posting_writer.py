"""The postings of a segment, written: terms come in order, a few thousand or all at once.

Everything is decided for all terms of a call together, by arrays: the encoding of their articles, the width of
their codes and positions. Nothing is kept but a few numbers a term, so that memory depends on the longest call.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from kashaf.index.packing import SPARE, WIDEST, bits_for, pack
from kashaf.index.posting_lists import (
    ABSOLUTE,
    BITMAP,
    GAPS1,
    GAPS2,
    HEAD,
    MANY,
    ONE,
    SKIP,
    WIDTH_SHIFT,
    Numbers,
    words_of,
)
from kashaf.index.segment_file import Array, Sink, narrow, unsigned_for

_AT_ONCE = 1 << 20  # numbers packed at a time
_CODE_COLUMNS = ("many.width", "many.code", "many.exception")


class _Packed:
    """A packed array that grows: numbers wait until eight are together."""

    def __init__(self, sink: Sink, name: str, width: int) -> None:
        self._sink, self._name, self._width = sink, name, width
        self._waiting = np.zeros(0, np.int64)
        self.count = 0

    def add(self, values: Array) -> None:
        self.count += len(values)
        for start in range(0, len(values), _AT_ONCE):
            part = np.concatenate([self._waiting, values[start : start + _AT_ONCE]])
            whole = len(part) // 8 * 8
            self._sink.append(self._name, pack(part[:whole], self._width))
            self._waiting = part[whole:].copy()

    def finish(self) -> None:
        self._sink.append(self._name, pack(self._waiting, self._width))
        self._sink.append(self._name, np.zeros(SPARE, np.uint8))


class PostingWriter:
    """Encodes the postings of a segment.

    Args:
        sink: where the arrays go.
        docs: articles of the segment.
        table: its frequency table, shape (rows, 3).
    """

    def __init__(self, sink: Sink, docs: int, table: Array) -> None:
        self._sink = sink
        self._words = words_of(docs)
        self._bitmap_bits = self._words * 64
        self._absolute = unsigned_for(max(docs - 1, 0))
        self._rows = len(table)
        self._totals = table.sum(1, dtype=np.int64)
        self._code_bits = bits_for(np.arange(len(table)))
        self._code_bits[0] = 0
        self._row_type, self._code_type = self._absolute, unsigned_for(len(table) - 1)
        self._exception_bits = 8 * (self._row_type.itemsize + self._code_type.itemsize)
        self._lengths = {"docs.absolute": 0, "docs.gaps1": 0, "docs.gaps2": 0, "docs.bitmap": 0}
        self._streams: dict[str, _Packed] = {}
        self._columns: dict[str, list[Array]] = {
            name: [] for name in ("docs", "kind", "place", "position", "many.term", "many.docs", *_CODE_COLUMNS)
        }
        self._terms = 0
        for name, dtype in (
            ("docs.absolute", self._absolute), ("docs.gaps1", "u1"), ("docs.gaps2", "<u2"), ("docs.bitmap", "<u8"),
            ("exception.row", self._row_type), ("exception.code", self._code_type),
        ):  # fmt: skip
            sink.append(name, np.zeros(0, dtype))

    def add(self, sizes: Numbers, docs: Numbers, codes: Numbers, positions: Array) -> None:
        """Takes the postings of the next terms.

        Args:
            sizes: postings of each term, at least one.
            docs: articles, ascending for each term.
            codes: rows of the frequency table, one an article.
            positions: ascending for each posting.
        """
        if not len(sizes):
            return
        starts = np.cumsum(sizes) - sizes
        encodings, places = self._write_docs(sizes, starts, docs, codes)
        self._write_codes(sizes, starts, codes)
        widths, position_places = self._write_positions(sizes, starts, codes, positions)
        self._columns["kind"].append((encodings | widths << WIDTH_SHIFT).astype(np.uint8))
        self._columns["place"].append(places)
        self._columns["position"].append(position_places)
        self._terms += len(sizes)

    def _write_docs(self, sizes: Numbers, starts: Numbers, docs: Numbers, codes: Numbers) -> tuple[Numbers, Numbers]:
        gaps = np.empty_like(docs)
        gaps[1:] = docs[1:] - docs[:-1]
        gaps[starts] = docs[starts]
        skips = gaps // SKIP
        bytes1 = sizes + np.add.reduceat(skips, starts)
        bytes2 = np.where(np.maximum.reduceat(gaps, starts) < 1 << 16, 2 * sizes, 1 << 62)
        costs = [sizes * self._absolute.itemsize, bytes1 + HEAD, bytes2, np.full(len(sizes), 8 * self._words)]
        encodings = np.array([ABSOLUTE, GAPS1, GAPS2, BITMAP])[np.argmin(costs, 0)]
        encodings[sizes == 1] = ONE
        places = np.zeros(len(sizes), np.int64)

        here = encodings == ONE
        places[here] = docs[starts[here]] * self._rows + codes[starts[here]]

        here = encodings == ABSOLUTE
        values = docs[np.repeat(here, sizes)].astype(self._absolute)
        places[here] = self._append("docs.absolute", values, sizes[here])

        here = encodings == GAPS2
        values = gaps[np.repeat(here, sizes)].astype("<u2")
        places[here] = self._append("docs.gaps2", values, sizes[here])

        here = encodings == GAPS1
        rows = np.repeat(here, sizes)
        lengths = bytes1[here] + HEAD
        data = np.full(int(lengths.sum()), SKIP, np.uint8)
        heads = (np.cumsum(lengths) - lengths)[:, None] + np.arange(HEAD)
        data[heads] = bytes1[here].astype("<u4").view(np.uint8).reshape(-1, HEAD)
        # Each gap ends with one byte that is not a skip; before it are its skips, and the heads so far.
        ends = np.cumsum(skips[rows] + 1) - 1 + np.repeat(np.arange(1, len(lengths) + 1) * HEAD, sizes[here])
        data[ends] = gaps[rows] % SKIP
        places[here] = self._append("docs.gaps1", data, lengths) + HEAD

        for term in np.flatnonzero(encodings == BITMAP).tolist():
            bits = np.zeros(self._bitmap_bits, bool)
            bits[docs[starts[term] : starts[term] + sizes[term]]] = True
            words = np.packbits(bits, bitorder="little").view("<u8")
            places[term] = self._append("docs.bitmap", words, np.array([self._words]))[0]
        return encodings, places

    def _append(self, name: str, values: Array, sizes: Numbers) -> Numbers:
        """Adds runs to an array; where each starts in it."""
        self._sink.append(name, values)
        before = self._lengths[name]
        self._lengths[name] += len(values)
        return before + np.cumsum(sizes) - sizes

    def _pack(self, name: str, width: int, values: Array, sizes: Numbers) -> Numbers:
        """Adds runs to a packed array; where each starts in it."""
        full_name = f"{name}.{width}"
        stream = self._streams.setdefault(full_name, _Packed(self._sink, full_name, width))
        before = stream.count
        stream.add(values)
        return before + np.cumsum(sizes) - sizes

    def _write_codes(self, sizes: Numbers, starts: Numbers, codes: Numbers) -> None:
        is_coded = (np.maximum.reduceat(codes, starts) > 0) & (sizes > 1)
        coded, rows = np.flatnonzero(is_coded), np.repeat(is_coded, sizes)
        codes, bits = codes[rows], self._code_bits[codes[rows]]
        # For each term how many codes need more than 0, 1, 2 … bits, and so what each width costs.
        most = int(self._code_bits[-1])
        owner = np.repeat(np.arange(len(coded)), sizes[coded])
        counts = np.bincount(owner * (most + 1) + bits, minlength=len(coded) * (most + 1)).reshape(-1, most + 1)
        beyond = sizes[coded, None] - np.cumsum(counts, 1)
        best = np.argmin(sizes[coded, None] * np.arange(most + 1) + beyond * self._exception_bits, 1)

        excepted = bits > best[owner]
        row = np.arange(len(owner)) - np.repeat(np.cumsum(sizes[coded]) - sizes[coded], sizes[coded])
        self._sink.append("exception.row", row[excepted].astype(self._row_type))
        self._sink.append("exception.code", codes[excepted].astype(self._code_type))
        codes[excepted] = 0
        places = np.zeros(len(coded), np.int64)
        for width, here in _by_value(best):
            if width:
                places[here] = self._pack("code", width, codes[np.repeat(here, sizes[coded])], sizes[coded[here]])

        many = np.union1d(coded, np.flatnonzero(sizes > MANY))
        columns = np.zeros((3, len(sizes)), np.int64)
        columns[0, coded], columns[1, coded], columns[2, coded] = best, places, beyond[np.arange(len(coded)), best]
        small = sizes.copy()
        small[many] = 0
        self._columns["docs"].append(small.astype(np.uint8))
        self._columns["many.term"].append(many + self._terms)
        self._columns["many.docs"].append(sizes[many])
        for name, column in zip(("width", "code", "exception"), columns, strict=True):
            self._columns[f"many.{name}"].append(column[many])

    def _write_positions(
        self, sizes: Numbers, starts: Numbers, codes: Numbers, positions: Array
    ) -> tuple[Numbers, Numbers]:
        occurrences = np.add.reduceat(self._totals[codes], starts)
        firsts = np.cumsum(occurrences) - occurrences
        largest = np.maximum.reduceat(positions, firsts)
        widths = np.where(occurrences == 1, 0, bits_for(largest))
        places = positions[firsts].astype(np.int64)
        for width, here in _by_value(widths):
            if width > WIDEST:
                raise ValueError("a text is longer than 2^31 words")
            if width:
                values = positions[np.repeat(here, occurrences)]
                places[here] = self._pack("position", width, values, occurrences[here])
        return widths, places

    def finish(self) -> None:
        """Writes what is kept for each term."""
        for stream in self._streams.values():
            stream.finish()
        columns = {
            name: np.concatenate(parts) if parts else np.zeros(0, np.int64) for name, parts in self._columns.items()
        }
        columns["many.exception"] = np.concatenate([np.zeros(1, np.int64), np.cumsum(columns["many.exception"])])
        for name in ("docs", "kind"):
            self._sink.append(f"term.{name}", columns.pop(name).astype(np.uint8))
        for name in ("place", "position"):
            self._sink.append(f"term.{name}", narrow(columns.pop(name)))
        for name, column in columns.items():
            self._sink.append(name, narrow(column))


def _by_value(values: Numbers) -> Iterator[tuple[int, Array]]:
    """Each distinct value and where it is."""
    for value in np.unique(values).tolist():
        yield value, values == value
