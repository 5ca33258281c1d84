"""Completion of the word being typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kashaf.search.suggest import complete

ARTICLES = {
    "numerique": 7,
    "numero": 9,
    "intelligence": 5,
    "gouvernement": 8,
    "الذكاء": 6,
    "ذكاء": 2,
    "وبالتحديد": 1,
    "2026": 3,
}


class Forms:
    """The lexicon protocol over a few forms; completion asks for prefixes only."""

    def frequency(self, form: str) -> int:
        return ARTICLES.get(form, 0)

    def near(self, form: str, distance: int, limit: int) -> list[tuple[str, int]]:
        raise AssertionError("completion needs no near forms")

    def starting_with(self, prefix: str, limit: int) -> list[tuple[str, int]]:
        found = [pair for pair in ARTICLES.items() if pair[0].startswith(prefix)]
        return sorted(found, key=lambda pair: -pair[1])[:limit]


@pytest.mark.parametrize(
    "rule, text, found",
    [
        ("most articles first", "num", [("numero", 9), ("numerique", 7)]),
        (
            "what stands before is kept",
            "Coopération NUMÉR",
            [("Coopération numero", 9), ("Coopération numerique", 7)],
        ),
        ("an elided article is kept", "l’intel", [("l’intelligence", 5)]),
        ("a field and a quote are kept", 'titre:"le gouv', [('titre:"le gouvernement', 8)]),
        ("with the Arabic article too", "ذكا", [("الذكاء", 6), ("ذكاء", 2)]),
        ("with its clitics", "وبالتَّح", [("وبالتحديد", 1)]),
        ("not the word itself", "ذكاء", [("الذكاء", 6)]),
        ("nothing after a blank", "num ", []),
        ("no numbers", "20", []),
        ("nothing typed", "", []),
    ],
)
def test_complete(rule: str, text: str, found: list[tuple[str, int]]) -> None:
    assert complete(text, Forms()) == found


def test_size() -> None:
    assert complete("num", Forms(), 1) == [("numero", 9)]


@given(st.text(max_size=100))
def test_no_text_is_an_error(text: str) -> None:
    assert all(count > 0 for _, count in complete(text, Forms()))
