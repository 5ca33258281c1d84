"""Stock Whoosh as an oracle: random trees find the same articles on arrays and by its matchers, same segments."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh import query
from whoosh.index import open_dir

import kashaf
from kashaf.analyzers.terms import analyze, fold
from kashaf.search.engine import Engine, Plan
from kashaf.search.query import And, Node, Not, Or, Pattern, Phrase, Word
from tests.search.test_evaluate import CASES

WORDS = ["port", "ports", "rabat", "national", "المغرب", "ميناء", "والميناء", "5g"]
FIELDS = ("headline", "body")
texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join)
bodies = texts.map(lambda text: f"corps {text}")  # a body that repeats its headline would be ignored as clutter
fields = st.sampled_from(FIELDS)
leaves: st.SearchStrategy[Node] = st.one_of(
    st.builds(Word, st.sampled_from([*WORDS, "absent"]), fields),
    st.builds(Phrase, st.lists(st.sampled_from(WORDS), min_size=2, max_size=3).map(" ".join), fields),
    st.builds(Pattern, st.sampled_from(["por*", "n*", "ال*", "zz*"]), fields),
)
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(tuple).map(And),
        st.lists(inner, min_size=2, max_size=3).map(tuple).map(Or),
        st.builds(Not, inner),
    ),
    max_leaves=6,
)
numbers = itertools.count()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("oracle")


def asked(node: Node) -> Any:
    """The tree in Whoosh's classes; None where it has a negation: its AndNotMatcher may let an article through."""
    match node:
        case Word(text, field):
            return query.Term(field, fold(text))
        case Phrase(text, field):
            return query.Phrase(field, [token.terms[0] for token in analyze(text)])
        case Pattern(text, field):
            return query.Prefix(field, fold(text[:-1]))
        case And(clauses) | Or(clauses):
            parts = [asked(clause) for clause in clauses]
            return None if None in parts else (query.And if isinstance(node, And) else query.Or)(parts)
    return None


def found(searcher: Any, node: Node, everything: set[str]) -> set[str]:
    """The ids that Whoosh finds."""
    whole = asked(node)
    if whole is not None:
        return {hit["id"] for hit in searcher.search(whole, limit=None)}
    match node:
        case Not(clause):
            return everything - found(searcher, clause, everything)
        case And(clauses):
            return set.intersection(*(found(searcher, clause, everything) for clause in clauses))
        case Or(clauses):
            return set().union(*(found(searcher, clause, everything) for clause in clauses))
    raise AssertionError(node)


@settings(deadline=None, max_examples=CASES or 15, suppress_health_check=list(HealthCheck))
@given(
    rows=st.lists(st.tuples(texts, bodies), min_size=1, max_size=9),
    replaced=st.dictionaries(st.integers(0, 8), st.tuples(texts, bodies), max_size=2),
    deleted=st.sets(st.integers(0, 8), max_size=3),
    asking=st.lists(trees, min_size=1, max_size=12),
)
def test_whoosh_finds_the_same_articles(
    folder: Path, rows: list[tuple[str, str]], replaced: dict[int, tuple[str, str]], deleted: set[int],
    asking: list[Node],
) -> None:  # fmt: skip
    """In several segments with deletions, and again after compaction."""
    archive = kashaf.open(folder / str(next(numbers)), create=True)
    changed = {number: row for number, row in replaced.items() if number < len(rows)}
    for part in (dict(enumerate(rows[::2])), dict(enumerate(rows[1::2], len(rows))), changed):
        with archive.writer() as writer:
            for number, (headline, body) in part.items():
                writer.add(kashaf.Article(id=str(number), headline=headline, body=body, language="fr"))
    with archive.writer() as writer:
        for number in deleted:
            writer.delete(str(number))
    for compacted in (False, True):
        if compacted:
            archive.compact()
        searcher = archive._searcher
        ids = {int(key): s.ids[n] for s in searcher.snapshot.segments for n, key in enumerate(s.keys.tolist())}
        engine = Engine(searcher.snapshot, searcher.columns)
        with open_dir(str(archive.folder / "index")).searcher() as whoosh:
            everything = {hit["id"] for hit in whoosh.search(query.Every(), limit=None)}
            for node in asking:
                answer = engine.run(Plan(node=node, match="exact", words="all", size=100))
                assert {ids[place.key] for place in answer.places} == found(whoosh, node, everything), node
                assert answer.total == len(answer.places)
    archive.close()
