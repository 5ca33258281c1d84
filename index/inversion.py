"""From articles to the arrays of a segment.

While articles are added, analysis leaves one number a raw word (words are analysed once, then looked up).
The inversion is one sort of integers: term number and place in the token stream, packed in 64 bits, so that
documents and positions follow from the place. docs/index-format.md names the arrays.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from kashaf.analyzers.terms import WORD, analyze_word, stem_class
from kashaf.index.article import KINDS, TEXT_FIELDS, Article, date_span
from kashaf.index.clutter import blank_ignored
from kashaf.index.segment_file import Array, narrow, string_arrays

# Empty places between the fields of an article, so that no phrase or proximity query crosses over.
FIELD_GAP = 64
VALUE_COLUMNS = ("language", "source", "section")
PRECISIONS = {4: 1, 7: 2, 10: 3}  # length of the ISO date -> date.precision
# Raw words remembered between flushes; beyond it the memory starts afresh, so that it stays bounded.
_MEMORY = 2_000_000


class _Words(dict[str, int]):
    """Raw word -> its entry; an entry is the run of (term, step) pairs that the word becomes."""

    def __init__(self) -> None:
        self.vocabulary: dict[str, int] = {}
        self.entry_ends = array("q")
        self.entry_terms = array("i")
        self.entry_steps = array("b")

    def __missing__(self, raw: str) -> int:
        vocabulary = self.vocabulary
        for term in analyze_word(raw):
            self.entry_terms.append(vocabulary.setdefault(term.text, len(vocabulary)))
            self.entry_steps.append(term.step)
        self.entry_ends.append(len(self.entry_terms))
        entry = self[raw] = len(self.entry_ends) - 1
        return entry


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


class SegmentBuilder:
    """Collects prepared articles and gives the arrays of their segment."""

    def __init__(self) -> None:
        self._words = _Words()
        self._start()

    def _start(self) -> None:
        if len(self._words) > _MEMORY:
            self._words = _Words()
        self._codes = array("i")  # one entry a raw word, all articles in a row
        self._counts = array("i")  # raw words of each field of each article
        self._keys = array("q")
        self._ids: list[bytes] = []
        self._days = array("i")
        self._precisions = array("B")
        self._values: dict[str, dict[str, int]] = {column: {"": 0} for column in VALUE_COLUMNS}
        self._value_numbers = {column: array("i") for column in VALUE_COLUMNS}
        self._mentions = {kind: _Mentions() for kind in KINDS}

    def __len__(self) -> int:
        return len(self._keys)

    @property
    def words(self) -> int:
        """Raw words collected so far: what the memory of a flush grows with (about 60 bytes each)."""
        return len(self._codes)

    def add(self, key: int, article: Article) -> None:
        """Takes a prepared article; keys must ascend."""
        lookup = self._words.__getitem__
        codes = self._codes
        for text in (article.headline, article.standfirst, blank_ignored(article)):
            before = len(codes)
            if text:
                codes.extend(map(lookup, WORD.findall(text)))
            self._counts.append(len(codes) - before)
        self._keys.append(key)
        self._ids.append(_encode(article.id))
        published = article.published
        self._days.append(date_span(published)[0].toordinal() if published else 0)
        self._precisions.append(PRECISIONS[len(published)] if published else 0)
        for column, numbers in self._value_numbers.items():
            table = self._values[column]
            numbers.append(table.setdefault(getattr(article, column) or "", len(table)))
        self._mentions["person"].add(m.name for m in article.persons)
        self._mentions["organisation"].add(m.name for m in article.organisations)

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
        arrays |= self._text_arrays(docs)
        self._start()
        return docs, arrays

    def _text_arrays(self, docs: int) -> dict[str, Array]:
        words = self._words
        entry_ends = np.array(words.entry_ends, np.int64)
        entry_starts = np.concatenate([[0], entry_ends[:-1]]) if len(entry_ends) else entry_ends
        codes = np.frombuffer(self._codes, np.int32) if self._codes else np.empty(0, np.int32)
        fields = len(TEXT_FIELDS)

        # Each raw word is replaced by the terms of its entry.
        sizes = (entry_ends - entry_starts)[codes]
        stream = _ranges(entry_starts[codes], sizes)
        terms = np.array(words.entry_terms, np.int32)[stream]
        steps = np.array(words.entry_steps, np.int8)[stream]
        field_words = np.array(self._counts, np.int64)  # docs * fields
        field_of_word = np.repeat(np.arange(docs * fields, dtype=np.int32), field_words)
        field_of = np.repeat(field_of_word, sizes)  # article * 3 + field, per stream element

        # Positions count from 0 in each field, and fields follow each other with a gap.
        lengths = np.bincount(field_of, weights=steps, minlength=docs * fields).astype(np.int64)
        running = np.cumsum(steps, dtype=np.int64)
        before = np.concatenate([[0], np.cumsum(lengths)])[:-1]
        offsets = field_offsets(lengths.reshape(docs, fields)).reshape(-1)
        positions = (running - 1 - before[field_of] + offsets[field_of]).astype(np.int64)

        used = np.unique(terms)
        forms_by_number = list(words.vocabulary)
        lexicon = sorted((_encode(stem_class(form)), _encode(form), number)
                         for number, form in ((int(n), forms_by_number[n]) for n in used))  # fmt: skip
        rank = np.zeros(len(forms_by_number), np.int64)
        rank[[number for _, _, number in lexicon]] = np.arange(len(lexicon))

        order = np.sort((rank[terms] << 32) | np.arange(len(terms), dtype=np.int64))
        place = order & 0xFFFFFFFF
        term = order >> 32
        cell = field_of[place]
        doc = cell // fields
        part = cell - doc * fields
        return lexicon_arrays([(stem, form) for stem, form, _ in lexicon]) | posting_arrays(
            docs, len(lexicon), term, doc, part, positions[place], lengths.reshape(docs, fields)
        )


def field_offsets(lengths: Array) -> Array:
    """Where each field's positions start.

    Args:
        lengths: positions of each field, shape (articles, 3).

    Returns:
        Same shape, int64.
    """
    offsets: npt.NDArray[np.int64] = np.zeros(lengths.shape, np.int64)
    for number in range(1, lengths.shape[1]):
        offsets[:, number] = offsets[:, number - 1] + lengths[:, number - 1] + FIELD_GAP
    return offsets


def lexicon_arrays(lexicon: list[tuple[bytes, bytes]]) -> dict[str, Array]:
    """The lexicon's arrays from (stem class, form) pairs sorted by both: a class is one run of terms."""
    stems: list[bytes] = []
    firsts: list[int] = []
    for number, (stem, _) in enumerate(lexicon):
        if not stems or stems[-1] != stem:
            stems.append(stem)
            firsts.append(number)
    firsts.append(len(lexicon))
    forms = [form for _, form in lexicon]
    return {
        **string_arrays("form", forms),
        **string_arrays("stem", stems),
        "stem.first": narrow(np.array(firsts, np.int64)),
        "form.sorted": narrow(np.array(sorted(range(len(forms)), key=forms.__getitem__), np.int64)),
    }


