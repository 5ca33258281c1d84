"""A server that was started from the command line, as people start it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-P", "-m", "kashaf", *map(str, arguments)]


def environment(**changes: str) -> dict[str, str]:
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return {**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8", **changes}


class Running:
    """A started server, from its first line of output to its end."""

    def __init__(self, *arguments: str | Path, **changes: str) -> None:
        self._log = tempfile.TemporaryFile("w+", encoding="utf-8")  # a pipe that nobody reads would stop the server
        self.process = subprocess.Popen(
            command(*arguments), env=environment(**changes), stdout=subprocess.PIPE, stderr=self._log, text=True
        )
        self.said: list[str] = []
        self.address = ""
        self.errors = ""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line)
            if found := re.search(r"http://\S+/", line):
                self.address = found.group()
                break

    @property
    def port(self) -> int:
        return int(self.address.rsplit(":", 1)[1].strip("/"))

    def get(self, path: str) -> str:
        with urllib.request.urlopen(self.address + path, timeout=60) as answer:
            return str(answer.read().decode())

    def log(self) -> str:
        """What it has written on standard error so far."""
        with open(f"/proc/self/fd/{self._log.fileno()}", encoding="utf-8") as written:
            return written.read()

    def logged(self) -> list[dict[str, Any]]:
        """The same, each line a JSON object."""
        return [json.loads(line) for line in self.log().splitlines()]

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ends it; gives its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            self.process.communicate(timeout=40)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        self.errors = self.log()
        self._log.close()
        return self.process.returncode
