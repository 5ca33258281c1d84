"""Saved web pages: main text and metadata, by trafilatura.

The language attribute of the page is not taken: templates often give the wrong one, and the text tells.
Nothing is fetched.
"""

from __future__ import annotations

import codecs
import logging
import re

from kashaf.errors import ArticleError
from kashaf.index.article import Article
from kashaf.index.encodings import decode
from kashaf.index.given_date import given_date
from kashaf.index.inputs import Input
from kashaf.index.markup import plain_text

_MOST_BYTES = 10_000_000  # a page of 5 MB takes seconds to read; a press page has 0.2 MB
_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_BLANKS = re.compile(r"\s+")
# They report pages that they cannot read as errors; here these are refused, or read in another way.
_NOISY = ("trafilatura", "htmldate", "courlan")


def read_html(document: Input) -> Article:
    """The article of a saved page.

    Raises:
        ArticleError: if it is empty, undecodable, too long, or has no text.
    """
    page = _XML_DECLARATION.sub("", _page_text(document.whole(_MOST_BYTES)))
    # Loading it takes a fifth of a second, which readers of other formats need not wait for.
    from trafilatura import bare_extraction
    from trafilatura.settings import Document

    for name in _NOISY:
        if logging.getLogger(name).level == logging.NOTSET:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    found = bare_extraction(page, with_metadata=True, fast=True, include_comments=False, include_tables=True)
    if not isinstance(found, Document):  # None: nothing that looks like an article
        found = Document()
    body = found.text or plain_text(page)
    if not body.strip():
        raise ArticleError("no text in the page")
    return Article(
        headline=found.title or "",
        standfirst=_visible_standfirst(found.description or "", body, page),
        body=body,
        source=found.sitename or found.hostname,
        section=found.categories[0] if found.categories else None,
        url=found.url,
        byline=found.author,
        published=_date(found.date),
    )


def _page_text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    if not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and (named := _DECLARED.search(data[:4096])):
        try:
            return data.decode(named[1].decode("ascii"))
        except (LookupError, UnicodeError):  # unknown, or a false claim
            pass
    return decode(data)


def _date(value: str | None) -> str | None:
    try:
        return given_date(value)
    except ArticleError:
        return None


def _visible_standfirst(description: str, body: str, page: str) -> str:
    """The description when the reader of the page saw it above the text; many exist for robots only."""
    words = _BLANKS.sub(" ", description).strip()
    if len(words) < 40 or words in _BLANKS.sub(" ", body):
        return ""
    return description.strip() if words in _BLANKS.sub(" ", plain_text(page)) else ""
