"""The Swarm's identity: initialised once, adopted when ours, never replaced by its nodes."""

from __future__ import annotations

from typing import Any

import pytest

from providers.swarm.cluster import ClusterHandler
from providers.swarm.properties import UNKNOWN
from spec.errors import LongshoreError, SwarmError
from tests.unit.providers.world import World

cluster = ClusterHandler()


def inputs(world: World, **more: Any) -> dict[str, Any]:
    managers = [machine.connection for machine in world.machines.values()]
    return {"name": "shop", "managers": managers, **more}


def test_the_first_manager_initialises_it_with_our_label() -> None:
    world = World("m1", "m2")
    asked = inputs(world, defaultAddrPool=["10.100.0.0/16"], subnetSize=24, dataPathPort=4790)
    state = cluster.create(asked, world.call)
    assert state.outputs["swarmId"] == state.id
    assert world.initialised == [
        {
            "advertise_addr": "10.0.0.11",
            "default_addr_pool": ["10.100.0.0/16"],
            "subnet_size": 24,
            "data_path_port": 4790,
        }
    ]
    assert world["m1"].swarm
    assert world["m1"].swarm.spec["Labels"] == {"longshore.cluster": "shop"}
    assert world["m2"].swarm is None


def test_no_join_token_leaves_the_manager() -> None:
    world = World("m1")
    assert "SWMTKN" not in repr(cluster.create(inputs(world), world.call))


def test_our_own_swarm_is_adopted() -> None:
    world = World("m1", "m2")
    swarm = world.formed(m2="manager")
    assert cluster.create(inputs(world), world.call).id == swarm.id
    assert not world.initialised


def test_somebody_elses_swarm_is_refused() -> None:
    world = World("m1", "m2")
    world.formed(m2="manager").spec["Labels"] = {"longshore.cluster": "bank"}
    with pytest.raises(SwarmError, match=r"m2: its engine is in a Swarm already, one of 'bank'"):
        cluster.create(inputs(world), world.call)


def test_no_second_swarm_while_a_manager_cannot_be_asked() -> None:
    world = World("m1", "m2")
    world["m2"].on = False
    with pytest.raises(LongshoreError, match="No route to host"):
        cluster.create(inputs(world), world.call)
    assert not world.initialised


def test_managers_that_come_and_go_are_no_change() -> None:
    world = World("m1", "m2")
    old = inputs(world) | {"swarmId": "swarm-0"}
    for managers in (UNKNOWN, old["managers"][1:], [{"host": UNKNOWN, "hostKey": UNKNOWN}]):
        assert not cluster.diff(old, inputs(world) | {"managers": managers}).changes


def test_what_a_swarm_is_born_with_cannot_change() -> None:
    world = World("m1")
    old = inputs(world, subnetSize=24)
    failures = cluster.check(old, inputs(world, subnetSize=25)).failures
    assert [failure.property for failure in failures] == ["subnetSize"]
    assert "destroy the whole cluster first" in failures[0].reason


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"defaultAddrPool": ["10.100.0.0/16", "nonsense"]}, "defaultAddrPool[1]"),
        ({"dataPathPort": 80}, "dataPathPort"),
        ({"managers": []}, "managers"),
        ({"managers": [{"host": "10.0.0.11", "hostKey": "k", "port": 0}]}, "managers[0].port"),
        ({"managers": [{"host": "m1.example.com", "hostKey": "k"}]}, "managers[0].address"),
    ],
)
def test_what_is_wrong_is_said_at_its_path(wrong: dict[str, Any], path: str) -> None:
    assert [each.property for each in cluster.check({}, inputs(World("m1")) | wrong).failures] == [path]


def test_previews_know_the_id_from_the_second_on() -> None:
    world = World("m1")
    assert cluster.foresee(inputs(world), None)["swarmId"] is UNKNOWN
    assert cluster.foresee(inputs(world), {"swarmId": "swarm-0"})["swarmId"] == "swarm-0"


def test_it_can_be_renamed_and_a_lost_label_comes_back() -> None:
    world = World("m1")
    swarm = world.formed(m1="manager")
    swarm.spec["Labels"] = {}
    state = cluster.read(swarm.id, inputs(world) | {"swarmId": swarm.id}, inputs(world), world.call)
    assert list(cluster.diff(state.outputs, inputs(world)).detailed_diff) == ["name"]
    cluster.update(swarm.id, state.outputs, inputs(world), world.call)
    assert swarm.spec["Labels"] == {"longshore.cluster": "shop"}


def test_a_refresh_without_answer_keeps_the_state() -> None:
    world = World("m1")
    swarm = world.formed(m1="manager")
    world["m1"].on = False
    outputs = inputs(world) | {"swarmId": swarm.id}
    assert cluster.read(swarm.id, outputs, inputs(world), world.call).id == swarm.id
    assert world.listener.warnings


def test_a_swarm_that_nobody_is_in_is_gone() -> None:
    world = World("m1", "m2")
    assert cluster.read("swarm-0", inputs(world) | {"swarmId": "swarm-0"}, inputs(world), world.call).id is None


def test_its_deletion_makes_every_manager_leave_that_answers() -> None:
    world = World("m1", "m2", "m3")
    swarm = world.formed(m1="manager", m2="manager", m3="manager")
    world["m3"].on = False
    cluster.delete(swarm.id, inputs(world), world.call)
    assert world.left == ["m1", "m2"]
    assert len(world.listener.warnings) == 1
