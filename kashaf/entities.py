"""`kashaf entities`: a librarian's decisions about people and organisations, from the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

import kashaf
from kashaf.commands import archive_option, json_option
from kashaf.decisions import COMMANDS
from kashaf.entity_lines import line, lines, mentions, portrait_lines, portrait_record, record
from kashaf.index.article import KINDS, Kind
from kashaf.index.authority import Authority, Entity
from kashaf.index.decision_file import LANGUAGES
from kashaf.terminal import as_json, spelled


@click.group()
def entities() -> None:
    """List, merge, split, label and reject people and organisations.

    Decisions take effect at once, without indexing again; every later run keeps them; `undo` takes back
    the last one, then the one before. `export` and `import` carry them to another archive.

    \b
    Examples:
      kashaf entities list Benchekroun
      kashaf entities merge p12 p48
      kashaf entities suggestions
      kashaf entities export decisions.jsonl
    """


@entities.command("list")
@click.argument("name", default="")
@archive_option
@click.option("--kind", type=click.Choice(KINDS), help="Only persons or organisations.")
@click.option("--size", type=click.IntRange(1), default=20, show_default=True, metavar="N", help="Of each kind.")
@json_option
def list_(name: str, folder: Path, kind: Kind | None, size: int, in_json: bool) -> None:
    """List the most mentioned, or who NAME may be.

    NAME may be in any spelling and either script, or an id.

    \b
    Examples:
      kashaf entities list --kind person
      kashaf entities list السغروشني
    """
    with kashaf.open(folder) as archive:
        found: list[Entity] = []
        for each in (kind,) if kind else KINDS:
            if name:
                found += [entity for entity, _ in archive.authority.find(each, spelled(name), size)]
            else:
                everyone = archive.authority.entities(each)
                found += sorted(everyone, key=lambda entity: (-mentions(entity), entity.number))[:size]
    if in_json:
        click.echo(as_json([record(entity) for entity in found]))
        return
    for entity in found:
        click.echo(line(entity))
    if not found:
        click.echo("None.")


@entities.command()
@click.argument("entity_id", metavar="ID")
@archive_option
@json_option
def show(entity_id: str, folder: Path, in_json: bool) -> None:
    """Show labels, spellings, functions, when it was named and beside whom.

    \b
    Example:
      kashaf entities show p12
    """
    with kashaf.open(folder) as archive:
        portrait = archive.portrait(spelled(entity_id))
    if in_json:
        click.echo(as_json(portrait_record(portrait)))
        return
    for text in portrait_lines(portrait):
        click.echo(text)


@entities.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID ID...")
@archive_option
@click.option("--force", is_flag=True, help="Also when they have different Wikidata ids; the first one's stays.")
def merge(ids: tuple[str, ...], folder: Path, force: bool) -> None:
    """Make several entities one.

    It keeps the first id; the others then mean it too. Labels that were pinned, notes and the Wikidata id of the
    others go along.

    \b
    Example:
      kashaf entities merge p12 p48 p103
    """
    with kashaf.open(folder) as archive:
        with archive.curate() as authority:
            kept = authority.merge([spelled(entity_id) for entity_id in ids], force)
        click.echo(line(archive.entity(kept)))


@entities.command()
@click.argument("entity_id", metavar="ID")
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@archive_option
def split(entity_id: str, names: tuple[str, ...], folder: Path) -> None:
    """Give some spellings to a new entity.

    \b
    Example:
      kashaf entities split p12 "M. Setri" "ستري"
    """
    with kashaf.open(folder) as archive:
        with archive.curate() as authority:
            apart = authority.split(spelled(entity_id), [spelled(name) for name in names])
        click.echo(line(archive.entity(spelled(entity_id))))
        click.echo(line(archive.entity(apart)))


_REMOVE = click.option("--remove", is_flag=True, help="Take away what was set.")


@entities.command()
@click.argument("entity_id", metavar="ID")
@archive_option
@click.option("--fr", metavar="LABEL", help="What to call it in Latin script.")
@click.option("--ar", metavar="LABEL", help="What to call it in Arabic.")
@click.option("--remove", type=click.Choice(LANGUAGES), multiple=True, help="Show the usual spelling again.")
def rename(entity_id: str, folder: Path, fr: str | None, ar: str | None, remove: tuple[str, ...]) -> None:
    """Pin the labels that an entity is shown under (also: label).

    \b
    Examples:
      kashaf entities rename p12 --fr "Mohamed Setri" --ar "محمد ستري"
      kashaf entities label p12 --remove fr
    """
    given = {language: label for language, label in (("fr", fr), ("ar", ar)) if label is not None}
    if not given and not remove:
        raise click.UsageError("give --fr LABEL, --ar LABEL or both; or --remove fr, --remove ar")
    if both := [language for language in remove if language in given]:
        raise click.UsageError(f"give --{both[0]} or --remove {both[0]}, not both")
    with kashaf.open(folder) as archive:
        with archive.curate() as authority:
            for language in remove:
                authority.rename(spelled(entity_id), language, None)
            for language, label in given.items():
                authority.rename(spelled(entity_id), language, spelled(label))
        click.echo(line(archive.entity(spelled(entity_id))))


entities.add_command(rename, "label")


@entities.command()
@click.argument("entity_id", metavar="ID")
@click.argument("wikidata_id", metavar="[QID]", required=False)
@archive_option
@_REMOVE
def wikidata(entity_id: str, wikidata_id: str | None, folder: Path, remove: bool) -> None:
    """Say which item of Wikidata an entity is.

    \b
    Examples:
      kashaf entities wikidata o7 Q1065
      kashaf entities wikidata o7 --remove
    """
    _keep(Authority.set_wikidata, folder, entity_id, _given("QID", wikidata_id, remove))


@entities.command()
@click.argument("entity_id", metavar="ID")
@click.argument("text", metavar="[TEXT]", required=False)
@archive_option
@_REMOVE
def note(entity_id: str, text: str | None, folder: Path, remove: bool) -> None:
    """Keep a note with an entity.

    \b
    Examples:
      kashaf entities note p12 "Ambassador in Doha, not the painter of the same name"
      kashaf entities note p12 --remove
    """
    _keep(Authority.set_note, folder, entity_id, _given("TEXT", text, remove))


def _given(name: str, value: str | None, remove: bool) -> str | None:
    """A value to set, or None to remove what was set."""
    if (value is None) is not remove:
        raise click.UsageError(f"give {name} or --remove")
    return None if value is None else spelled(value)


def _keep(keep: Callable[[Authority, str, str | None], None], folder: Path, entity_id: str, value: str | None) -> None:
    """Keeps a value with an entity, and shows the entity as it is then."""
    with kashaf.open(folder) as archive:
        with archive.curate() as authority:
            keep(authority, spelled(entity_id), value)
        for text in lines(archive.entity(spelled(entity_id))):
            click.echo(text)


@entities.command()
@click.argument("entity_id", metavar="ID")
@archive_option
def reject(entity_id: str, folder: Path) -> None:
    """Say that it is no person, no organisation.

    \b
    Example:
      kashaf entities reject p77
    """
    with kashaf.open(folder) as archive:
        entity = archive.entity(spelled(entity_id))
        with archive.curate() as authority:
            authority.reject(entity.id)
    click.echo(f"rejected: {line(entity)}")


@entities.command()
@click.argument("entity_id", metavar="ID")
@archive_option
def restore(entity_id: str, folder: Path) -> None:
    """Say that what was rejected is one after all.

    \b
    Example:
      kashaf entities restore p77
    """
    with kashaf.open(folder) as archive:
        with archive.curate() as authority:
            authority.restore(spelled(entity_id))
        click.echo(line(archive.entity(spelled(entity_id))))


for _command in COMMANDS:
    entities.add_command(_command)
