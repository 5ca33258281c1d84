"""Decisions on persons and organisations as a plain text file that can be kept under version control.

JSON lines, UTF-8, after a first line that names the format and its version. One entity a line, with all its names:
names, not ids, say who is meant, so that the file fits another archive or the same one made afresh. A line of two
names that are `apart` says that a librarian has found them to be two. The order depends on the names alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from kashaf.errors import CurationError
from kashaf.index.article import KINDS, Kind
from kashaf.index.curated_text import MOST_NAME, cleaned, is_plain_name

VERSION = 1
LANGUAGES = ("fr", "ar")
MOST_LABEL = 200  # characters
MOST_NOTE = 2_000
_HEADER = {"kashaf": "decisions", "version": VERSION}
_ENTITY = {"kind", "names", "labels", "wikidata", "note", "rejected"}
_MOST_BYTES = 1 << 20  # of one line
_WIKIDATA = re.compile(r"Q[1-9][0-9]{0,14}", re.ASCII)
_CONTROL = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class EntityLine:
    """What is decided of one entity; what is None or empty is left as it is.

    Attributes:
        names: all of them, at least one.
        labels: language -> label.
        line: in the file, from 1.
    """

    kind: Kind
    names: tuple[str, ...]
    labels: dict[str, str] = field(default_factory=dict)
    wikidata: str | None = None
    note: str | None = None
    rejected: bool = False
    line: int = 0


@dataclass(frozen=True, slots=True)
class ApartLine:
    """Two names of one kind that are not one entity's."""

    kind: Kind
    names: tuple[str, str]
    line: int = 0


@dataclass(frozen=True, slots=True)
class DecisionFile:
    """The content of a file of decisions."""

    entities: tuple[EntityLine, ...]
    apart: tuple[ApartLine, ...]


def wikidata_id(text: str) -> str:
    """A Wikidata id as it is kept.

    Raises:
        CurationError: if it is none; the message is the reason alone.
    """
    if _WIKIDATA.fullmatch(text.strip()) is None:
        raise CurationError(f"{text[:40]!r} is not a Wikidata id: Q and digits, like Q1028")
    return text.strip()


def written(content: DecisionFile) -> str:
    """The file as text."""
    rows: list[dict[str, object]] = []
    for entity in sorted(content.entities, key=lambda each: (each.kind, sorted(each.names))):
        said: dict[str, object] = {"kind": entity.kind, "names": sorted(entity.names)}
        labels = {language: entity.labels[language] for language in LANGUAGES if language in entity.labels}
        said |= {"labels": labels} if labels else {}
        said |= {"wikidata": entity.wikidata} if entity.wikidata else {}
        said |= {"note": entity.note} if entity.note else {}
        rows.append(said | ({"rejected": True} if entity.rejected else {}))
    pairs = sorted((pair.kind, sorted(pair.names)) for pair in content.apart)
    rows += [{"kind": kind, "apart": names} for kind, names in pairs]
    return "".join(_line(row) for row in (_HEADER, *rows))


def _line(row: dict[str, object]) -> str:
    text = json.dumps(row, ensure_ascii=False)
    return _CONTROL.sub(lambda found: f"\\u{ord(found.group()):04x}", text) + "\n"


def parsed(content: bytes, name: str) -> DecisionFile:
    """Reads a file.

    Args:
        name: what to call it in messages.

    Raises:
        CurationError: if it does not parse or contradicts itself; the message has the line and the reason.
    """
    lines = content.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    entities: list[EntityLine] = []
    apart: list[ApartLine] = []
    number = 1
    try:
        header = _object(lines[0])
        if header.get("kashaf") != "decisions":
            raise CurationError('does not begin with {"kashaf": "decisions", "version": 1}')
        if header != _HEADER or header["version"] is True:
            raise CurationError(f"is of version {str(header.get('version'))[:20]}; this Kashaf reads version {VERSION}")
        for number, line in enumerate(lines[1:], 2):
            if line.strip():
                row = _object(line)
                if "apart" in row:
                    apart.append(_apart(row, number))
                else:
                    entities.append(_entity(row, number))
        if (found := next(iter(_contradictions(entities, apart)), None)) is not None:
            number, reason = found
            raise CurationError(reason)
    except CurationError as error:
        raise CurationError(f"{name}, line {number}: {error}; nothing was changed") from None
    return DecisionFile(tuple(entities), tuple(apart))


