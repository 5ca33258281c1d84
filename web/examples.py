"""Examples in the contract: one small archive, the same articles in every answer."""

from __future__ import annotations

from kashaf.web.export_formats import FORMATS

_HIT = {
    "id": "5d1c0a7be1f94c2a9b0e",
    "headline": "وزيرة الانتقال الرقمي تستقبل نظيرتها",
    "language": "ar",
    "source": "الصباح",
    "section": None,
    "byline": None,
    "published": "2026-02-02",
    "published_from": "text",
    "url": None,
    "score": 7.1,
    "matched": "names",
    "highlight": {
        "headline": {"text": "وزيرة الانتقال الرقمي تستقبل نظيرتها", "marks": []},
        "body": [{"text": "أكدت أمل السغروشني أن التعاون يتقدم", "marks": [[5, 18]]}],
    },
    "persons": [{"id": "p12", "label": "Amal Seghrouchni"}],
    "organisations": [],
    "copies": 1,
    "folded": 0,
}
_BUCKET = {
    "id": "p12",
    "label": "Amal Seghrouchni",
    "labels": {"fr": "Amal Seghrouchni", "ar": "أمل السغروشني"},
    "count": 1,
    "selected": False,
    "excluded": False,
}
_TIMELINE = {
    "interval": "month",
    "buckets": [{"key": "2026-02", "count": 1, "selected": False}],
    "undated": 0,
    "imprecise": 0,
}
SEARCH = {
    "query": {"q": "Seghrouchni", "understood": "Seghrouchni", "warnings": [], "did_you_mean": None},
    "total": 1,
    "folded": 0,
    "page": 1,
    "size": 10,
    "cursor": None,
    "took_ms": 2.1,
    "partial": False,
    "generation": 3,
    "hits": [_HIT],
    "facets": {"person": [_BUCKET], "date": _TIMELINE},
    "links": {
        "self": "/api/v1/search?q=Seghrouchni",
        "next": None,
        "feed": "/feed?q=Seghrouchni",
        "json_feed": "/feed.json?q=Seghrouchni",
        "export": {name: f"/export.{form.extension}?q=Seghrouchni" for name, form in FORMATS.items()},
    },
}
ARTICLE = {
    "id": _HIT["id"],
    "headline": _HIT["headline"],
    "standfirst": "",
    "body": "أكدت أمل السغروشني أن التعاون يتقدم.",
    "language": "ar",
    "source": "الصباح",
    "section": None,
    "url": None,
    "byline": None,
    "published": "2026-02-02",
    "published_from": "text",
    "persons": [
        {
            "kind": "person",
            "text": "أمل السغروشني",
            "name": "أمل السغروشني",
            "field": "body",
            "start": 5,
            "end": 18,
            "function": None,
        }
    ],
    "organisations": [],
    "ignored": [],
    "entities": {"persons": _HIT["persons"], "organisations": []},
    "copies": [
        {
            "id": "0c6f4d52b7a14e8f9d30",
            "headline": "السغروشني تستقبل نظيرتها",
            "source": "المساء",
            "published": "2026-02-03",
            "url": None,
            "original": False,
        }
    ],
}
_DATED = {"id": _HIT["id"], "headline": _HIT["headline"], "published": _HIT["published"]}
SIMILAR = {"hits": [_HIT]}
FACET = {"facet": "person", "buckets": [_BUCKET]}
ENTITY = {
    "id": "p12",
    "kind": "person",
    "label": "Amal Seghrouchni",
    "labels": _BUCKET["labels"],
    "pinned": {},
    "variants": [{"name": "أمل السغروشني", "count": 1}],
    "functions": [{"text": "وزيرة الانتقال الرقمي", "count": 1}],
    "wikidata": None,
    "note": None,
    "articles": 1,
    "first": _DATED,
    "last": _DATED,
    "timeline": _TIMELINE,
    "with_persons": [{**_BUCKET, "id": "p15", "label": "Slim El Gharbi", "labels": {"fr": "Slim El Gharbi"}}],
    "with_organisations": [{**_BUCKET, "id": "o7", "label": "Unesco", "labels": {"fr": "Unesco"}}],
    "ties": [{"one": "p15", "other": "o7", "count": 1}],
}
SUGGEST = {"suggestions": [{"kind": "person", "text": "Amal Seghrouchni", "id": "p12", "count": 1}]}
ARTICLE_IN = {
    "headline": "Le numérique au programme",
    "body": "La ministre a ouvert la rencontre lundi à Rabat.",
    "source": "Le Quotidien",
    "published": "2026-02-02",
    "persons": ["Amal Seghrouchni"],
}
ARTICLE_KEPT = {"id": "5d1c0a7be1f94c2a9b0e", "generation": 4}
