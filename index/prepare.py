"""From an article as received to one that can be indexed: checked, and completed from its own text.

What was given is never overwritten, the body never rewritten but for characters that no text may hold:
NUL and lone surrogates become U+FFFD, one for one, so that offsets stay.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from kashaf.analyzers.language import detect
from kashaf.analyzers.mentions import Found, extract, extract_all
from kashaf.analyzers.publication import publication_date
from kashaf.analyzers.spans import Given
from kashaf.errors import ArticleError, CurationError
from kashaf.index.article import (
    MAX_ID,
    MAX_TEXT,
    MAX_VALUE,
    MAX_VALUES,
    Article,
    Ignored,
    Kind,
    Mention,
    TextField,
    derived_id,
)
from kashaf.index.byline import byline_of
from kashaf.index.clutter import blanked, find_clutter, with_headline
from kashaf.index.curated_text import cleaned
from kashaf.index.extractors import Extractor, chosen
from kashaf.index.headline import find_headline

_log = logging.getLogger(__name__)

_LONGEST_URL = 4_000
_TELLING = 1_000  # characters of the body that tell the language; more would not change the answer
_NOT_TEXT = re.compile("[\x00\ud800-\udfff]")
_NOT_IN_ID = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_URL = re.compile(r"https?://[^\s\x00-\x1f<>\"\ud800-\udfff]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Draft:
    """An article whose text is not searched for names yet.

    Attributes:
        made: the article, complete but for these.
        byline: where its author is named.
        body: the body as it is searched: clutter is blanked, the byline is not.
        given: what another extractor found, if there is one.
    """

    made: Article
    byline: Ignored | None
    body: str
    given: Given | None = None

    @property
    def fields(self) -> tuple[tuple[TextField, str], ...]:
        return ("headline", self.made.headline), ("standfirst", self.made.standfirst), ("body", self.body)

    @property
    def text(self) -> str:
        """One text, so that a name in the headline gets the fullest form that the body gives it."""
        return "\n\n".join(text for _, text in self.fields)


def prepare(article: Article, entities: bool = True, extractor: str | None = None) -> Article:
    """The article with its id, language, headline, clutter, publication date, byline and mentions.

    Args:
        article: as received.
        entities: whether persons and organisations are looked for in the text; those given are kept in any case.
        extractor: the name of an installed extractor that looks for them too (`kashaf.index.extractors`); None: that
            of ``$KASHAF_EXTRACTOR``.

    Raises:
        ArticleError: if it has no text, is too long, has an id or a number of values that cannot be kept, or makes
            the extractor or the analysis fail, which is a fault of theirs: the others can still be indexed.
        ExtractorError: if the extractor is not installed or cannot be loaded.
    """
    other = chosen(extractor) if entities else None
    draft = _drafted(article, other)
    if not entities:
        return draft.made
    with _faults_told(article):
        return _with_mentions(draft, extract(draft.text, given=draft.given))


def prepare_all(
    articles: Sequence[Article], entities: bool = True, extractor: str | None = None
) -> list[Article | ArticleError]:
    """What `prepare` makes of each article, or why it makes nothing; names of many are found in half the time."""
    other = chosen(extractor) if entities else None
    drafts: list[_Draft | ArticleError] = []
    for article in articles:
        try:
            drafts.append(_drafted(article, other))
        except ArticleError as error:
            drafts.append(error)
    if not entities:
        return [draft.made if isinstance(draft, _Draft) else draft for draft in drafts]
    sound = [draft for draft in drafts if isinstance(draft, _Draft)]
    given = [draft.given for draft in sound if draft.given is not None] if other else None
    try:
        found = iter(extract_all([draft.text for draft in sound], given))
    except Exception:  # one of them is at fault: it alone is refused
        return [_prepared(article, extractor) for article in articles]
    return [_with_mentions(draft, next(found)) if isinstance(draft, _Draft) else draft for draft in drafts]


def _prepared(article: Article, extractor: str | None) -> Article | ArticleError:
    try:
        return prepare(article, extractor=extractor)
    except ArticleError as error:
        return error


@contextmanager
def _faults_told(article: Article) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        _log.debug("the analysis of article %r failed", article.id, exc_info=True)
        raise ArticleError(f"the analysis failed: {type(error).__name__}") from error


def _drafted(article: Article, other: Extractor | None) -> _Draft:
    article = _clean(article)
    _check(article)
    with _faults_told(article):
        draft = _completed(article)
    return draft if other is None else replace(draft, given=other(draft.text, draft.made.language))


def _completed(article: Article) -> _Draft:
    body, headline = article.body, article.headline
    ignored = article.ignored or find_clutter(body, headline)
    if not headline:
        headline, line = find_headline(body, ignored)
        if line is not None and not article.ignored:
            ignored = with_headline(body, ignored, headline, line)
    read = blanked(body, ignored)
    language = article.language or detect(f"{headline}\n{article.standfirst}\n{read[:_TELLING]}")
    published, published_from = article.published, article.published_from
    if published is None or published_from == "file":
        if found := publication_date(_without_links(body, ignored), language):
            published, published_from = found, "text"
    # The first byline: others are of linked articles.
    byline = next((span for span in ignored if span.reason == "byline"), None)
    made = replace(
        article,
        # From what was given: finding headlines in another way must not change it.
        id=article.id or derived_id(article),
        headline=headline,
        language=language,
        ignored=ignored,
        published=published,
        published_from=published_from,
        byline=article.byline or (_author(body, byline) if byline else None),
    )
    if byline is not None:
        read = read[: byline.start] + body[byline.start : byline.end] + read[byline.end :]
    return _Draft(made, byline, read)


def _clean(article: Article) -> Article:
    changes: dict[str, object] = {}
    for field in ("headline", "standfirst", "body", "source", "section", "byline", "language"):
        value = getattr(article, field)
        if value and not _is_text(value):
            changes[field] = _NOT_TEXT.sub("\ufffd", value)
    if article.id and (plain := _NOT_IN_ID.sub("", article.id).strip()) != article.id:
        if not plain:
            raise ArticleError("id: nothing but control characters")
        changes["id"] = plain
    if article.url and not (len(article.url) <= _LONGEST_URL and _URL.fullmatch(article.url)):
        changes["url"] = None
    for field in ("persons", "organisations"):
        mentions = getattr(article, field)
        if (kept := tuple(filter(None, map(_plain, mentions)))) != mentions:
            changes[field] = kept
    return replace(article, **changes) if changes else article  # type: ignore[arg-type]


def _plain(mention: Mention) -> Mention | None:
    """A mention given with the article without anything that hides; None when nothing is left of its name."""
    name, text = _cleaned(mention.name), _cleaned(mention.text)
    if not name or not text:
        return None
    return replace(mention, name=name, text=text, function=_cleaned(mention.function or "") or None)


def _cleaned(value: str) -> str:
    """What is left of a value; "" when nothing is that can be read, and one that is too long as it is."""
    try:
        return cleaned(_NOT_TEXT.sub("", value), MAX_VALUE)
    except CurationError:
        return value if len(value) > MAX_VALUE else ""


def _is_text(value: str) -> bool:
    """Whether a value has no NUL and no lone surrogate: to encode it is quicker than to search it."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in value


