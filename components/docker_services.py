"""The services of a cluster that another stack makes: its contract, checked, then what runs on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pulumi

from components.agreement import agreed, connections, provider, verified
from components.registries import registry_auth
from components.secret import contents
from components.service import Members
from components.services import published, run_services
from spec.stack import ServicesSpec


class DockerServices(pulumi.ComponentResource):
    """Networks, configs, secrets and services; the cluster itself is not this stack's.

    Nothing is `deleted_with` anything: without this stack its services must go, and the cluster stays.
    """

    def __init__(self, name: str, spec: ServicesSpec, root: Path, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("longshore:index:DockerServices", name, None, opts)
        contract = agreed(spec)
        read = contents(spec, root)
        check = verified(contract, root, pulumi.ResourceOptions(parent=self))
        after = pulumi.ResourceOptions(parent=self, depends_on=[check])
        inside = pulumi.ResourceOptions(provider=provider(contract, root, registry_auth(spec, root), after))
        members = Members(connections(contract, root), contract.swarm_id, len(contract.nodes))
        run_services(spec, read, members, pulumi.ResourceOptions.merge(after, inside))

        cluster = {
            "name": contract.cluster,
            "swarmId": contract.swarm_id,
            "managers": connections(contract, root),
            "nodes": {name: {"address": node.address, "role": node.role} for name, node in contract.nodes.items()},
            "services": published(spec),
            "contract": contract.hash,
        }
        self.exports: dict[str, Any] = {"cluster": cluster}
        self.register_outputs(cluster)
