"""How alike two personal names are, whatever the spelling, the script or the order of their parts.

Two words are compared by an edit distance over the units of `kashaf.analyzers.name_key`: consonants of one
class cost nothing, vowels little, and less across scripts, because Arabic does not write the short ones.
Two names are compared by pairing their words.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from kashaf.analyzers.name_key import UNITS, NameWord, Unit, joined_words, name_words

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.intp]

# ---------------------------------------------------------------- costs

_CROSS, _WITHIN = 0, 1  # words of two scripts, words of one

# Two consonants of different classes, by how often one is written for the other. Here and below the costs
# follow counts of aligned letters in name words of Wikidata persons (steveash/NETransliteration-COLING2018).
_CONFUSED = {
    "gk": 0.35, "dz": 0.45, "sz": 0.3, "kx": 0.4, "gj": 0.4, "cs": 0.5, "dt": 0.5, "cj": 0.5, "jz": 0.45,
    "bf": 0.5, "bp": 0.0, "gr": 0.5, "hx": 0.45, "gx": 0.5, "fw": 0.15, "jx": 0.4, "mn": 0.8, "hk": 0.7,
    "lr": 0.8, "ln": 0.8, "ck": 0.5, "cx": 0.35, "st": 0.6, "gh": 0.6, "tz": 0.6,
}  # fmt: skip
# Readings that meet, but not in the likeliest one of each.
_ACROSS = {("ck", "kg"): 0.15, ("ck", "k"): 0.15, ("kg", "g"): 0.1}
_ONE_SCRIPT = {("c", "ck"): 0.05, ("j", "jg"): 0.05, ("g", "jg"): 0.1, ("kg", "g"): 0.1}
_OTHERWISE = (0.0, 0.2)
_VOWELS = {
    "ae": 0.06,
    "ou": 0.04,
    "ei": 0.08,
    "ai": 0.22,
    "ao": 0.15,
    "au": 0.22,
    "eo": 0.2,
    "eu": 0.2,
    "iu": 0.25,
    "io": 0.3,
}
# A vowel against a long vowel, a seat or a ta marbuta.
_AGAINST = {
    "A": {"a": 0.0, "e": 0.1, "i": 0.3, "o": 0.2, "u": 0.2},
    "W": {"a": 0.4, "e": 0.4, "i": 0.45, "o": 0.02, "u": 0.02},
    "Y": {"a": 0.3, "e": 0.03, "i": 0.02, "o": 0.45, "u": 0.4},
    "S": {"a": 0.02, "e": 0.03, "i": 0.03, "o": 0.03, "u": 0.03},
    "F": {"a": 0.0, "e": 0.02, "i": 0.1, "o": 0.15, "u": 0.15},
    "H": {"a": 0.1, "e": 0.1, "i": 0.1, "o": 0.1, "u": 0.1},
}
_LONG = {"AW": 0.45, "AY": 0.35, "WY": 0.45, "AS": 0.06, "WS": 0.2, "YS": 0.1, "AF": 0.03, "FH": 0.02,
         "YF": 0.25, "WF": 0.3, "AH": 0.1, "WH": 0.3, "YH": 0.25, "SF": 0.2, "SH": 0.1}  # fmt: skip
_NEVER = 2.0  # a consonant is not a vowel: one is missing and the other is added
_MISSING = {"A": 0.3, "W": 0.4, "Y": 0.4, "S": 0.04, "F": 0.05, "H": 0.03}
_MISSING_PLACE = {
    "article": 0.02,
    "first": 0.3,
    "particle": 0.15,
    "silent": 0.3,
    "double": 0.25,
    "mute": 0.04,
}
_MISSING_SOUND = {"h": 0.3, "wf": 0.4}
_MISSING_VOWEL = {"a": 0.05, "e": 0.04, "i": 0.08, "o": 0.07, "u": 0.06}
_WEIGHT = {"C": 1.0, "A": 0.35, "W": 0.35, "Y": 0.35, "V": 0.2, "S": 0.1, "F": 0.2, "H": 0.1}
_WEIGHT_PLACE = {"article": 0.05, "particle": 0.5, "silent": 0.7, "double": 0.5, "mute": 0.1}


def _pair(table: dict[str, float], a: str, b: str, otherwise: float) -> float:
    return table.get(a + b, table.get(b + a, otherwise))


def _substitution(a: Unit, b: Unit, mode: int) -> float:
    if a.kind == b.kind == "C":
        if a.sounds == b.sounds:
            return 0.0
        met = min(0.0 if x == y else _pair(_CONFUSED, x, y, 1.0) for x in a.sounds for y in b.sounds)
        # Within one script two letters are two letters; across scripts the likeliest reading is the best.
        known = _ONE_SCRIPT if mode == _WITHIN else _ACROSS
        least = known.get((a.sounds, b.sounds), known.get((b.sounds, a.sounds), _OTHERWISE[mode]))
        return max(met, least)
    if a.kind == b.kind == "V":
        return 0.0 if a.sounds == b.sounds else _pair(_VOWELS, a.sounds, b.sounds, 0.3)
    if a.kind == b.kind:
        return 0.0
    if a.kind == "V" or b.kind == "V":
        vowel, other = (a, b) if a.kind == "V" else (b, a)
        cost = _AGAINST.get(other.kind, {}).get(vowel.sounds, _NEVER)
        # A first alef carries any vowel when its hamza is left off: ادريسي, اسامة.
        return min(cost, 0.1) if vowel.place == "initial" and other.kind == "A" else cost
    if a.kind == "C" or b.kind == "C":
        consonant, other = (a, b) if a.kind == "C" else (b, a)
        if other.kind == "W":
            return {"wf": 0.0, "fw": 0.2, "f": 0.35}.get(consonant.sounds, _NEVER)
        if other.kind == "Y":
            return 0.25 if consonant.sounds == "j" else _NEVER
        if other.kind == "F":
            return {"t": 0.1, "h": 0.08}.get(consonant.sounds, _NEVER)
        if other.kind == "H":
            return 0.05 if consonant.sounds == "h" else _NEVER
        if other.kind == "S":
            return {"h": 0.35, "k": 0.8}.get(consonant.sounds, _NEVER)
        return _NEVER
    return _pair(_LONG, a.kind, b.kind, 0.3)


def _missing(unit: Unit, mode: int) -> float:
    if unit.kind == "C":
        if mode == _WITHIN and unit.place in ("first", "silent"):
            return 0.7
        return _MISSING_PLACE.get(unit.place, _MISSING_SOUND.get(unit.sounds, 1.0))
    if unit.place:
        return 0.25
    if unit.kind == "V":
        return _MISSING_VOWEL[unit.sounds] if mode == _CROSS else 0.15
    return _MISSING[unit.kind]


def _compared(unit: Unit) -> tuple[str, ...]:
    """What of a unit its cost of substitution depends on."""
    return (unit.kind, unit.sounds, unit.place if unit.kind == "V" else "")


def _tables() -> tuple[Floats, Floats, Floats]:
    """Costs of substitution and of missing units by mode, and weights; the last unit is the free padding."""
    count = len(UNITS)
    bare: dict[tuple[str, ...], Unit] = {_compared(unit): unit for unit in UNITS}
    kinds = list(bare)
    group = np.array([kinds.index(_compared(unit)) for unit in UNITS])
    substitution = np.zeros((2, count + 1, count + 1), np.float32)
    missing = np.zeros((2, count + 1), np.float32)
    for mode in (_CROSS, _WITHIN):
        base = np.array([[_substitution(bare[a], bare[b], mode) for b in kinds] for a in kinds], np.float32)
        substitution[mode, :count, :count] = base[np.ix_(group, group)]
        missing[mode, :count] = [_missing(unit, mode) for unit in UNITS]
        substitution[mode, count, :] = missing[mode]
        substitution[mode, :, count] = missing[mode]
    weight = np.array(
        [_WEIGHT_PLACE.get(u.place, 1.0) if u.kind == "C" else _WEIGHT[u.kind] for u in UNITS] + [0.0],
        np.float32,
    )
    return substitution, missing, weight


_SUBSTITUTION, _MISSING_COST, UNIT_WEIGHT = _tables()
PADDING = len(UNITS)
MAX_UNITS = 16  # units of a word that are compared

_SUBSTITUTION_ROWS: list[list[list[float]]] = _SUBSTITUTION.tolist()
_MISSING_ROWS: list[list[float]] = _MISSING_COST.tolist()
_WEIGHTS: list[float] = UNIT_WEIGHT.tolist()


def units_array(words: Sequence[NameWord]) -> npt.NDArray[np.int16]:
    """The units of words as rows of `MAX_UNITS` numbers, padded with `PADDING`."""
    rows = np.full((len(words), MAX_UNITS), PADDING, np.int16)
    for row, word in enumerate(words):
        units = word.units[:MAX_UNITS]
        rows[row, : len(units)] = units
    return rows


def align(first: npt.NDArray[np.int16], second: npt.NDArray[np.int16], within: npt.NDArray[np.bool_]) -> Floats:
    """Similarity of many pairs of words at once, 0.0 … 1.0.

    Args:
        first, second: units of the words, a row a pair, as `units_array` gives them.
        within: for each pair, whether both words are of one script.

    The edit distance is computed row by row for all pairs together; a run of missing units within a
    row is a running minimum once the costs summed so far are taken off.
    """
    # Units first, pairs second: every step then runs over the pairs, which lie side by side.
    mode = within.astype(np.intp)
    ahead = np.ascontiguousarray(first[:, : _longest(first)].T)
    across = np.ascontiguousarray(second[:, : _longest(second)].T)
    size = PADDING + 1
    missing_ahead = _MISSING_COST[mode, ahead]
    summed = np.zeros((len(across) + 1, len(first)), np.float32)
    np.cumsum(_MISSING_COST[mode, across], axis=0, out=summed[1:])
    reached = summed.copy()
    costs = _SUBSTITUTION.reshape(-1)
    pairing = mode * (size * size) + across
    for unit, missing in zip(ahead, missing_ahead, strict=True):
        step = reached + missing
        np.minimum(step[1:], reached[:-1] + costs.take(pairing + unit * np.intp(size)), out=step[1:])
        step -= summed
        reach = 1
        while reach < len(step):  # a running minimum: after each turn, over twice as many units
            np.minimum(step[reach:], step[:-reach], out=step[reach:])
            reach *= 2
        reached = step + summed
    length = (UNIT_WEIGHT[ahead].sum(axis=0) + UNIT_WEIGHT[across].sum(axis=0)) / 2
    similarity: Floats = np.maximum(0.0, 1.0 - reached[-1] / (0.75 * length + 0.35)).astype(np.float32)
    return similarity


def _longest(units: npt.NDArray[np.int16]) -> int:
    used = (units != PADDING).any(axis=0)
    return max(1, int(used.nonzero()[0].max()) + 1) if used.any() else 1


@lru_cache(maxsize=1 << 17)
def word_similarity(a: NameWord, b: NameWord) -> float:
    """Similarity of two words, 0.0 … 1.0: the same as `align`, for one pair."""
    if a is b:
        return 1.0
    first, second = a.units[:MAX_UNITS], b.units[:MAX_UNITS]
    if not first or not second:
        return 0.0
    mode = _WITHIN if a.script == b.script else _CROSS
    missing, substitution = _MISSING_ROWS[mode], _SUBSTITUTION_ROWS[mode]
    gaps = [missing[unit] for unit in second]
    row = [0.0]
    for gap in gaps:
        row.append(row[-1] + gap)
    for unit in first:
        costs, lost = substitution[unit], missing[unit]
        diagonal = row[0]
        left = row[0] = diagonal + lost
        for place, other in enumerate(second, 1):
            above = row[place]
            best = diagonal + costs[other]
            if above + lost < best:
                best = above + lost
            if left + gaps[place - 1] < best:
                best = left + gaps[place - 1]
            diagonal = above
            row[place] = left = best
    length = (sum(_WEIGHTS[unit] for unit in first) + sum(_WEIGHTS[unit] for unit in second)) / 2
    return max(0.0, 1.0 - row[-1] / (0.75 * length + 0.35))


# ---------------------------------------------------------------- names

PAIRABLE = 0.45  # words less alike are not the same word
INITIAL = 0.55  # what an initial is worth against a word that begins like it
SURPLUS = 0.20  # how much a part that only one name has counts against it
CROSSING = 0.03
JOINED = 0.02  # for reading two neighbours as one word
JOINABLE = 0.8  # when the one word is as alike as this


def pair_words(
    similarities: Sequence[Sequence[float]], weights_a: Sequence[float], weights_b: Sequence[float]
) -> float:
    """Similarity of two names, from those of their words.

    Args:
        similarities: for each word of the one name, its similarity with each word of the other.
        weights_a, weights_b: how telling each word is.
    """
    pairs = sorted(
        (
            (-(weights_a[i] + weights_b[j]) * similarity, i, j)
            for i, row in enumerate(similarities)
            for j, similarity in enumerate(row)
            if similarity >= PAIRABLE
        ),
    )
    used_a: set[int] = set()
    used_b: set[int] = set()
    paired: list[tuple[int, int]] = []
    total = weight = 0.0
    left_a, left_b = sum(weights_a), sum(weights_b)
    for value, i, j in pairs:
        if i in used_a or j in used_b:
            continue
        used_a.add(i)
        used_b.add(j)
        paired.append((i, j))
        total -= value / 2
        weight += (weights_a[i] + weights_b[j]) / 2
        left_a -= weights_a[i]
        left_b -= weights_b[j]
    if not paired:
        return 0.0
    less, more = sorted((max(0.0, left_a), max(0.0, left_b)))
    paired.sort()
    crossings = sum(before[1] > after[1] for before, after in zip(paired, paired[1:], strict=False))
    return max(0.0, min(1.0, total / (weight + less + SURPLUS * (more - less)) - CROSSING * crossings))


def words_similarity(a: Sequence[NameWord], b: Sequence[NameWord]) -> float:
    """Similarity of two names given as words, every word as telling as the next."""
    table = [[_similarity(x, y) for y in b] for x in a]
    return pair_words(table, [1.0] * len(a), [1.0] * len(b))


def _similarity(a: NameWord, b: NameWord) -> float:
    if a.initial or b.initial:
        return INITIAL if a.units and b.units and begins_alike(a, b) else 0.0
    return word_similarity(a, b)


def begins_alike(a: NameWord, b: NameWord) -> bool:
    """Whether an initial may stand for a word."""
    return first_units_alike(a.units[0], b.units[0])


def first_units_alike(a: int, b: int) -> bool:
    """Whether words that begin with these units may be one, written in full and as an initial."""
    return _SUBSTITUTION_ROWS[_CROSS][a][b] < 0.2


def name_similarity(a: str, b: str) -> float:
    """How alike two personal names are: 1.0 for spellings of one name, 0.0 for nothing in common.

    Symmetric; scripts, order of the parts, particles, initials and missing parts are allowed for. From 0.9
    the names are as good as equal, from 0.8 they may be, below they are two. A name without letters gives
    0.0.

    >>> name_similarity("Mohamed Setri", "محمد ستري") > 0.9
    True
    >>> name_similarity("Mohamed Setri", "محمد السطاتي") > 0.8
    False
    """
    first, second = name_words(a), name_words(b)
    if not first or not second:
        return 0.0
    best = words_similarity(first, second)
    for name, own, others in ((a, first, second), (b, second, first)):
        for place, joined in joined_words(name, own):
            if any(word_similarity(joined, other) >= JOINABLE for other in others):
                best = max(best, words_similarity([*own[:place], joined, *own[place + 2 :]], others) - JOINED)
    return best
