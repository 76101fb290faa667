"""What is wrong with a Swarm, in a sentence each."""

from __future__ import annotations

from typing import Any

import pytest

from providers.swarm.member import Member
from upkeep.health import judged


def member(name: str, **more: Any) -> Member:
    known: dict[str, Any] = {"role": "manager", "state": "ready", "reachability": "reachable"} | more
    return Member(id=name, hostname=name, availability="active", labels={}, **known)


def service(name: str, wanted: int, state: str = "") -> dict[str, Any]:
    update = {"UpdateStatus": {"State": state}} if state else {}
    spec = {"Name": name, "TaskTemplate": {"ContainerSpec": {"Image": "a"}}}
    return {"ID": name, "Spec": spec, "ServiceStatus": {"DesiredTasks": wanted}} | update


def task(state: str = "running") -> dict[str, Any]:
    return {"DesiredState": "running", "Status": {"State": state}, "Spec": {"ContainerSpec": {"Image": "a"}}}


def test_a_swarm_that_is_well_has_no_troubles() -> None:
    members = [member("m1"), member("w1", role="worker", reachability=None)]
    assert judged(members, [service("web", 2), service("none", 0)], {"web": [task(), task()], "none": []}) == []


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"state": "down", "reachability": "unreachable"}, "node m1 is down"),
        ({"reachability": "unreachable"}, "manager m1 is unreachable"),
        ({"reachability": None}, "manager m1 is not one yet"),
        ({"role": "worker", "reachability": None, "state": "unknown"}, "node m1 is unknown"),
    ],
)
def test_a_node_that_is_not_well_is_named(more: dict[str, Any], told: str) -> None:
    assert judged([member("m1", **more)], [], {}) == [told]


@pytest.mark.parametrize(
    ("state", "tasks", "told"),
    [
        ("", [task(), task("starting")], "service web: 1 of 2 tasks run"),
        ("updating", [task(), task()], "service web: 2 of 2 tasks run, updating"),
        ("rollback_completed", [task(), task()], "service web: Swarm rolled the update back: the version before runs"),
        ("paused", [task(), task()], "service web: Swarm paused the update"),
    ],
)
def test_a_service_that_is_not_where_it_should_be_is_named(state: str, tasks: list[Any], told: str) -> None:
    assert judged([member("m1")], [service("web", 2, state)], {"web": tasks}) == [told]


def test_a_finished_update_is_well() -> None:
    assert judged([], [service("web", 1, "completed")], {"web": [task()]}) == []
