"""The authority file: the persons and organisations that are meant by the names found in articles.

Each name (a *variant*) means one *entity*. New names are resolved to an entity that is surely the same,
else to one of their own. What a librarian decides (`kashaf.index.curation`) always wins: names keep their
entity when articles are indexed again, and every decision can be undone.

The caller owns the connection and the transaction: nothing here commits.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from kashaf.errors import UnknownEntity
from kashaf.index import organisation_names
from kashaf.index.article import Article, Kind
from kashaf.index.authority_file import Entity
from kashaf.index.authority_table import AuthorityTable, Expansion
from kashaf.index.curation import Curation
from kashaf.index.entity_columns import EntityColumn
from kashaf.index.entity_files import EntityColumns, is_storable, meant
from kashaf.index.entity_functions import Given, add_functions, functions_of_entity, offices_by_entity, take_back
from kashaf.index.resolution import OrganisationResolver, PersonResolver, side_by_side
from kashaf.index.segment import Segment

__all__ = ["Authority", "Entity", "aliases_of"]


class Authority(Curation):
    """The authority file behind a connection to an archive's store.

    Args:
        before: what read the same file until now; what it has in memory is used again.
        folder: the index folder, where what is made from the file may be kept; None where there is none.
    """

    def __init__(
        self, connection: sqlite3.Connection, before: Authority | None = None, folder: Path | None = None
    ) -> None:
        super().__init__(connection)
        self._folder = folder
        self._table: AuthorityTable | None = before._table if before is not None else None
        self._columns: EntityColumns | None = None
        self._columns_before: EntityColumns | None = None
        if before is not None:
            self._columns_before = before._columns or before._columns_before

    def meant(self, kind: Kind, names: Sequence[str]) -> list[int | None]:
        """For each name the number of the entity that it means; None for nobody, and for a name that is not known."""
        _, entities = meant(self.connection, kind, names)
        return [entity if entity >= 0 else None for entity in entities.tolist()]

    def column(self, segment: Segment, kind: Kind) -> EntityColumn:
        """The entities of the articles of a segment, as they were when this was first asked."""
        if self._columns is None:
            self._columns = EntityColumns(self.connection, self._columns_before)
            self._columns_before = None
        return self._columns.column(segment, kind)

    # ------------------------------------------------------------ resolving

    def resolve(
        self,
        mentions: Iterable[tuple[Kind, Sequence[str]]],
        aliases: Iterable[tuple[Kind, str, str]] = (),
        functions: Iterable[Given] = (),
    ) -> None:
        """Give every name an entity, and count the articles that have it.

        Args:
            mentions: for each article and kind, the distinct names of that kind in it. Names that stand side
                by side are not taken for spellings of one another, unless one is a part of the other.
            aliases: full names with a short form that an article says to be the same, "full name (ACRONYM)",
                as `aliases_of` gives them. A short form that is said of several names means none of them.
            functions: what articles say that persons are, as `functions_of` gives it for each.

        A name that no file can hold (with half a surrogate pair) is left out.
        """
        batch = [(kind, tuple(filter(is_storable, dict.fromkeys(names)))) for kind, names in mentions]
        counts: dict[Kind, Counter[str]] = {"person": Counter(), "organisation": Counter()}
        for kind, names in batch:
            counts[kind].update(names)
        said: dict[str, set[str]] = defaultdict(set)
        for kind, full, short in aliases:
            if kind == "organisation" and is_storable(full) and is_storable(short):
                said[short].add(full)
        given: dict[str, Counter[str]] = defaultdict(Counter)
        for name, function in functions:
            if is_storable(function):
                given[name][function] += 1
        for kind, counted in counts.items():
            known = self.known(kind, counted)
            self.connection.executemany(
                "UPDATE variants SET count = count + ? WHERE id = ?",
                [(counted[name], known[name]) for name in known],
            )
            fresh = {name: counted[name] for name in counted if name not in known}
            if kind == "person":
                for name in given.keys() & known.keys():
                    add_functions(self.connection, known[name], given[name])
                if fresh:
                    PersonResolver(self.connection, side_by_side(batch, fresh), given).resolve(fresh)
            elif kind == "organisation" and (fresh or said):
                OrganisationResolver(self.connection, said, self.is_decided).resolve(fresh)
        if batch:
            self.changed()

    def forget(self, mentions: Iterable[tuple[Kind, Sequence[str]]], functions: Iterable[Given] = ()) -> None:
        """Take articles that were replaced or deleted off the counts. Names keep their entity."""
        for kind, names in mentions:
            self.connection.executemany(
                "UPDATE variants SET count = max(0, count - 1) WHERE kind = ? AND name = ?",
                [(kind, name) for name in filter(is_storable, dict.fromkeys(names))],
            )
        take_back(self.connection, (each for each in functions if is_storable("".join(each))))

    def forget_all(self) -> None:
        """Set every count to zero, before all articles are resolved afresh."""
        self.connection.execute("UPDATE variants SET count = 0")
        self.connection.execute("DELETE FROM functions")

    def functions(self, entity: Entity) -> list[tuple[str, int]]:
        """What articles say that an entity is, as they write it, with the articles of each; most frequent first."""
        return functions_of_entity(self.connection, entity.number)

    def offices(self) -> dict[int, dict[str, str]]:
        """Entity number -> what articles say that it is, told from mere ranks; see `kashaf.index.offices`."""
        return offices_by_entity(self.connection)

    # ------------------------------------------------------------ finding

    @property
    def table(self) -> AuthorityTable:
        """The names in memory, as they are now; kept until the version changes."""
        table = self._table
        if table is None or table.version != self.version:
            table = self._table = AuthorityTable(self.connection, table, self._folder)
        return table

    def find(self, kind: Kind, text: str, size: int = 10) -> list[tuple[Entity, float]]:
        """Entities by id, name or any spelling near to one; best first, with their similarity (0.0 … 1.0)."""
        try:
            entity = self.entity(text)
            if entity.kind == kind:
                return [(entity, 1.0)]
        except UnknownEntity:
            pass
        found = self.table.find(kind, text, size)
        entities = {entity.number: entity for entity in self.entities(kind, [number for number, _ in found])}
        return [(entities[number], score) for number, score in found]

    def expand(self, words: Sequence[str]) -> list[Expansion]:
        """The entities that the folded words of a query name; see `AuthorityTable.expand`."""
        return self.table.expand(words)


def aliases_of(article: Article) -> list[tuple[Kind, str, str]]:
    """What an article says to be the same, for `Authority.resolve`: full names and the acronyms that stand for them."""
    found = {
        (mention.name, mention.text): None
        for mention in article.organisations
        if mention.text != mention.name and organisation_names.is_acronym_of(mention.text, mention.name)
    }
    return [("organisation", name, short) for name, short in found]
