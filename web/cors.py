"""Which other web pages may read the JSON interface from a browser: none, unless the settings name their origins.

After the CORS protocol of the Fetch standard. Only reading is opened: a preflight allows no header that carries a
token and no method that writes, and credentials are never allowed.
"""

from __future__ import annotations

from flask import Flask, Response, request

from kashaf.web.settings import Settings

PREFIX = "/api/v1/"
METHODS = "GET, HEAD"
ASKING = "If-None-Match, X-Request-ID"  # headers that a page may send
TOLD = "ETag, Link, RateLimit, RateLimit-Policy, Retry-After, X-Request-ID"  # headers that it may read
_KEPT_SECONDS = 600  # that a browser keeps what a preflight allowed


def install(app: Flask, settings: Settings) -> None:
    """Answers pages of the origins of the settings; does nothing when there are none."""
    allowed = frozenset(settings.origins)
    if not allowed:
        return

    def origin_to_name() -> str | None:
        """The value of ``Access-Control-Allow-Origin`` for the current request."""
        if "*" in allowed:
            return "*"
        given = request.headers.get("Origin")
        return given if given in allowed else None

    @app.before_request
    def preflight() -> Response | None:
        if request.method != "OPTIONS" or not request.path.startswith(PREFIX):
            return None
        if "Access-Control-Request-Method" not in request.headers:
            return None
        answer = Response(status=204)
        if origin_to_name():
            answer.headers["Access-Control-Allow-Methods"] = METHODS
            answer.headers["Access-Control-Allow-Headers"] = ASKING
            answer.headers["Access-Control-Max-Age"] = str(_KEPT_SECONDS)
        answer.vary.update(("Access-Control-Request-Method", "Access-Control-Request-Headers"))
        return answer

    @app.after_request
    def allow(response: Response) -> Response:
        if request.path.startswith(PREFIX) and request.method in ("GET", "HEAD", "OPTIONS"):
            if "*" not in allowed:
                response.vary.add("Origin")  # also where the origin is refused: a cache must not mix the answers up
            if origin := origin_to_name():
                response.headers["Access-Control-Allow-Origin"] = origin
                response.headers["Access-Control-Expose-Headers"] = TOLD
        return response
