"""Words of the interface that stand for values: facets, rungs of the ladder, warnings of the query parser."""

from __future__ import annotations

from flask_babel import LazyString, lazy_gettext

FACETS: dict[str, LazyString] = {
    "person": lazy_gettext("Persons"),
    "organisation": lazy_gettext("Organisations"),
    "language": lazy_gettext("Languages"),
    "source": lazy_gettext("Newspapers"),
    "section": lazy_gettext("Sections"),
}
FIND: dict[str, LazyString] = {
    "person": lazy_gettext("Find a person, in any spelling"),
    "organisation": lazy_gettext("Find an organisation, in any spelling"),
    "language": lazy_gettext("Find a language"),
    "source": lazy_gettext("Find a newspaper"),
    "section": lazy_gettext("Find a section"),
}
EXCLUDED: dict[str, LazyString] = {
    "person": lazy_gettext("without the person"),
    "organisation": lazy_gettext("without the organisation"),
    "language": lazy_gettext("not in"),
    "source": lazy_gettext("not in the newspaper"),
    "section": lazy_gettext("not in the section"),
}
RUNGS: dict[str, LazyString] = {
    "exact": lazy_gettext("exact word"),
    "stem": lazy_gettext("same word family"),
    "names": lazy_gettext("name in another spelling"),
}
REACHES: dict[str, LazyString] = {
    "exact": lazy_gettext("exact words"),
    "stem": lazy_gettext("word families"),
    "names": lazy_gettext("names in any spelling"),
}
SORTS: dict[str, LazyString] = {
    "relevance": lazy_gettext("most relevant first"),
    "newest": lazy_gettext("newest first"),
    "oldest": lazy_gettext("oldest first"),
}
FOUND_FROM: dict[str, LazyString] = {
    "text": lazy_gettext("date found in the text"),
    "file": lazy_gettext("date of the file"),
}
CLUTTER: dict[str, LazyString] = {
    "advert": lazy_gettext("advertisement"),
    "author-box": lazy_gettext("about the author"),
    "byline": lazy_gettext("byline"),
    "comment-form": lazy_gettext("comment form"),
    "cookies": lazy_gettext("cookie notice"),
    "copyright": lazy_gettext("copyright notice"),
    "headline": lazy_gettext("headline"),
    "menu": lazy_gettext("menu"),
    "newsletter": lazy_gettext("newsletter"),
    "related-link": lazy_gettext("related articles"),
    "repeated": lazy_gettext("repeated text"),
    "repeated-headline": lazy_gettext("repeated headline"),
    "social": lazy_gettext("social networks"),
    "stamp": lazy_gettext("date line"),
    "tags": lazy_gettext("keywords"),
    "widget": lazy_gettext("page element"),
}
WARNINGS: dict[str, LazyString] = {
    "any-value": lazy_gettext("A field followed by * alone means nothing here; it was left out."),
    "bad-date": lazy_gettext("A date could not be read (write 2026, 2026-02 or 2026-02-14) and was searched as words."),
    "boost": lazy_gettext("Weights (^) do not exist here and were left out."),
    "clamped": lazy_gettext("A distance was brought back to what is allowed."),
    "empty-field": lazy_gettext("Nothing follows the name of a field; it was searched as a word."),
    "empty-range": lazy_gettext("The range of dates ends before it begins."),
    "leading-wildcard": lazy_gettext("A word with * or ? must start with a letter; it was searched without them."),
    "no-words": lazy_gettext("There is no word in the query."),
    "plain-value": lazy_gettext("After person:, source: and the like write a name as it is, without * or ~."),
    "some-words": lazy_gettext("No article has all the words; these have most of them."),
    "stray-operator": lazy_gettext("An operator with nothing to join was searched as a word."),
    "stray-parenthesis": lazy_gettext("A closing bracket that nothing opened was left out."),
    "too-many-forms": lazy_gettext("A shortened word stands for too many words; the most frequent ones were searched."),
    "unclosed-parenthesis": lazy_gettext("A bracket that was not closed was closed at the end."),
    "unclosed-quote": lazy_gettext("A quotation mark without its pair was left out."),
    "unknown-field": lazy_gettext("A word before a colon is not the name of a field; it was searched as a word."),
    "unknown-value": lazy_gettext("A value of a filter stands in no article."),
}

# Limits that readers meet, by the names of LimitError; the rest have no name.
LIMITS: dict[str, LazyString] = {
    "query characters": lazy_gettext("The query has %(got)s characters; at most %(allowed)s are possible."),
    "query clauses": lazy_gettext("The query has too many parts; at most %(allowed)s are possible."),
    "query depth": lazy_gettext("The query has too many brackets in brackets; at most %(allowed)s are possible."),
    "page * size": lazy_gettext("Only the first %(allowed)s articles can be reached by page number."),
    "size": lazy_gettext("A page has at most %(allowed)s articles, not %(got)s."),
    "filter values": lazy_gettext("The search has %(got)s filters; at most %(allowed)s are possible."),
    "articles of an export": lazy_gettext(
        "%(got)s articles are more than a file may hold (%(allowed)s): add a word or a filter, "
        "or take them in parts, by date."
    ),
    "searches of a comparison": lazy_gettext("At most %(allowed)s searches can be compared, not %(got)s."),
    "": lazy_gettext("The address gives %(got)s values where at most %(allowed)s are possible."),
}


def over_limit(limit: str, allowed: str, got: str) -> str:
    """What a limit forbids, in the reader's language."""
    return str(LIMITS.get(limit, LIMITS[""])) % {"allowed": allowed, "got": got}


def said(warning: str) -> str:
    """A warning of the parser (``key: English sentence``) in the reader's language."""
    key, _, sentence = warning.partition(": ")
    return str(WARNINGS.get(key, sentence or warning))
