"""One benchmark from articles to report."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.speed import processes
from benchmarks.speed.corpus import Corpus
from benchmarks.speed.generate import generate
from benchmarks.speed.measure import measure
from benchmarks.speed.news import news_corpus
from benchmarks.speed.queries import choose_queries
from benchmarks.speed.registry import ENGINES
from benchmarks.speed.report import Report, figures, markdown

# Stock Whoosh needs minutes of CPU for more: ask for it by name.
MOST_FOR_WHOOSH = 10_000


@dataclass(frozen=True)
class Plan:
    """What to run.

    Attributes:
        news: articles from this file instead of generated ones.
        engines: by name, or None for all that suit the size.
        queries: a class.
        work: folder for the corpus and the indexes.
        reuse: take indexes that are there.
    """

    articles: int
    news: Path | None
    engines: Sequence[str] | None
    queries: int
    work: Path
    reuse: bool = False


def run(plan: Plan) -> tuple[Report, str]:
    """The report, and its tables in Markdown."""
    corpus = _corpus(plan)
    titles, left_out = _present(plan)
    machine = processes.machine()
    indexes: dict[str, Path] = {}
    built: dict[str, dict[str, float]] = {}
    for name in list(titles):
        indexes[name] = plan.work / f"{name}-{corpus.folder.name}"
        try:
            built[name] = _index(name, corpus.folder, indexes[name], plan.reuse)
        except processes.Failed as error:
            left_out[name] = str(error)
            del titles[name]
    names = list(titles)
    queries = choose_queries(corpus, plan.queries)
    _say(f"{len(queries)} queries in {', '.join(names)}")
    measured = measure(names, corpus.folder, indexes, queries)
    report: Report = {
        "corpus": corpus.meta,
        "machine": machine,
        "load_after": [round(load, 2) for load in os.getloadavg()],
        "engines": names,
        "titles": titles,
        "left out": left_out,
        "queries": len(queries),
        "disagreements": measured.disagreements,
        "index": built,
        "opening ms": measured.opening,
        "query ms": figures(measured, names),
    }
    return report, markdown(report)


def _corpus(plan: Plan) -> Corpus:
    kind = f"{plan.news.name.partition('.')[0]}-" if plan.news else ""
    folder = plan.work / f"{kind}{plan.articles}"
    if not (folder / "corpus.json").exists():
        _say(f"{'reading' if plan.news else 'generating'} {plan.articles:,} articles")
        if plan.news:
            news_corpus(folder, plan.news, plan.articles)
        else:
            generate(folder, plan.articles)
    return Corpus(folder)


def _present(plan: Plan) -> tuple[dict[str, str], dict[str, str]]:
    """The engines to measure with their versions, Kashaf first, and the others with the reason."""
    titles: dict[str, str] = {}
    left_out: dict[str, str] = {}
    usual = [n for n in ENGINES if n != "compacted" and (n != "whoosh" or plan.articles <= MOST_FOR_WHOOSH)]
    wanted = plan.engines or usual
    for name in sorted(wanted, key=list(ENGINES).index):
        try:
            titles[name] = processes.title(name)
        except processes.Failed as error:
            left_out[name] = str(error)
            _say(f"{name} is left out: {error}")
    return titles, left_out


def _index(name: str, corpus: Path, folder: Path, reuse: bool) -> dict[str, float]:
    kept = folder.with_suffix(".json")
    if reuse and kept.exists():
        known: dict[str, float] = json.loads(kept.read_text())
        return known
    kept.unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    _say(f"indexing in {name}")
    figures_of_it = processes.build(name, corpus, folder)
    kept.write_text(json.dumps(figures_of_it))
    return figures_of_it


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
