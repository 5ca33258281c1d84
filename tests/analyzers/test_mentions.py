"""kashaf.extract: both scripts, spans, and the fullest form of each name."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kashaf.analyzers.mentions import Found, extract, extract_all

PIECES = ["Mme ", "Karim ", "de ", "Banque ", "محمد ", "وزير ", "ONU ", "(", ")", "\u200f", "\ud800", "\x00", "\u064b"]
ALPHABET = st.sampled_from([*"aéMB.،, \n\"«»'’-0ابتمحدلوبكـ", *PIECES])
HOSTILE = ["A", "Ab ", "Karim ", "Banque de la ", "de ", "M. ", "« ", "L'", "A.", "Le Pen ", "A-", "(AB) ", "("]
HOSTILE += ["محمد ", "و", "وزير ، ", "\u064b", "الأمم "]


def names(text: str) -> list[tuple[str, str]]:
    return [(mention.text, mention.name) for mention in extract(text)]


@settings(max_examples=150, deadline=None)
@given(st.lists(ALPHABET, max_size=60).map("".join))
def test_spans_hold_for_any_text(text: str) -> None:
    last = 0
    for mention in extract(text):
        assert text[mention.start : mention.end] == mention.text != ""
        assert mention.start >= last
        assert mention.name and mention.kind in ("person", "organisation")
        last = mention.end


@pytest.mark.parametrize("unit", HOSTILE)
def test_time_is_linear_on_hostile_text(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    extract(text[:1000])
    start = time.process_time()
    extract(text)
    assert time.process_time() - start < 6


OIT = "Organisation internationale du travail"
AMAL = "أمل الفلاح السغروشني"


@pytest.mark.parametrize(
    "text, mention, name",
    [
        ("Mme Leïla Haddad parle, puis Mme Haddad", "Haddad", "Leïla Haddad"),
        ("La ministre Leïla Haddad parle. La ministre Haddad", "Haddad", "Leïla Haddad"),
        ("Mme Leïla Haddad et M. Karim Haddad parlent. Le suivant est M. Haddad", "Haddad", "Haddad"),
        (f"L'{OIT} (OIT) siège. C'est l'OIT", "OIT", OIT),
        (f"قالت الوزيرة {AMAL} إن المشروع مستمر. وأضافت السغروشني", "السغروشني", AMAL),
    ],
)
def test_name_is_the_fullest_form_in_the_text(text: str, mention: str, name: str) -> None:
    assert names(text)[-1] == (mention, name)


def test_full_name_may_follow() -> None:
    assert names("Mme Haddad parle. Leïla Haddad sort.")[0] == ("Haddad", "Leïla Haddad")


def test_both_scripts_in_one_text() -> None:
    text = "Le ministre Karim Belkacem (كريم بلقاسم) est à Rabat. وقال الوزير كريم بلقاسم إن المشروع مستمر."
    assert ("Karim Belkacem", "Karim Belkacem") in names(text)
    assert ("كريم بلقاسم", "كريم بلقاسم") in names(text)


def test_many_texts_at_once_give_what_each_gives_alone() -> None:
    texts = ["Mme Leïla Haddad parle.", "", f"قالت الوزيرة {AMAL} إن المشروع مستمر.", "Karim Belkacem (كريم بلقاسم)"]
    assert extract_all(texts * 20) == [extract(text) for text in texts] * 20
    assert extract_all([]) == []


def test_nothing_in_nothing_out() -> None:
    assert extract("") == []


def test_order_and_kind() -> None:
    text = "L'ONU félicite Karim Belkacem."
    assert extract(text) == [
        Found("organisation", "ONU", 2, 5, "ONU"),
        Found("person", "Karim Belkacem", 15, 29, "Karim Belkacem"),
    ]
