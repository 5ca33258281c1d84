"""Suggested merges: what is proposed and why, and what never is."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kashaf.index.article import Article, Kind, Mention
from kashaf.index.authority import Authority
from kashaf.index.authority_schema import SCHEMA
from kashaf.index.suggested_merges import SuggestedMerge, suggested_merges
from kashaf.search.archive import Archive, open_archive


def article(place: int, persons: tuple[str, ...] = (), organisations: tuple[str, ...] = ()) -> Article:
    return Article(
        id=f"a{place}",
        body=f"Texte {place}.",
        persons=tuple(Mention("person", name, name) for name in persons),
        organisations=tuple(Mention("organisation", name, name) for name in organisations),
    )


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with open_archive(tmp_path / "archive", create=True) as opened:
        yield opened


def fill(archive: Archive, *articles: Article) -> None:
    with archive.writer() as writer:
        for each in articles:
            writer.add(each)


def labels(found: list[SuggestedMerge]) -> list[set[str]]:
    return [{each.one.label, each.other.label} for each in found]


@pytest.mark.parametrize(
    "kind, one, other, missing",
    [
        ("person", "Mohamed Setri", "Mohamed Ali Setri", "a part more"),
        ("person", "Mohamed Setri", "M. Setri", "initial"),
        ("person", "Asad Umar", "عمار الأسد", "another order"),
        ("person", "Seghrouchni", "السغروشني", "alone"),
        ("person", "Amal El Fallah Seghrouchni", "السغروشني", "alone"),
        ("organisation", "BNRM", "Bibliothèque nationale du Royaume du Maroc", "no article says so"),
        ("organisation", "Fondation Atlas des artistes", "Fondation Atlas des artiste", "other letters"),
        ("organisation", "ministère de la Santé", "وزارة الصحة", "country"),
    ],
)
def test_proposed(archive: Archive, kind: Kind, one: str, other: str, missing: str) -> None:
    for place, name in enumerate((one, one, other)):
        names = (name,)
        fill(archive, article(place, persons=names) if kind == "person" else article(place, organisations=names))
    (found,) = archive.suggested_merges([kind])
    assert {found.one.label, found.other.label} == {one, other}
    assert found.one.label == one, "the more frequent first"
    assert missing in found.missing and found.speaks
    assert found.id == f"{found.one.id}-{found.other.id}"


@pytest.mark.parametrize(
    "kind, one, other",
    [
        ("person", "Nasser Bourita", "Hassan Bourita"),
        ("person", "سمير نصري", "سميرة نصري"),
        ("person", "Mohamed Hassan", "Mohamed Hussein"),
        ("person", "Mohamed", "محمد"),
        ("person", "Setri", "السطاتي"),
        ("organisation", "Ministère de la Santé", "Ministère de la Culture"),
        ("organisation", "ministère tunisien de la Santé", "وزارة الصحة المغربية"),
        ("organisation", "Lycée 12 mai", "Lycée 13 mai"),
    ],
)
def test_not_proposed(archive: Archive, kind: Kind, one: str, other: str) -> None:
    for place, name in enumerate((one, other)):
        fill(archive, article(place, (name,)) if kind == "person" else article(place, organisations=(name,)))
    assert archive.suggested_merges() == []


def test_named_beside_the_same_people_comes_first(archive: Archive) -> None:
    fill(archive, article(0, ("Karim Lachgar",)), article(1, ("Karim Ali Lachgar",)))
    fill(archive, article(2, ("Mohamed Setri", "Slim Gharbi"), ("Banque Atlas",)))
    fill(archive, article(3, ("Mohamed Ali Setri", "Slim Gharbi"), ("Banque Atlas",)))
    first, second = archive.suggested_merges()
    assert labels([first]) == [{"Mohamed Setri", "Mohamed Ali Setri"}]
    assert first.strength > second.strength
    assert any("Slim Gharbi" in reason and "Banque Atlas" in reason for reason in first.speaks)
    assert archive.suggested_merges(size=1) == [first]


def test_a_function_that_both_are_given_is_a_sign(archive: Archive) -> None:
    names = {
        "Karim Lachgar": "maire de Fès",
        "Mohamed Setri": "ministre de la Santé",
        "Karim Ali Lachgar": "وزير الصحة",
        "Mohamed Ali Setri": "وزير الصحة",
    }
    for place, (name, function) in enumerate(names.items()):
        mention = Mention("person", name, name, function=function)
        fill(archive, Article(id=f"a{place}", body=f"Texte {place}.", persons=(mention,)))
    first, second = archive.suggested_merges()
    assert labels([first]) == [{"Mohamed Setri", "Mohamed Ali Setri"}] and first.strength > second.strength
    assert first.speaks[1:] in (("articles call both ministre de la Santé",), ("articles call both وزير الصحة",))
    assert len(second.speaks) == 1


def test_the_same_company_on_the_same_day_is_a_sign(archive: Archive) -> None:
    days = {
        "Karim Lachgar": "2026-01-04",
        "Karim Ali Lachgar": "2026-01-05",
        "Mohamed Setri": "2026-01-04",
        "Mohamed Ali Setri": "2026-01-04",
    }
    for place, (name, day) in enumerate(days.items()):
        company = Mention("person", f"Slim {name.split()[-1]}i", f"Slim {name.split()[-1]}i")
        mentions = (Mention("person", name, name), company)
        fill(archive, Article(id=f"a{place}", body=f"Texte {place}.", persons=mentions, published=day))
    found = {each.one.label: each for each in archive.suggested_merges()}
    assert "articles of 2026-01-04 name both with Slim Setrii" in found["Mohamed Setri"].speaks
    assert not any(reason.startswith("articles of") for reason in found["Karim Lachgar"].speaks)


def test_side_by_side_in_one_article_is_never_proposed(archive: Archive) -> None:
    both = ("Mohamed Setri", "Mohamed Ali Setri")
    fill(archive, article(0, both[:1]), article(1, both[1:]), article(2, both))
    assert archive.suggested_merges() == []
    with archive.writer() as writer:
        writer.delete("a2")
    assert labels(archive.suggested_merges()) == [set(both)]


def test_what_is_refused_or_split_is_never_proposed_again(archive: Archive) -> None:
    fill(archive, article(0, ("Mohamed Setri",)), article(1, ("Mohamed Ali Setri",)), article(2, ("محمد ستري",)))
    (found,) = archive.suggested_merges()
    with archive.curate() as authority:
        authority.refuse(found.one.id, found.other.id)
    assert archive.suggested_merges() == []
    fill(archive, article(3, ("MOHAMED ALI SETRI",)), article(0, ("Mohamed Setri",), ("ONU",)))
    assert archive.suggested_merges() == []
    with archive.curate() as authority:
        authority.undo()
        (found,) = suggested_merges(authority, archive._searcher.snapshot.segments)
        setri = found.one if len(found.one.variants) > 1 else found.other
        authority.merge([found.one.id, found.other.id])
        authority.split(setri.id, ["Mohamed Ali Setri", "MOHAMED ALI SETRI"])
    assert archive.suggested_merges() == []


def test_nothing_to_propose(archive: Archive) -> None:
    assert archive.suggested_merges() == []


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), max_size=8))
def test_any_names(names: list[str]) -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.executescript(SCHEMA)
    authority = Authority(connection)
    for kind in ("person", "organisation"):
        authority.resolve((kind, [name]) for name in (*names, *(name * 40 for name in names)))
    found = suggested_merges(authority, [])
    assert all(each.one.number != each.other.number for each in found)
    connection.close()
