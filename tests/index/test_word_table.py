"""The table of words gives the terms that plain analysis gives, and forgets without forgetting what it said."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kashaf.analyzers.terms import WORD, analyze_word, stem_class
from kashaf.index import word_table
from kashaf.index.article import Article
from kashaf.index.inversion import SegmentBuilder
from kashaf.index.word_table import WordTable


def terms_of(table: WordTable, entry: int) -> list[tuple[str, int]]:
    forms = list(table.vocabulary)
    start = table.entry_ends[entry - 1] if entry else 0
    run = range(start, table.entry_ends[entry])
    return [(forms[table.entry_terms[place]], table.entry_steps[place]) for place in run]


def plainly(text: str) -> list[tuple[str, int]]:
    return [(term.text, term.step) for raw in WORD.findall(text) for term in analyze_word(raw)]


TEXTS = st.lists(
    st.one_of(
        st.lists(st.sampled_from(["Maroc,", "l’eau", "الماء", "وزير.", "vice-président", "12\u202f000", "x" * 70])).map(
            " ".join
        ),
        st.text("0123456789 \u00a0\u202f\u2009\t\n\u2028.,aé٣\U0001d7d9😀", max_size=40),
        st.text(),
    ),
    max_size=6,
)


def spelt(table: WordTable, texts: list[str]) -> list[list[tuple[str, int]]]:
    """What a table makes of texts."""
    entries, counts = table.entries(texts)
    assert len(counts) == len(texts) and counts.sum() == len(entries)
    ends = counts.cumsum().tolist()
    return [
        [term for entry in entries[end - count : end].tolist() for term in terms_of(table, entry)]
        for end, count in zip(ends, counts.tolist(), strict=True)
    ]


@given(TEXTS)
def test_entries_are_the_terms_of_the_texts(texts: list[str]) -> None:
    table = WordTable()
    expected = [plainly(text) for text in texts]
    assert spelt(table, texts) == expected
    assert spelt(table, texts) == expected  # now that the pieces are remembered
    assert spelt(table, texts[::-1]) == expected[::-1]


def test_a_word_is_analysed_once() -> None:
    table = WordTable()
    first, _ = table.entries(["Le pont de Rabat, le pont."])
    again, _ = table.entries(["de Rabat, Le pont."])
    assert set(again.tolist()) <= set(first.tolist())
    assert len(table.entry_ends) == len(set(first.tolist())) == 6


@pytest.mark.parametrize("places", [1, 4])
def test_memory_is_bounded_and_entries_stay_good(monkeypatch: pytest.MonkeyPatch, places: int) -> None:
    """With hardly any place, pieces push each other out."""
    monkeypatch.setattr(word_table, "_PLACES", places)
    table = WordTable()
    texts = [" ".join(f"mot{number * step % 37}" for number in range(60)) for step in (1, 5, 7)]
    for text in (*texts, *texts):
        assert spelt(table, [text]) == [plainly(text)]


def test_a_text_longer_than_the_powers_that_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    table = WordTable()
    text = " ".join(f"mot{number % 50}" for number in range(40_000))
    assert len(text) > word_table._POWERS
    assert spelt(table, [text, "Rabat"]) == [plainly(text), plainly("Rabat")]
    assert len(table.entry_ends) == 51


def test_the_lexicon_is_sorted_by_class_then_form() -> None:
    table = WordTable()
    table.entries(["ministres ministre الوزير", "وزير eau eaux"])
    numbers, *both = table.lexicon([5, 0, 3, 1, 2, 4])
    forms = list(table.vocabulary)
    expected = sorted((stem_class(form).encode(), form.encode()) for form in forms)
    assert list(zip(*both, strict=True)) == expected
    assert [forms[number].encode() for number in numbers] == [form for _, form in expected]


def test_to_forget_is_to_start_afresh() -> None:
    table = WordTable()
    table.entries(["Rabat"])
    table.forget()
    assert table.entries(["Doha"])[0].tolist() == [0] and list(table.vocabulary) == ["doha"]


@given(st.lists(st.lists(st.one_of(st.sampled_from(["maroc", "a b", "", "12 000", "x" * 70]), st.text()), max_size=6)))
def test_ready_terms_are_entries_as_they_are(fields: list[list[str]]) -> None:
    fields = [[term.replace("\n", "") for term in terms] for terms in fields]
    table = WordTable()
    table.entries(["Maroc, a b"])  # words beside them are no terms
    for _ in "twice":
        entries = table.ready_entries(["\n".join(terms) for terms in fields], [len(terms) for terms in fields])
        assert [terms_of(table, entry) for entry in entries.tolist()] == [
            [(term, 1)] for terms in fields for term in terms
        ]


def test_ready_terms_and_texts_take_turns_in_a_segment() -> None:
    ready, turns = SegmentBuilder(), SegmentBuilder()
    for key in range(1, 7):
        terms = [["maroc"], [], ["leau", "wazir", f"mot{key}"]]
        ready.add_terms(key, str(key), terms)
        if key % 3:
            turns.add_terms(key, str(key), terms)
        else:
            turns.add(key, Article(id=str(key), headline="Maroc", body=" ".join(terms[2])))
    with pytest.raises(ValueError, match="article 7 holds a line feed"):
        turns.add_terms(7, "7", [["a\nb"], [], []])
    (docs, expected), (same, found) = ready.arrays(), turns.arrays()
    assert docs == same == 6
    for name, array in expected.items():
        np.testing.assert_array_equal(found[name], array, name)
