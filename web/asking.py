"""From the parameters of an address to a search: strictly for programs, indulgently for readers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from marshmallow import RAISE, Schema, ValidationError
from werkzeug.datastructures import MultiDict

from kashaf.errors import RequestError
from kashaf.search.request import Request
from kashaf.web.addresses import CHOOSING, PAGE_ONLY
from kashaf.web.problems import invalid_parameters
from kashaf.web.schemas import SearchQuery, Values

# Making a schema takes longer than reading with it.
_SEARCH = SearchQuery(unknown=RAISE)
_FOLLOWED = (*CHOOSING, "sort")  # what a feed or an export may be asked for
_FOLLOW = SearchQuery(only=[n for n, f in _SEARCH.fields.items() if (f.data_key or n) in _FOLLOWED], unknown=RAISE)


@cache
def _several(schema: Schema) -> frozenset[str]:
    """The parameters that take several values."""
    return frozenset(f.data_key or name for name, f in schema.fields.items() if isinstance(f, Values))


def plain_arguments(schema: Schema, given: MultiDict[str, str]) -> dict[str, str | list[str]]:
    """The parameters as a schema reads them: lists where it takes several values, else one value.

    Raises:
        Refused: if a parameter that takes one value was given several times.
    """
    several = _several(schema)
    repeated = {
        name: ["was given several times, but takes one value."]
        for name, values in given.lists()
        if len(values) > 1 and name not in several
    }
    if repeated:
        raise invalid_parameters(repeated, repeated)
    return {name: values if name in several else values[0] for name, values in given.lists()}


def strictly(given: MultiDict[str, str]) -> Request:
    """The search that a feed or an export is made of.

    Raises:
        Refused: if a parameter is unknown, repeated, does not choose articles, or has a value it cannot have.
    """
    asked = MultiDict((name, value) for name, value in given.items(multi=True) if name != "lang")
    try:
        request: Request = _FOLLOW.load(plain_arguments(_FOLLOW, asked))
    except ValidationError as error:
        raise invalid_parameters(error.messages_dict, _FOLLOWED) from error
    return request


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader's address asks for.

    Attributes:
        request: the search.
        set_aside: parameters that could not be used, as they stood in the address: the page says so.
    """

    request: Request
    set_aside: tuple[tuple[str, str], ...]


def indulgently(given: MultiDict[str, str], defaults: Mapping[str, Any]) -> Asked:
    """The search of a page: what cannot be used is set aside, never an error.

    Args:
        defaults: values of `Request` that the page prefers, where the address gives none.

    Raises:
        LimitError: if the query is too long, the page too far, or a filter has too many values.
    """
    values = {name: values for name, values in given.lists() if any(values) and name not in (*PAGE_ONLY, "lang")}
    several = _several(_SEARCH)
    set_aside: list[tuple[str, str]] = []
    while True:
        # A form sends its empty boxes too, and a link may have been pasted together: the last value counts.
        plain = {k: [v for v in vs if v] if k in several else vs[-1] for k, vs in values.items()}
        try:
            return Asked(_SEARCH.load({**defaults, **plain}), tuple(set_aside))
        except ValidationError as error:
            bad = set(error.messages_dict)
        except RequestError as error:
            bad = {error.parameter}
        # Each round takes at least one parameter away, so this ends; a bad default would be our own fault.
        for name in sorted(bad, key=list(values).index):
            set_aside.append((name, values.pop(name)[-1]))
