"""What the pages say about decisions in the reader's language: why one cannot be made, what speaks for another."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flask_babel import LazyString, gettext, lazy_gettext

from kashaf.web.locales import readable_date

# By the reason of a `CurationError`.
REASONS: Mapping[str, LazyString] = {
    "contradiction": lazy_gettext("It contradicts what is in the archive."),
    "too-few": lazy_gettext("Choose at least one other person or organisation."),
    "kinds-differ": lazy_gettext("A person and an organisation cannot be one."),
    "not-its-name": lazy_gettext("One of the spellings is no longer one of its own."),
    "all-or-none": lazy_gettext("Choose some of the spellings, not all and not none."),
    "no-language": lazy_gettext("Labels are in French or in Arabic."),
    "unusable-text": lazy_gettext("The text is empty or too long, or has no letter and no digit."),
    "no-wikidata-id": lazy_gettext("A Wikidata id is Q and digits, like Q1028."),
    "wikidata-differ": lazy_gettext("They have different Wikidata ids. Correct one of them first."),
    "wikidata-taken": lazy_gettext("Another person or organisation has this Wikidata id. Merge the two."),
    "same-entity": lazy_gettext("The two are one already. Split it to part them."),
    "not-rejected": lazy_gettext("It is not rejected."),
    "nothing-left": lazy_gettext("No decision is left to be undone."),
    "undone-already": lazy_gettext("This decision is undone already."),
    "later-decisions": lazy_gettext("Later decisions rest on this one. Undo them first."),
    "unknown-decision": lazy_gettext("There is no decision of this number."),
    "unreadable-file": lazy_gettext("The file is no file of decisions, or contradicts itself. Nothing was changed."),
}
VERBS: Mapping[str, LazyString] = {
    "merge": lazy_gettext("merged"),
    "split": lazy_gettext("split"),
    "rename": lazy_gettext("label"),
    "wikidata": lazy_gettext("Wikidata"),
    "note": lazy_gettext("note"),
    "reject": lazy_gettext("rejected"),
    "restore": lazy_gettext("restored"),
    "refuse": lazy_gettext("told apart"),
    "import": lazy_gettext("imported"),
}
# The sentences of `kashaf.index.doubtful_names` and `suggested_merges`.
_SENTENCES: tuple[tuple[str, LazyString], ...] = (
    (r"the names are (?P<share>[0-9]+%) alike", lazy_gettext("the names are %(share)s alike")),
    (r"both are named with (?P<names>.+)", lazy_gettext("both are named with %(names)s")),
    (r"articles call both (?P<function>.+)", lazy_gettext("articles call both %(function)s")),
    (
        r"articles of (?P<day>[0-9-]+) name both with (?P<name>.+)",
        lazy_gettext("articles of %(day)s name both with %(name)s"),
    ),
    (r"the family names sound (?P<share>[0-9]+%) alike", lazy_gettext("the family names sound %(share)s alike")),
    (r"a family name alone may be another's", lazy_gettext("a family name alone may be another's")),
    (r"(?P<name>.+) are the initials of the other", lazy_gettext("%(name)s are the initials of the other")),
    (
        r"all words but (?P<one>.+?) and (?P<other>.+?) are the same, and these are (?P<share>[0-9]+%) alike",
        lazy_gettext("all words but %(one)s and %(other)s are the same, and these are %(share)s alike"),
    ),
    (r"ministries of the same portfolio", lazy_gettext("ministries of the same portfolio")),
    (
        r"the same kind of body, and its name sounds (?P<share>[0-9]+%) alike",
        lazy_gettext("the same kind of body, and its name sounds %(share)s alike"),
    ),
    (r"one has an initial alone", lazy_gettext("one has an initial alone")),
    (r"one has a part more", lazy_gettext("one has a part more")),
    (r"their parts stand in another order", lazy_gettext("their parts stand in another order")),
    (r"a part is not spelt quite alike", lazy_gettext("a part is not spelt quite alike")),
    (
        r"another spelling of one of the two is too far from it",
        lazy_gettext("another spelling of one of the two is too far from it"),
    ),
    (
        r"names of these sounds are too common to be sure",
        lazy_gettext("names of these sounds are too common to be sure"),
    ),
    (r"no article says so", lazy_gettext("no article says so")),
    (
        r"no article says so, and (?P<count>[0-9]+) names have them",
        lazy_gettext("no article says so, and %(count)s names have these initials"),
    ),
    (r"within one script, other letters may tell", lazy_gettext("within one script, other letters may tell")),
    (r"a name does not say its country", lazy_gettext("a name does not say its country")),
    (
        r"the letters are not near enough to be sure",
        lazy_gettext("the letters are not near enough to be sure"),
    ),
)
_PATTERNS = tuple((re.compile(pattern, re.DOTALL), sentence) for pattern, sentence in _SENTENCES)


def reason(key: str) -> str:
    """Why a decision cannot be made."""
    return str(REASONS.get(key, REASONS["contradiction"]))


def is_translated(sentence: str) -> bool:
    """Whether a reason of a suggestion can be said in the reader's language."""
    return any(pattern.fullmatch(sentence) for pattern, _ in _PATTERNS)


def said(sentence: str) -> str:
    """A reason of a suggestion in the reader's language; in English where it is a new one."""
    for pattern, translated in _PATTERNS:
        if found := pattern.fullmatch(sentence):
            values = found.groupdict()
            days = {"day": readable_date(values["day"])} if "day" in values else {}
            return str(translated) % {**{name: _isolated(value) for name, value in values.items()}, **days}
    return sentence


def _isolated(value: str) -> str:
    """Names whose letters do not turn the words about them round (Unicode Standard Annex 9)."""
    return str(gettext(", ")).join(f"\u2068{name}\u2069" for name in value.split(", "))
