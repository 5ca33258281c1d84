"""Searches side by side: every state an address, the picture, the table and the file say the same."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from werkzeug.datastructures import MultiDict

from kashaf.errors import LimitError
from kashaf.search.results import DateBucket, DateHistogram
from kashaf.web import create_app
from kashaf.web.addresses import Address
from kashaf.web.comparison import Comparison, compared
from kashaf.web.curves import Found, Picture, picture
from kashaf.web.settings import Settings
from kashaf.web.timeline import HEIGHT


def state(*pairs: tuple[str, str]) -> Comparison:
    return Comparison.of(MultiDict(pairs))


def searches(*pairs: tuple[str, str]) -> list[tuple[tuple[str, str], ...]]:
    return [search.pairs for search in state(*pairs).searches]


def page(client: FlaskClient, address: str) -> html.HtmlElement:
    response = client.get(address)
    assert response.status_code == 200, response.text[:300]
    return html.fromstring(response.text)


def text(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def rows(document: html.HtmlElement) -> list[list[str]]:
    return [[text(cell) for cell in row.cssselect("th, td")] for row in document.cssselect(".figures tbody tr")]


# The state


def test_a_query_for_each() -> None:
    assert searches(("q", "a"), ("q", "b")) == [(("q", "a"),), (("q", "b"),)]
    assert searches(("q1", "a"), ("q2", "b")) == [(("q", "a"),), (("q", "b"),)]


def test_what_has_no_number_belongs_to_all_that_do_not_have_it() -> None:
    asked = (("q", "a"), ("language", "fr"), ("source1", "X"), ("source2", "Y"), ("language2", "ar"))
    assert searches(*asked) == [
        (("q", "a"), ("language", "fr"), ("source", "X")),
        (("q", "a"), ("source", "Y"), ("language", "ar")),
    ]


def test_empty_boxes_are_no_search() -> None:
    assert searches(("q1", "a"), ("source1", ""), ("q2", ""), ("source2", "")) == [(("q", "a"),)]
    assert searches(("q", ""), ("show", "share")) == []


def test_unknown_parameters_are_told() -> None:
    found = state(("q1", "a"), ("quarrel", "1"), ("page1", "2"), ("undated", "1"), ("lang", "fr"))
    assert found.unknown == (("quarrel", "1"), ("page1", "2"), ("undated", "1"))


@pytest.mark.parametrize("asked", [[("q", str(n)) for n in range(5)], [("q5", "x")], [("q9", "x")]])
def test_at_most_four(asked: list[tuple[str, str]]) -> None:
    with pytest.raises(LimitError, match="searches of a comparison"):
        state(*asked)


def test_the_address_of_a_state_gives_the_state_again(app: Flask) -> None:
    for given in (
        (("q", "a"), ("q", "b & c"), ("from", "2025"), ("to", "2026-02"), ("show", "share")),
        (("q", "*"), ("person1", "p1"), ("person1", "p2"), ("exclude_source2", "X")),
        (("language", "fr"),),
    ):
        first = state(*given)
        again = state(*first.pairs)
        assert again == first
        with app.test_request_context():
            assert str(again) == "/compare?" + urlencode(first.pairs)


def test_a_search_page_begins_a_comparison() -> None:
    begun = compared(Address((("q", "a"), ("source", "X"), ("page", "3"), ("sort", "newest"), ("from", "2025"))))
    assert begun == Comparison((Address((("q", "a"), ("source", "X"))),), "2025")
    assert state(*compared(Address(())).pairs).searches == (Address((("q", "*"),)),)


# The picture


def histogram(**counts: int) -> DateHistogram:
    return DateHistogram("month", tuple(DateBucket(k[1:].replace("_", "-"), n) for k, n in counts.items()), 0)


def draw(*found: DateHistogram, of: DateHistogram, by_share: bool = False, mirrored: bool = False) -> Picture:
    asked = Comparison(tuple(Address((("q", str(n)),)) for n in range(len(found))), by_share=by_share)
    drawn = picture([Found("x", one, of) for one in found], asked, None, None, mirrored=mirrored)
    assert drawn is not None
    return drawn


def ys(path: str) -> list[float]:
    return [float(y) for y in re.findall(r"[M ]?[\d.]+ ([\d.]+)", path)]


def test_all_curves_have_one_scale_and_one_axis() -> None:
    drawn = draw(histogram(d2026_01=10), histogram(d2026_02=5), of=histogram(d2026_01=100, d2026_02=10))
    assert [slot.key for slot in drawn.slots][-2:] == ["2026-01", "2026-02"]
    assert drawn.highest == 10
    assert ys(drawn.curves[0].line)[-2:] == [0, HEIGHT]
    assert ys(drawn.curves[1].line)[-2:] == [HEIGHT, HEIGHT / 2]
    assert [len(ys(curve.dots)) for curve in drawn.curves] == [1, 1]  # no point where there is nothing


def test_shares_are_of_all_articles() -> None:
    of = histogram(d2026_01=100, d2026_02=10)
    drawn = draw(histogram(d2026_01=10), histogram(d2026_02=5), of=of, by_share=True)
    assert drawn.highest == 0.5
    assert [point.share for point in drawn.curves[0].points[-2:]] == [0.1, 0]
    assert ys(drawn.curves[0].line)[-2:] == [80, HEIGHT]


def test_time_runs_as_the_reader_reads() -> None:
    found, of = histogram(d2026_01=10, d2026_02=5), histogram(d2026_01=10, d2026_02=5)
    left, right = (draw(found, of=of, mirrored=mirrored).slots for mirrored in (False, True))
    assert [slot.x for slot in left] == sorted(slot.x for slot in left)
    assert [slot.x for slot in right] == [slot.x for slot in left][::-1]


def test_nothing_dated_is_no_picture() -> None:
    assert picture([], Comparison(()), None, None, mirrored=False) is None
    asked = Comparison((Address((("q", "x"),)),))
    assert picture([Found("x", histogram(), histogram())], asked, None, None, mirrored=False) is None


# The page


def test_two_queries(client: FlaskClient) -> None:
    found = page(client, "/compare?q=quai&q=bibliothèque&from=2025-11&to=2026-02&interval=day&lang=fr")
    assert [text(row) for row in found.cssselect(".legend li")] == ["quai 4 articles", "bibliothèque 1 article"]
    assert rows(found) == [
        ["novembre 2025", "1", "0"],
        ["décembre 2025", "1", "0"],
        ["janvier 2026", "2", "0"],
        ["février 2026", "0", "1"],
    ]
    assert len(found.cssselect("svg[data-range] a")) == 4
    assert "« interval »" in text(found.cssselect(".notice")[0])


def test_every_figure_leads_to_its_articles(client: FlaskClient) -> None:
    found = page(client, "/compare?q=port&language1=fr&language2=ar&source3=Le Courrier de Tamara&lang=en")
    cells = found.cssselect(".figures td a")
    assert len(cells) >= 5
    for cell in cells:
        total = text(page(client, cell.get("href")).cssselect(".summary strong")[0])
        assert total.split()[0] == text(cell)


def test_every_link_works_and_months_open_into_days(client: FlaskClient) -> None:
    found = page(client, "/compare?q=port&q=quai&from=2026&to=2026")
    january = found.cssselect("svg[data-range] a")[0].get("href")
    assert "from=2026-01&to=2026-01" in january
    days = page(client, january)
    assert [text(step) for step in days.cssselect(".steps li")] == ["Toutes les dates", "2026", "janvier 2026"]
    for document in (found, days):
        for anchor in document.cssselect("main a[href]"):
            assert client.get(anchor.get("href")).status_code == 200, anchor.get("href")


def test_a_search_is_compared_from_its_page(client: FlaskClient) -> None:
    [to] = [a.get("href") for a in page(client, "/?q=port&section=Culture&page=1").cssselect(".summary a")
            if a.get("href").startswith("/compare")]  # fmt: skip
    assert to == "/compare?q1=port&section1=Culture"
    one = page(client, to)
    assert len(one.cssselect("fieldset")) == 2  # its own line, and an empty one
    assert text(one.cssselect(".row-filters bdi")[0]) == "Culture"
    sent = {name for name, _ in one.cssselect("form.comparing")[0].form_values()}
    assert sent == {"q1", "source1", "section1", "q2", "source2", "from", "to"}


def test_one_search_is_offered_newspaper_against_newspaper(client: FlaskClient) -> None:
    offered = page(client, "/compare?q=quai").cssselect(".choice a")[0]
    assert text(offered) == "La Dépêche du Rivage – Le Courrier de Tamara"
    found = page(client, offered.get("href"))
    assert [text(bdi) for bdi in found.cssselect(".legend bdi")] == [
        "quai · La Dépêche du Rivage",
        "quai · Le Courrier de Tamara",
    ]


def test_shares(client: FlaskClient) -> None:
    found = page(client, "/compare?q=quai&q=bibliothèque&from=2026&to=2026&show=share&lang=fr")
    assert [row[1:] for row in rows(found)][:2] == [["100 %", "0"], ["0", "50 %"]]
    absolute = [a.get("href") for a in found.cssselect("figcaption .choice a")]
    assert absolute == ["/compare?q1=quai&q2=biblioth%C3%A8que&from=2026&to=2026"]


def test_the_file_says_what_the_page_says(client: FlaskClient) -> None:
    response = client.get("/compare.csv?q=quai&q=%3D1%2B1&q=bibliothèque&from=2026&to=2026")
    assert response.headers["Content-Disposition"] == 'attachment; filename="kashaf-compare.csv"'
    table = list(csv.reader(io.StringIO(response.data.decode("utf-8-sig"))))
    assert table[0][:4] == ["date", "quai", "quai (of)", "quai (share)"]
    assert table[0][4] == "'=1+1"  # no spreadsheet runs it
    assert table[1:3] == [
        ["2026-01", *("2", "2", "1.0"), *("0", "2", "0.0"), *("0", "2", "0.0")],
        ["2026-02", *("0", "2", "0.0"), *("0", "2", "0.0"), *("1", "2", "0.5")],
    ]
    assert client.get("/compare.csv").data.decode("utf-8-sig") == "date\r\n"


def test_what_is_typed_is_never_an_error(client: FlaskClient, payloads: tuple[str, ...]) -> None:
    for typed in (*payloads, '"', "(((", "a:b:c", "\x00", "😀", "\ud800".encode("utf-8", "replace").decode()):
        asked = {"q1": typed, "source1": typed, "person2": typed, "from": typed, "show": typed, typed: "1"}
        for path in ("/compare", "/compare.csv"):
            assert client.get(path, query_string=asked).status_code == 200, (path, typed)
    refused = client.get("/compare?q=1&q=2&q=3&q=4&q=5&lang=fr")
    assert refused.status_code == 422 and "Au plus 4 recherches" in refused.text


def test_comparisons_that_run_out_of_time(archive_folder: Path) -> None:
    hurried = create_app(Settings(archive=archive_folder, budget=0.0)).test_client()
    answer = hurried.get("/compare?q=port&q=quai&lang=en")
    assert answer.status_code == 200 and "The search took too long" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert hurried.get("/compare.csv?q=port&q=quai").status_code == 503  # a file is whole or it is none


def test_a_comparison_without_dates_says_so(client: FlaskClient) -> None:
    assert "svg" not in page(client, "/compare?q=introuvable").cssselect(".empty")[0].itertext()
    assert page(client, "/compare?q=introuvable").cssselect(".empty a")
    assert page(client, "/compare").cssselect("fieldset")
