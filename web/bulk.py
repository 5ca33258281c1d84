"""Many articles in one request: JSON lines in, one answer a line out, one commit.

A line that cannot be taken is refused by itself, with the problem that it would have been alone; the others are
kept. Sending the same lines again changes nothing: an article is known by its id, and what is already
there as it is given is left alone.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask import Response, json, request
from marshmallow import RAISE, ValidationError

from kashaf.errors import ArticleError, LimitError
from kashaf.index.article import Article
from kashaf.index.article_line import json_line
from kashaf.index.prepare import prepare
from kashaf.index.refusals import Refusal
from kashaf.index.reports import Run, now
from kashaf.web.problem_kinds import PROBLEMS
from kashaf.web.problems import Refused, invalid_parameters, problem_members, refusal
from kashaf.web.schemas import ArticleIn
from kashaf.web.serving import archive, settings

MEDIA_TYPE = "application/x-ndjson"
MAX_LINES = 1_000
Answer = dict[str, Any]
Pair = tuple[Article, Article]


def articles_in_lines() -> Response | None:
    """The answer to articles sent as JSON lines; None for any other request."""
    if request.method != "POST" or request.mimetype != MEDIA_TYPE or request.endpoint != "api.add_article":
        return None
    if request.args:
        raise invalid_parameters({name: ["Unknown field."] for name in request.args}, ())
    lines = [(n, line) for n, line in enumerate(request.get_data().split(b"\n"), start=1) if line.strip()]
    if not lines:
        raise Refused("malformed", "the body is empty")
    if len(lines) > MAX_LINES:
        raise LimitError("lines of a body", MAX_LINES, len(lines))
    began = now()
    answers: dict[int, Answer] = {}
    sound: dict[int, Pair] = {}
    for number, line in lines:
        try:
            sound[number] = _read(line)
        except (Refused, ArticleError) as error:
            refused = refusal(error)
            answers[number] = problem_members(refused, PROBLEMS[refused.name].status)
    answers |= _kept(sound)
    _report(began, answers)
    written = "".join(json_line({"line": number, **answers[number]}) + "\n" for number, _ in lines)
    return Response(written, content_type=MEDIA_TYPE)


def _read(line: bytes) -> Pair:
    """The article of a line, as received and as prepared; Refused or ArticleError when there is none."""
    try:
        found = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise Refused("malformed", "the line is not well-formed JSON in UTF-8") from error
    try:
        article: Article = ArticleIn(unknown=RAISE).load(found)
    except ValidationError as error:
        raise invalid_parameters(error.messages_dict, ArticleIn().fields) from error
    return article, prepare(article, extractor=settings().extractor)


def _kept(sound: dict[int, Pair]) -> dict[int, Answer]:
    """What became of each article, once all are safe."""
    if not sound:
        return {}
    answers: dict[int, Answer] = {}
    with archive().writer() as writer:
        for number, (article, made) in sound.items():
            added, replaced = writer.added, writer.replaced
            article_id = writer.add(article, made)
            outcome = "added" if writer.added > added else "replaced" if writer.replaced > replaced else "unchanged"
            answers[number] = {"status": 201 if outcome == "added" else 200, "id": article_id, "outcome": outcome}
    return answers


def _report(began: str, answers: dict[int, Answer]) -> None:
    """Keeps for the operator what became of the lines."""
    became = Counter(str(answer.get("outcome", "refused")) for answer in answers.values())
    refusals = tuple(
        Refusal(f"HTTP, line {number}", str(answer["detail"]))
        for number, answer in sorted(answers.items())
        if "detail" in answer
    )
    numbers = {name: became[name] for name in ("added", "replaced", "unchanged", "refused")}
    run = Run(began=began, ended=now(), way="http", **numbers, finished=True, refusals=refusals)
    archive().report(lambda reports: reports.keep_run(run))


def describe(document: dict[str, Any]) -> None:
    """Adds this way of sending to the operation that takes in one article."""
    operation = document["paths"]["/api/v1/articles"]["post"]
    operation["requestBody"]["content"][MEDIA_TYPE] = {
        "schema": {
            "type": "string",
            "description": f"Up to {MAX_LINES} lines, each an ArticleIn in JSON, kept in one commit.",
        }
    }
    operation["responses"]["200"] = {
        "description": "One answer a line, in order: what became of the article, or its problem. One commit.",
        "content": {
            MEDIA_TYPE: {
                "schema": {"type": "string"},
                "example": json_line({"line": 1, "status": 201, "id": "5d1c0a7be1f94c2a9b0e", "outcome": "added"})
                + "\n",
            }
        },
    }
