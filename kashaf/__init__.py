"""Kashaf: full-text search for a press archive in Arabic and French.

>>> import kashaf, tempfile
>>> archive = kashaf.open(tempfile.mkdtemp(), create=True)
>>> with archive.writer() as writer:
...     _ = writer.add(kashaf.Article(headline="L’intelligence artificielle à Rabat", body="…", id="a1"))
>>> archive.search("intelligence").hits[0].id
'a1'
>>> archive.close()
"""

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
