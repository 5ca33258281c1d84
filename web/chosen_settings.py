"""Where settings come from: flags before variables of the environment before a TOML file before defaults.

The file is the one that is named (``--config``, ``KASHAF_CONFIG``), else ``kashaf.toml`` in the folder of the
archive, if there is one. Whatever it holds that is no setting is refused: a misspelt limit is no limit.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from kashaf.errors import SettingError
from kashaf.web.settings import SETTINGS, Settings, token_digest

FILE = "kashaf.toml"
FILE_VARIABLE = "KASHAF_CONFIG"
TOKEN_VARIABLE = "KASHAF_TOKEN"  # the token itself: it is hashed at once, and not kept
_LARGEST = 100_000  # bytes of a file


@dataclass(frozen=True, slots=True)
class Chosen:
    """Settings, and where each was chosen.

    Attributes:
        settings: what holds.
        origins: by name of a setting: its flag, its variable, the file, or ``default``.
        file: the TOML file that was read.
    """

    settings: Settings
    origins: Mapping[str, str]
    file: Path | None


def choose(flags: Mapping[str, str | None], environ: Mapping[str, str] = os.environ) -> Chosen:
    """The settings that hold.

    Args:
        flags: by name of a setting, as text; also ``config``, the file. None and names that are missing are not given.
        environ: variables of the environment; an empty one is not given.

    Raises:
        SettingError: if the file cannot be read or holds something else, or a value cannot be used.
    """
    given = {**_in_environment(environ), **_in_flags(flags)}
    named = flags.get("config") or environ.get(FILE_VARIABLE)
    folder = given["archive"].value if "archive" in given else SETTINGS["archive"].default
    file = Path(named) if named else Path(str(folder)) / FILE
    is_read = bool(named) or file.is_file()
    all_given = {**(_in_file(file, is_archives=not named) if is_read else {}), **given}
    settings = Settings(**{name: one.value for name, one in all_given.items()})  # type: ignore[arg-type]  # checked
    origins = {name: all_given[name].origin if name in all_given else "default" for name in SETTINGS}
    return Chosen(settings, origins, file if is_read else None)


@dataclass(frozen=True, slots=True)
class _Given:
    value: object
    origin: str


def _given(name: str, value: object, origin: str) -> _Given:
    """A value of the type of its setting."""
    try:
        return _Given(SETTINGS[name].kind.checked(value), origin)
    except ValueError as error:
        raise SettingError(name, origin, str(error)) from error


def _read(name: str, text: str, origin: str) -> _Given:
    """A value that was given as text."""
    try:
        value = SETTINGS[name].kind.read(text)
    except ValueError as error:
        raise SettingError(name, origin, str(error)) from error
    return _given(name, value, origin)


def _in_flags(flags: Mapping[str, str | None]) -> dict[str, _Given]:
    return {
        name: _read(name, text, SETTINGS[name].flag or name)
        for name, text in flags.items()
        if text is not None and name in SETTINGS
    }


def _in_environment(environ: Mapping[str, str]) -> dict[str, _Given]:
    texts = {name: environ.get(setting.variable, "").strip() for name, setting in SETTINGS.items()}
    given = {name: _read(name, text, SETTINGS[name].variable) for name, text in texts.items() if text}
    if token := environ.get(TOKEN_VARIABLE):
        given["token_sha256"] = _given("token_sha256", token_digest(token), TOKEN_VARIABLE)
    return given


def _in_file(file: Path, is_archives: bool) -> dict[str, _Given]:
    """What a file chooses; paths in it start at its own folder."""
    given: dict[str, _Given] = {}
    for name, value in _held(file).items():
        if name not in SETTINGS:
            raise SettingError(name, str(file), _unknown(name))
        if name == "archive" and is_archives:
            raise SettingError(name, str(file), "this file lies in an archive, and cannot choose another")
        is_path = name == "archive" and isinstance(value, str)
        given[name] = _given(name, os.path.join(file.parent, str(value)) if is_path else value, str(file))
    return given


def _held(file: Path) -> dict[str, object]:
    """The keys and values of a TOML file."""
    try:
        with open(file, "rb") as opened:
            content = opened.read(_LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SettingError("", str(file), f"cannot be read: {reason}") from error
    if len(content) > _LARGEST:
        raise SettingError("", str(file), f"is larger than {_LARGEST:,} bytes, and no file of settings")
    try:
        return tomllib.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise SettingError("", str(file), f"is not TOML in UTF-8: {reason}") from error


def _unknown(name: str) -> str:
    if name == "token":
        return "write token_sha256, the output of sha256sum: a file holds no token"
    near = get_close_matches(name, SETTINGS, n=1)
    return "there is no such setting" + (f"; did you mean {near[0]}?" if near else "")


def misspelt(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Variables that are no setting, though nearly one: each with the one that may be meant."""
    known = [FILE_VARIABLE, TOKEN_VARIABLE, *(setting.variable for setting in SETTINGS.values())]
    others = (name for name in environ if name.startswith("KASHAF_") and name not in known)
    return {name: near[0] for name in others if (near := get_close_matches(name, known, n=1, cutoff=0.85))}


def shown(chosen: Chosen) -> str:
    """The settings that hold, as a TOML file with the origin of each beside it; secrets hidden."""
    lines = [f"# read from {chosen.file}"] if chosen.file else []
    for name, setting in SETTINGS.items():
        value = getattr(chosen.settings, name)
        if value is None:
            written = f"# {name} is not set"
        else:
            written = f"{name} = " + ('"(hidden)"' if setting.is_secret else _toml(value))
        lines.append(f"{written:<40}  # {chosen.origins[name]}")
    return "\n".join(lines)


def _toml(value: object) -> str:
    """A value as TOML writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, int | float):
        return str(value)
    escaped = "".join(
        f"\\u{ord(c):04x}" if c in '\\"' or not c.isprintable() and ord(c) < 0x10000 else c for c in str(value)
    )
    return f'"{escaped}"'