def _check(article: Article) -> None:
    if len(article.id) > MAX_ID:
        raise ArticleError(f"id: {len(article.id)} characters, over the limit of {MAX_ID}")
    size = len(article.headline) + len(article.standfirst) + len(article.body)
    if size > MAX_TEXT:
        raise ArticleError(f"over {MAX_TEXT // 1_000_000} MB of text ({size} characters)")
    if not (article.body.strip() or article.headline.strip()):
        raise ArticleError("no headline and no text")
    for name, given in (("persons", article.persons), ("organisations", article.organisations)):
        if len(given) > MAX_VALUES:
            raise ArticleError(f"{name}: {len(given)} values, over the limit of {MAX_VALUES}")
        if any(max(len(m.name), len(m.text), len(m.function or "")) > MAX_VALUE for m in given):
            raise ArticleError(f"{name}: a name or function of over {MAX_VALUE} characters")
    for name in ("source", "section", "byline", "language"):
        value = getattr(article, name)
        if value and len(value) > MAX_VALUE:
            raise ArticleError(f"{name}: {len(value)} characters, over the limit of {MAX_VALUE}")
    end = 0
    for span in article.ignored:
        if not end <= span.start <= span.end <= len(article.body):
            raise ArticleError("ignored: pieces out of order or outside the body")
        end = span.end


def _without_links(body: str, ignored: tuple[Ignored, ...]) -> str:
    """The body without related links, whose dates are those of other articles; stamps stay."""
    links = tuple(span for span in ignored if span.reason == "related-link")
    return blanked(body, links) if links else body


def _author(body: str, byline: Ignored) -> str:
    line = " ".join(body[byline.start : byline.end].split())
    return byline_of(line) or line  # a signature is nothing but the name


def _with_mentions(draft: _Draft, found_names: Iterable[Found]) -> Article:
    """The article with persons and organisations: those given, and those found in the headline, standfirst and body.

    The author named by a byline is a person of the article too. Where names of a kind were given, only these are
    looked for.
    """
    made = draft.made
    given: dict[Kind, tuple[Mention, ...]] = {"person": made.persons, "organisation": made.organisations}
    names = {kind: {m.name for m in mentions} for kind, mentions in given.items()}
    mentions: dict[Kind, list[Mention]] = {kind: list(given[kind]) for kind in given}
    fields = draft.fields
    for found in found_names:
        if names[found.kind] and found.name not in names[found.kind]:
            continue
        offset = 0
        for field, text in fields:
            if offset <= found.start and found.end <= offset + len(text):
                start, end = found.start - offset, found.end - offset
                if field != "body" or not _is_credit(found, start, draft.byline):
                    mention = Mention(found.kind, found.text, found.name, field, start, end, found.function)
                    mentions[found.kind].append(mention)
                break
            offset += len(text) + 2
    return replace(made, persons=_limited(mentions["person"]), organisations=_limited(mentions["organisation"]))


def _is_credit(found: Found, start: int, byline: Ignored | None) -> bool:
    """Whether a mention that begins at `start` of the body is an agency named as the author."""
    return found.kind == "organisation" and byline is not None and byline.start <= start < byline.end


def _limited(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    """Mentions of the first `MAX_VALUES` names."""
    kept: list[Mention] = []
    names: set[str] = set()
    for mention in mentions:
        if mention.name in names or len(names) < MAX_VALUES:
            names.add(mention.name)
            kept.append(mention)
    return tuple(kept)
