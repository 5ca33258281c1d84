"""Words of a shape: the forms that a pattern or a fuzzy word stands for, in number bounded."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from kashaf.analyzers.terms import fold
from kashaf.index.segment_file import Array
from kashaf.search.gather import Gatherer, Terms
from kashaf.search.patterns import folded_pattern, shape_of
from kashaf.search.query import Fuzzy, Pattern
from kashaf.search.trace import Trace

MAX_EXPANSION = 1_000  # forms of one pattern
MAX_EXPANSIONS = 4_000  # forms of all patterns of one query
_TICK = 1_000  # forms compared between two looks at the clock


class Expander:
    """Expands the patterns of one evaluation."""

    def __init__(self, gather: Gatherer, trace: Trace) -> None:
        self._gather = gather
        self._trace = trace
        self._expansions = 0
        self._before: dict[Pattern | Fuzzy, Terms] = {}

    def terms(self, node: Pattern | Fuzzy) -> Terms:
        """The terms that a shape stands for in each segment; asked twice, it counts once."""
        known = self._before.get(node)
        if known is None:
            known = self._before[node] = self._pattern(node) if isinstance(node, Pattern) else self._fuzzy(node)
        for segment, here in zip(self._gather.segments, known.by_segment, strict=True):
            self._trace.patterns.update(map(segment.forms.__getitem__, here))
        return known

    def _pattern(self, node: Pattern) -> Terms:
        shape = folded_pattern(node.text)
        segments = self._gather.segments
        literal = re.split(r"[*?]", shape, maxsplit=1)[0]
        if not literal:
            self._trace.warn(f"leading-wildcard: {node.text} must start with a letter")
            return self._gather.terms([()] * len(segments))
        if shape == literal + "*":
            return self._bounded(node.text, [segment.prefix_terms(literal) for segment in segments])
        pattern = shape_of(shape)
        found = []
        for segment in segments:
            kept = []
            for place, term in enumerate(segment.prefix_terms(literal).tolist()):
                if place % _TICK == 0:
                    self._gather.tick()
                if pattern.fullmatch(segment.forms[term]):
                    kept.append(term)
            found.append(np.array(kept, np.int64))
        return self._bounded(node.text, found)

    def _fuzzy(self, node: Fuzzy) -> Terms:
        form = fold(node.text)
        found = []
        for segment in self._gather.segments:
            near = segment.near_terms(form, node.distance, self._gather.tick)
            found.append(np.array(near, np.int64))
        return self._bounded(f"{node.text}~{node.distance}", found)

    def _bounded(self, text: str, found: Sequence[Array]) -> Terms:
        """The most frequent of the terms of each segment, where they are too many."""
        most = max(0, min(MAX_EXPANSION, MAX_EXPANSIONS - self._expansions))
        kept: list[list[int]] = []
        for segment, here in zip(self._gather.segments, found, strict=True):
            if len(here) > most:
                here = here[np.argsort(-segment.doc_counts(here), kind="stable")[:most]]
                self._trace.warn(
                    f"too-many-forms: {text} stands for too many words; the {most} most frequent were searched"
                )
            kept.append(here.tolist())
        self._expansions += max(map(len, kept), default=0)
        return self._gather.terms(kept)
