import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kashaf.analyzers.name_key import MAX_KEYS, MAX_WORD, MAX_WORDS, joined_words, name_words, spoken_words, word_keys

SPELT = st.text(alphabet="abdelkrim ghouschاأعبدالكريمةىء َُ-'’.ABD\u200f\u0640\u0301\ud800", max_size=60)


@pytest.mark.parametrize(
    "rule, name, forms",
    [
        ("the article is cut", "السغروشني", ["l-سغروشني"]),
        ("an article that stands alone", "El Fallah", ["l-fallah"]),
        ("an assimilated article", "es-Sebsi", ["l-sebsi"]),
        ("es is no article before another letter", "es Fallah", ["es", "fallah"]),
        ("ben joins", "Ben Barka", ["bn-barka"]),
        ("bin and an article", "bin al-Hassan", ["bn-hassan"]),
        ("fused ben", "Benkirane", ["bn-kirane"]),
        ("fused بن", "بنكيران", ["bn-كيران"]),
        ("abd and its article", "Abd al-Rahman", ["bd-rahman"]),
        ("fused abd, l before a letter", "Abdelkrim", ["bd-krim"]),
        ("fused abd, doubled consonant", "Abderrahmane", ["bd-rrahmane"]),
        ("fused abd, an l that may be the article's", "Abdelatif", ["bd-l-atif"]),
        ("fused عبدال", "عبدالعزيز", ["bd-عزيز"]),
        ("Abdou is a name of its own", "Abdou", ["abdou"]),
        ("ad-Din belongs to the word before", "Nour ad-Din", ["nourdin"]),
        ("الدين too", "نور الدين", ["نوردين"]),
        ("Allah belongs to the word before", "Nasr Allah", ["nasrlah"]),
        ("abou joins", "أبو زيد", ["b-زيد"]),
        ("nothing is joined to nothing", "Ben", ["ben"]),
        ("daughter of, in one spelling", "Aïcha Bint Boubacar", ["aicha", "mint", "boubacar"]),
        ("بنت too", "عائشة بنت بوبكر", ["عائشة", "منت", "بوبكر"]),
        ("apostrophes vanish", "M'hamed", ["mhamed"]),
        ("marks and controls vanish", "\u200fمُحَـمَّد\u202c", ["محمد"]),
        ("NFD is NFC", "Sai\u0308d", ["said"]),
        ("dotted letters of scholars", "Ḥusayn", ["husayn"]),
        ("digits are no words", "G20 2026", ["g"]),
        ("nothing", " \u0301'- ", []),
    ],
)
def test_words(rule: str, name: str, forms: list[str]) -> None:
    assert [word.form for word in name_words(name)] == forms


def test_an_initial_is_marked() -> None:
    assert [word.initial for word in name_words("A. Seghrouchni")] == [True, False]


@pytest.mark.parametrize(
    "latin, arabic",
    [
        ("seghrouchni", "السغروشني"),
        ("lachgar", "لشكر"),
        ("ouazzani", "الوزاني"),
        ("belkhayat", "بلخياط"),
        ("abdellatif", "عبداللطيف"),
        ("abdelatif", "عبداللطيف"),
        ("abdelaziz", "عبدالعزيز"),
        ("bourhim", "بورحيم"),
        ("farhat", "فرحات"),
        ("chakib", "شكيب"),
        ("ghellab", "غلاب"),
        ("thabet", "ثابت"),
        ("dhahabi", "الذهبي"),
        ("hollande", "أولاند"),
        ("macron", "ماكرون"),
        ("ali", "علي"),
        ("alaoui", "علوي"),
        ("nouh", "نوح"),
    ],
)
def test_both_scripts_share_a_key(latin: str, arabic: str) -> None:
    assert set(word_keys(latin)) & set(word_keys(arabic))


def test_a_word_without_consonants_has_a_key_of_its_half_vowels() -> None:
    assert word_keys("aya") == ("~y",)


def test_no_key_for_no_word() -> None:
    assert word_keys("") == word_keys("2026") == word_keys("—") == ()


def test_neighbours_that_may_be_one_word() -> None:
    name = "Serge Tour-Sarkissian"
    assert "tour sarkissian" in [word.form for _, word in joined_words(name, name_words(name))]
    assert joined_words("Driss Lachgar", name_words("Driss Lachgar")) == []


def test_slices_of_a_list_of_words() -> None:
    words = spoken_words(["ministre", "abd", "el", "aziz", "rabbah"])
    assert [(start, end) for _, start, end in words] == [(0, 1), (1, 4), (4, 5)]


@settings(max_examples=200)
@given(st.one_of(st.text(max_size=80), SPELT))
def test_any_text_has_bounded_words_and_keys(name: str) -> None:
    words = name_words(name)
    assert len(words) <= MAX_WORDS
    assert all(len(word.keys) <= MAX_KEYS + 1 for word in words)
    assert [word.form for word in name_words(name)] == [word.form for word in words]


@pytest.mark.parametrize("letter", ["a", "ا", "\u0301", "\u202e", "ـ", "b'", "ﷺ", "\ud800", "ب-"])
def test_a_megabyte_of_one_letter(letter: str) -> None:
    words = name_words(letter * 1_000_000)
    assert sum(len(word.form) for word in words) <= 4 * MAX_WORD * MAX_WORDS
