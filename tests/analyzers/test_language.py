"""Languages are told by letters and by words of grammar."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kashaf.analyzers.language import detect


@pytest.mark.parametrize(
    "text, language",
    [
        ("La ministre a présenté à Rabat le plan de la transition numérique.", "fr"),
        ("Le président du conseil et les élus de la région se sont réunis.", "fr"),
        ("Numérique : Rabat accélère", "fr"),
        ("أعلنت الوزيرة في الرباط عن خطة التحول الرقمي", "ar"),
        ("The minister said that the plan was ready and that it would start in May.", "en"),
        ("El presidente dijo que las reformas son necesarias para el país.", "es"),
        ("Der Minister hat gesagt, dass die Lage ernst ist.", "de"),
        ("O presidente disse que não há mais tempo para o país.", "pt"),
        ("Il ministro ha detto che la riforma non è ancora pronta.", "it"),
        ("وزیر امور خارجه ایران گفت که این توافق برای همه خوب است", "fa"),
        ("وزیر اعظم نے کہا کہ پاکستان میں ہر شہری کے حقوق کا تحفظ کیا جائے گا", "ur"),
        ("الملک محمد السادس يستقبل الوزير الأول في القصر الملكي", "ar"),
        ("وصل لاعب أڭادير إلى پاريس رفقة مدرب گلميم", "ar"),
        ("ⵜⴰⵎⴰⵣⵉⵖⵜ", "zgh"),
        ("日本語のテスト", "ja"),
        ("", "und"),
        ("2026 – 12 %", "und"),
        ("\ud800\u0000", "und"),
        ("Правительство", "und"),
    ],
)
def test_detect(text: str, language: str) -> None:
    assert detect(text) == language


def test_a_mixed_text_is_in_the_language_of_most_letters() -> None:
    arabic = "افتتحت الوزيرة أشغال اليوم الدراسي حول الذكاء الاصطناعي بالرباط"
    assert detect(f"{arabic} « AI Made in Morocco »") == "ar"
    assert detect(f"La journée « {arabic[:20]} » s’est tenue à Rabat avec les responsables de la région.") == "fr"


@given(st.text(st.characters(codec=None)))
@settings(max_examples=200, deadline=None)
def test_any_text_has_an_answer(text: str) -> None:
    assert detect(text)
