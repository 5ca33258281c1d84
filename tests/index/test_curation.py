"""Decisions: labels, Wikidata ids, notes, refusals, and files of decisions."""

import json
import sqlite3
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kashaf.errors import CurationError, UnknownEntity
from kashaf.index.article import Kind
from kashaf.index.authority import Authority
from kashaf.index.authority_schema import SCHEMA
from kashaf.index.curated_text import cleaned, is_plain_name
from kashaf.index.decision_file import parsed, written

NAMES = ["Amal El Fallah Seghrouchni", "Mohamed Setri", "محمد ستري", "Nasser Bourita", "Slim Gharbi", "Hind Cherkaoui"]
HEADER = b'{"kashaf": "decisions", "version": 1}\n'


def empty() -> Authority:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.executescript(SCHEMA)
    return Authority(connection)


def filled(names: list[str] = NAMES) -> Authority:
    authority = empty()
    authority.resolve(("person", [name]) for name in names)
    authority.resolve([("organisation", ["ONU"]), ("organisation", ["Banque Atlas"])])
    return authority


@pytest.fixture
def authority() -> Iterator[Authority]:
    made = filled()
    yield made
    made.connection.close()


def id_of(authority: Authority, name: str, kind: Kind = "person") -> str:
    return f"{kind[0]}{authority.numbers(kind)[name]}"


def tables(authority: Authority) -> list[object]:
    """Everything that a decision could change, the log included."""
    names = ("entities", "variants", "name_marks", "decisions", "moves", "authority_version")
    return [authority.connection.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall() for name in names]


def buckets(authority: Authority) -> set[tuple[str, frozenset[str]]]:
    """Who is who, whatever the ids."""
    return {(e.kind, frozenset(name for name, _ in e.variants)) for e in authority.entities()}


def exported(authority: Authority) -> str:
    return written(authority.export_decisions())


def bring(authority: Authority, text: str) -> bool:
    return authority.import_decisions(parsed(text.encode(), "file"), "file")


# ---------------------------------------------------------------- what is typed


