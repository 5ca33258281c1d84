"""Files and folders to articles: every format, and what is refused."""

import gzip
import json
import logging
import os
import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kashaf.errors import ArticleError
from kashaf.index.article import MAX_TEXT, Article, Ignored
from kashaf.index.given_date import given_date
from kashaf.index.inputs import MAX_LINE
from kashaf.index.markup import plain_text
from kashaf.index.read_records import field_of
from kashaf.index.readers import FORMATS, Refusal, read, total_bytes

ARABIC = "اجتمع أعضاء المجلس البلدي بمدينة تطوان صباح اليوم، وناقشوا مشروع القنطرة الجديدة."


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def articles(path: Path, format: str = "auto", source: str | None = None) -> list[Article]:
    found = list(read([path], format, source))
    assert [item for item in found if isinstance(item, Refusal)] == []
    return [item for item in found if isinstance(item, Article)]


def refusals(path: Path, format: str = "auto") -> list[tuple[str, str]]:
    found = list(read([path], format))
    return [(item.where.rpartition("/")[2], item.reason) for item in found if isinstance(item, Refusal)]


# --- plain text and folders


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1256"])
def test_a_text_file_is_an_article(tmp_path: Path, encoding: str) -> None:
    (article,) = articles(write(tmp_path / "a.txt", f"{ARABIC}\r\nالفقرة الثانية".encode(encoding)))
    assert article.body == f"{ARABIC}\nالفقرة الثانية"
    assert article.published is None and article.id == ""


def test_folders_are_walked_in_order_without_hidden_files(tmp_path: Path) -> None:
    for name in ("b/2.txt", "b/10.txt", "a.txt", ".hidden.txt", ".git/config", "c/.d/e.txt", "README.md", "a/LICENSE"):
        write(tmp_path / name, name)
    assert [article.body for article in articles(tmp_path)] == ["a.txt", "b/10.txt", "b/2.txt"]


def test_a_tree_may_be_deeper_than_calls_may_be(tmp_path: Path) -> None:
    deepest = tmp_path
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(1_300):  # made from inside: the whole path is close to the longest that there may be
        deepest /= "d"
        os.mkdir("d", dir_fd=here)
        inner = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)
    write(deepest / "a.txt", "Un texte.")
    try:
        assert [article.body for article in articles(tmp_path)] == ["Un texte."]
    finally:
        subprocess.run(["rm", "-r", tmp_path / "d"], check=True)  # deeper than Python can remove


def test_the_source_is_for_articles_that_name_none(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", '{"text": "un", "source": "L\'Écho"}\n{"text": "deux"}\n')
    assert [a.source for a in articles(tmp_path, source="Le Matin")] == ["L'Écho", "Le Matin"]


