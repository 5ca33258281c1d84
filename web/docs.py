"""The contract of the JSON interface: as an OpenAPI document, and as a page to read it and try it."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, json, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from kashaf.web import bulk, curation_api
from kashaf.web.contract import Contract
from kashaf.web.problem_kinds import PROBLEMS
from kashaf.web.rendering import page

TITLE = "Kashaf"
DESCRIPTION = (
    "Full-text search in an archive of Arabic and French press articles. Every answer is JSON in UTF-8; every error "
    "is problem details (RFC 9457). Unknown and misspelt parameters are refused."
)


def install(app: Flask, api: Contract) -> None:
    """Publishes the routes of `api`, and what describes them."""
    document = api.publish(app, title=TITLE, description=DESCRIPTION)
    bulk.describe(document)
    curation_api.describe(document)
    with app.app_context():
        written = json.dumps(document, indent=1)
    app.add_template_filter(pretty, "pretty")

    @app.get("/api/v1/openapi.json")
    def openapi() -> Response:
        """The contract as OpenAPI 3.1."""
        return Response(written, content_type="application/json")

    @app.get("/api/docs")
    def api_docs() -> str:
        """The contract as a page."""
        return page("api_docs.html", document=document, operations=operations(document), problems=PROBLEMS, q="")

    @app.get("/api/")
    def api_root() -> AnyResponse:
        """The way to the contract."""
        return redirect(url_for("api_docs"))


def pretty(value: object) -> str:
    """JSON for reading."""
    return json.dumps(value, indent=2)


def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Every operation of a document with its address and method, references resolved, in order."""
    found = []
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method == "parameters":
                continue
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            success = next(r for code, r in operation["responses"].items() if code.startswith("2"))
            found.append(
                {
                    "path": path,
                    "method": method.upper(),
                    "summary": operation.get("summary", ""),
                    "parameters": [*item.get("parameters", []), *operation.get("parameters", [])],
                    "body_example": body.get("example"),
                    "example": success.get("content", {}).get("application/json", {}).get("example"),
                    "needs_token": bool(operation.get("security")),
                }
            )
    return found