@pytest.mark.parametrize(
    "rule, text, expected",
    [
        ("blanks", "  Mohamed \n\t Setri ", "Mohamed Setri"),
        ("bidi controls", "\u202eMohamed\u2066 Setri\u200f", "Mohamed Setri"),
        ("NUL and controls", "Mohamed\x00 Set\x1b\x7fri", "Mohamed Setri"),
        ("a heap of marks", "Se" + "\u0300" * 400 + "tri", "Sè\u0300\u0300\u0300tri"[:2] + "\u0300\u0300\u0300tri"),
        ("vowels stay", "مُحَمَّد", "مُحَمَّد"),
        ("a joiner is spelling", "می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_text_is_cleaned(rule: str, text: str, expected: str) -> None:
    assert cleaned(text, 200) == expected


@pytest.mark.parametrize(
    "text", ["", " \n", "\u0301" * 500, "\u202e" * 500, "a" * 201, "a" * 20_000, "Setri \ud800", "«…»"]
)
def test_text_is_refused(text: str) -> None:
    with pytest.raises(CurationError):
        cleaned(text, 200)


@settings(max_examples=100)
@given(st.text(max_size=60))
def test_cleaned_text_is_clean(text: str) -> None:
    try:
        found = cleaned(text, 50)
    except CurationError:
        return
    assert cleaned(found, 50) == found and is_plain_name(found) and len(found) <= 50


# ---------------------------------------------------------------- labels, Wikidata, notes


def test_what_is_stated_shows_and_can_be_undone(authority: Authority) -> None:
    entity_id = id_of(authority, "Nasser Bourita")
    authority.rename(entity_id, "ar", "ناصر \u202eبوريطة")
    authority.set_wikidata(entity_id, " Q6967 ")
    authority.set_note(entity_id, "ministre")
    entity = authority.entity(entity_id)
    assert (entity.labels["ar"], entity.wikidata, entity.note) == ("ناصر بوريطة", "Q6967", "ministre")
    assert [authority.undo().split()[0] for _ in range(3)] == ["note", "wikidata", "rename"]
    entity = authority.entity(entity_id)
    assert (entity.labels, entity.wikidata, entity.note) == ({"fr": "Nasser Bourita"}, None, None)


def test_what_is_stated_can_be_removed(authority: Authority) -> None:
    entity_id = id_of(authority, "Nasser Bourita")
    authority.rename(entity_id, "fr", "N. Bourita")
    authority.set_note(entity_id, "ministre")
    authority.rename(entity_id, "fr", None)
    authority.set_note(entity_id, None)
    entity = authority.entity(entity_id)
    assert (entity.label, entity.note) == ("Nasser Bourita", None)
    authority.undo()
    assert authority.entity(entity_id).note == "ministre"


def test_the_same_again_is_no_decision(authority: Authority) -> None:
    entity_id = id_of(authority, "Nasser Bourita")
    authority.set_note(entity_id, "ministre")
    before = tables(authority)
    authority.set_note(entity_id, "ministre ")
    authority.rename(entity_id, "fr", None)
    assert tables(authority) == before


@pytest.mark.parametrize(
    "wikidata", ["", "Q", "q42", "Q0", "Q01", "42", "Q4x", "Q٤٢", "Q" + "9" * 30, "Q42 Q43", "https://x/Q42"]
)
def test_no_wikidata_id(authority: Authority, wikidata: str) -> None:
    before = tables(authority)
    with pytest.raises(CurationError, match="Q and digits"):
        authority.set_wikidata("p1", wikidata)
    assert tables(authority) == before


def test_a_wikidata_id_is_one_entitys(authority: Authority) -> None:
    authority.set_wikidata("p1", "Q42")
    with pytest.raises(CurationError, match="p1 already"):
        authority.set_wikidata("p2", "Q42")
    authority.merge(["p2", "p1"])
    authority.set_wikidata("p2", "Q42")


# ---------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    "rule, error, decide",
    [
        ("a person and an organisation", CurationError, lambda a: a.merge(["p1", id_of(a, "ONU", "organisation")])),
        ("a cycle", CurationError, lambda a: (a.merge(["p1", "p2"]), a.merge(["p2", "p1"]))),
        ("an entity with itself", CurationError, lambda a: a.merge(["p1", "p1"])),
        ("an unknown id", UnknownEntity, lambda a: a.merge(["p1", "p999"])),
        ("a rejected id", UnknownEntity, lambda a: (a.reject("p1"), a.merge(["p2", "p1"]))),
        ("an id of marks", UnknownEntity, lambda a: a.merge(["p1", "p" + "\u0301" * 500])),
        ("an id with half a pair", UnknownEntity, lambda a: a.merge(["p1", "\ud800"])),
        ("a split of 500 letters", CurationError, lambda a: a.split("p2", ["x" * 500])),
        ("a split of marks", CurationError, lambda a: a.split("p2", ["\u0301" * 500])),
        ("a split of bidi controls", CurationError, lambda a: a.split("p2", ["\u202e" * 500])),
        ("a label of 500 letters", CurationError, lambda a: a.rename("p1", "fr", "x" * 500)),
        ("a label of marks", CurationError, lambda a: a.rename("p1", "fr", "\u0301" * 500)),
        ("a label of bidi controls", CurationError, lambda a: a.rename("p1", "ar", "\u202e" * 500)),
        ("a label with half a pair", CurationError, lambda a: a.rename("p1", "ar", "\ud800x")),
        ("a note without end", CurationError, lambda a: a.set_note("p1", "x " * 100_000)),
        ("refusing one", CurationError, lambda a: a.refuse("p1", "p1")),
        ("refusing two kinds", CurationError, lambda a: a.refuse("p1", id_of(a, "ONU", "organisation"))),
        ("refusing nobody", UnknownEntity, lambda a: a.refuse("p1", "p999")),
    ],
)
def test_refused(
    authority: Authority, rule: str, error: type[Exception], decide: Callable[[Authority], object]
) -> None:
    with pytest.raises(error):
        decide(authority)


def test_apart_follows_splits_and_merges(authority: Authority) -> None:
    setri, bourita, gharbi = (id_of(authority, name) for name in ("Mohamed Setri", "Nasser Bourita", "Slim Gharbi"))
    authority.refuse(setri, bourita)
    authority.refuse(bourita, setri)
    arabic = authority.split(setri, ["محمد ستري"])
    authority.merge([gharbi, bourita])
    numbers = [int(each[1:]) for each in (setri, arabic, gharbi)]
    assert authority.apart() == {
        numbers[0]: {numbers[1], numbers[2]},
        numbers[1]: {numbers[0], numbers[2]},
        numbers[2]: {numbers[0], numbers[1]},
    }
    assert [decision.verb for decision in authority.decisions()] == ["refuse", "split", "merge"]
    for _ in range(3):
        authority.undo()
    assert authority.apart() == {}


# ---------------------------------------------------------------- files


def decide_much(authority: Authority) -> None:
    authority.split(id_of(authority, "Mohamed Setri"), ["محمد ستري"])
    authority.merge([id_of(authority, "Nasser Bourita"), id_of(authority, "Slim Gharbi")])
    authority.rename(id_of(authority, "Nasser Bourita"), "ar", "ناصر بوريطة")
    authority.reject(id_of(authority, "Hind Cherkaoui"))
    authority.set_wikidata(id_of(authority, "ONU", "organisation"), "Q1065")
    authority.set_note(id_of(authority, "Banque Atlas", "organisation"), "fermée\u2028en 1998")
    authority.refuse(id_of(authority, "Nasser Bourita"), id_of(authority, "Mohamed Setri"))


def test_a_file_is_plain_and_in_order(authority: Authority) -> None:
    decide_much(authority)
    lines = [json.loads(line) for line in exported(authority).splitlines()]
    assert lines[0] == {"kashaf": "decisions", "version": 1}
    assert lines[1:] == [
        {"kind": "organisation", "names": ["Banque Atlas"], "note": "fermée en 1998"},
        {"kind": "organisation", "names": ["ONU"], "wikidata": "Q1065"},
        {"kind": "person", "names": ["Hind Cherkaoui"], "rejected": True},
        {"kind": "person", "names": ["Mohamed Setri"]},
        {"kind": "person", "names": ["Nasser Bourita", "Slim Gharbi"], "labels": {"ar": "ناصر بوريطة"}},
        {"kind": "person", "names": ["محمد ستري"]},
        {"kind": "person", "apart": ["Mohamed Setri", "Nasser Bourita"]},
        {"kind": "person", "apart": ["Mohamed Setri", "محمد ستري"]},
    ]


def test_what_was_undone_is_not_in_the_file(authority: Authority) -> None:
    authority.reject("p1")
    authority.undo()
    assert exported(authority).splitlines() == [HEADER.decode().strip()]


@pytest.mark.parametrize("names", [NAMES, NAMES[::-1], NAMES[:2], []])
def test_a_file_fits_another_archive(authority: Authority, names: list[str]) -> None:
    decide_much(authority)
    text = exported(authority)
    other = filled(names)
    assert bring(other, text)
    assert exported(other) == text, "what comes in goes out"
    # Articles that come again change nothing of it.
    other.resolve(("person", [name]) for name in NAMES)
    assert exported(other) == text
    before = tables(other)
    assert not bring(other, text)
    assert tables(other) == before, "a second time changes nothing"
    other.connection.close()


def test_one_undo_takes_a_file_back(authority: Authority) -> None:
    other = filled(NAMES[:4])
    decide_much(authority)
    before = buckets(other)
    stated = other.connection.execute("SELECT number, label_ar, note, rejected FROM entities").fetchall()
    bring(other, exported(authority))
    assert buckets(other) != before
    assert other.undo().startswith("import file")
    came = {("person", frozenset([name])) for name in NAMES[4:]}
    assert buckets(other) == before | came, "names that came with it stay, each an entity of its own"
    assert (
        other.connection.execute(
            "SELECT number, label_ar, note, rejected FROM entities WHERE number <= ?", (len(stated),)
        ).fetchall()
        == stated
    )
    other.connection.close()


def test_other_spellings_go_along_with_a_merge() -> None:
    """The archive knows a spelling that the file does not."""
    authority = filled([*NAMES, "NASSER BOURITA"])
    bring(authority, HEADER.decode() + '{"kind": "person", "names": ["Slim Gharbi", "Nasser Bourita"]}\n')
    assert ("person", frozenset(["Slim Gharbi", "Nasser Bourita", "NASSER BOURITA"])) in buckets(authority)
    authority.connection.close()


def test_ids_that_a_file_merges_go_on_working(authority: Authority) -> None:
    one, other = (id_of(authority, name) for name in ("Nasser Bourita", "Slim Gharbi"))
    bring(authority, HEADER.decode() + '{"kind": "person", "names": ["Slim Gharbi", "Nasser Bourita"]}\n')
    assert authority.entity(one) == authority.entity(other)


@pytest.mark.parametrize(
    "rule, line, reason",
    [
        ("not JSON", b"{", "line 3: is not JSON"),
        ("not UTF-8", b'{"kind": "\xff"}', "line 3: is not UTF-8"),
        ("not an object", b"[]", "line 3: is not a JSON object"),
        ("deep", b"[" * 100_000, "line 3: is not JSON"),
        ("too long", b'"' + b"x" * (1 << 20) + b'"', "line 3: has 1048578 bytes"),
        ("a member twice", b'{"kind": "person", "kind": "person"}', "line 3: has a member twice"),
        ("an unknown member", b'{"kind": "person", "names": ["X"], "id": 1}', "line 3: has a member 'id'"),
        ("an unknown kind", b'{"kind": "place", "names": ["X"]}', "line 3: kind"),
        ("no names", b'{"kind": "person", "names": []}', "line 3: names"),
        ("a name that is none", b'{"kind": "person", "names": [1]}', "line 3: names"),
        ("a name of marks", b'{"kind": "person", "names": ["\\u0301\\u0301"]}', "line 3: names"),
        ("a name of bidi controls", b'{"kind": "person", "names": ["\\u202eSetri"]}', "line 3: names"),
        ("half a surrogate pair", b'{"kind": "person", "names": ["Setri \\ud800"]}', "line 3: names"),
        ("a name of 500 letters", b'{"kind": "person", "names": ["' + b"x" * 500 + b'"]}', "line 3: names"),
        ("a name twice", b'{"kind": "person", "names": ["X", "X"]}', "line 3: names"),
        ("a name in two entities", b'{"kind": "person", "names": ["X", "Slim Gharbi"]}', "line 3: 'Slim .* line 2"),
        ("a label in German", b'{"kind": "person", "names": ["X"], "labels": {"de": "X"}}', "line 3: labels"),
        ("an empty label", b'{"kind": "person", "names": ["X"], "labels": {"fr": ""}}', "line 3: label fr"),
        ("no Wikidata id", b'{"kind": "person", "names": ["X"], "wikidata": 42}', "line 3: '42'"),
        ("a Wikidata id twice", b'{"kind": "person", "names": ["X"], "wikidata": "Q42"}', "line 3: Q42 .* line 2"),
        ("an id of the archive", b'{"kind": "person", "names": ["X"], "wikidata": "Q7"}', "line 3: .* person 1 "),
        ("no note", b'{"kind": "person", "names": ["X"], "note": 1}', "line 3: note"),
        ("rejected perhaps", b'{"kind": "person", "names": ["X"], "rejected": 1}', "line 3: rejected"),
        ("apart from itself", b'{"kind": "person", "apart": ["Slim Gharbi", "S. Gharbi"]}', "line 3: .* one person"),
        ("two kinds", b'{"kind": "person", "apart": ["ONU", "S. Gharbi"]}', "line 3: 'ONU' is a name of no"),
        ("three apart", b'{"kind": "person", "apart": ["A", "B", "C"]}', "line 3: apart: not two"),
    ],
)  # fmt: skip
def test_a_bad_file_changes_nothing(authority: Authority, rule: str, line: bytes, reason: str) -> None:
    authority.set_wikidata("p1", "Q7")
    before = tables(authority)
    good = b'{"kind": "person", "names": ["Slim Gharbi", "S. Gharbi"], "wikidata": "Q42"}\n'
    with pytest.raises(CurationError, match=reason) as raised:
        authority.import_decisions(parsed(HEADER + good + line + b"\n", "file"), "file")
    assert tables(authority) == before
    assert "nothing was changed" in str(raised.value) and len(str(raised.value)) < 300


@pytest.mark.parametrize(
    "header",
    [b"", b"\n", b"{}", b'{"kashaf": "decisions"}', b'{"kashaf": "decisions", "version": 2}', b"kind,names",
     b'{"kashaf": "decisions", "version": true}', b'{"kind": "person", "names": ["X"]}'],
)  # fmt: skip
def test_another_file_or_version_is_refused(header: bytes) -> None:
    with pytest.raises(CurationError, match="line 1"):
        parsed(header + b"\n", "file")


@settings(max_examples=100)
@given(st.binary(max_size=80))
def test_any_bytes_are_read_or_refused(line: bytes) -> None:
    try:
        parsed(HEADER + line, "file")
    except CurationError:
        pass


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 8), st.integers(0, 8)), max_size=8))
def test_any_decisions_come_back(steps: list[tuple[int, int, int]]) -> None:
    """Exported, imported into another archive and exported again, they are the same; undone, all is as before."""
    here, there = filled(), filled()
    for act, a, b in steps:
        everyone = here.entities()
        one, other = everyone[a % len(everyone)], everyone[b % len(everyone)]
        acts: list[Callable[[], object]] = [
            lambda one=one, other=other: here.merge([one.id, other.id]),  # type: ignore[misc]
            lambda one=one: here.split(one.id, [one.variants[0][0]]),  # type: ignore[misc]
            lambda one=one: here.rename(one.id, "fr", "Label"),  # type: ignore[misc]
            lambda one=one: here.reject(one.id),  # type: ignore[misc]
            lambda one=one, other=other: here.refuse(one.id, other.id),  # type: ignore[misc]
            lambda one=one: here.set_note(one.id, "note"),  # type: ignore[misc]
            lambda: here.undo(),
        ]
        try:
            if len(everyone) > 1:
                acts[act]()
        except CurationError:
            pass
    text = exported(here)
    before = buckets(there)
    changed = bring(there, text)
    assert exported(there) == text
    assert not bring(there, text)
    if changed:
        there.undo()
    assert buckets(there) == before
    here.connection.close()
    there.connection.close()


