"""The manifest is whole or refused, and the one before it stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from kashaf.errors import ArchiveDamaged, ArchiveTooNew
from kashaf.index.manifest import CURRENT, PREVIOUS, FileEntry, Manifest, SegmentEntry, read_manifest, write_manifest

FILE = FileEntry("00000001.seg", 10, 20)


def manifest(generation: int) -> Manifest:
    segments = (
        SegmentEntry(FILE, 5, (1, 2, 3)),
        SegmentEntry(FILE, 6, (4, 0, 900), 2, FileEntry("00000002.del", 1, 2)),
    )
    return Manifest(generation, 3, "a", "s", segments)


def test_round_trip_and_the_one_before(tmp_path: Path) -> None:
    write_manifest(tmp_path, manifest(1))
    write_manifest(tmp_path, manifest(2))
    assert read_manifest(tmp_path) == manifest(2)
    assert read_manifest(tmp_path, PREVIOUS) == manifest(1)
    assert [f.name for f in manifest(1).files()] == ["00000001.seg", "00000001.seg", "00000002.del"]


def test_no_flipped_bit_goes_unnoticed(tmp_path: Path) -> None:
    write_manifest(tmp_path, manifest(1))
    content = (tmp_path / CURRENT).read_bytes()
    for place in range(len(content)):
        changed = bytearray(content)
        changed[place] ^= 1
        (tmp_path / CURRENT).write_bytes(changed)
        try:
            found = read_manifest(tmp_path)
        except (ArchiveDamaged, ArchiveTooNew):
            continue
        assert found == manifest(1), place


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b'{"format": 1, "crc32": 0, "manifest": "{}"}',
        b'{"format": 2, "crc32": 0, "manifest": "{}"}',
        b"\xff",
    ],
)
def test_what_is_not_a_manifest_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / CURRENT).write_bytes(content)
    with pytest.raises(ArchiveDamaged, match="MANIFEST.json cannot be read"):
        read_manifest(tmp_path)
