"""Articles keep the id that they came with, slashes included; these are the addresses that hold one."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import BaseConverter


class ArticleId(BaseConverter):
    """Any id, slashes included."""

    part_isolating = False
    regex = ".+?"
    weight = 200


class ArticleIdAlone(ArticleId):
    """Any id but ``…/similar``, which is the address of the articles similar to ``…``."""

    regex = "(?!.*/similar$).+?"


def install(app: Flask) -> None:
    """Makes the two kinds of address part known to the routes."""
    app.url_map.converters.update(article=ArticleId, article_alone=ArticleIdAlone)
    app.url_map.merge_slashes = False  # an id may be an address, with two slashes in it
