"""What may be written as the value of a setting: as text in flags and variables, as a TOML value in a file."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

_SHOWN = 60  # characters of a value in a message


class Kind(Protocol):
    """One kind of value."""

    @property
    def metavar(self) -> str:
        """What stands for it in the help of a flag."""

    @property
    def allowed(self) -> str:
        """What may be written, to follow "must be"."""

    def read(self, text: str) -> object:
        """The value that a text stands for, not yet checked; ValueError when it is none of this kind."""

    def checked(self, value: object) -> object:
        """The value in its final type; ValueError, with what is allowed, when it cannot be used."""


def _wrong(kind: Kind, given: object) -> ValueError:
    shown = repr(given)
    return ValueError(f"must be {kind.allowed}, not {shown if len(shown) <= _SHOWN else shown[:_SHOWN] + '…'}")


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number."""

    least: int
    most: int

    @property
    def metavar(self) -> str:
        return "N"

    @property
    def allowed(self) -> str:
        return f"a whole number from {self.least:,} to {self.most:,}"

    def read(self, text: str) -> object:
        if not re.fullmatch("[0-9]{1,18}", text):
            raise _wrong(self, text)
        return int(text)

    def checked(self, value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not self.least <= value <= self.most:
            raise _wrong(self, value)
        return value


@dataclass(frozen=True, slots=True)
class Seconds:
    """A time."""

    least: float
    most: float

    @property
    def metavar(self) -> str:
        return "S"

    @property
    def allowed(self) -> str:
        return f"seconds from {self.least:g} to {self.most:,g}"

    def read(self, text: str) -> object:
        if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", text):
            raise _wrong(self, text)
        return float(text)

    def checked(self, value: object) -> float:
        # A comparison with NaN is false.
        if not isinstance(value, int | float) or isinstance(value, bool) or not self.least <= value <= self.most:
            raise _wrong(self, value)
        return float(value)


@dataclass(frozen=True, slots=True)
class Switch:
    """Yes or no."""

    @property
    def metavar(self) -> str:
        return "true|false"

    @property
    def allowed(self) -> str:
        return "true or false"

    def read(self, text: str) -> object:
        if text not in ("true", "false"):
            raise _wrong(self, text)
        return text == "true"

    def checked(self, value: object) -> bool:
        if not isinstance(value, bool):
            raise _wrong(self, value)
        return value


class Choice:
    """One of some words."""

    def __init__(self, *words: str) -> None:
        self._words = words

    @property
    def metavar(self) -> str:
        return "|".join(self._words)

    @property
    def allowed(self) -> str:
        return f"{', '.join(self._words[:-1])} or {self._words[-1]}"

    def read(self, text: str) -> object:
        return text

    def checked(self, value: object) -> str:
        if not isinstance(value, str) or value not in self._words:
            raise _wrong(self, value)
        return value


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a certain form."""

    pattern: str
    allowed: str
    metavar: str

    def read(self, text: str) -> object:
        return text

    def checked(self, value: object) -> str:
        if not isinstance(value, str) or not re.fullmatch(self.pattern, value):
            raise _wrong(self, value)
        return value


class Digest:
    """A SHA-256."""

    @property
    def metavar(self) -> str:
        return "HEX"

    @property
    def allowed(self) -> str:
        return "64 hexadecimal digits: sha256sum of the token"

    def read(self, text: str) -> object:
        return text

    def checked(self, value: object) -> str:
        if not isinstance(value, str) or not re.fullmatch("[0-9A-Fa-f]{64}", value):
            raise ValueError(f"must be {self.allowed}")  # what was given may be the token itself
        return value.lower()


class Folder:
    """A folder."""

    @property
    def metavar(self) -> str:
        return "DIR"

    @property
    def allowed(self) -> str:
        return "the path of a folder"

    def read(self, text: str) -> object:
        return text

    def checked(self, value: object) -> Path:
        if not isinstance(value, str | Path) or "\x00" in str(value):
            raise _wrong(self, value)
        return Path(value)


class Texts:
    """Several texts: separated by commas as text, a list in a file."""

    def __init__(self, pattern: str, allowed: str) -> None:
        self._pattern = pattern
        self._allowed = allowed

    @property
    def metavar(self) -> str:
        return "A,B"

    @property
    def allowed(self) -> str:
        return self._allowed

    def read(self, text: str) -> object:
        return [one.strip() for one in text.split(",") if one.strip()]

    def checked(self, value: object) -> tuple[str, ...]:
        if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
            raise ValueError(f"must be a list of {self.allowed}")
        for one in value:
            self._check(one)
        return tuple(value)

    def _check(self, one: str) -> None:
        if not re.fullmatch(self._pattern, one):
            raise _wrong(self, one)


class Origins(Texts):
    """Origins of web pages (RFC 6454): scheme, host and perhaps port, nothing after; or ``*``."""

    def __init__(self) -> None:
        super().__init__("", "origins such as `https://tool.example.org`, or `*`")

    def _check(self, one: str) -> None:
        if one == "*":
            return
        try:
            parts = urlsplit(one)
            is_origin = parts.scheme in ("http", "https") and one == f"{parts.scheme}://{parts.netloc}"
            is_origin = is_origin and bool(parts.hostname) and "@" not in one and (parts.port or 1) > 0
        except ValueError:
            is_origin = False
        if not is_origin or one != one.lower() or re.search(r"[\s*]", one):
            raise _wrong(self, one)


class Networks(Texts):
    """Addresses and networks of addresses, IPv4 and IPv6."""

    def __init__(self) -> None:
        super().__init__("", "addresses or networks such as `10.0.0.7` or `10.0.0.0/8`")

    def _check(self, one: str) -> None:
        try:
            ipaddress.ip_network(one)
        except ValueError:
            raise _wrong(self, one) from None
