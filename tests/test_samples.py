"""The bundled sample articles are what their README says."""

from __future__ import annotations

import re
from functools import cache

import pytest

from kashaf.index.article import Article
from kashaf.index.prepare import prepare
from kashaf.index.readers import Refusal, read
from kashaf.serve import sample_files


@cache
def samples() -> tuple[tuple[str, Article], ...]:
    """File name and prepared article of each sample."""
    found = []
    for path in sample_files():
        for article in read([path]):
            assert isinstance(article, Article), article
            found.append((path.name, prepare(article)))
    return tuple(found)


def named(*parts: str) -> list[Article]:
    return [article for name, article in samples() if all(part in name for part in parts)]


def shown(article: Article) -> str:
    """The text that is not clutter."""
    pieces, end = [], 0
    for ignored in article.ignored:
        pieces.append(article.body[end : ignored.start])
        end = ignored.end
    return "".join(pieces) + article.body[end:]


def test_none_is_refused() -> None:
    assert [found for found in read(sample_files()) if isinstance(found, Refusal)] == []


def test_half_are_french_and_half_arabic() -> None:
    languages = [article.language for _, article in samples()]

    assert languages.count("fr") == languages.count("ar") == len(languages) / 2 == 16


@pytest.mark.parametrize("suffix, count", [(".txt", 18), (".html", 4), (".jsonl", 7), (".csv", 3)])
def test_formats(suffix: str, count: int) -> None:
    assert len(named(suffix)) == count


@pytest.mark.parametrize("name", [path.name for path in sample_files()])
def test_lengths_are_those_of_press_articles(name: str) -> None:
    for article in named(name):
        assert 120 <= len(shown(article).split()) <= 350, article.headline


def test_ids_differ() -> None:
    ids = [article.id for _, article in samples()]

    assert len(set(ids)) == len(ids)


def test_one_is_undated() -> None:
    assert [name for name, article in samples() if article.published is None] == ["fr-olivier-sfax.txt"]


@pytest.mark.parametrize(
    "name, published",
    [
        ("fr-manuscrits-depeche.txt", "2026-01-12"),
        ("ar-makhtutat-khabar.txt", "2026-01-12"),
        ("ar-nouadhibou-iftitah.txt", "2026-02-05"),  # yesterday, Wednesday, within 3 to 5 February
        ("ar-nouadhibou-tahlil.txt", "2026-02-04"),  # Levantine and common month name
        ("fr-oujda-salon.txt", "2025-10-16"),
        ("ar-oujda-maarid.txt", "2025-10-17"),  # the day before yesterday, Wednesday 15 October
        ("ar-nihai-sous.txt", "2025-08-24"),  # yesterday, Saturday, with a Moroccan month name
        ("ar-sukkari-hamla.txt", "2025-11-13"),
        ("ar-tilimsan-hafriyat.txt", "2026-01-20"),  # Algerian month name
        ("ar-nouakchott-jamiaa.txt", "2025-12-09"),
        ("ar-masqat-sufun.txt", "2026-01-14"),  # two-word Levantine month name
        ("fr-startups-casablanca.txt", "2026-01-28"),  # abbreviated month name
    ],
)
def test_dates_stand_in_the_text(name: str, published: str) -> None:
    (article,) = named(name)

    assert (article.published, article.published_from) == (published, "text")


@pytest.mark.parametrize(
    "name, headline",
    [
        ("fr-oujda-salon.txt", "Oujda : le Salon maghrébin du livre jeunesse ouvre un nouveau chapitre"),
        ("fr-manuscrits-reportage.txt", "À Rabat, les gardiens du papier passent à l’écran"),
        ("fr-tramway-constantine.txt", "Constantine : le tramway gagne les hauteurs"),
        ("ar-nouadhibou-iftitah.txt", "نواذيبو: إعطاء انطلاقة أشغال محطة لتحلية مياه البحر"),
        ("ar-oujda-maarid.txt", "وجدة تحتفي بكتاب الطفل المغاربي"),
    ],
)
def test_headlines_are_found_among_clutter(name: str, headline: str) -> None:
    assert named(name)[0].headline == headline


@pytest.mark.parametrize("suffix", [".html", ".jsonl", ".csv"])
def test_saved_pages_and_exports_give_source_and_date(suffix: str) -> None:
    for article in named(suffix):
        assert article.source and article.published_from == "metadata", article.headline


@pytest.mark.parametrize(
    "clutter",
    [
        "Lire aussi", "LIRE AUSSI", "Quitter la version mobile", "newsletter", "اقرأ أيضا", "إقرأ المزيد",
        "spot_img", "تابعونا على", "Suivez-nous", "WhatsApp", "Laisser un commentaire",
    ],
)  # fmt: skip
def test_clutter_is_there_and_told_apart(clutter: str) -> None:
    having = [article for _, article in samples() if clutter in article.body]

    assert having
    assert [article.headline for article in having if clutter in shown(article)] == []


def test_the_copy_is_a_copy() -> None:
    (dispatch,) = named("fr-manuscrits-depeche.txt")
    (copy,) = named("fr-manuscrits-copie.html")

    def shingles(article: Article) -> set[tuple[str, ...]]:
        words = re.findall(r"\w+", shown(article).lower())
        return {tuple(words[i : i + 4]) for i in range(len(words) - 3)}

    one, other = shingles(dispatch), shingles(copy)
    assert 0.5 < len(one & other) / len(one | other) < 1


@pytest.mark.parametrize(
    "event, french, arabic",
    [
        ("manuscripts", "Gharbi", "الغربي"),
        ("desalination", "Ould Sidat", "ولد سيداتي"),
        ("book fair", "Belkhayat", "بلخي"),
        ("football final", "Tazi", "تازي"),
        ("diabetes", "Ben ?[Yy]oussef", "سامية بن"),
    ],
)
def test_events_are_told_in_both_languages(event: str, french: str, arabic: str) -> None:
    telling = {"fr": 0, "ar": 0}
    for _, article in samples():
        if re.search(french if article.language == "fr" else arabic, article.body):
            telling[article.language or ""] += 1

    assert telling["fr"] >= 2 and telling["ar"] >= 2
