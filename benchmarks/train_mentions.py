"""Learns analyzers/data/arabic_names.npz, the model of names in Arabic text.

1. Words of an archive are grouped by the words that stand beside them: positive pointwise mutual information
   with the left and the right neighbour (Levy and Goldberg, NIPS 2014), truncated SVD (Halko, Martinsson and
   Tropp, SIAM Review 2011), spherical k-means at three sizes.
2. A linear-chain CRF (python-crfsuite, L-BFGS with L1 and L2) is trained on annotated text with those groups.
3. It labels the archive; how often each word is labelled what becomes a fact about the word (words that are
   never in the training text are known by the company they keep), and the CRF is trained again, twice, and a
   mean of both is taken: once with every feature of the other corpora doubled, so that what is particular to them
   (they do not agree on what an organisation is) is learnt apart and left out (Daumé, "Frustratingly Easy Domain
   Adaptation", ACL 2007), once without. Both see words with their letters or all knowledge of them hidden at random,
   and lean less on those they have seen (Sutton, Sindelar and McCallum, "Reducing Weight Undertraining in
   Structured Discriminative Learning", NAACL 2006).

Training text: ANERcorp (CC BY-SA 4.0; Benajiba, Rosso and Benedí Ruiz 2007; splits of Obeid et al. 2020), AQMAR
(CC BY-SA 3.0; Mohit et al. 2012), Wojood sample (MIT; Jarrar, Khalilia and Ghanem 2022). Archive: the Arabic
articles of the news folder (ANT, SANAD, MArSum), and for the shares paragraphs of Wikipedia too (CC BY-SA; the texts of
ARCD, XQuAD, MLQA and TyDi QA); no sentence of it is kept, only words, groups and shares.

Usage: pip install python-crfsuite; python benchmarks/train_mentions.py --data DIR [--evaluate]
--evaluate: nothing is written; ANERcorp is cut in five blocks and the AQMAR articles in five groups, every
step above is done without one fifth, and the figures on that fifth are printed.
"""

from __future__ import annotations

import argparse
import array
import gzip
import io
import json
import tempfile
from collections import Counter
from pathlib import Path
from random import Random

import numpy as np
import pycrfsuite
from extraction import Document, documents, score
from numpy.typing import NDArray

from kashaf.analyzers import arabic_labels, arabic_mentions
from kashaf.analyzers.arabic_clues import SHARES, STEPS, TOKEN, Lexicon, core, facts, fold, hints, lists
from kashaf.analyzers.arabic_words import WordTable
from kashaf.analyzers.mentions import Found
from kashaf.analyzers.name_model import LABELS, REACH, NameModel
from kashaf.analyzers.tokens import cover

TARGET = Path(__file__).parent.parent / "analyzers" / "data" / arabic_labels.MODEL
Sentence = list[tuple[str, str]]  # folded word, label
Corpus = list[tuple[str, Sentence]]  # name of the corpus, sentence
VOCABULARY, NEIGHBOURS, DIMENSIONS = 40_000, 2_500, 120
SIZES = (48, 200, 800)
SEEN = 4  # times a word must stand in the archive for its shares to be told
TYPES = {"PER": "PER", "ORG": "ORG", "LOC": "LOC", "GPE": "LOC"}
LEADING = "ner_ar_anercorp"  # the corpus whose idea of a name is kept: press
HIDDEN, UNKNOWN = 0.3, 0.05  # shares of words shown without the word itself, and without all that lists cannot tell
APART = 0.25  # the share of the model that learns apart what is particular; with more, fewer ministries are found
EAGER = 0.5  # added to the beginning of an organisation: too few of them are found
OPTIONS = {
    "c1": 0.5,
    "c2": 0.03,
    "feature.minfreq": 2,
    "feature.possible_transitions": True,
}


def prepared(document: Document) -> list[Sentence]:
    """The sentences of a document with folded words and the labels of the model."""
    result: list[Sentence] = []
    for sentence in document.sentences:
        labels = []
        for _, tag in sentence:
            place, _, kind = tag.partition("-")
            labels.append(f"{place}-{TYPES[kind]}" if kind in TYPES else "O")
        result.append([(fold(word) or word, label) for (word, _), label in zip(sentence, labels, strict=True)])
    return result


