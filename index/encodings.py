"""Bytes to text: which encoding a file is in, told by evidence a reader can check by hand.

In this order, the first that holds:

1. a byte order mark: UTF-8, UTF-16 or UTF-32, and the rest must decode;
2. the first bytes of a known binary format: refused by its name;
3. every other byte 0x00 (Latin) or 0x06 (Arabic): UTF-16 without a mark, if it decodes to letters;
4. strict UTF-8: other encodings almost never form its sequences by accident. A file in which most
   high bytes do form them is broken UTF-8, and refused;
5. high bytes mostly side by side, as whole words, a third of them one of the six commonest letters of
   Arabic (they make up half of any Arabic text): windows-1256. High bytes mostly alone among ASCII
   letters: windows-1252 (French). Both agree on é, è, à, ç …, so that only their places tell.

What holds control characters after that, or bytes that its encoding does not know, is refused.
"""

from __future__ import annotations

import codecs
import re

from kashaf.errors import ArticleError

_MARKS = (  # the longer mark first: UTF-32 LE begins with the mark of UTF-16 LE
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARIES = (
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"\x1f\x8b", "gzip data"),
    (b"BZh", "bzip2 data"),
    (b"\xfd7zXZ\x00", "xz data"),
    (b"\x28\xb5\x2f\xfd", "zstandard data"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"RIFF", "sound, film or a picture"),
    (b"ID3", "sound"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\x00", "a database"),
)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_CONTROL_TEXT = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x9f\ufffe\uffff]")
_LETTERS = re.compile("[\t\n\r -~\xa0-\u024f\u0300-\u036f\u0600-\u06ff\u0750-\u077f\u2010-\u203a\ufb50-\ufefc]")
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_UTF8_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")

_UNTOLD = "undecodable: neither UTF-8, UTF-16, windows-1256 nor windows-1252"
_COMMON_ARABIC = "اليمون".encode("windows-1256")
_ENOUGH = 20  # high bytes from which shares of them mean something

_PROBE = 65_536  # bytes that are looked at to tell the encoding
_MOST_CONTROLS = 0.01  # a text may hold a stray form feed or escape; a binary file holds far more


def decode(data: bytes) -> str:
    """The text of a file or record.

    >>> decode("Où ? À Fès".encode("windows-1252"))
    'Où ? À Fès'

    Raises:
        ArticleError: if it is binary or in no encoding that can be told; the message says which.
    """
    name = encoding_of(data)
    try:
        text = data.decode(name)
    except UnicodeDecodeError as error:
        raise ArticleError(f"undecodable: byte {error.start} is not valid {name}") from error
    controls = len(_CONTROL_TEXT.findall(text))
    if controls > _MOST_CONTROLS * len(text) + 1:
        raise ArticleError("binary data, not text")
    return text


def encoding_of(data: bytes) -> str:
    """The Python name of the encoding, told from the first 64 KiB.

    Raises:
        ArticleError: as `decode`.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    for magic, kind in _BINARIES:
        if data.startswith(magic):
            raise ArticleError(f"binary data ({kind}), not text")
    probe = data[:_PROBE]
    if wide := _utf16_without_mark(probe):
        return wide
    if len(_CONTROL.findall(probe)) > _MOST_CONTROLS * len(probe) + 1:
        raise ArticleError("binary data, not text")
    try:
        # The probe may end inside a character: an incremental decoder waits for the rest of it.
        codecs.getincrementaldecoder("utf-8")().decode(probe, final=len(probe) == len(data))
        return "utf-8"
    except UnicodeDecodeError as error:
        return _one_byte_encoding(probe, error.start)


def _utf16_without_mark(probe: bytes) -> str | None:
    even = probe[: len(probe) & ~1]
    if not even:
        return None
    for name, upper_half in (("utf-16-le", even[1::2]), ("utf-16-be", even[0::2])):
        if upper_half.count(0) + upper_half.count(6) < 0.7 * len(upper_half):
            continue
        text = even.decode(name, "replace")
        if len(_LETTERS.findall(text)) > 0.95 * len(text):
            return name
    return None


def _one_byte_encoding(probe: bytes, first_error: int) -> str:
    runs = [len(run) for run in _HIGH_RUN.findall(probe)]
    high = sum(runs)
    in_sequences = sum(map(len, _UTF8_SEQUENCE.findall(probe)))
    if in_sequences > 0.8 * high:
        raise ArticleError(f"undecodable: UTF-8 with an invalid byte at {first_error}")
    arabic = sum(length for length in runs if length >= 3) > 0.5 * high
    common = sum(probe.count(bytes([letter])) for letter in _COMMON_ARABIC)
    if arabic and high >= _ENOUGH and common < 0.3 * high:
        raise ArticleError(_UNTOLD)
    # One accented letter in four characters is already more than any French text has.
    if not arabic and high > 0.25 * len(probe) + 4:
        raise ArticleError(_UNTOLD)
    return "windows-1256" if arabic else "windows-1252"
