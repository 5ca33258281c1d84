"""The engines, by the names of the command line."""

from __future__ import annotations

from importlib import import_module
from typing import cast

from benchmarks.speed.engines.base import Engine

# Each is imported only in the process that needs it. The first of a run is the one that the others are compared to.
ENGINES = {
    "kashaf": "kashaf_arrays:Kashaf",
    "compacted": "kashaf_arrays:CompactedKashaf",
    "tantivy": "tantivy_index:Tantivy",
    "tantivy-numbers": "tantivy_index:TantivyNumbers",
    "lucene": "lucene:Lucene",
    "fts5": "sqlite_fts5:SqliteFts5",
    "xapian": "xapian_index:Xapian",
    "whoosh": "stock_whoosh:StockWhoosh",
}


def engine(name: str) -> Engine:
    """An engine by its name; raises KeyError."""
    module, _, attribute = ENGINES[name].partition(":")
    return cast(Engine, getattr(import_module(f"benchmarks.speed.engines.{module}"), attribute)())
