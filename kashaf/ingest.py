"""Articles from files into an archive, in commits of a bounded size: what is committed stays."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from kashaf.crew import Done, Outcome, Work, done, portions
from kashaf.errors import ArticleError
from kashaf.index.extractors import chosen
from kashaf.index.readers import Reading, Refusal
from kashaf.index.reports import MAX_REFUSALS, Run, now
from kashaf.index.word_table import WordTable
from kashaf.search.archive import Archive

BATCH = 20_000  # articles a commit
SECONDS = 30.0  # a commit at least this often, so that little is lost when slow work is stopped
PAUSE = 0.05  # seconds between commits, in which another writer may have its turn


@dataclass(slots=True)
class Counts:
    """What has become of the inputs.

    Attributes:
        added, replaced, unchanged: articles in commits that are safe on disk.
        refused: inputs that were not taken.
        noticed: articles that were kept though a part, such as the date, could not be read.
        seen: articles and refusals so far, committed or not.
    """

    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    refused: int = 0
    noticed: int = 0
    seen: int = 0

    @property
    def safe(self) -> int:
        """Articles that are in the archive, whatever happens next."""
        return self.added + self.replaced + self.unchanged


@dataclass(frozen=True, slots=True)
class Listener:
    """Who is told what happens.

    Attributes:
        advance: bytes read from the disk since the last call.
        refused: an input that was not taken.
        noticed: where, and what could not be read of an article that was kept.
        committed: the counts after a commit that is safe on disk.
    """

    advance: Callable[[int], None]
    refused: Callable[[Refusal], None]
    noticed: Callable[[str, str], None]
    committed: Callable[[Counts], None]


_NOBODY = Listener(lambda count: None, lambda refusal: None, lambda where, reason: None, lambda counts: None)


def ingest(
    archive: Archive,
    paths: Iterable[Path],
    listener: Listener | None = None,
    counts: Counts | None = None,
    *,
    format: str = "auto",
    source: str | None = None,
    file_dates: bool = False,
    entities: bool = True,
    extractor: str | None = None,
    batch: int = BATCH,
    jobs: int = 1,
) -> None:
    """Indexes files and folders; `counts` is kept up to date, so that it is right when this is interrupted.

    The archive comes out the same whatever `jobs` is.

    Args:
        archive: where the articles go.
        paths: files and folders.
        listener: who is told what happens; nobody by default.
        counts: what has become of the inputs.
        format, source, file_dates: as `kashaf.index.readers.Reading` has them.
        entities: whether persons and organisations are looked for in the texts.
        extractor: the name of an installed extractor that looks for them too (`kashaf.index.extractors`); None: that
            of ``$KASHAF_EXTRACTOR``.
        batch: articles a commit.
        jobs: processes that read and prepare articles; 1 does everything in this one, 0 takes one for each core. A
            program that calls this with several keeps what it does when it is run under
            ``if __name__ == "__main__":``, as all do that use `multiprocessing`.

    Raises:
        ArchiveError: if the archive cannot be written to.
        ExtractorError: if the extractor is not installed or cannot be loaded.
        WorkerLost: if one of several processes ended unforeseen; what was committed stays.
    """

    listener = listener or _NOBODY
    counts = counts or Counts()
    refusals: list[Refusal] = []

    def noticed(where: str, reason: str) -> None:
        counts.noticed += 1
        listener.noticed(where, reason)

    def refuse(refusal: Refusal) -> None:
        counts.refused += 1
        if len(refusals) < MAX_REFUSALS:
            refusals.append(refusal)
        listener.refused(refusal)

    chosen(extractor)  # told before anything is read
    work = Work(Reading(format, source, file_dates), entities, extractor)
    given = portions(work.reading.pieces(paths, listener.advance, noticed))

    def outcomes(finished: Iterable[Done]) -> Iterator[Outcome]:
        for portion in finished:
            listener.advance(portion.read)
            for notice in portion.notices:
                noticed(*notice)
            yield from portion.outcomes

    words = WordTable()
    with _reported(archive, counts, refusals), closing(done(work, given, jobs)) as finished:
        waiting = outcomes(finished)
        more = True
        while more:
            if counts.seen:
                archive.finish_merges()  # what is merged when must not depend on how fast this is
                time.sleep(PAUSE)
            deadline = time.monotonic() + SECONDS
            taken = 0
            more = False
            with archive.writer(words=words) as writer:
                for outcome in waiting:
                    counts.seen += 1
                    if isinstance(outcome.received, Refusal):
                        refuse(outcome.received)
                        continue
                    try:
                        writer.add(outcome.received, outcome.made)
                    except ArticleError as error:
                        refuse(Refusal(outcome.where, str(error)))
                        continue
                    taken += 1
                    if taken >= batch or time.monotonic() >= deadline:
                        more = True
                        break
            counts.added += writer.added
            counts.replaced += writer.replaced
            counts.unchanged += writer.unchanged
            if taken:
                listener.committed(counts)


@contextmanager
def _reported(archive: Archive, counts: Counts, refusals: list[Refusal]) -> Iterator[None]:
    """Keeps in the archive what became of the run, however it ends."""
    began = now()
    before = replace(counts)
    finished = False
    try:
        yield
        finished = True
    finally:
        run = Run(
            began=began,
            ended=now(),
            way="files",
            added=counts.added - before.added,
            replaced=counts.replaced - before.replaced,
            unchanged=counts.unchanged - before.unchanged,
            refused=counts.refused - before.refused,
            finished=finished,
            refusals=tuple(refusals),
        )
        archive.report(lambda reports: reports.keep_run(run))
