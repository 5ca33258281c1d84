"""JSON Schemas of what exports may hold, written after the published ones and stricter: nothing else may occur.

After ninjs 3.1 (https://www.iptc.org/std/ninjs/ninjs-schema_3.1.json, IPTC, CC BY 4.0), the schema csl-data.json
of CSL 1.0.2 and JSON Feed 1.1 (jsonfeed.org); the first two in the fields that we use.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from jsonschema import FormatChecker

FORMAT_CHECKER = FormatChecker()


def is_uri(value: object) -> bool:
    """RFC 3986: a scheme, then characters of ASCII that may stand in one."""
    return not isinstance(value, str) or bool(
        re.fullmatch(r"[a-z][a-z0-9+.-]*:(?:[\w.~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+", value, re.ASCII)
    )


def is_moment(value: object) -> bool:
    """RFC 3339."""
    return not isinstance(value, str) or (value[10] == "T" and datetime.fromisoformat(value).tzinfo is not None)


FORMAT_CHECKER.checks("uri")(is_uri)
FORMAT_CHECKER.checks("date-time", raises=ValueError)(is_moment)
TEXT = {"type": "string", "minLength": 1}
URI = {"type": "string", "format": "uri"}
MOMENT = {"type": "string", "format": "date-time"}


def _members(required: tuple[str, ...], **members: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(required),
        "properties": members,
    }


def _some(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "minItems": 1, "items": items}


_TEXTS = _some(_members(("value",), contentType={"const": "text/plain"}, value=TEXT))
_NAMES = _some(_members(("name",), name={"type": "string"}, rel=TEXT, literal=TEXT))
NINJS_ITEMS = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "array",
    "items": _members(
        ("uri", "standard"),
        uri=URI,
        standard=_members(("name", "version", "schema"), name={"const": "ninjs"}, version={"const": "3.1"}, schema=URI),
        type={"const": "text"},
        representationType={"enum": ["full", "partial"]},
        language=TEXT,
        contentCreated=MOMENT,
        edNote=TEXT,
        headlines=_TEXTS,
        descriptions=_TEXTS,
        bodies=_TEXTS,
        by=TEXT,
        infoSources=_some(_members(("name",), name=TEXT, role=TEXT)),
        subjects=_some(_members(("name",), name=TEXT, rel=TEXT)),
        people=_NAMES,
        organisations=_NAMES,
        renditions=_some(_members(("name",), name=TEXT, href=URI, contentType=TEXT)),
        altIds=_some(_members((), role=TEXT, value={"type": "string"})),
    ),
}

_PART = {"type": "integer"}
CSL_ITEMS = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "array",
    "items": _members(
        ("type",),  # and an id, which every stored article has
        id={"type": "string"},
        type={"const": "article-newspaper"},
        title=TEXT,
        section=TEXT,
        author=_some(_members(("literal",), literal=TEXT)),
        issued=_members(
            ("date-parts",),
            **{"date-parts": _some({"type": "array", "minItems": 1, "maxItems": 3, "items": _PART})},
        ),
        language=TEXT,
        abstract=TEXT,
        keyword=TEXT,
        URL=TEXT,
        **{"container-title": TEXT},
    ),
}

JSON_FEED = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    **_members(
        ("version", "title", "items"),
        version={"const": "https://jsonfeed.org/version/1.1"},
        title=TEXT,
        language=TEXT,
        home_page_url=TEXT,
        feed_url=TEXT,
        items={
            "type": "array",
            "items": _members(
                ("id", "content_text"),
                id=TEXT,
                url=TEXT,
                external_url=TEXT,
                title=TEXT,
                content_text={"type": "string"},
                date_published=MOMENT,
                date_modified=MOMENT,
                authors=_some(_members(("name",), name=TEXT)),
                tags=_some({"type": "string"}),
                language=TEXT,
            ),
        },
    ),
}
