"""Every state of the search page is an address; this is the arithmetic of such addresses.

An `Address` is a state (query, filters, dates, order, page); its methods give the neighbouring states
that links and forms lead to. Whatever changes the list of hits goes back to its first page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus

from flask import request, url_for
from werkzeug.datastructures import MultiDict

from kashaf.search.request import MAX_WINDOW, VALUE_FACETS
from kashaf.web.schemas import SearchQuery

SEARCH = tuple(field.data_key or name for name, field in SearchQuery().fields.items())
FIND = tuple(f"find_{facet}" for facet in VALUE_FACETS)  # what is typed into the box of a facet
MORE = "more"  # facets shown at length
COPIES = "copies"  # "all": every article stands for itself; "stories": the best of each story; else the best of copies
PAGE_ONLY = (*FIND, MORE, COPIES)
_KNOWN = frozenset((*SEARCH, *PAGE_ONLY))
_WHERE_IN_LIST = ("page", "cursor")
# What chooses articles; the rest only says how they are shown.
CHOOSING = tuple(
    name for name in SEARCH if name not in (*_WHERE_IN_LIST, "size", "sort", "facets", "facet_size", "interval")
)


def whole(text: str) -> int | None:
    """A whole number as it stands in an address or in a form; None for anything else, and for more than 18 digits."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def in_full(path: str) -> str:
    """An address on this server (a path) as one that can be sent to others."""
    return request.host_url.rstrip("/") + path


def path_of(endpoint: str, **values: Any) -> str:
    """`flask.url_for` for an address on this server, remembered: a page has hundreds of them."""
    return _path_of(request.script_root, endpoint, tuple(values.items()))


@lru_cache(maxsize=1 << 13)
def _path_of(script_root: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
    return url_for(endpoint, _external=False, **dict(values))


@lru_cache(maxsize=1 << 13)
def _encoded(name: str, value: str) -> str:
    """One parameter; a lone surrogate cannot be sent: what the reader sees of it is the replacement character."""
    return f"{quote_plus(name)}={quote_plus(value, errors='replace')}"


def address_of(endpoint: str, pairs: Sequence[tuple[str, str]], **parts: Any) -> str:
    """An address on this server with these parameters; `parts` are those of its path that vary."""
    path = path_of(endpoint, **parts)
    return f"{path}?{'&'.join([_encoded(*pair) for pair in pairs])}" if pairs else path


@dataclass(frozen=True, slots=True)
class Address:
    """The parameters of one state, in the order given."""

    pairs: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, given: MultiDict[str, str]) -> Address:
        """The state that a request asked for: known parameters that have a value."""
        return cls(tuple((k, v) for k, v in given.items(multi=True) if v and k in _KNOWN))

    def to(self, endpoint: str, **parts: Any) -> str:
        """The state as an address on this server; `parts` are those of its path that vary."""
        return address_of(endpoint, self.pairs, **parts)

    def __str__(self) -> str:
        return self.to("pages.search")

    def values(self, name: str) -> tuple[str, ...]:
        """What a parameter is set to."""
        return tuple(v for k, v in self.pairs if k == name)

    def without(self, *names: str) -> Address:
        """The same state, these parameters left out."""
        return Address(tuple((k, v) for k, v in self.pairs if k not in names))

    def kept(self, names: Iterable[str] = SEARCH) -> Address:
        """Only these parameters."""
        return Address(tuple((k, v) for k, v in self.pairs if k in names))

    def choosing(self, *more: str) -> Address:
        """Only what chooses articles, and `more`: the basis of feeds and exports."""
        return self.kept((*CHOOSING, *more))

    def turned(self, values: Mapping[str, object]) -> Address:
        """The same list, elsewhere in it or shown otherwise; None leaves a parameter out."""
        added = tuple((name, str(value)) for name, value in values.items() if value is not None)
        return Address(self.without(*values).pairs + added)

    def changed(self, values: Mapping[str, object]) -> Address:
        """Another list: as `turned`, from its first page."""
        return self.without(*_WHERE_IN_LIST, *FIND).turned(values)

    def adding(self, name: str, value: str) -> Address:
        """With one value more for a parameter that takes several."""
        base = self.removing(name, value)
        return Address((*base.pairs, (name, value)))

    def removing(self, name: str, value: str) -> Address:
        """With one value less."""
        base = self.without(*_WHERE_IN_LIST, *FIND)
        return Address(tuple(pair for pair in base.pairs if pair != (name, value)))

    def next_page(self, total: int, page: int, size: int, cursor: str | None) -> Address | None:
        """Where the list goes on: by page number as far as these reach, then by cursor; None at its end."""
        if size == 0:
            return None
        by_cursor = "cursor" in dict(self.pairs)
        if not by_cursor and page * size < total and (page + 1) * size <= MAX_WINDOW:
            return self.turned({"page": page + 1})
        if cursor is not None and (by_cursor or page * size < total):
            return self.turned({"page": None, "cursor": cursor})
        return None
