"""The speed benchmark on a few hundred articles: same corpus for the same seed, engines agree, faults are seen."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.speed.answers import BUCKETS, Answer, difference
from benchmarks.speed.corpus import Corpus
from benchmarks.speed.generate import generate
from benchmarks.speed.queries import CLASSES, choose_queries
from benchmarks.speed.run import Plan, run

ARTICLES = 300
LETTERS = {"fr": "aeioulnrst", "ar": "بتثجحسشلمن"}


def word_lists() -> Mapping[str, Mapping[str, float]]:
    """Made-up words, as unevenly frequent as real ones."""
    chosen = random.Random(3)
    words = {
        language: dict.fromkeys("".join(chosen.choices(letters, k=chosen.randint(3, 8))) for _ in range(3_000))
        for language, letters in LETTERS.items()
    }
    return {language: {word: 1 / (n + 1) for n, word in enumerate(made)} for language, made in words.items()}


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a corpus, where the benchmark looks for it."""
    folder = tmp_path_factory.mktemp("speed")
    generate(folder / str(ARTICLES), ARTICLES, lists=word_lists())
    return folder


def test_the_same_seed_gives_the_same_articles(work: Path, tmp_path: Path) -> None:
    generate(tmp_path / "again", ARTICLES, lists=word_lists())
    for path in sorted((work / str(ARTICLES)).iterdir()):
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes(), path.name
    generate(tmp_path / "other", ARTICLES, seed=1, lists=word_lists())
    assert (tmp_path / "other" / "tokens").read_bytes() != (work / str(ARTICLES) / "tokens").read_bytes()


def test_the_corpus_is_as_announced(work: Path) -> None:
    corpus = Corpus(work / str(ARTICLES))
    articles = list(corpus.articles())
    assert len(articles) == len(corpus) == ARTICLES
    assert all(6 <= len(a.headline) <= 12 and 150 <= len(a.body) <= 600 for a in articles)
    assert all(len(set(a.persons)) == len(a.persons) <= 6 and len(a.organisations) <= 4 for a in articles)
    assert 0.5 < sum(a.language == "fr" for a in articles) / ARTICLES < 0.7
    holders = dict.fromkeys(corpus.lines("vocabulary"), 0)
    for article in articles:
        for word in {*article.headline, *article.body}:
            holders[word] += 1
    assert list(holders.values()) == corpus.frequency().tolist()


def test_every_class_has_queries(work: Path) -> None:
    queries = choose_queries(Corpus(work / str(ARTICLES)), 3)
    assert [sum(q.group == group for q in queries) for group in CLASSES] == [3] * 9 + [1]


def test_engines_agree_and_are_measured(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LUCENE_JARS", raising=False)
    report, tables = run(Plan(ARTICLES, None, ["fts5", "kashaf", "lucene", "whoosh"], 1, work))
    assert report["engines"] == ["kashaf", "fts5", "whoosh"]
    assert "LUCENE_JARS" in report["left out"]["lucene"]
    assert report["disagreements"] == []
    for name in report["engines"]:
        assert report["index"][name]["cpu_seconds"] > 0 and report["index"][name]["peak_mb"] > 0
        for rows in report["query ms"][name].values():
            assert all(row["best"] > 0 and row["articles"] > 0 for row in rows.values())
    assert all(f"| {group} |" in tables for group in CLASSES)


def test_a_wrong_answer_is_named() -> None:
    names = tuple((f"p{n}", 30 - n) for n in range(BUCKETS))
    right = Answer(40, tuple(range(10)), names, names[:3], ((24_000, 40),))
    assert difference(right, right) is None
    tied = replace(right, persons=(*names[:-1], ("another one", names[-1][1])))
    assert difference(right, tied) is None, "names that are level at the cut may differ"
    for wrong in (
        replace(right, total=41),
        replace(right, best=tuple(range(9))),
        replace(right, persons=(("stranger", 30), *names[1:])),
        replace(right, organisations=names[:2]),
        replace(right, organisations=(("p0", 31), *names[1:3])),
        replace(right, months=((24_001, 40),)),
    ):
        assert difference(right, wrong) is not None, wrong
