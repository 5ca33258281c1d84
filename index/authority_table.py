"""The names of the authority file in memory: entities found by any spelling, and in the words of a query.

A table is a snapshot of one version of the authority file. It is never changed, so threads may share it. The
next version's is made from it: names are only ever added, and which entity each means is read afresh.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from kashaf.analyzers.name_arrays import Holding
from kashaf.analyzers.name_key import NameWord, name_words, spoken_words
from kashaf.analyzers.name_similarity import words_similarity
from kashaf.analyzers.name_table import NameTable
from kashaf.index import ministries, organisation_names, person_names
from kashaf.index.article import Kind
from kashaf.index.derived import read_derived
from kashaf.index.entity_columns import NOBODY
from kashaf.index.entity_files import meant, moves_since
from kashaf.index.known_names import (
    FOLD,
    MARK,
    PORTFOLIO,
    KnownNames,
    Row,
    fold_text,
    hash_of,
    joined_names,
    known_names,
    portfolio_text,
)
from kashaf.index.names_file import FEW_NAMES, read_names, rows_after
from kashaf.index.segment_file import Array, StringColumn

Ints = npt.NDArray[np.int64]

_NAMED = 0.80  # words as like a name as this name its entity
_WORD = 0.80  # each of them as like a word of the name as this
_LONE = 0.92  # a family name alone
_LONE_ONE_SCRIPT = 0.95  # the same within one script
_SPELLED = 0.999  # a short one, written as in the name
_NAMESAKES = 256  # entities that a lone word may name; more, and it tells nothing
_LONGEST = 12  # words of an organisation's name that are looked for
_CANDIDATES = 32  # names that a run of words is compared with
_RUN = 8  # words of a person's name that are looked for
_COMPARED = 2_000  # names that the runs of one query are compared with: a query of one name a hundred times has many
_SHOWN = 64  # organisations that hold every word of a text


@dataclass(frozen=True, slots=True)
class Expansion:
    """Words of a query that name entities.

    Attributes:
        start, end: the words, as a slice of the query's.
        numbers: the entities, the likeliest first.
    """

    start: int
    end: int
    kind: Kind
    numbers: tuple[int, ...]


class AuthorityTable:
    """The names of every entity that is not rejected, at one version of the authority file.

    Args:
        before: a table of an earlier version of the same file; it is not changed.
        folder: the index folder, where most names may stand in a file, ready to be looked for.
    """

    def __init__(
        self, connection: sqlite3.Connection, before: AuthorityTable | None = None, folder: Path | None = None
    ) -> None:
        self._connection = connection
        # The version first: what a writer changes meanwhile is then only read twice.
        self.version = int(connection.execute("SELECT version FROM authority_version").fetchone()[0])
        self.file = read_derived(connection).names if folder is not None else None
        self._parts: tuple[KnownNames, ...]
        self._entity_of: Array
        if before is not None and before.file == self.file:
            since, self._parts, entity_of = before.version, before._parts, before._entity_of
        else:
            read = read_names(folder, self.file) if folder is not None and self.file is not None else None
            since, self._parts = (self.file.version, (read,)) if read is not None and self.file is not None else (0, ())
            entity_of = read.arrays["entity"] if read is not None else np.zeros(0, np.int32)
        if rows := rows_after(connection, self._parts[-1].last if self._parts else 0):
            entity_of = np.append(entity_of, np.array([entity for *_, entity in rows], np.int32))
            self._parts = _with_more(self._parts, rows)
        self._starts = np.cumsum([0, *map(len, self._parts)]).tolist()
        self._entity_of = self._moved(entity_of, since)
        bundled = connection.execute(
            "SELECT bundled, number, merged_into FROM entities WHERE bundled NOTNULL AND NOT rejected"
        )
        self._bundled = [(key, number if into is None else into) for key, number, into in bundled]
        if before is not None and before._bundled == self._bundled and "_listed" in vars(before):
            self._listed = before._listed

    def _moved(self, entity_of: Array, since: int) -> Array:
        """The entity of each name, after those that have moved since a version."""
        moves = moves_since(self._connection, since)
        if not len(moves.variants):
            return entity_of
        variants = np.concatenate([part.arrays["variant"] for part in self._parts])
        return moves.applied(variants, entity_of)

    def _name(self, place: int) -> str:
        part = bisect_right(self._starts, place) - 1
        return self._parts[part].names[place - self._starts[part]]

    def _places(self, lookup: str, text: str) -> list[int]:
        """The names that a text leads to in one of the ways of looking up, ascending."""
        found = [part.looked_up(lookup, text) + start for start, part in zip(self._starts, self._parts, strict=False)]
        return np.concatenate(found).tolist() if found else []

    @cached_property
    def _listed(self) -> dict[tuple[str, ...], tuple[int, ...]]:
        """Folded name of a well-known organisation that the archive has -> its entities."""
        listed = organisation_names.by_key()
        found: dict[tuple[str, ...], dict[int, None]] = defaultdict(dict)
        for key, entity in self._bundled:
            for name in listed[key].names if key in listed else ():
                found[organisation_names.folded(name)][entity] = None
        return {fold: tuple(entities) for fold, entities in found.items()}

    def _folded(self, fold: tuple[str, ...]) -> tuple[int, ...]:
        """The organisations that have a folded name."""
        return tuple(dict.fromkeys([*self._of(self._places(FOLD, fold_text(fold))), *self._listed.get(fold, ())]))

    def _are_folds(self, folds: Sequence[tuple[str, ...]]) -> list[bool]:
        """Whether some organisation may have each of these folded names."""
        hashes = np.array([hash_of(fold_text(fold)) for fold in folds], np.uint64)
        found = np.zeros(len(folds), np.bool_)
        for part in self._parts:
            known = part.arrays[FOLD]
            if len(known):
                places = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
                found |= known[places] == hashes
        return [some or fold in self._listed for some, fold in zip(found.tolist(), folds, strict=True)]

    def _of(self, places: Iterable[int]) -> list[int]:
        """The entities of names, each once; those of rejected ones left out."""
        found = dict.fromkeys(int(self._entity_of[place]) for place in places)
        found.pop(NOBODY, None)
        return list(found)

    @cached_property
    def _transcribed(self) -> tuple[NameTable, list[int]]:
        """The parts of organisations that are transcribed indeed, being found in both scripts; whose each is."""
        spoken = [
            (part.part_forms, number, entity, script)
            for start, part in zip(self._starts, self._parts, strict=False)
            for number, (entity, script) in enumerate(
                zip(
                    self._entity_of[start + part.arrays["part.place"]].tolist(),
                    part.arrays["part.script"].tolist(),
                    strict=True,
                )
            )
            if entity != NOBODY
        ]
        parts: dict[int, dict[int, list[tuple[StringColumn, int]]]] = defaultdict(lambda: defaultdict(list))
        for forms, number, entity, script in spoken:
            parts[entity][script].append((forms, number))
        both = {
            forms[number]: entity
            for entity, scripts in parts.items()
            if len(scripts) > 1
            for held in scripts.values()
            for forms, number in held
        }
        return NameTable(both), list(both.values())

    def warm(self) -> None:
        """Build now what the first search would build."""
        self.expand(["x"])
        self._persons_like("x", 1)

    # ------------------------------------------------------------ finding

    def find(self, kind: Kind, text: str, size: int = 10) -> list[tuple[int, float]]:
        """Numbers of the entities that a text names or nearly names, best first, with their similarity."""
        scores = self._persons_like(text, 4 * size) if kind == "person" else self._organisations_like(text)
        weight = self._weights(scores)
        ranked = sorted(scores.items(), key=lambda item: (-round(item[1], 2), -weight.get(item[0], 0), item[0]))
        return ranked[:size]

    def beginning(self, kind: Kind, letters: str) -> Array:
        """The entities with a name in which a word begins with these folded letters, ascending."""
        pairs = zip(self._starts, self._parts, strict=False)
        places = [np.zeros(0, np.int64), *(start + part.beginning(kind, letters) for start, part in pairs)]
        entities: Array = np.unique(self._entity_of[np.concatenate(places)])
        entities = entities[entities != NOBODY]
        return entities

    def _weights(self, entities: Iterable[int]) -> Mapping[int, int]:
        """How often each of some entities is named."""
        wanted, found = list(entities), dict[int, int]()
        for start in range(0, len(wanted), 500):
            part = wanted[start : start + 500]
            marks = ",".join("?" * len(part))
            found |= self._connection.execute(
                f"SELECT entity, sum(count) FROM variants WHERE entity IN ({marks}) GROUP BY entity", part
            ).fetchall()
        return found

    def _persons_like(self, text: str, size: int) -> dict[int, float]:
        scores: dict[int, float] = {}
        alike = [
            (score, start + int(part.person_places[number]))
            for start, part in zip(self._starts, self._parts, strict=False)
            for number, score in part.persons.find(text, size)
        ]
        for score, place in sorted(alike, key=lambda found: (-found[0], found[1]))[:size]:
            entity = int(self._entity_of[place])
            scores[entity] = max(score, scores.get(entity, 0.0))
        words = name_words(text)
        if len(words) == 1:
            for entity, score in self._namesakes(words[0], self._holding(words)[0]).items():
                scores[entity] = max(score, scores.get(entity, 0.0))
        _, (entity,) = meant(self._connection, "person", [text])
        scores[int(entity)] = 1.0
        scores.pop(NOBODY, None)
        return scores

    def _holding(self, words: Sequence[NameWord]) -> list[Holding]:
        """For each word, the persons' names that hold a word like it, by their places among all names."""
        parts: list[list[Holding]] = []
        for start, part in zip(self._starts, self._parts, strict=False):
            held = part.persons.holding(words, _WORD)
            parts.append([each._replace(names=start + part.person_places[each.names]) for each in held])
        if not parts:
            none = np.zeros(0, np.int64)
            return [Holding(none, none.astype(float), *[none.astype(bool)] * 3)] * len(words)
        if len(parts) == 1:
            return parts[0]
        return [Holding(*map(np.concatenate, zip(*each, strict=True))) for each in zip(*parts, strict=True)]

    def _organisations_like(self, text: str) -> dict[int, float]:
        fold = organisation_names.folded(text)
        if named := self._folded(fold):
            return dict.fromkeys(named, 1.0)
        if alike := self._alike(text):
            return dict.fromkeys(alike, 0.9)
        wanted, scores = set(fold), dict[int, float]()
        places = [
            start + place
            for start, part in zip(self._starts, self._parts, strict=False)
            for place in part.with_words(wanted, _SHOWN)
        ]
        folds = dict.fromkeys(organisation_names.folded(self._name(place)) for place in places)
        holding = sorted((other for other in folds if wanted <= set(other)), key=len)[:_SHOWN]
        for other in [*holding, *(other for other in self._listed if wanted and wanted <= set(other))]:
            for entity in self._folded(other):
                scores[entity] = max(scores.get(entity, 0.0), 0.8 * len(wanted) / len(other))
        return scores

    def _alike(self, text: str) -> list[int]:
        """Organisations that a text means in other words or letters.

        Ministries with its portfolios, of its country when it says one; those with the same head word in any
        language and the same transcribed part.
        """
        if (wanted := ministries.ministry(text)) is not None:
            return self._of(
                place
                for place in self._places(PORTFOLIO, portfolio_text(wanted.portfolios))
                if (found := ministries.ministry(self._name(place))) is not None
                and found.portfolios == wanted.portfolios
                and wanted.country in (None, found.country)
            )
        if organisation_names.transcribed(text) is None:
            return []
        places = dict.fromkeys(
            place for mark in organisation_names.marks(text) for place in self._places(MARK, str(mark))
        )
        return self._of(place for place in places if organisation_names.same_organisation(text, self._name(place)))

    def _namesakes(self, word: NameWord, held: Holding) -> dict[int, float]:
        """Persons whose family name this is, or one word of it; {} when it is a given name, or too common to tell."""
        if person_names.is_telling(word):
            held = held.where(held.similarities >= np.where(held.within, _LONE_ONE_SCRIPT, _LONE))
        else:  # too short to be told by sound: spelled alike, or nothing
            held = held.where(held.within & (held.similarities >= _SPELLED))
        entities = self._entity_of[held.names]
        last, given = np.unique(entities[held.last]), np.unique(entities[held.first & ~held.last])
        family = last
        if person_names.is_telling(word) and not person_names.is_given(word):
            family = np.unique(entities[~held.first | held.last])  # Benchekroun of "Nadia Benchekroun El Idrissi"
            other = np.setdiff1d(given, family)
            if len(other) and not len(last):  # Zohra of "Fatima Zohra", and of "Zohra Lachgar"
                return {}
            if 0 < len(other) <= len(family):
                family = np.union1d(family, other)  # and of "Benchekroun El Idrissi"
        family = family[family >= 0]
        if not 0 < len(family) <= _NAMESAKES or len(np.setdiff1d(given, family)) > len(family):
            return {}
        best = dict.fromkeys(family.tolist(), 0.0)
        for entity, similarity in zip(entities.tolist(), held.similarities.tolist(), strict=True):
            if entity in best:
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

    def _expand_organisations(self, words: Sequence[str]) -> list[Expansion]:
        found: list[Expansion] = []
        ends = [place for place, word in enumerate(words) if not organisation_names.is_silent(word)]
        runs = [(start, end + 1) for start in ends for end in reversed(ends) if start <= end < start + _LONGEST]
        folds = [organisation_names.folded_words(words[start:end]) for start, end in runs]
        behind = 0  # of the names that begin with one word, the longest alone counts
        for (start, end), fold, is_fold in zip(runs, folds, self._are_folds(folds), strict=True):
            if start < behind:
                continue
            numbers: Sequence[int] = self._folded(fold) if is_fold else ()
            if (not numbers and len(fold) < 4) or any(map(ministries.is_head, fold)):
                numbers = list(dict.fromkeys([*numbers, *self._alike(" ".join(words[start:end]))]))
            if numbers:
                found.append(Expansion(start, end, "organisation", tuple(numbers)))
                behind = start + 1
        return found

    def _expand_parts(self, words: Sequence[str]) -> list[Expansion]:
        """Words that are the transcribed part of an organisation's name."""
        table, entities = self._transcribed
        if not entities:
            return []
        found: list[Expansion] = []
        spoken = spoken_words(words)
        for (_, start, end), held in zip(spoken, table.holding([word for word, _, _ in spoken], _LONE), strict=True):
            names = held.names[held.similarities >= np.where(held.within, _LONE_ONE_SCRIPT, _LONE)]
            if numbers := list(dict.fromkeys(entities[place] for place in names.tolist())):
                found.append(Expansion(start, end, "organisation", tuple(numbers)))
        return found

    def _expand_persons(self, words: Sequence[str]) -> list[Expansion]:
        spoken = spoken_words(words)
        if not spoken or not self._parts:
            return []
        held = self._holding([word for word, _, _ in spoken])
        marked = np.zeros(len(self._entity_of), np.bool_)
        alone: dict[NameWord, list[int]] = {}
        compared = 0
        found: list[Expansion] = []
        for first in range(len(spoken)):
            names = held[first].names
            runs = [(first, names)]
            for last in range(first + 1, min(first + _RUN, len(spoken))):
                marked[held[last].names] = True
                names = names[marked[names]]
                marked[held[last].names] = False
                if not len(names):
                    break
                runs.append((last, names))
            for last, names in reversed(runs):
                if first == last:
                    word = spoken[first][0]
                    if word not in alone:
                        alone[word] = self._named_alone(word, held[first])
                    numbers = alone[word]
                else:
                    alike = np.unique(names)[: min(_CANDIDATES, _COMPARED - compared)]
                    compared += len(alike)
                    numbers = self._named([word for word, _, _ in spoken[first : last + 1]], alike)
                if numbers:
                    start, end = spoken[first][1], spoken[last][2]
                    while start + 1 < end and organisation_names.is_silent(words[start]):
                        start += 1  # "de" belongs to "Villepin" in a name, to "visite" in a query
                    found.append(Expansion(start, end, "person", tuple(numbers)))
                    break
        return found

    def _named_alone(self, word: NameWord, held: Holding) -> list[int]:
        """The entities that a lone word names."""
        if len(held.names) == 0:
            return []
        lone = self._namesakes(word, held)
        return sorted(lone, key=lambda entity: (-lone[entity], entity))

    def _named(self, words: list[NameWord], names: Ints) -> list[int]:
        """The entities that several words name, of those with names that hold every one of the words."""
        scores: dict[int, float] = {}
        for place in names.tolist():
            entity = int(self._entity_of[place])
            score = words_similarity(words, name_words(self._name(place)))
            if score >= _NAMED and entity >= 0:
                scores[entity] = max(score, scores.get(entity, 0.0))
        return sorted(scores, key=lambda entity: (-scores[entity], entity))


def _with_more(parts: tuple[KnownNames, ...], rows: Sequence[Row]) -> tuple[KnownNames, ...]:
    """The names with others behind them: one part, or the many of a file and those that have come since."""
    if not parts:
        return (KnownNames(known_names(rows)),)
    base = parts[0]
    if len(base) > FEW_NAMES:
        more = KnownNames(known_names(rows, base), base)
        if len(parts) == 1:
            return (base, more)
        return (base, KnownNames(_joined(parts[1], more, base), base))
    return (KnownNames(_joined(base, KnownNames(known_names(rows)))),)


def _joined(a: KnownNames, b: KnownNames, rarity: KnownNames | None = None) -> dict[str, Array]:
    return joined_names(a, b, np.append(a.arrays["entity"], b.arrays["entity"]), rarity)
