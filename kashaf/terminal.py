"""Words of articles on a terminal: they are other people's, so nothing in them may steer it."""

from __future__ import annotations

import json
import re

import click

from kashaf.search.results import Mark, Passage

# Escape sequences, bidi controls and halves of surrogate pairs: they move the cursor, turn a line round, or
# cannot be written at all.
_UNSAFE = "\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff"
_CONTROL = re.compile(f"[{_UNSAFE}]")
_BLANKS = re.compile(r"\s+")


def safe(text: str) -> str:
    """Text without what could steer a terminal; its line breaks stay."""
    return _CONTROL.sub("", text.replace("\r\n", "\n")).expandtabs(4)


def one_line(text: str) -> str:
    """Safe text with each run of blanks and line breaks as one space.

    >>> one_line("Rabat \\u202e\\n\\x1b[31m et Doha")
    'Rabat [31m et Doha'
    """
    return _BLANKS.sub(" ", _CONTROL.sub("", text)).strip()


def marked(passage: Passage, bold: bool) -> str:
    """A passage on one line, its matches in bold or between « and ».

    >>> marked(Passage("le Maroc et le Qatar", ((3, 8),)), bold=False)
    'le «Maroc» et le Qatar'
    """
    pieces: list[str] = []
    end = 0
    for start, stop in _within(passage.marks, len(passage.text)):
        match = _CONTROL.sub("", passage.text[start:stop])
        pieces += [
            _CONTROL.sub("", passage.text[end:start]),
            click.style(match, bold=True) if bold else f"«{match}»",
        ]
        end = stop
    pieces.append(_CONTROL.sub("", passage.text[end:]))
    return _BLANKS.sub(" ", "".join(pieces)).strip()


def _within(marks: tuple[Mark, ...], length: int) -> tuple[Mark, ...]:
    return tuple((start, end) for start, end in marks if 0 <= start < end <= length)


def as_json(value: object) -> str:
    """JSON for people and programs: letters of every script as they are, unsafe characters as escapes.

    >>> as_json({"headline": "كتاب \\u202e"})
    '{\\n  "headline": "كتاب \\\\u202e"\\n}'
    """
    return escaped(json.dumps(value, ensure_ascii=False, indent=2))


def escaped(text: str) -> str:
    """Text with unsafe characters as JSON writes escapes; line breaks and tabs stay."""
    return _CONTROL.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def spelled(text: str) -> str:
    """An argument as text: bytes that are not UTF-8 arrive as halves of surrogate pairs, and become "�"."""
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
