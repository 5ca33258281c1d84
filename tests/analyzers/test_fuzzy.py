"""Words near a word, against a plain reference."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kashaf.analyzers import fuzzy
from kashaf.analyzers.fuzzy import LONGEST, FormMatrix

LETTERS = "abcلا\U0001f600"
forms = st.text(LETTERS, max_size=7)


def plain_distance(a: str, b: str) -> int:
    """Optimal string alignment, from its definition."""
    table = [[row + column for column in range(len(b) + 1)] for row in range(len(a) + 1)]
    for row in range(1, len(a) + 1):
        for column in range(1, len(b) + 1):
            table[row][column] = min(
                table[row - 1][column] + 1,
                table[row][column - 1] + 1,
                table[row - 1][column - 1] + (a[row - 1] != b[column - 1]),
            )
            if row > 1 and column > 1 and a[row - 2 : row] == b[column - 2 : column][::-1]:
                table[row][column] = min(table[row][column], table[row - 2][column - 2] + 1)
    return table[-1][-1]


@given(st.lists(forms, max_size=40), forms, st.integers(0, 3))
def test_the_same_as_the_plain_distance(lexicon: list[str], form: str, distance: int) -> None:
    wanted = sorted(
        (plain_distance(form, other), number)
        for number, other in enumerate(lexicon)
        if plain_distance(form, other) <= distance
    )
    matrix = FormMatrix.of(lexicon)
    assert matrix.within(form, distance) == [number for _, number in wanted]
    assert matrix.within(form, distance, 2) == [number for _, number in wanted[:2]]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(fuzzy, "BLOCK", 3)
        assert FormMatrix.of(lexicon).within(form, distance) == [number for _, number in wanted]


@pytest.mark.parametrize(
    "typed, form, distance",
    [
        ("الرقمى", "الرقمي", 1),
        ("intelligense", "intelligence", 1),
        ("ministèer", "ministère", 1),
        ("a", "", 1),
        ("", "ab", 2),
        ("\ud800a", "\ud800b", 1),
    ],
)
def test_near_forms(typed: str, form: str, distance: int) -> None:
    matrix = FormMatrix.of([form])
    assert matrix.within(typed, distance) == [0]
    assert matrix.within(typed, distance - 1) == []


def test_very_long_forms_are_left_out() -> None:
    matrix = FormMatrix.of(["a" * LONGEST, "a" * (LONGEST + 1)])
    assert matrix.within("a" * (LONGEST + 1), 2) == [0]
    assert matrix.within("a" * 1_000_000, 2) == []


def test_an_empty_lexicon() -> None:
    assert FormMatrix.of([]).within("a", 2) == []


def test_three_hundred_thousand_forms_take_milliseconds() -> None:
    chance = random.Random(1)
    matrix = FormMatrix.of(
        "".join(chance.choices("etaoinsrhldcumfpgwybvkxjqz", k=chance.choice([4, 5, 6, 7, 7, 8, 8, 9, 9, 10, 11, 12])))
        for _ in range(300_000)
    )
    matrix.within("estimate", 2)
    start = time.process_time()
    for form in ("seation", "intelort", "estimate", "ministare"):
        matrix.within(form, 2)
    assert (time.process_time() - start) / 4 < 0.06  # with room for a busy machine; measured: 0.006


def test_it_can_be_stopped_between_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzzy, "BLOCK", 10)
    matrix = FormMatrix.of(map(str, range(100)))
    seen: list[int] = []

    def tick() -> None:
        seen.append(1)
        if len(seen) == 3:
            raise TimeoutError

    with pytest.raises(TimeoutError):
        matrix.within("55", 1, tick=tick)
    assert len(seen) == 3
    assert matrix.within("55", 0) == [55]
