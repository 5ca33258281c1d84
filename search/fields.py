"""The names that fields go by in a query: English, French and Arabic ones, in any spelling."""

from __future__ import annotations

from typing import Literal

from kashaf.analyzers.terms import fold
from kashaf.index.article import TextField

Facet = Literal["person", "organisation", "source", "section", "language"]
Field = TextField | Facet | Literal["date"]

# The first name of each line is the canonical one.
_NAMES: dict[Field, str] = {
    "headline": "headline title titre عنوان العنوان",
    "standfirst": "standfirst chapo chapeau مقدمة المقدمة",
    "body": "body text texte corps نص النص متن المتن",
    "person": "person personne people شخص الشخص شخصية الشخصية",
    "organisation": "organisation organization org organisme منظمة المنظمة هيئة الهيئة مؤسسة المؤسسة",
    "source": "source journal newspaper مصدر المصدر جريدة الجريدة صحيفة الصحيفة",
    "section": "section rubrique قسم القسم ركن الركن",
    "language": "language lang langue لغة اللغة",
    "date": "date تاريخ التاريخ",
}

_LANGUAGES = {
    "ar": "arabic arabe عربي عربية العربية",
    "fr": "french français française فرنسي فرنسية الفرنسية",
    "en": "english anglais anglaise إنجليزي إنجليزية الإنجليزية انكليزي انكليزية الانكليزية",
    "es": "spanish espagnol espagnole إسباني إسبانية الإسبانية",
}

_FIELDS: dict[str, Field] = {fold(name): field for field, names in _NAMES.items() for name in names.split()}
_CODES = {fold(name): code for code, names in _LANGUAGES.items() for name in names.split()}


def field_named(name: str) -> Field | None:
    """The field of this name; None when no field has it.

    >>> field_named("Titre"), field_named("لغه"), field_named("foo")
    ('headline', 'language', None)
    """
    return _FIELDS.get(fold(name))


def language_code(name: str) -> str:
    """The BCP 47 code of a language by its name; what is no such name is returned as it is.

    >>> language_code("Français"), language_code("العربية"), language_code("nl")
    ('fr', 'ar', 'nl')
    """
    return _CODES.get(fold(name), name)
