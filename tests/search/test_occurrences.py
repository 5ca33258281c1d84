"""Words and phrases found where they can stand, against a reading of the whole text."""

from __future__ import annotations

import gzip
import time
from importlib import resources

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kashaf.analyzers.terms import WORD, analyze_word, stem_class
from kashaf.analyzers.words import SPACES_IN_NUMBERS
from kashaf.search.occurrences import Finder, Occurrence, Wanted
from kashaf.search.outline import Outline, beginnings


def read_whole(text: str, wanted: Wanted, start: int, end: int) -> set[Occurrence]:
    """The plain reference: every word of the text is analysed."""
    found: set[Occurrence] = set()
    terms = [(word.start(), term) for word in WORD.finditer(text, start, end) for term in analyze_word(word[0])]
    forms = wanted.forms | {phrase[0] for phrase in wanted.phrases if len(phrase) == 1}
    for origin, term in terms:
        key = stem_class(term.text)
        if term.text in forms or key in wanted.stems:
            found.add(Occurrence(origin + term.start, origin + term.end, key))
    for stream in (terms, [(origin, term) for origin, term in terms if term.step]):
        for phrase in wanted.phrases:
            at = 0
            while len(phrase) > 1 and at + len(phrase) <= len(stream):
                here = stream[at : at + len(phrase)]
                if tuple(term.text for _, term in here) == phrase:
                    (origin, first), (last_origin, last) = here[0], here[-1]
                    found.add(Occurrence(origin + first.start, last_origin + last.end, " ".join(phrase)))
                    at += len(phrase) - 1
                at += 1
    return found


def both(text: str, wanted: Wanted, start: int = 0, end: int | None = None) -> tuple[set[Occurrence], set[Occurrence]]:
    end = len(text) if end is None else end
    return set(Finder(text, wanted).all(start, end)), read_whole(text, wanted, start, end)


WANTED = Wanted(
    frozenset({"doha", "ete", "onu", "350000", "350", "oeuvre", "6500", "6.500", "و.م.ع", "قطر", "vicepresident", "a"}),
    frozenset({stem_class("الدوحه"), stem_class("ministres"), stem_class("سنته"), "شءون"}),
    (("sommet", "doha"), ("vice", "president", "du"), ("vice", "vicepresident", "president"), ("doha", "doha"), ("x",)),
)
pieces = st.sampled_from(
    "Doha d’Doha sommet الدوحة وبالدُّوحة قـطر e\u0301te\u0301 ÉTÉ vice-président du x O.N.U. 350 000 350\u202f000 6.500 "
    "ﺩﻭﺣﺔ Œuvre œuvres 000 1,5 و.م.ع سنتهم لشئونها شؤون ministère ministre’s tou·te·s Ｄｏｈａ 𝐃𝐨𝐡𝐚 Москва ǆ "
    "ß — € 😀 a do\u00adha ١٢ ３５０ m² 3ème".split(" ")
)
blanks = st.sampled_from([" ", "\n", "  ", ". ", ", ", "\u00a0", "؟ ", "-", "’", "", "\u3000", "_", "."])
texts = st.lists(st.tuples(pieces, blanks), max_size=60).map(lambda parts: "".join(w + b for w, b in parts))


@given(texts, st.data())
@settings(max_examples=300)
def test_nothing_is_missed(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    found, expected = both(text, WANTED, start, end)
    assert found == expected


@given(st.text(max_size=200), st.data())
@settings(max_examples=300)
@example("１ ２３４", None)
def test_nothing_is_missed_in_any_text(text: str, data: st.DataObject | None) -> None:
    """Whatever the characters: the words looked for are some that stand there."""
    forms = [term.text for raw in WORD.findall(text) for term in analyze_word(raw)]
    chosen = forms if data is None else data.draw(st.lists(st.sampled_from(forms), max_size=4)) if forms else []
    wanted = Wanted(
        frozenset(chosen[:1]), frozenset(map(stem_class, chosen[1:2])), (tuple(chosen[1:]), tuple(forms[2:5]))
    )
    found, expected = both(text, wanted)
    assert found == expected


def words_of_the_press() -> list[str]:
    arabic = resources.files("kashaf.analyzers").joinpath("data", "arabic_words.txt.gz").read_bytes()
    words = [line.split()[0] for line in gzip.decompress(arabic).decode().splitlines() if not line.startswith("#")]
    return [*words[::4], *(clitic + word for clitic in ("وبال", "لل", "و") for word in words[::20])]


def test_every_word_begins_as_its_form_and_class_say() -> None:
    """Classes share their first letters with their words: the rule that `beginnings` relies on."""
    samples = resources.files("kashaf").joinpath("samples")
    texts = [path.read_bytes().decode("utf-8", "replace") for path in samples.iterdir() if path.is_file()]
    raw_words = {*words_of_the_press(), *(raw for text in texts for raw in WORD.findall(text))}
    assert len(raw_words) > 10_000
    missed = [
        (raw, term.text)
        for raw in raw_words
        for term in analyze_word(raw)
        for wanted in (beginnings([term.text], ()), beginnings((), [stem_class(term.text)]))
        if not Outline(raw).places(wanted, 1_000)
    ]
    assert missed == []


def test_a_number_over_a_space_is_read_as_one() -> None:
    assert both("il y a 350 000 voix", Wanted(frozenset({"350"}))) == (set(), set())
    assert both("il y a 350 000 voix", Wanted(frozenset({"350000"})))[0] == {Occurrence(7, 14, "350000")}


def test_white_space_is_inside_no_raw_word_but_a_number() -> None:
    spaces = [chr(c) for c in range(0x110000) if chr(c).isspace()]
    assert [s for s in spaces if WORD.fullmatch(f"a{s}b") or WORD.fullmatch(f"ب{s}ب")] == []
    assert [s for s in spaces if WORD.fullmatch(f"350{s}000") and s not in SPACES_IN_NUMBERS] == []


@pytest.mark.parametrize("unit", ["a ", "doha ", "1 ", "😀 ", "doha sommet x ", "d’", "350 000 "])
def test_time_is_linear(unit: str) -> None:
    wanted = Wanted(frozenset({"doha", "a"}), frozenset(), (("sommet", *["doha"] * 100), ("doha", "x", "a")))

    def seconds(length: int) -> float:
        text = unit * (length // len(unit))
        start = time.process_time()
        Finder(text, wanted).all(0, len(text))
        return time.process_time() - start

    # Eight times as long a text may take eight times as long, a few times more on a busy machine; never 64 times.
    short, long = (min(seconds(length) for _ in range(3)) for length in (40_000, 320_000))
    assert long < 40 * max(short, 0.01)
