"""The Docker endpoint of a machine, given out only after its engine has answered."""

from __future__ import annotations

from pathlib import Path

import pulumi
import pulumi_docker as docker

from components.names import NodeIdentity
from components.registries import RegistryAuth
from components.targets.base import Machine
from providers.swarm.resources import Engine
from spec.engine import EngineSpec


def engine(node: NodeIdentity, machine: Machine, spec: EngineSpec, root: Path, opts: pulumi.ResourceOptions) -> Engine:
    """Wait for a machine's engine and pin its host key. A new machine means a new engine."""
    key_file = str(root / spec.ssh.key_file) if spec.ssh.key_file else None
    own = pulumi.ResourceOptions(delete_before_replace=True)
    return Engine(
        f"{node.name}-engine",
        name=node.name,
        host=machine.address,
        address=machine.private,
        port=spec.ssh.port,
        user=spec.ssh.user,
        key_file=key_file,
        machine=machine.identity,
        timeout_seconds=spec.ready_timeout_minutes * 60,
        opts=pulumi.ResourceOptions.merge(opts, own),
    )


def engine_provider(
    name: str, manager: Engine, logins: RegistryAuth | None, opts: pulumi.ResourceOptions
) -> docker.Provider:
    """Return the Docker provider for `manager`: by ssh with the pinned host key, with logins at registries."""
    host, ssh_opts = manager.docker_host, manager.ssh_opts
    return docker.Provider(f"{name}-docker", host=host, ssh_opts=ssh_opts, registry_auth=logins, opts=opts)
