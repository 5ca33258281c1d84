"""Search inside a facet: names in any spelling, and languages by what people call them."""

from __future__ import annotations

from functools import lru_cache

from kashaf.search.request import MAX_FACET_SIZE, Request
from kashaf.search.resolve import folded
from kashaf.search.results import Bucket
from kashaf.web.locales import LANGUAGES, name_in
from kashaf.web.serving import archive


def values_found(facet: str, typed: str, request: Request, size: int) -> tuple[Bucket, ...]:
    """The values of a facet that match what was typed, with their counts for a search.

    A language is known by its tag and by its name in each language of the interface and in itself: "fr",
    "franç", "الفر" and "fren" all find French.
    """
    if facet != "language" or not typed.strip():
        return archive().facet(facet, typed, request, size)
    wanted = folded(typed)
    counted = archive().facet(facet, "", request, MAX_FACET_SIZE)
    return tuple(bucket for bucket in counted if wanted in _names(bucket.id))[:size]


@lru_cache(maxsize=1 << 10)
def _names(tag: str) -> str:
    """The tag of a language and its names, folded, one a line."""
    return "\n".join(folded(name) for name in (tag, *(name_in(language, tag) for language in (*LANGUAGES, tag))))
