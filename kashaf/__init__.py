"""Kashaf: full-text search for a press archive in Arabic and French.

>>> import kashaf, tempfile
>>> archive = kashaf.open(tempfile.mkdtemp(), create=True)
>>> with archive.writer() as writer:
...     _ = writer.add(kashaf.Article(headline="L’intelligence artificielle à Rabat", body="…", id="a1"))
>>> archive.search("intelligence").hits[0].id
'a1'
>>> archive.close()
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kashaf.analyzers.mentions import Found, extract
    from kashaf.analyzers.name_similarity import name_similarity
    from kashaf.analyzers.name_table import NameTable
    from kashaf.analyzers.terms import Token, analyze
    from kashaf.errors import KashafError
    from kashaf.index.article import Article, Ignored, Mention
    from kashaf.search.archive import Archive
    from kashaf.search.archive import open_archive as open
    from kashaf.search.request import Request
    from kashaf.search.results import Results

__version__ = "0.1.0"

__all__ = [
    "Archive",
    "Article",
    "Found",
    "Ignored",
    "KashafError",
    "Mention",
    "NameTable",
    "Request",
    "Results",
    "Token",
    "analyze",
    "extract",
    "name_similarity",
    "open",
]

_HOMES = {
    "Archive": "kashaf.search.archive",
    "Article": "kashaf.index.article",
    "Found": "kashaf.analyzers.mentions",
    "Ignored": "kashaf.index.article",
    "KashafError": "kashaf.errors",
    "Mention": "kashaf.index.article",
    "NameTable": "kashaf.analyzers.name_table",
    "Request": "kashaf.search.request",
    "Results": "kashaf.search.results",
    "Token": "kashaf.analyzers.terms",
    "analyze": "kashaf.analyzers.terms",
    "extract": "kashaf.analyzers.mentions",
    "name_similarity": "kashaf.analyzers.name_similarity",
    "open": "kashaf.search.archive",
}


def __getattr__(name: str) -> Any:
    """Imports a name when it is first used: a command begins at once, and can be stopped at once."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), "open_archive" if name == "open" else name)
    globals()[name] = value
    return value
