"""The analysers as ordinary Whoosh analysers, for any Whoosh schema and parser.

>>> from whoosh.fields import Schema, TEXT
>>> schema = Schema(body=TEXT(analyzer=MixedAnalyzer(stem=True), stored=True))
>>> [token.text for token in MixedAnalyzer()("L’été à الـرباط")]
['ete', 'a', 'الرباط']

Kashaf's own index keeps exact terms and finds the classes of a query when it is asked. An ordinary Whoosh
index has one set of terms a field: give it a stemmed field, or one field of each kind. Whoosh's own
tokenizer and Arabic stemmer are not used: ``\\w+`` cuts vocalised words, and ISRI reduces words to roots.
"""

from collections.abc import Iterator
from typing import Any

from whoosh.analysis import CompositeAnalyzer, Filter, StopFilter, Token, Tokenizer

from kashaf.analyzers.stopwords import STOPWORDS
from kashaf.analyzers.terms import WORD, analyze_word, stem_class
from kashaf.analyzers.words import ARABIC_LETTER


class WordTokenizer(Tokenizer):  # type: ignore[misc]  # whoosh has no types
    """Cuts a text into normalised terms, with positions and characters of the original text.

    The joined form of a compound (*vicepresident* of *vice-président*) stands at the position of its
    first part.
    """

    def __call__(
        self,
        value: str,
        positions: bool = False,
        chars: bool = False,
        keeporiginal: bool = False,
        removestops: bool = True,
        start_pos: int = 0,
        start_char: int = 0,
        mode: str = "",
        **options: Any,
    ) -> Iterator[Token]:
        """Yields one token a term; Whoosh reuses the object, as its own tokenizers do."""
        token = Token(positions, chars, removestops=removestops, mode=mode, **options)
        position = start_pos - 1
        for word in WORD.finditer(value):
            for term in analyze_word(word[0]):
                position += term.step
                token.text = term.text
                token.boost = 1.0
                token.stopped = False
                if keeporiginal:
                    token.original = word[0][term.start : term.end]
                if positions:
                    token.pos = position
                if chars:
                    token.startchar = start_char + word.start() + term.start
                    token.endchar = start_char + word.start() + term.end
                yield token


class StemClassFilter(Filter):  # type: ignore[misc]  # whoosh has no types
    """Puts the stem class in place of each term; words of a script that is not wanted stay as they are.

    Args:
        arabic: whether words in Arabic letters are stemmed.
        french: whether other words are.
    """

    is_morph = True

    def __init__(self, arabic: bool = True, french: bool = True) -> None:
        self.arabic = arabic
        self.french = french

    def __call__(self, tokens: Iterator[Token]) -> Iterator[Token]:
        """Changes the text of the tokens; their characters stay those of the original."""
        for token in tokens:
            if self.arabic if ARABIC_LETTER.match(token.text) else self.french:
                token.text = stem_class(token.text)
            yield token


def ArabicAnalyzer(stem: bool = False, stopwords: bool = False) -> CompositeAnalyzer:
    """Terms of a text that is mostly Arabic; words in other letters are folded, never stemmed.

    Args:
        stem: whether terms give way to their stem classes.
        stopwords: whether words of grammar are left out; the positions of the others do not move.
    """
    return _chain(stopwords, StemClassFilter(french=False) if stem else None)


def FrenchAnalyzer(stem: bool = False, stopwords: bool = False) -> CompositeAnalyzer:
    """Terms of a text that is mostly French; words in Arabic letters are folded, never stemmed.

    The arguments are those of `ArabicAnalyzer`.
    """
    return _chain(stopwords, StemClassFilter(arabic=False) if stem else None)


def MixedAnalyzer(stem: bool = False, stopwords: bool = False) -> CompositeAnalyzer:
    """Terms of any text, each word by the rules of its script.

    The arguments are those of `ArabicAnalyzer`.
    """
    return _chain(stopwords, StemClassFilter() if stem else None)


def _chain(stopwords: bool, stemmer: StemClassFilter | None) -> CompositeAnalyzer:
    # Words of grammar go before stemming, which would give some of them the class of a noun.
    stop = StopFilter(STOPWORDS, minsize=1, renumber=False) if stopwords else None
    return CompositeAnalyzer(WordTokenizer(), *(step for step in (stop, stemmer) if step))
