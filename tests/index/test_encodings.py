"""Bytes to text."""

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kashaf.errors import ArticleError
from kashaf.index.encodings import decode

FRENCH = "Réunis à Tétouan, les élèves ont été reçus près de l'hôtel : « Où êtes-vous ? » a demandé la maîtresse."
CYRILLIC = "Городской совет одобрил строительство нового моста через реку"
GREEK = "Το δημοτικό συμβούλιο ενέκρινε την κατασκευή της νέας γέφυρας"
ARABIC = "اجتمع أعضاء المجلس البلدي بمدينة تطوان صباح اليوم، وناقشوا مشروع القنطرة الجديدة."


@pytest.mark.parametrize(
    "text, encoding",
    [
        *((text, e) for text in (FRENCH, ARABIC) for e in ("utf-8", "utf-8-sig", "utf-16", "utf-32", "windows-1256")),
        *((text, e) for text in (FRENCH, ARABIC) for e in ("utf-16-le", "utf-16-be")),
        *((FRENCH, e) for e in ("windows-1252", "latin-1")),
        ("Cœur d'« œuvre » – 5 €", "windows-1252"),
        ("ASCII only", "ascii"),
        ("ASCII only", "utf-16-be"),
        ("لقاء", "windows-1256"),
        ("été", "latin-1"),
    ],
)
def test_the_encoding_is_told(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize(
    "rule, data, reason",
    [
        ("a picture", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "binary data (a PNG picture)"),
        ("a PDF file", b"%PDF-1.7 text", "a PDF document"),
        ("a ZIP archive", b"PK\x03\x04....", "ZIP"),
        ("control characters", bytes(range(32)) * 8, "binary"),
        ("NUL bytes in text", b"abc\x00\x00\x00\x00\x00\x00\x00def" * 9, "binary"),
        ("broken UTF-8", ARABIC.encode()[:-1] + b" \xd9", "invalid byte"),
        ("UTF-8 cut in a letter", ARABIC.encode()[:31], "invalid byte"),
        ("a byte that windows-1252 lacks", b"caf\xe9 et th\x81, puis de nouveau du caf\xe9", "not valid windows-1252"),
        ("half a UTF-16 pair", FRENCH.encode("utf-16") + b"\x00", "not valid utf-16"),
        ("Cyrillic, koi8-r", CYRILLIC.encode("koi8-r"), "undecodable"),
        ("Cyrillic, windows-1251", CYRILLIC.encode("windows-1251"), "undecodable"),
        ("Greek, windows-1253", GREEK.encode("windows-1253"), "undecodable"),
        ("high bytes alone, too many", b"\xe9a" * 60, "undecodable"),
    ],
)
def test_what_is_no_text_is_refused(rule: str, data: bytes, reason: str) -> None:
    with pytest.raises(ArticleError, match=".") as refused:
        decode(data)
    assert reason in str(refused.value)


def test_random_bytes_are_refused() -> None:
    for _ in range(200):
        with pytest.raises(ArticleError):
            decode(os.urandom(200))


def test_a_character_on_the_edge_of_the_probe_is_no_error() -> None:
    text = "x" * 65_535 + "é" + "y" * 10
    assert decode(text.encode()) == text


@settings(max_examples=200, deadline=None)
@given(st.binary())
def test_any_bytes_are_decoded_or_refused(data: bytes) -> None:
    try:
        assert isinstance(decode(data), str)
    except ArticleError:
        pass


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"]), min_size=1))
def test_utf8_comes_back(text: str) -> None:
    data = text.encode()
    if not data.startswith((b"\xff", b"\xfe", b"\xef\xbb\xbf", b"PK", b"ID3", b"BZh", b"RIFF", b"GIF8", b"%PDF-")):
        assert decode(data) == text
