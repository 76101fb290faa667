"""A node as the Swarm itself describes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from providers.swarm.quorum import Names


@dataclass(frozen=True)
class Member:
    """One node in the Swarm's list: what it should be (role, availability, labels) and what it is."""

    id: str
    hostname: str
    role: str
    availability: str
    labels: dict[str, str]
    state: str
    reachability: str | None
    leader: bool = False

    @property
    def settled(self) -> bool:
        """Whether the node works as the role it was given; a demoted manager takes a moment to step down."""
        standing = self.reachability == "reachable" if self.role == "manager" else self.reachability is None
        return self.state == "ready" and standing

    @property
    def manages(self) -> bool:
        """Whether the node counts for the quorum; a dead one without reachability is in no Raft group any more."""
        return self.reachability is not None or (self.role == "manager" and self.state == "ready")


def member_from(node: Mapping[str, Any]) -> Member:
    """Read one entry of the Engine API's /nodes."""
    spec = node["Spec"]
    manager = node.get("ManagerStatus") or {}
    return Member(
        id=node["ID"],
        hostname=node.get("Description", {}).get("Hostname", node["ID"]),
        role=spec["Role"],
        availability=spec["Availability"],
        labels=dict(spec.get("Labels") or {}),
        state=node["Status"]["State"],
        reachability=manager.get("Reachability"),
        leader=bool(manager.get("Leader")),
    )


def managers_of(members: Iterable[Member]) -> Names:
    """Return the ids of all that count for the quorum."""
    return frozenset(member.id for member in members if member.manages)


def reachable_of(members: Iterable[Member]) -> Names:
    """Return the ids of the managers that answer."""
    return frozenset(member.id for member in members if member.manages and member.reachability == "reachable")
