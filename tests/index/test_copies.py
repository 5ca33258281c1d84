"""Groups of copies: what is a copy, and archives whose articles come, go and are merged."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kashaf
from kashaf.analyzers.terms import terms
from kashaf.errors import UnknownArticle
from kashaf.index import copy_samples, projection
from kashaf.index.copies import CopyFinder, joined, resemblance, texts_of
from kashaf.index.copy_samples import Samples, alike, sample_arrays
from kashaf.index.generation import current_manifest, open_segment
from kashaf.index.inversion import SegmentBuilder
from kashaf.index.word_table import WordTable

DISPATCH = (
    "Le ministre de l'Agriculture a annoncé mardi à Rabat un programme d'irrigation de douze mille hectares dans "
    "la région du Souss, où la sécheresse a réduit les récoltes d'agrumes pour la troisième année de suite. Le "
    "financement, de deux milliards de dirhams, viendra pour moitié d'un prêt de la Banque africaine de "
    "développement, a-t-il précisé devant les représentants des coopératives de producteurs."
)
OTHER = (
    "La sélection nationale de handball affrontera samedi soir l'équipe d'Égypte à Tunis, dans un match décisif "
    "pour la qualification au championnat du monde. L'entraîneur a convoqué dix-huit joueuses, dont quatre "
    "évoluent à l'étranger, et espère que la gardienne titulaire sera remise de sa blessure au genou gauche."
)
ARABIC = (
    "أعلن وزير الفلاحة يوم الثلاثاء بالرباط عن برنامج للري يشمل اثني عشر ألف هكتار في منطقة سوس حيث أدى الجفاف إلى "
    "تراجع محاصيل الحوامض للسنة الثالثة على التوالي، وأوضح أن نصف التمويل سيأتي من قرض للبنك الإفريقي للتنمية."
)
HALF = DISPATCH[: len(DISPATCH) // 2]
FILLER = " ".join(f"mot{number} suivi d'un autre" for number in range(60))


def like(first: str, second: str, day: str | None = "2026-03-01", other_day: str | None = "2026-03-02") -> bool:
    articles = [kashaf.Article(body=first, published=day), kashaf.Article(body=second, published=other_day)]
    ours, theirs = texts_of(articles, WordTable())
    assert resemblance(ours, theirs) == resemblance(theirs, ours)
    return resemblance(ours, theirs) is not None


@pytest.mark.parametrize(
    ("rule", "first", "second", "is_copy"),
    [
        ("the same text", DISPATCH, DISPATCH, True),
        ("in Arabic", ARABIC, "(وكالات) - " + ARABIC, True),
        ("accents, case and punctuation", DISPATCH, DISPATCH.upper().replace("É", "E").replace(",", " ;"), True),
        ("a word replaced", DISPATCH, DISPATCH.replace("mardi", "hier"), True),
        ("a beginning", DISPATCH, HALF, True),
        ("with a text of the same length behind it", DISPATCH, f"{DISPATCH}\n\n{OTHER}", True),
        ("a small part of a long text", DISPATCH, f"{DISPATCH}\n\n{FILLER}", False),
        ("another text", DISPATCH, OTHER, False),
        ("a translation", DISPATCH, ARABIC, False),
        ("no text", "", "", False),
        ("fewer words than a shingle", "Le port", "Le port", False),
    ],
)
def test_what_is_a_copy(rule: str, first: str, second: str, is_copy: bool) -> None:
    assert like(first, second) is is_copy


@pytest.mark.parametrize(
    ("day", "near"), [("2026-03-04", True), ("2026-03-05", False), ("2025-03-01", False), ("2026", True), (None, True)]
)
def test_what_is_nearly_the_same_is_a_copy_for_some_days(day: str | None, near: bool) -> None:
    words = DISPATCH.split()
    changed = " ".join(f"{word}x" if number % 16 == 8 else word for number, word in enumerate(words))
    assert like(DISPATCH, changed, other_day=day) is near
    assert like(DISPATCH, DISPATCH.replace("mardi", "hier"), other_day=day)


@given(
    st.lists(st.sampled_from(["Le port", "la ville, dit-il.", "المدينة", "", "vice-président", DISPATCH]), max_size=4)
)
def test_texts_are_cut_as_they_are_for_the_index(bodies: list[str]) -> None:
    counts = [len(set(zip(*(terms(body)[n:] for n in range(5)), strict=False))) for body in bodies]
    found = texts_of([kashaf.Article(body=body) for body in bodies], WordTable())
    assert [len(text.shingles) for text in found] == counts


@given(st.lists(st.lists(st.integers(0, 5), max_size=40), max_size=6), st.integers(0, 3), st.booleans())
def test_samples_hold_each_shingle_of_a_body_once_and_none_across_articles(
    bodies: list[list[int]], headline: int, at_once: bool
) -> None:
    """The words of a headline stand before each body, and go into no sample."""
    terms = [term for body in bodies for term in [9] * headline + body]
    sizes = np.array([len(body) for body in bodies], np.int64)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(copy_samples, "_AT_ONCE", 1 << 18 if at_once else 7)
        arrays = sample_arrays(
            np.arange(10, dtype=np.uint32) * 77, np.array(terms, np.int32), np.cumsum(sizes + headline), sizes
        )

    def runs(body: Sequence[int]) -> set[tuple[int, ...]]:
        return {tuple(body[i : i + 5]) for i in range(len(body) - 4)}

    found = np.bincount(arrays["shingle.doc"], minlength=len(bodies)).tolist()
    for count, body in zip(found, bodies, strict=True):
        assert count <= len(runs(body))
        if len(body) < 24:  # short texts keep every shingle
            assert count == len(runs(body))
    assert np.all(np.diff(arrays["shingle"].astype(np.int64)) >= 0)


def test_each_article_is_compared_with_earlier_ones_only() -> None:
    numbers = np.array([1, 1, 2, 2, 3], np.uint32)
    samples = Samples(numbers, np.array([0, 1, 0, 1, 1]), np.array([10, 20]))
    assert list(alike(samples, [])) == [{1: [10]}]
    newer = Samples(numbers, np.array([0, 1, 0, 1, 1]), np.array([30, 40]))
    assert list(alike(newer, [samples])) == [{0: [10, 20], 1: [20, 10, 30]}]  # most shared first
    gone = replace(samples, live=np.array([False, True]))
    assert list(alike(newer, [gone])) == [{0: [20], 1: [20, 30]}]


# Archives


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[kashaf.Archive]:
    with kashaf.open(tmp_path / "archive", create=True) as opened:
        yield opened


def add(archive: kashaf.Archive, **bodies: str) -> None:
    with archive.writer() as writer:
        for article_id, body in bodies.items():
            writer.add(kashaf.Article(id=article_id, headline=f"Titre {article_id}", body=body, language="fr"))


def others(archive: kashaf.Archive, article_id: str) -> set[str]:
    return {copy.id for copy in archive.copies(article_id)}


def groups(archive: kashaf.Archive) -> set[frozenset[str]]:
    """The groups of two or more, by what the archive says of each article; all faces of it agree."""
    hits = archive.search("*", size=100, facets=()).hits
    found = set()
    for hit in hits:
        group = others(archive, hit.id)
        assert hit.copies == len(group)
        if group:
            found.add(frozenset({hit.id, *group}))
    return found


def test_copies_are_found_in_one_commit_and_over_several(archive: kashaf.Archive) -> None:
    add(archive, a=DISPATCH, b=OTHER, c=DISPATCH + " (AFP)")
    assert groups(archive) == {frozenset("ac")}
    add(archive, d="RABAT - " + DISPATCH, e=OTHER)
    assert groups(archive) == {frozenset("acd"), frozenset("be")}


def test_a_round_up_does_not_make_its_dispatches_copies_of_each_other(archive: kashaf.Archive) -> None:
    add(archive, a=DISPATCH, b=OTHER)
    add(archive, c=f"{DISPATCH}\n\n{OTHER}")
    assert groups(archive) in ({frozenset("ac")}, {frozenset("bc")})


def test_what_leaves_leaves_its_group(archive: kashaf.Archive) -> None:
    add(archive, a=DISPATCH, b=DISPATCH, c=DISPATCH)
    with archive.writer() as writer:
        writer.delete("a")
    assert groups(archive) == {frozenset("bc")}
    archive.compact()
    assert groups(archive) == {frozenset("bc")}
    add(archive, b=OTHER)
    assert groups(archive) == set()
    add(archive, b=DISPATCH + " (AFP)")
    assert groups(archive) == {frozenset("bc")}


def test_an_article_that_is_corrected_stays_with_its_copies(archive: kashaf.Archive) -> None:
    add(archive, a=DISPATCH, b=DISPATCH)
    add(archive, a=DISPATCH.replace("mardi", "hier"))
    assert groups(archive) == {frozenset("ab")}


def test_more_copies_than_are_compared_are_one_group(archive: kashaf.Archive) -> None:
    for commit in range(5):
        add(archive, **{f"a{commit}-{number}": DISPATCH for number in range(20)})
    archive.finish_merges()
    archive.refresh()
    assert [len(group) for group in groups(archive)] == [100]
    assert len(archive.copies("a0-0", most=7)) == 7


def test_the_original_is_the_earliest(archive: kashaf.Archive) -> None:
    dates = {"a": None, "b": "2026-03-02", "c": "2026-03-01", "d": "2026-03-01"}
    with archive.writer() as writer:
        for article_id, published in dates.items():
            writer.add(kashaf.Article(id=article_id, headline="Titre", body=DISPATCH, published=published))
    assert [(copy.id, copy.original) for copy in archive.copies("a")] == [("c", True), ("d", False), ("b", False)]
    assert [(copy.id, copy.original) for copy in archive.copies("c")] == [("d", False), ("b", False), ("a", False)]
    with archive.writer() as writer:
        for article_id in "bcd":
            writer.delete(article_id)
    add(archive, e=DISPATCH)
    assert [(copy.id, copy.original) for copy in archive.copies("e")] == [("a", True)]  # came first
    with pytest.raises(UnknownArticle):
        archive.copies("none")


def test_an_index_without_samples_is_read_and_a_rebuild_finds_its_copies(
    archive: kashaf.Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As those written before there were any."""
    inverted = SegmentBuilder.arrays

    def without(self: SegmentBuilder) -> tuple[int, dict[str, np.ndarray]]:
        docs, arrays = inverted(self)
        return docs, {name: array for name, array in arrays.items() if not name.startswith("shingle")}

    with monkeypatch.context() as patch:
        patch.setattr(SegmentBuilder, "arrays", without)
        patch.setattr(CopyFinder, "arrays", lambda *_: {})
        add(archive, a=DISPATCH, b=DISPATCH, c=OTHER)
    assert groups(archive) == set()
    add(archive, d=DISPATCH, e=DISPATCH)
    assert groups(archive) == {frozenset("de")}
    archive.compact()
    assert groups(archive) == {frozenset("de")}
    assert archive.verify() == []
    archive.compact(rebuild_index=True)
    assert groups(archive) == {frozenset("abde")}


