"""What only looks like the name of a person or an organisation."""

import pytest

from kashaf.analyzers.arabic_clues import fold
from kashaf.analyzers.arabic_labels import Piece
from kashaf.analyzers.arabic_no_names import classes_of, completed, divided, judged, without_lone


def words(text: str) -> list[str]:
    return [fold(word) for word in text.split()]


@pytest.mark.parametrize(
    "phrase, kind",
    [
        ("والولايات المتحدة", "place"),
        ("سويسرا", "place"),
        ("للهيئة", "generic"),
        ("والأكراد", "people"),
        ("التونسيين", "people"),
        ("لمحمد", "given"),
        ("الولايات", "begins"),
    ],
)
def test_a_phrase_is_read_with_and_without_clitics(phrase: str, kind: str) -> None:
    assert kind in classes_of(*words(phrase))


@pytest.mark.parametrize(
    "text, piece, judgement",
    [
        ("قالت الولايات المتحدة", ("organisation", 1, 3), None),
        ("قالت الولايات المتحدة", ("organisation", 1, 2), None),
        ("فوز نادي الشارقة", ("organisation", 2, 3), ("organisation", 2, 3)),
        ("وأضافت الهيئة", ("organisation", 1, 2), None),
        ("وأضافت هيئة الطرق", ("organisation", 1, 3), ("organisation", 1, 3)),
        ("إذاعة بي بي سي الخميس", ("organisation", 2, 3), ("organisation", 1, 4)),
        ("إذاعة جوهرة اف ام في المدينة", ("organisation", 2, 4), ("organisation", 2, 4)),
        ("وفقا لفرانس برس", ("person", 1, 3), ("organisation", 1, 3)),
        ("الكاتبة شرف الدين", ("person", 2, 3), ("person", 1, 3)),
        ("قال رسول الله", ("person", 1, 3), None),
        ("قال نصر الله", ("person", 1, 3), ("person", 1, 3)),
        ("تصل لاغارد بوينس إيريس", ("person", 1, 4), ("person", 1, 2)),
        ("مدينة بن قردان", ("person", 0, 3), None),
        ("زار العرب", ("person", 1, 2), None),
    ],
)
def test_judged(text: str, piece: Piece, judgement: Piece | None) -> None:
    assert judged(words(text), piece) == judgement


@pytest.mark.parametrize(
    "text, parts",
    [
        ("يعترف السباعي", [("organisation", 1, 2)]),
        ("البنك الأفريقي اشترط", [("organisation", 0, 2)]),
        ("الوكالة أن الوزارة", [("organisation", 0, 1), ("organisation", 2, 3)]),
        ("بي إن سبورت", [("organisation", 0, 3)]),
        ("أعلنت", []),
    ],
)
def test_divided(text: str, parts: list[Piece]) -> None:
    said = words(text)
    assert list(divided(said, ("organisation", 0, len(said)))) == parts


def test_a_name_is_completed_in_its_own_text_only() -> None:
    text = words("كيم جونغ أون قال كيم جونغ أون ثم كيم جونغ أون")
    pieces: list[Piece] = [("person", 0, 3), ("person", 4, 6), ("person", 8, 10)]
    assert completed(text, pieces, [1, 1, 2]) == [("person", 0, 3), ("person", 4, 7), ("person", 8, 10)]


def test_a_completed_name_takes_no_word_of_another() -> None:
    text = words("كيم جونغ أون قال كيم جونغ أون")
    pieces: list[Piece] = [("person", 0, 3), ("person", 4, 6), ("organisation", 6, 7)]
    assert completed(text, pieces, [1, 1, 1]) == pieces


@pytest.mark.parametrize(
    "text, pieces, kept",
    [
        ("قال محمد إن", [("person", 1, 2)], []),
        ("قال السيد محمد إن", [("person", 2, 3)], [("person", 2, 3)]),
        ("محمد شكيب قال محمد", [("person", 0, 2), ("person", 3, 4)], [("person", 0, 2), ("person", 3, 4)]),
        ("قال محمد بلعياشي", [("person", 1, 2)], [("person", 1, 3)]),
    ],
)
def test_a_common_given_name_alone(text: str, pieces: list[Piece], kept: list[Piece]) -> None:
    assert without_lone(words(text), pieces, [1] * len(pieces), lambda word: word == "بلعياشي") == kept