# ---------------------------------------------------------------- what goes along with a merge


def test_a_merge_carries_what_librarians_said(authority: Authority) -> None:
    one, other, third = (id_of(authority, name) for name in NAMES[1:4])
    authority.set_note(one, "ambassadeur")
    authority.set_note(third, "à Doha")
    authority.set_wikidata(third, "Q42")
    authority.rename(third, "ar", "محمد ستري")
    authority.rename(one, "fr", "M. Setri")
    authority.rename(third, "fr", "N. Bourita")
    before = tables(authority)[:2]
    assert authority.merge([one, third]) == one
    kept = authority.entity(third)
    assert (kept.id, kept.wikidata, kept.note) == (one, "Q42", "ambassadeur · à Doha")
    assert dict(kept.pinned) == {"fr": "M. Setri", "ar": "محمد ستري"}
    authority.undo()
    assert tables(authority)[:2] == before
    assert other


def test_two_wikidata_ids_are_not_merged_unasked(authority: Authority) -> None:
    one, other = (id_of(authority, name) for name in NAMES[3:5])
    authority.set_wikidata(one, "Q1")
    authority.set_wikidata(other, "Q2")
    before = tables(authority)
    with pytest.raises(CurationError, match=f"{one} is Q1 and {other} is Q2 on Wikidata"):
        authority.merge([one, other])
    assert tables(authority) == before
    assert authority.merge([one, other], force=True) == one
    assert authority.entity(other).wikidata == "Q1"
    authority.undo()
    assert authority.entity(other).wikidata == "Q2"


