"""A world whose managers can be copied, lost, and made anew from a copy."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

from docker.api import APIClient
from docker.errors import APIError

from providers.swarm.connection import Connection
from spec.errors import SwarmError
from tests.unit.providers.world import TOKEN, Engine, Machine, Swarm, World

Outputs = dict[str, Any]


class PhoenixEngine(Engine):
    """An engine that also starts a Swarm anew, and rotates its tokens."""

    _world: Phoenix

    def info(self) -> dict[str, Any]:
        return super().info() | {"DockerRootDir": "/var/lib/docker"}

    def init_swarm(self, advertise_addr: str, force_new_cluster: bool = False, **rest: Any) -> None:  # type: ignore[override]
        assert (advertise_addr, force_new_cluster, rest) == (self._machine.host, True, {})
        if self._world.refusals:
            raise APIError("500", explanation=self._world.refusals.pop(0))
        swarm = self._machine.swarm
        assert swarm
        for ident in [each for each in swarm.managers() if each != self._machine.node_id]:
            swarm.nodes[ident]["Spec"]["Role"] = "manager (in no Raft group)"
        self._world.renewed.append(self._machine.name)

    def nodes(self) -> list[dict[str, Any]]:
        """As the Engine API shows managers that Raft has forgotten: with their role, without reachability."""
        listed = super().nodes()
        for node in listed:
            node["Spec"] = node["Spec"] | {"Role": node["Spec"]["Role"].split(" ")[0]}
        return listed

    def inspect_swarm(self) -> dict[str, Any]:
        known = super().inspect_swarm()
        tokens = {role: f"{TOKEN}-{role}-{self._world.tokens[role]}" for role in ("Worker", "Manager")}
        return known | {"JoinTokens": tokens, "TLSInfo": {"TrustRoot": self._world.trust_root}}

    def update_swarm(self, version: int, swarm_spec: dict[str, Any], **rotate: bool) -> None:
        super().update_swarm(version, swarm_spec)
        for role in ("Worker", "Manager"):
            if rotate[f"rotate_{role.lower()}_token"] and role not in self._world.stubborn:
                self._world.tokens[role] += 1

    def services(self, filters: dict[str, str] | None = None, status: bool = False) -> list[dict[str, Any]]:
        return super().services(filters or {"id": ""}, status)

    def update_service(self, service: str, version: int, task_template: Any, fetch_current_spec: bool) -> None:
        assert fetch_current_spec, "anything else would reset what is not given"
        found = self._swarm().services[service]
        assert version == found["Version"]["Index"]
        found["Spec"] = found["Spec"] | {"TaskTemplate": task_template}
        self._world.restarted.append(service)
        for task in self._swarm().tasks:
            if task["ServiceID"] == service and service not in self._world.stubborn:
                task["Spec"] = task_template


class Phoenix(World):
    """Three managers and a worker of the Swarm `shop`, and what pipes do."""

    def __init__(self, *names: str) -> None:
        super().__init__(*(names or ("m1", "m2", "m3", "w1")))
        self.piped: list[tuple[str, str, bytes]] = []
        self.pipes: Callable[[Machine], bytes] = lambda _: b"raft"
        self.refusals: list[str] = []
        self.renewed: list[str] = []
        self.tokens = {"Worker": 0, "Manager": 0}
        self.restarted: list[str] = []
        self.stubborn: list[str] = []
        """Tokens and services that stay as they are, whatever is asked."""
        self.trust_root = ""

    def swarm(self) -> Swarm:
        roles = {name: "manager" if name.startswith("m") else "worker" for name in self.names}
        return self.formed(**roles)

    @property
    def names(self) -> list[str]:
        return [machine.name for machine in self.machines.values()]

    def outputs(self, **more: Any) -> Outputs:
        managers = [machine.connection for machine in self.machines.values() if machine.name.startswith("m")]
        return {"name": "shop", "swarmId": "swarm-0", "managers": managers} | more

    def task(self, name: str, number: int = 1) -> dict[str, Any]:
        running = {"Status": {"State": "running"}, "Slot": number}
        return {"NodeID": self[name].node_id, "ServiceID": "web"} | running

    def pipe(self, connection: Connection, command: str, data: bytes, seconds: float) -> bytes:
        assert seconds > 0
        machine = self._machine(connection)
        self.piped.append((machine.name, command, data))
        return self.pipes(machine)

    @contextmanager
    def docker(self, connection: Connection, seconds: int = 30) -> Iterator[APIClient]:
        assert seconds > 0
        machine = self._machine(connection)
        try:
            yield cast("APIClient", PhoenixEngine(machine, self))
        except APIError as error:
            raise SwarmError(connection.where, str(error.explanation)) from error


def formed(*names: str) -> tuple[Phoenix, Swarm]:
    """Return a world with its Swarm."""
    world = Phoenix(*names)
    return world, world.swarm()


def everything_lost(world: Phoenix) -> None:
    """Every manager is a fresh machine that knows of no Swarm."""
    for name in itertools.filterfalse(lambda name: name.startswith("w"), world.names):
        world[name].swarm, world[name].node_id = None, ""
