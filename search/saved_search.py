"""A search as it is kept: what chooses articles, as plain members; where one is in the list is left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kashaf.search.request import Request

_PLAIN = Request()


def saved(request: Request) -> dict[str, Any]:
    """What of a request chooses articles; what is as it is anyway is left out."""
    members: dict[str, Any] = {
        "q": request.q,
        "only": {facet: list(values) for facet, values in request.only.items() if values},
        "exclude": {facet: list(values) for facet, values in request.exclude.items() if values},
        "from": request.date_from,
        "to": request.date_to,
        "undated": request.undated,
        "match": request.match if request.match != _PLAIN.match else None,
        "words": request.words if request.words != _PLAIN.words else None,
    }
    return {name: value for name, value in members.items() if value}


def restored(members: Mapping[str, Any]) -> Request:
    """The request of these members.

    Raises:
        RequestError, LimitError: if it cannot be searched for (another version may have kept it).
    """
    return Request(
        q=members.get("q", ""),
        only={facet: tuple(values) for facet, values in members.get("only", {}).items()},
        exclude={facet: tuple(values) for facet, values in members.get("exclude", {}).items()},
        date_from=members.get("from"),
        date_to=members.get("to"),
        undated=members.get("undated", False),
        match=members.get("match", _PLAIN.match),
        words=members.get("words", _PLAIN.words),
    )
