"""A search taken elsewhere as a file: one address a format, streamed.

The search is run once; articles are read and written a hundred at a time, so that the largest export needs no
more memory than the smallest. An answer that is begun is either finished or visibly broken off: the
connection closes without the last chunk, which every client tells from the end of a file.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from itertools import islice

from flask import Blueprint, Flask, Response, current_app, request
from flask.blueprints import BlueprintSetupState

from kashaf.errors import LimitError
from kashaf.search.all_hits import BATCH, AllHits, FullHit
from kashaf.web import freshness
from kashaf.web.asking import strictly
from kashaf.web.export_format import Format, Record
from kashaf.web.export_formats import BY_EXTENSION, FORMATS
from kashaf.web.outgoing import writable
from kashaf.web.problems import RETRY_SECONDS, Refused
from kashaf.web.serving import archive, serving_of, settings

exports = Blueprint("exports", __name__)
freshness.install(exports)

TOTAL = "X-Total-Count"
_PLACES = "kashaf.exports"


@exports.record
def limit(state: BlueprintSetupState) -> None:
    """A worker process sends a few exports at once; its other threads are for the others."""
    at_once = serving_of(state.app.extensions).settings.exports_at_once
    state.app.extensions[_PLACES] = threading.BoundedSemaphore(at_once)


def places_of(app: Flask) -> threading.BoundedSemaphore:
    """What each running export of an application holds a part of."""
    found = app.extensions[_PLACES]
    assert isinstance(found, threading.BoundedSemaphore)
    return found


@exports.app_context_processor
def offered() -> dict[str, object]:
    """The formats and the largest export, for every template."""
    return {"export_formats": FORMATS.values(), "max_export": settings().max_export}


@exports.get("/export.<extension>")
def file(extension: str) -> Response:
    """A search as a file in one of `FORMATS`; takes what chooses articles, and `sort`."""
    form = _form(extension)
    asked = replace(strictly(request.args), budget=settings().export_budget)
    if request.method == "HEAD":
        return _answer(form, _found(archive().all_hits(asked, most=0)), ())
    places = places_of(current_app)
    if not places.acquire(blocking=False):
        wait = {"Retry-After": str(RETRY_SECONDS)}
        most = settings().exports_at_once
        members = {"limit": "exports at once", "allowed": most}
        raise Refused("too-many-requests", f"a worker sends {most} exports at once", headers=wait, members=members)
    try:
        hits = _found(archive().all_hits(asked, most=settings().max_export))
    except BaseException:
        places.release()
        raise
    weakref.finalize(hits, places.release)  # once nobody reads them any more, however that comes
    return _answer(form, hits, _records(hits, _pages()))


@exports.get("/cite.<extension>")
def citation(extension: str) -> Response:
    """One article, by ``?article=``, as a reference."""
    form = _form(extension)
    found = archive().article(request.args.get("article", "")) if form.cites else None
    if found is None:
        raise Refused("not-found", f"{form.title} is not a format of references")
    persons, organisations = archive().entities_of(found.id)
    return _download(form, (Record(found, _pages()(found.id), persons, organisations),))


def written(form: Format, records: Iterable[Record]) -> Iterator[bytes]:
    """A file, a hundred records at a time."""
    left = iter(records)
    parts = [form.before]
    between = ""
    while True:
        batch = [form.record(one) for one in islice(left, BATCH)]
        if not batch:
            break
        parts += [between, form.between.join(batch)]
        between = form.between
        yield writable("".join(parts)).encode()
        parts = []
    if last := "".join((*parts, form.after)):
        yield writable(last).encode()


def _form(extension: str) -> Format:
    if extension not in BY_EXTENSION:
        raise Refused("not-found", f"there is no format {extension!r}; there are {', '.join(BY_EXTENSION)}")
    return BY_EXTENSION[extension]


def _found(hits: AllHits) -> AllHits:
    """The hits, if a file of them would be whole."""
    if hits.partial:
        budget = settings().export_budget
        members = {"limit": "seconds of an export's search", "allowed": budget}
        raise Refused("too-slow", f"the search was not done after {budget:g} s", members=members)
    if hits.total > settings().max_export:
        raise LimitError("articles of an export", settings().max_export, hits.total)
    return hits


def _records(hits: AllHits, address: Callable[[str], str]) -> Iterator[Record]:
    for hit in hits:
        yield Record(hit.article, address(hit.article.id), hit.persons, hit.organisations, partial(_snippet, hit))


def _snippet(hit: FullHit) -> str:
    return hit.snippet


def _pages() -> Callable[[str], str]:
    """Gives the full address of an article's page by its id, even after the request has been left."""
    routes = current_app.create_url_adapter(request)
    assert routes is not None
    return lambda article_id: routes.build("pages.article", {"article_id": article_id}, force_external=True)


def _answer(form: Format, hits: AllHits, records: Iterable[Record]) -> Response:
    response = _download(form, records)
    response.headers[TOTAL] = str(hits.total)
    return response


def _download(form: Format, records: Iterable[Record]) -> Response:
    response = Response(written(form, records), content_type=form.content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{form.file_name}"'
    return response
