"""Did you mean, on a small lexicon."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kashaf.analyzers.fuzzy import FormMatrix
from kashaf.analyzers.terms import fold
from kashaf.search.arabizi import read_arabizi
from kashaf.search.keyboards import retyped
from kashaf.search.spelling import did_you_mean

ARTICLES = {
    form: int(count)
    for form, count in (
        entry.split(":")
        for entry in (
            "intelligence:900 artificielle:400 transformation:800 numerique:700 gouvernement:900 "
            "ministre:990 ministere:900 conseil:950 parlement:300 maroc:999 mars:700 marche:650 "
            "seghrouchni:12 setri:3 setif:600 titre:40 or:80 du:999 prix:500 lundi:900 "
            "الذكاء:700 الاصطناعي:500 الانتقال:400 "
            "الرقمي:450 المغرب:999 المكتب:300 الحكومه:900 حكومه:500 وزيره:300 عبد:600 الله:700 محمد:990 "
            "الصحه:500 عربي:200 رئيس:800 مغرب:90"
        ).split()
    )
}


class SmallLexicon:
    """The lexicon protocol over a few forms."""

    def __init__(self, articles: dict[str, int]) -> None:
        assert all(fold(form) == form for form in articles)
        self._articles = articles
        self._forms = list(articles)
        self._matrix = FormMatrix.of(self._forms)

    def frequency(self, form: str) -> int:
        return self._articles.get(form, 0)

    def near(self, form: str, distance: int, limit: int) -> list[tuple[str, int]]:
        found = [self._forms[number] for number in self._matrix.within(form, distance)]
        return sorted(((form, self._articles[form]) for form in found), key=lambda pair: -pair[1])[:limit]

    def starting_with(self, prefix: str, limit: int) -> list[tuple[str, int]]:
        found = [pair for pair in self._articles.items() if pair[0].startswith(prefix)]
        return sorted(found, key=lambda pair: -pair[1])[:limit]


LEXICON = SmallLexicon(ARTICLES)


@pytest.mark.parametrize(
    "rule, typed, meant",
    [
        ("a letter wrong", "intelligense", "intelligence"),
        ("a letter missing", "goverement", "gouvernement"),
        ("letters exchanged", "الانتقلا", "الانتقال"),
        ("letters that sound alike", "الضكاء", "الذكاء"),
        ("a name", "Segrouchni", "seghrouchni"),
        ("the other words stay as typed", "Intelligense du Maroc", "intelligence du Maroc"),
        (
            "quotes, fields and operators stay",
            'titre:"prix de l’or" AND trensformation -sport',
            'titre:"prix de l’or" AND transformation -sport',
        ),
        (
            "words of a phrase and of a field",
            'titre:gouvernemant "inteligence artificielle"',
            'titre:gouvernement "intelligence artificielle"',
        ),
        ("an elided article stays", "l’inteligence", "l’intelligence"),
        ("two words run together", "الذكاءالاصطناعي", "الذكاء الاصطناعي"),
        ("a name run together", "عبدالله", "عبد الله"),
        ("a word torn apart", "par lement", "parlement"),
        ("a word torn apart in Arabic", "الحكو مة", "الحكومه"),
        ("Arabizi", "7okouma", "حكومه"),
        ("Arabizi with the article", "el7okouma", "الحكومه"),
        ("Arabizi, a hamza", "ra2is", "رئيس"),
        ("Arabizi in a query", "3arabi prix", "عربي prix"),
        ("Arabic meant, AZERTY typed", "hgl;jf", "المكتب"),
        ("Arabic meant, QWERTY typed", "lpl]", "محمد"),
        ("French meant, Arabic typed", "ؤخىسثهم", "conseil"),
        ("two words of the other keyboard", "hgpl,lm", None),
        ("a rare word that is far from common ones", "setri", None),
        ("nothing near", "xylophoniste", None),
        ("known words", "ministre du Maroc", None),
        ("a word family that the search finds", "ministres", None),
        ("function words", "les", None),
        ("numbers", "20265", None),
        ("excluded words", "maroc -gouvernemant", None),
        ("facet values", "person:Segrouchni", None),
        ("nothing typed", "", None),
        ("no words", "!!! ()", None),
    ],
)
def test_did_you_mean(rule: str, typed: str, meant: str | None) -> None:
    assert did_you_mean(typed, LEXICON) == meant


def test_a_rare_word_beside_a_very_common_one() -> None:
    lexicon = SmallLexicon({"gouvernement": 900, "gouvernemant": 1})
    assert did_you_mean("gouvernemant", lexicon) == "gouvernement"


@pytest.mark.parametrize(
    "typed, meant",
    [("hgl;jf", "المكتب"), ("lplm", "محمة"), ("شمهشءثي", "qliqxed"), ("لاهث", "bie"), ("جدة", "^$,")],
)
def test_retyped_keys(typed: str, meant: str) -> None:
    assert meant in retyped(typed)


@given(st.sampled_from(list(ARTICLES)))
def test_retyping_twice_gives_the_word_back(form: str) -> None:
    assert any(form in retyped(other) for other in retyped(form))


@pytest.mark.parametrize("word", ["covid19", "g20", "5g", "2e", "22", "maroc", "7", "b2b"])
def test_not_arabizi(word: str) -> None:
    assert read_arabizi(word, LEXICON) is None


@given(st.text(max_size=60))
def test_no_query_is_an_error(q: str) -> None:
    found = did_you_mean(q, LEXICON)
    assert found is None or found != q


@pytest.mark.parametrize("q", ["xqz " * 250, "7a" * 500, "ا" * 1000, "a2b3 " * 200, '"' * 1000, "xq" * 40 + " qx" * 7])
def test_hostile_queries_take_bounded_time(q: str) -> None:
    start = time.process_time()
    did_you_mean(q, LEXICON)
    assert time.process_time() - start < 0.5
