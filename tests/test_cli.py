"""The command line from outside: what it prints, what it leaves behind, how it ends."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import pty
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import kashaf
from kashaf.cli import main
from kashaf.serve import sample_files
from tests.running import Running, command, environment

ROOT = Path(__file__).parent.parent


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def process(*arguments: str | Path, **changes: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments),
        env=environment(**changes),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of the sample articles; nobody writes to it."""
    folder = tmp_path_factory.mktemp("samples") / "archive"
    done = run("index", *sample_files(), "--archive", folder)
    assert done.exit_code == 0, done.output
    return folder


@pytest.fixture
def own(samples: Path, tmp_path: Path) -> Path:
    """An archive of the sample articles that a test may change and damage."""
    return Path(shutil.copytree(samples, tmp_path / "a"))


def write(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def lines_of_articles(path: Path, count: int, words: int = 30) -> Path:
    """A JSON lines file of numbered articles."""
    with open(path, "w", encoding="utf-8") as file:
        for number in range(count):
            body = " ".join(f"mot{number}x{word}" for word in range(words))
            file.write(json.dumps({"id": f"n{number}", "headline": f"Article {number}", "body": body}) + "\n")
    return path


# index


def test_index_prints_one_summary_line(tmp_path: Path) -> None:
    done = run("index", *sample_files(), "--archive", tmp_path / "a")

    assert done.exit_code == 0
    assert done.stderr == ""
    assert re.fullmatch(
        r"32 articles indexed in \d+\.\d s \([\d,]+/s\): 32 new, 0 replaced, 0 unchanged\n", done.stdout
    )


def test_indexing_again_changes_nothing(tmp_path: Path) -> None:
    run("index", *sample_files(), "--archive", tmp_path / "a")
    before = json.loads(run("info", "--archive", tmp_path / "a", "--json").stdout)
    done = run("index", *sample_files(), "--archive", tmp_path / "a")

    assert "0 new, 0 replaced, 32 unchanged" in done.stdout
    assert json.loads(run("info", "--archive", tmp_path / "a", "--json").stdout) == before


def test_a_changed_article_is_replaced(tmp_path: Path) -> None:
    write(tmp_path, "a.jsonl", '{"id": "a", "headline": "Avant", "body": "Texte."}')
    run("index", tmp_path / "a.jsonl", "--archive", tmp_path / "archive")
    write(tmp_path, "a.jsonl", '{"id": "a", "headline": "Maintenant", "body": "Texte."}')

    assert "0 new, 1 replaced" in run("index", tmp_path / "a.jsonl", "--archive", tmp_path / "archive").stdout
    assert "Maintenant" in run("show", "a", "--archive", tmp_path / "archive").stdout


def test_refused_inputs_are_named_and_the_rest_indexed(tmp_path: Path) -> None:
    inputs = tmp_path / "in"
    inputs.mkdir()
    write(inputs, "bon.txt", "Rabat, le 3 mars 2026. Un article comme il faut, avec assez de mots pour être lu.")
    write(inputs, "vide.txt", "")
    write(inputs, "image.txt", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x01")
    write(inputs, "notes.jsonl", '{"headline": "Bon"}\n{"headline": \n')
    done = run("index", inputs, tmp_path / "absent", "--archive", tmp_path / "a")

    assert done.exit_code == 1
    named = done.stderr.splitlines()
    assert len(named) == 4
    for name in ("vide.txt: ", "image.txt: ", "notes.jsonl:2: ", "absent: no such file"):
        assert any(name in line and line.startswith("refused: ") for line in named), name
    assert "2 articles indexed" in done.stdout and "4 inputs refused" in done.stdout


def test_verbose_acknowledges_each_commit(tmp_path: Path) -> None:
    path = lines_of_articles(tmp_path / "n.jsonl", 25)
    done = run("index", path, "--archive", tmp_path / "a", "--batch", "10", "--verbose")

    assert done.stderr.splitlines() == ["committed 10", "committed 20", "committed 25"]


def test_source_is_for_those_that_name_none(tmp_path: Path) -> None:
    write(
        tmp_path,
        "n.jsonl",
        '{"id": "a", "headline": "Un", "source": "Le Fil"}\n{"id": "b", "headline": "Deux"}\n',
    )
    run("index", tmp_path / "n.jsonl", "--source", "La Gazette", "--archive", tmp_path / "a")

    answer = json.loads(run("search", "--json", "--archive", tmp_path / "a").stdout)
    assert {hit["id"]: hit["source"] for hit in answer["hits"]} == {"a": "Le Fil", "b": "La Gazette"}


def test_a_bar_on_a_terminal(tmp_path: Path) -> None:
    """Rate and time left are shown; the summary goes to standard output, alone."""
    inputs = lines_of_articles(tmp_path / "n.jsonl", 2_000, 60)
    ours, theirs = pty.openpty()
    running = subprocess.Popen(
        command("index", inputs, "--archive", tmp_path / "a"),
        env=environment(TERM="xterm"),
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
    )
    os.close(theirs)
    shown = b""
    with os.fdopen(ours, "rb", buffering=0) as terminal:
        while True:
            try:
                piece = terminal.read(4096)
            except OSError as error:  # how Linux says that the other side has been closed
                assert error.errno == errno.EIO
                break
            if not piece:
                break
            shown += piece
    output, _ = running.communicate(timeout=60)

    assert running.returncode == 0
    assert b"Indexing" in shown and b"%" in shown and b"/s" in shown
    assert output.count("\n") == 1


def test_ctrl_c_keeps_what_is_committed(tmp_path: Path) -> None:
    inputs = lines_of_articles(tmp_path / "n.jsonl", 20_000, 40)
    arguments = ("index", inputs, "--archive", tmp_path / "a", "--batch", "200", "--verbose")
    running = subprocess.Popen(
        command(*arguments), env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert running.stderr is not None
    first = running.stderr.readline()
    assert first == "committed 200\n"
    running.send_signal(signal.SIGINT)
    _, rest = running.communicate(timeout=60)

    assert running.returncode == 130
    acknowledged = re.findall(r"^committed (\d+)$", first + rest, re.MULTILINE)[-1]
    said = re.search(r"stopped: ([\d,]+) articles? of this run safe in .*; run the same command again", rest)
    assert said is not None and int(said.group(1).replace(",", "")) >= int(acknowledged)
    assert run("verify", "--archive", tmp_path / "a").exit_code == 0
    facts = json.loads(run("info", "--json", "--archive", tmp_path / "a").stdout)
    assert int(acknowledged) <= facts["articles"] < 20_000


# search and show


def test_search_is_readable(samples: Path) -> None:
    done = run("search", "manuscrits", "--language", "fr", "--archive", samples)

    assert done.exit_code == 0
    assert re.match(r"\d+ articles; here 1-\d+\n\n1\. ", done.stdout)
    assert "«Manuscrits»" in done.stdout or "«manuscrits»" in done.stdout
    assert "\nDates: 2026-01 (" in done.stdout
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize(
    "spelling",
    [
        "Zerouali",
        "الزروالي",
        "Slim Gharbi",
        "سليم الغربي",
        "ben youssef",
        "Benchekroun",
        "بنشقرون",
    ],
)
def test_a_name_is_found_in_any_spelling(samples: Path, spelling: str) -> None:
    answer = json.loads(run("search", spelling, "--size", "50", "--json", "--archive", samples).stdout)

    assert {hit["language"] for hit in answer["hits"]} == {"fr", "ar"}


def test_json_is_the_answer_of_the_interface(samples: Path) -> None:
    from kashaf.web import create_app
    from kashaf.web.settings import Settings

    ours = json.loads(run("search", "eau", "--from", "2026-02", "--size", "3", "--json", "--archive", samples).stdout)
    client = create_app(Settings(archive=samples)).test_client()
    theirs: Any = client.get("/api/v1/search?q=eau&from=2026-02&size=3").get_json()

    for answer in (ours, theirs):
        del answer["took_ms"], answer["links"]
    assert ours == theirs
    assert ours["total"] > 0


def test_nothing_found_is_not_a_failure(samples: Path) -> None:
    done = run("search", "zzyzx", "--archive", samples)

    assert (done.exit_code, done.stdout.splitlines()[0]) == (0, "No article matches.")


@pytest.mark.parametrize(
    "wrong",
    [
        ("search", "eau", "--from", "hier"),
        ("search", "eau", "--size", "101"),
        ("search", "eau", "--page", "0"),
        ("search", "eau" * 400),
        ("search", "eau", "--from", "hier", "--json"),
        ("search", "eau", "--sort", "random"),
        ("show", "no-such-article"),
        ("search", "eau", "--colour"),
        ("explode",),
        ("index",),
    ],
)
def test_wrong_usage_ends_with_2(samples: Path, wrong: tuple[str, ...]) -> None:
    done = process(*wrong, KASHAF_ARCHIVE=str(samples))

    assert done.returncode == 2
    assert done.stdout == ""
    assert "Error: " in done.stderr and "Traceback" not in done.stderr


def test_delete_names_what_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "three.jsonl"
    path.write_text("".join(json.dumps({"id": f"n{n}", "body": f"Le phare {n}."}) + "\n" for n in range(3)))
    archive = ("--archive", tmp_path / "archive")
    assert run("index", path, *archive).exit_code == 0
    done = run("delete", "n0", "n9\x1b[31m", "n2", *archive)
    assert done.exit_code == 1 and "2 articles deleted" in done.stdout
    assert "no article has the id 'n9" in done.stderr and "\x1b" not in done.stderr
    answer = json.loads(run("search", "phare", "--json", *archive).output)
    assert [hit["id"] for hit in answer["hits"]] == ["n1"]
    assert run("delete", "n1", *archive).exit_code == 0
    assert run("delete", "n1", "--archive", tmp_path / "none").exit_code == 3
    assert run("delete", *archive).exit_code == 2


def test_copies_are_folded_and_listed(tmp_path: Path) -> None:
    body = "Le navire est entré au port de Tanger mardi matin avec deux cents tonnes de blé à son bord, dit-on."
    dispatches = [
        {"id": f"n{day}", "headline": "Le blé", "body": body, "source": "Le Fil", "published": f"2026-03-0{day}"}
        for day in (2, 1, 3)
    ]
    path = write(tmp_path, "a.jsonl", "\n".join(map(json.dumps, dispatches)))
    archive = ("--archive", tmp_path / "a")
    run("index", path, *archive)
    every = run("search", "blé", *archive).output
    assert every.count("copies: 2") == 3 and "folded" not in every
    folded = run("search", "blé", "--collapse", "copies", "--sort", "oldest", *archive).output
    assert "3 articles, 2 of them folded under others; here 1-1" in folded and "n1" in folded
    answer = json.loads(run("search", "blé", "--collapse", "copies", "--json", *archive).output)
    assert (answer["total"], answer["folded"], [hit["folded"] for hit in answer["hits"]]) == (3, 2, [2])
    shown = run("show", "n2", *archive).output
    assert "Copy: 2026-03-01 · Le Fil · [n1] · the original\nCopy: 2026-03-03 · Le Fil · [n3]\n" in shown
    article = json.loads(run("show", "n1", "--json", *archive).output)
    assert [(copy["id"], copy["original"]) for copy in article["copies"]] == [("n2", False), ("n3", False)]
    assert run("search", "blé", "--collapse", "pages", *archive).exit_code == 2


def test_show_folds_clutter(samples: Path) -> None:
    answer = json.loads(run("search", "Khadija Aït Lahcen", "--json", "--archive", samples).stdout)
    article_id = answer["hits"][0]["id"]
    folded, whole = (run("show", article_id, *more, "--archive", samples).stdout for more in ([], ["--all"]))

    assert "Lire aussi" not in folded and "folded; --all shows them]" in folded
    assert "Lire aussi" in whole and "folded" not in whole


def test_show_json_is_the_answer_of_the_interface(samples: Path) -> None:
    from kashaf.web import create_app
    from kashaf.web.settings import Settings

    ours = json.loads(run("show", "echo-detroit-5512", "--json", "--archive", samples).stdout)
    client = create_app(Settings(archive=samples)).test_client()

    assert ours == client.get("/api/v1/articles/echo-detroit-5512").get_json()


def test_articles_cannot_steer_the_terminal(tmp_path: Path) -> None:
    hostile = "Titre \x1b[2J\x1b]0;owned\x07 \u202ecod.exe\u2066 \x9b31m fin"
    write(
        tmp_path,
        "h.jsonl",
        json.dumps({"id": "h", "headline": hostile, "body": f"mot {hostile}", "source": hostile}),
    )
    run("index", tmp_path / "h.jsonl", "--archive", tmp_path / "a")

    for arguments in (("search", "mot"), ("search", "mot", "--json"), ("show", "h"), ("show", "h", "--json")):
        done = run(*arguments, "--archive", tmp_path / "a")
        assert done.exit_code == 0
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", done.stdout), arguments


def test_an_argument_that_is_not_utf8_is_searched(samples: Path) -> None:
    arguments: list[str | bytes] = [*command("search"), b"caf\xe9", "--archive", str(samples)]
    done = subprocess.run(arguments, env=environment(), capture_output=True, timeout=60)

    assert done.returncode == 0


# the archive


@pytest.mark.parametrize("name", ["search", "show x", "info", "verify", "compact", "export", "serve"])
def test_no_archive_ends_with_3(tmp_path: Path, name: str) -> None:
    done = process(*name.split(), "--archive", tmp_path / "nowhere")

    assert done.returncode == 3
    assert done.stderr.count("\n") == 1 and "there is no archive in" in done.stderr
    assert not (tmp_path / "nowhere").exists()


def test_a_damaged_archive_ends_with_3(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    write(tmp_path / "a", "articles.sqlite", b"not a database at all" * 100)
    done = process("search", "eau", "--archive", tmp_path / "a")

    assert done.returncode == 3
    assert done.stderr.count("\n") == 1 and "cannot be read" in done.stderr


def test_a_second_writer_ends_with_3(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = lines_of_articles(tmp_path / "n.jsonl", 3)
    run("index", path, "--archive", tmp_path / "a")
    with open(tmp_path / "a" / "writer.lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = process("index", path, "--archive", tmp_path / "a")

    assert done.returncode == 3
    assert "is being written to by another process" in done.stderr


def test_verify_finds_a_flipped_byte_and_rebuild_mends_it(own: Path) -> None:
    assert run("verify", "--archive", own).exit_code == 0
    segment = max((own / "index").glob("*.seg"), key=lambda path: path.stat().st_size)
    content = bytearray(segment.read_bytes())
    content[len(content) // 2] ^= 0xFF
    segment.write_bytes(content)

    assert run("verify", "--archive", own).exit_code == 3
    done = run("compact", "--rebuild", "--archive", own)
    assert (done.exit_code, done.output) == (0, f"{own}: 32 articles in 1 segment\n")
    assert run("verify", "--archive", own).exit_code == 0


@pytest.mark.parametrize("name", ["MANIFEST.json", "*.seg"])
def test_rebuild_mends_what_cannot_even_be_opened(own: Path, name: str) -> None:
    for path in (own / "index").glob(name):
        path.write_bytes(b"rubbish")
    done = run("compact", "--rebuild", "--archive", own)

    assert (done.exit_code, done.output) == (0, f"{own}: 32 articles in 1 segment\n")
    assert run("verify", "--archive", own).exit_code == 0


def test_compact_leaves_one_segment(tmp_path: Path) -> None:
    path = lines_of_articles(tmp_path / "n.jsonl", 30)
    run("index", path, "--archive", tmp_path / "a", "--batch", "10")

    assert run("compact", "--archive", tmp_path / "a").stdout.endswith("30 articles in 1 segment\n")


def test_an_export_comes_back_the_same(samples: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    assert run("export", "--output", first, "--archive", samples).stdout.startswith("32 articles written")
    run("index", first, "--archive", tmp_path / "b")
    run("export", "--output", second, "--archive", tmp_path / "b")

    assert first.read_text("utf-8") == second.read_text("utf-8")
    assert list(tmp_path.glob("*.part")) == []
    one, other = (json.loads(run("info", "--json", "--archive", a).stdout) for a in (samples, tmp_path / "b"))
    for name in ("articles", "languages", "first", "last", "undated", "persons", "organisations"):
        assert one[name] == other[name], name


def test_an_export_goes_from_one_archive_to_another(samples: Path, tmp_path: Path) -> None:
    """How dates were found and what was set aside go with it, through a pipe."""
    exporting = subprocess.Popen(
        command("export", "--archive", samples), env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert exporting.stdout is not None and exporting.stderr is not None
    done = subprocess.run(
        command("index", "-", "--archive", tmp_path / "b"),
        env=environment(),
        stdin=exporting.stdout,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (exporting.wait(), exporting.stderr.read()) == (0, b"")
    exporting.stdout.close()
    exporting.stderr.close()
    assert (done.returncode, done.stderr) == (0, "") and "32 new" in done.stdout
    with kashaf.open(samples) as one, kashaf.open(tmp_path / "b") as other:
        for before, after in zip(one.export(), other.export(), strict=True):
            assert before == after


def test_a_reader_that_has_enough_ends_an_export_quietly(samples: Path) -> None:
    line = " ".join(["set -o pipefail;", *command("export", "--archive", samples), "| head -n 1 > /dev/null"])
    done = subprocess.run(["bash", "-c", line], env=environment(), capture_output=True, text=True, timeout=120)

    assert (done.returncode, done.stderr) == (141, "")


def test_ctrl_c_before_anything_has_begun(tmp_path: Path) -> None:
    """However early it comes, it leaves no traceback."""
    (tmp_path / "texts").mkdir()
    for delay in (0.15, 0.3, 0.6):
        running = subprocess.Popen(
            command("index", tmp_path / "texts", "--archive", tmp_path / "a"),
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        while "kashaf" not in Path(f"/proc/{running.pid}/cmdline").read_text():
            time.sleep(0.01)
        time.sleep(delay)
        running.send_signal(signal.SIGINT)
        said = running.communicate(timeout=60)[1]
        assert str(Path(kashaf.__file__).parent) not in said, said
        # Before our first line Python ends itself, with a traceback of its own beginning.
        assert running.returncode in (0, 130, -signal.SIGINT) or "KeyboardInterrupt" in said


def test_export_to_standard_output(samples: Path) -> None:
    records = [json.loads(line) for line in run("export", "--archive", samples).stdout.splitlines()]

    assert len(records) == 32
    assert all(record["id"] and record["body"] for record in records)


def test_version() -> None:
    assert run("--version").stdout == f"kashaf, version {kashaf.__version__}\n"


# serve and demo


@pytest.fixture
def server(samples: Path) -> Iterator[Running]:
    running = Running("serve", "--archive", samples, "--port", "0", "--workers", "2")
    yield running
    if running.process.poll() is None:
        running.stop()


def test_serve_answers_and_stops(server: Running) -> None:
    assert json.loads(server.get("api/v1/search?q=manuscrits"))["total"] > 0
    assert "<html" in server.get("")
    assert server.stop(signal.SIGTERM) == 0
    logged = [json.loads(line) for line in server.errors.splitlines()]
    assert [(line["level"], line["path"], line["status"]) for line in logged] == [
        ("info", "/api/v1/search", 200),
        ("info", "/", 200),
    ]


def test_what_is_indexed_meanwhile_appears(tmp_path: Path) -> None:
    path = lines_of_articles(tmp_path / "n.jsonl", 3)
    run("index", path, "--archive", tmp_path / "a")
    running = Running("serve", "--archive", tmp_path / "a", "--port", "0", "--workers", "1")
    try:
        assert json.loads(running.get("api/v1/search"))["total"] == 3
        lines_of_articles(path, 5)
        run("index", path, "--archive", tmp_path / "a")
        deadline = time.monotonic() + 10
        while (total := json.loads(running.get("api/v1/search"))["total"]) != 5 and time.monotonic() < deadline:
            time.sleep(0.1)
        assert total == 5
    finally:
        running.stop(signal.SIGTERM)


def test_a_taken_port_is_said(server: Running, samples: Path) -> None:
    port = server.address.rsplit(":", 1)[1].strip("/")
    done = process("serve", "--archive", samples, "--port", port)

    assert done.returncode == 2
    assert f"port {port}" in done.stderr and "Traceback" not in done.stderr


def test_demo_serves_the_samples_and_leaves_nothing(tmp_path: Path) -> None:
    running = Running("demo", "--port", "0", TMPDIR=str(tmp_path))
    try:
        assert running.said[0].startswith("32 articles indexed")
        assert json.loads(running.get("api/v1/search?size=0"))["total"] == 32
    finally:
        status = running.stop(signal.SIGINT)
    assert status == 0
    assert list(tmp_path.glob("kashaf-demo-*")) == []


# entities


def listed(folder: Path, name: str, kind: str = "person") -> list[dict[str, Any]]:
    done = run("entities", "list", name, "--kind", kind, "--json", "--archive", folder)
    assert done.exit_code == 0, done.output
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def people(folder: Path) -> dict[str, int]:
    answer = json.loads(run("search", "--json", "--archive", folder).stdout)
    return {bucket["id"]: bucket["count"] for bucket in answer["facets"]["person"]}


def test_entities_are_listed_by_mentions_and_by_name(own: Path) -> None:
    first = run("entities", "list", "--kind", "person", "--archive", own).stdout.splitlines()

    assert len(first) == 20 and all(re.match(r"p\d+  ", line) for line in first)
    assert any("الغربي" in variant["name"] for e in listed(own, "Slim Gharbi") for variant in e["variants"])


def test_merge_shows_at_once_and_undo_takes_it_back(own: Path) -> None:
    before = people(own)
    one, other = (listed(own, name)[0]["id"] for name in ("Hind Cherkaoui", "Lotfi Mabrouk"))
    done = run("entities", "merge", one, other, "--archive", own)

    assert done.exit_code == 0 and done.stdout.startswith(f"{one}  ")
    assert run("entities", "show", other, "--archive", own).stdout.startswith(f"{one}  person")
    found = json.loads(run("search", "", "--person", other, "--json", "--archive", own).stdout)
    assert found["total"] == before.get(one, 1) + before.get(other, 1)

    assert run("entities", "undo", "--archive", own).stdout.startswith("undone: merge")
    assert people(own) == before
    assert run("entities", "undo", "--archive", own).exit_code == 2


def test_split_gives_the_spelling_to_another(own: Path) -> None:
    entity = next(e for e in listed(own, "Slim Gharbi") if len(e["variants"]) > 1)
    name = entity["variants"][-1]["name"]
    done = run("entities", "split", entity["id"], name, "--archive", own)

    apart = done.stdout.splitlines()[1].split()[0]
    assert name in run("entities", "show", apart, "--archive", own).stdout
    assert name not in run("entities", "show", entity["id"], "--archive", own).stdout


def test_rename_and_reject(own: Path) -> None:
    entity = listed(own, "Hind Cherkaoui")[0]["id"]
    done = run("entities", "rename", entity, "--fr", "Hind Charqaoui", "--archive", own)
    assert done.stdout.startswith(f"{entity}  Hind Charqaoui")

    assert run("entities", "reject", entity, "--archive", own).exit_code == 0
    assert run("entities", "show", entity, "--archive", own).exit_code == 2
    assert "Hind Charqaoui" in run("entities", "restore", entity, "--archive", own).stdout
    done = run("entities", "undo", "1", "--archive", own)
    assert done.exit_code == 2 and "undo 3, 2 first" in done.output
    assert run("entities", "undo", "3", "--archive", own).stdout.startswith("undone: restore")
    assert run("entities", "show", entity, "--archive", own).exit_code == 2
    assert entity not in people(own)


def test_decisions_outlive_another_run(own: Path) -> None:
    entity = listed(own, "Hind Cherkaoui")[0]["id"]
    run("entities", "reject", entity, "--archive", own)
    run("index", *sample_files(), "--archive", own)
    run("compact", "--rebuild", "--archive", own)

    assert run("entities", "show", entity, "--archive", own).exit_code == 2


@pytest.mark.parametrize(
    "wrong",
    ["merge p1", "merge p1 p1", "merge p1 o1", "merge p1 p999999", "show x", "rename p1", "split p1 nobody"],
)
def test_impossible_decisions_are_refused(own: Path, wrong: str) -> None:
    done = run("entities", *wrong.split(), "--archive", own)

    assert done.exit_code == 2
    assert "Error: " in done.stderr and done.stdout == ""


def test_suggestions_are_accepted_and_refused(own: Path) -> None:
    done = run("entities", "suggestions", "--kind", "person", "--json", "--archive", own)
    first, second = json.loads(done.stdout)[:2]
    assert first["for"] and first["missing"] and first["strength"] >= second["strength"]
    text = run("entities", "suggestions", "--kind", "person", "--archive", own).stdout
    assert text.startswith(f"{first['id']}  ") and f"for: {first['for'][0]}" in text

    before = people(own)
    one, other = (entity["id"] for entity in first["entities"])
    assert run("entities", "accept", first["id"], "--archive", own).stdout.startswith(f"{one}  ")
    after = people(own)
    assert other not in after and after[one] == before[one] + before[other]
    assert run("entities", "refuse", second["id"], "--archive", own).exit_code == 0
    run("index", *sample_files(), "--archive", own)
    left = json.loads(run("entities", "suggestions", "--json", "--archive", own).stdout)
    assert not {first["id"], second["id"]} & {each["id"] for each in left}

    log = run("entities", "log", "--archive", own).stdout.splitlines()
    assert [line.split()[2] for line in log] == ["merge", "refuse"]
    run("entities", "undo", "--archive", own)
    again = json.loads(run("entities", "suggestions", "--json", "--archive", own).stdout)
    assert second["id"] in {each["id"] for each in again}


def test_all_that_is_known_of_an_entity_is_shown(own: Path) -> None:
    entity = listed(own, "Khaled Al Mutawa")[0]["id"]
    shown = json.loads(run("entities", "show", entity, "--json", "--archive", own).stdout)
    assert shown["articles"] >= 5 and shown["first"]["published"] < shown["last"]["published"]
    assert {"text": "directeur adjoint", "count": 1} in shown["functions"]
    assert sum(bucket["count"] for bucket in shown["timeline"]["buckets"]) + shown["timeline"]["undated"] >= 5
    neighbours = {bucket["id"] for bucket in shown["with_persons"] + shown["with_organisations"]}
    assert shown["ties"] and all({tie["one"], tie["other"]} <= neighbours for tie in shown["ties"])
    text = run("entities", "show", entity, "--archive", own).stdout
    assert "Functions:" in text and "Both beside:" in text and shown["last"]["headline"] in text


def test_two_wikidata_ids_are_merged_when_it_is_forced(own: Path) -> None:
    one, other = (listed(own, name)[0]["id"] for name in ("Hind Cherkaoui", "Khaled Al Mutawa"))
    for entity, item in ((one, "Q1"), (other, "Q2")):
        run("entities", "wikidata", entity, item, "--archive", own)
    assert run("entities", "merge", one, other, "--archive", own).exit_code == 2
    assert run("entities", "merge", one, other, "--force", "--archive", own).stdout.startswith(f"{one}  ")


def test_what_is_known_of_an_entity_is_kept(own: Path) -> None:
    entity = listed(own, "Hind Cherkaoui")[0]["id"]
    run("entities", "label", entity, "--ar", "هند", "--archive", own)
    assert run("entities", "wikidata", entity, "Q42", "--archive", own).exit_code == 0
    assert run("entities", "note", entity, "poète \u202eet \x1b[31mlibraire", "--archive", own).exit_code == 0
    run("compact", "--rebuild", "--archive", own)
    shown = json.loads(run("entities", "show", entity, "--json", "--archive", own).stdout)
    assert (shown["labels"]["ar"], shown["wikidata"], shown["note"]) == ("هند", "Q42", "poète et [31mlibraire")
    assert "هند" in run("entities", "list", "هند", "--archive", own).stdout

    run("entities", "wikidata", entity, "--remove", "--archive", own)
    run("entities", "label", entity, "--remove", "ar", "--archive", own)
    shown = json.loads(run("entities", "show", entity, "--json", "--archive", own).stdout)
    assert shown["wikidata"] is None and shown["labels"].get("ar") != "هند"


def test_decisions_go_to_another_archive(own: Path, samples: Path, tmp_path: Path) -> None:
    """Imported before or after the articles come, the facets and the search are the same."""
    one, other, gone = (listed(own, name)[0]["id"] for name in ("Hind Cherkaoui", "Lotfi Mabrouk", "Slim Gharbi"))
    run("entities", "merge", one, other, "--archive", own)
    run("entities", "reject", gone, "--archive", own)
    file, again = tmp_path / "decisions.jsonl", tmp_path / "again.jsonl"
    assert "decisions on 2 entities" in run("entities", "export", file, "--archive", own).stdout
    expected = sorted(people(own).values())

    after, before = Path(shutil.copytree(samples, tmp_path / "after")), tmp_path / "before"
    empty = write(tmp_path, "one.jsonl", '{"body": "Rien."}\n')
    run("index", empty, "--archive", before)
    for folder in (after, before):
        done = run("entities", "import", file, "--archive", folder)
        assert done.exit_code == 0 and "new" not in done.stdout
    assert sorted(people(after).values()) == expected, "without indexing again"
    for folder in (after, before):
        run("index", *sample_files(), "--archive", folder)
        assert sorted(people(folder).values()) == expected
        run("compact", "--rebuild", "--archive", folder)
        assert sorted(people(folder).values()) == expected
        found = json.loads(run("search", "", "--person", "Lotfi Mabrouk", "--json", "--archive", folder).stdout)
        assert found["total"] == people(own)[one]
        assert "nothing of it is new" in run("entities", "import", file, "--archive", folder).stdout
        run("entities", "export", again, "--archive", folder)
        assert again.read_bytes() == file.read_bytes() == run("entities", "export", "-", "--archive", own).stdout_bytes
    assert run("entities", "undo", "--archive", after).stdout.startswith("undone: import")
    assert people(after) == people(samples)


def test_a_bad_file_of_decisions_is_refused_whole(own: Path, tmp_path: Path) -> None:
    before = people(own)
    lines = [
        '{"kashaf": "decisions", "version": 1}',
        '{"kind": "person", "names": ["Hind Cherkaoui"], "rejected": true}',
    ]
    file = write(tmp_path, "decisions.jsonl", "\n".join([*lines, lines[1]]))
    done = run("entities", "import", file, "--archive", own)
    assert done.exit_code == 2 and "line 3: " in done.stderr and "nothing was changed" in done.stderr
    assert people(own) == before
    assert run("entities", "import", tmp_path / "none", "--archive", own).exit_code == 2


@pytest.mark.parametrize(
    "wrong",
    [
        "wikidata p1 42",
        "wikidata p1",
        "note p1 \u202e",
        "note p1 x --remove",
        "label p1",
        "label p1 --fr x --remove fr",
        f"label p1 --ar {'x' * 500}",
        f"note p1 {chr(0x301) * 500}",
        f"merge p1 {'p' * 500}",
        "accept p1",
        "accept p1-o1",
        "accept p1-p999999",
        "refuse p1-p1",
        "refuse \u202e-\u0301",
    ],
)
def test_impossible_statements_are_refused(own: Path, wrong: str) -> None:
    done = run("entities", *wrong.split(" "), "--archive", own)

    assert done.exit_code == 2 and "Error: " in done.stderr and done.stdout == ""
    assert run("entities", "log", "--archive", own).stdout == "None.\n"
