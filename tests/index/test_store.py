"""Articles in the store: what is written is read, also what older versions wrote."""

import json
import sqlite3
from contextlib import suppress
from pathlib import Path

import pytest

from kashaf.errors import ArchiveDamaged, ArchiveError, ArchiveTooNew
from kashaf.index.article import Article, Mention
from kashaf.index.store import FORMAT, Store, digest

TAZI = Mention("person", "Tazi", "Omar Tazi", "body", 3, 7, "ministre de l'Équipement")
PLAIN = Mention("organisation", "ONU", "ONU", "body", 20, 23)
MADE = Article(id="a", headline="Un pont", body="M. Tazi …", persons=(TAZI,), organisations=(PLAIN,))


def test_mentions_keep_their_functions(tmp_path: Path) -> None:
    store = Store(tmp_path / "articles.sqlite", write=True)
    store.add(MADE, MADE, 1)
    kept = store.by_id("a")
    assert kept is not None and kept.article == MADE
    store.close()


def test_mentions_without_function_are_written_as_before(tmp_path: Path) -> None:
    store = Store(tmp_path / "articles.sqlite", write=True)
    store.add(MADE, MADE, 1)
    ((text,),) = store.connection.execute("SELECT made FROM articles")
    assert json.loads(text)["organisations"] == [["organisation", "ONU", "ONU", "body", 20, 23]]
    # As it was before mentions had functions.
    old = json.loads(text) | {"persons": [["person", "Tazi", "Omar Tazi", "body", 3, 7]]}
    store.connection.execute("UPDATE articles SET made = ?", (json.dumps(old),))
    kept = store.by_id("a")
    assert kept is not None and kept.article.persons == (Mention("person", "Tazi", "Omar Tazi", "body", 3, 7),)
    store.close()


@pytest.mark.parametrize(("found", "left"), [("1", str(FORMAT)), (str(FORMAT), str(FORMAT)), ("99", "99"), ("x", "x")])
def test_who_writes_to_an_older_archive_raises_its_format(tmp_path: Path, found: str, left: str) -> None:
    path = tmp_path / "articles.sqlite"
    Store(path, write=True).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE meta SET value = ? WHERE name = 'format'", (found,))
    for write, expected in ((False, found), (True, left)):  # a reader changes nothing
        with suppress(ArchiveError):
            Store(path, write=write).close()
        ((value,),) = connection.execute("SELECT value FROM meta WHERE name = 'format'")
        assert value == expected
    connection.close()
    if left != str(FORMAT):
        with pytest.raises(ArchiveTooNew if left == "99" else ArchiveDamaged):
            Store(path, write=True)


def test_an_article_given_again_has_the_same_digest() -> None:
    given = Article(id="a", body="x", persons=("Omar Tazi",))  # type: ignore[arg-type]
    assert digest(given).hex() == "7125507ccb83d5d212d0dd6cbdb5332c"  # as the first version wrote it
