"""Suggested merges are looked for once, kept for all processes, and held against what was decided since."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import kashaf
from kashaf.index.article import Article, Mention
from kashaf.index.writer import Writer
from kashaf.search.archive import Archive
from kashaf.search.suggestions import FILE, Suggestions

PAIRS = (("Karim Belhaj Amrani", "Karim Belhadj"), ("Nadia Bencheqroun El Idrissi", "Nadia Benchekroun"))


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    found = kashaf.open(tmp_path / "archive", create=True)
    with found.writer() as writer:
        for number, name in enumerate(name for pair in PAIRS for name in pair):
            add(writer, number, name)
    return found


def add(writer: Writer, number: int, name: str) -> None:
    writer.add(Article(id=f"a{number}", headline=f"Titre {number}", body="x", persons=(Mention("person", name, name),)))


def pairs(suggestions: Suggestions) -> list[str] | None:
    found = suggestions.current()
    return None if found is None else [each.id for each in found]


def test_they_are_those_of_the_archive(archive: Archive) -> None:
    direct = archive.suggested_merges()
    found = Suggestions(archive).current()
    assert found == direct and len(direct) == 2
    assert Suggestions(archive).current(("organisation",)) == []
    assert Suggestions(archive).current(size=1) == direct[:1]


def test_what_was_decided_is_left_out_and_comes_back(archive: Archive) -> None:
    suggestions = Suggestions(archive)
    one, other = archive.suggested_merges()
    assert pairs(suggestions) == [one.id, other.id]
    with archive.curate() as authority:
        authority.merge(one.id.split("-"))
    assert pairs(suggestions) == [other.id]
    with archive.curate() as authority:
        authority.refuse(*other.id.split("-"))
    assert pairs(suggestions) == []
    with archive.curate() as authority:
        authority.undo()
        authority.undo()
    assert pairs(suggestions) == [one.id, other.id]


def test_another_process_reads_what_was_found(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    found = pairs(Suggestions(archive))

    def never(*_: object) -> None:
        raise AssertionError("they were looked for again")

    monkeypatch.setattr(Archive, "suggested_merges", never)
    assert pairs(Suggestions(archive)) == found


def test_articles_that_come_in_are_seen(archive: Archive) -> None:
    suggestions = Suggestions(archive)
    before = pairs(suggestions)
    with archive.writer() as writer:
        add(writer, 8, "Youssef El Hamdaoui Alami")
        add(writer, 9, "Youssef Elhamdaoui")
    after = pairs(suggestions)
    assert after is not None and before is not None and len(after) > len(before)


@pytest.mark.parametrize(
    "kept",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b'{"format": 1}',
        b'{"format": 9, "state": "", "pairs": []}',
        json.dumps({"format": 1, "state": "STATE", "pairs": [{"kind": "person"}]}).encode(),
        json.dumps(
            {
                "format": 1,
                "state": "STATE",
                "pairs": [
                    {
                        "kind": "person",
                        "one": "x",
                        "other": "p2",
                        "likeness": 1,
                        "strength": 1,
                        "speaks": [],
                        "missing": "",
                    }
                ],
            }
        ).encode(),
    ],
)
def test_a_damaged_file_is_made_again(archive: Archive, kept: bytes) -> None:
    right = pairs(Suggestions(archive))
    state = json.loads((archive.folder / FILE).read_bytes())["state"]
    (archive.folder / FILE).write_bytes(kept.replace(b"STATE", state.encode()))
    assert pairs(Suggestions(archive)) == right
    assert json.loads((archive.folder / FILE).read_bytes())["state"] == state


def test_a_failure_is_told_and_tried_again(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    suggestions = Suggestions(archive)

    def fails(*_: object) -> None:
        raise OSError("gone")

    with monkeypatch.context() as broken:
        broken.setattr(Archive, "suggested_merges", fails)
        with pytest.raises(OSError, match="gone"):
            suggestions.current()
    assert pairs(suggestions)
