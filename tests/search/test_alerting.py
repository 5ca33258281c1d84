"""Alerts from outside: asked about what comes in, once, with the reason; nothing lost, nothing told twice."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kashaf
from kashaf.errors import LimitError, RequestError, UnknownAlert
from kashaf.index import alerts as kept_alerts
from kashaf.index.store import Store
from kashaf.index.writer import STORE_FILE, Writer
from kashaf.search.request import Request
from kashaf.search.saved_search import restored, saved


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[kashaf.Archive]:
    with kashaf.open(tmp_path / "archive", create=True) as opened:
        yield opened


def add(archive: kashaf.Archive, *texts: tuple[str, str]) -> None:
    with archive.writer() as writer:
        for name, body in texts:
            writer.add(kashaf.Article(id=name, headline=f"Titre {name}", body=body, language="fr"))


def alert(archive: kashaf.Archive, request: Request, webhook: str | None = None) -> str:
    with archive.alerting() as alerts:
        return alerts.add("une alerte", saved(request), webhook)


def found(archive: kashaf.Archive, alert_id: str) -> list[str]:
    """The articles of an alert, in the order of finding."""
    return [item.article for item in reversed(archive.alerts.items(alert_id))]


def test_only_what_comes_in_later_is_found(archive: kashaf.Archive) -> None:
    add(archive, ("old", "Le phare rouvre."))
    lighthouse = alert(archive, Request(q="phare"))
    add(archive, ("new", "Les phares de la côte."), ("other", "Le port agrandit ses quais."))
    assert found(archive, lighthouse) == ["new"]


def test_the_order_is_that_of_coming_in(archive: kashaf.Archive) -> None:
    everything = alert(archive, Request())
    add(archive, ("b", "Le phare."), ("a", "Le port."))
    add(archive, ("c", "La gare."))
    assert found(archive, everything) == ["b", "a", "c"]


def test_an_item_says_why(archive: kashaf.Archive) -> None:
    add(archive, ("old", "Mme Nadia Benchekroun a parlé. Nadia Benchekroun est venue."))
    person = alert(archive, Request(only={"person": ("نادية بنشقرون",)}))
    words = alert(archive, Request(q="eau potable"))
    add(archive, ("new", "La ministre Nadia Benchekroun a promis des eaux potables."))
    assert [item.why for item in archive.alerts.items(person)] == [
        {
            "matched": "exact",
            "words": ["Nadia Benchekroun"],
            "entities": [{"id": "p1", "label": "Nadia Benchekroun"}],
            "snippet": "La ministre Nadia Benchekroun a promis des eaux potables.",
        }
    ]
    (why,) = (item.why for item in archive.alerts.items(words))
    assert (why["matched"], why["words"], why["entities"]) == ("stem", ["eaux", "potables"], [])


def test_all_words_must_match(archive: kashaf.Archive) -> None:
    auto, either = alert(archive, Request(q="phare tramway")), alert(archive, Request(q="phare tramway", words="any"))
    add(archive, ("one", "Le phare."), ("both", "Le tramway du phare."))
    assert found(archive, auto) == ["both"]
    assert found(archive, either) == ["one", "both"]


def test_a_corrected_article_is_not_told_again(archive: kashaf.Archive) -> None:
    lighthouse = alert(archive, Request(q="phare"))
    add(archive, ("one", "Le phare."))
    add(archive, ("one", "Le phare, corrigé."), ("two", "Un autre phare."))
    assert found(archive, lighthouse) == ["one", "two"]


def test_of_copies_the_first_is_told(archive: kashaf.Archive) -> None:
    dispatch = " ".join(f"Le phare numéro {n} de la côte rouvre après {n + 2} ans de travaux." for n in range(12))
    lighthouse = alert(archive, Request(q="phare"))
    add(archive, ("one", dispatch), ("copy", dispatch), ("other", "Un tout autre phare."))
    add(archive, ("late-copy", f"(Agence) {dispatch}"))
    assert archive.search("phare").hits[0].copies + archive.search("phare").hits[-1].copies > 0
    assert found(archive, lighthouse) == ["one", "other"]


def test_a_deleted_article_is_shown_no_more(archive: kashaf.Archive) -> None:
    lighthouse = alert(archive, Request(q="phare"))
    add(archive, ("one", "Le phare."), ("two", "Un autre phare."))
    with archive.writer() as writer:
        writer.delete("one")
    assert found(archive, lighthouse) == ["two"]


def test_what_another_process_left_unasked_is_made_up_for(archive: kashaf.Archive) -> None:
    lighthouse = alert(archive, Request(q="phare"))
    with Writer(archive.folder) as writer:  # asks no alerts
        writer.add(kashaf.Article(id="one", body="Le phare."))
    assert found(archive, lighthouse) == []
    add(archive, ("two", "Un autre phare."))
    assert found(archive, lighthouse) == ["one", "two"]


def test_filters_dates_and_exclusions_hold(archive: kashaf.Archive) -> None:
    narrow = alert(
        archive,
        Request(q="phare", only={"source": ("Le Rivage",)}, exclude={"section": ("Sport",)}, date_from="2026-02"),
    )
    with archive.writer() as writer:
        for name, source, section, published in (
            ("yes", "Le Rivage", "Mer", "2026-02-03"),
            ("old", "Le Rivage", "Mer", "2025-02-03"),
            ("sport", "Le Rivage", "Sport", "2026-02-03"),
            ("elsewhere", "Le Matin", "Mer", "2026-02-03"),
        ):
            writer.add(kashaf.Article(id=name, body="Le phare.", source=source, section=section, published=published))
    assert found(archive, narrow) == ["yes"]


def test_an_alert_that_cannot_be_asked_holds_nothing_up(
    archive: kashaf.Archive, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = alert(archive, Request(q="phare")), alert(archive, Request(q="phare"))
    with sqlite3.connect(archive.folder / STORE_FILE) as connection:
        connection.execute("""UPDATE alerts SET search = '{"match": "wider"}' WHERE id = ?""", (bad,))
    connection.close()
    with caplog.at_level(logging.WARNING, "kashaf"):
        add(archive, ("one", "Le phare."))
    assert found(archive, good) == ["one"] and bad in caplog.text
    with sqlite3.connect(archive.folder / STORE_FILE) as connection:
        connection.execute("""UPDATE alerts SET search = '{"q": "phare"}' WHERE id = ?""", (bad,))
    connection.close()
    add(archive, ("two", "Le port."))
    assert found(archive, bad) == ["one"]  # once it can be asked, nothing is lost


def test_the_newest_items_are_kept(archive: kashaf.Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_alerts, "MAX_ITEMS", 3)
    everything = alert(archive, Request())
    for number in range(3):
        add(archive, *((f"{number}{letter}", "Le phare.") for letter in "ab"))
    assert found(archive, everything) == ["1b", "2a", "2b"]
    assert archive.alerts.get(everything).items == 3


def test_a_rebuild_finds_nothing_anew(archive: kashaf.Archive) -> None:
    lighthouse = alert(archive, Request(q="phare"))
    add(archive, ("one", "Le phare."))
    archive.compact(rebuild_index=True)
    add(archive, ("two", "Le port."))
    assert found(archive, lighthouse) == ["one"]


def test_change_and_remove(archive: kashaf.Archive) -> None:
    name = alert(archive, Request(q="phare"), "https://desk.example/hook")
    add(archive, ("one", "Le phare."))
    assert archive.alerts.get(name).waiting == 1
    with archive.alerting() as alerts:
        alerts.change(name, name="  Les \u202e phares\n", webhook="")
    changed = archive.alerts.get(name)
    assert (changed.name, changed.webhook, changed.waiting, changed.items) == ("Les phares", None, 0, 1)
    with archive.alerting() as alerts:
        alerts.remove(name)
    assert archive.alerts.all() == [] and archive.alerts.items(name) == []
    for act in ("remove", "change"):
        with pytest.raises(UnknownAlert, match=name), archive.alerting() as alerts:
            getattr(alerts, act)(name)


@pytest.mark.parametrize(
    "webhook",
    [
        "",
        "desk.example",
        "ftp://desk.example/",
        "https://",
        "https://a b/",
        "https://[::1",
        "https://é.example/",
        "https://user:pass@desk.example/",
        "https://desk.example:0/",
        "https://desk.example:99999/",
        "https://desk.example/\r\nX: 1",
        "https://desk.example/" + "a" * 3_000,
    ],
)
def test_webhooks_that_cannot_be(archive: kashaf.Archive, webhook: str) -> None:
    with pytest.raises(RequestError, match="webhook"):
        alert(archive, Request(q="phare"), webhook)
    assert archive.alerts.all() == []


def test_names_that_cannot_be(archive: kashaf.Archive) -> None:
    for name in ("", " \u202e\x00\n"):
        with pytest.raises(RequestError, match="name"), archive.alerting() as alerts:
            alerts.add(name, {})
    with pytest.raises(LimitError, match="name characters"), archive.alerting() as alerts:
        alerts.add("n" * 201, {})
    assert archive.alerts.all() == []


def test_there_is_an_end_to_alerts(archive: kashaf.Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_alerts, "MAX_ALERTS", 1)
    alert(archive, Request(q="phare"))
    with pytest.raises(LimitError, match="alerts"):
        alert(archive, Request(q="phare"))


@pytest.mark.parametrize("name", ["", "nobody", "\ud800", "a" * 500, "'; DROP TABLE alerts; --"])
def test_unknown_alerts(archive: kashaf.Archive, name: str) -> None:
    alert(archive, Request(q="phare"))
    with pytest.raises(UnknownAlert):
        archive.alerts.get(name)


def test_a_store_of_an_older_version_has_no_alerts(archive: kashaf.Archive) -> None:
    with sqlite3.connect(archive.folder / STORE_FILE) as connection:
        connection.execute("DROP TABLE alert_items")
        connection.execute("DROP TABLE alerts")
    connection.close()
    assert archive.alerts.all() == []
    add(archive, ("one", "Le phare."))
    with pytest.raises(UnknownAlert):
        archive.alerts.get("nobody")


def test_webhooks_that_fail_are_tried_ever_later(archive: kashaf.Archive) -> None:
    name = alert(archive, Request(q="phare"), "https://desk.example/hook")
    add(archive, ("one", "Le phare."), ("two", "Le phare."))
    now, pauses = 1_000.0, []
    store = Store(archive.folder / STORE_FILE, write=True)
    alerts = kept_alerts.Alerts(store.connection)
    for _ in range(14):
        ((due, items),) = alerts.to_tell(now, 1)
        assert [item.article for item in items] == ["one"]
        alerts.not_told(due, "answered 500", now)
        later = next(moment for moment in (now + 5.0 * 2**n for n in range(14)) if alerts.to_tell(moment, 1))
        pauses.append(later - now)
        now = later
    assert pauses[0] <= 10 and pauses == sorted(pauses)
    assert pauses[-1] >= kept_alerts.LONGEST_PAUSE and pauses[-1] == pauses[-2]
    assert archive.alerts.get(name).failures == 14 and archive.alerts.get(name).failure == "answered 500"
    ((due, items),) = alerts.to_tell(now, 50)
    alerts.told(due, items)
    assert alerts.to_tell(now + 1e9, 50) == [] and archive.alerts.get(name).failures == 0
    store.close()


texts = st.text(st.characters(codec="utf-8"), max_size=20)
values = st.dictionaries(
    st.sampled_from(["person", "organisation", "language", "source", "section"]),
    st.lists(texts, min_size=1, max_size=3).map(tuple),
)
requests = st.builds(
    Request,
    q=texts,
    only=values,
    exclude=values,
    date_from=st.sampled_from([None, "2026", "2026-02"]),
    date_to=st.sampled_from([None, "2026-02-03"]),
    undated=st.booleans(),
    match=st.sampled_from(["exact", "stem", "names"]),
    words=st.sampled_from(["all", "any", "auto"]),
)


@given(requests)
@settings(max_examples=60)
def test_a_search_is_kept_as_it_is(request: Request) -> None:
    assert restored(saved(request)) == request