def posting_arrays(
    docs: int, terms: int, term: Array, doc: Array, part: Array, position: Array, lengths: Array
) -> dict[str, Array]:
    """Postings of a token stream sorted by term, article and position; `part` is the field number."""
    count = len(term)
    new = np.ones(count, bool)
    if count:
        new[1:] = (term[1:] != term[:-1]) | (doc[1:] != doc[:-1])
    starts = np.flatnonzero(new)
    fields = range(lengths.shape[1])
    frequency = np.zeros((len(starts), len(fields)), np.int64)
    if count:
        frequency = np.stack([np.add.reduceat((part == f).astype(np.int64), starts) for f in fields], 1)
    table, code = frequency_codes(frequency)
    ends = np.zeros(terms + 1, np.int64)
    ends[1:] = np.cumsum(np.bincount(term[starts], minlength=terms))
    position_ends = np.zeros(terms + 1, np.int64)
    position_ends[1:] = np.cumsum(np.bincount(term, minlength=terms))
    return {
        "length": narrow(lengths.reshape(-1)),
        "posting.start": narrow(ends),
        "posting.doc": narrow(doc[starts], max(docs - 1, 0)),
        "posting.frequency": code,
        "frequency.table": table,
        "position.start": narrow(position_ends),
        "position": narrow(position),
    }


def frequency_codes(frequency: Array) -> tuple[Array, Array]:
    """Distinct rows of (headline, standfirst, body) frequencies, and each row's number among them.

    Few distinct rows cover all postings, so that a posting costs one or two bytes for its three frequencies.

    Returns:
        The table, flattened, narrowed; the code of each posting, narrowed.
    """
    if not len(frequency):
        return np.zeros(0, np.uint8), np.zeros(0, np.uint8)
    base = [int(frequency[:, f].max()) + 1 for f in range(frequency.shape[1])]
    packed = (frequency[:, 0] * base[1] + frequency[:, 1]) * base[2] + frequency[:, 2]
    if base[0] * base[1] * base[2] <= 1 << 20:  # counting is faster than sorting when the rows are few
        seen = np.zeros(base[0] * base[1] * base[2], bool)
        seen[packed] = True
        rows = np.flatnonzero(seen)
        code = (np.cumsum(seen) - 1)[packed]
    else:
        rows, code = np.unique(packed, return_inverse=True)
    table = np.stack([rows // (base[1] * base[2]), rows // base[2] % base[1], rows % base[2]], 1)
    return narrow(table.reshape(-1)), narrow(code)


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


def _ranges(starts: Array, sizes: Array) -> Array:
    """The numbers start, start + 1, … start + size - 1 of each pair, in a row."""
    ends = np.cumsum(sizes)
    numbers: Array = np.arange(int(sizes.sum())) + np.repeat(starts - (ends - sizes), sizes)
    return numbers


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
