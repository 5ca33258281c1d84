"""The inversion: the words of many articles in a row become postings by one sort of integers.

A word's term number, article and position are packed in 64 bits, so that the sorted numbers are the postings.
All else is done some hundred thousand words at a time, which stay in the processor's cache meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from kashaf.index.article import TEXT_FIELDS
from kashaf.index.copy_samples import sample_arrays
from kashaf.index.frequencies import frequency_codes, table_arrays
from kashaf.index.lexicon_builder import LexiconBuilder
from kashaf.index.posting_lists import Numbers, ranges
from kashaf.index.posting_writer import PostingWriter
from kashaf.index.segment_file import Array, ArraySink, narrow
from kashaf.index.word_table import WordTable

# Empty places between the fields of an article, so that no phrase or proximity query crosses over.
FIELD_GAP = 64
_KEY_BITS = 64
_AT_ONCE = 1 << 18  # words


def text_arrays(words: WordTable, entries: Array, counts: Array) -> dict[str, Array]:
    """The arrays of the texts of a segment: lexicon, field lengths, postings and positions, samples of the bodies.

    Args:
        entries: an entry of the word table for each word, int32, all articles in a row.
        counts: words of each field of each article, article after article.
    """
    terms, positions, lengths, sizes = _places(words, entries, counts)
    offsets = field_offsets(lengths)
    samples = sample_arrays(words.numbers(), terms, np.cumsum(sizes.sum(1)), sizes[:, -1])
    occurrences = np.bincount(terms, minlength=len(words.vocabulary))
    numbers, stems, forms = words.lexicon(np.flatnonzero(occurrences).tolist())
    lexicon = LexiconBuilder()
    lexicon.add(stems, forms)
    del stems, forms
    rank = np.zeros(len(occurrences), np.uint64)
    rank[numbers] = np.arange(len(numbers), dtype=np.uint64)
    ends = np.cumsum(occurrences[numbers])
    keys, position_bits, doc_bits = _keys(rank, terms, positions, sizes.sum(1))
    del terms, positions

    posting_sizes, docs, frequencies = [], [], []
    for part, places in _parts(ends):
        pairs = keys[places] >> np.uint64(position_bits)
        new = np.ones(len(pairs), bool)
        new[1:] = pairs[1:] != pairs[:-1]
        term_ends = ends[part] - places.start
        new[term_ends[:-1]] = True
        starts = np.flatnonzero(new)
        here = (pairs[starts] & np.uint64((1 << doc_bits) - 1)).astype(np.int32)
        posting_sizes.append(np.diff(np.searchsorted(starts, term_ends), prepend=0))
        docs.append(here)
        frequencies.append(_frequencies(starts, here, _low_bits(keys[places], position_bits), offsets))
    none = np.zeros((0, len(TEXT_FIELDS)), np.int32)
    table, row_counts, codes = frequency_codes(np.concatenate([none, *frequencies]))
    del frequencies

    sink = ArraySink()
    writer = PostingWriter(sink, len(lengths), table)
    first = 0
    for (_, places), many, here in zip(_parts(ends), posting_sizes, docs, strict=True):
        last = first + len(here)
        writer.add(many, here.astype(np.int64), codes[first:last], _low_bits(keys[places], position_bits))
        first = last
    writer.finish()
    arrays = {"length": narrow(lengths.reshape(-1)), **table_arrays(table, row_counts), **sink.arrays()}
    return arrays | lexicon.arrays() | samples


def _low_bits(keys: Array, bits: int) -> Numbers:
    return (keys & np.uint64((1 << bits) - 1)).astype(np.int64)


def _parts(ends: Numbers) -> Iterator[tuple[slice, slice]]:
    """Runs of terms of about `_AT_ONCE` words each, and the places of their words among the sorted ones."""
    cuts = np.searchsorted(ends, np.arange(_AT_ONCE, int(ends[-1]) if len(ends) else 0, _AT_ONCE)).tolist()
    edges = sorted({0, *cuts, len(ends)})
    for first, last in zip(edges, edges[1:], strict=False):
        yield slice(first, last), slice(int(ends[first - 1]) if first else 0, int(ends[last - 1]))


def _places(words: WordTable, entries: Array, counts: Array) -> tuple[Array, Array, Numbers, Numbers]:
    """The words replaced by the terms of their entries.

    Returns:
        Of each: term number, position in its article, both int32. Of each article: the positions of its fields,
        and how many of the words are theirs, both of shape (articles, 3).
    """
    fields = len(TEXT_FIELDS)
    entry_ends = np.array(words.entry_ends, np.int64)
    entry_starts = np.concatenate([np.zeros(1, np.int64), entry_ends])[:-1]
    entry_sizes = entry_ends - entry_starts
    entry_terms, entry_steps = np.array(words.entry_terms, np.int32), np.array(words.entry_steps, np.int8)
    word_ends = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)])
    article_ends = word_ends[::fields]
    cuts = np.searchsorted(article_ends, np.arange(_AT_ONCE, len(entries), _AT_ONCE)).tolist()
    edges = sorted({0, *cuts, len(article_ends) - 1})
    terms, positions = [np.zeros(0, np.int32)], [np.zeros(0, np.int32)]
    lengths, sizes = [np.zeros((0, fields), np.int64)], [np.zeros((0, fields), np.int64)]
    for first, last in zip(edges, edges[1:], strict=False):
        ends = word_ends[first * fields : last * fields + 1]
        here = entries[ends[0] : ends[-1]]
        many = entry_sizes[here]
        stream = entry_starts[here] if np.all(many == 1) else ranges(entry_starts[here], many)
        # Where the words of each field end in the stream, and the positions so far there.
        running = np.concatenate([np.zeros(1, np.int64), np.cumsum(entry_steps[stream], dtype=np.int64)])
        stream_ends = np.concatenate([np.zeros(1, np.int64), np.cumsum(many)])[ends - ends[0]]
        steps = running[stream_ends]
        lengths.append(np.diff(steps).reshape(-1, fields))
        # Positions count from 0 in each field, and fields follow each other with a gap.
        shift = field_offsets(lengths[-1]).reshape(-1) - steps[:-1] - 1
        terms.append(entry_terms[stream])
        positions.append((running[1:] + np.repeat(shift, np.diff(stream_ends))).astype(np.int32))
        sizes.append(np.diff(stream_ends).reshape(-1, fields))
    return np.concatenate(terms), np.concatenate(positions), np.concatenate(lengths), np.concatenate(sizes)


def _keys(rank: Array, terms: Array, positions: Array, sizes: Numbers) -> tuple[Array, int, int]:
    """The words by term, then article, then position, packed; the bits of the position and of the article.

    The terms are left out of the keys where there are not bits enough: they are in order all the same.
    """
    position_bits = int(positions.max(initial=0)).bit_length()
    doc_bits = max(len(sizes) - 1, 1).bit_length()
    low_bits = np.uint64(position_bits + doc_bits)
    enough = max(len(rank) - 1, 0).bit_length() + position_bits + doc_bits <= _KEY_BITS
    keys = np.empty(len(terms), np.uint64)
    doc_of = np.repeat(np.arange(len(sizes), dtype=np.uint32), sizes)
    for start in range(0, len(terms), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        keys[part] = doc_of[part].astype(np.uint64) << np.uint64(position_bits) | positions[part].astype(np.uint64)
        if enough:
            keys[part] |= rank[terms[part]] << low_bits
    if not enough:
        return keys[np.argsort(rank[terms], kind="stable")], position_bits, doc_bits
    keys.sort()
    return keys, position_bits, doc_bits


def _frequencies(starts: Numbers, docs: Array, positions: Numbers, offsets: Numbers) -> Array:
    """How often the term of each posting stands in each field of its article, shape (postings, 3), int32."""
    frequency = np.zeros((len(starts), len(TEXT_FIELDS)), np.int32)
    totals = np.diff(starts, append=len(positions))
    frequency[:, -1] = totals
    # Positions ascend: a term whose first place is in the body is in the body alone.
    mixed = np.flatnonzero(positions[starts] < offsets[docs, -1])
    if len(mixed):
        sizes = totals[mixed]
        places, firsts = positions[ranges(starts[mixed], sizes)], np.cumsum(sizes) - sizes
        before = np.zeros(len(mixed), np.int64)
        for field in range(len(TEXT_FIELDS) - 1):
            inside = places < np.repeat(offsets[docs[mixed], field + 1], sizes)
            until = np.add.reduceat(inside, firsts, dtype=np.int64)
            frequency[mixed, field] = until - before
            before = until
        frequency[mixed, -1] -= before
    return frequency


def field_offsets(lengths: Array) -> Numbers:
    """Where each field's positions start.

    Args:
        lengths: positions of each field, shape (articles, 3).

    Returns:
        Same shape, int64.
    """
    offsets = np.zeros(lengths.shape, np.int64)
    for number in range(1, lengths.shape[1]):
        offsets[:, number] = offsets[:, number - 1] + lengths[:, number - 1] + FIELD_GAP
    return offsets
