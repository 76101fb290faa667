"""The Pulumi CLI, called as a real process: a script on the PATH that says what it was given."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cli import pulumi
from cli.root import ROOT
from lab.folder import Folder
from spec.errors import LabError, LongshoreError

Script = Callable[[str], Path]


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Script:
    """Makes a `pulumi` of those lines; its arguments go to the file `calls` beside it."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(pulumi, "owns", lambda _stack: False)

    def make(text: str) -> Path:
        with (tmp_path / "pulumi").open("x") as file:
            file.write(f'#!/bin/sh\necho "$*" >> {tmp_path}/calls\n{text}\n')
            os.fchmod(file.fileno(), 0o755)
        return tmp_path / "calls"

    return make


@pytest.mark.parametrize("code", [0, 1, 255])
def test_its_exit_code_is_ours(script: Script, code: int) -> None:
    calls = script(f"exit {code}")
    assert pulumi.run("dev", ["up", "--stack", "dev"]) == code
    assert calls.read_text() == "up --stack dev\n"


def test_it_runs_in_the_project(script: Script, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    script("pwd > $(dirname $0)/where")
    pulumi.run("dev", ["up"])
    assert (tmp_path / "where").read_text().strip() == str(ROOT)


def test_ctrl_c_is_left_to_it_and_works_again_afterwards(script: Script) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    script(f"sleep 0.3; kill -INT {os.getpid()}; exit 3")
    assert pulumi.run("dev", ["up"]) == 3
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_ctrl_c_is_told_to_whoever_asked(script: Script) -> None:
    script(f"kill -INT {os.getpid()}; sleep 0.3; exit 255")
    heard: list[str] = []
    assert pulumi.run("dev", ["up"], lambda: heard.append("interrupted")) == 255
    assert heard == ["interrupted"]


def test_the_last_update_is_told_by_its_end(script: Script) -> None:
    calls = script("""echo '[{"kind": "update", "endTime": "2026-11-25T08:00:00.000Z"}]'""")
    assert pulumi.last_update("dev") == "1795593600"
    assert calls.read_text() == "stack history --json --page-size 1 --stack dev\n"


@pytest.mark.parametrize("said", ["[]", "null"])
def test_a_stack_without_updates_has_no_last_one(script: Script, said: str) -> None:
    script(f"echo '{said}'")
    assert pulumi.last_update("dev") == ""


def test_a_tag_is_set(script: Script) -> None:
    calls = script("")
    pulumi.tag("dev", "release", "2026.11.25-1-3f2c1ab0")
    assert calls.read_text() == "stack tag set release 2026.11.25-1-3f2c1ab0 --stack dev\n"


def test_outputs_are_read(script: Script) -> None:
    calls = script("""echo '{"cluster": {"name": "shop"}}'""")
    assert pulumi.outputs("dev") == {"cluster": {"name": "shop"}}
    assert calls.read_text() == "stack output --json --stack dev\n"


@pytest.mark.parametrize(
    ("answer", "found"),
    [('{"deployment": {"resources": []}}', {"resources": []}), ('{"deployment": null}', {}), ("{}", {})],
)
def test_a_state_before_the_first_update_is_empty(script: Script, answer: str, found: dict[str, Any]) -> None:
    script(f"echo '{answer}'")
    assert pulumi.deployment("dev") == found


def test_configuration_is_read_whatever_its_shape(script: Script) -> None:
    script("""echo '{"a:x": {"value": "1"}, "a:y": {"value": "{}", "objectValue": {"b": 2}}}'""")
    assert pulumi.config("dev") == {"a:x": "1", "a:y": {"b": 2}}


def test_forgetting_cut_off_creates_asks_nobody(script: Script) -> None:
    calls = script("echo 'no JSON at all'")
    pulumi.clear_pending("dev")
    assert "--clear-pending-creates" in calls.read_text()
    assert "--non-interactive" in calls.read_text()


def test_what_it_refuses_is_told_in_its_own_words(script: Script) -> None:
    script("echo 'error: no stack named dev found' >&2; exit 255")
    with pytest.raises(LongshoreError) as caught:
        pulumi.outputs("dev")
    assert str(caught.value) == (
        "stack dev: error: no stack named dev found\n  -> make it: `longshore pulumi stack init dev`"
    )


def test_a_stack_of_the_lab_needs_the_lab(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(pulumi, "owns", lambda stack: stack == "lab")
    monkeypatch.setattr(pulumi, "Folder", lambda: Folder(tmp_path))
    with pytest.raises(LabError, match=r"stack lab: the lab it belongs to is down(.|\n)*longshore lab up"):
        pulumi.run("lab", ["up"])


def test_a_command_that_names_no_stack_gets_the_users_environment(script: Script, tmp_path: Path) -> None:
    script("env > $(dirname $0)/env")
    pulumi.run(None, ["whoami"])
    assert "PULUMI_BACKEND_URL" not in (tmp_path / "env").read_text()