def test_bytes_read_add_up_to_the_total(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", "mot " * 1000)
    write(tmp_path / "b.jsonl.gz", gzip.compress(b'{"text": "un"}\n' * 1000))
    read_bytes: list[int] = []
    assert len(list(read([tmp_path], advance=read_bytes.append))) == 1001
    assert sum(read_bytes) == total_bytes([tmp_path]) > 4000


def test_file_dates_are_taken_when_asked(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "Un texte.")
    os.utime(path, (1_700_000_000, 1_700_000_000))
    (found,) = read([path], file_dates=True)
    assert isinstance(found, Article)
    assert (found.published, found.published_from) == ("2023-11-14", "file")


@pytest.mark.parametrize(
    "rule, name, content, reason",
    [
        ("an empty file", "a.txt", b"", "empty"),
        ("only blanks", "a.txt", b" \n\t\n", "empty"),
        ("a picture", "a.txt", b"\x89PNG\r\n\x1a\n" + bytes(100), "binary data (a PNG picture), not text"),
        ("binary data", "a.bin", bytes(range(256)) * 10, "binary data, not text"),
        ("undecodable", "a.txt", ARABIC.encode()[:31], "undecodable: UTF-8 with an invalid byte at 30"),
        ("too long", "a.txt", b"mot " * (MAX_TEXT + 2), "over 2 MB of text"),
        ("an empty JSON lines file", "a.jsonl", b"\n\n", "empty"),
        ("an empty CSV file", "a.csv", b"", "empty"),
        ("a CSV file of column names only", "a.csv", b"title,text\n\n", "empty: no record below the first line"),
        ("a CSV file without a text column", "a.csv", b"x,y\n1,2\n", "no column for a headline or a text"),
        ("an empty page", "a.html", b"<html><body></body></html>", "no text in the page"),
        ("XML of another kind", "a.xml", b"<?xml version='1.0'?><html/>", "XML of an unknown kind (<html>)"),
        ("broken XML", "a.xml", b"<?xml version='1.0'?><rss>", "bad XML"),
        ("a feed without items", "a.xml", b"<rss><channel/></rss>", "no item"),
        ("broken JSON", "a.json", b'{"text": ', "bad JSON"),
        ("JSON that is no record", "a.json", b"3", "not a record"),
        ("an empty array", "a.json", b"[]", "empty"),
        ("a web archive", "a.warc", b"WARC/1.0\r\n", "not supported in this version"),
        ("damaged gzip data", "a.txt.gz", gzip.compress(b"mot " * 999)[:-20], "damaged gzip data"),
        ("a gzip bomb", "a.txt.gz", gzip.compress(bytes(4_000_000)), "inflates to more than 100 times"),
    ],
)
def test_refused_files(tmp_path: Path, rule: str, name: str, content: bytes, reason: str) -> None:
    write(tmp_path / name, content)
    write(tmp_path / "z.txt", "Le suivant est lu.")
    found = list(read([tmp_path]))
    assert len(found) == 2 and isinstance(found[0], Refusal) and isinstance(found[1], Article)
    assert found[0].where == str(tmp_path / name)
    assert found[0].reason.startswith(reason) or reason in found[0].reason


def test_what_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", "Un texte.")
    (tmp_path / "b").symlink_to(tmp_path)
    (tmp_path / "c").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "d")
    reasons = refusals(tmp_path)
    assert reasons == [
        ("b", "a link that leads back to a folder above it"),
        ("c", "no such file or folder"),
        ("d", "neither a file nor a folder"),
    ]
    assert refusals(tmp_path / "missing.txt") == [("missing.txt", "no such file or folder")]


def test_a_file_name_cannot_forge_messages(tmp_path: Path) -> None:
    write(tmp_path / "a\nb\u202e.txt", "")
    (found,) = read([tmp_path])
    assert isinstance(found, Refusal) and found.where.endswith("a?b?.txt")


def test_a_fault_of_a_reader_refuses_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> Article:
        raise RuntimeError("a fault")

    monkeypatch.setattr("kashaf.index.readers.read_text", fail)
    write(tmp_path / "a.txt", "Un texte.")
    write(tmp_path / "b.jsonl", '{"text": "Un autre."}\n')
    first, second = read([tmp_path])
    assert first == Refusal(str(tmp_path / "a.txt"), "not readable: RuntimeError")
    assert isinstance(second, Article)


def test_a_fault_at_one_record_refuses_it_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(value: object) -> str:
        raise RuntimeError("a fault")

    monkeypatch.setattr("kashaf.index.read_records.given_date", fail)
    path = write(tmp_path / "a.jsonl", '{"text": "Un.", "date": "2025"}\n{"text": "Deux."}\n')
    first, second = read([path])
    assert first == Refusal(f"{path}:1", "not readable: RuntimeError")
    assert isinstance(second, Article)


def test_an_unknown_format_is_an_error() -> None:
    with pytest.raises(ValueError, match="docx"):
        read([], format="docx")
    assert "auto" in FORMATS


# --- records


RECORD = {
    "guid": "7",
    "Titre": "Le pont",
    "chapô": "Un pont neuf",
    "texte": "Le texte.\r\nLa suite.",
    "Date de publication": "05/03/2025",
    "journal": "L'Écho",
    "rubrique": "Ville",
    "lien": "https://example.org/7",
    "auteur": "Samira Alami",
    "langue": "fr_FR",
    "personnes": "Omar Tazi; Nadia Slaoui",
    "organisations": "",
    "tags": "pont",
}
MADE = Article(
    id="7",
    headline="Le pont",
    standfirst="Un pont neuf",
    body="Le texte.\nLa suite.",
    published="2025-03-05",
    source="L'Écho",
    section="Ville",
    url="https://example.org/7",
    byline="Samira Alami",
    language="fr",
    persons=("Omar Tazi", "Nadia Slaoui"),  # type: ignore[arg-type]  # plain names become mentions
)


