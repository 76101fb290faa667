"""Garbage collection in the stack's own registry: what no image refers to any more is removed from its disk."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from components.registry import CONFIG, FOLDER, READ_ONLY
from providers.swarm.connection import Connection
from providers.swarm.member import Member
from providers.swarm.ssh import Ran
from spec.errors import SwarmError
from spec.own_registry import NAME

SECONDS = 3600
WHERE = f"service {NAME}"


class Swarm(Protocol):
    """What this needs of a Swarm."""

    def services(self) -> list[dict[str, Any]]:
        """Return every service."""

    def tasks(self, service_id: str) -> list[dict[str, Any]]:
        """Return a service's tasks."""

    def members(self) -> list[Member]:
        """Return every node."""


def collect(
    swarm: Swarm,
    nodes: Mapping[str, Connection],
    run: Callable[[Connection, str, float], Ran],
    program: str,
    untagged: bool,
) -> int:
    """Run the registry's own collector in its container, and return how many blobs it removed.

    `untagged`: remove images that only a digest names, too. Raises SwarmError when the registry doesn't run, takes
    pushes (a push meanwhile would be broken: distribution, "Garbage collection"), or its collector fails.
    """
    service = next((each for each in swarm.services() if each["Spec"]["Name"] == NAME), None)
    if service is None:
        raise SwarmError(WHERE, "is not there", "declare longshore:registry, and run `longshore up`")
    if service["Spec"].get("Labels", {}).get(READ_ONLY) != "true":
        fix = "set registry.read_only: true and run `longshore up`; set it back afterwards"
        raise SwarmError(WHERE, "takes pushes, which garbage collection would break", fix)
    node, container = _where(swarm, str(service["ID"]))
    if node not in nodes:
        raise SwarmError(WHERE, f"runs on {node}, which this stack doesn't know", "run it in the stack that made it")
    flags = ["--delete-untagged"] if untagged else []
    command = ["docker", "exec", container, program, "garbage-collect", *flags, f"{FOLDER}/{CONFIG}"]
    ran = run(nodes[node], f"{shlex.join(command)} 2>&1", SECONDS)
    if ran.code:
        last = ran.output.strip().splitlines()[-1:]
        raise SwarmError(WHERE, f"its collector ended with {ran.code}: {''.join(last)}", "see `docker service logs`")
    return ran.output.count("blob eligible for deletion")


def _where(swarm: Swarm, service: str) -> tuple[str, str]:
    names = {member.id: member.hostname for member in swarm.members()}
    for task in swarm.tasks(service):
        status = task["Status"]
        if task["DesiredState"] == "running" and status["State"] == "running":
            return names.get(task["NodeID"], task["NodeID"]), str(status["ContainerStatus"]["ContainerID"])
    raise SwarmError(WHERE, "does not run", "see `docker service ps registry`, and run `longshore up`")
