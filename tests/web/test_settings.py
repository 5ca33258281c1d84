"""Settings: one definition, four places they may be written in, and nothing that is misread."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from kashaf.errors import SettingError
from kashaf.serve import serve
from kashaf.web.chosen_settings import choose, misspelt, shown
from kashaf.web.settings import SETTINGS, Settings, token_digest

OPERATING = Path(__file__).parents[2] / "docs/operating.md"
DIGEST = "ab" * 32


def written(folder: Path, text: str) -> Path:
    file = folder / "kashaf.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_flags_come_before_variables_before_the_file_before_defaults(tmp_path: Path) -> None:
    file = written(tmp_path, "port = 1\nworkers = 1\nbudget = 1\n")
    environ = {"KASHAF_PORT": "2", "KASHAF_WORKERS": "2", "KASHAF_SLOW": " "}
    chosen = choose({"archive": str(tmp_path), "port": "3", "host": None}, environ)
    settings = chosen.settings
    assert (settings.port, settings.workers, settings.budget, settings.host) == (3, 2, 1.0, "127.0.0.1")
    origins = {name: chosen.origins[name] for name in ("archive", "port", "workers", "budget", "host", "slow")}
    assert origins == {
        "archive": "--archive",
        "port": "--port",
        "workers": "KASHAF_WORKERS",
        "budget": str(file),
        "host": "default",
        "slow": "default",
    }
    assert chosen.file == file


def test_every_setting_can_be_written_everywhere(tmp_path: Path) -> None:
    """What is shown of settings is a file of the same settings."""
    texts = {
        "archive": "/srv/press",
        "host": "::1",
        "hosts": "a.example, .b.example",
        "token_sha256": DIGEST.upper(),
        "origins": "https://tool.example:8443,*",
        "proxies": "10.0.0.0/8, ::1",
        "log_format": "text",
        "log_level": "error",
    }
    for name, setting in SETTINGS.items():
        if name not in texts:
            is_switch = isinstance(setting.default, bool)
            texts[name] = "true" if is_switch else "1.5" if isinstance(setting.default, float) else "1000"
    texts |= {"workers": "3", "exports_at_once": "7"}
    from_variables = choose({}, {SETTINGS[name].variable: text for name, text in texts.items()})
    flags = {name: text for name, text in texts.items() if SETTINGS[name].flag}
    from_flags = choose(flags, {"KASHAF_TOKEN_SHA256": DIGEST})
    assert from_flags.settings == from_variables.settings
    file = written(tmp_path, shown(from_variables).replace("(hidden)", DIGEST))
    from_file = choose({"config": str(file)}, {})
    assert from_file.settings == from_variables.settings
    assert set(from_file.origins.values()) == {str(file)}
    assert all(getattr(from_file.settings, name) != setting.default for name, setting in SETTINGS.items())


def test_the_token_is_hashed_at_once_and_never_shown(tmp_path: Path) -> None:
    chosen = choose({"archive": str(tmp_path)}, {"KASHAF_TOKEN": "opensesame", "KASHAF_TOKEN_SHA256": DIGEST})
    assert chosen.settings.token_sha256 == token_digest("opensesame")
    assert chosen.origins["token_sha256"] == "KASHAF_TOKEN"
    text = shown(chosen)
    assert "(hidden)" in text and "opensesame" not in text and token_digest("opensesame") not in text


def test_the_file_of_the_archive_or_the_one_that_is_named(tmp_path: Path) -> None:
    written(tmp_path, "port = 1\n")
    (tmp_path / "other").mkdir()
    other = written(tmp_path / "other", 'port = 2\narchive = "../press"\n')
    assert choose({"archive": str(tmp_path)}, {}).settings.port == 1
    assert choose({}, {"KASHAF_ARCHIVE": str(tmp_path)}).settings.port == 1
    named = choose({}, {"KASHAF_CONFIG": str(other)})
    assert named.settings.port == 2
    assert named.settings.archive.resolve() == tmp_path / "press"  # paths of a file start where it lies
    assert choose({"config": str(other)}, {"KASHAF_CONFIG": "/nowhere"}).file == other
    assert choose({"archive": str(tmp_path / "none")}, {}).file is None


@pytest.mark.parametrize(
    "text, told",
    [
        ("max_exprt = 1", "max_exprt: there is no such setting; did you mean max_export?"),
        ("[limits]\nport = 1", "limits: there is no such setting"),
        ('token = "x"', "token: write token_sha256"),
        ('archive = "elsewhere"', "archive: this file lies in an archive"),
        ('max_export = "10"', "max_export: must be a whole number from 1 to 100,000,000, not '10'"),
        ("max_export = true", "not True"),
        ("max_export = 0", "not 0"),
        ("max_export = 1.5", "not 1.5"),
        ("budget = nan", "budget: must be seconds from 0 to 60, not nan"),
        ("budget = inf", "not inf"),
        ("budget = -0.1", "not -0.1"),
        ("log_queries = 1", "log_queries: must be true or false"),
        ('log_format = "xml"', "log_format: must be json or text, not 'xml'"),
        ('hosts = "a.example"', "hosts: must be a list of host names"),
        ("hosts = [1]", "hosts: must be a list"),
        ('hosts = ["a b"]', "hosts: must be host names"),
        ('origins = ["https://a.example/"]', "origins: must be origins such as"),
        ('origins = ["https://*.a.example"]', "origins"),
        ('origins = ["null"]', "origins"),
        ('origins = ["https://u:p@a.example"]', "origins"),
        ('origins = ["https://a.example\\r\\nX: y"]', "origins"),
        ('proxies = ["10.0.0.1/8"]', "proxies: must be addresses or networks"),
        ('token_sha256 = "short"', "64 hexadecimal digits"),
        ("port = 70000", "port"),
        ("port = 1\nport = 2", "is not TOML in UTF-8"),
        ("port = ", "is not TOML in UTF-8"),
        ("port = " + "[" * 5_000, "is not TOML in UTF-8: nested too deeply"),
        ("port = 1" + "0" * 6_000, "is not TOML in UTF-8"),
        ("#" + "x" * 100_000, "larger than 100,000 bytes"),
    ],
)
def test_a_file_that_holds_something_else_is_refused(tmp_path: Path, text: str, told: str) -> None:
    file = written(tmp_path, text)
    with pytest.raises(SettingError) as caught:
        choose({"archive": str(tmp_path)}, {})
    assert str(caught.value).startswith(f"{file}: ") and told in str(caught.value)
    assert len(str(caught.value)) < 300 + len(str(file))


def test_files_that_are_none(tmp_path: Path) -> None:
    (tmp_path / "bytes.toml").write_bytes(b'host = "\xff"')
    for file, told in (
        (tmp_path, "cannot be read"),
        (tmp_path / "none", "cannot be read: No such file"),
        (tmp_path / "bytes.toml", "is not TOML"),
    ):
        with pytest.raises(SettingError, match=told):
            choose({"config": str(file)}, {})
    with pytest.raises(SettingError, match="cannot be read"):
        choose({"config": "a\x00b"}, {})


@pytest.mark.parametrize(
    "name, text",
    [("PORT", "x"), ("PORT", "1_0"), ("PORT", "١"), ("BUDGET", "1e3"), ("BUDGET", "nan"), ("LOG_QUERIES", "yes")],
)
def test_variables_and_flags_name_themselves(name: str, text: str) -> None:
    with pytest.raises(SettingError, match=f"^KASHAF_{name}: must be "):
        choose({}, {f"KASHAF_{name}": text})
    flag = f"--{name.lower().replace('_', '-')}"
    with pytest.raises(SettingError, match=f"^{flag}: must be "):
        choose({name.lower(): text}, {})


def test_the_secret_of_a_wrong_variable_is_not_repeated() -> None:
    with pytest.raises(SettingError) as caught:
        choose({}, {"KASHAF_TOKEN_SHA256": "opensesame"})
    assert "opensesame" not in str(caught.value)


def test_a_misspelt_variable_is_noticed() -> None:
    environ = {"KASHAF_MAX_EXPRT": "1", "KASHAF_PORT": "1", "KASHAF_TOKEN": "x", "KASHAF_FUZZ": "9", "PATH": "/"}
    assert misspelt(environ) == {"KASHAF_MAX_EXPRT": "KASHAF_MAX_EXPORT"}


def test_settings_made_in_python_are_checked_too() -> None:
    assert Settings(hosts=["a.example"]).hosts == ("a.example",)  # type: ignore[arg-type]  # on purpose
    with pytest.raises(SettingError, match="port: must be a whole number"):
        Settings(port=-1)


def test_the_command_shows_what_holds_and_refuses_what_cannot(tmp_path: Path) -> None:
    written(tmp_path, "max_export = 5\n")
    done = CliRunner().invoke(
        serve, ["--archive", str(tmp_path), "--show-settings"], env={"KASHAF_TOKEN": "opensesame"}
    )
    assert done.exit_code == 0 and "opensesame" not in done.output
    assert re.search(r"^max_export = 5 +# .*kashaf.toml$", done.output, re.MULTILINE)
    assert tomllib.loads(done.output)["port"] == 8000
    done = CliRunner().invoke(serve, ["--archive", str(tmp_path), "--max-body", "1"])
    assert isinstance(done.exception, SettingError)  # `kashaf` ends with status 2 and this sentence


def test_the_documented_table_is_the_definition() -> None:
    section = OPERATING.read_text(encoding="utf-8").partition("## Settings")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    assert rows == [
        f"| `{name}` | {setting.written_default} | {setting.meaning} |" for name, setting in SETTINGS.items()
    ]
