"""A member that goes: steps down, drains, leaves, and never costs the Swarm its quorum."""

from __future__ import annotations

import pytest

from providers.swarm.clock import StoppedError
from spec.errors import SwarmError
from tests.unit.providers.members import node, outputs, three_managers
from tests.unit.providers.world import World


def test_a_worker_drains_leaves_and_goes_off_the_list() -> None:
    world, swarm = three_managers()
    gone = outputs(world, "w1", "worker")
    swarm.tasks = [{"NodeID": gone["nodeId"], "ServiceID": "web", "Slot": 1, "Status": {"State": "running"}}]
    node.delete(gone["nodeId"], gone, world.call)
    assert world.changes[0][1]["Availability"] == "drain"
    assert (world.left, world.removed) == (["w1"], ["w1"])
    assert world.listener.warnings == []


def test_draining_is_bounded_and_says_what_is_left() -> None:
    world, swarm = three_managers()
    world.drains = False
    gone = outputs(world, "w1", "worker", drainSeconds=30)
    swarm.tasks = [{"NodeID": gone["nodeId"], "ServiceID": "web", "Slot": 1, "Status": {"State": "running"}}]
    node.delete(gone["nodeId"], gone, world.call)
    assert world.removed == ["w1"]
    assert world.listener.warnings == ["after 30 s these tasks still run and will be stopped: web.1"]


def test_a_manager_steps_down_before_it_drains() -> None:
    world, swarm = three_managers()
    gone = outputs(world, "m1", "manager")
    node.delete(gone["nodeId"], gone, world.call)
    assert [spec["Role"] for _, spec in world.changes] == ["worker", "worker"]
    assert [spec["Availability"] for _, spec in world.changes] == ["active", "drain"]
    assert world.removed == ["m1"]
    assert len(swarm.managers()) == 2


def test_a_dead_node_is_taken_off_the_list() -> None:
    world, swarm = three_managers()
    gone = outputs(world, "m3", "manager")
    world["m3"].on = False
    node.delete(gone["nodeId"], gone, world.call)
    assert (world.left, world.removed) == ([], ["m3"])
    assert len(swarm.managers()) == 2


def test_a_removal_that_would_break_the_quorum_is_refused() -> None:
    world, _ = three_managers()
    world["m3"].on = False
    gone = outputs(world, "m1", "manager")
    with pytest.raises(SwarmError, match="removing m1 leaves 1 of 2; quorum needs 2"):
        node.delete(gone["nodeId"], gone, world.call)
    assert (world.changes, world.left, world.removed) == ([], [], [])


def test_the_last_manager_stays() -> None:
    world = World("m1", "w1")
    world.formed(m1="manager", w1="worker")
    gone = outputs(world, "m1", "manager")
    with pytest.raises(SwarmError, match="m1 is the last manager"):
        node.delete(gone["nodeId"], gone, world.call)


def test_managers_without_quorum_refuse_every_removal() -> None:
    world, _ = three_managers()
    world["m2"].on = world["m3"].on = False
    for name, role in (("m1", "manager"), ("w1", "worker")):
        gone = outputs(world, name, role)
        with pytest.raises(SwarmError, match="no quorum"):
            node.delete(gone["nodeId"], gone, world.call)
    assert world.left == []


def test_a_worker_leaves_by_itself_when_no_manager_is_left() -> None:
    world, _ = three_managers()
    gone = outputs(world, "w1", "worker")
    for name in ("m1", "m2", "m3"):
        world[name].on = False
    node.delete(gone["nodeId"], gone, world.call)
    assert world.left == ["w1"]
    assert "its entry stays" in world.listener.warnings[0]


def test_a_member_that_is_off_the_list_already_only_leaves() -> None:
    world, swarm = three_managers()
    gone = outputs(world, "w1", "worker")
    del swarm.nodes[gone["nodeId"]]
    node.delete(gone["nodeId"], gone, world.call)
    assert (world.left, world.removed) == (["w1"], [])


def test_a_cancelled_update_stops_waiting() -> None:
    world, swarm = three_managers()
    world.drains = False
    gone = outputs(world, "w1", "worker")
    swarm.tasks = [{"NodeID": gone["nodeId"], "ServiceID": "web", "Slot": 1, "Status": {"State": "running"}}]
    world.clock.stop()
    with pytest.raises(StoppedError):
        node.delete(gone["nodeId"], gone, world.call)
