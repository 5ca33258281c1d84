"""Engines in processes of their own: started, watched, asked and ended by the one that measures."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from benchmarks.speed.answers import Answer
from benchmarks.speed.queries import Query

ROOT = Path(__file__).resolve().parents[2]
POLL = 0.1  # seconds between two looks at the memory of a process


@dataclass
class Memory:
    """Peaks of a process and its children, in MB: resident, and its anonymous part (not of mapped files)."""

    resident: float = 0.0
    anonymous: float = 0.0


class Failed(Exception):
    """An engine's process ended in an error; the message is what it wrote."""


def _command(*words: str) -> list[str]:
    return [sys.executable, "-m", "benchmarks.speed.worker", *words]


def _environment() -> dict[str, str]:
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}


def title(name: str) -> str:
    """Name and version of an engine as people write them; raises Failed when it is not installed."""
    ended = subprocess.run(_command(name, "version", ".", "."), capture_output=True, text=True, env=_environment())
    if ended.returncode:
        raise Failed(ended.stderr.strip().splitlines()[-1])
    return " ".join(json.loads(ended.stdout))


def build(name: str, corpus: Path, folder: Path) -> dict[str, float]:
    """Builds an index and gives its figures, the peaks of memory in MB among them."""
    memory, output = run_watched(_command(name, "build", str(corpus), str(folder)), _environment())
    figures: dict[str, float] = json.loads(output.splitlines()[-1])
    return {**figures, "peak_mb": memory.resident, "anonymous_mb": memory.anonymous}


def run_watched(command: list[str], environment: dict[str, str]) -> tuple[Memory, str]:
    """Runs a command: its peaks of memory, children included, and what it printed; raises Failed."""
    memory, done = Memory(), threading.Event()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        watcher = threading.Thread(target=_watch, args=(process.pid, memory, done))
        watcher.start()
        output, _ = process.communicate()
        done.set()
        watcher.join()
    if process.returncode:
        raise Failed(f"{' '.join(command)} ended with status {process.returncode} (see above)")
    return memory, output


def _watch(pid: int, memory: Memory, done: threading.Event) -> None:
    while not done.wait(POLL):
        resident = anonymous = 0
        for one in _family(pid):
            try:
                lines = Path(f"/proc/{one}/status").read_text().splitlines()
            except OSError:  # it has ended, or this system has no /proc
                continue
            sizes = {
                line.split(":")[0]: int(line.split()[1]) for line in lines if line.startswith(("VmRSS", "RssAnon"))
            }
            resident += sizes.get("VmRSS", 0)
            anonymous += sizes.get("RssAnon", 0)
        memory.resident = max(memory.resident, round(resident / 1024, 1))
        memory.anonymous = max(memory.anonymous, round(anonymous / 1024, 1))


def _family(pid: int) -> list[int]:
    """A process and its descendants."""
    found = [pid]
    for one in found:
        try:
            for task in Path(f"/proc/{one}/task").iterdir():
                found += map(int, (task / "children").read_text().split())
        except OSError:
            continue
    return found


class Served:
    """An engine that answers queries in its own process.

    Attributes:
        opening: nanoseconds of CPU and of the clock to open the index, once asked.
    """

    def __init__(self, name: str, corpus: Path, folder: Path) -> None:
        self.name = name
        self.opening: tuple[int, int] = (0, 0)
        self._process = subprocess.Popen(
            _command(name, "serve", str(corpus), str(folder)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=_environment(),
        )

    def ask(self, query: Query, facets: bool, times: int = 1) -> tuple[Answer, list[int], list[int]]:
        """The answer, and the nanoseconds of CPU and of the clock that each of `times` runs took."""
        assert self._process.stdin is not None and self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps({"query": query.as_json(), "facets": facets, "times": times}) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise Failed(f"{self.name} ended at {query} (see above)")
        told: dict[str, Any] = json.loads(line)
        if told["opening"]:
            self.opening = (told["opening"][0], told["opening"][1])
        return Answer.from_json(told["answer"]), told["cpu"], told["wall"]

    def __enter__(self) -> Served:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()


def machine() -> dict[str, Any]:
    """What the figures were measured on, with the load of the moment."""
    model = [line for line in _text("/proc/cpuinfo").splitlines() if line.startswith("model name")]
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], capture_output=True, text=True, cwd=ROOT, check=False
    )
    import numpy

    return {
        "cpu": model[0].split(":", 1)[1].strip() if model else "unknown",
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "load": [round(load, 2) for load in os.getloadavg()],
        "python": sys.version.split()[0],
        "numpy": numpy.__version__,
        "kashaf_commit": commit.stdout.strip() or "unknown",
        "time": time.strftime("%Y-%m-%d %H:%M"),
    }


def _text(path: str) -> str:
    try:
        return Path(path).read_text()
    except OSError:
        return ""
