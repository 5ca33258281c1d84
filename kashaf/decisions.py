"""`kashaf entities`: decisions that are proposed, listed, taken back, and carried from archive to archive."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

import kashaf
from kashaf.commands import archive_option, json_option
from kashaf.entity_lines import line, suggestion_lines, suggestion_record
from kashaf.index.article import KINDS, Kind
from kashaf.index.decision_file import DecisionFile, parsed, written
from kashaf.index.durable import replace_file
from kashaf.progress import number
from kashaf.terminal import as_json, one_line, spelled


@click.command()
@archive_option
@click.option("--kind", type=click.Choice(KINDS), help="Only persons or organisations.")
@click.option("--size", type=click.IntRange(1), default=20, show_default=True, metavar="N", help="How many.")
@json_option
def suggestions(folder: Path, kind: Kind | None, size: int, in_json: bool) -> None:
    """List entities that may be one, the likeliest first.

    Each pair comes with what speaks for it and what is missing. Accept it or refuse it by its id; a pair that
    is refused, or was split, is never listed again, nor are entities that one article names side by side.

    \b
    Examples:
      kashaf entities suggestions --kind person
      kashaf entities accept p12-p48
      kashaf entities refuse p12-p48
    """
    with kashaf.open(folder) as archive:
        found = archive.suggested_merges((kind,) if kind else KINDS, size)
    if in_json:
        click.echo(as_json([suggestion_record(each) for each in found]))
        return
    for each in found:
        for text in suggestion_lines(each):
            click.echo(text)
    if not found:
        click.echo("None.")


@click.command()
@click.argument("pairs", nargs=-1, required=True, metavar="PAIR...")
@archive_option
def accept(pairs: tuple[str, ...], folder: Path) -> None:
    """Merge the pairs of suggestions.

    The first id of each pair stays; the other then means it too.

    \b
    Example:
      kashaf entities accept p12-p48 o7-o31
    """
    with kashaf.open(folder) as archive:
        with archive.curate() as authority:
            kept = [authority.merge(_pair(pair)) for pair in pairs]
        for entity_id in dict.fromkeys(kept):
            click.echo(line(archive.entity(entity_id)))


@click.command()
@click.argument("pairs", nargs=-1, required=True, metavar="PAIR...")
@archive_option
def refuse(pairs: tuple[str, ...], folder: Path) -> None:
    """Say of pairs that they are two, listed or not.

    They are never suggested again.

    \b
    Example:
      kashaf entities refuse p12-p48 p3-p9
    """
    with kashaf.open(folder) as archive, archive.curate() as authority:
        for pair in pairs:
            authority.refuse(*_pair(pair))
    click.echo(f"refused: {', '.join(map(one_line, pairs))}")


@click.command("export")
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path), metavar="FILE")
@archive_option
def export_(file: Path, folder: Path) -> None:
    """Write all decisions to FILE (- for the standard output).

    JSON lines, one entity a line with its names, always in the same order: fit for version control.

    \b
    Example:
      kashaf entities export decisions.jsonl
    """
    with kashaf.open(folder) as archive:
        content = archive.authority.export_decisions()
    text = written(content).encode()
    if str(file) == "-":
        click.echo(text, nl=False)
        return
    replace_file(file, text)
    click.echo(f"{one_line(str(file))}: {_size(content)}")


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path), metavar="FILE")
@archive_option
def import_(file: Path, folder: Path) -> None:
    """Bring in the decisions of FILE (- for the standard input).

    Names say who is meant, so the file may come from another archive; names that no article has yet are kept
    for those to come. A file that contradicts itself is refused whole, with the line. The import is one
    decision: one `undo` takes it back. Importing a file twice changes nothing.

    \b
    Example:
      kashaf entities import decisions.jsonl
    """
    with click.open_file(str(file), "rb") as stream:
        content = parsed(stream.read(), file.name)
    with kashaf.open(folder) as archive, archive.curate() as authority:
        changed = authority.import_decisions(content, file.name)
    click.echo(_size(content) + ("" if changed else "; nothing of it is new"))


@click.command()
@archive_option
@json_option
def log(folder: Path, in_json: bool) -> None:
    """List the decisions, the last one last; those that were taken back are marked.

    \b
    Example:
      kashaf entities log
    """
    with kashaf.open(folder) as archive:
        decisions = archive.authority.decisions()
    if in_json:
        click.echo(as_json([asdict(decision) for decision in decisions]))
        return
    for each in decisions:
        click.echo(
            f"{each.number:4}  {each.time}  {each.verb} {one_line(each.what)}{'  (undone)' if each.undone else ''}"
        )
    if not decisions:
        click.echo("None.")


@click.command()
@click.argument("decision", metavar="[NUMBER]", required=False, type=click.IntRange(1))
@archive_option
def undo(decision: int | None, folder: Path) -> None:
    """Take the last decision back, or the one with NUMBER in the log.

    A decision that later ones rest on stays until these are undone.

    \b
    Examples:
      kashaf entities undo
      kashaf entities undo 7
    """
    with kashaf.open(folder) as archive, archive.curate() as authority:
        undone = authority.undo(decision)
    click.echo(f"undone: {one_line(undone)}")


def _size(content: DecisionFile) -> str:
    entities_, pairs = len(content.entities), number(len(content.apart), "pair")
    return f"decisions on {entities_:,} {'entity' if entities_ == 1 else 'entities'}, {pairs} said to be apart"


def _pair(text: str) -> tuple[str, str]:
    one, dash, other = spelled(text).partition("-")
    if not dash:
        raise click.UsageError(f"{text!r} is not a pair of ids, like p12-p48")
    return one, other


COMMANDS = (suggestions, accept, refuse, export_, import_, log, undo)
