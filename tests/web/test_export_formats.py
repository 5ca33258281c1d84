"""Each format of export, read back by a program that is not ours, whatever stands in the articles."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import jsonschema
import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from hypothesis import given, settings
from hypothesis import strategies as st

from kashaf.index.article import Article, Ignored
from kashaf.index.readers import read
from kashaf.search.results import Label
from kashaf.web.export_bibtex import BIBTEX
from kashaf.web.export_csl import CSL
from kashaf.web.export_csv import COLUMNS, CSV
from kashaf.web.export_format import Format, Record
from kashaf.web.export_formats import FORMATS
from kashaf.web.export_jsonl import JSONL
from kashaf.web.export_ninjs import NINJS
from kashaf.web.export_ris import RIS
from kashaf.web.exports import written
from kashaf.web.outgoing import cell, one_line, web_address
from tests.web.news_schemas import CSL_ITEMS, FORMAT_CHECKER, NINJS_ITEMS
from tests.web.records import RECORDS

LISTS = st.lists(RECORDS, max_size=3, unique_by=lambda record: record.article.id)
PLAIN = Record(
    Article(
        id="port-1",
        headline="Le port & la mer : 50 % de plus",
        standfirst="Un chapô.",
        body="Menu\n\nLes travaux avancent.\n\nLire aussi",
        language="fr",
        source="La Dépêche",
        section="Économie",
        byline="Nadia Roussel et Omar Ziani",
        url="https://a.example/port?a=1",
        published="2026-02",
        ignored=(Ignored(0, 4, "menu"), Ignored(29, 39, "related-link")),
    ),
    "http://archive.example/articles/port-1",
    (Label("p1", "Karim Belhaj"),),
    (Label("o1", "Office, dit des ports"),),
    snippet=lambda: "Les travaux avancent.",
)


def text_of(form: Format, records: list[Record]) -> str:
    return b"".join(written(form, records)).decode("utf-8")


@pytest.mark.parametrize("form", FORMATS.values(), ids=FORMATS)
@settings(max_examples=20, deadline=None)
@given(record=RECORDS)
def test_a_record_ends_once(form: Format, record: Record) -> None:
    """The page counts records by their ends."""
    one, two = text_of(form, [record]), text_of(form, [record, record])
    assert two.count(form.ends) == one.count(form.ends) + 1
    assert text_of(form, []).count(form.ends) + 1 >= one.count(form.ends)


@settings(max_examples=50, deadline=None)
@given(records=LISTS)
def test_csv_holds_rows_and_no_formula(records: list[Record]) -> None:
    text = text_of(CSV, records)
    header, *rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    assert tuple(header) == COLUMNS and len(rows) == len(records)
    assert len(text.splitlines()) == len(records) + 1  # one line a row, for programs that know no better
    for row, record in zip(rows, records, strict=True):
        assert len(row) == len(COLUMNS)
        assert row[1] == cell(one_line(record.article.headline))
        assert not [value for value in row if value.startswith(tuple("=+-@＝＋－＠\t\r\n\x00"))]


@settings(max_examples=50, deadline=None)
@given(records=LISTS)
def test_ris_is_read_by_rispy(records: list[Record]) -> None:
    found = rispy.loads(text_of(RIS, records))
    assert len(found) == len(records)
    for reference, record in zip(found, records, strict=True):
        article = record.article
        assert reference["type_of_reference"] == "NEWS"
        assert reference.get("title", "") == one_line(article.headline)
        assert reference.get("secondary_title", "") == one_line(article.source or "")
        assert reference.get("keywords", []) == [name for name in map(one_line, record.names) if name]
        assert reference["urls"] == [one_line(web_address(article.url) or record.address)]


def untex(text: str) -> str:
    """What TeX makes of the commands that we write."""
    words = {"backslash": "\\", "braceleft": "{", "braceright": "}", "asciitilde": "~", "asciicircum": "^"}
    return re.sub(r"\\text(\w+)\{\}|\\(.)", lambda m: words[m[1]] if m[1] else m[2], text)


@settings(max_examples=50, deadline=None)
@given(records=LISTS)
def test_bibtex_is_read_by_bibtexparser(records: list[Record]) -> None:
    library = parse_string(text_of(BIBTEX, records))
    assert len(library.blocks) == len(library.entries)
    for entry, record in zip(library.entries, records, strict=True):
        fields = {field.key: field.value for field in entry.fields}
        assert entry.entry_type == "article" and re.fullmatch(r"[A-Za-z0-9-][A-Za-z0-9_-]*", entry.key)
        assert untex(fields.get("title", "")) == one_line(record.article.headline)
        author = fields.get("author", "{}")
        assert untex(author[1:-1]) == one_line(record.article.byline or "")
        for value in fields.values():
            assert balanced(value)


def balanced(text: str) -> bool:
    """Whether braces are paired as BibTeX counts them: behind a backslash too."""
    depth = 0
    for letter in text:
        depth += (letter == "{") - (letter == "}")
        if depth < 0:
            return False
    return depth == 0


@settings(max_examples=50, deadline=None)
@given(records=LISTS)
def test_csl_is_csl(records: list[Record]) -> None:
    items = json.loads(text_of(CSL, records))
    jsonschema.validate(items, CSL_ITEMS, format_checker=FORMAT_CHECKER)
    assert [item["id"] for item in items if "id" in item] == [r.article.id for r in records if r.article.id]


@settings(max_examples=50, deadline=None)
@given(records=LISTS)
def test_ninjs_is_ninjs(records: list[Record]) -> None:
    items = json.loads(text_of(NINJS, records))
    jsonschema.validate(items, NINJS_ITEMS, format_checker=FORMAT_CHECKER)
    assert len(items) == len(records)
    for item, record in zip(items, records, strict=True):
        assert [one["value"] for one in item.get("headlines", [])] == list(filter(None, [record.article.headline]))


@settings(max_examples=50, deadline=None)
@given(records=LISTS)
def test_json_lines_are_lines(records: list[Record]) -> None:
    lines = text_of(JSONL, records).splitlines()
    assert len(lines) == len(records)
    for line, record in zip(lines, records, strict=True):
        assert json.loads(line).get("body", "") == record.article.body


def test_what_is_exported_is_read_back(tmp_path: Path) -> None:
    for form in (JSONL, NINJS):
        path = tmp_path / form.file_name
        path.write_text(text_of(form, [PLAIN, PLAIN]), "utf-8")
        found = list(read([path]))
        assert len(found) == 2, form.name
        for article in found:
            assert isinstance(article, Article), article
            for name in ("headline", "standfirst", "language", "source", "byline", "url"):
                assert getattr(article, name) == getattr(PLAIN.article, name), (form.name, name)
    assert isinstance(article, Article)
    assert article.body == "Les travaux avancent."  # in ninjs, without the clutter
    assert [mention.name for mention in article.persons] == ["Karim Belhaj"]


def test_a_reference_has_what_a_citation_needs() -> None:
    [ris] = rispy.loads(text_of(RIS, [PLAIN]))
    assert ris["year"] == "2026" and ris["date"] == "2026/02//" and ris["authors"] == ["Nadia Roussel et Omar Ziani"]
    [entry] = parse_string(text_of(BIBTEX, [PLAIN])).entries
    assert entry.key == "port-1" and entry["date"] == "2026-02" and entry["journal"] == "La Dépêche"
    assert entry["title"] == r"Le port \& la mer : 50 \% de plus"
    assert entry["author"] == "{Nadia Roussel et Omar Ziani}"  # one name, not two
    assert entry["keywords"] == "Karim Belhaj, Office  dit des ports"
    [item] = json.loads(text_of(CSL, [PLAIN]))
    assert item["issued"] == {"date-parts": [[2026, 2]]} and item["author"] == [{"literal": PLAIN.article.byline}]


@pytest.mark.parametrize(
    "published, moment, note",
    [("2026-02-02", "2026-02-02T00:00:00Z", None), ("1998", None, "Published 1998"), (None, None, None)],
)
def test_a_news_item_states_no_day_that_is_not_known(
    published: str | None, moment: str | None, note: str | None
) -> None:
    [item] = json.loads(text_of(NINJS, [Record(Article(id="a", published=published), "http://a.example/a")]))
    assert item.get("contentCreated") == moment and item.get("edNote") == note


def test_an_export_of_nothing_is_sound() -> None:
    assert rispy.loads(text_of(RIS, [])) == [] and json.loads(text_of(CSL, [])) == []
    assert parse_string(text_of(BIBTEX, [])).blocks == []
    assert text_of(CSV, []) == "\ufeff" + ",".join(COLUMNS) + "\r\n"
    assert text_of(JSONL, []) == ""
