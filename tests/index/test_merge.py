"""Segments built from texts and merged hold what a plain list of the articles says."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kashaf.analyzers.terms import stem_class
from kashaf.errors import ArchiveDamaged
from kashaf.index import copy_samples, lexicon_builder, merge, token_stream
from kashaf.index.article import KINDS, Article, Mention
from kashaf.index.inversion import SegmentBuilder
from kashaf.index.merge import merge_segments
from kashaf.index.segment import Segment
from kashaf.index.segment_file import write_segment
from kashaf.index.token_stream import FIELD_GAP

WORDS = "port ports gare train trains wilaya barrage école écoles kitab الكتاب كتاب والكتاب مكتبة وزير الوزير a".split()
QUICK = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
Made = tuple[str, tuple[list[str], list[str], list[str]], str | None, str | None, tuple[str, ...]]
Places = dict[str, dict[str, list[int]]]


def made_up(chance: random.Random, number: int) -> Made:
    words = tuple([chance.choice(WORDS) for _ in range(chance.choice((0, 1, 3, 40)))] for _ in range(3))
    date = chance.choice((None, "1999", "2020-02", "2021-03-04"))
    return f"a{number}", words, date, chance.choice((None, "TAP", "MAP")), tuple(chance.sample(WORDS, 2))  # type: ignore[return-value]


def build(path: Path, made: Sequence[Made], first: int) -> Segment:
    builder = SegmentBuilder()
    for number, (article_id, fields, date, source, persons) in enumerate(made):
        builder.add_terms(first + number, article_id, fields, date, source, None, "fr", persons, ())
    write_segment(path, *builder.arrays())
    return Segment(path)


def deleted(path: Path, segment: Segment, dead: Sequence[int]) -> Segment:
    bits = np.isin(np.arange(segment.docs), dead)
    path.write_bytes(np.packbits(bits).tobytes())
    return Segment(segment.file.path, path)


def expected(made: Sequence[Made]) -> Places:
    places: Places = defaultdict(lambda: defaultdict(list))
    for article_id, fields, *_ in made:
        start = 0
        for words in fields:
            for number, word in enumerate(words):
                places[word][article_id].append(start + number)
            start += len(words) + FIELD_GAP
    return places


def found(segment: Segment) -> Places:
    places: Places = {}
    for form in segment.forms.all():
        term = segment.term(form)
        assert term is not None and term in segment.stem_terms(stem_class(form))
        here = places[form] = defaultdict(list)
        for doc, position in zip(*(values.tolist() for values in segment.positions(term)), strict=True):
            if segment.live is None or segment.live[doc]:
                here[segment.ids[doc]].append(position)
        frequencies = segment.frequency_table[segment.postings(term).codes].sum(1)
        assert frequencies.sum() == len(segment.positions(term)[0])
    return {form: dict(here) for form, here in places.items() if here}


def columns(segment: Segment) -> list[object]:
    names = {kind: segment.mention_names(kind) for kind in KINDS}
    starts = segment.arrays["person.start"].tolist()
    persons = [
        [names["person"][n] for n in segment.arrays["person.name"][a:b].tolist()]
        for a, b in zip(starts, starts[1:], strict=False)
    ]
    values, sources = segment.value_column("source")
    return [
        segment.keys.tolist(), segment.ids.all(), segment.days.tolist(), segment.precisions.tolist(),
        [sources[value] for value in values.tolist()], persons, segment.lengths.tolist(), segment.length_sums.tolist(),
    ]  # fmt: skip


@QUICK
@given(seed=st.integers(0, 1 << 32), parts=st.integers(1, 4), small=st.booleans())
def test_merged_is_what_one_go_would_be(tmp_path: Path, seed: int, parts: int, small: bool) -> None:
    """The very same bytes, whatever ranges are merged at a time."""
    chance = random.Random(seed)
    made = [made_up(chance, number) for number in range(chance.choice((1, 5, 30)) + parts)]
    cuts = [0, *sorted(chance.sample(range(1, len(made)), parts - 1)), len(made)]
    with pytest.MonkeyPatch.context() as patch:
        if small:
            patch.setattr(merge, "_RANGE", 5)
            patch.setattr(merge, "_TERMS", 2)
            patch.setattr(token_stream, "_AT_ONCE", 7)
            patch.setattr(copy_samples, "_AT_ONCE", 7)
            patch.setattr(lexicon_builder, "_SORTED_AT_ONCE", 2)
            patch.setattr(token_stream, "_KEY_BITS", chance.choice((8, 64)))
        whole = build(tmp_path / "whole.seg", made, 1)
        segments = [
            build(tmp_path / f"{number}.seg", made[first:last], 1 + first)
            for number, (first, last) in enumerate(zip(cuts, cuts[1:], strict=False))
        ]
        assert merge_segments(segments, tmp_path / "merged.seg") == len(made)
    assert found(whole) == {form: dict(here) for form, here in expected(made).items()}
    assert (tmp_path / "merged.seg").read_bytes() == (tmp_path / "whole.seg").read_bytes()


@QUICK
@given(seed=st.integers(0, 1 << 32))
def test_merging_drops_what_was_deleted(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    made = [made_up(chance, number) for number in range(24)]
    segments, left = [], []
    for number in range(3):
        part = made[8 * number : 8 * number + 8]
        dead = [doc for doc in range(8) if chance.random() < 0.4]
        segment = build(tmp_path / f"{number}.seg", part, 1 + 8 * number)
        segments.append(deleted(tmp_path / f"{number}.del", segment, dead))
        left += [article for doc, article in enumerate(part) if doc not in dead]
    assert merge_segments(segments, tmp_path / "merged.seg") == len(left)
    merged = Segment(tmp_path / "merged.seg")
    merged.file.verify()
    assert found(merged) == {form: dict(here) for form, here in expected(left).items()}
    assert set(merged.forms.all()) == set(expected(left))  # no term without an article
    assert np.sum([segment.length_sums for segment in segments], 0).tolist() == merged.length_sums.tolist()
    assert columns(merged)[1] == [article[0] for article in left]
    if left:
        alone = build(tmp_path / "alone.seg", left, 1)
        assert columns(merged)[1:] == columns(alone)[1:]  # keys apart


def test_a_changed_stemmer_changes_the_classes_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [made_up(random.Random(number), number) for number in range(30)]
    segments = [build(tmp_path / "0.seg", made[:20], 1), build(tmp_path / "1.seg", made[20:], 21)]
    monkeypatch.setattr(merge, "stem_class", lambda form: form[-1])
    merge_segments(segments, tmp_path / "merged.seg", restem=True)
    merged = Segment(tmp_path / "merged.seg")
    classes: dict[str, set[str]] = defaultdict(set)
    for form in expected(made):
        classes[form[-1]].add(form)
    assert merged.stems.all() == sorted(classes)
    for stem, forms in classes.items():
        assert {merged.forms[term] for term in merged.stem_terms(stem)} == forms
    for form, places in expected(made).items():
        term = merged.term(form)
        assert term is not None
        docs, positions = merged.positions(term)
        assert [merged.ids[doc] for doc in docs.tolist()] == [i for i, here in places.items() for _ in here]
        assert positions.tolist() == [position for here in places.values() for position in here]


def test_texts_and_ready_terms_give_the_same_segment(tmp_path: Path) -> None:
    """But for the order in which they were met, nothing of a text is left that its terms do not say."""
    builders = SegmentBuilder(), SegmentBuilder()
    person = Mention("person", "Leïla", "Leïla Ben Ali")
    article = Article(
        id="a", headline="Le port", standfirst="Une gare", body="Les trains du port", published="2020-02-03",
        source="TAP", section="monde", language="fr", persons=(person, person),
    )  # fmt: skip
    builders[0].add(3, article)
    fields = ["le port".split(), "une gare".split(), "les trains du port".split()]
    builders[1].add_terms(3, "a", fields, "2020-02-03", "TAP", "monde", "fr", ["Leïla Ben Ali"] * 2, ())
    for number, builder in enumerate(builders):
        write_segment(tmp_path / f"{number}.seg", *builder.arrays())
    assert (tmp_path / "0.seg").read_bytes() == (tmp_path / "1.seg").read_bytes()


def test_damage_is_not_merged(tmp_path: Path) -> None:
    segment = build(tmp_path / "0.seg", [made_up(random.Random(1), 1)], 1)
    content = bytearray((tmp_path / "0.seg").read_bytes())
    content[segment.file._base + segment.file._table["term.place"]["offset"]] ^= 1
    (tmp_path / "1.seg").write_bytes(content)
    with pytest.raises(ArchiveDamaged, match=r"term\.place"):
        merge_segments([segment, Segment(tmp_path / "1.seg")], tmp_path / "merged.seg")
    assert not (tmp_path / "merged.seg").exists()
