"""Tantivy through its Python binding: positions on, fast fields for facets, one writer thread.

The exact total of a faceted query is the sum of its months (every article has a date), so that the ten best are
found with Tantivy's pruning on; without facets it counts while it collects. Facet counts are exact in one segment;
over several, each gives so many names that the sums of the first 20 are exact too (the agreement check would tell).
"""

from __future__ import annotations

from importlib import metadata
from pathlib import Path
from typing import Any

from benchmarks.speed.answers import BUCKETS, TOP, Answer
from benchmarks.speed.corpus import Corpus
from benchmarks.speed.engines.base import BUFFER_MB, InProcess, NotHere, month_of
from benchmarks.speed.queries import Query


def _tantivy() -> Any:
    try:
        import tantivy
    except ImportError as error:
        raise NotHere("pip install -r benchmarks/requirements.txt") from error
    return tantivy


def _schema() -> Any:
    builder = _tantivy().SchemaBuilder()
    builder.add_text_field("text", tokenizer_name="whitespace", index_option="position")
    for name in ("person", "organisation"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_text_field("source", tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_unsigned_field("day", indexed=True, fast=True)
    builder.add_unsigned_field("month", fast=True)
    builder.add_unsigned_field("number", fast=True)
    return builder.build()


class Tantivy:
    """See Engine."""

    name = "Tantivy"

    def version(self) -> str:
        """See Engine."""
        _tantivy()
        return metadata.version("tantivy")

    def build(self, corpus: Corpus, folder: Path) -> None:
        """See Engine."""
        tantivy = _tantivy()
        index = tantivy.Index(_schema(), str(folder))
        writer = index.writer(heap_size=BUFFER_MB << 20, num_threads=1)
        for article, headline, body in corpus.texts():
            document = tantivy.Document()
            document.add_text("text", headline)
            document.add_text("text", body)  # Tantivy leaves a gap between two values
            for name in article.persons:
                document.add_text("person", name)
            for name in article.organisations:
                document.add_text("organisation", name)
            document.add_text("source", article.source)
            document.add_unsigned("day", article.day)
            document.add_unsigned("month", month_of(article.day))
            document.add_unsigned("number", article.number)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()

    def open(self, folder: Path) -> TantivyReader:
        """See Engine."""
        return TantivyReader(_tantivy().Index.open(str(folder)))


class TantivyReader(InProcess):
    """See Reader."""

    def __init__(self, index: Any) -> None:
        self._schema = _schema()
        self._searcher = index.searcher()
        kept = BUCKETS if self._searcher.num_segments == 1 else 1_000
        self._facets = {
            kind: {"terms": {"field": kind, "size": BUCKETS, "segment_size": kept}}
            for kind in ("person", "organisation")
        }
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
        persons, organisations = (
            tuple((b["key"], b["doc_count"]) for b in counted[kind]["buckets"]) for kind in ("person", "organisation")
        )
        return Answer(sum(count for _, count in months), self._numbers(best), persons, organisations, months)

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
            filtered = make.term_query(schema, "person", query.person, index_option="basic")
            clauses.append((occur.Must, make.const_score_query(filtered, 0.0)))
        if query.first is not None:
            kind_of = tantivy.FieldType.Unsigned
            filtered = make.range_query(schema, "day", kind_of, query.first, query.last)
            clauses.append((occur.Must, make.const_score_query(filtered, 0.0)))
        return asked if len(clauses) == 1 else make.boolean_query(clauses)