def test_what_a_killed_writer_left_in_the_store_gets_its_groups(archive: kashaf.Archive, tmp_path: Path) -> None:
    add(archive, a=DISPATCH, b=OTHER)
    shutil.copytree(archive.folder / "index", tmp_path / "before")
    add(archive, c=DISPATCH, d=DISPATCH)
    expected = groups(archive)
    archive.finish_merges()
    shutil.copytree(archive.folder, tmp_path / "killed")
    shutil.rmtree(tmp_path / "killed" / "index")
    shutil.copytree(tmp_path / "before", tmp_path / "killed" / "index")
    with kashaf.open(tmp_path / "killed") as opened:
        assert groups(opened) == expected == {frozenset("acd")}


def test_a_lost_segment_does_not_stop_what_comes_in(archive: kashaf.Archive) -> None:
    add(archive, a=DISPATCH)
    add(archive, b=OTHER)
    manifest = current_manifest(archive.folder / "index")
    assert manifest is not None
    (archive.folder / "index" / manifest.segments[0].file.name).unlink()
    with archive.writer() as writer:
        writer.add(kashaf.Article(id="c", headline="Titre", body=OTHER))
    kept = current_manifest(archive.folder / "index")
    assert kept is not None
    docs, firsts = joined(open_segment(archive.folder / "index", kept.segments[-1]))
    assert (docs.tolist(), firsts.tolist()) == ([0], [2])


