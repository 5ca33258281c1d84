"""Copies: articles whose text stands, whole or nearly so, in another article of the archive.

An article that comes in is compared, word for word, with the earlier ones that share sampled shingles with it
(`kashaf.index.copy_samples`). If it is a copy of some it joins the group of the one that it resembles most: of each
article its segment says which is the first of its group, and nothing that comes later changes that. So groups are
never joined: a round-up that holds two dispatches does not make them copies of each other.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kashaf.analyzers.shingles import Numbers, Overlap, overlap, shingles
from kashaf.index.article import Article, date_span
from kashaf.index.clutter import blank_ignored
from kashaf.index.copy_samples import Samples, alike, samples_in
from kashaf.index.posting_lists import ranges
from kashaf.index.segment import Segment
from kashaf.index.segment_file import Array, narrow
from kashaf.index.word_table import WordTable

# What makes two texts copies (measured on labelled pairs: benchmarks/copies.py). The whole text is a copy for ever.
# What is nearly so is one for some days: later, it is the next news with the old paragraphs under it, or a formula.
WHOLE = Overlap(resemblance=0.8, containment=0.95)
NEARLY = Overlap(resemblance=0.4, containment=0.85)
NEAR_DAYS = 3
# A text that is so much shorter than the one that holds it is a part of it, not a copy: a brief among others.
SHORTEST = 1 / 4

Articles = Callable[[Sequence[int]], Mapping[int, Article]]


@dataclass(frozen=True, slots=True)
class Text:
    """What is compared of an article.

    Attributes:
        shingles: its distinct shingles, ascending.
        day: of its publication, as a proleptic Gregorian ordinal; None when it is not known to the day.
    """

    shingles: Numbers
    day: int | None


def texts_of(articles: Sequence[Article], words: WordTable) -> list[Text]:
    """What is compared of some articles: their bodies without the clutter.

    Args:
        words: helps to cut them into words; nothing else may use it meanwhile.
    """
    entries, counts = words.entries([blank_ignored(article) for article in articles])
    entry_ends, entry_terms = np.frombuffer(words.entry_ends, np.int64), np.frombuffer(words.entry_terms, np.int32)
    ends = entry_ends[entries]
    starts = np.where(entries > 0, entry_ends[entries - 1], 0)
    sizes = ends - starts
    numbers = words.numbers()[entry_terms[ranges(starts, sizes)]]
    edges = np.cumsum(np.append(0, sizes))[np.cumsum(np.append(0, counts))].tolist()
    return [
        Text(np.unique(shingles(numbers[start:end])), _day(article.published))
        for start, end, article in zip(edges, edges[1:], articles, strict=False)
    ]


def resemblance(first: Text, second: Text) -> float | None:
    """The resemblance of two texts that are copies of each other; None when they are not."""
    few, many = sorted((len(first.shingles), len(second.shingles)))
    shared = overlap(first.shingles, second.shingles)
    contained = shared.containment if few >= SHORTEST * many else 0.0
    close = first.day is None or second.day is None or abs(first.day - second.day) <= NEAR_DAYS
    least = NEARLY if close else WHOLE
    if shared.resemblance >= least.resemblance or contained >= least.containment:
        return shared.resemblance
    return None


def _day(published: str | None) -> int | None:
    return date_span(published)[0].toordinal() if published and len(published) == len("YYYY-MM-DD") else None


class CopyFinder:
    """Finds the group of each article that comes in.

    Args:
        articles: gives those of some keys, new and old.
        words: helps to cut them into words; nothing else may use it while groups are looked for.
    """

    def __init__(self, articles: Articles, words: WordTable) -> None:
        self._articles = articles
        self._words = words

    def arrays(self, new: Samples, segments: Sequence[Segment]) -> dict[str, Array]:
        """The arrays of the articles that joined a group: ``copy.doc``, ascending, and ``copy.first``, the key of the
        first article of the group of each; left out when none did.

        Args:
            new: the samples of a segment that is made.
            segments: all earlier ones, in order of their articles' keys.
        """
        old = [samples_in(segment.arrays, segment.live) for segment in segments]
        firsts: dict[int, int] = {}  # of the new ones, by key
        docs = []
        for compared in alike(new, old):
            texts = self._texts({key for doc, others in compared.items() for key in (int(new.keys[doc]), *others)})
            for doc, others in compared.items():
                key = int(new.keys[doc])
                nearest = _nearest(key, others, texts)
                if nearest is not None:
                    docs.append(doc)
                    is_new = nearest >= int(new.keys[0])
                    firsts[key] = firsts.get(nearest, nearest) if is_new else _first_of(nearest, segments)
        return _arrays(np.array(docs, np.int64), np.array(list(firsts.values()), np.int64), len(new.keys))

    def _texts(self, keys: Iterable[int]) -> dict[int, Text]:
        articles = self._articles(sorted(keys))
        return dict(zip(articles, texts_of(list(articles.values()), self._words), strict=True))


def _nearest(key: int, others: Iterable[int], texts: Mapping[int, Text]) -> int | None:
    """Of some earlier articles the one that an article is a copy of; the one most like it, then the first."""
    text = texts[key]
    found = [
        (like, -other) for other in others if other in texts and (like := resemblance(texts[other], text)) is not None
    ]
    return -max(found)[1] if found else None


def _first_of(key: int, segments: Sequence[Segment]) -> int:
    """The first article of the group of an article; itself when it joined none."""
    segment = segments[bisect_right(segments, key, key=lambda each: int(each.keys[0])) - 1]
    docs, firsts = joined(segment)
    doc = int(np.searchsorted(segment.keys, key))
    row = int(np.searchsorted(docs, doc))
    return int(firsts[row]) if row < len(docs) and int(docs[row]) == doc else key


def joined(segment: Segment) -> tuple[Array, Array]:
    """The articles of a segment that joined a group, ascending, and the first article of the group of each, by key."""
    if "copy.doc" not in segment.arrays:
        return np.zeros(0, np.uint8), np.zeros(0, np.int64)
    return segment.arrays["copy.doc"], segment.arrays["copy.first"]


def merged_copies(segments: Sequence[Segment], doc_maps: Sequence[Array], docs: int) -> dict[str, Array]:
    """The groups of several segments as those of one.

    Args:
        doc_maps: for each segment, the article of the new one that each of its live articles becomes.
        docs: articles of the new segment.
    """
    found, firsts = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for segment, doc_map in zip(segments, doc_maps, strict=True):
        here, first = joined(segment)
        kept = slice(None) if segment.live is None else segment.live[here]
        found.append(doc_map[here[kept]])
        firsts.append(first[kept])
    return _arrays(np.concatenate(found), np.concatenate(firsts), docs)


def _arrays(joined_docs: Array, firsts: Array, docs: int) -> dict[str, Array]:
    if not len(joined_docs):
        return {}
    return {"copy.doc": narrow(joined_docs, max(docs - 1, 0)), "copy.first": firsts.astype("<i8")}
