"""ninjs, the IPTC's news in JSON (versions 1 to 3), as a record of our column names."""

from __future__ import annotations

from typing import Any


def is_ninjs(record: object) -> bool:
    """Whether a JSON object is a ninjs item: it has a uri and one of the properties only ninjs has."""
    if not isinstance(record, dict) or not record.get("uri"):
        return False
    return any(
        key in record for key in ("body_xhtml", "body_html", "versioncreated", "pubstatus", "bodies", "headlines")
    )


def ninjs_record(item: dict[str, Any]) -> dict[str, Any]:
    """The record (column names of data/columns.tsv) of a ninjs item.

    Source: IPTC ninjs 1.5, 2.1 and 3.1 specifications; version 3 writes names in camel case. `located`, `subject`
    and `place` are not taken.
    """
    item = {name.lower(): value for name, value in item.items()}
    return {
        "id": item.get("uri"),
        "headline": item.get("headline") or item.get("title") or _value(item.get("headlines")),
        "standfirst": item.get("description_text") or _value(item.get("descriptions")),
        "body": item.get("body_text") or item.get("body_xhtml") or item.get("body_html") or _value(item.get("bodies")),
        "published": item.get("firstcreated") or item.get("contentcreated") or item.get("versioncreated"),
        "language": item.get("language"),
        "source": item.get("source") or _names(item.get("infosources")) or item.get("copyrightholder"),
        "byline": item.get("byline") or _value(item.get("by")),
        "url": item.get("standalone_url") or _link(item.get("links")) or _original(item.get("renditions")),
        "persons": _names(item.get("person") or item.get("people")),
        "organisations": _names(item.get("organisation") or item.get("organisations")),
    }


def _value(values: object) -> str:
    """Versions 2 and 3 repeat a text in several forms; the plain one is preferred."""
    if isinstance(values, str):
        return values
    found = [v for v in values if isinstance(v, dict) and v.get("value")] if isinstance(values, list) else []
    found.sort(key=lambda v: v.get("contenttype", v.get("contentType")) not in (None, "text/plain"))
    return str(found[0]["value"]) if found else ""


def _names(values: object) -> list[str]:
    if not isinstance(values, list):
        return []
    names = [v.get("name") or v.get("literal") for v in values if isinstance(v, dict)]
    return [name for name in names if isinstance(name, str)]


def _link(values: object) -> str | None:
    links = values if isinstance(values, list) else []
    return next((str(v["href"]) for v in links if isinstance(v, dict) and v.get("href")), None)


def _original(renditions: object) -> str | None:
    """The page of the article among its renditions: the first that is HTML."""
    pages = renditions if isinstance(renditions, list) else []
    return _link([v for v in pages if isinstance(v, dict) and v.get("contentType") == "text/html"])
