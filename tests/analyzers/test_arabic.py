"""Arabic words: one spelling for one word, and classes that keep names whole."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kashaf.analyzers.arabic import fold, terms
from kashaf.analyzers.arabic_stem import stem


@pytest.mark.parametrize(
    "rule, word, folded",
    [
        ("vowel marks go", "مُحَمَّدٌ", "محمد"),
        ("the small alef goes", "هٰذا", "هذا"),
        ("tatweel goes", "كتـــاب", "كتاب"),
        ("alefs are one", "أإآٱا", "ااااا"),
        ("final yeh without dots", "على", "علي"),
        ("ta marbuta", "مدرسة", "مدرسه"),
        ("Persian keyboard", "ملکی", "ملكي"),
        ("Maghrebi g", "أڭݣگ", "اككك"),
        ("lam-alef ligatures", "ﻷﻻ", "لالا"),
        ("the name of God", "ﷲ", "الله"),
        ("a phrase in one sign gives its words", "ﷺ", "صلي الله عليه وسلم"),
        ("controls go", "\u200fقال\u200cوا\u202c", "قالوا"),
        ("waw and yeh keep their hamza", "مؤمن شئ", "مؤمن شئ"),
        ("nothing in, nothing out", "", ""),
        ("marks alone are nothing", "\u064b\u0640", ""),
    ],
)
def test_fold(rule: str, word: str, folded: str) -> None:
    assert fold(word) == folded


@given(st.text(alphabet="ابتةىأإآؤئءـ ًَُّٰٕٔپچگڭکیہھﷺﷲﻻ\ufe77\u200c"))
@settings(max_examples=200, deadline=None)
def test_folding_twice_changes_nothing(word: str) -> None:
    assert fold(fold(word)) == fold(word)


@given(st.text(alphabet="ابتهيونلكفسمؤئءا", min_size=1, max_size=14))
@settings(max_examples=500, deadline=None)
def test_a_stem_is_short_but_never_empty(word: str) -> None:
    assert 2 <= len(stem(word)) <= len(word) or stem(word) == word


@given(st.text(st.characters(codec=None), max_size=30))
@settings(max_examples=200, deadline=None)
def test_any_text_has_a_stem(text: str) -> None:
    assert isinstance(stem(text), str)


def test_parts_keep_their_places() -> None:
    places = [(term.text, term.start, term.end, term.step) for term in terms("أورو-متوسطي", offset=5)]
    assert places == [("اورو", 5, 9, 1), ("اورومتوسطي", 5, 16, 0), ("متوسطي", 10, 16, 1)]


@pytest.mark.parametrize("name", "كمال فيصل سليمان عدنان لقمان حمدان سامي مهدي باسم وليد بوريطه السودان".split())
def test_names_keep_their_letters(name: str) -> None:
    assert stem(name).removesuffix("ه") == name.removeprefix("ال").removesuffix("ه")


@pytest.mark.parametrize(
    "one, other",
    [("كمال", "مال"), ("فيصل", "يصل"), ("سنجار", "نجار"), ("فوزي", "فوز"), ("لسان", "سان"), ("رئيسي", "رئيس")],
)
def test_words_that_are_not_one_class(one: str, other: str) -> None:
    assert stem(one) != stem(other)
