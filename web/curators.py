"""Who may decide about persons and organisations on the pages: whoever has shown the token of the server.

Signing in gives a cookie that says until when it holds. Its signature is made with the token's hash and a secret that
the workers of one run of the server share: nothing is kept of a session, every worker knows the cookie, and another
token or another start makes all of them worthless. A form carries a second signature over the same session (the HMAC
based token pattern of the OWASP cheat sheet against cross-site request forgery), and a request that says it comes from
another site is refused before anything is read of it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request

from kashaf.web.problems import Refused
from kashaf.web.serving import archive, settings
from kashaf.web.shared import Shared

COOKIE = "kashaf_curator"
CSRF = "form"  # the field of a form that holds its signature
SECONDS = 12 * 3600
_EXTENSION = "kashaf.curators"
_SESSION = re.compile(r"([0-9]{1,12})\.([0-9a-f]{32})\.([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Session:
    """A curator who has signed in.

    Attributes:
        expires: seconds since 1970.
        nonce: what tells one session from another.
        csrf: what every form of the session carries.
    """

    expires: int
    nonce: str
    csrf: str


def is_on() -> bool:
    """Whether anybody can curate here at all."""
    return settings().token_sha256 is not None


def curator() -> Session | None:
    """The session of the current request; None for everybody else."""
    if "curator" not in g:
        g.curator = _read(request.cookies.get(COOKIE, ""))
    found: Session | None = g.curator
    return found


def _read(cookie: str) -> Session | None:
    parts = _SESSION.fullmatch(cookie)
    if parts is None or not is_on():
        return None
    expires, nonce, signature = parts.groups()
    if not hmac.compare_digest(signature, _signed("session", f"{expires}.{nonce}")):
        return None
    if int(expires) <= time.time():
        return None
    return Session(int(expires), nonce, _signed("form", nonce))


def _signed(purpose: str, text: str) -> str:
    key = current_app.extensions[_EXTENSION] + bytes.fromhex(settings().token_sha256 or "")
    return hmac.new(key, f"kashaf {purpose} {text}".encode(), hashlib.sha256).hexdigest()


def sign_in(response: Response) -> Response:
    """Begins a session."""
    said = f"{int(time.time()) + SECONDS}.{secrets.token_hex(16)}"
    return _with_cookie(response, f"{said}.{_signed('session', said)}", SECONDS)


def sign_out(response: Response) -> Response:
    """Takes the cookie of the session away."""
    return _with_cookie(response, "", 0)


def _with_cookie(response: Response, value: str, seconds: int) -> Response:
    response.set_cookie(
        COOKIE,
        value,
        max_age=seconds,
        path=request.script_root or "/",
        httponly=True,
        samesite="Strict",
        secure=request.is_secure,
    )
    return response


def check_origin() -> None:
    """Refuses a form that was sent from another site.

    Raises:
        Refused: if the browser says so, in ``Sec-Fetch-Site`` or, where it has not got that, in ``Origin``.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        is_ours = site == "same-origin"
    else:
        origin = request.headers.get("Origin")
        is_ours = origin is None or urlsplit(origin).netloc.lower() == request.host.lower()
    if not is_ours:
        raise Refused("cross-site", "the form comes from another site")


def check_form(session: Session) -> None:
    """Refuses a form that is not one of this session.

    Raises:
        Refused: if its signature is missing or another's.
    """
    given = request.form.get(CSRF, "")
    if not hmac.compare_digest(given.encode("utf-8", "surrogatepass"), session.csrf.encode()):
        raise Refused("form-outdated", "the form was made for another session")


def see_decisions_at_once() -> None:
    """Who decides sees the archive as it is now, whichever worker answers; readers at most a second later."""
    if COOKIE in request.cookies or "Authorization" in request.headers:
        archive().refresh()


def install(app: Flask, shared: Shared) -> None:
    """Makes sessions known to every page, and to all processes of the server."""
    app.extensions[_EXTENSION] = shared.secret
    app.before_request(see_decisions_at_once)
