"""The manifest: which files make up one generation of the index.

`MANIFEST.json` is replaced in one step after everything that it names is on disk; the one before stays as
`MANIFEST.previous.json` with its files, so that a damaged newest generation still leaves an answer.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kashaf.errors import ArchiveDamaged, ArchiveTooNew
from kashaf.index.durable import replace_file

FORMAT = 2
CURRENT = "MANIFEST.json"
PREVIOUS = "MANIFEST.previous.json"


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file of the generation: its name in the index folder, size in bytes and CRC-32."""

    name: str
    size: int
    crc32: int


@dataclass(frozen=True, slots=True)
class SegmentEntry:
    """One segment.

    Attributes:
        file: its file.
        docs: its articles, deleted ones included.
        lengths: positions of headline, standfirst and body over its live articles.
        deleted, deletions: how many articles are deleted from it and the file that says which, if any.
    """

    file: FileEntry
    docs: int
    lengths: tuple[int, ...]
    deleted: int = 0
    deletions: FileEntry | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """One generation.

    Attributes:
        generation: grows by one with each commit.
        applied: the last commit of the article store that the index holds.
        analysis, stems: fingerprints of the analysers that wrote the terms and their classes.
    """

    generation: int
    applied: int
    analysis: str
    stems: str
    segments: tuple[SegmentEntry, ...] = ()

    def files(self) -> list[FileEntry]:
        """Every file that the generation needs."""
        return [f for s in self.segments for f in (s.file, s.deletions) if f is not None]


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Makes `manifest` the current generation of the index in `folder`."""
    body = json.dumps(asdict(manifest), sort_keys=True)
    content = json.dumps({"format": FORMAT, "crc32": zlib.crc32(body.encode()), "manifest": body}, indent=1)
    current, previous = folder / CURRENT, folder / PREVIOUS
    if current.exists():
        replace_file(previous, current.read_bytes())
    replace_file(current, content.encode())


def read_manifest(folder: Path, name: str = CURRENT) -> Manifest:
    """The manifest called `name` of the index in `folder`.

    Raises:
        FileNotFoundError: if there is none.
        ArchiveDamaged: if it cannot be read.
        ArchiveTooNew: if a newer version wrote it.
    """
    path = folder / name
    content = path.read_bytes()
    try:
        outer = json.loads(content)
        if outer["format"] > FORMAT:
            raise ArchiveTooNew(
                f"{path} has format {outer['format']}; this Kashaf reads up to {FORMAT}: upgrade Kashaf"
            )
        if outer["format"] < FORMAT:
            raise ValueError(f"an older version wrote it, in format {outer['format']}")
        if zlib.crc32(outer["manifest"].encode()) != outer["crc32"]:
            raise ValueError("its checksum differs")
        return _manifest(json.loads(outer["manifest"]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ArchiveDamaged(f"{path} cannot be read ({error}); run: kashaf compact --rebuild") from error


def _manifest(row: dict[str, Any]) -> Manifest:
    segments = tuple(
        SegmentEntry(
            FileEntry(**s["file"]),
            s["docs"],
            tuple(s["lengths"]),
            s["deleted"],
            FileEntry(**s["deletions"]) if s["deletions"] else None,
        )
        for s in row.pop("segments")
    )
    return Manifest(**row, segments=segments)
