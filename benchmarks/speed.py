"""Kashaf beside Tantivy, Lucene, SQLite FTS5, Xapian and stock Whoosh: indexing and faceted queries on the same tokens.

    python benchmarks/speed.py --articles 100000 [--engines kashaf tantivy …] [--work DIR] [--out FILE]
    python benchmarks/speed.py --articles 50000 --news news.jsonl.gz

The articles are generated (or read from NEWS, analysed once), every engine indexes them in a process of its own,
the answers are compared query by query, and then every query is measured in every engine in turn. A JSON file and,
beside it, the Markdown tables are written; the exit status is 1 when engines disagree. What is not installed is
left out: see benchmarks/requirements.txt, Debian's python3-xapian, and LUCENE_JARS (a folder with the jars of
lucene-core, lucene-facet and hppc; a JDK compiles the rest). docs/performance.md says what each engine is told.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

# As a script, `benchmarks` is not importable and this folder would hide other packages of the same names.
sys.path[0] = str(Path(__file__).resolve().parents[1])

from benchmarks.speed.run import Plan, run  # noqa: E402


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--news", type=Path, help="a JSONL file (.gz) with title, text, date, source and lang")
    parser.add_argument(
        "--engines",
        nargs="+",
        help="of: kashaf compacted tantivy tantivy-numbers lucene fts5 xapian whoosh; all but compacted by default",
    )
    parser.add_argument("--queries", type=int, default=20, help="queries a class")
    parser.add_argument("--work", type=Path, help="keeps corpus and indexes, and takes a corpus that is there")
    parser.add_argument("--reuse", action="store_true", help="takes indexes that are there, with their figures")
    parser.add_argument("--out", type=Path, help="the JSON file; the tables go beside it as .md")
    given = parser.parse_args()
    work = given.work or Path(tempfile.mkdtemp(prefix="kashaf-speed-"))
    try:
        plan = Plan(given.articles, given.news, given.engines, given.queries, work.resolve(), given.reuse)
        report, tables = run(plan)
    finally:
        if given.work is None:
            shutil.rmtree(work)
    print(tables)
    if given.out:
        given.out.parent.mkdir(parents=True, exist_ok=True)
        given.out.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", "utf-8")
        given.out.with_suffix(".md").write_text(tables + "\n", "utf-8")
    sys.exit(os.EX_OK if not report["disagreements"] else 1)


if __name__ == "__main__":
    main()
