"""Answers that have not changed are not computed again: ETag and 304 by state of the archive.

An answer depends on the address, the language, the token-free state of the archive and this program, so
their hash is a validator that is known before any search is run. It is weak: two computations of
the same answer differ in the time they took. An answer that was given lately is given again.
"""

from __future__ import annotations

import hashlib
from importlib.metadata import PackageNotFoundError, version

from flask import Blueprint, Response, g, request

from kashaf.web.assets import digest
from kashaf.web.locales import current_language
from kashaf.web.remembered import Kept
from kashaf.web.serving import archive, serving

try:
    PROGRAM = version("kashaf")
except PackageNotFoundError:  # run from a checkout that was not installed
    PROGRAM = "checkout"


def install(blueprint: Blueprint) -> None:
    """Answers 304 where the reader's copy still holds, from memory what was asked lately; stamps every answer."""
    blueprint.before_request(known)
    blueprint.after_request(stamp)


def validator() -> str:
    """The ETag of the answer to the current request."""
    state = archive().state
    address = f"{request.script_root}{request.path}?{request.query_string.decode('latin-1')}"
    parts = (PROGRAM, digest(), str(state), address, current_language(), request.scheme, request.host)
    return hashlib.blake2b("\x00".join(parts).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def known() -> Response | None:
    """304 when the reader's copy is still what would be sent; what would be sent, when it is in memory."""
    if request.method not in ("GET", "HEAD"):
        return None
    g.etag = validator()
    if not request.if_none_match.star_tag and request.if_none_match.contains_weak(g.etag):
        return stamp(Response(status=304))
    if request.method == "GET" and (kept := serving().answers.find(g.etag)):
        g.is_kept = True
        return Response(kept.body, headers=list(kept.headers))
    return None


def passing() -> None:
    """Says that the answer is not what would be sent the next time: nobody may keep it."""
    g.pop("etag", None)


def partial() -> None:
    """Says that the time of the search ended before it was done: nobody may keep the answer, and it is counted."""
    g.is_partial = True
    passing()


def stamp(response: Response) -> Response:
    """Says what the answer depends on and how to ask again."""
    if "etag" in g and response.status_code in (200, 304):
        if request.method == "GET" and response.status_code == 200 and not response.is_streamed and "is_kept" not in g:
            serving().answers.keep(g.etag, Kept(response.get_data(), tuple(response.headers.items())))
        response.set_etag(g.etag, weak=True)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        if not request.path.startswith("/api/v1"):
            response.vary.update(("Accept-Language", "Cookie"))
    else:
        response.headers.setdefault("Cache-Control", "no-store")
    return response
