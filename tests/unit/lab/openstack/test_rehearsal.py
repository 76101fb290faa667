from __future__ import annotations

from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

import pytest

from lab.folder import Folder
from lab.network import Addresses
from lab.openstack import rehearsal
from lab.toolchain import Toolchain
from lab.toolchain.component import OPENSTACK
from spec.errors import LabError

ADDRESSES = Addresses(IPv4Network("10.77.0.0/24"))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The parts that are asked, in that order; the engine had to be started."""
    seen: list[str] = []

    def stand_in(name: str, answer: Any) -> None:
        def call(*_: Any, **options: Any) -> Any:
            seen.append(name + "".join(f" {each.name}" for each in options.get("wanted", ())))
            return answer

        monkeypatch.setattr(f"lab.openstack.rehearsal.{name}", call)

    stand_in("resolve", Toolchain([], Path("/pulumi"), Path("/vcsim"), {}))
    stand_in("docker_engine.ensure", True)
    stand_in("docker_engine.client", None)
    stand_in("simulator.wake_machines", None)
    stand_in("network.ensure", ADDRESSES)
    stand_in("cloud.ensure", None)
    stand_in("cloud.remove", None)
    return seen


def test_up_needs_the_plugin_the_engine_and_the_network_and_no_simulator(
    folder: Folder, asked: list[str], lines: list[str]
) -> None:
    rehearsal.up(lines.append, folder)
    assert asked == [
        f"resolve {OPENSTACK.name}", "docker_engine.ensure", "docker_engine.client", "simulator.wake_machines",
        "network.ensure", "cloud.ensure",
    ]  # fmt: skip
    assert lines == ["OpenStack: up; .lab/clouds.yaml has its address and its user"]
    assert "10.77.0.3" in (folder.root / "clouds.yaml").read_text()


def test_down_removes_the_cloud_alone(
    folder: Folder, asked: list[str], lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lab.openstack.rehearsal.docker_engine.answers", lambda _socket: True)
    rehearsal.down(lines.append, folder)
    assert asked == ["docker_engine.client", "cloud.remove"]
    assert lines == ["OpenStack: down"]


def test_down_without_an_engine_has_nothing_to_do(folder: Folder, asked: list[str], lines: list[str]) -> None:
    rehearsal.down(lines.append, folder)
    assert (asked, lines) == ([], ["OpenStack: nothing to remove"])


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("verb", [rehearsal.up, rehearsal.down])
def test_it_waits_for_no_other_lab_command(folder: Folder, verb: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lab.openstack.rehearsal.docker_engine.answers", lambda _socket: True)
    with folder.locked(), pytest.raises(LabError, match="another `longshore lab` command"):
        verb(folder=folder)
