"""Who is named with whom as a small picture: the one in question in the middle, the others round about.

The places are found by a spring embedder (Fruchterman and Reingold, "Graph Drawing by Force-directed Placement",
Software: Practice and Experience 21, 1991) that starts from a circle in a fixed order and has no chance in it: the same
archive gives the same picture. Names stand beside their points as far as they do not run into each other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from kashaf.index.article import KINDS, Kind
from kashaf.search.portrait import Portrait
from kashaf.search.results import Bucket

WIDTH = 640.0
HEIGHT = 440.0
MOST = 8  # of each kind: with more, names run into each other
_LONGEST = 22  # characters of a name in the picture
_LETTER = 6.6  # width of a character, roughly
_LINE = 17.0  # height of a name
_ROUNDS = 150
_CLOSEST = 2  # ties that are drawn for each neighbour
_MARGIN = 26.0
Side = Literal["start", "end"]


@dataclass(frozen=True, slots=True)
class Node:
    """A person or an organisation in the picture.

    Attributes:
        x, y: the middle of its point; `radius` grows with the articles.
        text: its name, shortened; `label` is the whole of it.
        text_x, text_y: where the name begins or ends, on the middle of its height.
        anchor: which end of the name is there, from left to right.
        count: articles that name it and the one in question.
    """

    id: str
    kind: Kind
    label: str
    text: str
    count: int
    x: float
    y: float
    radius: float
    text_x: float
    text_y: float
    anchor: Side

    @property
    def length(self) -> float:
        """How long the name is, roughly."""
        return _length(self.text)


@dataclass(frozen=True, slots=True)
class Edge:
    """A line between two points, as broad as the articles that name both are many."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    count: int
    is_spoke: bool  # it leads to the middle


@dataclass(frozen=True, slots=True)
class Network:
    """The picture."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    middle: tuple[float, float]


def network(portrait: Portrait, labels: dict[str, str], *, mirrored: bool) -> Network | None:
    """The picture of an entity and its nearest neighbours; None when it has fewer than two.

    Args:
        labels: what the neighbours are called, by id.
        mirrored: for readers from right to left.
    """
    near: list[tuple[Kind, Bucket]] = []
    for kind, buckets in zip(KINDS, (portrait.with_persons, portrait.with_organisations), strict=True):
        near += [(kind, bucket) for bucket in buckets[:MOST]]
    if len(near) < 2:
        return None
    near.sort(key=lambda each: (-each[1].count, each[1].id))
    place = {bucket.id: number for number, (_, bucket) in enumerate(near, 1)}
    ties = _telling(
        [(place[t.one], place[t.other], t.count) for t in portrait.ties if t.one in place and t.other in place],
        [bucket.count for _, bucket in near],
    )
    spokes = [(0, place[bucket.id], bucket.count) for _, bucket in near]
    points = _placed(len(near) + 1, [*spokes, *ties])
    if mirrored:
        points[:, 0] = WIDTH - points[:, 0]
    xs, ys = points[:, 0].round(1).tolist(), points[:, 1].round(1).tolist()
    most = max(bucket.count for _, bucket in near)
    radii = [4.0 + 6.0 * math.sqrt(bucket.count / most) for _, bucket in near]
    texts = [_shortened(labels.get(bucket.id) or bucket.label) for _, bucket in near]
    written = _beside(list(zip(xs[1:], ys[1:], strict=True)), radii, texts, (xs[0], ys[0]))
    nodes = tuple(
        Node(
            bucket.id,
            kind,
            labels.get(bucket.id) or bucket.label,
            text,
            bucket.count,
            x,
            y,
            round(radius, 1),
            *where,
        )
        for (kind, bucket), text, x, y, radius, where in zip(near, texts, xs[1:], ys[1:], radii, written, strict=True)
    )
    edges = tuple(
        Edge(xs[a], ys[a], xs[b], ys[b], round(0.8 + 3.2 * math.sqrt(count / most), 1), count, a == 0)
        for a, b, count in sorted([*spokes, *ties], key=lambda edge: edge[2])
    )
    return Network(nodes, edges, (xs[0], ys[0]))


def _telling(ties: Sequence[tuple[int, int, int]], counts: Sequence[int]) -> list[tuple[int, int, int]]:
    """The ties that say most, for each neighbour its closest ones, by Salton's cosine: all of them would hide these."""
    closeness = sorted(ties, key=lambda tie: (-tie[2] / math.sqrt(counts[tie[0] - 1] * counts[tie[1] - 1]), tie[:2]))
    drawn: dict[int, int] = {}
    found: list[tuple[int, int, int]] = []
    for tie in closeness:
        if min(drawn.get(tie[0], 0), drawn.get(tie[1], 0)) < _CLOSEST:
            found.append(tie)
            for end in tie[:2]:
                drawn[end] = drawn.get(end, 0) + 1
    return found


