"""Several searches side by side; like every state of the pages, an address.

A parameter with a number at its end belongs to one search (``q1``, ``source1``, ``q2`` …). Without a number it
belongs to all that do not have it themselves, and ``q`` given several times is one query for each:
``?q=sardine&q=poulpe`` and ``?q=sardine&source1=A&source2=B`` are comparisons too. Dates are those of the picture.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict

from kashaf.errors import LimitError
from kashaf.web.addresses import CHOOSING, Address, address_of

MOST = 4  # curves that one picture can hold
SHARE = "share"
_DATES = ("from", "to")
_OWN = tuple(name for name in CHOOSING if name not in (*_DATES, "undated"))
_NUMBERED = re.compile(r"([a-z_]+)([1-9])")


@dataclass(frozen=True, slots=True)
class Comparison:
    """One state of the page.

    Attributes:
        searches: what each of them asks for, dates apart.
        date_from, date_to: as they stand in the address, for all of them.
        by_share: shares of all articles are shown instead of numbers of articles.
        unknown: parameters that mean nothing here, with their values.
    """

    searches: tuple[Address, ...]
    date_from: str | None = None
    date_to: str | None = None
    by_share: bool = False
    unknown: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, given: MultiDict[str, str]) -> Comparison:
        """The comparison that a request asked for.

        Raises:
            LimitError: if it has too many searches.
        """
        own: dict[int, list[tuple[str, str]]] = {}
        common: list[tuple[str, str]] = []
        unknown: list[tuple[str, str]] = []
        queries = [value for value in given.getlist("q") if value]
        for name, value in given.items(multi=True):
            numbered = _NUMBERED.fullmatch(name)
            if numbered and numbered[1] in _OWN:
                if value:
                    own.setdefault(int(numbered[2]), []).append((numbered[1], value))
            elif name in _OWN and (name != "q" or len(queries) == 1):
                common += [(name, value)] if value else []
            elif name not in ("q", "lang", "show", *_DATES):
                unknown.append((name, value))
        if len(queries) > 1:
            for place, query in enumerate(queries, 1):
                own.setdefault(place, []).append(("q", query))
        if common and not own:
            own[1] = []
        if max(own, default=0) > MOST or len(own) > MOST:
            raise LimitError("searches of a comparison", MOST, max(max(own), len(own)))
        return cls(
            tuple(_with(own[number], common) for number in sorted(own)),
            given.get("from") or None,
            given.get("to") or None,
            given.get("show") == SHARE,
            tuple(unknown),
        )

    def to(self, endpoint: str) -> str:
        """The state as an address on this server."""
        return address_of(endpoint, self.pairs)

    def __str__(self) -> str:
        return self.to("compare.page")

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Every parameter."""
        return (*self.numbered(), *self.dated, *((("show", SHARE),) if self.by_share else ()))

    @property
    def dated(self) -> tuple[tuple[str, str], ...]:
        """The dates, where there are some."""
        return tuple((name, date) for name, date in zip(_DATES, (self.date_from, self.date_to), strict=True) if date)

    def numbered(self) -> Iterable[tuple[str, str]]:
        """The parameters of the searches."""
        for place, search in enumerate(self.searches, 1):
            # A search for everything has no parameter of its own: its place is kept by a query that says so.
            for name, value in search.pairs or (("q", "*"),):
                yield f"{name}{place}", value

    def search(self, place: int) -> Address:
        """One of the searches, with the dates: an address of the search page."""
        return Address((*self.searches[place].pairs, *self.dated))

    def changed(self, values: Mapping[str, object]) -> Comparison:
        """With other dates."""
        dates = {"from": self.date_from, "to": self.date_to, **values}
        first, last = (str(dates[name]) if dates[name] is not None else None for name in _DATES)
        return replace(self, date_from=first, date_to=last)

    def showing(self, by_share: bool) -> Comparison:
        """Shown in the other way."""
        return replace(self, by_share=by_share)

    def without(self, place: int) -> Comparison:
        """One search less."""
        return replace(self, searches=self.searches[:place] + self.searches[place + 1 :])

    def exchanged(self, place: int, searches: Iterable[Address]) -> Comparison:
        """Others in the place of one search."""
        return replace(self, searches=(*self.searches[:place], *searches, *self.searches[place + 1 :]))


def compared(address: Address) -> Comparison:
    """The comparison that a state of the search page begins."""
    dates = dict(address.kept(_DATES).pairs)
    return Comparison((address.kept(_OWN),), dates.get("from"), dates.get("to"))


def _with(own: list[tuple[str, str]], common: list[tuple[str, str]]) -> Address:
    """The parameters of one search, and those of all that it does not have itself."""
    names = {name for name, _ in own}
    return Address((*(pair for pair in common if pair[0] not in names), *own))
