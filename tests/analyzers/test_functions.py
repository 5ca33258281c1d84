"""The function that stands beside a person."""

import pytest

from kashaf.analyzers.functions import function_beside
from kashaf.analyzers.mentions import extract

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
        ("وقال مستشار محمد ستري", "محمد ستري", None),
        ("ووصل مع مستشاره محمد ستري", "محمد ستري", "مستشاره"),
        # The name belongs to what the function is about.
        ("L'ancien avocat de Leïla Haddad parle.", "Leïla Haddad", None),
        ("L'avocat des parents d'Amel Haddad parle.", "Amel Haddad", None),
        ("وقال محامي عائلة محمد ستري", "محمد ستري", None),
        ("الأمين العام لجائزة الشيخ حمدان بن راشد", "حمدان بن راشد", None),
        # Another person, whose function stands before.
        (
            "La ministre de la Ville Leïla Alami et le ministre du Port, Karim Haddad.",
            "Karim Haddad",
            "ministre du Port",
        ),
        ("Le ministre Omar Alami, Karim Haddad et d'autres.", "Karim Haddad", None),
        (
            "Ancien directeur de campagne de M. Alami, Karim Haddad sort.",
            "Karim Haddad",
            "Ancien directeur de campagne de M. Alami",
        ),
        ("قال الوزير محمد العلمي، أحمد ستري", "أحمد ستري", None),
        # A comma that closes nothing sets nothing apart.
        ("Pour le ministre de la Ville, Karim Haddad a tort.", "Karim Haddad", None),
        ("Selon le ministre de la Ville, Karim Haddad, tout va.", "Karim Haddad", "ministre de la Ville"),
        ("Face à Karim Haddad, le ministre répond.", "Karim Haddad", None),
        ("Le procureur général Karim Haddad parle.", "Karim Haddad", "procureur général"),
        # What goes on after a word with an article has one too, or is joined by a preposition.
        ("أصدر القاضي حكمه بإعدام جدعون", "جدعون", None),
        ("وقالت المتحدثة باسم وزارة الخارجية، هيذر ناورت، أمس", "هيذر ناورت", "المتحدثة باسم وزارة الخارجية"),
        ("مع رئيسة وزراء بريطانيا تيريزا ماي حيث", "تيريزا ماي", "رئيسة وزراء بريطانيا"),
        ("أثار نائب وزير التربية، ساتيا سينغ، استغراب", "ساتيا سينغ", "نائب وزير التربية"),
        ("نجح البطل العالمي وليد كتيلة اليوم", "كتيلة", "البطل العالمي"),
        ("طالب بتفسير حضور رئيس الوزراء القطري، عبد الله آل ثاني، الحفل", "عبد الله آل ثاني", "رئيس الوزراء القطري"),
        ("قال:\n«الرئيس\u202c الأول» محمد ستري", "محمد ستري", None),
        ("قال\nالمدير \u200fالعام محمد ستري", "محمد ستري", "المدير العام"),
    ],
)
def test_function_beside_a_name(text: str, name: str, function: str | None) -> None:
    assert {mention.text: mention.function for mention in extract(text)}.get(name, function) == function
    start = text.index(name)
    others = [mention for mention in extract(text) if mention.kind == "person" and mention.end <= start]
    other = (others[-1].start, others[-1].end) if others else (0, 0)
    assert function_beside(text, start, start + len(name), other=other) == function


@pytest.mark.parametrize(
    "unit", ["ministre ", "ministre, ", "M. ", "وزير ", "وزير، ", " ", "\ud800", "de ", "الوزير", "،"]
)
def test_any_text(unit: str) -> None:
    for name in ("Karim", "كريم"):
        text = f"{unit * 2_000} {name} {unit * 2_000}"
        start = text.index(name)
        found = function_beside(text, start, start + len(name))
        assert found is None or found in " ".join(text.split())
