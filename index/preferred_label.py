"""Which of its spellings a person or organisation is shown under."""

from __future__ import annotations

import re
from collections.abc import Sequence

_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]")
_PART = 3  # a fuller form is preferred when it is seen a third as often as the most frequent one


def is_arabic(name: str) -> bool:
    """Whether a name is written in Arabic script."""
    return _ARABIC.search(name) is not None


def preferred(variants: Sequence[tuple[str, int]]) -> str:
    """The label among spellings with their counts.

    Full before partial, mixed case before capitals, fuller before shorter unless it is rare, then the more
    frequent.

    >>> preferred([("SETRI", 4), ("Mohamed Setri", 3), ("MOHAMED SETRI", 9), ("Mohammed Setri", 1)])
    'Mohamed Setri'
    """
    best = _plain(variants)
    most = max(count for _, count in best)
    return max(
        ((name, count) for name, count in best if count * _PART >= most),
        key=lambda variant: (len(variant[0].split()), variant[1], len(variant[0]), variant[0]),
    )[0]


def _plain(variants: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """The full names that are not in capitals; else what comes nearest."""
    full = [variant for variant in variants if len(variant[0].split()) > 1] or list(variants)
    return [variant for variant in full if not variant[0].isupper()] or full
