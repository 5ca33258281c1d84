"""Clutter of scraped pages, and headlines."""

import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kashaf.index.article import Article, Ignored
from kashaf.index.clutter import blank_ignored, find_clutter
from kashaf.index.clutter_words import OPENINGS, PHRASES
from kashaf.index.headline import LONGEST, find_headline, first_sentence

GOLDEN = [
    line.split("\t")
    for line in (Path(__file__).parent / "golden_clutter.tsv").read_text("utf-8").splitlines()
    if line and not line.startswith(("#", "reason\t"))
]

LONG = (
    "Le conseil municipal de Tiznit a adopté lundi, après un long débat et malgré l'opposition de plusieurs élus, le "
    "projet d'un nouveau pont qui reliera les deux rives et dont le coût sera partagé entre la ville et la province."
)


@pytest.mark.parametrize("row", GOLDEN, ids=[row[2] for row in GOLDEN])
def test_golden_clutter(row: list[str]) -> None:
    reason, marked, _ = row
    marked = marked.replace("\\n", "\n")
    text = marked.replace("[[", "").replace("]]", "")
    expected = re.findall(r"\[\[(.*?)\]\]", marked, re.DOTALL)
    spans = find_clutter(text)
    assert [text[span.start : span.end] for span in spans] == expected
    assert {span.reason for span in spans} <= {reason}


def test_a_line_that_stands_twice_is_kept_once() -> None:
    line = "Le pont sera inauguré au printemps prochain."
    text = f"{line}\n{LONG}\n{line}"
    assert [(span.start, span.reason) for span in find_clutter(text)] == [(text.rindex(line), "repeated")]


def test_lines_that_repeat_the_headline() -> None:
    text = f"Un pont neuf à Tiznit\n\nUn pont neuf à Tiznit\n\n{LONG}"
    assert [span.reason for span in find_clutter(text, "Un pont neuf à Tiznit")] == ["repeated-headline"] * 2


def test_many_short_lines_around_the_text_are_menus() -> None:
    menu = ["Politique", "Économie", "Société", "Sport"]
    text = "\n".join([*menu, "Le conseil de Tiznit vote le nouveau pont", LONG, LONG.replace("lundi", "mardi"), *menu])
    read = blank_ignored(Article(body=text, ignored=find_clutter(text))).split()
    assert "Politique" not in read and "Sport" not in read
    assert read[:4] == ["Le", "conseil", "de", "Tiznit"]


@pytest.mark.parametrize(
    "rule, above",
    [
        ("a heading of a list", "Menu\nÀ la une\nPolitique\nÉconomie\nSport\n"),
        ("a heading and linked headlines", "Fil info\nLe maire de Tiznit est arrivé hier soir\nSport\n"),
        ("names of sections below a menu", "Menu\nPolitique\nSport\n"),
        ("an Arabic menu", "القائمة\nسياسة\nرياضة\n"),
    ],
)
@pytest.mark.parametrize("below", ["", "Par Samira Alami\n", "Un pont, le 5 mars 2025\n©Alami\n"])
def test_a_menu_above_leaves_the_headline(rule: str, above: str, below: str) -> None:
    title = "Le conseil de Tiznit vote le nouveau pont"
    text = f"{above}{title}\n{below}{LONG}"
    spans = find_clutter(text)
    assert find_headline(text, spans)[0] == title
    read = blank_ignored(Article(body=text, ignored=spans)).splitlines()
    assert not any(line.strip() for line in read[: above.count("\n")])


def test_a_short_headline_below_a_menu() -> None:
    text = f"Menu\nTiznit gagne\n{LONG}"
    assert find_headline(text, find_clutter(text))[0] == "Tiznit gagne"


def test_an_appeal_between_is_not_signed() -> None:
    text = f"{LONG}\nNous utilisons des cookies pour mesurer l'audience de ce site.\nAccepter Refuser"
    assert "byline" not in {span.reason for span in find_clutter(text)}


def test_short_lines_without_a_paragraph_are_the_text() -> None:
    verse = "Sur le pont\nOn y danse\nTous en rond\nJusqu'au soir\nPuis l'on rentre\nVers la ville\nPar la rive"
    assert find_clutter(verse) == ()


def test_a_list_after_a_colon_is_text() -> None:
    text = f"{LONG}\nLes élus présents :\nSamira Alami\nYoussef Berrada\nKhadija Tazi\nOmar Chraïbi\nNadia Slaoui"
    assert find_clutter(text) == ()


def test_a_numbered_list_is_text() -> None:
    text = f"{LONG}\nLe classement\n" + "\n".join(f"{n}. Samira Alami" + "x" * n for n in range(1, 9))
    assert find_clutter(text) == ()


