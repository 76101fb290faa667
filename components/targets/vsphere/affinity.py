"""What DRS and Storage DRS are asked: machines that share nothing, and machines that stay on some hosts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import pulumi
import pulumi_vsphere as vsphere

from components.names import NodeIdentity
from components.targets.base import Machine
from components.targets.vsphere import disks
from components.targets.vsphere.hosts import if_enough
from components.targets.vsphere.inventory import Inventory
from spec.affinity import HostGroup, host_group
from spec.stack import StackSpec
from spec.storage import DatastoreCluster
from spec.targets.vsphere import VsphereTarget

Placed = Sequence[tuple[NodeIdentity, Machine]]
FEWEST = 2
"""Machines that a rule needs, to have something to keep apart."""


def place(spec: StackSpec, inventory: Inventory, placed: Placed, opts: pulumi.ResourceOptions) -> None:
    """Make every rule that the pools and the target ask for."""
    for team, members in _teams(placed).items():
        name = f"{spec.cluster.name}-{team}"
        _apart_by_host(
            f"{name}-apart", inventory.spec, inventory, [each for each in members if each[0].pool.apart.hosts], opts
        )
        _apart_by_datastore(f"{name}-disks-apart", inventory.spec, inventory, members, opts)
    for group, members in _by_host_group(inventory.spec, placed).items():
        _on_hosts(f"{spec.cluster.name}-on-{group.name}", group, inventory, members, opts)


def _apart_by_host(
    name: str, target: VsphereTarget, inventory: Inventory, members: Placed, opts: pulumi.ResourceOptions
) -> None:
    if len(members) < FEWEST:
        return
    strict = [node.pool_name for node, _ in members if node.pool.apart.mandatory]
    where = f"cluster.pools.{strict[0]}.anti_affinity.mandatory" if strict else ""
    vsphere.ComputeClusterVmAntiAffinityRule(
        name,
        name=name,
        compute_cluster_id=inventory.cluster,
        virtual_machine_ids=[machine.id for _, machine in members],
        mandatory=if_enough(target, inventory.cluster, len(members), where) if strict else False,
        opts=opts,
    )


def _apart_by_datastore(
    name: str, target: VsphereTarget, inventory: Inventory, members: Placed, opts: pulumi.ResourceOptions
) -> None:
    clusters = defaultdict(list)
    for node, machine in members:
        chosen, where = disks.storage_of(node, target)
        if node.pool.apart.datastores and isinstance(chosen, DatastoreCluster):
            clusters[chosen.cluster, where].append(machine)
    for (cluster, where), machines in clusters.items():
        if len(machines) >= FEWEST:
            vsphere.DatastoreClusterVmAntiAffinityRule(
                f"{name}-{cluster}",
                name=f"{name}-{cluster}",
                datastore_cluster_id=inventory.datastore_cluster(cluster, where),
                virtual_machine_ids=[machine.id for machine in machines],
                opts=opts,
            )


def _on_hosts(name: str, group: HostGroup, inventory: Inventory, members: Placed, opts: pulumi.ResourceOptions) -> None:
    machines = vsphere.ComputeClusterVmGroup(
        name,
        name=name,
        compute_cluster_id=inventory.cluster,
        virtual_machine_ids=[machine.id for _, machine in members],
        opts=opts,
    )
    vsphere.ComputeClusterVmHostRule(
        f"{name}-rule",
        name=f"{name}-rule",
        compute_cluster_id=inventory.cluster,
        vm_group_name=machines.name,
        affinity_host_group_name=group.name,
        mandatory=group.mandatory,
        opts=opts,
    )


def _teams(placed: Placed) -> dict[str, Placed]:
    """Return who is kept apart from whom: all managers as one, and each pool of workers."""
    teams = defaultdict(list)
    for node, machine in placed:
        team = "managers" if node.pool.role == "manager" else f"pool-{node.pool_name}"
        teams[team].append((node, machine))
    return dict(teams)


def _by_host_group(target: VsphereTarget, placed: Placed) -> dict[HostGroup, Placed]:
    groups = defaultdict(list)
    for node, machine in placed:
        zone = target.zones[node.zone] if node.zone else None
        group = host_group((zone and zone.host_group) or target.host_group)
        if group:
            groups[group].append((node, machine))
    return dict(groups)
