"""The Flask application: which parts it is made of."""

from __future__ import annotations

import os
from pathlib import Path

from flask import Flask

from kashaf.web import (
    admin_api,
    alerts_api,
    article_ids,
    assets,
    cors,
    curators,
    docs,
    limits,
    locales,
    operations,
    problems,
    rendering,
    security,
    serving,
)
from kashaf.web.admin import admin
from kashaf.web.alert_feeds import alert_feeds
from kashaf.web.alert_pages import alert_pages
from kashaf.web.api import api
from kashaf.web.chosen_settings import choose
from kashaf.web.compare import compare
from kashaf.web.curation import curation
from kashaf.web.exports import exports
from kashaf.web.feeds import feeds
from kashaf.web.opensearch import opensearch
from kashaf.web.outgoing import PlainJSON
from kashaf.web.pages import pages
from kashaf.web.people import people
from kashaf.web.settings import Settings
from kashaf.web.shared import Shared

ROUTES = (admin_api, alerts_api)  # add theirs to `api` when they are imported


def create_app(archive: str | Path | Settings | None = None, shared: Shared | None = None) -> Flask:
    """The search page and the JSON interface of one archive, as a WSGI application.

    Args:
        archive: folder of the archive, else that of ``$KASHAF_ARCHIVE``, else ``./archive``; or every
            setting at once. What is not given is read from the environment and from a file, as `kashaf serve` does.
        shared: memory in common with other processes of the same server; None: this process is alone.

    Raises:
        ArchiveError: if the archive cannot be used.
        SettingError: if a setting cannot be used.
    """
    if isinstance(archive, Settings):
        settings = archive
    else:
        settings = choose({"archive": None if archive is None else os.fspath(archive)}).settings
    shared = shared or Shared()
    app = Flask("kashaf.web", template_folder="templates", static_folder="static")
    app.config.update(MAX_CONTENT_LENGTH=settings.max_body, TRUSTED_HOSTS=list(settings.hosts) or None)
    app.json = PlainJSON(app)
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    article_ids.install(app)
    serving.install(app, settings)
    operations.begin(app)
    security.install(app)
    curators.install(app, shared)
    limits.install(app, settings, shared)
    cors.install(app, settings)
    locales.install(app)
    assets.install(app)
    rendering.install(app)
    app.register_blueprint(pages)
    app.register_blueprint(people)
    app.register_blueprint(curation)
    app.register_blueprint(admin)
    app.register_blueprint(compare)
    app.register_blueprint(exports)
    app.register_blueprint(feeds)
    app.register_blueprint(alert_feeds)
    app.register_blueprint(alert_pages)
    app.register_blueprint(opensearch)
    docs.install(app, api)
    problems.install(app)  # after the contract: flask-smorest brings an answer of its own to every error
    operations.install(app, settings, shared)
    return app
