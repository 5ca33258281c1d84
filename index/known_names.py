"""Names of the authority file as arrays: found by spelling, by folded words, by marks and by how words begin.

The arrays hold the names of a run of rows of the store's table of names, in their order; a name is told by its
place among them. They never change; those of more rows are made by putting two together. Words and marks are
looked up by 64-bit hashes: two that share one would only be looked at once more.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from hashlib import blake2b

import numpy as np

from kashaf.analyzers.name_arrays import NAME_ARRAYS, NameArrays, name_arrays, put_together
from kashaf.analyzers.terms import terms
from kashaf.index import ministries, organisation_names
from kashaf.index.article import KINDS, Kind
from kashaf.index.segment_file import Array, StringColumn, string_arrays

Row = tuple[int, Kind, str, int]  # number, kind, name, entity or -1

SCRIPTS = ("latn", "arab", "none")
# Ways to look organisations up: a sorted array of hashes, and beside it (.place) the name of each.
FOLD = "organisation.fold"  # by all folded words
WORD = "organisation.word"  # the first name of each fold, by each of its words
MARK = "organisation.mark"  # names with a transcribed part, by what they share with its other spellings
PORTFOLIO = "organisation.portfolio"  # ministries, by what they are in charge of
_LOOKUPS = (FOLD, WORD, MARK, PORTFOLIO)

# The types of all arrays; texts have their bytes and where each ends.
KNOWN_ARRAYS: Mapping[str, type[np.generic]] = {
    "variant": np.int32,  # row of each name in the store, ascending
    "entity": np.int32,  # what it means; -1 for nobody
    "kind": np.uint8,  # by `KINDS`
    "words": np.uint8,  # folded words of an organisation; 0 for a person
    "name.bytes": np.uint8,
    "name.ends": np.int64,
    **{f"{lookup}{part}": dtype for lookup in _LOOKUPS for part, dtype in (("", np.uint64), (".place", np.int32))},
    # Organisations whose transcribed part is one word, the script and the form of that word.
    "part.place": np.int32,
    "part.script": np.uint8,
    "part.bytes": np.uint8,
    "part.ends": np.int64,
    # Words of the names of each kind, sorted by their bytes, and the names that have each.
    **{
        f"{kind}.begin.{part}": dtype
        for kind in KINDS
        for part, dtype in (("bytes", np.uint8), ("ends", np.int64), ("start", np.int32), ("place", np.int32))
    },
    **{f"person.{name}": dtype for name, dtype in NAME_ARRAYS.items()},
}


class KnownNames:
    """Some of the names of the authority file.

    Args:
        arrays: those of `KNOWN_ARRAYS`.
        rarity: the names that say how telling a word of a person's name is; by default these.
    """

    def __init__(self, arrays: Mapping[str, Array], rarity: KnownNames | None = None) -> None:
        self.arrays = arrays
        persons = {name: arrays[f"person.{name}"] for name in NAME_ARRAYS}
        self.persons: NameArrays = NameArrays(persons, rarity.persons if rarity is not None else None)
        self.names = StringColumn(arrays["name.bytes"], arrays["name.ends"])
        self.part_forms = StringColumn(arrays["part.bytes"], arrays["part.ends"])

    def __len__(self) -> int:
        return len(self.arrays["variant"])

    @property
    def last(self) -> int:
        """The row of the last name; 0 when there is none."""
        return int(self.arrays["variant"][-1]) if len(self) else 0

    @cached_property
    def person_places(self) -> Array:
        """The place of each name of `persons`."""
        return np.flatnonzero(self.arrays["kind"] == KINDS.index("person"))

    def looked_up(self, lookup: str, text: str) -> Array:
        """The names that a text leads to in one of the ways of looking up, ascending."""
        hashes = self.arrays[lookup]
        wanted = np.uint64(hash_of(text))
        first, last = int(np.searchsorted(hashes, wanted)), int(np.searchsorted(hashes, wanted, "right"))
        return self.arrays[f"{lookup}.place"][first:last]

    def with_words(self, words: Iterable[str], most: int) -> list[int]:
        """For each fold of an organisation that holds all the words its first name; the shortest first, then ascending.

        Args:
            most: as many at most.
        """
        found: Array | None = None
        for word in words:
            here = self.looked_up(WORD, word)
            found = here if found is None else np.intersect1d(found, here, assume_unique=True)
        if found is None:
            return []
        shortest: list[int] = found[np.argsort(self.arrays["words"][found], kind="stable")][:most].tolist()
        return shortest

    def beginning(self, kind: Kind, letters: str) -> Array:
        """The names of a kind with a word that begins with these letters; a name may come twice."""
        words = StringColumn(self.arrays[f"{kind}.begin.bytes"], self.arrays[f"{kind}.begin.ends"])
        wanted = letters.encode("utf-8", "surrogatepass")
        starts = self.arrays[f"{kind}.begin.start"]
        # No text has the byte FF: it sorts behind every letter that may follow.
        first, last = (bisect_left(range(len(words)), each, key=words.raw) for each in (wanted, wanted + b"\xff"))
        return self.arrays[f"{kind}.begin.place"][int(starts[first]) : int(starts[last])]


def hash_of(text: str) -> int:
    """64 bits by which a text is looked up."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def fold_text(fold: Iterable[str]) -> str:
    """The words of a fold as one text, to be looked up."""
    return " ".join(fold)


