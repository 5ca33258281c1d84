"""The pieces of a network picture as HTML. Whatever comes from articles is escaped here; the rest is numbers."""

from __future__ import annotations

from flask_babel import ngettext
from markupsafe import Markup, escape

from kashaf.web.addresses import path_of
from kashaf.web.locales import readable_number
from kashaf.web.network import Network, Node

# Round a name in a text without elements: its direction is its own (Unicode Standard Annex 9).
_ISOLATE, _END = "\u2068", "\u2069"


def edges(picture: Network) -> Markup:
    """The lines of a network picture; they lie under its names."""
    drawn = [
        f'<line class="{"spoke" if edge.is_spoke else "tie"}" x1="{edge.x1}" y1="{edge.y1}" x2="{edge.x2}" '
        f'y2="{edge.y2}" stroke-width="{edge.width}"/>\n'
        for edge in picture.edges
    ]
    return Markup("".join(drawn))


def nodes(picture: Network) -> Markup:
    """The persons and organisations of a network picture, each a link to its page."""
    drawn = []
    for node in picture.nodes:
        articles = ngettext("%(count)s article", "%(count)s articles", node.count, count=readable_number(node.count))
        said = escape(f"{_ISOLATE}{node.label}{_END}: {articles}")
        x, y, r = node.x, node.y, node.radius
        point = (
            f'<circle cx="{x}" cy="{y}" r="{r}"/>'
            if node.kind == "person"
            else f'<rect class="point" x="{x - r:.1f}" y="{y - r:.1f}" width="{2 * r:.1f}" height="{2 * r:.1f}"/>'
        )
        # In text from right to left "start" is the right end: the direction of the name is set, so that it is known.
        drawn.append(
            f'<a href="{escape(path_of("people.entity", entity_id=node.id))}" aria-label="{said}" class="{node.kind}">'
            f"<title>{said}</title>{_reach(node)}{point}"
            f'<text x="{node.text_x}" y="{node.text_y}" text-anchor="{node.anchor}" direction="ltr" '
            f'dominant-baseline="central">{escape(_ISOLATE + node.text + _END)}</text></a>\n'
        )
    return Markup("".join(drawn))


def _reach(node: Node) -> str:
    """What can be hit: the point and the name, nowhere less than 24 units high."""
    ends = (
        node.x - 12,
        node.x + 12,
        node.text_x,
        node.text_x + (node.length if node.anchor == "start" else -node.length),
    )
    top, bottom = min(node.y, node.text_y) - 12, max(node.y, node.text_y) + 12
    return (
        f'<rect class="reach" x="{min(ends):.1f}" y="{top:.1f}" '
        f'width="{max(ends) - min(ends):.1f}" height="{bottom - top:.1f}"/>'
    )
