"""The persons or the organisations of an archive as a list to browse: most named first, or in alphabetical order.

An alphabetical list is of one script: it has whoever has a label in it. It is filed as library catalogues are, without
regard to accents, vowel marks, letter case and the article at the beginning.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

import numpy as np

from kashaf.analyzers.terms import fold
from kashaf.index.article import Kind
from kashaf.index.authority import Authority
from kashaf.index.segment_file import Array
from kashaf.search.results import Bucket

Script = Literal["fr", "ar"]  # as labels are keyed: Latin, Arabic
OTHER = "#"  # initial of what begins with neither a Latin nor an Arabic letter
_folded = lru_cache(maxsize=1 << 14)(fold)  # the same words stand in many names
_ARTICLE = {"fr": re.compile("^(?:les? |la |the )(?=.)"), "ar": re.compile("^ال(?=..)")}
_INITIAL = {"fr": re.compile("[a-z]"), "ar": re.compile("[ء-ي]")}


@dataclass(frozen=True, slots=True)
class Initial:
    """One letter of an alphabetical list: where it begins in it, and how many it has."""

    letter: str
    start: int
    count: int


@dataclass(frozen=True, slots=True)
class Filed:
    """An alphabetical list.

    Attributes:
        numbers: of the entities, in its order.
        initials: its letters, in its order.
    """

    numbers: Array
    initials: tuple[Initial, ...]


class EntityList:
    """The entities of one kind that articles name; safe to share between threads.

    Args:
        counts: articles of each entity number.
    """

    def __init__(self, authority: Authority, kind: Kind, counts: Array) -> None:
        self._authority = authority
        self._kind = kind
        self._counts = counts
        self._filed: dict[Script, Filed] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self.most_named)

    @cached_property
    def most_named(self) -> Array:
        """The numbers of all of them, the most named first."""
        order = np.argsort(-self._counts, kind="stable")
        return order[: int(np.count_nonzero(self._counts))]

    def filed(self, script: Script) -> Filed:
        """Those with a label in a script, in alphabetical order."""
        with self._lock:
            if script not in self._filed:
                # All labels have to be read once for each state of the archive, for both scripts alike.
                keys: dict[Script, list[tuple[str, int]]] = {"fr": [], "ar": []}
                for entity in self._authority.entities(self._kind):
                    if entity.number < len(self._counts) and self._counts[entity.number]:
                        for each, found in keys.items():
                            if each in entity.labels:
                                found.append((filing(entity.labels[each], each), entity.number))
                self._filed = {each: _filed(sorted(found), each) for each, found in keys.items()}
            return self._filed[script]

    def buckets(self, numbers: Sequence[int] | Array) -> tuple[Bucket, ...]:
        """Entities as facets show them, in the order given; those that are nobody by now are left out."""
        wanted = [int(number) for number in numbers]
        entities = {entity.number: entity for entity in self._authority.entities(self._kind, wanted)}
        return tuple(
            Bucket(entity.id, entity.label, self.count(number), labels=entity.labels)
            for number in wanted
            if (entity := entities.get(number)) is not None
        )

    def count(self, number: int) -> int:
        """The articles that name an entity."""
        return int(self._counts[number]) if number < len(self._counts) else 0


def filing(label: str, script: Script) -> str:
    """What a label is filed under.

    >>> filing("L’Économiste", "fr"), filing("المكتبة", "ar")
    ('economiste', 'مكتبه')
    """
    return _ARTICLE[script].sub("", " ".join(map(_folded, label.split())), count=1)


def _filed(keys: Sequence[tuple[str, int]], script: Script) -> Filed:
    letters = [key[:1] if _INITIAL[script].match(key) else OTHER for key, _ in keys]
    by_letter = sorted(range(len(keys)), key=lambda place: (letters[place] == OTHER, letters[place]))
    found: list[Initial] = []
    for place, at in enumerate(by_letter):
        if not found or found[-1].letter != letters[at]:
            found.append(Initial(letters[at], place, 0))
    ends = [each.start for each in found[1:]] + [len(keys)] * bool(found)
    initials = tuple(Initial(each.letter, each.start, end - each.start) for each, end in zip(found, ends, strict=True))
    return Filed(np.array([keys[at][1] for at in by_letter], np.int64), initials)
