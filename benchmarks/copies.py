"""Copies found among labelled pairs of press articles.

    python benchmarks/copies.py --data DIR

DIR holds ``docs.jsonl.gz`` (articles: id, title, text, date, lang, source) and ``pairs.tsv`` (id1, id2, Jaccard and
containment of five-word shingles, label: ``copy``, ``near`` or ``related``). The articles are indexed, three
commits, and it is counted how many pairs of each label are in one group; ``related`` pairs are not copies, nor are
pairs without a label. The seconds of CPU are those of `CopyFinder` and of the samples.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import combinations
from pathlib import Path
from typing import Any

# As a script, this folder would hide other packages of the names of its files.
sys.path[0] = str(Path(__file__).resolve().parents[1])

import kashaf  # noqa: E402
from kashaf.index import token_stream  # noqa: E402
from kashaf.index.copies import CopyFinder  # noqa: E402
from kashaf.index.prepare import prepare  # noqa: E402

COMMITS = 3


@contextmanager
def timed(spent: Counter[str]) -> Iterator[None]:
    """Adds up what finding copies costs inside the block."""

    def counting(name: str, act: Any) -> Any:
        def counted(*args: Any) -> Any:
            clock = time.process_time()
            try:
                return act(*args)
            finally:
                spent[name] += time.process_time() - clock  # type: ignore[assignment]  # a counter of seconds

        return counted

    kept = CopyFinder.arrays, token_stream.sample_arrays
    CopyFinder.arrays = counting("groups", kept[0])  # type: ignore[method-assign]
    token_stream.sample_arrays = counting("samples", kept[1])
    try:
        yield
    finally:
        CopyFinder.arrays, token_stream.sample_arrays = kept  # type: ignore[method-assign]


def grouped(articles: list[dict[str, Any]], folder: Path) -> Iterator[list[str]]:
    """The ids of each group of two or more."""
    part = -(-len(articles) // COMMITS)
    with kashaf.open(folder, create=True) as archive:
        for start in range(0, len(articles), part):
            with archive.writer() as writer:
                for each in articles[start : start + part]:
                    article = kashaf.Article(
                        id=each["id"],
                        headline=each["title"] or "",
                        body=each["text"],
                        source=each["source"],
                        language=each["lang"],
                        published=each["date"] or None,
                    )
                    writer.add(article, prepare(article, entities=False))
        archive.finish_merges()
        seen: set[str] = set()
        for each in articles:
            if each["id"] not in seen:
                group = [each["id"], *(copy.id for copy in archive.copies(each["id"]))]
                seen.update(group)
                if len(group) > 1:
                    yield group


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the labelled pairs")
    data = parser.parse_args().data
    with gzip.open(data / "docs.jsonl.gz", "rt", encoding="utf-8") as file:
        articles = [json.loads(line) for line in file]
    labels: dict[frozenset[str], str] = {}
    for line in (data / "pairs.tsv").read_text("utf-8").splitlines()[1:]:
        first, second, _, _, label = line.split("\t")
        labels[frozenset((first, second))] = label

    spent: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder, timed(spent):
        groups = list(grouped(articles, Path(folder)))
    together = Counter(labels.get(frozenset(pair), "none") for group in groups for pair in combinations(group, 2))
    of = Counter(labels.values())
    print(f"{len(articles):,} articles, {len(groups):,} groups, the largest of {max(map(len, groups))}.")
    print(", ".join(f"{name}: {seconds:.1f} s of CPU" for name, seconds in sorted(spent.items())))
    print("\n| label | pairs | in one group |\n|---|---|---|")
    for label in (*of, "none"):
        print(
            f"| {label} | {of[label] or '':,} | {together[label]:,} |"
            if of[label]
            else f"| {label} | | {together[label]} |"
        )


if __name__ == "__main__":
    main()
