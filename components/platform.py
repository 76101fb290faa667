"""The platform: machines, engines and the Swarm they form; nothing that runs on it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi

from components import names
from components.engine import engine
from components.machine import machines
from components.names import NodeIdentity
from components.service import Members
from components.swarm import join, swarm
from providers.swarm.resources import Cluster, Engine, Node
from spec.stack import StackSpec


@dataclass(frozen=True)
class Platform:
    """A Swarm whose members have joined."""

    nodes: list[NodeIdentity]
    managers: list[Engine]
    identity: Cluster
    members: list[Node]

    def swarm(self) -> Members:
        """Return the Swarm as services are rolled out on it."""
        return Members([each.connection for each in self.managers], self.identity.swarm_id, len(self.nodes))

    def described(self) -> dict[str, Any]:
        """Return what `longshore status` and other verbs need to find it."""
        return {
            "swarmId": self.identity.swarm_id,
            "managers": [each.connection for each in self.managers],
            "nodes": {node.name: {"address": str(node.address), "role": node.pool.role} for node in self.nodes},
        }


def platform(spec: StackSpec, root: Path, opts: pulumi.ResourceOptions) -> Platform:
    """Make the machines, wait for their engines, and join them to one Swarm."""
    nodes = list(names.nodes(spec.cluster))
    made = machines(spec, nodes, opts)
    engines = {node.name: engine(node, made[node.name], spec.engine, root, opts) for node in nodes}
    managers = [engines[node.name] for node in nodes if node.pool.role == "manager"]
    identity = swarm(spec.cluster, managers, opts)
    members = [join(node, engines[node.name], managers, identity, opts) for node in nodes]
    return Platform(nodes, managers, identity, members)
