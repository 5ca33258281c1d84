"""Articles for the tests of curation: a few persons, two of whom may be one."""

from __future__ import annotations

from kashaf.index.article import Article, Mention

PERSONS = ("Mohamed Setri", "Mohamed Setri", "Samir Nouri", "Karim Belhaj Amrani", "Karim Belhadj")
OFFICE = "Office des ports"


def article(number: int, *persons: str, headline: str | None = None) -> Article:
    """An article that names some persons."""
    return Article(
        id=f"a{number}",
        headline=headline or f"Nouvelle {number}",
        body=f"Un texte {number}.",
        language="fr",
        published=f"2026-02-{number + 1:02}",
        persons=tuple(Mention("person", name, name) for name in persons),
        organisations=(Mention("organisation", OFFICE, OFFICE),),
    )
