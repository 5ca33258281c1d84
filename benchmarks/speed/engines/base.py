"""What the benchmark asks of an engine."""

from __future__ import annotations

import datetime
import time
from functools import cache
from pathlib import Path
from typing import Protocol

from benchmarks.speed.answers import Answer
from benchmarks.speed.corpus import Corpus
from benchmarks.speed.queries import Query

# What an engine may use for its buffers while it indexes, where it can be told.
BUFFER_MB = 512


class NotHere(Exception):
    """The engine is not installed; the message says what to install."""


class Reader(Protocol):
    """An index opened for reading."""

    def timed(self, query: Query, facets: bool) -> tuple[Answer, int, int]:
        """The answer, and the nanoseconds of CPU (all threads) and of the clock that it took."""


class Engine(Protocol):
    """An engine: every method may be called in a process of its own."""

    name: str

    def version(self) -> str:
        """The version; raises NotHere."""

    def build(self, corpus: Corpus, folder: Path) -> None:
        """Indexes the corpus into an empty folder."""

    def open(self, folder: Path) -> Reader:
        """Opens what `build` made."""


class InProcess:
    """A reader whose queries run in this process.

    `prepare` turns a query of the benchmark into what the engine's users write; it is timed with the rest.
    """

    def run(self, query: Query, facets: bool) -> Answer:
        """Answers a query."""
        raise NotImplementedError

    def timed(self, query: Query, facets: bool) -> tuple[Answer, int, int]:
        """See Reader."""
        clock, cpu = time.perf_counter_ns(), time.process_time_ns()
        answer = self.run(query, facets)
        return answer, time.process_time_ns() - cpu, time.perf_counter_ns() - clock


@cache
def month_of(day: int) -> int:
    """12 * year + month - 1 of a day."""
    date = datetime.date.fromordinal(day)
    return 12 * date.year + date.month - 1


@cache
def iso(day: int) -> str:
    """A day as ISO 8601."""
    return datetime.date.fromordinal(day).isoformat()
