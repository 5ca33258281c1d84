"""The table of Arabic words, and the best labels, against slow plain references."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kashaf.analyzers import name_model
from kashaf.analyzers.arabic_clues import facts
from kashaf.analyzers.arabic_labels import labelled, packaged
from kashaf.analyzers.arabic_words import WordTable
from kashaf.analyzers.name_model import LABELS, NameModel

WORDS = (
    "محمد ومحمد وزير الوزيره والبنك الدولي للامم في 2015 ، . ( Karim زرغلوب ٢٠ ىٰ و ـ\u064b كتاب وكتابها قالت".split()
)


def test_scores_of_a_word_are_those_of_its_facts() -> None:
    table = packaged()
    numbers = table.numbers(WORDS)
    table.settle()
    words = [table.words[number] for number in numbers]
    expected = table.model.scores(facts(word, table.lexicon) for word in words)
    np.testing.assert_allclose(table.scores[numbers], expected, atol=1e-4)


def test_a_full_table_forgets_and_finds_the_same() -> None:
    table = WordTable(packaged().model, packaged().lexicon)
    before = labelled(["قالت الوزيرة أمل الفلاح إن المشروع مستمر"], table)
    table.words += [""] * (1 << 18)
    table.make_room()
    after = labelled(["قالت الوزيرة أمل الفلاح إن المشروع مستمر"], table)
    assert after.words == before.words
    np.testing.assert_array_equal(after.labels, before.labels)


def best(total: np.ndarray, moves: np.ndarray) -> np.ndarray:
    """Viterbi over the whole text, O on both sides."""
    values, back = moves[0] + total[0], []
    for row in total[1:]:
        steps = values[:, None] + moves
        back.append(steps.argmax(0))
        values = steps.max(0) + row
    path = [int((values + moves[:, 0]).argmax())]
    for froms in reversed(back):
        path.append(int(froms[path[-1]]))
    return np.array(path[::-1])


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 40))
def test_labels_are_the_best(seed: int, size: int) -> None:
    random = np.random.default_rng(seed)
    moves = packaged().model.moves
    weights = random.normal(0, 3, (30, 5, len(LABELS))).astype(np.float32)
    weights[:, 2, 0] += 2
    model = NameModel([str(n) for n in range(30)], weights, moves)
    words = random.integers(0, 30, size)
    gap = np.zeros((2, 35), np.float32)
    scores = np.concatenate([gap, model.scores([str(n)] for n in words), gap])
    breaks = np.array([0, 1, size + 2, size + 3])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(name_model, "SURE", 1e5)  # which divides the text where a name is unlikely, not impossible
        labels = model.labels(scores, [], breaks)
    around = scores.reshape(-1, 5, len(LABELS))
    total = np.sum([np.roll(around[:, 2 + d], -d, axis=0) for d in range(-2, 3)], axis=0)[2:-2]
    wanted = best(total.astype(np.float64), moves.astype(np.float64))

    def value(path: np.ndarray) -> float:
        steps = np.concatenate([[0], path, [0]])
        return float(total[np.arange(size), path].sum() + moves[steps[:-1], steps[1:]].sum())

    assert value(labels[2:-2].astype(int)) >= value(wanted) - 1e-6
    assert not labels[[0, 1, -1, -2]].any()
