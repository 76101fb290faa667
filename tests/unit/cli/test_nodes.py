"""`longshore nodes`: what it ends with, and what it shows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from cli import nodes as command
from cli import pulumi
from cli.nodes import Answer, document, failures
from providers.swarm.baseline import evaluate
from providers.swarm.overlay import Heard
from providers.swarm.ssh import Ran
from spec.errors import EngineError
from tests.unit.cli.test_main import exit_code
from tests.unit.providers.node_facts import given, printed
from tests.unit.providers.paths import ALL
from tests.unit.providers.world import World

FINE = evaluate(given())
BAD = evaluate(given(config={"icc": True}))
CLUSTER: dict[str, Any] = {"nodes": {"m1": {"address": "10.0.0.11", "role": "manager", "connection": {"host": "x"}}}}
LOST = Heard(4789, 1450, {("m1", "w1"): frozenset(), ("w1", "m1"): frozenset(ALL) - {"stream"}})


@pytest.mark.parametrize(
    ("answers", "heard", "codes"),
    [
        ({"m1": FINE}, None, []),
        ({"m1": BAD}, None, [4]),
        ({"m1": EngineError("m1", "no route")}, None, [4]),
        ({}, LOST, [5]),
        ({"m1": BAD}, LOST, [4, 5]),
        ({}, Heard(4789, 1450, {}, {"w1": "ip: not found"}), [4]),
        ({}, Heard(4789, 1450, {("m1", "w1"): frozenset(ALL), ("w1", "m1"): frozenset(ALL)}), []),
    ],
)
def test_it_ends_with_the_documented_code(answers: dict[str, Answer], heard: Heard | None, codes: list[int]) -> None:
    assert [failure.exit_code for failure in failures("dev", answers, heard)] == codes


def test_json_holds_the_checks_and_the_faults_but_no_connection() -> None:
    shown = document(CLUSTER, {"m1": BAD, "w1": EngineError("w1", "no route")}, LOST)
    assert shown["nodes"] == {"m1": {"address": "10.0.0.11", "role": "manager"}}
    (failed,) = [each for each in shown["checks"]["m1"] if each["verdict"] == "fail"]
    assert (failed["id"], failed["weight"], failed["wrong"]) == ("2.2", "baseline", "icc isn't false")
    assert shown["checks"]["w1"] == {"error": "no route"}
    (fault,) = shown["probe"]["faults"]
    assert (fault["cause"], fault["lost"]) == ("filtered", [{"from": "m1", "to": "w1"}])


def test_json_leaves_out_what_was_not_asked_for() -> None:
    assert set(document(CLUSTER, {}, None)) == {"nodes"}


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """Two nodes that are asked instead of the real ones."""
    world = World("m1", "w1")
    for machine in world.machines.values():
        machine.answers = {}
    outputs = {
        "nodes": {
            machine.name: {"address": machine.host, "role": "worker", "connection": machine.connection}
            for machine in world.machines.values()
        },
        "overlay": {"port": 4789, "mtu": 1450},
    }
    monkeypatch.setattr(pulumi, "outputs", lambda _: {"cluster": outputs})
    monkeypatch.setattr(command, "Ssh", lambda _: _Outside(world))
    return world


class _Outside:
    """The world behind the command's one seam, each engine with its description."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.host_key = world.host_key

    def run(self, *arguments: Any) -> Ran:
        return self._world.run(*arguments)

    @contextmanager
    def docker(self, *arguments: Any) -> Iterator[Any]:
        with self._world.docker(*arguments) as client:
            yield client


def test_healthy_nodes_are_shown_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], world: World
) -> None:
    assert exit_code(monkeypatch, "nodes", "-s", "dev", "--check", "--probe") == 0
    text = capsys.readouterr().out
    assert "every kind of traffic gets through, both ways" in text
    assert "fail" not in text
    assert len(world.paths.plans) == 2


def test_a_failed_check_names_its_nodes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], world: World
) -> None:
    world["w1"].facts = printed(config={"userland-proxy": True})
    assert exit_code(monkeypatch, "nodes", "-s", "dev", "--check") == 4
    shown = capsys.readouterr()
    assert "w1: userland-proxy isn't false" in shown.out
    assert "the baseline fails on w1" in shown.err


def test_a_node_that_is_off_is_shown_with_the_others(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], world: World
) -> None:
    world["w1"].on = False
    assert exit_code(monkeypatch, "nodes", "-s", "dev", "--check", "--json") == 4
    checks = json.loads(capsys.readouterr().out)["checks"]
    assert "No route to host" in checks["w1"]["error"]
    assert all(each["verdict"] in ("pass", "note") for each in checks["m1"])


