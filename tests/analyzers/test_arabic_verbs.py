"""Forms of verbs, told by their sister forms."""

import pytest

from kashaf.analyzers.arabic_clues import fold, kinds
from kashaf.analyzers.arabic_verbs import derived_verbs, is_verb


@pytest.mark.parametrize(
    "word", ["يعترف", "تعترف", "يقترح", "ينفي", "يلتقي", "سيناقش", "ستطلق", "اعترفوا", "ويصدر", "أعلنت", "فانسحبت"]
)
def test_forms_of_verbs(word: str) -> None:
    assert is_verb(fold(word))


@pytest.mark.parametrize("word", ["يوسف", "يزيد", "تونس", "ياسر", "يمني", "وزارة", "المنتخب", "تركيا", "بيت", "وقت"])
def test_names_and_nouns_are_none(word: str) -> None:
    assert not is_verb(fold(word))


def test_no_derived_form_is_known_as_an_honorific_or_a_body() -> None:
    assert not [word for word in derived_verbs() if not {"honorific", "orghead"}.isdisjoint(kinds(word))]
