"""What the finders of names give: a kind and a range of characters."""

from typing import Literal, NamedTuple

Kind = Literal["person", "organisation"]
Span = tuple[Kind, int, int]  # kind, start, end


class Given(NamedTuple):
    """What another finder gives, in order, not overlapping.

    Attributes:
        sure: names that take the place of those found here.
        unsure: names that are taken where none are found here.
    """

    sure: list[Span]
    unsure: list[Span]
