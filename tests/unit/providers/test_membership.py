"""Joining and settling, when the Swarm is slow, busy or in the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from providers.swarm.connection import connection_from
from providers.swarm.control import control
from providers.swarm.membership import JOIN_SECONDS, SETTLE_SECONDS, await_settled, bury, guard, join, settle
from providers.swarm.quorum import Change
from spec.errors import SwarmError
from tests.unit.providers.members import three_managers
from tests.unit.providers.world import Engine, Swarm, World


def among(world: World, action: Callable[[Any], Any]) -> Any:
    """Do something through m1."""
    with control(world.call, [connection_from(world["m1"].connection)], "swarm-0") as swarm:
        return action(swarm)


def joined(world: World, name: str, role: str = "worker") -> str:
    own = connection_from(world[name].connection)
    return str(among(world, lambda swarm: join(own, role, swarm, world.call)))


@pytest.fixture
def states(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What a joining engine says of itself, one after the other, before what is true."""
    told: list[dict[str, Any]] = []
    plain = Engine.info

    def info(self: Engine) -> dict[str, Any]:
        answer = plain(self)
        if told and answer["Swarm"]["NodeID"] and answer["Name"] == "w1":
            answer["Swarm"] |= told.pop(0)
        return answer

    monkeypatch.setattr(Engine, "info", info)
    return told


def alone() -> tuple[World, Swarm]:
    world = World("m1", "w1")
    return world, world.formed(m1="manager")


def test_a_join_that_is_pending_is_waited_for(states: list[dict[str, Any]]) -> None:
    world, _ = alone()
    states += [{"LocalNodeState": "pending"}, {"LocalNodeState": "pending"}]
    assert joined(world, "w1") == world["w1"].node_id
    assert states == []


def test_a_join_that_fails_shows_the_engines_own_reason(states: list[dict[str, Any]]) -> None:
    world, _ = alone()
    states += [{"LocalNodeState": "error", "Error": "certificate has expired"}]
    with pytest.raises(SwarmError, match=r"w1: its membership is error: certificate has expired"):
        joined(world, "w1")


def test_a_join_that_never_ends_names_the_port(states: list[dict[str, Any]]) -> None:
    world, _ = alone()
    states += [{"LocalNodeState": "pending"}] * 1000
    with pytest.raises(SwarmError, match=r"membership is pending: it can't reach the manager on 2377/tcp"):
        joined(world, "w1")
    assert world.clock.now() >= JOIN_SECONDS


def test_an_engine_that_goes_on_joining_by_itself_is_not_asked_twice() -> None:
    world, swarm = alone()
    swarm.refusals = ["Timeout was reached before node joined"]
    with pytest.raises(SwarmError, match="membership is pending"):
        joined(world, "w1")
    assert world.joins == []


def test_managers_that_stay_busy_are_given_up() -> None:
    world, swarm = alone()
    swarm.refusals = ["rpc error: code = Unavailable desc = busy"] * 1000
    with pytest.raises(SwarmError, match="took no new member for 60 s"):
        joined(world, "w1")


def test_a_member_that_vanished_is_told_to_be_refreshed() -> None:
    world, _ = alone()
    asked = {"name": "w1", "role": "worker", "availability": "active", "labels": {}}
    with pytest.raises(SwarmError, match=r"no longer a member(.|\n)*pulumi refresh"):
        among(world, lambda swarm: settle("node-9", asked, swarm, world.call))


@pytest.mark.parametrize(("kept", "seen"), [(True, "down, no manager"), (False, "not at all")])
def test_a_member_that_never_settles_is_told_as_it_is_seen(kept: bool, seen: str) -> None:
    world, swarm = three_managers()
    node_id = world["w1"].node_id
    world["w1"].on = False
    if not kept:
        del swarm.nodes[node_id]
    with pytest.raises(SwarmError, match=rf"after {SETTLE_SECONDS:.0f} s the Swarm still sees it as: {seen}"):
        among(world, lambda there: await_settled(node_id, "w1", there, world.call))


def test_only_the_dead_of_the_same_name_are_buried() -> None:
    world, swarm = three_managers()
    world.enrol(swarm, world["w1"], "worker")  # its first entry is dead from now on
    among(world, lambda there: bury("w1", there, "w1"))
    assert world.removed == ["w1"]
    assert len(swarm.nodes) == 4
    among(world, lambda there: bury("w1", there, "w1"))
    assert world.removed == ["w1"]


def test_a_dead_manager_is_demoted_before_it_is_buried() -> None:
    world, swarm = three_managers()
    swarm.nodes["node-9"] = {**swarm.nodes[world["m3"].node_id], "ID": "node-9"}
    swarm.machines["node-9"] = world["m3"]
    assert [ident for ident in swarm.nodes if not swarm.alive(ident)] == ["node-9"]
    among(world, lambda there: bury("m3", there, "m3"))
    assert [spec["Role"] for _, spec in world.changes] == ["worker"]
    assert "node-9" not in swarm.nodes
    assert len(swarm.managers()) == 3


def test_two_of_one_name_are_told_apart_by_their_ids() -> None:
    world, swarm = three_managers()
    world["m2"].on = False
    swarm.nodes[world["m2"].node_id]["Description"] = {"Hostname": "m1"}
    node_id = world["m1"].node_id
    with pytest.raises(SwarmError) as caught:
        among(world, lambda there: guard(there, Change.REMOVE, node_id, "m1"))
    assert f"removing m1 ({node_id}) leaves 1 of 2" in caught.value.found
    assert f"first bring m1 ({world['m2'].node_id}) back" in caught.value.fix
