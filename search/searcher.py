"""One generation of the index with one version of the authority file: from a request to its results."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import replace
from functools import cached_property

import numpy as np

from kashaf.errors import ArchiveError, LimitError
from kashaf.index.article import KINDS, Article, Kind
from kashaf.index.authority import Authority
from kashaf.index.authority_file import LETTER
from kashaf.index.snapshot import Snapshot
from kashaf.search.all_hits import AllHits
from kashaf.search.buckets import Labeller
from kashaf.search.columns import Columns
from kashaf.search.engine import Engine, Plan
from kashaf.search.entity_list import EntityList
from kashaf.search.highlight import Wanted
from kashaf.search.hits import Fetch, HitMaker
from kashaf.search.known_entities import KnownEntities
from kashaf.search.query import Node
from kashaf.search.ranking import read_cursor, write_cursor
from kashaf.search.request import Request
from kashaf.search.resolve import Resolver, Selected
from kashaf.search.results import Bucket, Copy, Hit, Label, Results, Understood
from kashaf.search.similar import likeness
from kashaf.search.spelling import did_you_mean
from kashaf.search.syntax import parse

# A query that finds fewer articles than this is worth a look at its spelling.
FEW_HITS = 3


class Searcher:
    """Answers requests; immutable, safe to share between threads.

    Args:
        fetch: gives the stored articles of some keys.
    """

    def __init__(self, snapshot: Snapshot, authority: Authority, fetch: Fetch) -> None:
        self.snapshot = snapshot
        self.authority = authority
        self.version = authority.version
        self.entities = KnownEntities(authority)
        self._fetch = fetch

    # Opened when first asked: an index that is only looked after reads no columns.

    @cached_property
    def columns(self) -> Columns:
        """What facets and filters read."""
        return Columns(self.snapshot, self.authority)

    @cached_property
    def resolver(self) -> Resolver:
        """What names and values stand for."""
        return Resolver(self.authority, self.columns)

    @cached_property
    def lists(self) -> dict[Kind, EntityList]:
        """Everybody whom articles name, to browse."""
        return {kind: EntityList(self.authority, kind, self.columns.mentions(kind).counts) for kind in KINDS}

    @cached_property
    def _engine(self) -> Engine:
        return Engine(self.snapshot, self.columns, self.resolver.namings, self.resolver.entities)

    @cached_property
    def _labeller(self) -> Labeller:
        return Labeller(self.entities, self.columns)

    @cached_property
    def _hit_maker(self) -> HitMaker:
        return HitMaker(self.entities, self.columns, self._fetch)

    def search(self, request: Request) -> Results:
        """The answer to a request.

        Raises:
            LimitError: if the query is too complex.
            CursorError: if the cursor is not one of this request.
        """
        started = time.monotonic()
        parsed = parse(request.q)
        selected = self.resolver.selected(request)
        after = read_cursor(request, request.cursor) if request.cursor is not None else None
        plan = replace(
            self._plan(request, parsed.node, selected, started),
            skip=0 if after else (request.page - 1) * request.size,
            size=request.size,
            after=after,
            facets=request.facets,
            listed=selected.numbers,
        )
        answer = self._engine.run(plan)
        warnings = [*parsed.warnings, *selected.warnings, *answer.trace.warnings]
        suggestion = None
        few = answer.total < FEW_HITS or any(warning.startswith("some-words") for warning in warnings)
        if few and request.q.strip() and not answer.partial:
            suggestion = self._better(request, answer.total)
        return Results(
            query=Understood(request.q, parsed.understood, tuple(warnings), suggestion),
            total=answer.total,
            folded=answer.folded,
            page=request.page,
            size=request.size,
            cursor=write_cursor(request, answer.places[-1]) if answer.more else None,
            hits=self._hit_maker.hits(answer.places, answer.trace),
            facets=self._labeller.facets(request, answer, selected),
            partial=answer.partial,
            generation=self.snapshot.generation,
            took_ms=round((time.monotonic() - started) * 1000, 2),
        )

    def all_hits(self, request: Request, most: int) -> AllHits:
        """Every hit of a request, at most so many; its page, size and facets do not count.

        Raises:
            LimitError: if the query is too complex.
        """
        plan = self._plan(request, parse(request.q).node, self.resolver.selected(request), time.monotonic())
        return AllHits(self._engine.run(replace(plan, size=most)), self._hit_maker)

    @property
    def last_key(self) -> int:
        """The key of the article that came in last; 0 in an empty archive."""
        return max((int(segment.keys[-1]) for segment in self.snapshot.segments if segment.docs), default=0)

    def arrived(self, request: Request, above: int, most: int) -> list[tuple[Hit, tuple[Label, ...]]]:
        """The hits among the articles whose key is above `above`, as they came in, each with those of its persons and
        organisations that the request names. Of more than `most`, those that were published last.

        Raises:
            LimitError: if the query is too complex.
            ArchiveError: if the time budget ended first.
        """
        plan = self._plan(request, parse(request.q).node, self.resolver.selected(request), time.monotonic())
        answer = self._engine.run(replace(plan, above=above, sort="newest", size=most))
        if answer.partial:
            raise ArchiveError(f"the search was not done within {request.budget:g} s")
        named = {f"{LETTER[kind]}{number}" for kind, number in answer.trace.named}
        hits = self._hit_maker.hits(sorted(answer.places, key=lambda place: place.key), answer.trace)
        return [
            (hit, tuple(label for label in (*hit.persons, *hit.organisations) if label.id in named)) for hit in hits
        ]

    def _plan(self, request: Request, node: Node, selected: Selected, started: float) -> Plan:
        """What a request asks of the engine, but for the page and the facets."""
        return Plan(
            node=node,
            match=request.match,
            words=request.words,
            only=selected.only,
            excluded=selected.excluded,
            date_from=request.date_from,
            date_to=request.date_to,
            undated=request.undated,
            sort=request.sort,
            collapse=request.collapse,
            size=0,
            facet_size=request.facet_size,
            interval=request.interval,
            deadline=started + request.budget,
        )

    def _better(self, request: Request, total: int) -> str | None:
        """Another spelling of the query, if all of its words find more, or find anything where some were missing."""
        suggestion = did_you_mean(request.q, self.snapshot)
        if suggestion is None:
            return None
        try:
            node = parse(suggestion).node
        except LimitError:
            return None
        deadline = time.monotonic() + request.budget
        plan = Plan(node=node, match=request.match, words="all", undated=request.undated,
                    date_from=request.date_from, date_to=request.date_to, size=0, deadline=deadline)  # fmt: skip
        answer = self._engine.run(plan)
        enough = 1 if total >= FEW_HITS else total + 1
        return suggestion if answer.total >= enough and not answer.partial else None

    def facet(self, facet: str, prefix: str, request: Request, size: int) -> tuple[Bucket, ...]:
        """The values of a facet that match `prefix` (for persons and organisations: any spelling in any script)."""
        selected = self.resolver.selected(request)
        plan = self._plan(request, parse(request.q).node, selected, time.monotonic())
        among = {facet: self.resolver.beginning(facet, prefix)} if prefix.strip() else {}
        answer = self._engine.run(replace(plan, facets=(facet,), facet_size=size, among=among))
        return self._labeller.buckets(facet, answer.facets.get(facet, []), Selected({}, {}))

    def wanted_in(self, request: Request, article: Article) -> Wanted:
        """What a request marks in one article, the other spellings of its names included."""
        plan = self._plan(request, parse(request.q).node, Selected({}, {}), time.monotonic())
        return self._hit_maker.wanted(self._engine.run(plan).trace, article)

    def labels_of(self, article: Article) -> tuple[tuple[Label, ...], tuple[Label, ...]]:
        """The persons and the organisations that one article mentions, each once, in order."""
        return self._hit_maker.labels_of(article)

    def best(self, node: Node, size: int, without: Collection[int] = ()) -> tuple[Hit, ...]:
        """The best hits of a tree, exact words only; of copies of each other the best alone.

        Args:
            without: leave out these articles, copies of each other, by number.
        """
        plan = Plan(node=node, match="exact", collapse="copies", size=size + 1, deadline=time.monotonic() + 1)
        answer = self._engine.run(plan)
        places = [place for place in answer.places if place.doc not in without][:size]
        return self._hit_maker.hits(places, answer.trace)

    def _with_copies(self, key: int) -> list[int]:
        """The numbers of the article with a key and of its copies; none when it is not indexed yet."""
        docs, _ = self.columns.collection.docs_of(np.array([key]))
        return self.columns.copies.with_them(int(docs[0])) if len(docs) else []

    def copies(self, key: int, most: int) -> tuple[Copy, ...]:
        """The copies of the article with a key, the earliest published first, then the earliest received.

        Args:
            most: the others are left out.
        """
        collection = self.columns.collection
        docs = np.array(self._with_copies(key), np.intp)
        days = collection.days.take(docs)
        docs = docs[np.lexsort((docs, days, days == 0))]
        keys = [collection.key(doc) for doc in docs.tolist()]
        others = [other for other in keys if other != key][:most]
        articles = self._fetch(others)
        return tuple(
            Copy(a.id, a.headline, a.source, a.published, a.url, original=other == keys[0])
            for other in others
            if (a := articles.get(other)) is not None
        )

    def similar(self, article: Article, key: int, size: int) -> tuple[Hit, ...]:
        """The articles most like one, its copies left out; `key` is its own."""
        return self.best(likeness(article, self.snapshot, self._engine.scorer), size, self._with_copies(key))
