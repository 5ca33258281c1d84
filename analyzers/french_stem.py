"""The stem class of a French word: the word without plural, gender, and the commonest endings.

A light stemmer in the manner of Savoy, "Light Stemming Approaches for the French, Portuguese, German and
Hungarian Languages" (SAC 2006), on folded words, so that words typed without accents have the same class.
Only one ending is taken off, never a chain of them (*numérique* must not become *num*), doubled letters inside
a word stay (*dessert* is not *désert*), and -x goes only where it is a plural. Measured on open question sets
it does as well as Snowball and as UniNE's own stemmer (docs/decisions/0003-light-stemming.md), with names and
short words left alone.
"""

_SHORTEST = 4  # letters of a word that has endings

# Ending, what stands for it, and how many letters must remain before it. The longest that fits is taken.
_ENDINGS = sorted(
    [
        # of verbs and their nouns
        ("issement", "i", 3), ("issante", "i", 3), ("issant", "i", 3), ("issent", "i", 3),
        ("isation", "is", 3), ("isateur", "is", 3), ("isatrice", "is", 3),
        ("ication", "i", 3), ("icateur", "i", 3), ("icatrice", "i", 3), ("iquer", "i", 3),
        ("cation", "qu", 3), ("cateur", "qu", 4), ("catrice", "qu", 4),
        ("ation", "", 3), ("ateur", "", 4), ("atrice", "", 4), ("ition", "", 4),
        ("eraient", "", 4), ("erait", "", 4), ("eront", "", 4), ("erent", "", 4),
        ("aient", "", 4), ("ait", "", 5), ("era", "", 4),
        # of adverbs
        ("ivement", "if", 3), ("eusement", "eu", 3), ("ellement", "el", 3), ("alement", "al", 3),
        ("emment", "ent", 3), ("amment", "ant", 3), ("ement", "", 4),
        # of adjectives, inhabitants and trades
        ("trice", "teu", 4), ("euse", "eu", 3), ("eur", "eu", 3), ("eux", "eu", 3),
        ("ive", "if", 3), ("iere", "i", 3), ("ier", "i", 3), ("ere", "er", 5), ("ete", "et", 4),
        ("ienne", "i", 4), ("ien", "i", 4), ("eenne", "e", 4), ("een", "e", 4),
        ("nnelle", "n", 4), ("nnel", "n", 4), ("elle", "el", 4), ("eau", "el", 3), ("vail", "val", 3),
        ("ique", "i", 3), ("ic", "i", 4), ("iste", "i", 5), ("isme", "i", 5), ("ie", "i", 3),
    ],
    key=lambda rule: -len(rule[0]),
)  # fmt: skip

# The same by their last two letters: a word is compared with those alone that it may end in.
_ENDINGS_IN = {
    letters: [rule for rule in _ENDINGS if rule[0].endswith(letters)] for letters in {e[-2:] for e, _, _ in _ENDINGS}
}

# Nouns of the press that only look like the noun of a verb: a parliament is not what one speaks.
_WHOLE = frozenset("parlement departement appartement panier denier sentier".split())


def stem(form: str) -> str:
    """The stem class of a folded word; a short one, or one with digits or foreign letters, is its own class.

    >>> [stem(form) for form in ("nationaux", "nationale", "ministres", "numerique", "algerien", "algerie")]
    ['national', 'national', 'ministr', 'numeri', 'algeri', 'algeri']
    """
    if len(form) < _SHORTEST or not (form.isascii() and form.isalpha()):
        return form
    word = _singular(form)
    if word in _WHOLE:
        return word
    for ending, replacement, least in _ENDINGS_IN.get(word[-2:], ()):
        if word.endswith(ending) and len(word) - len(ending) >= least:
            return _undoubled(word[: -len(ending)] + replacement)
    if word.endswith("er") and len(word) > _SHORTEST:
        word = word[:-1]  # voter as vote
    for _ in "ée":
        if word.endswith("e") and len(word) > _SHORTEST:
            word = word[:-1]
    return _undoubled(word)


def _undoubled(word: str) -> str:
    return word[:-1] if len(word) > _SHORTEST and word[-1] == word[-2] else word


def _singular(word: str) -> str:
    if word.endswith("aux") and len(word) > 5 and word[-4] != "e":
        return word[:-2] + "l"
    if word.endswith("ux"):
        return word[:-1]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word
