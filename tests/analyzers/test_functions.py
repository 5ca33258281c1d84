"""The function that stands beside a person."""

import pytest

from kashaf.analyzers.functions import function_beside

QATAR = "ministre qatari des Communications et des Technologies de l'Information"
AMAL = "ministre déléguée chargée de la Transition numérique et de la Réforme de l'administration"


@pytest.mark.parametrize(
    "text, name, function",
    [
        (f"Le {QATAR}, M. Karim Haddad, part.", "Karim Haddad", QATAR),
        (f"La {AMAL}, Mme Leïla Haddad, a tenu une réunion.", "Leïla Haddad", AMAL),
        ("Le président américain Karim Haddad répond.", "Karim Haddad", "président américain"),
        ("Le président de la République Karim Haddad.", "Karim Haddad", "président de la République"),
        ("Le nouveau Premier ministre Karim Haddad parle.", "Karim Haddad", "nouveau Premier ministre"),
        ("Karim Haddad, ministre de l'Intérieur, parle.", "Karim Haddad", "ministre de l'Intérieur"),
        ("Karim Haddad, l'ancien directeur de la banque.", "Karim Haddad", "ancien directeur de la banque"),
        ("Le ministre est parti. Karim Haddad reste.", "Karim Haddad", None),
        ("Le ministre a reçu Karim Haddad.", "Karim Haddad", None),
        ("Son épouse, Leïla Haddad, était là.", "Leïla Haddad", None),
        ("Karim Haddad", "Karim Haddad", None),
        ("بحضور سفير المملكة المغربية بدولة قطر، محمد ستري، حيث", "محمد ستري", "سفير المملكة المغربية بدولة قطر"),
        ("أجرت وزيرة الانتقال الرقمي، السيدة أمل الفلاح، أمس", "أمل الفلاح", "وزيرة الانتقال الرقمي"),
        ("وقال الرئيس الأمريكي دونالد ترامب إن الأمر", "دونالد ترامب", "الرئيس الأمريكي"),
        ("التقى بين الزعيم كيم جونغ والرئيس الأميركي دونالد ترامب", "دونالد ترامب", "الرئيس الأميركي"),
        ("وقع الهجوم ضد مقر للرئيس السوري بشار الأسد", "بشار الأسد", "الرئيس السوري"),
        ("قال إن محمد ستري غادر", "محمد ستري", None),
    ],
)
def test_function_beside_a_name(text: str, name: str, function: str | None) -> None:
    start = text.index(name)
    assert function_beside(text, start, start + len(name)) == function


@pytest.mark.parametrize("unit", ["ministre ", "ministre, ", "M. ", "وزير ", "وزير، ", " ", "\ud800", "de "])
def test_any_text(unit: str) -> None:
    text = unit * 2_000 + "Karim" + unit * 2_000
    start = text.index("Karim")
    found = function_beside(text, start, start + 5)
    assert found is None or found.strip() in text