def without_peoples(sentence: Sentence) -> Sentence:
    """AQMAR calls peoples and groups ("المسلمين") persons; they are not persons here."""
    result: Sentence = []
    for n, (word, label) in enumerate(sentence):
        alone = label == "B-PER" and (n + 1 == len(sentence) or sentence[n + 1][1] != "I-PER")
        base = core(word)
        people = alone and "name" not in lists().get(base, ()) and word.endswith(("ون", "ين", "يه", "ات", "ه"))
        result.append((word, "O" if people else label))
    return result


def archive(data: Path) -> tuple[list[str], list[str]]:
    """The texts of the press and of the encyclopaedia."""
    with gzip.open(data / "news" / "news.jsonl.gz", "rt", encoding="utf-8") as lines:
        articles = (json.loads(line) for line in lines)
        news = [article["text"] for article in articles if article["lang"] == "ar"]
    with open(data / "ir_ar_wiki" / "corpus.jsonl", encoding="utf-8") as lines:
        return news, [json.loads(line)["text"] for line in lines]


def numbered(texts: list[str]) -> tuple[list[str], NDArray[np.int64]]:
    """The words of the archive, the commonest first, and the archive as word numbers, -1 between articles."""
    vocabulary: dict[str, int] = {}
    stream = array.array("q")
    for text in texts:
        for token in cover(TOKEN, fold(text))[0]:
            word = token.rstrip(" ")
            stream.append(vocabulary.setdefault("0" if word.isdigit() else word, len(vocabulary)))
        stream.append(-1)
    numbers = np.frombuffer(stream, dtype=np.int64)
    order = np.argsort(-np.bincount(numbers[numbers >= 0]), kind="stable")
    rank = np.empty(len(order) + 1, np.int64)
    rank[order] = np.arange(len(order))
    rank[-1] = -1
    words = list(vocabulary)
    return [words[n] for n in order], rank[numbers]


def clustered(stream: NDArray[np.int64]) -> NDArray[np.int16]:
    """Groups of the `VOCABULARY` commonest words, one column a size."""
    counts = np.zeros((VOCABULARY, 2 * NEIGHBOURS), np.float32)
    for word, neighbour, offset in ((stream[:-1], stream[1:], NEIGHBOURS), (stream[1:], stream[:-1], 0)):
        kept = (word >= 0) & (word < VOCABULARY) & (neighbour >= 0) & (neighbour < NEIGHBOURS)
        cells, times = np.unique(word[kept] * 2 * NEIGHBOURS + offset + neighbour[kept], return_counts=True)
        counts.reshape(-1)[cells] += times
    rows, columns = counts.sum(1, keepdims=True) + 1e-9, counts.sum(0, keepdims=True) ** 0.75
    counts *= columns.sum() / (rows * np.maximum(columns, 1))
    np.log(np.maximum(counts, 1), out=counts)
    random = np.random.default_rng(0)
    basis = random.standard_normal((2 * NEIGHBOURS, DIMENSIONS + 20)).astype(np.float32)
    for _ in range(4):
        basis = np.linalg.qr(counts.T @ np.linalg.qr(counts @ basis)[0])[0]
    left, values, _ = np.linalg.svd(counts @ basis, full_matrices=False)
    vectors = left[:, :DIMENSIONS] * np.sqrt(values[:DIMENSIONS])
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9
    groups = []
    for size in SIZES:
        centres = vectors[random.choice(VOCABULARY, size, replace=False)]
        for _ in range(18):
            nearest = (vectors @ centres.T).argmax(1)
            sums = np.zeros_like(centres)
            np.add.at(sums, nearest, vectors)
            length = np.linalg.norm(sums, axis=1, keepdims=True)
            spare = vectors[random.choice(VOCABULARY, size)]
            centres = np.where(length > 0, sums / np.maximum(length, 1e-9), spare)
        groups.append(nearest)
    return np.stack(groups, axis=1).astype(np.int16)