def portfolio_text(portfolios: Iterable[str]) -> str:
    """What a ministry is in charge of as one text, to be looked up."""
    return " ".join(sorted(portfolios))


def spellings(word: str) -> tuple[str, ...]:
    """A word of a name as it may be typed: an Arabic one also without its article."""
    return (word, word[2:]) if word.startswith("ال") and len(word) > 4 else (word,)


# ---------------------------------------------------------------- making


def known_names(rows: Sequence[Row], rarity: KnownNames | None = None) -> dict[str, Array]:
    """The arrays of some rows, ascending.

    Args:
        rarity: as for `KnownNames`.
    """
    lookups: dict[str, list[tuple[int, int]]] = {lookup: [] for lookup in _LOOKUPS}
    parts: list[tuple[int, int, str]] = []
    begin: dict[Kind, dict[str, dict[int, None]]] = {kind: {} for kind in KINDS}
    seen: set[tuple[str, ...]] = set()
    sizes = np.zeros(len(rows), np.uint8)
    for place, (_, kind, name, _) in enumerate(rows):
        for term in terms(name):
            for word in spellings(term):
                begin[kind].setdefault(word, {})[place] = None
        if kind == "person":
            continue
        fold = organisation_names.folded(name)
        sizes[place] = min(len(fold), 255)
        lookups[FOLD].append((hash_of(fold_text(fold)), place))
        if fold not in seen:
            seen.add(fold)
            lookups[WORD] += [(hash_of(word), place) for word in set(fold)]
        if (spoken := organisation_names.transcribed(name)) is not None:
            lookups[MARK] += [(hash_of(str(mark)), place) for mark in organisation_names.marks(name)]
            if len(spoken.part) == 1:
                (word_of,) = spoken.part
                parts.append((place, SCRIPTS.index(word_of.script), word_of.form.rpartition("-")[2]))
        if (ministry := ministries.ministry(name)) is not None:
            lookups[PORTFOLIO].append((hash_of(portfolio_text(ministry.portfolios)), place))
    persons = name_arrays((name for _, kind, name, _ in rows if kind == "person"), rarity.persons if rarity else None)
    arrays: dict[str, Array] = {
        "variant": np.array([row for row, _, _, _ in rows], np.int64),
        "entity": np.array([entity for _, _, _, entity in rows], np.int64),
        "kind": np.array([KINDS.index(kind) for _, kind, _, _ in rows], np.int64),
        "words": sizes,
        **string_arrays("name", [_encode(name) for _, _, name, _ in rows]),
        "part.place": np.array([place for place, _, _ in parts], np.int64),
        "part.script": np.array([script for _, script, _ in parts], np.int64),
        **string_arrays("part", [_encode(form) for _, _, form in parts]),
        **{f"person.{name}": values for name, values in persons.items()},
    }
    for lookup, pairs in lookups.items():
        pairs.sort()
        arrays[lookup] = np.array([key for key, _ in pairs], np.uint64)
        arrays[f"{lookup}.place"] = np.array([place for _, place in pairs], np.int64)
    for kind, words in begin.items():
        arrays |= _beginnings(kind, sorted((_encode(word), list(places)) for word, places in words.items()))
    return _typed(arrays)


