import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kashaf.index.ministries import ministry, same_ministry


@pytest.mark.parametrize(
    "rule, name, portfolios, country",
    [
        ("French", "ministère de la Santé", {"health"}, None),
        ("Arabic", "وزارة الصحة", {"health"}, None),
        ("English", "Ministry of Health", {"health"}, None),
        ("a country as an adjective", "ministère marocain des Affaires étrangères", {"foreign"}, "ma"),
        ("a country as a name", "ministère de la Justice du Qatar", {"justice"}, "qa"),
        ("an Arabic adjective", "وزارة الداخلية الجزائرية", {"interior"}, "dz"),
        ("several portfolios", "وزارة الشباب والثقافة والاتصال", {"youth", "culture", "communication"}, None),
        ("the longest phrase", "ministère de l'Enseignement supérieur", {"higher-education"}, None),
        ("a phrase with and", "وزارة الأوقاف والشؤون الإسلامية", {"islamic"}, None),
    ],
)
def test_ministries(rule: str, name: str, portfolios: set[str], country: str | None) -> None:
    found = ministry(name)
    assert found is not None
    assert (set(found.portfolios), found.country) == (portfolios, country)


@pytest.mark.parametrize(
    "rule, name",
    [
        ("no head word", "Santé du Maroc"),
        ("no portfolio", "ministère marocain"),
        ("an unknown word", "ministère de la Magie"),
        ("two countries", "ministère marocain de la Santé du Qatar"),
        ("two ministries", "ministère de la Santé ministère de la Justice"),
        ("nothing", ""),
    ],
)
def test_no_ministry(rule: str, name: str) -> None:
    assert ministry(name) is None


@pytest.mark.parametrize(
    "one, other",
    [
        ("ministère tunisien de la Santé", "وزارة الصحة التونسية"),
        ("ministère de l'Intérieur du Maroc", "وزارة الداخلية المغربية"),
        ("Qatari Ministry of Foreign Affairs", "وزارة الخارجية القطرية"),
        ("ministère saoudien du Hadj et de la Omra", "وزارة الحج والعمرة السعودية"),
    ],
)
def test_one_ministry(one: str, other: str) -> None:
    assert same_ministry(one, other)


def test_without_a_country_it_may_be_anothers() -> None:
    assert not same_ministry("ministère de la Santé", "وزارة الصحة")


@settings(max_examples=50)
@given(st.text(alphabet="ministère وزارة santé الصحةdu,«»", max_size=60))
def test_any_text_is_read(text: str) -> None:
    found = ministry(text)
    assert found is None or found.portfolios