def test_a_linked_headline_without_an_end_takes_little() -> None:
    text = "Le conseil a voté. Lire aussi : " + "mot " * 100 + "fin."
    (span,) = find_clutter(text)
    assert span.end - span.start <= 200


def test_blanks_keep_offsets_and_lines() -> None:
    article = Article(body="Menu\nTexte\nFin", ignored=(Ignored(0, 6, "menu"),))
    assert blank_ignored(article) == "    \n exte\nFin"
    assert blank_ignored(Article(body="Texte")) == "Texte"


@pytest.mark.parametrize(
    "rule, text, expected",
    [
        ("a short first line", f"Un pont neuf à Tiznit\n{LONG}", "Un pont neuf à Tiznit"),
        ("a first line twice", f"Un pont neuf\n\nUn pont neuf\n\n{LONG}", "Un pont neuf"),
        ("a question", f"Qui paiera le pont ?\n{LONG}", "Qui paiera le pont ?"),
        ("a section name above", f"Société\nUn pont neuf à Tiznit en mai\n{LONG}", "Un pont neuf à Tiznit en mai"),
        ("clutter above", f"Accueil > Société > Tiznit\nUn pont neuf à Tiznit\n{LONG}", "Un pont neuf à Tiznit"),
        ("a first sentence", "Le pont est neuf depuis hier. Il est beau.", "Le pont est neuf depuis hier."),
        ("a title is no end", "Reçu par M. Alami, le maire a parlé. Il part.", "Reçu par M. Alami, le maire a parlé."),
        ("initials", "Le livre de J. K. Amrani est paru hier. Il est beau.", "Le livre de J. K. Amrani est paru hier."),
        ("Arabic", "افتتح العمدة الجسر الجديد. ثم غادر المكان.", "افتتح العمدة الجسر الجديد."),
        ("an Arabic title", "التقى د. العلمي برئيس المجلس البلدي. ثم غادر.", "التقى د. العلمي برئيس المجلس البلدي."),
        ("twice in a line", "Un pont neuf à Tiznit Un pont neuf à Tiznit Le conseil vote.", "Un pont neuf à Tiznit"),
        (
            "menu words and twice in one line",
            "Home Ville Un pont neuf à Tiznit | Un pont neuf à Tiznit Le conseil a voté.",
            "Un pont neuf à Tiznit",
        ),
        ("one line that is all", "Un pont neuf", "Un pont neuf"),
    ],
)  # fmt: skip
def test_headline(rule: str, text: str, expected: str) -> None:
    assert find_headline(text, find_clutter(text))[0] == expected


def test_a_long_first_sentence_is_cut_on_a_word() -> None:
    headline = first_sentence("mot " * 100)
    assert headline.endswith("mot…") and len(headline) <= LONGEST + 1


def test_the_word_list_is_sound() -> None:
    assert len(PHRASES) >= 5 and len(OPENINGS) >= 20
    words = [words for group in OPENINGS.values() for words in group]
    assert {word.reach for word in words} == {"link", "sentence"}
    assert all(word.text == word.text.lower() for word in words)


PIECES = ["Lire aussi", ":", "اقرأ أيضا", "Les", "spot_img", "Accueil", ">", "Publié le", "5 mars 2025", "\n", ".",
          "mot", "Partager", "Abonnez-vous", "à", "و", "İ", "\u200f", "…", "x" * 170, "Tags :", "À la une",
          "Par", "Samira Alami", "بقلم", "Menu"]  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join)))
def test_any_text_is_read(text: str) -> None:
    spans = find_clutter(text, "mot")
    end = 0
    for span in spans:
        assert end <= span.start < span.end <= len(text)
        end = span.end
    blanked = blank_ignored(Article(body=text, ignored=spans))
    assert len(blanked) == len(text)
    headline, line = find_headline(text, spans)
    assert len(headline) <= LONGEST + 1
    assert line is None or text[slice(*line)].strip()


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        " ",
        "\n",
        "Lire aussi : ",
        "lire aussi ",
        "mot\n",
        ": ",
        "Accueil > ",
        "اقرأ أيضا ",
        ". ",
        '"',
        "M. ",
        "e\n\n",
    ],
)
def test_time_grows_with_the_text_only(piece: str) -> None:
    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        taken = []
        for _ in range(2):  # the better one: other processes make one of them slow now and then
            begin = time.process_time()
            find_headline(text, find_clutter(text))
            taken.append(time.process_time() - begin)
        return min(taken)

    assert seconds(80_000) < 15 * max(seconds(16_000), 0.02)
