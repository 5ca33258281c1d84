"""Extractors of other packages: a small distribution is installed for them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import kashaf
from kashaf.errors import ArticleError, ExtractorError
from kashaf.index.article import Article
from kashaf.index.extractors import chosen, installed
from kashaf.index.prepare import prepare, prepare_all

MODULE = '''
import re
import numpy

KINDS = {"Zorglub": "person", "Zorg": "organisation", "Doubt": "person"}

def words(text, language):
    """Every word of the list; Arabic texts have none."""
    assert language != "ar" or "Zorglub" not in text
    for found in re.finditer("Zorglub|Zorg|Doubt", text):
        kind = KINDS[found[0]]
        yield numpy.int64(found.start()), found.end(), kind, 0.4 if found[0] == "Doubt" else 0.9

def whatever(text, language):
    """What stands in the text after an equals sign, and a fault where it says so."""
    if "FAIL" in text:
        raise ValueError("no luck")
    if "=" in text:
        return eval(text.split("=")[1].split("\\n")[0])
    return []

not_a_function = 3
'''
ENTRY_POINTS = """[kashaf.extractors]
test-words = kashaf_test_extractor:words
test-whatever = kashaf_test_extractor:whatever
test-number = kashaf_test_extractor:not_a_function
test-missing = kashaf_test_extractor_that_is_not_there:words
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder of installed packages with one that has extractors."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "kashaf_test_extractor.py").write_text(MODULE, "utf-8")
    info = folder / "kashaf_test_extractor-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: kashaf-test-extractor\nVersion: 1.0\n", "utf-8")
    (info / "entry_points.txt").write_text(ENTRY_POINTS, "utf-8")
    sys.path.insert(0, str(folder))
    yield folder
    sys.path.remove(str(folder))


@pytest.fixture(autouse=True)
def _installed(site: Path) -> None:
    """Every test here has the package."""


def names(article: Article) -> list[tuple[str, str]]:
    return [(mention.kind, mention.text) for mention in (*article.persons, *article.organisations)]


def whatever(text: str) -> list[tuple[str, str]]:
    return names(prepare(Article(headline="Un titre", body=text), extractor="test-whatever"))


def test_what_is_installed_is_listed() -> None:
    assert {"test-words", "test-whatever"} <= set(installed())


def test_its_names_are_added_to_ours() -> None:
    body = "M. Karim Belkacem a vu Zorglub à la Banque Zorg de Rabat. Doubt est venu."
    assert names(prepare(Article(headline="Un titre", body=body))) == [
        ("person", "Karim Belkacem"),
        ("organisation", "Banque Zorg de Rabat"),
    ]
    made = prepare(Article(headline="Un titre", body=body), extractor="test-words")
    # What it is sure of takes the place of ours: Zorg, not Banque Zorg de Rabat. Doubt is nobody's.
    assert names(made) == [
        ("person", "Karim Belkacem"),
        ("person", "Zorglub"),
        ("person", "Doubt"),
        ("organisation", "Zorg"),
    ]
    for mention in (*made.persons, *made.organisations):
        assert mention.field == "body" and made.body[mention.start : mention.end] == mention.text


def test_what_it_is_not_sure_of_yields_to_ours() -> None:
    body = "M. Karim Doubt est venu."
    assert names(prepare(Article(headline="Un titre", body=body), extractor="test-words")) == [
        ("person", "Karim Doubt")
    ]


def test_the_environment_names_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KASHAF_EXTRACTOR", "test-words")
    article = Article(headline="Un titre", body="On a vu Zorglub.")
    assert names(prepare(article)) == [("person", "Zorglub")]
    assert names(prepare(article, extractor="")) == []
    assert names(prepare(article, entities=False)) == []


