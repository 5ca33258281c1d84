"""Marks and passages."""

import re
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kashaf.analyzers.terms import WORD, analyze, stem_class
from kashaf.index.article import Ignored
from kashaf.search.highlight import Wanted, headline, marks, snippets


def forms(*words: str) -> Wanted:
    return Wanted(forms=frozenset(words))


def marked(text: str, wanted: Wanted, ignored: tuple[Ignored, ...] = ()) -> list[str]:
    return [text[start:end] for start, end in marks(text, wanted, ignored)]


@pytest.mark.parametrize(
    "rule, text, wanted, found",
    [
        ("a form", "Le Maroc et le MAROC", forms("maroc"), ["Maroc", "MAROC"]),
        ("accents are those of the text", "L’Élysée, l'elysée", forms("elysee"), ["Élysée", "elysée"]),
        ("decomposed accents stay in", "e\u0301te\u0301", forms("ete"), ["e\u0301te\u0301"]),
        ("vowel marks and tatweel stay in", "قال مُحَمَّدـــٌ هنا", forms("محمد"), ["مُحَمَّدـــٌ"]),
        (
            "the whole Arabic word, clitics included",
            "وبالتحول الرقمي",
            Wanted(stems=frozenset({stem_class("التحول")})),
            ["وبالتحول"],
        ),
        ("a part of a compound", "la vice-présidente", forms("presidente"), ["présidente"]),
        ("a compound by its joined form", "la vice-présidente", forms("vicepresidente"), ["vice-présidente"]),
        (
            "a phrase as a whole",
            "le sommet de Doha",
            Wanted(phrases=(("sommet", "de", "doha"),)),
            ["sommet de Doha"],
        ),
        ("a phrase over a line break", "sommet\n de Doha", Wanted(phrases=(("de", "doha"),)), ["de Doha"]),
        ("not the words of a phrase apart", "Doha : un sommet", Wanted(phrases=(("sommet", "doha"),)), []),
        ("a phrase of one word", "Doha", Wanted(phrases=(("doha",),)), ["Doha"]),
        (
            "a phrase through a compound",
            "la vice-présidente du Sénat",
            Wanted(phrases=(("vice", "presidente", "du"),)),
            ["vice-présidente du"],
        ),
        (
            "a compound name with its joined form",
            "Saad-Eddine El Othmani",
            Wanted(phrases=(("saad", "saadeddine", "eddine", "el", "othmani"),)),
            ["Saad-Eddine El Othmani"],
        ),
        ("marks that touch are one", "O.N.U.", forms("onu"), ["O.N.U."]),
        ("nothing wanted", "Doha", Wanted(), []),
    ],
)
def test_marks(rule: str, text: str, wanted: Wanted, found: list[str]) -> None:
    assert marked(text, wanted) == found


def test_touching_marks_are_merged() -> None:
    wanted = Wanted(frozenset({"sommet", "doha"}), phrases=(("sommet", "doha"),))
    assert marked("Sommet Doha", wanted) == ["Sommet Doha"]


def test_ignored_text_is_not_marked_and_parts_phrases() -> None:
    text = "Doha Doha Doha"
    assert marks(text, forms("doha"), (Ignored(5, 9, "menu"),)) == ((0, 4), (10, 14))
    assert marks(text, Wanted(phrases=(("doha", "doha"),)), (Ignored(5, 9, "menu"),)) == ()


def test_headline_is_one_line() -> None:
    passage = headline("  Sommet\n\tde   Doha ", forms("doha"))
    assert (passage.text, passage.marks) == ("Sommet de Doha", ((10, 14),))


TEXT = (
    "Première phrase sans rien. " * 10
    + "La ministre parle du numérique à Doha. "
    + "Encore une phrase de remplissage, assez longue pour séparer les passages. " * 4
    + "Le Maroc signe un accord. "
    + "Du texte, encore du texte, toujours du texte. " * 6
    + "Le numérique, encore le numérique."
)


def test_snippets_show_each_word_before_repeating_one() -> None:
    found = snippets(TEXT, forms("numerique", "doha", "maroc"), fragments=2)
    shown = {passage.text[start:end] for passage in found for start, end in passage.marks}
    assert shown == {"numérique", "Doha", "Maroc"}


def test_snippets_start_with_a_sentence_and_follow_the_text() -> None:
    first, second, third = snippets(TEXT, forms("numerique", "doha", "maroc"))
    assert first.text.startswith("La ministre parle")
    assert second.text.startswith("Le Maroc signe")
    assert "encore le numérique." in third.text


def test_snippet_without_a_match_is_the_beginning() -> None:
    (passage,) = snippets(
        "Accueil\nLe  début\nde l’article. " + "Suite. " * 60, forms("doha"), (Ignored(0, 7, "menu"),)
    )
    assert passage.text.startswith("Le début de l’article.")
    assert len(passage.text) <= 180
    assert passage.marks == ()


