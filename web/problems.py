"""Everything that can go wrong over HTTP, each kind with one stable address that explains it.

After RFC 9457, "Problem Details for HTTP APIs": `type` is the address of the page that explains the
kind, `detail` says what was wrong this time, and further members hold the facts.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from flask import Flask, Response, g, json, request
from flask_babel import LazyString, force_locale, gettext
from marshmallow import ValidationError
from werkzeug.exceptions import HTTPException, SecurityError

from kashaf.errors import (
    ArchiveError,
    ArchiveLocked,
    ArticleError,
    CurationError,
    CursorError,
    KashafError,
    LimitError,
    RequestError,
    UnknownAlert,
    UnknownArticle,
    UnknownEntity,
)
from kashaf.web import curation_words, words
from kashaf.web.locales import readable_number
from kashaf.web.problem_kinds import PROBLEMS
from kashaf.web.rendering import page

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 5
_log = logging.getLogger(__name__)


_BY_STATUS = {
    400: "malformed",
    404: "not-found",
    405: "method-not-allowed",
    413: "body-too-large",
    414: "address-too-long",
    415: "unsupported-media-type",
    422: "invalid-parameter",
    429: "too-many-requests",
    500: "internal-error",
}
_BY_ERROR: tuple[tuple[type[KashafError], str], ...] = (
    (LimitError, "over-limit"),
    (RequestError, "invalid-parameter"),
    (UnknownArticle, "unknown-article"),
    (UnknownEntity, "unknown-entity"),
    (UnknownAlert, "unknown-alert"),
    (CurationError, "contradiction"),
    (CursorError, "cursor-gone"),
    (ArchiveLocked, "archive-busy"),
    (ArchiveError, "archive-unavailable"),
    (ArticleError, "invalid-article"),
)
_BY_REASON = {
    "nothing-left": "cannot-undo",
    "undone-already": "cannot-undo",
    "later-decisions": "cannot-undo",
    "unknown-decision": "unknown-decision",
    "unreadable-file": "unreadable-decisions",
}


class Refused(Exception):
    """A request that `kashaf.web` itself refuses; `name` is a key of `PROBLEMS`."""

    def __init__(
        self,
        name: str,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        members: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(detail)
        self.name = name
        self.detail = detail
        self.headers = dict(headers or {})
        self.members = dict(members or {})


def invalid_parameters(errors: Mapping[str, Iterable[object]], known: Iterable[str]) -> Refused:
    """The refusal of what a schema found wrong, each parameter named, the nearest known name offered."""
    known = list(known)
    found: list[dict[str, str]] = []
    for parameter, reasons in errors.items():
        reason = "; ".join(_flat(reasons))
        if parameter not in known and (near := get_close_matches(parameter, known, n=1)):
            reason = f"{reason} Did you mean {near[0]}?"
        found.append({"parameter": parameter, "reason": reason})
    detail = "; ".join(f"{one['parameter']}: {one['reason']}" for one in found)
    return Refused("invalid-parameter", detail, members={"errors": found})


def _flat(reasons: object) -> list[str]:
    """The sentences of marshmallow's messages, however deep they are nested."""
    if isinstance(reasons, Mapping):
        return [f"{key}: {text}" for key, inner in reasons.items() for text in _flat(inner)]
    if isinstance(reasons, list | tuple):
        return [text for inner in reasons for text in _flat(inner)]
    return [str(reasons)]


