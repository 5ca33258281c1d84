"""`kashaf entities`: a librarian's decisions about people and organisations, from the command line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

import kashaf
from kashaf.commands import archive_option, json_option
from kashaf.index.article import KINDS, Kind
from kashaf.index.authority import Entity
from kashaf.progress import number
from kashaf.terminal import as_json, one_line, spelled


@click.group()
def entities() -> None:
    """List, merge, split, rename and reject people and organisations.

    Decisions take effect at once, without indexing again; every later run keeps them; `undo` takes back
    the last one, then the one before.

    \b
    Examples:
      kashaf entities list Benchekroun
      kashaf entities merge p12 p48
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
                found += sorted(everyone, key=lambda entity: (-_articles(entity), entity.number))[:size]
    if in_json:
        click.echo(as_json([_record(entity) for entity in found]))
        return
    for entity in found:
        click.echo(_line(entity))
    if not found:
        click.echo("None.")


@entities.command()
@click.argument("entity_id", metavar="ID")
@archive_option
@json_option
def show(entity_id: str, folder: Path, in_json: bool) -> None:
    """Show labels, spellings and their articles.

    \b
    Example:
      kashaf entities show p12
    """
    with kashaf.open(folder) as archive:
        entity = archive.entity(spelled(entity_id))
    if in_json:
        click.echo(as_json(_record(entity)))
        return
    for line in _portrait(entity):
        click.echo(line)


@entities.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID ID...")
@archive_option
def merge(ids: tuple[str, ...], folder: Path) -> None:
    """Make several entities one.

    It keeps the first id; the others then mean it too.

    \b
    Example:
      kashaf entities merge p12 p48 p103
    """
    with kashaf.open(folder) as archive:
        with archive.curate() as authority:
            kept = authority.merge([spelled(entity_id) for entity_id in ids])
        click.echo(_line(archive.entity(kept)))


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
        click.echo(_line(archive.entity(spelled(entity_id))))
        click.echo(_line(archive.entity(apart)))


@entities.command()
@click.argument("entity_id", metavar="ID")
@archive_option
@click.option("--fr", metavar="LABEL", help="What to call it in Latin script.")
@click.option("--ar", metavar="LABEL", help="What to call it in Arabic.")
def rename(entity_id: str, folder: Path, fr: str | None, ar: str | None) -> None:
    """Set the preferred labels of an entity.

    \b
    Example:
      kashaf entities rename p12 --fr "Mohamed Setri" --ar "محمد ستري"
    """
    given = [(language, label) for language, label in (("fr", fr), ("ar", ar)) if label is not None]
    if not given:
        raise click.UsageError("give --fr LABEL, --ar LABEL or both")
    with kashaf.open(folder) as archive:
        with archive.curate() as authority:
            for language, label in given:
                authority.rename(spelled(entity_id), language, spelled(label))
        click.echo(_line(archive.entity(spelled(entity_id))))


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
    click.echo(f"rejected: {_line(entity)}")


@entities.command()
@archive_option
def undo(folder: Path) -> None:
    """Take the last decision back.

    \b
    Example:
      kashaf entities undo
    """
    with kashaf.open(folder) as archive, archive.curate() as authority:
        undone = authority.undo()
    click.echo(f"undone: {one_line(undone)}")


def _articles(entity: Entity) -> int:
    """Mentions by article of all spellings; an article with two spellings counts for both."""
    return sum(count for _, count in entity.variants)


def _record(entity: Entity) -> dict[str, object]:
    variants = [{"name": name, "count": count} for name, count in entity.variants]
    return {
        "id": entity.id,
        "kind": entity.kind,
        "label": entity.label,
        "labels": dict(entity.labels),
        "variants": variants,
        "wikidata": entity.wikidata,
        "note": entity.note,
    }


def _line(entity: Entity) -> str:
    labels = " · ".join(map(one_line, dict.fromkeys([entity.label, *entity.labels.values()])))
    spellings, mentions = number(len(entity.variants), "spelling"), number(_articles(entity), "mention")
    return f"{entity.id}  {labels}  ({spellings}, {mentions})"


def _portrait(entity: Entity) -> Iterator[str]:
    yield f"{entity.id}  {entity.kind}  {one_line(entity.label)}"
    for language, label in entity.labels.items():
        yield f"label {language}: {one_line(label)}"
    if entity.wikidata:
        yield f"wikidata: {one_line(entity.wikidata)}"
    if entity.note:
        yield f"note: {one_line(entity.note)}"
    for name, count in entity.variants:
        yield f"{count:6,}  {one_line(name)}"
