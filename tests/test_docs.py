"""What the README and the guide show is run as it stands there, on the sample articles."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from kashaf.serve import sample_files

ROOT = Path(__file__).parent.parent
PAGES = ["README.md", "docs/guide.md"]
LEFT_RUNNING = {"serve", "demo"}  # tested in test_cli


def blocks(page: str) -> Iterator[tuple[str, str]]:
    """Language and text of the fenced examples, in order."""
    text = (ROOT / page).read_text("utf-8")
    yield from re.findall(r"^```(sh|python|console)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def environment() -> dict[str, str]:
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return {**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"}


def run(line: str, folder: Path) -> str:
    words = shlex.split(line, comments=True)
    command = [sys.executable, "-P", "-m", *words]
    done = subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, f"{line}: {done.stderr}"
    return done.stdout


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that looks like the checkout to the examples."""
    samples = tmp_path / "kashaf" / "samples"
    samples.mkdir(parents=True)
    for path in sample_files():
        (samples / path.name).write_bytes(path.read_bytes())
    return tmp_path


@pytest.mark.parametrize("page", PAGES)
def test_examples_run(page: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    ran = 0
    for language, text in blocks(page):
        if language == "python":
            exec(compile(text, page, "exec"), {})
            ran += 1
            continue
        for line in text.splitlines():
            if not line.startswith("kashaf ") or line.split()[1] in LEFT_RUNNING:
                continue
            output = run(line, folder)
            ran += 1
            if line.startswith("kashaf search"):
                assert "No article matches" not in output, line
                assert '"total": 0' not in output, line
    assert ran > 4


def test_addresses_answer(folder: Path) -> None:
    """The addresses that the README gives, asked of a running server."""
    addresses = re.findall(r"http://127\.0\.0\.1:8000(/[^\s'>)]*)", (ROOT / "README.md").read_text("utf-8"))
    run("kashaf index kashaf/samples", folder)
    command = [sys.executable, "-P", "-m", "kashaf", "serve", "--port", "0", "--workers", "1"]
    server = subprocess.Popen(command, cwd=folder, env=environment(), stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        found = re.search(r"http://\S+?(?=/ )", server.stdout.readline())
        assert found is not None
        assert addresses
        for address in addresses:
            with urllib.request.urlopen(found.group() + address, timeout=20) as answer:
                assert answer.status == 200, address
                assert answer.read()
    finally:
        server.terminate()
        server.wait(30)
        assert server.stdout is not None
        server.stdout.close()
