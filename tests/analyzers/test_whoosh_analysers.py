"""The chains work in a plain Whoosh index: schema, writer, parser, phrases, highlights."""

from pathlib import Path

import pytest
from whoosh.analysis import CompositeAnalyzer
from whoosh.fields import ID, TEXT, Schema
from whoosh.highlight import UppercaseFormatter
from whoosh.index import create_in
from whoosh.qparser import QueryParser

from kashaf.analyzers.whoosh import ArabicAnalyzer, FrenchAnalyzer, MixedAnalyzer

ARTICLES = {
    "fr": "L’Élysée et le vice-président ont reçu les ministres nationaux.",
    "ar": "اِستقبلت الوزيرةُ وفدًا من حكومة قطر بالرباط حول الـIA",
}


def find(folder: Path, analyzer: CompositeAnalyzer, query: str) -> set[str]:
    """Which of the two articles a stock parser and searcher find."""
    index = create_in(folder, Schema(id=ID(stored=True), body=TEXT(analyzer=analyzer)))
    with index.writer() as writer:
        for name, body in ARTICLES.items():
            writer.add_document(id=name, body=body)
    with index.searcher() as searcher:
        hits = searcher.search(QueryParser("body", index.schema).parse(query))
        return {hit["id"] for hit in hits}


@pytest.mark.parametrize(
    "query, found",
    [
        ("elysee", {"fr"}),
        ("vice-président", {"fr"}),
        ("vicepresident", {"fr"}),
        ('"vice président"', {"fr"}),
        ("استقبلت", {"ar"}),
        ("ia", {"ar"}),
        ("ministre", set()),
        ("الحكومة", set()),
    ],
)
def test_exact_terms(tmp_path: Path, query: str, found: set[str]) -> None:
    assert find(tmp_path, MixedAnalyzer(), query) == found


@pytest.mark.parametrize("query, found", [("ministre national", {"fr"}), ("والحكومة الرباط", {"ar"})])
def test_stem_classes(tmp_path: Path, query: str, found: set[str]) -> None:
    assert find(tmp_path, MixedAnalyzer(stem=True), query) == found


@pytest.mark.parametrize(
    "analyzer, stems",
    [
        (ArabicAnalyzer(stem=True), ["ministres", "حكوم"]),
        (FrenchAnalyzer(stem=True), ["ministr", "والحكومه"]),
        (MixedAnalyzer(stem=True), ["ministr", "حكوم"]),
        (MixedAnalyzer(stem=False), ["ministres", "والحكومه"]),
    ],
)
def test_each_chain_stems_its_own_script(analyzer: CompositeAnalyzer, stems: list[str]) -> None:
    assert [token.text for token in analyzer("ministres والحكومة")] == stems


def test_positions_and_characters() -> None:
    text = "L’Élysée, vice-président"
    tokens = [
        (token.text, token.pos, text[token.startchar : token.endchar])
        for token in MixedAnalyzer()(text, positions=True, chars=True)
    ]
    assert tokens == [
        ("elysee", 0, "Élysée"),
        ("vice", 1, "vice"),
        ("vicepresident", 1, "vice-président"),
        ("president", 2, "président"),
    ]


def test_words_of_grammar_leave_their_place_empty() -> None:
    analyzer = MixedAnalyzer(stopwords=True)
    assert [(token.text, token.pos) for token in analyzer("le plan de la ville", positions=True)] == [
        ("plan", 1),
        ("ville", 4),
    ]


def test_highlights_are_whole_words(tmp_path: Path) -> None:
    index = create_in(tmp_path, Schema(body=TEXT(analyzer=MixedAnalyzer(stem=True), stored=True, chars=True)))
    with index.writer() as writer:
        writer.add_document(body=ARTICLES["fr"])
    with index.searcher() as searcher:
        results = searcher.search(QueryParser("body", index.schema).parse("ministre"))
        results.formatter = UppercaseFormatter()
        assert "MINISTRES" in results[0].highlights("body")
