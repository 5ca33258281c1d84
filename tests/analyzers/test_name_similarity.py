from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kashaf.analyzers.name_key import NameWord, name_words
from kashaf.analyzers.name_similarity import (
    align,
    name_similarity,
    pair_words,
    units_array,
    word_similarity,
)

GOLDEN = Path(__file__).with_name("name_pairs.tsv")
NAMES = st.text(alphabet="abdelkrim ghousch اأعبدالكريمةىء-.Sz", max_size=40)


def rows() -> list[list[str]]:
    lines = GOLDEN.read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")][1:]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_golden_pairs(row: list[str]) -> None:
    _, a, b, expected, _ = row
    assert (name_similarity(a, b) >= 0.80) is (expected == "match")


def test_the_golden_table_is_there() -> None:
    assert len(rows()) >= 39


@pytest.mark.parametrize(
    "rule, near, far",
    [
        ("better a missing part than another", ("Mohamed Setri", "Mohamed"), ("Mohamed Setri", "Mohamed Lachgar")),
        ("another order costs little", ("Mehdi Ben Barka", "Ben Barka Mehdi"), ("Mehdi Ben Barka", "Mehdi Ben Ali")),
        ("an initial is worth less than the name", ("Amal Fallah", "Amal Fallah"), ("A. Fallah", "Amal Fallah")),
        ("a long vowel counts", ("Karim", "كريم"), ("Karam", "كريم")),
        ("a final vowel counts", ("Moussa", "موسى"), ("Moussa", "موس")),
    ],
)  # fmt: skip
def test_order_of_similarities(rule: str, near: tuple[str, str], far: tuple[str, str]) -> None:
    assert name_similarity(*near) > name_similarity(*far)


def test_capitals_accents_and_spaces_do_not_count() -> None:
    assert name_similarity("MÉHDI  BEN-BARKA", "Mehdi Ben Barka") == 1.0


def test_nothing_is_like_nothing() -> None:
    assert name_similarity("", "") == name_similarity("Mohamed", "2026") == 0.0


@settings(max_examples=200)
@given(NAMES, NAMES)
def test_symmetric_and_within_range(a: str, b: str) -> None:
    assert 0.0 <= name_similarity(a, b) <= 1.0
    assert name_similarity(a, b) == pytest.approx(name_similarity(b, a), abs=1e-6)


@settings(max_examples=100)
@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_has_a_similarity(a: str, b: str) -> None:
    assert 0.0 <= name_similarity(a, b) <= 1.0


@given(NAMES)
@settings(max_examples=100)
def test_a_name_is_like_itself(name: str) -> None:
    words = name_words(name)
    if words and not any(word.initial for word in words) and all(word.units for word in words):
        assert name_similarity(name, name) == pytest.approx(1.0)


@settings(max_examples=100)
@given(st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=6))
def test_aligning_many_pairs_is_aligning_each(pairs: list[tuple[str, str]]) -> None:
    words: list[tuple[NameWord, NameWord]] = []
    for a, b in pairs:
        words += [(x, y) for x in name_words(a) for y in name_words(b) if x.units and y.units]
    if words:
        first, second = zip(*words, strict=True)
        within = np.array([x.script == y.script for x, y in words])
        together = align(units_array(first), units_array(second), within)
        assert together.tolist() == pytest.approx([word_similarity(x, y) for x, y in words], abs=1e-4)


def test_pairing_takes_each_word_once() -> None:
    """One word of the one name cannot stand for two of the other."""
    assert pair_words([[1.0, 1.0]], [1.0], [1.0, 1.0]) < 1.0


def test_long_names_take_bounded_time() -> None:
    name = " ".join(["abdelkrim"] * 200)
    assert name_similarity(name, name) == pytest.approx(1.0)
