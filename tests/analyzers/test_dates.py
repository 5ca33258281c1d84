"""Dates found in text, and what they mean."""

import datetime
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kashaf.analyzers.date_expressions import expressions
from kashaf.analyzers.dates import FoundDate, find_dates
from kashaf.analyzers.publication import publication_date

PUBLISHED = datetime.date(2026, 2, 2)

GOLDEN = [
    line.split("\t")
    for line in (Path(__file__).parent / "golden_dates.tsv").read_text("utf-8").splitlines()
    if line and not line.startswith(("#", "id\t"))
]


def days(found: FoundDate) -> str:
    return found.first.isoformat() if found.first == found.last else f"{found.first}/{found.last}"


@pytest.mark.parametrize("row", GOLDEN, ids=[f"{row[0]} {row[3]}" for row in GOLDEN])
def test_golden_dates(row: list[str]) -> None:
    _, text, expected, _ = row
    assert "; ".join(map(days, find_dates(text, PUBLISHED))) == expected.replace("(none)", "")


def test_golden_table_is_whole() -> None:
    assert [row[0] for row in GOLDEN][:29] == [f"D{number:02d}" for number in range(1, 30)]


def test_without_a_reference_only_dates_with_a_year_are_found() -> None:
    text = "hier, le 30 décembre, en mars dernier, puis le 4 mai 2024 et en juin 2023"
    assert [found.iso for found in find_dates(text)] == ["2024-05-04", "2023-06"]


def test_offsets_are_those_of_the_text() -> None:
    text = "Réunis le 3 mars 2025 à Rabat, puis أمس الأحد بالدوحة"
    assert [text[found.start : found.end] for found in find_dates(text, PUBLISHED)] == ["3 mars 2025", "أمس الأحد"]


def test_offsets_hold_after_a_letter_that_grows_in_lower_case() -> None:
    text = "İİİİ le 3 mars 2025"
    assert [text[found.start : found.end] for found in find_dates(text)] == ["3 mars 2025"]


@pytest.mark.parametrize(
    "rule, text, expected",
    [
        ("dateline of an agency", "Rabat, 5 mars 2025 (MAP) - Le conseil s'est réuni.", "2025-03-05"),
        ("dateline with le", "Tunis, le 5 mars 2025 - Le conseil s'est réuni.", "2025-03-05"),
        ("dateline in Arabic", "الرباط، 5 مارس 2025 (و م ع) - اجتمع المجلس.", "2025-03-05"),
        ("dateline after a headline", "Le conseil se réunit\n\nRabat, 5 mars 2025 (APS) – Le conseil.", "2025-03-05"),
        ("stamp", "Un titre\nPublié le 5 mars 2025 à 10h30\nLe conseil s'est réuni hier.", "2025-03-05"),
        ("stamp with an author", "Un titre\nPublié par La Rédaction le 05/03/2025\nLe conseil.", "2025-03-05"),
        ("stamp in Arabic", "عنوان\nنشر في: 5 مارس 2025\nاجتمع المجلس أمس.", "2025-03-05"),
        ("stamp at the start of a single block", "Publié le 5 mars 2025 à 10:30 Le conseil s'est réuni.", "2025-03-05"),
        ("a line that is a date", "Un titre\nMercredi 5 mars 2025\nLe conseil s'est réuni.", "2025-03-05"),
        ("this day", "Le conseil s'est réuni ce mercredi 5 mars 2025 à Rabat.", "2025-03-05"),
        ("this day with modifier letters", "Il a parlé ce samedi 1ᵉʳ mars 2025.", "2025-03-01"),
        ("today", "Réuni aujourd'hui mercredi 5 mars 2025, le conseil a voté.", "2025-03-05"),
        ("yesterday", "Réuni hier mardi 4 mars 2025, le conseil a voté.", "2025-03-05"),
        ("today in Arabic", "اجتمع المجلس اليوم الأربعاء 5 مارس 2025 بالرباط.", "2025-03-05"),
        ("yesterday in Arabic", "اجتمع المجلس أمس الثلاثاء 4 مارس 2025 بالرباط.", "2025-03-05"),
        ("the Moroccan word for today", "اجتمع المجلس يومه الأربعاء 5 مارس 2025.", "2025-03-05"),
        (
            "yesterday within a running event, with the year of another date",
            "افتتح الوزير أمس الثلاثاء المعرض المنظم من 3 إلى 6 مارس الجاري. وكان قد زار المدينة في 20 فبراير 2025.",
            "2025-03-05",
        ),
        (
            "yesterday with its day and month, with the year of another date",
            "Il a parlé hier mardi 4 mars. Le projet date du 20 février 2025.",
            "2025-03-05",
        ),
        (
            "yesterday within a running event, with the year of its name",
            "افتتح الوزير أمس الأربعاء المعرض، على هامش أيام الكتاب 2026، المنظمة من 3 إلى 5 فبراير الجاري.",
            "2026-02-05",
        ),
        (
            "the same in French, in one sentence",
            "Il a été reçu hier mercredi en marge du Salon du livre 2026, organisé du 3 au 5 février à Rabat.",
            "2026-02-05",
        ),
        (
            "this day in a long article, with a word of a report",
            "Le maire a déclaré ce mercredi 5 mars 2025 que le pont est neuf. " + "Le pont est long. " * 200,
            "2025-03-05",
        ),
        (
            "the journalist's own meeting, far from the beginning",
            "Le pont est long. " * 60 + "« C'est vrai », dit le maire, rencontré ce mercredi 5 mars 2025.",
            "2025-03-05",
        ),
        (
            "the running month alone",
            "ينطلق المعرض في 20 مارس الجاري. وكان الوزير قد أعلن عنه في 12 فبراير 2025.",
            "2025-03",
        ),
    ],
)
def test_publication_date(rule: str, text: str, expected: str) -> None:
    assert publication_date(text) == expected