def partly(known: list[str], random: Random) -> list[str]:
    """The facts of a word as training shows them once: some are hidden at random."""
    if random.random() < UNKNOWN:
        return [f for f in known if f[0] not in "wbkq" and f[:2] not in ("+k", "+q")] + ["rare"]
    return [f for f in known if f[0] not in "wb"] if random.random() < HIDDEN else known


def trained(
    corpus: Corpus, lexicon: Lexicon, iterations: int, hide: bool = False, particular: bool = False
) -> NameModel:
    """A CRF with the facts of the words up to `REACH` away.

    Args:
        hide: whether facts are hidden at random.
        particular: whether what is particular to another corpus than `LEADING` is learnt apart, and left out.
    """
    known: dict[str, list[str]] = {}
    random = Random(0)
    trainer = pycrfsuite.Trainer(verbose=False)
    for name, sentence in corpus:
        words = [word for word, _ in sentence]
        for word in words:
            if word not in known:
                known[word] = facts(word, lexicon)
        rows = [partly(known[word], random) if hide else known[word] for word in words]
        own = f"{name}|" if particular and name != LEADING else ""
        marks = hints(words, range(len(words)))
        items = []
        for n in range(len(words)):
            item: list[str] = []
            for distance in range(-REACH, REACH + 1):
                if 0 <= n + distance < len(words):
                    item += [f"{distance}:{fact}" for fact in rows[n + distance]]
            item += [own + feature for feature in ("", *item)] if own else []
            items.append([*item, f"0:{marks[n]}"] if n in marks else item)
        trainer.append(items, [label for _, label in sentence])
    trainer.set_params({**OPTIONS, "max_iterations": iterations})
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "crf")
        trainer.train(path)
        tagger = pycrfsuite.Tagger()
        tagger.open(path)
        info = tagger.info()
        tagger.close()
    place = {label: n for n, label in enumerate(LABELS)}
    learnt = [(*name.partition(":"), label, weight) for (name, label), weight in info.state_features.items()]
    common = [(int(d), feature, label, weight) for d, colon, feature, label, weight in learnt if colon and "|" not in d]
    features = sorted({feature for _, feature, _, _ in common})
    row = {feature: n for n, feature in enumerate(features)}
    weights = np.zeros((len(features), 2 * REACH + 1, len(LABELS)), np.float32)
    for distance, feature, label, weight in common:
        weights[row[feature], distance + REACH, place[label]] = weight
    moves = np.full((len(LABELS), len(LABELS)), -20, np.float32)
    for (before, after), weight in info.transitions.items():
        if not after.startswith("I-") or before[2:] == after[2:]:
            moves[place[before], place[after]] = weight
    moves[:, place["B-ORG"]] += EAGER
    return NameModel(features, weights, moves)


def mean(models: dict[float, NameModel]) -> NameModel:
    """The model whose scores are the mean of theirs, each with its share."""
    features = sorted(set().union(*(model.features for model in models.values())))
    row = {feature: n for n, feature in enumerate(features)}
    weights = np.zeros((len(features), 2 * REACH + 1, len(LABELS)), np.float32)
    moves = np.zeros((len(LABELS), len(LABELS)), np.float32)
    for share, model in models.items():
        weights[[row[feature] for feature in model.features]] += share * model.weights
        moves += share * model.moves
    return NameModel(features, weights, moves)


def with_shares(lexicon: Lexicon, model: NameModel, texts: list[str]) -> Lexicon:
    """The lexicon with what `model` makes of every word of the archive."""
    seen, labelled = Counter[str](), {label: Counter[str]() for label in LABELS}
    table = WordTable(model, lexicon)
    for first in range(0, len(texts), 64):
        read = arabic_labels.labelled(texts[first : first + 64], table)
        seen.update(read.words)
        for n in np.flatnonzero(read.labels).tolist():
            labelled[LABELS[read.labels[n]]][read.words[n]] += 1
    parts = [("B-PER",), ("I-PER",), ("B-ORG",), ("I-ORG",), ("B-LOC",), ("I-LOC",)]
    parts += [("B-PER", "I-PER"), ("B-ORG", "I-ORG"), ("B-LOC", "I-LOC")]
    named = {word for label in LABELS[1:] for word, n in labelled[label].items() if 20 * n > seen[word] >= SEEN}
    words = sorted(set(lexicon.rows) | {word for word in named if word.isalpha()})
    groups = np.full((len(words), len(SIZES)), -1, np.int16)
    shares = np.full((len(words), len(SHARES)), 255, np.uint8)
    for n, word in enumerate(words):
        if word in lexicon.rows:
            groups[n] = lexicon.groups[lexicon.rows[word]]
        if seen[word] >= SEEN:
            part = [sum(labelled[label][word] for label in labels) / seen[word] for labels in parts]
            shares[n] = np.searchsorted(STEPS, part, side="right")
    return Lexicon({word: n for n, word in enumerate(words)}, groups, shares)


