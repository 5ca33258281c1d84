"""A table of names that is searched by any spelling, in either script.

Keys find the words that may be meant, the alignment says how alike they are, and the names that hold them are
ranked by the similarity of their paired words, rare words counting for more. Names share words, so only
distinct words are aligned, all those of a query in one pass over arrays.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from kashaf.analyzers.name_key import UNITS, NameWord, joined_words, name_words
from kashaf.analyzers.name_similarity import (
    CROSSING,
    INITIAL,
    JOINABLE,
    JOINED,
    PADDING,
    PAIRABLE,
    SURPLUS,
    UNIT_WEIGHT,
    align,
    begins_alike,
    units_array,
)

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


class NameTable:
    """Names to be searched by any spelling; a name given twice is kept once.

    >>> table = NameTable(["Mohamed Setri", "Mohamed Stati", "Driss Lachgar"])
    >>> table.search("محمد ستري", size=1)[0][0]
    'Mohamed Setri'
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names: list[str] = []
        self._number_of: dict[str, int] = {}
        self._words: list[NameWord] = []
        self._word_number: dict[str, int] = {}
        self._keys: dict[str, int] = {}
        self._word_keys: list[int] = []  # key numbers of the words, one word after the other
        self._key_ends: list[int] = [0]
        self._held: list[int] = []  # word numbers of the names, one name after the other
        self._ends: list[int] = [0]
        self._joined: list[tuple[int, int, int]] = []  # word number of two neighbours, name number, place
        self._arrays: _Arrays | None = None
        self.add(names)

    def __len__(self) -> int:
        return len(self._names)

    def copy(self) -> NameTable:
        """A table with the same names; adding to one does not change the other."""
        other = NameTable()
        for name, value in vars(self).items():
            setattr(other, name, value.copy() if isinstance(value, list | dict) else value)
        return other

    def add(self, names: Iterable[str]) -> None:
        """Add names; one without a letter is kept but never found."""
        for name in names:
            if name in self._number_of:
                continue
            number = self._number_of[name] = len(self._names)
            self._names.append(name)
            words = name_words(name)
            self._held.extend([self._number(word) for word in words])
            self._ends.append(len(self._held))
            for place, joined in joined_words(name, words):
                self._joined.append((self._number(joined), number, place))
        self._arrays = None

    def _number(self, word: NameWord) -> int:
        identity = word.form + "." if word.initial else word.form
        number = self._word_number.get(identity)
        if number is None:
            number = self._word_number[identity] = len(self._words)
            self._words.append(word)
            self._word_keys.extend([self._keys.setdefault(key, len(self._keys)) for key in word.keys])
            self._key_ends.append(len(self._word_keys))
        return number

    @property
    def _index(self) -> _Arrays:
        arrays = self._arrays
        if arrays is None:
            arrays = self._arrays = _Arrays(self)
        return arrays

    def search(self, name: str, size: int = 10) -> list[tuple[str, float]]:
        """The names most like `name`, best first, with their similarity (0.0 … 1.0).

        As `name_similarity`, but a word that few names of the table hold counts for more than a common one.
        """
        return [(self._names[number], score) for number, score in self.search_numbers(name, size)]

    def search_numbers(self, name: str, size: int = 10) -> list[tuple[int, float]]:
        """As `search`, with the place of each name in the order in which they were added."""
        words = name_words(name)
        if not words or not self._names or size < 1:
            return []
        joined = joined_words(name, words)
        if len(words) > _LONGEST:
            telling = sorted(range(len(words)), key=lambda place: (-self._index.weigh(words[place]), place))
            words, joined = tuple(words[place] for place in sorted(telling[:_LONGEST])), []
        return self._index.search(words, joined, size)

    def holding(self, words: Sequence[NameWord], least: float) -> list[Holding]:
        """For each word, the names that hold a word at least so like it (0.0 … 1.0), found by its keys."""
        return self._index.holding(words, least)


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


