"""Word lists for finding names: what a word can be, as small sets of bits.

The lists live in the package's ``data`` folder, each with its source and licence on top.
"""

from __future__ import annotations

import functools
import gzip
from collections.abc import Iterator
from importlib.resources import files


def _lines(name: str) -> Iterator[tuple[str, str]]:
    """The (class, words) lines of a packaged list."""
    raw = (files("kashaf.analyzers") / "data" / name).read_bytes()
    text = (gzip.decompress(raw) if name.endswith(".gz") else raw).decode("utf-8")
    for line in text.split("\n"):
        kind, tab, words = line.partition("\t")
        if tab and not line.startswith("#"):
            yield kind, words


@functools.cache
def word_classes(name: str) -> dict[str, frozenset[str]]:
    """Class -> words of a list whose lines read ``class TAB words``."""
    classes: dict[str, set[str]] = {}
    for kind, words in _lines(name):
        classes.setdefault(kind, set()).update(words.split())
    return {kind: frozenset(words) for kind, words in classes.items()}


@functools.cache
def territories(language: str) -> frozenset[str]:
    """Names of countries and regions in French (``fr``) or Arabic (``ar``)."""
    return frozenset(name for kind, name in _lines("territories.tsv") if kind == language)


@functools.cache
def known_organisations(script: str) -> frozenset[str]:
    """Names of well-known organisations in Arabic (``ar``) or Latin (``fr``) script."""
    return _names("known_organisations.txt", script)


@functools.cache
def other_names(kind: str) -> frozenset[str]:
    """French names of neither persons nor organisations: of places (``place``), of meetings and such (``other``)."""
    return _names("other_names.txt", kind)


def _names(file: str, wanted: str) -> frozenset[str]:
    """The names of one class of a packaged list whose lines read ``class TAB name|name``."""
    return frozenset(name for kind, names in _lines(file) if kind == wanted for name in names.split("|"))
