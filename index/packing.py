"""Numbers of a few bits each, packed without gaps, packed and unpacked eight at a time.

Eight numbers of w bits are w whole bytes, so that number 8i + j of a packed array starts at bit (j w) mod 8 of
byte i w + (j w) div 8: the eight lanes are columns of one strided view of the bytes, shifted and masked at once
(the idea of Lemire and Boytsov, "Decoding billions of integers per second through vectorization", 2015, with
arrays for registers). A number alone is read as the 64 bits that start at its byte.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kashaf.index.segment_file import Array

# A number is read as the 64 bits from its first byte on: a packed array ends with as many bytes to spare.
SPARE = 8
WIDEST = 31  # bits


def bits_for(largest: Array) -> npt.NDArray[np.int64]:
    """The bits that each number needs, at least one."""
    return np.maximum(np.frexp(largest.astype(np.float64))[1], 1).astype(np.int64)


def pack(values: Array, width: int) -> npt.NDArray[np.uint8]:
    """The bytes of numbers below 2 ** `width`, least significant bit first; the last byte is filled with zeros."""
    count, groups = len(values), -(-len(values) // 8)
    padded = np.zeros(groups * 8, np.uint64)
    padded[:count] = values
    lanes = padded.reshape(groups, 8)
    packed = np.zeros((groups, width + SPARE), np.uint8)
    start = 0
    while start < 8:
        inside = start * width % 8
        stop = min(8, start + (64 - inside) // width)  # the lanes that fit in 64 bits from the byte of the first
        together = np.zeros(groups, np.uint64)
        for lane in range(start, stop):
            together |= lanes[:, lane] << np.uint64((lane - start) * width + inside)
        byte = start * width // 8
        packed[:, byte : byte + 8] |= together.astype("<u8", copy=False).view(np.uint8).reshape(groups, 8)
        start = stop
    whole: npt.NDArray[np.uint8] = packed[:, :width].reshape(-1)[: -(-count * width // 8)]
    return whole


def unpack(data: Array, width: int, start: int, count: int, dtype: npt.DTypeLike = np.int64) -> Array:
    """`count` numbers of a packed array (with its spare bytes), from number `start` on.

    Raises:
        IndexError: if the array ends before.
    """
    if start < 0 or (start + count) * width > 8 * (len(data) - SPARE):
        raise IndexError(f"{count} numbers from {start} on are not in {len(data)} bytes")
    ahead = start % 8
    kind = np.dtype("<u4" if width <= 25 else "<u8")
    lanes = np.arange(0, 8 * width, width)
    place = start // 8 * width
    # The last group of the array may end before its last lane: its numbers are read one by one.
    whole = (len(data) - kind.itemsize - place - 7 * width // 8) // width + 1
    groups = max(0, min(-(-(ahead + count) // 8), whole))
    bytes_of = np.ndarray((groups, 7 * width // 8 + 1), kind, data, place if groups else 0, (width, 1))
    together = bytes_of[:, lanes >> 3]
    together >>= (lanes & 7).astype(kind)
    together &= kind.type((1 << width) - 1)
    numbers = together.reshape(-1)[ahead : ahead + count].astype(dtype)
    if len(numbers) == count:
        return numbers
    rest = unpack_at(data, width, np.arange(start + len(numbers), start + count))
    return np.concatenate([numbers, rest], dtype=dtype, casting="unsafe")


def unpack_at(data: Array, width: int, places: Array) -> npt.NDArray[np.int64]:
    """The numbers of a packed array (with its spare bytes) at some places.

    Raises:
        IndexError: if the array ends before.
    """
    bits = places * width
    from_byte = np.ndarray((len(data) - SPARE + 1,), "<u8", data, 0, (1,))
    together = from_byte[bits >> 3]
    bits &= 7
    together >>= bits.view(np.uint64)
    together &= np.uint64((1 << width) - 1)
    found: npt.NDArray[np.int64] = together.view(np.int64)
    return found
