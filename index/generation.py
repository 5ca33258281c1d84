"""The files of one generation: checked against the manifest, opened, verified."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from pathlib import Path

from kashaf.errors import ArchiveDamaged
from kashaf.index.manifest import PREVIOUS, FileEntry, Manifest, SegmentEntry, read_manifest
from kashaf.index.segment import Segment


def entry_of(path: Path) -> FileEntry:
    """The manifest's entry for a finished file. The header of a file of arrays covers these by checksums, so the
    entry's is of the first 64 KiB only: enough to tell one from another without reading all."""
    with open(path, "rb") as file:
        start = file.read(-1 if path.suffix == ".del" else 1 << 16)
        return FileEntry(path.name, path.stat().st_size, zlib.crc32(start))


def check_file(folder: Path, entry: FileEntry) -> None:
    """Size and first block of a file against the manifest.

    Raises:
        ArchiveDamaged: if they differ.
        FileNotFoundError: if the file is gone.
    """
    if entry_of(folder / entry.name) != entry:
        raise ArchiveDamaged(
            f"{folder / entry.name} is not the file that the manifest names; run: kashaf compact --rebuild"
        )


def open_segment(folder: Path, entry: SegmentEntry) -> Segment:
    """The segment of a manifest's entry, its size and head checked."""
    check_file(folder, entry.file)
    if entry.deletions is None:
        return Segment(folder / entry.file.name)
    check_file(folder, entry.deletions)
    return Segment(folder / entry.file.name, folder / entry.deletions.name)


def current_manifest(folder: Path) -> Manifest | None:
    """The newest manifest that can be read; None when there is none yet."""
    try:
        return read_manifest(folder)
    except FileNotFoundError:
        return None
    except ArchiveDamaged as error:
        try:
            return read_manifest(folder, PREVIOUS)
        except (FileNotFoundError, ArchiveDamaged):
            raise error from None


def verify_files(folder: Path, manifest: Manifest) -> Iterable[str]:
    """What is wrong with the files of a generation, one sentence each."""
    for entry in manifest.segments:
        try:
            open_segment(folder, entry).verify()
        except FileNotFoundError as error:
            yield f"{error.filename} is missing; run: kashaf compact --rebuild"
        except ArchiveDamaged as error:
            yield str(error)
