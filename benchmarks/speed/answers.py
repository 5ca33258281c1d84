"""What an engine answers, and whether two engines answer the same."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

TOP = 10
BUCKETS = 20


@dataclass(frozen=True)
class Answer:
    """An answer in a shape that all engines share.

    Attributes:
        total: articles that match.
        best: numbers of the best articles, best first, at most `TOP`.
        persons, organisations: the `BUCKETS` most frequent names with their articles.
        months: 12 * year + month - 1 -> articles.
    """

    total: int
    best: tuple[int, ...]
    persons: tuple[tuple[str, int], ...] = ()
    organisations: tuple[tuple[str, int], ...] = ()
    months: tuple[tuple[int, int], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The fields, for the pipe from an engine."""
        return asdict(self)

    @staticmethod
    def from_json(fields: dict[str, Any]) -> Answer:
        """What `as_json` gave."""

        def pairs(name: str) -> tuple[Any, ...]:
            return tuple((key, count) for key, count in fields[name])

        return Answer(fields["total"], tuple(fields["best"]), pairs("persons"), pairs("organisations"), pairs("months"))


def difference(ours: Answer, theirs: Answer) -> str | None:
    """What the two do not agree on; None when nothing.

    Scores may differ, and so may names that have as many articles as the last one listed.
    """
    if ours.total != theirs.total:
        return f"total {ours.total} / {theirs.total}"
    if len(set(ours.best)) != len(set(theirs.best)):
        return f"articles given {ours.best} / {theirs.best}"
    for facet in ("persons", "organisations"):
        left, right = getattr(ours, facet), getattr(theirs, facet)
        if [count for _, count in left] != [count for _, count in right]:
            return f"counts of {facet} {[c for _, c in left]} / {[c for _, c in right]}"
        cut = left[-1][1] if len(left) == BUCKETS else 0
        if {pair for pair in left if pair[1] > cut} != {pair for pair in right if pair[1] > cut}:
            return f"names of {facet} {left} / {right}"
    if sorted(ours.months) != sorted(theirs.months):
        return "counts by month"
    return None
