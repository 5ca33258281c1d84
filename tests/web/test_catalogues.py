"""The interface speaks three languages completely."""

from __future__ import annotations

import re

import pytest

from kashaf.web import catalogues
from kashaf.web.locales import LANGUAGES


def test_every_language_but_english_has_a_catalogue() -> None:
    assert set(catalogues.LANGUAGES) | {"en"} == set(LANGUAGES)


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_every_sentence_is_translated(language: str) -> None:
    assert len(catalogues.sentences()) > 150
    assert catalogues.missing(language) == []


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_no_translation_is_left_over(language: str) -> None:
    known = {message.id for message in catalogues.sentences()}
    assert [m.id for m in catalogues.translated(language) if m.id and m.id not in known] == []


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_the_compiled_file_is_in_step(language: str) -> None:
    """After a change: python -m kashaf.web.catalogues"""
    assert catalogues.compiled_file(language).read_bytes() == catalogues.compiled(language)


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_translations_have_the_same_blanks_to_fill(language: str) -> None:
    for message in catalogues.translated(language):
        if isinstance(message.id, str) and message.id:
            assert set(re.findall(r"%\(\w+\)s", str(message.string))) == set(re.findall(r"%\(\w+\)s", message.id))


def test_arabic_has_six_forms_of_the_plural() -> None:
    assert catalogues.translated("ar").num_plurals == 6
