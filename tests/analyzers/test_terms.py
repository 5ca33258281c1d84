"""Texts become the terms and classes that readers of both languages expect, whatever the text holds."""

import gc
import re
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kashaf.analyzers import terms as module
from kashaf.analyzers.terms import (
    WORD,
    analyze,
    analyze_word,
    fold,
    is_stopword,
    piece_terms,
    pieces,
    stem_class,
    terms,
)
from kashaf.analyzers.words import LONGEST_TERM


def read_golden(name: str) -> list[dict[str, str]]:
    """The rows of a golden table, with ``\\uXXXX`` turned into characters; the last column may be absent."""
    text = (Path(__file__).parent / name).read_text("utf-8")
    table = re.sub(r"\\u([0-9a-f]{4})", lambda escape: chr(int(escape[1], 16)), text)
    header, *rows = [line.split("\t") for line in table.split("\n") if line and not line.startswith("#")]
    return [dict(zip(header, row, strict=False)) for row in rows]


TERMS = read_golden("golden_terms.tsv")
STEMS = read_golden("golden_stems.tsv")


@pytest.mark.parametrize("row", TERMS, ids=[row["rule"] for row in TERMS])
def test_golden_terms(row: dict[str, str]) -> None:
    assert " ".join("|".join(token.terms) for token in analyze(row["text"])) == row["terms"]


@pytest.mark.parametrize("row", STEMS, ids=[row["rule"] for row in STEMS])
def test_golden_stems(row: dict[str, str]) -> None:
    assert " ".join(token.stem for token in analyze(row["text"])) == row["stems"]


# Characters that meet in the rules: letters of both scripts, marks, joints, numbers, controls, half pairs.
TRICKY = (
    "abeésLMdDnNJqQuÉœßİ1239٣٥٠.,' ’-‑·()_ \u00a0\u202f\u00ad\u200d\u200f\u0301\u064e\u0651\u0640\u0670\u0654"
    "اأإآىةكگوبفلالسيﷺﻻﷲ\ufe76ᵉʳ²½\ud800\u0000кЙがनिα٫٬𞸀"
)
TEXTS = st.one_of(st.text(alphabet=TRICKY, max_size=40), st.text(st.characters(codec=None), max_size=30))


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_words_analysed_one_by_one_give_the_text(text: str) -> None:
    raw_words = WORD.findall(text)
    one_by_one = [term.text for raw in raw_words for term in analyze_word(raw)]
    assert one_by_one == terms(text) == [term for token in analyze(text) for term in token.terms]


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_offsets_point_into_the_text_and_never_go_back(text: str) -> None:
    tokens = analyze(text)
    assert all(token.text == text[token.start : token.end] != "" for token in tokens)
    assert [token.start for token in tokens] == sorted(token.start for token in tokens)
    for raw in WORD.findall(text):
        assert all(0 <= term.start < term.end <= len(raw) for term in analyze_word(raw))


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_a_term_is_its_own_term(text: str) -> None:
    for term in terms(text):
        assert analyze_word(term)[0].text == term == fold(term)
        assert WORD.fullmatch(term) and term.encode() and len(term) <= LONGEST_TERM


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(TEXTS.filter(lambda text: not any("\ud800" <= letter <= "\udfff" for letter in text)))
@settings(max_examples=300, deadline=None)
def test_composed_and_decomposed_text_have_the_same_terms(text: str) -> None:
    assert terms(unicodedata.normalize("NFC", text)) == terms(unicodedata.normalize("NFD", text))


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_every_form_has_a_class(text: str) -> None:
    assert all(token.stem for token in analyze(text))
    assert stem_class(text) or not text
    assert is_stopword(text) in {True, False}


