"""The package that is built is the package that is in the checkout, and its rooms keep to their plan."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

import kashaf
from kashaf.cli import main

ROOT = Path(__file__).parent.parent
FOLDERS = ["analyzers", "index", "search", "web"]  # each may import those before it
WHOOSH = {"analyzers/whoosh.py", "index/whoosh_codec.py"}


def settings() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def test_every_package_is_listed() -> None:
    """A folder that pyproject.toml forgets would be missing from the wheel."""
    found = {"kashaf"}
    for folder in FOLDERS:
        for init in ROOT.glob(f"{folder}/**/__init__.py"):
            found.add(".".join(["kashaf", *init.parent.relative_to(ROOT).parts]))

    assert found == set(settings()["tool"]["setuptools"]["packages"])


def test_every_folder_is_linked() -> None:
    """Without its link, type checkers would not see the folder."""
    for folder in FOLDERS:
        assert (ROOT / "kashaf" / folder).resolve() == ROOT / folder


def test_every_data_file_is_packaged() -> None:
    """A data file outside the patterns would be missing from the wheel."""
    patterns = settings()["tool"]["setuptools"]["package-data"]["*"]
    forgotten = []
    for folder in (*FOLDERS, "kashaf"):
        # For setuptools ** stands for files too; for pathlib, until Python 3.13, for folders only.
        globs = [glob for pattern in patterns for glob in (pattern, pattern.replace("**", "**/*"))]
        packaged = {path for glob in globs for path in (ROOT / folder).glob(glob)}
        for path in (ROOT / folder).rglob("*"):
            linked = folder == "kashaf" and path.relative_to(ROOT / "kashaf").parts[0] in FOLDERS
            if path.is_file() and path.suffix not in (".py", ".pyc") and not linked and path not in packaged:
                forgotten.append(str(path.relative_to(ROOT)))

    assert forgotten == []


def test_one_version() -> None:
    assert kashaf.__version__ == settings()["project"]["version"]


def test_the_licence_is_there() -> None:
    assert settings()["project"]["license"] == "GPL-3.0-or-later"
    assert "GNU GENERAL PUBLIC LICENSE" in (ROOT / "LICENSE").read_text("utf-8")


def sources() -> Iterator[Path]:
    for folder in FOLDERS:
        yield from (ROOT / folder).rglob("*.py")
    yield from (ROOT / "kashaf").glob("*.py")


def imported(path: Path) -> set[str]:
    """The modules that a source file imports, wherever in it."""
    modules: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            modules.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import"
            modules.update(f"{node.module}.{alias.name}" for alias in node.names)
    return modules


@pytest.mark.parametrize("number, folder", list(enumerate(FOLDERS)))
def test_imports_go_one_way(number: int, folder: str) -> None:
    allowed = {"errors", *FOLDERS[: number + 1]}
    wrong = [
        (str(path.relative_to(ROOT)), module)
        for path in (ROOT / folder).rglob("*.py")
        for module in imported(path)
        if module.split(".")[0] == "kashaf" and module.split(".")[1] not in allowed
    ]

    assert wrong == []


def test_errors_import_nothing_of_ours() -> None:
    assert not any(module.startswith("kashaf") for module in imported(ROOT / "kashaf/errors.py"))


def test_only_three_modules_know_whoosh() -> None:
    knowing = {
        str(path.relative_to(ROOT)) for path in sources() if any(m.split(".")[0] == "whoosh" for m in imported(path))
    }

    assert knowing <= WHOOSH


@pytest.mark.parametrize("module", ["kashaf", "kashaf.cli"])
def test_flask_is_not_imported_by(module: str) -> None:
    """Programs that embed an archive do not pay for the web server."""
    code = f"import sys, {module}; print([m for m in ('flask', 'gunicorn', 'werkzeug') if m in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == "[]"


def commands(group: click.Group, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in group.commands.items():
        yield (*above, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*above, name))


@pytest.mark.parametrize(
    "path, command",
    list(commands(main)),
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_help_has_an_example(path: tuple[str, ...], command: click.Command) -> None:
    text = command.get_help(click.Context(command, info_name=path[-1]))

    assert "Example" in text
    assert f"kashaf {' '.join(path)}" in text


def test_every_option_has_help() -> None:
    silent = [
        (path, parameter.name)
        for path, command in commands(main)
        for parameter in command.params
        if isinstance(parameter, click.Option) and not parameter.help
    ]

    assert silent == []


@pytest.mark.parametrize("page", ["README.md", "docs/guide.md", "docs/operating.md"])
def test_named_commands_exist(page: str) -> None:
    known = {path[0] for path, _ in commands(main)}
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    text = (ROOT / page).read_text("utf-8")
    shell = "\n".join(re.findall(r"^```(?:sh|console)\n(.*?)^```", text, re.MULTILINE | re.DOTALL))

    assert set(re.findall(r"^(?:\$ )?kashaf ([a-z]+)", shell, re.MULTILINE)) <= known
    assert set(re.findall(r"^(?:\$ )?make ([a-z]+)", shell, re.MULTILINE)) <= targets
    assert set(re.findall(r"`kashaf ([a-z]+)", text)) <= known
    assert set(re.findall(r"`make ([a-z]+)", text)) <= targets


def test_links_between_pages_lead_somewhere() -> None:
    broken = []
    for page in (ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")):
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8")):
            if not (page.parent / target).exists():
                broken.append((str(page.relative_to(ROOT)), target))

    assert broken == []


def locked(name: str) -> dict[str, int]:
    """Package -> number of its hashes in a lock file."""
    text = (ROOT / name).read_text("utf-8")
    blocks = re.findall(r"^([a-z0-9._-]+)==\S+((?: \\\n +--hash=sha256:[0-9a-f]{64})*)", text, re.MULTILINE)
    return {package: hashes.count("--hash") for package, hashes in blocks}


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_locked_package_has_hashes(name: str) -> None:
    packages = locked(name)

    assert packages
    assert [package for package, hashes in packages.items() if not hashes] == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_locks_name_no_place_of_one_machine(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")

    assert re.findall(r"^-.*|://", text, re.MULTILINE) == []


def test_every_dependency_is_locked() -> None:
    def names(requirements: list[str]) -> set[str]:
        return {re.split(r"[<>=!~ \[;]", requirement)[0].lower() for requirement in requirements}

    project = settings()
    assert names(project["project"]["dependencies"] + project["build-system"]["requires"]) <= set(
        locked("requirements.lock")
    )
    assert names(project["dependency-groups"]["dev"]) <= set(locked("requirements-dev.lock"))
