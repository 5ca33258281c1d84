"""The headline of raw text: a line of its own, or the first sentence."""

from __future__ import annotations

import re

from kashaf.index.article import Ignored

LONGEST = 200  # characters

_NOT_AT_END = (".", ";", ":", ",", "؛", "،")
# A full stop after these is no sentence end: titles, initials, numbers, dotted acronyms.
_ABBREVIATED = re.compile(
    r"(?:^|[\s(«\"'’.])(?:M|MM|Mme|Mmes|Mlle|Dr|Pr|Me|Mgr|St|Ste|art|av|apr|env|ex|cf|etc|vol|éd|p|pp|n|no|tél|"
    r"janv|févr|fév|avr|juil|sept|oct|nov|déc|[A-ZÀ-ÖØ-Þ]|[\u0621-\u064a])\.$"
)
_SENTENCE_END = re.compile(r"[.!?؟…]+[»”\"']?(?=\s|$)")
_MENU_WORD = re.compile(r"(?:Accueil|ACCUEIL|Home|HOME|الرئيسي[ةه])\b")
_LONGEST_MENU = 60
_SURE = 20  # characters that do not come twice by chance
_BLANKS = re.compile(r"\s+")


def find_headline(body: str, ignored: tuple[Ignored, ...]) -> tuple[str, tuple[int, int] | None]:
    """The headline of a body, and where it stands as a line of its own (None when it is the first sentence).

    Args:
        body: raw text.
        ignored: its clutter.
    """
    lines = _first_lines(body, ignored)
    if not lines:
        return _cut(_BLANKS.sub(" ", body).strip()), None
    start, end = lines[0]
    if doubled := _doubled(body[start : min(end, start + 4 * LONGEST)]):
        title, length = doubled
        return title, (start, start + length)
    if len(lines) > 1:
        first, second = body[slice(*lines[0])], body[slice(*lines[1])]
        if _is_title(first):
            # A section name above the headline: one or two words, then a longer title.
            if len(lines) > 2 and first.count(" ") < 2 and second.count(" ") > 2 and _is_title(second):
                start, end = lines[1]
            return _BLANKS.sub(" ", body[start:end]), (start, end)
    return first_sentence(body[start:end]), None


def first_sentence(text: str) -> str:
    """The first sentence, cut on a word at `LONGEST` characters.

    >>> first_sentence("M. Setri a reçu Mme Alami. Il a rappelé que")
    'M. Setri a reçu Mme Alami.'
    """
    head = _BLANKS.sub(" ", text[: 2 * LONGEST]).strip()
    for match in _SENTENCE_END.finditer(head):
        if match.end() > LONGEST:
            break
        if match[0].startswith(".") and _ABBREVIATED.search(head[max(0, match.end() - 8) : match.start() + 1]):
            continue
        if match.end() >= 20 or match.end() == len(head):
            return head[: match.end()]
    return _cut(head)


def _doubled(line: str) -> tuple[str, int] | None:
    """The headline that a line of everything begins with twice or more, and the characters of its copies.

    A page flattened to one line begins with the words of its title bar and its heading, and perhaps with
    menu words: "Home Général Un pont neuf à Tiznit Un pont neuf à Tiznit Le conseil …".
    """
    starts = [0]
    if _MENU_WORD.match(line):
        starts += [match.end() for match in _BLANKS.finditer(line, 0, _LONGEST_MENU)]
    for start in starts:
        second = line.find(line[start : start + _SURE], start + _SURE, start + LONGEST + _SURE)
        title = line[start:second].rstrip(" |–—-·:")
        if second > 0 and len(title) >= _SURE and line.startswith(title, second):
            end = second + len(title)
            while line[end:].lstrip().startswith(title):
                end = line.index(title, end) + len(title)
            return title, end
    return None


def _is_title(line: str) -> bool:
    return len(line) <= LONGEST and not (line.endswith(_NOT_AT_END) and not line.endswith("..."))


def _cut(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    blank = text.rfind(" ", 0, LONGEST)
    return text[: blank if blank > LONGEST // 2 else LONGEST - 1].rstrip(" ,;:،؛-–—") + "…"


def _first_lines(body: str, ignored: tuple[Ignored, ...]) -> list[tuple[int, int]]:
    """Up to three lines that are read: their characters, without blanks around."""
    lines: list[tuple[int, int]] = []
    spans = iter((*ignored, Ignored(len(body) + 1, len(body) + 1, "")))
    span = next(spans)
    start = 0
    while start < len(body) and len(lines) < 3:
        while span.end <= start:
            span = next(spans)
        if span.start <= start:
            start = span.end
            continue
        feed = body.find("\n", start)
        end = min(len(body) if feed < 0 else feed, span.start)
        piece = body[start : min(end, start + 4 * LONGEST)]
        if stripped := piece.strip():
            begin = start + piece.index(stripped[0])
            lines.append((begin, begin + len(stripped)))
        start = end + 1 if end == feed else end
    return lines
