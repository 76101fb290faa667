"""Copying a manager: the right one, emptied first, stopped only while the others decide, and given back as it was."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.swarm.member import Member
from spec.errors import SwarmError
from tests.unit.providers.world import Machine
from tests.unit.upkeep.phoenix import Phoenix, formed
from upkeep.archive import digest
from upkeep.backup import backup, choose

DATA = b"raft"


def done(world: Phoenix, interrupt: bool = False) -> tuple[Any, bytes, list[str]]:
    said: list[str] = []
    manifest, data = backup(world.outputs(), world.call, said.append, interrupt)
    return manifest, data, said


def test_a_manager_without_tasks_is_copied_with_its_engine_stopped() -> None:
    world, swarm = formed()
    swarm.tasks = [world.task("m1"), world.task("m2")]
    manifest, data, said = done(world)
    [(name, command, given_)] = world.piped
    assert (manifest.node, name, data, given_) == ("m3", "m3", DATA, b"")
    assert (manifest.cluster, manifest.swarm_id, manifest.sha256) == ("shop", "swarm-0", digest(DATA))
    assert (
        command.index("systemctl stop docker\n") < command.index("tar -czf") < command.index("\nsystemctl start docker")
    )
    assert "trap" in command
    assert said == ["m3: its engine stops for the copy ...", "m3: back, 4 bytes copied"]


def test_its_tasks_move_elsewhere_first_and_it_is_active_again_afterwards() -> None:
    world, swarm = formed()
    swarm.tasks = [world.task(name) for name in ("m1", "m2", "m3")]
    manifest, _, said = done(world)
    told = [(name, spec["Availability"]) for name, spec in world.changes]
    assert told == [(manifest.node, "drain"), (manifest.node, "active")]
    assert said[0] == f"{manifest.node}: 1 tasks move elsewhere first ..."


def test_tasks_that_find_no_place_keep_their_engine() -> None:
    world, swarm = formed()
    world.drains = False
    swarm.tasks = [world.task(name) for name in ("m1", "m2", "m3")]
    with pytest.raises(SwarmError, match="its tasks find no other place"):
        done(world)
    assert world.piped == []
    assert world.changes[-1][1]["Availability"] == "active"


def test_a_copy_that_fails_leaves_the_node_as_it_was() -> None:
    world, swarm = formed()
    swarm.tasks = [world.task(name) for name in ("m1", "m2", "m3")]

    def fails(machine: Machine) -> bytes:
        raise SwarmError(machine.name, "no space left on device")

    world.pipes = fails
    with pytest.raises(SwarmError, match="no space left"):
        done(world)
    assert world.changes[-1][1]["Availability"] == "active"


def test_an_engine_that_does_not_come_back_is_told() -> None:
    world, _ = formed()

    def dies(machine: Machine) -> bytes:
        machine.on = False
        return DATA

    world.pipes = dies
    with pytest.raises(SwarmError, match="not reachable as a manager 180 s later"):
        done(world)


def test_no_engine_is_stopped_while_another_manager_is_away() -> None:
    world, _ = formed()
    world["m1"].on = False
    with pytest.raises(SwarmError, match="3 managers, 2 reachable: stopping one leaves 1; quorum needs 2"):
        done(world)
    assert world.piped == []


def test_the_only_manager_is_stopped_only_when_that_is_accepted() -> None:
    world, swarm = formed("m1", "w1")
    swarm.tasks = [world.task("m1")]
    with pytest.raises(SwarmError, match="m1: it is the only manager"):
        done(world)
    assert done(world, interrupt=True)[0].node == "m1"
    assert world.changes == []


def test_a_user_who_is_not_root_asks_sudo() -> None:
    world, _ = formed()
    cluster = world.outputs(managers=[each | {"user": "ops"} for each in world.outputs()["managers"]])
    backup(cluster, world.call, lambda _: None)
    assert world.piped[0][1].startswith("sudo -n sh -c ")


def manager(name: str, alive: bool, leader: bool) -> Member:
    state, reachability = ("ready", "reachable") if alive else ("down", "unreachable")
    return Member(name, name, "manager", "active", {}, state, reachability, leader)


@given(st.lists(st.booleans(), min_size=1, max_size=7), st.integers(0, 6), st.lists(st.integers(0, 3), min_size=7))
def test_whoever_is_chosen_the_others_decide_without_it(alive: list[bool], first: int, tasks: list[int]) -> None:
    leader = first % len(alive)
    members = [manager(f"m{i}", each, i == leader and each) for i, each in enumerate(alive)]
    try:
        chosen = choose(members, lambda member: tasks[int(member.hostname[1:])], interrupt=False)
    except SwarmError:
        assert len(alive) == 1 or 2 * (sum(alive) - 1) <= len(alive)
        return
    assert 2 * (sum(alive) - 1) > len(alive)
    assert chosen.settled
    assert not chosen.leader
