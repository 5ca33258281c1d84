"""The table of contents that stock Whoosh opens an index by, written without Whoosh.

Whoosh keeps a schema and a list of segments in it as pickles. These say no more than which functions of
`kashaf.index.whoosh_codec` make them, and are so short that they are written by hand: importing Whoosh would take
longer than a commit. Kashaf itself never reads the file.
"""

from __future__ import annotations

import os
import struct
from pathlib import Path

from kashaf.index.manifest import Manifest, SegmentEntry

INDEX_NAME = "MAIN"
_CODEC = "ckashaf.index.whoosh_codec\n"  # the opcode for a global name, and its module
# Sizes of int, long and float; a number that tells the byte order; format of the table; release of Whoosh.
_HEAD = bytes([4, 8, 4]) + struct.pack(">ii", -12345, -111) + bytes([2, 7, 4])


def write_toc(folder: Path, manifest: Manifest) -> None:
    """Writes the table of contents of a generation, and removes older ones."""
    schema = f"{_CODEC}schema\n(tR.".encode()
    segments = "(" + "".join(map(_segment, manifest.segments)) + "l."
    content = _HEAD + bytes([len(schema)]) + schema + struct.pack(">ii", manifest.generation, 0) + segments.encode()
    current = f"_{INDEX_NAME}_{manifest.generation}.toc"
    aside = folder / f"{current}.new"
    aside.write_bytes(content)
    os.replace(aside, folder / current)
    for path in folder.glob(f"_{INDEX_NAME}_*.toc"):
        if path.name != current:
            path.unlink(missing_ok=True)


def _segment(entry: SegmentEntry) -> str:
    """A call that makes the segment, in pickle's text protocol."""
    deletions = f"V{entry.deletions.name}\n" if entry.deletions else "N"
    return f"{_CODEC}ArraySegment\n(V{entry.file.name}\n{deletions}I{entry.docs}\nI{entry.deleted}\ntR"