def _placed(count: int, edges: Sequence[tuple[int, int, int]]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Points of nodes in the picture, shape (count, 2); the first is in the middle and stays there."""
    # Neighbours that are tied start side by side on the circle.
    angle = np.arange(count - 1) * (2 * math.pi / max(1, count - 1)) + 0.3
    at = np.zeros((count, 2))
    at[1:, 0], at[1:, 1] = np.cos(angle), np.sin(angle)
    first = np.array([a for a, _, _ in edges])
    second = np.array([b for _, b, _ in edges])
    most = max(number for _, _, number in edges)
    pull = np.array([0.35 + 0.65 * math.sqrt(number / most) for _, _, number in edges])
    ideal = 1.6 / math.sqrt(count)
    for turn in range(_ROUNDS):
        apart = at[:, None] - at[None]
        # Names lie flat: side by side they need more room than one above the other.
        distance = np.maximum(np.hypot(apart[..., 0] * 0.6, apart[..., 1] * 1.4), 0.01)
        force = (apart * (ideal**2 / distance**2)[..., None]).sum(axis=1)
        along = at[first] - at[second]
        draw = along * (np.hypot(along[:, 0], along[:, 1]) * pull / ideal)[:, None] * 0.5
        np.add.at(force, first, -draw)
        np.add.at(force, second, draw)
        strength = np.maximum(np.hypot(force[:, 0], force[:, 1]), 1e-9)
        step = 0.12 * (1 - turn / _ROUNDS) + 0.004
        at += force / strength[:, None] * np.minimum(strength, step)[:, None]
        at -= at[0]
    reach = np.maximum(np.abs(at).max(axis=0), 1e-9)
    half = np.array([WIDTH / 2 - _LONGEST * _LETTER * 0.8, HEIGHT / 2 - _MARGIN])
    placed: np.ndarray[tuple[int, int], np.dtype[np.float64]] = at / reach * half + [WIDTH / 2, HEIGHT / 2]
    return placed


def _beside(
    points: Sequence[tuple[float, float]], radii: Sequence[float], texts: Sequence[str], middle: tuple[float, float]
) -> list[tuple[float, float, Side]]:
    """Where each name stands: outward of its point, moved up or down until it is free of the names before it."""
    taken: list[tuple[float, float, float, float]] = [(middle[0] - 14, middle[1] - 14, middle[0] + 14, middle[1] + 14)]
    taken += [(x - r, y - r, x + r, y + r) for (x, y), r in zip(points, radii, strict=True)]
    found: list[tuple[float, float, Side]] = []
    for (x, y), radius, text in zip(points, radii, texts, strict=True):
        length = _length(text)
        outward: Side = "start" if x >= middle[0] else "end"
        inward: Side = "end" if outward == "start" else "start"
        best: tuple[float, tuple[float, float, Side], tuple[float, float, float, float]] | None = None
        for side, shift in [(side, shift) for shift in (0, -12, 12, -20, 20, -30, 30) for side in (outward, inward)]:
            text_x = x + (radius + 5) * (1 if side == "start" else -1)
            left = text_x if side == "start" else text_x - length
            text_y = min(max(y + shift, _LINE / 2), HEIGHT - _LINE / 2)
            box = (left, text_y - _LINE / 2, left + length, text_y + _LINE / 2)
            over = sum(_common(box, other) for other in taken)
            over += _LINE * (max(0.0, -left) + max(0.0, left + length - WIDTH)) * 2 + 4 * abs(shift)
            if best is None or over < best[0]:
                best = over, (round(text_x, 1), round(text_y, 1), side), box
        assert best is not None
        found.append(best[1])
        taken.append(best[2])
    return found


def _common(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> float:
    """The area that two boxes share."""
    return max(0.0, min(a[2], b[2]) - max(a[0], b[0])) * max(0.0, min(a[3], b[3]) - max(a[1], b[1]))


def _shortened(label: str) -> str:
    text = " ".join(label.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"


def _length(text: str) -> float:
    return max(3, len(text)) * _LETTER
