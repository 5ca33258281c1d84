"""A line of an export: one line to every reader, and the same article when read back."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kashaf.index.article import Article, Mention
from kashaf.index.article_line import article_line, json_line
from kashaf.index.readers import read

TEXT = st.one_of(
    st.text(max_size=60), st.sampled_from(["\u2028", "\u2029", "\x85", "\r\n", "\x00", "\ud800", "\\\ud800"])
)


@given(TEXT, st.lists(TEXT, max_size=3))
def test_a_line_is_a_line(text: str, several: list[str]) -> None:
    line = json_line({"a": text, "b": several})
    assert len(line.splitlines()) == 1
    assert json.loads(line.encode("utf-8")) == {"a": text, "b": several}


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(headline=TEXT, body=TEXT)
def test_what_is_written_is_read_back(tmp_path: Path, headline: str, body: str) -> None:
    path = tmp_path / "a.jsonl"
    kept = Article(id="a", headline=f"Titre {headline} fin", body=f"Texte {body} fin", published="2026-02")
    path.write_text(article_line(kept) + "\n", "utf-8")
    (found,) = read([path])
    assert isinstance(found, Article)
    assert (found.id, found.published) == ("a", "2026-02")
    assert json.loads(article_line(kept))["headline"] == kept.headline


def test_given_names_keep_their_functions(tmp_path: Path) -> None:
    persons = (Mention("person", "Leïla Haddad", "Leïla Haddad", function="ministre"), Mention("person", "A B", "A B"))
    line = article_line(Article(id="a", headline="Rabat", persons=persons))
    assert json.loads(line)["persons"] == [{"name": "Leïla Haddad", "function": "ministre"}, "A B"]
    path = tmp_path / "a.jsonl"
    path.write_text(line + "\n", "utf-8")
    (found,) = read([path])
    assert isinstance(found, Article) and found.persons == persons


def test_what_is_empty_is_left_out() -> None:
    assert article_line(Article(id="a", headline="Rabat")) == '{"id": "a", "headline": "Rabat"}'
