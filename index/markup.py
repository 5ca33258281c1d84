"""Pieces of HTML inside records and feeds, to plain text with its paragraphs."""

from __future__ import annotations

import re

import lxml.etree
import lxml.html

_BLOCKS = frozenset(
    "p div br li ul ol h1 h2 h3 h4 h5 h6 blockquote section article header footer table tr figure pre".split()
)
_DROPPED = frozenset(("script", "style", "template", "noscript", "iframe"))
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_LINE_ENDS = re.compile(r" ?\n[ \n]*")
# XML knows no control characters and no lone surrogates.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def plain_text(markup: str) -> str:
    """The visible text of a piece of HTML, a line a block.

    >>> plain_text("<p>Un <b>texte</b>.</p><p>Deux&nbsp;!</p>")
    'Un texte.\\nDeux\\xa0!'
    """
    try:
        root = lxml.html.fragment_fromstring(_NOT_XML.sub("", markup), create_parent="div")
    except (lxml.etree.LxmlError, ValueError):
        return markup
    pieces: list[str] = []
    dropped = 0
    for event, element in lxml.etree.iterwalk(root, events=("start", "end")):
        named = isinstance(element.tag, str)
        if named and element.tag in _BLOCKS:
            pieces.append("\n")
        if named and element.tag in _DROPPED:
            dropped += 1 if event == "start" else -1
        if event == "start" and named and not dropped and element.text:
            pieces.append(_BLANKS.sub(" ", element.text))
        if event == "end" and not dropped and element.tail:
            pieces.append(_BLANKS.sub(" ", element.tail))
    return _LINE_ENDS.sub("\n", "".join(pieces)).strip()
