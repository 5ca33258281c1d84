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
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from kashaf.errors import ArchiveDamaged, ArchiveTooNew

MAGIC = b"KASHAFSG"
VERSION = 2
_PREFIX = struct.Struct("<8sIIII")
_ALIGN = 64
_DTYPES = {"|u1", "<u2", "<u4", "<u8", "<i4", "<i8"}
_CHECK_BLOCK = 1 << 22
_CHECKED = 1 << 14  # bytes: arrays up to this size are read against their checksums at every opening
_IN_MEMORY = 1 << 26  # bytes of a segment that is being written

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


class Sink(Protocol):
    """Takes arrays piece by piece."""

    def append(self, name: str, values: Array) -> None:
        """Adds values to the end of an array; all pieces of an array have one type."""


class ArraySink:
    """Keeps the arrays in memory."""

    def __init__(self) -> None:
        self._pieces: dict[str, list[Array]] = {}

    def append(self, name: str, values: Array) -> None:
        """See Sink."""
        self._pieces.setdefault(name, []).append(values)

    def arrays(self) -> dict[str, Array]:
        """Every array, whole."""
        return {name: np.concatenate(pieces) for name, pieces in self._pieces.items()}


class SegmentWriter:
    """Writes one segment file, array by array or all of them piece by piece.

    The pieces wait in memory, and in an unnamed file beside it when they are many: so a merge may be larger than
    memory, and nothing need be known of an array beforehand.
    """

    def __init__(self, path: Path, docs: int) -> None:
        self.path = path
        self._docs = docs
        self._table: dict[str, dict[str, Any]] = {}
        self._pieces: dict[str, list[tuple[int, int]]] = {}  # of each array: where in the spool, bytes
        self._spool = SpooledTemporaryFile(_IN_MEMORY, dir=str(path.parent))  # noqa: SIM115 (closed by __exit__)

    def __enter__(self) -> SegmentWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._spool.close()

    def append(self, name: str, values: Array) -> None:
        """See Sink."""
        data = np.ascontiguousarray(values, values.dtype.newbyteorder("<")).view(np.uint8).data
        row = self._table.setdefault(name, {"dtype": values.dtype.newbyteorder("<").str, "length": 0, "crc32": 0})
        row["length"] += len(values)
        row["crc32"] = zlib.crc32(data, row["crc32"])
        self._pieces.setdefault(name, []).append((self._spool.tell(), len(data)))
        self._spool.write(data)

    def append_all(self, arrays: Mapping[str, Array]) -> None:
        """Adds several arrays."""
        for name, values in arrays.items():
            self.append(name, values)

    def finish(self) -> None:
        """Header, arrays in the order of their names, fsync: afterwards the file is whole and on disk."""
        offset = 0
        for name in sorted(self._table):
            self._table[name]["offset"] = offset
            size = sum(size for _, size in self._pieces[name])
            offset += -(-size // _ALIGN) * _ALIGN
        content = {"docs": self._docs, "arrays": {name: self._table[name] for name in sorted(self._table)}}
        header = json.dumps(content, separators=(",", ":")).encode()
        base = -(-(_PREFIX.size + len(header)) // _ALIGN) * _ALIGN
        header = header.ljust(base - _PREFIX.size)
        with open(self.path, "wb") as file:
            file.write(_PREFIX.pack(MAGIC, VERSION, len(header), zlib.crc32(header), 0) + header)
            for name in sorted(self._table):
                for place, size in self._pieces[name]:
                    self._spool.seek(place)
                    file.write(self._spool.read(size))
                file.write(bytes(-file.tell() % _ALIGN))
            file.flush()
            os.fsync(file.fileno())


def write_segment(path: Path, docs: int, arrays: Mapping[str, Array]) -> None:
    """Writes a segment whose arrays are all at hand."""
    with SegmentWriter(path, docs) as writer:
        writer.append_all(arrays)
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
            if version < VERSION:
                raise self._damaged(f"it has the older format {version}")
            header = file.read(header_size)
            if len(header) < header_size or zlib.crc32(header) != header_crc:
                raise self._damaged("its header does not match its checksum")
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._base = _PREFIX.size + header_size
        content = json.loads(header)
        self.docs: int = content["docs"]
        self._table: dict[str, dict[str, Any]] = content["arrays"]
        self.arrays: dict[str, Array] = {name: self._view(name) for name in self._table}
        # The values and tables that a few bytes hold say what many others mean.
        for name, array in self.arrays.items():
            if array.nbytes <= _CHECKED:
                self._check(name)

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
        for name in self.arrays:
            self._check(name)

    def _check(self, name: str) -> None:
        if _crc(self.arrays[name]) != self._table[name]["crc32"]:
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
        # One string is read quicker through these than through the arrays.
        self._bytes = data.data
        self._end = ends.item

    def __len__(self) -> int:
        return len(self._ends)

    def raw(self, number: int) -> bytes:
        """The UTF-8 bytes of one string."""
        end = self._end
        return bytes(self._bytes[end(number - 1) if number else 0 : end(number)])

    def first(self, wanted: bytes, low: int, high: int, order: Array | None = None) -> int:
        """The first place from `low` to before `high` whose string is `wanted` or comes after it, else `high`.

        Args:
            order: the string at each place, in byte order; None where the column itself is sorted.
        """
        number, end, data = None if order is None else order.item, self._end, self._bytes
        while low < high:
            middle = (low + high) >> 1
            here = middle if number is None else number(middle)
            if bytes(data[end(here - 1) if here else 0 : end(here)]) < wanted:
                low = middle + 1
            else:
                high = middle
        return low

    def __getitem__(self, number: int) -> str:
        return self.raw(number).decode("utf-8", "surrogatepass")

    def all_raw(self) -> list[bytes]:
        """Every string as bytes, in order."""
        return self.slice_raw(0, len(self))

    def slice_raw(self, first: int, last: int) -> list[bytes]:
        """The strings from `first` to before `last` as bytes."""
        start = self._ends.item(first - 1) if first else 0
        ends = (self._ends[first:last] - self._ends.dtype.type(start)).tolist()
        data = self._data[start : start + (ends[-1] if ends else 0)].tobytes()
        return [data[begin:end] for begin, end in zip([0, *ends], ends, strict=False)]

    def some_raw(self, numbers: Array) -> list[bytes]:
        """Several strings as bytes."""
        starts, ends = self._bounds(numbers)
        data = self._bytes
        return [bytes(data[start:end]) for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]

    def _bounds(self, numbers: Array) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        starts = np.where(numbers > 0, self._ends[numbers - 1].astype(np.int64), 0)
        return starts, self._ends[numbers].astype(np.int64)

    def heads(self) -> npt.NDArray[np.uint64]:
        """The first eight bytes of each string as a number that sorts like them; shorter ones filled with zeros."""
        starts, ends = self._bounds(np.arange(len(self)))
        heads = np.zeros(len(self), np.uint64)
        for number in range(8):
            there = np.flatnonzero(starts + number < ends)
            heads[there] |= self._data[starts[there] + number].astype(np.uint64) << np.uint64(56 - 8 * number)
        return heads

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
