"""The day-2 verbs as they are typed: what they refuse before they reach for anything."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cli import backup as verbs
from cli import drain, main, pulumi, roll
from cli.backup import passphrase
from spec.errors import SwarmError
from tests.unit.upkeep.stacks import stack_file
from upkeep.archive import Manifest, digest, pack

CLUSTER: dict[str, Any] = {"name": "shop", "managers": [], "nodes": {}, "swarmId": "swarm-0"}
MANIFEST = Manifest("shop", "swarm-0", "m2", "27.0", "2026-11-24T20:00:00+00:00", digest(b"raft"))
Run = Callable[..., int]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `longshore` with these arguments and return its exit code."""

    def run(*arguments: str) -> int:
        monkeypatch.setattr(sys, "argv", ["longshore", *arguments])
        with pytest.raises(SystemExit) as ended:
            main.main()
        return int(ended.value.code or 0)

    monkeypatch.setattr(pulumi, "outputs", lambda _: {"cluster": CLUSTER})
    monkeypatch.setattr(pulumi, "deployment", lambda _: {})
    return run


def test_a_passphrase_comes_from_a_file_then_the_environment_then_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "phrase").write_text("from the file\n")
    monkeypatch.setattr("typer.prompt", lambda *_, **__: "typed")
    assert passphrase(None, confirm=True) == "typed"
    monkeypatch.setenv("LONGSHORE_BACKUP_PASSPHRASE", "from the environment")
    assert passphrase(None, confirm=True) == "from the environment"
    assert passphrase(tmp_path / "phrase", confirm=True) == "from the file"


def test_an_empty_or_missing_passphrase_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LONGSHORE_BACKUP_PASSPHRASE", "")
    with pytest.raises(SwarmError, match="passphrase: is empty"):
        passphrase(None, confirm=False)
    with pytest.raises(SwarmError, match="can't be read"):
        passphrase(tmp_path / "none", confirm=False)


def test_a_backup_never_overwrites_and_stops_no_engine_before_it_knows(
    typed: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "swarm.age"
    file.write_text("older")
    assert typed("backup", str(file), "-s", "prod") == 5
    assert "exists already" in capsys.readouterr().err
    assert file.read_text() == "older"


def test_a_backup_is_sealed_and_says_whose_it_is(
    typed: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LONGSHORE_BACKUP_PASSPHRASE", "right")
    monkeypatch.setattr(verbs, "copy", lambda *_: (MANIFEST, b"raft"))
    monkeypatch.setattr("upkeep.archive.seal", lambda plain, phrase: phrase.encode() + plain)
    file = tmp_path / "swarm.age"
    assert typed("backup", str(file), "-s", "prod") == 0
    assert file.read_bytes() == b"right" + pack(MANIFEST, b"raft")
    assert "shop, taken from m2 at 2026-11-24T20:00:00+00:00" in capsys.readouterr().out


def test_a_restore_is_not_begun_without_consent(typed: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> str:
        raise AssertionError("restored without consent")

    monkeypatch.setattr(verbs, "start_anew", never)
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    assert typed("restore", "-s", "prod") == 1


def test_a_restore_refreshes_only_the_managers_memberships_and_then_updates(
    typed: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    nodes = {"m1": {"address": "127.0.0.1", "role": "manager"}, "w1": {"address": "127.0.0.1", "role": "worker"}}
    members = [{"type": "swarm:index:Node", "urn": f"urn:{name}", "outputs": {"name": name}} for name in nodes]
    monkeypatch.setattr(pulumi, "outputs", lambda _: {"cluster": CLUSTER | {"nodes": nodes, "managers": [{}]}})
    monkeypatch.setattr(pulumi, "deployment", lambda _: {"resources": members})
    done: list[Any] = []
    monkeypatch.setattr(verbs, "start_anew", lambda *arguments: done.append(("restore", arguments[2])))

    def run(*arguments: Any) -> int:
        done.append(arguments)
        return 0

    monkeypatch.setattr(pulumi, "run", run)
    monkeypatch.setattr(verbs, "apply", lambda *_, **flags: done.append(("up", flags)))
    assert typed("restore", "-s", "prod", "--yes") == 0
    refresh = ["refresh", "--stack", "prod", "--yes", "--target", "urn:m1"]
    assert done == [("restore", None), ("prod", refresh), ("up", {"refresh": False, "yes": True})]


def test_draining_updates_that_membership_and_no_other(
    typed: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = stack_file(tmp_path)
    members = [
        {"type": "swarm:index:Node", "urn": f"urn:{name}", "outputs": {"name": name}}
        for name in ("shop-workers-1", "shop-workers-2")
    ]
    ran: list[list[str]] = []
    monkeypatch.setattr(drain, "stack_file", lambda _: file.path)
    monkeypatch.setattr(drain, "await_empty", lambda *_: None)
    monkeypatch.setattr(pulumi, "deployment", lambda _: {"resources": members})

    def run(_: str, arguments: list[str]) -> int:
        ran.append(arguments)
        return 0

    monkeypatch.setattr(pulumi, "run", run)
    assert typed("drain", "shop-workers-2", "-s", "shop", "--yes") == 0
    assert typed("activate", "shop-workers-2", "-s", "shop") == 0
    assert [each[each.index("--target") + 1] for each in ran] == ["urn:shop-workers-2"] * 2
    assert ["--yes" in each for each in ran] == [True, False]


def test_a_node_that_is_not_up_yet_cannot_be_drained(
    typed: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(drain, "stack_file", lambda _: stack_file(tmp_path).path)
    assert typed("drain", "shop-workers-2", "-s", "shop") == 5
    assert "is not in the stack's state yet" in capsys.readouterr().err


def test_a_pool_that_is_not_there_exits_with_2(
    typed: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(roll, "stack_file", lambda _: stack_file(tmp_path).path)
    assert typed("roll", "masters", "-s", "shop") == 2
    assert "it has managers, workers" in capsys.readouterr().err


@pytest.mark.parametrize("verb", [["certificates"], ["tokens", "rotate", "--yes"]])
def test_a_stack_without_managers_is_told_to_come_up_first(
    typed: Run, verb: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed(*verb, "-s", "prod") == 5
    assert "run `longshore up` first" in capsys.readouterr().err
