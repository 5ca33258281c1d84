"""A facet as the page shows it: each value with the addresses that choose it, let it go or shut it out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import LazyString

from kashaf.search.request import VALUE_FACETS
from kashaf.search.results import Bucket, Results
from kashaf.web.addresses import MORE, Address
from kashaf.web.locales import current_language, language_name
from kashaf.web.words import EXCLUDED, FACETS, FIND

BUCKETS = 8  # before "show more"
BUCKETS_MORE = 100


@dataclass(frozen=True, slots=True)
class Choice:
    """One value and where its links lead."""

    bucket: Bucket
    label: str
    toggle: Address
    exclude: Address


@dataclass(frozen=True, slots=True)
class FacetView:
    """One facet of the sidebar."""

    name: str
    title: LazyString
    find: LazyString | None
    found: str
    choices: tuple[Choice, ...]
    more: Address | None
    fewer: Address | None
    hidden: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Chip:
    """One active filter and the address without it."""

    facet: str
    note: LazyString | None
    label: str
    remove: Address
    entity: str | None = None


def shown_label(facet: str, bucket: Bucket) -> str:
    """The label of a value in the reader's language."""
    if facet == "language":
        return language_name(bucket.id)
    return (bucket.labels or {}).get(current_language()) or bucket.label


def buckets_of(results: Results, facet: str) -> tuple[Bucket, ...]:
    """The counted values of one of `VALUE_FACETS`."""
    found: tuple[Bucket, ...] = results.facets[facet]  # type: ignore[literal-required]  # one of VALUE_FACETS
    return found


def facet_view(name: str, buckets: Sequence[Bucket], address: Address) -> FacetView:
    """The view of a facet.

    Args:
        buckets: one more than is shown, where there are more.
        address: of the page.
    """
    found = "".join(address.values(f"find_{name}"))
    at_length = name in address.values(MORE)
    most = BUCKETS_MORE if at_length or found else BUCKETS
    shown = [bucket for place, bucket in enumerate(buckets) if place < most or bucket.selected or bucket.excluded]
    listed = address.without(f"find_{name}", "page", "cursor")
    return FacetView(
        name=name,
        title=FACETS[name],
        find=FIND.get(name),
        found=found,
        choices=tuple(_choice(name, bucket, address) for bucket in shown),
        more=listed.adding(MORE, name) if len(buckets) > len(shown) and not at_length else None,
        fewer=listed.removing(MORE, name) if at_length else None,
        hidden=listed.pairs,
    )


def _choice(name: str, bucket: Bucket, address: Address) -> Choice:
    exclusion = f"exclude_{name}"
    if bucket.selected or bucket.id in address.values(name):
        toggle = _let_go(name, bucket, address)
    elif bucket.excluded or bucket.id in address.values(exclusion):
        toggle = _let_go(exclusion, bucket, address)
    else:
        toggle = address.adding(name, bucket.id)
    return Choice(bucket, shown_label(name, bucket), toggle, address.adding(exclusion, bucket.id))


def _let_go(name: str, bucket: Bucket, address: Address) -> Address:
    """Without a value, which the address may hold by id or by one of its spellings."""
    if bucket.id in address.values(name):
        return address.removing(name, bucket.id)
    return address.changed({name: None})


def chips(address: Address, results: Results) -> list[Chip]:
    """The active filters on values, those shut out included."""
    found = []
    for facet in VALUE_FACETS:
        buckets = {bucket.id: bucket for bucket in buckets_of(results, facet)}
        for parameter, note in ((facet, None), (f"exclude_{facet}", EXCLUDED[facet])):
            for value in dict.fromkeys(address.values(parameter)):
                label = shown_label(facet, buckets[value]) if value in buckets else value
                if facet == "language":
                    label = language_name(value)
                is_entity = value in buckets and buckets[value].labels is not None
                found.append(Chip(facet, note, label, address.removing(parameter, value), value if is_entity else None))
    return found
