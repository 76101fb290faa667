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
from components.swarm import join, roster, swarm
from components.targets.base import Machine
from providers.swarm.resources import Cluster, Engine, Node
from spec.stack import StackSpec


@dataclass(frozen=True)
class Platform:
    """A Swarm whose members have joined."""

    nodes: list[NodeIdentity]
    machines: dict[str, Machine]
    engines: dict[str, Engine]
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
            "nodes": {node.name: self._shown(node) for node in self.nodes},
        }

    def address(self, node: NodeIdentity) -> pulumi.Input[str]:
        """Return a node's address: the declared one, or what its machine was given."""
        return str(node.address) if node.address else self.machines[node.name].address

    def _shown(self, node: NodeIdentity) -> dict[str, Any]:
        connection = self.engines[node.name].connection
        return {"address": self.address(node), "role": node.pool.role, "connection": connection}


def platform(spec: StackSpec, root: Path, opts: pulumi.ResourceOptions) -> Platform:
    """Make the machines, wait for their engines, and join them to one Swarm."""
    nodes = list(names.nodes(spec.cluster))
    planned = roster(spec.cluster, nodes, "planned", opts)
    made = machines(spec, nodes, pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[planned])))
    engines = {node.name: engine(node, made[node.name], spec.engine, root, opts) for node in nodes}
    managers = [engines[node.name] for node in nodes if node.pool.role == "manager"]
    identity = swarm(spec.cluster, managers, opts)
    members = [join(node, engines[node.name], managers, identity, spec.overlay_mtu(), opts) for node in nodes]
    roster(
        spec.cluster, nodes, "reached", pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=members))
    )
    return Platform(nodes, made, engines, managers, identity, members)
