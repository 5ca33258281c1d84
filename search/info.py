"""An archive in figures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Info:
    """An archive in figures.

    Attributes:
        folder: where it is.
        articles: current ones.
        generation: of the index.
        segments: files of articles in the index.
        store_bytes, index_bytes: on disk.
        behind: commits of the store that the index has not applied (0, except after a crash).
        outdated: the index was written by another version of the analysers.
        languages: articles by language.
        first, last: earliest and latest publication month, or None.
        undated: articles without a date.
        persons, organisations: entities that articles mention.
    """

    folder: Path
    articles: int
    generation: int
    segments: int
    store_bytes: int
    index_bytes: int
    behind: int
    outdated: bool
    languages: dict[str, int]
    first: str | None
    last: str | None
    undated: int
    persons: int
    organisations: int
