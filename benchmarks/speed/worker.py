"""One engine in a process of its own: `python -m benchmarks.speed.worker ENGINE build|serve CORPUS INDEX`.

It prints one JSON line when it has built, or one a query that it reads, also as JSON lines.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from benchmarks.speed.corpus import Corpus
from benchmarks.speed.queries import Query
from benchmarks.speed.registry import engine


def _cpu() -> float:
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def build(name: str, corpus: Corpus, folder: Path) -> dict[str, float]:
    """Builds the index: seconds of CPU (all threads and children) without those of making the articles."""
    made = engine(name)
    cpu, clock = _cpu(), time.perf_counter()
    made.build(corpus, folder)
    feeding = corpus.feeding / 1e9
    return {
        "cpu_seconds": _cpu() - cpu - feeding,
        "wall_seconds": time.perf_counter() - clock,
        "feeding_seconds": feeding,
        "bytes": sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()),
    }


def serve(name: str, folder: Path) -> None:
    """Opens the index at the first query; each answer says what the query took, in nanoseconds."""
    made = engine(name)
    reader = None
    for line in sys.stdin:
        asked = json.loads(line)
        opening: tuple[int, int] | None = None
        if reader is None:
            clock, cpu = time.perf_counter_ns(), time.process_time_ns()
            reader = made.open(folder)
            opening = time.process_time_ns() - cpu, time.perf_counter_ns() - clock
            # An engine of another process counts for itself.
            opening = tuple(map(int, getattr(reader, "opening", opening)))
        query, facets = Query.from_json(asked["query"]), asked["facets"]
        runs = [reader.timed(query, facets) for _ in range(asked["times"])]
        answer = {
            "answer": runs[-1][0].as_json(),
            "cpu": [cpu for _, cpu, _ in runs],
            "wall": [wall for _, _, wall in runs],
            "opening": opening,
        }
        print(json.dumps(answer), flush=True)


def main() -> None:
    """See the module."""
    name, task, corpus, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4])
    if task == "build":
        print(json.dumps(build(name, Corpus(corpus), folder)), flush=True)
    elif task == "serve":
        serve(name, folder)
    elif task == "version":
        print(json.dumps([engine(name).name, engine(name).version()]), flush=True)


if __name__ == "__main__":
    main()
