"""Merging segments behind the writers' backs: readers are not disturbed and no writer waits for it.

A merge reads segments that never change and writes a file that nobody knows yet; only to put it in their place it
needs the writer's lock, for the time of a small commit. What was deleted from the segments meanwhile is deleted from
the new one then. One process merges at a time. A process that ends may leave its file half done: the next one
that merges or writes removes it.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path

from kashaf.errors import ArchiveDamaged, ArchiveLocked, KashafError
from kashaf.index.article import KINDS
from kashaf.index.entity_files import EntityColumns, add_columns, keep_columns
from kashaf.index.generation import current_manifest, open_segment
from kashaf.index.lock import WriterLock
from kashaf.index.manifest import SegmentEntry
from kashaf.index.merge import merge_segments
from kashaf.index.projection import MERGE_LOCK_FILE, UNFINISHED_MERGE, Projection, sweep_merges
from kashaf.index.segment import Segment
from kashaf.index.store import Store
from kashaf.index.tiers import due
from kashaf.index.writer import INDEX_FOLDER, LOCK_FILE, STORE_FILE

_LOG = logging.getLogger("kashaf")
_WAIT = 600.0  # seconds for a writer to finish; longer, and the merge is left to a later commit
_POLL = 0.001  # seconds: a writer that begins again at once leaves the lock free for a moment only


class Merger:
    """Merges the segments of one archive in a thread, when asked.

    Args:
        folder: of the archive.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._guard = threading.Lock()
        self._thread: threading.Thread | None = None
        self._asked = False

    def start(self) -> None:
        """Begins to merge what is due, or goes on when it is at it; returns at once."""
        with self._guard:
            self._asked = True
            if self._thread is None or not self._thread.is_alive():  # an unforeseen end must not be the last
                # A daemon: a process may end in the middle of a merge, nothing is lost.
                self._thread = threading.Thread(target=self._run, name="kashaf-merge", daemon=True)
                self._thread.start()

    def wait(self) -> None:
        """Returns when everything that was due is merged."""
        thread = self._thread
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        while True:
            with self._guard:
                if not self._asked:
                    self._thread = None
                    return
                self._asked = False
            try:
                merge_due(self._folder)
            except (KashafError, OSError, sqlite3.Error) as error:
                _LOG.warning("segments of %s were not merged, the next commit tries again: %s", self._folder, error)


def merge_due(folder: Path) -> None:
    """Merges the segments of the archive in `folder` until none is due; nothing while another process is at it."""
    index = folder / INDEX_FOLDER
    try:
        lock = WriterLock(index / MERGE_LOCK_FILE).__enter__()
    except ArchiveLocked:
        return
    try:
        sweep_merges(index)
        while (manifest := current_manifest(index)) is not None and (run := due(manifest.segments)) is not None:
            _merge(folder, manifest.segments[run[0] : run[1]])
    finally:
        lock.__exit__(None, None, None)


def _merge(folder: Path, sources: Sequence[SegmentEntry]) -> None:
    index = folder / INDEX_FOLDER
    aside = index / (sources[0].file.name + UNFINISHED_MERGE)
    store = Store(folder / STORE_FILE)
    try:
        read = [open_segment(index, entry) for entry in sources]
        merge_segments(read, aside)
        segment = Segment(aside)
        columns = EntityColumns(store.connection)
        for kind in KINDS:
            columns.column(segment, kind)
        with WriterLock(folder / LOCK_FILE, _WAIT, _POLL):
            projection = Projection(index)
            entry = projection.adopt(aside, sources, read)
            if entry is not None:
                # Before anybody sees the segment: every reader would make its columns in memory.
                add_columns(store.connection, index, entry.file.name, columns, segment)
                projection.publish(projection.manifest.applied)
                keep_columns(store.connection, index, projection.manifest)
    except FileNotFoundError as error:
        # Another writer may have replaced the segments meanwhile; else one of them is lost.
        manifest = current_manifest(index)
        if manifest is not None and set(sources) <= set(manifest.segments):
            raise ArchiveDamaged(f"{error.filename} is missing; run: kashaf compact --rebuild") from error
    finally:
        aside.unlink(missing_ok=True)
        store.close()