def test_json_lines(tmp_path: Path) -> None:
    assert articles(write(tmp_path / "a.jsonl", json.dumps(RECORD))) == [MADE]


@pytest.mark.parametrize(
    "rule, ignored, kept",
    [
        ("kept as told", [[0, 3, "menu"], [4, 6, "stamp"]], (Ignored(0, 3, "menu"), Ignored(4, 6, "stamp"))),
        ("not in order", [[4, 6, "menu"], [0, 3, "menu"]], ()),
        ("outside the text", [[0, 300, "menu"]], ()),
        ("no spans", [[0, "3", "menu"]], ()),
        ("no list", "0-3", ()),
        ("truth is no number", [[False, True, "menu"]], ()),
    ],
)
def test_clutter_that_an_export_tells_of(tmp_path: Path, rule: str, ignored: object, kept: tuple[Ignored, ...]) -> None:
    record = {"title": "Un", "text": "Le corps", "ignored": ignored, "date": "2026-02", "published_from": "text"}
    (article,) = articles(write(tmp_path / "a.jsonl", json.dumps(record)))
    assert article.ignored == kept
    assert article.published_from == "text"


def test_clutter_of_a_text_that_was_changed_is_not_taken(tmp_path: Path) -> None:
    record = {"title": "Un", "text": "<p>Le corps</p>", "ignored": [[0, 3, "menu"]]}
    (article,) = articles(write(tmp_path / "a.jsonl", json.dumps(record)))
    assert (article.body, article.ignored) == ("Le corps", ())


def test_json_arrays_and_wrapped_arrays(tmp_path: Path) -> None:
    assert articles(write(tmp_path / "a.json", json.dumps([RECORD, RECORD]))) == [MADE] * 2
    assert articles(write(tmp_path / "a.json", json.dumps({"articles": [RECORD]}, indent=1))) == [MADE]
    assert articles(write(tmp_path / "a.json", json.dumps(RECORD, indent=1))) == [MADE]
    assert articles(write(tmp_path / "a.json", json.dumps(RECORD))) == [MADE]
    assert articles(write(tmp_path / "a.json", f"{json.dumps(RECORD)}\n{json.dumps(RECORD)}")) == [MADE] * 2


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_csv(tmp_path: Path, separator: str, encoding: str) -> None:
    quoted = ['"' + value.replace('"', '""') + '"' for value in RECORD.values()]
    content = separator.join(RECORD) + "\r\n" + separator.join(quoted) + "\r\n"
    assert articles(write(tmp_path / "a.csv", content.encode(encoding))) == [MADE]


def test_csv_columns_of_one_name(tmp_path: Path) -> None:
    found = articles(write(tmp_path / "a.csv", "titre,texte,texte,texte\nUn,,Corps,Autre\nDeux,Le corps,,\n"))
    assert [(article.headline, article.body) for article in found] == [("Un", "Corps"), ("Deux", "Le corps")]


def test_csv_in_windows_1256(tmp_path: Path) -> None:
    content = f"العنوان;النص;الكاتب\nالقنطرة;{ARABIC};سميرة\n".encode("windows-1256")
    (article,) = articles(write(tmp_path / "a.csv", content))
    assert (article.headline, article.body, article.byline) == ("القنطرة", ARABIC, "سميرة")


def test_lines_of_records_are_refused_one_by_one(tmp_path: Path) -> None:
    lines = [
        b'{"text": "un"}',
        b"",
        b'{"text": ',
        b"[1]",
        b'{"title": " "}',
        b'{"text": "caf\xe9 et th\xe9"}',
        b'{"text": "\xd9\x85\xd8\xb1\xd8\xad\xd8\xa8\xd8\xa7\xd9"}',
        b'{"text": "' + b"x" * MAX_LINE + b'"}',
        b"[" * 100_000,
        b'{"text": 1' + b"0" * 5000 + b"}",
        b'{"text": "fin"}',
    ]
    path = write(tmp_path / "a.jsonl", b"\n".join(lines))
    assert [a.body for a in read([path]) if isinstance(a, Article)] == ["un", "café et thé", "fin"]
    reasons = dict(refusals(path))
    assert list(reasons) == [f"a.jsonl:{n}" for n in (3, 4, 5, 7, 8, 9, 10)]
    assert reasons["a.jsonl:3"] == "bad JSON: expecting value at character 11"
    assert reasons["a.jsonl:5"] == "no headline and no text"
    assert reasons["a.jsonl:8"] == "a line of over 8 MB"


