"""How well clutter is told from text: saved pages flattened to plain text, against their reference text.

    python benchmarks/clutter.py PAGES.jsonl.gz [CLEAN.jsonl.gz]

PAGES has records with ``html`` and ``text`` (the main text). Every visible line of a page is kept or
ignored by `find_clutter`; a kept word that stands in the reference text or title is right. The headline
that is found is right when it has four fifths of the words of the title, and half of its words are the
title's. CLEAN has records of articles without clutter (``text``): what is ignored of them is real text that
was hidden.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from kashaf.index.article import Article
from kashaf.index.clutter import blank_ignored, find_clutter
from kashaf.index.headline import find_headline
from kashaf.index.markup import plain_text

_WORDS = re.compile(r"\w+")
_BODY = re.compile(r"<body\b", re.IGNORECASE)


def records(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def kept(text: str) -> str:
    return blank_ignored(Article(body=text, ignored=find_clutter(text)))


def pages(path: Path) -> None:
    total: Counter[str] = Counter()
    for page in records(path):
        if not page.get("text"):
            continue
        body = _BODY.search(page["html"])
        flat = plain_text(page["html"][body.start() if body else 0 :])
        title = Counter(_WORDS.findall(page["title"] or ""))
        reference = Counter(_WORDS.findall(page["text"])) + title
        for name, text in (("everything", flat), ("kept", kept(flat))):
            words = Counter(_WORDS.findall(text))
            total[f"{name} words"] += words.total()
            total[f"{name} right"] += (words & reference).total()
        total["reference"] += (reference & Counter(_WORDS.findall(flat))).total()
        total["pages"] += 1
        if title:
            headline = Counter(_WORDS.findall(find_headline(flat, find_clutter(flat))[0]))
            common = (headline & title).total()
            total["titles"] += 1
            total["headlines"] += common >= 0.8 * title.total() and common >= 0.5 * headline.total()
    print(f"{total['pages']} pages, {total['everything words']} words, {total['reference']} of them text")
    for name in ("everything", "kept"):
        precision = total[f"{name} right"] / total[f"{name} words"]
        recall = total[f"{name} right"] / total["reference"]
        print(f"  {name:11} precision {precision:.3f}  recall {recall:.3f}")
    print(f"  headlines   {total['headlines'] / total['titles']:.3f} of {total['titles']} right")


def clean(path: Path, most: int = 20_000) -> None:
    texts = [record["text"] for record in islice(records(path), most)]
    begin = time.perf_counter()
    spans = [find_clutter(text) for text in texts]
    seconds = time.perf_counter() - begin
    hidden = sum(span.end - span.start for article in spans for span in article)
    reasons = Counter(span.reason for article in spans for span in article)
    print(f"{len(texts)} clean articles: {hidden / sum(map(len, texts)):.5f} of their characters ignored")
    print(f"  {sum(map(bool, spans))} articles touched; {dict(reasons.most_common())}")
    print(f"  {len(texts) / seconds:.0f} articles a second")


if __name__ == "__main__":
    pages(Path(sys.argv[1]))
    if len(sys.argv) > 2:
        clean(Path(sys.argv[2]))
