"""A world in memory behind the provider's one seam: machines, engines and a Swarm, strict about what it's asked."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

from docker.api import APIClient
from docker.errors import APIError, NotFound

from providers.swarm.connection import Connection
from providers.swarm.facts import SCRIPT
from providers.swarm.handler import Call
from providers.swarm.ssh import Ran, StrangerError, UnreachableError
from spec.errors import LongshoreError, SwarmError
from tests.unit.providers.jumping import TestClock
from tests.unit.providers.listener import Listener
from tests.unit.providers.node_facts import INFO, printed
from tests.unit.providers.objects import Store
from tests.unit.providers.paths import AGENT_RUNS, Paths
from tests.unit.providers.registries import Registries, RegistryCalls

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI"
TOKEN = "SWMTKN-1-canary"


@dataclass
class Machine:
    """A machine that may be on or off, with an engine that may be in a Swarm."""

    name: str
    host: str
    key: str = KEY
    on: bool = True
    swarm: Swarm | None = None
    node_id: str = ""
    answers: dict[str, list[Ran]] = field(default_factory=dict)
    info: dict[str, Any] = field(default_factory=dict)
    api: str = "1.41"
    facts: str = printed()

    @property
    def connection(self) -> dict[str, Any]:
        return {"name": self.name, "host": self.host, "port": 22, "user": "root", "hostKey": self.key}


@dataclass
class Swarm:
    """What the managers agree on, as the Engine API tells it."""

    id: str
    spec: dict[str, Any]
    nodes: dict[str, dict[str, Any]] = field(default_factory=dict)
    machines: dict[str, Machine] = field(default_factory=dict)
    tasks: list[dict[str, Any]] = field(default_factory=list)
    next_tasks: list[list[dict[str, Any]]] = field(default_factory=list)
    """What the next looks at the tasks show instead."""
    services: dict[str, dict[str, Any]] = field(default_factory=dict)
    secrets: dict[str, dict[str, Any]] = field(default_factory=dict)
    configs: dict[str, dict[str, Any]] = field(default_factory=dict)
    refusals: list[str] = field(default_factory=list)
    """Said instead of doing the next change."""
    data_path_port: int = 0

    def managers(self) -> list[str]:
        return [ident for ident, node in self.nodes.items() if node["Spec"]["Role"] == "manager"]

    def decides(self) -> bool:
        managers = self.managers()
        return len([each for each in managers if self.alive(each)]) > len(managers) // 2

    def alive(self, node_id: str) -> bool:
        machine = self.machines[node_id]
        return machine.on and machine.node_id == node_id

    def seen(self, node_id: str) -> dict[str, Any]:
        node = dict(self.nodes[node_id])
        alive = self.alive(node_id)
        node["Status"] = {"State": "ready" if alive else "down"}
        if node["Spec"]["Role"] == "manager":
            node["ManagerStatus"] = {"Reachability": "reachable" if alive else "unreachable"}
        return node


class Engine(Store, RegistryCalls):
    """The calls of docker's APIClient that the provider makes, and no other."""

    def __init__(self, machine: Machine, world: World) -> None:
        self._machine = machine
        self._world = world

    def _swarm(self) -> Swarm:
        swarm = self._machine.swarm
        if swarm is None or self._machine.node_id not in swarm.managers():
            raise APIError("400", explanation="This node is not a swarm manager.")
        if not swarm.decides():
            raise APIError("500", explanation="rpc error: code = Unknown desc = The swarm does not have a leader")
        return swarm

    def info(self) -> dict[str, Any]:
        machine, swarm = self._machine, self._machine.swarm
        state: dict[str, Any] = {"LocalNodeState": "inactive", "NodeID": "", "ControlAvailable": False, "Cluster": None}
        if swarm:
            manages = machine.node_id in swarm.managers()
            state |= {"LocalNodeState": "active", "NodeID": machine.node_id, "ControlAvailable": manages}
            if manages and swarm.decides():
                state["Cluster"] = {"ID": swarm.id}
        known = INFO | {"Name": machine.name, "OSType": "linux", "ServerVersion": "20.10.24"}
        return known | machine.info | {"Swarm": state}

    def version(self) -> dict[str, Any]:
        return {"ApiVersion": self._machine.api}

    def create_swarm_spec(self, labels: dict[str, str]) -> dict[str, Any]:
        return {"Name": "default", "Labels": labels}

    def init_swarm(self, advertise_addr: str, swarm_spec: dict[str, Any], **rest: Any) -> None:
        swarm = Swarm(f"swarm-{next(self._world.numbers)}", swarm_spec)
        self._world.initialised.append({"advertise_addr": advertise_addr, **rest})
        self._world.enrol(swarm, self._machine, "manager")

    def inspect_swarm(self) -> dict[str, Any]:
        swarm = self._swarm()
        tokens = {"Worker": f"{TOKEN}-worker", "Manager": f"{TOKEN}-manager"}
        known = {"ID": swarm.id, "Spec": swarm.spec, "Version": {"Index": 1}, "JoinTokens": tokens}
        return known | {"DataPathPort": swarm.data_path_port}

    def update_swarm(self, version: int, swarm_spec: dict[str, Any]) -> None:
        assert version == 1
        self._swarm().spec = swarm_spec

    def join_swarm(self, remote_addrs: list[str], join_token: str, advertise_addr: str) -> None:
        assert advertise_addr == self._machine.host
        remote = self._world.machines[remote_addrs[0].removesuffix(":2377")]
        assert remote.swarm
        if not remote.swarm.decides():
            raise APIError("500", explanation="rpc error: code = Unavailable desc = The swarm does not have a leader")
        if remote.swarm.refusals:
            raise APIError("500", explanation=remote.swarm.refusals.pop(0))
        role = join_token.removeprefix(f"{TOKEN}-")
        self._world.joins.append((self._machine.name, role))
        self._world.enrol(remote.swarm, self._machine, role)

    def leave_swarm(self, force: bool = False) -> None:
        swarm = self._machine.swarm
        assert swarm
        if not force and self._machine.node_id in swarm.managers():
            raise APIError("503", explanation="You are attempting to leave the swarm on a manager")
        self._world.left.append(self._machine.name)
        self._machine.swarm, self._machine.node_id = None, ""

    def nodes(self) -> list[dict[str, Any]]:
        swarm = self._swarm()
        return [swarm.seen(each) for each in swarm.nodes]

    def inspect_node(self, node_id: str) -> dict[str, Any]:
        swarm = self._swarm()
        if node_id not in swarm.nodes:
            raise NotFound("404", explanation=f"node {node_id} not found")
        return swarm.seen(node_id)

    def update_node(self, node_id: str, version: int, node_spec: dict[str, Any]) -> None:
        node = self._swarm().nodes[node_id]
        if self._swarm().refusals:
            raise APIError("500", explanation=self._swarm().refusals.pop(0))
        if version != node["Version"]["Index"]:
            raise APIError("500", explanation="rpc error: code = Unknown desc = update out of sequence")
        self._world.changes.append((node["Description"]["Hostname"], node_spec))
        node["Version"]["Index"] += 1
        node["Spec"] = node_spec
        if node_spec["Availability"] == "drain" and self._world.drains:
            self._swarm().tasks = [task for task in self._swarm().tasks if task["NodeID"] != node_id]

    def remove_node(self, node_id: str, force: bool) -> None:
        assert force
        if node_id in self._swarm().managers():
            raise APIError("400", explanation="rpc error: code = FailedPrecondition desc = node is a member of raft")
        self._world.removed.append(self._swarm().nodes.pop(node_id)["Description"]["Hostname"])

    def tasks(self, filters: dict[str, str]) -> list[dict[str, Any]]:
        swarm = self._swarm()
        [(key, value)] = filters.items()
        field_name = {"node": "NodeID", "service": "ServiceID"}[key]
        tasks = swarm.next_tasks.pop(0) if swarm.next_tasks else swarm.tasks
        return [task for task in tasks if task[field_name] == value]

    def services(self, filters: dict[str, str] | None = None, status: bool = False) -> list[dict[str, Any]]:
        assert status
        wanted = (filters or {}).get("id", "")
        return [each for key, each in self._swarm().services.items() if key.startswith(wanted)]

    def service_logs(self, service: str, details: bool, stdout: bool, stderr: bool, tail: str) -> list[bytes]:
        assert details
        assert stdout
        assert stderr
        assert int(tail) > 0
        log = self._world.logs.get(service, b"")
        if isinstance(log, APIError):
            raise log
        return [log]


