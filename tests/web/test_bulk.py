"""Many articles in one request: each line answered by itself, all kept at once, and nothing done twice."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from kashaf.web import bulk

Headers = dict[str, str]


def line(**members: object) -> bytes:
    return json.dumps(members).encode() + b"\n"


def send(client: FlaskClient, body: bytes, headers: Headers) -> list[dict[str, Any]]:
    response = client.post("/api/v1/articles", data=body, headers=headers, content_type=bulk.MEDIA_TYPE)
    assert response.status_code == 200, response.text
    assert response.content_type == bulk.MEDIA_TYPE
    return [json.loads(answer) for answer in response.text.splitlines()]


def total(client: FlaskClient) -> int:
    found: int = client.get("/api/v1/search").get_json()["total"]
    return found


def generation(client: FlaskClient) -> int:
    found: int = client.get("/readyz").get_json()["generation"]
    return found


def test_every_line_has_its_answer(writable: FlaskClient, bearer: Headers) -> None:
    body = b"".join(
        [
            line(id="un", headline="Le phare rouvre", body="Le gardien est revenu.", language="fr"),
            b"\n",
            line(id="deux", headline="Le port ferme", titel="x"),
            b"not json\n",
            b"[" * 100_000 + b"\n",
            b"\xff\n",
            b"[1]\n",
            line(id="a/b", headline="x"),
            line(headline="\ud800"),
            line(id="trois"),
            line(id="quatre", headline="Le phare brille", published="2026-02-31"),
            line(id="cinq", headline="Le phare veille", body="La nuit."),
        ]
    )
    before = generation(writable)
    answers = send(writable, body, bearer)
    assert [answer["line"] for answer in answers] == [1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
    assert {answer["line"] for answer in answers if answer["status"] == 201} == {1, 12}
    kinds = {answer["line"]: answer["type"].rpartition("/")[2] for answer in answers if "type" in answer}
    assert kinds == {
        3: "invalid-parameter",
        4: "malformed",
        5: "malformed",
        6: "malformed",
        7: "invalid-parameter",
        8: "invalid-parameter",
        9: "invalid-parameter",
        10: "invalid-article",
        11: "invalid-article",
    }
    assert answers[1]["errors"] == [{"parameter": "titel", "reason": "Unknown field."}]
    assert total(writable) == 3 and generation(writable) > before
    assert writable.get("/api/v1/search?q=phare").get_json()["total"] == 2


def test_the_same_lines_again_change_nothing(writable: FlaskClient, bearer: Headers) -> None:
    body = line(id="un", headline="Le phare", body="un") + line(headline="Sans id", body="deux", source="Le Rivage")
    first = send(writable, body, bearer)
    assert [answer["outcome"] for answer in first] == ["added", "added"]
    again = send(writable, body, bearer)
    assert [answer["outcome"] for answer in again] == ["unchanged", "unchanged"]
    assert [answer["id"] for answer in again] == [answer["id"] for answer in first] and total(writable) == 3
    [changed] = send(writable, line(id="un", headline="Le phare rouvert", body="un"), bearer)
    assert (changed["outcome"], changed["status"]) == ("replaced", 200) and total(writable) == 3
    twice = send(writable, line(id="x", headline="a") + line(id="x", headline="b"), bearer)
    assert [answer["outcome"] for answer in twice] == ["added", "replaced"]
    assert writable.get("/api/v1/articles/x").get_json()["headline"] == "b"


def test_beyond_the_limit_nothing_is_taken(writable: FlaskClient, bearer: Headers) -> None:
    body = b"".join(line(id=f"a{number}", headline="x") for number in range(bulk.MAX_LINES + 1))
    response = writable.post("/api/v1/articles", data=body, headers=bearer, content_type=bulk.MEDIA_TYPE)
    problem = response.get_json(force=True)
    assert response.status_code == 422 and problem["type"] == "/problems/over-limit"
    assert (problem["limit"], problem["allowed"], problem["got"]) == ("lines of a body", 1000, 1001)
    assert total(writable) == 1


@pytest.mark.parametrize("body", [b"", b"\n \n"])
def test_an_empty_body_is_refused(writable: FlaskClient, bearer: Headers, body: bytes) -> None:
    response = writable.post("/api/v1/articles", data=body, headers=bearer, content_type=bulk.MEDIA_TYPE)
    assert response.status_code == 400
    response = writable.post("/api/v1/articles?x=1", data=b"{}", headers=bearer, content_type=bulk.MEDIA_TYPE)
    assert response.status_code == 422 and response.get_json(force=True)["errors"][0]["parameter"] == "x"


def test_only_with_the_token_and_only_there(writable: FlaskClient, bearer: Headers) -> None:
    body = line(id="un", headline="Le phare")
    assert writable.post("/api/v1/articles", data=body, content_type=bulk.MEDIA_TYPE).status_code == 401
    wrong = {"Authorization": "Bearer wrong"}
    assert writable.post("/api/v1/articles", data=body, content_type=bulk.MEDIA_TYPE, headers=wrong).status_code == 401
    elsewhere = writable.post("/api/v1/search", data=body, content_type=bulk.MEDIA_TYPE, headers=bearer)
    assert elsewhere.status_code == 405
    # What a form of another site can send without asking is no JSON.
    for simple in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        response = writable.post("/api/v1/articles", data=body, content_type=simple, headers=bearer)
        assert response.status_code == 415, simple
    assert total(writable) == 1


def test_the_contract_tells_of_it(writable: FlaskClient) -> None:
    post = writable.get("/api/v1/openapi.json").get_json()["paths"]["/api/v1/articles"]["post"]
    assert set(post["requestBody"]["content"]) == {"application/json", bulk.MEDIA_TYPE}
    assert set(post["responses"]["200"]["content"]) == {bulk.MEDIA_TYPE}
