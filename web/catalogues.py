"""The sentences of the interface and their translations, kept in step: ``python -m kashaf.web.catalogues``.

English sentences stand in code and templates; French and Arabic in ``translations/*/LC_MESSAGES/messages.po``.
The command adds new sentences to those files, drops old ones, compiles them, and names what is not translated.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).parent
LANGUAGES = ("ar", "fr")
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}


def sentences() -> Catalog:
    """Every sentence of code and templates."""
    found = Catalog(project="kashaf", charset="utf-8")
    methods = [("*.py", "python"), ("templates/**", "jinja2.ext:babel_extract")]
    options = {"templates/**": {"trimmed": "true"}}
    for name, _, message, _, _ in extract_from_dir(HERE, methods, options, keywords=KEYWORDS):
        found.add(message, locations=[(name, 0)])
    return found


def translated(language: str) -> Catalog:
    """The sentences of one language, as its file has them."""
    with _file(language, "po").open("rb") as file:
        return read_po(file, locale=language)


def missing(language: str) -> list[str]:
    """Sentences that a language does not have, whole or in one of its plural forms."""
    known = translated(language)
    lacking = []
    for message in sentences():
        found = known.get(message.id) if message.id else None
        if message.id and (found is None or found.fuzzy or not all(_forms(found.string))):
            lacking.append(str(message.id))
    return lacking


def compiled(language: str) -> bytes:
    """The file that gettext reads, made from the one that people write."""
    file = io.BytesIO()
    write_mo(file, translated(language))
    return file.getvalue()


def compiled_file(language: str) -> Path:
    """Where the compiled sentences of a language are."""
    return _file(language, "mo")


def _forms(string: str | list[str] | tuple[str, ...] | None) -> list[str]:
    if string is None:
        return [""]
    return [string] if isinstance(string, str) else list(string)


def _file(language: str, suffix: str) -> Path:
    return HERE / "translations" / language / "LC_MESSAGES" / f"messages.{suffix}"


def main() -> int:
    """Brings every catalogue up to date; 1 when a sentence has no translation."""
    template = sentences()
    lacking = 0
    for language in LANGUAGES:
        path = _file(language, "po")
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue = translated(language) if path.exists() else Catalog(locale=language, charset="utf-8")
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        with path.open("wb") as file:
            write_po(file, catalogue, width=110, no_location=True, omit_header=False)
        compiled_file(language).write_bytes(compiled(language))
        for sentence in missing(language):
            lacking += 1
            print(f"{language}: not translated: {sentence}", file=sys.stderr)
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
