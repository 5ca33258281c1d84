"""The names of the authority file, ready to be looked for, in a file that readers map and share.

A reader adds in memory the few names that have come since; when they are many, the writer makes another file.
"""

from __future__ import annotations

import sqlite3
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np

from kashaf.errors import ArchiveError
from kashaf.index.derived import NAMES_SUFFIX, Derived, DerivedFile, read_derived, write_derived
from kashaf.index.entity_columns import NOBODY
from kashaf.index.entity_files import moves_since
from kashaf.index.generation import entry_of
from kashaf.index.known_names import KNOWN_ARRAYS, KnownNames, Row, hash_of, joined_names, known_names
from kashaf.index.segment_file import Array, SegmentFile, write_segment

FEW_NAMES = 512  # that need no file of their own: a reader makes them ready in some 20 ms
_SHARE = 64  # and of many, the part of this many that may be missing in the file
# What decides how a name is looked up: a file that was made by other rules is not used.
_RULES = {
    "kashaf.analyzers": ("name_key.py", "name_similarity.py", "name_arrays.py", "terms.py", "words.py", "arabic.py",
                         "french.py", "numerals.py"),
    "kashaf.index": ("known_names.py", "organisation_names.py", "ministries.py", "data/portfolios.tsv"),
}  # fmt: skip


@cache
def _rules() -> int:
    """A number that changes with the rules."""
    texts = [(files(package) / name).read_text("utf-8") for package, names in _RULES.items() for name in names]
    texts.append((files("kashaf.analyzers") / "data" / "organisation_heads.tsv").read_text("utf-8"))
    return hash_of("\0".join(texts))


def rows_after(connection: sqlite3.Connection, last: int) -> list[Row]:
    """The names after a row of the store's table of names."""
    return connection.execute(
        f"SELECT id, variants.kind, name, CASE WHEN rejected THEN {NOBODY} ELSE entity END"
        " FROM variants CROSS JOIN entities ON number = entity WHERE id > ? ORDER BY id",
        (last,),
    ).fetchall()


def read_names(folder: Path, derived: DerivedFile) -> KnownNames | None:
    """The names of a file; None when it is gone, damaged, or made by other rules."""
    path = derived.path(folder)
    if path is None:
        return None
    try:
        stored = SegmentFile(path).arrays
        if int(stored["rules"][0]) != _rules():
            return None
        return KnownNames({name: stored[name].view(dtype) for name, dtype in KNOWN_ARRAYS.items()})
    except (ArchiveError, KeyError, ValueError, IndexError, OSError):
        return None


def keep_names(connection: sqlite3.Connection, folder: Path) -> None:
    """Writes the file of names when many have come since the last; the caller holds the writer's lock."""
    derived = read_derived(connection)
    version = int(connection.execute("SELECT version FROM authority_version").fetchone()[0])
    known = None
    if derived.names is not None and derived.names.version <= version:
        known = read_names(folder, derived.names)
    rows = rows_after(connection, known.last if known is not None else 0)
    if len(rows) <= max(FEW_NAMES, (len(known) if known is not None else 0) // _SHARE):
        return
    more = KnownNames(known_names(rows))
    if known is not None and derived.names is not None:
        moves = moves_since(connection, derived.names.version)
        entity = moves.applied(known.arrays["variant"], known.arrays["entity"])
        more = KnownNames(joined_names(known, more, np.append(entity, more.arrays["entity"])))
    path = folder / f"{version}{NAMES_SUFFIX}"
    path.unlink(missing_ok=True)  # never written over, for it may be mapped
    plain = {name: _plain(values) for name, values in more.arrays.items()}
    write_segment(path, len(more), plain | {"rules": np.array([_rules()], np.uint64)})
    write_derived(connection, folder, Derived(derived.columns, DerivedFile(entry_of(path), version)))


def _plain(values: Array) -> Array:
    """The same bytes as integers, which files hold."""
    kinds = {"bool": "|u1", "int8": "|u1", "int16": "<u2", "float32": "<u4"}
    return values.view(kinds[values.dtype.name]) if values.dtype.name in kinds else values
