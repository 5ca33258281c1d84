"""News in XML: RSS 2.0, RSS 1.0 and Atom feeds, and NewsML-G2.

A document type declaration is refused, whatever it declares: no entity is expanded, nothing fetched.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import lxml.etree

from kashaf.errors import ArticleError
from kashaf.index.article import Article
from kashaf.index.inputs import Input
from kashaf.index.read_records import taken_or_refused
from kashaf.index.refusals import Notice, Refusal

_MOST_BYTES = 50_000_000
_PARAGRAPHS = ("p", "hl2", "h1", "h2", "h3", "h4", "li", "blockquote")


def read_xml(document: Input, notice: Notice) -> Iterator[Article | Refusal]:
    """The articles of a feed or of a NewsML-G2 message; a bad item is refused and the rest goes on.

    Raises:
        ArticleError: if it is not well-formed, declares a document type, or is of another kind.
    """
    root = _parse(document.whole(_MOST_BYTES))
    kind = _name(root)
    if kind in ("rss", "RDF"):
        channel = _child(root, "channel")
        source = _inner(channel, "title") if channel is not None else ""
        items = [_rss_item(item, source) for item in root.iter("{*}item")]
    elif kind == "feed":
        source = _inner(root, "title")
        items = [_atom_entry(entry, source) for entry in root.iter("{*}entry")]
    elif kind in ("newsItem", "newsMessage"):
        items = [_news_item(item) for item in root.iter("{*}newsItem")]
    else:
        raise ArticleError(f"XML of an unknown kind (<{kind[:40]}>): feeds and NewsML-G2 are read")
    if not items:
        raise ArticleError("no item")
    for number, item in enumerate(items, start=1):
        where = f"{document.where}:{number}"
        yield taken_or_refused({name: value for name, value in item.items() if value}, where, notice)


def _parse(data: bytes) -> Any:
    parser = lxml.etree.XMLParser(
        resolve_entities=False, load_dtd=False, dtd_validation=False, no_network=True, huge_tree=False
    )
    try:
        root = lxml.etree.fromstring(data.lstrip(), parser)
    except (lxml.etree.XMLSyntaxError, ValueError) as error:
        raise ArticleError(f"bad XML: {str(error)[:120]}") from error
    if root.getroottree().docinfo.doctype:
        raise ArticleError("XML with a document type declaration is refused")
    return root


def _rss_item(item: Any, source: str) -> dict[str, Any]:
    content, description = _inner(item, "encoded"), _inner(item, "description")
    return {
        "id": _inner(item, "guid"),
        "headline": _inner(item, "title"),
        "standfirst": description if content else "",
        "body": content or description,
        "published": _inner(item, "pubDate") or _inner(item, "date"),
        "section": _inner(item, "category"),
        "url": _inner(item, "link"),
        "byline": _inner(item, "creator") or _inner(item, "author"),
        "source": _inner(item, "source") or source,
    }


def _atom_entry(entry: Any, source: str) -> dict[str, Any]:
    content, summary = _inner(entry, "content"), _inner(entry, "summary")
    links = [link for link in entry.iter("{*}link") if link.get("rel", "alternate") == "alternate"]
    category, author = _child(entry, "category"), _child(entry, "author")
    return {
        "id": _inner(entry, "id"),
        "headline": _inner(entry, "title"),
        "standfirst": summary if content else "",
        "body": content or summary,
        "published": _inner(entry, "published") or _inner(entry, "updated"),
        "section": (category.get("label") or category.get("term")) if category is not None else "",
        "url": links[0].get("href") if links else "",
        "byline": _inner(author, "name") if author is not None else "",
        "source": source,
    }


def _news_item(item: Any) -> dict[str, Any]:
    meta = _child(item, "contentMeta")
    meta = item if meta is None else meta
    # The text is in the headings and paragraphs of the inline HTML or NITF.
    content = next(item.iter("{*}inlineXML"), None)
    blocks = [] if content is None else [b for b in content.iter("{*}*") if _name(b) in _PARAGRAPHS]
    return {
        "id": item.get("guid"),
        "headline": _inner(meta, "headline"),
        "standfirst": _inner(meta, "description"),
        "body": "\n".join(filter(None, (" ".join("".join(b.itertext()).split()) for b in blocks))),
        "published": _inner(meta, "contentCreated")
        or next((_whole(e) for e in item.iter("{*}firstCreated", "{*}versionCreated")), ""),
        "byline": _inner(meta, "by"),
        "source": next((_whole(n) for e in item.iter("{*}infoSource") for n in e.iter("{*}name")), ""),
        "language": next((e.get("tag") for e in meta.iter("{*}language")), None),
        "persons": _subjects(meta, "person"),
        "organisations": _subjects(meta, "organisation"),
    }


def _subjects(meta: Any, kind: str) -> list[str]:
    """Names of the subjects of one kind (IPTC codes cpnat:person, cpnat:organisation)."""
    subjects = [s for s in meta.iter("{*}subject") if (s.get("type") or "").endswith(f":{kind}")]
    return [name for s in subjects if (name := _inner(s, "name"))]


def _name(element: Any) -> str:
    return str(lxml.etree.QName(element).localname)


def _child(parent: Any, name: str) -> Any:
    return next(parent.iterchildren(f"{{*}}{name}"), None)


def _whole(element: Any) -> str:
    return "".join(element.itertext()).strip()


def _inner(parent: Any, name: str) -> str:
    """Text of the first child of that name, with any markup inside it (Atom's XHTML) as markup."""
    element = _child(parent, name)
    if element is None:
        return ""
    if len(element) == 0:
        return (element.text or "").strip()
    return "".join([element.text or "", *(lxml.etree.tostring(child, encoding="unicode") for child in element)]).strip()
