"""Family names that stand alone for a person named in full in the same text."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kashaf.analyzers.french_clues import Tokens
from kashaf.analyzers.lone_names import lone_names
from kashaf.analyzers.mentions import extract

AMAL = "قالت الوزيرة أمل الفلاح السغروشني إن المشروع مستمر."


def lone(text: str) -> list[str]:
    """The names that are found with lone names and not without."""
    found = extract(text)
    full = [(m.kind, m.start, m.end) for m in found if len(m.text.split()) > 1]
    return [text[start:end] for _, start, end in lone_names(text, full, Tokens(text))]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("M. Karim Haddad est venu. On rend hommage à Haddad avant le vote.", ["Haddad"]),
        ("Le conseil répond à Haddad\n\nM. Karim Haddad est venu.", ["Haddad"]),  # in the headline, before
        ("M. Karim Haddad est venu. Il va à la rue Haddad, chez les Haddad, dans la Haddad Tower.", []),
        ("M. Karim Haddad et Mme Leïla Haddad sont venus. On répond à Haddad.", []),  # two of one name
        ("M. Karim Haddad est venu. On répond à Jonas Haddad.", []),  # part of a longer name
        ("M. Roland Petit est venu. Petit à petit on avance.", []),  # a common word that opens a sentence
        ("M. Jean Washington est venu. Il retourne à Washington.", []),  # a place
        (f"{AMAL} وأضافت السغروشني أن الأمر تم.", ["السغروشني"]),
        (f"{AMAL} وهذا رد على السغروشني.", ["السغروشني"]),
        (f"المشروع والسغروشني\n\n{AMAL}", ["السغروشني"]),
        ("قال الوزير محمد السعيد إن العيد السعيد قريب.", []),  # an adjective
        ("قال الوزير محمد الأمين إن الأمين العام غادر.", []),  # a function
        ("قال الوزير محمد صالح إن الأمر لصالح البلد.", []),  # in favour of
        ("قال الوزير عبد الله إن رسول الله قال.", []),
        ("قال الوزير محمد ستري إن أديب ستري غادر.", []),  # part of a longer name
    ],
)
def test_lone_names(text: str, expected: list[str]) -> None:
    assert lone(text) == expected


def test_a_lone_name_has_the_full_one() -> None:
    text = f"{AMAL} وأضافت السغروشني أن الأمر تم."
    assert [mention.name for mention in extract(text)] == ["أمل الفلاح السغروشني"] * 2


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["محمد ستري", "ستري", "و", "ل", " ", "\n", "Karim Haddad", "Haddad", "à ", "قال "])))
def test_any_text(pieces: list[str]) -> None:
    text = "".join(pieces)
    spans = [
        ("person", text.index(full), text.index(full) + len(full))
        for full in ("محمد ستري", "Karim Haddad")
        if full in text
    ]
    found = lone_names(text, spans, Tokens(text))  # type: ignore[arg-type]
    taken: set[int] = {n for _, start, end in spans for n in range(start, end)}
    for _, start, end in found:
        assert text[start:end] in ("ستري", "Haddad") and taken.isdisjoint(range(start, end))
        taken.update(range(start, end))


@pytest.mark.parametrize("unit", ["Haddad ", "ستري", "وستري ", "Haddad", "قال ستري "])
def test_time_is_linear(unit: str) -> None:
    text = "M. Karim Haddad. قال محمد ستري." + unit * (100_000 // len(unit))
    spans = [("person", 3, 15), ("person", text.index("محمد"), text.index("ستري") + 4)]
    tokens = Tokens(text)
    begin = time.process_time()
    lone_names(text, spans, tokens)  # type: ignore[arg-type]
    assert time.process_time() - begin < 3
