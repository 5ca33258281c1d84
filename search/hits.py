"""From places to hits: the stored article with its labels, its marked passages and the reason why it matched."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from kashaf.analyzers.terms import terms
from kashaf.errors import ArchiveError
from kashaf.index.article import KINDS, Article, Kind
from kashaf.search.columns import Columns
from kashaf.search.highlight import Wanted, headline, snippets
from kashaf.search.known_entities import KnownEntities
from kashaf.search.ranking import Place
from kashaf.search.results import Hit, Label, Passage
from kashaf.search.trace import Trace

Fetch = Callable[[Sequence[int]], Mapping[int, Article]]


class HitMaker:
    """Makes hits with one version of the authority file.

    Args:
        fetch: gives the stored articles of some keys.
    """

    def __init__(self, entities: KnownEntities, columns: Columns, fetch: Fetch) -> None:
        self._known = entities
        self._columns = columns
        self._fetch = fetch

    def hits(self, places: Sequence[Place], trace: Trace) -> tuple[Hit, ...]:
        """The hits at some places, in their order."""
        articles = self._fetch([place.key for place in places])
        found = [(place, articles[place.key]) for place in places if place.key in articles]
        labels = self._labels(article for _, article in found)
        copies = self._columns.copies.others([place.doc for place, _ in found])
        base, named = _wanted(trace), trace.named
        hits = []
        rungs = trace.rungs([place.doc for place, _ in found])
        for (place, article), others, rung in zip(found, copies, rungs, strict=True):
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
                    score=round(place.value, 4) if trace.leaves or trace.phrases or trace.patterns else 0.0,
                    matched=rung,
                    highlight=_highlight(article, wanted),
                    persons=tuple(self._entity_labels("person", article, labels)),
                    organisations=tuple(self._entity_labels("organisation", article, labels)),
                    copies=others,
                    folded=place.folded,
                )
            )
        return tuple(hits)

    def labelled(self, places: Sequence[Place]) -> Iterator[tuple[Article, tuple[Label, ...], tuple[Label, ...]]]:
        """The articles at some places, in their order, each with its persons and organisations."""
        articles = self._fetch([place.key for place in places])
        if len(articles) < len(places):
            raise ArchiveError("the archive was compacted while its articles were read; ask for them again")
        found = [articles[place.key] for place in places]
        labels = self._labels(found)
        for article in found:
            persons, organisations = (tuple(self._entity_labels(kind, article, labels)) for kind in KINDS)
            yield article, persons, organisations

    def wanted(self, trace: Trace, article: Article) -> Wanted:
        """What a search marks in one article, the other spellings of its names included."""
        return self._with_names(_wanted(trace), trace.named, article)

    def _with_names(self, wanted: Wanted, named: frozenset[tuple[Kind, int]], article: Article) -> Wanted:
        spelled = {
            tuple(terms(mention.text))
            for mention in (*article.persons, *article.organisations)
            if (mention.kind, self._columns.number(mention.kind, mention.name)) in named
        }
        return Wanted(wanted.forms, wanted.stems, (*wanted.phrases, *sorted(spelled - {()})))

    def _labels(self, articles: Iterable[Article]) -> dict[tuple[Kind, int], Label]:
        """The entities that the articles mention, by kind and number."""
        names: dict[Kind, set[str]] = {kind: set() for kind in KINDS}
        for article in articles:
            for mention in (*article.persons, *article.organisations):
                names[mention.kind].add(mention.name)
        numbers = {n for kind in KINDS for n in self._columns.meant(kind, names[kind]).values() if n is not None}
        return {
            (entity.kind, entity.number): Label(entity.id, entity.label)
            for entity in self._known.entities(numbers=numbers)
        }

    def _entity_labels(self, kind: Kind, article: Article, labels: Mapping[tuple[Kind, int], Label]) -> Iterable[Label]:
        mentions = article.persons if kind == "person" else article.organisations
        numbers = dict.fromkeys(self._columns.number(kind, mention.name) for mention in mentions)
        return [labels[kind, n] for n in numbers if n is not None and (kind, n) in labels]

    def labels_of(self, article: Article) -> tuple[tuple[Label, ...], tuple[Label, ...]]:
        """The persons and the organisations that one article mentions, each once, in order."""
        labels = self._labels([article])
        persons, organisations = (tuple(self._entity_labels(kind, article, labels)) for kind in KINDS)
        return persons, organisations


def _wanted(trace: Trace) -> Wanted:
    forms = set(trace.patterns)
    stems: set[str] = set()
    for leaf in trace.leaves:
        forms |= leaf.forms
        stems |= leaf.stems
    return Wanted(frozenset(forms), frozenset(stems), tuple(trace.phrases))


def _highlight(article: Article, wanted: Wanted) -> dict[str, Passage | tuple[Passage, ...]]:
    return {
        "headline": headline(article.headline, wanted),
        "body": snippets(article.body, wanted, article.ignored),
    }
