"""Inputs to articles: files and folders, by extension and then by content."""

from __future__ import annotations

import datetime
import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from kashaf.errors import ArticleError
from kashaf.index.article import Article
from kashaf.index.inputs import STDIN, UNREADABLE, Advance, Input, open_input, total_bytes, unreadable, walk
from kashaf.index.read_html import read_html
from kashaf.index.read_records import Line, json_lines, read_csv, read_json
from kashaf.index.read_text import read_text
from kashaf.index.read_xml import read_xml
from kashaf.index.refusals import Notice, Refusal, showable

__all__ = ["FORMATS", "Found", "Reading", "Refusal", "Unread", "read", "total_bytes"]

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


@dataclass(frozen=True, slots=True)
class Found:
    """What was read at one place of an input."""

    where: str
    what: Article | Refusal


Unread = Path | Line | Found
"""A piece of an input, small enough to be sent to another process: a file, or a line, that `Reading.pieces` leaves to
`Reading.of`, or what it had to read itself."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How inputs are read, in two steps: the second may be done by another process.

    Attributes:
        format: one of `FORMATS`; "auto" goes by the extension, then by the content.
        source: the source of articles that name none.
        file_dates: take the date of the file for articles of text and HTML files that give none.

    Raises:
        ValueError: if the format is unknown.
    """

    format: str = "auto"
    source: str | None = None
    file_dates: bool = False

    def __post_init__(self) -> None:
        if self.format not in FORMATS:
            raise ValueError(f"format: {self.format!r} is not one of {', '.join(FORMATS)}")

    def pieces(self, paths: Iterable[Path], advance: Advance | None, notice: Notice) -> Iterator[Unread]:
        """The pieces of files and folders in order, as little read as may be.

        Args:
            advance: called with each number of bytes read from the disk.
            notice: called with where and reason when an article is kept though a part of it, such as its
                date, could not be read.
        """
        for path in walk(paths):
            if isinstance(path, Refusal):
                yield Found(path.where, path)
            elif self._is_one_article(path):
                yield path
            else:
                yield from self._pieces_of(path, advance, notice)

    def of(self, piece: Unread, advance: Advance | None, notice: Notice) -> Iterator[Found]:
        """The articles of a piece, as received: `prepare` completes them; and a `Refusal` for what cannot be taken."""
        read = self._pieces_of(piece, advance, notice) if isinstance(piece, Path) else (piece,)
        for found in read:
            yield self._named(Found(found.where, found.article(notice)) if isinstance(found, Line) else found)

    def _is_one_article(self, path: Path) -> bool:
        if path == STDIN:
            return False  # another process has another one
        if self.format != "auto":
            return self.format in ("text", "html")
        return _EXTENSIONS.get(Path(path.name.lower().removesuffix(".gz")).suffix) in ("text", "html")

    def _named(self, found: Found) -> Found:
        article = found.what
        if self.source and isinstance(article, Article) and not article.source:
            return Found(found.where, replace(article, source=self.source))
        return found

    def _pieces_of(self, path: Path, advance: Advance | None, notice: Notice) -> Iterator[Line | Found]:
        where = showable(str(path))
        try:
            document = open_input(path, advance)
        except UNREADABLE as error:
            yield Found(where, Refusal(where, unreadable(error)))
            return
        where = document.where
        try:
            with document:
                reader = (
                    _reader_of(document) if self.format == "auto" else _READER_OF_FORMAT.get(self.format, self.format)
                )
                dated = self.file_dates and reader in ("text", "html") and path != STDIN
                for found in _articles(document, reader, notice):
                    if dated and isinstance(found, Article) and not found.published:
                        found = replace(found, published=_file_date(path), published_from="file")
                    yield found if isinstance(found, Line) else Found(where, found)
        except ArticleError as error:
            yield Found(where, Refusal(where, str(error)))
        except UNREADABLE as error:
            yield Found(where, Refusal(where, unreadable(error)))
        except Exception as error:  # a fault of a reader or of a library must not stop the other files
            _log.debug("reading %s failed", where, exc_info=True)
            yield Found(where, Refusal(where, f"not readable: {type(error).__name__}"))


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
        format, source, file_dates: as `Reading` has them.
        advance, notice: as `Reading.pieces` takes them; see also `total_bytes`.

    Yields:
        Articles, and a `Refusal` for each input that cannot be taken; reading goes on after it.

    Raises:
        ValueError: if the format is unknown.
    """
    return _read(Reading(format, source, file_dates), paths, advance, notice or _unnoticed)


def _read(
    reading: Reading, paths: Iterable[Path | str], advance: Advance | None, notice: Notice
) -> Iterator[Article | Refusal]:
    for piece in reading.pieces(map(Path, paths), advance, notice):
        for found in reading.of(piece, advance, notice):
            yield found.what


def _articles(document: Input, reader: str, notice: Notice) -> Iterator[Article | Refusal | Line]:
    if reader == "text":
        yield read_text(document)
    elif reader == "html":
        yield read_html(document)
    elif reader == "jsonl":
        yield from json_lines(document)
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
