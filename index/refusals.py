"""An input that was not taken in, and why."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

Notice = Callable[[str, str], None]  # called with where and reason when only a part was not understood

# Line breaks would forge lines of a log, bidi controls would show a name backwards.
_UNSHOWABLE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Refusal:
    """An input that was not taken in; the others go on.

    Attributes:
        where: the file, with the number of the line or record where there is one ("news.jsonl:17").
        reason: one clear sentence.
    """

    where: str
    reason: str


def showable(name: str) -> str:
    """A file name that is safe in a message: control and bidi characters become "?"."""
    return _UNSHOWABLE.sub("?", name)
