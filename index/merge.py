"""Several segments become one, as arrays: deleted articles go, everything else keeps its order.

The new file is mapped and filled a range of terms at a time, so that memory depends on the longest range,
not on the size of the segments.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from kashaf.analyzers.terms import stem_class
from kashaf.index.article import KINDS, TEXT_FIELDS
from kashaf.index.inversion import VALUE_COLUMNS, lexicon_arrays, mention_arrays
from kashaf.index.segment import Segment
from kashaf.index.segment_file import Array, SegmentWriter, narrow, string_arrays, unsigned_for

_RANGE = 4_000_000  # positions in memory at a time


def merge_segments(segments: Sequence[Segment], path: Path, restem: bool = False) -> int:
    """Writes the live articles of `segments`, in order, as one segment at `path`.

    Args:
        restem: compute the stem classes afresh (the stemmer has changed).

    Returns:
        The number of articles written.
    """
    keep = [np.ones(s.docs, bool) if s.live is None else s.live for s in segments]
    counts = [int(np.count_nonzero(k)) for k in keep]
    docs = sum(counts)
    bases = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    doc_maps = [np.cumsum(k) - 1 + base for k, base in zip(keep, bases, strict=False)]

    arrays = _columns(segments, keep)
    lexicon, term_maps = _lexicon(segments, keep, restem)
    arrays |= lexicon_arrays(lexicon)
    table, code_maps = _frequency_table(segments)
    arrays["frequency.table"] = narrow(table.reshape(-1))
    arrays["length"] = narrow(np.concatenate([s.lengths[k] for s, k in zip(segments, keep, strict=True)]).reshape(-1))

    # How much each segment brings to each new term: the places of everything follow from these sums.
    terms = len(lexicon)
    posting_counts = np.zeros((len(segments), terms), np.int64)
    position_counts = np.zeros((len(segments), terms), np.int64)
    for number, segment in enumerate(segments):
        live, total = _live_postings(segment, keep[number])
        starts = segment.arrays["posting.start"].astype(np.int64)
        for counted, values in ((posting_counts, live), (position_counts, live * total)):
            sums = np.concatenate([[0], np.cumsum(values)])
            per_term = sums[starts[1:]] - sums[starts[:-1]]
            present = term_maps[number] >= 0
            counted[number, term_maps[number][present]] = per_term[present]
    posting_start = np.concatenate([[0], np.cumsum(posting_counts.sum(0))])
    position_start = np.concatenate([[0], np.cumsum(position_counts.sum(0))])
    arrays["posting.start"] = narrow(posting_start)
    arrays["position.start"] = narrow(position_start)

    shapes = {name: (array.dtype, len(array)) for name, array in arrays.items()}
    shapes["posting.doc"] = (unsigned_for(max(docs - 1, 0)), int(posting_start[-1]))
    shapes["posting.frequency"] = (unsigned_for(max(len(table) - 1, 0)), int(posting_start[-1]))
    widest = max((s.arrays["position"].dtype.itemsize for s in segments), default=1)
    shapes["position"] = (np.dtype(f"<u{widest}") if widest > 1 else np.dtype("u1"), int(position_start[-1]))
    writer = SegmentWriter(path, docs, shapes)
    for name, array in arrays.items():
        writer.arrays[name][:] = array

    for number, segment in enumerate(segments):
        posting_base = posting_start[:-1] + posting_counts[:number].sum(0)
        position_base = position_start[:-1] + position_counts[:number].sum(0)
        for first, last in _term_ranges(segment):
            _copy_terms(
                segment, keep[number], doc_maps[number], code_maps[number], term_maps[number],
                posting_base, position_base, first, last, writer.arrays,
            )  # fmt: skip
    writer.finish()
    return docs


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


def _lexicon(
    segments: Sequence[Segment], keep: list[Array], restem: bool
) -> tuple[list[tuple[bytes, bytes]], list[Array]]:
    """The terms that are left, sorted, and for each segment old term -> new term (-1: gone)."""
    pairs_of: list[list[tuple[bytes, bytes]]] = []
    merged: set[tuple[bytes, bytes]] = set()
    for segment, kept in zip(segments, keep, strict=True):
        forms = segment.forms.all_raw()
        if restem:
            stems = [stem_class(f.decode("utf-8", "surrogatepass")).encode("utf-8", "surrogatepass") for f in forms]
        else:
            classes = segment.stems.all_raw()
            sizes = np.diff(segment.arrays["stem.first"].astype(np.int64)).tolist()
            stems = [stem for stem, size in zip(classes, sizes, strict=True) for _ in range(size)]
        pairs = list(zip(stems, forms, strict=True))
        pairs_of.append(pairs)
        if segment.live is None:
            merged.update(pairs)
        else:
            live, _ = _live_postings(segment, kept)
            starts = segment.arrays["posting.start"].astype(np.int64)
            sums = np.concatenate([[0], np.cumsum(live)])
            present = sums[starts[1:]] > sums[starts[:-1]]
            merged.update(pairs[number] for number in np.flatnonzero(present).tolist())
    lexicon = sorted(merged)
    number_of = {pair: number for number, pair in enumerate(lexicon)}
    maps = [np.array([number_of.get(pair, -1) for pair in pairs], np.int64) for pairs in pairs_of]
    return lexicon, maps


def _frequency_table(segments: Sequence[Segment]) -> tuple[Array, list[Array]]:
    """One frequency table for all, shape (rows, 3), and for each segment old code -> new code."""
    tables = [s.arrays["frequency.table"].reshape(-1, len(TEXT_FIELDS)).astype(np.int64) for s in segments]
    together = np.concatenate(tables)
    if not len(together):
        return together, [np.zeros(0, np.int64) for _ in tables]
    rows, inverse = np.unique(together, axis=0, return_inverse=True)
    return rows, np.split(inverse.reshape(-1), np.cumsum([len(t) for t in tables])[:-1])


def _live_postings(segment: Segment, kept: Array) -> tuple[Array, Array]:
    """For each posting: 1 when its article stays, and its number of positions."""
    total = segment.frequency_total[segment.arrays["posting.frequency"]]
    if segment.live is None:
        return np.ones(len(total), np.int64), total
    return kept[segment.arrays["posting.doc"]].astype(np.int64), total


def _term_ranges(segment: Segment) -> list[tuple[int, int]]:
    """Runs of terms that hold about `_RANGE` positions each."""
    starts = segment.arrays["position.start"].astype(np.int64)
    terms = len(starts) - 1
    cuts = np.searchsorted(starts, np.arange(_RANGE, int(starts[-1]), _RANGE)).tolist()
    edges = sorted({0, *cuts, terms})
    return [(a, b) for a, b in zip(edges, edges[1:], strict=False) if a < b]


def _copy_terms(
    segment: Segment, kept: Array, doc_map: Array, code_map: Array, term_map: Array,
    posting_base: Array, position_base: Array, first: int, last: int, target: dict[str, Array],
) -> None:  # fmt: skip
    """Copies the postings and positions of the terms from `first` to before `last` to their new places."""
    starts = segment.arrays["posting.start"][first : last + 1].astype(np.int64)
    part = slice(int(starts[0]), int(starts[-1]))
    doc = segment.arrays["posting.doc"][part]
    code = segment.arrays["posting.frequency"][part]
    term = np.repeat(term_map[first:last], np.diff(starts))
    tf = segment.frequency_total[code]
    position = segment.arrays["position"][
        int(segment.arrays["position.start"][first]) : int(segment.arrays["position.start"][last])
    ]
    if segment.live is not None:
        stays = kept[doc]
        position = position[np.repeat(stays, tf)]
        doc, code, term, tf = doc[stays], code[stays], term[stays], tf[stays]
    if not len(doc):
        return
    place = posting_base[term] + _rank_in_run(term)
    target["posting.doc"][place] = doc_map[doc]
    target["posting.frequency"][place] = code_map[code]
    position_term = np.repeat(term, tf)
    target["position"][position_base[position_term] + _rank_in_run(position_term)] = position


def _rank_in_run(values: Array) -> Array:
    """0, 1, 2 … within each run of equal values."""
    starts = np.flatnonzero(np.concatenate([[True], values[1:] != values[:-1]]))
    sizes = np.diff(np.append(starts, len(values)))
    return np.arange(len(values)) - np.repeat(starts, sizes)
