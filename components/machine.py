"""The machines of a cluster, from whichever target the stack names."""

from __future__ import annotations

import pulumi

from components.names import NodeIdentity
from components.targets import target_for
from components.targets.base import Machine
from spec.stack import StackSpec


def machines(spec: StackSpec, nodes: list[NodeIdentity], opts: pulumi.ResourceOptions) -> dict[str, Machine]:
    """Make every node's machine, by node name, and place them as their pools say."""
    target = target_for(spec, opts)
    made = {node.name: target.machine(node, opts) for node in nodes}
    target.place([(node, made[node.name]) for node in nodes], opts)
    return made
