"""Stores of secrets: read once, told clearly when they can't be, and never laid open."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.stores import LARGEST, Stored, Stores
from spec.errors import SpecError
from spec.secret_source import CommandSource, EnvSource, FileSource

CANARY = "canary-value"


def command(code: str, timeout: str = "30s") -> CommandSource:
    return CommandSource(command=(sys.executable, "-c", code), timeout=timeout)


def refused(stores: Stores, source: FileSource | EnvSource | CommandSource) -> str:
    with pytest.raises(SpecError) as caught:
        stores.read("db", source)
    assert CANARY not in str(caught.value)
    assert caught.value.fix
    return str(caught.value)


def test_each_store_gives_its_secret_in_base64(tmp_path: Path) -> None:
    (tmp_path / "db").write_bytes(b"\x00\xffof a file\r\n")
    sources: dict[str, Stored] = {
        "a": FileSource(file="db"),
        "b": EnvSource(env="DB"),
        "c": command("print('printed')"),
    }
    found = Stores(tmp_path, {**os.environ, "DB": "größer"}).read_all(sources)
    read = {name: base64.b64decode(value) for name, value in found.items()}
    assert read == {"a": b"\x00\xffof a file\r\n", "b": "größer".encode(), "c": b"printed"}


@pytest.mark.parametrize(
    ("printed", "value"), [(r"x\n", "x"), (r"x\r\n", "x"), ("x", "x"), (r"x\n\n", "x\n"), (r" x \n", " x ")]
)
def test_one_line_end_after_what_a_command_prints_is_left_off(tmp_path: Path, printed: str, value: str) -> None:
    source = command(f"import sys; sys.stdout.write('{printed}')")
    assert Stores(tmp_path).read("db", source) == value.encode()


def test_equal_commands_run_once(tmp_path: Path) -> None:
    count = "open('count', 'a').write('.'); print('x')"
    stores = Stores(tmp_path)
    stores.read_all({"a": command(count), "b": command(count, timeout="9s")})
    stores.read("c", command(count))
    stores.read("d", command(count + "\n"))
    assert (tmp_path / "count").read_text() == ".."


def test_a_file_may_lie_in_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "db").write_text("x")
    assert Stores(tmp_path / "project").read("db", FileSource(file="~/db")) == b"x"
    assert Stores(tmp_path / "project").read("db", FileSource(file=str(tmp_path / "db"))) == b"x"


@pytest.mark.parametrize(("name", "said"), [("absent", "No such file"), (".", "Is a directory")])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str, said: str) -> None:
    assert f"secrets.db.file: {name}: {said}" in refused(Stores(tmp_path), FileSource(file=name))


def test_a_file_that_git_knows_is_refused_and_one_that_it_does_not_know_passes(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    for name in ("db", "ignored"):
        (tmp_path / name).write_text(CANARY)
    subprocess.run(["git", "-C", str(tmp_path), "add", "db"], check=True)
    said = refused(Stores(tmp_path), FileSource(file="db"))
    assert "git knows this file" in said
    assert "git rm --cached db" in said
    assert Stores(tmp_path).read("x", FileSource(file="ignored")) == CANARY.encode()


def test_a_variable_that_is_not_there_is_named(tmp_path: Path) -> None:
    said = refused(Stores(tmp_path, {}), EnvSource(env="DB"))
    assert "secrets.db.env: DB: there is no such variable" in said
    assert "export DB" in said


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import sys; print('signed out', file=sys.stderr); sys.exit(3)", "ended with exit code 3: signed out"),
        ("import sys; print('a\\nlast\\x1b[31m one\\n', file=sys.stderr); sys.exit(1)", "1: last [31m one"),
        ("import sys; sys.exit(1)", "exit code 1\n"),
        (f"import sys; print('{CANARY}'); print('got {CANARY}', file=sys.stderr); sys.exit(1)", "exit code 1\n"),
        ("import sys; print('x' * 999, file=sys.stderr); sys.exit(1)", f"1: {'x' * 200}\n"),
    ],
)
def test_a_command_that_fails_tells_its_code_and_its_last_line_but_no_secret(
    tmp_path: Path, code: str, said: str
) -> None:
    assert said in refused(Stores(tmp_path), command(code))


@given(st.text("abcXYZ019", min_size=3, max_size=20))
def test_no_word_that_was_printed_is_ever_told(secret: str) -> None:
    code = f"import sys; print('{secret}'); print('no: -{secret}-', file=sys.stderr); sys.exit(1)"
    stores = Stores(Path())
    with pytest.raises(SpecError) as caught:
        stores.read("db", command(code))
    assert caught.value.found.endswith("exit code 1")


def test_a_command_that_is_not_installed_is_named(tmp_path: Path) -> None:
    said = refused(Stores(tmp_path), CommandSource(command=("no-such-store", "read")))
    assert "`no-such-store` can't be run: No such file" in said


def test_a_command_that_does_not_end_is_ended_with_all_it_started(tmp_path: Path) -> None:
    child = "import subprocess, time; subprocess.Popen(['sleep', '100']); time.sleep(100)"
    began = time.monotonic()
    said = refused(Stores(tmp_path), command(child, timeout="1s"))
    assert "did not end within 1s" in said
    assert time.monotonic() - began < 60


def test_a_command_is_asked_nothing_and_gets_no_configuration_of_the_stack(tmp_path: Path) -> None:
    code = "import os, sys; print(len(sys.stdin.read()), *sorted(key for key in os.environ if 'PULUMI' in key))"
    environment = {**os.environ, "PULUMI_CONFIG": CANARY, "PULUMI_CONFIG_PASSPHRASE": CANARY, "PULUMI_STACK": "dev"}
    assert Stores(tmp_path, environment).read("db", command(code)) == b"0 PULUMI_STACK"


@pytest.mark.parametrize(("size", "said"), [(0, "is empty"), (LARGEST, f"holds {LARGEST} bytes")])
def test_what_swarm_would_refuse_is_refused_here(tmp_path: Path, size: int, said: str) -> None:
    (tmp_path / "db").write_bytes(b"x" * size)
    assert said in refused(Stores(tmp_path), FileSource(file="db"))
    (tmp_path / "db").write_bytes(b"x" * (LARGEST - 1))
    assert len(Stores(tmp_path).read("db", FileSource(file="db"))) == LARGEST - 1


def test_everything_that_cannot_be_read_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(SpecError) as caught:
        Stores(tmp_path, {}).read_all({"a": EnvSource(env="A"), "b": FileSource(file="b")})
    assert "secrets.a.env" in str(caught.value)
    assert "secrets.b.file" in str(caught.value)
