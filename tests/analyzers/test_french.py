"""French words: elision, folding, compounds and light classes; other Latin words pass unharmed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kashaf.analyzers.french import ELIDED, fold, terms
from kashaf.analyzers.french_stem import stem


@pytest.mark.parametrize(
    "rule, word, folded",
    [
        ("accents go", "Élève", "eleve"),
        ("ligatures open", "Œuvre æquo ﬁn", "oeuvreaequofin"),
        ("capitals become small", "ÉTAT", "etat"),
        ("letters without a decomposition", "Łódź", "lodz"),
        ("the Turkish i", "Iıİi", "iiii"),
        ("full width", "Ｍａｒｏｃ", "maroc"),
        ("superscript letters", "1ᵉʳ", "1er"),
        ("digits of any script", "१२", "12"),
        ("vowel signs of other scripts stay", "निर", "निर"),
        ("nothing in, nothing out", "", ""),
    ],
)
def test_fold(rule: str, word: str, folded: str) -> None:
    assert fold(word) == folded


@given(st.text(st.characters(codec=None), max_size=30))
@settings(max_examples=300, deadline=None)
def test_folding_twice_changes_nothing(word: str) -> None:
    assert fold(fold(word)) == fold(word)


@pytest.mark.parametrize("elided", sorted(ELIDED))
@pytest.mark.parametrize("apostrophe", "'’")
def test_elision(elided: str, apostrophe: str) -> None:
    [term] = terms(f"{elided}{apostrophe}école")
    assert (term.text, term.start) == ("ecole", len(elided) + 1)


@pytest.mark.parametrize(
    "word, whole",
    [
        ("aujourd’hui", "aujourdhui"),
        ("presqu'île", "presquile"),
        ("quelqu'un", "quelquun"),
        ("prud’hommes", "prudhommes"),
        ("grand'mère", "grandmere"),
        ("O'Brien", "obrien"),
        ("M'hamed", "mhamed"),
        ("N’Soumer", "nsoumer"),
        ("M’Bappé", "mbappe"),
    ],
)
def test_apostrophes_that_elide_nothing(word: str, whole: str) -> None:
    assert [term.text for term in terms(word)] == [whole]


def test_parts_keep_their_places() -> None:
    places = [(term.text, term.start, term.end, term.step) for term in terms("l’avant-projet", offset=3)]
    assert places == [("avant", 5, 10, 1), ("avantprojet", 5, 17, 0), ("projet", 11, 17, 1)]


def test_an_inclusive_word_is_marked_whole() -> None:
    [term] = terms("candidat·e·s")
    assert (term.text, term.start, term.end) == ("candidat", 0, 12)


@pytest.mark.parametrize(
    "one, other",
    [
        ("prix", "pris"),
        ("dessert", "desert"),
        ("poisson", "poison"),
        ("numerique", "numero"),
        ("organisation", "organe"),
        ("parlement", "parler"),
        ("rabat", "rabais"),
        ("parti", "paris"),
    ],
)
def test_words_that_are_not_one_class(one: str, other: str) -> None:
    assert stem(one) != stem(other)


@given(st.text(alphabet="aeiouxsrntlmqv", min_size=1, max_size=16))
@settings(max_examples=500, deadline=None)
def test_a_stem_is_never_empty_and_never_longer_by_more_than_its_replacement(word: str) -> None:
    assert 1 <= len(stem(word)) <= len(word) + 1


@given(st.text(st.characters(codec=None), max_size=30))
@settings(max_examples=200, deadline=None)
def test_any_text_has_a_stem(text: str) -> None:
    assert isinstance(stem(text), str)
