"""What every command shares: the archive's option, exit statuses, one sentence for each foreseen failure."""

from __future__ import annotations

import errno
import os
import signal
import sqlite3
from pathlib import Path
from typing import Any

import click

from kashaf.errors import ArchiveError, KashafError
from kashaf.index.extractors import installed
from kashaf.terminal import one_line

REFUSED = 1  # exit status when some inputs were refused
UNREAD = 128 + signal.SIGPIPE  # exit status when nobody reads the output any more, as that of other programs


class Failure(click.ClickException):
    """One clear sentence on standard error; each kind has its exit status."""

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message))


class WrongUsage(Failure):
    """What was asked for makes no sense."""

    exit_code = 2


class Unusable(Failure):
    """The archive cannot be used."""

    exit_code = 3


class Stopped(Failure):
    """Somebody pressed Ctrl-C."""

    exit_code = 130


class Commands(click.Group):
    """Commands whose foreseen failures end with one sentence and the status that goes with it."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise Stopped("stopped") from None
        except ArchiveError as error:
            raise Unusable(str(error)) from error
        except KashafError as error:
            raise WrongUsage(str(error)) from error
        except sqlite3.Error as error:
            raise Unusable(f"the archive cannot be used: {error}") from error
        except OSError as error:
            if error.errno == errno.EPIPE:  # the reader of our output has gone, as that of `… | head`
                os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # for what is still to be flushed
                ctx.exit(UNREAD)
            where = f"{error.filename}: " if error.filename else ""
            raise Unusable(f"{where}{error.strerror or error}") from error


class ExtractorOption(click.Option):
    """Names an installed extractor; the help tells which there are."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        found = super().get_help_record(ctx)
        if found is None:
            return None
        return found[0], f"{found[1]}  [installed: {', '.join(installed()) or 'none'}]"


archive_option = click.option(
    "--archive",
    "folder",
    envvar="KASHAF_ARCHIVE",
    default="archive",
    show_default="$KASHAF_ARCHIVE, else ./archive",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder of the archive.",
)
json_option = click.option("--json", "in_json", is_flag=True, help="Print JSON.")
