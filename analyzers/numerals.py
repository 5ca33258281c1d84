"""Numbers as the press writes them: one spelling for 350 000, 350.000 and ٣٥٠٬٠٠٠, and for 1,3 and 1.3."""

import re

from kashaf.analyzers.words import LONGEST_TERM, NUMBER_MARKS, SPACES_IN_NUMBERS, Term, ascii_digits

_MARK = re.compile(f"[{NUMBER_MARKS}]")
_SPACES = str.maketrans("", "", SPACES_IN_NUMBERS)
_ARABIC_DECIMAL, _ARABIC_THOUSANDS = "\u066b", "\u066c"


def terms(raw: str) -> tuple[Term, ...]:
    """The terms of a raw number, a match of `kashaf.analyzers.words.NUMBER`.

    A single group of three digits after a dot or a comma may be thousands or decimals (6.500 personnes, 1,325
    milliard): both readings stand at one position. What is no number (1.2.2026) gives its groups.

    >>> [term.text for term in terms("350 000")], [term.text for term in terms("6.500")]
    (['350000'], ['6.500', '6500'])
    """
    marks = _MARK.findall(raw)
    groups = [ascii_digits(group).translate(_SPACES) for group in _MARK.split(raw)]
    if not marks:
        return _at_once(raw, groups[0])
    whole, last = groups[:-1], groups[-1]
    if len(marks) == 1:
        decimal = f"{whole[0]}.{last}"
        if not _are_thousands(groups) or marks[0] == _ARABIC_DECIMAL:
            return _at_once(raw, decimal)
        if marks[0] == _ARABIC_THOUSANDS:
            return _at_once(raw, "".join(groups))
        return _at_once(raw, decimal, "".join(groups))
    if len(set(marks)) == 1 and _are_thousands(groups):
        return _at_once(raw, "".join(groups))
    if len(set(marks[:-1])) == 1 and marks[-1] != marks[0] and _are_thousands(whole):
        return _at_once(raw, f"{''.join(whole)}.{last}")
    return tuple(
        Term(ascii_digits(group[0])[:LONGEST_TERM], group.start(), group.end(), 1)
        for group in re.finditer(f"[^{NUMBER_MARKS}]+", raw)
    )


def _are_thousands(groups: list[str]) -> bool:
    """Whether the groups are those of a number over a thousand: 6 500 000, but neither 0,500 nor 2026,500."""
    first, *others = groups
    return len(first) <= 3 and first[0] != "0" and all(len(group) == 3 for group in others)


def _at_once(raw: str, *readings: str) -> tuple[Term, ...]:
    """The readings of the whole of `raw`, at one position."""
    return tuple(
        Term(reading[:LONGEST_TERM].rstrip("."), 0, len(raw), 1 if place == 0 else 0)
        for place, reading in enumerate(readings)
    )
