"""Whoosh 2.7.4 as it comes: BM25F over two fields' worth of words in one, its own facets.

It is the slowest by far; larger archives are left out unless asked for.
"""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.speed.answers import BUCKETS, TOP, Answer
from benchmarks.speed.corpus import Corpus
from benchmarks.speed.engines.base import BUFFER_MB, InProcess, NotHere, month_of
from benchmarks.speed.queries import Query

_GAP = "\x1f"  # a word of its own between headline and body, so that no phrase crosses over


class StockWhoosh:
    """See Engine."""

    name = "Whoosh"

    def version(self) -> str:
        """See Engine."""
        try:
            import whoosh
        except ImportError as error:
            raise NotHere("pip install whoosh==2.7.4") from error
        return ".".join(map(str, whoosh.__version__))

    def build(self, corpus: Corpus, folder: Path) -> None:
        """See Engine."""
        from whoosh import fields, index
        from whoosh.analysis import SpaceSeparatedTokenizer

        names = fields.KEYWORD(commas=True, stored=True, scorable=False)
        schema = fields.Schema(
            text=fields.TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=True),
            person=names,
            organisation=names,
            number=fields.STORED,
            day=fields.NUMERIC(int, stored=True, sortable=True),
            month=fields.NUMERIC(int, stored=True, sortable=True),
            source=fields.ID(stored=True),
        )
        writer = index.create_in(folder, schema).writer(limitmb=BUFFER_MB)
        for article, headline, body in corpus.texts():
            writer.add_document(
                text=f"{headline} {_GAP} {body}",
                person=",".join(article.persons),
                organisation=",".join(article.organisations),
                number=article.number,
                day=article.day,
                month=month_of(article.day),
                source=article.source,
            )
        writer.commit()

    def open(self, folder: Path) -> WhooshReader:
        """See Engine."""
        from whoosh import index

        return WhooshReader(index.open_dir(folder).searcher())


class WhooshReader(InProcess):
    """See Reader."""

    def __init__(self, searcher: Any) -> None:
        self._searcher = searcher

    def run(self, query: Query, facets: bool) -> Answer:
        """See InProcess."""
        from whoosh import sorting

        asked = self._query(query)
        if not facets:
            found = self._searcher.search(asked, limit=TOP)
            return Answer(len(found), _numbers(found))
        groups = sorting.Facets()
        for name in ("person", "organisation"):
            held = sorting.StoredFieldFacet(name, allow_overlap=True, split_fn=_split, maptype=sorting.Count)
            groups.add_facet(name, held)
        groups.add_facet("month", sorting.FieldFacet("month", maptype=sorting.Count))
        found = self._searcher.search(asked, limit=TOP, groupedby=groups)
        months = tuple((int(month), count) for month, count in found.groups("month").items())
        return Answer(len(found), _numbers(found), *(_best(found.groups(k)) for k in ("person", "organisation")),
                      months)  # fmt: skip

    def _query(self, query: Query) -> Any:
        from whoosh import query as q

        terms = [q.Term("text", word) for word in query.words]
        match query.kind:
            case "all":
                return q.Every()
            case "and":
                asked = q.And(terms)
            case "or":
                asked = q.Or(terms)
            case "phrase":
                asked = q.Phrase("text", list(query.words))
            case "prefix":
                asked = q.Prefix("text", query.words[0])
            case _:
                asked = terms[0]
        clauses = [asked]
        if query.person is not None:
            clauses.append(q.ConstantScoreQuery(q.Term("person", query.person)))
        if query.first is not None:
            clauses.append(q.ConstantScoreQuery(q.NumericRange("day", query.first, query.last)))
        return asked if len(clauses) == 1 else q.And(clauses)


def _numbers(found: Any) -> tuple[int, ...]:
    # With facets, the results keep more than they were asked for.
    return tuple(hit["number"] for hit in islice(found, TOP))


def _split(value: str) -> list[str]:
    return value.split(",") if value else []


def _best(groups: dict[str, int]) -> tuple[tuple[str, int], ...]:
    counted = [(name, count) for name, count in groups.items() if name]
    return tuple(sorted(counted, key=lambda pair: (-pair[1], pair[0]))[:BUCKETS])