def test_two_well_known_organisations_are_not_merged_unasked(authority: Authority) -> None:
    names = ["Mouvement Ennahdha", "Nidaa Tounes"]
    authority.resolve(("organisation", [name]) for name in names)
    with pytest.raises(CurationError, match="on Wikidata"):
        authority.merge([id_of(authority, name, "organisation") for name in names])


def test_a_note_too_long_to_be_joined_stays_alone(authority: Authority) -> None:
    one, other = (id_of(authority, name) for name in NAMES[3:5])
    authority.set_note(one, "a" * 1_500)
    authority.set_note(other, "b" * 1_500)
    authority.merge([one, other])
    assert authority.entity(one).note == "a" * 1_500


def test_a_cycle_is_refused(authority: Authority) -> None:
    one, other = (id_of(authority, name) for name in NAMES[3:5])
    authority.merge([one, other])
    before = tables(authority)
    for ids in ([other, one], [one, one], [one]):
        with pytest.raises(CurationError, match="two or more different"):
            authority.merge(ids)
    assert tables(authority) == before


@pytest.mark.parametrize(
    "rule, name",
    [
        ("500 letters", "Mohamed " + "e" * 492),
        ("500 words", "et " * 500),
        ("combining marks", "Mohamed Set\u0301" + "\u0301" * 500 + "ri"),
        ("marks alone", "\u0301" * 20),
        ("bidi controls", "\u202eMohamed \u2066Setri\u2069"),
        ("an unfinished isolate", "\u2067\u2067\u2067Setri"),
        ("half a surrogate pair", "Mohamed \ud83d Setri"),
        ("no letters", "-- ' --"),
        ("nothing", ""),
    ],
)
@pytest.mark.parametrize("kind", ["person", "organisation"])
def test_odd_names_are_taken_or_refused(authority: Authority, kind: Kind, rule: str, name: str) -> None:
    """Articles may say anything: nothing raises, and librarians' commands clean it or refuse it with a reason."""
    authority.resolve([(kind, [name, "Karim Tazi"])], [(kind, name, "ABC")], [(name, "ministre"), ("x", name)])
    authority.forget([(kind, [name])], [(name, "ministre")])
    authority.find(kind, name)
    authority.expand(name.split())
    entity = id_of(authority, "Karim Tazi", kind)
    acts: list[Callable[[], object]] = [
        lambda: authority.rename(entity, "fr", name),
        lambda: authority.set_note(entity, name),
        lambda: authority.split(entity, [name]),
    ]
    for act in acts:
        try:
            act()
        except CurationError as error:
            assert str(error)
    label = authority.entity(entity).labels["fr"]
    assert len(label) <= 200 and not set(label) & set("\u202e\u2066\u2067\u2069\ud83d")
    assert parsed(exported(authority).encode(), "file").apart == ()
