"""A search as references for Zotero, EndNote and others: the RIS format of Research Information Systems."""

from __future__ import annotations

from flask_babel import lazy_gettext

from kashaf.web.export_format import Format, Record
from kashaf.web.outgoing import one_line, web_address


def record(one: Record) -> str:
    """One reference; a value is one line, so that no article can end the record or begin a field."""
    article = one.article
    year, month, day = ((article.published or "").split("-") + ["", ""])[:3]
    lines = [
        ("TY", "NEWS"),
        ("ID", article.id),
        ("TI", article.headline),
        ("T2", article.source),
        ("AU", article.byline),
        ("SE", article.section),
        ("PY", year),
        ("DA", f"{year}/{month}/{day}/" if year else ""),
        ("LA", article.language),
        ("AB", article.standfirst),
        *(("KW", name) for name in one.names),
        ("UR", web_address(article.url) or one.address),
    ]
    written = [f"{tag}  - {value}" for tag, text in lines if text and (value := one_line(text))]
    return "\r\n".join([*written, "ER  - ", "", ""])


RIS = Format(
    name="ris",
    extension="ris",
    title="RIS",
    purpose=lazy_gettext("references for Zotero, EndNote and the like"),
    content_type="application/x-research-info-systems; charset=utf-8",
    record=record,
    ends="\r\nER  - \r\n",
    cites=True,
)
