"""The words of Arabic texts, each with a number under which arrays tell what is known of it.

A word is looked at once, however often it stands in the texts: its folded spelling, its scores in the model of names
(`kashaf.analyzers.name_model`) and what the rules of `kashaf.analyzers.arabic_mentions` ask of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from kashaf.analyzers.arabic_clues import (
    SHARES,
    STEPS,
    Lexicon,
    core,
    fold,
    is_arabic,
    kinds,
    letters,
    phrases,
    readings,
)
from kashaf.analyzers.name_model import WIDTH, Floats, NameModel, Numbers
from kashaf.analyzers.spans import Kind

SIZE = 1 << 17  # words remembered
# What a word can be, one bit each: a function; one with an article or the like; the first word of a name for the rules;
# the first word of a well-known organisation; a rare word or a name; "ministry".
COMMA, SENTENCE_END, FUNCTION, TITLE, NAME, BEGINS, PROPER, MINISTRY = (1 << n for n in range(8))
# Words of these lists are no part of a name that no one vouches for.
COMMON = frozenset(("function", "honorific", "nisba", "verb", "time", "stop", "orghead", "place"))
SENTENCE_ENDS = frozenset(".\n؟!")
# A body of a body is one name: برنامج الأمم المتحدة الإنمائي.
BODIES = frozenset(map(fold, "برنامج صندوق مفوضية بعثة منظمة وكالة هيئة لجنة مكتب".split()))
MINISTRIES = frozenset(map(fold, ("وزارة", "وزارتي")))
UNTOLD = 255  # the share of a word that is too rare


class WordTable(dict[str, int]):
    """Token, with or without blanks after it -> the number of its word. Number 0 is a line feed.

    Attributes:
        words: the folded words by number.
        clitics: letters of clitics before the name that a word begins, for the words that were asked about.
        cores: a number that words have in common which are one without their clitics. int32 [words].
        flags: what each word can be. uint8 [words].
        scores: what each word adds to the labels around it. float32 [words, WIDTH].
    """

    def __init__(self, model: NameModel, lexicon: Lexicon) -> None:
        self.model, self.lexicon = model, lexicon
        self._company = [Company(model, lexicon, sign) for sign in ("", "+")]
        self._forget()

    def _forget(self) -> None:
        self.clear()
        self._folded: dict[str, int] = {}
        self._cores: dict[str, int] = {}
        self.words: list[str] = []
        self.clitics: dict[tuple[str, Kind], int] = {}
        self.cores: NDArray[np.int32] = np.zeros(1024, np.int32)
        self.flags: NDArray[np.uint8] = np.zeros(1024, np.uint8)
        self.scores: Floats = np.zeros((1024, WIDTH), np.float32)
        self._settled = 1
        self["\n"]  # noqa: B018  (takes number 0, and no scores)

    def __missing__(self, token: str) -> int:
        bare = token.rstrip(" ")
        if bare != token:
            number = self[bare]
        else:
            word = fold(token) or token
            number = self._folded.setdefault(word, len(self.words))
            if number == len(self.words):
                self.words.append(word)
        self[token] = number
        return number

    def make_room(self) -> None:
        """Forgets all words when they are too many; numbers given before are worth nothing then."""
        if len(self.words) > SIZE:
            self._forget()

    def numbers(self, tokens: Sequence[str]) -> Numbers:
        """The numbers of the tokens; `settle` before the arrays are looked up."""
        return np.fromiter(map(self.__getitem__, tokens), np.int64, len(tokens))

    def settle(self) -> None:
        """Fills the arrays for the words that are new."""
        first, last = self._settled, len(self.words)
        if first == last:
            return
        while last > len(self.cores):
            self.cores, self.flags = (np.concatenate([a, np.zeros_like(a)]) for a in (self.cores, self.flags))
            self.scores = np.concatenate([self.scores, np.zeros_like(self.scores)])
        new = self.words[first:]
        bases = list(map(core, new))
        self.cores[first:last] = [self._cores.setdefault(base, len(self._cores)) for base in bases]
        self.scores[first:last] = self.model.scores(map(letters, new, bases))
        rows = self._rows(new)
        self.flags[first:last] = list(map(_flags, new, bases)) | _proper(new, rows, self.lexicon)
        arabic = np.array([is_arabic(word) for word in new])
        glued = arabic & np.array([word != base for word, base in zip(new, bases, strict=True)])
        for words, company, those in ((rows, self._company[0], arabic), (self._rows(bases), self._company[1], glued)):
            places = np.flatnonzero(those)
            self.scores[first + places] += company.scores(words[places])
        self._settled = last

    def _rows(self, words: Iterable[str]) -> Numbers:
        """The row of each word in the lexicon; -1: none."""
        return np.array([self.lexicon.rows.get(word, -1) for word in words])


def _flags(word: str, base: str) -> int:
    if word in SENTENCE_ENDS:
        return SENTENCE_END
    if not word[0].isalpha():
        return COMMA if word == "،" else 0
    spellings = [reading for reading, _ in readings(word)]
    flags = 0 if phrases().keys().isdisjoint(spellings) else BEGINS
    read = {kind for reading in spellings for kind in kinds(reading)}
    if "function" in read:
        flags |= FUNCTION | TITLE if base != word else FUNCTION
    if not MINISTRIES.isdisjoint(spellings):
        flags |= MINISTRY
    if "name" in read and "name" in kinds(word) and not read & COMMON and base not in BODIES:
        flags |= NAME
    return flags


def _proper(words: Sequence[str], rows: Numbers, lexicon: Lexicon) -> NDArray[np.uint8]:
    """`PROPER` for the long words that no list calls common and an archive has often in names, or seldom at all."""
    shares = lexicon.shares[rows]
    unusual = (rows < 0) | (shares[:, 0] == UNTOLD) | (shares[:, SHARES.index("per")] >= STEPS.index(0.25) + 1)
    plain = [len(word) > 3 and is_arabic(word) and COMMON.isdisjoint(kinds(word)) for word in words]
    return np.where(unusual & np.array(plain, bool), PROPER, 0).astype(np.uint8)


class Company:
    """The scores of the features that a lexicon gives its words, one table a column of the lexicon.

    `Lexicon.facts` names these features; this is quicker for many words.
    """

    def __init__(self, model: NameModel, lexicon: Lexicon, sign: str) -> None:
        self._lexicon = lexicon
        none = np.zeros(WIDTH, np.float32)

        def table(features: Iterable[str]) -> Floats:
            """One row a feature, and zeros after the last."""
            rows = [model.weights[model.row[name]].ravel() if name in model.row else none for name in features]
            return np.array([*rows, none])

        sizes = lexicon.groups.max(axis=0).tolist()
        self._groups = [table(f"{sign}k{n}.{group}" for group in range(size + 1)) for n, size in enumerate(sizes)]
        steps = range(1, len(STEPS) + 1)
        self._shares = [np.roll(table(f"{sign}q{name}{step}" for step in steps), 1, axis=0) for name in SHARES]
        self._nothing, self._rare = table([sign + "q0", sign + "rare"])[:2]

    def scores(self, rows: Numbers) -> Floats:
        """The scores of the words in these rows of the lexicon; -1: not there."""
        groups, shares = self._lexicon.groups[rows], self._lexicon.shares[rows]
        told = shares[:, 0] != UNTOLD
        scores = np.zeros((len(rows), WIDTH), np.float32)
        for table, column in zip(self._groups, groups.T, strict=True):
            scores += table[column]
        for table, column in zip(self._shares, shares.T, strict=True):
            scores += table[np.where(told, column, 0)]
        scores[told & ~shares.any(axis=1)] += self._nothing
        scores[(rows < 0) | (~told & (groups < 0).all(axis=1))] = self._rare
        return scores


def in_names(word: str, lexicon: Lexicon) -> bool:
    """Whether an archive has the word in names of persons a quarter of the time; True when it is too rare to tell."""
    shares = lexicon.shares[lexicon.rows[word]]
    return bool(shares[0] == UNTOLD or shares[SHARES.index("per")] >= STEPS.index(0.25) + 1)
