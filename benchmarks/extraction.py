"""Quality and speed of kashaf.extract.

Prints, for every ner_* folder, precision, recall and F1 of persons and organisations by exact span, and
articles per second on a sample of press articles.

The corpora differ on whether "M." or "Madame" belongs to a name; Kashaf leaves it out. So each figure is
given twice: as the corpus has it (strict), and with leading honorifics dropped from the corpus' names.
A span counts by the corpus tokens it touches: an Arabic word with its clitic is one token.

Usage: python benchmarks/extraction.py --data DIR [--errors CORPUS]
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kashaf.analyzers.mentions import Found, extract
from kashaf.analyzers.spans import Kind

KINDS: dict[str, Kind] = {"PER": "person", "ORG": "organisation"}
HONORIFICS = frozenset("M . M. MM MM. Mme Mme. Mlle Madame Monsieur Mademoiselle Mgr Me Dr Dr.".split())
SENTENCES = 30  # of a corpus without document marks, read as one text
Key = tuple[Kind, int, int]  # kind, first token, last token + 1


@dataclass
class Document:
    """The text of one document, its tokens' places, and its names."""

    text: str = ""
    tokens: list[tuple[int, int]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    names: list[Key] = field(default_factory=list)
    sentences: list[list[tuple[str, str]]] = field(default_factory=list)  # word, tag

    def add(self, sentence: list[tuple[str, str, bool]]) -> None:
        first = len(self.tokens)
        self.sentences.append([(word, tag) for word, tag, _ in sentence])
        for word, _, glued in sentence:
            self.tokens.append((len(self.text), len(self.text) + len(word)))
            self.words.append(word)
            self.text += word if glued else word + " "
        self.text += "\n"
        kind, start = "", 0
        for n, (_, tag, _) in enumerate([*sentence, ("", "O", False)], first):
            if kind and tag != f"I-{kind}":
                if kind in KINDS:
                    self.names.append((KINDS[kind], start, n))
                kind = ""
            if tag.startswith("B-"):
                kind, start = tag[2:], n

    def keys(self, found: list[Found]) -> set[Key]:
        """The mentions as ranges of corpus tokens."""
        at = {}
        for n, (start, end) in enumerate(self.tokens):
            at.update(dict.fromkeys(range(start, end), n))
        keys = set()
        for mention in found:
            touched = [at[c] for c in range(mention.start, mention.end) if c in at]
            keys.add((mention.kind, touched[0], touched[-1] + 1))
        return keys

    def bare(self, key: Key) -> Key:
        """The name without the honorifics before it."""
        kind, start, end = key
        while kind == "person" and start < end - 1 and self.words[start] in HONORIFICS:
            start += 1
        return kind, start, end


def documents(path: Path) -> Iterator[Document]:
    """The documents of a CoNLL file; files without document marks are cut in texts of some sentences."""
    lines = path.read_text(encoding="utf-8").split("\n")
    marked = sum(line.startswith("# doc ") for line in lines) > 1
    document, sentence, count = Document(), [], 0
    for line in [*lines, ""]:
        if line and not line.startswith("#"):
            word, tag, *more = line.split("\t")
            sentence.append((word, tag.split("|")[0], bool(more) and more[-1] == "nospace"))
            continue
        if sentence:
            document.add(sentence)
            sentence, count = [], count + 1
        if document.text and (line.startswith("# doc ") or (not marked and count >= SENTENCES)):
            yield document
            document, count = Document(), 0
    if document.text:
        yield document


Extractor = Callable[[str, str], list[Found]]


def score(docs: list[Document], language: str, extractor: Extractor) -> dict[str, list[float]]:
    """For each kind: precision, recall, F1 strict, then F1 without honorifics."""
    counts = {kind: [0, 0, 0, 0, 0, 0] for kind in KINDS.values()}
    for document in docs:
        keys = document.keys(extractor(document.text, language))
        for n, change in ((0, lambda key: key), (3, document.bare)):
            wanted, got = {change(key) for key in document.names}, {change(key) for key in keys}
            for kind, tally in counts.items():
                tally[n] += sum(key[0] == kind for key in wanted & got)
                tally[n + 1] += sum(key[0] == kind for key in got)
                tally[n + 2] += sum(key[0] == kind for key in wanted)
    return {
        kind: [right / max(got, 1), right / max(wanted, 1), 2 * right / max(got + wanted, 1), 2 * r / max(g + w, 1)]
        for kind, (right, got, wanted, r, g, w) in counts.items()
    }


def errors(docs: list[Document], language: str) -> None:
    """Every name missed (-) and every name that is none (+), with its words around."""
    for document in docs:
        got = {document.bare(key) for key in document.keys(extract(document.text, language))}
        wanted = {document.bare(key) for key in document.names}
        for key in sorted(got ^ wanted, key=lambda key: key[1:]):
            kind, start, end = key
            around = document.words[max(0, start - 6) : start], document.words[end : end + 4]
            sign = "-" if key in wanted else "+"
            print(
                sign, kind[:3], " ".join(around[0]), "[", " ".join(document.words[start:end]), "]", " ".join(around[1])
            )


def speed(news: Path, language: str, size: int = 1500) -> tuple[float, float]:
    """Articles a second of processor time, and words an article, once word tables are warm."""
    texts: list[str] = []
    with gzip.open(news, "rt", encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            if article["lang"] == language:
                texts.append(article["text"])
            if len(texts) == size:
                break
    half = size // 2
    for text in texts[:half]:
        extract(text, language)
    start = time.process_time()
    for text in texts[half:]:
        extract(text, language)
    return (size - half) / (time.process_time() - start), sum(len(t.split()) for t in texts[half:]) / (size - half)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--errors", help="print the mistakes on one corpus instead")
    arguments = parser.parse_args()
    if arguments.errors:
        for path in sorted((arguments.data / arguments.errors).glob("*.conll")):
            errors(list(documents(path)), arguments.errors.split("_")[1])
        return
    print(f"{'corpus':32}{'kind':14}{'P':>7}{'R':>7}{'F1':>7}{'F1 without honorifics':>24}")
    for folder in sorted(arguments.data.glob("ner_*")):
        language = folder.name.split("_")[1]
        for path in sorted(folder.glob("*.conll")):
            for kind, (p, r, f, bare) in score(list(documents(path)), language, extract).items():
                name = f"{folder.name}/{path.stem}"
                print(f"{name:32}{kind:14}{p:7.3f}{r:7.3f}{f:7.3f}{bare:24.3f}")
    for language in ("fr", "ar"):
        rate, words = speed(arguments.data / "news" / "news.jsonl.gz", language)
        print(
            f"{language}: {rate:.0f} articles of {words:.0f} words a CPU-second, {rate * words / 400:.0f} of 400 words"
        )


if __name__ == "__main__":
    main()
