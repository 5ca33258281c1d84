"""The arrays of a table of names: searched by any spelling, kept in a file, put together with others.

Keys find the words that may be meant, the alignment says how alike they are, and the names that hold them are
ranked by the similarity of their paired words, rare words counting for more. Names share words, so only
distinct words are aligned, all those of a query in one pass over arrays.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from kashaf.analyzers.name_key import UNITS, NameWord, joined_words, name_words
from kashaf.analyzers.name_similarity import (
    CROSSING,
    INITIAL,
    JOINABLE,
    JOINED,
    MAX_UNITS,
    PADDING,
    PAIRABLE,
    SURPLUS,
    UNIT_WEIGHT,
    align,
    first_units_alike,
    units_array,
)

Array = npt.NDArray[Any]
Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]

_KEPT = 200  # names that are compared word by word
_LONGEST = 6  # words of a query that are looked for; of more, the most telling
_SHARING = 160  # words with a key of a query word that it is compared with
_GOOD = 0.80  # below it, words that share no key are looked for too
_WIDE = 1600  # words that all query words together are then compared with
_WIDE_ONE = 800  # and one of them
_WIDE_WORDS = 4  # words of a query for which that is done
_JOINED_NAMES = 8  # names that hold the same two neighbours

# Consonants that are written for each other, for words that share no key.
_GROUPS = ("td", "kgj", "szc", "bpfw", "xh", "r", "l", "m", "ny")
_GROUP = np.full(len(UNITS) + 1, -1, np.int8)
for _number, _each in enumerate(UNITS):
    if _each.kind == "C" and _each.place == "":
        _GROUP[_number] = next(group for group, sounds in enumerate(_GROUPS) if _each.sounds[0] in sounds)

# What the arrays are, W words, N names, K keys. The first eight say everything, the others follow from them.
NAME_ARRAYS: Mapping[str, type[np.generic]] = {
    "word": np.uint64,  # W: hash of the form, by which words of two tables are the same
    "latin": np.bool_,  # W
    "initial": np.bool_,  # W
    "unit": np.int16,  # W * MAX_UNITS
    "word.key": np.uint64,  # hashes of the keys, word after word
    "word.key.start": np.int32,  # W + 1
    "held": np.int32,  # word numbers, name after name, and W, that is no word
    "start": np.int32,  # N + 1
    "joined": np.int32,  # two neighbours taken as one word: its number, the name, the place of the first
    "joined.start": np.int32,  # W + 1, in rows of `joined`, which are in order of the word
    "length": np.float32,  # W: weight of the units
    "sound": np.int8,  # consonants of each group: len(_GROUPS) * W
    "key": np.uint64,  # K, ascending
    "key.start": np.int32,  # K + 1
    "key.word": np.int32,  # words that have the key
    "key.names": np.int32,  # K: how often names hold one of these words
    "holder": np.int32,  # names that hold each word, word after word
    "holder.first": np.bool_,  # whether it is the first word of the name
    "holder.last": np.bool_,
    "holder.start": np.int32,  # W + 1
    "weight": np.float32,  # W + 1: how telling the word is
    "name.weight": np.float32,  # N
}


class Holding(NamedTuple):
    """Names that hold a word, by their places in the order in which they were added; a name may come twice.

    Attributes:
        names: the places.
        similarities: of the word held with the one that was asked for.
        within: whether the word held is of the same script.
        first, last: whether it is the first, the last word of the name.
    """

    names: Ints
    similarities: Floats
    within: Truths
    first: Truths
    last: Truths

    def where(self, chosen: Truths) -> Holding:
        """The part of it that a mask chooses."""
        return Holding(
            self.names[chosen], self.similarities[chosen], self.within[chosen], self.first[chosen], self.last[chosen]
        )


@lru_cache(maxsize=1 << 17)
def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def name_arrays(names: Iterable[str], rarity: NameArrays | None = None) -> dict[str, Array]:
    """The arrays of a table of these names, each given once.

    Args:
        rarity: the table whose names say how telling a word is; by default the one that is made.
    """
    number_of: dict[int, int] = {}
    words: list[NameWord] = []
    held: list[int] = []
    starts = [0]
    joined: list[tuple[int, int, int]] = []

    def number(word: NameWord) -> int:
        identity = _hash(word.form + "." if word.initial else word.form)
        found = number_of.setdefault(identity, len(words))
        if found == len(words):
            words.append(word)
        return found

    for name in names:
        spoken = name_words(name)
        held.extend([number(word) for word in spoken])
        joined.extend([(number(word), len(starts) - 1, place) for place, word in joined_words(name, spoken)])
        starts.append(len(held))
    together = np.array(joined, np.int32).reshape(-1, 3)
    keys = [[_hash(key) for key in word.keys] for word in words]
    return _complete(
        {
            "word": np.fromiter(number_of, np.uint64, len(words)),
            "latin": np.array([word.script == "latn" for word in words], np.bool_),
            "initial": np.array([word.initial for word in words], np.bool_),
            "unit": units_array(words).reshape(-1),
            "word.key": np.array([key for each in keys for key in each], np.uint64),
            "word.key.start": _starts(np.array([len(each) for each in keys], np.int64)),
            "held": np.array([*held, len(words)], np.int32),
            "start": np.array(starts, np.int32),
            "joined": together[np.argsort(together[:, 0], kind="stable")].reshape(-1),
        },
        rarity,
    )


def put_together(a: NameArrays, b: NameArrays, rarity: NameArrays | None = None) -> dict[str, Array]:
    """The arrays of a table of the names of two: those of `a`, then those of `b`.

    Args:
        rarity: as for `name_arrays`.
    """
    known, more = a.arrays, b.arrays
    order = np.argsort(known["word"])
    places = np.searchsorted(known["word"], more["word"], sorter=order)
    places[places == len(order)] = 0
    old = order[places] if len(order) else places
    fresh = known["word"][old] != more["word"] if len(order) else np.ones(len(more["word"]), np.bool_)
    number = np.where(fresh, len(order) + np.cumsum(fresh) - 1, old)
    key_sizes = np.diff(more["word.key.start"])
    joined = more["joined"].reshape(-1, 3) + np.array([0, a.names, 0], np.int32)
    joined[:, 0] = number[joined[:, 0]]
    joined = np.concatenate([known["joined"].reshape(-1, 3), joined])
    total = np.array([len(order) + np.count_nonzero(fresh)], np.int32)
    return _complete(
        {
            "word": np.concatenate([known["word"], more["word"][fresh]]),
            "latin": np.concatenate([known["latin"], more["latin"][fresh]]),
            "initial": np.concatenate([known["initial"], more["initial"][fresh]]),
            "unit": np.concatenate([known["unit"], more["unit"].reshape(-1, MAX_UNITS)[fresh].reshape(-1)]),
            "word.key": np.concatenate([known["word.key"], more["word.key"][np.repeat(fresh, key_sizes)]]),
            "word.key.start": _starts(np.concatenate([np.diff(known["word.key.start"]), key_sizes[fresh]])),
            "held": np.concatenate([known["held"][:-1], number[more["held"][:-1]].astype(np.int32), total]),
            "start": np.concatenate([known["start"], more["start"][1:] + known["start"][-1]]),
            "joined": joined[np.argsort(joined[:, 0], kind="stable")].reshape(-1),
        },
        rarity,
    )


def _starts(sizes: Array) -> npt.NDArray[np.int32]:
    """Where runs of these sizes begin, and where the last ends."""
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)


def _complete(said: dict[str, Array], rarity: NameArrays | None) -> dict[str, Array]:
    """The first arrays, and those that follow from them."""
    words, names = len(said["word"]), len(said["start"]) - 1
    held, starts = said["held"][:-1], said["start"]
    units = said["unit"].reshape(-1, MAX_UNITS)
    groups = _GROUP[np.minimum(units, PADDING)]
    order = np.argsort(held, kind="stable")
    holder = np.repeat(np.arange(names), np.diff(starts))[order]
    frequency = np.bincount(held, minlength=words)
    keyed = np.repeat(np.arange(words), np.diff(said["word.key.start"]))
    keys, key_of = np.unique(said["word.key"], return_inverse=True)
    arrays = said | {
        "joined.start": np.searchsorted(said["joined"].reshape(-1, 3)[:, 0], np.arange(words + 1)),
        "length": UNIT_WEIGHT[units].sum(axis=1),
        "sound": np.array([(groups == group).sum(axis=1) for group in range(len(_GROUPS))], np.int8).reshape(-1),
        "key": keys,
        "key.start": _starts(np.bincount(key_of, minlength=len(keys))),
        "key.word": keyed[np.argsort(key_of, kind="stable")],
        "key.names": np.bincount(key_of, frequency[keyed], len(keys)),
        "holder": holder,
        "holder.first": order == starts[holder],
        "holder.last": order == starts[holder + 1] - 1,
        "holder.start": _starts(frequency),
        "weight": np.zeros(words + 1),
        "name.weight": np.zeros(names),
    }
    arrays = {name: arrays[name].astype(dtype, copy=False) for name, dtype in NAME_ARRAYS.items()}
    arrays["weight"][:-1] = (rarity or NameArrays(arrays)).weigh_keys(said["word.key"], said["word.key.start"])
    summed = np.concatenate([[0.0], np.cumsum(arrays["weight"][held], dtype=np.float64)])
    arrays["name.weight"][:] = summed[starts[1:]] - summed[starts[:-1]]
    return arrays


class NameArrays:
    """Names to be searched; never changed, safe to share between threads.

    Args:
        arrays: those of `NAME_ARRAYS`.
        rarity: the table whose names say how telling a word is; by default this one.
    """

    def __init__(self, arrays: Mapping[str, Array], rarity: NameArrays | None = None) -> None:
        self.arrays = arrays
        self.rarity = rarity or self
        self.names = len(arrays["start"]) - 1
        self.words = len(arrays["word"])
        self.units = arrays["unit"].reshape(-1, MAX_UNITS)
        self.joined = arrays["joined"].reshape(-1, 3)
        self.sounds = arrays["sound"].reshape(len(_GROUPS), -1)
        self.length, self.latin = arrays["length"], arrays["latin"]
        self.held, self.starts = arrays["held"], arrays["start"]
        self.holders, self.holder_starts = arrays["holder"], arrays["holder.start"]
        self.holds_first, self.holds_last = arrays["holder.first"], arrays["holder.last"]
        self.joined_starts = arrays["joined.start"]
        self.keys, self.key_starts, self.key_words = arrays["key"], arrays["key.start"], arrays["key.word"]
        self.weight, self.name_weight = arrays["weight"], arrays["name.weight"]

    # ------------------------------------------------------------ how telling a word is

    def _weight(self, held: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """How telling words are that so many names hold: from 0.35 when every name does to 1.35 when none."""
        weight: npt.NDArray[np.float64] = 0.35 + np.log(1 + self.names / (1 + held)) / math.log(1 + max(1, self.names))
        return weight

    def weigh_keys(self, keys: Array, starts: Array) -> npt.NDArray[np.float64]:
        """How telling words are, each by its commonest key.

        Args:
            keys: hashes, word after word.
            starts: where each word's begin, and the end of the last.
        """
        counts = np.diff(starts)
        commonest = np.full(len(counts), float(self.names))  # nothing in it can be heard
        has = counts > 0
        if has.any():
            commonest[has] = np.maximum.reduceat(self._names_with(keys), starts[:-1][has])
        return self._weight(commonest)

    def _names_with(self, keys: Array) -> npt.NDArray[np.float64]:
        """How often names hold a word with each of some keys."""
        if not len(self.keys):
            return np.zeros(len(keys))
        places = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[places] == keys, self.arrays["key.names"][places], 0).astype(np.float64)

    def weigh(self, word: NameWord) -> float:
        """How telling a word is, by its commonest key."""
        keys = _hashes(word)
        return float(self.rarity.weigh_keys(keys, np.array([0, len(keys)]))[0])

    # ------------------------------------------------------------ searching

    def find(self, name: str, size: int) -> list[tuple[int, float]]:
        """The places of the names most like `name`, best first, with their similarity (0.0 … 1.0)."""
        words = name_words(name)
        if not words or not self.names or size < 1:
            return []
        joined = joined_words(name, words)
        if len(words) > _LONGEST:
            telling = sorted(range(len(words)), key=lambda place: (-self.weigh(words[place]), place))
            words, joined = tuple(words[place] for place in sorted(telling[:_LONGEST])), []
        return self._search(words, joined, size)

    def _search(
        self, words: tuple[NameWord, ...], joined: Sequence[tuple[int, NameWord]], size: int
    ) -> list[tuple[int, float]]:
        found = [self._sharing_a_key(word) for word in words]
        best = self._ranked(words, found)
        for place, word in joined:
            numbers = self._sharing_a_key(word)
            if self._similarities([word], [numbers])[0].max(initial=0.0) >= JOINABLE:
                rest = [*found[:place], numbers, *found[place + 2 :]]
                for name, score in self._ranked((*words[:place], word, *words[place + 2 :]), rest).items():
                    best[name] = max(best.get(name, 0.0), score - JOINED)
        if max(best.values(), default=0.0) < _GOOD and len(words) <= _WIDE_WORDS:
            most = min(_WIDE_ONE, _WIDE // len(words))
            wider = [self._sounding_alike(word, numbers, most) for word, numbers in zip(words, found, strict=True)]
            if any(len(more) > len(numbers) for more, numbers in zip(wider, found, strict=True)):
                best |= self._ranked(words, wider)
        return sorted(best.items(), key=lambda item: (-item[1], item[0]))[:size]

    def holding(self, words: Sequence[NameWord], least: float) -> list[Holding]:
        """For each word, the names that hold a word at least so like it (0.0 … 1.0), found by its keys."""
        shared = [self._sharing_a_key(word) for word in words]
        found = []
        for word, numbers, values in zip(words, shared, self._similarities(words, shared), strict=True):
            enough = values >= least
            numbers, values = numbers[enough], values[enough]
            lengths = self.holder_starts[numbers + 1] - self.holder_starts[numbers]
            places = _slices(self.holder_starts[numbers], lengths)
            within = self.latin[numbers] == (word.script == "latn")
            found.append(
                Holding(
                    self.holders[places],
                    np.repeat(values, lengths),
                    np.repeat(within, lengths),
                    self.holds_first[places],
                    self.holds_last[places],
                )
            )
        return found

    # ------------------------------------------------------------ words

    def _sharing_a_key(self, word: NameWord) -> Ints:
        """The words that share a key with a word; of many, those that are nearest to it in length."""
        if word.initial or not len(self.keys):
            return np.empty(0, np.int64)
        keys = _hashes(word)
        places = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        places = places[self.keys[places] == keys]
        runs = [self.key_words[self.key_starts[place] : self.key_starts[place + 1]] for place in places.tolist()]
        if not runs:
            return np.empty(0, np.int64)
        numbers = np.unique(np.concatenate(runs)) if len(runs) > 1 else runs[0]
        if len(numbers) > _SHARING:
            length = UNIT_WEIGHT[units_array([word])[0]].sum()
            near = np.argpartition(np.abs(self.length[numbers] - length), _SHARING)[:_SHARING]
            numbers = np.sort(numbers[near])
        return numbers

    def _sounding_alike(self, word: NameWord, known: Ints, most: int) -> Ints:
        """`known`, and the words whose consonants are nearly the same ones, in any order."""
        groups = _GROUP[units_array([word])[0]]
        sounds = np.bincount(groups[groups >= 0], minlength=len(_GROUPS)).astype(np.int8)
        if word.initial or sounds.sum() < 3:
            return known
        distance = np.zeros(self.words, np.int8)
        for column, count in zip(self.sounds, sounds, strict=True):
            distance += np.abs(column - count)
        near = np.flatnonzero(distance <= 1)
        if len(near) > most:
            near = near[np.argsort(distance[near], kind="stable")[:most]]
        return np.union1d(known, near)

    def _similarities(self, words: Sequence[NameWord], numbers: Sequence[Ints]) -> list[Floats]:
        """Similarity of each query word with the words of the table given for it."""
        first = np.repeat(units_array(words), [len(each) for each in numbers], axis=0)
        latin = np.repeat([word.script == "latn" for word in words], [len(each) for each in numbers])
        second = np.concatenate(numbers) if len(numbers) else np.empty(0, np.int64)
        if not len(second):
            return [np.empty(0, np.float32) for _ in words]
        together = align(first, self.units[second], self.latin[second] == latin)
        return np.split(together, np.cumsum([len(each) for each in numbers])[:-1])

    # ------------------------------------------------------------ names

    def _ranked(self, words: tuple[NameWord, ...], found: list[Ints]) -> dict[int, float]:
        """Names and scores of the likeliest names that hold one of the words found for each query word."""
        weights = np.array([self.weigh(word) for word in words], np.float32)
        alike = self._similarities(words, found)
        table = np.zeros((len(words), self.words + 1), np.float32)
        seen = np.zeros((len(words), self.words + 1), np.bool_)
        promise = np.zeros(self.names, np.float32)
        reached = np.zeros(self.names, np.float32)
        for row, (numbers, values) in enumerate(zip(found, alike, strict=True)):
            table[row, numbers] = values
            seen[row, numbers] = True
            pairable = values >= PAIRABLE
            order = np.argsort(values[pairable])
            chosen = numbers[pairable][order]
            lengths = self.holder_starts[chosen + 1] - self.holder_starts[chosen]
            names = self.holders[_slices(self.holder_starts[chosen], lengths)]
            one = np.zeros(self.names, np.float32)
            one[names] = np.repeat(values[pairable][order], lengths)  # ascending: the most alike word stays
            promise += weights[row] * one
            reached += weights[row] * (one > 0)
        candidates = np.flatnonzero(reached)
        left = weights.sum() - reached[candidates]
        rest = np.maximum(0.0, self.name_weight[candidates] - reached[candidates])
        less = np.minimum(left, rest)
        likely = promise[candidates] / (reached[candidates] + less + SURPLUS * (np.maximum(left, rest) - less))
        if len(candidates) > _KEPT:
            candidates = candidates[np.argpartition(-likely, _KEPT)[:_KEPT]]
        best: dict[int, float] = {}
        if len(candidates):
            held = self._held(candidates)
            self._complete(words, held, table, seen)
            scores = _pair(table[:, held].transpose(1, 0, 2), weights, self.weight[held])
            best = dict(zip(candidates.tolist(), scores.tolist(), strict=True))
        names, rows = self._joined_names(found, alike)
        if len(names):
            self._complete(words, rows, table, seen)
            scores = _pair(table[:, rows].transpose(1, 0, 2), weights, self.weight[rows]) - JOINED
            for name, score in zip(names.tolist(), scores.tolist(), strict=True):
                best[name] = max(best.get(name, 0.0), score)
        return best

    def _joined_names(self, found: Sequence[Ints], alike: Sequence[Floats]) -> tuple[Ints, Ints]:
        """Names two words of which, when joined, are like a query word; and their words, those two joined."""
        numbers = np.concatenate([each[values >= JOINABLE] for each, values in zip(found, alike, strict=True)])
        lengths = np.minimum(_JOINED_NAMES, self.joined_starts[numbers + 1] - self.joined_starts[numbers])
        joined = self.joined[_slices(self.joined_starts[numbers], lengths)][:_KEPT]
        rows = self._held(joined[:, 1])
        every = np.arange(len(rows))
        rows[every, joined[:, 2]] = joined[:, 0]
        rows[every, joined[:, 2] + 1] = self.words
        return joined[:, 1], rows

    def _held(self, names: Ints) -> Ints:
        """The words of names as rows, padded with the number that is no word."""
        counts = self.starts[names + 1] - self.starts[names]
        places = np.arange(int(counts.max(initial=1)))
        inside = places < counts[:, None]
        return np.where(inside, self.held[np.where(inside, self.starts[names][:, None] + places, 0)], self.words)

    def _complete(self, words: Sequence[NameWord], held: Ints, table: Floats, seen: Truths) -> None:
        """Fill in the similarities of query words with words of candidates that share no key with them."""
        distinct = np.unique(held)
        distinct = distinct[distinct < self.words]
        initials = distinct[self.arrays["initial"][distinct]]
        missing = [distinct[:0] if word.initial else distinct[~seen[row, distinct]] for row, word in enumerate(words)]
        for row, (numbers, values) in enumerate(zip(missing, self._similarities(words, missing), strict=True)):
            table[row, numbers] = values
        for row, word in enumerate(words):
            rest = distinct if word.initial else initials
            for number in rest.tolist():
                first = int(self.units[number, 0])
                alike = word.units and first != PADDING and first_units_alike(word.units[0], first)
                table[row, number] = INITIAL if alike else 0.0


def _hashes(word: NameWord) -> npt.NDArray[np.uint64]:
    return np.array([_hash(key) for key in word.keys], np.uint64)


def _slices(starts: Ints, lengths: Ints) -> Ints:
    """The places of slices of an array, one after the other."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    return np.arange(total) + np.repeat(starts - ends + lengths, lengths)


