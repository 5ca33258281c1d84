"""Asking alerts about articles that have come in: which of them each finds, and why.

An alert is asked after every commit, about what came in since it was asked last, however many commits that were:
what a killed process leaves unasked, the next commit makes up for. ``words=auto`` means all words here: among few new
articles, those that have some of the words would be none that was asked for.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from kashaf.errors import KashafError
from kashaf.index.alerts import MAX_ITEMS, Alert, Alerts
from kashaf.index.store import Store
from kashaf.search.request import Request
from kashaf.search.results import Hit, Label, Passage
from kashaf.search.saved_search import restored
from kashaf.search.searcher import Searcher

BUDGET = 10.0  # seconds for one alert
_MOST_WORDS = 12
_LOG = logging.getLogger("kashaf")
_Found = tuple[str, Mapping[str, Any]]


def ask_alerts(store: Store, searcher: Searcher) -> int:
    """Asks every alert about the articles that it was not asked about; returns how many items are new.

    An alert that fails is told in the log, and asked again after the next commit: no commit fails for it.

    Args:
        store: opened for reading; the items are written through a connection of their own.
    """
    key = searcher.last_key
    found: list[tuple[Alert, list[_Found]]] = []
    for alert, asked in Alerts(store.connection).due(key):
        try:
            found.append((alert, _found(alert, asked, store, searcher)))
        except KashafError as error:
            _LOG.warning("alert %s (%s) could not be asked: %s", alert.id, alert.name, error)
    if not found:
        return 0
    writing = Store(store.path, write=True)
    try:
        writing.begin()
        new = sum(Alerts(writing.connection).found(alert, key, items) for alert, items in found)
        writing.commit()
    finally:
        writing.close()
    return new


def _found(alert: Alert, asked: int, store: Store, searcher: Searcher) -> list[_Found]:
    """What came in that the alert finds; of copies of each other, and of what it has found before, the first alone."""
    request = replace(alerted(restored(alert.search)), budget=BUDGET)
    known = Alerts(store.connection).articles(alert.id)
    found: list[_Found] = []
    for hit, labels in searcher.arrived(request, asked, MAX_ITEMS):
        if known.isdisjoint(_copies(hit, store, searcher)):
            found.append((hit.id, why(hit, labels)))
            known.add(hit.id)
    return found


def _copies(hit: Hit, store: Store, searcher: Searcher) -> list[str]:
    stored = store.by_id(hit.id) if hit.copies else None
    return [copy.id for copy in searcher.copies(stored.key, hit.copies)] if stored else []


def alerted(request: Request) -> Request:
    """The search as alerts understand it."""
    return replace(request, words="all") if request.words == "auto" else request


def why(hit: Hit, named: tuple[Label, ...]) -> dict[str, Any]:
    """Why a hit matched, as an item keeps it: the rung, the words that stand in the text, who was asked for."""
    passages = [passage for passage in _passages(hit) if passage.marks]
    words = dict.fromkeys(passage.text[start:end] for passage in passages for start, end in passage.marks)
    return {
        "matched": hit.matched,
        "words": list(words)[:_MOST_WORDS],
        "entities": [{"id": label.id, "label": label.label} for label in named],
        "snippet": hit.snippet,
    }


def _passages(hit: Hit) -> Iterator[Passage]:
    for shown in hit.highlight.values():
        yield from (shown,) if isinstance(shown, Passage) else shown
