"""The arithmetic of addresses: every state one address, every link one step."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from kashaf.web.addresses import Address

START = Address.of(
    MultiDict(
        [("q", "port"), ("person", "p1"), ("person", "p2"), ("page", "3"), ("from", ""), ("utm", "x"), ("lang", "ar")]
    )
)


def test_only_known_parameters_with_a_value_make_a_state() -> None:
    assert START.pairs == (("q", "port"), ("person", "p1"), ("person", "p2"), ("page", "3"))


@pytest.mark.parametrize(
    "step, reached",
    [
        (START.adding("person", "p3"), "/?q=port&person=p1&person=p2&person=p3"),
        (START.adding("person", "p1"), "/?q=port&person=p2&person=p1"),
        (START.removing("person", "p1"), "/?q=port&person=p2"),
        (START.turned({"page": 4}), "/?q=port&person=p1&person=p2&page=4"),
        (START.changed({"sort": "newest"}), "/?q=port&person=p1&person=p2&sort=newest"),
        (START.changed({"q": None}), "/?person=p1&person=p2"),
        (START.kept(("q",)), "/?q=port"),
        (Address(()), "/"),
        (Address((("q", "a&b=c «é» \ud800"),)), "/?q=a%26b%3Dc+%C2%AB%C3%A9%C2%BB+%3F"),
    ],
)
def test_steps(app: Flask, step: Address, reached: str) -> None:
    with app.test_request_context():
        assert str(step) == reached


@pytest.mark.parametrize(
    "given, total, page, size, cursor, following",
    [
        ("page=1", 30, 1, 10, "c", {"page": "2"}),
        ("page=3", 30, 3, 10, None, None),
        ("page=100", 20_000, 100, 100, "c", {"cursor": "c"}),
        ("page=100", 10_000, 100, 100, None, None),
        ("cursor=b", 20_000, 1, 100, "c", {"cursor": "c"}),
        ("cursor=b", 20_000, 1, 100, None, None),
        ("size=0", 20_000, 1, 0, None, None),
    ],
)
def test_the_next_page(
    given: str, total: int, page: int, size: int, cursor: str | None, following: dict[str, str] | None
) -> None:
    name, _, value = given.partition("=")
    found = Address(((name, value),)).next_page(total, page, size, cursor)
    assert (dict(found.pairs) if found else None) == following
