"""Stories: articles of several newspapers that report one event, told by who is named in them within some days.

Two articles are of one story when they are of different newspapers, came out within `DAYS` of each other and name much
the same people and organisations: the cosine of their entities, each weighted by its rarity in the archive, is `LEAST`
or more, with `SHARED` of them in common at least. Entities are the same in French and Arabic, so a story has both.
Whoever is named every day says little of an event and does not count. Articles of one newspaper are kept apart because
many pages name the same people beside the article, in links to others.

Stories are found among the hits of one search, when it is asked for; nothing of them is stored. An article joins the
earlier one that it is most like among those that began a story: what is like a follower only begins its own, so that a
story does not drift from event to event. Copies are of the story of the first of them.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kashaf.index.article import KINDS
from kashaf.index.posting_lists import ranges
from kashaf.search.columns import Columns
from kashaf.search.matches import Docs

DAYS = 2  # between the first article of a story and any other
LEAST = 0.5  # cosine; read by eye: docs/quality.md
SHARED = 2  # entities
# Who is in more articles than this share of all, and in more than so many, is named every day.
EVERY_DAY = 0.005
OFTEN = 20

Groups = npt.NDArray[np.intp]


def stories(docs: Docs, columns: Columns) -> Groups:
    """The story of each of some articles (ascending): the place of its first article among them, shape of `docs`."""
    firsts = columns.copies.firsts(docs)
    single = (firsts == np.arange(len(docs))).nonzero()[0]
    of_single = single.take(_stories(docs.take(single), columns))
    found: Groups = of_single.take(single.searchsorted(firsts))
    return found


def _stories(docs: Docs, columns: Columns) -> Groups:
    """The same for articles that are no copies of each other."""
    days = columns.collection.days.take(docs).astype(np.int64)
    exact = days == columns.collection.last_days.take(docs)
    places, entities, weights = _mentions(docs, ((days > 0) & exact).nonzero()[0], columns)
    norms = np.sqrt(np.bincount(places, weights**2, minlength=len(docs)))
    first, second, cosines = _alike(places, entities, weights, days, norms)
    sources = columns.column("source").take(docs)
    apart = sources.take(first) != sources.take(second)
    first, second, cosines = first[apart], second[apart], cosines[apart]
    order = np.lexsort((first, -cosines, second, days.take(second)))
    story = list(range(len(docs)))
    for place, earlier in zip(second.take(order).tolist(), first.take(order).tolist(), strict=True):
        if story[place] == place and story[earlier] == earlier:
            story[place] = earlier
    return np.array(story, np.intp)


def _mentions(docs: Docs, places: Docs, columns: Columns) -> tuple[Docs, Docs, npt.NDArray[np.float64]]:
    """Who is named in the articles at some places: place, entity and weight of each mention that tells something."""
    live = max(columns.collection.live_docs, 1)
    found: list[tuple[Docs, Docs, npt.NDArray[np.float64]]] = []
    others = 0
    for kind in KINDS:
        mentions = columns.mentions(kind)
        begins = mentions.starts.take(docs.take(places)).astype(np.int64)
        sizes = mentions.starts.take(docs.take(places) + 1).astype(np.int64) - begins
        entities = mentions.entities.take(ranges(begins, sizes)).astype(np.intp)
        owners = places.repeat(sizes)
        counts = mentions.counts.take(entities) if len(entities) else np.zeros(0, np.int64)
        telling = counts <= max(OFTEN, EVERY_DAY * live)
        weights = np.log(1 + live / np.maximum(counts, 1))
        found.append((owners[telling], entities[telling] + others, weights[telling]))
        others += mentions.most
    owners, entities, weights = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return owners, entities, weights


def _alike(
    places: Docs,
    entities: Docs,
    weights: npt.NDArray[np.float64],
    days: npt.NDArray[np.int64],
    norms: npt.NDArray[np.float64],
) -> tuple[Docs, Docs, npt.NDArray[np.float64]]:
    """The pairs of places whose articles are alike: the earlier, the later, and their cosine."""
    own = days.take(places)
    order = np.lexsort((places, own, entities))
    places, own, weights = places.take(order), own.take(order), weights.take(order)
    # One number for entity and day, so that an entity's mentions of some days follow each other.
    span = int(own.max(initial=0)) + DAYS + 1
    moments = entities.take(order).astype(np.int64) * span + own
    ends = moments.searchsorted(moments + DAYS, "right")
    sizes = ends - np.arange(1, len(ends) + 1)
    one = np.arange(len(ends)).repeat(sizes)
    other = ranges(np.arange(1, len(ends) + 1), sizes)
    pairs, at, shared = np.unique(
        places.take(one) * len(days) + places.take(other), return_inverse=True, return_counts=True
    )
    products = np.bincount(at, weights.take(one) * weights.take(other), minlength=len(pairs))
    first, second = np.divmod(pairs, len(days))
    cosines = products / (norms.take(first) * norms.take(second))
    kept = (shared >= SHARED) & (cosines >= LEAST)
    return first[kept], second[kept], cosines[kept]
