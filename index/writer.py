"""Adding, replacing and deleting articles: one transaction over the store and the index."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from types import TracebackType

from kashaf.errors import ArchiveError, ArticleError, KashafError
from kashaf.index.article import KINDS, Article, Kind
from kashaf.index.authority import Authority, aliases_of
from kashaf.index.entity_files import keep_columns
from kashaf.index.entity_functions import functions_of
from kashaf.index.lock import WriterLock
from kashaf.index.manifest import Manifest, SegmentEntry
from kashaf.index.names_file import keep_names
from kashaf.index.prepare import prepare
from kashaf.index.projection import Projection
from kashaf.index.store import Store, StoredArticle, digest, told
from kashaf.index.word_table import WordTable

STORE_FILE = "articles.sqlite"
INDEX_FOLDER = "index"
LOCK_FILE = "writer.lock"

# Articles, and characters of text, that wait to be indexed together.
_MOST_PENDING = 1_000
_LARGEST_PENDING = 4_000_000

Done = Callable[[int], None]
_LOG = logging.getLogger("kashaf")


class Writer:
    """One commit: everything that is added and deleted inside the ``with`` block, or nothing.

    An exception inside the block undoes it all. Articles are checked and analysed as they are added:
    `add` raises ArticleError for one that cannot be taken, and the others stay.

    Raises:
        ArchiveLocked: if another process is writing.
    """

    def __init__(self, folder: Path, wait: float = 10.0, words: WordTable | None = None) -> None:
        self._folder = folder
        self._words = words
        self._lock = WriterLock(folder / LOCK_FILE, wait)
        self.added = self.replaced = self.deleted = self.unchanged = 0

    def __enter__(self) -> Writer:
        with told(self._folder / STORE_FILE):
            self._open()
        return self

    def _open(self) -> None:
        self._lock.__enter__()
        try:
            self._store = Store(self._folder / STORE_FILE, write=True)
            self._projection = Projection(self._folder / INDEX_FOLDER, self._words, self._store.by_keys)
            self._projection.sweep()
            catch_up(self._store, self._projection)
            self._store.begin()
            self._commit = self._store.last_commit() + 1
            self._authority = Authority(self._store.connection)
            self._ended: list[int] = []
            self._made: dict[int, Article] = {}  # of this commit, by key, for the authority file
            self._pending: dict[int, Article] = {}
            self._pending_size = 0  # characters of their texts
        except BaseException:
            self._lock.__exit__(None, None, None)
            raise

    @property
    def segments(self) -> tuple[SegmentEntry, ...]:
        """The segments of the index, as they are after the last commit."""
        return self._projection.manifest.segments

    def add(self, article: Article, made: Article | None = None) -> str:
        """Adds an article, or replaces the one with its id; returns the id.

        An article that is already there, exactly as given, is left as it is.

        Args:
            article: as received.
            made: what `kashaf.index.prepare.prepare` has made of it already.

        Raises:
            ArticleError: if it cannot be taken; the message names it and says why.
        """
        if made is None:
            made = prepare(article)
        received = article
        if (article.id, article.body) != (made.id, made.body):
            received = replace(article, id=made.id, body=made.body)
        with told(self._store.path):
            return self._add(received, made)

    def _add(self, received: Article, made: Article) -> str:
        before = self._store.digest_of(made.id)
        if before is not None:
            old, known = before
            if known == digest(received):
                self.unchanged += 1
                return made.id
            self._end(old)
            self.replaced += 1
        else:
            self.added += 1
        key = self._store.add(received, made, self._commit)
        self._pending[key] = made
        self._made[key] = _names_alone(made)
        self._pending_size += len(made.body)
        if len(self._pending) >= _MOST_PENDING or self._pending_size >= _LARGEST_PENDING:
            self._index_pending()
        return made.id

    def delete(self, article_id: str) -> bool:
        """Deletes an article; False when there is none with this id."""
        try:
            article_id.encode()
        except UnicodeEncodeError:  # a lone surrogate: no stored id has one, and SQLite takes none
            return False
        with told(self._store.path):
            before = self._store.digest_of(article_id)
            if before is None:
                return False
            self._end(before[0])
        self.deleted += 1
        return True

    def _end(self, key: int) -> None:
        if self._made.pop(key, None) is None:
            for made in self._store.by_keys([key]).values():
                self._authority.forget(_names_of(made), functions_of(made))
        self._store.end(key, self._commit)
        if self._pending.pop(key, None) is None:
            self._ended.append(key)

    def _index_pending(self) -> None:
        for key, made in self._pending.items():
            self._projection.add(StoredArticle(key, made))
        self._pending.clear()
        self._pending_size = 0

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is not None:
                self._store.rollback()
                self._projection.abandon()
            elif self.added or self.replaced or self.deleted:
                self._finish()
            else:
                self._store.rollback()
        finally:
            self._store.close()
            self._lock.__exit__(kind, error, trace)

    def _finish(self) -> None:
        store = self._folder / STORE_FILE
        try:
            with told(store):
                self._index_pending()
                _resolve(self._authority, self._made.values())
                self._store.log(self._commit, self.added, self.replaced, self.deleted)
                self._store.commit()
        except BaseException:
            self._store.rollback()
            self._projection.abandon()
            raise
        try:
            self._projection.commit(self._commit, self._ended)
        except (KashafError, OSError) as error:
            self._projection.abandon()  # half an index would fill the disk further
            raise ArchiveError(
                f"the articles are safe in {store}, but the index could not be written ({error}); they are found as"
                " soon as the archive is written to or opened again"
            ) from error
        keep_derived(self._store.connection, self._projection.folder, self._projection.manifest)


def catch_up(store: Store, projection: Projection) -> bool:
    """Indexes what the store has and the index has not: after a crash, or for changed analysers.

    Returns:
        Whether there was anything to do.
    """
    last = store.last_commit()
    if store.unfinished or projection.outdated or projection.manifest.applied > last:
        rebuild(store, projection)
        return True
    if projection.manifest.applied == last:
        return False
    added, ended = store.since(projection.manifest.applied)
    for start in range(0, len(added), 500):
        keys = added[start : start + 500]
        articles = store.by_keys(keys)
        for key in keys:
            projection.add(StoredArticle(key, articles[key]))
    projection.commit(last, ended)
    keep_derived(store.connection, projection.folder, projection.manifest)
    return True


def rebuild(store: Store, projection: Projection, prepare_again: bool = False, done: Done | None = None) -> None:
    """Makes the whole index afresh from the store.

    Args:
        prepare_again: also find languages, dates, clutter, persons and organisations afresh from what was
            received.
        done: called with 1 for each article.
    """
    projection.clear()
    if prepare_again:
        remade: list[Article] = []
        store.begin()
        try:
            for key in store.keys():
                try:
                    made = prepare(store.received(key))
                except ArticleError as error:  # of an extractor: what was made before stays
                    made = store.by_keys([key])[key]
                    _LOG.warning("article %r is left as it was: %s", made.id, error)
                store.remake(key, made)
                remade.append(_names_alone(made))
            authority = Authority(store.connection)
            authority.forget_all()
            _resolve(authority, remade)
            store.set_unfinished(True)
            store.commit()
        except BaseException:
            store.rollback()
            raise
    for stored in store.current():
        projection.add(stored)
        if done is not None:
            done(1)
    projection.commit(store.last_commit(), everything=True)
    keep_derived(store.connection, projection.folder, projection.manifest)
    store.set_unfinished(False)


def keep_derived(connection: sqlite3.Connection, folder: Path, manifest: Manifest) -> None:
    """Brings the files that are made from the authority file up to date; the caller holds the writer's lock.

    That it fails (a full disk) is told in the log alone: readers then make in memory what is in none.
    """
    try:
        keep_columns(connection, folder, manifest)
        keep_names(connection, folder)
    except (KashafError, OSError, sqlite3.OperationalError) as error:
        _LOG.warning("names and entities in %s could not be brought up to date: %s", folder, error)


def _names_alone(article: Article) -> Article:
    """The names of an article alone: what the authority file needs of it, small enough to keep for a whole commit."""
    return Article(id=article.id, persons=article.persons, organisations=article.organisations)


def _resolve(authority: Authority, articles: Iterable[Article]) -> None:
    """Gives every name of the articles its entity."""
    articles = list(articles)
    authority.resolve(
        [names for article in articles for names in _names_of(article)],
        [alias for article in articles for alias in aliases_of(article)],
        [given for article in articles for given in functions_of(article)],
    )


def _names_of(article: Article) -> list[tuple[Kind, tuple[str, ...]]]:
    """The distinct names of each kind in an article."""
    mentions = {"person": article.persons, "organisation": article.organisations}
    return [(kind, tuple(dict.fromkeys(m.name for m in mentions[kind]))) for kind in KINDS if mentions[kind]]
