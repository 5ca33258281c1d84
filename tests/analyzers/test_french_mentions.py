"""Persons and organisations in French text."""

import csv
from pathlib import Path

import pytest

from kashaf.analyzers.french_mentions import find

with (Path(__file__).parent / "french_mentions.tsv").open(encoding="utf-8", newline="") as table:
    ROWS = list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("row", ROWS, ids=[row["rule"] for row in ROWS])
def test_golden_sentences(row: dict[str, str]) -> None:
    text = row["text"]
    found = find(text)
    assert [text[start:end] for kind, start, end in found if kind == "person"] == _names(row["persons"])
    assert [text[start:end] for kind, start, end in found if kind == "organisation"] == _names(row["organisations"])


def _names(cell: str) -> list[str]:
    return cell.split("|") if cell else []


def test_part_of_a_name_is_known_once_the_name_was_read() -> None:
    text = "La peintre Aziyadé Boukhris expose. Les toiles de Boukhris voyagent."
    assert [text[start:end] for _, start, end in find(text)] == ["Aziyadé Boukhris", "Boukhris"]
