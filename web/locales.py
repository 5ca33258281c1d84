"""In which language, direction and number format a reader sees the pages."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlencode

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal, format_percent
from flask import Flask, Response, request
from flask_babel import Babel, Domain, get_locale

from kashaf.index.article import date_span

LANGUAGES = {"fr": "Français", "ar": "العربية", "en": "English"}  # to add one, add its catalogue too
DEFAULT = "fr"
_LOCALES = {language: Locale.parse(language) for language in LANGUAGES}
COOKIE = "kashaf_lang"
YEAR = 365 * 24 * 3600
_REMEMBERED = 1 << 13  # names, dates and numbers: pages say the same ones again and again


def chosen_language() -> str:
    """The reader's language: asked for in the address, kept in the cookie, or preferred by the browser."""
    if request.path.startswith("/api/v1"):
        return "en"  # programs get one language, whatever their HTTP library prefers
    for asked in (request.args.get("lang"), request.cookies.get(COOKIE)):
        if asked in LANGUAGES:
            return asked
    return request.accept_languages.best_match(list(LANGUAGES), DEFAULT) or DEFAULT


def current_language() -> str:
    """`chosen_language` as Flask-Babel keeps it for this request."""
    locale = get_locale()
    return str(locale.language) if locale else DEFAULT


class _Catalogue(Domain):  # type: ignore[misc]  # flask_babel has no type hints
    """The translations of each language, found without writing out its name at every sentence."""

    def __init__(self) -> None:
        super().__init__()
        self._by_language: dict[str, Any] = {}

    def get_translations(self) -> Any:
        """The translations of the current request's language."""
        language = current_language()
        found = self._by_language.get(language)
        if found is None:
            found = self._by_language[language] = super().get_translations()
        return found


@lru_cache(maxsize=_REMEMBERED)
def direction(language: str) -> str:
    """``rtl`` or ``ltr``, for any BCP 47 tag; ``auto`` when the tag says nothing."""
    try:
        return Locale.parse(language, sep="-").text_direction
    except (UnknownLocaleError, ValueError, LookupError, TypeError):
        return "auto"


def is_mirrored() -> bool:
    """Whether the reader reads from right to left."""
    return direction(current_language()) == "rtl"


@lru_cache(maxsize=_REMEMBERED)
def name_in(language: str, tag: str) -> str:
    """A language by its name in another; the tag itself when it has none."""
    try:
        name = Locale.parse(tag, sep="-").get_display_name(language)
    except (UnknownLocaleError, ValueError, LookupError, TypeError):
        return tag
    return name or tag


def language_name(tag: str) -> str:
    """A language by its name in the reader's language."""
    return name_in(current_language(), tag)


@lru_cache(maxsize=_REMEMBERED)
def date_in(language: str, published: str) -> str:
    """An ISO date of day, month or year precision, as it is written in a language."""
    try:
        first, _ = date_span(published)
    except ValueError:
        return published
    if len(published) == 10:
        return format_date(first, "long", locale=language)
    if len(published) == 7:
        return format_skeleton("yMMMM", first, locale=language)
    return f"{first.year:04}"


def readable_date(published: str) -> str:
    """An ISO date of day, month or year precision, written as the reader writes dates."""
    return date_in(current_language(), published)


@lru_cache(maxsize=_REMEMBERED)
def number_in(language: str, number: float) -> str:
    """A number with the separators of a language."""
    return format_decimal(number, locale=language)


@lru_cache(maxsize=_REMEMBERED)
def share_in(language: str, part: float) -> str:
    """A part of 1 as a percentage, to the hundredth, as it is written in a language."""
    pattern = Locale.parse(language).percent_formats[None].pattern
    return format_percent(part, format=pattern.replace("0", "0.##", 1) if part else pattern, locale=language)


def readable_number(number: float) -> str:
    """A number with the reader's separators."""
    return number_in(current_language(), number)


def in_language(code: str) -> str:
    """The address of the current page in another language."""
    pairs = [(k, v) for k, v in request.args.items(multi=True) if k != "lang"]
    return f"{request.script_root}{quote(request.path)}?{urlencode([*pairs, ('lang', code)], errors='replace')}"


def keep_choice(response: Response) -> Response:
    """Remembers the language asked for in the address."""
    asked = request.args.get("lang")
    if asked in LANGUAGES and not request.path.startswith("/api/"):
        response.set_cookie(COOKIE, asked, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure)
    return response


def install(app: Flask) -> None:
    """Adds translations, and the filters that templates use."""
    babel = Babel(default_locale=DEFAULT, default_translation_directories="translations")
    babel.init_app(app, locale_selector=lambda: _LOCALES[chosen_language()])
    babel.domain_instance = _Catalogue()
    app.after_request(keep_choice)
    app.add_template_filter(direction, "direction")
    app.add_template_global(in_language, "in_language")
