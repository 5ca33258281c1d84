"""Makes analyzers/data/arabic_words.txt.gz: how many press articles hold each Arabic word form.

    python benchmarks/build_arabic_words.py news.jsonl.gz

The input has one JSON object a line, with `collection`, `title` and `text`. Only ANT (Apache-2.0) and
SANAD (CC BY 4.0) are read. What is kept are counts of words, no text. Run on the same input, the script
gives the same bytes. See docs/decisions/0002-arabic-word-list.md.
"""

import gzip
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from kashaf.analyzers.terms import terms

COLLECTIONS = ("ANT", "SANAD")
FEWEST = 10  # articles; rarer forms are names and misprints as often as words
SHORTEST = 2  # letters
TARGET = Path(__file__).parent.parent / "analyzers" / "data" / "arabic_words.txt.gz"

HEADER = """\
# Arabic word forms of the press, folded, and in how many of {articles} articles each is found ({fewest} or more).
# Counted in the ANT corpus v1.1 and v2.1 (Apache-2.0; Chouigui, Ben Khiroun and Elayeb)
# and the Al Khaleej part of SANAD (CC BY 4.0; Einea, Elnagar and Al Debsi, Mendeley Data). Counts, no text of theirs.
# Made by benchmarks/build_arabic_words.py; this list may be used under CC BY 4.0.
"""


def texts(path: Path) -> Iterator[str]:
    """Headline and body of each article of the collections used."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            if article["collection"].startswith(COLLECTIONS):
                yield f"{article['title'] or ''}\n{article['text']}"


def main() -> None:
    """Counts the words of the archive named on the command line and writes the list."""
    if len(sys.argv) != 2:
        sys.exit("usage: python benchmarks/build_arabic_words.py NEWS.jsonl.gz")
    articles = 0
    holders: Counter[str] = Counter()
    for text in texts(Path(sys.argv[1])):
        articles += 1
        holders.update(set(terms(text)))
    kept = sorted(
        (-count, word)
        for word, count in holders.items()
        if count >= FEWEST and len(word) >= SHORTEST and word.isalpha() and "\u0620" <= word[0] <= "\u064a"
    )
    body = "".join(f"{word} {-count}\n" for count, word in kept)
    header = HEADER.format(articles=articles, fewest=FEWEST)
    TARGET.write_bytes(gzip.compress((header + body).encode(), compresslevel=9, mtime=0))
    print(f"{len(kept)} words of {articles} articles, {TARGET.stat().st_size // 1000} kB: {TARGET}")


if __name__ == "__main__":
    main()
