"""An article as one line of JSON: what an export holds and `kashaf index` reads back.

A line must stay a line to every reader, so that the line breaks of Unicode that JSON allows in a string are
escaped too (RFC 8259 section 7 lets any character be).
"""

from __future__ import annotations

import json
from typing import Any

from kashaf.index.article import Article, Mention

_PLAIN = (
    "id",
    "headline",
    "standfirst",
    "body",
    "language",
    "source",
    "section",
    "url",
    "byline",
    "published",
)
_BREAKS = {letter: f"\\u{ord(letter):04x}" for letter in "\x85\u2028\u2029"}


def article_line(article: Article) -> str:
    """One line of an export, without its end.

    How the date was found stands there unless it came with the article, and the clutter as start, end and reason.

    >>> article_line(Article(id="a", headline="Rabat", published="2026-02"))
    '{"id": "a", "headline": "Rabat", "published": "2026-02"}'
    """
    fields: dict[str, Any] = {name: getattr(article, name) for name in _PLAIN}
    for name in ("persons", "organisations"):  # those found in the text will be found there again
        fields[name] = [_given(mention) for mention in getattr(article, name) if mention.field is None]
    if article.published_from != "metadata":
        fields["published_from"] = article.published_from
    fields["ignored"] = [[piece.start, piece.end, piece.reason] for piece in article.ignored]
    return json_line({name: value for name, value in fields.items() if value})


def _given(mention: Mention) -> str | dict[str, str]:
    if mention.function is None:
        return mention.text
    return {"name": mention.text, "function": mention.function}


def json_line(value: object) -> str:
    """JSON in one line of well-formed UTF-8, Arabic left readable.

    >>> json_line({"a": "كشّاف\\u2028"})
    '{"a": "كشّاف\\\\u2028"}'
    """
    line = json.dumps(value, ensure_ascii=False, allow_nan=False)
    for letter, escape in _BREAKS.items():
        line = line.replace(letter, escape)
    # Halves of surrogate pairs cannot be written in UTF-8; as JSON escapes they come back as they were.
    return line.encode("utf-8", "backslashreplace").decode("utf-8")