def learned(corpus: Corpus, lexicon: Lexicon, texts: list[str]) -> WordTable:
    """Both rounds."""
    second = with_shares(lexicon, trained(corpus, lexicon, 45), texts)
    apart = trained(corpus, second, 90, hide=True, particular=True)
    together = trained(corpus, second, 90, hide=True)
    return WordTable(mean({APART: apart, 1 - APART: together}), second)


def packed(table: WordTable) -> bytes:
    lexicon, features, weights = table.lexicon, table.model.features, table.model.weights
    scale = float(np.abs(weights).max()) / 32767
    small = np.round(weights / scale).astype(np.int16)
    kept = small.any(axis=(1, 2))
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        features=np.frombuffer("\t".join(f for f, k in zip(features, kept, strict=True) if k).encode(), np.uint8),
        weights=small[kept],
        scale=np.float32(scale),
        moves=table.model.moves,
        words=np.frombuffer("\t".join(lexicon.rows).encode(), np.uint8),
        groups=lexicon.groups,
        shares=lexicon.shares,
    )
    return buffer.getvalue()


def corpus_of(corpora: dict[str, list[Document]]) -> Corpus:
    corpus: Corpus = []
    for name, articles in corpora.items():
        for document in articles:
            for sentence in prepared(document):
                corpus.append((name, without_peoples(sentence) if name == "ner_ar_aqmar" else sentence))
    return corpus


def evaluate(corpora: dict[str, list[Document]], lexicon: Lexicon, texts: list[str], count: int, turns: int) -> None:
    """Prints the figures on each fifth, learnt without it."""
    for turn in range(count)[-turns:]:
        train, test = {}, {}
        for name, articles in corpora.items():
            # ANERcorp and Wojood are one stream: blocks, so that an article is seldom on both sides.
            size = len(articles)
            mine = (
                range(turn, size, count) if "aqmar" in name else range(turn * size // count, (turn + 1) * size // count)
            )
            train[name] = [d for n, d in enumerate(articles) if n not in mine]
            test[name] = [d for n, d in enumerate(articles) if n in mine]
        table = learned(corpus_of(train), lexicon, texts)

        def extractor(text: str, language: str) -> list[Found]:
            spans = arabic_mentions.find(text, table)  # noqa: B023  (called in this turn only)
            return [Found(kind, text[start:end], start, end, "") for kind, start, end in spans]

        for name, articles in test.items():
            for kind, (precision, recall, f1, _) in score(articles, "ar", extractor).items():
                print(f"{turn} {name:24}{kind:14}{precision:7.3f}{recall:7.3f}{f1:7.3f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--evaluate", type=int, metavar="TURNS", help="cross-validate instead of writing the model")
    arguments = parser.parse_args()
    data: Path = arguments.data
    corpora = {
        folder.name: [d for path in sorted(folder.glob("*.conll")) for d in documents(path)]
        for folder in sorted(data.glob("ner_ar_*"))
    }
    news, more = archive(data)
    texts = news + more
    words, stream = numbered(news)
    groups = clustered(stream)
    shares = np.full((VOCABULARY, len(SHARES)), 255, np.uint8)
    lexicon = Lexicon({word: n for n, word in enumerate(words[:VOCABULARY])}, groups, shares)
    if arguments.evaluate:
        evaluate(corpora, lexicon, texts, 5, arguments.evaluate)
        return
    raw = packed(learned(corpus_of(corpora), lexicon, texts))
    TARGET.write_bytes(raw)
    print(f"{TARGET}: {len(raw):,} bytes")


if __name__ == "__main__":
    main()
