"""Facet counts against plain counting: OR within a facet, AND between facets, exclusions, exact clicks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kashaf
from kashaf.search.request import Request

PEOPLE = ["Salma Berrada", "Driss Ouahbi", "Hassan Tazi"]
PLACES = ["Banque du Littoral", "Office des Ports"]
SOURCES = ["Le Rivage", "الضفاف", None]
DATES = [None, "2026", "2026-01", "2026-02-03", "2026-02-04", "2025-12-31"]

articles = st.fixed_dictionaries(
    {
        "persons": st.lists(st.sampled_from(PEOPLE), max_size=3, unique=True),
        "organisations": st.lists(st.sampled_from(PLACES), max_size=2, unique=True),
        "source": st.sampled_from(SOURCES),
        "language": st.sampled_from(["fr", "ar"]),
        "published": st.sampled_from(DATES),
    }
)
filters = st.fixed_dictionaries(
    {},
    optional={
        "person": st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=2, unique=True),
        "organisation": st.lists(st.sampled_from(PLACES), min_size=1, max_size=1),
        "source": st.lists(st.sampled_from(SOURCES[:2]), min_size=1, max_size=2, unique=True),
        "language": st.just(["fr"]),
    },
)
Row = Mapping[str, object]


def values(article: Row, facet: str) -> list[object]:
    if facet in ("person", "organisation"):
        found = article[facet + "s"]
        assert isinstance(found, list)
        return found
    return [article[facet]] if article[facet] else []


def passes(article: Row, chosen: Mapping[str, list[str]], but: str | None = None) -> bool:
    return all(facet == but or set(values(article, facet)) & set(wanted) for facet, wanted in chosen.items())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("facets")


numbers = iter(range(1_000_000))


@settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(articles, min_size=1, max_size=9), chosen=filters, excluded=filters, cut=st.integers(0, 9))
def test_counts_are_exact(
    folder: Path, rows: list[Row], chosen: dict[str, list[str]], excluded: dict[str, list[str]], cut: int
) -> None:
    archive = kashaf.open(folder / str(next(numbers)), create=True)
    for part in (range(cut), range(cut, len(rows))):
        with archive.writer() as writer:
            for number in part:
                if number < len(rows):
                    writer.add(kashaf.Article(id=str(number), headline="Brève", body="texte", **rows[number]))  # type: ignore[arg-type]
    results = archive.run(
        Request(
            only={f: tuple(v) for f, v in chosen.items()},
            exclude={f: tuple(v) for f, v in excluded.items()},
            interval="month",
        )
    )
    left = [row for row in rows if not any(set(values(row, f)) & set(v) for f, v in excluded.items())]
    assert results.total == sum(passes(row, chosen) for row in left)
    for facet in ("person", "organisation", "source", "language"):
        among = [row for row in left if passes(row, chosen, but=facet)]
        expected = Counter(value for row in among for value in values(row, facet))
        buckets = results.facets[facet]
        assert {b.label: b.count for b in buckets if b.count} == expected
        known = {value for row in rows for value in values(row, facet)}
        assert {b.label for b in buckets if b.selected} == set(chosen.get(facet, [])) & known
        for bucket in buckets:  # a click gives what was counted
            if bucket.count and not chosen.get(facet):
                only = {f: tuple(v) for f, v in chosen.items()} | {facet: (bucket.id,)}
                again = archive.run(Request(only=only, exclude={f: tuple(v) for f, v in excluded.items()}, size=0))
                assert again.total == bucket.count
    dates = results.facets["date"]
    among = [row for row in left if passes(row, chosen)]
    assert dates.undated == sum(row["published"] is None for row in among)
    assert dates.imprecise == sum(row["published"] == "2026" for row in among)
    assert {b.key: b.count for b in dates.buckets} == Counter(
        str(row["published"])[:7] for row in among if row["published"] not in (None, "2026")
    )
    for date in dates.buckets:
        only = {f: tuple(v) for f, v in chosen.items()}
        exclude = {f: tuple(v) for f, v in excluded.items()}
        again = archive.run(Request(only=only, exclude=exclude, date_from=date.key, date_to=date.key, size=0))
        assert again.total == date.count
    archive.close()
