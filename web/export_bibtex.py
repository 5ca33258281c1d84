"""A search as a bibliography for LaTeX: BibTeX with the fields of biblatex, in UTF-8.

Sources: Patashnik, "BibTeXing" (1988); Kime, Wemheuer and Lehman, "The biblatex Package".
"""

from __future__ import annotations

import hashlib
import re

from flask_babel import lazy_gettext

from kashaf.web.export_format import Format, Record
from kashaf.web.outgoing import one_line, uri, web_address

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
# A brace is counted even behind a backslash, so braces become words; the rest would be commands of TeX.
_TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{letter: f"\\{letter}" for letter in "#$%&_"},
    }
)
_BABEL = {"fr": "french", "ar": "arabic", "en": "english"}  # languages as the babel package of LaTeX calls them


def record(one: Record) -> str:
    """One entry."""
    article = one.article
    published = article.published or ""
    language = (article.language or "").split("-")[0]
    byline = _tex(article.byline)
    fields = [
        ("title", _tex(article.headline)),
        ("author", byline and f"{{{byline}}}"),  # one name as it stands: neither split at "and" nor turned round
        ("journal", _tex(article.source)),
        ("date", published),
        ("year", published[:4]),
        ("entrysubtype", "newspaper"),
        ("langid", _BABEL.get(language, "")),
        ("language", _tex(article.language)),
        ("abstract", _tex(article.standfirst)),
        ("keywords", ", ".join(_tex(name.replace(",", " ")) for name in one.names)),
        ("url", uri(web_address(article.url) or one.address)),
    ]
    written = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields if value)
    return f"@article{{{key(article.id)},\n{written}\n}}\n\n"


def key(article_id: str) -> str:
    """What the entry is cited by: the id where BibTeX can have it, else as much of it as it can, made unique.

    >>> key("port-1"), key("a b")
    ('port-1', 'a-b-7faae47c')
    """
    if _KEY.fullmatch(article_id):
        return article_id
    digest = hashlib.blake2b(article_id.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
    readable = "-".join(re.findall(r"[A-Za-z0-9]+", article_id))[:40]
    return f"{readable or 'article'}-{digest}"


def _tex(text: str | None) -> str:
    return one_line(text or "").translate(_TEX)


BIBTEX = Format(
    name="bibtex",
    extension="bib",
    title="BibTeX",
    purpose=lazy_gettext("a bibliography for LaTeX"),
    content_type="application/x-bibtex; charset=utf-8",
    record=record,
    ends="\n}\n",
    cites=True,
)
