"""Articles from files into an archive, in commits of a bounded size: what is committed stays."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kashaf.errors import ArticleError
from kashaf.index.article import Article
from kashaf.index.inputs import walk
from kashaf.index.readers import Refusal, read
from kashaf.index.refusals import showable
from kashaf.search.archive import Archive

BATCH = 5_000  # articles a commit
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


def ingest(
    archive: Archive,
    paths: Iterable[Path],
    listener: Listener,
    counts: Counts,
    *,
    format: str = "auto",
    source: str | None = None,
    file_dates: bool = False,
    batch: int = BATCH,
) -> None:
    """Indexes files and folders; `counts` is kept up to date, so that it is right when this is interrupted.

    Raises:
        ArchiveError: if the archive cannot be written to.
    """

    def noticed(where: str, reason: str) -> None:
        counts.noticed += 1
        listener.noticed(where, reason)

    def inputs() -> Iterator[tuple[str, Article | Refusal]]:
        for path in walk(paths):
            if isinstance(path, Refusal):
                yield path.where, path
                continue
            where = showable(str(path))
            for found in read([path], format, source, advance=listener.advance, notice=noticed, file_dates=file_dates):
                yield where, found

    def refuse(refusal: Refusal) -> None:
        counts.refused += 1
        listener.refused(refusal)

    waiting = inputs()
    more = True
    while more:
        if counts.seen:
            time.sleep(PAUSE)
        deadline = time.monotonic() + SECONDS
        taken = 0
        more = False
        with archive.writer() as writer:
            for where, found in waiting:
                counts.seen += 1
                if isinstance(found, Refusal):
                    refuse(found)
                    continue
                try:
                    writer.add(found)
                except ArticleError as error:
                    refuse(Refusal(where, str(error)))
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
