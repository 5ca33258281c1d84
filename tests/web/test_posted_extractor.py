"""Articles that are sent are read by the extractor that the settings name."""

import json
from pathlib import Path

import pytest

import kashaf
from kashaf.errors import SettingError
from kashaf.web import create_app
from kashaf.web.settings import Settings, token_digest

MODULE = """
def extract(text, language):
    place = text.find("Zorglub")
    if "FAIL" in text:
        raise ValueError("no luck")
    return [(place, place + 7, "person", 0.9)] if place >= 0 else []
"""


def test_an_extractor_reads_what_is_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kashaf_posted_extractor.py").write_text(MODULE, "utf-8")
    info = tmp_path / "kashaf_posted_extractor-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: kashaf-posted-extractor\nVersion: 1.0\n", "utf-8")
    (info / "entry_points.txt").write_text("[kashaf.extractors]\ntest-posted = kashaf_posted_extractor:extract\n")
    monkeypatch.syspath_prepend(tmp_path)
    kashaf.open(tmp_path / "archive", create=True).close()
    settings = Settings(archive=tmp_path / "archive", extractor="test-posted", token_sha256=token_digest("secret"))
    client = create_app(settings).test_client()
    headers = {"Authorization": "Bearer secret"}
    one = client.post("/api/v1/articles", json={"id": "one", "body": "On a vu Zorglub."}, headers=headers)
    assert one.status_code == 201
    lines = b'{"id": "two", "body": "On a vu Zorglub ici."}\n{"id": "three", "body": "FAIL"}\n'
    many = client.post("/api/v1/articles", data=lines, headers=headers | {"Content-Type": "application/x-ndjson"})
    assert [line["status"] for line in map(json.loads, many.text.splitlines())] == [201, 422]
    assert "extractor 'test-posted' failed: ValueError: no luck" in many.text
    for article_id in ("one", "two"):
        persons = client.get(f"/api/v1/articles/{article_id}").get_json()["persons"]
        assert [(person["text"], person["function"]) for person in persons] == [("Zorglub", None)]


def test_an_extractor_that_is_not_installed_is_told_at_the_start(tmp_path: Path) -> None:
    kashaf.open(tmp_path / "archive", create=True).close()
    with pytest.raises(SettingError, match="no extractor 'nobody' is installed"):
        create_app(Settings(archive=tmp_path / "archive", extractor="nobody"))
