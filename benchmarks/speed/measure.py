"""The run: agreement first, then every query in every engine in turn, so that all see the same machine."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.speed.answers import difference
from benchmarks.speed.processes import Served
from benchmarks.speed.queries import CLASSES, Query

ROUNDS = 5
TIMES = 3  # runs of a query in a row
# A slow engine is asked less often: no query takes it longer than this in all rounds, after its first run.
MOST_NANOSECONDS = 250_000_000
# A virtual machine compiles what it runs often: that long it runs before it is measured.
WARM_UP = {"lucene": 40}
OPENINGS = 3

Samples = dict[tuple[str, bool], list[list[int]]]  # (engine, facets) -> one list a query, nanoseconds of CPU


@dataclass
class Measured:
    """What a run gives.

    Attributes:
        cpu, wall: (engine, facets) -> for each query its samples in nanoseconds.
        totals: articles that each query finds.
        disagreements: one line for each answer that differs from the first engine's.
        opening: engine -> milliseconds: CPU to open, and to the first faceted answer (both); the same by the clock.
    """

    queries: Sequence[Query]
    cpu: Samples = field(default_factory=dict)
    wall: Samples = field(default_factory=dict)
    totals: list[int] = field(default_factory=list)
    disagreements: list[str] = field(default_factory=list)
    opening: dict[str, dict[str, float]] = field(default_factory=dict)


def check(served: Sequence[Served], queries: Sequence[Query]) -> tuple[list[int], list[str]]:
    """What each query finds, and where an engine differs from the first."""
    totals, found = [], []
    for query in queries:
        for facets in (True, False):
            first, *others = [(engine.name, engine.ask(query, facets)[0]) for engine in served]
            for name, answer in others:
                if told := difference(first[1], answer):
                    shown = " ".join(filter(None, (*query.words, query.person, str(query.first or ""))))
                    found.append(
                        f"{query.group} ({shown}), facets {'on' if facets else 'off'}: {first[0]} / {name}: {told}"
                    )
        totals.append(first[1].total)
    return totals, found


def measure(names: Sequence[str], corpus: Path, indexes: Mapping[str, Path], queries: Sequence[Query]) -> Measured:
    """Opens, checks and measures the engines."""
    result = Measured(queries)
    for name in names:
        result.opening[name] = _opening(name, corpus, indexes[name], queries)
    served = [Served(name, corpus, indexes[name]) for name in names]
    try:
        result.totals, result.disagreements = check(served, queries)
        _measure(served, result)
    finally:
        for engine in served:
            engine.__exit__(None, None, None)
    return result


def _opening(name: str, corpus: Path, index: Path, queries: Sequence[Query]) -> dict[str, float]:
    """The shortest of some fresh processes; the files are in the page cache."""
    query = next(q for q in queries if q.group == CLASSES[1])
    shown: list[dict[str, float]] = []
    for _ in range(OPENINGS):
        with Served(name, corpus, index) as engine:
            _, cpu, wall = engine.ask(query, True)
            shown.append(
                {
                    "open_cpu": engine.opening[0] / 1e6,
                    "first_answer_cpu": (engine.opening[0] + cpu[0]) / 1e6,
                    "open_wall": engine.opening[1] / 1e6,
                    "first_answer_wall": (engine.opening[1] + wall[0]) / 1e6,
                }
            )
    return {key: min(one[key] for one in shown) for key in shown[0]}


def _measure(served: Sequence[Served], result: Measured) -> None:
    queries = result.queries
    for engine in served:
        for facets in (True, False):
            result.cpu[engine.name, facets] = [[] for _ in queries]
            result.wall[engine.name, facets] = [[] for _ in queries]
            if engine.name in WARM_UP:
                for query in queries:
                    engine.ask(query, facets, WARM_UP[engine.name])
    order = list(range(len(queries)))
    mixed = random.Random(0)
    for turn in range(ROUNDS):
        mixed.shuffle(order)
        for number in order:
            for place in range(len(served)):
                engine = served[(place + turn) % len(served)]
                for facets in (True, False):
                    samples = result.cpu[engine.name, facets][number]
                    spent = sum(samples)
                    if samples and spent + spent // len(samples) > MOST_NANOSECONDS:
                        continue
                    slow = not samples or spent / len(samples) * TIMES > MOST_NANOSECONDS / ROUNDS
                    _, cpu, wall = engine.ask(queries[number], facets, 1 if slow else TIMES)
                    samples += cpu
                    result.wall[engine.name, facets][number] += wall
