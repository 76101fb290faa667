"""Machines that stopped: found by their silence, started only when the user agrees, and waited for."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from cli import pulumi, revive
from cli.recover import MACHINE
from cli.revive import machine_paths, silent_nodes
from spec.errors import EngineError, LongshoreError, SwarmError

NODES = {f"m{n}": {"address": f"10.0.0.1{n}", "role": "manager"} for n in (1, 2, 3)}
CLUSTER: dict[str, Any] = {"managers": [{"host": "10.0.0.11", "port": 2222}], "nodes": NODES, "swarmId": "s"}
STATE = {"resources": [{"type": MACHINE, "outputs": {"name": name, "folder": "prod"}} for name in NODES]}


class Vcenter:
    """Remembers what was started, and starts it unless told otherwise."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, silent: set[str], missed: list[str] | None = None) -> None:
        self.started: list[str] = []
        self.silent = silent
        self.stuck = False
        monkeypatch.setattr("cli.vcenter.start", self.start)
        monkeypatch.setattr(pulumi, "outputs", lambda _: {"cluster": CLUSTER})
        monkeypatch.setattr(pulumi, "config", lambda _: {"longshore:target": {}})
        monkeypatch.setattr(revive, "_answers", lambda address, _: f"m{address[-1]}" not in self.silent)
        monkeypatch.setattr(revive, "suspects", lambda _: missed or [])
        monkeypatch.setattr(revive, "START_SECONDS", 0.0)

    def start(self, target: dict[str, Any], machines: list[str]) -> None:
        assert target == {}
        self.started += machines
        if not self.stuck:
            self.silent.clear()


def test_silent_machines_are_named_and_started(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    vcenter = Vcenter(monkeypatch, {"m1", "m3"})
    revive.revive("prod", STATE, yes=True)
    assert vcenter.started == ["prod/m1", "prod/m3"]
    assert "m1, m3: no answer; vCenter will power them on" in capsys.readouterr().out


def test_where_all_answer_nothing_is_asked(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    vcenter = Vcenter(monkeypatch, set())
    revive.revive("prod", STATE, yes=False)
    assert vcenter.started == []
    assert capsys.readouterr().out == ""


def test_nothing_is_started_without_consent(monkeypatch: pytest.MonkeyPatch) -> None:
    vcenter = Vcenter(monkeypatch, {"m2"})
    monkeypatch.setattr("typer.confirm", lambda _: False)
    with pytest.raises(LongshoreError, match="m2 don't answer"):
        revive.revive("prod", STATE, yes=False)
    assert vcenter.started == []


def test_a_machine_that_stays_silent_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    vcenter = Vcenter(monkeypatch, {"m2"})
    vcenter.stuck = True
    with pytest.raises(EngineError, match="m2: not back"):
        revive.revive("prod", STATE, yes=True)


def test_machines_that_answer_without_a_quorum_point_to_restore(monkeypatch: pytest.MonkeyPatch) -> None:
    Vcenter(monkeypatch, {"m2"}, missed=["m2"])
    with pytest.raises(SwarmError, match="the Swarm does not see them") as lost:
        revive.revive("prod", STATE, yes=True)
    assert "longshore restore" in lost.value.fix


def test_a_restore_waits_for_the_machines_only(monkeypatch: pytest.MonkeyPatch) -> None:
    vcenter = Vcenter(monkeypatch, {"m2"}, missed=["m2"])
    revive.start_machines("prod", CLUSTER, {"m2": "prod/m2"}, members=False)
    assert vcenter.started == ["prod/m2"]


@pytest.mark.parametrize("cluster", [None, {"managers": []}])
def test_a_stack_that_is_not_up_yet_has_nothing_to_revive(monkeypatch: pytest.MonkeyPatch, cluster: Any) -> None:
    Vcenter(monkeypatch, {"m1"})
    monkeypatch.setattr(pulumi, "outputs", lambda _: {"cluster": cluster})
    revive.revive("prod", STATE, yes=False)


def test_a_state_without_machines_asks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(stack: str) -> dict[str, Any]:
        raise AssertionError(stack)

    monkeypatch.setattr(pulumi, "outputs", never)
    revive.revive("prod", {}, yes=False)


def test_machines_are_found_in_the_state_by_their_names() -> None:
    half = {"type": MACHINE, "outputs": None}
    other = {"type": "swarm:index:Engine", "outputs": {"name": "m1"}}
    assert machine_paths({"resources": [*STATE["resources"], half, other]})["m2"] == "prod/m2"
    assert len(machine_paths(STATE)) == 3


def test_only_those_are_silent_where_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_server(("127.0.0.1", 0)) as closed:
        ports = server.getsockname()[1], closed.getsockname()[1]
        closed.close()
        found = [
            silent_nodes({"managers": [{"port": port}], "nodes": {"m1": {"address": "127.0.0.1"}}}, ["m1"])
            for port in ports
        ]
    assert found == [[], ["m1"]]
