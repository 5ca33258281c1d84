"""What loading an archive costs: `kashaf index` on real news, entities on, and one article more.

    python benchmarks/ingest.py --news news.jsonl.gz [--articles 5000] [--archive DIR] [--out FILE] [-- --jobs 2]

NEWS is a JSONL file (.gz), one article a line. The first `--articles` of them are indexed into an empty archive by
the command line, in a process of its own: seconds of CPU (with those of its children), articles a CPU-second, peak
memory. Then articles are added one by one to that archive (or to DIR, a copy of an archive that may grow), each in a
commit of its own, and searched for at once. Words behind `--` are options of `kashaf index`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import resource
import statistics
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from typing import Any

# As a script, this folder would hide other packages of the names of its files.
sys.path[0] = str(Path(__file__).resolve().parents[1])

import kashaf  # noqa: E402
from benchmarks.speed.processes import Failed, machine, run_watched  # noqa: E402

ADDED = 20  # articles one by one


def sample(news: Path, articles: int, target: Path) -> int:
    """The first articles of a file as a file of their own; how many there were."""
    opened = gzip.open(news, "rt", encoding="utf-8") if news.suffix == ".gz" else open(news, encoding="utf-8")
    with opened as lines, open(target, "w", encoding="utf-8") as file:
        taken = list(islice(lines, articles))
        file.writelines(taken)
    return len(taken)


def index(file: Path, folder: Path, options: list[str]) -> dict[str, float]:
    """The figures of `kashaf index`."""
    before, clock = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [sys.executable, "-m", "kashaf", "index", str(file), "--archive", str(folder), *options]
    memory, _ = run_watched(command, {**os.environ, "PYTHONPATH": sys.path[0]})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "cpu_seconds": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        "wall_seconds": time.perf_counter() - clock,
        "peak_mb": memory.resident,
        "anonymous_mb": memory.anonymous,
        "bytes": sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()),
    }


def add_one_by_one(folder: Path) -> dict[str, float]:
    """Milliseconds from an article in hand to a search that finds it."""
    cpu: list[float] = []
    wall: list[float] = []
    with kashaf.open(folder) as archive:
        for number in range(ADDED):
            word = f"zzkashaf{number}q{time.time_ns()}"
            body = "Le ministre de la santé a parlé à Rabat. " * 40
            article = kashaf.Article(headline=f"Une dépêche {word}", body=body)
            clock, spent = time.perf_counter(), time.process_time()
            with archive.writer() as writer:
                writer.add(article)
            found = archive.search(word, size=1).total
            wall.append((time.perf_counter() - clock) * 1000)
            cpu.append((time.process_time() - spent) * 1000)
            if found != 1:
                raise SystemExit(f"{word} was added and is not found")
        articles = archive.info().articles
    return {
        "articles": articles,
        "wall_ms": statistics.median(wall),
        "wall_ms_most": max(wall),
        "cpu_ms": statistics.median(cpu),
        "cpu_ms_first": cpu[0],
    }


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--news", type=Path)
    parser.add_argument("--articles", type=int, default=5_000)
    parser.add_argument("--archive", type=Path, help="add single articles to this archive; it grows")
    parser.add_argument("--out", type=Path)
    parser.add_argument("options", nargs="*", help="of kashaf index, behind --")
    given = parser.parse_args()
    report: dict[str, Any] = {"machine": machine(), "options": given.options}
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "archive"
        if given.news:
            file = Path(folder) / "news.jsonl"
            articles = sample(given.news, given.articles, file)
            figures = index(file, fresh, given.options)
            report["index"] = {**figures, "articles": articles, "a_cpu_second": articles / figures["cpu_seconds"]}
            row = report["index"]
            print("| articles | articles a CPU-second | CPU s | wall s | peak MB (anonymous) | archive MB |")
            print("|---|---|---|---|---|---|")
            print(
                f"| {articles:,} | {row['a_cpu_second']:.0f} | {row['cpu_seconds']:.1f} | {row['wall_seconds']:.1f}"
                f" | {row['peak_mb']:.0f} ({row['anonymous_mb']:.0f}) | {row['bytes'] / 1e6:.0f} |\n"
            )
        where = given.archive or (fresh if given.news else None)
        if where:
            report["one more"] = row = add_one_by_one(where)
            print(
                f"One article added to {row['articles']:,} and found: {row['wall_ms']:.0f} ms (most"
                f" {row['wall_ms_most']:.0f}), CPU {row['cpu_ms']:.0f} ms (the first {row['cpu_ms_first']:.0f})."
            )
    report["load_after"] = [round(load, 2) for load in os.getloadavg()]
    if given.out:
        given.out.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    try:
        main()
    except Failed as error:
        raise SystemExit(str(error)) from error
