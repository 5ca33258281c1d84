"""The postings of terms, written and read, against plain Python lists."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kashaf.index.frequencies import frequency_codes, merged_tables, table_arrays
from kashaf.index.posting_lists import ABSOLUTE, BITMAP, GAPS1, GAPS2, ONE, PostingLists
from kashaf.index.posting_writer import PostingWriter
from kashaf.index.segment_file import ArraySink

Rows = list[tuple[int, tuple[int, int, int], list[int]]]  # article, frequencies, positions


def made_up(chance: random.Random, docs: int, most: int) -> Rows:
    """The postings of a term: often plain, sometimes rich, now and then with a very high number."""
    count = min(docs, most, max(1, int(chance.paretovariate(0.5))))
    plain, far = chance.random(), chance.choice((2, 100, 5_000, 100_000))
    rows: Rows = []
    for doc in sorted(chance.sample(range(docs), count)):
        frequencies = (0, 0, 1)
        if chance.random() > plain:
            frequencies = (chance.randrange(2), chance.randrange(3), chance.choice((1, 1, 2, 3, 40)))
        rows.append((doc, frequencies, sorted(chance.randrange(far) for _ in range(sum(frequencies)))))
    return rows


def written(terms: list[Rows], docs: int, cut: int) -> PostingLists:
    frequency = np.array([row[1] for rows in terms for row in rows])
    table, counts, codes = frequency_codes(frequency)
    sink = ArraySink()
    writer = PostingWriter(sink, docs, table)
    first = 0
    for part in (terms[:cut], terms[cut:]):
        rows = [row for term in part for row in term]
        writer.add(
            np.array([len(term) for term in part], np.int64),
            np.array([row[0] for row in rows], np.int64),
            codes[first : first + len(rows)],
            np.array([position for row in rows for position in row[2]], np.int64),
        )
        first += len(rows)
    writer.finish()
    return PostingLists(sink.arrays() | table_arrays(table, counts), docs)


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 1 << 32), docs=st.sampled_from([1, 5, 64, 300, 3_000, 70_000]), count=st.integers(1, 40))
def test_round_trip(seed: int, docs: int, count: int) -> None:
    chance = random.Random(seed)
    terms = [made_up(chance, docs, 3_000) for _ in range(count)]
    lists = written(terms, docs, chance.randint(0, count))
    for term, rows in enumerate(terms):
        assert lists.count(term) == len(rows)
        postings = lists.postings(term)
        assert postings.docs.tolist() == [row[0] for row in rows]
        assert [tuple(map(int, f)) for f in lists.frequency_table[postings.codes]] == [row[1] for row in rows]
        assert lists.plain(term) == all(row[1] == (0, 0, 1) for row in rows)
        sizes, positions = lists.positions_of(term)
        assert sizes.tolist() == [len(row[2]) for row in rows]
        assert positions.tolist() == [position for row in rows for position in row[2]]

        some = sorted(chance.sample(range(len(rows)), chance.randint(0, len(rows))))
        chosen = np.array(some, np.int64)
        assert lists.codes_at(term, chosen).tolist() == postings.codes[chosen].tolist()
        sizes, positions = lists.positions_of(term, chosen)
        assert sizes.tolist() == [len(rows[row][2]) for row in some]
        assert positions.tolist() == [position for row in some for position in rows[row][2]]
        asked = sorted(chance.sample(range(docs), min(docs, 40)) if chance.random() < 0.5 else {row[0] for row in rows})
        known = {row[0]: number for number, row in enumerate(rows)}
        assert lists.find(term, np.array(asked, np.int64)).tolist() == [known.get(doc, -1) for doc in asked]

    order = list(range(count)) if chance.random() < 0.5 else chance.sample(range(count), chance.randint(0, count))
    sizes, together = lists.postings_of(order)
    assert sizes.tolist() == [len(terms[term]) for term in order]
    assert together.docs.tolist() == [row[0] for term in order for row in terms[term]]
    assert together.codes.tolist() == [code for term in order for code in lists.codes(term).tolist()]
    occurrences = np.array([sum(len(row[2]) for row in terms[term]) for term in order], np.int64)
    places = lists.positions_of_terms(order, occurrences)
    assert places.tolist() == [p for term in order for row in terms[term] for p in row[2]]


def test_each_encoding_is_chosen_where_it_is_the_smallest() -> None:
    docs = 200_000
    lists = {
        ONE: [7],
        ABSOLUTE: [5, 150_000],  # a gap that two bytes do not hold
        GAPS2: [5, 40_000, 80_000],
        GAPS1: list(range(0, docs, 100)),
        BITMAP: list(range(0, docs, 3)),
    }
    terms: list[Rows] = [[(doc, (0, 0, 1), [doc % 50]) for doc in chosen] for chosen in lists.values()]
    sink = ArraySink()
    table, counts, codes = frequency_codes(np.array([row[1] for rows in terms for row in rows]))
    writer = PostingWriter(sink, docs, table)
    writer.add(
        np.array([len(rows) for rows in terms]),
        np.array([row[0] for rows in terms for row in rows]),
        codes,
        np.array([row[2][0] for rows in terms for row in rows]),
    )
    writer.finish()
    arrays = sink.arrays()
    assert [kind & 7 for kind in arrays["term.kind"].tolist()] == list(lists)
    assert not any(name.startswith("code.") for name in arrays)  # plain terms store no codes
    read = PostingLists(arrays | table_arrays(table, counts), docs)
    assert [read.docs(term).tolist() for term in range(5)] == list(lists.values())


def test_the_commonest_row_is_number_0() -> None:
    for rows in ([[1, 0, 2]], [[0, 0, 1], [1, 0, 0], [1, 0, 0]], []):
        table, counts, codes = frequency_codes(np.array(rows, np.int64).reshape(-1, 3))
        assert table[0].tolist() == [0, 0, 1]
        assert table[codes].tolist() == rows
        assert counts.tolist() == [rows.count(row) for row in table.tolist()]


def test_many_kinds_of_rows() -> None:
    """More than are counted one by one."""
    rows = np.random.default_rng(1).integers(0, 1_000, (500, 3))
    table, _, codes = frequency_codes(rows)
    assert table[codes].tolist() == rows.tolist()


def test_tables_are_merged() -> None:
    table, counts, (left, right) = merged_tables(
        [np.array([[0, 0, 1], [2, 0, 0]]), np.array([[0, 0, 1], [0, 0, 2], [2, 0, 0]])],
        [np.array([3, 1]), np.array([0, 7, 1])],
    )
    assert table.tolist() == [[0, 0, 1], [0, 0, 2], [2, 0, 0]]
    assert (counts.tolist(), left.tolist(), right.tolist()) == ([3, 7, 2], [0, 2], [0, 1, 2])


def test_numbers_beyond_the_data_are_an_error() -> None:
    """What a damaged file might say, and no checksum has been read yet."""
    lists = written([[(doc, (0, 0, 2), [1, 2]) for doc in range(0, 3_000, 7)]], 3_000, 1)
    for name, wrong in (("many.docs", 4_000_000_000), ("many.code", 1 << 30), ("term.place", 1 << 30)):
        arrays = dict(lists._arrays)
        arrays[name] = np.array([wrong], np.uint32)
        damaged = PostingLists(arrays, 3_000)
        with pytest.raises((IndexError, ValueError)):
            damaged.postings(0)
        with pytest.raises((IndexError, ValueError)):
            damaged.postings_of([0])
