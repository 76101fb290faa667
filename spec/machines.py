"""What is wrong with the machines although each field is right by itself. Each rule is one function."""

from __future__ import annotations

from collections.abc import Iterator

from spec.pool import PoolSpec
from spec.problems import Problem
from spec.stack import StackSpec
from spec.storage import Datastore, DatastoreCluster, storage
from spec.target import VsphereTarget, as_vsphere
from spec.template import LibraryItem


def node_numbers_exist(spec: StackSpec) -> Iterator[Problem]:
    """A generation of its own belongs to a node that the pool has."""
    for name, pool in spec.cluster.pools.items():
        for number in sorted(set(pool.generations) - set(pool.numbers())):
            yield Problem(
                f"cluster.pools.{name}.generations.{number}",
                f"pool {name} has {pool.count} nodes",
                "remove it, or raise the pool's count",
            )


def pools_refer_to_what_is_declared(spec: StackSpec) -> Iterator[Problem]:
    """Each network and zone that a pool names is one of the target's."""
    for name, pool in spec.cluster.pools.items():
        where = f"cluster.pools.{name}"
        for network in pool.networks:
            if network not in spec.target.networks and isinstance(spec.target, VsphereTarget):
                yield _undeclared(f"{where}.networks.{network}", network, "networks", list(spec.target.networks))
        for index, zone in enumerate(pool.zones):
            if zone not in spec.target.zones:
                yield _undeclared(f"{where}.zones.{index}", zone, "zones", list(spec.target.zones))


def interfaces_are_told_apart(spec: StackSpec) -> Iterator[Problem]:
    """With several networks, the guest must know which interface is in which: by its name or its MAC address."""
    several = [pool for pool in spec.cluster.pools.values() if set(pool.networks) & set(spec.target.networks)]
    needed = {key for pool in several for key in ("", *pool.networks) if _nameless(pool, key)}
    for key in sorted(needed):
        path = f"networks.{key}" if key else "network"
        network = spec.target.networks.get(key) if key else spec.target.network
        if network and not network.interface:
            yield Problem(
                f"target.{path}.interface",
                "is missing, and a pool has several networks",
                "name the interface as the guest does (vmxnet3: ens192, ens224, ens256, …), or give `macs`",
            )


def reservations_fit(spec: StackSpec) -> Iterator[Problem]:
    """No machine reserves more memory than it has."""
    for name, pool in spec.cluster.pools.items():
        if pool.memory_reservation and pool.memory_reservation > pool.memory:
            found = f"{pool.memory_reservation.human_readable()} of {pool.memory.human_readable()}"
            yield Problem(f"cluster.pools.{name}.memory_reservation", found, "reserve at most the pool's memory")


def data_disks_lie_in_a_datastore(spec: StackSpec) -> Iterator[Problem]:
    """A machine in a datastore cluster can't attach a disk of its own (terraform-provider-vsphere#447)."""
    for name, pool in spec.cluster.pools.items():
        for where, found in _storages(spec, pool):
            if pool.own_disk and isinstance(found, DatastoreCluster):
                yield Problem(
                    f"cluster.pools.{name}.data_disk",
                    f"machines of datastore cluster {found.cluster} can't attach one",
                    f"set {where} to one datastore: {{name: …, member_of: {found.cluster}}}",
                )


def library_items_lie_in_a_datastore(spec: StackSpec) -> Iterator[Problem]:
    """The vSphere provider refuses a content library item together with a datastore cluster."""
    for name, pool in spec.cluster.pools.items():
        for where, found in _storages(spec, pool):
            own = pool.template or as_vsphere(spec.target).template
            if isinstance(own, LibraryItem) and isinstance(found, DatastoreCluster):
                path = f"cluster.pools.{name}.template" if pool.template else "target.template"
                fix = f"set {where} to one datastore, or use a VM template"
                yield Problem(path, f"an item of a content library can't go to datastore cluster {found.cluster}", fix)


def disks_are_kept_apart_by_storage_drs(spec: StackSpec) -> Iterator[Problem]:
    """Only Storage DRS keeps machines on different datastores, and only in a datastore cluster."""
    for name, pool in spec.cluster.pools.items():
        kinds = {isinstance(found, DatastoreCluster) for _, found in _storages(spec, pool)}
        if pool.apart.datastores and kinds != {True} and isinstance(spec.target, VsphereTarget):
            yield Problem(
                f"cluster.pools.{name}.anti_affinity.datastores",
                "the machines aren't in a datastore cluster",
                "set target.datastore to {cluster: …}, or leave it out",
            )


def mandatory_needs_hosts(spec: StackSpec) -> Iterator[Problem]:
    """`mandatory` says how strictly hosts are kept apart, so without `hosts` it says nothing."""
    for name, pool in spec.cluster.pools.items():
        if pool.apart.mandatory and not pool.apart.hosts:
            where = f"cluster.pools.{name}.anti_affinity.mandatory"
            yield Problem(where, "hosts are not kept apart", "set hosts: true, or leave mandatory out")


def _nameless(pool: PoolSpec, network: str) -> bool:
    plan = pool.networks[network] if network else pool
    return len(plan.macs) < pool.count


def _storages(spec: StackSpec, pool: PoolSpec) -> Iterator[tuple[str, Datastore | DatastoreCluster]]:
    """Yield where each of a pool's nodes gets its storage from, and which."""
    target = spec.target
    if not isinstance(target, VsphereTarget):
        return
    zones = [zone for zone in pool.zones if zone in target.zones]
    for zone in zones:
        own = target.zones[zone].datastore
        if own:
            yield f"target.zones.{zone}.datastore", storage(own)
    if not zones or any(not target.zones[zone].datastore for zone in zones):
        yield "target.datastore", storage(target.datastore)


def _undeclared(where: str, name: str, kind: str, declared: list[str]) -> Problem:
    known = ", ".join(declared) or "none"
    return Problem(where, f"`{name}` is not declared", f"declare it under target.{kind}; declared: {known}")
