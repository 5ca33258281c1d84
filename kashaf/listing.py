"""Results and articles as lines of text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from kashaf.index.article import Article
from kashaf.progress import number
from kashaf.search.results import Bucket, Copy, Hit, Label, Passage, Results
from kashaf.terminal import marked, one_line, safe

_BUCKETS = 5  # values shown of each facet
_FACETS = (
    ("person", "People"),
    ("organisation", "Organisations"),
    ("source", "Sources"),
    ("section", "Sections"),
    ("language", "Languages"),
)


def results_lines(results: Results, bold: bool) -> Iterator[str]:
    """A page of results, readable: hits with their snippets, then what the facets count.

    Args:
        bold: mark matches in bold type; otherwise with « and ».
    """
    for warning in results.query.warnings:
        yield f"note: {one_line(warning)}"
    first = (results.page - 1) * results.size + 1
    total = number(results.total, "article") + (" or more: time ran out" if results.partial else "")
    if results.folded:
        total += f", {results.folded:,} of them folded under others"
    if not results.total:
        yield "No article matches."
    elif not results.hits:
        yield f"{total}; none on this page"
    else:
        yield f"{total}; here {first}-{first + len(results.hits) - 1}"
    if results.query.did_you_mean:
        yield f"Did you mean: {one_line(results.query.did_you_mean)}"
    for place, hit in enumerate(results.hits, start=first):
        yield ""
        yield from _hit_lines(place, hit, bold)
    facets = list(_facet_lines(results))
    if facets and results.total:
        yield ""
        yield from facets


def _hit_lines(place: int, hit: Hit, bold: bool) -> Iterator[str]:
    headline = hit.highlight.get("headline")
    title = marked(headline, bold) if isinstance(headline, Passage) else one_line(hit.headline)
    yield f"{place}. {title}"
    copies = f"copies: {hit.copies:,}" if hit.copies else None
    yield "   " + " · ".join(map(one_line, filter(None, (dated(hit), hit.source, hit.language, hit.id, copies))))
    body = hit.highlight.get("body", ())
    passages = (body,) if isinstance(body, Passage) else body
    snippet = " … ".join(marked(passage, bold) for passage in passages)
    if snippet:
        yield f"   {snippet}"


def dated(article: Hit | Article) -> str:
    """The date, with how it was found when nobody gave it; "undated" without one."""
    if not article.published:
        return "undated"
    found = "" if article.published_from == "metadata" else f" (from the {article.published_from})"
    return article.published + found


def _facet_lines(results: Results) -> Iterator[str]:
    for facet, name in _FACETS:
        buckets: Sequence[Bucket] = results.facets.get(facet, ())  # type: ignore[assignment]  # all but "date"
        if buckets:
            values = (f"{one_line(bucket.label)} ({bucket.count:,})" for bucket in buckets[:_BUCKETS])
            yield f"{name}: {', '.join(values)}" + (" …" if len(buckets) > _BUCKETS else "")
    dates = results.facets.get("date")
    if dates is not None and (dates.buckets or dates.undated):
        counts = [f"{bucket.key} ({bucket.count:,})" for bucket in dates.buckets[-_BUCKETS:]]
        if len(dates.buckets) > _BUCKETS:
            counts.insert(0, "…")
        if dates.undated:
            counts.append(f"undated ({dates.undated:,})")
        yield f"Dates: {', '.join(counts)}"


def article_lines(
    article: Article,
    persons: Sequence[Label],
    organisations: Sequence[Label],
    copies: Sequence[Copy],
    everything: bool,
) -> Iterator[str]:
    """One article to read; clutter is folded into a note unless `everything` is asked for."""
    yield click.style(one_line(article.headline), bold=True)
    facts = (dated(article), article.source, article.section, article.byline, article.language, article.url)
    yield " · ".join(map(one_line, filter(None, facts)))
    for name, labels in (("People", persons), ("Organisations", organisations)):
        if labels:
            yield f"{name}: " + ", ".join(f"{one_line(label.label)} [{label.id}]" for label in labels)
    for copy in copies:
        about = (copy.published, copy.source, f"[{copy.id}]", "the original" if copy.original else None)
        yield "Copy: " + " · ".join(map(one_line, filter(None, about)))
    yield ""
    if article.standfirst:
        yield safe(article.standfirst)
        yield ""
    yield safe(article.body if everything else _folded(article)).strip("\n")


def _folded(article: Article) -> str:
    pieces = []
    end = 0
    for ignored in article.ignored:
        pieces.append(article.body[end : ignored.start])
        length = number(ignored.end - ignored.start, "character")
        pieces.append(f"[{ignored.reason}: {length} folded; --all shows them]")
        if article.body[ignored.start : ignored.end].endswith("\n"):
            pieces.append("\n")
        end = ignored.end
    pieces.append(article.body[end:])
    return "".join(pieces)
