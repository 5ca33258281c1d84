"""Arrays of all segments in a row, copied once: a generation that only adds segments adds to those before it.

The rows are kept with the first segment, which the generations share as long as it does not change. What a reader
of an earlier generation sees of a row is never written again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from kashaf.index.segment import Segment
from kashaf.index.segment_file import Array

_ROOM = 8  # one part in so many is left free for what is added
_growing = Lock()


@dataclass(slots=True)
class _Row:
    """What is in a row: `filled` cells, one part a source."""

    origin: object
    sources: list[object]
    filled: int
    cells: Array


def grown(
    segments: Sequence[Segment],
    name: str,
    dtype: npt.DTypeLike,
    sources: Sequence[object],
    sizes: Sequence[int],
    fill: Callable[[int, Array], None],
    origin: object = None,
) -> npt.NDArray[Any]:
    """The parts of all segments in a row.

    Args:
        name: what it is a row of.
        sources: what each part is made of: where it is the same object as before, so is the part.
        sizes: cells of each part.
        fill: writes the part of a number into the cells given; it must not ask for a row itself.
        origin: what all parts are made with: where it is not equal, all are made anew.
    """
    if not segments:
        return np.zeros(0, dtype)
    rows, total, origin = segments[0].rows, sum(sizes), (np.dtype(dtype), origin)
    with _growing:
        row: _Row | None = rows.get(name)
        if (
            row is None
            or row.origin != origin
            or total > len(row.cells)
            or any(had is not has for had, has in zip(row.sources, sources, strict=False))
        ):
            row = rows[name] = _Row(origin, [], 0, np.empty(total + total // _ROOM, dtype))
        for number in range(len(row.sources), len(sources)):
            fill(number, row.cells[row.filled : row.filled + sizes[number]])
            row.filled += sizes[number]
            row.sources.append(sources[number])
        return row.cells[:total]


def joined(segments: Sequence[Segment], name: str, dtype: npt.DTypeLike, parts: Sequence[Array]) -> npt.NDArray[Any]:
    """The arrays of all segments, as they are, in a row; a single one is not copied."""
    if len(parts) == 1:
        return parts[0]

    def fill(number: int, cells: Array) -> None:
        cells[:] = parts[number]

    return grown(segments, name, dtype, parts, [len(part) for part in parts], fill)