def _object(line: bytes) -> dict[str, Any]:
    if len(line) > _MOST_BYTES:
        raise CurationError(f"has {len(line)} bytes, over the limit of {_MOST_BYTES}")
    try:
        row = json.loads(line.decode("utf-8"), object_pairs_hook=_members)
    except UnicodeDecodeError:
        raise CurationError("is not UTF-8") from None
    except (ValueError, RecursionError) as error:
        if isinstance(error, CurationError):
            raise
        raise CurationError("is not JSON") from None
    if not isinstance(row, dict):
        raise CurationError("is not a JSON object")
    return row


def _members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    row = dict(pairs)
    if len(row) < len(pairs):
        raise CurationError("has a member twice")
    return row


def _entity(row: dict[str, Any], number: int) -> EntityLine:
    kind = _kind(row, _ENTITY)
    labels = row.get("labels", {})
    if not isinstance(labels, dict) or not set(labels) <= set(LANGUAGES):
        raise CurationError("labels: not an object of fr and ar")
    rejected = row.get("rejected", False)
    if not isinstance(rejected, bool):
        raise CurationError("rejected: not true or false")
    wikidata, note = row.get("wikidata"), row.get("note")
    return EntityLine(
        kind,
        _names(row, "names"),
        {language: _text(f"label {language}", label, MOST_LABEL) for language, label in labels.items()},
        None if wikidata is None else wikidata_id(wikidata if isinstance(wikidata, str) else str(wikidata)),
        None if note is None else _text("note", note, MOST_NOTE),
        rejected,
        number,
    )


def _apart(row: dict[str, Any], number: int) -> ApartLine:
    kind, names = _kind(row, {"kind", "apart"}), _names(row, "apart")
    if len(names) != 2:
        raise CurationError("apart: not two names")
    return ApartLine(kind, (names[0], names[1]), number)


def _kind(row: dict[str, Any], members: set[str]) -> Kind:
    if foreign := set(row) - members:
        raise CurationError(f"has a member {min(foreign)[:40]!r}, which is not one of {', '.join(sorted(members))}")
    for kind in KINDS:
        if row.get("kind") == kind:
            return kind
    raise CurationError(f"kind: not {' or '.join(KINDS)}")


def _names(row: dict[str, Any], member: str) -> tuple[str, ...]:
    names = row.get(member)
    if not isinstance(names, list) or not names:
        raise CurationError(f"{member}: not a list of names")
    for name in names:
        if not isinstance(name, str) or not is_plain_name(name):
            raise CurationError(
                f"{member}: {str(name)[:40]!r} is not a name of 1 to {MOST_NAME} visible characters with a letter"
            )
    if len(set(names)) < len(names):
        raise CurationError(f"{member}: a name stands twice")
    return tuple(names)


def _text(member: str, text: object, most: int) -> str:
    if not isinstance(text, str):
        raise CurationError(f"{member}: not text")
    try:
        return cleaned(text, most)
    except CurationError as error:
        raise CurationError(f"{member}: {error}") from None


def _contradictions(entities: Iterable[EntityLine], apart: Iterable[ApartLine]) -> Iterable[tuple[int, str]]:
    """What lines say against earlier ones: their numbers, and why they cannot both hold."""
    owner: dict[tuple[Kind, str], int] = {}
    ids: dict[str, int] = {}
    for entity in entities:
        for name in entity.names:
            other = owner.setdefault((entity.kind, name), entity.line)
            if other != entity.line:
                yield entity.line, f"{name!r} is a name of the {entity.kind} of line {other} already"
        if entity.wikidata and (other := ids.setdefault(entity.wikidata, entity.line)) != entity.line:
            yield entity.line, f"{entity.wikidata} is the Wikidata id of line {other} already"
    for pair in apart:
        first, second = (owner.get((pair.kind, name)) for name in pair.names)
        if first is None or second is None:
            missing = pair.names[0 if first is None else 1]
            yield pair.line, f"{missing!r} is a name of no {pair.kind} of this file"
        elif first == second:
            yield pair.line, f"{pair.names[0]!r} and {pair.names[1]!r} are one {pair.kind} in line {first}"
