from __future__ import annotations

from typing import Any, cast

from providers.swarm.control import Control
from providers.swarm.member import Member, member_from
from release.observe import Place, seen
from tests.unit.drift.made import seen_node

IMAGE = f"registry.test/web:1.0@sha256:{'a' * 64}"
NODES = {"shop-workers-1": {"address": "10.0.0.21"}, "shop-workers-2": {"address": "10.0.0.22"}}


def task(node: str, state: str = "running", desired: str = "running", image: str = IMAGE) -> dict[str, Any]:
    return {
        "ID": f"task-{node}", "NodeID": f"id-{node}", "DesiredState": desired, "Status": {"State": state},
        "Spec": {"ContainerSpec": {"Image": image}},
    }  # fmt: skip


class Swarm:
    """One service on two workers."""

    def __init__(self, tasks: list[dict[str, Any]], mode: str = "host", wanted: int = 1) -> None:
        ports = [{"PublishedPort": 8080, "Protocol": "tcp", "PublishMode": mode}]
        self._tasks = tasks
        self._service = {
            "ID": "s1",
            "Spec": {"Name": "web", "TaskTemplate": {"ContainerSpec": {"Image": IMAGE}}},
            "Endpoint": {"Ports": ports},
            "ServiceStatus": {"DesiredTasks": wanted, "RunningTasks": len(tasks)},
        }

    def members(self) -> list[Member]:
        return [member_from(seen_node(name)) for name in NODES]

    def services(self) -> list[dict[str, Any]]:
        return [self._service]

    def tasks(self, service_id: str) -> list[dict[str, Any]]:
        assert service_id == "s1"
        return self._tasks


def look(swarm: Swarm) -> Any:
    return seen(cast("Control", swarm), NODES)


def test_a_host_port_answers_where_a_task_runs() -> None:
    found = look(Swarm([task("shop-workers-2")]))
    assert found.troubles == ()
    assert found.services["web"].images == {IMAGE}
    assert found.services["web"].places == (Place("10.0.0.22", 8080),)


def test_the_mesh_answers_on_every_node() -> None:
    found = look(Swarm([task("shop-workers-2")], mode="ingress"))
    assert [place.address for place in found.services["web"].places] == ["10.0.0.21", "10.0.0.22"]


def test_only_tasks_that_run_and_should_run_count() -> None:
    old = f"registry.test/web:0.9@sha256:{'b' * 64}"
    tasks = [task("shop-workers-1", "shutdown", "shutdown", old), task("shop-workers-1", "running", "shutdown", old)]
    found = look(Swarm([*tasks, task("shop-workers-2")]))
    assert found.services["web"].images == {IMAGE}


def test_what_has_not_converged_is_trouble() -> None:
    found = look(Swarm([], wanted=2))
    assert found.troubles == ("service web: 0 of 2 tasks run",)
    assert found.services["web"].places == ()
