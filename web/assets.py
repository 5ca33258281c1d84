"""Addresses of style sheet, script and pictures, each with the hash of what it holds, so that they may be kept."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask

from kashaf.web.addresses import path_of

_FOLDER = Path(__file__).parent
KEEP_SECONDS = 365 * 24 * 3600


@cache
def digest() -> str:
    """A short hash of every static file and template."""
    hashed = hashlib.blake2b(digest_size=6)
    for folder in ("static", "templates", "translations"):
        for path in sorted((_FOLDER / folder).rglob("*.*")):
            hashed.update(path.read_bytes())
    return hashed.hexdigest()


def asset(name: str) -> str:
    """The address of a static file."""
    return path_of("static", filename=name, v=digest())


def install(app: Flask) -> None:
    """Makes `asset` known to templates."""
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = KEEP_SECONDS
    app.add_template_global(asset, "asset")
