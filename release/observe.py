"""What a stack's Swarm is seen to do: what is wrong with it, which images its services run, and where they answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from providers.swarm.control import Control
from providers.swarm.member import Member
from upkeep.health import judged
from upkeep.reach import Outputs, swarm_of

Entry = Mapping[str, Any]
"""A service or task as the Engine API shows it."""


@dataclass(frozen=True)
class Place:
    """A published port on a node that answers for it."""

    address: str
    port: int
    protocol: str = "tcp"


@dataclass(frozen=True)
class Running:
    """A service: the images of its running tasks, as Swarm was asked for them, and its published ports."""

    images: frozenset[str] = frozenset()
    places: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Seen:
    """One stack, at one moment."""

    troubles: tuple[str, ...] = ()
    services: Mapping[str, Running] | None = None
    """None when the Swarm could not be asked; then `troubles` says why."""


def look(cluster: Outputs) -> Seen:
    """Ask the Swarm of a stack's output `cluster`. Raises LongshoreError when none of its managers answers."""
    with swarm_of(cluster) as swarm:
        return seen(swarm, cluster.get("nodes", {}))


def seen(swarm: Control, nodes: Mapping[str, Entry]) -> Seen:
    """Return what a Swarm shows. `nodes`: the stack's own, by name, each with its address."""
    members, services = swarm.members(), swarm.services()
    tasks = {service["ID"]: swarm.tasks(service["ID"]) for service in services}
    running = {each["Spec"]["Name"]: _running(each, tasks[each["ID"]], members, nodes) for each in services}
    return Seen(tuple(judged(members, services, tasks)), running)


def _running(service: Entry, tasks: Sequence[Entry], members: Iterable[Member], nodes: Mapping[str, Entry]) -> Running:
    alive = [task for task in tasks if task["Status"]["State"] == "running" == task["DesiredState"]]
    names = {member.id: member.hostname for member in members}
    on = {names.get(str(task.get("NodeID")), "") for task in alive}
    places = [
        Place(str(node["address"]), port["PublishedPort"], port["Protocol"])
        for port in (service.get("Endpoint") or {}).get("Ports") or []
        for name, node in sorted(nodes.items())
        if port.get("PublishMode") == "ingress" or name in on
    ]
    return Running(frozenset(task["Spec"]["ContainerSpec"]["Image"] for task in alive), tuple(places))
