"""A table of names that is searched by any spelling, in either script."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kashaf.analyzers.name_arrays import Holding, NameArrays, name_arrays, put_together
from kashaf.analyzers.name_key import NameWord


class NameTable:
    """Names to be searched by any spelling; a name given twice is kept once.

    >>> table = NameTable(["Mohamed Setri", "Mohamed Stati", "Driss Lachgar"])
    >>> table.search("محمد ستري", size=1)[0][0]
    'Mohamed Setri'
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names: list[str] = []
        self._known: set[str] = set()
        self._arrays = NameArrays(name_arrays(()))
        self.add(names)

    def __len__(self) -> int:
        return len(self._names)

    def copy(self) -> NameTable:
        """A table with the same names; adding to one does not change the other."""
        other = NameTable()
        other._names, other._known, other._arrays = self._names.copy(), self._known.copy(), self._arrays
        return other

    def add(self, names: Iterable[str]) -> None:
        """Add names; one without a letter is kept but never found."""
        for name in names:
            if name not in self._known:
                self._known.add(name)
                self._names.append(name)

    @property
    def _index(self) -> NameArrays:
        """Built when the table is first searched after a change."""
        arrays = self._arrays
        if arrays.names < len(self._names):
            more = NameArrays(name_arrays(self._names[arrays.names :]))
            arrays = self._arrays = NameArrays(put_together(arrays, more)) if arrays.names else more
        return arrays

    def search(self, name: str, size: int = 10) -> list[tuple[str, float]]:
        """The names most like `name`, best first, with their similarity (0.0 … 1.0).

        As `name_similarity`, but a word that few names of the table hold counts for more than a common one.
        """
        return [(self._names[number], score) for number, score in self.search_numbers(name, size)]

    def search_numbers(self, name: str, size: int = 10) -> list[tuple[int, float]]:
        """As `search`, with the place of each name in the order in which they were added."""
        return self._index.find(name, size)

    def holding(self, words: Sequence[NameWord], least: float) -> list[Holding]:
        """For each word, the names that hold a word at least so like it (0.0 … 1.0), found by its keys."""
        return self._index.holding(words, least)
