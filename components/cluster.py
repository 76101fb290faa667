"""A Docker cluster, top to bottom: the platform, then what runs on it, unless that is other stacks' matter."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pulumi

from components.contract import promise
from components.engine import engine_provider
from components.platform import platform
from components.registries import registry_auth
from components.secret import Contents, contents
from components.services import published, run_services
from spec.stack import StackSpec


class DockerCluster(pulumi.ComponentResource):
    """Everything a stack file declares.

    `outputs` is what other stacks and `longshore status` read: the Swarm's id, its nodes and its services.
    `exports` are the stack's own: `cluster`, and for a platform the `contract` that services stacks rely on.
    """

    def __init__(self, name: str, spec: StackSpec, root: Path, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("longshore:index:DockerCluster", name, None, opts)
        read = contents(spec, root) if spec.layer != "platform" else Contents({}, {})
        made = platform(spec, root, pulumi.ResourceOptions(parent=self))
        if spec.layer != "platform":
            after = pulumi.ResourceOptions(parent=self, depends_on=made.members)
            provider = engine_provider(name, made.managers[0], registry_auth(spec, root), after)
            inside = pulumi.ResourceOptions(provider=provider, deleted_with=made.identity)
            run_services(spec, read, made.swarm(), pulumi.ResourceOptions.merge(after, inside))

        self.outputs = {"name": spec.cluster.name, **made.described(), "services": published(spec)}
        self.outputs["overlay"] = {"port": spec.cluster.data_path_port, "mtu": spec.overlay_mtu()}
        self.exports: dict[str, Any] = {"cluster": self.outputs}
        if spec.layer == "platform":
            self.exports["contract"] = promise(spec, made)
        self.register_outputs(self.outputs)
