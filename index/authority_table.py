"""The names of the authority file in memory: entities found by any spelling, and in the words of a query.

A table is a snapshot of one version of the authority file. It is never changed, so threads may share it. The
next version's is made from it: names are only ever added, and which entity each means is read afresh.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from kashaf.analyzers.name_key import NameWord, name_words, spoken_words
from kashaf.analyzers.name_similarity import words_similarity
from kashaf.analyzers.name_table import Holding, NameTable
from kashaf.index import ministries, organisation_names, person_names
from kashaf.index.article import Kind

Ints = npt.NDArray[np.int64]

_NAMED = 0.80  # words as like a name as this name its entity
_WORD = 0.80  # each of them as like a word of the name as this
_LONE = 0.92  # a family name alone
_LONE_ONE_SCRIPT = 0.95  # the same within one script
_SPELLED = 0.999  # a short one, written as in the name
_NAMESAKES = 256  # entities that a lone word may name; more, and it tells nothing
_LONGEST = 12  # words of an organisation's name that are looked for
_CANDIDATES = 32  # names that a run of words is compared with
_SHOWN = 64  # organisations that hold every word of a text


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


class _Names:
    """Every name of the authority file, in the order in which they came; what finding them needs.

    Names are only added, so the next version's can be made from a copy.
    """

    def __init__(self) -> None:
        self.last = 0  # row of the last variant
        self.names: list[str] = []
        self.place_of: dict[Kind, dict[str, int]] = {"person": {}, "organisation": {}}
        self.persons: list[int] = []  # places of the persons' names
        self.organisations: list[int] = []
        self.table = NameTable()
        self.indexed = 0  # organisations whose names are in the tables below
        self.by_fold: dict[tuple[str, ...], tuple[int, ...]] = {}
        self.by_word: dict[str, list[tuple[str, ...]]] = {}
        self.by_mark: dict[int, tuple[int, ...]] = {}
        self.by_portfolio: dict[frozenset[str], tuple[int, ...]] = {}
        self.spoken: list[int] = []  # names with a transcribed part
        self.guard = threading.Lock()

    def copy(self) -> _Names:
        """The same names, to which others may be added."""
        with self.guard:
            other = _Names()
            for name, value in vars(self).items():
                if name not in ("guard", "table", "place_of", "by_word"):
                    setattr(other, name, value.copy() if isinstance(value, list | dict) else value)
            other.place_of = {kind: places.copy() for kind, places in self.place_of.items()}
            other.by_word = {word: folds.copy() for word, folds in self.by_word.items()}
            other.table = self.table.copy()
            return other

    def add(self, rows: Iterable[tuple[int, Kind, str]]) -> None:
        """Add variants, in order of their rows."""
        for row, kind, name in rows:
            place = len(self.names)
            self.last = row
            self.names.append(name)
            self.place_of[kind][name] = place
            (self.persons if kind == "person" else self.organisations).append(place)

    def index(self) -> None:
        """Put every name that was added into the tables; done when names are first looked for."""
        with self.guard:
            if len(self.table) < len(self.persons):
                self.table.add([self.names[place] for place in self.persons[len(self.table) :]])
            for place in self.organisations[self.indexed :]:
                self._index_organisation(place)
            self.indexed = len(self.organisations)

    def _index_organisation(self, place: int) -> None:
        name = self.names[place]
        fold = organisation_names.folded(name)
        if fold not in self.by_fold:
            for word in set(fold):
                self.by_word.setdefault(word, []).append(fold)
        self.by_fold[fold] = (*self.by_fold.get(fold, ()), place)
        if organisation_names.transcribed(name) is not None:
            self.spoken.append(place)
            for mark in organisation_names.marks(name):
                self.by_mark[mark] = (*self.by_mark.get(mark, ()), place)
        if (ministry := ministries.ministry(name)) is not None:
            portfolio = ministry.portfolios
            self.by_portfolio[portfolio] = (*self.by_portfolio.get(portfolio, ()), place)


class AuthorityTable:
    """The names of every entity that is not rejected, at one version of the authority file.

    Args:
        before: a table of an earlier version of the same file; it is not changed.
    """

    def __init__(self, connection: sqlite3.Connection, before: AuthorityTable | None = None) -> None:
        self.version = int(connection.execute("SELECT version FROM authority_version").fetchone()[0])
        known: _Names = before._names if before is not None else _Names()
        rows = connection.execute(
            "SELECT id, kind, name FROM variants WHERE id > ? ORDER BY id", (known.last,)
        ).fetchall()
        self._names: _Names = known if before is not None and not rows else known.copy()
        self._names.add(rows)
        entities, counts = connection.execute(
            "SELECT group_concat(entity), group_concat(count) FROM (SELECT entity, count FROM variants ORDER BY id)"
        ).fetchone()
        self._entity_of = np.fromstring(entities or "", np.int64, sep=",")
        self._count = np.fromstring(counts or "", np.int64, sep=",")
        rejected = [number for (number,) in connection.execute("SELECT number FROM entities WHERE rejected")]
        if rejected:
            self._entity_of[np.isin(self._entity_of, rejected)] = -1
        bundled = connection.execute(
            "SELECT bundled, number, merged_into FROM entities WHERE bundled NOTNULL AND NOT rejected"
        )
        self._bundled = [(key, number if into is None else into) for key, number, into in bundled]

    def numbers(self, kind: Kind) -> dict[str, int]:
        """Name -> number of its entity; names of rejected entities are left out."""
        places = self._names.place_of[kind]
        entities = self._entity_of[np.fromiter(places.values(), np.int64, len(places))].tolist()
        return {name: entity for name, entity in zip(places, entities, strict=True) if entity >= 0}

    # ------------------------------------------------------------ made when names are first looked for

    @cached_property
    def _known(self) -> _Names:
        self._names.index()
        return self._names

    @cached_property
    def _person_of(self) -> Ints:
        """The entity of each name of the table of persons."""
        return self._entity_of[np.array(self._known.persons, np.int64)]

    @cached_property
    def _places(self) -> tuple[Ints, Ints]:
        """The places of names in order of their entities, and these entities."""
        order = np.lexsort((-self._count, self._entity_of))
        return order, self._entity_of[order]

    def _names_of(self, numbers: Sequence[int]) -> list[str]:
        """The names of entities, one entity after the other, the most frequent of each first."""
        order, entities = self._places
        starts = np.searchsorted(entities, numbers).tolist()
        ends = np.searchsorted(entities, numbers, "right").tolist()
        runs = [order[start:end] for start, end in zip(starts, ends, strict=True)]
        return [self._known.names[place] for place in (np.concatenate(runs).tolist() if runs else ())]

    @cached_property
    def _articles(self) -> npt.NDArray[np.float64]:
        """How often each entity is named, by number."""
        held = self._entity_of >= 0
        counts = self._count[held].astype(np.float64)
        most = int(self._entity_of.max(initial=0))
        return np.bincount(self._entity_of[held], counts, most + 1).astype(np.float64)

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
        places = self._known.by_fold.get(fold, ())
        return tuple(dict.fromkeys([*self._of(places), *self._listed.get(fold, ())]))

    def _of(self, places: Iterable[int]) -> list[int]:
        """The entities of names, each once; those of rejected ones left out."""
        found = dict.fromkeys(int(self._entity_of[place]) for place in places)
        found.pop(-1, None)
        return list(found)

    @cached_property
    def _parts(self) -> tuple[NameTable, list[int]]:
        """The parts of organisations that are transcribed indeed, being found in both scripts; whose each is."""
        parts: dict[int, dict[str, list[NameWord]]] = defaultdict(lambda: defaultdict(list))
        for place in self._known.spoken:
            spoken = organisation_names.transcribed(self._known.names[place])
            if spoken is not None and len(spoken.part) == 1 and self._entity_of[place] >= 0:
                parts[int(self._entity_of[place])][spoken.part[0].script].append(spoken.part[0])
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
        self._known.table.search("x", 1)
        _ = self._person_of, self._places, self._articles, self._listed, self._parts
        person_names.is_given(name_words("x")[0])

    # ------------------------------------------------------------ finding

    def find(self, kind: Kind, text: str, size: int = 10) -> list[tuple[int, float]]:
        """Numbers of the entities that a text names or nearly names, best first, with their similarity."""
        scores = self._persons_like(text, 4 * size) if kind == "person" else self._organisations_like(text)
        ranked = sorted(scores.items(), key=lambda item: (-round(item[1], 2), -self._weight(item[0]), item[0]))
        return ranked[:size]

    def _weight(self, entity: int) -> float:
        return float(self._articles[entity]) if entity < len(self._articles) else 0.0

    def _persons_like(self, text: str, size: int) -> dict[int, float]:
        scores: dict[int, float] = {}
        for place, score in self._known.table.search_numbers(text, size):
            entity = int(self._person_of[place])
            scores[entity] = max(score, scores.get(entity, 0.0))
        words = name_words(text)
        if len(words) == 1:
            for entity, score in self._namesakes(words[0], self._known.table.holding(words, _WORD)[0]).items():
                scores[entity] = max(score, scores.get(entity, 0.0))
        if text in self._known.place_of["person"]:
            scores[int(self._entity_of[self._known.place_of["person"][text]])] = 1.0
        scores.pop(-1, None)
        return scores

    def _organisations_like(self, text: str) -> dict[int, float]:
        fold = organisation_names.folded(text)
        if named := self._folded(fold):
            return dict.fromkeys(named, 1.0)
        if alike := self._alike(text):
            return dict.fromkeys(alike, 0.9)
        wanted, scores = set(fold), dict[int, float]()
        rarest = min((self._known.by_word.get(word, []) for word in wanted), key=len, default=[])
        holding = sorted((other for other in rarest if wanted <= set(other)), key=len)[:_SHOWN]
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
                for place in self._known.by_portfolio.get(wanted.portfolios, ())
                if (found := ministries.ministry(self._known.names[place])) is not None
                and wanted.country in (None, found.country)
            )
        if organisation_names.transcribed(text) is None:
            return []
        places = dict.fromkeys(
            place for mark in organisation_names.marks(text) for place in self._known.by_mark.get(mark, ())
        )
        return self._of(
            place for place in places if organisation_names.same_organisation(text, self._known.names[place])
        )

    def _namesakes(self, word: NameWord, held: Holding) -> dict[int, float]:
        """Persons whose family name this is, or one word of it; {} when it is a given name, or too common to tell."""
        if person_names.is_telling(word):
            held = held.where(held.similarities >= np.where(held.within, _LONE_ONE_SCRIPT, _LONE))
        else:  # too short to be told by sound: spelled alike, or nothing
            held = held.where(held.within & (held.similarities >= _SPELLED))
        entities = self._person_of[held.names]
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

    def _expansion(self, start: int, end: int, kind: Kind, numbers: Sequence[int]) -> Expansion:
        names = dict.fromkeys(self._names_of(numbers))
        return Expansion(start, end, kind, tuple(numbers), tuple(names))

    def _expand_organisations(self, words: Sequence[str]) -> list[Expansion]:
        found: list[Expansion] = []
        ends = [place for place, word in enumerate(words) if not organisation_names.is_silent(word)]
        for start in ends:
            for end in range(min(len(words), start + _LONGEST), start, -1):
                if organisation_names.is_silent(words[end - 1]):
                    continue
                fold = organisation_names.folded_words(words[start:end])
                numbers: Sequence[int] = self._folded(fold)
                if (not numbers and len(fold) < 4) or any(map(ministries.is_head, fold)):
                    numbers = list(dict.fromkeys([*numbers, *self._alike(" ".join(words[start:end]))]))
                if numbers:
                    found.append(self._expansion(start, end, "organisation", numbers))
                    break
        return found

    def _expand_parts(self, words: Sequence[str]) -> list[Expansion]:
        """Words that are the transcribed part of an organisation's name."""
        table, entities = self._parts
        if not entities:
            return []
        found: list[Expansion] = []
        spoken = spoken_words(words)
        for (_, start, end), held in zip(spoken, table.holding([word for word, _, _ in spoken], _LONE), strict=True):
            names = held.names[held.similarities >= np.where(held.within, _LONE_ONE_SCRIPT, _LONE)]
            if numbers := list(dict.fromkeys(entities[place] for place in names.tolist())):
                found.append(self._expansion(start, end, "organisation", numbers))
        return found

    def _expand_persons(self, words: Sequence[str]) -> list[Expansion]:
        spoken = spoken_words(words)
        held = self._known.table.holding([word for word, _, _ in spoken], _WORD)
        marked = np.zeros(len(self._known.persons), np.bool_)
        found: list[Expansion] = []
        for first in range(len(spoken)):
            names = held[first].names
            runs = [(first, names)]
            for last in range(first + 1, len(spoken)):
                marked[held[last].names] = True
                names = names[marked[names]]
                marked[held[last].names] = False
                if not len(names):
                    break
                runs.append((last, names))
            for last, names in reversed(runs):
                if first == last:
                    numbers = self._named_alone(spoken[first][0], held[first])
                else:
                    numbers = self._named([word for word, _, _ in spoken[first : last + 1]], np.unique(names))
                if numbers:
                    start, end = spoken[first][1], spoken[last][2]
                    while start + 1 < end and organisation_names.is_silent(words[start]):
                        start += 1  # "de" belongs to "Villepin" in a name, to "visite" in a query
                    found.append(self._expansion(start, end, "person", numbers))
                    break
        return found

    def _named_alone(self, word: NameWord, held: Holding) -> list[int]:
        """The entities that a lone word names."""
        if len(held.names) == 0:
            return []
        lone = self._namesakes(word, held)
        return sorted(lone, key=lambda entity: (-self._weight(entity), entity))

    def _named(self, words: list[NameWord], names: Ints) -> list[int]:
        """The entities that several words name, of those with names that hold every one of the words."""
        scores: dict[int, float] = {}
        for place in names[:_CANDIDATES].tolist():
            entity = int(self._person_of[place])
            score = words_similarity(words, name_words(self._known.names[self._known.persons[place]]))
            if score >= _NAMED and entity >= 0:
                scores[entity] = max(score, scores.get(entity, 0.0))
        return sorted(scores, key=lambda entity: (-scores[entity], entity))
