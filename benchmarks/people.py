"""Names, extraction and resolution in one run: how well persons and organisations are found and gathered.

    python benchmarks/people.py --data DIR [--out FILE]

DIR holds the folders of names.py (`name-pairs`), extraction.py (`ner_*`) and resolution.py (`authority_wikidata`),
and `seeds`, some press articles as text files. What of the entities of the seeds and of Kashaf's own sample articles
is right says people_key.tsv, made by hand. The figures are explained by the modules that make them.
"""

from __future__ import annotations

import argparse
import json
import sys
from importlib.resources import files
from pathlib import Path

# As a script, `benchmarks` is not importable and this folder would hide other packages of the same names.
sys.path[0] = str(Path(__file__).resolve().parents[1])

from benchmarks import extraction, names, resolution  # noqa: E402
from kashaf.analyzers.mentions import extract  # noqa: E402
from kashaf.index.article import KINDS  # noqa: E402

THRESHOLD = 0.90  # from which two names are as good as one
KEY = Path(__file__).with_name("people_key.tsv")

Table = dict[str, dict[str, float]]


def matching(data: Path) -> Table:
    """Names: by scope of the pairs, ranks of the right name, and what the threshold decides."""
    outcomes, _ = names.run(*names.read(data, "tuning.tsv"))
    found: Table = {}
    print(f"{'names':24}{'asked':>7}" + "".join(f"{label:>8}" for label in ("R@1", "R@10", "MRR", "P", "R", "F1")))
    for scope in dict.fromkeys(outcome.scope for outcome in outcomes):
        found[scope] = names.figures([o for o in outcomes if o.scope == scope], THRESHOLD)
        asked, *shares = found[scope].values()
        print(f"{scope:24}{asked:7.0f}" + "".join(f"{share:8.3f}" for share in shares))
    return found


def extracting(data: Path) -> Table:
    """Extraction: by corpus and kind, precision, recall and F1 of exact spans."""
    found: Table = {}
    print(f"\n{'extraction':38}{'P':>8}{'R':>8}{'F1':>8}{'F1 without honorifics':>24}")
    for path in sorted(data.glob("ner_*/*.conll")):
        documents = list(extraction.documents(path))
        for kind, scores in extraction.score(documents, path.parent.name.split("_")[1], extract).items():
            row = f"{path.parent.name}/{path.stem} {kind}"
            found[row] = dict(zip(("P", "R", "F1", "F1 without honorifics"), scores, strict=True))
            print(f"{row:38}" + "".join(f"{score:8.3f}" for score in scores[:3]) + f"{scores[3]:24.3f}")
    return found


def gathering(data: Path) -> Table:
    """Resolution: of Wikidata's names in synthetic articles, and of articles as they are."""
    rows: dict[str, resolution.Figures] = {}
    for kind in KINDS:
        owner = resolution.read(data / "authority_wikidata" / f"{kind}s.jsonl")
        numbers, _ = resolution.resolve(kind, owner)
        rows[f"wikidata {kind}s"] = resolution.measure(owner, numbers)
    samples = Path(str(files("kashaf"))) / "samples"
    for name, paths in (("samples", [samples]), ("seeds", sorted((data / "seeds").glob("*.txt")))):
        for kind, figures in resolution.in_articles(paths, resolution.read_key(KEY, name)).items():
            rows[f"{name} {kind}s"] = figures
    print(f"\n{resolution.HEAD}")
    for name, figures in rows.items():
        print(resolution.figures_line(name, figures))
    return {
        name: {
            "names": f.names, "real": f.entities, "found": f.found, "merges": f.merges, "wrong": f.wrong,
            "pairwise P": f.pairwise[0], "pairwise R": f.pairwise[1], "B-cubed P": f.cubed[0], "B-cubed R": f.cubed[1],
        }
        for name, f in rows.items()
    }  # fmt: skip


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=KEY.parent / "results" / "people.json")
    given = parser.parse_args()
    tables = {
        "names": matching(given.data / "name-pairs"),
        "extraction": extracting(given.data),
        "resolution": gathering(given.data),
    }
    rounded = {
        title: {row: {label: round(value, 4) for label, value in cells.items()} for row, cells in table.items()}
        for title, table in tables.items()
    }
    given.out.write_text(json.dumps(rounded, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
