"""Which files beside the segments were made from the authority file, and from which of its versions.

The store itself names them (one row of `meta`), in one step and with their checksums: an older copy of the store
never meets files of another history. None of them is needed: what is missing or damaged is made in memory.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kashaf.errors import ArchiveError
from kashaf.index.generation import entry_of
from kashaf.index.manifest import FileEntry
from kashaf.index.segment_file import SegmentFile

COLUMNS_SUFFIX = ".entities"
NAMES_SUFFIX = ".names"


@dataclass(frozen=True, slots=True)
class DerivedFile:
    """A file made from one version of the authority file."""

    file: FileEntry
    version: int

    def path(self, folder: Path) -> Path | None:
        """Where it is; None when it is gone, or is not the one that was written."""
        try:
            return folder / self.file.name if entry_of(folder / self.file.name) == self.file else None
        except OSError:
            return None


@dataclass(frozen=True, slots=True)
class Derived:
    """The files of an archive that are made from its authority file.

    Attributes:
        columns: segment file -> the entities of its articles.
        names: every name, to be found by any spelling; None before there is one.
    """

    columns: Mapping[str, DerivedFile] = field(default_factory=dict)
    names: DerivedFile | None = None

    def files(self) -> set[str]:
        """The names of them all."""
        found = {derived.file.name for derived in self.columns.values()}
        return found | {self.names.file.name} if self.names else found


def read_derived(connection: sqlite3.Connection) -> Derived:
    """What the store names; nothing when it names nothing that can be understood."""
    row = connection.execute("SELECT value FROM meta WHERE name = 'derived'").fetchone()
    try:
        content = json.loads(row[0]) if row else {}
        return Derived(
            {segment: _file(cells) for segment, cells in content.get("columns", {}).items()},
            _file(content["names"]) if content.get("names") else None,
        )
    except (ValueError, TypeError, AttributeError):
        return Derived()


def _file(cells: list[object]) -> DerivedFile:
    name, size, crc32, version = cells
    if not (isinstance(name, str) and isinstance(size, int) and isinstance(crc32, int) and isinstance(version, int)):
        raise ValueError("not a file entry")
    return DerivedFile(FileEntry(Path(name).name, size, crc32), version)


def write_derived(connection: sqlite3.Connection, folder: Path, derived: Derived) -> None:
    """Names other files, and removes those that are no longer named; the caller holds the writer's lock."""

    def cells(each: DerivedFile) -> list[object]:
        return [each.file.name, each.file.size, each.file.crc32, each.version]

    content = {
        "columns": {segment: cells(each) for segment, each in derived.columns.items()},
        "names": cells(derived.names) if derived.names else None,
    }
    connection.execute("INSERT OR REPLACE INTO meta VALUES ('derived', ?)", (json.dumps(content),))
    sweep_derived(folder, derived)


def verify_derived(connection: sqlite3.Connection, folder: Path) -> Iterable[str]:
    """What is wrong with the files that the store names, one sentence each."""
    derived = read_derived(connection)
    for each in (*derived.columns.values(), *([derived.names] if derived.names else [])):
        path = each.path(folder)
        try:
            if path is not None:
                SegmentFile(path).verify()
                continue
            reason = f"{folder / each.file.name} is missing or is not the file that was written"
        except ArchiveError as error:
            reason = str(error).partition(";")[0]
        yield f"{reason}; run: kashaf compact"


def sweep_derived(folder: Path, derived: Derived) -> None:
    """Removes the files that are not named: left by a killed writer, or replaced."""
    named = derived.files()
    for path in folder.iterdir():
        if path.suffix in (COLUMNS_SUFFIX, NAMES_SUFFIX) and path.name not in named:
            path.unlink(missing_ok=True)
