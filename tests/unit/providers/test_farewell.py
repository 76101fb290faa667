"""Leaving: patient with the engine's own view, forceful when it must be, and quiet when nobody answers."""

from __future__ import annotations

from typing import Any

import pytest
from docker.errors import APIError

from providers.swarm.connection import connection_from
from providers.swarm.control import LeaderlessError, NoManagerError, control
from providers.swarm.farewell import LEAVE_SECONDS, alone, drain, leave
from spec.errors import SwarmError
from tests.unit.providers.members import three_managers
from tests.unit.providers.world import Engine, World

NOBODY = NoManagerError("swarm", "no manager can be reached")


def task(node_id: str, state: str, slot: int = 1) -> dict[str, Any]:
    return {"NodeID": node_id, "ServiceID": "web", "Slot": slot, "Status": {"State": state}}


@pytest.fixture
def refusals(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the engine says instead of leaving; gone through one by one. `force` is recorded as said too."""
    said: list[str] = []
    plain = Engine.leave_swarm

    def leave_swarm(self: Engine, force: bool = False) -> None:
        if said and not force:
            raise APIError("503", explanation=said.pop(0))
        plain(self, force)

    monkeypatch.setattr(Engine, "leave_swarm", leave_swarm)
    return said


def own(world: World, name: str) -> Any:
    return connection_from(world[name].connection)


def test_an_engine_that_learns_late_that_it_is_a_worker_is_asked_again(refusals: list[str]) -> None:
    world, _ = three_managers()
    refusals += ["You are attempting to leave the swarm on a manager"] * 3
    leave(world["w1"].node_id, own(world, "w1"), world.call)
    assert world.left == ["w1"]
    assert len(world.listener.lines) == 3


def test_an_engine_that_never_learns_leaves_by_force(refusals: list[str]) -> None:
    world, _ = three_managers()
    refusals += ["You are attempting to leave the swarm on a manager"] * 1000
    leave(world["w1"].node_id, own(world, "w1"), world.call)
    assert world.left == ["w1"]
    assert world.clock.now() >= LEAVE_SECONDS


def test_an_engine_that_joined_again_since_is_left_alone() -> None:
    world, _ = three_managers()
    leave("node-of-before", own(world, "w1"), world.call)
    assert world.left == []


def test_an_engine_that_is_away_is_taken_off_without_it() -> None:
    world, _ = three_managers()
    world["w1"].on = False
    leave(world["w1"].node_id, own(world, "w1"), world.call)
    assert "without its engine's leaving: ssh: No route to host" in world.listener.lines[0]


@pytest.mark.parametrize("state", ["complete", "failed", "shutdown", "rejected", "pending"])
def test_what_does_not_run_any_more_is_not_waited_for(state: str) -> None:
    world, swarm = three_managers()
    world.drains = False
    node_id = world["w1"].node_id
    swarm.tasks = [task(node_id, state)]
    with control(world.call, [own(world, "m1")], "swarm-0") as there:
        drain(there.member(node_id) or pytest.fail("no member"), 60, there, world.call)
    assert world.clock.now() == 0
    assert world.listener.warnings == []


def test_a_task_without_a_slot_is_told_by_its_node() -> None:
    world, swarm = three_managers()
    world.drains = False
    node_id = world["w1"].node_id
    swarm.tasks = [{"NodeID": node_id, "ServiceID": "agent", "Status": {"State": "starting"}}, task(node_id, "running")]
    with control(world.call, [own(world, "m1")], "swarm-0") as there:
        assert there.running(node_id) == [f"agent.{node_id}", "web.1"]


def test_no_drain_at_all_is_a_choice() -> None:
    world, swarm = three_managers()
    world.drains = False
    node_id = world["w1"].node_id
    swarm.tasks = [task(node_id, "running")]
    with control(world.call, [own(world, "m1")], "swarm-0") as there:
        drain(there.member(node_id) or pytest.fail("no member"), 0, there, world.call)
    assert world.listener.warnings == ["after 0 s these tasks still run and will be stopped: web.1"]


@pytest.mark.parametrize(("role", "reason"), [("manager", NOBODY), ("worker", LeaderlessError("swarm", "no quorum"))])
def test_nothing_leaves_alone_that_could_be_missed(role: str, reason: NoManagerError) -> None:
    world, _ = three_managers()
    with pytest.raises(SwarmError, match=r"can't be taken out safely(.|\n)*pulumi state delete"):
        alone(world["w1"].node_id, role, own(world, "w1"), reason, world.call)
    assert world.left == []
