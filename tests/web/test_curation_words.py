"""Everything that is said of decisions can be said in the reader's language."""

from __future__ import annotations

import ast
import inspect
from types import ModuleType

import pytest

from kashaf.index import curation, decision_file, decision_log, doubtful_names, suggested_merges
from kashaf.web import curation_words


def test_reasons_of_suggestions_are_translated() -> None:
    """Each sentence that the code makes, with something in its gaps."""
    sentences = [
        *strings_in_calls(doubtful_names, "Doubt", (3, 4)),
        *(said for said in returned(doubtful_names, "_doubt")),
        *assigned(doubtful_names, "speaks"),
        *yielded(suggested_merges, "_said"),
        "no article says so, and 3 names have them",
    ]
    assert len(sentences) > 12
    assert [said for said in sentences if not curation_words.is_translated(said)] == []


def test_contradictions_are_translated() -> None:
    reasons = {
        said
        for module in (curation, decision_file, decision_log)
        for said in strings_in_calls(module, "CurationError", (1,))
    }
    assert len(reasons) > 10 and reasons <= set(curation_words.REASONS)


def assigned(module: ModuleType, name: str) -> list[str]:
    """The texts that a variable is set to in a module."""
    found = [
        _text(node.value)
        for node in ast.walk(_tree(module))
        if isinstance(node, ast.Assign) and [t.id for t in node.targets if isinstance(t, ast.Name)] == [name]
    ]
    return [said for said in found if said is not None]


def yielded(module: ModuleType, name: str) -> list[str]:
    """The texts that a generator gives."""
    [function] = [n for n in ast.walk(_tree(module)) if isinstance(n, ast.FunctionDef) and n.name == name]
    found = [_text(n.value) for n in ast.walk(function) if isinstance(n, ast.Yield) and n.value is not None]
    return [said for said in found if said is not None]


def strings_in_calls(module: ModuleType, name: str, places: tuple[int, ...]) -> list[str]:
    """The texts that are handed to a function of a module at some places."""
    calls = [
        node
        for node in ast.walk(_tree(module))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
    ]
    found = [_text(call.args[place]) for call in calls for place in places if place < len(call.args)]
    return [said for said in found if said is not None]


def returned(module: ModuleType, name: str) -> list[str]:
    """The texts that a function returns beside a number."""
    [function] = [n for n in ast.walk(_tree(module)) if isinstance(n, ast.FunctionDef) and n.name == name]
    tuples = [n for n in ast.walk(function) if isinstance(n, ast.Tuple) and len(n.elts) == 2]
    return [said for pair in tuples if (said := _text(pair.elts[1])) is not None]


def _tree(module: ModuleType) -> ast.Module:
    return ast.parse(inspect.getsource(module))


def _text(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else _filled(ast.unparse(part)) for part in node.values
        )
    return None


def _filled(gap: str) -> str:
    """Something that may stand in a gap of a sentence."""
    return "91%" if ":.0%" in gap else "2026-02-02" if "date." in gap else "Unesco"


@pytest.mark.parametrize("sentence", ["", "something new", "both are named with"])
def test_what_is_new_is_said_as_it_is(sentence: str) -> None:
    assert curation_words.said(sentence) == sentence and not curation_words.is_translated(sentence)