@pytest.mark.parametrize(
    "rule, text",
    [
        ("nothing said", "Le conseil s'est réuni à Rabat."),
        ("a year alone", "Le sommet 2025 s'est tenu en mars à Rabat."),
        ("a date of the past", "Né le 5 mars 1965, il a été élu le 2 juin 2024."),
        ("a weekday that is not that of its date", "Il a parlé ce lundi 5 mars 2025."),
        ("two different days of writing", "Il a parlé ce mardi 4 mars 2025 et ce mercredi 5 mars 2025."),
        ("this day to come", "Le match se jouera ce mercredi 5 mars 2025."),
        ("a programme of the evening", "Il était l'invité de l'émission ce mercredi 5 mars 2025."),
        ("a story, in a long article", "Le pont tombe ce mercredi 5 mars 2025 à midi. " + "Le pont est long. " * 200),
        ("a story, at the beginning of a sentence", "Il fait froid. Ce mercredi 5 mars 2025, le pont tombe."),
        ("this day far from the beginning", "Le pont est long. " * 60 + "Il est tombé ce mercredi 5 mars 2025."),
        (
            "a weekday outside the event of that year",
            "افتتح الوزير أمس الأربعاء المعرض، على هامش أيام الكتاب 2025، المنظمة من 3 إلى 4 فبراير الجاري.",
        ),
        (
            "an event of a year that is no part of its name",
            "افتتح الوزير أمس الأربعاء المعرض المؤسس سنة 2026، المنظم من 3 إلى 5 فبراير الجاري.",
        ),
        (
            "an event of another sentence that is not called current",
            "Il a parlé hier mercredi. Le Salon 2026, organisé du 3 au 5 février, est beau.",
        ),
        (
            "an event to come",
            "Il a annoncé hier mercredi que le Salon du livre 2026, du 3 au 5 février, sera beau.",
        ),
        (
            "a later year shows that the day is remembered",
            "Il a parlé hier mardi 4 mars. Le projet date du 20 février 2025, le pont de 2030.",
        ),
        (
            "a whole date far in the future",
            "Il a parlé hier mardi 4 mars. Le pont doit ouvrir le 20 avril 2025.",
        ),
        ("published in a sentence", "Le rapport, publié le 5 mars 2025, a surpris la presse et les élus."),
        ("published at the start of a sentence", "Publié le 5 mars 2025, le rapport a surpris la presse."),
        ("yesterday without anything that dates it", "Il a parlé hier mardi à Rabat."),
        ("an event without a year", "Réuni à Rabat du 3 au 6 mars, le conseil a voté."),
        ("any Wednesday", "ينطلق المعرض يوم الأربعاء 5 مارس 2025."),
        ("the same day of another year", "في مثل هذا اليوم 5 مارس 2025 رحل الشاعر."),
        ("a chronology", "Les faits.\n5 mars 2024\nLe vote.\n6 mars 2025\nLe recours."),
        ("a whole date in the running month is of another year", "في 2 مارس الجاري. وكان ذلك في 5 مارس 2024."),
    ],
)
def test_publication_date_is_not_guessed(rule: str, text: str) -> None:
    assert publication_date(text) is None


def test_publication_date_of_a_headline_and_body_in_one_line() -> None:
    assert publication_date("Le 5 mars 2025 : un jour") is None


PIECES = [
    *("hier", "ce", "lundi", "dimanche", "1er", "31", "février", "mai", "2026", "au", "du", "dernier", "Publié le"),
    *("أمس", "الأحد", "من", "إلى", "4", "فبراير", "كانون الثاني", "الجاري", "٢٠٢٦", "و", "يوم", "شعبان", "1447"),
    *("/", "-", ".", ",", "،", "(", "\n", " ", "ᵉʳ", "\u200f", "İ"),
]


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join)))
def test_any_text_is_read(text: str) -> None:
    found = find_dates(text, PUBLISHED)
    ends = 0
    for date in found:
        assert ends <= date.start < date.end <= len(text)
        assert date.first <= date.last
        ends = date.end
    published = publication_date(text)
    assert published is None or len(published) in (7, 10)


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1 ",
        "ce ",
        "hier ",
        "du 1 au ",
        "م",
        "أمس ",
        "من 1 إلى ",
        "الجاري ",
        "2026 ",
        "mars 2026 ",
        "1 و ",
        "é",
        " ",
        "أمس الأحد 1 إلى 4 فبراير الجاري 2026 ",
        "Salon 2026 ",
        "ce dimanche 1er février 2026 ",
    ],
)
def test_time_grows_with_the_text_only(piece: str) -> None:
    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        begin = time.process_time()
        expressions(text)
        publication_date(text)
        return time.process_time() - begin

    seconds(2_000)  # tables are read once
    assert seconds(100_000) < 20 * max(seconds(20_000), 0.02)
