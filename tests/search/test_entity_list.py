"""The lists of persons and organisations against a plain count and a plain sort."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

import kashaf
from kashaf.index.article import Article, Mention
from kashaf.search.entity_list import OTHER, filing

NAMES = (
    ("Omar Ziani", "Élise Morvan", "3ième Bureau"),
    ("Omar Ziani", "كريم بلحاج"),
    ("Omar Ziani", "الحسن المراكشي", "Élise Morvan"),
    ("إدريس العلوي",),
    (),
)


@pytest.fixture
def archive(tmp_path: Path) -> kashaf.Archive:
    with kashaf.open(tmp_path / "archive", create=True) as archive, archive.writer() as writer:
        for number, names in enumerate(NAMES):
            mentions = tuple(Mention("person", name, name) for name in names)
            writer.add(Article(id=f"a{number}", headline=f"Titre {number}", body="x", persons=mentions))
    return kashaf.open(tmp_path / "archive")


def test_the_most_named_come_first(archive: kashaf.Archive) -> None:
    everybody = archive.entity_list("person")
    buckets = everybody.buckets(everybody.most_named)
    assert {bucket.label: bucket.count for bucket in buckets} == Counter(name for names in NAMES for name in names)
    counts = [bucket.count for bucket in buckets]
    assert counts == sorted(counts, reverse=True) and len(everybody) == len(counts) == 6


def test_each_script_has_its_alphabet(archive: kashaf.Archive) -> None:
    everybody = archive.entity_list("person")
    latin, arabic = everybody.filed("fr"), everybody.filed("ar")
    assert [each.label for each in everybody.buckets(latin.numbers)] == ["Élise Morvan", "Omar Ziani", "3ième Bureau"]
    assert [(each.letter, each.start, each.count) for each in latin.initials] == [
        ("e", 0, 1),
        ("o", 1, 1),
        (OTHER, 2, 1),
    ]
    labels = [each.label for each in everybody.buckets(arabic.numbers)]
    assert labels == ["إدريس العلوي", "الحسن المراكشي", "كريم بلحاج"]
    assert archive.entity_list("organisation").filed("fr").initials == ()


def test_a_decision_changes_the_list(archive: kashaf.Archive) -> None:
    one, other = (archive.authority.find("person", name)[0][0].id for name in ("Omar Ziani", "كريم بلحاج"))
    with archive.curate() as authority:
        authority.merge([one, other])
    everybody = archive.entity_list("person")
    assert len(everybody) == 5 and everybody.count(int(one[1:])) == 3 and everybody.count(10**9) == 0
    assert [each.id for each in everybody.buckets(everybody.filed("ar").numbers)][-1] == one


@pytest.mark.parametrize(
    "rule, label, script, filed",
    [
        ("accents and case", "Élise MORVAN", "fr", "elise morvan"),
        ("elision", "L’Économiste", "fr", "economiste"),
        ("article", "Les Échos", "fr", "echos"),
        ("no article", "Lesieur", "fr", "lesieur"),
        ("Arabic article", "المكتبة", "ar", "مكتبه"),
        ("hamza and marks", "أُسامة", "ar", "اسامه"),
        ("nothing", "…", "fr", ""),
    ],
)
def test_filing(rule: str, label: str, script: str, filed: str) -> None:
    assert filing(label, "ar" if script == "ar" else "fr") == filed
