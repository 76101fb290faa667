"""What is wrong with the nodes' addresses although each is right by itself."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address

from spec.pool import PoolSpec
from spec.problems import Problem
from spec.stack import StackSpec


def nodes_have_addresses(spec: StackSpec) -> Iterator[Problem]:
    """Every node's static address is given, in one way."""
    for name, pool in spec.cluster.pools.items():
        where = f"cluster.pools.{name}"
        if pool.first_address and pool.addresses:
            yield Problem(f"{where}.addresses", "first_address is given too", "keep one of the two")
        elif not pool.first_address and len(pool.addresses) < pool.count:
            found = f"{len(pool.addresses)} for {pool.count} nodes" if pool.addresses else "are missing"
            yield Problem(f"{where}.addresses", found, "list one for each node, or give a first_address")


def addresses_lie_in_the_subnet(spec: StackSpec) -> Iterator[Problem]:
    """Every node's address is a host address of the target's network, and not the gateway's."""
    subnet = spec.target.network
    for name, pool in spec.cluster.pools.items():
        for address in pool.node_addresses():
            if address not in subnet.cidr or address in (subnet.cidr[0], subnet.cidr[-1]):
                fix = f"choose addresses of {subnet.cidr} that leave room for {pool.count} nodes"
                yield Problem(where_addresses(name, pool), f"{address} is no host address of {subnet.cidr}", fix)
                break
            if address == subnet.gateway:
                yield Problem(where_addresses(name, pool), f"{address} is the gateway's", "start the pool above it")


def addresses_are_used_once(spec: StackSpec) -> Iterator[Problem]:
    """No two nodes share an address, within a pool or across pools."""
    owners: dict[IPv4Address, str] = {}
    for name, pool in spec.cluster.pools.items():
        for address in pool.node_addresses():
            if address in owners:
                found = f"{address} belongs to pool {owners[address]} already"
                fix = f"move one pool: {name} needs {pool.count} addresses of its own"
                yield Problem(where_addresses(name, pool), found, fix)
                break
            owners[address] = name


def where_addresses(name: str, pool: PoolSpec) -> str:
    """Return the path of the key that a pool's addresses come from."""
    return f"cluster.pools.{name}.{'addresses' if pool.addresses else 'first_address'}"
