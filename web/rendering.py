"""Templates in the language of the reader, compiled once for each language.

A page has hundreds of sentences, numbers, dates and addresses. In the environment of one language each of them is
looked up without asking again whose request this is, and what was said once is remembered.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import lru_cache, partial
from types import SimpleNamespace
from typing import Any

from flask import Flask, current_app
from flask_babel import get_translations
from jinja2 import Environment
from markupsafe import Markup

from kashaf.web import locales, words
from kashaf.web.addresses import path_of
from kashaf.web.outgoing import writable

_REMEMBERED = 1 << 12  # sentences with names and numbers in them, of one language
_EXTENSION = "kashaf.templates"


class _Templates:
    """The environments of one application, by language."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._lock = threading.Lock()
        self._environments: dict[str, Environment] = {}

    def environment(self, language: str) -> Environment:
        """The environment of the language of the current request."""
        with self._lock:
            found = self._environments.get(language)
            if found is None:
                found = self._environments[language] = self._made(language)
        return found

    def _made(self, language: str) -> Environment:
        shared = self._app.jinja_env
        made = self._app.create_jinja_environment()
        made.filters.update(shared.filters)
        made.filters.update(
            readable_date=partial(locales.date_in, language),
            readable_number=partial(locales.number_in, language),
            readable_share=partial(locales.share_in, language),
            language_name=partial(locales.name_in, language),
        )
        said, counted = _sentences()
        made.globals.update(shared.globals)
        made.globals.update(
            _=said,
            gettext=said,
            ngettext=counted,
            url_for=path_of,
            words=_words(),
            language=language,
            languages=locales.LANGUAGES,
            direction=locales.direction(language),
        )
        return made


def _sentences() -> tuple[Callable[..., Markup], Callable[..., Markup]]:
    """`gettext` and `ngettext` of the current request's language, for templates."""
    known = get_translations()

    @lru_cache(maxsize=_REMEMBERED)
    def filled(sentence: str, values: tuple[tuple[str, Any], ...]) -> Markup:
        return Markup(sentence) % dict(values)

    plain: dict[str, Markup] = {}

    def said(sentence: str, **values: Any) -> Markup:
        if values:
            return filled(known.ugettext(sentence), tuple(values.items()))
        found = plain.get(sentence)
        if found is None:
            found = plain[sentence] = filled(known.ugettext(sentence), ())
        return found

    def counted(singular: str, plural: str, number: int, **values: Any) -> Markup:
        return filled(known.ungettext(singular, plural, number), tuple(values.items()))

    return said, counted


def _words() -> SimpleNamespace:
    """The tables of `kashaf.web.words` in the language of the current request."""
    tables = {name: table for name, table in vars(words).items() if name.isupper()}
    return SimpleNamespace(**{name: {key: str(word) for key, word in table.items()} for name, table in tables.items()})


def page(template: str, **context: Any) -> str:
    """A page in the reader's language, as text that can be written in UTF-8."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # of the proxy
    app.update_template_context(context)
    environment = app.extensions[_EXTENSION].environment(locales.current_language())
    return writable(environment.get_template(template).render(context))


def install(app: Flask) -> None:
    """Makes `page` work in this application."""
    app.extensions[_EXTENSION] = _Templates(app)
