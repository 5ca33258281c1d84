"""Patterns: words of a shape, ``*`` for any letters and ``?`` for one."""

from __future__ import annotations

import re

from kashaf.analyzers.terms import fold


def folded_pattern(text: str) -> str:
    """The pattern with its letters folded as words are, its wildcards kept."""
    return "".join(part if part in "*?" else fold(part) for part in re.split(r"([*?])", text) if part)


def shape_of(shape: str) -> re.Pattern[str]:
    """The expression of a pattern; what lies between two stars is found once and kept, so that it is linear."""
    pieces = ["".join("." if c == "?" else re.escape(c) for c in piece) for piece in shape.split("*")]
    first, *middle = pieces[:-1] or [""]
    between = "".join(f"(?>.*?{piece})" for piece in middle if piece)
    return re.compile(f"{first}{between}.*{pieces[-1]}" if len(pieces) > 1 else pieces[0], re.DOTALL)
