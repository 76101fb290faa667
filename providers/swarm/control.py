"""The Swarm as one of its reachable managers lets us see and change it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any, TypeVar

import requests
from docker.api import APIClient
from docker.errors import APIError, NotFound

from providers.swarm.connection import Connection
from providers.swarm.handler import Call
from providers.swarm.member import Member, member_from
from providers.swarm.quorum import LAST_RESORT
from providers.swarm.ssh import Outside
from spec.errors import EngineError, LongshoreError, SwarmError

# Raft and gRPC say this while managers come, go or elect a leader (moby/swarmkit); it passes.
PASSING = ("rpc error", "raft", "deadline exceeded", "out of sequence", "not have a leader", "not a swarm manager")
LASTING = ("InvalidArgument", "NotFound", "AlreadyExists", "PermissionDenied")
PASSING_SECONDS = 45.0
BRIEF_SECONDS = 6.0
"""How long a refresh waits for an election: it can tell without, too."""
DATA_PATH_PORT = 4789
"""Swarm's own choice where none was made (docs.docker.com, "docker swarm init")."""
HUB = "docker.io"
"""The engine knows Docker Hub by its absence."""
T = TypeVar("T")


class NoManagerError(SwarmError):
    """None of the managers that are known can be reached, or none is one any more."""


class LeaderlessError(NoManagerError):
    """Managers answer, but too few to agree on anything."""


class Control:
    """One manager's view. What fails in passing is tried again, by another manager if need be."""

    client: APIClient
    manager: Connection

    def __init__(
        self, stack: ExitStack, call: Call, managers: list[Connection], cluster_id: str, patience: float
    ) -> None:
        self._stack = stack
        self._call = call
        self._managers = managers
        self._cluster_id = cluster_id
        self._connect(patience)

    def members(self) -> list[Member]:
        """Return every node of the Swarm."""
        return [member_from(node) for node in self.patiently(lambda: self.client.nodes())]

    def member(self, node_id: str) -> Member | None:
        """Return one node, or None when the Swarm doesn't know it."""
        try:
            return member_from(self.patiently(lambda: self.client.inspect_node(node_id)))
        except NotFound:
            return None

    def token(self, role: str) -> str:
        """Return the secret with which a node joins as `role`."""
        tokens = self.patiently(lambda: self.client.inspect_swarm())["JoinTokens"]
        return str(tokens[role.capitalize()])

    def data_path_port(self) -> int:
        """Return the UDP port of the overlay traffic."""
        return int(self.patiently(lambda: self.client.inspect_swarm()).get("DataPathPort") or DATA_PATH_PORT)

    def change(self, node_id: str, **wanted: Any) -> None:
        """Set Role, Availability or Labels of a node; nothing is sent when they are so already."""
        self.patiently(lambda: self._change(node_id, wanted))

    def remove(self, node_id: str) -> None:
        """Take a node that is gone off the list, whether it is down already or not."""
        try:
            self.patiently(lambda: self.client.remove_node(node_id, force=True))
        except NotFound:
            return

    def running(self, node_id: str) -> list[str]:
        """Return the names of what still runs on a node, by service and slot."""
        tasks = self.patiently(lambda: self.client.tasks({"node": node_id}))  # type: ignore[no-untyped-call]
        alive = [task for task in tasks if task["Status"]["State"] in ("starting", "running")]
        return [f"{task['ServiceID']}.{task.get('Slot', node_id)}" for task in alive]

    def service(self, service_id: str) -> dict[str, Any] | None:
        """Return a service with its counts of tasks, or None when there is none."""
        found: list[dict[str, Any]] = self.patiently(
            lambda: self.client.services({"id": service_id}, status=True)  # type: ignore[no-untyped-call]
        )
        return next((each for each in found if each["ID"] == service_id), None)

    def services(self) -> list[dict[str, Any]]:
        """Return every service with its counts of tasks."""
        found: list[dict[str, Any]] = self.patiently(lambda: self.client.services(status=True))  # type: ignore[no-untyped-call]
        return found

    def tasks(self, service_id: str) -> list[dict[str, Any]]:
        """Return a service's tasks, ended ones included, as far as the Swarm remembers them."""
        found: list[dict[str, Any]] = self.patiently(lambda: self.client.tasks({"service": service_id}))  # type: ignore[no-untyped-call]
        return found

    def log(self, service_id: str, lines: int) -> list[str]:
        """Return the last `lines` lines of each of a service's tasks, each after its details (`docker service logs`).

        One that can't be read, as with a log driver that keeps none, is empty; the user is told.
        """
        try:
            pieces = self.client.service_logs(service_id, details=True, stdout=True, stderr=True, tail=str(lines))
            return b"".join(pieces).decode(errors="replace").splitlines()
        except (requests.RequestException, ValueError) as error:
            self._call.narrator.warn(f"the log of service {service_id} can't be read: {error}")
            return []

    def pull_error(self, image: str) -> str | None:
        """Return why this manager's engine can't have an image from its registry; None when it can."""
        try:
            self.client.inspect_distribution(image)  # type: ignore[no-untyped-call]
        except (requests.RequestException, ValueError) as error:
            return str(getattr(error, "explanation", None) or error)
        return None

    def renew_login(self, service: Mapping[str, Any], host: str, user: str, password: str) -> None:
        """Give a service another login at its registry, and nothing else; the engine tries it out before."""
        self.client.login(user, password, registry=None if host == HUB else host, reauth=True)
        ident, version, template = service["ID"], service["Version"]["Index"], service["Spec"]["TaskTemplate"]
        self.client.update_service(ident, version, task_template=template, fetch_current_spec=True)

    def _change(self, node_id: str, wanted: dict[str, Any]) -> None:
        node = self.client.inspect_node(node_id)
        spec = node["Spec"] | wanted
        if spec != node["Spec"]:
            self.client.update_node(node_id, node["Version"]["Index"], spec)

    def patiently(self, action: Callable[[], T]) -> T:
        """Do something that may be done twice, until it isn't refused in passing. It uses `client` anew each time."""
        deadline = self._call.clock.now() + PASSING_SECONDS
        while True:
            try:
                return action()
            except requests.RequestException as error:
                if not passing(error) or self._call.clock.now() >= deadline:
                    raise
            self._call.clock.pause(1)
            self._connect(PASSING_SECONDS)

    def _connect(self, patience: float) -> None:
        """Use the first manager that answers, waiting for an election if there is one. Raises NoManagerError."""
        self._stack.close()
        deadline = self._call.clock.now() + patience
        while True:
            try:
                self.client, self.manager = _first(self._stack, self._call, self._managers, self._cluster_id)
                return
            except LeaderlessError as reason:
                if self._call.clock.now() >= deadline:
                    raise
                self._call.narrator.status(reason.found)
            self._call.clock.pause(2)


