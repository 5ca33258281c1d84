"""Plain text: one file, one article; the headline is found later, by `prepare`."""

from __future__ import annotations

from kashaf.errors import ArticleError
from kashaf.index.article import MAX_TEXT, Article
from kashaf.index.encodings import decode
from kashaf.index.inputs import Input

_MOST_BYTES = 4 * MAX_TEXT + 4  # no encoding takes more for a character


def read_text(document: Input) -> Article:
    """The article of a file of plain text.

    Raises:
        ArticleError: if it is empty, binary, undecodable or too long.
    """
    return Article(body=text_of(document))


def text_of(document: Input) -> str:
    """The decoded text of a whole file, its lines ending in a line feed only.

    Raises:
        ArticleError: as `read_text`.
    """
    try:
        data = document.whole(_MOST_BYTES)
    except ArticleError as error:
        reason = f"over {MAX_TEXT // 1_000_000} MB of text" if str(error).startswith("over") else str(error)
        raise ArticleError(reason) from error
    text = decode(data).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise ArticleError("empty")
    return text
