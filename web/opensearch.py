"""The archive as a search engine of the browser: a description of it, and completions for its box.

Sources: OpenSearch 1.1, draft 6; OpenSearch Suggestions 1.1 (an array of the words, the completions, what
they are, and where they lead).
"""

from __future__ import annotations

from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from flask import Blueprint, Response, json, request, url_for
from flask_babel import LazyString, gettext, lazy_gettext

from kashaf.search.results import Suggestion
from kashaf.web import freshness
from kashaf.web.addresses import in_full
from kashaf.web.assets import asset
from kashaf.web.locales import current_language
from kashaf.web.outgoing import one_line
from kashaf.web.serving import archive

opensearch = Blueprint("opensearch", __name__)
freshness.install(opensearch)

DESCRIPTION = "application/opensearchdescription+xml"
SUGGESTIONS = "application/x-suggestions+json"
COMPLETIONS = 8
WHAT: dict[str, LazyString] = {
    "person": lazy_gettext("person"),
    "organisation": lazy_gettext("organisation"),
    "headline": lazy_gettext("article"),
    "word": lazy_gettext("word"),
}
_NAMESPACE = "http://a9.com/-/spec/opensearch/1.1/"


@opensearch.get("/opensearch.xml")
def description() -> Response:
    """What a browser must know to search here."""
    root = Element("OpenSearchDescription", {"xmlns": _NAMESPACE})
    SubElement(root, "ShortName").text = gettext("Kashaf archive")[:16]  # no more is allowed
    SubElement(root, "Description").text = gettext("Search the press archive in Arabic and French")
    icon = in_full(asset("icon.svg"))
    SubElement(root, "Image", {"width": "16", "height": "16", "type": "image/svg+xml"}).text = icon
    for media_type, endpoint in (
        ("text/html", "pages.search"),
        (SUGGESTIONS, "opensearch.suggestions"),
        ("application/atom+xml", "feeds.atom"),
    ):
        SubElement(root, "Url", {"type": media_type, "template": f"{in_full(url_for(endpoint))}?q={{searchTerms}}"})
    itself = in_full(url_for("opensearch.description", lang=current_language()))
    SubElement(root, "Url", {"type": DESCRIPTION, "rel": "self", "template": itself})
    SubElement(root, "Language").text = current_language()
    SubElement(root, "InputEncoding").text = "UTF-8"
    text = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return Response(text, content_type=f"{DESCRIPTION}; charset=utf-8")


@opensearch.get("/suggestions")
def suggestions() -> Response:
    """Completions of ``?q=``; any text has some or none, never an error."""
    typed = request.args.get("q", "")
    # The box of a browser can only be filled with words: an article is found by its headline like anything else.
    found = [one for one in archive().suggest(typed, size=COMPLETIONS) if one.text.strip()]
    texts = [one_line(one.text) for one in found]
    answer = [typed, texts, [str(WHAT[one.kind]) for one in found], [_where(one) for one in found]]
    return Response(json.dumps(answer), content_type=f"{SUGGESTIONS}; charset=utf-8")


def _where(one: Suggestion) -> str:
    if one.id is None:
        return in_full(url_for("pages.search", q=one.text))
    if one.kind == "headline":
        return in_full(url_for("pages.article", article_id=one.id))
    return in_full(url_for("people.entity", entity_id=one.id))