def passing(error: requests.RequestException) -> bool:
    """Whether this goes away by itself, or with another manager: a refusal by a busy one, or one that's gone."""
    if not isinstance(error, APIError):
        return True
    said = str(error.explanation or error)
    return any(phrase in said.lower() for phrase in PASSING) and not any(code in said for code in LASTING)


@contextmanager
def control(
    call: Call,
    managers: list[Connection],
    cluster_id: str,
    avoid: str | None = None,
    patience: float = PASSING_SECONDS,
) -> Iterator[Control]:
    """Give the first manager of Swarm `cluster_id` that answers, `avoid` (a host) last. Raises NoManagerError.

    `patience`: for how many seconds an election of a leader is waited for.
    """
    ordered = sorted(managers, key=lambda each: each.host == avoid)
    with ExitStack() as stack:
        yield Control(stack, call, ordered, cluster_id, patience)


def _first(stack: ExitStack, call: Call, managers: list[Connection], cluster_id: str) -> tuple[APIClient, Connection]:
    reasons: list[LongshoreError] = []
    for manager in managers:
        try:
            client = stack.enter_context(_manager(call.outside, manager, cluster_id))
        except LongshoreError as reason:
            reasons.append(reason)
        else:
            return client, manager
    told = "; ".join(f"{reason.where}: {reason.found}" for reason in reasons)
    if any(isinstance(reason, LeaderlessError) for reason in reasons):
        raise LeaderlessError("swarm", f"the managers have no quorum ({told})", f"bring them back, or {LAST_RESORT}")
    raise NoManagerError("swarm", f"no manager can be reached ({told})", "bring one back, then try again")


@contextmanager
def _manager(outside: Outside, manager: Connection, cluster_id: str) -> Iterator[APIClient]:
    with outside.docker(manager) as client:
        swarm = client.info()["Swarm"]
        found = (swarm.get("Cluster") or {}).get("ID")
        if swarm["ControlAvailable"] and not found:
            raise LeaderlessError(manager.where, (swarm.get("Error") or "it knows no leader").split(". ")[0])
        if found != cluster_id:
            raise EngineError(manager.where, f"is no manager of the Swarm {cluster_id}")
        yield client
