"""What the person who runs the server may choose, read from the environment."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

REMEMBERED = 16_000_000
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Settings of one server.

    Attributes:
        archive: folder of the archive.
        token_sha256: SHA-256 (64 hexadecimal digits) of the token that allows writing; None: nobody may write.
        hosts: names under which the server may be called (a leading dot allows sub-domains); empty: any.
        max_body: bytes of a request body at most.
        max_address: characters of an address at most.
        max_export: articles of one export at most.
        budget: seconds that one search of a page or of the interface may take.
        remembered: bytes of answers that a worker keeps for who asks the same; 0: none.
    """

    archive: Path
    token_sha256: str | None = None
    hosts: tuple[str, ...] = ()
    max_body: int = 16_000_000
    max_address: int = 8_000
    max_export: int = 100_000
    budget: float = 2.0
    remembered: int = REMEMBERED

    def __post_init__(self) -> None:
        if self.token_sha256 is not None and not _SHA256.fullmatch(self.token_sha256):
            raise ValueError("KASHAF_TOKEN_SHA256 must be 64 hexadecimal digits: sha256sum of the token")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """Settings from ``KASHAF_ARCHIVE``, ``KASHAF_TOKEN`` or ``KASHAF_TOKEN_SHA256``, ``KASHAF_HOSTS`` and
        ``KASHAF_REMEMBERED``.

        Raises:
            ValueError: if the hash of the token, or a number, is not one.
        """
        digest = environ.get("KASHAF_TOKEN_SHA256", "").strip().lower() or None
        if token := environ.get("KASHAF_TOKEN"):
            digest = token_digest(token)  # the token itself is not kept
        return cls(
            archive=Path(environ.get("KASHAF_ARCHIVE") or "archive"),
            token_sha256=digest,
            remembered=_whole("KASHAF_REMEMBERED", environ, REMEMBERED),
            hosts=tuple(name.strip() for name in environ.get("KASHAF_HOSTS", "").split(",") if name.strip()),
        )


def _whole(name: str, environ: Mapping[str, str], default: int) -> int:
    given = environ.get(name, "").strip()
    if not given:
        return default
    if not re.fullmatch("[0-9]{1,12}", given):
        raise ValueError(f"{name} must be a whole number in plain digits, not {given[:40]!r}")
    return int(given)


def token_digest(token: str) -> str:
    """The form in which a token is kept and compared."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
