"""Articles read and prepared by several processes, given in the order of their inputs.

Reading and analysing take most of the time of indexing, and no article needs another. So portions of the inputs go
to processes, and one process stores what comes back, portion after portion: the archive is the same, byte for byte,
however many worked at it. Few portions are under way at a time, so that memory stays bounded.

The processes are forked from a server that is started afresh and has loaded every word list and model once
(`kashaf.preloaded`): they share its memory, and no lock or thread of the calling program is copied into them.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import connection, resource_tracker

from kashaf.errors import ArticleError, WorkerLost
from kashaf.index.article import Article
from kashaf.index.prepare import prepare_all
from kashaf.index.read_records import Line
from kashaf.index.readers import Reading, Refusal, Unread

_PORTION = 64  # pieces of inputs
_PORTION_BYTES = 1_000_000  # of JSON lines
_AHEAD = 4  # portions under way for each process


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one article.

    Attributes:
        where: the file, or the line of it.
        received: the article as received; the refusal of one that cannot be taken.
        made: the article as prepared.
    """

    where: str
    received: Article | Refusal
    made: Article | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a portion.

    Attributes:
        outcomes: of its articles, in order.
        notices: where, and what could not be read of an article that is kept.
        read: bytes taken from the disk.
    """

    outcomes: list[Outcome]
    notices: list[tuple[str, str]]
    read: int


@dataclass(frozen=True, slots=True)
class Work:
    """What is done with inputs.

    Attributes:
        reading: how they are read.
        entities: whether persons and organisations are looked for.
        extractor: the name of an installed extractor that looks for them too.
    """

    reading: Reading
    entities: bool = True
    extractor: str | None = None

    def __call__(self, portion: list[Unread]) -> Done:
        """Reads and prepares one portion."""
        notices: list[tuple[str, str]] = []
        sizes: list[int] = []
        found = [
            one
            for piece in portion
            for one in self.reading.of(piece, sizes.append, lambda where, reason: notices.append((where, reason)))
        ]
        articles = [one.what for one in found if isinstance(one.what, Article)]
        made = iter(prepare_all(articles, self.entities, self.extractor))
        outcomes = [
            Outcome(one.where, one.what) if isinstance(one.what, Refusal) else _outcome(one.where, one.what, next(made))
            for one in found
        ]
        return Done(outcomes, notices, sum(sizes))


def _outcome(where: str, received: Article, made: Article | ArticleError) -> Outcome:
    if isinstance(made, ArticleError):
        return Outcome(where, Refusal(where, str(made)))
    return Outcome(where, received, made)


def portions(pieces: Iterable[Unread]) -> Iterator[list[Unread]]:
    """Pieces of inputs, some dozens together; no more than is quickly done."""
    portion: list[Unread] = []
    size = 0
    for piece in pieces:
        portion.append(piece)
        size += len(piece.text) if isinstance(piece, Line) else 0
        if len(portion) >= _PORTION or size >= _PORTION_BYTES:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def done(work: Work, given: Iterable[list[Unread]], jobs: int = 1) -> Generator[Done]:
    """What became of each portion, in order.

    Args:
        jobs: processes; 1 works in this one, 0 is one for each core.

    Raises:
        WorkerLost: if a process ended that should not have.
    """
    jobs = jobs or len(os.sched_getaffinity(0))
    if jobs == 1:
        yield from map(work, given)
        return
    waiting: deque[Future[Done]] = deque()
    with _pool(jobs) as pool:
        try:
            for portion in given:
                with _uninterrupted():
                    waiting.append(pool.submit(work, portion))
                if len(waiting) >= _AHEAD * jobs:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BrokenProcessPool as error:
            raise WorkerLost(jobs) from error


@contextmanager
def _pool(jobs: int) -> Iterator[ProcessPoolExecutor]:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["kashaf.preloaded"])
    resource_tracker.ensure_running()  # the first start of it would let interrupts through again
    pool = ProcessPoolExecutor(jobs, context, _end_with_parent)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Holds Ctrl-C back: processes that begin meanwhile never see it, and end when the one that began them says so."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end_with_parent() -> None:
    """Ends this process when the one that it works for was killed."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch(sentinel: int) -> None:
        connection.wait([sentinel])
        os._exit(1)

    threading.Thread(target=watch, args=(parent.sentinel,), daemon=True).start()
