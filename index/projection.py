"""The index folder, kept in step with the article store: segments, deletions, manifest, merges, sweeping.

The order on disk is: store transaction, segment files and deletions (each fsynced), manifest (renamed into
place). Whatever a crash leaves is either named by a manifest or swept by the next writer; what the store has
and the manifest has not yet applied is indexed by the next writer too.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from kashaf.analyzers.terms import FINGERPRINT, STEM_FINGERPRINT
from kashaf.errors import ArchiveDamaged
from kashaf.index.durable import sync_folder
from kashaf.index.generation import current_manifest, entry_of, open_segment
from kashaf.index.inversion import SegmentBuilder
from kashaf.index.manifest import (
    CURRENT,
    PREVIOUS,
    Manifest,
    SegmentEntry,
    read_manifest,
    write_manifest,
)
from kashaf.index.merge import merge_segments
from kashaf.index.segment_file import Array, write_segment
from kashaf.index.store import StoredArticle

# Raw words in one flush: the arrays of an inversion take about 100 bytes a word at their peak.
FLUSH_WORDS = 4_000_000
# As many neighbours of one size class are merged; a class holds segments up to so many times the one below.
MERGE_FACTOR = 8
SMALLEST_CLASS = 1_000  # articles
# A segment with more than this part deleted is rewritten alone.
MOST_DELETED = 0.3


class Projection:
    """The index in `folder`, opened by its one writer."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        try:
            self.manifest = current_manifest(folder) or self._empty(0)
        except ArchiveDamaged:
            # The writer rebuilds from the store; only the number must not go back.
            self.manifest = self._empty(_newest_file_number(folder))
        self._segments: list[SegmentEntry] = list(self.manifest.segments)
        self._builder = SegmentBuilder()
        # Above every number that is or was in use, also by a generation whose manifest was damaged.
        self._next = 1 + max(_newest_file_number(folder), self.manifest.generation)

    @staticmethod
    def _empty(generation: int) -> Manifest:
        return Manifest(generation, 0, FINGERPRINT, STEM_FINGERPRINT)

    @property
    def outdated(self) -> bool:
        """Whether the analysers have changed since the terms were written."""
        return self.manifest.analysis != FINGERPRINT

    def add(self, stored: StoredArticle) -> None:
        """Takes a prepared article; keys must ascend."""
        self._builder.add(stored.key, stored.article)
        if self._builder.words >= FLUSH_WORDS:
            self._flush()

    def _file(self, suffix: str) -> Path:
        path = self.folder / f"{self._next:08d}.{suffix}"
        self._next += 1
        return path

    def _flush(self) -> None:
        if len(self._builder):
            docs, arrays = self._builder.arrays()
            path = self._file("seg")
            write_segment(path, docs, arrays)
            self._segments.append(SegmentEntry(entry_of(path), docs))

    def clear(self) -> None:
        """Starts from nothing (a rebuild)."""
        self._builder = SegmentBuilder()
        self._segments = []

    def commit(self, applied: int, ended: Sequence[int] = (), everything: bool = False) -> Manifest:
        """Makes what was added, less the versions of the keys in `ended`, the current generation.

        Args:
            applied: the store's commit that the index now holds.
            everything: merge all segments into one.
        """
        self._flush()
        self._delete(np.array(sorted(ended), np.int64))
        restem = self.manifest.stems != STEM_FINGERPRINT
        self._merge(everything or restem, restem)
        sync_folder(self.folder)
        self.manifest = Manifest(self._next_generation(), applied, FINGERPRINT, STEM_FINGERPRINT, tuple(self._segments))
        write_manifest(self.folder, self.manifest)
        from kashaf.index.whoosh_codec import write_toc  # here: whoosh is slow to import, and reading does without

        write_toc(self.folder, self.manifest)
        self.sweep()
        return self.manifest

    def _next_generation(self) -> int:
        """File numbers grow with every generation that changes anything: one above both is new."""
        self._next += 1
        return max(self.manifest.generation + 1, self._next - 1)

    def abandon(self) -> None:
        """Forgets what was added since the last commit."""
        self._builder = SegmentBuilder()
        self._segments = list(self.manifest.segments)
        self.sweep()

    def _delete(self, keys: Array) -> None:
        if not len(keys):
            return
        for number, entry in enumerate(self._segments):
            segment = open_segment(self.folder, entry)
            hit = np.isin(segment.keys, keys)
            live = np.ones(segment.docs, bool) if segment.live is None else segment.live
            if not (hit & live).any():
                continue
            dead = ~live | hit
            path = self._file("del")
            with open(path, "wb") as file:
                file.write(np.packbits(dead).tobytes())
                file.flush()
                os.fsync(file.fileno())
            self._segments[number] = SegmentEntry(entry.file, entry.docs, int(dead.sum()), entry_of(path))

    def _merge(self, everything: bool, restem: bool) -> None:
        """Merges neighbours: all of them, or so that their number grows with the logarithm of the articles."""
        self._segments = [s for s in self._segments if s.deleted < s.docs]
        if everything:
            single = len(self._segments) == 1 and not self._segments[0].deleted
            if self._segments and (restem or not single):
                self._replace(0, len(self._segments), restem)
            return
        for number, entry in enumerate(self._segments):
            if entry.deleted > MOST_DELETED * entry.docs:
                self._replace(number, number + 1, False)
        level = 0
        while len(self._segments) >= MERGE_FACTOR:
            first = len(self._segments)
            while first and _size_class(self._segments[first - 1]) <= level:
                first -= 1
            if len(self._segments) - first >= MERGE_FACTOR:
                self._replace(first, len(self._segments), False)
            elif not first:
                break
            level += 1

    def _replace(self, first: int, last: int, restem: bool) -> None:
        path = self._file("seg")
        segments = [open_segment(self.folder, entry) for entry in self._segments[first:last]]
        docs = merge_segments(segments, path, restem)
        self._segments[first:last] = [SegmentEntry(entry_of(path), docs)]

    def sweep(self) -> None:
        """Removes the files that neither the current manifest nor the one before names."""
        named = {CURRENT, PREVIOUS, *(f.name for f in self.manifest.files())}
        try:
            named.update(f.name for f in read_manifest(self.folder, PREVIOUS).files())
        except (FileNotFoundError, ArchiveDamaged):
            pass
        for path in self.folder.iterdir():
            if path.name not in named and path.suffix in (".seg", ".del", ".new"):
                path.unlink()


def _size_class(entry: SegmentEntry) -> int:
    size, number = entry.docs - entry.deleted, 0
    while size > SMALLEST_CLASS:
        size //= MERGE_FACTOR
        number += 1
    return number


def _newest_file_number(folder: Path) -> int:
    names = (path.stem for pattern in ("*.seg", "*.del") for path in folder.glob(pattern))
    return max((int(name) for name in names if name.isdigit()), default=0)
