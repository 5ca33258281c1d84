"""Persons and organisations in Arabic text."""

import csv
from pathlib import Path

import pytest

from kashaf.analyzers.arabic_clues import core, fold, hints
from kashaf.analyzers.arabic_mentions import find

with (Path(__file__).parent / "arabic_mentions.tsv").open(encoding="utf-8", newline="") as table:
    ROWS = list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("row", ROWS, ids=[row["rule"] for row in ROWS])
def test_golden_sentences(row: dict[str, str]) -> None:
    text = row["text"]
    found = find(text)
    assert [text[start:end] for kind, start, end in found if kind == "person"] == _names(row["persons"])
    assert [text[start:end] for kind, start, end in found if kind == "organisation"] == _names(row["organisations"])


def _names(cell: str) -> list[str]:
    return cell.split("|") if cell else []


@pytest.mark.parametrize(
    "word, folded",
    [("السَّغْروشني", "السغروشني"), ("إدارة", "اداره"), ("مصطفى", "مصطفي"), ("أگادير", "اكادير"), ("", "")],
)
def test_fold(word: str, folded: str) -> None:
    assert fold(word) == folded


@pytest.mark.parametrize(
    "word, rest",
    [("وبالمغرب", "مغرب"), ("للامم", "امم"), ("ولد", "ولد"), ("بلير", "بلير"), ("والي", "الي"), ("الله", "الله")],
)
def test_core_takes_clitics_off_where_a_word_remains(word: str, rest: str) -> None:
    assert core(word) == rest


def test_well_known_organisation_is_seen_behind_a_clitic() -> None:
    words = "قرارات للامم المتحده و البنك الدولي".split()
    assert hints(words, range(len(words))) == {
        1: "begins",
        2: "inside",
        4: "begins",
        5: "inside",
    }
