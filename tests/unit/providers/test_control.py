"""Whom to ask: a manager that answers, another one when it steps down, and nobody else's."""

from __future__ import annotations

import pytest
from docker.errors import APIError

from providers.swarm.connection import Connection, connection_from
from providers.swarm.control import LeaderlessError, NoManagerError, control, passing
from spec.errors import SwarmError
from tests.unit.providers.world import World


def three() -> tuple[World, list[Connection]]:
    world = World("m1", "m2", "m3")
    world.formed(m1="manager", m2="manager", m3="manager")
    return world, [connection_from(machine.connection) for machine in world.machines.values()]


def test_the_one_to_avoid_comes_last() -> None:
    world, managers = three()
    with control(world.call, managers, "swarm-0", avoid="10.0.0.11") as swarm:
        assert swarm.manager.name == "m2"
    world["m2"].on = False
    with control(world.call, managers, "swarm-0", avoid="10.0.0.11") as swarm:
        assert swarm.manager.name == "m3"


def test_another_one_is_asked_when_it_steps_down_meanwhile() -> None:
    world, managers = three()
    with control(world.call, managers, "swarm-0") as swarm:
        swarm.change(world["m1"].node_id, Role="worker")
        assert len(swarm.members()) == 3
        assert swarm.manager.name == "m2"


def test_a_manager_of_another_swarm_is_none() -> None:
    world, managers = three()
    with (
        pytest.raises(NoManagerError, match="m1: is no manager of the Swarm swarm-7"),
        control(world.call, managers, "swarm-7"),
    ):
        pass


def test_an_election_is_waited_for() -> None:
    world, managers = three()
    world["m2"].on = world["m3"].on = False
    began = world.clock.now()
    with pytest.raises(LeaderlessError, match="no quorum"), control(world.call, managers, "swarm-0", patience=10):
        pass
    assert 10 <= world.clock.now() - began <= 13


def test_a_refusal_that_lasts_is_not_repeated() -> None:
    world, managers = three()
    swarm = world["m1"].swarm
    assert swarm
    swarm.refusals = ["rpc error: code = InvalidArgument desc = name conflicts"]
    with pytest.raises(SwarmError, match="name conflicts"), control(world.call, managers, "swarm-0") as there:
        there.change(world["m1"].node_id, Labels={"a": "1"})
    assert world.clock.now() == 0


@pytest.mark.parametrize(
    ("said", "passes"),
    [
        ("rpc error: code = Unknown desc = update out of sequence", True),
        ("rpc error: code = DeadlineExceeded desc = context deadline exceeded", True),
        ("This node is not a swarm manager. Worker nodes can't be used to view or modify cluster state.", True),
        ("rpc error: code = NotFound desc = node x not found", False),
        ("invalid reference format", False),
    ],
)
def test_what_passes_by_itself(said: str, passes: bool) -> None:
    assert passing(APIError("500", explanation=said)) == passes


@pytest.mark.parametrize(("host", "registry"), [("r.io:5000", "r.io:5000"), ("docker.io", None)])
def test_a_service_gets_another_login_and_keeps_all_else(host: str, registry: str | None) -> None:
    world, managers = three()
    swarm_ = world["m1"].swarm
    assert swarm_
    template = {"ContainerSpec": {"Image": f"{host}/web:1"}, "Placement": {"Constraints": ["node.role == worker"]}}
    swarm_.services["s1"] = {"ID": "s1", "Version": {"Index": 7}, "Spec": {"Name": "web", "TaskTemplate": template}}
    with control(world.call, managers, "swarm-0") as swarm:
        swarm.renew_login(swarm_.services["s1"], host, "dev", "canary")
    assert world.registries.logins == [(registry, "dev", "canary")]
    assert world.registries.updated == [("s1", 7, template)]


def test_a_pull_that_fails_is_told_in_the_engines_words() -> None:
    world, managers = three()
    world.registries.errors["r.io/web:1"] = "manifest unknown"
    with control(world.call, managers, "swarm-0") as swarm:
        assert swarm.pull_error("r.io/web:1") == "manifest unknown"
        assert swarm.pull_error("r.io/web:2") is None
