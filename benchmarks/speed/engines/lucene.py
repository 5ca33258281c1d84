"""Lucene, driven by the Java program beside this module.

Words are given to Lucene ready (nothing is tokenized); facets are its SortedSetDocValues counts, months are
counted from a numeric column; its query cache is off. CPU of a query is that of the thread that answers it: the
virtual machine's compiler and collector work beside it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import IO

from benchmarks.speed.answers import Answer
from benchmarks.speed.corpus import Corpus
from benchmarks.speed.engines.base import BUFFER_MB, NotHere
from benchmarks.speed.queries import Query

JARS = ("lucene-core", "lucene-facet", "hppc")
HEAP = "-Xmx2g"


class Lucene:
    """See Engine."""

    name = "Lucene"

    def version(self) -> str:
        """See Engine."""
        shown = subprocess.run([*_java(), "version"], capture_output=True, text=True, check=True)
        return shown.stdout.strip()

    def build(self, corpus: Corpus, folder: Path) -> None:
        """See Engine."""
        subprocess.run([*_java(), "build", str(corpus.folder), str(folder), str(BUFFER_MB)], check=True)

    def open(self, folder: Path) -> LuceneReader:
        """See Engine."""
        return LuceneReader(folder)


class LuceneReader:
    """See Reader."""

    def __init__(self, folder: Path) -> None:
        process = subprocess.Popen(
            [*_java(), "serve", str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
        assert process.stdin is not None and process.stdout is not None
        self._in: IO[str] = process.stdin
        self._out: IO[str] = process.stdout
        self.opening = self._ask("")[:2]

    def _ask(self, line: str) -> list[str]:
        self._in.write(line + "\n")
        self._in.flush()
        return self._out.readline().rstrip("\n").split("\t")

    def timed(self, query: Query, facets: bool) -> tuple[Answer, int, int]:
        """See Reader."""
        given = ("" if value is None else str(value) for value in (query.person, query.first, query.last))
        line = "\t".join([str(int(facets)), query.kind, *given, " ".join(query.words)])
        cpu, clock, total, best, persons, organisations, months = self._ask(line)
        answer = Answer(
            int(total),
            tuple(map(int, best.split(","))) if best else (),
            _pairs(persons),
            _pairs(organisations),
            tuple((int(month), count) for month, count in _pairs(months)),
        )
        return answer, int(cpu), int(clock)


def _pairs(text: str) -> tuple[tuple[str, int], ...]:
    pairs = (pair.rpartition("=") for pair in text.split(",") if pair)
    return tuple((name, int(count)) for name, _, count in pairs)


def _java() -> list[str]:
    """The command of the Java program, compiled when it is not yet."""
    source = Path(__file__).with_name("LuceneBench.java")
    jars = os.environ.get("LUCENE_JARS", "")
    found = [path for jar in JARS for path in sorted(Path(jars or ".").glob(f"{jar}-*.jar"))]
    if len(found) < len(JARS) or shutil.which("javac") is None:
        raise NotHere(f"a JDK, and LUCENE_JARS naming a folder with the jars of {', '.join(JARS)} (Maven Central)")
    classes = Path(tempfile.gettempdir()) / f"kashaf-lucene-{source.stat().st_mtime_ns}-{os.getuid()}"
    path = os.pathsep.join(map(str, found))
    if not (classes / "LuceneBench.class").exists():
        subprocess.run(["javac", "-cp", path, "-d", str(classes), str(source)], check=True)
    return ["java", HEAP, "-cp", os.pathsep.join([path, str(classes)]), "LuceneBench"]
