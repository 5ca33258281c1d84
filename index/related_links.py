"""Where a related link ends when it stands inside a paragraph.

A page flattened to text leaves "Lire aussi :", the headline of the linked article and the next sentence
of the text without anything between them: "… Lire aussi : Un pont neuf à Tiznit Les travaux ont …".
A French headline has no capital article or pronoun after its first word unless a colon or a quotation
mark stands before it; so the first such word begins the text again. In Arabic, which has no capitals, a
word that begins sentences of reports does (وأضاف, وفي …), and failing that, inside a paragraph, any first
word with و and without article, for most sentences begin so. Where nothing tells, little is taken.
"""

from __future__ import annotations

import re
from importlib.resources import files

MOST = 200  # characters of a linked headline
_LEAST = 12
_NEXT = 60  # characters of a sentence after it, from which a short line holds more than the link
_NEXT_INSIDE = 25  # the same, when the line began with text
_UNTOLD = 120  # characters taken when nothing shows where the headline ends


def _starts(language: str) -> str:
    """The words of data/sentence_starts.tsv as alternatives, the longest first."""
    lines = files("kashaf.index").joinpath("data/sentence_starts.tsv").read_text("utf-8").splitlines()
    words = [line.split("\t")[1] for line in lines if line.startswith(f"{language}\t")]
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


# Besides the words of the list: elisions (L'accord), and participles before their object (Saluant les …).
_FRENCH_START = re.compile(
    rf"(?<=[\w%»”\"')?!…] )(?:(?:{_starts('fr')})(?= [a-zà-ÿ«\"“A-ZÉ0-9])"
    r"|[A-ZÉ][a-zéè]{2,14}ant(?= (?:l['’]|(?:les?|la|une?|des|à|aux?|sur|que|en|dans|son|sa|ses) ))"
    r"|(?:[LDCJNSQM]|Qu)['’](?=[a-zà-ÿA-ZÉ]))"
)
_ARABIC_START = re.compile(rf"(?<= )(?:{_starts('ar')})(?= )")
# Four words at least, then و before a word that is no noun with its article ("الرباط والدوحة" is one name).
_ARABIC_AND = re.compile(r"(?:\S+ ){4,}?(?=و(?!ال)[\u0621-\u064a]{2,} \S)")
_SENTENCE_END = re.compile(r"[.!?؟…](?=[\s»”\"]|$)")
_ABBREVIATED = re.compile(r"(?:^|\W)(?:M|MM|Mme|Mmes|Mlle|Dr|Pr|Me|St|Ste|[A-Z]|د|أ|م)\.$")


def link_end(text: str, start: int, line_end: int, inside: bool = False) -> int:
    """Where the linked headline that begins at `start` ends.

    Args:
        text: the original text.
        start: the first character after "Lire aussi :".
        line_end: the end of its line.
        inside: whether text stands before the link in its line.
    """
    window = text[start : min(line_end, start + MOST)]
    ends = [_first(pattern, window) for pattern in (_FRENCH_START, _ARABIC_START)]
    if inside and ends == [None, None] and (sentence := _ARABIC_AND.match(window)):
        ends.append(sentence.end())
    ends += [
        match.end()
        for match in _SENTENCE_END.finditer(window, _LEAST)
        if not _ABBREVIATED.search(window[max(0, match.end() - 6) : match.end()])
    ][:1]
    told = min((start + end for end in ends if end is not None), default=None)
    if line_end - start <= MOST and (told is None or line_end - told < (_NEXT_INSIDE if inside else _NEXT)):
        return line_end  # a line of its own
    if told is not None:
        return told
    blank = window.rfind(" ", 0, _UNTOLD)
    return start + (blank if blank > 0 else _UNTOLD)


def _first(pattern: re.Pattern[str], window: str) -> int | None:
    match = pattern.search(window, _LEAST)
    return match.start() if match else None
