"""The command line: the same engine as the page, the JSON interface and the library.

Exit statuses: 0 done, 1 some inputs were refused (each is named), 2 wrong usage, 3 the archive cannot be
used, 130 stopped by Ctrl-C, 141 nobody read the output to its end. Flask is imported by the commands that need it only.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, get_args

import click

import kashaf
from kashaf.alerts import alerts
from kashaf.commands import (
    REFUSED,
    Commands,
    ExtractorOption,
    Stopped,
    Unusable,
    WrongUsage,
    archive_option,
    json_option,
)
from kashaf.entities import entities
from kashaf.errors import WorkerLost
from kashaf.index import extractors
from kashaf.index.article import Article
from kashaf.index.article_line import article_line
from kashaf.index.readers import FORMATS
from kashaf.ingest import BATCH, Counts
from kashaf.listing import article_lines, results_lines
from kashaf.progress import index_files, number
from kashaf.search.request import MAX_SIZE, Collapse, Request, Rung, Sort, WordsMode
from kashaf.serve import demo, serve
from kashaf.terminal import as_json, one_line, spelled


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(kashaf.__version__, prog_name="kashaf")
def main() -> None:
    """Full-text search for a press archive in Arabic and French.

    \b
    Examples:
      kashaf demo                              the sample articles in the search page
      kashaf index articles/                   make or extend ./archive
      kashaf search "transition numérique"     ask it
      kashaf serve                             search page and JSON interface
    """


@main.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path, allow_dash=True))
@archive_option
@click.option("--format", type=click.Choice(FORMATS), default="auto", show_default=True, help="How to read files.")
@click.option("--source", metavar="NAME", help="The newspaper of articles that name none.")
@click.option("--file-dates", is_flag=True, help="Date undated text and HTML by the date of their file.")
@click.option("--entities/--no-entities", default=True, help="Look for people and organisations in the texts.")
@click.option(
    "--extractor",
    cls=ExtractorOption,
    envvar=extractors.VARIABLE,
    metavar="NAME",
    help="Also look for them with an installed extractor.",
)
@click.option("--batch", type=click.IntRange(1), default=BATCH, show_default=True, help="Articles a commit.")
@click.option(
    "--jobs", "-j", type=click.IntRange(0), default=1, show_default=True, metavar="N", help="Processes; 0: all cores."
)
@click.option("--verbose", "-v", is_flag=True, help="Acknowledge commits; name dates that could not be read.")
def index(paths: tuple[Path, ...], folder: Path, verbose: bool, **reading: Any) -> None:
    """Index files and folders, new or changed; - is the standard input.

    Articles that are there already, unchanged, are left alone; one that has changed is replaced if it has an id or
    an address, else it comes in beside the old one. Every input that is refused is named with the
    reason, the others are indexed, and the exit status is 1. Ctrl-C keeps everything that was committed: run the
    same command again to go on.

    \b
    Examples:
      kashaf index articles/
      kashaf index export.jsonl.gz --archive press
      kashaf index le-matin/*.html --source "Le Matin"
      kashaf export --archive old | kashaf index - --archive new
    """
    gc.freeze()  # what was imported stays: the collector need not look at it again and again
    with kashaf.open(folder, create=True) as archive:
        counts = Counts()
        with _interruptible(counts, folder):
            index_files(archive, paths, counts, verbose, **reading)
    if counts.refused:
        sys.exit(REFUSED)


@contextmanager
def _interruptible(counts: Counts, folder: Path) -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        safe = number(counts.safe, "article")
        message = f"stopped: {safe} of this run safe in {folder}; run the same command again to go on"
        raise Stopped(message) from None
    except WorkerLost as error:
        safe = number(counts.safe, "article")
        message = f"{error}; {safe} of this run safe in {folder}; run again with fewer --jobs to go on"
        raise Unusable(message) from error


@main.command()
@click.argument("query", default="")
@archive_option
@click.option("--person", multiple=True, metavar="P", help="Only those that name P: an id, or any spelling.")
@click.option("--organisation", multiple=True, metavar="O", help="Only those that name O.")
@click.option("--from", "date_from", metavar="D", help="First year, month or day: 2026, 2026-02, 2026-02-01.")
@click.option("--to", "date_to", metavar="D", help="Last year, month or day, included.")
@click.option("--language", multiple=True, metavar="L", help="Only articles in L: fr, ar…")
@click.option("--source", multiple=True, metavar="S", help="Only articles of the newspaper S.")
@click.option("--section", multiple=True, metavar="S", help="Only articles of the section S.")
@click.option("--sort", type=click.Choice(get_args(Sort)), default="relevance", show_default=True, help="Order.")
@click.option(
    "--match",
    type=click.Choice(get_args(Rung)),
    default="names",
    show_default=True,
    help="Exact words; word families too; names in any spelling too.",
)
@click.option(
    "--words",
    type=click.Choice(get_args(WordsMode)),
    default="auto",
    show_default=True,
    help="How many of the words must match; auto: all, else as many as some article has.",
)
@click.option(
    "--collapse",
    type=click.Choice(get_args(Collapse)),
    help="Fold copies of one text, or articles on one event, under the best hit.",
)
@click.option("--size", type=int, default=10, show_default=True, metavar="N", help=f"Articles, up to {MAX_SIZE}.")
@click.option("--page", type=int, default=1, show_default=True, metavar="N", help="Which page of them.")
@json_option
def search(
    query: str,
    folder: Path,
    date_from: str | None,
    date_to: str | None,
    sort: Sort,
    match: Rung,
    words: WordsMode,
    collapse: Collapse | None,
    size: int,
    page: int,
    in_json: bool,
    **filters: tuple[str, ...],
) -> None:
    """Search; without QUERY, list everything.

    \b
    Examples:
      kashaf search "transition numérique" --from 2026-01
      kashaf search السغروشني --language ar
      kashaf search 'titre:"banque centrale" -taux' --sort newest --json
    """
    request = Request(
        q=spelled(query),
        only={facet: tuple(map(spelled, values)) for facet, values in filters.items() if values},
        date_from=date_from,
        date_to=date_to,
        sort=sort,
        match=match,
        words=words,
        collapse=collapse,
        size=size,
        page=page,
    )
    if in_json:
        click.echo(as_json(_api_answer(folder, request)))
        return
    with kashaf.open(folder) as archive:
        results = archive.run(request)
    for line in results_lines(results, bold=sys.stdout.isatty()):
        click.echo(line)


def _api_answer(folder: Path, request: Request) -> Any:
    """What GET /api/v1/search answers, asked inside this process: the same by construction."""
    from werkzeug.test import Client

    from kashaf.web import create_app

    parameters: dict[str, Any] = {
        "q": request.q,
        **request.only,
        "from": request.date_from,
        "to": request.date_to,
        "sort": request.sort,
        "match": request.match,
        "words": request.words,
        "collapse": request.collapse,
        "size": request.size,
        "page": request.page,
    }
    given = {name: value for name, value in parameters.items() if value is not None}
    answer = Client(create_app(folder)).get("/api/v1/search", query_string=given)
    content = json.loads(answer.get_data(as_text=True))
    if answer.status_code != 200:
        raise WrongUsage(content.get("detail", answer.status))
    return content


@main.command()
@click.argument("article_id", metavar="ID")
@archive_option
@click.option("--all", "everything", is_flag=True, help="Unfold menus, related links and other clutter.")
@json_option
def show(article_id: str, folder: Path, everything: bool, in_json: bool) -> None:
    """Print an article, its clutter folded away.

    \b
    Examples:
      kashaf show echo-detroit-5512
      kashaf show 4f0c9a31d2b7e6a8c1d0 --all
    """
    with kashaf.open(folder) as archive:
        article = archive.article(spelled(article_id))
        persons, organisations = archive.entities_of(article.id)
        copies = archive.copies(article.id)
    if in_json:
        from kashaf.web.answers import ArticleOut

        entities = {"persons": persons, "organisations": organisations}
        members = {name: getattr(article, name) for name in Article.__slots__}
        click.echo(as_json(ArticleOut().dump({**members, "entities": entities, "copies": copies})))
        return
    for line in article_lines(article, persons, organisations, copies, everything):
        click.echo(line)


@main.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@archive_option
def delete(ids: tuple[str, ...], folder: Path) -> None:
    """Delete articles; they are found no more.

    Ids that no article has are named, the others are deleted, and the exit status is 1. An article comes back when
    it is indexed again.

    \b
    Examples:
      kashaf delete echo-detroit-5512
      kashaf delete 4f0c9a31d2b7e6a8c1d0 9c1d0aa8e6b7d2319a0f --archive press
    """
    unknown = []
    with kashaf.open(folder) as archive, archive.writer() as writer:
        for article_id in map(spelled, ids):
            if not writer.delete(article_id):
                unknown.append(article_id)
        deleted = writer.deleted
    for article_id in unknown:
        click.echo(f"no article has the id {article_id!r}", err=True)
    click.echo(f"{number(deleted, 'article')} deleted from {folder}")
    if unknown:
        sys.exit(REFUSED)


@main.command()
@archive_option
@json_option
def info(folder: Path, in_json: bool) -> None:
    """Print what the archive holds and how large it is.

    \b
    Examples:
      kashaf info
      kashaf info --archive press --json
    """
    with kashaf.open(folder) as archive:
        facts = asdict(archive.info())
    facts["folder"] = str(facts["folder"])
    if in_json:
        click.echo(as_json(facts))
        return
    for name, value in facts.items():
        if isinstance(value, dict):
            value = ", ".join(f"{key} {count:,}" for key, count in value.items())
        elif isinstance(value, int) and not isinstance(value, bool):
            value = f"{value:,}"
        click.echo(f"{name.replace('_', ' '):<14} {one_line(str(value))}")


@main.command()
@archive_option
def verify(folder: Path) -> None:
    """Check every file of the archive.

    The exit status is 3 when one is damaged.

    \b
    Example:
      kashaf verify --archive press
    """
    with kashaf.open(folder) as archive:
        problems = archive.verify()
        archive.report(lambda reports: reports.keep_check(problems))
    for problem in problems:
        click.echo(one_line(problem), err=True)
    if problems:
        raise Unusable(f"{number(len(problems), 'problem')} found in {folder}")
    click.echo(f"{folder}: every file is as it was written")


@main.command()
@archive_option
@click.option("--rebuild", is_flag=True, help="Make the whole index afresh from the stored articles.")
def compact(folder: Path, rebuild: bool) -> None:
    """Merge the index into one segment.

    With --rebuild nothing of the old index is read: it mends a damaged one, and applies newer rules for
    languages, dates, clutter and names to every article.

    \b
    Examples:
      kashaf compact
      kashaf compact --rebuild --archive press
    """
    with kashaf.open(folder) as archive:
        archive.compact(rebuild_index=rebuild)
        facts = archive.info()
    click.echo(f"{folder}: {number(facts.articles, 'article')} in {number(facts.segments, 'segment')}")


@main.command()
@archive_option
@click.option("--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="A file to write to.")
def export(folder: Path, output: Path | None) -> None:
    """Write every article as a line of JSON.

    `kashaf index` reads them back. Without --output they go to standard output.

    \b
    Examples:
      kashaf export --output backup.jsonl
      kashaf export --archive press | gzip > press.jsonl.gz
    """
    with kashaf.open(folder) as archive:
        lines = (article_line(article) for article in archive.export())
        if output is None:
            for line in lines:
                click.echo(line)
            return
        partial = output.with_name(f"{output.name}.part")  # a stopped export never looks like a whole one
        count = 0
        try:
            with open(partial, "w", encoding="utf-8", newline="\n") as file:
                for line in lines:
                    file.write(f"{line}\n")
                    count += 1
            os.replace(partial, output)
        finally:
            partial.unlink(missing_ok=True)
    click.echo(f"{number(count, 'article')} written to {output}")


for command in (serve, demo, entities, alerts):
    main.add_command(command)
