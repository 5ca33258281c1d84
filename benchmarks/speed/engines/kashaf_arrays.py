"""Kashaf: its segments written as a commit writes them, its engine asked for places and counts.

Names are each an entity of their own, so that all engines count the same; match="exact": the words are final forms.
"""

from __future__ import annotations

from pathlib import Path

import kashaf
from benchmarks.speed.answers import BUCKETS, TOP, Answer
from benchmarks.speed.corpus import Corpus, CorpusArticle
from benchmarks.speed.engines.base import InProcess, iso
from benchmarks.speed.queries import Query
from kashaf.index.article import KINDS, Kind
from kashaf.index.generation import open_segment
from kashaf.index.merge import merge_segments
from kashaf.index.projection import FLUSH_WORDS, UNFINISHED_MERGE, Projection
from kashaf.index.snapshot import open_snapshot
from kashaf.index.tiers import due
from kashaf.search.columns import Columns
from kashaf.search.engine import Engine, Plan
from kashaf.search.query import And, DateRange, Everything, Node, Or, Pattern, Phrase, Value, Word


class Kashaf:
    """See Engine."""

    name = "Kashaf"

    def version(self) -> str:
        """See Engine."""
        return kashaf.__version__

    def build(self, corpus: Corpus, folder: Path) -> None:
        """See Engine."""
        projection = _Ready(folder)
        for article in corpus.articles():
            projection.add_ready(article)
        projection.commit(1)
        while (run := due(projection.manifest.segments)) is not None:
            projection.merge(run)
        # The generation before is kept until the next commit: this one makes the folder what the index takes.
        projection.publish(1)

    def open(self, folder: Path) -> KashafReader:
        """See Engine."""
        return KashafReader(folder)


class CompactedKashaf(Kashaf):
    """The same after `kashaf compact`: all segments are one."""

    name = "Kashaf, compacted"

    def build(self, corpus: Corpus, folder: Path) -> None:
        """See Engine."""
        super().build(corpus, folder)
        Projection(folder).commit(1, everything=True)
        Projection(folder).publish(1)


class _Ready(Projection):
    """The index of articles that are analysed already."""

    def add_ready(self, article: CorpusArticle) -> None:
        """Takes an article, and writes a segment as often as `add` does."""
        self._builder.add_terms(
            article.number + 1,
            str(article.number),
            (article.headline, (), article.body),
            iso(article.day),
            source=article.source,
            language=article.language,
            persons=article.persons,
            organisations=article.organisations,
        )
        if self._builder.words >= FLUSH_WORDS:
            self._flush()

    def merge(self, run: tuple[int, int]) -> None:
        """Merges some neighbours as the archive does after a commit."""
        sources = self.manifest.segments[run[0] : run[1]]
        aside = self.folder / f"merged{UNFINISHED_MERGE}"
        read = [open_segment(self.folder, entry) for entry in sources]
        merge_segments(read, aside)
        self.adopt(aside, sources, read)
        self.publish(self.manifest.applied)


class KashafReader(InProcess):
    """See Reader."""

    def __init__(self, folder: Path) -> None:
        snapshot = open_snapshot(folder)
        self._names: dict[Kind, list[str]] = {}
        self._numbers: dict[Kind, dict[str, int]] = {}
        for kind in KINDS:
            held = dict.fromkeys(name for segment in snapshot.segments for name in segment.mention_names(kind))
            self._names[kind] = list(held)
            self._numbers[kind] = {name: number for number, name in enumerate(held)}
        self._engine = Engine(snapshot, Columns(snapshot, self._numbers), finder=self._find)

    def _find(self, kind: Kind, text: str) -> list[int]:
        return [self._numbers[kind][text]]

    def run(self, query: Query, facets: bool) -> Answer:
        """See InProcess."""
        plan = Plan(
            node=_node(query),
            match="exact",
            words="all",
            size=TOP,
            facets=("person", "organisation", "date") if facets else (),
            facet_size=BUCKETS,
        )
        found = self._engine.run(plan)
        best = tuple(place.key - 1 for place in found.places)
        if found.dates is None:
            return Answer(found.total, best)
        persons, organisations = (
            tuple((self._names[kind][number], count) for number, count in found.facets[kind]) for kind in KINDS
        )
        months = zip(map(_month, found.dates.keys), found.dates.counts, strict=True)
        return Answer(found.total, best, persons, organisations, tuple(months))


def _month(key: str) -> int:
    return 12 * int(key[:4]) + int(key[5:]) - 1


def _node(query: Query) -> Node:
    words = tuple(Word(word) for word in query.words)
    asked: Node
    match query.kind:
        case "all":
            return Everything()
        case "and":
            asked = And(words)
        case "or":
            asked = Or(words)
        case "phrase":
            asked = Phrase(" ".join(query.words))
        case "prefix":
            asked = Pattern(query.words[0] + "*")
        case _:
            asked = words[0]
    if query.person is not None:
        return And((asked, Value("person", query.person)))
    if query.first is not None and query.last is not None:
        return And((asked, DateRange(iso(query.first), iso(query.last))))
    return asked
