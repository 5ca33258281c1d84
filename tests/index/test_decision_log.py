"""Taking back any decision: what it changed is as it was, and nothing that rests on it is lost."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from kashaf.errors import CurationError, UnknownEntity
from kashaf.index.authority import Authority
from kashaf.index.authority_schema import SCHEMA

PEOPLE = ("Fouad Lamrani", "Louis Arnaud", "Nadia Roussel", "Omar Ziani", "Samir Nouri")


def made() -> Authority:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.executescript(SCHEMA)
    authority = Authority(connection)
    authority.resolve([("person", [name]) for name in PEOPLE])
    authority.resolve([("person", ["Zaki Omari"])])
    return authority


def state(authority: Authority) -> list[tuple[object, ...]]:
    """What is known of everybody."""
    return [
        *authority.connection.execute("SELECT name, entity FROM variants ORDER BY name"),
        *authority.connection.execute(
            "SELECT number, label_fr, label_ar, note, wikidata, rejected, merged_into FROM entities"
            " WHERE number <= 6 ORDER BY number"
        ),
    ]


def decide(authority: Authority, step: tuple[str, int, int]) -> None:
    verb, one, other = step
    ids = [f"p{one}", f"p{other}"]
    if verb == "merge":
        authority.merge(ids)
    elif verb == "split":
        authority.split(ids[0], [authority.entity(ids[0]).variants[0][0]])
    elif verb == "label":
        authority.rename(ids[0], "fr", f"Label {other}")
    elif verb == "arabic":
        authority.rename(ids[0], "ar", f"اسم {other}")
    elif verb == "note":
        authority.set_note(ids[0], f"note {other}")
    elif verb == "wikidata":
        authority.set_wikidata(ids[0], f"Q{other}")
    elif verb == "reject":
        authority.reject(ids[0])
    elif verb == "restore":
        authority.restore(ids[0])
    elif verb == "refuse":
        authority.refuse(*ids)


VERBS = ("merge", "split", "label", "arabic", "note", "wikidata", "reject", "restore", "refuse")
STEPS = st.lists(st.tuples(st.sampled_from(VERBS), st.integers(1, 6), st.integers(1, 6)), max_size=8)


@given(steps=STEPS, order=st.randoms(use_true_random=False))
@hypothesis_settings(max_examples=60, deadline=None)
def test_undoing_everything_in_any_order_gives_what_was(steps: list[tuple[str, int, int]], order: object) -> None:
    authority = made()
    before = state(authority)
    for step in steps:
        try:
            decide(authority, step)
        except (CurationError, UnknownEntity):
            continue
    left = [decision.number for decision in authority.decisions()]
    while left:
        order.shuffle(left)  # type: ignore[attr-defined]  # hypothesis has no public name for its Random
        undone = []
        for number in left:
            same = state(authority)
            try:
                authority.undo(number)
            except CurationError as error:
                assert error.reason in ("later-decisions", "wikidata-taken")
                assert state(authority) == same  # refused whole
                continue
            undone.append(number)
        assert undone, "the last one can always be undone"
        left = [number for number in left if number not in undone]
    assert state(authority) == before
    assert authority.apart() == {}


def test_the_log_tells_who_and_what() -> None:
    authority = made()
    authority.merge(["p1", "p2"])
    authority.rename("p2", "ar", "عمر الزياني")
    authority.set_note("p3", "une note")
    authority.set_note("p3", None)
    merge, label, note, gone = authority.decisions()
    assert (merge.entities, merge.names) == (("p1", "p2"), ("Louis Arnaud",))
    assert (label.entities, label.language, label.value) == (("p1",), "ar", "عمر الزياني")
    assert (note.value, gone.value) == ("une note", None)
    assert authority.decisions("p2") == [merge, label] == authority.decisions("p1")
    assert authority.decision(2) == label and authority.decision(9) is None and authority.decision(1 << 80) is None
    assert authority.last_decision == 4
    with pytest.raises(UnknownEntity):
        authority.decisions("p99")


def test_only_what_rests_on_a_decision_keeps_it() -> None:
    authority = made()
    authority.rename("p1", "fr", "Un")  # 1
    authority.rename("p1", "ar", "واحد")  # 2
    authority.merge(["p3", "p4"])  # 3
    authority.rename("p1", "fr", "Deux")  # 4
    authority.undo(2)
    with pytest.raises(CurationError, match="undo 4 first"):
        authority.undo(1)
    authority.undo(3)
    authority.undo(4)
    authority.undo(1)
    assert authority.entity("p1").labels == {"fr": "Fouad Lamrani"}
    for number, reason in (
        (1, "undone-already"),
        (9, "unknown-decision"),
        (0, "unknown-decision"),
        (-1 << 70, "unknown-decision"),
    ):
        with pytest.raises(CurationError) as caught:
            authority.undo(number)
        assert caught.value.reason == reason
    with pytest.raises(CurationError) as caught:
        authority.undo()
    assert caught.value.reason == "nothing-left"


def test_a_rejection_is_taken_back_by_whom_it_may_concern() -> None:
    authority = made()
    authority.set_wikidata("p1", "Q42")
    authority.reject("p1")
    assert [one.id for one in authority.rejected()] == ["p1"] and authority.rejected("organisation") == []
    authority.set_wikidata("p2", "Q42")
    with pytest.raises(CurationError) as caught:
        authority.restore("p1")
    assert caught.value.reason == "wikidata-taken" and authority.rejected()
    authority.set_wikidata("p2", None)
    authority.restore("p1")
    assert authority.entity("p1").wikidata == "Q42" and not authority.rejected()
    with pytest.raises(CurationError) as caught:
        authority.restore("p1")
    assert caught.value.reason == "not-rejected"
    authority.undo()
    assert authority.rejected()


def test_decisions_of_an_older_log_are_read() -> None:
    """Before, a merge did not keep who stayed, nor a statement what was stated."""
    authority = made()
    authority.merge(["p1", "p2"])
    authority.set_note("p3", "une note")
    authority.connection.execute("UPDATE decisions SET before = json_remove(before, '$.into', '$.new')")
    merge, note = authority.decisions()
    assert merge.entities == ("p2",) and note.value is None
    assert authority.decisions("p1") == [merge]
    authority.undo(1)
    assert authority.entity("p2").id == "p2"
