"""The query language, from typed text to tree and back."""

import csv
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kashaf.errors import LimitError
from kashaf.search.query import (
    And,
    DateRange,
    Everything,
    Fuzzy,
    Near,
    Node,
    Not,
    Nothing,
    Or,
    Parsed,
    Pattern,
    Phrase,
    Value,
    Word,
    Words,
)
from kashaf.search.syntax import parse

GOLDEN = Path(__file__).parent / "queries.tsv"

# What queries are made of, hostile parts included; joined with and without blanks.
ATOMS = (
    "a b ab foo maroc 350 000 2026 12 d'or L’OR AND OR NOT ET OU SAUF and AND/5 و أو ليس المغرب مُحَمَّد "
    'NEAR/5 قرب/3 NEAR/0 NEAR/99999999999 " " « » “ ” „ ‹ › ( ) ( ) - + * ? ~ ~1 ~3 ~0.8 ~9999999999999 '
    "^2 ^1e999 : titre: headline: person: شخص: date: source: language: foo: http:// [ ] { } > < >= .. … "
    "2026-02 2026-13 TO none , ; ، ؛ ؟ . / \\ ' ’ _ & @ # % ! (e) (s) é É ＊ ： ٭ \u200f \u202e \ud800 \x00 "
    "\ufeff ﷺ ½ ² ᵉ 😀 ـ \u0301 \u064b İ ß français"
).split(" ")
queries = st.lists(st.tuples(st.sampled_from(ATOMS), st.sampled_from(["", " "])), max_size=40).map(
    lambda parts: "".join(atom + blank for atom, blank in parts)
)


def described(node: Node) -> str:
    """A tree in a line that people can read and correct."""
    match node:
        case Everything():
            return "everything"
        case Nothing():
            return "nothing"
        case Word(text, field):
            return text if field is None else f"{text} in {field}"
        case Phrase(text, field, slop):
            return f"“{text}”" + (f" with {slop} between" if slop else "") + (f" in {field}" if field else "")
        case Near(left, right, distance, field):
            return f"{described(left)} within {distance} of {described(right)}"
        case Pattern(text, field):
            return f"like {text}" + (f" in {field}" if field else "")
        case Fuzzy(text, distance, field):
            return f"{text} or {distance} letter off" + (f" in {field}" if field else "")
        case Value(facet, text):
            return f"{facet} = {text}"
        case DateRange(first, last, undated):
            return "undated" if undated else f"from {first} to {last}"
        case Words(clauses):
            return f"words[{' | '.join(map(described, clauses))}]"
        case And(clauses):
            return f"all[{' | '.join(map(described, clauses))}]"
        case Or(clauses):
            return f"any[{' | '.join(map(described, clauses))}]"
        case Not(clause):
            return f"not[{described(clause)}]"


def keys(parsed: Parsed) -> str:
    return " ".join(warning.partition(":")[0] for warning in parsed.warnings)


def golden() -> list[dict[str, str]]:
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("row", golden(), ids=lambda row: row["query"])
def test_golden_query(row: dict[str, str]) -> None:
    parsed = parse(row["query"])
    assert (described(parsed.node), parsed.understood, keys(parsed)) == (
        row["tree"],
        row["understood"],
        row["warnings"],
    )


def test_golden_queries_use_every_warning() -> None:
    """The keys that the module promises are the keys there are."""
    import kashaf.search.syntax as syntax

    assert syntax.__doc__ is not None
    promised = set(syntax.__doc__.partition("**Warnings**")[2].split("``")[1::2])
    met = {key for row in golden() for key in row["warnings"].split()}
    assert met == promised


@given(queries)
@settings(max_examples=400)
def test_what_was_understood_is_the_same_query(q: str) -> None:
    parsed = parse(q)
    again = parse(parsed.understood)
    assert (again.node, again.understood) == (parsed.node, parsed.understood)


@given(st.text())
@settings(max_examples=300)
def test_no_text_is_an_error(q: str) -> None:
    parsed = parse(q)
    assert parse(parsed.understood).node == parsed.node


@pytest.mark.parametrize(
    "opening, closing",
    [("(", ")"), ("NOT ", ""), ("-(", ")"), ("titre:(", ")")],
)
def test_depth_is_limited(opening: str, closing: str) -> None:
    levels = 20 // (2 if opening == "-(" else 1)
    assert parse(opening * levels + "a" + closing * levels).node is not None
    with pytest.raises(LimitError) as caught:
        parse(opening * (levels + 1) + "a" + closing * (levels + 1))
    assert caught.value.limit == "query depth"
    assert caught.value.allowed == 20


@pytest.mark.parametrize("unit", ["a ", '"a b" ', "-a ", "AND ", "person:a ", "date:2026 ", "titre:a* ", "a/", "* "])
def test_clauses_are_limited(unit: str) -> None:
    parse(unit * 256)
    with pytest.raises(LimitError) as caught:
        parse(unit * 257)
    assert caught.value.limit == "query clauses"
    assert caught.value.allowed == 256


UNITS = [
    *ATOMS,
    "( ",
    "- ",
    "-(",
    "a AND ",
    "a:",
    "a: ",
    "titre: ",
    "date:[",
    "date:[ ",
    "date:(",
    "date:[a b c",
    "“x”",
]
UNITS += [
    "«»",
    "»«",
    '"a" أو ',
    "a NEAR/5 ",
    "1 000 ",
    "\\a",
    "a(e",
    "a/",
    "a,b:",
    "a.",
    "’a",
    '-"',
    '"~',
    "a*?",
    "a_",
]


@pytest.mark.parametrize("unit", [unit for unit in UNITS if unit], ids=ascii)
def test_time_is_linear(unit: str) -> None:
    assert seconds(unit) < 2


@pytest.mark.parametrize(
    "start, unit", [("person:(", "a "), ("(", ") "), ('titre:"', "a "), ("date:", "[a "), ("-foo:", '"')]
)
def test_time_is_linear_in_a_field(start: str, unit: str) -> None:
    assert seconds(unit, start) < 2


def seconds(unit: str, start: str = "") -> float:
    """Time to read 100,000 characters; measured: less than one second for any."""
    hostile = (start + unit * (100_000 // len(unit) + 1))[:100_000]
    began = time.process_time()
    try:
        parse(hostile)
    except LimitError:
        pass
    return time.process_time() - began
