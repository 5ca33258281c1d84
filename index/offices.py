"""What functions have in common, whoever writes them: the portfolios of a minister in any language, else the words.

A rank alone ("président", الرئيس) tells nobody from anybody; "ministre de l'Intérieur" and وزير الداخلية do.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from kashaf.index.ministries import ministry
from kashaf.index.organisation_names import folded, folded_part

_MINISTERS = frozenset(word for text in ("ministre", "وزير", "وزيرة", "minister") for word in folded_part(text))
_LEAST_WORDS = 2


@lru_cache(maxsize=1 << 14)
def office(function: str) -> str | None:
    """What a function shares with every other way of writing it; None for a rank alone.

    >>> office("ministre de l'Intérieur") == office("وزير الداخلية")
    True
    >>> office("président") is None
    True
    """
    words = folded(function)
    if len(words) < _LEAST_WORDS:
        return None
    if words[0] in _MINISTERS and (found := ministry(f"ministère {' '.join(words[1:])}")) is not None:
        return f"minister {' '.join(sorted(found.portfolios))}"
    return " ".join(words)


def offices(functions: Iterable[str]) -> set[str]:
    """The offices of some functions; ranks alone are left out."""
    return {found for function in functions if (found := office(function)) is not None}