class World:
    """Every machine there is, and what was done to them."""

    def __init__(self, *names: str) -> None:
        self.machines = {f"10.0.0.{i}": Machine(name, f"10.0.0.{i}") for i, name in enumerate(names, 11)}
        self.clock = TestClock()
        self.listener = Listener()
        self.numbers = itertools.count(1)
        self.drains = True
        self.paths = Paths()
        self.initialised: list[dict[str, Any]] = []
        self.joins: list[tuple[str, str]] = []
        self.changes: list[tuple[str, dict[str, Any]]] = []
        self.left: list[str] = []
        self.removed: list[str] = []
        self.logs: dict[str, bytes | APIError] = {}
        self.lost: list[str] = []
        """Methods whose next answer gets lost after the work is done."""
        self.registries = Registries()

    @property
    def call(self) -> Call:
        return Call(self, self.clock, self.listener)

    def __getitem__(self, name: str) -> Machine:
        return next(machine for machine in self.machines.values() if machine.name == name)

    def enrol(self, swarm: Swarm, machine: Machine, role: str) -> str:
        node_id = f"node-{next(self.numbers)}"
        swarm.machines[node_id] = machine
        swarm.nodes[node_id] = {
            "ID": node_id,
            "Version": {"Index": 1},
            "Description": {"Hostname": machine.name},
            "Spec": {"Role": role, "Availability": "active", "Labels": {}},
        }
        machine.swarm, machine.node_id = swarm, node_id
        return node_id

    def formed(self, **roles: str) -> Swarm:
        """A Swarm named shop of the machines named, each with its role."""
        swarm = Swarm("swarm-0", {"Name": "default", "Labels": {"longshore.cluster": "shop"}})
        for name, role in roles.items():
            self.enrol(swarm, self[name], role)
        return swarm

    def _machine(self, connection: Connection) -> Machine:
        machine = self.machines[connection.host]
        if not machine.on:
            raise UnreachableError(connection.where, "ssh: No route to host")
        if machine.key != connection.host_key:
            raise StrangerError(connection.where, "another host key")
        return machine

    def host_key(self, host: str, port: int) -> str:
        assert port == 22
        if not self.machines[host].on:
            raise UnreachableError(host, "no ssh server answers yet")
        return self.machines[host].key

    def run(self, connection: Connection, command: str, seconds: float) -> Ran:
        assert seconds > 0
        if command == SCRIPT:
            return Ran(0, self._machine(connection).facts)
        if AGENT_RUNS in command:
            return self.paths.run(self._machine(connection).host, command)
        answers = self._machine(connection).answers[command]
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def pipe(self, connection: Connection, command: str, data: bytes, seconds: float) -> bytes:
        raise AssertionError(f"no resource pipes {data!r} to {command} at {connection.where} for {seconds} s")

    @contextmanager
    def docker(self, connection: Connection, seconds: int = 30) -> Iterator[APIClient]:
        assert seconds > 0
        machine = self._machine(connection)
        try:
            yield cast("APIClient", Engine(machine, self))
        except LongshoreError:
            raise
        except APIError as error:
            raise SwarmError(connection.where, str(error.explanation)) from error
