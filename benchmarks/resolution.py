"""How well names are gathered into persons and organisations without a librarian.

    python benchmarks/resolution.py --data DIR

DIR holds `persons.jsonl` and `organisations.jsonl`: entities with their Arabic, French and English names; people.py
reads articles as they are. Each name is put into one to three synthetic articles of one to three names (never two of
one entity), always the same way, and all articles are resolved into an empty authority file. A name that two entities
have is left out.

Pairwise: of the pairs of names put together, the share that belongs together (precision), and the reverse
(recall). B-cubed: the same for each name with those it is put together with, averaged over names. Wrong
merges: names that have to be taken out again so that no entity holds names of two, against all merges.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import kashaf
from kashaf.index.article import KINDS, Kind
from kashaf.index.authority import Authority
from kashaf.index.authority_schema import SCHEMA
from kashaf.ingest import ingest

LANGUAGES = ("ar", "fr", "en")
MOST_ARTICLES = 3  # that have one name
MOST_NAMES = 3  # in one article


class Figures(NamedTuple):
    """What resolving gave, against what is right."""

    names: int
    entities: int
    found: int  # entities that the names were put into
    merges: int
    wrong: int
    pairwise: tuple[float, float]
    cubed: tuple[float, float]


def read(path: Path) -> dict[str, str]:
    """Name -> the Wikidata id of what it names; names of two entities left out."""
    owner: dict[str, str] = {}
    shared: set[str] = set()
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            for name in dict.fromkeys(name for language in LANGUAGES for name in row["names"].get(language, ())):
                if owner.setdefault(name, row["qid"]) != row["qid"]:
                    shared.add(name)
    return {name: qid for name, qid in owner.items() if name not in shared}


def articles(owner: Mapping[str, str], seed: int = 0) -> list[tuple[str, ...]]:
    """The names spread over articles."""
    chance = random.Random(seed)
    mentions = [name for name in owner for _ in range(chance.randint(1, MOST_ARTICLES))]
    chance.shuffle(mentions)
    made: list[tuple[str, ...]] = []
    now: dict[str, str] = {}
    size = chance.randint(1, MOST_NAMES)
    for name in mentions:
        if len(now) == size or owner[name] in now:
            made.append(tuple(now.values()))
            now, size = {}, chance.randint(1, MOST_NAMES)
        now[owner[name]] = name
    return [*made, tuple(now.values())]


def measure(owner: Mapping[str, str], entity_of: Mapping[str, int]) -> Figures:
    """The figures of a resolution: name -> entity number."""
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for name, qid in owner.items():
        found[entity_of[name]][qid] += 1
    right = Counter(owner.values())
    together = sum(_pairs(count) for counts in found.values() for count in counts.values())
    put = sum(_pairs(sum(counts.values())) for counts in found.values())
    real = sum(map(_pairs, right.values()))
    alike = [
        (counts[owner[name]], sum(counts.values()), right[owner[name]])
        for name, counts in _each(owner, entity_of, found)
    ]
    return Figures(
        len(owner),
        len(right),
        len(found),
        len(owner) - len(found),
        sum(sum(counts.values()) - max(counts.values()) for counts in found.values()),
        (together / max(1, put), together / max(1, real)),
        (sum(a / b for a, b, _ in alike) / len(alike), sum(a / c for a, _, c in alike) / len(alike)),
    )


def _each(
    owner: Mapping[str, str], entity_of: Mapping[str, int], found: Mapping[int, Counter[str]]
) -> Iterable[tuple[str, Counter[str]]]:
    return ((name, found[entity_of[name]]) for name in owner)


def _pairs(count: int) -> int:
    return count * (count - 1) // 2


def resolve(kind: Kind, owner: Mapping[str, str]) -> tuple[dict[str, int], float]:
    """Name -> entity number, and the seconds of processor time that it took."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.executescript(SCHEMA)
    authority = Authority(connection)
    started = time.process_time()
    authority.resolve((kind, names) for names in articles(owner))
    seconds = time.process_time() - started
    numbers = authority.numbers(kind)
    connection.close()
    return numbers, seconds


def read_key(path: Path, wanted: str) -> dict[Kind, dict[str, str]]:
    """For each kind: name -> the first name of its entity, of one set of people_key.tsv."""
    owner: dict[Kind, dict[str, str]] = {kind: {} for kind in KINDS}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith(f"{wanted}\t"):
            _, kind, cell = line.split("\t")
            names = cell.split("|")
            owner["person" if kind == "person" else "organisation"].update(dict.fromkeys(names, names[0]))
    return owner


def in_articles(paths: Iterable[Path], key: Mapping[Kind, Mapping[str, str]]) -> dict[Kind, Figures]:
    """The figures over articles as they are, indexed into an archive of their own.

    A name that the key does not have counts as an entity of its own: gathered with others, it is wrong.
    """
    found: dict[Kind, Figures] = {}
    with tempfile.TemporaryDirectory() as folder, kashaf.open(folder, create=True) as archive:
        ingest(archive, paths)
        for kind in KINDS:
            numbers = {
                name: entity.number
                for entity in archive.authority.entities(kind)
                for name, count in entity.variants
                if count
            }
            owner = {name: key[kind].get(name, f"? {name}") for name in numbers}
            found[kind] = measure(owner, numbers)
    return found


def figures_line(label: str, f: Figures) -> str:
    """One row of the table."""
    return (
        f"{label:24}{f.names:7}{f.entities:6}{f.found:7}{f.merges:8}{f.wrong:7}"
        f"    {f.pairwise[0]:.3f} / {f.pairwise[1]:.3f}    {f.cubed[0]:.3f} / {f.cubed[1]:.3f}"
    )


HEAD = f"{'':24}{'names':>7}{'real':>6}{'found':>7}{'merges':>8}{'wrong':>7}   pairwise P / R   B-cubed P / R"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with persons.jsonl and organisations.jsonl")
    parser.add_argument("--wrong", action="store_true", help="list the entities that hold names of two")
    given = parser.parse_args()
    print(HEAD)
    for kind in KINDS:
        owner = read(given.data / f"{kind}s.jsonl")
        numbers, seconds = resolve(kind, owner)
        print(f"{figures_line(kind, measure(owner, numbers))}    {seconds:.1f} s")
        if given.wrong:
            for entity in sorted(set(numbers.values())):
                names = [name for name, number in numbers.items() if number == entity]
                if len({owner[name] for name in names}) > 1:
                    print("   ", "; ".join(f"{name} ({owner[name]})" for name in names))


if __name__ == "__main__":
    main()
