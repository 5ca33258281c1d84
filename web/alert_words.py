"""Alerts in the words of the reader: where their search is, and why an article was found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext, lazy_gettext

from kashaf.search.request import FACETS, Request
from kashaf.web.addresses import Address
from kashaf.web.outgoing import one_line

_RUNGS = {
    "exact": lazy_gettext("as written"),
    "stem": lazy_gettext("by word family"),
    "names": lazy_gettext("by the spelling of a name"),
}


def address_of(asked: Request) -> Address:
    """The page of a search that is kept."""
    pairs: list[tuple[str, str]] = [("q", asked.q)] if asked.q else []
    for facet in FACETS:
        pairs += [(facet, value) for value in asked.only.get(facet, ())]
        pairs += [(f"exclude_{facet}", value) for value in asked.exclude.get(facet, ())]
    plain = Request()
    for name, value, usual in (
        ("from", asked.date_from, None),
        ("to", asked.date_to, None),
        ("undated", "true" if asked.undated else None, None),
        ("match", asked.match, plain.match),
        ("words", asked.words, plain.words),
    ):
        if value is not None and value != usual:
            pairs.append((name, value))
    return Address(tuple(pairs))


def reason(why: Mapping[str, Any]) -> str:
    """Why an article was found, as one sentence; "" where everything is."""
    matched = [one_line(str(word)) for word in why.get("words", ())]
    labels = (one_line(str(entity["label"])) for entity in why.get("entities", ()))
    named = ", ".join(label for label in labels if label not in matched)
    if matched:
        words = ", ".join(matched)
        how = str(_RUNGS.get(str(why.get("matched")), _RUNGS["exact"]))
        found = gettext("Matched %(how)s: %(words)s.", how=how, words=words)
        return str(found) if not named else f"{found} {gettext('Names %(names)s.', names=named)}"
    return str(gettext("Names %(names)s.", names=named)) if named else ""
