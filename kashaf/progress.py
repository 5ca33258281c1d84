"""What the person at the terminal sees while articles are indexed."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from kashaf.index.readers import Refusal, total_bytes
from kashaf.ingest import Counts, Listener, ingest
from kashaf.search.archive import Archive
from kashaf.terminal import one_line

_REDRAW = 0.1  # seconds between two drawings of the bar


def index_files(archive: Archive, paths: Sequence[Path], counts: Counts, verbose: bool = False, **reading: Any) -> None:
    """Indexes files and folders as `ingest` does, shows how far it is, and ends with a line that sums up."""
    begun = time.monotonic()
    total = total_bytes(paths) if sys.stderr.isatty() else 0
    with progress(total, counts, verbose) as listener:
        ingest(archive, paths, listener, counts, **reading)
    click.echo(summary(counts, time.monotonic() - begun))


@contextmanager
def progress(total: int, counts: Counts, verbose: bool) -> Iterator[Listener]:
    """Shows how far indexing has come: a bar with rate and time left on a terminal, nothing otherwise.

    Refused inputs are named on standard error as they come.

    Args:
        total: bytes to be read.
        verbose: also name dates that could not be read, and acknowledge each commit.
    """
    on_terminal = sys.stderr.isatty()
    begun = time.monotonic()

    def say(line: str) -> None:
        clear = "\r\x1b[K" if on_terminal else ""  # the bar is drawn again below the line
        click.echo(f"{clear}{line}", err=True)

    def refused(refusal: Refusal) -> None:
        say(f"refused: {one_line(refusal.where)}: {one_line(refusal.reason)}")

    def noticed(where: str, reason: str) -> None:
        if verbose:
            say(f"noticed: {one_line(where)}: {one_line(reason)}")

    def committed(now: Counts) -> None:
        if verbose:
            say(f"committed {now.safe}")

    if not on_terminal:
        yield Listener(lambda count: None, refused, noticed, committed)
        return

    def rate(_: object) -> str:
        return f"{counts.seen:,} articles, {counts.seen / max(time.monotonic() - begun, 0.001):,.0f}/s"

    length = max(total, 1)
    with click.progressbar(length=length, label="Indexing", item_show_func=rate, file=sys.stderr) as bar:
        waiting = 0
        drawn = 0.0

        def advance(count: int) -> None:
            nonlocal waiting, drawn
            waiting += count
            if time.monotonic() - drawn >= _REDRAW:
                bar.update(waiting)
                waiting, drawn = 0, time.monotonic()

        yield Listener(advance, refused, noticed, committed)
        bar.update(waiting)


def summary(counts: Counts, seconds: float) -> str:
    """One line about a finished run.

    >>> summary(Counts(added=30, unchanged=2, refused=1, seen=33), 1.5)
    '32 articles indexed in 1.5 s (21/s): 30 new, 0 replaced, 2 unchanged; 1 input refused'
    """
    rate = counts.safe / max(seconds, 0.001)
    line = (
        f"{number(counts.safe, 'article')} indexed in {seconds:.1f} s ({rate:,.0f}/s): "
        f"{counts.added:,} new, {counts.replaced:,} replaced, {counts.unchanged:,} unchanged"
    )
    if counts.refused:
        line += f"; {number(counts.refused, 'input')} refused"
    if counts.noticed:
        line += f"; {number(counts.noticed, 'date')} could not be read (--verbose names them)"
    return line


def number(count: int, noun: str) -> str:
    """A count with its noun.

    >>> number(1, "article"), number(1200, "article")
    ('1 article', '1,200 articles')
    """
    return f"{count:,} {noun}" + ("" if count == 1 else "s")
