"""The machines of a cluster, from whichever target the stack names."""

from __future__ import annotations

import pulumi

from components.names import NodeIdentity
from components.targets import target_for
from components.targets.base import Machine
from spec.stack import StackSpec


def machines(spec: StackSpec, nodes: list[NodeIdentity], opts: pulumi.ResourceOptions) -> dict[str, Machine]:
    """Make every node's machine, by node name, and keep those apart that ask for it."""
    target = target_for(spec.target, spec.engine, opts)
    made = {node.name: target.machine(node, opts) for node in nodes}
    for pool_name, pool in spec.cluster.pools.items():
        apart = [made[node.name] for node in nodes if node.pool_name == pool_name]
        if pool.anti_affinity == "hosts" and len(apart) > 1:
            target.keep_apart(f"{spec.cluster.name}-{pool_name}-apart", apart, opts)
    return made
