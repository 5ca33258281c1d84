"""The small pieces of a timeline as one piece of HTML: a template takes several times as long for them.

Whatever comes from an address is escaped here; the rest is numbers, and dates as the reader writes them.
"""

from __future__ import annotations

from functools import lru_cache

from flask_babel import ngettext
from markupsafe import Markup, escape

from kashaf.web.curves import Picture, Point
from kashaf.web.locales import current_language, date_in, number_in, share_in
from kashaf.web.timeline import HEIGHT, Timeline

# Round a name in a text without elements: its direction is its own (Unicode Standard Annex 9).
_ISOLATE, _END = "\u2068", "\u2069"


def bars(timeline: Timeline) -> Markup:
    """The bars of a timeline, each a link, for its SVG."""
    language = current_language()
    drawn = []
    for bar in timeline.bars:
        said = f"{date_in(language, bar.key)}: {_articles(language, bar.count)}"
        chosen = ' aria-current="true"' if bar.selected else ""
        across = f'x="{bar.x}" width="{bar.width}"'
        address = escape(str(bar.address))
        drawn.append(
            f'<a href="{address}" data-key="{bar.key}" aria-label="{said}"{chosen}><title>{said}</title>'
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


def columns(picture: Picture) -> Markup:
    """The years, months or days of a comparison, each a link that tells what every search has there."""
    language = current_language()
    drawn = []
    for place, slot in enumerate(picture.slots):
        values = "; ".join(
            f"{_ISOLATE}{curve.name}{_END}: {value(picture, curve.points[place])}" for curve in picture.curves
        )
        said = escape(f"{date_in(language, slot.key)} — {values}")
        drawn.append(
            f'<a href="{escape(str(slot.address))}" data-key="{slot.key}" aria-label="{said}"><title>{said}</title>'
            f'<rect class="reach" x="{slot.x}" width="{slot.width}" y="0" height="{HEIGHT:.0f}"/></a>\n'
        )
    return Markup("".join(drawn))


def value(picture: Picture, point: Point) -> str:
    """What the picture shows of a point: its articles, or their share of all."""
    language = current_language()
    return share_in(language, point.share) if picture.by_share else number_in(language, point.count)


@lru_cache(maxsize=1 << 12)
def _articles(language: str, number: int) -> str:
    """So many articles, in the language of the current request."""
    return str(ngettext("%(count)s article", "%(count)s articles", number, count=number_in(language, number)))
