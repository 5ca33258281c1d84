"""Text on its way out: what each form cannot hold is gone, everything else is left alone."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from kashaf.web.outgoing import PlainJSON, cell, directed, one_line, uri, web_address, writable, xml_text


@pytest.mark.parametrize(
    "url, link",
    [
        ("https://example.org/a?b=c#d", True),
        ("http://example.org", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        ("data:text/html,x", False),
        ("https:example.org", False),
        ("//example.org", False),
        ("/local", False),
        ("https://exa\nmple.org", False),
        ("java\tscript:alert(1)", False),
        ("http://[", False),
        ("ftp://example.org", False),
        ("", False),
        (None, False),
    ],
)
def test_only_web_addresses_become_links(url: str | None, link: bool) -> None:
    assert web_address(url) == (url if link else None)


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t1", "\r1", "\x00=", "＝1", ' "=1', "'=1"])
def test_a_formula_is_disarmed(text: str) -> None:
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "mot", "« mot »", "1 - 2", "المكتبة", "a=b"])
def test_what_is_no_formula_is_left_alone(text: str) -> None:
    assert cell(text) == text


@given(st.text(st.characters(codec=None)))
def test_any_text_can_be_written(text: str) -> None:
    writable(text).encode()
    assert "\n" not in one_line(text) and "\u2028" not in one_line(text)
    root = etree.Element("a")
    root.text = xml_text(text)
    json.loads(PlainJSON(Flask("x")).dumps({"text": text}).encode())


def test_json_has_no_nan() -> None:
    provider = PlainJSON(Flask("x"))
    assert provider.dumps({"a": "كشّاف", "b": 1}) == '{"a": "كشّاف", "b": 1}'
    for number in (float("nan"), float("inf")):
        with pytest.raises(ValueError):
            provider.dumps(number)


@given(st.text("ab\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", max_size=12))
def test_every_direction_that_is_set_ends(text: str) -> None:
    ends: list[str] = []
    written = directed(text)
    for letter in written:
        if letter in "\u202c\u2069":
            assert ends.pop() == letter  # properly nested, none without its beginning
        elif letter in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068":
            ends.append("\u2069" if letter >= "\u2066" else "\u202c")
    assert not ends and directed(written) == written
    assert [c for c in written if c in "ab"] == [c for c in text if c in "ab"]


def test_an_address_is_ascii() -> None:
    assert uri("https://a.example/مقال é?a={1}&b=%20#x") == (
        "https://a.example/%D9%85%D9%82%D8%A7%D9%84%20%C3%A9?a=%7B1%7D&b=%20#x"
    )
