"""Finders of names that others wrote: installed packages that announce one in the group ``kashaf.extractors``.

An extractor is a function of a text and its language (BCP 47, or None) that gives the names in it, each as start,
end, kind ("person" or "organisation") and, if it likes, a score from 0 to 1. What it is sure of (a score of a half
and more, or none) takes the place of what Kashaf finds there; what it is not sure of is taken where Kashaf finds
nothing. Its spans must lie in the text and not overlap. See "Entry points" in the Python packaging guide.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterable
from operator import index
from typing import TYPE_CHECKING

from kashaf.analyzers.spans import Given, Kind, Span
from kashaf.errors import ArticleError, ExtractorError
from kashaf.index.article import MAX_VALUE, is_kind

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint, EntryPoints

GROUP = "kashaf.extractors"
VARIABLE = "KASHAF_EXTRACTOR"  # the one to use where none is named
SURE = 0.5


def installed() -> list[str]:
    """The names of the extractors that are installed, sorted."""
    return sorted({entry.name for entry in _entries()})


def _entries() -> EntryPoints:
    from importlib.metadata import entry_points  # here: to import it takes as long as a search

    return entry_points(group=GROUP)


def chosen(name: str | None) -> Extractor | None:
    """The extractor of a name; of None that of ``$KASHAF_EXTRACTOR``, and of "" none.

    Raises:
        ExtractorError: if it is not installed or cannot be loaded.
    """
    name = os.environ.get(VARIABLE, "") if name is None else name
    return _loaded(name) if name else None


@functools.cache
def _loaded(name: str) -> Extractor:
    entry = next((entry for entry in _entries() if entry.name == name), None)
    if entry is None:
        others = ", ".join(installed()) or "none"
        raise ExtractorError(f"no extractor {name!r} is installed; installed: {others}")
    return Extractor(name, _function(entry))


def _function(entry: EntryPoint) -> Callable[[str, str | None], Iterable[object]]:
    try:
        function = entry.load()
    except Exception as error:
        raise ExtractorError(f"extractor {entry.name!r} cannot be loaded: {type(error).__name__}: {error}") from error
    if not callable(function):
        raise ExtractorError(f"extractor {entry.name!r} cannot be loaded: {entry.value} is not a function")
    checked: Callable[[str, str | None], Iterable[object]] = function
    return checked


class Extractor:
    """One extractor, whose answers are checked.

    Args:
        name: under which it is installed.
        function: of a text and its language.
    """

    def __init__(self, name: str, function: Callable[[str, str | None], Iterable[object]]) -> None:
        self.name = name
        self._function = function

    def __call__(self, text: str, language: str | None) -> Given:
        """The names that it finds in a text.

        Raises:
            ArticleError: if it fails, or gives what cannot be used; the message names it.
        """
        try:
            found = [self._span(text, one) for one in self._function(text, language)]
        except ArticleError:
            raise
        except Exception as error:
            raise ArticleError(f"extractor {self.name!r} failed: {type(error).__name__}: {error}") from error
        found.sort(key=lambda one: one[0][1])
        for (before, _), (after, _) in zip(found, found[1:], strict=False):
            if after[1] < before[2]:
                raise self._refused(f"spans {before[1:]} and {after[1:]} overlap")
        sure, unsure = ([span for span, score in found if (score >= SURE) is wanted] for wanted in (True, False))
        return Given(sure, unsure)

    def _span(self, text: str, one: object) -> tuple[Span, float]:
        if not isinstance(one, tuple | list) or len(one) not in (3, 4):
            raise self._refused(f"{_short(one)} is not (start, end, kind, score)")
        kind = one[2]
        try:
            start, end, score = index(one[0]), index(one[1]), float(one[3]) if len(one) == 4 else 1.0
        except (TypeError, ValueError) as error:
            raise self._refused(f"{_short(one)} is not (start, end, kind, score)") from error
        if not isinstance(kind, str) or not is_kind(kind):
            raise self._refused(f'{_short(kind)} is no kind; kinds are "person" and "organisation"')
        if not 0 <= score <= 1:
            raise self._refused(f"a score of {score:g} is not from 0 to 1")
        if not 0 <= start < end <= len(text):
            raise self._refused(f"span ({start}, {end}) is not in the text of {len(text)} characters")
        start, end = _without_blanks(text, start, end)
        if start >= end or end - start > MAX_VALUE:
            raise self._refused(f"span {one[0], one[1]} is blank or longer than {MAX_VALUE} characters")
        found: Kind = kind
        return (found, start, end), score

    def _refused(self, reason: str) -> ArticleError:
        return ArticleError(f"extractor {self.name!r}: {reason}")


def _without_blanks(text: str, start: int, end: int) -> tuple[int, int]:
    name = text[start:end]
    return start + len(name) - len(name.lstrip()), end - len(name) + len(name.rstrip())


def _short(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 80 else f"{shown[:80]}…"
