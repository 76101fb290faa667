"""The running cluster as a roll sees it."""

from __future__ import annotations

from typing import Any

import pytest

from providers.swarm.control import NoManagerError
from spec.errors import SwarmError
from tests.unit.providers.world import Swarm
from tests.unit.upkeep.phoenix import Phoenix, formed
from upkeep import live
from upkeep.live import LiveCluster
from upkeep.reach import managers


def running(swarm: Swarm, world: Phoenix, *names: str) -> None:
    """Each service runs one task on w1."""
    for name in names:
        template = {"ContainerSpec": {"Image": name}}
        swarm.services[name] = {
            "ID": name,
            "Version": {"Index": 7},
            "Spec": {"Name": name, "TaskTemplate": template},
            "ServiceStatus": {"DesiredTasks": 1},
        }
        swarm.tasks.append(world.task("w1") | {"ServiceID": name, "DesiredState": "running", "Spec": template})


def cluster(world: Phoenix, monkeypatch: pytest.MonkeyPatch) -> LiveCluster:
    monkeypatch.setattr(live, "call", lambda: world.call)
    return LiveCluster(world.outputs, update=lambda: True, settled=lambda: True)


def test_a_well_cluster_has_no_troubles_and_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    world, swarm = formed()
    running(swarm, world, "web")
    seen = cluster(world, monkeypatch)
    assert seen.troubles() == []
    assert seen.wait(60) == []
    assert world.clock.time == 0


def test_what_is_wrong_is_waited_for_and_then_told(monkeypatch: pytest.MonkeyPatch) -> None:
    world, swarm = formed()
    running(swarm, world, "web")
    swarm.tasks = []
    world["w1"].on = False
    assert cluster(world, monkeypatch).wait(60) == ["node w1 is down", "service web: 0 of 1 tasks run"]
    assert world.clock.time >= 60


def test_managers_that_cannot_be_asked_are_a_trouble_while_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    world, _ = formed()
    for name in ("m1", "m2", "m3"):
        world[name].on = False
    seen = cluster(world, monkeypatch)
    assert "no manager can be reached" in seen.wait(10)[0]
    with pytest.raises(NoManagerError):
        seen.troubles()


def test_the_leader_is_known_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    world, swarm = formed()
    seen = swarm.seen

    def leading(ident: str) -> dict[str, Any]:
        node = seen(ident)
        if node["Description"]["Hostname"] == "m2":
            node["ManagerStatus"] = node["ManagerStatus"] | {"Leader": True}
        return node

    monkeypatch.setattr(swarm, "seen", leading)
    assert cluster(world, monkeypatch).leader() == "m2"


def test_without_a_leader_none_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    world, _ = formed()
    assert cluster(world, monkeypatch).leader() == ""


def test_rebalancing_starts_each_service_anew_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    world, swarm = formed()
    running(swarm, world, "web", "cache")
    said: list[str] = []
    cluster(world, monkeypatch).rebalance(said.append)
    assert said == ["rebalancing service cache ...", "rebalancing service web ..."]
    assert world.restarted == ["cache", "web"]
    assert swarm.services["web"]["Spec"]["TaskTemplate"]["ForceUpdate"] == 1
    assert swarm.services["web"]["Spec"]["TaskTemplate"]["ContainerSpec"] == {"Image": "web"}


def test_a_service_that_does_not_come_back_stops_the_rebalancing(monkeypatch: pytest.MonkeyPatch) -> None:
    world, swarm = formed()
    running(swarm, world, "cache", "web")
    world.stubborn = ["cache"]
    with pytest.raises(SwarmError, match="service cache: it does not converge: service cache: 0 of 1 tasks run"):
        cluster(world, monkeypatch).rebalance(lambda _: None)
    assert world.restarted == ["cache"]


def test_a_stack_without_managers_is_not_up_yet() -> None:
    with pytest.raises(SwarmError, match="has no manager yet"):
        managers({"managers": []})
