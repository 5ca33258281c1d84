"""The search page and the JSON interface under gunicorn, started from our own command line."""

from __future__ import annotations

import gc
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from kashaf.errors import KashafError
from kashaf.web import create_app, pages
from kashaf.web.locales import LANGUAGES
from kashaf.web.settings import Settings

WARMING = "président محمد"  # a word of each script asks every part of a search for something
THREADS = 4  # a worker: searches are short, and threads keep slow readers from holding a worker
GRACE = 20  # seconds that running requests have when the server stops
TIMEOUT = 60  # seconds after which a worker that gives no sign of life is replaced


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no type hints
    """A gunicorn server for one archive.

    Args:
        workers: processes; they share the index through the page cache.
        announce: called with the address once the server listens.
    """

    def __init__(self, settings: Settings, host: str, port: int, workers: int, announce: Callable[[str], None]) -> None:
        self._settings = settings
        self._options = {
            "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "workers": workers,
            "worker_class": "gthread",
            "threads": THREADS,
            "timeout": TIMEOUT,
            "graceful_timeout": GRACE,
            "limit_request_line": 8190,  # the most that gunicorn takes: longer addresses get our own 414 first
            "loglevel": "warning",
            "accesslog": None,
            "proc_name": "kashaf",
            "control_socket_disable": True,
            # A worker shows that it lives by touching a file: in memory, so that a busy disk kills none.
            "worker_tmp_dir": "/dev/shm" if os.access("/dev/shm", os.W_OK) else None,
            "when_ready": lambda arbiter: announce(_address(arbiter)),
        }
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        app = create_app(self._settings)
        warm(app)
        gc.collect()
        gc.freeze()  # what every search needs is never garbage: looking through it takes 50 ms of somebody's time
        return app


def warm(app: Flask) -> None:
    """Answers one search a language, for nobody: what the first reader of a worker would wait for is then made."""
    hosts = app.config["TRUSTED_HOSTS"] or ["localhost"]
    here = f"http://{hosts[0].lstrip('.')}/"
    for language in LANGUAGES:
        # An archive that cannot be used is said to the first reader.
        with (
            suppress(KashafError),
            app.test_request_context("/", base_url=here, query_string={"q": WARMING, "lang": language}),
        ):
            pages.search()


def _address(arbiter: Any) -> str:
    host, port = arbiter.LISTENERS[0].sock.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def why_not(host: str, port: int) -> str | None:
    """Why no server can listen there, None when it can; gunicorn itself would try again and again."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return (error.strerror or str(error)).lower()
    return None


def usable_cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def settings_for(archive: Path) -> Settings:
    """The settings of the environment, for this archive.

    Raises:
        ValueError: if one of them cannot be used.
    """
    return Settings.from_environment({**os.environ, "KASHAF_ARCHIVE": str(archive)})
