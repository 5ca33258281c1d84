"""Tantivy through its Python binding: positions on, fast fields for facets, one writer thread.

The exact total of a faceted query is the sum of its months (every article has a date), so that the ten best are
found with Tantivy's pruning on; without facets it counts while it collects. Facet counts are exact in one segment;
over several, each gives so many names that the sums of the first 20 are exact too (the agreement check would tell).
"""

from __future__ import annotations

import json
from importlib import metadata
from pathlib import Path
from typing import Any

from benchmarks.speed.answers import BUCKETS, TOP, Answer
from benchmarks.speed.corpus import Corpus
from benchmarks.speed.engines.base import BUFFER_MB, InProcess, NotHere, month_of
from benchmarks.speed.queries import Query

KINDS = ("person", "organisation")
NAMES = "names.json"


def _tantivy() -> Any:
    try:
        import tantivy
    except ImportError as error:
        raise NotHere("pip install -r benchmarks/requirements.txt") from error
    return tantivy


def _schema(numbers: bool) -> Any:
    builder = _tantivy().SchemaBuilder()
    builder.add_text_field("text", tokenizer_name="whitespace", index_option="position")
    for name in KINDS:
        if numbers:
            builder.add_unsigned_field(name, indexed=True, fast=True)
        else:
            builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_text_field("source", tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_unsigned_field("day", indexed=True, fast=True)
    builder.add_unsigned_field("month", fast=True)
    builder.add_unsigned_field("number", fast=True)
    return builder.build()


class Tantivy:
    """See Engine; names are text, as they come."""

    name = "Tantivy"
    numbers = False

    def version(self) -> str:
        """See Engine."""
        _tantivy()
        return metadata.version("tantivy")

    def build(self, corpus: Corpus, folder: Path) -> None:
        """See Engine."""
        tantivy = _tantivy()
        index = tantivy.Index(_schema(self.numbers), str(folder))
        known: dict[str, dict[str, int]] = {kind: {} for kind in KINDS}
        writer = index.writer(heap_size=BUFFER_MB << 20, num_threads=1)
        for article, headline, body in corpus.texts():
            document = tantivy.Document()
            document.add_text("text", headline)
            document.add_text("text", body)  # Tantivy leaves a gap between two values
            for kind, names in zip(KINDS, (article.persons, article.organisations), strict=True):
                for name in names:
                    if self.numbers:
                        document.add_unsigned(kind, known[kind].setdefault(name, len(known[kind])))
                    else:
                        document.add_text(kind, name)
            document.add_text("source", article.source)
            document.add_unsigned("day", article.day)
            document.add_unsigned("month", month_of(article.day))
            document.add_unsigned("number", article.number)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        if self.numbers:
            (folder / NAMES).write_text(json.dumps({kind: list(names) for kind, names in known.items()}), "utf-8")

    def open(self, folder: Path) -> TantivyReader:
        """See Engine."""
        names = json.loads((folder / NAMES).read_text("utf-8")) if self.numbers else None
        return TantivyReader(_tantivy().Index.open(str(folder)), names)


class TantivyNumbers(Tantivy):
    """The same with names as numbers, and a table of them beside the index."""

    name = "Tantivy, names as numbers"
    numbers = True


class TantivyReader(InProcess):
    """See Reader."""

    def __init__(self, index: Any, names: dict[str, list[str]] | None) -> None:
        self._schema = _schema(names is not None)
        self._names = names
        self._persons = {name: number for number, name in enumerate(names["person"])} if names else {}
        self._searcher = index.searcher()
        kept = BUCKETS if self._searcher.num_segments == 1 else 1_000
        self._facets = {kind: {"terms": {"field": kind, "size": BUCKETS, "segment_size": kept}} for kind in KINDS}
        self._facets["months"] = {"terms": {"field": "month", "size": 10_000}}

    def run(self, query: Query, facets: bool) -> Answer:
        """See InProcess."""
        asked = self._query(query)
        if not facets:
            found = self._searcher.search(asked, TOP, count=True)
            return Answer(found.count, self._numbers(found.hits))
        best = self._searcher.search(asked, TOP, count=False).hits
        counted = self._searcher.aggregate(asked, self._facets)
        months = tuple((int(b["key"]), b["doc_count"]) for b in counted["months"]["buckets"])
        persons, organisations = (self._buckets(kind, counted[kind]["buckets"]) for kind in KINDS)
        return Answer(sum(count for _, count in months), self._numbers(best), persons, organisations, months)

    def _buckets(self, kind: str, buckets: list[Any]) -> tuple[tuple[str, int], ...]:
        if self._names is None:
            return tuple((bucket["key"], bucket["doc_count"]) for bucket in buckets)
        names = self._names[kind]
        return tuple((names[int(bucket["key"])], bucket["doc_count"]) for bucket in buckets)

    def _numbers(self, hits: list[Any]) -> tuple[int, ...]:
        return tuple(self._searcher.fast_field_values("number", [address for _, address in hits]))

    def _query(self, query: Query) -> Any:
        tantivy, schema = _tantivy(), self._schema
        make, occur = tantivy.Query, tantivy.Occur
        if query.kind == "all":
            return make.all_query()
        match query.kind:
            case "phrase":
                asked = make.phrase_query(schema, "text", list(query.words))
            case "prefix":
                asked = make.regex_query(schema, "text", query.words[0] + ".*")
            case "term":
                asked = make.term_query(schema, "text", query.words[0])
            case kind:
                how = occur.Must if kind == "and" else occur.Should
                asked = make.boolean_query([(how, make.term_query(schema, "text", word)) for word in query.words])
        clauses = [(occur.Must, asked)]
        if query.person is not None:
            value = query.person if self._names is None else self._persons[query.person]
            filtered = make.term_query(schema, "person", value, index_option="basic")
            clauses.append((occur.Must, make.const_score_query(filtered, 0.0)))
        if query.first is not None:
            kind_of = tantivy.FieldType.Unsigned
            filtered = make.range_query(schema, "day", kind_of, query.first, query.last)
            clauses.append((occur.Must, make.const_score_query(filtered, 0.0)))
        return asked if len(clauses) == 1 else make.boolean_query(clauses)
