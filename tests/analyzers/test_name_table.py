import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kashaf.analyzers.name_key import name_words
from kashaf.analyzers.name_similarity import name_similarity
from kashaf.analyzers.name_table import NameTable

PERSONS = [
    "Amal El Fallah Seghrouchni",
    "Mohamed Setri",
    "Mohamed Stati",
    "Mohamed Ali",
    "Mohammed Bin Ali Al Mannai",
    "Driss Lachgar",
    "François Hollande",
    "Serge Tour-Sarkissian",
    "Choaib Jemaa",
    "Ahmed Lachgar",
    "فاطمة الزهراء قراجة",
    "نور الدين الأزرق",
]


@pytest.fixture(scope="module")
def table() -> NameTable:
    return NameTable(PERSONS)


@pytest.mark.parametrize(
    "rule, query, found",
    [
        ("across scripts", "محمد ستري", "Mohamed Setri"),
        ("a family name alone", "السغروشني", "Amal El Fallah Seghrouchni"),
        ("another order", "Lachgar Driss", "Driss Lachgar"),
        ("from Latin to Arabic", "Noureddine Lazrek", "نور الدين الأزرق"),
        ("two parts written as one, in the query", "سيرج طورسركيسيان", "Serge Tour-Sarkissian"),
        ("no key in common", "Shuhaib Jumha", "Choaib Jemaa"),
    ],
)
def test_best(table: NameTable, rule: str, query: str, found: str) -> None:
    assert table.search(query, 1)[0][0] == found


def test_two_parts_written_as_one_in_the_table() -> None:
    assert NameTable(["Serge Torsarkissian", "Serge Sarkissian"]).search("Serge Tour-Sarkissian", 1)[0][1] > 0.9


def test_rare_words_count_for_more() -> None:
    """Beside many Mohameds, the family name decides."""
    table = NameTable(
        [*(f"Mohamed {family}" for family in ("Alaoui", "Bennis", "Chraibi", "Tazi", "Filali")), "Ahmed Setri"]
    )
    assert table.search("Mohamed Setri", 1)[0][0] == "Ahmed Setri"


def test_best_first_and_no_more_than_asked(table: NameTable) -> None:
    found = table.search("Mohamed", 3)
    assert len(found) == 3
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)


def test_nothing_is_found_for_nothing(table: NameTable) -> None:
    assert table.search("") == table.search("2026") == table.search("Setri", 0) == NameTable([]).search("Setri") == []


def test_names_added_later_are_found() -> None:
    table = NameTable(["Mohamed Setri"])
    assert table.search("بنكيران") == []
    table.add(["Abdelilah Benkirane", "Mohamed Setri", "—"])
    assert len(table) == 3
    assert table.search("بنكيران", 1)[0][0] == "Abdelilah Benkirane"


def test_the_names_that_hold_a_word(table: NameTable) -> None:
    held, nobody = table.holding([name_words("لشكر")[0], name_words("Xyz")[0]], 0.9)
    assert sorted(PERSONS[place] for place in held.names) == ["Ahmed Lachgar", "Driss Lachgar"]
    assert held.last.all() and not held.first.any() and not held.within.any()
    assert len(nobody.names) == 0


def test_a_copy_grows_alone(table: NameTable) -> None:
    copy = table.copy()
    copy.add(["Abdelilah Benkirane"])
    assert copy.search("بنكيران", 1)[0][0] == "Abdelilah Benkirane"
    assert (len(table), len(copy)) == (len(PERSONS), len(PERSONS) + 1)
    assert table.search("Setri") == NameTable(PERSONS).search("Setri")


def test_a_query_of_many_words_is_told_by_the_rarest(table: NameTable) -> None:
    assert table.search("Mohamed Ali Mohamed Ali Mohamed Ali Mohamed Lachgar Driss", 1)[0][0] == "Driss Lachgar"


@settings(max_examples=50)
@given(st.text(max_size=40))
def test_any_query_is_answered(query: str) -> None:
    assert all(0.0 <= score <= 1.0 for _, score in NameTable(PERSONS).search(query))


@settings(max_examples=50)
@given(st.lists(st.text(max_size=20), max_size=8), st.text(alphabet="abdelkrimعبدالكريم -", max_size=20))
def test_any_names_are_taken(names: list[str], query: str) -> None:
    found = NameTable(names).search(query)
    assert {name for name, _ in found} <= set(names)


def test_one_name_scores_as_a_pair() -> None:
    """With one word each, weights cancel: the table says what the pair says."""
    assert NameTable(["Seghrouchni"]).search("السغروشني")[0][1] == pytest.approx(
        name_similarity("Seghrouchni", "السغروشني"), abs=1e-4
    )
