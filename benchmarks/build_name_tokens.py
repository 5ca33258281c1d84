"""Builds analyzers/data/name_tokens.txt.gz: words of names, each with what it mostly is.

Sources: Arabic and Latin name tokens of Wikidata persons (steveash/NETransliteration-COLING2018, MIT),
names of Wikidata persons (CC0), and counts of words and their neighbours over an archive of French press
(facts about words; no sentence is kept). Three rounds of a simple rule tell given from family names: a
family name follows given names and honorifics, a given name is followed by family names; a place follows
"à", "en", "vers". Words that open sentences but are otherwise written small are kept as common words.

Usage: python benchmarks/build_name_tokens.py --data DIR
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections import Counter, defaultdict
from pathlib import Path

TARGET = Path(__file__).parent.parent / "analyzers" / "data" / "name_tokens.txt.gz"
HEADER = """\
# Words of names, by what they mostly are; one class a line, class TAB words (lower case).
# given, family, place, common: Latin script, from counts over French press; name: a word of some
# person's name; arabic: the same in Arabic script; arabic-rare: of one person only.
# Sources: Wikidata person names (CC0) by way of steveash/NETransliteration-COLING2018 (MIT) and
# everypolitician-data; counts of words (facts) over OrangeSum (Tixierae/OrangeSum, CC BY-SA 4.0).
# Built by benchmarks/build_name_tokens.py.
"""
TOKEN = re.compile(
    r"(?:[ldjmtsncLDJMTSNC]|[Qq]u|[Jj]usqu|[Ll]orsqu|[Pp]uisqu|[Qq]uoiqu)['’](?=\w)"
    r"|[A-ZÀ-Þ]['’](?=[A-ZÀ-Þ])\w+|(?:[A-Z]\.){2,}|[A-ZÀ-Þ]\.|\w+(?:-\w+)*|\S|\n"
)
OPENERS = frozenset('.!?\n"«»:-–—')
HONORIFICS = frozenset("M. Mme Monsieur Madame Me Mlle Dr Mgr MM.".split())
TOWARDS = frozenset("à À A en En aux vers près".split())
ARABIC = re.compile("[ء-ي]{2,}")


class Counts:
    """How capitalised words stand in French text, the first word of a sentence set apart."""

    def __init__(self) -> None:
        self.inside: Counter[str] = Counter()  # capitalised within a sentence
        self.small: Counter[str] = Counter()  # written small
        self.opening: Counter[str] = Counter()  # first word of a sentence
        self.after: dict[str, Counter[str]] = defaultdict(Counter)  # word -> capitalised words after it
        self.before: dict[str, Counter[str]] = defaultdict(Counter)  # word -> capitalised words before it
        self.small_before: dict[str, Counter[str]] = defaultdict(Counter)

    def add(self, text: str) -> None:
        opening, last = True, "\n"
        for word in TOKEN.findall(text):
            first = word[0]
            if first.isupper() and len(word) > 1 and word[-1] not in "'’":
                if opening:
                    self.opening[word] += 1
                else:
                    self.inside[word] += 1
                    if last[0].isupper() and len(last) > 1:
                        self.before[word][last] += 1
                        self.after[last][word] += 1
                    else:
                        self.small_before[word][last] += 1
            elif first.islower():
                self.small[word] += 1
            opening = word in OPENERS or (opening and word in "([")
            last = word


def latin_classes(counts: Counts, given_first: Counter[str], given_last: Counter[str]) -> dict[str, set[str]]:
    """Given, family, place and common words."""
    words = counts.inside
    given = {word: float(given_first[word] > given_last[word]) for word in words}
    family: dict[str, float] = {}
    for _ in range(6):
        for word, total in words.items():
            led = sum(n * (1.0 if w in HONORIFICS else given.get(w, 0.0)) for w, n in counts.before[word].items())
            family[word] = led / (total + 0.5)
        for word, total in words.items():
            followers = counts.after[word]
            held = sum(n * min(1.0, 1.5 * family.get(w, 0.0)) for w, n in followers.items())
            given[word] = held / (total + 0.5) * min(1.0, (len(followers) + 0.5) / 2)
    classes: dict[str, set[str]] = {"given": set(), "family": set(), "place": set(), "common": set()}
    for word, total in words.items():
        key, small = word.lower(), counts.small[word.lower()]
        if HONORIFICS & {word} or (word.isupper() and len(word) > 1) or (small > total and not given_first[word]):
            continue
        if total >= 4 and given[word] > (0.18 if given_first[word] else 0.3) and len(counts.after[word]) > 1:
            classes["given"].add(key)
        if total >= 2 and family[word] > 0.3:
            classes["family"].add(key)
        towards = sum(n for w, n in counts.small_before[word].items() if w in TOWARDS)
        if given[word] < 0.2 and family[word] < 0.25 and towards > 0.13 * (2 + counts.small_before[word].total()):
            classes["place"].add(key)
    classes["place"] -= classes["given"] | classes["family"]
    classes["given"] |= {word.lower() for word, n in given_first.items() if n > 1 and n > given_last[word]}
    classes["common"] = {
        word.lower()
        for word, n in counts.opening.items()
        if n > 1 and counts.small[word.lower()] > 5 * words[word] and word.lower() not in classes["given"]
    }
    return classes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "--data", type=Path, required=True, help="folder that holds news, authority_wikidata, translit_…"
    )
    data: Path = parser.parse_args().data

    given_first, given_last = Counter[str](), Counter[str]()
    arabic, latin = Counter[str](), Counter[str]()
    for line in (data / "authority_wikidata" / "persons.jsonl").open(encoding="utf-8"):
        person = json.loads(line)
        for name in person["latin_variants"]:
            words = name.split()
            latin.update(word.lower() for word in words if word[:1].isupper())
            if len(words) > 1:
                given_first[words[0]] += 1
                given_last[words[-1]] += 1
        for name in person["names"].get("ar", ()):
            arabic.update(ARABIC.findall(name))
    for name in (data / "authority_wikidata" / "mashreq_deputies_arabic.tsv").open(encoding="utf-8"):
        arabic.update(ARABIC.findall(name))
    for part in ("train", "dev"):
        for line in (data / "translit_wikidata_names_ar_en" / f"{part}.tsv").open(encoding="utf-8"):
            native, roman, count = line.rstrip("\n").split("\t")
            arabic[native] += int(count)
            latin[roman] += int(count)

    counts = Counts()
    with gzip.open(data / "news" / "news.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            if article["lang"] == "fr":
                counts.add(article["text"])
    classes = latin_classes(counts, given_first, given_last)
    known = classes["given"] | classes["family"]
    classes["name"] = {
        word
        for word, n in latin.items()
        if len(word) > 2
        and word.replace("-", "").isalpha()
        and word not in known
        and counts.small[word] <= 2 + counts.inside[word.capitalize()]
    } - classes["place"]
    classes["arabic"] = {word for word, n in arabic.items() if n > 1 and len(word) > 1}
    classes["arabic-rare"] = {word for word, n in arabic.items() if n == 1 and len(word) > 2 and word.isalpha()}

    TARGET.parent.mkdir(exist_ok=True)
    lines_out = "".join(f"{name}\t{' '.join(sorted(words))}\n" for name, words in classes.items())
    with TARGET.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", filename="", mtime=0) as packed:
        packed.write((HEADER + lines_out).encode())
    print({name: len(words) for name, words in classes.items()}, TARGET.stat().st_size)


if __name__ == "__main__":
    main()
