"""One generation of the index, opened for reading: immutable, safe to share between threads."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import numpy as np

from kashaf.analyzers.terms import FINGERPRINT
from kashaf.errors import ArchiveDamaged
from kashaf.index.article import TEXT_FIELDS
from kashaf.index.generation import current_manifest, open_segment
from kashaf.index.manifest import Manifest
from kashaf.index.segment import Segment
from kashaf.index.segment_file import Array

_TRIES = 5


class Snapshot:
    """The segments of one manifest and what is true of all of them together.

    Attributes:
        manifest: None before the first commit.
        segments: in order of their articles' keys.
        live_docs: articles that are not deleted.

    Args:
        before: an earlier generation; the segments that have not changed since are its own.
    """

    def __init__(self, folder: Path, manifest: Manifest | None, before: Snapshot | None = None) -> None:
        self.manifest = manifest
        self.segments: tuple[Segment, ...] = ()
        if manifest is not None:
            entries = before.manifest.segments if before is not None and before.manifest is not None else ()
            known = dict(zip(entries, before.segments, strict=True)) if before is not None else {}
            self.segments = tuple(known.get(entry) or open_segment(folder, entry) for entry in manifest.segments)
        self.live_docs = sum(segment.live_docs for segment in self.segments)

    @property
    def generation(self) -> int:
        """0 before the first commit."""
        return self.manifest.generation if self.manifest else 0

    @property
    def outdated(self) -> bool:
        """Whether another version of the analysers wrote it: a search may miss, until the next write rebuilds it."""
        return self.manifest is not None and self.manifest.analysis != FINGERPRINT

    @cached_property
    def average_lengths(self) -> Array:
        """Mean positions of each field over the live articles, at least 1, shape (3,), float32."""
        if self.manifest is not None:
            lengths = [entry.lengths for entry in self.manifest.segments]
        else:
            lengths = [tuple(segment.length_sums.tolist()) for segment in self.segments]
        sums = np.array([(0,) * len(TEXT_FIELDS), *lengths], np.int64).sum(0)
        mean: Array = np.maximum(sums / max(self.live_docs, 1), 1.0).astype(np.float32)
        return mean

    # The lexicon of all segments, for completion and spelling

    def frequency(self, form: str) -> int:
        """Articles that have a form (deleted ones included until their segment is merged)."""
        found = ((segment, segment.term(form)) for segment in self.segments)
        return sum(segment.term_docs(term) for segment, term in found if term is not None)

    def starting_with(self, prefix: str, limit: int) -> list[tuple[str, int]]:
        """The most frequent forms that start with `prefix`, and the articles that have each."""
        counts: dict[str, int] = {}
        for segment in self.segments:
            terms = segment.prefix_terms(prefix).astype(np.int64)
            sizes = segment.doc_counts(terms)
            if len(terms) > 4 * limit:
                best = np.argpartition(-sizes, 4 * limit)[: 4 * limit]
                terms, sizes = terms[best], sizes[best]
            for term, size in zip(terms.tolist(), sizes.tolist(), strict=True):
                form = segment.forms[term]
                counts[form] = counts.get(form, 0) + size
        return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:limit]

    def near(self, form: str, distance: int, limit: int) -> list[tuple[str, int]]:
        """The most frequent forms at most `distance` letters from `form`."""
        counts: dict[str, int] = {}
        for segment in self.segments:
            for term in segment.near_terms(form, distance):
                other = segment.forms[term]
                counts[other] = counts.get(other, 0) + segment.term_docs(term)
        return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:limit]


def open_snapshot(folder: Path, before: Snapshot | None = None) -> Snapshot:
    """The current generation of the index in `folder`, or the one before when its manifest is damaged.

    A writer may replace the generation while it is being opened: then the newer one is opened.

    Args:
        before: an earlier generation, whose segments are used again where they have not changed.

    Raises:
        ArchiveDamaged: if a file of it is damaged: an older generation would bring deleted articles back.
    """
    for attempt in range(_TRIES):
        manifest = current_manifest(folder)
        try:
            return Snapshot(folder, manifest, before)
        except FileNotFoundError as error:
            if attempt == _TRIES - 1:
                raise ArchiveDamaged(f"{error.filename} is missing; run: kashaf compact --rebuild") from error
    raise AssertionError("unreachable")
