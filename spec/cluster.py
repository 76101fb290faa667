"""The cluster: its name and its pools."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Network
from typing import Annotated

from pydantic import Field

from spec.base import Name, Spec
from spec.pool import PoolSpec, Role


class ClusterSpec(Spec):
    """A Swarm of Docker-ready machines."""

    name: Name = "longshore"
    """The first part of every node's name: `<name>-<pool>-<n>`."""
    pools: dict[Name, PoolSpec] = Field(min_length=1)
    """The cluster's nodes, by pool."""
    overlay_pool: tuple[IPv4Network, ...] = Field(default=(IPv4Network("10.200.0.0/16"),), min_length=1)
    """Address ranges that Swarm takes overlay subnets from. Fixed once the cluster exists."""
    overlay_prefix: int = Field(default=24, ge=16, le=29)
    """The prefix length of each overlay subnet. Fixed once the cluster exists."""
    data_path_port: Annotated[int, Field(ge=1024, le=49151)] = 4789
    """UDP port of the overlay traffic (VXLAN); move it where NSX claims 4789. Fixed once the cluster exists."""

    def candidates(self, constraints: Iterable[str]) -> int:
        """Return how many nodes may be given tasks under these placement constraints: those on the role, no others."""
        rules = {constraint.replace(" ", "") for constraint in constraints}
        return sum(
            pool.count
            for pool in self.pools.values()
            if pool.availability == "active"
            and f"node.role!={pool.role}" not in rules
            and not any(rule.startswith("node.role==") and rule != f"node.role=={pool.role}" for rule in rules)
        )

    def count(self, role: Role) -> int:
        """Return how many nodes have `role`."""
        return sum(pool.count for pool in self.pools.values() if pool.role == role)
