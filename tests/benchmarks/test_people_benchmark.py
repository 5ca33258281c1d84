"""Who is who in the sample articles, against the key made by hand."""

from importlib.resources import files
from pathlib import Path

from benchmarks import resolution
from kashaf.index.article import KINDS

KEY = Path(resolution.__file__).with_name("people_key.tsv")


def test_the_samples_are_gathered_without_a_mistake() -> None:
    found = resolution.in_articles([Path(str(files("kashaf"))) / "samples"], resolution.read_key(KEY, "samples"))
    for kind in KINDS:
        assert found[kind].wrong == 0 and found[kind].merges > 5
    assert found["person"].cubed[1] > 0.85


def test_a_key_names_nobody_twice() -> None:
    rows = [line.split("\t") for line in KEY.read_text("utf-8").splitlines() if not line.startswith("#")]
    names = [(wanted, kind, name) for wanted, kind, cell in rows for name in cell.split("|")]
    assert len(set(names)) == len(names)


def test_what_is_counted() -> None:
    owner = {"a": "1", "b": "1", "c": "2", "d": "2", "e": "3"}
    figures = resolution.measure(owner, {"a": 1, "b": 1, "c": 1, "d": 2, "e": 3})
    assert (figures.names, figures.entities, figures.found, figures.merges, figures.wrong) == (5, 3, 3, 2, 1)
    assert figures.pairwise == (1 / 3, 1 / 2)
    assert figures.cubed == ((2 / 3 + 2 / 3 + 1 / 3 + 1 + 1) / 5, (1 + 1 + 0.5 + 0.5 + 1) / 5)
