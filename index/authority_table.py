"""The names of the authority file in memory: entities found by any spelling, and in the words of a query.

A table is a snapshot of one version of the authority file. It is never changed, so threads may share it.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from kashaf.analyzers.name_key import NameWord, consonants, name_words, spoken_words
from kashaf.analyzers.name_similarity import words_similarity
from kashaf.analyzers.name_table import NameTable
from kashaf.index import organisation_names
from kashaf.index.article import Kind

Ints = npt.NDArray[np.int64]

_NAMED = 0.80  # words as like a name as this name its entity
_WORD = 0.80  # each of them as like a word of the name as this
_LONE = 0.92  # a family name alone
_LONE_ONE_SCRIPT = 0.95  # the same within one script
_SPELLED = 0.999  # a short one, written as in the name
_TELLING = 3  # consonants of a family name that tells
_NAMESAKES = 256  # entities that a lone word may name; more, and it tells nothing
_LONGEST = 12  # words of an organisation's name that are looked for
_CANDIDATES = 64  # names that a run of words is compared with


@dataclass(frozen=True, slots=True)
class Expansion:
    """Words of a query that name entities.

    Attributes:
        start, end: the words, as a slice of the query's.
        numbers: the entities, the likeliest first.
        names: every name of these entities, the most frequent first.
    """

    start: int
    end: int
    kind: Kind
    numbers: tuple[int, ...]
    names: tuple[str, ...]


class AuthorityTable:
    """The names of every entity that is not rejected, at one version of the authority file."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        rows = connection.execute(
            "SELECT variants.kind, name, entity, count FROM variants JOIN entities ON number = entity"
            " WHERE NOT rejected ORDER BY count DESC, name"
        ).fetchall()
        bundled = connection.execute(
            "SELECT bundled, number, merged_into FROM entities WHERE bundled NOTNULL AND NOT rejected"
        )
        self._bundled = [(key, number if into is None else into) for key, number, into in bundled]
        self.version = int(connection.execute("SELECT version FROM authority_version").fetchone()[0])
        self._persons = [(name, entity) for kind, name, entity, _ in rows if kind == "person"]
        self._organisations = [(name, entity) for kind, name, entity, _ in rows if kind == "organisation"]
        self._names_of: dict[int, list[str]] = defaultdict(list)
        self._count_of: dict[int, int] = defaultdict(int)
        for _, name, entity, count in rows:
            self._names_of[entity].append(name)
            self._count_of[entity] += count

    @cached_property
    def _table(self) -> NameTable:
        return NameTable(name for name, _ in self._persons)

    @cached_property
    def _person_of(self) -> Ints:
        return np.array([entity for _, entity in self._persons], np.int64)

    @cached_property
    def _entity_of(self) -> dict[str, int]:
        return dict(self._persons)

    @cached_property
    def _by_fold(self) -> dict[tuple[str, ...], tuple[int, ...]]:
        """Folded name of an organisation -> the organisations that have it."""
        found: dict[tuple[str, ...], dict[int, None]] = defaultdict(dict)
        for name, entity in self._organisations:
            found[organisation_names.folded(name)][entity] = None
        listed = organisation_names.by_key()
        for key, entity in self._bundled:
            for name in listed[key].names if key in listed else ():
                found[organisation_names.folded(name)][entity] = None
        return {fold: tuple(entities) for fold, entities in found.items()}

    @cached_property
    def _by_mark(self) -> dict[int, list[tuple[str, int]]]:
        """Mark of an organisation with a transcribed part -> its names."""
        found: dict[int, list[tuple[str, int]]] = defaultdict(list)
        for name, entity in self._organisations:
            if organisation_names.transcribed(name) is not None:
                for mark in organisation_names.marks(name):
                    found[mark].append((name, entity))
        return dict(found)

    @cached_property
    def _parts(self) -> tuple[NameTable, list[int]]:
        """The parts of organisations that are transcribed indeed, being found in both scripts; whose each is."""
        parts: dict[int, dict[str, list[NameWord]]] = defaultdict(lambda: defaultdict(list))
        for name, entity in self._organisations:
            if (spoken := organisation_names.transcribed(name)) is not None and len(spoken.part) == 1:
                parts[entity][spoken.part[0].script].append(spoken.part[0])
        both = {
            word.form.rpartition("-")[2]: entity
            for entity, scripts in parts.items()
            if len(scripts) > 1
            for words in scripts.values()
            for word in words
        }
        return NameTable(both), list(both.values())

    def warm(self) -> None:
        """Build now what the first search would build."""
        self._table.search("x", 1)
        _ = self._person_of, self._entity_of, self._by_fold, self._by_mark, self._parts

    # ------------------------------------------------------------ finding

    def find(self, kind: Kind, text: str, size: int = 10) -> list[tuple[int, float]]:
        """Numbers of the entities that a text names or nearly names, best first, with their similarity."""
        scores = self._persons_like(text, 4 * size) if kind == "person" else self._organisations_like(text)
        ranked = sorted(scores.items(), key=lambda item: (-round(item[1], 2), -self._count_of[item[0]], item[0]))
        return ranked[:size]

    def _persons_like(self, text: str, size: int) -> dict[int, float]:
        scores: dict[int, float] = {}
        for place, score in self._table.search_numbers(text, size):
            entity = int(self._person_of[place])
            scores[entity] = max(score, scores.get(entity, 0.0))
        words = name_words(text)
        if len(words) == 1:
            for entity, score in self._namesakes(words[0]).items():
                scores[entity] = max(score, scores.get(entity, 0.0))
        if text in self._entity_of:
            scores[self._entity_of[text]] = 1.0
        return scores

    def _organisations_like(self, text: str) -> dict[int, float]:
        fold = organisation_names.folded(text)
        if named := self._by_fold.get(fold):
            return dict.fromkeys(named, 1.0)
        if alike := self._alike(text):
            return dict.fromkeys(alike, 0.9)
        wanted, scores = set(fold), dict[int, float]()
        for other, entities in self._by_fold.items():  # names that hold every word
            if wanted and wanted <= set(other):
                for entity in entities:
                    scores[entity] = max(scores.get(entity, 0.0), 0.8 * len(wanted) / len(other))
        return scores

    def _alike(self, text: str) -> list[int]:
        """Organisations with the same head word in any language and the same transcribed part."""
        if organisation_names.transcribed(text) is None:
            return []
        found: dict[int, None] = {}
        for mark in organisation_names.marks(text):
            for name, entity in self._by_mark.get(mark, ()):
                if organisation_names.same_organisation(text, name):
                    found[entity] = None
        return list(found)

    def _namesakes(self, word: NameWord) -> dict[int, float]:
        """Persons whose family name this is, () when it is too common to tell or is a given name."""
        if consonants(word) < _TELLING:  # too short to be told by sound: spelled alike, or nothing
            held = self._table.holding(word, _SPELLED, _SPELLED)
        else:
            held = self._table.holding(word, _LONE, _LONE_ONE_SCRIPT)
        entities = self._person_of[held.names]
        family = np.unique(entities[held.last])
        given = np.unique(entities[~held.last])
        if not 0 < len(family) <= _NAMESAKES or len(np.setdiff1d(given, family)) > len(family):
            return {}
        best = dict.fromkeys(family.tolist(), 0.0)
        for entity, similarity, last in zip(
            entities.tolist(), held.similarities.tolist(), held.last.tolist(), strict=True
        ):
            if last:
                best[entity] = max(best[entity], similarity)
        return best

    # ------------------------------------------------------------ expanding

    def expand(self, words: Sequence[str]) -> list[Expansion]:
        """The entities that words of a query name, in order of the words; the longest name wins.

        Args:
            words: the folded words of a query, in the order typed.
        """
        named = self._expand_organisations(words)
        found = [(0, each) for each in named] + [(1, each) for each in self._expand_persons(words)]
        found += [(2, each) for each in self._expand_parts(words)]
        taken = [False] * len(words)
        chosen: list[Expansion] = []
        for _, each in sorted(found, key=lambda pair: (pair[1].start - pair[1].end, pair[0], pair[1].start)):
            if not any(taken[each.start : each.end]):
                taken[each.start : each.end] = [True] * (each.end - each.start)
                chosen.append(each)
        return sorted(chosen, key=lambda each: each.start)

    def _expansion(self, start: int, end: int, kind: Kind, numbers: Sequence[int]) -> Expansion:
        names = dict.fromkeys(name for number in numbers for name in self._names_of[number])
        return Expansion(start, end, kind, tuple(numbers), tuple(names))

    def _expand_organisations(self, words: Sequence[str]) -> list[Expansion]:
        found: list[Expansion] = []
        for start in range(len(words)):
            for end in range(min(len(words), start + _LONGEST), start, -1):
                if organisation_names.is_silent(words[start]) or organisation_names.is_silent(words[end - 1]):
                    continue
                text = " ".join(words[start:end])
                numbers = self._by_fold.get(organisation_names.folded(text), ()) or self._alike(text)
                if numbers:
                    found.append(self._expansion(start, end, "organisation", numbers))
                    break
        return found

    def _expand_parts(self, words: Sequence[str]) -> list[Expansion]:
        """Words that are the transcribed part of an organisation's name."""
        table, entities = self._parts
        found: list[Expansion] = []
        for word, start, end in spoken_words(words):
            held = table.holding(word, _LONE, _LONE_ONE_SCRIPT)
            if numbers := list(dict.fromkeys(entities[place] for place in held.names.tolist())):
                found.append(self._expansion(start, end, "organisation", numbers))
        return found

    def _expand_persons(self, words: Sequence[str]) -> list[Expansion]:
        spoken = spoken_words(words)
        held = [self._table.holding(word, _WORD) for word, _, _ in spoken]
        found: list[Expansion] = []
        for first in range(len(spoken)):
            names = np.unique(held[first].names)
            last = first
            runs = [(first, names)]
            while last + 1 < len(spoken) and len(names):
                last += 1
                names = np.intersect1d(names, held[last].names)
                runs.append((last, names))
            for last, names in reversed(runs):
                numbers = self._named([word for word, _, _ in spoken[first : last + 1]], names)
                if numbers:
                    start, end = spoken[first][1], spoken[last][2]
                    while start + 1 < end and organisation_names.is_silent(words[start]):
                        start += 1  # "de" belongs to "Villepin" in a name, to "visite" in a query
                    found.append(self._expansion(start, end, "person", numbers))
                    break
        return found

    def _named(self, words: list[NameWord], names: Ints) -> list[int]:
        """The entities that words name, of those with names that hold every one of the words."""
        if len(words) == 1:
            lone = self._namesakes(words[0])
            return sorted(lone, key=lambda entity: (-self._count_of[entity], entity))
        scores: dict[int, float] = {}
        for place in names[: 4 * _CANDIDATES].tolist():
            name, entity = self._persons[place]
            score = words_similarity(words, name_words(name))
            if score >= _NAMED:
                scores[entity] = max(score, scores.get(entity, 0.0))
        return sorted(scores, key=lambda entity: (-scores[entity], entity))
