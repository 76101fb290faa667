"""Whether a Swarm is well: every node ready, every manager reachable, every service where it should be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from providers.swarm.control import Control
from providers.swarm.member import Member
from providers.swarm.rollout import judge

Seen = Mapping[str, Any]


def troubles(swarm: Control) -> list[str]:
    """Look at the Swarm and return what is wrong with it, one sentence each."""
    services = swarm.services()
    tasks = {service["ID"]: swarm.tasks(service["ID"]) for service in services}
    return judged(swarm.members(), services, tasks)


def judged(members: Iterable[Member], services: Iterable[Seen], tasks: Mapping[str, Sequence[Seen]]) -> list[str]:
    """Return what is wrong with these nodes, services, and tasks by their service."""
    nodes = [text for member in members if (text := _node(member))]
    rollouts = {service["Spec"]["Name"]: judge(service, tasks[service["ID"]]) for service in services}
    return nodes + [f"service {name}: {each.text}" for name, each in rollouts.items() if each.state in BAD]


BAD = ("waiting", "failed")


def _node(member: Member) -> str | None:
    if member.state != "ready":
        return f"node {member.hostname} is {member.state}"
    if member.role == "manager" and member.reachability != "reachable":
        return f"manager {member.hostname} is {member.reachability or 'not one yet'}"
    return None
