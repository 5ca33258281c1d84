import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kashaf.analyzers.shingles import WIDTH, limits, overlap, shingles, word_numbers

words = st.lists(st.sampled_from("le la un roi ministre a dit hier soir que 12 المغرب قال".split()), max_size=60)


def plain(forms: list[str]) -> set[tuple[str, ...]]:
    return {tuple(forms[i : i + WIDTH]) for i in range(len(forms) - WIDTH + 1)}


def distinct(forms: list[str]) -> np.ndarray:
    return np.unique(shingles(word_numbers(forms)))


@given(words, words)
def test_overlap_is_that_of_the_sets_of_runs(first: list[str], second: list[str]) -> None:
    ours, theirs = plain(first), plain(second)
    found = overlap(distinct(first), distinct(second))
    shared, least = len(ours & theirs), min(len(ours), len(theirs))
    assert found.resemblance == pytest.approx(shared / len(ours | theirs) if least else 0)
    assert found.containment == pytest.approx(shared / least if least else 0)


@pytest.mark.parametrize("count", [0, 1, 4])
def test_a_text_of_fewer_words_than_a_shingle_has_none(count: int) -> None:
    assert not len(shingles(word_numbers(["mot"] * count)))
    assert overlap(distinct(["mot"] * count), distinct(["mot"] * 9)).containment == 0


def test_shingles_do_not_depend_on_the_words_around() -> None:
    forms = [f"w{n}" for n in range(40)]
    whole = shingles(word_numbers(forms))
    assert np.array_equal(shingles(word_numbers(forms[7:20])), whole[7:16])


def test_the_order_of_words_counts() -> None:
    assert distinct(["a", "b", "c", "d", "e"])[0] != distinct(["b", "a", "c", "d", "e"])[0]


def test_a_shorter_text_samples_all_that_a_longer_one_does() -> None:
    found = limits(np.arange(0, 5_000))
    assert np.all(np.diff(found.astype(np.float64)) <= 0)
    assert int(found[0]) == (1 << 32) - 1
    assert int(found[-1]) == (1 << 32) // 64 - 1


def test_samples_are_spread_evenly() -> None:
    found = shingles(word_numbers([f"mot{n}" for n in range(100_000)]))
    sampled = np.count_nonzero(found <= limits(np.array([100_000]))[0])
    assert 100_000 / 64 * 0.9 < sampled < 100_000 / 64 * 1.1
