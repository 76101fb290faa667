"""The Swarm: one identity, and a member for each node."""

from __future__ import annotations

import pulumi

from components.names import NodeIdentity
from providers.swarm.resources import Cluster, Engine, Node, Roster
from spec.cluster import ClusterSpec


def swarm(spec: ClusterSpec, managers: list[Engine], opts: pulumi.ResourceOptions) -> Cluster:
    """Initialise the Swarm. This identity outlives every node, so that rolling nodes never touches services."""
    return Cluster(
        f"{spec.name}-swarm",
        name=spec.name,
        managers=[manager.connection for manager in managers],
        default_addr_pool=[str(pool) for pool in spec.overlay_pool],
        subnet_size=spec.overlay_prefix,
        data_path_port=spec.data_path_port,
        opts=opts,
    )


def roster(spec: ClusterSpec, nodes: list[NodeIdentity], state: str, opts: pulumi.ResourceOptions) -> Roster:
    """Write down the managers as `planned` or `reached`; a change that endangers the quorum is refused there."""
    machines = {node.name: f"{node.generation}@{node.address}" for node in nodes if node.pool.role == "manager"}
    return Roster(f"{spec.name}-managers-{state}", name=spec.name, managers=machines, opts=opts)


def join(
    node: NodeIdentity,
    engine: Engine,
    managers: list[Engine],
    identity: Cluster,
    mtu: int,
    opts: pulumi.ResourceOptions,
) -> Node:
    """Make `node` a member with its role, labels and availability."""
    own = pulumi.ResourceOptions(delete_before_replace=True, deleted_with=identity)
    return Node(
        f"{node.name}-member",
        name=node.name,
        role=node.pool.role,
        labels={"pool": node.pool_name, **({"zone": node.zone} if node.zone else {}), **node.pool.labels},
        availability=node.availability,
        connection=engine.connection,
        managers=[manager.connection for manager in managers],
        cluster_id=identity.swarm_id,
        overlay_mtu=mtu,
        opts=pulumi.ResourceOptions.merge(opts, own),
    )
