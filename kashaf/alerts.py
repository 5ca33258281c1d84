"""`kashaf alerts`: searches that are kept, and told when an article comes in that they find."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

import kashaf
from kashaf.commands import REFUSED, archive_option, json_option
from kashaf.errors import RequestError, UnknownArticle
from kashaf.index.alerts import Alert, AlertItem
from kashaf.index.lock import WriterLock
from kashaf.progress import number
from kashaf.search.archive import Archive
from kashaf.search.request import VALUE_FACETS, Request
from kashaf.search.saved_search import restored, saved
from kashaf.terminal import as_json, one_line, spelled


@click.group()
def alerts() -> None:
    """Searches that are asked about every new article.

    What an alert finds is a feed (/alerts/ID/feed of the server), and is sent to its webhook, if it has one.

    \b
    Examples:
      kashaf alerts add "Eau potable" '"eau potable"' --language fr
      kashaf alerts list
    """


@alerts.command()
@click.argument("name")
@click.argument("query", default="")
@archive_option
@click.option("--person", multiple=True, metavar="P", help="Only articles that name P, in any spelling.")
@click.option("--organisation", multiple=True, metavar="O", help="Only articles that name O.")
@click.option("--language", multiple=True, metavar="L", help="Only articles in L (fr, ar).")
@click.option("--source", multiple=True, metavar="S", help="Only articles of the newspaper S.")
@click.option("--section", multiple=True, metavar="S", help="Only articles of the section S.")
@click.option("--webhook", metavar="URL", help="An address that is sent what is found.")
def add(name: str, query: str, folder: Path, webhook: str | None, **filters: tuple[str, ...]) -> None:
    """Make an alert on articles that come in from now on.

    QUERY is in the query language; all of its words must match. Without QUERY, the options alone choose.

    \b
    Examples:
      kashaf alerts add Seghrouchni --person السغروشني
      kashaf alerts add Budget "loi de finances" --webhook https://desk.example/hook
    """
    only = {facet: tuple(map(spelled, filters[facet])) for facet in VALUE_FACETS if filters[facet]}
    request = Request(q=spelled(query), only=only)
    with kashaf.open(folder) as archive:
        with archive.alerting() as changed:
            alert_id = changed.add(spelled(name), saved(request), webhook)
        alert = archive.alerts.get(alert_id)
    click.echo(_line(alert))
    if alert.webhook:
        click.echo(f"Messages are signed with {alert.secret}")


@alerts.command("list")
@archive_option
@json_option
def list_(folder: Path, in_json: bool) -> None:
    """List the alerts, and what each has found.

    \b
    Example:
      kashaf alerts list --json
    """
    with kashaf.open(folder) as archive:
        known = archive.alerts.all()
    if in_json:
        click.echo(as_json([_record(alert) for alert in known]))
        return
    for alert in known:
        click.echo(_line(alert))
    if not known:
        click.echo("No alerts. Make one with: kashaf alerts add NAME QUERY")


@alerts.command()
@click.argument("alert_id", metavar="ID")
@archive_option
@click.option("--size", type=click.IntRange(1), default=20, show_default=True, metavar="N", help="Articles.")
@json_option
def show(alert_id: str, folder: Path, size: int, in_json: bool) -> None:
    """Show what an alert has found last, and why.

    \b
    Example:
      kashaf alerts show 5d1c0a7be1f94c2a9b0e17c4
    """
    with kashaf.open(folder) as archive:
        alert = archive.alerts.get(spelled(alert_id))
        found = [(item, _headline(archive, item)) for item in archive.alerts.items(alert.id, size)]
    if in_json:
        items = [{"article": i.article, "headline": h, "found": i.found, "why": i.why} for i, h in found]
        click.echo(as_json({**_record(alert), "items": items}))
        return
    click.echo(_line(alert))
    for item, headline in found:
        click.echo(f"{item.found}  {one_line(headline)}  ({one_line(item.article)})")
        click.echo(f"    {one_line(_why(item))}")


@alerts.command()
@click.argument("alert_id", metavar="ID")
@archive_option
@click.option("--name", help="Another name.")
@click.option("--webhook", metavar="URL", help='Another address that is sent what is found; "" for none.')
def change(alert_id: str, folder: Path, name: str | None, webhook: str | None) -> None:
    """Give an alert another name or webhook.

    \b
    Examples:
      kashaf alerts change 5d1c0a7be1f94c2a9b0e17c4 --name "L'eau à Fès"
      kashaf alerts change 5d1c0a7be1f94c2a9b0e17c4 --webhook ""
    """
    if name is None and webhook is None:
        raise RequestError("--name, --webhook", "one of them must be given")
    with kashaf.open(folder) as archive:
        with archive.alerting() as changed:
            changed.change(spelled(alert_id), name=None if name is None else spelled(name), webhook=webhook)
        click.echo(_line(archive.alerts.get(spelled(alert_id))))


@alerts.command()
@click.argument("alert_id", metavar="ID")
@archive_option
def remove(alert_id: str, folder: Path) -> None:
    """Remove an alert and the list of what it has found.

    \b
    Example:
      kashaf alerts remove 5d1c0a7be1f94c2a9b0e17c4
    """
    with kashaf.open(folder) as archive:
        alert = archive.alerts.get(spelled(alert_id))
        with archive.alerting() as changed:
            changed.remove(alert.id)
    click.echo(f"Removed: {_line(alert)}")


@alerts.command()
@archive_option
@click.option("--private", is_flag=True, help="Call addresses of this network too, not of the public Internet alone.")
def tell(folder: Path, private: bool) -> None:
    """Send webhooks what waits for them.

    `kashaf serve` does so by itself; this is for archives that are not served. The exit status is 1 when a webhook
    failed: it is tried again later.

    \b
    Example:
      kashaf alerts tell --archive press
    """
    from kashaf.web.webhooks import LOCK_FILE
    from kashaf.web.webhooks import tell as tell_webhooks

    with kashaf.open(folder) as archive, WriterLock(folder / LOCK_FILE, wait=10.0):
        told = tell_webhooks(archive, private=private)
        for alert in archive.alerts.all():
            if alert.failure and alert.waiting:
                click.echo(f"{one_line(alert.name)}: {one_line(alert.failure)}", err=True)
    click.echo(
        f"{number(told.items, 'article')} told" + (f"; {number(told.failed, 'webhook')} failed" if told.failed else "")
    )
    if told.failed:
        click.get_current_context().exit(REFUSED)


def _line(alert: Alert) -> str:
    parts = [alert.id, alert.name, _search(alert), f"{number(alert.items, 'article')} found"]
    if alert.webhook:
        parts.append(f"{alert.webhook} ({alert.waiting} waiting{', failing' if alert.failures else ''})")
    return one_line(" | ".join(parts))


def _search(alert: Alert) -> str:
    """What an alert searches for, on one line."""
    request = restored(alert.search)
    filters = [f"{facet}: {', '.join(values)}" for facet, values in request.only.items()]
    filters += [f"not {facet}: {', '.join(values)}" for facet, values in request.exclude.items()]
    if request.date_from or request.date_to:
        filters.append(f"{request.date_from or '…'} to {request.date_to or '…'}")
    return " · ".join([request.q, *filters] if request.q else filters) or "everything"


def _why(item: AlertItem) -> str:
    words = ", ".join(item.why.get("words", ()))
    named = ", ".join(entity["label"] for entity in item.why.get("entities", ()))
    return " · ".join(filter(None, (words, named, item.why.get("snippet", ""))))


def _headline(archive: Archive, item: AlertItem) -> str:
    try:
        return archive.article(item.article).headline
    except UnknownArticle:  # deleted just now
        return ""


def _record(alert: Alert) -> dict[str, Any]:
    return {
        "id": alert.id,
        "name": alert.name,
        "search": dict(alert.search),
        "webhook": alert.webhook,
        "made": alert.made,
        "items": alert.items,
        "waiting": alert.waiting,
        "failure": alert.failure,
    }
