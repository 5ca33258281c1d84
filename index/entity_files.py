"""The columns of entities of an archive's segments: kept in files, brought up to date in memory.

A file holds the columns of one segment as they were at one version of the authority file. What librarians have
changed since is read from the store's list of moved names, so that a reader maps the file and looks again only
at the articles of those names. A segment of few names needs no file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kashaf.errors import ArchiveError
from kashaf.index.article import KINDS, Kind
from kashaf.index.derived import COLUMNS_SUFFIX, Derived, DerivedFile, read_derived, write_derived
from kashaf.index.entity_columns import NOBODY, EntityColumn, entity_column, with_moved
from kashaf.index.generation import entry_of, open_segment
from kashaf.index.manifest import Manifest
from kashaf.index.segment import Segment
from kashaf.index.segment_file import Array, SegmentFile, write_segment

FEW_NAMES = 256  # of both kinds in a segment: reading their entities from the store takes about a millisecond
MANY_MOVES = 512  # names whose entity has changed since a file was written: it is written again
_BATCH = 500  # values of one SQL statement


@dataclass(frozen=True)
class Moves:
    """Names whose entity has changed, each once, in order of their rows: when last, and what each means now."""

    versions: Array
    variants: Array
    entities: Array

    def applied(self, variants: Array, entities: Array) -> Array:
        """What names mean now, given what they meant before.

        Args:
            variants: their rows, ascending.
            entities: what they meant.
        """
        here = np.isin(self.variants, variants)
        if not here.any():
            return entities
        entities = entities.copy()
        entities[np.searchsorted(variants, self.variants[here])] = self.entities[here]
        return entities


@dataclass(frozen=True)
class _Known:
    """The column of one kind in one segment, true at a version of the authority file."""

    version: int
    column: EntityColumn
    variants: Array  # row of each name of the segment in the store's table of names; -1 for one that has none

    def moved(self, segment: Segment, kind: Kind, version: int, moves: Moves) -> _Known:
        """The same at a later version."""
        column = self.column.with_live(segment.live)
        late = moves.versions > self.version
        if late.any():
            names = np.flatnonzero(np.isin(self.variants, moves.variants[late]))
            places = np.searchsorted(moves.variants, self.variants[names])
            column = with_moved(column, segment, kind, names, moves.entities[places])
        return _Known(max(version, self.version), column, self.variants)


class EntityColumns:
    """The columns of the segments of a snapshot at one version of the authority file.

    Attributes:
        version: the one they are true at.

    Args:
        connection: to the store of the archive.
        before: those of an earlier version; what has not changed since is used again.
    """

    def __init__(self, connection: sqlite3.Connection, before: EntityColumns | None = None) -> None:
        self._connection = connection
        self._known: dict[tuple[str, Kind], _Known] = {}
        # Those of the version before alone: what was not asked for at it is of segments that are merged away, whose
        # files would stay open for ever.
        self._kept: dict[tuple[str, Kind], _Known] = {} if before is None else dict(before._known)
        # The version first: what a writer changes meanwhile is then only applied twice.
        self.version = int(connection.execute("SELECT version FROM authority_version").fetchone()[0])
        self._files = read_derived(connection).columns
        versions = [known.version for known in self._kept.values()] + [each.version for each in self._files.values()]
        self._moves = moves_since(connection, min(versions)) if versions else _moves_of([])

    def column(self, segment: Segment, kind: Kind) -> EntityColumn:
        """The entities of one kind in a segment."""
        name = (segment.file.path.name, kind)
        known = self._known.get(name)
        if known is None or known.column.live is not segment.live:
            before = known or self._kept.pop(name, None) or self._read(segment, kind) or self._made(segment, kind)
            known = self._known[name] = before.moved(segment, kind, self.version, self._moves)
        return known.column

    def variants(self, segment: Segment, kind: Kind) -> Array:
        """For each name of a segment its row in the store's table of names; -1 for one that has none."""
        self.column(segment, kind)
        return self._known[segment.file.path.name, kind].variants

    def _read(self, segment: Segment, kind: Kind) -> _Known | None:
        """From the segment's file."""
        derived = self._files.get(segment.file.path.name)
        path = derived.path(segment.file.path.parent) if derived is not None else None
        if derived is None or path is None or derived.version > self.version:
            return None
        try:
            arrays = SegmentFile(path).arrays
            column = EntityColumn(
                arrays[f"{kind}.start"],
                arrays[f"{kind}.entity"],
                arrays[f"{kind}.of"],
                whole=arrays.get(f"{kind}.count"),
            )
            variants = arrays[f"{kind}.variant"]
        except (ArchiveError, KeyError, ValueError, OSError):
            return None
        names = len(segment.arrays[f"{kind}.ends"])
        fits = len(column.starts) == segment.docs + 1 and len(column.of_name) == len(variants) == names
        return _Known(derived.version, column, variants) if fits else None

    def _made(self, segment: Segment, kind: Kind) -> _Known:
        """From the store."""
        variants, entities = meant(self._connection, kind, segment.mention_names(kind))
        return _Known(self.version, entity_column(segment, kind, entities), variants)


