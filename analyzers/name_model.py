"""A linear-chain model of names: one row of weights a word feature, one row of moves between labels.

After Lafferty, McCallum and Pereira, "Conditional Random Fields" (ICML 2001). Every feature is a fact about
one word (its letters, its lists, the company it keeps in an archive), seen from up to two words away, so the
scores of a word are computed once and remembered: a text costs one gather and one sum of arrays. Only the
words that could be part of a name are decoded (Viterbi, "Error Bounds for Convolutional Codes", 1967).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

LABELS = ("O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC")
REACH = 2  # words on either side whose features bear on a word's label
WIDTH = (2 * REACH + 1) * len(LABELS)
FORBIDDEN, LOWEST = -19.0, -1e30
SURE, BEAM = 4.0, 14.0
SIZE = 1 << 17  # words whose scores are remembered
Floats = NDArray[np.float32]


class NameModel:
    """Weights learnt by benchmarks/train_mentions.py.

    Args:
        features: the known features.
        weights: one row a feature, one column a (distance, label); distances from -REACH to REACH.
        moves: from label to label; a score added at every step.
        facts: the features of a word.
    """

    def __init__(
        self, features: Sequence[str], weights: Floats, moves: Floats, facts: Callable[[str], Sequence[str]]
    ) -> None:
        self._features, self._flat = features, weights
        self._row = {feature: n for n, feature in enumerate(features)}
        self._weights = weights.reshape(len(features), WIDTH)
        self._moves = [[float(move) for move in row] for row in moves]
        self._next = [[(b, move) for b, move in enumerate(row) if move > FORBIDDEN] for row in self._moves]
        self._visit = moves[0] + moves[:, 0]  # of a label between two O
        self._entry = moves.max(axis=0) - moves[0, 0]  # what a label gains at best over staying at O
        self._facts = facts
        self._number: dict[str, int] = {}
        self._scores: Floats = np.zeros((1024, WIDTH), np.float32)

    def parts(self) -> tuple[Sequence[str], Floats, Floats]:
        """Features, weights [features, distances, labels] and moves, as they were given."""
        return self._features, self._flat, np.array(self._moves, np.float32)

    def label(self, words: Sequence[str], hints: Mapping[int, str] | None = None) -> list[int]:
        """The label of each word of a text, as an index of `LABELS`.

        Args:
            words: the words, punctuation included.
            hints: place -> a feature that the word has only there.
        """
        size = len(words)
        if not size:
            return []
        if len(self._number) > SIZE:
            self._number.clear()
        number = self._number
        numbers = [number.get(word, -1) for word in words]
        if -1 in numbers:
            numbers = [self._new(word) if n < 0 else n for word, n in zip(words, numbers, strict=True)]
        scores = self._scores[numbers].reshape(size, 2 * REACH + 1, len(LABELS))
        total = scores[:, REACH].copy()
        for distance in range(1, min(REACH, size - 1) + 1):
            total[distance:] += scores[:-distance, REACH - distance]
            total[:-distance] += scores[distance:, REACH + distance]
        for place, feature in (hints or {}).items():
            row = self._row.get(feature)
            if row is not None:
                total[place] += self._weights[row].reshape(2 * REACH + 1, len(LABELS))[REACH]
        return self._decode(total)

    def _new(self, word: str) -> int:
        n = self._number.get(word)
        if n is None:
            n = self._number[word] = len(self._number)
            if n >= len(self._scores):
                self._scores = np.concatenate([self._scores, np.zeros_like(self._scores)])
            rows = [row for fact in self._facts(word) if (row := self._row.get(fact)) is not None]
            self._scores[n] = self._weights[rows].sum(0) if rows else 0
        return n

    def _decode(self, total: Floats) -> list[int]:
        labels = [0] * len(total)
        # A word that is so much more likely no part of a name divides the text: 15 labels in 9,000 change.
        margin = (total[:, 1:] + self._entry[1:]).max(1) - total[:, 0]
        spots = np.flatnonzero(margin > -SURE).tolist()
        if not spots:
            return labels
        rows, alone = total.tolist(), (total + self._visit).argmax(1).tolist()
        n = 0
        while n < len(spots):
            first = spots[n]
            while n + 1 < len(spots) and spots[n + 1] == spots[n] + 1:
                n += 1
            last = spots[n] + 1
            labels[first:last] = self._best(rows[first:last]) if last - first > 1 else [alone[first]]
            n += 1
        return labels

    def _best(self, scores: list[list[float]]) -> list[int]:
        """The best labels of a stretch that has O on both sides; labels far behind the best are given up."""
        alive = [(0, 0.0)]
        back: list[list[int]] = []
        for row in scores:
            values, froms = [LOWEST] * len(row), [0] * len(row)
            for a, value in alive:
                for b, move in self._next[a]:
                    if value + move > values[b]:
                        values[b], froms[b] = value + move, a
            back.append(froms)
            values = [value + score for value, score in zip(values, row, strict=True)]
            least = max(values) - BEAM
            alive = [(b, value) for b, value in enumerate(values) if value > least]
        last = max(alive, key=lambda state: state[1] + self._moves[state[0]][0])[0]
        path = [last]
        for froms in reversed(back[1:]):
            path.append(froms[path[-1]])
        return path[::-1]