class _Arrays:
    """The words and names of a table as arrays; built when the table is first searched after a change."""

    def __init__(self, table: NameTable) -> None:
        words = self.words = table._words
        self.keys = table._keys
        self.names = len(table._names)
        self.units = units_array(words)
        self.length = UNIT_WEIGHT[self.units].sum(axis=1)
        self.latin = np.array([word.script == "latn" for word in words], np.bool_)
        self.initials = np.array([number for number, word in enumerate(words) if word.initial], np.int64)
        self.held = np.array([*table._held, len(words)], np.int64)  # the last is no word
        self.starts = np.array(table._ends, np.int64)
        self.counts = np.diff(self.starts)
        holder = np.repeat(np.arange(self.names), self.counts)
        self.joined = np.array(table._joined, np.int64).reshape(-1, 3)
        # Word -> names that hold it, a slice each; the same for two neighbours taken as one word.
        order = np.argsort(self.held[:-1], kind="stable")
        self.holders = holder[order]
        self.holds_first = (order == self.starts[:-1][holder][order]) if len(order) else order.astype(np.bool_)
        self.holds_last = (order == self.starts[1:][holder][order] - 1) if len(order) else order.astype(np.bool_)
        frequency = np.bincount(self.held[:-1], minlength=len(words))
        self.holder_starts = np.concatenate([[0], np.cumsum(frequency)])
        self.joined = self.joined[np.argsort(self.joined[:, 0], kind="stable")]
        self.joined_starts = np.searchsorted(self.joined[:, 0], np.arange(len(words) + 1))
        # Key -> words that have it.
        key_starts = np.array(table._key_ends, np.int64)
        key_counts = np.diff(key_starts)
        word_keys = np.array(table._word_keys, np.int64)
        keyed = np.repeat(np.arange(len(words)), key_counts)
        self.key_words = keyed[np.argsort(word_keys, kind="stable")]
        self.key_starts = np.concatenate([[0], np.cumsum(np.bincount(word_keys, minlength=len(self.keys)))])
        self.key_frequency = np.bincount(word_keys, frequency[keyed], len(self.keys))
        commonest = np.full(len(words), float(self.names))
        has = key_counts > 0
        if has.any():
            commonest[has] = np.maximum.reduceat(self.key_frequency[word_keys], key_starts[:-1][has])
        self.weight = np.append(self._weight(commonest), 0.0).astype(np.float32)
        summed = np.concatenate([[0.0], np.cumsum(self.weight[self.held[:-1]], dtype=np.float64)])
        self.name_weight = (summed[self.starts[1:]] - summed[self.starts[:-1]]).astype(np.float32)
        groups = _GROUP[np.minimum(self.units, PADDING)]
        self.sounds = np.array([(groups == group).sum(axis=1) for group in range(len(_GROUPS))], np.int8)

    def _weight(self, held: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """How telling words are that so many names hold: from 0.35 when every name does to 1.35 when none."""
        weight: npt.NDArray[np.float64] = 0.35 + np.log(1 + self.names / (1 + held)) / math.log(1 + max(1, self.names))
        return weight

    def weigh(self, word: NameWord) -> float:
        """How telling a word is, by its commonest key."""
        held = [self.key_frequency[self.keys[key]] for key in word.keys if key in self.keys]
        most = max(held, default=0.0 if word.keys else float(self.names))
        return float(self._weight(np.array(most)))

    def search(
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
        keys = [self.keys[key] for key in word.keys if key in self.keys] if not word.initial else []
        runs = [self.key_words[self.key_starts[key] : self.key_starts[key + 1]] for key in keys]
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
        distance = np.zeros(len(self.words), np.int8)
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
        table = np.zeros((len(words), len(self.words) + 1), np.float32)
        seen = np.zeros((len(words), len(self.words) + 1), np.bool_)
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
        rows[every, joined[:, 2] + 1] = len(self.words)
        return joined[:, 1], rows

    def _held(self, names: Ints) -> Ints:
        """The words of names as rows, padded with the number that is no word."""
        counts = self.counts[names]
        places = np.arange(int(counts.max(initial=1)))
        inside = places < counts[:, None]
        return np.where(inside, self.held[np.where(inside, self.starts[names][:, None] + places, 0)], len(self.words))

    def _complete(self, words: Sequence[NameWord], held: Ints, table: Floats, seen: Truths) -> None:
        """Fill in the similarities of query words with words of candidates that share no key with them."""
        distinct = np.unique(held)
        distinct = distinct[distinct < len(self.words)]
        initials = np.intersect1d(distinct, self.initials)
        missing = [distinct[:0] if word.initial else distinct[~seen[row, distinct]] for row, word in enumerate(words)]
        for row, (numbers, values) in enumerate(zip(missing, self._similarities(words, missing), strict=True)):
            table[row, numbers] = values
        for row, word in enumerate(words):
            rest = distinct if word.initial else initials
            for number in rest.tolist():
                other = self.words[number]
                table[row, number] = INITIAL if word.units and other.units and begins_alike(word, other) else 0.0


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
