"""`kashaf entities`: a librarian's decisions about people and organisations, from the command line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

import kashaf
from kashaf.commands import archive_option, json_option
from kashaf.index.article import KINDS, Kind
from kashaf.index.authority import Entity
from kashaf.index.decision_file import LANGUAGES, DecisionFile, parsed, written
from kashaf.index.durable import replace_file
from kashaf.index.suggested_merges import SuggestedMerge
from kashaf.progress import number
from kashaf.terminal import as_json, one_line, spelled


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
        click.echo(_line(archive.entity(spelled(entity_id))))


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
    value = _given("QID", wikidata_id, remove)
    with kashaf.open(folder) as archive:
        with archive.curate() as authority:
            authority.set_wikidata(spelled(entity_id), value)
        for line in _portrait(archive.entity(spelled(entity_id))):
            click.echo(line)


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
    value = _given("TEXT", text, remove)
    with kashaf.open(folder) as archive:
        with archive.curate() as authority:
            authority.set_note(spelled(entity_id), value)
        for line in _portrait(archive.entity(spelled(entity_id))):
            click.echo(line)


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
        click.echo(as_json([_suggestion_record(each) for each in found]))
        return
    for each in found:
        click.echo(f"{each.id}  {one_line(each.one.label)} = {one_line(each.other.label)} ?")
        for entity in (each.one, each.other):
            click.echo(f"    {_line(entity)}")
        for reason in each.speaks:
            click.echo(f"    for: {one_line(reason)}")
        click.echo(f"    but: {one_line(each.missing)}")
    if not found:
        click.echo("None.")


@entities.command()
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
            click.echo(_line(archive.entity(entity_id)))


@entities.command()
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


@entities.command("export")
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


@entities.command("import")
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


@entities.command()
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


def _size(content: DecisionFile) -> str:
    entities_, pairs = len(content.entities), number(len(content.apart), "pair")
    return f"decisions on {entities_:,} {'entity' if entities_ == 1 else 'entities'}, {pairs} said to be apart"


def _given(name: str, value: str | None, remove: bool) -> str | None:
    """A value to set, or None to remove what was set."""
    if (value is None) is not remove:
        raise click.UsageError(f"give {name} or --remove")
    return None if value is None else spelled(value)


def _pair(text: str) -> tuple[str, str]:
    one, dash, other = spelled(text).partition("-")
    if not dash:
        raise click.UsageError(f"{text!r} is not a pair of ids, like p12-p48")
    return one, other


def _suggestion_record(each: SuggestedMerge) -> dict[str, object]:
    return {
        "id": each.id,
        "kind": each.kind,
        "likeness": round(each.likeness, 3),
        "strength": round(each.strength, 3),
        "for": list(each.speaks),
        "missing": each.missing,
        "entities": [_record(each.one), _record(each.other)],
    }


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
