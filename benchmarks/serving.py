"""What a reader feels: searches through `kashaf serve`, driven by wrk on the loopback.

    python benchmarks/serving.py --archive DIR [--workers 2] [--connections 8] [--seconds 20] [--out FILE]

Thousands of different searches are made of the archive's own words, phrases, names and dates; a few hundred are
asked first, and all must answer 200. Then wrk asks for the JSON answer (ten hits with highlights, all facets) and
for the page of the same searches. `repeated` says how many of the measured requests had been asked before: none,
as long as there are more addresses than requests. (Not named http.py: that would hide Python's own http package.)
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

# As a script, this folder would hide other packages of the names of its files.
sys.path[0] = str(Path(__file__).resolve().parents[1])

import kashaf  # noqa: E402
from benchmarks.speed.processes import machine  # noqa: E402

CHECKED = 300
ROUTES = {"GET /api/v1/search": "/api/v1/search?", "GET / (page)": "/?"}
LETTERS = re.compile(r"[^\W\d_]{4,}")
TICK = os.sysconf("SC_CLK_TCK")

LUA = """
local paths = {}
for line in io.lines(os.getenv("KASHAF_PATHS")) do paths[#paths + 1] = line end
local next = tonumber(os.getenv("KASHAF_SKIP"))
request = function()
  next = next % #paths + 1
  return wrk.format("GET", paths[next])
end
done = function(summary, latency)
  io.write(string.format('{"requests": %d, "seconds": %.3f, "not_200": %d, "failed": %d, "p50": %.2f, "p99": %.2f}\\n',
    summary.requests, summary.duration / 1e6, summary.errors.status,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
"""


def searches(folder: Path, count: int) -> list[dict[str, str]]:
    """So many different searches, as parameters: what the archive itself speaks of."""
    chosen = random.Random(7)
    found: dict[str, dict[str, str]] = {}
    with kashaf.open(folder) as archive:
        pages = [archive.search("", size=100, page=page, sort="newest").hits for page in range(1, 101)]
        hits = [hit for page in pages for hit in page]
        chosen.shuffle(hits)
        for hit in hits * 20:
            if len(found) >= count:
                break
            article = archive.article(hit.id)
            words = LETTERS.findall(f"{article.headline} {article.body[:2000]}")
            if len(words) < 4:
                continue
            for parameters in _asked(chosen, words, hit):
                found.setdefault(urlencode(parameters), parameters)
    made = list(found.values())
    chosen.shuffle(made)
    return made[:count]


def _asked(chosen: random.Random, words: list[str], hit: Any) -> Iterator[dict[str, str]]:
    """What a reader of one article might search for."""
    place = chosen.randrange(len(words) - 2)
    yield {"q": chosen.choice(words)}
    yield {"q": " ".join(chosen.sample(words, 2))}
    yield {"q": " ".join(words[place : place + 3])}
    yield {"q": f'"{words[place]} {words[place + 1]}"'}
    if hit.published:
        yield {"q": chosen.choice(words), "from": hit.published[:4]}
    for label in hit.persons[:1]:
        yield {"q": label.label}
        yield {"q": chosen.choice(words), "person": label.id}
    for label in hit.organisations[:1]:
        yield {"q": chosen.choice(words), "organisation": label.id}


@contextmanager
def serving(folder: Path, workers: int) -> Iterator[tuple[str, list[int]]]:
    """The server: its address and the process ids of its workers."""
    command = [sys.executable, "-m", "kashaf", "serve", "--archive", str(folder), "--port", "0"]
    environment = {**os.environ, "PYTHONPATH": sys.path[0], "KASHAF_REMEMBERED": "0"}  # every request a search
    log = tempfile.TemporaryFile("w+", encoding="utf-8")  # a line a request, as when it serves
    process = subprocess.Popen(
        [*command, "--workers", str(workers)], stdout=subprocess.PIPE, stderr=log, text=True, env=environment
    )
    try:
        assert process.stdout is not None
        address = re.search(r"http://\S+", process.stdout.readline())
        if address is None:
            log.seek(0)
            raise SystemExit(f"kashaf serve did not start: {log.read()}")
        time.sleep(3)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
        yield address[0].rstrip("/"), [int(pid) for pid in children.split()]
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        log.close()


def cpu_of(pids: Sequence[int]) -> float:
    """Seconds of CPU that the processes took so far."""
    total = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICK


def memory_of(pids: Sequence[int]) -> float:
    """Megabytes that the processes hold for themselves (pages of mapped files are shared and left out)."""
    lines = [line for pid in pids for line in Path(f"/proc/{pid}/status").read_text().splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith("RssAnon")) / 1024


def drive(address: str, paths: Sequence[str], skip: int, seconds: int, connections: int) -> dict[str, float]:
    """What wrk tells: requests, seconds, answers other than 200, failures, p50 and p99 in milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        script, listed = Path(folder) / "paths.lua", Path(folder) / "paths"
        script.write_text(LUA)
        listed.write_text("".join(f"{path}\n" for path in paths))
        ended = subprocess.run(
            ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s", str(script), address],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "KASHAF_PATHS": str(listed), "KASHAF_SKIP": str(skip)},
        )
    told: dict[str, float] = json.loads(ended.stdout.strip().splitlines()[-1])
    return told


OPENING = """
import json, sys, time
import kashaf
cpu, wall = time.process_time(), time.perf_counter()
told = {}
with kashaf.open(sys.argv[1]) as archive:
    for name, query in ("open", None), ("first", "ministre"), ("second", "gouvernement"):
        if query:
            archive.search(query)
        told[name] = {"cpu_ms": (time.process_time() - cpu) * 1000, "wall_ms": (time.perf_counter() - wall) * 1000}
print(json.dumps(told))
"""


def opening(folder: Path) -> dict[str, dict[str, float]]:
    """Milliseconds from nothing open to: an open archive, its first answer, its second; files in the page cache.

    The least of three fresh processes, Python and its modules loaded.
    """
    command = [sys.executable, "-c", OPENING, str(folder)]
    environment = {**os.environ, "PYTHONPATH": sys.path[0], "KASHAF_REMEMBERED": "0"}  # every request a search
    runs = [json.loads(subprocess.check_output(command, env=environment)) for _ in range(3)]
    return min(runs, key=lambda told: float(told["first"]["cpu_ms"]))


def measure(folder: Path, workers: int, connections: int, seconds: int, count: int) -> dict[str, Any]:
    """The figures of each route."""
    asked = searches(folder, count)
    figures: dict[str, Any] = {}
    for title, route in ROUTES.items():
        paths = [route + urlencode(parameters) for parameters in asked]
        with serving(folder, workers) as (address, pids):
            for path in paths[:CHECKED]:
                with urlopen(address + path) as answer:  # raises for anything but 200
                    answer.read()
            before = cpu_of(pids)
            told = drive(address, paths, CHECKED, seconds, connections)
            cpu = cpu_of(pids) - before
            figures[title] = {
                **told,
                "per_second": told["requests"] / told["seconds"],
                "cpu_ms": cpu * 1000 / told["requests"],
                "repeated": max(0, int(told["requests"]) - (len(paths) - CHECKED)),
                "memory_mb": memory_of(pids),
            }
    return figures


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--archive", type=Path, required=True)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--searches", type=int, default=10_000, help="different ones")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is not installed: apt install wrk")
    before = machine()
    with kashaf.open(given.archive) as archive:
        articles = archive.info().articles
    opened = opening(given.archive)
    figures = measure(given.archive, given.workers, given.connections, given.seconds, given.searches)
    report = {
        "machine": before,
        "load_after": os.getloadavg(),
        "articles": articles,
        "workers": given.workers,
        "connections": given.connections,
        "different searches": given.searches,
        "opening": opened,
        "routes": figures,
    }
    print("| route | requests/s | p50 ms | p99 ms | CPU ms a request | not 200 | repeated | MB of the workers |")
    print("|---|---|---|---|---|---|---|---|")
    for title, row in figures.items():
        print(
            f"| {title} | {row['per_second']:.0f} | {row['p50']:.1f} | {row['p99']:.1f} | {row['cpu_ms']:.1f}"
            f" | {row['not_200'] + row['failed']:.0f} | {row['repeated']} | {row['memory_mb']:.0f} |"
        )
    shown = ", ".join(f"{name} {told['cpu_ms']:.0f} ({told['wall_ms']:.0f})" for name, told in opened.items())
    print(f"\nA fresh process, CPU ms (by the clock) until: {shown}.")
    print(f"\n{articles:,} articles, load {before['load']} before, {report['load_after']} after")
    if given.out:
        given.out.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
