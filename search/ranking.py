"""The order of hits, and the page of them that was asked for, without sorting what cannot be on it."""

from __future__ import annotations

import base64
import json
import struct
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from kashaf.errors import CursorError
from kashaf.search.collection import Collection
from kashaf.search.matches import NO_DOCS, Docs, Matches
from kashaf.search.request import Request, Sort

# Values looked at together for a bound below which none can be among the best.
_GROUP = 64
_UNDATED_LAST = -(1 << 30)


@dataclass(frozen=True, slots=True)
class Place:
    """One ranked hit: its article number, its key, the value that it is sorted by, and the hits folded under it."""

    doc: int
    key: int
    value: float
    folded: int = 0


def best(values: npt.NDArray[Any], size: int) -> Docs:
    """Where the `size` highest values stand, highest first, ties by place."""
    count = len(values)
    if not count or not size:
        return NO_DOCS
    places: Docs | None = None
    groups = count // _GROUP
    if groups > size:
        # As many groups as are wanted hold a value of the bound or more: what is below it cannot be among them.
        maxima = values[: groups * _GROUP].reshape(_GROUP, groups).max(0)
        places = (values >= np.partition(maxima, groups - size)[groups - size]).nonzero()[0]
        values = values.take(places)
    if len(values) > 2 * size:
        least = np.partition(values, len(values) - size)[len(values) - size]
        better = (values > least).nonzero()[0]
        level = (values == least).nonzero()[0][: size - len(better)]
        kept = np.concatenate([better, level])
        values = values.take(kept)
        places = kept if places is None else places.take(kept)
    order = np.lexsort((np.arange(len(values)) if places is None else places, -values))[:size]
    return order if places is None else places.take(order)


def sort_values(collection: Collection, hits: Matches, sort: Sort) -> npt.NDArray[Any]:
    """What hits are ordered by, highest first, then by their keys; by date, undated ones come last either way."""
    docs = hits.docs
    if sort == "relevance":
        return np.zeros(len(docs), np.float32) if hits.scores is None else hits.scores
    days = collection.days if len(docs) == collection.docs else collection.days.take(docs)
    return days if sort == "newest" else np.where(days == 0, np.int32(_UNDATED_LAST), -days)


def page(
    collection: Collection, hits: Matches, sort: Sort, skip: int, size: int, after: tuple[float, int] | None = None
) -> list[Place]:
    """The hits from `skip` on, at most `size` of them: highest sort value first, then lowest key.

    Args:
        after: only the hits behind this sort value and key.
    """
    docs, values = hits.docs, sort_values(collection, hits, sort)
    if after is not None:
        value, key = after
        behind = (values < value) | ((values == value) & (docs >= collection.first_behind(key)))
        kept = behind.nonzero()[0]
        docs, values = docs.take(kept), values.take(kept)
    places = best(values, skip + size)[skip:]
    return [
        Place(doc, collection.key(doc), float(value))
        for doc, value in zip(docs.take(places).tolist(), values.take(places).tolist(), strict=True)
    ]


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
        request.collapse,
        *({facet: sorted(v) for facet, v in sorted(f.items())} for f in (request.only, request.exclude)),
    ]  # fmt: skip
    return zlib.crc32(json.dumps(parts).encode())
