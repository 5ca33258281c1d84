"""The examples for operators are right as far as a test can tell."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from kashaf.search.archive import open_archive
from kashaf.web import create_app
from kashaf.web.settings import SETTINGS, Settings

EXAMPLES = Path(__file__).parent.parent / "docs" / "examples"
UNIT = (EXAMPLES / "kashaf.service").read_text(encoding="utf-8")
CONTAINER = re.sub(r"\\\n", "", (EXAMPLES / "Containerfile").read_text(encoding="utf-8"))


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is missing")
def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    here = UNIT.replace("/opt/kashaf/bin/kashaf", sys.executable)  # programs and people that this machine has
    here = re.sub("^(User|Group)=.*$", "", here, flags=re.MULTILINE)
    unit = tmp_path / "kashaf.service"
    unit.write_text(here, encoding="utf-8")
    done = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, timeout=60)
    complaints = [line for line in done.stderr.splitlines() if "kashaf.service" in line]
    assert complaints == []


def test_the_unit_runs_as_nobody_special() -> None:
    for line in ("User=kashaf", "ExecReload=/bin/kill -HUP $MAINPID", "NoNewPrivileges=true", "ProtectSystem=strict"):
        assert line in UNIT.splitlines()


def test_variables_of_the_examples_are_settings() -> None:
    known = {setting.variable for setting in SETTINGS.values()} | {"KASHAF_CONFIG", "KASHAF_TOKEN"}
    assert set(re.findall(r"KASHAF_[A-Z0-9_]+", UNIT + CONTAINER)) <= known


def test_the_container_runs_as_somebody_else_than_root() -> None:
    steps = [line.split(" ", 1) for line in CONTAINER.splitlines() if line and line[0].isupper()]
    last_stage = steps[max(n for n, (name, _) in enumerate(steps) if name == "FROM") :]
    assert [value for name, value in last_stage if name == "USER"] == ["10001"]
    names = [name for name, _ in steps]
    assert "ADD" not in names and set(names) <= {
        *("FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "VOLUME", "EXPOSE", "HEALTHCHECK", "ENTRYPOINT", "CMD")
    }
    copied = [value.split()[:-1] for name, value in steps if name == "COPY" and "--from" not in value]
    root = EXAMPLES.parent.parent
    assert all((root / source).exists() for sources in copied for source in sources)


@pytest.mark.parametrize("hosts", ["", "archive.example, other.example", ".archive.example"])
def test_the_container_knows_when_it_is_healthy(tmp_path: Path, hosts: str) -> None:
    [check] = re.findall(r"^HEALTHCHECK .*?CMD (\[.*\])$", CONTAINER, re.MULTILINE)
    _, option, program = json.loads(check)
    open_archive(tmp_path, create=True).close()
    names = tuple(name.strip() for name in hosts.split(",") if name.strip())
    server = make_server("127.0.0.1", 0, create_app(Settings(archive=tmp_path, hosts=names)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    environ = {"PATH": os.environ["PATH"], "KASHAF_PORT": str(server.server_port)}
    if hosts:
        environ["KASHAF_HOSTS"] = hosts
    try:
        assert subprocess.run([sys.executable, option, program], env=environ, timeout=30).returncode == 0
    finally:
        server.shutdown()
        server.server_close()
    stopped = subprocess.run([sys.executable, option, program], env=environ, timeout=30, capture_output=True)
    assert stopped.returncode != 0