def refusal(error: Exception) -> Refused:
    """What to answer to an error, whatever raised it."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, KashafError):
        return _foreseen(error)
    if isinstance(error, ValidationError):
        messages = error.messages if isinstance(error.messages, dict) else {"": error.messages}
        return invalid_parameters(messages, ())
    if isinstance(error, HTTPException):
        headers = {"Allow": ", ".join(sorted(allowed))} if (allowed := getattr(error, "valid_methods", None)) else {}
        return Refused(_BY_STATUS.get(error.code or 500, ""), error.description or "", headers=headers)
    _log.error("unforeseen error", exc_info=error, extra={"request_id": g.get("request_id")})
    return Refused("internal-error", "an unforeseen error; it was logged under the request id")


def _foreseen(error: KashafError) -> Refused:
    members: dict[str, object] = {}
    headers: dict[str, str] = {}
    if isinstance(error, LimitError):
        members = {"limit": error.limit, "allowed": error.allowed, "got": error.got}
    elif isinstance(error, RequestError):
        members = {"errors": [{"parameter": error.parameter, "reason": error.reason}]}
    elif isinstance(error, ArchiveLocked):
        headers = {"Retry-After": str(RETRY_SECONDS)}
    elif isinstance(error, CurationError):
        members = {"reason": error.reason}
        if (name := _BY_REASON.get(error.reason)) is not None:
            return Refused(name, str(error), members=members)
    for family, name in _BY_ERROR:
        if isinstance(error, family):
            # Messages about the archive hold paths of the server, which are nobody else's business.
            detail = _in_english(PROBLEMS[name].title) if isinstance(error, ArchiveError) else str(error)
            return Refused(name, detail, headers=headers, members=members)
    return Refused("malformed", str(error))


def problem_response(refused: Refused, status: int) -> Response:
    """The refusal as RFC 9457 JSON."""
    members = problem_members(refused, status)
    return Response(json.dumps(members), status, refused.headers, content_type=MEDIA_TYPE)


def problem_members(refused: Refused, status: int) -> dict[str, object]:
    """What the JSON of a refusal holds."""
    problem = PROBLEMS.get(refused.name)
    return {
        "type": f"/problems/{problem.name}" if problem else "about:blank",
        "title": _in_english(problem.title) if problem else refused.detail,
        "status": status,
        "detail": refused.detail,
        "request_id": g.get("request_id", ""),
        **refused.members,
    }


def _in_english(sentence: LazyString) -> str:
    """Programs get one language, whatever their HTTP library prefers."""
    with force_locale("en"):
        return str(sentence)


def page_response(refused: Refused, status: int) -> Response:
    """The refusal as a page for readers."""
    problem = PROBLEMS.get(refused.name, PROBLEMS["internal-error"] if status >= 500 else PROBLEMS["malformed"])
    text = page("error.html", problem=problem, reason=_reason(refused), status=status)
    return Response(text, status, refused.headers, content_type="text/html; charset=utf-8")


def _reason(refused: Refused) -> str | None:
    """What was wrong this time, in the reader's language; None where the kind says it all."""
    members = refused.members
    if isinstance(allowed := members.get("allowed"), int) and isinstance(got := members.get("got"), int):
        return words.over_limit(str(members.get("limit")), readable_number(allowed), readable_number(got))
    if isinstance(errors := members.get("errors"), list):
        return " ".join(gettext("“%(name)s” in the address cannot be used.", name=one["parameter"]) for one in errors)
    if isinstance(reason := members.get("reason"), str):
        return curation_words.reason(reason)
    if seconds := refused.headers.get("Retry-After"):
        return str(gettext("Try again in %(seconds)s s.", seconds=readable_number(int(seconds))))
    return None


# What readers and programs fetch from the same addresses: only who asks for HTML in so many words is a reader.
_SHARED = ("exports", "feeds", "alert_feeds", "opensearch")


def _is_reader() -> bool:
    if request.path.startswith("/api/"):
        return request.path == "/api/docs"
    return request.blueprint not in _SHARED or "text/html" in request.accept_mimetypes.values()


def answer(error: Exception) -> Response:
    """Programs get JSON, readers a page."""
    if isinstance(error, SecurityError):  # a foreign host name: there are no addresses to build a page with
        return Response("This server is not called so.\n", 400, content_type="text/plain; charset=utf-8")
    refused = refusal(error)
    status = PROBLEMS[refused.name].status if refused.name in PROBLEMS else getattr(error, "code", None) or 500
    return page_response(refused, status) if _is_reader() else problem_response(refused, status)


def install(app: Flask) -> None:
    """Makes every error of the application a problem."""
    app.register_error_handler(HTTPException, answer)
    app.register_error_handler(KashafError, answer)
    app.register_error_handler(Refused, answer)
    app.register_error_handler(ValidationError, answer)
    app.register_error_handler(Exception, answer)

    @app.get("/problems/<name>")
    def explain(name: str) -> str | Response:
        """What a kind of problem means and what to do about it."""
        if name not in PROBLEMS:
            return page_response(Refused("not-found", f"there is no kind of problem {name!r}"), 404)
        return page("problem.html", problem=PROBLEMS[name])
