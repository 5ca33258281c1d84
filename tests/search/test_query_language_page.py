"""Every example of docs/query-language.md is read as the page says; its names and warnings exist."""

import re
from pathlib import Path

import pytest

import kashaf.search.syntax as syntax
from kashaf.search.fields import field_named
from kashaf.search.syntax import parse

PAGE = (Path(__file__).parents[2] / "docs" / "query-language.md").read_text("utf-8")
EXAMPLES = re.findall(r"^\| `(.+?)` \| `(.+?)` \|", PAGE, re.MULTILINE)


@pytest.mark.parametrize("typed, understood", EXAMPLES, ids=ascii)
def test_example(typed: str, understood: str) -> None:
    parsed = parse(typed)
    assert parsed.understood == understood
    assert parsed.warnings == ()


def test_there_are_examples_in_both_languages() -> None:
    assert len(EXAMPLES) > 40
    assert sum(bool(re.search("[\u0621-\u064a]", typed)) for typed, _ in EXAMPLES) > 8


def test_nothing_is_everything() -> None:
    assert "| nothing, or `*` | `*` |" in PAGE
    assert parse("").understood == parse("*").understood == "*"


def test_the_names_of_fields() -> None:
    table = PAGE.partition("| field | names |")[2].partition("\n\n")[0]
    rows = [re.findall(r"`(\S+?):`", row) for row in table.splitlines()]
    fields = [{field_named(name) for name in names} for names in rows if names]
    assert [len(found) for found in fields] == [1] * 9
    assert None not in set().union(*fields)


def test_the_warnings() -> None:
    assert syntax.__doc__ is not None
    promised = set(syntax.__doc__.partition("**Warnings**")[2].split("``")[1::2])
    table = PAGE.partition("## Warnings")[2]
    assert {
        key for row in table.splitlines() for key in re.findall(r"`([a-z-]+)`", row.split("|")[1] if "|" in row else "")
    } == promised
