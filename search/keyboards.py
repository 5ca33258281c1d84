"""Words typed with the keyboard switched to the other script.

The Arabic layout is the standard one of PC keyboards (Arabic 101; on French keyboards, 102), the Latin ones
are AZERTY (France) and QWERTY (United States): a key is the same place on each.
"""

from __future__ import annotations

# The three rows of letters and the key above them; keys that write two letters are in _LIGATURES.
_ARABIC = "ضصثقفغعهخحجدشسيبلاتنمكطئءؤرىةوزظذ"
_AZERTY = "azertyuiop^$qsdfghjklmùwxcvn,;:!²"
_QWERTY = "qwertyuiop[]asdfghjkl;'zxcvnm,./`"
_LIGATURES = {"b": "لا", "T": "لإ", "G": "لأ", "B": "لآ"}
_ARABIC_SHIFTED = {"H": "أ", "Y": "إ", "N": "آ"}
_AZERTY_DIGITS = {"2": "é", "7": "è", "9": "ç", "0": "à"}  # what these keys write without the shift key


def _to_arabic(latin: str) -> dict[int, str]:
    keys = dict(zip(latin, _ARABIC, strict=True))
    # Capitals are letters of the same key where the shifted key has no letter of its own.
    return str.maketrans(
        {**{k.upper(): v for k, v in keys.items() if k.isalpha()}, **keys, **_LIGATURES, **_ARABIC_SHIFTED}
    )


_TO_ARABIC = [_to_arabic(_AZERTY), _to_arabic(_QWERTY)]
_TO_LATIN = [
    str.maketrans({**dict(zip(_ARABIC, _AZERTY, strict=True)), **_AZERTY_DIGITS, "أ": "h", "إ": "y", "آ": "n"}),
    str.maketrans({**dict(zip(_ARABIC, _QWERTY, strict=True)), "أ": "h", "إ": "y", "آ": "n"}),
]


def retyped(text: str) -> list[str]:
    """What the same keys would have written on the other layouts, the likeliest first.

    >>> retyped("hgl;jf")[1]
    'المكتب'
    """
    if any("\u0600" <= character <= "\u06ff" for character in text):
        # لا is one key (b), or two (gh).
        return [variant.translate(table) for table in _TO_LATIN for variant in (text.replace("لا", "b"), text)]
    return [text.translate(table) for table in _TO_ARABIC]
