"""The same segments through Whoosh's ordinary reader and matcher interfaces.

With it ``whoosh.index.open_dir`` opens the index of an archive, and every stock query class, scorer and facet
of Whoosh works on it: slower than Kashaf's own evaluation, with the same matches. It only reads: Kashaf's
writer makes the segments, and the table of contents that ``open_dir`` reads (`kashaf.index.whoosh_toc`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
import whoosh
from whoosh.analysis import IDAnalyzer
from whoosh.codec import base
from whoosh.fields import ID, KEYWORD, STORED, TEXT, Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.matching import ListMatcher, NullMatcher, ReadTooFar
from whoosh.reading import TermInfo, TermNotFound

from kashaf.analyzers.whoosh import MixedAnalyzer
from kashaf.errors import KashafError
from kashaf.index.article import KINDS, TEXT_FIELDS
from kashaf.index.inversion import VALUE_COLUMNS
from kashaf.index.segment import Segment
from kashaf.index.segment_file import Array
from kashaf.index.whoosh_toc import INDEX_NAME

_TERMS = 20_000  # looked at together

if whoosh.__version__ != (2, 7, 4):
    raise KashafError(f"Kashaf works with Whoosh 2.7.4, but {'.'.join(map(str, whoosh.__version__))} is installed")


def schema() -> Schema:
    """The fields of an article as Whoosh sees them."""
    fields: dict[str, Any] = {"id": STORED(), "key": STORED()}
    fields |= {name: TEXT(analyzer=MixedAnalyzer(), phrase=True) for name in TEXT_FIELDS}
    fields |= {name: KEYWORD(analyzer=IDAnalyzer()) for name in KINDS}
    fields |= {name: ID() for name in VALUE_COLUMNS}
    return Schema(**fields)


class ArraySegment(base.Segment):  # type: ignore[misc]
    """What the table of contents keeps of a segment."""

    def __init__(self, file: str, deletions: str | None, docs: int, deleted: int) -> None:
        self.indexname = INDEX_NAME
        self.segid = file.removesuffix(".seg")
        self.compound = False
        self.file = file
        self.deletions = deletions
        self.docs = docs
        self.deleted = deleted

    def codec(self) -> ArrayCodec:
        return ArrayCodec()

    def doc_count_all(self) -> int:
        return self.docs

    def deleted_count(self) -> int:
        return self.deleted

    def open(self, folder: Path) -> Segment:
        return Segment(folder / self.file, folder / self.deletions if self.deletions else None)


class ArrayCodec(base.Codec):  # type: ignore[misc]
    """Opens the arrays of a segment for Whoosh."""

    def per_document_reader(self, storage: FileStorage, segment: ArraySegment) -> ArrayDocuments:
        return ArrayDocuments(segment.open(Path(storage.folder)))

    def terms_reader(self, storage: FileStorage, segment: ArraySegment) -> ArrayTerms:
        return ArrayTerms(segment.open(Path(storage.folder)))

    def automata(self, storage: FileStorage, segment: ArraySegment) -> base.Automata:
        return base.Automata()


class ArrayDocuments(base.PerDocumentReader):  # type: ignore[misc]
    """Lengths, deletions and stored fields of the articles of a segment."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment

    def doc_count(self) -> int:
        return self._segment.live_docs

    def doc_count_all(self) -> int:
        return self._segment.docs

    def has_deletions(self) -> bool:
        return self._segment.live is not None

    def is_deleted(self, docnum: int) -> bool:
        return self._segment.live is not None and not self._segment.live[docnum]

    def deleted_docs(self) -> list[int]:
        return [] if self._segment.live is None else np.flatnonzero(~self._segment.live).tolist()

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        if fieldname not in TEXT_FIELDS:
            return default
        return int(self._segment.lengths[docnum, TEXT_FIELDS.index(fieldname)])

    def _lengths(self, fieldname: str) -> Array:
        lengths = self._segment.lengths if self._segment.live is None else self._segment.lengths[self._segment.live]
        return lengths[:, TEXT_FIELDS.index(fieldname)] if fieldname in TEXT_FIELDS else np.zeros(1, np.int64)

    def field_length(self, fieldname: str) -> int:
        return int(self._lengths(fieldname).sum())

    def min_field_length(self, fieldname: str) -> int:
        return int(self._lengths(fieldname).min(initial=1 << 30))

    def max_field_length(self, fieldname: str) -> int:
        return int(self._lengths(fieldname).max(initial=0))

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        return {"id": self._segment.ids[docnum], "key": int(self._segment.keys[docnum])}


