"""Xapian (Debian's python3-xapian): postings with positions, values in slots, match spies for facets.

A slot holds one value, so a person takes one of six slots and an organisation one of four; their counts are summed.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from benchmarks.speed.answers import BUCKETS, TOP, Answer
from benchmarks.speed.corpus import Corpus
from benchmarks.speed.engines.base import InProcess, NotHere, month_of
from benchmarks.speed.queries import Query

DEBIAN = "/usr/lib/python3/dist-packages"
DAY, MONTH, SOURCE = 0, 1, 2
PERSONS, ORGANISATIONS = range(10, 16), range(20, 24)
FLUSH = 100_000  # articles between two writes of what was gathered, as Xapian's XAPIAN_FLUSH_THRESHOLD
GAP = 100


def _xapian() -> Any:
    if DEBIAN not in sys.path:
        sys.path.append(DEBIAN)
    try:
        import xapian
    except ImportError as error:
        raise NotHere("apt-get install python3-xapian, and the same Python version as Debian's") from error
    return xapian


class Xapian:
    """See Engine."""

    name = "Xapian"

    def version(self) -> str:
        """See Engine."""
        return str(_xapian().version_string())

    def build(self, corpus: Corpus, folder: Path) -> None:
        """See Engine."""
        xapian = _xapian()
        base = xapian.WritableDatabase(str(folder), xapian.DB_CREATE_OR_OVERWRITE)
        words = xapian.TermGenerator()
        for article, headline, body in corpus.texts():
            document = xapian.Document()
            words.set_document(document)
            words.index_text(headline)
            words.increase_termpos(GAP)
            words.index_text(body)
            document.add_value(DAY, xapian.sortable_serialise(article.day))
            document.add_value(MONTH, str(month_of(article.day)))
            document.add_value(SOURCE, article.source)
            for slots, names in ((PERSONS, article.persons), (ORGANISATIONS, article.organisations)):
                for slot, name in zip(slots, names, strict=False):
                    document.add_value(slot, name)
            for name in article.persons:
                document.add_boolean_term("XP" + name)
            base.add_document(document)
            if article.number % FLUSH == FLUSH - 1:
                base.commit()
        base.commit()
        base.close()

    def open(self, folder: Path) -> XapianReader:
        """See Engine."""
        return XapianReader(_xapian(), folder)


class XapianReader(InProcess):
    """See Reader."""

    def __init__(self, xapian: Any, folder: Path) -> None:
        self._xapian = xapian
        self._base = xapian.Database(str(folder))

    def run(self, query: Query, facets: bool) -> Answer:
        """See InProcess."""
        enquire = self._xapian.Enquire(self._base)
        enquire.set_query(self._query(query))
        spies = {}
        if facets:
            for slot in (*PERSONS, *ORGANISATIONS, MONTH):
                spies[slot] = self._xapian.ValueCountMatchSpy(slot)
                enquire.add_matchspy(spies[slot])
        # Checking as many as there are articles makes the total exact.
        found = enquire.get_mset(0, TOP, self._base.get_doccount())
        total = found.get_matches_estimated()
        best = tuple(hit.docid - 1 for hit in found)
        if not facets:
            return Answer(total, best)
        months = tuple((int(value.term), value.termfreq) for value in spies[MONTH].values())
        persons, organisations = (_summed([spies[slot] for slot in slots]) for slots in (PERSONS, ORGANISATIONS))
        return Answer(total, best, persons, organisations, months)

    def _query(self, query: Query) -> Any:
        make = self._xapian.Query
        match query.kind:
            case "all":
                return make.MatchAll
            case "and":
                asked = make(make.OP_AND, list(query.words))
            case "or":
                asked = make(make.OP_OR, list(query.words))
            case "phrase":
                asked = make(make.OP_PHRASE, list(query.words), len(query.words))
            case "prefix":
                asked = make(make.OP_WILDCARD, query.words[0], 0, make.WILDCARD_LIMIT_ERROR, make.OP_OR)
            case _:
                asked = make(query.words[0])
        if query.person is not None:
            asked = make(make.OP_FILTER, asked, make("XP" + query.person))
        if query.first is not None:
            span = [self._xapian.sortable_serialise(day) for day in (query.first, query.last)]
            asked = make(make.OP_FILTER, asked, make(make.OP_VALUE_RANGE, DAY, *span))
        return asked


def _summed(spies: list[Any]) -> tuple[tuple[str, int], ...]:
    counts: dict[bytes, int] = {}
    for spy in spies:
        for value in spy.values():
            counts[value.term] = counts.get(value.term, 0) + value.termfreq
    best = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:BUCKETS]
    return tuple((name.decode(), count) for name, count in best)
