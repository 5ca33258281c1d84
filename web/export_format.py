"""What every format of export is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import LazyString

from kashaf.index.article import Article
from kashaf.search.results import Label


@dataclass(frozen=True, slots=True)
class Record:
    """One article on its way out.

    Attributes:
        address: of its page, in full.
        snippet: gives the passages that match, on one line.
    """

    article: Article
    address: str
    persons: tuple[Label, ...] = ()
    organisations: tuple[Label, ...] = ()
    snippet: Callable[[], str] = str

    @property
    def names(self) -> list[str]:
        """The persons and organisations, by label."""
        return [label.label for label in (*self.persons, *self.organisations)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A form in which articles leave.

    Attributes:
        name: what programs call it, in `links.export`.
        extension: of its address and its files, without the first dot.
        title: what readers call it.
        purpose: who opens it, said to readers.
        content_type: in full.
        record: writes one article.
        ends: what stands once after each record and never inside one: progress is counted by it.
        before, between, after: what stands around records.
        cites: whether it holds what a citation needs and no more.
    """

    name: str
    extension: str
    title: str
    purpose: LazyString
    content_type: str
    record: Callable[[Record], str]
    ends: str = "\n"
    before: str = ""
    between: str = ""
    after: str = ""
    cites: bool = False

    @property
    def file_name(self) -> str:
        """The name under which a browser keeps it."""
        return f"kashaf.{self.extension}"
