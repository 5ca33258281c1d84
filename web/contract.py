"""From views and schemas to checked requests and an OpenAPI 3.1 document.

flask-smorest does the work; this module tightens it where the interface promises more: a parameter that
is unknown or given twice is refused (webargs drops both silently), and every error is a problem (RFC 9457).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, NoReturn, TypeVar

from flask import Flask, Request
from flask_smorest import Api, Blueprint
from marshmallow import RAISE, Schema, ValidationError
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import UnsupportedMediaType

from kashaf.web.answers import ProblemOut
from kashaf.web.asking import plain_arguments
from kashaf.web.problems import MEDIA_TYPE, Refused, invalid_parameters

View = TypeVar("View", bound=Callable[..., object])
VERSION = "1.0.0"  # of the interface, not of the package


class StrictParser(FlaskParser):
    """Refuses what webargs would drop."""

    DEFAULT_UNKNOWN_BY_LOCATION = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": RAISE, "json": RAISE}

    def load_querystring(self, req: Request, schema: Schema) -> dict[str, str | list[str]]:
        """The query string, each parameter at most as often as it may be."""
        return plain_arguments(schema, req.args)

    def load_json(self, req: Request, schema: Schema) -> Any:
        """The body, which must say that it is JSON."""
        if not req.is_json:
            raise UnsupportedMediaType
        if not req.get_data():
            raise Refused("malformed", "the body is empty")
        try:
            return super().load_json(req, schema)
        except RecursionError as error:
            raise Refused("malformed", "the body is nested too deeply") from error
        except ValueError as error:  # json's own errors have been answered; Python's limit of digits is left
            raise Refused("malformed", "the body holds a number of too many digits") from error

    def handle_error(
        self, error: ValidationError, req: Request, schema: Schema, *, error_status_code: int | None, error_headers: Any
    ) -> NoReturn:
        """Names each parameter or member, and the nearest known name for a misspelt one."""
        messages = error.messages_dict
        known = [field.data_key or name for name, field in schema.fields.items()]
        raise invalid_parameters({k: v for place in messages.values() for k, v in _pairs(place)}, known)

    def _handle_invalid_json_error(self, error: Any, req: Request, *args: Any, **kwargs: Any) -> NoReturn:
        raise Refused("malformed", "the body is not well-formed JSON in UTF-8")


def _pairs(messages: Any) -> list[tuple[str, Any]]:
    """Messages of one place (query or body) by parameter."""
    return list(messages.items()) if isinstance(messages, Mapping) else [("body", messages)]


class Contract:
    """The routes under one prefix, and the document that describes them."""

    def __init__(self, name: str, prefix: str, description: str) -> None:
        self.blueprint = Blueprint(name, name, url_prefix=prefix, description=description)
        self.blueprint.ARGUMENTS_PARSER = StrictParser()

    def route(
        self,
        rule: str,
        *,
        answer: type[Schema] | None,
        query: type[Schema] | None = None,
        body: type[Schema] | None = None,
        method: str = "GET",
        status: int = 200,
        example: object = None,
        body_example: object = None,
        problems: tuple[int, ...] = (),
        path: Mapping[str, Mapping[str, object]] | None = None,
        headers: Mapping[str, Mapping[str, object]] | None = None,
        token: bool = False,
    ) -> Callable[[View], View]:
        """Publishes a view.

        Args:
            query, body: what the view takes, as its first argument; parameters that `query` lacks are refused.
            answer: what it returns; None: nothing.
            problems: statuses of the problems it may answer, besides those of every route.
            path: schema of each part of the address that varies.
            token: whether the route needs the token for writing.
        """

        def publish(view: View) -> View:
            blueprint = self.blueprint
            published: Any = blueprint.response(status, answer, example=example, headers=headers)(view)
            for code in sorted({400, 405, 414, 422, 429, 500, 503, *problems}):
                published = blueprint.alt_response(code, HTTPStatus(code).name)(published)
            if body is not None:
                published = blueprint.arguments(body(), location="json", example=body_example)(published)
            if query is not None:
                published = blueprint.arguments(query(), location="query")(published)
            described: dict[str, Any] = {"security": [{"token": []}]} if token else {}
            published = blueprint.doc(operationId=view.__name__, **described)(published)
            parts = [
                {"name": name, "in": "path", "required": True, "schema": dict(schema)}
                for name, schema in (path or {}).items()
            ]
            blueprint.route(rule, methods=[method], parameters=parts)(published)
            return view

        return publish

    def publish(self, app: Flask, *, title: str, description: str) -> dict[str, Any]:
        """Registers the routes; the OpenAPI document of them."""
        app.config.setdefault("API_TITLE", title)
        app.config.setdefault("API_VERSION", VERSION)
        app.config.setdefault("OPENAPI_VERSION", "3.1.0")
        api = Api()
        api.ERROR_SCHEMA = ProblemOut
        api.init_app(app, spec_kwargs={"info": {"description": description, "license": {"name": "GPL-3.0-or-later"}}})
        api.spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
        api.register_blueprint(self.blueprint)
        document: dict[str, Any] = api.spec.to_dict()
        for response in document["components"]["responses"].values():
            if "content" in response:
                response["content"] = {MEDIA_TYPE: response["content"]["application/json"]}
        return document
