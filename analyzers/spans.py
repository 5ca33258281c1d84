"""What the finders of names give: a kind and a range of characters."""

from typing import Literal

Kind = Literal["person", "organisation"]
Span = tuple[Kind, int, int]  # kind, start, end
