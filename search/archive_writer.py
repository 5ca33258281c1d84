"""Writing to an open archive: what a commit adds is found at once, and merged with what is there afterwards."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from kashaf.index.merger import Merger
from kashaf.index.tiers import MERGE_FACTOR, due
from kashaf.index.word_table import WordTable
from kashaf.index.writer import Writer

# A writer that is faster than merging waits for it, so that searching does not become slow.
MOST_SEGMENTS = 6 * MERGE_FACTOR


class ArchiveWriter(Writer):
    """A `Writer` whose archive sees the commit at once.

    Args:
        written: called when the block has ended.
        merger: of the archive's segments.
    """

    def __init__(
        self, folder: Path, wait: float, words: WordTable | None, written: Callable[[], object], merger: Merger
    ) -> None:
        super().__init__(folder, wait, words)
        self._written = written
        self._merger = merger

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, trace)
        self._written()
        segments = self.segments
        if due(segments) is not None:
            self._merger.start()
            if len(segments) > MOST_SEGMENTS:
                self._merger.wait()
