"""Telling a sentence from a list of key words: a sentence need not stand word for word in what answers it."""

from __future__ import annotations

from collections.abc import Sequence

from kashaf.analyzers.terms import is_stopword

# A run of more telling words is a sentence (a headline, a pasted line).
MAX_KEYWORDS = 3

# Folded forms. Wherever they stand:
_ASKING = frozenset(
    "comment pourquoi combien quand quel quelle quels quelles lequel laquelle".split()
    + "ماذا متي كيف لماذا اين كم هل ايهما".split()
)
# As the first word only, for elsewhere they link:
_ASKING_FIRST = frozenset(
    "qui que quoi qu ou est what who when where which why how من ما مما بم لم في اي علام الي".split()
)


def is_sentence(forms: Sequence[str]) -> bool:
    """Whether the folded words of a query ask or tell, rather than list what must be found.

    >>> is_sentence(["comment", "declarer", "un", "fichier"]), is_sentence(["ministre", "de", "la", "justice"])
    (True, False)
    """
    telling = sum(not is_stopword(form) for form in forms)
    if telling > MAX_KEYWORDS:
        return True
    if telling < 2 or len(forms) < 3:
        return False
    return forms[0] in _ASKING_FIRST or not _ASKING.isdisjoint(forms)