def test_a_segment_that_tells_no_truth_ends_no_commit() -> None:
    """Damage is told by `verify` and by merging; until then articles are taken in."""
    chance = random.Random(1)
    new = Samples(np.arange(5, dtype=np.uint32), np.zeros(5, np.uint8), np.array([100]))
    for _ in range(200):
        shingles = np.array([chance.randrange(9) for _ in range(12)], np.uint32)
        docs = np.array([chance.randrange(256) for _ in range(12)], np.uint8)
        list(alike(new, [Samples(shingles, docs, np.arange(1, 4))]))


TEXTS = [DISPATCH, DISPATCH.replace("mardi", "hier"), HALF, OTHER, f"{DISPATCH}\n\n{OTHER}", FILLER, ARABIC, "Court"]
steps = st.lists(
    st.lists(st.tuples(st.integers(0, 5), st.none() | st.sampled_from(TEXTS)), min_size=1, max_size=4),
    min_size=1,
    max_size=4,
)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(commits=steps, flushed=st.booleans())
def test_groups_are_those_of_the_reference(
    tmp_path_factory: pytest.TempPathFactory, commits: list[list[tuple[int, str | None]]], flushed: bool
) -> None:
    """Each article, as it comes, joins the group of the one that it resembles most among those that are there."""
    folder = tmp_path_factory.mktemp("archive")
    versions: list[tuple[str, str]] = []  # id and text of each, by key
    first: dict[int, int] = {}
    current: dict[str, int] = {}
    with pytest.MonkeyPatch.context() as patch, kashaf.open(folder, create=True) as archive:
        if flushed:
            patch.setattr(projection, "FLUSH_WORDS", 1)
        for commit in commits:
            there = set(current.values())
            with archive.writer() as writer:
                for number, text in commit:
                    article_id = f"a{number}"
                    if text is None:
                        writer.delete(article_id)
                        current.pop(article_id, None)
                        continue
                    unchanged = article_id in current and versions[current[article_id]][1] == text
                    writer.add(kashaf.Article(id=article_id, headline="Titre", body=text, language="fr"))
                    if not unchanged:
                        current[article_id] = len(versions)
                        versions.append((article_id, text))
                        there.add(current[article_id])
            texts = texts_of([kashaf.Article(body=text) for _, text in versions], WordTable())
            left = set(current.values())
            for key in sorted(there - set(first)):
                if key not in left:  # came and went in one commit
                    continue
                # Those that this commit ended may still lead to their group.
                before = [other for other in sorted(there & set(first)) if other < key]
                found = [
                    (value, -other) for other in before if (value := resemblance(texts[key], texts[other])) is not None
                ]
                first[key] = first[-max(found)[1]] if found else key
            archive.finish_merges()
            archive.refresh()
            expected: dict[int, set[str]] = {}
            for article_id, key in current.items():
                expected.setdefault(first[key], set()).add(article_id)
            assert groups(archive) == {frozenset(group) for group in expected.values() if len(group) > 1}
