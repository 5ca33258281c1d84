"""Every example of the help page finds something in the sample articles."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

import kashaf
from kashaf.ingest import Counts
from kashaf.progress import index_files
from kashaf.serve import sample_files
from kashaf.web import create_app


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("help") / "archive"
    with kashaf.open(folder, create=True) as archive:
        index_files(archive, sample_files(), Counts())
    return folder


def test_every_example_answers(samples: Path) -> None:
    page = create_app(samples).test_client().get("/help?lang=en").get_data(as_text=True)
    examples = [html.unescape(text) for text in re.findall(r'<code dir="auto">([^<]+)</code></a>', page)]
    assert len(examples) >= 10
    with kashaf.open(samples) as archive:
        assert [example for example in examples if not archive.search(example, size=0).total] == []
