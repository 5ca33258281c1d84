"""Clutter in raw text: what a scraped page puts around an article, as spans of the body.

Three kinds of evidence, from the surest to the weakest: words of the list in data/clutter.tsv; a line
that stands twice; and the shape of the page, where many short lines without an end mark before, between
or after paragraphs are menus and lists of links. The last follows C. Kohlschütter, P. Fankhauser and
W. Nejdl, "Boilerplate Detection using Shallow Text Features" (WSDM 2010): the words in a block and in
its neighbours tell main text from the rest. Everything is kept for reading; nothing is deleted.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kashaf.analyzers.date_expressions import expressions
from kashaf.index.article import Article, Ignored
from kashaf.index.byline import byline_of, closing_byline, is_signature
from kashaf.index.clutter_words import LINKS, OPENINGS, PHRASES, line_start, lower, whole_line
from kashaf.index.related_links import MOST, link_end

_SHORT = 200  # characters up to which a line is looked at as a whole
_TITLE = 120  # characters of a menu entry or a linked headline
_PARAGRAPH = 160  # characters from which a line is text, whatever its end
_SENTENCE = 60  # characters from which a line with an end mark is text
_MANY_AT_HEAD = 4  # short lines before the first paragraph that make a menu: fewer may be a headline with its own
_MANY_AT_TAIL = 4
_MANY_BETWEEN = 6
_MARGIN = 3  # characters of a bullet or mark around a piece that fills its line
_MENU_ENTRY = 25  # characters of the name of a section in a menu

_END_MARKS = (".", "!", "?", "؟", "…", "»", "”", '"', ";", "؛", ":")
_BULLETS = ("-", "–", "—", "•", "►", "*", "·", "‣")
_HOME = re.compile(r"(?:accueil|home|الرئيسي[ةه]|الصفحة الرئيسية|page d'accueil)(?=[\s>»/|›:]|$)\W*")
_CRUMB = re.compile(r"\s(?:>|»|›|/|\||::|←|→|‹)\s")
_STAMP = re.compile(
    r"(?:[^\n.!?]{0,40}[,|•·—–-]\s*)?"
    r"(?:publiée?|mise? en ligne|mise? à jour|modifiée?|postée?|créée?|rédigé|"
    r"dernière (?:mise à jour|modification)|"
    r"(?:تم )?ال?نشر|نُشر|آخر تحديث|أخر تحديث|تاريخ النشر|تم التحديث|حرر)(?!\w)"
)
_CAPTION = re.compile(
    r"©|\((?:photos?|illustrations?|archives?)|\bcrédits?(?: photos?)? ?:|\bphotos? ?:|/ ?(?:afp|map|reuters)\b"
)
_LETTERS = re.compile(r"[^\W\d_]+")
# Where a sentence begins, and its first word.
_OPENING = re.compile(r"[.!?؟…»”\"')\]|*>•\n]\W{0,4}([^\W\d_]+)")
_FIRST = re.compile(r"\W{0,4}([^\W\d_]+)")
_LINK_MARKS = ":>|…–"
_LONGEST_LINK = max(map(len, LINKS)) + 3
_FIRST_WORD = re.compile(r"[\s.…]*+(\S{1,20})")
_SENTENCE_END = re.compile(r"[.!?؟…]+(?=\s|$)|(?=\n)")


@dataclass(slots=True)
class _Line:
    start: int
    end: int
    text: str  # stripped
    low: str
    reason: str = ""

    @property
    def is_paragraph(self) -> bool:
        size = len(self.text)
        return size >= _PARAGRAPH or (size >= _SENTENCE and self.text.endswith(_END_MARKS))

    @property
    def is_title(self) -> bool:
        """Whether it could be a menu entry, a label or a headline."""
        return len(self.text) <= _TITLE and not (
            self.text.endswith((".", ";", "؛", ":", "،", ",")) and not self.text.endswith("...")
        )


def find_clutter(body: str, headline: str = "") -> tuple[Ignored, ...]:
    """The pieces of the body that are not the article, in order, not overlapping.

    Args:
        body: raw text, its paragraphs divided by line feeds; one line of everything is understood too.
        headline: of the article, when it is known: lines that repeat it are clutter.
    """
    low = lower(body)
    lines = _lines(body, low)
    pieces = _merged([*_inline(body, low)])
    if len(lines) > 1:
        _by_words(lines)
        _by_pieces(lines, pieces)
        _by_signature(lines)
        _by_repetition(lines, headline)
        _by_shape(lines)
    spans = [Ignored(line.start, line.end, line.reason) for line in lines if line.reason]
    if closing := closing_byline(body):
        spans.append(Ignored(*closing, "byline"))
    return _merged([*pieces, *spans])


def with_headline(body: str, ignored: Sequence[Ignored], headline: str, line: tuple[int, int]) -> tuple[Ignored, ...]:
    """The clutter once a line of the body is known to be the headline: that line and its repetitions too.

    Args:
        body, ignored: a body and its clutter.
        headline: the headline.
        line: the characters of the body that it was taken from.
    """
    title = _plain(headline)
    own = [Ignored(*line, "headline")]
    at = body.find(body[slice(*line)], line[1])
    while at >= 0:  # usually none or two
        start, end = body.rfind("\n", 0, at) + 1, body.find("\n", at)
        end = len(body) if end < 0 else end
        if _plain(body[start:end]) == title:
            own.append(Ignored(start, end, "repeated-headline"))
        at = body.find(body[slice(*line)], end)
    starts = [span.start for span in own]  # in order, not overlapping
    others = [span for span in ignored if (at := bisect_left(starts, span.end)) == 0 or own[at - 1].end <= span.start]
    return _merged([*others, *own])


def blank_ignored(article: Article) -> str:
    """The body with its ignored pieces replaced by as many blanks (line feeds stay): offsets stay valid."""
    return blanked(article.body, article.ignored)


def blanked(body: str, ignored: Sequence[Ignored]) -> str:
    """As `blank_ignored`, of a body and its ignored pieces."""
    if not ignored:
        return body
    pieces: list[str] = []
    end = 0
    for span in ignored:
        pieces.append(body[end : span.start])
        pieces.append("\n".join(" " * len(line) for line in body[span.start : span.end].split("\n")))
        end = span.end
    pieces.append(body[end:])
    return "".join(pieces)


def _lines(body: str, low: str) -> list[_Line]:
    lines: list[_Line] = []
    start = 0
    for piece in body.split("\n"):
        end = start + len(piece)
        if text := piece.strip():
            lines.append(_Line(start, end, text, low[start:end].strip() if len(piece) <= 2 * _SHORT else ""))
        start = end + 1
    return lines


def _by_words(lines: list[_Line]) -> None:
    section, listing = "", False
    opening = True  # no text yet
    listed: list[_Line] = []  # under a heading such as "À la une" above the text: the last may be the headline
    for before, line, after in zip([None, *lines], lines, [*lines[1:], None], strict=False):
        size = len(line.text)
        if size > _SHORT:
            section, opening = "", False
            if size <= 2 * _SHORT and (reason := line_start(line.low)) in (
                "copyright",
                "comment-form",
                "author-box",
            ):
                line.reason = reason or ""
            continue
        bulleted = line.text.startswith(_BULLETS) and not line.text.endswith(_BULLETS)
        if not bulleted and (found := whole_line(line.low)):
            line.reason, opens = found
            if opens:
                section, listing = line.reason, opening and line.low.strip(" :>") not in LINKS
        elif reason := line_start(line.low):
            line.reason = reason
        elif _is_breadcrumb(line):
            line.reason = "menu"
        elif _is_stamp(line) or ((opening or line is lines[-1]) and _is_date(line)):
            line.reason = "stamp"
        elif (listing or not section) and byline_of(line.text):
            line.reason = "byline"
        elif section:
            if line.is_paragraph and not line.is_title:
                section, listing, opening = "", False, False
            else:
                line.reason = "menu" if listing and _is_menu_entry(line, after) else section
                if listing:
                    listed.append(line)
        elif opening and before and before.reason == "menu" and _is_menu_entry(line, after):
            line.reason = "menu"
        elif line.is_paragraph or line.text.endswith("."):
            opening = False
    if headline := _headline_of(listed):
        headline.reason = ""


def _is_menu_entry(line: _Line, after: _Line | None) -> bool:
    """Whether a line below one of a menu may be another one of it: one or two words, not just before the text."""
    short = len(line.text) <= _MENU_ENTRY and line.text.count(" ") < 2
    return short and line.is_title and after is not None and not after.is_paragraph


def _by_pieces(lines: list[_Line], pieces: Sequence[Ignored]) -> None:
    """Lines that are one of the pieces of running text which are clutter."""
    starts = [piece.start for piece in pieces]
    for line in lines:
        at = bisect_right(starts, line.start + _MARGIN)
        if not line.reason and at and pieces[at - 1].end >= line.end - _MARGIN:
            line.reason = pieces[at - 1].reason


def _by_signature(lines: list[_Line]) -> None:
    """The name of the author just under the text, perhaps with a line that says who that is."""
    last = next((i for i in reversed(range(len(lines))) if lines[i].is_paragraph and not lines[i].reason), None)
    if last is None or last + 1 == len(lines) or not any(len(line.text) >= _PARAGRAPH for line in lines):
        return
    below = [line for line in lines[last + 1 :] if not line.reason]
    if below[:1] == [lines[last + 1]] and [is_signature(line.text) for line in below] in ([True], [True, False]):
        below[0].reason = "byline"


def _is_breadcrumb(line: _Line) -> bool:
    home = _HOME.match(line.low)
    if home is None:
        return line.is_title and len(_CRUMB.findall(line.text)) >= 2
    if ". " in line.text:
        return False
    rest = line.text[home.end() :]
    # "Accueil des réfugiés" is text: in a menu every entry begins with a capital.
    return not line.text.endswith(".") and (not rest or not rest[0].islower()) and not (rest and _reads_on(home, line))


def _reads_on(home: re.Match[str], line: _Line) -> bool:
    """Arabic has no capitals: after الرئيسية only a mark or a short list shows a menu."""
    return home[0].strip() == home[0].rstrip(" ") and "ا" in home[0] and len(line.text) > _TITLE


def _is_stamp(line: _Line) -> bool:
    """A line such as "Publié le 3 mars 2026 à 10h"."""
    if len(line.text) > _TITLE or line.text.endswith("."):
        return False
    return _STAMP.match(line.low) is not None and any(c.isdigit() for c in line.text)


def _is_date(line: _Line) -> bool:
    """A line that is nothing but a date, perhaps with an hour; among paragraphs it may head a chronology."""
    if len(line.text) > 60 or not any(c.isdigit() for c in line.text):
        return False
    outside = line.low
    for date in reversed(expressions(line.low)):
        outside = outside[: date.start] + outside[date.end :]
    return outside != line.low and len("".join(_LETTERS.findall(outside))) <= 4


def _by_repetition(lines: list[_Line], headline: str) -> None:
    seen: set[str] = set()
    title = _plain(headline)
    beginnings = [_beginning(line.text) for line in lines]
    often = Counter([_beginning(headline), *beginnings])
    for line, beginning in zip(lines, beginnings, strict=True):
        if often[beginning] == 1:
            continue
        plain = _plain(line.text)
        if title and plain == title:
            line.reason = line.reason or "repeated-headline"
        elif len(plain) >= 20 and not line.reason:
            if plain in seen:
                line.reason = "repeated"
            seen.add(plain)


def _beginning(text: str) -> str:
    """Part of the first word: texts that are the same to `_plain` have the same, and few others have."""
    first = _FIRST_WORD.match(text)
    return first[1].rstrip(".…") if first else ""


def _plain(text: str) -> str:
    return " ".join(text.split()).strip(" .…")


def _by_shape(lines: list[_Line]) -> None:
    paragraphs = [i for i, line in enumerate(lines) if line.is_paragraph and not line.reason]
    if not any(len(lines[i].text) >= _PARAGRAPH for i in paragraphs):
        return  # short lines are the text itself: verse, a list, hard-wrapped lines
    for first, last, many in _runs(paragraphs, len(lines)):
        run = [line for line in lines[first:last] if not line.reason and line.is_title]
        introduced = any(line.text.endswith(":") for line in lines[max(0, first - 1) : last] if not line.reason)
        listed = sum(1 for line in run if line.text.startswith(_BULLETS) or line.text[0].isdigit())
        if len(run) >= many and not introduced and 3 * listed < len(run):
            kept = _headline_of(run) if first == 0 else None
            for line in run:
                if line is not kept:
                    line.reason = "menu"


def _runs(paragraphs: list[int], count: int) -> Iterator[tuple[int, int, int]]:
    """Stretches of lines without a paragraph, and how many short lines make each of them a menu."""
    yield 0, paragraphs[0], _MANY_AT_HEAD
    for before, after in zip(paragraphs, paragraphs[1:], strict=False):
        if after - before > _MANY_BETWEEN:
            yield before + 1, after, _MANY_BETWEEN
    yield paragraphs[-1] + 1, count, _MANY_AT_TAIL


def _headline_of(run: list[_Line]) -> _Line | None:
    """The last line before the text that is long enough for a headline and no caption of a picture."""
    return next((line for line in reversed(run) if _may_be_headline(line)), None)


def _may_be_headline(line: _Line) -> bool:
    if len(line.text) < 25 or line.text.count(" ") < 3 or not line.is_title or _CAPTION.search(line.low):
        return False
    return not any(date.is_full_day for date in expressions(line.low))


def _inline(body: str, low: str) -> Iterator[Ignored]:
    """Links, appeals and marks inside running text."""
    for words in PHRASES:
        at = low.find(words.text)
        while at >= 0:
            yield Ignored(at, at + len(words.text), words.reason)
            at = low.find(words.text, at + len(words.text))
    for match in (_FIRST.match(low), *_OPENING.finditer(low)):
        if match and match[1] in OPENINGS:
            yield from _opened(body, low, match.start(1))
    for mark in _LINK_MARKS:
        place = low.find(mark)
        while place >= 0:
            before = low[max(0, place - _LONGEST_LINK) : place].rstrip(" ")
            if before.endswith(LINKS):
                at = place - 1
                while low[at] == " ":
                    at -= 1
                at -= max(len(words) for words in LINKS if before.endswith(words)) - 1
                if not low[at - 1 : at].isalnum() and not body[at].islower():
                    yield Ignored(at, _end_of_link(body, at, place + 1), "related-link")
            place = low.find(mark, place + 1)


def _opened(body: str, low: str, at: int) -> Iterator[Ignored]:
    """A link or appeal that opens a sentence at `at`."""
    if body[at].islower() and body[at - 1 : at] not in ("", "\n"):
        return  # no capital, no link; Arabic letters are never lower case
    first = _LETTERS.match(low, at)
    for words in OPENINGS[first[0]] if first else ():
        end = at + len(words.text)
        if low.startswith(words.text, at) and not low[end : end + 1].isalnum():
            if words.reach == "link":
                if not _is_link(body, at, end):
                    return
                yield Ignored(at, _end_of_link(body, at, end), words.reason)
            else:
                close = _SENTENCE_END.search(body, end, end + MOST)
                yield Ignored(at, close.end() if close else _word_end(body, end + MOST), words.reason)
            return


def _is_link(body: str, at: int, end: int) -> bool:
    """Whether words that may open a link are followed by a headline: "Voir aussi la page 3" is text."""
    following = body[end : end + 4].lstrip(" \xa0\u202f")[:1]
    if not following.isalnum():
        return True  # a colon, a quotation mark, the end of the line
    opens_line = at == 0 or body[:at].rstrip(" \t")[-1:] == "\n"
    return following.isupper() or following.isdigit() or (opens_line and not following.islower())


def _end_of_link(body: str, at: int, start: int) -> int:
    """The end of the link that begins at `at`, its headline after `start`."""
    inside = body[max(0, at - 40) : at].rpartition("\n")[2].strip() != ""
    line_end = body.find("\n", start)
    line_end = len(body) if line_end < 0 else line_end
    while start < line_end and not body[start].isalnum() and body[start] not in '«"“(':
        start += 1
    return link_end(body, start, line_end, inside)


def _word_end(body: str, at: int) -> int:
    blank = body.find(" ", at, at + 40)
    return min(at, len(body)) if blank < 0 else blank


def _merged(spans: list[Ignored]) -> tuple[Ignored, ...]:
    """In order, without overlaps: the span that begins first stays, what a later one has more is added."""
    merged: list[Ignored] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if merged and span.start < merged[-1].end:
            if span.end > merged[-1].end:
                merged[-1] = Ignored(merged[-1].start, span.end, merged[-1].reason)
        elif span.end > span.start:
            merged.append(span)
    return tuple(merged)
