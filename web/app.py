"""The Flask application: which parts it is made of."""

from __future__ import annotations

import os
from pathlib import Path

from flask import Flask

from kashaf.web import article_ids, assets, docs, locales, operations, problems, rendering, security, serving
from kashaf.web.api import api
from kashaf.web.exports import exports
from kashaf.web.feeds import feeds
from kashaf.web.opensearch import opensearch
from kashaf.web.outgoing import PlainJSON
from kashaf.web.pages import pages
from kashaf.web.settings import Settings


def create_app(archive: str | Path | Settings | None = None) -> Flask:
    """The search page and the JSON interface of one archive, as a WSGI application.

    Args:
        archive: folder of the archive, else that of ``$KASHAF_ARCHIVE``, else ``./archive``; or every
            setting at once. What is not given is read from the environment.

    Raises:
        ArchiveError: if the archive cannot be used.
    """
    if isinstance(archive, Settings):
        settings = archive
    else:
        given = {} if archive is None else {"KASHAF_ARCHIVE": os.fspath(archive)}
        settings = Settings.from_environment({**os.environ, **given})
    app = Flask("kashaf.web", template_folder="templates", static_folder="static")
    app.config.update(MAX_CONTENT_LENGTH=settings.max_body, TRUSTED_HOSTS=list(settings.hosts) or None)
    app.json = PlainJSON(app)
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    article_ids.install(app)
    serving.install(app, settings)
    operations.install(app)
    security.install(app)
    locales.install(app)
    assets.install(app)
    rendering.install(app)
    app.register_blueprint(pages)
    app.register_blueprint(exports)
    app.register_blueprint(feeds)
    app.register_blueprint(opensearch)
    docs.install(app, api)
    problems.install(app)  # last: flask-smorest brings an answer of its own to every error
    return app
