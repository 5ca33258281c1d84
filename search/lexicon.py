"""What completion and spelling ask of an index: the forms it has, and how many articles have each."""

from __future__ import annotations

from typing import Protocol


class Lexicon(Protocol):
    """The normalised forms of an archive."""

    def frequency(self, form: str) -> int:
        """Articles that have `form`; 0 when none has."""

    def near(self, form: str, distance: int, limit: int) -> list[tuple[str, int]]:
        """The most frequent forms at most `distance` letters from `form`, and the articles of each."""

    def starting_with(self, prefix: str, limit: int) -> list[tuple[str, int]]:
        """The most frequent forms that start with `prefix`, and the articles of each."""
