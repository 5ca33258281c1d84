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
    align,
    begins_alike,
    units_array,
)

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

_KEPT = 200  # names that are compared word by word
_GOOD = 0.80  # below it, words that share no key are looked for too
_WIDE = 800  # words that a query word is then compared with
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
        self._word_number: dict[tuple[str, bool], int] = {}
        self._by_key: dict[str, list[int]] = {}
        self._held: list[int] = []  # word numbers of the names, one name after the other
        self._ends: list[int] = [0]
        self._joined: list[tuple[int, int, int]] = []  # word number of two neighbours, name number, place
        self._arrays: _Arrays | None = None
        self.add(names)

    def __len__(self) -> int:
        return len(self._names)

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
        identity = (word.form, word.initial)
        number = self._word_number.get(identity)
        if number is None:
            number = self._word_number[identity] = len(self._words)
            self._words.append(word)
            for key in word.keys:
                self._by_key.setdefault(key, []).append(number)
        return number

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
        if self._arrays is None:
            self._arrays = _Arrays(self)
        return self._arrays.search(words, joined_words(name, words), size)

    def holding(self, word: NameWord, least: float, within: float = 0.0) -> Holding:
        """The names that hold a word at least so like this one, found by its keys.

        Args:
            least: similarity, from 0.0 to 1.0.
            within: the same for a word of the same script, when it is more.
        """
        if self._arrays is None:
            self._arrays = _Arrays(self)
        return self._arrays.holding(word, least, within)


class Holding(NamedTuple):
    """Names that hold a word, by their places in the order in which they were added; a name may come twice.

    Attributes:
        names: the places.
        similarities: of the word held with the one that was asked for.
        last: whether it is the last word of the name.
    """

    names: Ints
    similarities: Floats
    last: npt.NDArray[np.bool_]


class _Arrays:
    """The words and names of a table as arrays; built when the table is first searched after a change."""

    def __init__(self, table: NameTable) -> None:
        words = self.words = table._words
        self.by_key = table._by_key
        self.names = len(table._names)
        self.units = units_array(words)
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
        self.holds_last = (np.arange(len(order)) == self.starts[1:][holder] - 1)[order]
        self.holder_starts = np.searchsorted(self.held[:-1][order], np.arange(len(words) + 1))
        self.joined = self.joined[np.argsort(self.joined[:, 0], kind="stable")]
        self.joined_starts = np.searchsorted(self.joined[:, 0], np.arange(len(words) + 1))
        frequency = np.diff(self.holder_starts)
        self.key_frequency = {key: int(frequency[numbers].sum()) for key, numbers in self.by_key.items()}
        self.weight = np.array([*map(self.weigh, words), 0.0], np.float32)
        summed = np.concatenate([[0.0], np.cumsum(self.weight[self.held[:-1]], dtype=np.float64)])
        self.name_weight = (summed[self.starts[1:]] - summed[self.starts[:-1]]).astype(np.float32)
        groups = _GROUP[np.minimum(self.units, PADDING)]
        self.sounds = np.array([(groups == group).sum(axis=1) for group in range(len(_GROUPS))], np.int8)

    def weigh(self, word: NameWord) -> float:
        """How telling a word is: from 0.35 when every name holds it to 1.35 when none does."""
        held = max((self.key_frequency.get(key, 0) for key in word.keys), default=self.names)
        return 0.35 + math.log(1 + self.names / (1 + held)) / math.log(1 + self.names)

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
        if max(best.values(), default=0.0) < _GOOD:
            wider = [self._sounding_alike(word, numbers) for word, numbers in zip(words, found, strict=True)]
            if any(len(more) > len(numbers) for more, numbers in zip(wider, found, strict=True)):
                best |= self._ranked(words, wider)
        return sorted(best.items(), key=lambda item: (-item[1], item[0]))[:size]

    def holding(self, word: NameWord, least: float, within: float) -> Holding:
        numbers = self._sharing_a_key(word)
        values = self._similarities([word], [numbers])[0]
        same_script = self.latin[numbers] == (word.script == "latn")
        enough = values >= np.where(same_script, max(least, within), least)
        numbers, values = numbers[enough], values[enough]
        lengths = self.holder_starts[numbers + 1] - self.holder_starts[numbers]
        places = self._slices(np.arange(len(self.holders)), self.holder_starts[numbers], lengths)
        return Holding(self.holders[places], np.repeat(values, lengths), self.holds_last[places])

    # ------------------------------------------------------------ words

    def _sharing_a_key(self, word: NameWord) -> Ints:
        numbers: set[int] = set()
        for key in () if word.initial else word.keys:
            numbers.update(self.by_key.get(key, ()))
        return np.fromiter(numbers, np.int64, len(numbers))

    def _sounding_alike(self, word: NameWord, known: Ints) -> Ints:
        """`known`, and the words whose consonants are nearly the same ones, in any order."""
        groups = _GROUP[units_array([word])[0]]
        sounds = np.bincount(groups[groups >= 0], minlength=len(_GROUPS)).astype(np.int8)
        if word.initial or sounds.sum() < 3:
            return known
        distance = np.zeros(len(self.words), np.int8)
        for column, count in zip(self.sounds, sounds, strict=True):
            distance += np.abs(column - count)
        near = np.flatnonzero(distance <= 1)
        if len(near) > _WIDE:
            near = near[np.argsort(distance[near], kind="stable")[:_WIDE]]
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
            names = self._slices(self.holders, self.holder_starts[chosen], lengths)
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
        joined = self.joined[self._slices(np.arange(len(self.joined)), self.joined_starts[numbers], lengths)][:_KEPT]
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

    def _complete(self, words: Sequence[NameWord], held: Ints, table: Floats, seen: npt.NDArray[np.bool_]) -> None:
        """Fill in the similarities of query words with words of candidates that share no key with them."""
        distinct = np.unique(held)
        distinct = distinct[distinct < len(self.words)]
        missing = [distinct[:0] if word.initial else distinct[~seen[row, distinct]] for row, word in enumerate(words)]
        for row, (numbers, values) in enumerate(zip(missing, self._similarities(words, missing), strict=True)):
            table[row, numbers] = values
        for row, word in enumerate(words):
            rest = distinct if word.initial else np.intersect1d(distinct, self.initials)
            for number in rest.tolist():
                other = self.words[number]
                table[row, number] = INITIAL if word.units and other.units and begins_alike(word, other) else 0.0

    @staticmethod
    def _slices(values: Ints, starts: Ints, lengths: Ints) -> Ints:
        """Slices of an array, one after the other."""
        ends = np.cumsum(lengths)
        total = int(ends[-1]) if len(ends) else 0
        return values[np.arange(total) + np.repeat(starts - ends + lengths, lengths)]


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
