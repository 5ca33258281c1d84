"""The OpenAPI document is valid, and the interface does what it says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

Live = Callable[[Flask], str]


@pytest.fixture(scope="session")
def document(app: Flask) -> dict[str, Any]:
    found: dict[str, Any] = app.test_client().get("/api/v1/openapi.json").get_json()
    return found


def of_schema(value: object, schema: dict[str, Any], document: dict[str, Any]) -> None:
    """Raises if a value is not what a schema of the document says."""
    OAS31Validator({**schema, "components": document["components"]}).validate(value)


def test_the_document_is_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(document).validate()


def test_every_address_of_the_interface_is_in_the_document(app: Flask, document: dict[str, Any]) -> None:
    rules = {
        re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/") and not rule.rule.endswith("openapi.json")
    }
    assert rules == set(document["paths"])


def test_every_error_is_a_problem(document: dict[str, Any]) -> None:
    for response in document["components"]["responses"].values():
        assert set(response.get("content", ())) <= {"application/problem+json"}


def test_every_example_is_of_its_schema(document: dict[str, Any]) -> None:
    seen = 0
    for item in document["paths"].values():
        for method, operation in item.items():
            if method == "parameters":
                continue
            contents = [response.get("content", {}) for response in operation["responses"].values()]
            contents.append(operation.get("requestBody", {}).get("content", {}))
            for content in contents:
                for media in content.values():
                    if "example" in media:
                        seen += 1
                        of_schema(media["example"], media["schema"], document)
    assert seen >= 7


ANSWERS = {
    "/api/v1/search?q=port": "/api/v1/search",
    "/api/v1/articles/bibliotheque": "/api/v1/articles/{article_id}",
    "/api/v1/articles/port-1/similar": "/api/v1/articles/{article_id}/similar",
    "/api/v1/facets/person?prefix=salma": "/api/v1/facets/{facet}",
    "/api/v1/suggest?q=sal": "/api/v1/suggest",
}


@pytest.mark.parametrize("address, path", ANSWERS.items())
def test_answers_are_of_their_schema(client: FlaskClient, document: dict[str, Any], address: str, path: str) -> None:
    schema = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    of_schema(client.get(address).get_json(), schema, document)


# Many values may be too long for one address before they are too many, which is a refusal too.
# A parameter may be fine on its own and too much beside others (page × size, a cursor of another query, many
# values in one address): OpenAPI cannot say so, hence these too are right answers to what its schemas allow.
CONFIGURATION = """
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "404", "409", "410", "414", "422"]

[checks.negative_data_rejection]
expected-statuses = ["400", "401", "403", "404", "405", "413", "414", "415", "422"]
"""


@pytest.mark.timeout(280)
def test_the_interface_keeps_its_contract(
    writable: FlaskClient, live: Live, bearer: dict[str, str], tmp_path: Path
) -> None:
    """Every check of schemathesis on made-up requests to every route, right and wrong, alone and in sequence."""
    (tmp_path / "schemathesis.toml").write_text(CONFIGURATION)
    program = Path(sys.executable).with_name("schemathesis")
    command: list[str | Path] = [
        program,
        "--config-file",
        "schemathesis.toml",
        "run",
        live(writable.application) + "/api/v1/openapi.json",
    ]
    command += ["--checks", "all", "--max-examples", "10", "--max-time", "45", "--no-color"]
    command += ["-H", f"Authorization: {bearer['Authorization']}"]
    if os.environ.get("CI"):
        command.append("--generation-deterministic")
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
