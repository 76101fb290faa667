"""What is wrong with the names and addresses that a stack gives its nodes and networks. Each rule is one function."""

from __future__ import annotations

from collections.abc import Iterator

from spec.problems import Problem
from spec.stack import StackSpec

LONGEST_HOST_NAME = 63
"""Characters of a DNS label (RFC 1123), which a node's name has to be."""


def node_names_are_host_names(spec: StackSpec) -> Iterator[Problem]:
    """Every node's name, `<cluster>-<pool>-<n>`, is short enough for a host name."""
    for name, pool in spec.cluster.pools.items():
        longest = f"{spec.cluster.name}-{name}-{pool.count}"
        if pool.count and len(longest) > LONGEST_HOST_NAME:
            yield Problem(
                f"cluster.pools.{name}",
                f"node {longest} has a name of {len(longest)} characters; a host name has at most {LONGEST_HOST_NAME}",
                "shorten the pool's name, or cluster.name",
            )


def gateway_lies_in_the_subnet(spec: StackSpec) -> Iterator[Problem]:
    """The gateway is a host address of the nodes' own subnet: no other can be reached to begin with."""
    cidr, gateway = spec.target.network.cidr, spec.target.network.gateway
    if gateway not in cidr or gateway in (cidr[0], cidr[-1]):
        yield Problem("target.network.gateway", f"{gateway} is no host address of {cidr}", "choose one inside the cidr")


def overlays_fit_their_pools(spec: StackSpec) -> Iterator[Problem]:
    """Each range of the overlay pool holds at least one overlay subnet: Docker refuses the Swarm otherwise."""
    prefix = spec.cluster.overlay_prefix
    for pool in spec.cluster.overlay_pool:
        if pool.prefixlen > prefix:
            yield Problem(
                "cluster.overlay_pool",
                f"{pool} is smaller than one overlay subnet (/{prefix})",
                f"give a range of /{prefix} or larger, or raise cluster.overlay_prefix",
            )