class ArrayTerms(base.TermsReader):  # type: ignore[misc]
    """The terms of a segment, field by field in byte order, and their matchers."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment

    @cached_property
    def _text_terms(self) -> dict[str, list[tuple[bytes, int]]]:
        """For each text field, the forms that occur in it, sorted, and their term numbers."""
        segment = self._segment
        present = np.zeros((len(segment.forms), len(TEXT_FIELDS)), bool)
        for start in range(0, len(present), _TERMS):
            terms = range(start, min(start + _TERMS, len(present)))
            sizes, postings = segment.postings_of(terms)
            occurs = segment.frequency_table[postings.codes] > 0
            present[start : terms.stop] = np.logical_or.reduceat(occurs, np.cumsum(sizes) - sizes)
        forms = segment.forms.all_raw()
        order = segment.arrays["form.sorted"].tolist()
        return {
            name: [(forms[term], term) for term in order if present[term, column]]
            for column, name in enumerate(TEXT_FIELDS)
        }

    @cached_property
    def _value_terms(self) -> dict[str, list[tuple[bytes, int]]]:
        tables: dict[str, list[str]] = {kind: self._segment.mention_names(kind) for kind in KINDS}
        tables |= {column: self._segment.value_names(column) for column in VALUE_COLUMNS}
        return {
            name: sorted((v.encode("utf-8", "surrogatepass"), n) for n, v in enumerate(values) if v)
            for name, values in tables.items()
        }

    def _terms(self, fieldname: str) -> list[tuple[bytes, int]]:
        found = self._text_terms if fieldname in TEXT_FIELDS else self._value_terms
        return found.get(fieldname, [])

    def _number(self, fieldname: str, text: bytes) -> int | None:
        if fieldname in TEXT_FIELDS:
            term = self._segment.term(text.decode("utf-8", "surrogatepass"))
            if term is None or not self._frequencies(fieldname, term).any():
                return None
            return term
        rows = self._terms(fieldname)
        place = bisect_left(rows, (text, -1))
        return rows[place][1] if place < len(rows) and rows[place][0] == text else None

    def _frequencies(self, fieldname: str, term: int) -> Array:
        codes = self._segment.postings(term).codes
        frequencies: Array = self._segment.frequency_table[codes, TEXT_FIELDS.index(fieldname)]
        return frequencies

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return self._number(*term) is not None

    def indexed_field_names(self) -> list[str]:
        return [*TEXT_FIELDS, *KINDS, *VALUE_COLUMNS]

    def terms(self) -> Iterator[tuple[str, bytes]]:
        for fieldname in sorted(self.indexed_field_names()):
            for text, _ in self._terms(fieldname):
                yield fieldname, text

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        for name in sorted(n for n in self.indexed_field_names() if n >= fieldname):
            rows = self._terms(name)
            for text, _ in rows[bisect_left(rows, (prefix, -1)) if name == fieldname else 0 :]:
                yield name, text

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        return ((term, self.term_info(*term)) for term in self.terms())

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def cursor(self, fieldname: str, fieldobj: Any) -> ArrayCursor:
        return ArrayCursor([text for text, _ in self._terms(fieldname)], fieldobj)

    def _postings(self, fieldname: str, number: int) -> tuple[Array, Array, Array | None]:
        """Articles, weights, and for text the kept rows of the term's postings."""
        segment = self._segment
        if fieldname in TEXT_FIELDS:
            frequencies = self._frequencies(fieldname, number)
            kept = frequencies > 0
            return segment.postings(number).docs[kept], frequencies[kept], kept
        if fieldname in KINDS:
            starts = segment.arrays[f"{fieldname}.doc.start"]
            docs = segment.arrays[f"{fieldname}.doc"][int(starts[number]) : int(starts[number + 1])]
        else:
            docs = np.flatnonzero(segment.arrays[f"{fieldname}.value"] == number)
        return docs, np.ones(len(docs), np.float32), None

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        number = self._number(fieldname, text)
        if number is None:
            raise KeyError((fieldname, text))
        docs, weights, _ = self._postings(fieldname, number)
        return self._info(fieldname, docs, weights)

    def _info(self, fieldname: str, docs: Array, weights: Array) -> TermInfo:
        lengths = self._segment.lengths[docs, TEXT_FIELDS.index(fieldname)] if fieldname in TEXT_FIELDS else np.ones(1)
        return TermInfo(
            weight=float(weights.sum()), df=len(docs), minlength=int(lengths.min()), maxlength=int(lengths.max()),
            maxweight=float(weights.max()), minid=int(docs[0]), maxid=int(docs[-1]),
        )  # fmt: skip

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> Any:
        number = self._number(fieldname, text)
        if number is None:
            raise TermNotFound(f"no term {fieldname}:{text!r}")
        docs, weights, kept = self._postings(fieldname, number)
        if not len(docs):
            return NullMatcher()
        places = None if kept is None else _Places(partial(self._positions, fieldname, number, docs))
        info = self._info(fieldname, docs, weights)
        return ArrayMatcher(docs.tolist(), weights.tolist(), places, format_, scorer, (fieldname, text), info)

    def _positions(self, fieldname: str, term: int, docs: Array) -> list[list[int]]:
        """The places of the term in one field, an article a list, counted from the start of the field."""
        column = TEXT_FIELDS.index(fieldname)
        segment = self._segment
        places, positions = segment.positions(term)
        offsets = segment.field_starts[places]
        inside = positions >= offsets[:, column]
        if column + 1 < len(TEXT_FIELDS):
            inside &= positions < offsets[:, column + 1]
        places, local = places[inside], (positions - offsets[:, column])[inside]
        cuts = np.searchsorted(places, docs[1:])
        return [part.tolist() for part in np.split(local, cuts)]


