"""The search page and the JSON interface under gunicorn, started from our own command line."""

from __future__ import annotations

import gc
import logging
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from kashaf.errors import KashafError, SettingError
from kashaf.logs import logger_class
from kashaf.web import create_app, pages
from kashaf.web.locales import LANGUAGES
from kashaf.web.settings import Settings
from kashaf.web.shared import Shared
from kashaf.web.webhooks import Teller
from kashaf.worker import Worker

WARMING = "président محمد"  # a word of each script asks every part of a search for something
THREADS = 4  # a worker: searches are short, and threads keep slow readers from holding a worker
YOUNG = 20_000  # objects that may gather before Python looks for garbage among them: those of a few answers
GRACE = 20  # seconds that running requests have when the server stops
TIMEOUT = 60  # seconds after which a worker that gives no sign of life is replaced
_SPARE = 8  # places in the common memory for workers that come while others go

_log = logging.getLogger(__name__)


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no type hints
    """A gunicorn server for one archive.

    Args:
        choose: gives the settings; asked again when the server is told to reload (SIGHUP).
        announce: called with the address once the server listens.

    Raises:
        SettingError: if one of the settings cannot be used.
    """

    def __init__(self, choose: Callable[[], Settings], announce: Callable[[str], None]) -> None:
        self._choose = choose
        self._announce = announce
        self._settings = choose()
        self._is_running = False
        self._shared = Shared(2 * workers_of(self._settings) + _SPARE)
        super().__init__()

    def load_config(self) -> None:
        if self._is_running:
            try:
                self._settings = self._choose()
                _log.info("the settings were read again")
            except SettingError as error:
                _log.error("the old settings stay: %s", error)
        self._is_running = True
        for name, value in self._options().items():
            self.cfg.set(name, value)

    def _options(self) -> dict[str, Any]:
        settings, shared = self._settings, self._shared

        def before_fork(arbiter: Any, worker: Any) -> None:
            worker.place = shared.take()

        def after_fork(arbiter: Any, worker: Any) -> None:
            shared.settle(worker.place)

        def after_end(arbiter: Any, worker: Any) -> None:
            shared.give_back(worker.place)

        return {
            "bind": f"[{settings.host}]:{settings.port}"
            if ":" in settings.host
            else f"{settings.host}:{settings.port}",
            "workers": workers_of(settings),
            "worker_class": Worker,
            "threads": THREADS,
            "timeout": TIMEOUT,
            "graceful_timeout": GRACE,
            "limit_request_line": 8190,  # the most that gunicorn takes: longer addresses get our own 414 first
            "forwarded_allow_ips": ",".join(settings.proxies) or "127.0.0.1,::1",
            "logger_class": logger_class(lambda: self._settings),
            "proc_name": "kashaf",
            "control_socket_disable": True,
            # A worker shows that it lives by touching a file: in memory, so that a busy disk kills none.
            "worker_tmp_dir": "/dev/shm" if os.access("/dev/shm", os.W_OK) else None,
            "when_ready": lambda arbiter: self._announce(_address(arbiter)),
            "pre_fork": before_fork,
            "post_fork": after_fork,
            "child_exit": after_end,
        }

    def load(self) -> Any:
        app = create_app(self._settings, self._shared)
        warm(app)
        gc.collect()
        Teller(self._settings).start()
        gc.freeze()  # what every search needs is never garbage: looking through it takes 50 ms of somebody's time
        gc.set_threshold(YOUNG)  # an answer is made of thousands of objects, and hardly any of them in circles
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


def workers_of(settings: Settings) -> int:
    """How many processes answer: as the settings say, else one for each core that this process may use."""
    if settings.workers:
        return settings.workers
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
