"""What text of the archive must become before it leaves in another form.

Escaping is the business of the templates; this module knows what HTML, XML, JSON, CSV and RIS cannot hold
at all, and which addresses may become links. Sources: XML 1.0 section 2.2, OWASP ASVS 1.2.10 (formulas in CSV).
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from flask.json.provider import DefaultJSONProvider

# What a spreadsheet may take for a formula, also in full width and behind quotes or white space.
_FORMULA = re.compile(r"[\s\"'\x00]*[=+\-@＝＋－＠]|[\t\r\n\x00]")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BREAK = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


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
    """Text without anything that could end a line of a record."""
    return _BREAK.sub(" ", text).strip()


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
        kwargs["allow_nan"] = False
        text = super().dumps(obj, **{"ensure_ascii": False, **kwargs})
        # A lone surrogate has no UTF-8; its escape is still well-formed JSON.
        return text if _encodes(text) else super().dumps(obj, **{**kwargs, "ensure_ascii": True})


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
