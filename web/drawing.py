"""The small pieces of a timeline as one piece of HTML: a template takes several times as long for them.

Whatever comes from an address is escaped here; the rest is numbers, and dates as the reader writes them.
"""

from __future__ import annotations

from functools import lru_cache

from flask_babel import ngettext
from markupsafe import Markup, escape

from kashaf.web.locales import current_language, date_in, number_in
from kashaf.web.timeline import HEIGHT, Timeline


def bars(timeline: Timeline) -> Markup:
    """The bars of a timeline, each a link, for its SVG."""
    language = current_language()
    drawn = []
    for bar in timeline.bars:
        said = f"{date_in(language, bar.key)}: {_articles(language, bar.count)}"
        chosen = ' aria-current="true"' if bar.selected else ""
        across = f'x="{bar.x}" width="{bar.width}"'
        drawn.append(
            f'<a href="{escape(str(bar.address))}" aria-label="{said}"{chosen}><title>{said}</title>'
            f'<rect class="reach" {across} y="0" height="{HEIGHT:.0f}"/>'
            f'<rect class="bar" {across} y="{bar.y}" height="{bar.height}"/></a>\n'
        )
    return Markup("".join(drawn))


def rows(timeline: Timeline) -> Markup:
    """The same as rows of a table, for those who do not see the picture."""
    language = current_language()
    written = [
        f'<tr><th scope="row">{date_in(language, bar.key)}</th><td>{number_in(language, bar.count)}</td></tr>'
        for bar in timeline.bars
    ]
    return Markup("".join(written))


@lru_cache(maxsize=1 << 12)
def _articles(language: str, number: int) -> str:
    """So many articles, in the language of the current request."""
    return str(ngettext("%(count)s article", "%(count)s articles", number, count=number_in(language, number)))