def test_rows_of_csv_are_refused_one_by_one(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", 'title,text\nun,"deux\ntrois"\na,b,c\n,\n ,x\nun\n')
    found = list(read([path]))
    assert [a.body for a in found if isinstance(a, Article)] == ["deux\ntrois", "x", ""]
    assert refusals(path) == [("a.csv:4", "3 values for 2 columns")]


def test_an_unreadable_date_is_noticed_and_the_article_kept(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", '{"text": "un", "date": "bientôt"}\n')
    noticed: list[tuple[str, str]] = []
    (article,) = read([path], notice=lambda where, reason: noticed.append((where, reason)))
    assert isinstance(article, Article) and article.published is None
    assert noticed == [(f"{path}:1", "the date 'bientôt' cannot be read; the article is kept without it")]


@pytest.mark.parametrize(
    "column, field",
    [("Title", "headline"), ("TITRE", "headline"), ("عنوان", "headline"), ("published_at", "published"),
     ("publishedAt", "published"), ("Catégorie", "section"), ("الأشخاص", "persons"), ("tags", None), ("", None)],
)  # fmt: skip
def test_columns(column: str, field: str | None) -> None:
    assert field_of(column) == field


def test_values_of_other_types(tmp_path: Path) -> None:
    record = {
        "id": 12,
        "title": ["Le pont"],
        "text": ["Un.", "Deux."],
        "authors": [{"name": "Samira Alami"}, "Omar Tazi"],
        "persons": [{"label": "Nadia Slaoui"}, None, 3],
        "source": True,
        "lang": "French",
    }
    (article,) = articles(write(tmp_path / "a.jsonl", json.dumps(record)))
    assert (article.id, article.headline, article.body) == ("12", "Le pont", "Un.\nDeux.")
    assert (article.byline, article.source, article.language) == ("Samira Alami, Omar Tazi", None, "fr")
    assert [mention.name for mention in article.persons] == ["Nadia Slaoui", "3"]


def test_markup_in_a_record_becomes_text(tmp_path: Path) -> None:
    (article,) = articles(
        write(tmp_path / "a.jsonl", json.dumps({"content": "<p>Un <b>mot</b>.</p><p>Deux&nbsp;!</p>"}))
    )
    assert article.body == "Un mot.\nDeux\xa0!"
    (article,) = articles(write(tmp_path / "a.jsonl", json.dumps({"content": "si a < b et b > c"})))
    assert article.body == "si a < b et b > c"


@pytest.mark.parametrize(
    "value, iso",
    [
        ("2025-03-05", "2025-03-05"),
        ("2025-3-5", "2025-03-05"),
        ("2025-03", "2025-03"),
        ("2025", "2025"),
        (2025, "2025"),
        ("20250305", "2025-03-05"),
        ("2025-03-05T23:59:00Z", "2025-03-05"),
        ("2025-03-05 10:30", "2025-03-05"),
        ("Wed, 05 Mar 2025 10:30:00 +0100", "2025-03-05"),
        ("5 mars 2025 à 10h30", "2025-03-05"),
        ("الأربعاء 5 مارس 2025", "2025-03-05"),
        ("05.03.2025", "2025-03-05"),
        (1741170600, "2025-03-05"),
        ("1741170600000", "2025-03-05"),
        ("", None),
        (None, None),
    ],
)
def test_given_dates(value: object, iso: str | None) -> None:
    assert given_date(value) == iso


@pytest.mark.parametrize("value", ["hier", "5 mars", "2025-13-01", "0000-00-00", True, [2025], "x" * 999, "9" * 400])
def test_given_dates_that_are_none(value: object) -> None:
    with pytest.raises(ArticleError, match="cannot be read"):
        given_date(value)


# --- pages and feeds


PAGE = """<!doctype html><html lang="en"><head><meta charset="{charset}"><title>Le pont - L'Écho</title>
<meta property="og:title" content="Un pont neuf à Tiznit"><meta property="og:site_name" content="L'Écho">
<meta name="author" content="Samira Alami"><meta property="article:published_time" content="2025-03-05T10:00:00Z">
<link rel="canonical" href="https://example.org/pont"></head><body><nav><a href="/">Accueil</a>
<a href="/s">Sport</a></nav><article><h1>Un pont neuf à Tiznit</h1><p>{one}</p><p>{two}</p></article>
<footer>Mentions légales</footer></body></html>"""
ONE = "Le conseil municipal de Tiznit a adopté lundi le projet d'un pont qui reliera les deux rives de l'oued. " * 3
TWO = "Les travaux commenceront au printemps et dureront une année entière, selon le maire de la ville. " * 3


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252"])
def test_html(tmp_path: Path, charset: str) -> None:
    page = PAGE.format(charset=charset, one=ONE, two=TWO).encode(charset)
    (article,) = articles(write(tmp_path / "a.html", page))
    assert (article.headline, article.source, article.byline) == ("Un pont neuf à Tiznit", "L'Écho", "Samira Alami")
    assert (article.url, article.published, article.published_from) == (
        "https://example.org/pont",
        "2025-03-05",
        "metadata",
    )
    assert ONE.strip() in article.body and "Mentions" not in article.body and "Sport" not in article.body
    assert article.language is None


def test_a_page_is_known_by_its_content(tmp_path: Path) -> None:
    (article,) = articles(write(tmp_path / "page", PAGE.format(charset="utf-8", one=ONE, two=TWO)))
    assert article.headline == "Un pont neuf à Tiznit"


def test_pages_that_cannot_be_read_are_refused_in_silence(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for page in ("x", "<p></p>", "<html></html>"):
        list(read([write(tmp_path / "a.html", page)]))
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_hostile_pages_take_bounded_time(tmp_path: Path) -> None:
    begin = time.process_time()
    for body in (
        "<div>" * 200_000 + "texte",
        "<p>mot<b>" * 50_000,
        "<" * 300_000,
        "&" * 300_000,
        "<table><tr><td>" * 9_000,
    ):
        list(read([write(tmp_path / "a.html", f"<html><body>{body}</body></html>")]))
    assert time.process_time() - begin < 60


RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>L'Écho</title>
<item><guid>7</guid><title>Le pont</title><link>https://example.org/7</link>
<pubDate>Wed, 05 Mar 2025 10:30:00 GMT</pubDate>
<dc:creator>Samira Alami</dc:creator><category>Ville</category><description>Un pont neuf</description>
<content:encoded><![CDATA[<p>Le texte.</p><p>La suite.</p>]]></content:encoded></item><item/></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>L'Écho</title><entry><id>7</id><title>Le pont</title>
<link rel="self" href="https://example.org/feed"/><link href="https://example.org/7"/>
<published>2025-03-05T10:30:00Z</published>
<author><name>Samira Alami</name></author><category term="Ville"/><summary>Un pont neuf</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Le texte.</p><p>La suite.</p></div></content>
</entry></feed>"""


def test_rss(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xml", RSS)
    found = list(read([path], "rss"))
    assert isinstance(found[0], Article)
    assert found[0] == Article(
        id="7",
        headline="Le pont",
        standfirst="Un pont neuf",
        body="Le texte.\nLa suite.",
        published="2025-03-05",
        source="L'Écho",
        section="Ville",
        url="https://example.org/7",
        byline="Samira Alami",
    )
    assert refusals(path) == [("a.xml:2", "no headline and no text")]


def test_atom(tmp_path: Path) -> None:
    (article,) = articles(write(tmp_path / "a.atom", ATOM))
    assert (article.headline, article.body, article.url) == ("Le pont", "Le texte.\nLa suite.", "https://example.org/7")
    assert (article.published, article.section, article.byline) == ("2025-03-05", "Ville", "Samira Alami")


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE rss>",
        '<!DOCTYPE rss [<!ENTITY a "b">]>',
        '<!DOCTYPE rss SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>',
    ],
)
def test_document_types_are_refused(tmp_path: Path, doctype: str) -> None:
    content = f"<?xml version='1.0'?>{doctype}<rss><channel><item><title>Un</title></item></channel></rss>"
    assert refusals(write(tmp_path / "a.xml", content)) == [
        ("a.xml", "XML with a document type declaration is refused")
    ]


def test_newsml(tmp_path: Path) -> None:
    content = """<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="tag:7"><itemMeta>
    <versionCreated>2025-03-05T10:30:00Z</versionCreated></itemMeta><contentMeta><headline>Le pont</headline>
    <by>Samira Alami</by><language tag="fr"/><infoSource><name>APT</name></infoSource>
    <subject type="cpnat:person"><name>Omar Tazi</name></subject></contentMeta><contentSet><inlineXML>
    <html xmlns="http://www.w3.org/1999/xhtml"><body><p>Le <b>texte</b>.</p><p>La suite.</p></body></html>
    </inlineXML></contentSet></newsItem>"""
    (article,) = articles(write(tmp_path / "a.xml", content), "newsml")
    assert (article.id, article.headline, article.body) == ("tag:7", "Le pont", "Le texte.\nLa suite.")
    assert (article.published, article.byline, article.source) == ("2025-03-05", "Samira Alami", "APT")
    assert [mention.name for mention in article.persons] == ["Omar Tazi"]


@pytest.mark.parametrize(
    "item",
    [
        {"uri": "tag:7", "versioncreated": "2025-03-05T10:00:00Z", "headline": "Le pont",
         "body_xhtml": "<p>Le texte.</p>", "person": [{"name": "Omar Tazi"}]},
        {"uri": "tag:7", "contentcreated": "2025-03-05T10:00:00Z", "headlines": [{"value": "Le pont"}], "bodies": [
            {"contenttype": "text/html", "value": "<p>x</p>"}, {"contenttype": "text/plain", "value": "Le texte."}],
         "people": [{"name": "Omar Tazi"}]},
    ],
)  # fmt: skip
def test_ninjs(tmp_path: Path, item: dict[str, object]) -> None:
    (article,) = articles(write(tmp_path / "a.json", json.dumps(item)), "ninjs")
    assert (article.id, article.headline, article.body, article.published) == (
        "tag:7",
        "Le pont",
        "Le texte.",
        "2025-03-05",
    )
    assert [mention.name for mention in article.persons] == ["Omar Tazi"]


# --- any bytes


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(["a.txt", "a.html", "a.jsonl", "a.json", "a.csv", "a.xml", "a", "a.gz"]),
    content=st.one_of(
        st.binary(max_size=300),
        st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")),
        st.recursive(st.none() | st.integers() | st.text(max_size=5), lambda x: st.lists(x) | st.dictionaries(
            st.sampled_from(["title", "text", "date", "uri", "bodies", "persons", "items", "lang"]), x
        ), max_leaves=8).map(lambda value: json.dumps(value).encode()),
    ),
)  # fmt: skip
def test_any_bytes_are_read_or_refused(tmp_path: Path, name: str, content: bytes) -> None:
    path = write(tmp_path / name, content)
    found = list(read([path]))
    assert found
    assert all(isinstance(item, Article) or item.reason for item in found)


@settings(max_examples=100, deadline=None)
@given(st.text())
def test_any_markup_becomes_text(text: str) -> None:
    assert isinstance(plain_text(text), str)


def test_a_csv_file_that_tells_its_encoding_late(tmp_path: Path) -> None:
    """Thousands of plain bytes, then windows-1252: nothing is lost."""
    rows = ["id,titre,texte", *(f"{n},Titre {n},Un texte simple" for n in range(300)), "300,Été,Réforme de l'économie"]
    write(tmp_path / "a.csv", "\r\n".join(rows).encode("windows-1252"))
    found = articles(tmp_path / "a.csv")
    assert len(found) == 301 and found[-1].headline == "Été"


def test_a_quote_that_is_never_closed_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", 'id,titre,texte\na,un,"texte un\nb,deux,texte deux\n')
    (refusal,) = read([tmp_path / "a.csv"])
    assert isinstance(refusal, Refusal) and "end of data" in refusal.reason
