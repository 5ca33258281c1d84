"""A search as JSON lines: whole articles as `kashaf export` writes them and `kashaf index` reads them back."""

from __future__ import annotations

from flask_babel import lazy_gettext

from kashaf.index.article_line import article_line
from kashaf.web.export_format import Format

JSONL = Format(
    name="jsonl",
    extension="jsonl",
    title="JSON Lines",
    purpose=lazy_gettext("whole articles, for programs and for another Kashaf"),
    content_type="application/x-ndjson",
    record=lambda one: article_line(one.article) + "\n",
)
