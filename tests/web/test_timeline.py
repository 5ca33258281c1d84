"""The picture of articles over time: which bars, how high, where they lead."""

from __future__ import annotations

import pytest
from flask import Flask

from kashaf.search.request import Interval
from kashaf.search.results import DateBucket, DateHistogram
from kashaf.web.addresses import Address
from kashaf.web.timeline import HEIGHT, LEAST, MAX_BARS, Timeline, chosen_interval, is_too_long, timeline


def histogram(interval: Interval, **counts: int) -> DateHistogram:
    keys = {key.removeprefix("d").replace("_", "-"): count for key, count in counts.items()}
    return DateHistogram(interval, tuple(DateBucket(key, count) for key, count in sorted(keys.items())), 0)


def draw(found: DateHistogram, start: str | None = None, end: str | None = None, mirrored: bool = False) -> Timeline:
    drawn = timeline(found, Address((("q", "port"), ("page", "3"))), start, end, mirrored=mirrored)
    assert drawn is not None
    return drawn


@pytest.mark.parametrize(
    "start, end, interval",
    [
        (None, None, "month"),
        ("2026", None, "month"),
        ("2026", "2026", "month"),
        ("2026-02", "2026-02", "day"),
        ("2026-02-14", "2026-02-14", "day"),
        ("2026-01", "2026-03", "day"),
        ("2026-01", "2026-04", "month"),
        ("2021", "2026", "month"),
        ("2020", "2026", "year"),
        ("0001", "9998", "year"),
    ],
)
def test_the_interval_suits_the_range(start: str | None, end: str | None, interval: str) -> None:
    assert chosen_interval(start, end) == interval


def test_six_years_of_months_are_the_most() -> None:
    def too_long(found: DateHistogram, start: str | None = None, end: str | None = None) -> bool:
        return is_too_long([found], start, end)

    long = histogram("month", d2020_01=1, d2026_01=1)
    assert not too_long(histogram("month", d2020_01=1, d2025_12=1))
    assert too_long(long)
    assert not too_long(histogram("year", d1900=1, d2026=1))
    assert not too_long(histogram("month"))
    assert not too_long(long, "2020", "2020")  # a year opens into its months, however long the archive is
    assert not too_long(long, "2020-02")
    assert is_too_long([histogram("month", d2020_01=1), histogram("month", d2026_01=1)], None, None)


def test_heights_are_to_scale_and_one_article_is_seen() -> None:
    drawn = draw(histogram("month", d2026_01=1000, d2026_02=500, d2026_03=1))
    assert [bar.height for bar in drawn.bars] == [HEIGHT, HEIGHT / 2, LEAST]
    assert [bar.y for bar in drawn.bars] == [0, HEIGHT / 2, HEIGHT - LEAST]


def test_empty_months_keep_their_place() -> None:
    drawn = draw(histogram("month", d2025_03=1, d2026_02=1))
    assert (drawn.first, drawn.last) == ("2025-03", "2026-02")
    assert drawn.bars[1].x - drawn.bars[0].x == pytest.approx(1000 * 11 / 12, abs=0.1)


def test_a_single_month_is_not_a_wall() -> None:
    drawn = draw(histogram("month", d2026_01=5))
    assert (drawn.first, drawn.last) == ("2025-02", "2026-01")
    assert drawn.bars[0].width < 100


def test_a_month_asked_for_shows_all_its_days() -> None:
    drawn = draw(histogram("day", d2026_01_31=9, d2026_02_02=1, d2026_03_01=9), "2026-02", "2026-02")
    assert (drawn.first, drawn.last, [bar.key for bar in drawn.bars]) == ("2026-02-01", "2026-02-28", ["2026-02-02"])


def test_time_runs_as_the_reader_reads() -> None:
    found = histogram("month", d2026_01=1, d2026_02=1)
    left = [bar.x for bar in draw(found).bars]
    right = [bar.x for bar in draw(found, mirrored=True).bars]
    assert left == sorted(left) and right == sorted(right, reverse=True)


def test_too_many_years_to_draw_are_drawn_without_the_empty_ones() -> None:
    drawn = draw(histogram("year", d0001=1, d9998=1))
    assert len(drawn.bars) == 2 and drawn.bars[0].width == 420
    assert MAX_BARS < 9998


def test_a_bar_leads_to_its_dates_from_the_first_page(app: Flask) -> None:
    with app.test_request_context():
        assert str(draw(histogram("year", d2026=1)).bars[0].address) == "/?q=port&from=2026&to=2026"
        day = draw(histogram("day", d2026_02_02=1), "2026-02-02", "2026-02-02")
        assert day.bars[0].selected
        assert str(day.bars[0].address) == "/?q=port&from=2026-02&to=2026-02"  # clicked again, it lets go
        assert [key for key, _ in day.steps] == [None, "2026", "2026-02", "2026-02-02"]
        assert str(day.steps[0][1]) == "/?q=port"


def test_nothing_dated_is_no_picture() -> None:
    assert timeline(histogram("month"), Address(()), None, None, mirrored=False) is None
    assert timeline(histogram("month", d2026_01=1), Address(()), "2025", "2025", mirrored=False) is None
