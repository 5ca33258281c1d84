"""Inputs to articles: files and folders, by extension and then by content."""

from __future__ import annotations

import datetime
import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from kashaf.errors import ArticleError
from kashaf.index.article import Article
from kashaf.index.inputs import UNREADABLE, Advance, Input, open_input, total_bytes, unreadable, walk
from kashaf.index.read_html import read_html
from kashaf.index.read_records import read_csv, read_json, read_json_lines
from kashaf.index.read_text import read_text
from kashaf.index.read_xml import read_xml
from kashaf.index.refusals import Notice, Refusal, showable

__all__ = ["FORMATS", "Refusal", "read", "total_bytes"]

_log = logging.getLogger(__name__)

FORMATS = ("auto", "text", "html", "jsonl", "csv", "ninjs", "newsml", "rss", "warc")

_EXTENSIONS = {
    ".txt": "text", ".text": "text", ".md": "text",
    ".html": "html", ".htm": "html", ".xhtml": "html",
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "json",
    ".csv": "csv", ".tsv": "csv",
    ".xml": "xml", ".rss": "xml", ".atom": "xml",
    ".warc": "warc",
}  # fmt: skip
_READER_OF_FORMAT = {"ninjs": "json", "newsml": "xml", "rss": "xml"}
_HTML = re.compile(rb"\s*(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_XML = re.compile(rb"\s*<(?:\?xml|rss|feed|newsItem|newsMessage)\b")


def read(
    paths: Iterable[Path | str],
    format: str = "auto",
    source: str | None = None,
    *,
    advance: Advance | None = None,
    notice: Notice | None = None,
    file_dates: bool = False,
) -> Iterator[Article | Refusal]:
    """The articles of files and folders, as received: `prepare` completes them.

    Args:
        paths: files, or folders that are walked in sorted order without hidden files.
        format: one of `FORMATS`; "auto" goes by the extension, then by the content.
        source: the source of articles that name none.
        advance: called with each number of bytes read from the disk; see `total_bytes`.
        notice: called with where and reason when an article is kept though a part of it, such as its
            date, could not be read.
        file_dates: take the date of the file for articles of text and HTML files that give none.

    Yields:
        Articles, and a `Refusal` for each input that cannot be taken; reading goes on after it.

    Raises:
        ValueError: if the format is unknown.
    """
    if format not in FORMATS:
        raise ValueError(f"format: {format!r} is not one of {', '.join(FORMATS)}")
    return _read(paths, format, source, advance, notice or _unnoticed, file_dates)


def _read(
    paths: Iterable[Path | str],
    format: str,
    source: str | None,
    advance: Advance | None,
    notice: Notice,
    file_dates: bool,
) -> Iterator[Article | Refusal]:
    for path in walk(map(Path, paths)):
        if isinstance(path, Refusal):
            yield path
            continue
        for found in _read_file(path, format, advance, notice, file_dates):
            if isinstance(found, Article):
                if source and not found.source:
                    found = replace(found, source=source)
            yield found


def _read_file(
    path: Path, format: str, advance: Advance | None, notice: Notice, file_dates: bool
) -> Iterator[Article | Refusal]:
    try:
        document = open_input(path, advance)
    except UNREADABLE as error:
        yield Refusal(showable(str(path)), unreadable(error))
        return
    try:
        with document:
            reader = _reader_of(document) if format == "auto" else _READER_OF_FORMAT.get(format, format)
            for found in _articles(document, reader, notice):
                if file_dates and reader in ("text", "html") and isinstance(found, Article) and not found.published:
                    found = replace(found, published=_file_date(path), published_from="file")
                yield found
    except ArticleError as error:
        yield Refusal(document.where, str(error))
    except UNREADABLE as error:
        yield Refusal(document.where, unreadable(error))
    except Exception as error:  # a fault of a reader or of a library must not stop the other files
        _log.debug("reading %s failed", document.where, exc_info=True)
        yield Refusal(document.where, f"not readable: {type(error).__name__}")


def _articles(document: Input, reader: str, notice: Notice) -> Iterator[Article | Refusal]:
    if reader == "text":
        yield read_text(document)
    elif reader == "html":
        yield read_html(document)
    elif reader == "jsonl":
        yield from read_json_lines(document, notice)
    elif reader == "json":
        yield from read_json(document, notice)
    elif reader == "csv":
        yield from read_csv(document, notice)
    elif reader == "xml":
        yield from read_xml(document, notice)
    else:
        raise ArticleError("WARC files are not supported in this version: save the pages as HTML or JSONL")


def _reader_of(document: Input) -> str:
    head = document.head()
    reader = _EXTENSIONS.get(Path(document.name).suffix)
    if reader == "json" and _is_json_line(head):
        return "jsonl"
    if reader is not None and not (reader == "xml" and _HTML.match(head)):
        return reader
    if _HTML.match(head):
        return "html"
    if _XML.match(head):
        return "xml"
    if head.startswith(b"WARC/"):
        return "warc"
    if head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"{":
        return "jsonl" if _is_json_line(head) else "json"
    return "text"


def _is_json_line(head: bytes) -> bool:
    """Whether the first line is a whole object, with more after it or not, rather than its beginning."""
    line, feed, rest = head.lstrip(b"\xef\xbb\xbf \r\n\t").partition(b"\n")
    if not line.startswith(b"{"):
        return False
    if feed:
        return line.rstrip().endswith(b"}") and (not rest.strip() or rest.lstrip().startswith(b"{"))
    return len(line) >= 4000  # a first line longer than the head: objects over lines are broken early


def _file_date(path: Path) -> str:
    return datetime.date.fromtimestamp(path.stat().st_mtime).isoformat()


def _unnoticed(where: str, reason: str) -> None:
    """Without a listener, notices are dropped."""
