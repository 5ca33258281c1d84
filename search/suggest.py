"""Completion of the word being typed."""

from __future__ import annotations

from kashaf.analyzers.terms import WORD, analyze_word
from kashaf.analyzers.words import ARABIC_LETTER
from kashaf.search.lexicon import Lexicon

_ARTICLE = "ال"


def complete(text: str, lexicon: Lexicon, size: int = 8) -> list[tuple[str, int]]:
    """What was typed with its last word completed, and the articles that have that word, most first.

    What stands before the word is kept: other words, a field name, a quotation mark, an elided article. An
    Arabic word is completed with the article too (ذكا: الذكاء). Nothing is completed after a blank.
    """
    words = list(WORD.finditer(text))
    if not words or words[-1].end() < len(text):
        return []
    last = words[-1]
    terms = [term for term in analyze_word(last[0]) if term.step]
    if not terms or terms[-1].text.isdecimal():
        return []
    prefix = terms[-1].text
    found = dict(lexicon.starting_with(prefix, size + 1))
    if ARABIC_LETTER.match(prefix) and not prefix.startswith(_ARTICLE):
        found |= dict(lexicon.starting_with(_ARTICLE + prefix, size + 1))
    found.pop(prefix, None)
    before = text[: last.start() + terms[-1].start]
    best = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:size]
    return [(before + form, count) for form, count in best]
