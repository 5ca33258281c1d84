"""A segment that is not what was written is found out, or answers as before; and it never does anything else."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import kashaf
from kashaf.errors import ArchiveDamaged, ArchiveTooNew
from kashaf.index.generation import check_file, entry_of
from kashaf.index.inversion import SegmentBuilder
from kashaf.index.manifest import CURRENT, PREVIOUS
from kashaf.index.segment import Segment
from kashaf.index.segment_file import write_segment
from kashaf.index.writer import Writer

# What Archive turns into ArchiveDamaged when the checksums say so.
CAUGHT = (IndexError, ValueError, OverflowError, ArchiveDamaged)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small segment that has every array of the format."""
    chance = random.Random(7)
    words = [f"mot{number}" for number in range(400)]
    builder = SegmentBuilder()
    for number in range(700):
        body = ["partout"] * chance.choice((1, 1, 1, 2, 9)) + chance.sample(words[:40], 12) + chance.sample(words, 3)
        if not number % 5:
            body += ["cinquième"]
        headline = ["titre", *chance.sample(words, 1)] if number % 3 else []
        persons = chance.sample(words, 2)
        builder.add_terms(
            number + 1, f"id{number}", [headline, [], body], "2020", "TAP", "monde", "fr", persons, words[:2]
        )
    path = tmp_path_factory.mktemp("whole") / "whole.seg"
    write_segment(path, *builder.arrays())
    names = set(Segment(path).arrays)
    assert {"docs.absolute", "docs.gaps1", "docs.gaps2", "docs.bitmap", "exception.row", "many.code"} <= names
    return path


def answers(segment: Segment) -> list[object]:
    """Something of everything that a segment is asked."""
    told: list[object] = [segment.docs, segment.keys.tolist(), segment.ids.all(), segment.lengths.tolist()]
    told += [segment.days.tolist(), segment.precisions.tolist(), segment.length_sums.tolist()]
    told += [segment.mention_names("person"), segment.mention_names("organisation"), segment.value_names("source")]
    told += [segment.value_column(column)[0].tolist() for column in ("language", "source", "section")]
    told += [values.tolist() for name, values in segment.arrays.items() if name.startswith(("person", "organisation"))]
    asked = np.arange(0, 700, 7)
    for form in ("mot1", "mot17", "partout", "titre", "cinquième", "mot399", "personne"):
        term = segment.term(form)
        told += [term, segment.stem_terms(form), segment.prefix_terms(form[:4]).tolist(), segment.near_terms(form, 1)]
        if term is not None:
            postings = segment.postings(term)
            told += [postings.docs.tolist(), segment.frequency_table[postings.codes].tolist(), segment.plain(term)]
            rows = segment.find(term, asked)
            rows = rows[rows >= 0]
            told += [rows.tolist(), segment.codes_at(term, rows).tolist()]
            told += [values.tolist() for values in (*segment.positions_of(term, rows), *segment.positions(term))]
    sizes, together = segment.postings_of(range(len(segment.forms)))
    return [*told, segment.forms.all(), sizes.tolist(), together.docs.tolist(), together.codes.tolist()]


def flipped(content: bytes, place: int, bit: int) -> bytes:
    changed = bytearray(content)
    changed[place] ^= 1 << bit
    return bytes(changed)


def check(path: Path, whole: Path) -> bool:
    """Whether the damage was found; if not, the answers must be the same."""
    try:
        segment = Segment(path)
    except (ArchiveDamaged, ArchiveTooNew) as error:
        assert path.name in str(error)
        return True
    try:
        told = answers(segment)
    except CAUGHT:
        told = []
    try:
        segment.verify()
    except ArchiveDamaged as error:
        assert path.name in str(error)
        return True
    assert told == answers(Segment(whole))
    return False


