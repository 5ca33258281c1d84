"""Known-item retrieval: Kashaf beside SQLite FTS5 and stock Whoosh, on the same articles and queries.

    python benchmarks/retrieval.py --data DIR [SET ...] [--json FILE]

DIR holds the sets, each with corpus.jsonl(.gz), queries.tsv and qrels.tsv. Every engine is asked as its users
would ask it: Kashaf with its defaults; SQLite FTS5 (tokenizer unicode61) with the words OR-ed, ranked by its
bm25; Whoosh 2.7.4 with its own Arabic or French LanguageAnalyzer, chosen by the language of each text and query,
the words OR-ed, ranked by BM25F. Printed: success at 1 and at 10, and the mean reciprocal rank within 10.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import kashaf

SETS = ("ir_ar_wiki", "ir_fr_faq", "ir_news_knownitem")
DEPTH = 10
Ask = Callable[[str, str], list[str]]


@dataclass
class Row:
    """The figures of one engine on one set; times in seconds."""

    set: str
    engine: str
    queries: int
    success_1: float
    success_10: float
    mrr: float
    index_seconds: float
    query_ms: float


def read_corpus(folder: Path) -> Iterator[dict[str, Any]]:
    packed = folder / "corpus.jsonl.gz"
    opened = (
        gzip.open(packed, "rt", encoding="utf-8")
        if packed.exists()
        else open(folder / "corpus.jsonl", encoding="utf-8")
    )
    with opened as lines:
        yield from map(json.loads, lines)


def read_pairs(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in path.read_text("utf-8").splitlines() if line]


def language_of(text: str) -> str:
    return "ar" if re.search("[\u0600-\u06ff]", text) else "fr"


def build_kashaf(corpus: list[dict[str, Any]], folder: Path) -> Ask:
    archive = kashaf.open(folder / "kashaf", create=True)
    with archive.writer() as writer:
        for row in corpus:
            writer.add(kashaf.Article(id=row["id"], headline=row["title"] or "", body=row["text"]))

    def ask(query: str, language: str) -> list[str]:
        return [hit.id for hit in archive.search(query[:1000], size=DEPTH).hits]

    return ask


def build_fts5(corpus: list[dict[str, Any]], folder: Path) -> Ask:
    base = sqlite3.connect(folder / "fts5.sqlite")
    base.execute("CREATE VIRTUAL TABLE articles USING fts5(id UNINDEXED, title, text, tokenize='unicode61')")
    base.executemany("INSERT INTO articles VALUES (?, ?, ?)", [(r["id"], r["title"] or "", r["text"]) for r in corpus])
    base.commit()

    def ask(query: str, language: str) -> list[str]:
        words = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", query))
        if not words:
            return []
        found = base.execute("SELECT id FROM articles WHERE articles MATCH ? ORDER BY rank LIMIT ?", (words, DEPTH))
        return [row[0] for row in found]

    return ask


def build_whoosh(corpus: list[dict[str, Any]], folder: Path) -> Ask:
    from whoosh.analysis import LanguageAnalyzer
    from whoosh.fields import ID, TEXT, Schema
    from whoosh.index import create_in
    from whoosh.lang.isri import ISRIStemmer
    from whoosh.query import Or, Term

    def norm(self: Any, num: int) -> None:
        """As written in Whoosh, but for a replacement text that Python 3.7 and later refuse."""
        if num in (1, 3):
            self.stm = self.re_short_vowels.sub("", self.stm)
        if num in (2, 3):
            self.stm = self.re_intial_hamza.sub("\u0627", self.stm)

    ISRIStemmer.norm = norm
    analyzers = {language: LanguageAnalyzer(language) for language in ("ar", "fr")}
    fields = {language: TEXT(analyzer=analyzer) for language, analyzer in analyzers.items()}
    (folder / "whoosh").mkdir()
    index = create_in(folder / "whoosh", Schema(id=ID(stored=True), **fields))
    writer = index.writer(limitmb=512)
    for row in corpus:
        text = f"{row['title'] or ''}\n{row['text']}"
        writer.add_document(id=row["id"], **{language_of(text): text})
    writer.commit()
    searcher = index.searcher()

    def ask(query: str, language: str) -> list[str]:
        terms = [Term(language, token.text) for token in analyzers[language](query, mode="query")]
        return [hit["id"] for hit in searcher.search(Or(terms), limit=DEPTH)]

    return ask


ENGINES = {"Kashaf": build_kashaf, "SQLite FTS5": build_fts5, "Whoosh 2.7.4": build_whoosh}


def measure(folder: Path, engines: list[str]) -> Iterator[Row]:
    corpus = list(read_corpus(folder))
    queries = read_pairs(folder / "queries.tsv")
    relevant: dict[str, set[str]] = {}
    for query_id, article, *_ in read_pairs(folder / "qrels.tsv"):
        relevant.setdefault(query_id, set()).add(article)
    for engine in engines:
        with tempfile.TemporaryDirectory() as temporary:
            started = time.process_time()
            ask = ENGINES[engine](corpus, Path(temporary))
            indexed = time.process_time() - started
            ranks = []
            started = time.process_time()
            for query_id, query in queries:
                found = ask(query, language_of(query))
                wanted = relevant.get(query_id, set())
                ranks.append(next((n for n, article in enumerate(found, 1) if article in wanted), 0))
            spent = time.process_time() - started
        count = len(ranks)
        yield Row(
            set=folder.name,
            engine=engine,
            queries=count,
            success_1=sum(rank == 1 for rank in ranks) / count,
            success_10=sum(rank > 0 for rank in ranks) / count,
            mrr=sum(1 / rank for rank in ranks if rank) / count,
            index_seconds=indexed,
            query_ms=1000 * spent / count,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", default=SETS, metavar="SET")
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds the sets")
    parser.add_argument("--engine", action="append", choices=ENGINES, help="only this one (repeatable)")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    options = parser.parse_args()
    rows = []
    print("| set | engine | queries | success@1 | success@10 | MRR@10 | index CPU s | query CPU ms |")
    print("|---|---|---|---|---|---|---|---|")
    for name in options.sets:
        for row in measure(options.data / name, options.engine or list(ENGINES)):
            rows.append(row)
            print(
                f"| {row.set} | {row.engine} | {row.queries} | {row.success_1:.3f} | {row.success_10:.3f} "
                f"| {row.mrr:.3f} | {row.index_seconds:.1f} | {row.query_ms:.2f} |",
                flush=True,
            )
    if options.json:
        options.json.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
