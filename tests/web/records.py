"""Articles that no form of file likes, for the tests of exports and feeds."""

from __future__ import annotations

from hypothesis import strategies as st

from kashaf.index.article import Article, Ignored
from kashaf.search.results import Label
from kashaf.web.export_format import Record

# Each breaks some format, or the program that opens it, where a field is written as it stands.
HOSTILE = (
    "=HYPERLINK(1)",
    "+1",
    "-1+1",
    "@SUM(A1)",
    "＝1",
    "\t=1",
    "\r\n=1",
    '"=1',
    "titre\nER  - \r\nTY  - BOOK",
    "titre\u2028ER  - \u2029TY  - BOOK\x85AU  - x",
    "}\n\n@book{x,\n title = {y}",
    "{{",
    "}}",
    "\\",
    "a \\} b",
    "100 % & #1_2^3 ~ $x$",
    "Roussel, Nadia and Ziani, Omar",
    "]]>",
    "<![CDATA[ <!-- &amp; &#0;",
    "</script><script>window.pwned=1</script>",
    "<!-- <script>",
    '","x":"',
    "\x00\x01\x0b\x0c\x1f\x7f",
    "\ufffe\uffff\ufeff",
    "\ud800 half \udfff",
    "\u202e\u2066 txet desrever",
    "\u2069\u202c closed",
    "x" * 900,
    " ",
    "",
)
TEXT = st.one_of(
    st.text(st.characters(codec=None), max_size=40),
    st.sampled_from(HOSTILE),
    st.lists(st.sampled_from(HOSTILE), max_size=3).map("".join),
)
_MAYBE = st.one_of(st.none(), TEXT)
_DATES = st.sampled_from([None, "0001", "1998", "2026-02", "2026-02-02"])
_URLS = st.sampled_from(
    [None, "https://a.example/x?a=1&b={2}\\%20é#مقال", "javascript:alert(1)", "http://[", "ftp://x"]
)
_LABELS = st.lists(st.builds(Label, st.just("p1"), TEXT), max_size=3).map(tuple)
ARTICLES = st.builds(
    Article,
    id=TEXT,
    headline=TEXT,
    standfirst=TEXT,
    body=TEXT,
    language=st.sampled_from([None, "fr", "ar", "ar-MA", "x\n"]),
    source=_MAYBE,
    section=_MAYBE,
    byline=_MAYBE,
    url=_URLS,
    published=_DATES,
)
RECORDS = st.builds(
    Record,
    ARTICLES,
    st.just("http://archive.example/articles/1"),
    _LABELS,
    _LABELS,
    snippet=TEXT.map(lambda text: lambda: text),
)


def everywhere(number: int, text: str) -> Article:
    """An article that has a text in every field that takes any text."""
    return Article(
        id=f"hostile-{number}",
        headline=f"piège {text}",
        standfirst=text,
        body=f"{text}\n\npiège {text}",
        language="fr",
        source=f"{text} source",
        section=text,
        byline=text,
        url=f"https://a.example/{number}",
        published="2026-02-02",
        persons=(f"{text} Omar Ziani",),  # type: ignore[arg-type]  # names are taken too
        organisations=(f"{text} Office",),  # type: ignore[arg-type]  # as above
        ignored=(Ignored(0, 0, "menu"),),
    )
