"""An open archive: what programs, pages and the command line hold in their hands."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

import numpy as np

from kashaf.errors import (
    ArchiveDamaged,
    ArchiveError,
    ArchiveLocked,
    ArchiveMissing,
    ArchiveReadOnly,
    KashafError,
    RequestError,
    UnknownArticle,
)
from kashaf.index.alerts import Alerts
from kashaf.index.article import KINDS, Article, Kind, Mention
from kashaf.index.authority import Authority, Entity
from kashaf.index.derived import Derived, verify_derived, write_derived
from kashaf.index.generation import current_manifest, verify_files
from kashaf.index.lock import WriterLock
from kashaf.index.manifest import Manifest
from kashaf.index.projection import Projection
from kashaf.index.reports import Reports
from kashaf.index.snapshot import open_snapshot
from kashaf.index.store import Store, StoredArticle, told
from kashaf.index.suggested_merges import SuggestedMerge, suggested_merges
from kashaf.index.word_table import WordTable
from kashaf.index.writer import INDEX_FOLDER, LOCK_FILE, STORE_FILE, Done, catch_up, keep_derived, rebuild
from kashaf.search.alerting import ask_alerts
from kashaf.search.all_hits import AllHits
from kashaf.search.archive_writer import ArchiveWriter
from kashaf.search.entity_list import EntityList
from kashaf.search.generations import Generations
from kashaf.search.highlight import Wanted
from kashaf.search.info import Info
from kashaf.search.portrait import Portrait, portrait
from kashaf.search.query import Pattern, Word, Words
from kashaf.search.request import FACETS, VALUE_FACETS, Collapse, Interval, Request, Rung, Sort, WordsMode
from kashaf.search.results import Bucket, Copy, Hit, Label, Results, Suggestion
from kashaf.search.searcher import Searcher
from kashaf.search.suggest import complete

_LOG = logging.getLogger("kashaf")


def open_archive(folder: str | Path, create: bool = False) -> Archive:
    """Opens the archive in `folder`.

    Args:
        create: make an empty one when there is none.

    Raises:
        ArchiveMissing: if there is no archive there.
        ArchiveDamaged, ArchiveTooNew: if it cannot be used.
    """
    path = Path(folder)
    if not (path / STORE_FILE).is_file():
        if not create:
            raise ArchiveMissing(f"there is no archive in {path}; make one with: kashaf index FILES --archive {path}")
        path.mkdir(parents=True, exist_ok=True)
        with WriterLock(path / LOCK_FILE, wait=10.0):
            Store(path / STORE_FILE, write=True).close()
            (path / INDEX_FOLDER).mkdir(exist_ok=True)
    return Archive(path)


class Archive(Generations):
    """An archive opened for searching; safe to share between threads, not across a fork.

    `writer` changes it. What other processes write is seen after `refresh`.
    """

    # Writing

    def writer(self, wait: float = 10.0, words: WordTable | None = None) -> ArchiveWriter:
        """Adds, replaces and deletes articles: all of a ``with`` block, or nothing of it.

        Once the store has the articles they stay, even if writing the index then fails (a full disk): the
        error is raised, and whoever opens the archive next finishes the index.

        Args:
            wait: seconds to wait for another writer.
            words: for writers that follow each other: what the earlier ones remember of words, so that each
                is analysed once. One writer at a time may use it.
        """
        return ArchiveWriter(self.folder, wait, words, self._written, self._merger)

    def _written(self) -> None:
        """What a commit has to be followed by: readers see it, alerts are asked about it."""
        if self.opened:
            self.refresh()
        try:
            with told(self._store.path):
                if self.alerts.all():
                    ask_alerts(self._store, self._searcher)
        except KashafError as error:  # the articles are safe: the next commit makes up for it
            _LOG.warning("alerts could not be asked: %s", error)

    @property
    def alerts(self) -> Alerts:
        """The searches that are kept, and what each has found; to change them, `alerting`."""
        return Alerts(self._store.connection)

    @contextmanager
    def alerting(self) -> Iterator[Alerts]:
        """Makes, changes and removes alerts: all of a ``with`` block, or nothing of it."""
        with self._changing() as store:
            yield Alerts(store.connection)

    @property
    def reports(self) -> Reports:
        """The last runs of indexing and the last check; to keep one, `report`."""
        return Reports(self._store.connection)

    def report(self, keep: Callable[[Reports], object]) -> None:
        """Lets `keep` keep reports; an archive that cannot be written to goes without."""
        with suppress(ArchiveError), self._changing() as store:
            keep(Reports(store.connection))

    @contextmanager
    def _changing(self) -> Iterator[Store]:
        """One transaction beside the articles."""
        with told(self._store.path):
            store = Store(self.folder / STORE_FILE, write=True)
            try:
                store.begin()
                yield store
                store.commit()
            except BaseException:
                store.rollback()
                raise
            finally:
                store.close()

    def finish_merges(self) -> None:
        """Waits until the segments that commits of this archive left to be merged are merged."""
        self._merger.wait()

    def compact(self, rebuild_index: bool = False, done: Done | None = None) -> None:
        """Merges all segments into one and drops what was deleted.

        Args:
            rebuild_index: make everything afresh from the articles as received.
            done: called with a number of articles as they are done (rebuild only).
        """
        with WriterLock(self.folder / LOCK_FILE, wait=10.0), told(self._store.path):
            store = Store(self.folder / STORE_FILE, write=True)
            try:
                write_derived(store.connection, self._index, Derived())  # whatever of it is damaged
                projection = Projection(self._index, articles=store.by_keys)
                if rebuild_index:
                    rebuild(store, projection, prepare_again=True, done=done)
                else:
                    catch_up(store, projection)
                    projection.commit(store.last_commit(), everything=True)
                    keep_derived(store.connection, self._index, projection.manifest)
                store.purge(store.last_commit())
            finally:
                store.close()
        self._current = None  # whatever was open may have been damaged

    @contextmanager
    def curate(self, wait: float = 10.0) -> Iterator[Authority]:
        """Decisions on persons and organisations (see `kashaf.index.curation`): all of a ``with`` block, or
        nothing of it. They take effect at once; nothing is indexed again.

        Args:
            wait: seconds to wait for another writer.
        """
        with WriterLock(self.folder / LOCK_FILE, wait), told(self._store.path):
            store = Store(self.folder / STORE_FILE, write=True)
            try:
                store.begin()
                yield Authority(store.connection)
                store.commit()
                if (manifest := current_manifest(self._index)) is not None:
                    keep_derived(store.connection, self._index, manifest)
            except BaseException:
                store.rollback()
                raise
            finally:
                store.close()
        if self.opened:
            self.refresh()

    # Searching

    def search(
        self,
        q: str = "",
        *,
        person: Iterable[str] = (),
        organisation: Iterable[str] = (),
        language: Iterable[str] = (),
        source: Iterable[str] = (),
        section: Iterable[str] = (),
        exclude_person: Iterable[str] = (),
        exclude_organisation: Iterable[str] = (),
        exclude_language: Iterable[str] = (),
        exclude_source: Iterable[str] = (),
        exclude_section: Iterable[str] = (),
        date_from: str | date | None = None,
        date_to: str | date | None = None,
        undated: bool = False,
        sort: Sort = "relevance",
        page: int = 1,
        size: int = 10,
        cursor: str | None = None,
        facets: Iterable[str] = FACETS,
        facet_size: int = 20,
        interval: Interval = "month",
        match: Rung = "names",
        words: WordsMode = "auto",
        collapse: Collapse | None = None,
        budget: float = 2.0,
    ) -> Results:
        """Searches; the parameters are those of `Request`, with one a facet for its filter values.

        Raises:
            RequestError: if a parameter cannot be used.
            LimitError: if one is beyond its limit.
        """
        given = {
            "person": person,
            "organisation": organisation,
            "language": language,
            "source": source,
            "section": section,
        }
        excluded = {
            "person": exclude_person,
            "organisation": exclude_organisation,
            "language": exclude_language,
            "source": exclude_source,
            "section": exclude_section,
        }
        return self.run(
            Request(
                q=q,
                only={facet: _values(facet, values) for facet, values in given.items()},
                exclude={facet: _values(f"exclude_{facet}", values) for facet, values in excluded.items()},
                date_from=_iso(date_from),
                date_to=_iso(date_to),
                undated=undated,
                sort=sort,
                page=page,
                size=size,
                cursor=cursor,
                facets=tuple(facets),
                facet_size=facet_size,
                interval=interval,
                match=match,
                words=words,
                collapse=collapse,
                budget=budget,
            )
        )

    def run(self, request: Request) -> Results:
        """The answer to a request."""
        return self._soundly(lambda searcher: searcher.search(request))

    def all_hits(self, request: Request, most: int = 100_000) -> AllHits:
        """Every hit of a request, at most `most`, all of one generation; articles are read as they are taken.

        Its page, size and facets do not count.
        """
        return self._soundly(lambda searcher: searcher.all_hits(request, most))

    def facet(self, facet: str, prefix: str = "", request: Request | None = None, size: int = 20) -> tuple[Bucket, ...]:
        """Searches inside a facet: its values that match `prefix`, with their counts for `request`.

        Args:
            prefix: for persons and organisations, any spelling in any script; "" gives the largest values.
        """
        if facet not in VALUE_FACETS:
            raise RequestError("facet", f"must be one of {', '.join(VALUE_FACETS)}, not {facet!r}")
        return self._soundly(lambda searcher: searcher.facet(facet, prefix, request or Request(), size))

    def wanted(self, request: Request, article: Article) -> Wanted:
        """What a request marks in the text of an article (for `kashaf.search.highlight.marks`)."""
        return self._soundly(lambda searcher: searcher.wanted_in(request, article))

    # Articles

    def article(self, article_id: str) -> Article:
        """The article with this id, as indexed.

        Raises:
            UnknownArticle: if there is none.
        """
        return self._stored(article_id).article

    def _stored(self, article_id: str) -> StoredArticle:
        try:
            with told(self._store.path):
                stored = self._store.by_id(article_id)
        except UnicodeEncodeError:  # a lone surrogate: no stored id has one
            stored = None
        if stored is None:
            raise UnknownArticle(article_id)
        return stored

    def entities_of(self, article_id: str) -> tuple[tuple[Label, ...], tuple[Label, ...]]:
        """The persons and the organisations of an article."""
        article = self.article(article_id)
        return self._soundly(lambda searcher: searcher.labels_of(article))

    def entity_of(self, mention: Mention) -> str | None:
        """The id of the entity that a mention stands for; None when it is nobody (rejected)."""
        number = self._searcher.columns.number(mention.kind, mention.name)
        found = self._searcher.authority.entities(mention.kind, [number]) if number is not None else []
        return found[0].id if found else None

    def similar(self, article_id: str, size: int = 10) -> tuple[Hit, ...]:
        """The articles most like one, best first; its copies are not among them, nor copies of each other."""
        stored = self._stored(article_id)
        return self._soundly(lambda searcher: searcher.similar(stored.article, stored.key, size))

    def copies(self, article_id: str, most: int = 100) -> tuple[Copy, ...]:
        """The articles that are copies of one, at most `most`: by date, undated ones last, then as they came in.

        One of them is the original, unless the article itself is.

        Raises:
            UnknownArticle: if there is none with this id.
        """
        key = self._stored(article_id).key
        return self._soundly(lambda searcher: searcher.copies(key, most))

    def arrivals(self, ids: Sequence[str]) -> dict[str, str]:
        """When each of some articles (up to 500) came into the archive as it is now: ISO 8601, UTC."""
        return self._store.arrivals(ids)

    def export(self) -> Iterator[Article]:
        """Every article, as indexed, oldest addition first."""
        for stored in self._store.current():
            yield stored.article

    # Entities and completion

    def entity(self, entity_id: str) -> Entity:
        """A person or organisation of the authority file.

        Raises:
            UnknownEntity: if there is none with this id.
        """
        return self._searcher.authority.entity(entity_id)

    def portrait(self, entity_id: str) -> Portrait:
        """All that is known of a person or organisation: what its page shows.

        Raises:
            UnknownEntity: if there is none with this id.
        """
        return self._soundly(lambda searcher: portrait(searcher, entity_id))

    @property
    def authority(self) -> Authority:
        """The authority file, for reading; `curate` changes it."""
        return self._searcher.authority

    def entity_list(self, kind: Kind) -> EntityList:
        """The persons or the organisations that articles name, to browse."""
        return self._soundly(lambda searcher: searcher.lists[kind])

    def suggested_merges(self, kinds: Iterable[Kind] = KINDS, size: int = 20) -> list[SuggestedMerge]:
        """Entities that may be one, the strongest suggestion first; looked for as this is asked."""
        with told(self._store.path):
            return suggested_merges(self.authority, self._searcher.snapshot.segments, kinds, size)

    def entities(self, numbers: Iterable[int]) -> list[Entity]:
        """The persons and organisations with these numbers, those that are rejected or merged left out."""
        return self._searcher.entities.entities(numbers=numbers)

    def suggest(self, text: str, size: int = 8) -> tuple[Suggestion, ...]:
        """Completions of what was typed: entities, then headlines, then words."""
        typed = " ".join(text.split())
        if not typed or len(typed) > 200:
            return ()
        return self._soundly(lambda searcher: self._completions(searcher, typed, size))

    def _completions(self, searcher: Searcher, typed: str, size: int) -> tuple[Suggestion, ...]:
        found: list[Suggestion] = []
        for kind in KINDS:
            buckets = searcher.facet(kind, typed, Request(size=0, facets=()), max(2, size // 3))
            found += [Suggestion(kind, bucket.label, bucket.id, bucket.count) for bucket in buckets]
        found.sort(key=lambda suggestion: -suggestion.count)
        *before, last = typed.split()
        node = Words((*(Word(word, "headline") for word in before), Pattern(last + "*", "headline")))
        found += [
            Suggestion("headline", hit.headline, hit.id, 1) for hit in searcher.best(node, max(1, size // 4))
        ]  # fmt: skip
        found += [
            Suggestion("word", words, None, count)
            for words, count in complete(typed, searcher.snapshot, max(2, size // 3))
        ]
        return tuple(found[:size])

    # Looking after it

    def info(self) -> Info:
        """The archive in figures."""
        searcher = self._searcher
        manifest = searcher.snapshot.manifest
        results = self.run(Request(size=0, facets=("language", "date"), facet_size=1_000))
        persons, organisations = (int(np.count_nonzero(searcher.columns.mentions(kind).counts)) for kind in KINDS)
        months = [bucket.key for bucket in results.facets["date"].buckets]
        return Info(
            folder=self.folder,
            articles=self._store.count(),
            generation=self.generation,
            segments=len(searcher.snapshot.segments),
            store_bytes=_bytes_of(self.folder.glob(STORE_FILE + "*")),
            index_bytes=_bytes_of(self._index.iterdir()),
            behind=self._store.last_commit() - (manifest.applied if manifest else 0),
            outdated=searcher.snapshot.outdated,
            languages={bucket.label: bucket.count for bucket in results.facets["language"]},
            first=months[0] if months else None,
            last=months[-1] if months else None,
            undated=results.facets["date"].undated,
            persons=persons,
            organisations=organisations,
        )

    def verify(self) -> list[str]:
        """Reads every file against its checksums, and the index against the store.

        Returns:
            What is wrong, one sentence each; empty when all is well.
        """
        problems: list[str] = []
        try:
            with told(self._store.path):
                row = self._store.connection.execute("PRAGMA integrity_check").fetchone()
                if row[0] != "ok":
                    problems.append(f"{self._store.path}: {row[0]}; restore it from a backup")
                problems += [
                    f"{self._store.path}: article {article_id!r} is not as it was received; restore it from a backup"
                    for article_id in self._store.altered()
                ]
                self._settle()
                if found := self._problems(current_manifest(self._index)):
                    problems += self._lasting(found)
        except ArchiveDamaged as error:
            return [*problems, str(error)]
        return problems

    def _lasting(self, problems: list[str]) -> list[str]:
        """Those that are there while nobody writes, too: a commit in the middle of the reading looks like damage."""
        try:
            with WriterLock(self.folder / LOCK_FILE, wait=60.0):
                return self._problems(current_manifest(self._index))
        except (ArchiveLocked, ArchiveReadOnly):
            return problems

    def _problems(self, manifest: Manifest | None) -> list[str]:
        """What is wrong with the index, one sentence each."""
        problems: list[str] = []
        if manifest is None:
            if self._store.count():
                problems.append(f"{self._index} has no manifest; run: kashaf compact --rebuild")
            return problems
        problems += verify_files(self._index, manifest)
        problems += verify_derived(self._store.connection, self._index)
        behind = self._store.last_commit() - manifest.applied
        if behind:
            problems.append(f"{self._index} is {behind} commits behind the store; run: kashaf compact")
        elif not problems:
            snapshot = open_snapshot(self._index)
            kept = [s.keys if s.live is None else s.keys[s.live] for s in snapshot.segments]
            if sorted(key for keys in kept for key in keys.tolist()) != self._store.keys():
                problems.append(f"{self._index} does not hold the articles of the store; run: kashaf compact --rebuild")
        return problems


def _bytes_of(paths: Iterable[Path]) -> int:
    """The bytes of files, those that went meanwhile left out."""
    total = 0
    for path in paths:
        with suppress(FileNotFoundError):
            total += path.stat().st_size
    return total


def _iso(given: str | date | None) -> str | None:
    """A date as requests have it; of a moment the day alone."""
    return given.isoformat()[:10] if isinstance(given, date) else given


def _values(name: str, values: Iterable[str]) -> tuple[str, ...]:
    if isinstance(values, str):
        raise RequestError(name, f"takes a list of values, not the text {values!r}")
    return tuple(values)
