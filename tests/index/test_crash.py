"""A writer that is killed loses nothing that it has acknowledged, and leaves nothing half done.

`KASHAF_KILLS` sets how often; the seed of each run is in the failure's message.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import kashaf

WRITER = """
import sys, kashaf
archive = kashaf.open(sys.argv[1], create=True)
start = int(sys.argv[2])
for batch in range(start, start + 10_000):
    with archive.writer() as writer:
        for n in range(8):
            number = batch * 8 + n
            text = f"mot{number % 97} corps du texte"
            writer.add(kashaf.Article(id=f"a{number}", headline=f"Titre {number} الخبر", body=text))
        if batch % 3 == 2:
            writer.delete(f"a{batch * 8 - 5}")
    print(batch, flush=True)
"""


def test_killed_writers_lose_nothing(tmp_path: Path) -> None:
    kills = int(os.environ.get("KASHAF_KILLS", "4"))
    seed = int(os.environ.get("KASHAF_SEED", time.time_ns() % 100_000))
    chance = random.Random(seed)
    folder = tmp_path / "archive"
    start = 0
    for kill in range(kills):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(folder), str(start)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        first = process.stdout.readline()  # the imports are over: from here on it writes
        time.sleep(chance.uniform(0, 0.6))
        process.kill()
        acknowledged = [int(line) for line in [first, *process.stdout.read().split("\n")] if line.strip()]
        process.stdout.close()
        process.wait()
        last = max(acknowledged)

        with kashaf.open(folder) as archive:
            assert archive.verify() == [], (seed, kill)
            present = {article.id for article in archive.export()}
            found = archive.search("titre", size=0)
            assert found.total == len(present), (seed, kill)
            for batch in range(last + 1):
                # The batch behind the last acknowledged one may be there too, whole, and its deletion with it.
                for n in range(8):
                    number = batch * 8 + n
                    deleter = batch + 1 if n == 3 and (batch + 1) % 3 == 2 else None
                    if deleter is None:
                        assert f"a{number}" in present, (seed, kill, number)
                    elif deleter <= last:
                        assert f"a{number}" not in present, (seed, kill, number)
            beyond = {int(i[1:]) // 8 for i in present if int(i[1:]) // 8 > last}
            assert len(beyond) <= 1, (seed, kill)
            start = max([last, *beyond]) + 1
