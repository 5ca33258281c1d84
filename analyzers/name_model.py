"""A linear-chain model of names: one row of weights a word feature, one row of moves between labels.

After Lafferty, McCallum and Pereira, "Conditional Random Fields" (ICML 2001). Every feature is a fact about
one word (its letters, its lists, the company it keeps in an archive), seen from up to two words away, so the
scores of a word are computed once and remembered by the caller: a text costs one gather and one sum of arrays.
The best labels (Viterbi, "Error Bounds for Convolutional Codes", 1967) are sought only where a name can be, in all
such places at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

LABELS = ("O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC")
REACH = 2  # words on either side whose features bear on a word's label
SPAN = 2 * REACH + 1
WIDTH = SPAN * len(LABELS)
NEVER, SURE = -1e6, 6.0
Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]


class NameModel:
    """Weights learnt by benchmarks/train_mentions.py.

    Args:
        features: the known features.
        weights: float32 [features, distances from -REACH to REACH, labels].
        moves: float32 [label, label after it]; a score added at every step.
    """

    def __init__(self, features: Sequence[str], weights: Floats, moves: Floats) -> None:
        self.features, self.weights, self.moves = features, weights, moves
        self.row = {feature: n for n, feature in enumerate(features)}
        self._steps = moves.astype(np.float64)
        self._entry = self._steps.max(axis=0) - moves[0, 0]  # what a label gains at best over staying at O
        self._exit = float(self._steps[1:, 0].max() - moves[0, 0])  # what the last label of a name gains at best

    def scores(self, words: Iterable[Iterable[str]]) -> Floats:
        """What the features of each word add to the labels around it: float32 [words, WIDTH]."""
        known = [[row for feature in word if (row := self.row.get(feature)) is not None] for word in words]
        sizes = np.array([len(rows) for rows in known])
        scores = np.zeros((len(known), WIDTH), np.float32)
        flat = self.weights.reshape(-1, WIDTH)[[row for rows in known for row in rows]]
        some = np.flatnonzero(sizes)
        if len(some):
            scores[some] = np.add.reduceat(flat, np.cumsum(sizes[some]) - sizes[some])
        return scores

    def labels(self, scores: Floats, hints: Sequence[tuple[int, str]], breaks: Numbers) -> NDArray[np.int8]:
        """The label of each word, as an index of `LABELS`.

        Args:
            scores: one row of `scores` a word, zero for a break.
            hints: a place and a feature that the word has only there.
            breaks: places, `REACH` of them between any two texts, that are no part of a name.
        """
        size = len(scores)
        around = scores.reshape(size, SPAN, len(LABELS))
        total = around[:, REACH].astype(np.float64)
        for distance in range(1, min(REACH, size - 1) + 1):
            total[distance:] += around[:-distance, REACH - distance]
            total[:-distance] += around[distance:, REACH + distance]
        for place, feature in hints:
            if feature in self.row:
                total[place] += self.weights[self.row[feature], REACH]
        labels = np.zeros(size, np.int8)
        for places, best in self._decoded(total, breaks):
            labels[places] = best
        return labels

    def _decoded(self, total: NDArray[np.float64], breaks: Numbers) -> Iterable[tuple[Numbers, Numbers]]:
        """Places and their labels, for all places that may be part of a name."""
        # What a word gains at best when it is part of a name. A name whose words gain less in all than its end costs
        # is none; so a place is of no name if the best run of words that holds it gains less than that.
        gain = (total[:, 1:] + self._entry[1:]).max(1) - total[:, 0]
        gain[gain <= -SURE] = NEVER  # keeps the stretches short; figures on the corpora stay the same
        gain[breaks] = NEVER
        after = np.cumsum(gain)
        least = np.minimum.accumulate(after - gain)
        most = np.maximum.accumulate(after[::-1])[::-1]
        spots = np.flatnonzero(most - least > -self._exit)
        if not len(spots):
            return
        firsts = np.flatnonzero(np.diff(spots, prepend=-2) > 1)
        sizes = np.diff(firsts, append=len(spots))
        order = np.argsort(-sizes, kind="stable")
        starts, sizes = spots[firsts[order]], sizes[order]
        yield from self._best(total, starts, sizes)

    def _best(self, total: NDArray[np.float64], starts: Numbers, sizes: Numbers) -> Iterable[tuple[Numbers, Numbers]]:
        """The best labels of stretches, the longest first, that have O on both sides."""
        counts = len(sizes) - np.searchsorted(sizes[::-1], np.arange(sizes[0]), side="right")
        values = self._steps[0] + total[starts]
        back: list[NDArray[np.intp]] = []
        for step, count in enumerate(counts.tolist()[1:], 1):
            moved = values[:count, :, None] + self._steps
            back.append(moved.argmax(1))
            values[:count] = moved.max(1) + total[starts[:count] + step]
        label = (values + self._steps[:, 0]).argmax(1)
        for step in range(len(back), -1, -1):
            count = int(counts[step])
            yield starts[:count] + step, label[:count]
            if step:
                label[:count] = back[step - 1][np.arange(count), label[:count]]