class _Places:
    """The positions of the postings of a matcher and its copies, read when they are first asked for."""

    def __init__(self, read: Callable[[], list[list[int]]]) -> None:
        self._read = read

    @cached_property
    def of(self) -> list[list[int]]:
        return self._read()


class ArrayMatcher(ListMatcher):  # type: ignore[misc]
    """The postings of one term; positions come from the arrays instead of encoded values."""

    def __init__(
        self, ids: list[int], weights: list[float], places: _Places | None, format_: Any, scorer: Any,
        term: tuple[str, bytes], info: TermInfo, position: int = 0,
    ) -> None:  # fmt: skip
        super().__init__(ids, weights, None, format_, scorer, position=position, term=term, terminfo=info)
        self._i: int = position
        self._places = places
        self._info = info

    def copy(self) -> ArrayMatcher:
        return ArrayMatcher(
            self._ids, self._weights, self._places, self._format, self._scorer, self._term, self._info, self._i
        )

    def skip_to(self, id: int) -> None:
        if not self.is_active():
            raise ReadTooFar
        self._i = max(self._i, bisect_left(self._ids, id))

    def supports(self, astype: str) -> bool:
        return astype in ("frequency", "weight") or (astype == "positions" and self._places is not None)

    def value_as(self, astype: str) -> Any:
        if astype == "positions" and self._places is not None:
            return self._places.of[self._i]
        return self._weights[self._i]

    def value(self) -> Any:
        return self._places.of[self._i] if self._places is not None else b""


class ArrayCursor(base.FieldCursor):  # type: ignore[misc]
    """Steps through the sorted terms of one field."""

    def __init__(self, texts: list[bytes], fieldobj: Any) -> None:
        self._texts = texts
        self._decode = fieldobj.from_bytes
        self._i = 0

    def first(self) -> Any:
        self._i = 0
        return self.text()

    def find(self, string: bytes | str) -> Any:
        wanted = string.encode("utf-8", "surrogatepass") if isinstance(string, str) else string
        self._i = bisect_left(self._texts, wanted)
        return self.text()

    def next(self) -> Any:
        self._i += 1
        return self.text()

    def text(self) -> Any:
        return self._decode(self._texts[self._i]) if self._i < len(self._texts) else None

    def is_valid(self) -> bool:
        return self._i < len(self._texts)
