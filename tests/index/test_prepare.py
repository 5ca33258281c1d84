"""An article as received, completed from its own text."""

import pickle
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kashaf.analyzers.mentions import Found
from kashaf.errors import ArticleError
from kashaf.index import prepare as module
from kashaf.index.article import MAX_ID, MAX_TEXT, MAX_VALUES, Article, Ignored, Mention, derived_id
from kashaf.index.clutter import blank_ignored
from kashaf.index.prepare import prepare, prepare_all

BODY = (
    "Le conseil municipal de Tiznit a adopté lundi, après un long débat et malgré l'opposition de plusieurs élus, le "
    "projet d'un nouveau pont. Le ministre de l'Équipement, M. Omar Tazi, a salué le vote. M. Tazi "
    "reviendra au printemps."
)
ARABIC = "اجتمع أعضاء المجلس البلدي بمدينة تطوان صباح اليوم الأربعاء 5 مارس 2025، وناقشوا مشروع القنطرة الجديدة."


def test_everything_missing_is_filled() -> None:
    made = prepare(Article(body=f"Un pont neuf à Tiznit\nRabat, 5 mars 2025 (APT) - {BODY}\nPar Samira Alami"))
    assert (made.headline, made.language) == ("Un pont neuf à Tiznit", "fr")
    assert (made.published, made.published_from, made.byline) == ("2025-03-05", "text", "Samira Alami")
    assert [span.reason for span in made.ignored] == ["headline", "byline"]
    assert {"Omar Tazi", "Samira Alami"} <= {mention.name for mention in made.persons}


def test_nothing_given_is_overwritten() -> None:
    given_article = Article(
        id="7",
        headline="Le titre",
        standfirst="Le chapô",
        body=ARABIC,
        language="ber",
        source="L'Écho",
        section="Ville",
        url="https://example.org/7",
        byline="Samira Alami",
        published="2024",
        ignored=(Ignored(0, 3, "menu"),),
    )
    made = prepare(given_article)
    for field in ("id", "headline", "standfirst", "body", "language", "source", "section", "url", "byline", "ignored"):
        assert getattr(made, field) == getattr(given_article, field)
    assert (made.published, made.published_from) == ("2024", "metadata")


def test_arabic() -> None:
    made = prepare(Article(body=ARABIC))
    assert (made.language, made.published, made.published_from) == ("ar", "2025-03-05", "text")


def test_a_date_in_the_text_is_better_than_that_of_the_file() -> None:
    made = prepare(Article(body=ARABIC, published="2026-01-01", published_from="file"))
    assert (made.published, made.published_from) == ("2025-03-05", "text")
    made = prepare(Article(body=BODY, published="2026-01-01", published_from="file"))
    assert (made.published, made.published_from) == ("2026-01-01", "file")


def test_the_date_of_a_related_link_is_not_the_article_s() -> None:
    text = f"{BODY}\nLire aussi : Rabat, ce mercredi 5 mars 2025"
    assert prepare(Article(body=text)).published is None


def test_the_id_is_that_of_what_was_given() -> None:
    article = Article(body=BODY, source="L'Écho")
    assert prepare(article).id == derived_id(article) == prepare(prepare(article)).id


def test_names_are_not_taken_from_clutter() -> None:
    body = f"{BODY} Lire aussi : Nadia Slaoui inaugure le pont de Tiznit Les travaux dureront un an."
    assert "Nadia Slaoui" not in {mention.name for mention in prepare(Article(body=body)).persons}


def test_mentions_stand_in_their_fields() -> None:
    made = prepare(Article(headline="M. Omar Tazi à Tiznit", standfirst="Le ministre Omar Tazi parle", body=BODY))
    assert {mention.field for mention in made.persons} >= {"headline", "body"}
    for mention in (*made.persons, *made.organisations):
        assert mention.field is not None
        assert made.text(mention.field)[mention.start : mention.end] == mention.text


def test_a_mention_has_the_function_beside_it() -> None:
    made = prepare(Article(headline="Un pont", body=BODY))
    functions = [(mention.text, mention.function) for mention in made.persons]
    assert functions == [("Omar Tazi", "ministre de l'Équipement"), ("Tazi", None)]
    assert pickle.loads(pickle.dumps(made)) == made
    (made,) = (one for one in prepare_all([Article(body=BODY)]) if isinstance(one, Article))
    assert [mention.function for mention in made.persons] == ["ministre de l'Équipement", None]


def test_given_names_are_kept_and_located() -> None:
    made = prepare(Article(body=BODY, persons=("Omar Tazi", "Nadia Slaoui")))  # type: ignore[arg-type]
    assert made.persons[:2] == (
        Mention("person", "Omar Tazi", "Omar Tazi"),
        Mention("person", "Nadia Slaoui", "Nadia Slaoui"),
    )
    located = made.persons[2:]
    assert located and {mention.name for mention in located} == {"Omar Tazi"}


@pytest.mark.parametrize(
    "rule, article, reason",
    [
        ("no text", Article(), "no headline and no text"),
        ("blanks", Article(body=" \n"), "no headline and no text"),
        ("too much text", Article(body="x" * MAX_TEXT + "y"), "over 2 MB of text"),
        ("a long id", Article(id="x" * (MAX_ID + 1), body="x"), "id: 257 characters"),
        ("an id of control characters", Article(id="\x00\u202e", body="x"), "id: nothing but control"),
        ("many names", Article(body="x", persons=("a",) * (MAX_VALUES + 1)), "persons: 257 values"),  # type: ignore[arg-type]
        ("a long name", Article(body="x", organisations=("a" * 1001,)), "organisations: a name or function of"),  # type: ignore[arg-type]
        ("a long source", Article(body="x", source="a" * 1001), "source: 1001 characters"),
        ("spans outside", Article(body="x", ignored=(Ignored(0, 2, "menu"),)), "ignored: pieces"),
    ],
)
def test_refused_articles(rule: str, article: Article, reason: str) -> None:
    with pytest.raises(ArticleError, match=re.escape(reason)):
        prepare(article)


