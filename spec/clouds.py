"""What is wrong with a stack on a cloud although each field is right by itself. Each rule is one function."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network

from spec.pool import PoolSpec
from spec.problems import Problem
from spec.stack import StackSpec
from spec.target import AwsTarget, CloudTarget, GcpTarget
from spec.targets.sizes import size

SIZED = ("aws", "gcp", "azure")
"""Clouds whose sizes are the same for everybody; OpenStack's flavors are each project's own."""
RACKS = 7
LONGEST_NAME = 63
FIRST_FOUR = (0, 1, 2, 3, -1)
RESERVED = {"aws": FIRST_FOUR, "azure": FIRST_FOUR, "gcp": (0, 1, -2, -1), "openstack": (0, 1, -1)}
"""Addresses of a subnet that a cloud keeps for itself, by their place (AWS "Subnet sizing", Azure "Virtual network
FAQ", Google Cloud "Unusable addresses in IPv4 subnet ranges"; Neutron's default gateway)."""


def pools_ask_nothing_of_vsphere(spec: StackSpec) -> Iterator[Problem]:
    """What only vCenter can give isn't asked of a cloud."""
    if not isinstance(spec.target, CloudTarget):
        return
    for name, pool in spec.cluster.pools.items():
        for field, asked in _vspheres(pool):
            if asked:
                yield Problem(f"cluster.pools.{name}.{field}", f"{spec.target.kind} has no such thing", "leave it out")


def pools_of_the_target_exist(spec: StackSpec) -> Iterator[Problem]:
    """Each pool that a cloud target names is one, and only workers run on machines that may be taken away."""
    if not isinstance(spec.target, CloudTarget):
        return
    spot: tuple[str, ...] = getattr(spec.target, "spot", ())
    for field, named in (("sizes", spec.target.sizes), ("public", spec.target.public), ("spot", spot)):
        for index, pool in enumerate(named):
            where = f"target.{field}.{pool}" if field == "sizes" else f"target.{field}.{index}"
            if pool not in spec.cluster.pools:
                yield Problem(where, f"there is no pool {pool}", f"pools: {', '.join(spec.cluster.pools)}")
            elif field == "spot" and spec.cluster.pools[pool].role == "manager":
                yield Problem(where, f"pool {pool} holds the managers, whose quorum can't be taken away", "remove it")


def addresses_are_not_the_clouds_own(spec: StackSpec) -> Iterator[Problem]:
    """No node has an address that the cloud keeps for itself, and each lies in its zone's own subnet."""
    if not isinstance(spec.target, CloudTarget):
        return
    for name, pool in spec.cluster.pools.items():
        for number in pool.numbers():
            address, (cidr, place) = pool.address(number), _subnet(spec.target, pool, number)
            if address and (fault := _fault(address, cidr, spec.target.kind)):
                where = f"cluster.pools.{name}.{'addresses' if pool.addresses else 'first_address'}"
                yield Problem(where, f"{address} of node {number} {fault}", f"choose addresses of {cidr} ({place})")
                break


def sizes_are_offered(spec: StackSpec) -> Iterator[Problem]:
    """A pool's CPUs and memory are at most those of the largest size that is known here."""
    kind = spec.target.kind
    if not isinstance(spec.target, CloudTarget) or kind not in SIZED:
        return
    for name, pool in spec.cluster.pools.items():
        if name not in spec.target.sizes and not size(kind, pool.cpus, pool.memory):
            found = f"{pool.cpus} with {pool.memory.human_readable()}: no size of {kind} is known that has both"
            yield Problem(f"cluster.pools.{name}.cpus", found, f"name a larger one: target.sizes.{name}")


def derived_names_fit(spec: StackSpec) -> Iterator[Problem]:
    """A name on Google Cloud has at most 63 characters (RFC 1035), those made of the cluster's included."""
    if not isinstance(spec.target, GcpTarget):
        return
    cluster = spec.cluster.name
    for name, pool in spec.cluster.pools.items():
        longest = max(
            f"{cluster}-managers-no-other-ingress", f"{cluster}-{name}-{pool.count}-address",
            f"{cluster}-pool-{name}-apart", f"{cluster}-ingress-{spec.target.region}-a", key=len,
        )  # fmt: skip
        if len(longest) > LONGEST_NAME:
            found = f"{longest} would have {len(longest)} characters; gcp takes {LONGEST_NAME}"
            yield Problem("cluster.name", found, f"shorten it, or the name of pool {name}")
            break


def racks_suffice(spec: StackSpec) -> Iterator[Problem]:
    """A spread placement group has at most 7 instances in each zone (AWS, "Placement strategies")."""
    if not isinstance(spec.target, AwsTarget):
        return
    for name, pool in spec.cluster.pools.items():
        most = RACKS * (len(set(pool.zones)) or 1)
        if pool.apart.hosts and pool.count > most:
            found = f"{pool.count} machines on different racks; aws has {RACKS} in each zone"
            yield Problem(f"cluster.pools.{name}.anti_affinity", found, "use more zones, several pools, or `none`")


def _vspheres(pool: PoolSpec) -> Iterator[tuple[str, object]]:
    disk = pool.own_disk
    yield "networks", pool.networks
    yield "macs", pool.macs
    yield "cpu_reservation_mhz", pool.cpu_reservation_mhz
    yield "memory_reservation", pool.memory_reservation
    yield "template", pool.template is not None and not isinstance(pool.template, str)
    yield "data_disk.datastore", disk and disk.datastore
    yield "data_disk.directory", disk and disk.directory
    yield "anti_affinity.datastores", pool.apart.datastores


def _subnet(target: CloudTarget, pool: PoolSpec, number: int) -> tuple[IPv4Network, str]:
    """Return the subnet that a node is in, and where that is said."""
    zone = pool.zone_of(number)
    if isinstance(target, AwsTarget) and zone in target.zones:
        return target.zones[zone].cidr, f"target.zones.{zone}.cidr"
    return target.network.cidr, "target.network.cidr"


def _fault(address: IPv4Address, cidr: IPv4Network, kind: str) -> str:
    if address not in cidr:
        return f"is not in {cidr}"
    reserved = any(address == cidr[place] for place in RESERVED[kind])
    return f"is one that {kind} keeps for itself" if reserved else ""