@pytest.mark.parametrize(
    "unit",
    [
        "a", "ا", "é", "a\u0301", "\u0301", "\u200f", "\ud800", "ـ", "ﷺ", "²", "l'", "M’", "a-", "ب-", "a.", "x·",
        "a·e", "(e)", "a(e", "-e-s", "a.e.s", "1 000 ", "1.", "12 ", "1,000", "اa", "مa1-", "ال", "و", " ",
    ],
)  # fmt: skip
def test_time_is_linear(unit: str) -> None:
    def seconds(size: int) -> float:
        text = unit * (size // len(unit)) + "!"
        spent = []
        gc.disable()  # what other tests have left in memory would be gone through again and again
        try:
            for _ in range(3):
                start = time.process_time()
                analyze(text)
                fold(text)
                spent.append(time.process_time() - start)
        finally:
            gc.enable()
        return min(spent)

    # Quadratic time would be a hundredfold; the floor keeps the clock's noise out.
    assert seconds(100_000) < 60 * max(seconds(10_000), 0.01)


@pytest.mark.parametrize(
    "rule, word, folded",
    [
        ("compounds run together", "Vice-Président", "vicepresident"),
        ("what is elided goes", "l’Élysée", "elysee"),
        ("acronyms lose their dots", "O.N.U.", "onu"),
        ("but not in Arabic", "و.م.ع", "و.م.ع"),
        ("numbers are one", "350 000", "350000"),
        ("two scripts stay together", "ب5G", "ب5g"),
        ("a rule may follow a joint", "xx-eme", "xxe"),
        ("nothing in, nothing out", "", ""),
        ("marks alone are nothing", "\u064b\u200f", ""),
    ],
)
def test_fold(rule: str, word: str, folded: str) -> None:
    assert fold(word) == folded


def test_offsets_are_those_of_the_word_without_what_is_elided() -> None:
    [token] = analyze("« L’Élysée »")
    assert (token.text, token.start, token.end) == ("Élysée", 4, 10)


def test_a_joined_form_covers_the_whole_compound() -> None:
    first, joined, second = analyze_word("vice-président")
    assert (first.step, joined.step, second.step) == (1, 0, 1)
    assert (joined.start, joined.end) == (0, 14)


def test_a_long_word_is_found_by_its_beginning() -> None:
    [term] = analyze_word("a" * 1000)
    assert term.text == "a" * LONGEST_TERM
    assert (term.start, term.end) == (0, 1000)


def test_what_is_remembered_is_bounded() -> None:
    size = module._remembered.cache_info().currsize
    analyze_word("b" * 65)
    assert module._remembered.cache_info().currsize == size
    assert module._remembered.cache_info().maxsize is not None


@pytest.mark.parametrize("word", ["le", "dans", "qui", "في", "علي", "التي", "لم"])
def test_words_of_grammar(word: str) -> None:
    assert is_stopword(word)


@pytest.mark.parametrize("word", ["maroc", "ete", "ministre", "المغرب", "وزير", "", "2026"])
def test_words_of_subject(word: str) -> None:
    assert not is_stopword(word)


def test_name_key_joins_the_scripts() -> None:
    [latin], [arabic] = analyze("Seghrouchni"), analyze("السغروشني")
    assert latin.name_key == arabic.name_key != ""


def test_fingerprints_differ() -> None:
    assert module.FINGERPRINT != module.STEM_FINGERPRINT


BLANKS_AND_NUMBERS = st.text("0123456789 \u00a0\u202f\u2009\t\n.,aé٣", max_size=40)


@given(st.one_of(st.text(), BLANKS_AND_NUMBERS))
def test_pieces_hold_the_raw_words_of_the_text(text: str) -> None:
    assert [raw for piece in pieces(text) for raw in WORD.findall(piece)] == WORD.findall(text)


@pytest.mark.parametrize(
    "rule, text, cut",
    [
        ("at blanks", "Le  fonds,\n«oui»", ["Le", "fonds,", "«oui»"]),
        ("not inside a number", "de 350 000 à 1\u202f200\u202f000,", ["de", "350 000", "à", "1\u202f200\u202f000,"]),
        ("a group has three digits", "le 5 2026", ["le", "5", "2026"]),
    ],
)
def test_pieces(rule: str, text: str, cut: list[str]) -> None:
    assert pieces(text) == cut


LETTERS = st.text("abceèéœŒXIVme'’-.,()أإآةىبتaàَـ\u200f·²1", max_size=12)


@given(st.one_of(st.text(), LETTERS))
def test_terms_of_a_piece_are_those_of_its_words(text: str) -> None:
    for piece in pieces(text):
        plain = [(term.text, term.step) for raw in WORD.findall(piece) for term in analyze_word(raw)]
        assert piece_terms(piece) == plain


def test_pieces_take_linear_time() -> None:
    for text in ("1 000" * 40_000, "1 " * 100_000, "1 000 " * 30_000, "x" * 200_000 + "1 000"):
        begun = time.process_time()
        pieces(text)
        assert time.process_time() - begun < 1.0