def test_lost_traffic_is_named_and_ends_with_5(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], world: World
) -> None:
    world.paths.lost[("10.0.0.11", "10.0.0.12")] = {"large"}
    assert exit_code(monkeypatch, "nodes", "-s", "dev", "--probe") == 5
    shown = capsys.readouterr()
    assert "traffic is lost (mtu)" in shown.out
    assert "from m1 to w1, large ones (1450 bytes" in shown.err


def test_without_a_flag_nothing_is_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], world: World
) -> None:
    for machine in world.machines.values():
        machine.on = False
    assert exit_code(monkeypatch, "nodes", "-s", "dev") == 0
    assert "10.0.0.12" in capsys.readouterr().out


@pytest.mark.parametrize("outputs", [{}, {"cluster": None}, {"cluster": {"nodes": {"m1": {"address": "10.0.0.11"}}}}])
def test_a_stack_that_was_never_up_is_told_apart(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], outputs: dict[str, Any]
) -> None:
    monkeypatch.setattr(pulumi, "outputs", lambda _: outputs)
    assert exit_code(monkeypatch, "nodes", "-s", "dev", "--check") == 4
    assert "run `longshore up` first" in capsys.readouterr().err


def test_what_is_wrong_everywhere_is_said_once_and_what_is_not_with_its_nodes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], world: World
) -> None:
    for machine in world.machines.values():
        machine.facts = printed(config={"icc": True})
    world["m1"].facts = printed(config={"icc": True, "log-level": "debug"})
    assert exit_code(monkeypatch, "nodes", "-s", "dev", "--check") == 4
    lines = capsys.readouterr().out.splitlines()
    (icc,) = [line for line in lines if "icc isn't false" in line]
    (level,) = [line for line in lines if "log-level is debug" in line]
    assert "m1" not in icc
    assert "m1: log-level is debug" in level
    assert "fails 2.2, 2.3" in next(line for line in lines if "10.0.0.11" in line)


@pytest.mark.usefixtures("world")
def test_advice_is_a_note_and_no_failure(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(monkeypatch, "nodes", "-s", "dev", "--check", "--json") == 0
    checks = json.loads(capsys.readouterr().out)["checks"]["m1"]
    noted = {each["id"]: each for each in checks if each["verdict"] == "note"}
    assert set(noted) == {"2.9", "2.12", "2.13"}
    assert {each["weight"] for each in noted.values()} == {"advice"}
    assert noted["2.9"]["wrong"] == "userns-remap is off"


def test_a_hard_failure_fails_the_check_too(monkeypatch: pytest.MonkeyPatch, world: World) -> None:
    world["m1"].facts = printed(arguments="dockerd -H tcp://0.0.0.0:2375")
    assert exit_code(monkeypatch, "nodes", "-s", "dev", "--check") == 4


def test_a_daemon_json_that_can_not_be_read_is_the_nodes_own_trouble(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], world: World
) -> None:
    world["m1"].facts = printed(config="{")
    assert exit_code(monkeypatch, "nodes", "-s", "dev", "--check") == 4
    shown = capsys.readouterr()
    assert "is no JSON object" in shown.out
    assert "the baseline fails on m1" in shown.err


def test_a_failed_check_and_lost_traffic_are_both_in_the_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], world: World
) -> None:
    world["w1"].facts = printed(config={"icc": True})
    world.paths.lost[("10.0.0.12", "10.0.0.11")] = {"checked"}
    assert exit_code(monkeypatch, "nodes", "-s", "dev", "--check", "--probe", "--json") == 4
    shown = json.loads(capsys.readouterr().out)
    assert [each["id"] for each in shown["checks"]["w1"] if each["verdict"] == "fail"] == ["2.2"]
    (fault,) = shown["probe"]["faults"]
    assert (fault["cause"], fault["lost"]) == ("offload", [{"from": "w1", "to": "m1"}])
    assert "ethtool" in fault["fix"]


def test_a_node_that_can_not_be_probed_is_named_and_the_others_are_judged(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], world: World
) -> None:
    world.paths.instead["10.0.0.12"] = Ran(127, "python3: not found")
    assert exit_code(monkeypatch, "nodes", "-s", "dev", "--probe") == 4
    assert "can't be probed: w1: python3: not found" in capsys.readouterr().err
