"""What the values of a request stand for: entities by id or any spelling, column values by any letter case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from kashaf.analyzers.terms import fold
from kashaf.errors import UnknownEntity
from kashaf.index.article import KINDS, Kind, date_span, is_kind
from kashaf.index.authority import Authority
from kashaf.search.columns import Columns
from kashaf.search.name_prefix import NamePrefixes, typed_words
from kashaf.search.request import Request
from kashaf.search.trace import Naming

# Similarity at which a filter value is a name itself, and at which it is a spelling of one.
EXACTLY = 0.995
ALIKE = 0.85


@dataclass(frozen=True)
class Selected:
    """The facet values of a request, resolved: entity numbers, or value numbers of the columns."""

    only: Mapping[str, frozenset[int]]
    excluded: Mapping[str, frozenset[int]]
    warnings: tuple[str, ...] = ()

    @property
    def numbers(self) -> dict[str, frozenset[int]]:
        """All of them, facet by facet."""
        none: frozenset[int] = frozenset()
        facets = {*self.only, *self.excluded}
        return {facet: self.only.get(facet, none) | self.excluded.get(facet, none) for facet in facets}


class Resolver:
    """Finds entities and values with one version of the authority file."""

    def __init__(self, authority: Authority, columns: Columns) -> None:
        self._authority = authority
        self._columns = columns

    def namings(self, words: Sequence[str]) -> list[Naming]:
        """The runs of query words that name entities."""
        return [Naming(e.start, e.end, e.kind, e.numbers) for e in self._authority.table.expand(words)]

    def entities(self, kind: Kind, text: str) -> list[int]:
        """The entities that a filter value means: by id, else by exact spelling, else the ones it names."""
        try:
            entity = self._authority.entity(text)
        except UnknownEntity:
            if (labelled := self._label_numbers[kind].get(folded(text))) is not None:
                return [labelled]
            found = self._authority.table.find(kind, text)
            least = EXACTLY if found and found[0][1] >= EXACTLY else ALIKE
            return [number for number, similarity in found if similarity >= least]
        return [entity.number] if entity.kind == kind else []

    @cached_property
    def _label_numbers(self) -> Mapping[Kind, Mapping[str, int]]:
        """Labels that need not stand in any article, folded, with their entities."""
        return {
            kind: {folded(label): number for label, number in self._authority.labels(kind).items()} for kind in KINDS
        }

    @cached_property
    def _prefixes(self) -> Mapping[Kind, NamePrefixes]:
        return {kind: NamePrefixes(self._label_numbers[kind]) for kind in KINDS}

    def beginning(self, facet: str, typed: str) -> frozenset[int]:
        """The values of a facet that may be meant by what was typed so far.

        For persons and organisations by any spelling; for the others anywhere in the value.
        """
        if is_kind(facet):
            found = self._begun(facet, typed)
            found.update(n for n, similarity in self._authority.table.find(facet, typed) if similarity >= ALIKE)
            return frozenset(found)
        wanted = folded(typed)
        return frozenset(n for n, value in enumerate(self._columns.values[facet]) if n and wanted in folded(value))

    def _begun(self, kind: Kind, typed: str) -> set[int]:
        """The entities with names or labels whose words begin with what was typed, word by word, in any order."""
        table, labels = self._authority.table, self._prefixes[kind]
        words = typed_words(typed)
        begun = [{*table.beginning(kind, word).tolist(), *labels.beginning(word).tolist()} for word in words]
        return set.intersection(*begun) if begun else set()

    def selected(self, request: Request) -> Selected:
        """The filters of a request."""
        warnings: list[str] = []
        first = date_span(request.date_from)[0] if request.date_from else None
        last = date_span(request.date_to)[1] if request.date_to else None
        if first and last and first > last:
            warnings.append(f"empty-range: {request.date_from} is later than {request.date_to}")

        def resolve(facet: str, values: Iterable[str]) -> frozenset[int]:
            numbers: set[int] = set()
            for value in values:
                found = self.entities(facet, value) if is_kind(facet) else self._columns.value_numbers(facet, value)
                if not found:
                    warnings.append(f"unknown-value: no article has the {facet} {value!r}")
                numbers.update(found)
            return frozenset(numbers)

        only = {facet: resolve(facet, values) for facet, values in request.only.items() if values}
        excluded = {facet: resolve(facet, values) for facet, values in request.exclude.items() if values}
        return Selected(only, excluded, tuple(warnings))


def folded(text: str) -> str:
    """A value as it is compared: words folded, blanks evened."""
    return " ".join(fold(word) for word in text.split())
