"""How often a term stands in headline, standfirst and body of an article: few distinct rows cover all postings.

A posting keeps the number of its row. The rows are in order of how many postings have them, so that most
numbers are small; number 0 is always one occurrence in the body alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kashaf.index.posting_lists import Numbers
from kashaf.index.segment_file import Array, narrow

PLAIN = np.array([0, 0, 1])
_COUNTED = 1 << 20  # kinds of rows; so many are counted rather than sorted


def frequency_codes(frequency: Array) -> tuple[Numbers, Numbers, Numbers]:
    """The distinct rows of frequencies.

    Args:
        frequency: one row of (headline, standfirst, body) a posting, shape (n, 3).

    Returns:
        The table, shape (rows, 3); how many postings have each row; the row of each posting.
    """
    base = np.array([int(column.max(initial=0)) + 1 for column in frequency.T])
    packed = (frequency[:, 0] * base[1] + frequency[:, 1]) * base[2] + frequency[:, 2]
    if base.prod() <= _COUNTED:
        counts = np.bincount(packed, minlength=1)
        distinct = np.flatnonzero(counts)
        codes = np.zeros(len(counts), np.int64)
        codes[distinct] = np.arange(len(distinct))
        codes, counts = codes[packed], counts[distinct]
    else:
        distinct, codes, counts = np.unique(packed, return_inverse=True, return_counts=True)
    rows = np.stack([distinct // (base[1] * base[2]), distinct // base[2] % base[1], distinct % base[2]], 1)
    table, counts, [code_map] = merged_tables([rows], [counts])
    return table, counts, code_map[codes]


def merged_tables(tables: Sequence[Numbers], counts: Sequence[Numbers]) -> tuple[Numbers, Numbers, list[Numbers]]:
    """One table for several.

    Returns:
        The table, shape (rows, 3); how many postings have each row; for each of the tables its row -> the new row.
    """
    together = np.concatenate([PLAIN[None, :], *tables])
    rows, inverse = np.unique(together, axis=0, return_inverse=True)
    inverse = inverse.reshape(-1)
    totals = np.bincount(inverse, weights=np.concatenate([[0], *counts])).astype(np.int64)
    first = np.arange(len(rows)) != inverse[0]
    order = np.lexsort((np.arange(len(rows)), -totals, first))
    place = np.empty(len(rows), np.int64)
    place[order] = np.arange(len(rows))
    cuts = np.cumsum([1, *map(len, tables)])
    return rows[order], totals[order], [place[part] for part in np.split(inverse, cuts)[1:-1]]


def table_arrays(table: Numbers, counts: Numbers) -> dict[str, Array]:
    """The arrays of a frequency table."""
    return {"frequency.table": narrow(table.reshape(-1)), "frequency.count": narrow(counts)}