@pytest.mark.parametrize(
    "given, reason",
    [
        ("[(0, 2, 'person', 0.9), (1, 4, 'person', 0.9)]", r"spans \(0, 2\) and \(1, 4\) overlap"),
        ("[(0, 10_000, 'person', 1)]", r"span \(0, 10000\) is not in the text of \d+ characters"),
        ("[(-1, 2, 'person')]", r"span \(-1, 2\) is not in the text"),
        ("[(2, 2, 'person')]", r"span \(2, 2\) is not in the text"),
        ("[(8, 9, 'person')]", r"span \(8, 9\) is blank"),
        ("[(0, 2, 'PER', 1)]", "'PER' is no kind"),
        ("[(0, 2, ['person'], 1)]", "is no kind"),
        ("[(0, 2, 'person', 7)]", "a score of 7 is not from 0 to 1"),
        ("[(0, 2, 'person', float('nan'))]", "a score of nan"),
        ("[(0, 2, 'person', 'x')]", "is not"),
        ("[('a', 2, 'person', 1)]", "is not"),
        ("[(0, 2)]", "is not"),
        ("['person']", "'person' is not"),
        ("[None]", "None is not"),
        ("7", "failed: TypeError"),
        ("7 / 0", "failed: ZeroDivisionError: division by zero"),
    ],
)
def test_what_cannot_be_used_refuses_the_article(given: str, reason: str) -> None:
    with pytest.raises(ArticleError, match=rf"extractor 'test-whatever':? .*{reason}"):
        whatever(f"Un texte de loi ={given}\nLa suite.")


def test_a_fault_refuses_that_article_alone() -> None:
    texts = ["Selon M. Ahmed Alami, rien.", "FAIL", "=[(0, 2, 'person')]", "=[(0, 2, 'place')]"]
    made = prepare_all([Article(headline="Un titre", body=text) for text in texts], extractor="test-whatever")
    assert [isinstance(one, ArticleError) for one in made] == [False, True, False, True]
    assert str(made[1]) == "extractor 'test-whatever' failed: ValueError: no luck"
    first, third = made[0], made[2]
    assert isinstance(first, Article) and names(first) == [("person", "Ahmed Alami")]
    assert isinstance(third, Article) and ("person", "Un") in names(third)


@pytest.mark.parametrize(
    "name, reason",
    [
        ("nobody", "no extractor 'nobody' is installed; installed: .*test-words"),
        ("test-missing", "extractor 'test-missing' cannot be loaded: ModuleNotFoundError"),
        ("test-number", "extractor 'test-number' cannot be loaded: .* is not a function"),
    ],
)
def test_an_extractor_that_is_none(name: str, reason: str) -> None:
    with pytest.raises(ExtractorError, match=reason):
        chosen(name)


def kashaf_command(site: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": f"{site}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"} | more
    command = [sys.executable, "-m", "kashaf", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_indexing_with_one(site: Path, tmp_path: Path, jobs: str) -> None:
    lines = [{"id": f"a{n}", "headline": "Titre", "body": f"On a vu Zorglub {n}."} for n in range(130)]
    lines[70]["body"] = "وقال Zorglub إن الأمر تم في الرباط اليوم بعد الاجتماع"  # an assertion of it fails
    source = tmp_path / "a.jsonl"
    source.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    archive = str(tmp_path / "archive")
    done = kashaf_command(site, "index", str(source), "--archive", archive, "--extractor", "test-words", "--jobs", jobs)
    assert done.returncode == 1, done.stderr
    assert "a.jsonl:71: extractor 'test-words' failed: AssertionError" in done.stderr
    with kashaf.open(archive) as opened:
        assert opened.search("", person=["Zorglub"]).total == 129


def test_the_command_line_tells_of_them(site: Path, tmp_path: Path) -> None:
    assert "test-words" in kashaf_command(site, "index", "--help").stdout
    done = kashaf_command(site, "index", str(site), "--archive", str(tmp_path / "a"), KASHAF_EXTRACTOR="nobody")
    assert done.returncode == 2 and "no extractor 'nobody' is installed" in done.stderr
    assert not (tmp_path / "a" / "articles.sqlite").exists() or not kashaf.open(tmp_path / "a").search("").total


def test_a_rebuild_keeps_what_it_fails_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with kashaf.open(tmp_path / "a", create=True) as archive:
        with archive.writer() as writer:
            writer.add(Article(id="one", headline="Titre", body="M. Karim Belkacem. =[(7, 12, 'person')]"))
            writer.add(Article(id="two", headline="Titre", body="M. Omar Belkacem. FAIL"))
        monkeypatch.setenv("KASHAF_EXTRACTOR", "test-whatever")
        archive.compact(rebuild_index=True)
        assert ("person", "M.") in names(archive.article("one"))
        assert names(archive.article("two")) == [("person", "Omar Belkacem")]
