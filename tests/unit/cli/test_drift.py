"""`longshore drift` from its command line: what is asked of Pulumi, what is printed, and the exit code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli import drift as verb
from cli import vcenter
from cli.main import app
from drift.observed import Observed
from spec.errors import LongshoreError, TargetError
from tests.unit.drift.made import NOW, seen_node

LOG = (Path(__file__).parents[1] / "drift" / "recorded" / "refresh.jsonl").read_text()
CLUSTER = {"managers": [{"host": "10.20.0.11", "name": "m1", "hostKey": "ssh-ed25519 AAAA"}], "swarmId": "swarm-1"}
NAMES = {"host-27": "esx1.test", "host-45": "esx2.test"}


class World:
    """Pulumi, the Swarm and vCenter as the verb meets them."""

    def __init__(self) -> None:
        self.log = LOG
        self.said = "Previewing refresh"
        self.observed = Observed(at=NOW)
        self.commands: list[list[str]] = []
        self.engines: list[str] = []
        self.outputs: dict[str, Any] = {"cluster": CLUSTER}
        self.refused: LongshoreError | None = None

    def attempt(self, stack: str, arguments: list[str]) -> str:
        self.commands.append([stack, *arguments])
        if self.log:
            Path(arguments[arguments.index("--event-log") + 1]).write_text(self.log)
        return self.said

    def observe(self, _outside: Any, managers: list[Any], engines: list[Any], swarm_id: str) -> Observed:
        assert [each.name for each in managers] == ["m1"]
        assert swarm_id == "swarm-1"
        self.engines = [each.name for each in engines]
        return self.observed

    def names(self, target: dict[str, Any]) -> dict[str, str]:
        assert target == {"server": "vcenter.test"}
        if self.refused:
            raise self.refused
        return NAMES


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    made = World()
    monkeypatch.setattr("cli.pulumi.outputs", lambda _: made.outputs)
    monkeypatch.setattr("cli.pulumi.attempt", made.attempt)
    monkeypatch.setattr("cli.pulumi.config", lambda _: {"longshore:target": {"server": "vcenter.test"}})
    monkeypatch.setattr(verb, "observe", made.observe)
    monkeypatch.setattr(vcenter, "place_names", made.names)
    return made


def run(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["drift", "-s", "lab", *arguments])


def test_harmful_drift_is_exit_code_9_and_json_for_machines(world: World) -> None:
    result = run("--json")
    assert result.exit_code == 9
    report = json.loads(result.stdout)
    assert report["stack"] == "lab"
    assert "node-gone" in {each["kind"] for each in report["findings"]}
    assert world.engines == ["lab-workers-2"]


def test_harmless_drift_is_exit_code_0_with_vcenters_own_names(world: World) -> None:
    world.observed = Observed(nodes=[], at=NOW)
    world.log = "\n".join(
        line for line in LOG.splitlines() if "VirtualMachine::lab-managers-1" in line or "summary" in line
    )
    result = run()
    assert result.exit_code == 0
    assert "esx1.test" in result.stdout
    assert "esx2.test" in result.stdout
    assert "stack lab: 0 harmful, 1 harmless" in result.stdout


def test_without_vcenter_identifiers_do(world: World) -> None:
    world.log = "\n".join(line for line in LOG.splitlines() if "VirtualMachine::lab-managers-1" in line)
    world.refused = TargetError("vCenter", "no route to host")
    result = run()
    assert result.exit_code == 0
    assert "host-27" in result.stdout


def test_vcenter_is_not_asked_for_names_that_nobody_needs(world: World) -> None:
    world.log = "\n".join(line for line in LOG.splitlines() if "workers-2-member" in line)
    world.observed = Observed(nodes=[seen_node("w1")], at=NOW)
    world.refused = LongshoreError("vCenter", "must not be asked")
    assert run().exit_code == 9


def test_the_refresh_is_a_preview_and_writes_no_state(world: World) -> None:
    run()
    [[stack, command, *flags]] = world.commands
    assert (stack, command) == ("lab", "refresh")
    assert "--preview-only" in flags
    assert "--yes" not in flags


def test_the_event_log_is_gone_afterwards(world: World) -> None:
    run()
    [arguments] = world.commands
    assert not Path(arguments[arguments.index("--event-log") + 1]).parent.exists()


def test_a_refresh_that_says_nothing_is_a_failure_not_a_clean_bill(world: World) -> None:
    world.log, world.said = "", "error: the passphrase is wrong\n"
    result = run()
    assert isinstance(result.exception, LongshoreError)
    assert "the passphrase is wrong" in str(result.exception)
    assert result.exception.exit_code == 1


def test_a_stack_with_nothing_deployed_says_so(world: World) -> None:
    world.outputs = {}
    result = run()
    assert isinstance(result.exception, LongshoreError)
    assert "nothing deployed" in str(result.exception)
    assert world.commands == []
