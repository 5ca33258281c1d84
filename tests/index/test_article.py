"""The article record: dates of three precisions, identities, what callers may give."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kashaf.errors import ArticleError
from kashaf.index.article import Article, Mention, date_span, derived_id


@pytest.mark.parametrize(
    "published, first, last",
    [
        ("2026-02-02", "2026-02-02", "2026-02-02"),
        ("2026-02", "2026-02-01", "2026-02-28"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2026-12", "2026-12-01", "2026-12-31"),
        ("2026", "2026-01-01", "2026-12-31"),
        ("9999", "9999-01-01", "9999-12-31"),
        ("9999-12", "9999-12-01", "9999-12-31"),
    ],
)
def test_date_span(published: str, first: str, last: str) -> None:
    assert tuple(day.isoformat() for day in date_span(published)) == (first, last)


@pytest.mark.parametrize("published", ["", "26", "2026-13", "2026-02-30", "2026-2", "0000", "hier", "2026-02-02T10:00"])
def test_what_is_no_date_is_refused(published: str) -> None:
    with pytest.raises(ArticleError, match="published"):
        Article(body="x", published=published)


@given(st.dates())
def test_a_day_is_its_own_span(day: datetime.date) -> None:
    assert date_span(Article(published=day).published or "") == (day, day)  # type: ignore[arg-type]  # a date is accepted


def test_names_may_be_given_as_text() -> None:
    article = Article(persons=["Salma Berrada"])  # type: ignore[arg-type]  # text is accepted
    assert article.persons == (Mention("person", "Salma Berrada", "Salma Berrada"),)


def test_precision_and_provenance() -> None:
    assert Article(published="2026-02").precision == "month"
    assert Article(published="2026-02").published_from == "metadata"
    assert (Article().precision, Article().published_from) == (None, None)


def test_the_derived_id_is_stable_and_follows_the_url_first() -> None:
    one = Article(url="https://x.example/a", body="un")
    assert derived_id(one) == derived_id(Article(url="https://x.example/a", body="deux"))
    assert derived_id(Article(body="un")) != derived_id(Article(body="deux"))
    assert derived_id(Article(body="un")) != derived_id(Article(body="un", source="Le Matin"))
