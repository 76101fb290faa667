"""The address plan: every range that a stack takes, and that no two of them overlap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network

from spec.problems import Problem
from spec.stack import StackSpec

PRIVATE = tuple(IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
"""RFC 1918."""


@dataclass(frozen=True)
class Range:
    """A range, the place in the stack file that says so, and what it is for."""

    path: str
    network: IPv4Network
    use: str


def ranges(spec: StackSpec) -> list[Range]:
    """Return every range of a stack: what is given first, what is easiest to move last."""
    found = [Range("target.network.cidr", spec.target.network.cidr, "nodes")]
    found += [
        Range(f"target.networks.{name}.cidr", network.cidr, f"nodes: {name}")
        for name, network in spec.target.networks.items()
    ]
    found += [Range(f"site_ranges.{name}", site, f"site: {name}") for name, site in spec.site_ranges.items()]
    found += [
        Range(f"networks.{name}.subnet", network.subnet, f"overlay network {name}")
        for name, network in spec.networks.items()
        if network.subnet
    ]
    found += [Range("cluster.overlay_pool", pool, "overlay networks") for pool in spec.cluster.overlay_pool]
    found += [
        Range(f"engine.address_pools.{index}.base", pool.base, "bridges of each node: docker0, docker_gwbridge")
        for index, pool in enumerate(spec.engine.address_pools)
    ]
    return found


def ingress(spec: StackSpec) -> IPv4Network:
    """Return the ingress network's subnet: the first one that Swarm takes from the first overlay pool."""
    pool = spec.cluster.overlay_pool[0]
    return next(pool.subnets(new_prefix=max(spec.cluster.overlay_prefix, pool.prefixlen)))


def ranges_do_not_overlap(spec: StackSpec) -> Iterator[Problem]:
    """No two ranges share an address: traffic would vanish without a message (moby/moby#24220)."""
    plan = ranges(spec)
    for index, one in enumerate(plan):
        for other in plan[:index]:
            if one.network.overlaps(other.network) and not _allowed(one, other):
                free = free_range(one.network, [each.network for each in plan])
                fix = f"choose a range of its own, such as {free}" if free else "make one of them smaller"
                yield Problem(one.path, f"{one.network} overlaps {other.path} ({other.network})", fix)


def free_range(instead_of: IPv4Network, taken: Iterable[IPv4Network]) -> IPv4Network | None:
    """Return a private range of the same size that overlaps nothing taken, near `instead_of` where possible."""
    used = list(taken)
    blocks = sorted(PRIVATE, key=lambda block: not block.overlaps(instead_of))
    for block in blocks:
        if block.prefixlen <= instead_of.prefixlen and (found := _free_in(block, instead_of.prefixlen, used)):
            return found
    return None


def _free_in(block: IPv4Network, prefix: int, used: list[IPv4Network]) -> IPv4Network | None:
    """Return the first free range within `block`; a taken half is never looked into one by one."""
    within = [each for each in used if each.overlaps(block)]
    if not within:
        return next(block.subnets(new_prefix=prefix))
    if block.prefixlen == prefix or any(each.supernet_of(block) for each in within):
        return None
    halves = block.subnets()
    return next((found for half in halves if (found := _free_in(half, prefix, within))), None)


def _allowed(one: Range, other: Range) -> bool:
    """Nodes live somewhere in the site, and sites within sites; containers don't."""
    if other.path.startswith("site_ranges.") and one.path.startswith("site_ranges."):
        return True
    nodes, site = (other, one) if one.path.startswith("site_ranges.") else (one, other)
    return nodes.path.startswith("target.network") and site.path.startswith("site_ranges.") and (
        nodes.network.subnet_of(site.network)
    )  # fmt: skip
