"""How well names are found across spellings and scripts, and how fast.

    python benchmarks/names.py --data DIR

DIR holds `tuning.tsv` (pairs of spellings of one person), `distractors.tsv` (other persons) and, beside it,
in `../authority_wikidata`, lists of deputies as hard distractors. Each pair is asked in both directions;
the pool is every name in the target script, without the other spellings of the same person and without
distractors that are written like a paired name but for capitals, accents or spaces. A tie counts against
the method. Recall and precision are those of a threshold: the one that gives the best F1 on scope `main`,
and 0.90.
"""

from __future__ import annotations

import argparse
import csv
import re
import time
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from kashaf.analyzers.name_key import name_words
from kashaf.analyzers.name_table import NameTable

_ARABIC = re.compile("[\u0600-\u06ff]")
DEPTH = 200


class Pair(NamedTuple):
    person: str
    scope: str
    query: str
    target: str


class Outcome(NamedTuple):
    scope: str
    direction: str
    query: str
    target: str
    rank: int  # of the target, ties against it; 0 when it was not found
    score: float  # of the target
    others: list[tuple[str, float]]  # other persons' names, best first


def script(name: str) -> str:
    return "ar" if _ARABIC.search(name) else "la"


def plain(name: str) -> str:
    """A name without capitals, accents, hyphens and spaces."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", name.casefold()) if letter.isalpha())


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def read(data: Path, pairs_file: str) -> tuple[list[Pair], dict[str, set[str]]]:
    """The pairs in both directions, and the persons that hold each name of the pool."""
    pairs: list[Pair] = []
    holders: dict[str, set[str]] = {}
    for row in read_rows(data / pairs_file):
        for query, target in ((row["name_a"], row["name_b"]), (row["name_b"], row["name_a"])):
            pairs.append(Pair(row["qid"], row["scope"], query, target))
            holders.setdefault(query, set()).add(row["qid"])
    for row in read_rows(data / "distractors.tsv"):
        holders.setdefault(row["name"], set()).add(row["qid"])
    paired = {plain(name) for name in holders}
    deputies = data.parent / "authority_wikidata"
    for path in sorted(deputies.glob("*_deputies_*.tsv")):
        for row in read_rows(path):
            for column in ("name", "name_ar", "name_en"):
                if row.get(column) and plain(row[column]) not in paired:
                    holders.setdefault(row[column], set()).add(f"{path.name} {row[column]}")
    return pairs, holders


def run(pairs: Iterable[Pair], holders: dict[str, set[str]]) -> tuple[list[Outcome], list[float]]:
    names = {which: [name for name in holders if script(name) == which] for which in ("ar", "la")}
    tables = {which: NameTable(names[which]) for which in names}
    for table in tables.values():
        table.search("warm", 1)
    outcomes: list[Outcome] = []
    times: list[float] = []
    for pair in pairs:
        start = time.perf_counter()
        found = tables[script(pair.target)].search(pair.query, DEPTH)
        times.append((time.perf_counter() - start) * 1000)
        score = dict(found).get(pair.target, 0.0)
        others = [(name, value) for name, value in found if pair.person not in holders[name]]
        rank = 1 + sum(value >= score for _, value in others) if score else 0
        direction = f"{script(pair.query)}-{script(pair.target)}"
        outcomes.append(Outcome(pair.scope, direction, pair.query, pair.target, rank, score, others))
    return outcomes, times


def decisions(outcomes: list[Outcome], threshold: float) -> tuple[float, float, float]:
    right = sum(o.score >= threshold for o in outcomes)
    wrong = sum(value >= threshold for o in outcomes for _, value in o.others)
    precision = right / (right + wrong) if right + wrong else 0.0
    recall = right / len(outcomes)
    return precision, recall, 2 * precision * recall / (precision + recall) if right else 0.0


def figures(outcomes: list[Outcome], threshold: float) -> dict[str, float]:
    """Ranks of the targets, and what a threshold decides."""
    ranks = np.array([o.rank for o in outcomes])
    precision, recall, f1 = decisions(outcomes, threshold)
    return {
        "asked": len(outcomes),
        "R@1": float((ranks == 1).mean()),
        "R@10": float(((ranks >= 1) & (ranks <= 10)).mean()),
        "MRR": float(np.mean([1 / rank if rank else 0.0 for rank in ranks])),
        "P": precision,
        "R": recall,
        "F1": f1,
    }


def line(label: str, outcomes: list[Outcome], threshold: float) -> str:
    asked, *shares = figures(outcomes, threshold).values()
    return f"{label:<18}{asked:6.0f}" + "".join(f"{share:8.3f}" for share in shares) + f"  at {threshold:.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with tuning.tsv and distractors.tsv")
    parser.add_argument("--pairs", default="tuning.tsv", help="file of pairs in that folder")
    parser.add_argument("--misses", action="store_true", help="list what was missed and what was wrongly taken")
    given = parser.parse_args()
    pairs, holders = read(given.data, given.pairs)
    for label in ("first time", "again"):
        start = time.perf_counter()
        for name in holders:
            name_words(name)
        print(f"keys, {label}: {len(holders) / (time.perf_counter() - start):,.0f} names/s")
    outcomes, times = run(pairs, holders)
    main_scope = [o for o in outcomes if o.scope == "main"]
    best = max((step / 200 for step in range(140, 200)), key=lambda threshold: decisions(main_scope, threshold)[2])
    print(
        f"pool: {len(holders)} names\n{'':<18}{'asked':>6}"
        + "".join(f"{label:>8}" for label in ("R@1", "R@10", "MRR", "P", "R", "F1"))
    )
    for threshold in sorted({best, 0.9}):
        for scope in ("main", "foreign", "aux"):
            chosen = [o for o in outcomes if o.scope == scope]
            if chosen:
                print(line(scope, chosen, threshold))
        for direction in sorted({o.direction for o in main_scope}):
            print(line(f"main {direction}", [o for o in main_scope if o.direction == direction], threshold))
    print(f"search: median {np.median(times):.2f} ms, 95 % under {np.percentile(times, 95):.2f} ms")
    if given.misses:
        for o in outcomes:
            if o.scope != "aux" and (o.rank != 1 or o.score < best or (o.others and o.others[0][1] >= best)):
                print(f"{o.scope} {o.rank} {o.query} | {o.target} {o.score:.3f} | {o.others[:2]}")


if __name__ == "__main__":
    main()
