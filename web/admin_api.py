"""The operator's report over the JSON interface; needs the token."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Response, jsonify
from marshmallow import Schema, fields

from kashaf.web import freshness
from kashaf.web.admin import report
from kashaf.web.api import api
from kashaf.web.schemas import NoQuery
from kashaf.web.security import require_token


class ArchiveFigures(Schema):
    """The archive in figures."""

    articles = fields.Integer(required=True)
    generation = fields.Integer(required=True)
    segments = fields.Integer(required=True)
    store_bytes = fields.Integer(required=True)
    index_bytes = fields.Integer(required=True)
    behind = fields.Integer(required=True, metadata={"description": "Commits that the index has not applied yet."})
    outdated = fields.Boolean(required=True, metadata={"description": "An older version made the index."})
    languages = fields.Dict(fields.String(), fields.Integer(), required=True)
    sources = fields.Dict(fields.String(), fields.Integer(), required=True)
    first = fields.String(required=True, allow_none=True)
    last = fields.String(required=True, allow_none=True)
    undated = fields.Integer(required=True)
    persons = fields.Integer(required=True)
    organisations = fields.Integer(required=True)


class RefusalOut(Schema):
    """An input that was not taken."""

    where = fields.String(required=True)
    reason = fields.String(required=True)


class RunOut(Schema):
    """A run of indexing."""

    began = fields.String(required=True)
    ended = fields.String(required=True)
    way = fields.String(required=True, metadata={"enum": ["files", "http"]})
    added = fields.Integer(required=True)
    replaced = fields.Integer(required=True)
    unchanged = fields.Integer(required=True)
    refused = fields.Integer(required=True)
    finished = fields.Boolean(required=True, metadata={"description": "False when it was stopped or failed."})
    refusals = fields.List(fields.Nested(RefusalOut), required=True)


class CommitOut(Schema):
    """A commit of articles."""

    time = fields.String(required=True)
    added = fields.Integer(required=True)
    replaced = fields.Integer(required=True)
    deleted = fields.Integer(required=True)


class CheckOut(Schema):
    """The last check of all files."""

    time = fields.String(required=True)
    problems = fields.List(fields.String(), required=True)


class SlowOut(Schema):
    """A request that took long."""

    time = fields.String(required=True)
    seconds = fields.Float(required=True)
    path = fields.String(required=True)
    query = fields.String(required=True)
    status = fields.Integer(required=True)
    request_id = fields.String(required=True)


class SettingOut(Schema):
    """A setting that holds; the value of a secret is null."""

    name = fields.String(required=True)
    value = fields.String(required=True, allow_none=True)
    is_default = fields.Boolean(required=True)


class AdminAnswer(Schema):
    """What the operator watches."""

    archive = fields.Nested(ArchiveFigures, required=True)
    runs = fields.List(fields.Nested(RunOut), required=True)
    commits = fields.List(fields.Nested(CommitOut), required=True)
    check = fields.Nested(CheckOut, required=True, allow_none=True)
    slow = fields.List(fields.Nested(SlowOut), required=True)
    versions = fields.Dict(fields.String(), fields.String(), required=True)
    settings = fields.List(fields.Nested(SettingOut), required=True)
    worker = fields.Integer(required=True, metadata={"description": "Number of the process that answered."})


_EXAMPLE = {
    "archive": {
        "articles": 79205,
        "generation": 21,
        "segments": 3,
        "store_bytes": 412000000,
        "index_bytes": 88000000,
        "behind": 0,
        "outdated": False,
        "languages": {"fr": 42010, "ar": 37195},
        "sources": {"Le Courrier de Tamara": 42010, "صدى الساحل": 37195},
        "first": "2019-01",
        "last": "2026-02",
        "undated": 12,
        "persons": 51200,
        "organisations": 20100,
    },
    "runs": [
        {
            "began": "2026-02-03T06:00:00Z",
            "ended": "2026-02-03T06:00:21Z",
            "way": "files",
            "added": 310,
            "replaced": 2,
            "unchanged": 4,
            "refused": 1,
            "finished": True,
            "refusals": [{"where": "news.jsonl:17", "reason": "the line is not JSON"}],
        }
    ],
    "commits": [{"time": "2026-02-03T06:00:21Z", "added": 310, "replaced": 2, "deleted": 0}],
    "check": {"time": "2026-02-01T03:00:00Z", "problems": []},
    "slow": [
        {
            "time": "2026-02-03T09:12:44Z",
            "seconds": 1.204,
            "path": "/api/v1/search",
            "query": "q=a*",
            "status": 200,
            "request_id": "3f0c9a31d2b7e6a8",
        }
    ],
    "versions": {"kashaf": "0.1.0", "python": "3.11.7"},
    "settings": [{"name": "budget", "value": "2.0", "is_default": True}],
    "worker": 4711,
}


@api.route("/admin", query=NoQuery, answer=AdminAnswer, example=_EXAMPLE, problems=(401, 403), token=True)
def admin_report(_: object) -> Response:
    """What the operator watches: the archive, what came in, what was refused, what was slow, settings and versions."""
    require_token()
    freshness.passing()
    return jsonify(members())


def members() -> dict[str, Any]:
    """The report as JSON has it."""
    found = report()
    figures = asdict(found.archive)
    del figures["folder"]
    figures["sources"] = {bucket.label: bucket.count for bucket in found.sources}
    return {
        "archive": figures,
        "runs": [asdict(run) for run in found.runs],
        "commits": [asdict(commit) for commit in found.commits],
        "check": asdict(found.check) if found.check else None,
        "slow": [asdict(one) for one in found.slow],
        "versions": found.versions,
        "settings": [asdict(one) for one in found.settings],
        "worker": found.worker,
    }
