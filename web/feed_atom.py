"""A feed as Atom (RFC 4287), with the number of matching articles (OpenSearch 1.1)."""

from __future__ import annotations

from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from kashaf.web.feed import Entry, Feed
from kashaf.web.outgoing import directed, uri, xml_text

CONTENT_TYPE = "application/atom+xml; charset=utf-8"
_ATOM = "http://www.w3.org/2005/Atom"
_OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def atom(feed: Feed) -> bytes:
    """The feed as a document in UTF-8."""
    root = Element("feed", {"xmlns": _ATOM, "xmlns:os": _OPENSEARCH, _LANG: feed.language})
    _text(root, "title", feed.title)
    _text(root, "id", uri(feed.address))
    _link(root, "self", feed.address, "application/atom+xml")
    _link(root, "alternate", feed.page, "text/html")
    _text(root, "updated", feed.updated)
    _text(root, "generator", "Kashaf")
    _text(root, "os:totalResults", str(feed.total))
    for entry in feed.entries:
        _entry(SubElement(root, "entry", {_LANG: xml_text(entry.language)}), entry)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _entry(parent: Element, entry: Entry) -> None:
    _text(parent, "id", entry.id)
    _text(parent, "title", entry.title)
    _link(parent, "alternate", entry.address, "text/html")
    if entry.original:
        _link(parent, "via", entry.original)
    if entry.published:
        _text(parent, "published", entry.published)
    _text(parent, "updated", entry.updated)
    _text(SubElement(parent, "author"), "name", entry.author or "—")
    for tag in entry.tags:
        SubElement(parent, "category", {"term": directed(xml_text(tag))})
    _text(parent, "summary", entry.summary)


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = directed(xml_text(text))


def _link(parent: Element, rel: str, address: str, media_type: str | None = None) -> None:
    kind = {"type": media_type} if media_type else {}
    SubElement(parent, "link", {"rel": rel, "href": uri(address), **kind})
