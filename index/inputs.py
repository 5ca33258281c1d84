"""Files and folders to streams of bytes: walked in order, counted, inflated within limits."""

from __future__ import annotations

import gzip
import io
import os
import re
import stat
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kashaf.errors import ArticleError
from kashaf.index.refusals import Refusal, showable

STDIN = Path("-")  # stands for the standard input
MAX_INFLATED = 256_000_000  # bytes of one document after inflation
MAX_RATIO = 100  # inflated bytes for one compressed byte, in a single document
MAX_LINE = 8_000_000  # bytes of one JSON line
_STDIN_NAME = "standard input"
_NO_FILE = "neither a file nor a folder"
_RATIO_FROM = 1_000_000  # bytes from which the ratio counts: short repetitive texts do inflate a lot

Advance = Callable[[int], None]

# In a folder: hidden files, and files about the folder. Named on their own they are read.
_ABOUT = re.compile(r"\..*|(readme|licen[cs]e|copying|notice)(\.\w+)?|.*\.md", re.IGNORECASE)

# What reading a damaged or unreadable file raises.
UNREADABLE = (OSError, EOFError, zlib.error)


@dataclass(frozen=True, slots=True)
class Input:
    """One opened file, inflated when it is a gzip file.

    Attributes:
        where: the path as shown in messages.
        name: the file name in lower case, without ".gz".
        stream: its bytes.
        packed: bytes of the gzip file; None for a file that is not one.
    """

    where: str
    name: str
    stream: io.BufferedReader[Any]
    packed: int | None

    def __enter__(self) -> Input:
        return self

    def __exit__(self, *raised: object) -> None:
        self.stream.close()

    def head(self) -> bytes:
        """The first bytes (up to 4096), which stay to be read."""
        return self.stream.peek(4096)[:4096]

    def whole(self, limit: int) -> bytes:
        """All bytes.

        Raises:
            ArticleError: if there are more than `limit`, none, or more than a sound gzip file gives.
        """
        if self.packed is not None:
            ratio_limit = max(_RATIO_FROM, self.packed * MAX_RATIO)
            data = self.stream.read(min(limit, ratio_limit) + 1)
            if ratio_limit < len(data) <= limit:
                raise ArticleError(f"inflates to more than {MAX_RATIO} times its size")
        else:
            data = self.stream.read(limit + 1)
        if len(data) > limit:
            raise ArticleError(f"over {limit // 1_000_000} MB")
        if not data.strip():
            raise ArticleError("empty")
        return data

    def lines(self) -> Iterator[tuple[int, bytes | None]]:
        """Line numbers from 1, and lines with their line feed; None for a line over `MAX_LINE`."""
        number = 0
        while line := self.stream.readline(MAX_LINE + 1):
            number += 1
            if len(line) <= MAX_LINE:
                yield number, line
                continue
            while line and not line.endswith(b"\n"):
                line = self.stream.readline(MAX_LINE)
            yield number, None


class _Counted(io.RawIOBase):
    """A file that reports how far it has been read."""

    def __init__(self, file: io.FileIO, advance: Advance | None) -> None:
        self._file = file
        self._advance = advance

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int | None:  # type: ignore[override]  # typeshed: Buffer
        count = self._file.readinto(buffer)
        if self._advance is not None and count:
            self._advance(count)
        return count

    def close(self) -> None:
        self._file.close()
        super().close()


def open_input(path: Path, advance: Advance | None = None) -> Input:
    """Opens a file; `advance` is called with each number of bytes taken from the disk.

    `STDIN` is the standard input: it has no name and tells what it is by its content.

    Raises:
        OSError: if it cannot be opened.
    """
    file = io.FileIO(0, closefd=False) if path == STDIN else io.FileIO(path)
    counted = io.BufferedReader(_Counted(file, advance), 262_144)
    where, name = (_STDIN_NAME, "") if path == STDIN else (showable(str(path)), path.name.lower())
    if counted.peek(2)[:2] != b"\x1f\x8b":
        return Input(where, name, counted, None)
    inflated = io.BufferedReader(gzip.GzipFile(fileobj=counted), 1_048_576)
    return Input(where, name.removesuffix(".gz"), inflated, os.fstat(file.fileno()).st_size or None)


def walk(paths: Iterable[Path]) -> Iterator[Path | Refusal]:
    """The files of `paths`; folders are walked in sorted order, hidden files and files about the
    folder (README, LICENSE, Markdown) skipped.

    Links are followed; one that leads back to a folder above it is refused. `STDIN` stays what it is.
    """
    for path in paths:
        if path == STDIN:
            yield path
        else:
            yield from _walk(Path(path))


def _walk(top: Path) -> Iterator[Path | Refusal]:
    # Iterators over the folders that are open, the topmost first: a tree may be deeper than calls may be.
    waiting: list[Iterator[Path]] = [iter([top])]
    above: list[tuple[int, int]] = [(-1, -1)]  # identities of these folders
    while waiting:
        path = next(waiting[-1], None)
        if path is None:
            waiting.pop()
            above.pop()
            continue
        try:
            status = path.stat()
            if not stat.S_ISDIR(status.st_mode):
                yield path if stat.S_ISREG(status.st_mode) else Refusal(showable(str(path)), _NO_FILE)
                continue
            here = (status.st_dev, status.st_ino)
            if here in above:
                yield Refusal(showable(str(path)), "a link that leads back to a folder above it")
                continue
            names = sorted(name for name in os.listdir(path) if not _ABOUT.fullmatch(name))
        except OSError as error:
            yield Refusal(showable(str(path)), unreadable(error))
            continue
        except ValueError:
            yield Refusal(showable(str(path)), "not a file name")
            continue
        waiting.append(map(path.joinpath, names))
        above.append(here)


def total_bytes(paths: Iterable[Path]) -> int:
    """Bytes on disk of all files that `walk` gives: the length of a progress bar."""
    total = 0
    for found in walk(paths):
        if isinstance(found, Path) and found != STDIN:
            try:
                total += found.stat().st_size
            except OSError:  # it went away meanwhile: reading it will name it
                continue
    return total


def unreadable(error: BaseException) -> str:
    """The reason shown for an error of the system, without its number or path."""
    if isinstance(error, FileNotFoundError):
        return "no such file or folder"
    if isinstance(error, PermissionError):
        return "not readable: permission denied"
    if isinstance(error, (gzip.BadGzipFile, EOFError, zlib.error)):
        return "damaged gzip data"
    if isinstance(error, OSError) and error.strerror:
        return f"not readable: {error.strerror.lower()}"
    return "not readable"
