"""An article laid out for reading: nothing lost, nothing doubled, matches and names where they stand."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from kashaf.index.article import Ignored, Mention
from kashaf.search.results import Passage
from kashaf.web.reading import Block, lay_out, line, marked

TEXT = "Menu\n\nLe port de Rabat.\n\nالمكتبة في تمارة"


def flat(blocks: list[Block]) -> list[str]:
    return [
        "".join(piece.text for run in paragraph for piece in run.pieces)
        for block in blocks
        for paragraph in block.paragraphs
    ]


def test_paragraphs_clutter_matches_and_names() -> None:
    blocks = lay_out(
        TEXT,
        [(9, 13)],
        [Mention("person", "Rabat", "Rabat", "body", 17, 22)],
        {("person", "Rabat"): "p1"},
        [Ignored(0, 4, "menu")],
    )
    assert flat(blocks) == ["Menu", "Le port de Rabat.", "المكتبة في تمارة"]
    assert [block.reasons for block in blocks] == [("menu",), ()]
    runs = blocks[1].paragraphs[0]
    assert [(run.entity, [(p.text, p.is_match) for p in run.pieces]) for run in runs] == [
        (None, [("Le ", False), ("port", True), (" de ", False)]),
        ("p1", [("Rabat", False)]),
        (None, [(".", False)]),
    ]


def test_a_match_may_cross_the_edge_of_a_name() -> None:
    [block] = lay_out("Ali Baba", [(0, 8)], [Mention("person", "Ali", "Ali", "body", 0, 3)], {("person", "Ali"): "p1"})
    assert [(run.entity, [(p.text, p.is_match) for p in run.pieces]) for run in block.paragraphs[0]] == [
        ("p1", [("Ali", True)]),
        (None, [(" Baba", True)]),
    ]


def test_neighbouring_clutter_is_one_fold() -> None:
    [block] = lay_out("menu\n\nsocial", [], [], {}, [Ignored(0, 4, "menu"), Ignored(6, 12, "social")])
    assert block.reasons == ("menu", "social")


def test_lines_are_paragraphs_unless_blank_lines_part_them() -> None:
    assert flat(lay_out("a\nb", [], [], {})) == ["a", "b"]
    assert flat(lay_out("a\nb\n\nc", [], [], {})) == ["a\nb", "c"]


def test_a_name_nobody_has_is_left_as_text() -> None:
    [block] = lay_out("Ali", [], [Mention("person", "Ali", "Ali", "body", 0, 3)], {})
    assert block.paragraphs[0][0].entity is None


ranges = st.lists(st.tuples(st.integers(-5, 60), st.integers(-5, 60)), max_size=8)


@given(
    text=st.text("ab \n\u0640مé", max_size=50),
    marks=ranges,
    names=ranges,
    cuts=st.lists(st.integers(0, 50), max_size=6),
)
def test_every_letter_is_shown_once(
    text: str, marks: list[tuple[int, int]], names: list[tuple[int, int]], cuts: list[int]
) -> None:
    cuts = sorted(min(cut, len(text)) for cut in cuts)
    ignored = [Ignored(a, b, "menu") for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    mentions = [Mention("person", "x", "x", "body", a, b) for a, b in names]
    blocks = lay_out(text, marks, mentions, {("person", "x"): "p1"}, ignored)
    assert "".join("".join(flat(blocks)).split()) == "".join(text.split())
    assert "".join(piece.text for run in line(text, marks) for piece in run.pieces) == text


def test_a_passage_is_escaped_piece_by_piece() -> None:
    assert marked(Passage("<b>port</b> & <i>", ((3, 7),))) == "&lt;b&gt;<mark>port</mark>&lt;/b&gt; &amp; &lt;i&gt;"
    assert marked(Passage("<b>", ((0, 3),))) == "<mark>&lt;b&gt;</mark>"
    assert marked(Passage("port", ((2, 9), (-1, 2), (3, 3)))) == "port"
    assert marked("<b>") == "&lt;b&gt;"


def test_two_megabytes_are_laid_out_at_once() -> None:
    text = "mot " * 500_000
    marks = [(n, n + 3) for n in range(0, len(text), 40)]
    names = [Mention("person", "mot", "mot", "body", n, n + 3) for n in range(20, len(text), 400)]
    started = time.process_time()
    lay_out(text, marks, names, {("person", "mot"): "p1"})
    assert time.process_time() - started < 5
