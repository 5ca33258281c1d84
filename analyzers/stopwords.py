"""Words that carry grammar and not subject: left out of scoring, never out of the index."""

from importlib import resources


def _load() -> frozenset[str]:
    text = resources.files("kashaf.analyzers").joinpath("data/stopwords.txt").read_text("utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


STOPWORDS = _load()