def joined_names(a: KnownNames, b: KnownNames, entity: Array, rarity: KnownNames | None = None) -> dict[str, Array]:
    """The arrays of the rows of `a`, then those of `b`.

    Args:
        entity: what each name means now.
        rarity: as for `KnownNames`.
    """
    arrays: dict[str, Array] = {"entity": entity}
    for name in ("variant", "kind", "words", "part.script"):
        arrays[name] = np.concatenate([a.arrays[name], b.arrays[name]])
    arrays["part.place"] = np.concatenate([a.arrays["part.place"], b.arrays["part.place"] + len(a)])
    for text in ("name", "part"):
        ends = a.arrays[f"{text}.ends"]
        arrays[f"{text}.bytes"] = np.concatenate([a.arrays[f"{text}.bytes"], b.arrays[f"{text}.bytes"]])
        shift = int(ends[-1]) if len(ends) else 0
        arrays[f"{text}.ends"] = np.concatenate([ends, b.arrays[f"{text}.ends"] + shift])
    # Of a fold that both have, the words lead to the name of the first.
    again = b.arrays[f"{FOLD}.place"][np.isin(b.arrays[FOLD], a.arrays[FOLD])]
    for lookup in _LOOKUPS:
        hashes, places = b.arrays[lookup], b.arrays[f"{lookup}.place"]
        if lookup == WORD:
            stays = ~np.isin(places, again)
            hashes, places = hashes[stays], places[stays]
        hashes = np.concatenate([a.arrays[lookup], hashes])
        order = np.argsort(hashes, kind="stable")
        arrays[lookup] = hashes[order]
        arrays[f"{lookup}.place"] = np.concatenate([a.arrays[f"{lookup}.place"], places + len(a)])[order]
    for kind in KINDS:
        words = dict(_words(a, kind, 0))
        for word, places_of in _words(b, kind, len(a)):
            words[word] = words[word] + places_of if word in words else places_of
        arrays |= _beginnings(kind, sorted(words.items()))
    persons = put_together(a.persons, b.persons, rarity.persons if rarity is not None else None)
    return _typed(arrays | {f"person.{name}": values for name, values in persons.items()})


def _words(names: KnownNames, kind: Kind, shift: int) -> list[tuple[bytes, list[int]]]:
    """The words of the names of a kind and the places of those that have each."""
    words = StringColumn(names.arrays[f"{kind}.begin.bytes"], names.arrays[f"{kind}.begin.ends"]).all_raw()
    starts = names.arrays[f"{kind}.begin.start"].tolist()
    places = (names.arrays[f"{kind}.begin.place"] + shift).tolist()
    return [(word, places[first:last]) for word, first, last in zip(words, starts, starts[1:], strict=False)]


def _beginnings(kind: Kind, words: Sequence[tuple[bytes, list[int]]]) -> dict[str, Array]:
    sizes = np.array([len(places) for _, places in words], np.int64)
    return {
        **string_arrays(f"{kind}.begin", [word for word, _ in words]),
        f"{kind}.begin.start": np.concatenate([[0], np.cumsum(sizes)]),
        f"{kind}.begin.place": np.array([place for _, places in words for place in places], np.int64),
    }


def _typed(arrays: Mapping[str, Array]) -> dict[str, Array]:
    return {name: arrays[name].astype(dtype, copy=False) for name, dtype in KNOWN_ARRAYS.items()}


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
