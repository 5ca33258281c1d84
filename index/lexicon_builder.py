"""The lexicon of a segment, written: terms come sorted by stem class, then form, so that a class is one run."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress, islice
from operator import ne

import numpy as np

from kashaf.index.posting_lists import Numbers
from kashaf.index.segment_file import Array, StringColumn, narrow

_SORTED_AT_ONCE = 1 << 18  # forms


class LexiconBuilder:
    """Takes the terms in order, some thousands or all at once, and gives their arrays."""

    def __init__(self) -> None:
        self._forms = _Strings()
        self._stems = _Strings()
        self._firsts: list[Numbers] = []
        self._last: bytes | None = None

    def add(self, stems: Sequence[bytes], forms: Sequence[bytes]) -> None:
        """Takes the next terms: the stem class and the form of each."""
        if not forms:
            return
        new = changes(stems)
        new[0] = stems[0] != self._last
        self._firsts.append(self._forms.count + np.flatnonzero(new))
        self._forms.add(forms)
        self._stems.add(list(compress(stems, new)))
        self._last = stems[-1]

    def arrays(self) -> dict[str, Array]:
        """Forms, classes, the first term of each class, and the terms in byte order of their forms."""
        forms = self._forms.arrays("form")
        firsts = np.concatenate([*self._firsts, np.array([self._forms.count])])
        return {
            **forms,
            **self._stems.arrays("stem"),
            "stem.first": narrow(firsts),
            "form.sorted": narrow(_byte_order(StringColumn(forms["form.bytes"], forms["form.ends"]))),
        }


class _Strings:
    """A string column that grows."""

    def __init__(self) -> None:
        self._data: list[bytes] = []
        self._sizes: list[Numbers] = []
        self.count = 0

    def add(self, strings: Sequence[bytes]) -> None:
        self._data.append(b"".join(strings))
        self._sizes.append(np.fromiter(map(len, strings), np.int64, len(strings)))
        self.count += len(strings)

    def arrays(self, name: str) -> dict[str, Array]:
        sizes = np.concatenate([np.zeros(0, np.int64), *self._sizes])
        return {
            f"{name}.bytes": np.frombuffer(b"".join(self._data), np.uint8),
            f"{name}.ends": narrow(np.cumsum(sizes)),
        }


def changes(values: Sequence[bytes]) -> Array:
    """Whether each value differs from the one before; the first does."""
    new = np.ones(len(values), bool)
    new[1:] = np.fromiter(map(ne, values, islice(values, 1, None)), bool, max(len(values) - 1, 0))
    return new


def _byte_order(forms: StringColumn) -> Numbers:
    """The numbers of the forms in byte order of the forms.

    All are sorted by their first eight bytes as numbers, then some thousands at a time as strings: strings take much
    more memory than their bytes.
    """
    heads = forms.heads()
    order = np.argsort(heads, kind="stable")
    heads = heads[order]
    # Cuts only where the first bytes change.
    cuts = np.searchsorted(heads, heads[_SORTED_AT_ONCE::_SORTED_AT_ONCE]).tolist()
    edges = sorted({0, *cuts, len(order)})
    for first, last in zip(edges, edges[1:], strict=False):
        part = order[first:last]
        strings = forms.some_raw(part)
        order[first:last] = part[sorted(range(len(part)), key=strings.__getitem__)]
    return order