@pytest.mark.parametrize("text", ["", "  \n ", "Menu"])
def test_no_text_has_no_snippet(text: str) -> None:
    assert snippets(text, forms("doha"), (Ignored(0, 4, "menu"),)) == ()


def test_a_word_of_tatweel_does_not_make_a_passage() -> None:
    text = "قبل " + "م" + "ـ" * 5000 + "حمد بعد محمد"
    (passage,) = snippets(text, forms("محمد"))
    assert len(passage.text) < 400
    assert passage.text.endswith("محمد")


words = st.sampled_from(
    "Doha doha d’Doha sommet الدوحة وبالدُّوحة قـطر e\u0301te\u0301 vice-président x O.N.U. 350\u202f000".split(" ")
)
blanks = st.sampled_from([" ", "\n", "  ", ". ", ", ", " \n\n", "؟ ", "-", "’"])
texts = st.lists(st.tuples(words, blanks), max_size=80).map(lambda parts: "".join(w + b for w, b in parts))
WANTED = Wanted(
    frozenset({"doha", "ete", "onu", "350000", "قطر"}),
    frozenset({stem_class("الدوحه")}),
    (("sommet", "doha"), ("president", "x"), ("doha", "doha", "doha")),
)


@given(texts, st.lists(st.tuples(st.integers(0, 300), st.integers(1, 40)), max_size=4))
@settings(max_examples=150)
def test_marks_are_whole_words_outside_ignored_text(text: str, spans: list[tuple[int, int]]) -> None:
    spaces = [0, *(at + 1 for at, letter in enumerate(text) if letter == "\n"), len(text)]
    ignored = tuple(
        Ignored(start, end, "menu")
        for start, end in zip(spaces, spaces[1:], strict=False)
        if any(start <= at < end for at, _ in spans)
    )
    found = marks(text, WANTED, ignored)
    edges = {edge for token in analyze(text) for edge in (token.start, token.end)}
    assert all(start in edges and end in edges for start, end in found)
    assert all(before[1] < after[0] for before, after in zip(found, found[1:], strict=False))
    assert not any(start < piece.end and piece.start < end for start, end in found for piece in ignored)
    for passage in snippets(text, WANTED, ignored, length=40):
        assert passage.text == " ".join(passage.text.split())
        inner = {edge for token in analyze(passage.text) for edge in (token.start, token.end)}
        # Two numbers of two lines read as one on one line: the marks are those of the lines.
        if not re.search(r"\d \d{3}", passage.text):
            assert all(start in inner and end in inner for start, end in passage.marks)
        shown = "".join(text[a:b] for a, b in _outside(len(text), ignored))
        assert passage.text in " ".join(shown.split()) or not passage.marks


def _outside(length: int, ignored: tuple[Ignored, ...]) -> list[tuple[int, int]]:
    edges = [0, *(edge for piece in ignored for edge in (piece.start, piece.end)), length]
    return list(zip(edges[::2], edges[1::2], strict=True))


@given(st.text(max_size=300))
def test_no_text_is_an_error(text: str) -> None:
    wanted = Wanted(frozenset(token.terms[0] for token in analyze(text)[::2]))
    for start, end in marks(text, wanted):
        assert 0 <= start < end <= len(text)
    for passage in (headline(text, wanted), *snippets(text, wanted)):
        assert all(0 <= start < end <= len(passage.text) for start, end in passage.marks)


@given(texts)
@settings(max_examples=50)
def test_both_unicode_forms_have_the_same_marks(text: str) -> None:
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert [unicodedata.normalize("NFC", word) for word in marked(decomposed, WANTED)] == marked(composed, WANTED)


@pytest.mark.parametrize("unit", ["a ", "doha ", "a", "ـ", "\u0301", " ", "\n", ".\n", "doha. ", "\ud800", "دوحة "])
def test_two_megabytes_take_bounded_time(unit: str) -> None:
    text = unit * (2_000_000 // len(unit))
    wanted = Wanted(frozenset({"doha"}), frozenset({"دوح"}), (("a",) * 100, ("doha", "doha")))
    start = time.process_time()
    snippets(text, wanted)
    assert time.process_time() - start < 8


def test_an_article_takes_about_a_millisecond() -> None:
    text = (TEXT * 4)[: 400 * 6]
    assert 300 < len(WORD.findall(text)) < 500
    wanted = forms("numerique", "doha")
    snippets(text, wanted)
    start = time.process_time()
    for _ in range(20):
        snippets(text, wanted)
    assert (time.process_time() - start) / 20 < 0.005  # with room for a busy machine; measured: 0.0007
