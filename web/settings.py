"""What the person who runs the server may choose: every setting once, with its kind, its default and its meaning.

The flags of ``kashaf serve``, the environment variables, the keys of the TOML file and the table of
docs/operating.md all come from here: to add a setting, add a line.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kashaf.errors import SettingError
from kashaf.web.setting_kinds import (
    Choice,
    Digest,
    Folder,
    Kind,
    Networks,
    Origins,
    Seconds,
    Switch,
    Text,
    Texts,
    Whole,
)

_ANY_HOST = r"\.?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*|\[[0-9A-Fa-f:.]+\]"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as a person writes it.

    Attributes:
        name: key of the TOML file; its flag has dashes for underscores.
        kind: what may be written.
        default: what holds when nothing is written.
        meaning: what it does, in one line.
        is_secret: never shown.
    """

    name: str
    kind: Kind
    default: object
    meaning: str
    is_secret: bool

    @property
    def flag(self) -> str | None:
        """Its option of ``kashaf serve``; None for a secret, which other users of the machine would see there."""
        return None if self.is_secret else f"--{self.name.replace('_', '-')}"

    @property
    def written_default(self) -> str:
        """What holds when nothing is written, as text."""
        if self.default is None or self.default == ():
            return "none"
        return str(self.default).lower() if isinstance(self.default, bool) else str(self.default)

    @property
    def variable(self) -> str:
        """Its variable of the environment."""
        return f"KASHAF_{self.name.upper()}"


def _setting(default: Any, kind: Kind, meaning: str, is_secret: bool = False) -> Any:
    return field(default=default, metadata={"kind": kind, "meaning": meaning, "is_secret": is_secret})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Settings of one server; `SETTINGS` describes each.

    Raises:
        SettingError: if a value is not of its kind.
    """

    archive: Path = _setting(Path("archive"), Folder(), "the folder of the archive")
    host: str = _setting(
        "127.0.0.1", Text(r"[A-Za-z0-9.:_-]+", "an address or a host name", "H"), "address to listen on"
    )
    port: int = _setting(8000, Whole(0, 65_535), "port to listen on; 0 takes any free one and prints it")
    workers: int = _setting(0, Whole(0, 64), "processes that answer; 0: one a core")
    hosts: tuple[str, ...] = _setting(
        (),
        Texts(_ANY_HOST, "host names; `.example.org` allows sub-domains"),
        "names under which the server may be called; none: any",
    )
    token_sha256: str | None = _setting(
        None,
        Digest(),
        "SHA-256 of the token that allows writing; none: nobody may write",
        is_secret=True,
    )
    origins: tuple[str, ...] = _setting(
        (), Origins(), "web origins whose pages may read the JSON interface (CORS); `*`: any; none: no other"
    )
    proxies: tuple[str, ...] = _setting(
        (), Networks(), "reverse proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed"
    )
    requests_per_minute: int = _setting(0, Whole(0, 1_000_000), "requests of one client in the long run; 0: no limit")
    request_burst: int = _setting(60, Whole(1, 1_000_000), "requests that a client may make at once")
    writes_per_minute: int = _setting(0, Whole(0, 1_000_000), "the same for requests that write; 0: no limit")
    write_burst: int = _setting(20, Whole(1, 1_000_000), "writes that a client may make at once")
    wrong_tokens_per_minute: int = _setting(
        60, Whole(0, 1_000_000), "wrong tokens of one client before it must wait; 0: no limit"
    )
    private_webhooks: bool = _setting(
        False,
        Switch(),
        "whether webhooks of alerts may be in the server's own network, not on the public Internet alone",
    )
    extractor: str | None = _setting(
        None,
        Text(r"\S{1,100}", "a name", "NAME"),
        "installed extractor that also looks for persons and organisations in articles that are sent; none: no other",
    )
    max_body: int = _setting(16_000_000, Whole(1_000, 1_000_000_000), "bytes of a request body at most")
    max_address: int = _setting(8_000, Whole(500, 8_190), "characters of an address at most")
    max_export: int = _setting(100_000, Whole(1, 100_000_000), "articles of one export at most")
    exports_at_once: int = _setting(2, Whole(1, 64), "exports that one worker sends at once")
    export_budget: float = _setting(30.0, Seconds(0, 3_600), "seconds that the search of an export may take")
    budget: float = _setting(2.0, Seconds(0, 60), "seconds that one search may take; then its answer is partial")
    remembered: int = _setting(
        16_000_000, Whole(0, 100_000_000_000), "bytes of answers that a worker keeps for who asks the same; 0: none"
    )
    log_format: str = _setting("json", Choice("json", "text"), "form of the lines on standard error")
    log_level: str = _setting(
        "info",
        Choice("debug", "info", "warning", "error"),
        "the least that is logged; `info` holds one line a request",
    )
    log_queries: bool = _setting(False, Switch(), "whether lines of requests hold what was searched for")
    slow: float = _setting(1.0, Seconds(0, 3_600), "seconds after which a request is kept as slow, for the admin page")

    def __post_init__(self) -> None:
        for setting in SETTINGS.values():
            given = getattr(self, setting.name)
            if given is None and setting.default is None:
                continue
            try:
                object.__setattr__(self, setting.name, setting.kind.checked(given))
            except ValueError as error:
                raise SettingError(setting.name, setting.name, str(error)) from error


SETTINGS: Mapping[str, Setting] = {
    one.name: Setting(name=one.name, default=one.default, **one.metadata) for one in dataclasses.fields(Settings)
}


def token_digest(token: str) -> str:
    """The form in which a token is kept and compared."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
