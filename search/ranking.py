"""The order of hits, and the page of them that was asked for, without sorting what cannot be on it."""

from __future__ import annotations

import base64
import json
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kashaf.errors import CursorError
from kashaf.index.segment import Segment
from kashaf.search.matches import Matches
from kashaf.search.request import Request, Sort


@dataclass(frozen=True, slots=True)
class Place:
    """One ranked hit: the segment and article number, its key, and the value that it is sorted by."""

    segment: int
    doc: int
    key: int
    value: float


def rank(segments: Sequence[Segment], hits: Sequence[Matches], sort: Sort) -> tuple[npt.NDArray[np.float64], ...]:
    """The sort value and the key of every hit, segments in a row.

    Higher values come first, then lower keys. By date, undated articles have the lowest value either way.
    """
    values, keys = [], []
    for segment, matches in zip(segments, hits, strict=True):
        keys.append(segment.keys[matches.docs])
        if sort == "relevance":
            values.append(np.zeros(len(matches)) if matches.scores is None else matches.scores.astype(np.float64))
        else:
            days = segment.days[matches.docs].astype(np.float64)
            values.append(np.where(days == 0, -1e9, days if sort == "newest" else -days))
    return (
        np.concatenate(values) if values else np.zeros(0),
        np.concatenate(keys) if keys else np.zeros(0, np.int64),
    )


def page(
    segments: Sequence[Segment],
    hits: Sequence[Matches],
    sort: Sort,
    skip: int,
    size: int,
    after: tuple[float, int] | None = None,
) -> list[Place]:
    """The hits from `skip` on, at most `size` of them.

    Args:
        after: only the hits behind this sort value and key.
    """
    values, keys = rank(segments, hits, sort)
    candidates = np.arange(len(values))
    if after is not None:
        candidates = np.flatnonzero((values < after[0]) | ((values == after[0]) & (keys > after[1])))
    wanted = skip + size
    if not wanted:
        return []
    if len(candidates) > wanted:
        here = values[candidates]
        least = np.partition(here, len(here) - wanted)[len(here) - wanted]
        better = candidates[here > least]
        # Keys ascend, so that the first of equal values are the ones that win.
        level = candidates[here == least][: wanted - len(better)]
        candidates = np.concatenate([better, level])
    order = candidates[np.lexsort((keys[candidates], -values[candidates]))][skip:wanted]
    bounds = np.concatenate([[0], np.cumsum([len(m) for m in hits])]).astype(np.int64)
    places = []
    for number in order.tolist():
        segment = int(np.searchsorted(bounds, number, side="right")) - 1
        doc = int(hits[segment].docs[number - bounds[segment]])
        places.append(Place(segment, doc, int(keys[number]), float(values[number])))
    return places


# A cursor holds where the page ended and a checksum of the request that it belongs to.
_CURSOR = struct.Struct("<dqII")


def write_cursor(request: Request, last: Place) -> str:
    """The cursor behind `last`: URL-safe text."""
    body = _CURSOR.pack(last.value, last.key, _request_check(request), 0)
    return base64.urlsafe_b64encode(body[:-4] + struct.pack("<I", zlib.crc32(body[:-4]))).decode().rstrip("=")


def read_cursor(request: Request, cursor: str) -> tuple[float, int]:
    """The sort value and key that a page ended with.

    Raises:
        CursorError: if it is not a cursor, or one of another query.
    """
    try:
        body = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        value, key, check, crc = _CURSOR.unpack(body)
    except (ValueError, struct.error) as error:
        raise CursorError(f"cursor {cursor[:40]!r} is not one that a search has given") from error
    if crc != zlib.crc32(body[:-4]) or value != value:
        raise CursorError(f"cursor {cursor[:40]!r} is not one that a search has given")
    if check != _request_check(request):
        raise CursorError("this cursor belongs to another query: use it with the parameters that it was given for")
    return value, key


def _request_check(request: Request) -> int:
    """Tells requests apart whose hits or order differ."""
    parts = [
        request.q, request.date_from, request.date_to, request.undated, request.sort, request.match, request.words,
        *({facet: sorted(v) for facet, v in sorted(f.items())} for f in (request.only, request.exclude)),
    ]  # fmt: skip
    return zlib.crc32(json.dumps(parts).encode())