def test_a_fault_of_the_analysis_refuses_the_article(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> str:
        raise RuntimeError("a fault")

    monkeypatch.setattr("kashaf.index.prepare.detect", fail)
    with pytest.raises(ArticleError, match="the analysis failed: RuntimeError"):
        prepare(Article(body=BODY))


@pytest.mark.parametrize(
    "article",
    [
        Article(body="x" * MAX_TEXT),
        Article(id="x" * MAX_ID, body="x"),
        Article(body="x", persons=("a",) * MAX_VALUES),  # type: ignore[arg-type]
        Article(headline="x"),
    ],
)
def test_articles_at_the_limit_are_taken(article: Article) -> None:
    assert prepare(article).id


def test_characters_that_no_text_may_hold() -> None:
    made = prepare(Article(id=" a\u202e/../b\r\n", headline="a\x00b", body="x\ud800y", url="javascript:alert(1)"))
    assert (made.id, made.headline, made.body, made.url) == ("a/../b", "a\ufffdb", "x\ufffdy", None)


@pytest.mark.parametrize(
    "url", ["data:text/html,x", "http://a b", "ftp://a", "https://a\n", '"https://a"', "https://" + "a" * 9_999]
)
def test_urls_that_are_no_links_are_dropped(url: str) -> None:
    assert prepare(Article(body="x", url=url)).url is None


@pytest.mark.parametrize(
    "line, byline",
    [
        ("Par Samira Alami", "Samira Alami"),
        ("Par : Samira El Alami et Omar Tazi", "Samira El Alami et Omar Tazi"),
        ("بقلم: سميرة العلمي", "سميرة العلمي"),
        ("Par ailleurs le conseil a voté", None),
        ("Il est venu par Casablanca Rabat", None),
    ],
)
def test_byline(line: str, byline: str | None) -> None:
    assert prepare(Article(body=f"{BODY}\n{line}")).byline == byline


def test_the_author_is_a_person_whose_line_is_not_read() -> None:
    made = prepare(Article(body=f"{BODY}\nPar Samira Alami\nLire aussi : Le pont\nPar Nadia Slaoui"))
    assert "Samira Alami" in {mention.name for mention in made.persons}
    assert "Nadia Slaoui" not in {mention.name for mention in made.persons}
    assert "Samira" not in blank_ignored(made)


def test_an_agency_that_signs_is_not_what_the_article_is_about() -> None:
    made = prepare(Article(body=f"{BODY}\nPar Agence Ecofin"))
    assert made.byline == "Agence Ecofin" and "Agence Ecofin" not in {m.name for m in made.organisations}


def test_byline_at_the_end_of_a_single_block() -> None:
    assert prepare(Article(body=f"{BODY} Par Samira Alami")).byline == "Samira Alami"


@settings(max_examples=150, deadline=None)
@given(
    st.builds(Article, headline=st.text(max_size=40), standfirst=st.text(max_size=40), body=st.text(), url=st.text())
)
def test_any_article_is_taken_or_refused(article: Article) -> None:
    try:
        made = prepare(article)
    except ArticleError as error:
        assert error.__cause__ is None  # refused for what it is, not for a fault of the analysis
        return
    assert made.id and made.headline and made.language
    assert len(made.body) == len(article.body) == len(blank_ignored(made))
    for mention in (*made.persons, *made.organisations):
        assert mention.field and made.text(mention.field)[mention.start : mention.end] == mention.text


@pytest.mark.parametrize("letter", ["a", "م", "\u0301", " ", "\n", "é\n", "1/", "Un titre de vingt lettres\n"])
def test_two_megabytes_of_one_letter(letter: str) -> None:
    begin = time.process_time()
    prepare(Article(headline="Un titre", body=letter * (1_000_000 // len(letter))))
    assert time.process_time() - begin < 20


def test_many_are_prepared_as_each_alone() -> None:
    texts = ["Selon M. Ahmed Alami, rien.", "", "قال السيد أحمد العلمي في الرباط.", "Par Nadia Benchekroun\nUn texte."]
    several = [Article(headline="Rabat" if text else "", body=text) for text in texts]
    for entities in (True, False):
        made = prepare_all(several, entities)
        assert isinstance(made[1], ArticleError) and str(made[1]) == "no headline and no text"
        for number in (0, 2, 3):
            assert made[number] == prepare(several[number], entities)


def test_a_fault_in_one_of_many_refuses_it_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(text: str, **_: object) -> list[Found]:
        if "Doha" in text:
            raise ValueError("a fault of ours")
        return []

    monkeypatch.setattr(module, "extract", faulty)
    monkeypatch.setattr(module, "extract_all", lambda texts: [faulty(text) for text in texts])
    made = prepare_all([Article(body="Rabat."), Article(body="Doha.")])
    assert isinstance(made[0], Article)
    assert isinstance(made[1], ArticleError) and str(made[1]) == "the analysis failed: ValueError"
