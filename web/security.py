"""What every answer carries for the reader's safety, and what every request must satisfy.

The policy allows no inline code and no other origin: pages are templates plus one style sheet and one
script, so nothing needs an exception. After the Mozilla web security guidelines and RFC 6750 (bearer tokens).
"""

from __future__ import annotations

import hmac
import re
import secrets
from urllib.parse import unquote_to_bytes

from flask import Flask, Response, g, request
from werkzeug.exceptions import RequestURITooLarge

from kashaf.web import limits
from kashaf.web.clients import current_client
from kashaf.web.problems import Refused
from kashaf.web.serving import settings
from kashaf.web.settings import token_digest

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "font-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# A proxy's id is taken over only when it cannot break a log line.
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


def install(app: Flask) -> None:
    """Adds the checks before, and the headers after, every request."""
    app.before_request(name_request)
    app.before_request(check_address)
    app.after_request(add_headers)


def name_request() -> None:
    """Gives the request an id, its own or the proxy's."""
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)


def check_address() -> None:
    """Refuses an address that is too long or is not UTF-8."""
    raw = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI") or request.full_path
    if len(raw) > settings().max_address:
        raise RequestURITooLarge
    try:
        unquote_to_bytes(request.query_string).decode("utf-8")
        request.environ.get("PATH_INFO", "").encode("latin-1").decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused("malformed", "the address is not UTF-8") from error


def add_headers(response: Response) -> Response:
    """The same headers on every answer."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["X-Request-ID"] = g.get("request_id", "")
    return response


def expected_token() -> str:
    """The SHA-256 of the token of this server.

    Raises:
        Refused: writing is not allowed here at all (403).
    """
    expected = settings().token_sha256
    if expected is None:
        raise Refused("writes-off", "this server was started without a token, so nobody may write")
    return expected


def is_token(given: str) -> bool:
    """Whether a text is the token of this server; each wrong one is counted, so that nobody can try many.

    Raises:
        Refused: writing is not allowed here at all (403), or this client has sent too many wrong ones (429).
    """
    expected = expected_token()
    wrong, client = limits.limits().tokens, current_client()
    if not (standing := wrong.ask(client, count=0)).is_allowed:
        raise limits.refusal(wrong, standing)
    # Digests are compared, so neither the length nor a prefix of the token shows in the time taken.
    if hmac.compare_digest(token_digest(given), expected):
        return True
    wrong.ask(client)
    return False


def require_token() -> None:
    """Lets the request pass if it carries the token that allows writing.

    Raises:
        Refused: writing is not allowed here at all (403), the token is missing or wrong (401), or too many wrong
            ones came from this client (429).
    """
    expected_token()
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Refused(
            "token-needed", "send Authorization: Bearer <token>", headers={"WWW-Authenticate": 'Bearer realm="kashaf"'}
        )
    if not is_token(token.strip()):
        raise Refused(
            "token-wrong",
            "the token is not the one of this server",
            headers={"WWW-Authenticate": 'Bearer realm="kashaf", error="invalid_token"'},
        )
