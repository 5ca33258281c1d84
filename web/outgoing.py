"""What text of the archive must become before it leaves in another form.

Escaping is the business of the templates; this module knows what HTML, XML, JSON, CSV and RIS cannot hold
at all, and which addresses may become links. Sources: XML 1.0 section 2.2, OWASP ASVS 1.2.10 (formulas in CSV),
Unicode Standard Annex 9 sections 2 and 3.3.2 (directions that text sets and must end).
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote, urlsplit

from flask.json.provider import DefaultJSONProvider

# What a spreadsheet may take for a formula, also in full width and behind quotes or white space.
_FORMULA = re.compile(r"[\s\"'\x00]*[=+\-@＝＋－＠]|[\t\r\n\x00]")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BREAK = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
# Characters that set a direction, and what ends each.
_END_EMBEDDING, _END_ISOLATE = "\u202c", "\u2069"
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def writable(text: str) -> str:
    """Text that can be written in UTF-8: half of a surrogate pair becomes U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def xml_text(text: str) -> str:
    """Text without the characters that XML cannot hold, not even escaped."""
    return _NOT_XML.sub("\ufffd", text)


def cell(text: str) -> str:
    """A CSV cell that no spreadsheet takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def one_line(text: str) -> str:
    """Text without anything that could end a line of a record, or turn the direction of what follows it."""
    return directed(_BREAK.sub(" ", text)).strip()


def directed(text: str) -> str:
    """Text that ends every direction it sets, and none that it did not set.

    >>> directed("\\u202eabc") == "\\u202eabc\\u202c" and directed("abc\\u2069") == "abc"
    True
    """
    if not _DIRECTIONS.search(text):
        return text
    written: list[str] = []
    ends: list[str] = []  # of what is open, innermost last
    isolates = 0
    at = 0
    for found in _DIRECTIONS.finditer(text):
        written.append(text[at : found.start()])
        at = found.end()
        letter = found.group()
        if letter == _END_EMBEDDING:
            if not ends or ends[-1] != letter:
                continue
            ends.pop()
        elif letter == _END_ISOLATE:
            if not isolates:
                continue
            while ends.pop() != letter:  # it ends the embeddings inside it too, here in so many words
                written.append(_END_EMBEDDING)
            isolates -= 1
        else:
            is_isolate = letter >= "\u2066"
            ends.append(_END_ISOLATE if is_isolate else _END_EMBEDDING)
            isolates += is_isolate
        written.append(letter)
    return "".join((*written, text[at:], *reversed(ends)))


def uri(address: str) -> str:
    """An address in ASCII, whatever it holds percent-encoded (RFC 3987 section 3.1); braces and backslashes too."""
    return quote(address, safe="!#$%&'()*+,/:;=?@[]~", errors="replace")


def web_address(url: str | None) -> str | None:
    """The address if it may be a link: http or https, with a host; else None."""
    if url is None or _BREAK.search(url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


class PlainJSON(DefaultJSONProvider):
    """JSON in which Arabic stays readable, and never the NaN that JSON does not have."""

    sort_keys = False

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        """Raises ValueError on NaN and infinities, which the standard library would write bare."""
        # What is written is made of plain members: looking for circles in it takes a quarter of the time.
        kwargs |= {"allow_nan": False, "check_circular": False}
        text = super().dumps(obj, **{"ensure_ascii": False, **kwargs})
        # A lone surrogate has no UTF-8; its escape is still well-formed JSON.
        return text if _encodes(text) else super().dumps(obj, **{**kwargs, "ensure_ascii": True})


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
