"""One segment on disk: named flat arrays in one file, memory-mapped.

Layout (docs/index-format.md): 8 bytes magic, version (u32), header length (u32), header CRC-32 (u32), 4 zero
bytes, then the header as UTF-8 JSON, then the arrays, each at a multiple of 64 bytes, little-endian. The
header gives each array's dtype, length, offset and CRC-32. Nothing is pickled.
"""

from __future__ import annotations

import json
import mmap
import os
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from kashaf.errors import ArchiveDamaged, ArchiveTooNew

MAGIC = b"KASHAFSG"
VERSION = 1
_PREFIX = struct.Struct("<8sIIII")
_ALIGN = 64
_DTYPES = {"|u1", "<u2", "<u4", "<u8", "<i4", "<i8"}
_CHECK_BLOCK = 1 << 22

Array = npt.NDArray[Any]


def narrow(values: Array, most: int | None = None) -> Array:
    """`values` in the smallest unsigned type that holds them (or holds `most`)."""
    if most is None:
        most = int(values.max()) if len(values) else 0
    return values.astype(unsigned_for(most), copy=False)


def unsigned_for(most: int) -> np.dtype[Any]:
    """The smallest little-endian unsigned type that holds `most`."""
    for kind in ("u1", "<u2", "<u4"):
        if most <= np.iinfo(np.dtype(kind)).max:
            return np.dtype(kind)
    return np.dtype("<u8")


class SegmentWriter:
    """Writes one segment file whose arrays' types and lengths are known beforehand.

    The arrays are memory maps of the file, so that a merge larger than memory can fill them piece by piece.
    """

    def __init__(self, path: Path, docs: int, shapes: Mapping[str, tuple[np.dtype[Any], int]]) -> None:
        self.path = path
        self._docs = docs
        self._table: dict[str, dict[str, Any]] = {}
        offset = 0
        for name, (dtype, length) in shapes.items():
            self._table[name] = {
                "dtype": dtype.newbyteorder("<").str,
                "length": length,
                "offset": offset,
                "crc32": 0,
            }
            offset += -(-dtype.itemsize * length // _ALIGN) * _ALIGN
        # The checksums are not known yet; ten digits are kept free for each.
        room = len(self._header()) + 10 * len(self._table)
        self._base = -(-(_PREFIX.size + room) // _ALIGN) * _ALIGN
        with open(path, "wb") as file:
            file.truncate(self._base + offset)
        self.arrays: dict[str, Array] = {
            name: np.memmap(
                path, dtype=row["dtype"], mode="r+", offset=self._base + row["offset"], shape=(row["length"],)
            )
            if row["length"]
            else np.empty(0, row["dtype"])
            for name, row in self._table.items()
        }

    def _header(self) -> bytes:
        return json.dumps({"docs": self._docs, "arrays": self._table}, separators=(",", ":")).encode()

    def finish(self) -> None:
        """Checksums, header, fsync: afterwards the file is whole and on disk."""
        for name, array in self.arrays.items():
            self._table[name]["crc32"] = _crc(array)
            if isinstance(array, np.memmap):
                array.flush()
        header = self._header().ljust(self._base - _PREFIX.size)
        with open(self.path, "r+b") as file:
            file.write(_PREFIX.pack(MAGIC, VERSION, len(header), zlib.crc32(header), 0) + header)
            file.flush()
            os.fsync(file.fileno())
        self.arrays = {}


def write_segment(path: Path, docs: int, arrays: Mapping[str, Array]) -> None:
    """Writes a segment whose arrays are all at hand."""
    writer = SegmentWriter(path, docs, {name: (array.dtype, len(array)) for name, array in arrays.items()})
    for name, array in arrays.items():
        writer.arrays[name][:] = array
    writer.finish()


class SegmentFile:
    """A segment opened for reading: its arrays are read-only views of the mapped file.

    Raises:
        ArchiveDamaged: if the file is not a whole segment.
        ArchiveTooNew: if a newer version wrote it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with open(path, "rb") as file:
            prefix = file.read(_PREFIX.size)
            if len(prefix) < _PREFIX.size:
                raise self._damaged("it is cut short")
            magic, version, header_size, header_crc, _ = _PREFIX.unpack(prefix)
            if magic != MAGIC:
                raise self._damaged("it does not start like a segment")
            if version > VERSION:
                raise ArchiveTooNew(f"{path} has format {version}; this Kashaf reads up to {VERSION}: upgrade Kashaf")
            header = file.read(header_size)
            if len(header) < header_size or zlib.crc32(header) != header_crc:
                raise self._damaged("its header does not match its checksum")
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._base = _PREFIX.size + header_size
        content = json.loads(header)
        self.docs: int = content["docs"]
        self._table: dict[str, dict[str, Any]] = content["arrays"]
        self.arrays: dict[str, Array] = {name: self._view(name) for name in self._table}

    def _damaged(self, what: str) -> ArchiveDamaged:
        return ArchiveDamaged(f"{self.path}: {what}; run: kashaf compact --rebuild")

    def _view(self, name: str) -> Array:
        row = self._table[name]
        if row["dtype"] not in _DTYPES:
            raise self._damaged(f"array {name} has the unknown type {row['dtype']}")
        dtype = np.dtype(row["dtype"])
        start = self._base + row["offset"]
        if start + dtype.itemsize * row["length"] > len(self._map):
            raise self._damaged(f"array {name} is cut short")
        return np.frombuffer(self._map, dtype, row["length"], start)

    def verify(self) -> None:
        """Reads every array against its checksum.

        Raises:
            ArchiveDamaged: at the first that differs.
        """
        for name, array in self.arrays.items():
            if _crc(array) != self._table[name]["crc32"]:
                raise self._damaged(f"array {name} does not match its checksum")


def _crc(array: Array) -> int:
    data = np.ascontiguousarray(array).view(np.uint8).data if len(array) else b""
    crc = 0
    for start in range(0, len(data), _CHECK_BLOCK):
        crc = zlib.crc32(data[start : start + _CHECK_BLOCK], crc)
    return crc


class StringColumn:
    """A list of strings as two arrays: the UTF-8 bytes of all, and where each ends."""

    def __init__(self, data: Array, ends: Array) -> None:
        self._data = data
        self._ends = ends

    def __len__(self) -> int:
        return len(self._ends)

    def raw(self, number: int) -> bytes:
        """The UTF-8 bytes of one string."""
        start = int(self._ends[number - 1]) if number else 0
        return self._data[start : int(self._ends[number])].tobytes()

    def __getitem__(self, number: int) -> str:
        return self.raw(number).decode("utf-8", "surrogatepass")

    def all_raw(self) -> list[bytes]:
        """Every string as bytes, in order."""
        data = self._data.tobytes()
        ends = self._ends.tolist()
        return [data[start:end] for start, end in zip([0, *ends], ends, strict=False)]

    def all(self) -> list[str]:
        """Every string, in order."""
        return [raw.decode("utf-8", "surrogatepass") for raw in self.all_raw()]


def string_arrays(name: str, values: list[bytes]) -> dict[str, Array]:
    """The two arrays of a `StringColumn`, named `name`.bytes and `name`.ends."""
    lengths = np.fromiter(map(len, values), np.int64, len(values))
    return {
        f"{name}.bytes": np.frombuffer(b"".join(values), np.uint8),
        f"{name}.ends": narrow(np.cumsum(lengths)),
    }
