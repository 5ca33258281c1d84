"""What a librarian may write into the authority file: text without anything that hides or turns other text round."""

from __future__ import annotations

import unicodedata

from kashaf.errors import CurationError

MOST_NAME = 400  # characters; organisation names are compared no further
_MOST_TYPED = 10_000  # characters; what is longer is not even looked at
_MARKS_IN_A_ROW = 3  # on one letter: shadda, vowel, and one to spare
_JOINERS = "\u200c\u200d"  # they are part of the spelling of words in Arabic script


def cleaned(text: str, most: int) -> str:
    """Text on one line without control, bidi and other invisible characters, and few marks to a letter.

    Raises:
        CurationError: for text that is empty or longer than `most` afterwards, that has no letter or digit, or
            half a surrogate pair; the message is the reason alone.
    """
    if len(text) > _MOST_TYPED:
        raise CurationError(f"has {len(text)} characters, over the limit of {most}")
    kept: list[str] = []
    marks = 0
    for letter in unicodedata.normalize("NFC", " ".join(text.split())):
        category = unicodedata.category(letter)
        if category == "Cs":
            raise CurationError("has half a surrogate pair")
        marks = marks + 1 if category[0] == "M" else 0
        if marks <= _MARKS_IN_A_ROW and not _is_hidden(letter, category):
            kept.append(letter)
    found = " ".join("".join(kept).split())
    if not any(map(str.isalnum, found)):
        raise CurationError("has no letter and no digit")
    if len(found) > most:
        raise CurationError(f"has {len(found)} characters, over the limit of {most}")
    return found


def is_plain_name(name: str) -> bool:
    """Whether a name can stand in a file of decisions: it is told by its letters, and by them alone."""
    return (
        len(name) <= MOST_NAME
        and name == " ".join(name.split())
        and any(map(str.isalnum, name))
        and not any(_is_hidden(letter, unicodedata.category(letter)) for letter in name)
    )


def _is_hidden(letter: str, category: str) -> bool:
    return category in ("Cc", "Cf", "Cs", "Cn") and letter not in _JOINERS
