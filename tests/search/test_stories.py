"""Stories: one event in several newspapers, held against a plain reference; folded hits against unfolded ones."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kashaf
from kashaf.search import stories as told
from kashaf.search.searcher import Searcher

WRECK = ("Nadia Benchekroun", "Omar Ziani")
PEOPLE = ("Nadia Benchekroun", "Omar Ziani", "Salma Idrissi", "Rachid Sefrioui", "Hélène Castel", "Louis Arnaud")


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[kashaf.Archive]:
    with kashaf.open(tmp_path / "archive", create=True) as opened:
        yield opened


def article(name: str, source: str | None, published: str | None, *persons: str, body: str = "") -> kashaf.Article:
    return kashaf.Article(
        id=name,
        headline=f"Le naufrage {name}",
        body=body or f"Texte à part de {name}.",
        source=source,
        published=published,
        persons=persons,  # type: ignore[arg-type]  # names are taken too
        language="fr",
    )


def add(archive: kashaf.Archive, *articles: kashaf.Article) -> None:
    with archive.writer() as writer:
        for each in articles:
            writer.add(each)


def shown(archive: kashaf.Archive, collapse: str | None = "stories", **asked: object) -> dict[str, int]:
    """The hits and how many are folded under each."""
    results = archive.search("naufrage", collapse=collapse, **asked)  # type: ignore[arg-type]
    return {hit.id: hit.folded for hit in results.hits}


def test_two_newspapers_tell_one_story(archive: kashaf.Archive) -> None:
    add(
        archive,
        article("first", "Le Rivage", "2026-02-01", *WRECK),
        article("second", "Le Matin", "2026-02-03", "نادية بنشقرون", "عمر الزياني"),
        article("other", "Le Matin", "2026-02-02", "Salma Idrissi", "Rachid Sefrioui"),
    )
    assert shown(archive, sort="oldest") == {"first": 1, "other": 0}
    assert shown(archive, sort="newest") == {"second": 1, "other": 0}
    assert shown(archive, "copies") == {"first": 0, "second": 0, "other": 0}
    results = archive.search("naufrage", collapse="stories")
    assert (results.total, results.folded) == (3, 1)
    assert [bucket.count for bucket in results.facets["source"]] == [2, 1]  # facets count every hit


@pytest.mark.parametrize(
    ("source", "published", "persons"),
    [
        ("Le Rivage", "2026-02-01", WRECK),  # the same newspaper
        ("Le Matin", "2026-02-04", WRECK),  # three days later
        ("Le Matin", "2026-02", WRECK),  # on some day of the month
        ("Le Matin", None, WRECK),
        ("Le Matin", "2026-02-01", WRECK[:1]),  # one name in common
        ("Le Matin", "2026-02-01", (*WRECK, *(f"Personne Nommée{n:c}" for n in range(97, 110)))),  # among many others
    ],
)
def test_what_is_no_story(
    archive: kashaf.Archive, source: str, published: str | None, persons: tuple[str, ...]
) -> None:
    add(archive, article("first", "Le Rivage", "2026-02-01", *WRECK), article("second", source, published, *persons))
    assert shown(archive) == {"first": 0, "second": 0}


def test_a_story_does_not_drift(archive: kashaf.Archive) -> None:
    add(
        archive,
        article("a", "A", "2026-02-01", *PEOPLE[:4]),
        article("b", "B", "2026-02-03", *PEOPLE[1:5]),
        article("c", "C", "2026-02-05", *PEOPLE[2:6]),
    )
    assert shown(archive, sort="oldest") == {"a": 1, "c": 0}


def test_copies_are_of_the_story_of_the_first(archive: kashaf.Archive) -> None:
    dispatch = " ".join(f"Le bateau numéro {n} a été vu à {n + 2} milles de la côte." for n in range(14))
    add(
        archive,
        article("first", "A", "2026-02-01", *WRECK),
        article("dispatch", "B", "2026-02-02", *WRECK, body=dispatch),
        article("copy", "C", "2026-02-02", body=dispatch),
    )
    assert shown(archive, "copies", sort="oldest") == {"first": 0, "dispatch": 1}
    assert shown(archive, sort="oldest") == {"first": 2}


def plain(archive: kashaf.Archive, searcher: Searcher) -> list[int]:
    """The same, article by article."""
    columns = searcher.columns
    live = columns.collection.live_docs
    named: list[dict[tuple[int, int], float]] = []
    for doc in range(columns.collection.docs):
        weights = {}
        for kind, mentions in enumerate([columns.mentions("person"), columns.mentions("organisation")]):
            for entity in mentions.entities[mentions.starts[doc] : mentions.starts[doc + 1]].tolist():
                count = int(mentions.counts[entity])
                if count <= max(told.OFTEN, told.EVERY_DAY * live):
                    weights[kind, entity] = math.log(1 + live / count)
        named.append(weights)
    days = columns.collection.days.tolist()
    sources = columns.column("source").tolist()
    story = list(range(len(named)))
    for place in sorted(story, key=lambda doc: (days[doc], doc)):
        best = None
        for other in story.copy():
            is_earlier = (days[other], other) < (days[place], place)
            if not is_earlier or story[other] != other or not days[other] or sources[other] == sources[place]:
                continue
            shared = named[place].keys() & named[other].keys()
            if days[place] - days[other] > told.DAYS or len(shared) < told.SHARED:
                continue
            norm = math.sqrt(sum(w * w for w in named[place].values()) * sum(w * w for w in named[other].values()))
            cosine = sum(named[place][e] ** 2 for e in shared) / norm
            if cosine >= told.LEAST - 1e-12 and (best is None or (-round(cosine, 9), other) < best):
                best = (-round(cosine, 9), other)
        if best is not None:
            story[place] = best[1]
    return story


drawn = st.lists(
    st.tuples(st.integers(0, 6), st.sampled_from("ABC"), st.lists(st.sampled_from(PEOPLE), max_size=4, unique=True)),
    min_size=1,
    max_size=14,
)


@given(drawn)
@settings(max_examples=15, deadline=None)
def test_stories_are_those_of_the_plain_reference(
    tmp_path_factory: pytest.TempPathFactory, given_articles: list[tuple[int, str, list[str]]]
) -> None:
    with kashaf.open(tmp_path_factory.mktemp("stories") / "archive", create=True) as archive:
        start = date(2026, 2, 1)
        add(
            archive,
            *(
                article(f"a{n}", source, str(start + timedelta(days)), *persons)
                for n, (days, source, persons) in enumerate(given_articles)
            ),
        )
        searcher = archive._searcher
        docs = np.arange(len(given_articles))
        assert told.stories(docs, searcher.columns).tolist() == plain(archive, searcher)


def test_pages_show_each_story_once(archive: kashaf.Archive) -> None:
    start = date(2026, 1, 1)
    for event in range(12):
        people = (f"Personne{chr(97 + event)} Nomméeune", f"Autre{chr(97 + event)} Nomméedeux")
        add(archive, *(article(f"{event}-{s}", s, str(start + timedelta(3 * event)), *people) for s in "ABC"))
    whole = [hit.id for hit in archive.search("naufrage", collapse="stories", sort="newest", size=100).hits]
    assert len(whole) == 12
    cursor, paged = None, []
    while True:
        results = archive.search("naufrage", collapse="stories", sort="newest", size=5, cursor=cursor)
        assert (results.total, results.folded) == (36, 24)
        paged += [hit.id for hit in results.hits]
        cursor = results.cursor
        if cursor is None:
            break
    assert paged == whole
