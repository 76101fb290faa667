"""The command's face: exit codes, and never a traceback for an expected failure."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from cli import main as command
from cli.answer import Place
from cli.pulumi import deployment, named_stack
from cli.status import _node, _placed, _service
from spec.errors import EngineError, LabError, LongshoreError, SpecError


def exit_code(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> object:
    monkeypatch.setattr(sys, "argv", ["longshore", *arguments])
    with pytest.raises(SystemExit) as ended:
        command.main()
    return ended.value.code


def test_a_stack_file_that_is_missing_exits_with_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code = exit_code(monkeypatch, "check", "nowhere")
    printed = capsys.readouterr().err
    assert code == 2
    assert printed.startswith("error: stacks/Pulumi.nowhere.yaml: can't be read")
    assert "Traceback" not in printed


def test_every_failure_has_an_exit_code_of_its_own() -> None:
    codes = [each.exit_code for each in LongshoreError.__subclasses__() if each.__module__ == "spec.errors"]
    assert len(codes) == len(set(codes))
    assert (SpecError.exit_code, EngineError.exit_code, LabError.exit_code) == (2, 4, 8)


def test_a_good_stack_file_is_said_to_be_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code = exit_code(monkeypatch, "check", "example-vsphere")
    assert code == 0
    assert "ok (3 managers, 4 workers, 3 services)" in capsys.readouterr().out


def test_a_node_is_shown_as_the_swarm_sees_it() -> None:
    node = _node(
        {
            "Spec": {"Role": "manager", "Availability": "drain"},
            "Description": {"Hostname": "m-1", "Engine": {"EngineVersion": "27.0"}},
            "Status": {"State": "down", "Addr": "10.0.0.1"},
            "ManagerStatus": {"Leader": True},
        }
    )
    assert (node.name, node.role, node.state, node.availability) == ("m-1", "manager (leader)", "down", "drain")


def test_a_service_is_reachable_where_its_tasks_run() -> None:
    nodes = [{"ID": "n1", "Description": {"Hostname": "w-1"}}]
    placed = [_placed({"ServiceID": "s1", "NodeID": "n1"}, nodes), _placed({"ServiceID": "s2", "NodeID": "n1"}, nodes)]
    service = {
        "ID": "s1",
        "Spec": {
            "Name": "web",
            "TaskTemplate": {"ContainerSpec": {"Image": "web:1@sha256:abc"}},
        },
        "Endpoint": {"Ports": [{"PublishedPort": 80, "Protocol": "tcp"}]},
        "ServiceStatus": {"RunningTasks": 1, "DesiredTasks": 2},
    }
    shown = _service(service, placed, {"w-1": {"address": "10.0.0.9"}})
    assert (shown.running, shown.wanted, shown.image) == (1, 2, "web:1")
    assert shown.places == [Place("10.0.0.9", 80)]


@pytest.mark.parametrize(
    ("arguments", "stack"),
    [
        (["stack", "export", "-s", "dev"], "dev"),
        (["up", "--stack", "dev", "--yes"], "dev"),
        (["up", "--stack=dev"], "dev"),
        (["stack", "ls"], None),
        (["up", "-s"], None),
    ],
)
def test_a_stack_is_read_from_pulumis_own_arguments(arguments: list[str], stack: str | None) -> None:
    assert named_stack(arguments) == stack


def test_a_stack_of_ones_own_never_gets_the_labs_backend(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    command = tmp_path / "pulumi"
    command.write_text(
        '#!/bin/sh\ntest -z "$PULUMI_CONFIG_PASSPHRASE_FILE" || exit 1\n'
        'echo "{\\"deployment\\": {\\"backend\\": \\"$PULUMI_BACKEND_URL\\"}}"\n'
    )
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("PULUMI_BACKEND_URL", "s3://mine")
    assert deployment("dev") == {"backend": "s3://mine"}


def test_without_pulumi_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LongshoreError, match="is not on PATH"):
        deployment("dev")
