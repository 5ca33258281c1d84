"""What an archive answers with: one generation of its index with one version of the authority file, and the next."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from kashaf.errors import (
    ArchiveDamaged,
    ArchiveError,
    ArchiveLocked,
    ArchiveTooNew,
    KashafError,
)
from kashaf.index.authority import Authority
from kashaf.index.generation import current_manifest, verify_files
from kashaf.index.lock import CANNOT_WRITE, WriterLock
from kashaf.index.merger import Merger
from kashaf.index.projection import Projection
from kashaf.index.snapshot import open_snapshot
from kashaf.index.store import Store, told
from kashaf.index.writer import INDEX_FOLDER, LOCK_FILE, STORE_FILE, catch_up
from kashaf.search.searcher import Searcher

Answered = TypeVar("Answered")


class Generations:
    """The newest generation of the archive in a folder, opened when it is first asked, and whatever came after it.

    Safe to share between threads, not across a fork.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._index = folder / INDEX_FOLDER
        # One connection for all threads: SQLite serialises its use, and reads are short.
        self._store = Store(folder / STORE_FILE)
        self._guard = threading.Lock()
        self._current: Searcher | None = None
        self._merger = Merger(folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Waits for merges and lets go of every file; the archive cannot be used afterwards."""
        self._merger.wait()
        self._current = None
        self._store.close()

    def _settle(self) -> None:
        """Indexes what a killed writer has left in the store, unless another writer is at it now."""
        manifest = current_manifest(self._index)
        if self._store.last_commit() == (manifest.applied if manifest else 0):
            return
        try:
            with WriterLock(self.folder / LOCK_FILE):
                store = Store(self.folder / STORE_FILE, write=True)
                projection = Projection(self._index, articles=store.by_keys)
                try:
                    catch_up(store, projection)
                except OSError:
                    projection.abandon()
                    raise
                finally:
                    store.close()
        except ArchiveLocked:
            pass  # the running writer does it
        except (ArchiveDamaged, ArchiveTooNew):
            raise
        except OSError as error:
            # An archive that may only be read, or a full disk: whoever writes it next does it. Without any
            # generation there is nothing to answer with.
            if manifest is None or not (isinstance(error, ArchiveError) or error.errno in CANNOT_WRITE):
                raise

    @property
    def _searcher(self) -> Searcher:
        """The generation that answers; opened when it is first asked, so that a damaged index can be mended."""
        searcher = self._current
        if searcher is None:
            with self._guard:
                if self._current is None:
                    with told(self._store.path):
                        self._settle()
                        self._current = self._open_searcher()
                searcher = self._current
        return searcher

    @property
    def opened(self) -> bool:
        """Whether a generation has been opened for searching."""
        return self._current is not None

    def _open_searcher(self) -> Searcher:
        before = self._current.snapshot if self._current else None
        return Searcher(open_snapshot(self._index, before), self._authority(), self._store.by_keys)

    def _authority(self) -> Authority:
        """The authority file as it is now, with what is in memory of it already."""
        return Authority(self._store.connection, self._current.authority if self._current else None, self._index)

    def refresh(self) -> bool:
        """Picks up what was written since: a newer generation or a changed authority file.

        Returns:
            Whether anything was new. Costs well under a millisecond when nothing was.
        """
        searcher = self._searcher
        with self._guard, told(self._store.path):
            manifest = current_manifest(self._index)
            newer = (manifest.generation if manifest else 0) != searcher.snapshot.generation
            authority = self._authority()
            if newer:
                self._current = self._open_searcher()
            elif authority.version != searcher.version:
                self._current = Searcher(searcher.snapshot, authority, self._store.by_keys)
            else:
                return False
            return True

    @property
    def generation(self) -> int:
        """The generation of the index that answers; 0 before the first commit."""
        return self._searcher.snapshot.generation

    @property
    def state(self) -> str:
        """Changes whenever an answer could, and from one archive to another: index generation, authority version."""
        return f"{self._store.identity}.{self.generation}.{self._searcher.version}"

    def _soundly(self, act: Callable[[Searcher], Answered]) -> Answered:
        """What the searcher answers; ArchiveDamaged when it cannot because files are not what they were."""
        try:
            with told(self._store.path):
                return act(self._searcher)
        except KashafError:
            raise
        except (IndexError, ValueError, OverflowError) as error:
            # Arrays that do not fit each other: only the checksums can tell damage from a fault of ours.
            manifest = self._searcher.snapshot.manifest
            for problem in verify_files(self._index, manifest) if manifest else ():
                raise ArchiveDamaged(problem) from error
            raise
