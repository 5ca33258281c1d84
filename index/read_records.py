"""Records (JSON lines, JSON, CSV, TSV) to articles; which column fills which field is in data/columns.tsv."""

from __future__ import annotations

import csv
import io
import json
import logging
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from kashaf.errors import ArticleError
from kashaf.index.article import MAX_VALUES, Article, Ignored, Kind, Mention, Provenance
from kashaf.index.encodings import decode, encoding_of
from kashaf.index.given_date import given_date
from kashaf.index.inputs import MAX_INFLATED, MAX_LINE, Input
from kashaf.index.markup import plain_text
from kashaf.index.ninjs import is_ninjs, ninjs_record
from kashaf.index.refusals import Notice, Refusal

_log = logging.getLogger(__name__)

_MARKUP = re.compile(r"</(?:p|div|span|a|li|h[1-6]|b|i|strong|em)>|<br ?/?>", re.IGNORECASE)
_BETWEEN_NAMES = re.compile(r"[;|؛\n]")
_LANGUAGES = {
    "french": "fr", "francais": "fr", "fra": "fr", "fre": "fr", "الفرنسية": "fr", "فرنسية": "fr",
    "arabic": "ar", "arabe": "ar", "ara": "ar", "العربية": "ar", "عربية": "ar", "عربي": "ar",
    "english": "en", "anglais": "en", "eng": "en", "الإنجليزية": "en",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A line of JSON that is not read yet.

    Attributes:
        where: the file and the number of the line.
        text: its bytes.
    """

    where: str
    text: bytes

    def article(self, notice: Notice) -> Article | Refusal:
        """Its article, or why there is none."""
        return taken_or_refused(self.text, self.where, notice)


def json_lines(document: Input) -> Iterator[Line | Refusal]:
    """The lines that should be one article each; blank lines are skipped."""
    if document.head()[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = decode(document.whole(MAX_INFLATED))
        lines: Iterator[tuple[int, bytes | None]] = (
            (number, line.encode("utf-8", "surrogatepass")) for number, line in enumerate(text.split("\n"), start=1)
        )
    else:
        lines = document.lines()
    nothing = True
    for number, line in lines:
        if line is not None and not line.strip(b"\xef\xbb\xbf \t\r\n"):
            continue
        nothing = False
        where = f"{document.where}:{number}"
        if line is None:
            yield Refusal(where, f"a line of over {MAX_LINE // 1_000_000} MB")
            continue
        yield Line(where, line)
    if nothing:
        yield Refusal(document.where, "empty")


def read_json(document: Input, notice: Notice) -> Iterator[Article | Refusal]:
    """A JSON file: one record, an array of records, or an object that holds such an array."""
    content = _json(document.whole(MAX_INFLATED))
    if isinstance(content, dict) and not is_ninjs(content):
        for key in ("articles", "items", "records", "documents", "data"):
            if isinstance(content.get(key), list):
                content = content[key]
                break
    if not isinstance(content, list):
        yield article_of(content, document.where, notice)
        return
    if not content:
        yield Refusal(document.where, "empty")
    for number, record in enumerate(content, start=1):
        yield taken_or_refused(record, f"{document.where}:{number}", notice)


def read_csv(document: Input, notice: Notice) -> Iterator[Article | Refusal]:
    """CSV or TSV with a header line; the separator (comma, semicolon, tab, |) is told from that line."""
    head = document.head()
    if not head.strip():
        raise ArticleError("empty")
    try:
        if head.isascii():
            lines = _decoded_lines(document)
            yield from _csv_rows(document.where, next(lines, ""), lines, notice)
        else:
            text = io.TextIOWrapper(document.stream, encoding_of(head), newline="")
            yield from _csv_rows(document.where, text.readline(MAX_LINE).lstrip("\ufeff"), text, notice)
    except UnicodeError as error:
        raise ArticleError("undecodable: the encoding told from the first lines does not hold") from error


def _decoded_lines(document: Input) -> Iterator[str]:
    """The lines of a file whose first bytes tell no encoding: each line that is not ASCII tells its own."""
    for number, line in document.lines():
        if line is None:
            raise ArticleError(f"line {number} is over {MAX_LINE // 1_000_000} MB")
        yield line.decode("ascii" if line.isascii() else encoding_of(line))


def _csv_rows(where: str, header: str, lines: Iterable[str], notice: Notice) -> Iterator[Article | Refusal]:
    delimiter = max(",;\t|", key=header.count)
    csv.field_size_limit(MAX_LINE)
    try:
        names = next(csv.reader([header], delimiter=delimiter), [])
    except csv.Error as error:
        raise ArticleError(f"bad CSV: {error} in the first line") from error
    fields = {field_of(name) for name in names}
    if not fields & {"headline", "body"}:
        raise ArticleError("no column for a headline or a text in the first line (see the list of column names)")
    # Strict: a quote that is never closed would swallow every row behind it without a word.
    rows = csv.reader(lines, delimiter=delimiter, strict=True)
    nothing = True
    while True:
        line = rows.line_num + 2  # where the row starts; the header is line 1
        try:
            row = next(rows)
        except StopIteration:
            break
        except csv.Error as error:
            nothing = False
            yield Refusal(f"{where}:{line}", f"bad CSV: {error}")
            continue
        if not any(row):
            continue
        nothing = False
        if len(row) > len(names):
            yield Refusal(f"{where}:{line}", f"{len(row)} values for {len(names)} columns")
            continue
        record: dict[str, str] = {}
        for name, value in zip(names, row, strict=False):
            record[name] = record.get(name) or value  # of columns of one name, the first that is filled
        yield taken_or_refused(record, f"{where}:{line}", notice)
    if nothing:
        yield Refusal(where, "empty: no record below the first line")


def taken_or_refused(record: object, where: str, notice: Notice) -> Article | Refusal:
    """The article of one record (bytes are a JSON text), or why there is none; the next record goes on."""
    try:
        return article_of(_json(record) if isinstance(record, bytes) else record, where, notice)
    except ArticleError as error:
        return Refusal(where, str(error))
    except Exception as error:  # a fault of ours or of a library must not stop the other records
        _log.debug("reading %s failed", where, exc_info=True)
        return Refusal(where, f"not readable: {type(error).__name__}")


def article_of(record: object, where: str, notice: Notice) -> Article:
    """The article of one record; a date that cannot be read is noticed and dropped.

    Raises:
        ArticleError: if it is not a record, or has neither headline nor text.
    """
    if not isinstance(record, dict):
        raise ArticleError("not a record with named values")
    if is_ninjs(record):
        record = ninjs_record(record)
    values = _by_field(record)
    headline = _text(values.get("headline"))
    body = _prose(values.get("body"))
    verbatim = body == values.get("body")
    if not body.strip() and not headline.strip():
        raise ArticleError("no headline and no text")
    published = None
    if "published" in values:
        try:
            published = given_date(values["published"])
        except ArticleError as error:
            notice(where, f"{error}; the article is kept without it")
    return Article(
        id=_text(values.get("id")),
        headline=headline,
        standfirst=_prose(values.get("standfirst")),
        body=body,
        language=_language(values.get("language")),
        source=_text(values.get("source")) or None,
        section=_text(values.get("section")) or None,
        url=_text(values.get("url")) or None,
        byline=_text(values.get("byline")) or None,
        published=published,
        published_from=_provenance(values.get("published_from")) if published else None,
        persons=_mentions("person", values.get("persons")),
        organisations=_mentions("organisation", values.get("organisations")),
        ignored=_ignored(values.get("ignored"), len(body)) if verbatim else (),
    )


def field_of(name: str) -> str | None:
    """The article field that a column of this name fills; None when it is not taken.

    >>> field_of("Date_Publication"), field_of("العنوان"), field_of("tags")
    ('published', 'headline', None)
    """
    entry = _column(name)
    return entry[0] if entry else None


@lru_cache(maxsize=4096)
def _column(name: str) -> tuple[str, int] | None:
    return _columns().get(_plain(name))


@cache
def _columns() -> dict[str, tuple[str, int]]:
    """Plain column name -> field, and its rank among the names of all fields."""
    lines = files("kashaf.index").joinpath("data/columns.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")][1:]
    return {_plain(name): (field, rank) for rank, (field, name) in enumerate(rows)}


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name[:80].strip("\ufeff")).casefold()
    return "".join(c for c in letters if c.isalnum())


def _by_field(record: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    ranks: dict[str, int] = {}
    for name, value in record.items():
        if not value and value != 0:
            continue
        if (column := _column(name)) is None:
            continue
        field, rank = column
        if rank < ranks.get(field, 1 << 30):
            values[field] = value
            ranks[field] = rank
    return values


def _json(line: bytes) -> Any:
    try:
        return json.loads(line)
    except UnicodeDecodeError:
        line = decode(line).encode("utf-8")
    except (ValueError, RecursionError):
        pass  # said below
    try:
        return json.loads(line)
    except json.JSONDecodeError as error:
        raise ArticleError(f"bad JSON: {error.msg.lower().removesuffix(' at')} at character {error.pos + 1}") from error
    except (RecursionError, ValueError) as error:
        raise ArticleError("bad JSON: nested too deeply or a number too long") from error


def _text(value: object) -> str:
    """One line or text of a value: names of lists are joined, objects give their name."""
    if isinstance(value, str):
        return value.strip()
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, dict):
        return next((_text(value[key]) for key in ("name", "label", "value", "text") if value.get(key)), "")
    if isinstance(value, list):
        return ", ".join(filter(None, map(_text, value[:MAX_VALUES])))
    return str(value)


def _prose(value: object) -> str:
    if isinstance(value, list):
        text = "\n".join(filter(None, map(_text, value)))
    else:
        text = value if isinstance(value, str) else _text(value)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "<" in text and _MARKUP.search(text):
        text = plain_text(text)
    return text


def _mentions(kind: Kind, value: object) -> tuple[Mention, ...]:
    if not value:
        return ()
    if isinstance(value, str):
        value = _BETWEEN_NAMES.split(value)
    given = value if isinstance(value, list) else [value]
    functions = {_text(one): _function(one) for one in reversed(given)}
    names = dict.fromkeys(filter(None, map(_text, given)))
    return tuple(Mention(kind, name, name, function=functions[name]) for name in names)


def _function(value: object) -> str | None:
    """What an export says that a person is."""
    return (_text(value.get("function")) or None) if isinstance(value, dict) else None


def _provenance(value: object) -> Provenance:
    """How an export says that a date was found; of other records it is metadata."""
    return value if value == "text" or value == "file" else "metadata"


def _ignored(value: object, length: int) -> tuple[Ignored, ...]:
    """The clutter that an export tells of; () when it is not told soundly, so that it is looked for again."""
    spans: list[Ignored] = []
    for span in value if isinstance(value, list) else ():
        if not isinstance(span, list) or list(map(type, span)) != [int, int, str]:
            return ()
        spans.append(Ignored(*span))
        if not (spans[-2].end if len(spans) > 1 else 0) <= spans[-1].start <= spans[-1].end <= length:
            return ()
    return tuple(spans)


def _language(value: object) -> str | None:
    name = _text(value)
    if not name:
        return None
    tag = name.replace("_", "-")
    plain = _plain(name)
    if plain in _LANGUAGES:
        return _LANGUAGES[plain]
    primary, _, rest = tag.partition("-")
    if primary.lower() in ("ar", "fr") or not rest:
        return primary.lower()  # a region says nothing about how the words are analysed
    return tag
