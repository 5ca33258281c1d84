"""One generation of the index with one version of the authority file: from a request to its results."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from kashaf.analyzers.terms import fold, terms
from kashaf.errors import LimitError, UnknownEntity
from kashaf.index.article import KINDS, Article, Kind, date_span, is_kind
from kashaf.index.authority import Authority
from kashaf.index.authority_table import AuthorityTable
from kashaf.index.segment_file import Array
from kashaf.index.snapshot import Snapshot
from kashaf.search import facets, ranking
from kashaf.search.columns import Columns
from kashaf.search.evaluate import Evaluator, Naming, rung_of
from kashaf.search.facets import Filters, Narrowed
from kashaf.search.gather import Found, Late
from kashaf.search.highlight import Wanted, headline, snippets
from kashaf.search.matches import Matches
from kashaf.search.name_prefix import NamePrefixes
from kashaf.search.query import DateRange, Everything, Node, Parsed
from kashaf.search.ranking import Place
from kashaf.search.request import Request
from kashaf.search.results import (
    Bucket,
    DateBucket,
    DateHistogram,
    Facets,
    Hit,
    Label,
    Passage,
    Results,
    Understood,
)
from kashaf.search.scoring import Scorer
from kashaf.search.similar import likeness
from kashaf.search.spelling import did_you_mean
from kashaf.search.syntax import parse

# Similarity at which a filter value is a name itself, and at which it is a spelling of one.
EXACTLY = 0.995
ALIKE = 0.85
# A query that finds fewer articles than this is worth a look at its spelling.
FEW_HITS = 3

Fetch = Callable[[Sequence[int]], Mapping[int, Article]]


@dataclass(frozen=True)
class Selected:
    """The facet values of a request, resolved: entity numbers, or value numbers of the columns."""

    only: Mapping[str, frozenset[int]]
    excluded: Mapping[str, frozenset[int]]
    warnings: tuple[str, ...]


class Searcher:
    """Answers requests; immutable, safe to share between threads.

    Args:
        fetch: gives the stored articles of some keys.
    """

    def __init__(self, snapshot: Snapshot, authority: Authority, fetch: Fetch) -> None:
        self.snapshot = snapshot
        self.authority = authority
        self.version = authority.version
        self._scorer = Scorer(snapshot)
        self._fetch = fetch

    @cached_property
    def names(self) -> AuthorityTable:
        """The names of the authority file, to be found by any spelling."""
        return self.authority.table

    @cached_property
    def columns(self) -> Columns:
        """What facets and filters read."""
        return Columns(self.snapshot, {kind: self.authority.numbers(kind) for kind in KINDS})

    def search(self, request: Request) -> Results:
        """The answer to a request.

        Raises:
            LimitError: if the query is too complex.
            CursorError: if the cursor is not one of this request.
        """
        started = time.monotonic()
        parsed = parse(request.q)
        evaluator = self._evaluator(request, started + request.budget)
        selected = self._selected(request)
        partial = False
        try:
            narrowed = self._narrowed(request, parsed, selected, evaluator)
        except Late:
            partial = True
            narrowed = Narrowed([Matches(np.zeros(0, np.int64)) for _ in self.snapshot.segments], {})
        sort = request.sort
        if sort == "relevance" and isinstance(parsed.node, Everything):
            sort = "newest"  # nothing was asked for that could be more or less relevant
        after = ranking.read_cursor(request, request.cursor) if request.cursor is not None else None
        skip = 0 if after else (request.page - 1) * request.size
        segments = self.snapshot.segments
        # One more than the page tells whether there is a next one.
        places = ranking.page(segments, narrowed.hits, sort, skip, request.size + 1, after) if request.size else []
        more = len(places) > request.size
        places = places[: request.size]
        total = sum(len(matches) for matches in narrowed.hits)
        warnings = [*parsed.warnings, *selected.warnings, *evaluator.warnings]
        suggestion = None
        few = total < FEW_HITS or any(warning.startswith("some-words") for warning in warnings)
        if few and request.q.strip() and not partial:
            suggestion = self._better(request, total)
        return Results(
            query=Understood(request.q, parsed.understood, tuple(warnings), suggestion),
            total=total,
            page=request.page,
            size=request.size,
            cursor=ranking.write_cursor(request, places[-1]) if more else None,
            hits=self._hits(places, evaluator),
            facets=self._facets(request, narrowed, selected),
            partial=partial,
            generation=self.snapshot.generation,
            took_ms=round((time.monotonic() - started) * 1000, 2),
        )

    def _better(self, request: Request, total: int) -> str | None:
        """Another spelling of the query, if all of its words find more, or find anything where some were missing."""
        suggestion = did_you_mean(request.q, self.snapshot)
        if suggestion is None:
            return None
        strict = replace(request, q=suggestion, words="all", only={}, exclude={}, cursor=None)
        try:
            found = self._evaluator(strict, time.monotonic() + request.budget).evaluate(parse(suggestion).node)
        except (Late, LimitError):
            return None
        enough = 1 if total >= FEW_HITS else total + 1
        return suggestion if sum(map(len, found)) >= enough else None

    def _evaluator(self, request: Request, deadline: float) -> Evaluator:
        return Evaluator(
            self.snapshot,
            self._scorer,
            self.columns,
            match=request.match,
            words=request.words,
            deadline=deadline,
            namer=self._name,
            finder=self._find,
        )

    def _name(self, words: Sequence[str]) -> list[Naming]:
        return [Naming(e.start, e.end, e.kind, e.numbers) for e in self.names.expand(words)]

    def _find(self, kind: Kind, text: str) -> list[int]:
        """The entities that a filter value means: by id, else by exact spelling, else the ones it names."""
        try:
            entity = self.authority.entity(text)
        except UnknownEntity:
            if (labelled := self._label_numbers[kind].get(_plain(text))) is not None:
                return [labelled]
            found = self.names.find(kind, text)
            least = EXACTLY if found and found[0][1] >= EXACTLY else ALIKE
            return [number for number, similarity in found if similarity >= least]
        return [entity.number] if entity.kind == kind else []

    @cached_property
    def _label_numbers(self) -> Mapping[Kind, Mapping[str, int]]:
        """Labels that need not stand in any article, folded, with their entities."""
        return {
            kind: {_plain(label): number for label, number in self.authority.labels(kind).items()} for kind in KINDS
        }

    @cached_property
    def _prefixes(self) -> Mapping[Kind, NamePrefixes]:
        return {kind: NamePrefixes({**self._label_numbers[kind], **self.columns.numbers[kind]}) for kind in KINDS}

    def _matching(self, kind: Kind, typed: str) -> frozenset[int]:
        """The entities that may be meant by what was typed so far, by any spelling."""
        found = set(self._prefixes[kind].matching(typed).tolist())
        found.update(number for number, similarity in self.names.find(kind, typed) if similarity >= ALIKE)
        return frozenset(found)

    # Filters

    def _selected(self, request: Request) -> Selected:
        warnings: list[str] = []
        first = date_span(request.date_from)[0] if request.date_from else None
        last = date_span(request.date_to)[1] if request.date_to else None
        if first and last and first > last:
            warnings.append(f"empty-range: {request.date_from} is later than {request.date_to}")

        def resolve(facet: str, values: Iterable[str]) -> frozenset[int]:
            numbers: set[int] = set()
            for value in values:
                found = self._find(facet, value) if is_kind(facet) else self.columns.value_numbers(facet, value)
                if not found:
                    warnings.append(f"unknown-value: no article has the {facet} {value!r}")
                numbers.update(found)
            return frozenset(numbers)

        only = {facet: resolve(facet, values) for facet, values in request.only.items() if values}
        excluded = {facet: resolve(facet, values) for facet, values in request.exclude.items() if values}
        return Selected(only, excluded, tuple(warnings))

    def _facet_docs(self, facet: str, numbers: frozenset[int]) -> list[Array]:
        if facet in KINDS:
            kind: Kind = "person" if facet == "person" else "organisation"
            return [self.columns.entity_docs(s, kind, tuple(numbers)) for s in range(len(self.snapshot.segments))]
        maps = self.columns.value_maps[facet]
        return [
            np.flatnonzero(np.isin(mapping, list(numbers))[segment.arrays[f"{facet}.value"]])
            for segment, mapping in zip(self.snapshot.segments, maps, strict=True)
        ]

    def _filters(self, selected: Selected) -> Filters:
        sizes = [segment.docs for segment in self.snapshot.segments]

        def masks(chosen: Sequence[tuple[str, frozenset[int]]]) -> list[facets.Mask]:
            parts = [[Matches(d) for d in self._facet_docs(facet, numbers)] for facet, numbers in chosen]
            return facets.masks_of(parts, sizes)

        only = {facet: masks([(facet, numbers)]) for facet, numbers in selected.only.items()}
        return Filters(only, masks(list(selected.excluded.items())) if selected.excluded else None)

    def _narrowed(self, request: Request, parsed: Parsed, selected: Selected, evaluator: Evaluator) -> Narrowed:
        found: Found = evaluator.evaluate(parsed.node)
        filters = self._filters(selected)
        wanted = [DateRange(request.date_from, request.date_to)] if request.date_from or request.date_to else []
        wanted += [DateRange(undated=True)] if request.undated else []
        if wanted:  # a range and the undated are two values of one facet: either will do
            sizes = [segment.docs for segment in self.snapshot.segments]
            filters.only["date"] = facets.masks_of([evaluator.dates(dates) for dates in wanted], sizes)
        return facets.narrow_by(found, filters)

    # Facets

    def _facets(self, request: Request, narrowed: Narrowed, selected: Selected) -> Facets:
        counted: Facets = {}
        if "person" in request.facets:
            counted["person"] = self._entity_buckets("person", narrowed, selected, request.facet_size)
        if "organisation" in request.facets:
            counted["organisation"] = self._entity_buckets("organisation", narrowed, selected, request.facet_size)
        if "language" in request.facets:
            counted["language"] = self._value_buckets("language", narrowed, selected, request.facet_size)
        if "source" in request.facets:
            counted["source"] = self._value_buckets("source", narrowed, selected, request.facet_size)
        if "section" in request.facets:
            counted["section"] = self._value_buckets("section", narrowed, selected, request.facet_size)
        if "date" in request.facets:
            counted["date"] = self._histogram(request, narrowed)
        return counted

    def _entity_buckets(
        self,
        kind: Kind,
        narrowed: Narrowed,
        selected: Selected,
        size: int,
        among: frozenset[int] | None = None,
    ) -> tuple[Bucket, ...]:
        numbers, counts = facets.entity_counts(self.columns, kind, narrowed.counted(kind))
        if among is not None:
            kept = np.isin(numbers, list(among))
            numbers, counts = numbers[kept], counts[kept]
        best = facets.top(numbers, counts, size)
        chosen = selected.only.get(kind, frozenset())
        excluded = selected.excluded.get(kind, frozenset())
        listed = {number for number, _ in best}
        for number in sorted((chosen | excluded) - listed):
            place = np.flatnonzero(numbers == number)
            best.append((number, int(counts[place[0]]) if len(place) else 0))
        entities = {e.number: e for e in self.authority.entities(kind, [number for number, _ in best])}
        return tuple(
            Bucket(
                id=entities[number].id,
                label=entities[number].label,
                count=count,
                selected=number in chosen,
                excluded=number in excluded,
                labels=entities[number].labels,
            )
            for number, count in best
            if number in entities
        )

    def _value_buckets(
        self, facet: str, narrowed: Narrowed, selected: Selected, size: int, prefix: str = ""
    ) -> tuple[Bucket, ...]:
        total = facets.value_counts(self.columns, facet, narrowed.counted(facet))
        values = self.columns.values[facet]
        numbers = np.flatnonzero(total)
        numbers = numbers[numbers > 0]
        if prefix:
            wanted = _plain(prefix)
            numbers = np.array([n for n in numbers.tolist() if wanted in _plain(values[n])], np.int64)
        best = facets.top(numbers, total[numbers], size)
        chosen = selected.only.get(facet, frozenset())
        excluded = selected.excluded.get(facet, frozenset())
        listed = {number for number, _ in best}
        best += [(number, int(total[number])) for number in sorted((chosen | excluded) - listed)]
        return tuple(
            Bucket(values[n], values[n], count, selected=n in chosen, excluded=n in excluded) for n, count in best
        )

    def _histogram(self, request: Request, narrowed: Narrowed) -> DateHistogram:
        counts, undated, imprecise = facets.date_counts(self.columns, narrowed.counted("date"), request.interval)
        first = date_span(request.date_from)[0] if request.date_from else None
        last = date_span(request.date_to)[1] if request.date_to else None
        ranged = first is not None or last is not None

        def chosen(key: str) -> bool:
            start, end = date_span(key)
            return ranged and (first is None or start >= first) and (last is None or end <= last)

        buckets = tuple(DateBucket(key, count, chosen(key)) for key, count in counts.items())
        return DateHistogram(request.interval, buckets, undated, imprecise)

    def facet(self, facet: str, prefix: str, request: Request, size: int) -> tuple[Bucket, ...]:
        """The values of a facet that match `prefix` (for persons and organisations: any spelling in any script)."""
        parsed = parse(request.q)
        selected = self._selected(request)
        try:
            evaluator = self._evaluator(request, time.monotonic() + request.budget)
            narrowed = self._narrowed(request, parsed, selected, evaluator)
        except Late:
            return ()
        if is_kind(facet):
            among = self._matching(facet, prefix) if prefix.strip() else None
            return self._entity_buckets(facet, narrowed, Selected({}, {}, ()), size, among)
        return self._value_buckets(facet, narrowed, Selected({}, {}, ()), size, prefix)

    # Hits

    def _hits(self, places: Sequence[Place], evaluator: Evaluator) -> tuple[Hit, ...]:
        articles = self._fetch([place.key for place in places])
        found = [(place, articles[place.key]) for place in places if place.key in articles]
        labels = self._labels(article for _, article in found)
        base, named = _wanted(evaluator), _named(evaluator)
        hits = []
        for place, article in found:
            wanted = self._with_names(base, named, article) if named else base
            hits.append(
                Hit(
                    id=article.id,
                    headline=article.headline,
                    language=article.language or "und",
                    source=article.source,
                    section=article.section,
                    byline=article.byline,
                    published=article.published,
                    published_from=article.published_from,
                    url=article.url,
                    score=round(place.value, 4) if evaluator.leaves or evaluator.phrases or evaluator.patterns else 0.0,
                    matched=rung_of(evaluator.leaves, place.segment, place.doc),
                    highlight=_highlight(article, wanted),
                    persons=tuple(self._entity_labels("person", article, labels)),
                    organisations=tuple(self._entity_labels("organisation", article, labels)),
                )
            )
        return tuple(hits)

    def wanted_in(self, request: Request, article: Article) -> Wanted:
        """What a request marks in one article, the other spellings of its names included."""
        evaluator = self._evaluator(request, time.monotonic() + request.budget)
        try:
            evaluator.evaluate(parse(request.q).node)
        except Late:
            pass
        return self._with_names(_wanted(evaluator), _named(evaluator), article)

    def _with_names(self, wanted: Wanted, named: frozenset[tuple[Kind, int]], article: Article) -> Wanted:
        spelled = {
            tuple(terms(mention.text))
            for mention in (*article.persons, *article.organisations)
            if (mention.kind, self.columns.number(mention.kind, mention.name)) in named
        }
        return Wanted(wanted.forms, wanted.stems, (*wanted.phrases, *sorted(spelled - {()})))

    def _labels(self, articles: Iterable[Article]) -> dict[tuple[Kind, int], Label]:
        """The entities that the articles mention, by kind and number."""
        numbers: dict[Kind, set[int]] = {kind: set() for kind in KINDS}
        for article in articles:
            for mention in (*article.persons, *article.organisations):
                number = self.columns.number(mention.kind, mention.name)
                if number is not None:
                    numbers[mention.kind].add(number)
        return {
            (kind, entity.number): Label(entity.id, entity.label)
            for kind, wanted in numbers.items()
            for entity in self.authority.entities(kind, sorted(wanted))
        }

    def _entity_labels(self, kind: Kind, article: Article, labels: Mapping[tuple[Kind, int], Label]) -> Iterable[Label]:
        mentions = article.persons if kind == "person" else article.organisations
        numbers = dict.fromkeys(self.columns.number(kind, mention.name) for mention in mentions)
        return [labels[kind, n] for n in numbers if n is not None and (kind, n) in labels]

    def labels_of(self, article: Article) -> tuple[tuple[Label, ...], tuple[Label, ...]]:
        """The persons and the organisations that one article mentions, each once, in order."""
        labels = self._labels([article])
        persons, organisations = (tuple(self._entity_labels(kind, article, labels)) for kind in KINDS)
        return persons, organisations

    def best(self, node: Node, size: int, without: int | None = None) -> tuple[Hit, ...]:
        """The best hits of a tree, exact words only.

        Args:
            without: leave out the article with this key.
        """
        evaluator = self._evaluator(Request(match="exact"), time.monotonic() + 1)
        try:
            found = evaluator.evaluate(node)
        except Late:
            return ()
        places = ranking.page(self.snapshot.segments, found, "relevance", 0, size + 1)
        return self._hits([place for place in places if place.key != without][:size], evaluator)

    def similar(self, article: Article, key: int, size: int) -> tuple[Hit, ...]:
        """The articles most like one; `key` is its own."""
        return self.best(likeness(article, self.snapshot, self._scorer), size, key)


def _wanted(evaluator: Evaluator) -> Wanted:
    forms = set(evaluator.patterns)
    stems: set[str] = set()
    for leaf in evaluator.leaves:
        forms |= leaf.forms
        stems |= leaf.stems
    return Wanted(frozenset(forms), frozenset(stems), tuple(evaluator.phrases))


def _named(evaluator: Evaluator) -> frozenset[tuple[Kind, int]]:
    """The entities that the words of the query name."""
    return frozenset((g.kind, number) for leaf in evaluator.leaves for g in leaf.namings for number in g.numbers)


def _highlight(article: Article, wanted: Wanted) -> dict[str, Passage | tuple[Passage, ...]]:
    return {
        "headline": headline(article.headline, wanted),
        "body": snippets(article.body, wanted, article.ignored),
    }


def _plain(text: str) -> str:
    return " ".join(fold(word) for word in text.split())
