"""Stock Whoosh as an oracle: its own index of the same words, and ours opened by it, give the same answers."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh import query
from whoosh.filedb.filestore import RamStorage
from whoosh.index import open_dir
from whoosh.qparser import QueryParser
from whoosh.scoring import BM25F

import kashaf
from kashaf.index.whoosh_codec import schema
from kashaf.search.query import And, Node, Not, Or, Pattern, Phrase, Word

WORDS = ["port", "ports", "rabat", "national", "المغرب", "ميناء", "والميناء", "5g"]
texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join)
bodies = texts.map(lambda text: f"corps {text}")  # a body that repeats its headline would be ignored as clutter
SALMA = kashaf.Mention("person", "Salma Berrada", "Salma Berrada")
numbers = itertools.count()


def stock(rows: list[tuple[str, str]], deleted: set[int]) -> Any:
    index = RamStorage().create_index(schema())
    writer = index.writer()
    for number, (headline, body) in enumerate(rows):
        if number not in deleted:
            writer.add_document(id=str(number), key=number, headline=headline, body=body, language="fr")
    writer.commit()
    return index


def answers(index: Any, asked: Any, **options: Any) -> dict[str, float]:
    with index.searcher(**options) as searcher:
        return {hit["id"]: round(hit.score, 4) for hit in searcher.search(asked, limit=None)}


terms = st.sampled_from(
    [("body", "port"), ("headline", "ports"), ("body", "المغرب"), ("body", "absent"), ("headline", "5g")]
)
simple = st.one_of(
    terms.map(lambda pair: query.Term(*pair)),
    st.lists(st.sampled_from(WORDS), min_size=2, max_size=2).map(lambda pair: query.Phrase("body", pair)),
    st.just(query.Prefix("body", "por")),
    st.just(query.Wildcard("headline", "?or*")),
    st.just(query.FuzzyTerm("body", "rabet", maxdist=1)),
    st.just(query.TermRange("body", "n", "r")),
    st.just(query.Every("headline")),
)
trees = st.recursive(
    simple,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(query.And),
        st.lists(inner, min_size=2, max_size=3).map(query.Or),
        st.tuples(inner, inner).map(lambda pair: query.AndNot(*pair)),
    ),
    max_leaves=5,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("whoosh")


@settings(deadline=None, max_examples=12, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(st.tuples(texts, bodies), min_size=1, max_size=8), deleted=st.sets(st.integers(0, 7)), asked=trees)
def test_stock_query_classes_agree_with_a_stock_index(
    folder: Path, rows: list[tuple[str, str]], deleted: set[int], asked: Any
) -> None:
    archive = kashaf.open(folder / str(next(numbers)), create=True)
    with archive.writer() as writer:
        for number, (headline, body) in enumerate(rows):
            writer.add(kashaf.Article(id=str(number), headline=headline, body=body, language="fr"))
    with archive.writer() as writer:
        for number in deleted:
            writer.delete(str(number))
    archive.compact()  # stock Whoosh counts deleted articles in its scores; ours are merged away
    ours = open_dir(str(archive.folder / "index"))
    assert answers(ours, asked) == answers(stock(rows, deleted), asked)
    archive.close()


@settings(deadline=None, max_examples=12, suppress_health_check=list(HealthCheck))
@given(
    rows=st.lists(st.tuples(texts, bodies), min_size=1, max_size=8),
    pair=st.lists(st.sampled_from(WORDS), min_size=2, max_size=2),
)
def test_the_fast_path_matches_what_whoosh_matches(folder: Path, rows: list[tuple[str, str]], pair: list[str]) -> None:
    """Each kind of query, evaluated on arrays and by Whoosh's matchers on the same segments."""
    archive = kashaf.open(folder / str(next(numbers)), create=True)
    for half in (rows[::2], rows[1::2]):  # two segments
        with archive.writer() as writer:
            for headline, body in half:
                writer.add(kashaf.Article(headline=headline, body=body, language="fr"))
    ours = open_dir(str(archive.folder / "index"))
    first, second = pair
    both = [query.Term("body", first), query.Term("headline", second)]
    cases: list[tuple[Node, Any]] = [
        (Word(first, "body"), query.Term("body", first)),
        (Phrase(f"{first} {second}", "body"), query.Phrase("body", pair)),
        (Phrase(f"{first} {second}", "body", slop=2), query.Phrase("body", pair, slop=3)),
        (And((Word(first, "body"), Word(second, "headline"))), query.And(both)),
        (Or((Word(first, "body"), Word(second, "headline"))), query.Or(both)),
        # Not on its own: Whoosh's AndNotMatcher may let its first article through, whatever it excludes.
        (Not(Word(second, "body")), query.Not(query.Term("body", second))),
        (Pattern("por*", "body"), query.Prefix("body", "por")),
    ]  # fmt: skip
    for node, asked in cases:
        fast = {hit.id for hit in archive._searcher.best(node, 100)}
        assert fast == set(answers(ours, asked)), (node, asked)
    archive.close()


def test_the_parser_and_scorers_of_whoosh_work_on_an_archive(folder: Path) -> None:
    archive = kashaf.open(folder / "parser", create=True)
    with archive.writer() as writer:
        writer.add(kashaf.Article(id="a", headline="Le port de Tanger", body="Le port s'agrandit", persons=(SALMA,)))
        writer.add(kashaf.Article(id="b", headline="ميناء طنجة", body="توسعة الميناء"))
    index = open_dir(str(archive.folder / "index"))
    parser = QueryParser("body", index.schema)
    assert list(answers(index, parser.parse("port"), weighting=BM25F())) == ["a"]
    assert list(answers(index, query.Term("person", "Salma Berrada"))) == ["a"]
    assert list(answers(index, query.Term("language", "ar"))) == ["b"]
    assert index.doc_count() == 2
    with index.reader() as reader:
        assert "طنجه" in set(reader.field_terms("headline"))
    archive.close()
