"""Ministries: what they are in charge of, and of which country, whatever the language.

Ministries have no proper names: "ministère tunisien de la Santé" and «وزارة الصحة التونسية» say the same country and
the same portfolio. A name that has a word more than its head word, its country and its portfolios is not read.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cache, lru_cache

from kashaf.index.organisation_names import folded, folded_part, head_words, packaged_rows


@dataclass(frozen=True, slots=True)
class Ministry:
    """What the name of a ministry says.

    Attributes:
        portfolios: what it is in charge of, at least one.
        country: two small letters (ISO 3166); None when the name does not say.
    """

    portfolios: frozenset[str]
    country: str | None


@cache
def _phrases() -> tuple[dict[tuple[str, ...], str], int]:
    """Folded words of a portfolio or country -> its key; the words of the longest."""
    found: dict[tuple[str, ...], str] = {}
    for key, names in packaged_rows("kashaf.index", "portfolios.tsv"):
        for name in names:
            if name:
                found[folded_part(name)] = key
    return found, max(map(len, found))


def is_head(word: str) -> bool:
    """Whether a folded word is "ministry" in any language."""
    return head_words().get(word) == "ministry"


@lru_cache(maxsize=1 << 14)
def ministry(name: str) -> Ministry | None:
    """The ministry that a name means; None for a name of anything else, or with words that are not known.

    >>> ministry("ministère tunisien de la Santé") == ministry("وزارة الصحة التونسية")
    True
    """
    words = folded(name)
    if not any(map(is_head, words)):
        return None
    phrases, longest = _phrases()
    portfolios: set[str] = set()
    countries: set[str] = set()
    heads = place = 0
    while place < len(words):
        if is_head(words[place]):
            heads += 1
            place += 1
            continue
        for size in range(min(longest, len(words) - place), 0, -1):
            first, *rest = words[place : place + size]
            key = phrases.get((first, *rest))
            if key is None and first[0] == "و" and place > 0:  # and
                key = phrases.get((_without_and(first), *rest))
            if key is not None:
                (countries if len(key) == 2 else portfolios).add(key)
                place += size
                break
        else:
            return None
    if heads != 1 or not portfolios or len(countries) > 1:
        return None
    return Ministry(frozenset(portfolios), next(iter(countries), None))


def marks(name: str) -> set[int]:
    """A number that the names of one ministry share, in any language, when they say its country."""
    found = ministry(name)
    if found is None or found.country is None:
        return set()
    return {zlib.crc32(f"m {found.country} {' '.join(sorted(found.portfolios))}".encode())}


def same_ministry(a: str, b: str) -> bool:
    """Whether two names say the same country and the same portfolios; one without a country may be another's."""
    found = ministry(a)
    return found is not None and found.country is not None and found == ministry(b)


def _without_and(word: str) -> str:
    rest = word[1:]
    return rest[2:] if rest.startswith("ال") and len(rest) > 4 else rest
