"""Examples of decisions in the contract: one person under two spellings."""

from __future__ import annotations

from typing import Any

Members = dict[str, Any]
_KEPT: Members = {
    "id": "p12",
    "kind": "person",
    "label": "Mohamed Setri",
    "labels": {"fr": "Mohamed Setri", "ar": "محمد ستري"},
    "pinned": {"ar": "محمد ستري"},
    "wikidata": None,
    "note": None,
    "variants": [
        {"name": "Mohamed Setri", "count": 2},
        {"name": "محمد ستري", "count": 1},
        {"name": "M. Setri", "count": 1},
    ],
    "articles": 4,
}
_OTHER: Members = {
    **_KEPT,
    "id": "p48",
    "label": "M. Setri",
    "labels": {"fr": "M. Setri"},
    "pinned": {},
    "variants": [{"name": "M. Setri", "count": 1}],
    "articles": 1,
}
_MERGE: Members = {
    "number": 7,
    "time": "2026-02-02T09:30:00Z",
    "verb": "merge",
    "what": "p48 M. Setri into p12 Mohamed Setri",
    "undone": False,
    "entities": ["p12", "p48"],
    "names": ["M. Setri"],
    "value": None,
    "language": None,
}
_REFUSAL: Members = {
    **_MERGE,
    "verb": "refuse",
    "what": "p12 Mohamed Setri is not p48 M. Setri",
    "names": [],
}
ENTITIES = {"total": 1, "page": 1, "size": 20, "next": None, "entities": [_KEPT]}
DECIDED = {"decision": _MERGE, "entities": [_KEPT]}
UNDONE = {"decision": {**_MERGE, "undone": True}, "entities": [_KEPT, _OTHER]}
REFUSED = {"decision": _REFUSAL, "entities": [_KEPT, _OTHER]}
LOG = {"total": 1, "page": 1, "size": 50, "decisions": [_MERGE]}
SUGGESTIONS = {
    "suggestions": [
        {
            "id": "p12-p48",
            "kind": "person",
            "likeness": 0.91,
            "strength": 0.95,
            "for": ["the names are 91% alike", "both are named with UNESCO"],
            "missing": "one has an initial alone",
            "entities": [_KEPT, _OTHER],
        }
    ]
}
FILE = (
    '{"kashaf": "decisions", "version": 1}\n'
    '{"kind": "person", "names": ["M. Setri", "Mohamed Setri"], "labels": {"ar": "محمد ستري"}}\n'
)
IMPORTED = {
    "decision": {
        **_MERGE,
        "verb": "import",
        "what": "decisions.jsonl: 1 entities, 0 pairs that are apart",
        "names": [],
    },
    "entities": [_KEPT],
    "lines": 1,
    "apart": 0,
}
