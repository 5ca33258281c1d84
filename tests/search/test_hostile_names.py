"""Names that are given with an article and are none: cleaned or refused, never a fault."""

from pathlib import Path

import pytest

import kashaf
from kashaf.errors import KashafError
from kashaf.index.article import KINDS, MAX_VALUE, Article, Mention
from kashaf.index.article_line import article_line
from kashaf.index.prepare import prepare

HOSTILE = [
    *("a" * 500, "م" * 500, "a b " * 120, "محمد\u064b" * 90, "." * 300, "ـ" * 300, "ـ", "\u0301" * 300),
    *("e" + "\u0301" * 300, "x" + "\u0489" * 200 + "y", "\u064b" * 100, "\u202e\u2066\u200f" * 20, "\u202eddaH"),
    *("\u200b", " ", "", "\n\n", "A\nB\tC", "\x00", "\ud800", "\u2028x\u2029", "\uffff", "\U0010ffff", "😀", "-"),
    *("<script>alert(1)</script>", "M.", "al", "عبد", "ﷺ", "\ufdfa" * 50, "\u0130" * 30, "ﬁ", "١", "%s{}\\", "(", '"'),
]


def given(name: str) -> list[Mention]:
    article = Article(body="Un texte.", persons=(Mention("person", name, name, function=name),))
    return [mention for mention in prepare(article).persons if mention.field is None]


@pytest.mark.parametrize(
    "name, kept",
    [
        ("Karim  Haddad\u200f", ["Karim Haddad"]),
        ("\u202eddaH\x00 miraK", ["ddaH miraK"]),
        ("A\nB\u2028C", ["A B C"]),
        ("e" + "\u0301" * 300, ["é\u0301\u0301\u0301"]),
        ("می\u200cخواهم", ["می\u200cخواهم"]),  # the joiner is part of the spelling
        ("\u202e\u2066", []),
        ("\u0301" * 300, []),
        ("😀", []),
        ("a" * MAX_VALUE, ["a" * MAX_VALUE]),
    ],
)
def test_given_names_are_cleaned(name: str, kept: list[str]) -> None:
    found = given(name)
    assert [mention.name for mention in found] == [mention.text for mention in found] == kept
    assert [mention.function for mention in found] == kept


def test_no_name_is_a_fault(tmp_path: Path) -> None:
    with kashaf.open(tmp_path / "a", create=True) as archive:
        with archive.writer() as writer:
            for number, name in enumerate(HOSTILE):
                persons = (
                    Mention("person", name, name, function=name),
                    Mention("person", "Karim Haddad", "Karim Haddad"),
                )
                organisations = (Mention("organisation", name, name), Mention("organisation", "ONU", "ONU"))
                article = Article(
                    id=f"a{number}",
                    headline="Un titre",
                    body=f"Un texte {name}.",
                    persons=persons,
                    organisations=organisations,
                )
                writer.add(article)
        for name in HOSTILE:
            for kind in KINDS:
                try:
                    archive.search(name, **{kind: [name]})  # type: ignore[arg-type]
                except KashafError as error:
                    assert str(error)  # refused in words
        assert archive.search("", person=["Karim Haddad"]).total == len(HOSTILE)
        for article in archive.export():
            assert article_line(article)
        found = archive.search("", facet_size=100).facets
        for bucket in (*found["person"], *found["organisation"]):
            assert bucket.label.isprintable() and bucket.label.strip()
        assert archive.verify() == []
