"""What gathering spellings costs a facet: persons merged through the authority file beside the same names unmerged.

    python benchmarks/entity_facet.py [--out FILE]

100,000 synthetic articles with one to six persons each, of 50,000 with Zipf popularity and one to three spellings.
Two authority files see the same segments: in one every name is a person of its own, in the other spellings are
gathered. The facet of persons is asked of both in turn, over several shares of the articles; processor time, median.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from kashaf.index.article import Article, Mention
from kashaf.index.authority import Authority
from kashaf.index.projection import Projection
from kashaf.index.snapshot import Snapshot, open_snapshot
from kashaf.index.store import Store, StoredArticle
from kashaf.search.columns import Columns
from kashaf.search.facets import Counter

ARTICLES, PERSONS, MOST_SPELLINGS, MOST_IN_ARTICLE = 100_000, 50_000, 3, 6
SHARES = (0.001, 0.01, 0.1, 0.45, 0.9, 1.0)  # of the articles that the facet is counted over
SHOWN = 20
RUNS = 41


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "entity_facet.json")
    given = parser.parse_args()
    chance = np.random.default_rng(7)
    with tempfile.TemporaryDirectory() as folder:
        spellings = chance.integers(1, MOST_SPELLINGS + 1, PERSONS)
        person_of = np.repeat(np.arange(PERSONS), spellings)
        names = [f"Person {person} spelling {number}" for number, person in enumerate(person_of.tolist())]
        snapshot = written(Path(folder) / "index", names, spellings, chance)
        merged = opened(snapshot, Path(folder) / "merged", dict(zip(names, person_of.tolist(), strict=True)))
        unmerged = opened(snapshot, Path(folder) / "unmerged", {name: n for n, name in enumerate(names)})
        rows = [row(merged, unmerged, share, chance) for share in SHARES]
    print(f"{'articles':>9}{'merged':>11}{'unmerged':>11}{'ratio':>8}")
    for each in rows:
        print(f"{each['articles']:9.0f}{each['merged ms']:8.2f} ms{each['unmerged ms']:8.2f} ms{each['ratio']:8.2f}")
    given.out.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def written(folder: Path, names: list[str], spellings: np.ndarray, chance: np.random.Generator) -> Snapshot:
    """The index of the articles."""
    weights = 1 / np.arange(1, PERSONS + 1)
    chosen = chance.choice(PERSONS, (ARTICLES, MOST_IN_ARTICLE), p=weights / weights.sum())
    first = np.concatenate([[0], np.cumsum(spellings)])
    forms = first[chosen] + chance.integers(0, MOST_SPELLINGS, chosen.shape) % spellings[chosen]
    sizes = chance.integers(1, MOST_IN_ARTICLE + 1, ARTICLES)
    projection = Projection(folder)
    for number, (row_of, size) in enumerate(zip(forms.tolist(), sizes.tolist(), strict=True)):
        held = [names[form] for form in dict.fromkeys(row_of[:size])]
        mentions = tuple(Mention("person", name, name) for name in held)
        projection.add(StoredArticle(number + 1, Article(id=str(number), body="x", language="fr", persons=mentions)))
    projection.commit(1, everything=True)
    return open_snapshot(folder)


def opened(snapshot: Snapshot, folder: Path, entity_of: Mapping[str, int]) -> Columns:
    """The columns under an authority file in which names mean these entities."""
    folder.mkdir()
    store = Store(folder / "articles.sqlite", write=True)
    store.begin()
    numbers = sorted(set(entity_of.values()))
    store.connection.executemany(
        "INSERT INTO entities (number, kind) VALUES (?, 'person')", [(number + 1,) for number in numbers]
    )
    store.connection.executemany(
        "INSERT INTO variants (kind, name, entity, count) VALUES ('person', ?, ?, 1)",
        [(name, entity + 1) for name, entity in entity_of.items()],
    )
    store.commit()
    columns = Columns(snapshot, Authority(store.connection))
    columns.mentions("person")
    return columns


def row(merged: Columns, unmerged: Columns, share: float, chance: np.random.Generator) -> dict[str, float]:
    """Times over a random share of the articles, the two asked in turn."""
    docs = np.sort(chance.permutation(ARTICLES)[: int(share * ARTICLES)]).astype(np.intp)
    times: dict[str, list[float]] = {"merged": [], "unmerged": []}
    for _ in range(RUNS):
        for name, columns in (("merged", merged), ("unmerged", unmerged)):
            started = time.process_time()
            Counter(columns, docs).entities("person").top(SHOWN)
            times[name].append((time.process_time() - started) * 1000)
    first, other = (float(np.median(times[name])) for name in ("merged", "unmerged"))
    return {
        "articles": len(docs),
        "merged ms": round(first, 3),
        "unmerged ms": round(other, 3),
        "ratio": round(first / other, 3),
    }


if __name__ == "__main__":
    main()
