"""Names put together are the names made at once, array by array; every way of looking up agrees with a plain look."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kashaf.analyzers.terms import terms
from kashaf.index import organisation_names
from kashaf.index.article import Kind
from kashaf.index.known_names import (
    FOLD,
    MARK,
    KnownNames,
    Row,
    fold_text,
    joined_names,
    known_names,
    spellings,
)

PERSONS = [
    "Mohamed Setri", "محمد ستري", "Zineb Ouarzazi", "M. Setri", "Serge Tour-Sarkissian", "السغروشني", "—", "",
    "Aït Ahmed", "Amal El Fallah Seghrouchni", "Mohamed Ali", "عبد الرحمن اليوسفي",
]  # fmt: skip
ORGANISATIONS = [
    "instituts « Jazari »", "معاهد الجزري", "Al Jazari Institutes", "ONU", "Organisation des Nations unies",
    "L’Agence du développement", "agence du développement", "ministère de la Santé", "وزارة الصحة المغربية", "", "—",
]  # fmt: skip
named: st.SearchStrategy[tuple[Kind, str]] = st.one_of(
    st.tuples(st.just("person"), st.sampled_from(PERSONS) | st.text(max_size=8)),
    st.tuples(st.just("organisation"), st.sampled_from(ORGANISATIONS) | st.text(max_size=8)),
)
lists = st.lists(named, max_size=16, unique=True)


def rows(names: list[tuple[Kind, str]]) -> list[Row]:
    return [(10 + 2 * place, kind, name, place % 5) for place, (kind, name) in enumerate(names)]


@settings(max_examples=60, deadline=None)
@given(lists, st.integers(0, 16), st.integers(0, 16))
def test_put_together_is_made_at_once(names: list[tuple[Kind, str]], a: int, b: int) -> None:
    """Three pieces, one after the other."""
    every = rows(names)
    first, second = sorted((a, b))
    together = KnownNames(known_names(every[:first]))
    for piece in (every[first:second], every[second:]):
        more = KnownNames(known_names(piece))
        entity = np.append(together.arrays["entity"], more.arrays["entity"])
        together = KnownNames(joined_names(together, more, entity))
    for name, values in known_names(every).items():
        assert together.arrays[name].dtype == values.dtype, name
        np.testing.assert_array_equal(together.arrays[name], values, name)


@settings(max_examples=60, deadline=None)
@given(lists, named)
def test_looking_up(names: list[tuple[Kind, str]], asked: tuple[Kind, str]) -> None:
    known = KnownNames(known_names(rows(names)))
    kind, text = asked
    assert [known.names[place] for place in range(len(known))] == [name for _, name in names]
    organisations = [(place, name) for place, (k, name) in enumerate(names) if k == "organisation"]

    fold = organisation_names.folded(text)
    alike = [place for place, name in organisations if organisation_names.folded(name) == fold]
    assert known.looked_up(FOLD, fold_text(fold)).tolist() == alike
    for mark in organisation_names.marks(text):
        marked = [
            place
            for place, name in organisations
            if organisation_names.transcribed(name) is not None and mark in organisation_names.marks(name)
        ]
        assert known.looked_up(MARK, str(mark)).tolist() == marked

    firsts: dict[tuple[str, ...], int] = {}
    for place, name in organisations:
        firsts.setdefault(organisation_names.folded(name), place)
    holding = sorted((len(other), place) for other, place in firsts.items() if fold and set(fold) <= set(other))
    assert known.with_words(set(fold), 64) == [place for _, place in holding]

    for letters in {term[:2] for term in terms(text)} | {"z", "ا", "\ud800"}:
        begun = {
            place
            for place, (k, name) in enumerate(names)
            if k == kind
            for term in terms(name)
            for word in spellings(term)
            if word.startswith(letters)
        }
        assert set(known.beginning(kind, letters).tolist()) == begun