def meant(connection: sqlite3.Connection, kind: Kind, names: Sequence[str]) -> tuple[Array, Array]:
    """What names stand for: their rows in the table of names (-1: none) and their entities, two arrays of int64."""
    rows: dict[str, tuple[int, int]] = {}
    storable = [name for name in names if is_storable(name)]
    for start in range(0, len(storable), _BATCH):
        part = storable[start : start + _BATCH]
        marks = ",".join("?" * len(part))
        for name, variant, entity in connection.execute(
            f"SELECT name, id, CASE WHEN rejected THEN {NOBODY} ELSE entity END"
            " FROM variants CROSS JOIN entities ON number = entity"
            f" WHERE variants.kind = ? AND name IN ({marks})",
            [kind, *part],
        ):
            rows[name] = variant, entity
    found = np.array([rows.get(name, (-1, NOBODY)) for name in names], np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1]


def is_storable(name: str) -> bool:
    """Whether SQLite can hold a name: not one with half a surrogate pair."""
    return name.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in name)


def moves_since(connection: sqlite3.Connection, version: int) -> Moves:
    """The names that have another entity than at a version of the authority file."""
    return _moves_of(
        connection.execute(
            f"SELECT max(moves.version), variant, CASE WHEN rejected THEN {NOBODY} ELSE entity END FROM moves"
            " CROSS JOIN variants ON id = variant CROSS JOIN entities ON number = entity"
            " WHERE moves.version > ? GROUP BY variant ORDER BY variant",
            (version,),
        ).fetchall()
    )


def _moves_of(rows: Sequence[tuple[int, int, int]]) -> Moves:
    cells = np.array(rows, np.int64).reshape(-1, 3)
    return Moves(cells[:, 0], cells[:, 1], cells[:, 2])


def keep_columns(connection: sqlite3.Connection, folder: Path, manifest: Manifest) -> None:
    """Writes the columns of the segments that have none yet, or old ones; the caller holds the writer's lock."""
    derived = read_derived(connection)
    version = int(connection.execute("SELECT version FROM authority_version").fetchone()[0])
    columns: dict[str, DerivedFile] = {}
    fresh: EntityColumns | None = None
    for entry in manifest.segments:
        known = derived.columns.get(entry.file.name)
        if known is not None and known.path(folder) is not None and not _is_old(connection, known.version, version):
            columns[entry.file.name] = known
            continue
        segment = open_segment(folder, entry)
        if _names(segment) > FEW_NAMES:
            fresh = fresh or EntityColumns(connection)
            columns[entry.file.name] = _write(folder, entry.file.name, fresh, segment)
    if columns != derived.columns:
        write_derived(connection, folder, Derived(columns, derived.names))


def add_columns(
    connection: sqlite3.Connection, folder: Path, name: str, columns: EntityColumns, segment: Segment
) -> None:
    """Writes the columns of a segment that is about to be called `name`; the caller holds the writer's lock."""
    derived = read_derived(connection)
    if _names(segment) > FEW_NAMES:
        written = {name: _write(folder, name, columns, segment)}
        write_derived(connection, folder, Derived({**derived.columns, **written}, derived.names))


def _names(segment: Segment) -> int:
    return sum(len(segment.arrays[f"{kind}.ends"]) for kind in KINDS)


def _write(folder: Path, name: str, columns: EntityColumns, segment: Segment) -> DerivedFile:
    """Writes the columns of both kinds of a segment."""
    arrays: dict[str, Array] = {}
    for kind in KINDS:
        column, variants = columns.column(segment, kind), columns.variants(segment, kind)
        arrays |= {
            f"{kind}.start": column.starts,
            f"{kind}.entity": column.entities,
            f"{kind}.of": column.of_name,
            f"{kind}.variant": variants,
        }
        if len(column.counts_with_deleted) <= 2 * len(column.entities):
            arrays[f"{kind}.count"] = column.counts_with_deleted
    path = folder / f"{Path(name).stem}-{columns.version}{COLUMNS_SUFFIX}"
    path.unlink(missing_ok=True)  # left by a killed writer; never written over, for it may be mapped
    # A name may be nobody (-1); an entity in an article is never.
    plain = {name: values.astype("<u4" if name.endswith(".entity") else "<i4") for name, values in arrays.items()}
    write_segment(path, segment.docs, plain)
    return DerivedFile(entry_of(path), columns.version)


def _is_old(connection: sqlite3.Connection, version: int, now: int) -> bool:
    (moves,) = connection.execute("SELECT count(*) FROM moves WHERE version > ?", (version,)).fetchone()
    return version > now or moves > MANY_MOVES
