"""A Docker cluster, top to bottom: machines, engines, Swarm, then what runs on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pulumi

from components import names
from components.container import Declared
from components.engine import engine, engine_provider
from components.machine import machines
from components.network import network
from components.secret import config, secret
from components.service import Members, service
from components.swarm import join, roster, swarm
from components.targets.base import Machine
from providers.swarm.resources import Engine
from spec.stack import StackSpec


class DockerCluster(pulumi.ComponentResource):
    """Everything a stack file declares.

    `outputs` is what other stacks and `longshore status` read: the Swarm's id, its nodes and its services.
    """

    def __init__(self, name: str, spec: StackSpec, root: Path, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("longshore:index:DockerCluster", name, None, opts)
        mine = pulumi.ResourceOptions(parent=self)
        nodes = list(names.nodes(spec.cluster))

        planned = roster(spec.cluster, nodes, "planned", mine)
        made = machines(spec, nodes, pulumi.ResourceOptions(parent=self, depends_on=[planned]))
        engines = {node.name: engine(node, made[node.name], spec.engine, root, mine) for node in nodes}
        managers = [engines[node.name] for node in nodes if node.pool.role == "manager"]
        identity = swarm(spec.cluster, managers, mine)
        members = [join(node, engines[node.name], managers, identity, spec.overlay_mtu(), mine) for node in nodes]

        roster(spec.cluster, nodes, "reached", pulumi.ResourceOptions(parent=self, depends_on=members))

        provider = engine_provider(name, managers[0], pulumi.ResourceOptions(parent=self, depends_on=members))
        inside = pulumi.ResourceOptions(parent=self, provider=provider, depends_on=members, deleted_with=identity)
        connections = [manager.connection for manager in managers]
        self._run_services(spec, root, Members(connections, identity.swarm_id, len(nodes)), inside)

        self.outputs = {
            "name": spec.cluster.name,
            "swarmId": identity.swarm_id,
            "managers": connections,
            "nodes": {node.name: _shown(node, made[node.name], engines[node.name]) for node in nodes},
            "overlay": {"port": spec.cluster.data_path_port, "mtu": spec.overlay_mtu()},
            "services": {each: [port.published for port in one.ports] for each, one in spec.services.items()},
        }
        self.register_outputs(self.outputs)

    def _run_services(self, spec: StackSpec, root: Path, members: Members, opts: pulumi.ResourceOptions) -> None:
        declared = Declared(
            networks={each: network(each, one, opts) for each, one in spec.networks.items()},
            configs={each: config(each, one, root, opts) for each, one in spec.configs.items()},
            secrets={each: secret(each, one, opts) for each, one in spec.secrets.items()},
        )
        for each, one in spec.services.items():
            service(each, one, declared, members, opts)


def _shown(node: names.NodeIdentity, machine: Machine, endpoint: Engine) -> dict[str, Any]:
    address = str(node.address) if node.address else machine.address
    return {"address": address, "role": node.pool.role, "connection": endpoint.connection}
