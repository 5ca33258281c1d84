"""`kashaf serve` and `kashaf demo`: the search page from the command line."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import Any

import click

import kashaf
from kashaf.ingest import Counts
from kashaf.progress import index_files, number
from kashaf.web.chosen_settings import FILE, choose, misspelt, shown
from kashaf.web.settings import SETTINGS, Settings

_OWN = ("127.0.0.1", "localhost", "::1")  # reached from this machine alone


def _settings_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """An option for each setting; values are read where those of variables are, so that the answers are the same."""
    for setting in reversed([*SETTINGS.values()]):
        if setting.flag:
            help_text = f"{setting.meaning[0].upper()}{setting.meaning[1:]}.".replace("`", "")
            if setting.default != ():
                help_text += f"  [default: {setting.written_default}]"
            command = click.option(setting.flag, setting.name, metavar=setting.kind.metavar, help=help_text)(command)
    return command


@click.command()
@click.option("--config", metavar="FILE", help=f"File of settings (TOML).  [default: $KASHAF_CONFIG or ARCHIVE/{FILE}]")
@click.option("--show-settings", is_flag=True, help="Print the settings that hold and where each comes from.")
@_settings_options
def serve(show_settings: bool, **flags: str | None) -> None:
    """Serve the search page and the JSON interface, with gunicorn.

    Articles that are indexed meanwhile appear within a second. SIGHUP reads the settings again and replaces the
    workers without losing a request; SIGTERM and Ctrl-C stop. Each option is also a variable of the environment
    (--max-export: KASHAF_MAX_EXPORT) and a key of a TOML file (max_export); options come first, then variables.

    \b
    Examples:
      kashaf serve
      kashaf serve --archive press --port 8080 --workers 2
      kashaf serve --config /etc/kashaf.toml --show-settings
    """
    if show_settings:
        click.echo(shown(choose(flags)))
        return
    _serve(flags)


def check_port(settings: Settings) -> None:
    """Raises UsageError when no server can listen where the settings say."""
    from kashaf.server import why_not

    if reason := why_not(settings.host, settings.port):
        where = f"{settings.host} port {settings.port}"
        raise click.UsageError(f"cannot listen on {where} ({reason}): choose another --port")


def _serve(flags: Mapping[str, str | None]) -> None:
    from kashaf.server import Server, workers_of

    settings = choose(flags).settings
    check_port(settings)
    host, folder = settings.host, settings.archive
    kashaf.open(folder).close()  # an archive that cannot be used is said here, once, and not by each worker
    for name, near in misspelt().items():
        click.echo(f"Warning: the variable {name} is no setting; did you mean {near}?", err=True)
    if not settings.hosts and host not in _OWN:
        click.echo(
            f"Warning: anyone who reaches {host} may call this server by any name; set KASHAF_HOSTS to its names.",
            err=True,
        )

    def announce(address: str) -> None:
        count = number(workers_of(settings), "worker")
        click.echo(f"Serving {folder} on {address} with {count}; Ctrl-C stops.")
        sys.stdout.flush()

    Server(lambda: choose(flags).settings, announce).run()


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
@click.option("--host", metavar="H", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", metavar="P", default="8000", show_default=True, help="Port to listen on; 0 takes any free one.")
def demo(folder: Path | None, host: str, port: str) -> None:
    """Index the bundled sample articles and serve them.

    \b
    Examples:
      kashaf demo
      kashaf demo --port 8080 --archive demo-archive
    """
    owner = os.getpid()
    temporary = None if folder else Path(tempfile.mkdtemp(prefix="kashaf-demo-"))
    here = folder or temporary or Path()
    flags = {"archive": str(here), "host": host, "port": port, "workers": "1", "log_level": "warning"}
    try:
        check_port(choose(flags).settings)
        with kashaf.open(here, create=True) as archive:
            index_files(archive, sample_files(), Counts())
        _serve(flags)
    finally:
        # gunicorn's workers are forked inside this call and leave through here too.
        if temporary and os.getpid() == owner:
            with suppress(OSError):
                shutil.rmtree(temporary)
