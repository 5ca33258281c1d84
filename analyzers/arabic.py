"""Arabic words, folded so that one word has one spelling.

After the Unicode Standard (chapter 9.2, and NFKC) and the normalisation of Larkey, Ballesteros and
Connell, "Improving Stemming for Arabic Information Retrieval" (SIGIR 2002).
`kashaf.analyzers.arabic_stem` groups the folded words.
"""

import re
import unicodedata

from pyarabic import araby

from kashaf.analyzers.words import APOSTROPHES, HYPHENS, INVISIBLE, LONGEST_TERM, MIDDLE_DOTS, Term

# Spellings that the press mixes freely (الإنتقال for الانتقال, final ى for ي, ه for ة) and letters of
# Persian and Maghrebi keyboards. Hamza on waw and yeh is kept: folding it too was measured and gained
# nothing. pyarabic's own normalisers are not used here: normalize_alef also turns final ى into ا (على
# into علا), and normalize_hamza writes every carrier as ء (مؤمن as مءمن); neither knows the letters
# below, digits or controls.
_LETTERS = str.maketrans(
    {
        **dict.fromkeys("أإآٱٲٳٵ", araby.ALEF),
        **dict.fromkeys("ىیېۍےێۑ", araby.YEH),
        **dict.fromkeys("ةہھۀەۂۃۿ", araby.HEH),
        **dict.fromkeys("کڪگڭݣڬݢګ", araby.KAF),
        **dict.fromkeys("ڨڧٯ", araby.QAF),
        **dict.fromkeys("ڤڥڢڡݠݡ", araby.FEH),
        **dict.fromkeys("پٮ", araby.BEH),
        **dict.fromkeys("چڃ", araby.JEEM),
        **dict.fromkeys("ژ", araby.ZAIN),
        **dict.fromkeys("ڜ", araby.SHEEN),
        **dict.fromkeys("ۋۆۇۈ", araby.WAW),
        **dict.fromkeys("ں", araby.NOON),
        **dict.fromkeys("ٴۥۦ", ""),
    }
)

# Isolated forms of the vowel marks: NFKC would put a space before them, in the middle of the word.
_ISOLATED_MARKS = dict.fromkeys([*range(0xFE70, 0xFE80), *range(0xFC5E, 0xFC64), *range(0xFCF2, 0xFCF5)])


def fold(word: str) -> str:
    """The spelling under which an Arabic word is indexed and looked up; "" when only marks are left.

    A ligature that stands for a phrase (ﷺ) gives its words, a space between them.

    >>> fold("المَدْرَسَـــةُ"), fold("أڭادير"), fold("ﷲ")
    ('المدرسه', 'اكادير', 'الله')
    """
    # NFKC composes the hamza of decomposed text before the marks go, and opens the presentation forms.
    composed = unicodedata.normalize("NFKC", word.translate(_ISOLATED_MARKS))
    bare: str = araby.strip_tatweel(araby.strip_tashkeel(composed))
    folded = bare.translate(_LETTERS)
    if folded.isalpha():
        return folded
    return "".join(character for character in folded if character.isalpha() or character in " ").strip()


# The two signs that stand for phrases are cut out, so that each covers no more than itself.
_PHRASE_SIGNS = "\ufdfa\ufdfb"
_PART = re.compile(f"[{_PHRASE_SIGNS}]|[^{_PHRASE_SIGNS}{HYPHENS}{APOSTROPHES}{MIDDLE_DOTS}]+")


def terms(raw: str, offset: int = 0) -> list[Term]:
    """The terms of a raw word, or of the part of it that is in Arabic letters.

    Args:
        raw: what `kashaf.analyzers.words.WORD` found, of one script.
        offset: where `raw` starts; added to every position.

    >>> [term.text for term in terms("الأورو-متوسطية")]
    ['الاورو', 'الاورومتوسطيه', 'متوسطيه']
    """
    found: list[Term] = []
    for part in _PART.finditer(raw):
        start, end = offset + part.start(), offset + part.start() + len(part[0].rstrip(INVISIBLE))
        found += [Term(form[:LONGEST_TERM], start, end, 1) for form in fold(part[0]).split()]
    if len(found) == 2 and all(len(term.text) > 1 for term in found) and found[0].end < found[1].start:
        joined = (found[0].text + found[1].text)[:LONGEST_TERM]
        found.insert(1, Term(joined, found[0].start, found[1].end, 0))
    return found