def _pair(similarities: Floats, weights: Floats, others: Floats) -> Floats:
    """`kashaf.analyzers.name_similarity.pair_words` for one name against many.

    Args:
        similarities: name × query word × word of the name.
        weights: of the query words.
        others: name × word of the name, 0 where it has no more.
    """
    names, rows, columns = similarities.shape
    mean = (weights[None, :, None] + others[:, None, :]) / 2
    value = np.where(similarities >= PAIRABLE, similarities * mean, 0.0)
    partner = np.full((names, rows), -1, np.int64)
    total = np.zeros(names, np.float32)
    paired = np.zeros(names, np.float32)
    left = np.full(names, weights.sum(), np.float32)
    rest = others.sum(axis=1)
    every = np.arange(names)
    for _ in range(min(rows, columns)):
        flat = value.reshape(names, -1).argmax(axis=1)
        row, column = np.divmod(flat, columns)
        best = value[every, row, column]
        live = best > 0
        if not live.any():
            break
        total += best
        paired += np.where(live, mean[every, row, column], 0)
        left -= np.where(live, weights[row], 0)
        rest -= np.where(live, others[every, column], 0)
        partner[every[live], row[live]] = column[live]
        value[every[live], row[live], :] = 0
        value[every[live], :, column[live]] = 0
    less = np.maximum(0, np.minimum(left, rest))
    more = np.maximum(0, np.maximum(left, rest))
    score = np.divide(total, paired + less + SURPLUS * (more - less), out=np.zeros_like(total), where=paired > 0)
    crossings = np.zeros(names, np.int64)
    before = np.full(names, -1, np.int64)
    for row in range(rows):
        now = partner[:, row]
        crossings += (now >= 0) & (before > now)
        before = np.where(now >= 0, now, before)
    scored: Floats = np.clip(score - CROSSING * crossings, 0.0, 1.0).astype(np.float32)
    return scored
