"""The text of an article laid out for reading: paragraphs, clutter folded away, names and matches in place.

Text is only ever cut here, never turned into HTML: the template escapes each piece. Where pieces
meet, nothing is added, so Arabic letters stay joined.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from markupsafe import Markup, escape

from kashaf.index.article import Ignored, Kind, Mention
from kashaf.search.results import Mark, Passage

_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
_LINE = re.compile(r"\n")


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters that are shown alike."""

    text: str
    is_match: bool


@dataclass(frozen=True, slots=True)
class Run:
    """Pieces in a row that belong to one name, or to none."""

    entity: str | None
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Paragraphs that are read, or (with reasons) that were set aside as clutter."""

    paragraphs: tuple[tuple[Run, ...], ...]
    reasons: tuple[str, ...] = ()


def marked(passage: Passage | str) -> Markup:
    """A passage as HTML, its matches in <mark>; every character of it escaped."""
    if isinstance(passage, str):
        return escape(passage)
    pieces, at = [], 0
    for start, end in passage.marks:
        if at <= start < end <= len(passage.text):
            pieces += [escape(passage.text[at:start]), "<mark>", escape(passage.text[start:end]), "</mark>"]
            at = end
    pieces.append(escape(passage.text[at:]))
    return Markup("".join(pieces))


class Span(NamedTuple):
    """A range of characters, and the entity that it names if it is a name."""

    start: int
    end: int
    entity: str | None = None


class Spans:
    """Ranges of one text in order, those that would overlap left out; found again in logarithmic time."""

    def __init__(self, spans: Iterable[Span], length: int) -> None:
        self._spans: list[Span] = []
        at = 0
        for span in sorted(spans, key=lambda s: (s.start, -s.end)):
            if at <= span.start < span.end <= length:
                self._spans.append(span)
                at = span.end
        self._starts = [span.start for span in self._spans]
        self._ends = [span.end for span in self._spans]

    def between(self, start: int, end: int) -> list[Span]:
        """The ranges that reach into text[start:end], cut to it."""
        first, last = bisect_right(self._ends, start), bisect_left(self._starts, end)
        return [Span(max(s.start, start), min(s.end, end), s.entity) for s in self._spans[first:last]]


NOTHING = Spans((), 0)


def lay_out(
    text: str,
    marks: Sequence[Mark],
    names: Iterable[Mention],
    ids: Mapping[tuple[Kind, str], str],
    ignored: Sequence[Ignored] = (),
) -> list[Block]:
    """Text cut into blocks.

    Args:
        marks: matches, character ranges of `text`.
        names: mentions in `text`.
        ids: kind and name -> entity id; names without one are left as text.
        ignored: clutter of `text`, in order, not overlapping.
    """
    matches = Spans((Span(*mark) for mark in marks), len(text))
    links = Spans((Span(n.start, n.end, ids[n.kind, n.name]) for n in names if (n.kind, n.name) in ids), len(text))
    boundary = _BLANK_LINE if _BLANK_LINE.search(text) else _LINE
    blocks: list[Block] = []
    at = 0
    for clutter in (*ignored, Ignored(len(text), len(text), "")):
        start, end = max(at, clutter.start), min(clutter.end, len(text))
        if found := _paragraphs(text, at, start, boundary, matches, links):
            blocks.append(Block(found))
        if found := _paragraphs(text, start, end, _LINE, NOTHING, NOTHING):
            if blocks and blocks[-1].reasons:  # only white space between: one fold
                before = blocks.pop()
                reasons = tuple(dict.fromkeys((*before.reasons, clutter.reason)))
                blocks.append(Block(before.paragraphs + found, reasons))
            else:
                blocks.append(Block(found, (clutter.reason,)))
        at = max(at, end)
    return blocks


def line(text: str, marks: Sequence[Mark]) -> tuple[Run, ...]:
    """A text of one paragraph, such as a headline."""
    return _runs(text, 0, len(text), Spans((Span(*mark) for mark in marks), len(text)), NOTHING)


def matches(paragraphs: Iterable[Sequence[Run]]) -> int:
    """How many pieces of some paragraphs are matches."""
    return sum(piece.is_match for runs in paragraphs for run in runs for piece in run.pieces)


def _paragraphs(
    text: str, start: int, end: int, boundary: re.Pattern[str], matches: Spans, links: Spans
) -> tuple[tuple[Run, ...], ...]:
    """The paragraphs of text[start:end] that hold more than white space."""
    if start >= end:
        return ()
    found = []
    for until, after in (*((m.start(), m.end()) for m in boundary.finditer(text, start, end)), (end, end)):
        if text[start:until].strip():
            found.append(_runs(text, start, until, matches, links))
        start = after
    return tuple(found)


def _runs(text: str, start: int, end: int, matches: Spans, links: Spans) -> tuple[Run, ...]:
    runs, at = [], start
    for link in (*links.between(start, end), Span(end, end)):
        runs.append(Run(None, _pieces(text, at, link.start, matches)))
        runs.append(Run(link.entity, _pieces(text, link.start, link.end, matches)))
        at = link.end
    return tuple(run for run in runs if run.pieces)


def _pieces(text: str, start: int, end: int, matches: Spans) -> tuple[Piece, ...]:
    pieces, at = [], start
    for match in (*matches.between(start, end), Span(end, end)):
        pieces += [Piece(text[at : match.start], False), Piece(text[match.start : match.end], True)]
        at = match.end
    return tuple(piece for piece in pieces if piece.text)
