"""What worker processes need, loaded once: the server that they are forked from imports this module (`kashaf.crew`)."""

from kashaf import crew
from kashaf.index.article import Article
from kashaf.index.prepare import prepare

__all__ = ["crew"]

# Word lists and models are read when they are first needed.
prepare(Article(headline="Rabat", body="M. Ahmed Alami est à Rabat.\nقال السيد أحمد العلمي في الرباط."), extractor="")
