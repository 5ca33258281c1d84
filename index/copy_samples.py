"""A sample of the shingles of each article, kept in its segment: articles that share some may be copies.

About a dozen shingles stand for an article, whatever its length (`kashaf.analyzers.shingles`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kashaf.analyzers.shingles import WIDTH, limits, shingles
from kashaf.index.posting_lists import ranges
from kashaf.index.segment_file import Array, narrow

Numbers = npt.NDArray[np.int64]

# A shingle of more articles than these leads to the first of them alone: it is a formula, or they are one group.
_HOLDERS = 8
# How many holders are read in one segment to have so many that are not deleted.
_READ = 2 * _HOLDERS
# Of its samples, what an article must share with another to be compared with it; and with how many it is compared.
_SHARED = 1 / 8
_COMPARED = 12
_AT_ONCE = 1 << 18  # words
_TOGETHER = 1_000  # articles that are looked for at once


@dataclass(frozen=True, slots=True)
class Samples:
    """The sampled shingles of some articles.

    Attributes:
        shingles: ascending, shape (n,), uint32.
        docs: the article of each, ascending among equal shingles, shape (n,).
        keys: key of each article in the store, ascending, shape (articles,).
        live: False for deleted articles, shape (articles,); None when none is deleted.
    """

    shingles: Array
    docs: Array
    keys: Array
    live: npt.NDArray[np.bool_] | None = None


def samples_in(arrays: Mapping[str, Array], live: npt.NDArray[np.bool_] | None = None) -> Samples:
    """The samples among the arrays of a segment; none in one that was written before there were any."""
    none = np.zeros(0, np.uint32)
    return Samples(arrays.get("shingle", none), arrays.get("shingle.doc", none), arrays["key"], live)


def sample_arrays(numbers: Array, terms: Array, ends: Numbers, sizes: Numbers) -> dict[str, Array]:
    """The arrays of a segment's samples: ``shingle``, ascending, and ``shingle.doc``, the article of each.

    Args:
        numbers: the number of each term (`kashaf.analyzers.shingles.word_numbers`), uint32.
        terms: the words, article after article.
        ends, sizes: where the body of each article ends among them, and how many words it has.
    """
    numbers = numbers.astype(np.uint64)
    until = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
    cuts = np.searchsorted(until, np.arange(_AT_ONCE, int(until[-1]), _AT_ONCE)).tolist()
    edges = sorted({0, *cuts, len(sizes)})
    pairs = [np.zeros(0, np.uint64)]
    for first, last in zip(edges, edges[1:], strict=False):
        words = sizes[first:last]
        found = shingles(numbers[terms[ranges(ends[first:last] - words, words)]])
        sampled = np.flatnonzero(found <= np.repeat(limits(words), words)[: len(found)])
        bodies = until[first + 1 : last + 1] - until[first]
        docs = np.searchsorted(bodies, sampled, "right")
        whole = sampled + WIDTH <= bodies[docs]  # not over the end of its body
        pairs.append(_paired(found[sampled[whole]], docs[whole] + first))
    return _parted(np.concatenate(pairs), len(sizes))


def merged_samples(segments: Sequence[Samples], doc_maps: Sequence[Array], docs: int) -> dict[str, Array]:
    """The samples of several segments as those of one.

    Args:
        doc_maps: for each segment, the article of the new one that each of its live articles becomes.
        docs: articles of the new segment.
    """
    pairs = [np.zeros(0, np.uint64)]
    for samples, doc_map in zip(segments, doc_maps, strict=True):
        kept = slice(None) if samples.live is None else samples.live[samples.docs]
        pairs.append(_paired(samples.shingles[kept], doc_map[samples.docs[kept]]))
    return _parted(np.concatenate(pairs), docs)


def _paired(shingles: Array, docs: Array) -> npt.NDArray[np.uint64]:
    pairs: npt.NDArray[np.uint64] = shingles.astype(np.uint64) << np.uint64(32) | docs.astype(np.uint64)
    return pairs


def _parted(pairs: npt.NDArray[np.uint64], docs: int) -> dict[str, Array]:
    pairs = np.unique(pairs)
    low = pairs & np.uint64(0xFFFFFFFF)
    return {"shingle": (pairs >> np.uint64(32)).astype("<u4"), "shingle.doc": narrow(low, max(docs - 1, 0))}


def alike(new: Samples, old: Sequence[Samples]) -> Iterator[dict[int, list[int]]]:
    """The articles that may be copies of earlier ones.

    Args:
        old: those of all earlier segments, in order of their articles' keys.

    Yields:
        For some new articles together, by number, ascending: the keys of the live articles before it that each is to
        be compared with, those that it shares most with first, at most twelve.
    """
    sizes = np.bincount(new.docs, minlength=len(new.keys))
    for first in range(0, len(new.keys), _TOGETHER):
        rows = np.flatnonzero((new.docs >= first) & (new.docs < first + _TOGETHER))
        docs, others, shared = _shared(new, rows, (*old, new))
        enough = shared >= sizes[docs] * _SHARED
        docs, others, shared = docs[enough], others[enough], shared[enough]
        order = np.lexsort((others, -shared, docs))
        docs, others = docs[order], others[order]
        edges = [*np.flatnonzero(np.diff(docs, prepend=-1)).tolist(), len(docs)]
        found = {
            int(docs[start]): others[start : min(end, start + _COMPARED)].tolist()
            for start, end in zip(edges, edges[1:], strict=False)
        }
        if found:
            yield found


def _shared(new: Samples, rows: Numbers, all_samples: Sequence[Samples]) -> tuple[Numbers, Numbers, Numbers]:
    """Pairs of articles that share samples: the number of the new one, the key of the earlier one, how many they share.

    Args:
        rows: which of the samples of the new ones to look at.
    """
    found, keys = [], []
    for samples in all_samples:
        here, docs = _holders(new.shingles[rows], samples)
        kept = samples.keys[docs] < new.keys[new.docs[rows[here]]]
        if samples.live is not None:
            kept &= samples.live[docs]
        found.append(here[kept])
        keys.append(samples.keys[docs[kept]])
    row, key = np.concatenate(found), np.concatenate(keys)
    # Of each shingle the first holders, whatever segment they are in.
    order = np.argsort(row, kind="stable")
    row, key = row[order], key[order]
    starts = np.flatnonzero(np.diff(row, prepend=-1))
    rank = np.arange(len(row)) - np.repeat(starts, np.diff(starts, append=len(row)))
    first = rank < _HOLDERS
    known, place = np.unique(key[first], return_inverse=True)
    pairs, shared = np.unique(new.docs[rows[row[first]]].astype(np.int64) << 32 | place, return_counts=True)
    return pairs >> 32, known[pairs & 0xFFFFFFFF], shared


def _holders(wanted: Array, samples: Samples) -> tuple[Numbers, Numbers]:
    """The first articles that have each of some shingles: rows of `wanted`, ascending, and the article of each.

    Damaged samples, which nobody has checked yet, give wrong articles but no error.
    """
    first = np.searchsorted(samples.shingles, wanted)
    runs = np.clip(np.searchsorted(samples.shingles, wanted, side="right") - first, 0, _READ)
    ends = np.cumsum(runs)
    places = np.arange(int(ends[-1]) if len(ends) else 0) + np.repeat(first - (ends - runs), runs)
    docs = np.minimum(samples.docs[places].astype(np.int64), len(samples.keys) - 1)
    return np.repeat(np.arange(len(wanted)), runs), docs
