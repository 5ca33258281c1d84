"""The index folder, kept in step with the article store: segments, deletions, manifest, sweeping.

The order on disk is: store transaction, segment files and deletions (each fsynced), manifest (renamed into
place). Whatever a crash leaves is either named by a manifest or swept by the next writer; what the store has
and the manifest has not yet applied is indexed by the next writer too.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np

from kashaf.analyzers.terms import FINGERPRINT, STEM_FINGERPRINT
from kashaf.errors import ArchiveDamaged, ArchiveLocked
from kashaf.index.copies import Articles, CopyFinder
from kashaf.index.copy_samples import samples_in
from kashaf.index.durable import sync_folder
from kashaf.index.generation import current_manifest, entry_of, open_segment
from kashaf.index.inversion import SegmentBuilder, words_within
from kashaf.index.lock import WriterLock
from kashaf.index.manifest import (
    CURRENT,
    PREVIOUS,
    Manifest,
    SegmentEntry,
    read_manifest,
    write_manifest,
)
from kashaf.index.merge import merge_segments
from kashaf.index.segment import Segment
from kashaf.index.segment_file import Array, write_segment
from kashaf.index.store import StoredArticle
from kashaf.index.whoosh_toc import write_toc
from kashaf.index.word_table import WordTable

MERGE_LOCK_FILE = "merge.lock"  # held while segments are merged outside a commit
UNFINISHED_MERGE = ".merging"
MEMORY = 512  # megabytes while articles are added
FLUSH_WORDS = words_within(MEMORY)


class Projection:
    """The index in `folder`, opened by its one writer.

    Args:
        words: what earlier writers of the same process remember of words; a new memory by default.
        articles: gives the stored articles of some keys; without it no copies are looked for.
    """

    def __init__(self, folder: Path, words: WordTable | None = None, articles: Articles | None = None) -> None:
        self.folder = folder
        self._words = WordTable() if words is None else words
        self._copies = CopyFinder(articles, self._words) if articles else None
        folder.mkdir(exist_ok=True)
        try:
            self.manifest = current_manifest(folder) or self._empty(0)
        except ArchiveDamaged:
            # The writer rebuilds from the store; only the number must not go back.
            self.manifest = self._empty(_newest_file_number(folder))
        self._segments: list[SegmentEntry] = list(self.manifest.segments)
        self._builder = SegmentBuilder(self._words)
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
            if self._copies is not None:
                arrays |= self._copies.arrays(samples_in(arrays), list(self._readable()))
            path = self._file("seg")
            write_segment(path, docs, arrays)
            self._segments.append(_entry(path))

    def _readable(self) -> Iterator[Segment]:
        """The segments so far. One that is lost or damaged is left out: articles are taken in all the same."""
        for entry in self._segments:
            with suppress(FileNotFoundError, ArchiveDamaged):
                yield open_segment(self.folder, entry)

    def clear(self) -> None:
        """Starts from nothing (a rebuild)."""
        self._builder = SegmentBuilder(self._words)
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
        if everything or restem:
            self._merge_all(restem)
            self.manifest = replace(self.manifest, stems=STEM_FINGERPRINT)
        self.manifest = replace(self.manifest, analysis=FINGERPRINT)
        return self.publish(applied)

    def publish(self, applied: int) -> Manifest:
        """Makes the segments as they are now the current generation.

        Args:
            applied: the store's commit that the index now holds.
        """
        segments = tuple(entry for entry in self._segments if entry.deleted < entry.docs)
        self._segments = list(segments)
        sync_folder(self.folder)
        self.manifest = replace(self.manifest, generation=self._next_generation(), applied=applied, segments=segments)
        write_manifest(self.folder, self.manifest)
        write_toc(self.folder, self.manifest)
        self.sweep()
        return self.manifest

    def _next_generation(self) -> int:
        """File numbers grow with every generation that changes anything: one above both is new."""
        self._next += 1
        return max(self.manifest.generation + 1, self._next - 1)

    def abandon(self) -> None:
        """Forgets what was added since the last commit."""
        self._builder = SegmentBuilder(self._words)
        self._segments = list(self.manifest.segments)
        self.sweep()

    def _delete(self, keys: Array) -> None:
        """Marks the articles of these keys, ascending, as deleted."""
        for number, entry in enumerate(self._segments if len(keys) else ()):
            segment = open_segment(self.folder, entry)
            places = np.searchsorted(segment.keys, keys)
            places = places[places < segment.docs]
            places = places[np.isin(segment.keys[places], keys)]
            live = np.ones(segment.docs, bool) if segment.live is None else segment.live.copy()
            places = np.unique(places[live[places]])
            if not len(places):
                continue
            live[places] = False
            gone = segment.lengths[places].sum(0, dtype=np.int64).tolist()
            path = self._file("del")
            with open(path, "wb") as file:
                file.write(np.packbits(~live).tobytes())
                file.flush()
                os.fsync(file.fileno())
            lengths = tuple(a - b for a, b in zip(entry.lengths, gone, strict=True))
            self._segments[number] = replace(
                entry, lengths=lengths, deleted=entry.deleted + len(places), deletions=entry_of(path)
            )

    def _merge_all(self, restem: bool) -> None:
        single = len(self._segments) == 1 and not self._segments[0].deleted
        if self._segments and (restem or not single):
            path = self._file("seg")
            merge_segments([open_segment(self.folder, entry) for entry in self._segments], path, restem)
            self._segments = [_entry(path)]

    def adopt(self, merged: Path, sources: Sequence[SegmentEntry], read: Sequence[Segment]) -> SegmentEntry | None:
        """Puts a merged segment in the place of its sources; `publish` makes it seen.

        Args:
            merged: its file in the index folder, whole and on disk; it gets its name.
            sources: as they were when they were merged.
            read: the same, opened then: the file of what was deleted from them by then may be gone.

        Returns:
            The new segment; None when another writer has replaced the sources meanwhile: then nothing changes.
        """
        files = [entry.file for entry in self._segments]
        wanted = [entry.file for entry in sources]
        first = files.index(wanted[0]) if wanted[0] in files else 0
        if files[first : first + len(wanted)] != wanted:
            return None
        now = self._segments[first : first + len(wanted)]
        deleted = self._deleted_since(sources, read, now)
        path = self._file("seg")
        os.replace(merged, path)
        self._segments[first : first + len(wanted)] = [_entry(path)]
        self._delete(deleted)
        return self._segments[first]

    def _deleted_since(
        self, then: Sequence[SegmentEntry], read: Sequence[Segment], now: Sequence[SegmentEntry]
    ) -> Array:
        """The keys, ascending, of the articles that were deleted from segments since they were read."""
        keys = [np.zeros(0, np.int64)]
        for before, old, after in zip(then, read, now, strict=True):
            if before != after:
                new = open_segment(self.folder, after)
                gone = ~new.live if new.live is not None else np.zeros(new.docs, bool)
                keys.append(new.keys[gone if old.live is None else gone & old.live])
        return np.sort(np.concatenate(keys))

    def sweep(self) -> None:
        """Removes the files that neither the current manifest nor the one before names."""
        named = {CURRENT, PREVIOUS, *(f.name for f in self.manifest.files())}
        try:
            named.update(f.name for f in read_manifest(self.folder, PREVIOUS).files())
        except (FileNotFoundError, ArchiveDamaged):
            pass
        unfinished = False
        for path in self.folder.iterdir():
            if path.name not in named and path.suffix in (".seg", ".del", ".new"):
                path.unlink()
            unfinished |= path.suffix == UNFINISHED_MERGE
        if unfinished:
            try:
                with WriterLock(self.folder / MERGE_LOCK_FILE):
                    sweep_merges(self.folder)
            except ArchiveLocked:
                pass  # somebody is at it


def sweep_merges(folder: Path) -> None:
    """Removes what killed merges have left; the caller holds the lock of merges."""
    for path in folder.glob(f"*{UNFINISHED_MERGE}"):
        path.unlink()


def _entry(path: Path) -> SegmentEntry:
    """The entry of a segment that has just been written."""
    segment = Segment(path)
    return SegmentEntry(entry_of(path), segment.docs, tuple(segment.length_sums.tolist()))


def _newest_file_number(folder: Path) -> int:
    names = (path.stem for pattern in ("*.seg", "*.del") for path in folder.glob(pattern))
    return max((int(name) for name in names if name.isdigit()), default=0)
