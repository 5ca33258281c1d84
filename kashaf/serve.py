"""`kashaf serve` and `kashaf demo`: the search page from the command line."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from contextlib import suppress
from importlib.resources import files
from pathlib import Path

import click

import kashaf
from kashaf.commands import archive_option, host_option, port_option
from kashaf.ingest import Counts
from kashaf.progress import index_files, number

_OWN = ("127.0.0.1", "localhost", "::1")  # reached from this machine alone


@click.command()
@archive_option
@host_option
@port_option
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    metavar="N",
    show_default="one a core",
    help="Processes that answer.",
)
def serve(folder: Path, host: str, port: int, workers: int | None) -> None:
    """Serve the search page and the JSON interface, with gunicorn.

    Articles that are indexed meanwhile appear within a second. SIGHUP reloads, SIGTERM and Ctrl-C stop.

    \b
    Examples:
      kashaf serve
      kashaf serve --archive press --port 8080 --workers 2
    """
    _check_port(host, port)
    kashaf.open(folder).close()  # an archive that cannot be used is said here, once, and not by each worker
    _serve(folder, host, port, workers)


def _check_port(host: str, port: int) -> None:
    from kashaf.server import why_not

    if reason := why_not(host, port):
        raise click.UsageError(f"cannot listen on {host} port {port} ({reason}): choose another --port")


def _serve(folder: Path, host: str, port: int, workers: int | None) -> None:
    from kashaf.server import Server, settings_for, usable_cores

    try:
        settings = settings_for(folder)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    workers = workers or usable_cores()
    if not settings.hosts and host not in _OWN:
        click.echo(
            f"Warning: anyone who reaches {host} may call this server by any name; set KASHAF_HOSTS to its names.",
            err=True,
        )

    def announce(address: str) -> None:
        click.echo(f"Serving {folder} on {address} with {number(workers, 'worker')}; Ctrl-C stops.")
        sys.stdout.flush()

    Server(settings, host, port, workers, announce).run()


def sample_files() -> list[Path]:
    """The bundled sample articles."""
    folder = Path(str(files("kashaf") / "samples"))
    return sorted(path for path in folder.iterdir() if path.suffix in (".txt", ".html", ".jsonl", ".csv"))


@click.command()
@click.option(
    "--archive",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep the archive in this folder; otherwise it goes when the server stops.",
)
@host_option
@port_option
def demo(folder: Path | None, host: str, port: int) -> None:
    """Index the bundled sample articles and serve them.

    \b
    Examples:
      kashaf demo
      kashaf demo --port 8080 --archive demo-archive
    """
    _check_port(host, port)
    owner = os.getpid()
    temporary = None if folder else Path(tempfile.mkdtemp(prefix="kashaf-demo-"))
    here = folder or temporary or Path()
    try:
        with kashaf.open(here, create=True) as archive:
            index_files(archive, sample_files(), Counts())
        _serve(here, host, port, workers=1)
    finally:
        # gunicorn's workers are forked inside this call and leave through here too.
        if temporary and os.getpid() == owner:
            with suppress(OSError):
                shutil.rmtree(temporary)