def test_a_flipped_bit_of_every_array_is_found(whole: Path, tmp_path: Path) -> None:
    chance = random.Random(1)
    content, segment = whole.read_bytes(), Segment(whole)
    tried = 0
    for name, values in segment.arrays.items():
        start = segment.file._base + segment.file._table[name]["offset"]
        for place in (
            {0, values.nbytes - 1, *(chance.randrange(values.nbytes) for _ in range(3))} if len(values) else ()
        ):
            path = tmp_path / "flipped.seg"
            path.write_bytes(flipped(content, start + place, chance.randrange(8)))
            assert check(path, whole), name
            tried += 1
    assert tried > 100


def test_a_flipped_bit_anywhere_is_found_or_harmless(whole: Path, tmp_path: Path) -> None:
    chance = random.Random(2)
    content = whole.read_bytes()
    places = [*range(24), *(chance.randrange(24, 6_000) for _ in range(60))]  # the start and the header
    places += [chance.randrange(len(content)) for _ in range(60)]
    for place in places:
        path = tmp_path / "flipped.seg"
        path.write_bytes(flipped(content, place, chance.randrange(8)))
        check(path, whole)


@pytest.mark.parametrize("damage", [
    lambda content: content[:-65],
    lambda content: content[: len(content) // 2],
    lambda content: content[:24],
    lambda content: content[:7],
    lambda content: b"",
    lambda content: content[:8] + struct.pack("<I", 1) + content[12:],
    lambda content: content[:12] + struct.pack("<I", 0xFFFFFFFF) + content[16:],
    lambda content: content[:12] + struct.pack("<I", 0) + content[16:],
])  # fmt: skip
def test_a_cut_file_or_a_wrong_length_is_refused(whole: Path, tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "cut.seg"
    path.write_bytes(damage(whole.read_bytes()))
    with pytest.raises(ArchiveDamaged, match=r"cut\.seg.*compact --rebuild"):
        Segment(path)


def test_what_follows_a_segment_is_not_read(whole: Path, tmp_path: Path) -> None:
    """The manifest tells that the file is longer than it was."""
    (tmp_path / "long.seg").write_bytes(whole.read_bytes())
    entry = entry_of(tmp_path / "long.seg")
    (tmp_path / "long.seg").write_bytes(whole.read_bytes() + b"more")
    assert not check(tmp_path / "long.seg", whole)
    with pytest.raises(ArchiveDamaged):
        check_file(tmp_path, entry)


def test_every_byte_of_the_deletions_counts(tmp_path: Path) -> None:
    """Those of a million articles are longer than the block of a segment that the manifest looks at."""
    path = tmp_path / "1.del"
    path.write_bytes(bytes(125_000))
    entry = entry_of(path)
    path.write_bytes(flipped(bytes(125_000), 124_000, 3))
    with pytest.raises(ArchiveDamaged):
        check_file(tmp_path, entry)


def old_format(archive: Path) -> None:
    """Makes the index say that it is of format 1."""
    for name in (CURRENT, PREVIOUS):
        path = archive / "index" / name
        if path.exists():
            path.write_text(path.read_text().replace('"format": 2', '"format": 1'))


def test_an_index_of_the_older_format_is_refused_and_made_anew(tmp_path: Path) -> None:
    with kashaf.open(tmp_path / "a", create=True) as archive, archive.writer() as writer:
        writer.add(kashaf.Article(id="1", headline="Le port", body="Le port de Tanger."))
    old_format(tmp_path / "a")
    refused = pytest.raises(ArchiveDamaged, match=r"older version .* format 1.*kashaf compact --rebuild")
    with kashaf.open(tmp_path / "a") as archive, refused:
        archive.search("port")
    with Writer(tmp_path / "a") as again:  # as `kashaf index` does
        again.add(kashaf.Article(id="2", headline="La gare", body="La gare de Tanger."))
    with kashaf.open(tmp_path / "a") as archive:
        assert archive.search("tanger").total == 2
        assert archive.verify() == []
