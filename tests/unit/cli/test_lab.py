"""`longshore lab`: what each verb prints, and with which code it ends."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli import lab as verbs
from cli.main import app
from lab.report import Part
from lab.toolchain import Finding
from spec.errors import LabError

RUN = CliRunner()


def invoke(*arguments: str) -> Any:
    return RUN.invoke(app, ["lab", *arguments], catch_exceptions=False)


@pytest.mark.parametrize("verb", ["up", "down"])
def test_progress_is_told_with_the_seconds_passed(verb: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"lab.rehearsal.{verb}", lambda progress: progress(f"lab: {verb}"))
    assert re.fullmatch(rf"\[ +\d+\.\ds\] lab: {verb}\n", invoke(verb).stdout)


@pytest.mark.parametrize("verb", ["up", "down"])
def test_openstack_is_a_part_of_its_own(verb: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"lab.openstack.rehearsal.{verb}", lambda progress: progress(f"OpenStack: {verb}"))
    assert re.fullmatch(rf"\[ +\d+\.\ds\] OpenStack: {verb}\n", invoke("openstack", verb).stdout)


def test_what_fails_is_left_to_the_commands_face(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_progress: object) -> None:
        raise LabError("lab", "no engine")

    monkeypatch.setattr("lab.rehearsal.up", fail)
    with pytest.raises(LabError, match="no engine"):
        invoke("up")


def test_status_is_a_row_a_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lab.rehearsal.status", lambda: [Part("engine", "up", "our own"), Part("registry", "down")])
    lines = [line.strip("│ ").split() for line in invoke("status").stdout.splitlines()]
    assert ["engine", "│", "up", "│", "our", "own"] in lines
    assert ["registry", "│", "down", "│"] in lines or ["registry", "│", "down"] in lines


@pytest.mark.parametrize(("ok", "code", "verdict"), [(True, 0, "ok"), (False, 8, "missing")])
def test_the_doctor_ends_with_8_when_something_is_missing(
    ok: bool, code: int, verdict: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [Finding("pulumi", ok=True, found="official"), Finding("Go", ok=ok, found="go1.1", fix="install Go")]
    monkeypatch.setattr(verbs, "examine", lambda: found)
    result = invoke("doctor")
    assert result.exit_code == code
    [line] = [line for line in result.stdout.splitlines() if "Go" in line.split()]
    assert verdict in line
    assert ("go1.1: install Go" in line) is not ok


def test_a_shell_reads_the_environment_back_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    values = {"A": "it's $HOME", "PULUMI_BACKEND_URL": "file:///x y"}
    monkeypatch.setattr(verbs, "environment", lambda: values)
    printed = invoke("env").stdout
    read = subprocess.run(
        ["sh", "-c", f'{printed}printf "%s|%s" "$A" "$PULUMI_BACKEND_URL"'], capture_output=True, text=True, check=True
    )
    assert read.stdout == "|".join(values.values())


def test_the_shell_has_the_labs_environment_and_its_code_is_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = tmp_path / "mysh"
    shell.write_text(f'#!/bin/sh\necho "$DOCKER_HOST" > {tmp_path}/seen\nexit 4\n')
    shell.chmod(0o755)
    monkeypatch.setenv("SHELL", str(shell))
    monkeypatch.setattr(verbs, "environment", lambda: {"DOCKER_HOST": "unix:///lab.sock"})
    assert invoke("shell").exit_code == 4
    assert (tmp_path / "seen").read_text() == "unix:///lab.sock\n"
    assert "DOCKER_HOST" not in os.environ


@pytest.mark.parametrize(("arguments", "part"), [([], "simulator"), (["engine"], "engine"), (["registry"], "registry")])
def test_a_log_is_printed_as_it_is(arguments: list[str], part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lab.rehearsal.log", lambda name: f"[{name}] said [bold]this[/bold]")
    assert invoke("logs", *arguments).stdout == f"[{part}] said [bold]this[/bold]\n"
