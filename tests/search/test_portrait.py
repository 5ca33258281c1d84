"""The portrait of an entity against a plain count over articles."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kashaf
from kashaf.errors import UnknownEntity
from kashaf.search.portrait import NEIGHBOURS, TIED, Portrait

PERSONS = ("Salma Berrada", "Karim Tazi", "Nadia Chraïbi", "Omar Lahlou")
ORGANISATIONS = ("Société du port", "Banque du littoral", "Compagnie des trams")
MONTHS = ("2026-01", "2026-02-03", "2026-02-17", None)

articles = st.lists(
    st.tuples(st.sets(st.sampled_from(PERSONS)), st.sets(st.sampled_from(ORGANISATIONS)), st.sampled_from(MONTHS)),
    min_size=1,
    max_size=12,
)


def made(
    number: int, persons: set[str], organisations: set[str], published: str | None, **fields: str
) -> kashaf.Article:
    return kashaf.Article(
        id=f"a{number}",
        headline=f"Titre {number}",
        body="Le tramway.",
        persons=tuple(sorted(persons)),  # type: ignore[arg-type]
        organisations=tuple(sorted(organisations)),  # type: ignore[arg-type]
        published=published,
        **fields,  # type: ignore[arg-type]
    )


def portrait_of(archive: kashaf.Archive, name: str) -> Portrait:
    (found, _), *_ = archive.authority.find("person", name, 1)
    return archive.portrait(found.id)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(given_articles=articles, deleted=st.sets(st.integers(0, 11)))
def test_a_portrait_is_what_counting_gives(
    tmp_path_factory: pytest.TempPathFactory,
    given_articles: list[tuple[set[str], set[str], str | None]],
    deleted: set[int],
) -> None:
    with kashaf.open(tmp_path_factory.mktemp("portrait") / "archive", create=True) as archive:
        with archive.writer() as writer:
            for number, (persons, organisations, published) in enumerate(given_articles):
                writer.add(made(number, {PERSONS[0], *persons}, organisations, published))
        with archive.writer() as writer:
            for number in deleted:
                writer.delete(f"a{number}")
        about = portrait_of(archive, PERSONS[0])

        there = [(n, each) for n, each in enumerate(given_articles) if n not in deleted]
        assert about.articles == len(there)
        neighbours = Counter(name for _, (p, o, _) in there for name in {*p, *o} - {PERSONS[0]})
        shown = {bucket.label: bucket.count for bucket in (*about.with_persons, *about.with_organisations)}
        assert shown == dict(neighbours)
        label = {bucket.id: bucket.label for bucket in (*about.with_persons, *about.with_organisations)}
        together = Counter(pair for _, (p, o, _) in there for pair in combinations(sorted({*p, *o} - {PERSONS[0]}), 2))
        ties = {tuple(sorted((label[tie.one], label[tie.other]))): tie.count for tie in about.ties}
        assert ties == dict(together)
        assert [tie.count for tie in about.ties] == sorted((tie.count for tie in about.ties), reverse=True)

        dated = [(published, n) for n, (_, _, published) in there if published]
        months = Counter(published[:7] for published, _ in dated)
        assert {bucket.key: bucket.count for bucket in about.timeline.buckets} == dict(months)
        assert about.timeline.undated == len(there) - len(dated)
        if dated:
            assert about.first is not None and about.last is not None
            assert f"{about.first.published:-<10}" == min(f"{published:-<10}" for published, _ in dated)
            assert about.last.id == f"a{max(dated, key=lambda d: (f'{d[0]:-<10}', -d[1]))[1]}"
            assert about.first.headline == f"Titre {about.first.id[1:]}"
        else:
            assert about.first is None and about.last is None


def test_a_portrait_says_what_librarians_said(tmp_path: Path) -> None:
    with kashaf.open(tmp_path / "archive", create=True) as archive:
        with archive.writer() as writer:
            writer.add(made(1, {"Karim Tazi"}, set(), None))
            writer.add(made(2, {"Karim Tazi", "K. Tazi el Fassi"}, set(), None))
        one, other = (portrait_of(archive, name).id for name in ("Karim Tazi", "K. Tazi el Fassi"))
        with archive.curate() as authority:
            authority.merge([one, other])
            authority.rename(one, "ar", "كريم التازي")
            authority.set_note(one, "le peintre")
            authority.set_wikidata(one, "Q42")
        about = archive.portrait(other)
        assert (about.id, about.articles, about.note, about.wikidata) == (one, 2, "le peintre", "Q42")
        assert about.pinned == {"ar": "كريم التازي"}
        assert [(each.name, each.count) for each in about.variants] == [("Karim Tazi", 2), ("K. Tazi el Fassi", 1)]
        with archive.curate() as authority:
            authority.reject(one)
        with pytest.raises(UnknownEntity):
            archive.portrait(one)
        with pytest.raises(UnknownEntity):
            archive.portrait("p999")


def test_many_neighbours_are_cut(tmp_path: Path) -> None:
    given_names = ["Amina", "Brahim", "Chadia", "Driss", "Fouad", "Ghita", "Hicham", "Ilham", "Jamal", "Khalid"]
    family_names = ["Tazi", "Lahlou", "Bennani"]
    names = {f"{given_name} {family}" for given_name in given_names for family in family_names}
    with kashaf.open(tmp_path / "archive", create=True) as archive:
        with archive.writer() as writer:
            writer.add(made(1, {"Salma Berrada", *names}, set(), "2026"))
        about = portrait_of(archive, "Salma Berrada")
        assert len(about.with_persons) == NEIGHBOURS
        assert len(about.ties) == TIED * (TIED - 1) // 2
        assert about.timeline.imprecise == 1 and about.first == about.last
