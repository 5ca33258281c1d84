"""Several segments become one, as arrays: deleted articles go, everything else keeps its order.

The postings are decoded and encoded again a range of terms at a time, so that memory depends on the longest
range, not on the size of the segments.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress
from pathlib import Path

import numpy as np
import numpy.typing as npt

from kashaf.analyzers.terms import stem_class
from kashaf.index.article import KINDS, TEXT_FIELDS
from kashaf.index.copies import merged_copies
from kashaf.index.copy_samples import merged_samples, samples_in
from kashaf.index.frequencies import merged_tables, table_arrays
from kashaf.index.inversion import VALUE_COLUMNS, mention_arrays
from kashaf.index.lexicon_builder import LexiconBuilder, changes
from kashaf.index.posting_lists import Numbers, ranges
from kashaf.index.posting_writer import PostingWriter
from kashaf.index.segment import Segment
from kashaf.index.segment_file import Array, SegmentWriter, narrow, string_arrays

_RANGE = 1_000_000  # postings in memory at a time
_TERMS = 800_000  # terms of all segments in memory at a time


def merge_segments(segments: Sequence[Segment], path: Path, restem: bool = False) -> int:
    """Writes the live articles of `segments`, in order, as one segment at `path`.

    Args:
        restem: compute the stem classes afresh (the stemmer has changed).

    Returns:
        The number of articles written.

    Raises:
        ArchiveDamaged: if a segment does not match its checksums.
    """
    for segment in segments:
        segment.verify()  # or damage would go over to the new file, under a right checksum
    keep = [np.ones(s.docs, bool) if s.live is None else s.live for s in segments]
    counts = [int(np.count_nonzero(k)) for k in keep]
    docs = sum(counts)
    bases = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)

    table, row_counts, code_maps = merged_tables(
        [s.arrays["frequency.table"].reshape(-1, len(TEXT_FIELDS)).astype(np.int64) for s in segments],
        [s.arrays["frequency.count"] for s in segments],
    )
    lengths = np.concatenate([s.lengths[k] for s, k in zip(segments, keep, strict=True)])
    with SegmentWriter(path, docs) as writer:
        writer.append_all({"length": narrow(lengths.reshape(-1)), **table_arrays(table, row_counts)})
        writer.append_all(_columns(segments, keep))
        doc_maps = [np.cumsum(k) - 1 + base for k, base in zip(keep, bases, strict=False)]
        writer.append_all(merged_samples([samples_in(s.arrays, s.live) for s in segments], doc_maps, docs))
        writer.append_all(merged_copies(segments, doc_maps, docs))
        lexicon, term_maps = _lexicon(segments, restem)
        terms = len(lexicon["form.ends"])
        writer.append_all(lexicon)
        del lexicon
        sources = [
            _Source(s, doc_map, code_map, term_map)
            for s, doc_map, code_map, term_map in zip(segments, doc_maps, code_maps, term_maps, strict=True)
        ]
        postings = PostingWriter(writer, docs, table)
        for first, last in _term_ranges(segments, term_maps, terms):
            parts = [source.read(first, last) for source in sources]
            postings.add(*_interleaved(parts, last - first))
        postings.finish()
        writer.finish()
    return docs


@dataclass(frozen=True)
class _Part:
    """What one segment has of a range of new terms.

    Attributes:
        terms: the new terms, counted from the first of the range, ascending.
        sizes, occurrences: postings and positions of each.
        docs, codes: of the new segment, one a posting.
        positions: one an occurrence, int32.
    """

    terms: Numbers
    sizes: Numbers
    occurrences: Numbers
    docs: Numbers
    codes: Numbers
    positions: Array


class _Source:
    """A segment that is merged, read by ranges of new terms.

    Args:
        doc_map: old article -> new article.
        code_map: old row of the frequency table -> new row.
        term_map: old term -> new term.
    """

    def __init__(self, segment: Segment, doc_map: Numbers, code_map: Numbers, term_map: Array) -> None:
        self._segment = segment
        self._doc_map, self._code_map = doc_map, code_map
        self._old = np.argsort(term_map, kind="stable").astype(np.int32)  # the terms in their new order
        self._new = term_map[self._old]

    def read(self, first: int, last: int) -> _Part:
        """The live postings of the new terms from `first` to before `last`."""
        segment = self._segment
        here = slice(*np.searchsorted(self._new, (first, last)).tolist())
        old, new = self._old[here], self._new[here] - first
        sizes, postings = segment.lists.postings_of(old)
        docs, codes = postings.docs, postings.codes
        totals = segment.frequency_total[codes]
        occurrences = _sums(totals, sizes)
        positions = segment.lists.positions_of_terms(old, occurrences)
        if segment.live is not None:
            stays = segment.live[docs]
            positions = positions[np.repeat(stays, totals)]
            sizes, occurrences = _sums(stays, sizes), _sums(totals * stays, sizes)
            docs, codes = docs[stays], codes[stays]
            left = sizes > 0
            new, sizes, occurrences = new[left], sizes[left], occurrences[left]
        return _Part(new, sizes, occurrences, self._doc_map[docs], self._code_map[codes], positions)


def _interleaved(parts: Sequence[_Part], terms: int) -> tuple[Numbers, Numbers, Numbers, Array]:
    """The parts as the postings of the terms: for each the postings of the first segment, of the second …"""
    sizes, occurrences = np.zeros(terms, np.int64), np.zeros(terms, np.int64)
    for part in parts:
        sizes[part.terms] += part.sizes
        occurrences[part.terms] += part.occurrences
    docs, codes = np.empty(int(sizes.sum()), np.int64), np.empty(int(sizes.sum()), np.int64)
    positions = np.empty(int(occurrences.sum()), np.int32)
    posting_place, position_place = np.cumsum(sizes) - sizes, np.cumsum(occurrences) - occurrences
    for part in parts:
        places = ranges(posting_place[part.terms], part.sizes)
        docs[places] = part.docs
        codes[places] = part.codes
        positions[ranges(position_place[part.terms], part.occurrences)] = part.positions
        posting_place[part.terms] += part.sizes
        position_place[part.terms] += part.occurrences
    present = sizes > 0
    return sizes[present], docs, codes, positions


def _sums(values: Array, sizes: Numbers) -> Numbers:
    """The sum of each run of values."""
    sums = np.concatenate([np.zeros(1, np.int64), np.cumsum(values, dtype=np.int64)])
    ends = np.cumsum(sizes)
    found: Numbers = sums[ends] - sums[ends - sizes]
    return found


def _columns(segments: Sequence[Segment], keep: list[Array]) -> dict[str, Array]:
    """Everything that is one value, or one run of values, an article."""
    pairs = list(zip(segments, keep, strict=True))
    arrays: dict[str, Array] = {
        name: np.concatenate([s.arrays[name][k] for s, k in pairs]) for name in ("key", "date.day", "date.precision")
    }
    ids = [raw for s, k in pairs for raw, kept in zip(s.ids.all_raw(), k.tolist(), strict=True) if kept]
    arrays |= string_arrays("id", ids)
    for column in VALUE_COLUMNS:
        numbers: dict[str, int] = {"": 0}
        parts = []
        for segment, kept in pairs:
            values, names = segment.value_column(column)
            values = values[kept]
            mapping = np.zeros(len(names), np.int64)
            for value in np.unique(values).tolist():
                mapping[value] = numbers.setdefault(names[value], len(numbers))
            parts.append(mapping[values])
        arrays[f"{column}.value"] = narrow(np.concatenate(parts))
        arrays |= string_arrays(column, [name.encode("utf-8", "surrogatepass") for name in numbers])
    for kind in KINDS:
        name_numbers: dict[str, int] = {}
        all_names, all_sizes = [], []
        for segment, kept in pairs:
            starts = segment.arrays[f"{kind}.start"].astype(np.int64)
            sizes = np.diff(starts)
            names = segment.arrays[f"{kind}.name"][np.repeat(kept, sizes)]
            strings = segment.mention_names(kind)
            mapping = np.zeros(len(strings), np.int64)
            for name in np.unique(names).tolist():
                mapping[name] = name_numbers.setdefault(strings[name], len(name_numbers))
            all_names.append(mapping[names])
            all_sizes.append(sizes[kept])
        arrays |= mention_arrays(
            kind,
            np.cumsum(np.concatenate(all_sizes)),
            np.concatenate(all_names),
            [name.encode("utf-8", "surrogatepass") for name in name_numbers],
        )
    return arrays


def _lexicon(segments: Sequence[Segment], restem: bool) -> tuple[dict[str, Array], list[Array]]:
    """The lexicon of the terms that are left, and for each segment old term -> new term (-1: gone)."""
    live = [None if s.live is None else _live_terms(s, s.live) for s in segments]
    maps = [np.full(len(s.forms), -1, np.int32) for s in segments]
    builder, count = LexiconBuilder(), 0
    for bounds in _class_ranges(segments, restem):
        # The terms of all segments in a row, each segment's in order: sorting finds the runs.
        stems: list[bytes] = []
        forms: list[bytes] = []
        places: list[Numbers] = []
        for segment, kept, (first, last) in zip(segments, live, bounds, strict=True):
            here_stems, here_forms, terms = _terms(segment, first, last, restem)
            if kept is not None:
                stays = kept[terms]
                here_stems, here_forms = list(compress(here_stems, stays)), list(compress(here_forms, stays))
                terms = terms[stays]
            stems += here_stems
            forms += here_forms
            places.append(terms)
        # No form holds a NUL: keys compare like pairs, and faster.
        keys = [b"%b\0%b" % pair for pair in zip(stems, forms, strict=True)]
        order = sorted(range(len(keys)), key=keys.__getitem__)
        new = changes(list(map(keys.__getitem__, order)))
        numbers = np.empty(len(keys), np.int64)
        numbers[order] = count - 1 + np.cumsum(new)
        for term_map, terms, part in zip(
            maps, places, np.split(numbers, np.cumsum([len(p) for p in places])[:-1]), strict=True
        ):
            term_map[terms] = part
        chosen = list(compress(order, new))
        builder.add(list(map(stems.__getitem__, chosen)), list(map(forms.__getitem__, chosen)))
        count += len(chosen)
    return builder.arrays(), maps


def _class_ranges(segments: Sequence[Segment], restem: bool) -> list[list[tuple[int, int]]]:
    """Stem classes that are merged together, some hundred thousand terms at a time: for each segment the first and
    the last of its classes. All at once when the classes change."""
    largest = max(segments, key=lambda segment: len(segment.forms))
    firsts = largest.arrays["stem.first"]
    step = max(_TERMS // len(segments), 1)
    cuts = [] if restem else np.searchsorted(firsts, np.arange(step, int(firsts[-1]), step)).tolist()
    pivots = [largest.stems.raw(number) for number in sorted(set(cuts)) if number < len(largest.stems)]
    edges = [[0, *map(segment.first_stem, pivots), len(segment.stems)] for segment in segments]
    return [[(e[number], e[number + 1]) for e in edges] for number in range(len(pivots) + 1)]


def _terms(segment: Segment, first: int, last: int, restem: bool) -> tuple[list[bytes], list[bytes], Numbers]:
    """The stem class, form and number of each term of some classes, ascending."""
    starts = segment.arrays["stem.first"][first : last + 1].astype(np.int64)
    terms = np.arange(starts[0], starts[-1])
    forms = segment.forms.slice_raw(int(starts[0]), int(starts[-1]))
    if restem:
        stems = [stem_class(f.decode("utf-8", "surrogatepass")).encode("utf-8", "surrogatepass") for f in forms]
    else:
        classes = segment.stems.slice_raw(first, last)
        stems = [classes[number] for number in np.repeat(np.arange(len(classes)), np.diff(starts)).tolist()]
    return stems, forms, terms


def _live_terms(segment: Segment, live: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Whether each term is in an article that is not deleted."""
    found = np.zeros(len(segment.forms), bool)
    for first, last in _by_postings(segment):
        sizes, postings = segment.lists.postings_of(range(first, last))
        found[first:last] = _sums(live[postings.docs], sizes) > 0
    return found


def _by_postings(segment: Segment) -> list[tuple[int, int]]:
    """Runs of terms that hold about `_RANGE` postings each."""
    return _cuts(segment.lists.counts(np.arange(len(segment.forms))))


def _term_ranges(segments: Sequence[Segment], term_maps: Sequence[Array], terms: int) -> list[tuple[int, int]]:
    """Runs of new terms that hold about `_RANGE` postings each."""
    sizes = np.zeros(terms, np.int64)
    for segment, term_map in zip(segments, term_maps, strict=True):
        left = term_map >= 0
        sizes[term_map[left]] += segment.lists.counts(np.flatnonzero(left))
    return _cuts(sizes)


def _cuts(sizes: Numbers) -> list[tuple[int, int]]:
    ends = np.cumsum(sizes)
    cuts = np.searchsorted(ends, np.arange(_RANGE, int(sizes.sum()), _RANGE)).tolist()
    edges = sorted({0, *cuts, len(sizes)})
    return list(zip(edges, edges[1:], strict=False))
